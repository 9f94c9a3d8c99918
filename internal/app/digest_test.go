package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/smtptest"
	"throughline/internal/org"
)

// What needs somebody stands first on the home page, from all areas, and comes as a mail once a week until one click ends it.
func TestTheWeeklyMailSaysWhatWaits(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		server := s.posts(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		page := leader.get(team)
		leader.sendForm(page, team, deed(page, url.Values{"decided": {"2026-01-02"}, "due": {"2026-01-20"}}))
		if now := text(boss.get("/").page().Find("#now")); !strings.Contains(now, "No session is planned. One more thing waits.") {
			t.Errorf("the home page of who leads a programme: %s", now)
		}
		home := leader.get("/")
		if now := text(home.page().Find("#now")); !strings.Contains(now, "You answer for one action late One of them needs a word from you.") || strings.Contains(now, "Your coaching") || !strings.Contains(text(home.page().Find(".ways-in")), "Your coaching") {
			t.Errorf("the leader's home page: %s", home.said())
		}
		executive := s.as(t, "exec", whole(org.Executive))
		says(t, executive.get("/"), "The report of this diagnosis stands, and you have not opened it yet.")
		executive.get(lead.get("/").page().Find(`a[href$="/report"]`).AttrOr("href", ""))
		if a := executive.get("/"); strings.Contains(a.said(), "you have not opened it yet") {
			t.Errorf("once it was opened: %s", a.said())
		}

		monday := time.Now().UTC().AddDate(0, 0, 7)
		for monday.Weekday() != time.Monday {
			monday = monday.AddDate(0, 0, 1)
		}
		at := func(day, hour int) {
			s.Org.Now = func() time.Time {
				return time.Date(monday.Year(), monday.Month(), monday.Day()+day, hour, 0, 0, 0, time.UTC)
			}
		}
		sent := func() (mails map[string]smtptest.Mail) {
			before := len(server.Mails())
			if err := s.SendDigests(t.Context()); err != nil {
				t.Fatal(err)
			}
			mails = map[string]smtptest.Mail{}
			for _, m := range server.Mails()[before:] {
				mails[m.To] = m
			}
			return mails
		}
		at(-1, 12)
		if mails := sent(); len(mails) != 0 {
			t.Errorf("on a Sunday: %v", mails)
		}
		at(0, 9)
		first := sent()
		mail, there := first["boss@example.org"]
		if !there {
			t.Fatalf("who leads a programme gets none: %v", first)
		}
		if _, told := first["p7@shops.example"]; told {
			t.Error("the leader is told again of what a reminder of its own tells of")
		}
		if mail.Subject != "shops: One thing waits for you." || !strings.Contains(mail.Text, "No session is planned. One more thing waits.\n  "+s.address+programme) {
			t.Errorf("%s: %s", mail.Subject, mail.Text)
		}
		link := regexp.MustCompile(`http://\S+/digest/\S+`).FindString(mail.Text)
		if ends := mail.Header.Get("List-Unsubscribe"); ends != "<"+link+">" || mail.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("one click: %q", ends)
		}
		at(2, 10)
		if again := sent(); len(again) != 0 {
			t.Errorf("twice in a week: %v", again)
		}
		at(7, 9)
		if next := sent(); len(next) != 1 {
			t.Errorf("in the next week: %v", next)
		}
		link = strings.TrimPrefix(link, s.address) // of the first mail: it still ends them
		anybody := s.anybody(t)
		says(t, anybody.get(link), "Do you want no more weekly mails?")
		if a := anybody.post(link, url.Values{"List-Unsubscribe": {"One-Click"}}); a.status != http.StatusSeeOther {
			t.Errorf("one click: %d", a.status)
		}
		says(t, anybody.get(link), "You get no weekly mail.")
		says(t, boss.get("/account"), "You get no weekly mail.")
		at(14, 9)
		if mails := sent(); len(mails) != 0 {
			t.Errorf("after the click: %v", mails)
		}
		boss.post("/account/digest", url.Values{"do": {"on"}})
		if err := s.Org.SetQuiet(t.Context(), s.organisation, true, "Ada"); err != nil {
			t.Fatal(err)
		}
		at(21, 9)
		if mails := sent(); len(mails) != 0 {
			t.Errorf("of an organisation that wants none: %v", mails)
		}
		if a := anybody.get("/digest/nothing"); a.status != http.StatusNotFound {
			t.Errorf("a link that is none: %d", a.status)
		}
	})
}

// A server that cannot be reached is tried again, and nobody gets two.
func TestAWeeklyMailWaitsForTheServer(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		server := smtptest.Start(t)
		mails, err := newMailer(MailConfig{Host: "127.0.0.1", Port: server.Port + 1, From: "hello@example.org", TLS: "none"})
		if err != nil {
			t.Fatal(err)
		}
		s.mails = mails
		s.shops(t)
		lead, today := s.as(t, "lead", whole(org.DiagnosisLead)), time.Now().UTC()
		lead.post("/diagnoses", url.Values{"name": {"Spring"}, "roster": {today.Format(time.DateOnly)}, "opens": {today.Format(time.DateOnly) + "T00:00"}, "closes": {today.AddDate(0, 0, 7).Format(time.DateOnly) + "T18:00"}, "minimum": {"5"}})
		monday := time.Now().UTC().AddDate(0, 0, 7)
		for monday.Weekday() != time.Monday {
			monday = monday.AddDate(0, 0, 1)
		}
		s.Org.Now = func() time.Time { return time.Date(monday.Year(), monday.Month(), monday.Day(), 9, 0, 0, 0, time.UTC) }
		if err := s.SendDigests(t.Context()); err == nil {
			t.Error("a server that is not there")
		}
		if s.mails, err = newMailer(MailConfig{Host: "127.0.0.1", Port: server.Port, From: "hello@example.org", TLS: "none"}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.SendDigests(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		to := map[string]int{}
		for _, m := range server.Mails() {
			to[m.To]++
		}
		if to["lead@example.org"] != 1 {
			t.Errorf("%v", to)
		}
	})
}

// Somebody goes through what waits by keyboard on a phone, and ends the weekly mail.
func TestHomeInTheBrowser(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	p := b.Page(390, 844, true, true)
	s.signInOn(t, p, s.account(t, "lead", whole(org.DiagnosisLead)))
	p.Goto(s.address + "/")
	p.NoOverflow()
	p.Axe()
	p.TabTo("#now a.btn")
	p.Press("Enter")
	p.Wait(`location.pathname != "/"`)
	p.Goto(s.address + "/account")
	p.TabTo(`form[action="/account/digest"] button`)
	p.Press("Enter")
	p.WaitText("You get no weekly mail.")
}
