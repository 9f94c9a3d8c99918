package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// rosterFile is a roster of 36 people in three shops.
func rosterFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id;name;mail;unit path;level;country\n")
	for i := range 36 {
		level := "employee"
		if i%6 == 0 {
			level = "manager"
		}
		fmt.Fprintf(&b, "P%02d;Person %d;p%d@example.org;Shops/%s;%s;NL\n", i, i, i, []string{"North", "South", "East"}[i%3], level)
	}
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The main path: a diagnosis lead imports a roster and opens a diagnosis, people
// answer, one of them on a phone with the keyboard alone, and after closing the
// lead reads the report.
func TestFromRosterToReportInTheBrowser(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := browser.Open(t)
		p := b.Page(1280, 900, false, false)
		s.signInOn(t, p, s.account(t, "lena", whole(org.DiagnosisLead)))
		s.importInBrowser(t, p)
		path := s.openInBrowser(t, p)
		id := strings.TrimPrefix(path, "/diagnoses/")

		var secrets []string
		err := s.Diagnosis.Links(t.Context(), s.organisation, id, func(l diagnosisdb.PersonalLink) error {
			secrets = append(secrets, l.Secret)
			return nil
		})
		if err != nil || len(secrets) != 36 {
			t.Fatalf("%d links, %v", len(secrets), err)
		}
		answerByKeyboard(t, browser.Open(t), s.address+"/r/"+secrets[0])
		in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
		if err != nil {
			t.Fatal(err)
		}
		for i, secret := range secrets[1:30] {
			given := map[string]string{}
			for j, it := range in.Items() {
				given[it.ID] = strconv.Itoa(5 + (i+j)%4)
			}
			if err := s.Diagnosis.Submit(t.Context(), secret, given); err != nil {
				t.Fatal(err)
			}
		}

		p.Goto(s.address + path)
		if heading := p.Text("h1"); !strings.Contains(heading, "30 of 36") {
			t.Errorf("the response reads %q", heading)
		}
		p.Click("input[name=sure]")
		p.Click("form[action$=closure] button")
		p.WaitFor("nav.tabs")
		if heading := p.Text("h1"); !strings.Contains(heading, "is furthest from 8.5") {
			t.Errorf("the report begins with %q", heading)
		}
		p.Goto(s.address + path + "/report/units")
		if n := p.Count("table.heat tbody tr"); n != 4 {
			t.Errorf("the heat map has %d units", n)
		}
		s.chooseInBrowser(t, p, b, path+"/report/focal-points")
	})
}

// chooseInBrowser makes a focal point of two candidates and lets somebody vote on a phone.
func (s *site) chooseInBrowser(t *testing.T, p *browser.Page, b *browser.Browser, path string) {
	t.Helper()
	p.Goto(s.address + path)
	p.Click("label.check input[name=item]")
	p.Click("section:nth-of-type(2) input[name=item]")
	p.Fill("#theme", "Dialogue")
	p.Fill("#owner", "P01")
	p.Fill("#promise", "0.5")
	p.Screenshot("lead-choosing")
	p.Axe()
	p.Click("#make button.btn")
	p.WaitText("One focal point so far")
	p.Click("a[href^='" + path + "/']:not(.btn)")
	p.WaitFor("textarea[name=text-1]")
	p.Screenshot("lead-focal-point")
	p.Axe()
	p.Goto(s.address + path + "/votes")
	p.Fill("#voters", "12")
	p.Click("form[action$=votes] button")
	p.WaitFor("svg.square")
	p.Screenshot("lead-voting")
	p.Axe()
	var address string
	p.Eval("document.querySelector('input[readonly]').value", &address)
	phone := b.Page(390, 900, true, true)
	phone.Goto(s.address + address[strings.Index(address, "/vote/"):])
	phone.Screenshot("voter-ballot")
	phone.NoOverflow()
	phone.Axe()
	phone.Click("input[value=dialogue]")
	phone.Click("input[value=trust]")
	phone.Click("form.answers button.btn")
	phone.WaitText("your 2 votes are counted")
}

func (s *site) importInBrowser(t *testing.T, p *browser.Page) {
	t.Helper()
	p.Goto(s.address + "/roster")
	p.Upload("input[name=file]", rosterFile(t))
	p.Click("form[action='/roster/files'] button")
	p.WaitFor("form[action$=map]")
	p.Screenshot("lead-columns")
	p.Click("form[action$=map] button.btn")
	p.WaitFor("form[action$='/import']")
	p.Click("form[action$='/import'] button.btn")
	p.Wait("location.pathname === '/roster' || location.pathname.startsWith('/units')")
	structure, err := s.Org.Structure(t.Context(), s.organisation, period.DayOf(time.Now()))
	if err != nil || len(structure.Units) != 4 || structure.Units[0].Total.People != 36 {
		t.Fatalf("after the import the structure is %+v, %v", structure, err)
	}
}

func (s *site) openInBrowser(t *testing.T, p *browser.Page) (path string) {
	t.Helper()
	p.Goto(s.address + "/diagnoses/new")
	p.Fill("input[name=name]", "Spring")
	p.Fill("input[name=opens]", time.Now().UTC().Format("2006-01-02")+"T00:00")
	p.Click("form.card button.btn")
	p.WaitText("is set up, not open")
	p.Click("a[href$=forecast]")
	p.WaitText("36 people are invited.")
	p.Click("form[action$=opening] button")
	p.WaitText("No score exists")
	p.Eval("location.pathname", &path)
	return path
}

// answerByKeyboard answers every statement on a phone's screen without a pointer.
func answerByKeyboard(t *testing.T, b *browser.Browser, address string) {
	t.Helper()
	p := b.Page(390, 800, false, true)
	p.Goto(address)
	if bytes := p.Transferred(); bytes > 40_000 || bytes == 0 {
		t.Errorf("the answering page takes %d bytes", bytes)
	}
	p.NoOverflow()
	n := p.Count("fieldset")
	p.TabTo("fieldset:not([hidden]) input")
	for i := range n {
		if p.Count("fieldset.keep:not([hidden])") == 1 {
			p.Press("Space") // yes, a code
			p.Axe()
			continue
		}
		if p.Count("fieldset[data-open]:not([hidden])") == 1 {
			p.Type("More light in the canteen.")
			if i < n-1 {
				p.TabTo("[data-next]")
				p.Press("Enter")
			}
			continue
		}
		p.Press("Space", "ArrowRight", "ArrowRight", "ArrowRight")
		if p.Count("fieldset:not([hidden]) input:checked") != 1 {
			t.Fatalf("statement %d cannot be answered by keyboard; focus is on %s", i+1, p.Focused())
		}
		if i < n-1 {
			p.Press("Enter")
		}
	}
	p.Screenshot("respondent-last")
	p.TabTo("[data-send]")
	p.Press("Enter")
	p.WaitText("Your answers are in.")
	p.WaitText("Your code, which is shown only now")
	p.Axe()
	p.Screenshot("respondent-thanks")
}
