package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/smtptest"
	"throughline/internal/org"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(doomed) != "":
		sendAndDie()
	case os.Getenv(serving) != "":
		serveAndDie()
	}
	os.Exit(browser.Run(m))
}

// mailSite is a site whose people have mail addresses, with a real mail server.
func mailSite(t *testing.T, database string) (*site, *smtptest.Server) {
	t.Helper()
	server := smtptest.Start(t)
	s := newSite(t, database)
	mails, err := newMailer(MailConfig{Host: "127.0.0.1", Port: server.Port, From: "hello@example.org", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	s.mails, s.diagnoses.Mails = mails, true
	lead := s.as(t, "lead", whole(org.DiagnosisLead))
	roster := "Id,Name,Unit,Mail,Language\n"
	for i := range 12 {
		roster += fmt.Sprintf("P%d,Person %d,Shops/North,p%d@shops.example,%s\n", i, i, i, []string{"en", "nl", ""}[i%3])
	}
	lead.bring(time.Now().UTC().Format(time.DateOnly), "people.csv", roster, "map.yaml",
		"people: {key: Id, name: Name, unit_path: Unit, mail: Mail, attributes: {language: Language}}")
	return s, server
}

func TestALeadInvitesByMail(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		s, server := mailSite(t, address)
		server.Refuse = []string{"p4@shops.example"}
		lead := s.as(t, "second", whole(org.DiagnosisLead))
		path := s.opened(t, lead)
		page := lead.get(path + "/mail")
		if page.status != http.StatusOK || !strings.Contains(page.said(), "Nobody has been invited by mail yet.") {
			t.Fatalf("%d %s", page.status, page.said())
		}
		if a := lead.sendForm(page, "/mail", url.Values{"do": {"preview"}}); !strings.Contains(a.said(), "Dear second,") || strings.Contains(a.said(), "{name} ,") {
			t.Errorf("preview: %s", a.said())
		}
		a := lead.sendForm(page, "/mail", url.Values{"body-en": {"Dear {nmae}, {link}"}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "{nmae} is no placeholder") || !strings.Contains(a.body, "Dear {nmae}") {
			t.Errorf("an unknown placeholder: %d %s", a.status, a.said())
		}
		if a := lead.sendForm(page, "/mail", nil); a.status != http.StatusOK || !strings.Contains(a.said(), "planned") {
			t.Fatalf("planning: %d %s", a.status, a.said())
		}
		if err := s.sendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		mails := server.Mails()
		if len(mails) != 11 {
			t.Fatalf("%d mails", len(mails))
		}
		link := regexp.MustCompile(`http://\S+`)
		for _, m := range mails {
			dutch := slices.Contains([]string{"p1@shops.example", "p7@shops.example", "p10@shops.example"}, m.To)
			if dutch != strings.HasPrefix(m.Text, "Beste Person ") || m.Subject == "" || strings.Contains(m.Text, "{") {
				t.Errorf("to %s: %s\n%s", m.To, m.Subject, m.Text)
			}
			answer := s.anybody(t).get(strings.TrimPrefix(link.FindString(m.Text), s.address))
			if answer.status != http.StatusOK || dutch != strings.Contains(answer.body, `<html lang="nl"`) {
				t.Errorf("the link of %s leads to %d", m.To, answer.status)
			}
		}
		page = lead.get(path + "/mail")
		if !strings.Contains(page.said(), "One mail needs you.") || !strings.Contains(page.said(), "no such user") {
			t.Fatalf("the refused one: %s", page.said())
		}
		form := page.page().Find(`input[type=email]`).Closest("form")
		if a := lead.follow(lead.post(form.AttrOr("action", ""), url.Values{"mail": {"four@shops.example"}})); a.status != http.StatusOK {
			t.Errorf("another address: %d %s", a.status, a.said())
		}
		if err := s.sendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		if mails := server.Mails(); len(mails) != 12 || mails[11].To != "four@shops.example" || !strings.Contains(mails[11].Text, "Person 4") {
			t.Errorf("sent again: %d mails, %+v", len(mails), mails[len(mails)-1])
		}
	})
}

// doomed names the database of a process that sends mail until it is killed.
const doomed = "THROUGHLINE_TEST_DOOMED"

func sendAndDie() {
	ctx := context.Background()
	d, err := db.Open(ctx, os.Getenv(doomed))
	if err == nil {
		var a *App
		var port int
		fmt.Sscan(os.Getenv(doomed+"_PORT"), &port)
		a, err = New(d, Config{DB: os.Getenv(doomed), Keys: os.Getenv(doomed + "_KEYS"), Public: "http://localhost",
			Mail: MailConfig{Host: "127.0.0.1", Port: port, From: "hello@example.org", TLS: "none"}})
		if err == nil {
			a.Diagnosis.Lease = 2 * time.Second
			err = a.sendMail(ctx)
		}
	}
	fmt.Fprintln(os.Stderr, "sent all, which was not meant:", err)
	os.Exit(3)
}

// The process is killed while the mail server has a mail and has not yet said that
// it takes it.
func TestAKilledProcessLeavesOneMailInDoubt(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		s, server := mailSite(t, address)
		lead := s.as(t, "second", whole(org.DiagnosisLead))
		path := s.opened(t, lead)
		if a := lead.sendForm(lead.get(path+"/mail"), "/mail", nil); a.status != http.StatusOK {
			t.Fatalf("planning: %d %s", a.status, a.said())
		}
		reached, done := make(chan smtptest.Mail, 1), make(chan struct{})
		server.Receive = func(n int, m smtptest.Mail) {
			if n == 5 {
				reached <- m
				<-done
			}
		}
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), doomed+"="+address, fmt.Sprintf("%s_PORT=%d", doomed, server.Port), doomed+"_KEYS="+s.Diagnosis.Keys.Folder)
		process.Stderr = os.Stderr
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		doubtful := <-reached
		process.Process.Kill()
		process.Wait()
		server.Receive = nil
		close(done)

		deadline := time.Now().Add(20 * time.Second)
		for len(server.Mails()) < 12 && time.Now().Before(deadline) { // until the dead process's lease is over
			if err := s.sendMail(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		to := map[string]int{}
		for _, m := range server.Mails() {
			to[m.To]++
		}
		for i := range 12 {
			if n := to[fmt.Sprintf("p%d@shops.example", i)]; n != 1 {
				t.Errorf("p%d has %d mails", i, n)
			}
		}
		troubles, err := s.Diagnosis.Troubles(t.Context(), s.organisation, filepath.Base(path), 9)
		if err != nil || len(troubles) != 1 || !troubles[0].Doubt || troubles[0].Mail != doubtful.To {
			t.Errorf("in doubt are %+v, %v; it was %s", troubles, err, doubtful.To)
		}
		if a := lead.get(path + "/mail"); !strings.Contains(a.said(), "in doubt: it may have left") {
			t.Errorf("the page: %s", a.said())
		}
	})
}
