package app

import (
	"bytes"
	"net/http"
	"os"
	"regexp"
	"testing"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

// tourSize is the demo organisation of the tests; for pictures to be looked at it
// is the whole one.
func tourSize() demo.Size {
	if os.Getenv("THROUGHLINE_SCREENSHOTS") != "" {
		return demo.Full
	}
	return demo.Small
}

// Every page of every person of the demo, at phone and desktop width, light and
// dark: no violation of accessibility, no overflow, no complaint of the browser,
// and a picture of each.
func TestEveryPageOfEveryPerson(t *testing.T) {
	browser.Open(t) // skips the whole where there is none
	s, visitors := demoSite(t, dbtest.SQLite(t), tourSize())
	for _, v := range visitors {
		t.Run(v.who, func(t *testing.T) {
			b := browser.Open(t)
			if v.account != "" {
				s.signInOn(t, b.Page(1280, 900, false, false), v.account)
			}
			look(t, b, s, v)
		})
	}
}

// visitor is a person of the demo and the pages there are for such a one: name
// to path.
type visitor struct {
	who     string
	account string // "" for who is not signed in
	pages   map[string]string
}

// demoSite is a site seen from the demo organisation, with its visitors.
func demoSite(t testing.TB, database string, size demo.Size) (*site, []visitor) {
	t.Helper()
	s := newSite(t, database)
	var out bytes.Buffer
	if err := s.Demo(t.Context(), size, &out); err != nil {
		t.Fatal(err)
	}
	o, err := s.Org.OrganisationBySlug(t.Context(), demo.Slug)
	if err != nil {
		t.Fatal(err)
	}
	s.organisation = o.ID
	visitors := []visitor{
		{who: "respondent", pages: map[string]string{"answer": regexp.MustCompile(`/r/\w+`).FindString(out.String())}},
		{who: "anybody", pages: map[string]string{"sign-in": "/sign-in", "code": "/r"}},
	}
	accounts, err := s.Org.Accounts(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		visitors = append(visitors, visitor{role(a), a.ID, s.pagesOf(t, a.Grants[0].Role, a.Grants)})
	}
	return s, visitors
}

// pagesOf names the pages that a role's person has.
func (s *site) pagesOf(t testing.TB, role org.Role, grants []org.Grant) map[string]string {
	t.Helper()
	pages := map[string]string{"home": "/", "account": "/account"}
	add := func(name, path string) { pages[name] = path }
	var closed, open diagnosis.Diagnosis
	all, err := s.Diagnosis.Diagnoses(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		switch d.State {
		case diagnosis.Closed:
			closed = d
		case diagnosis.Open:
			open = d
		}
	}
	published, err := s.Diagnosis.Report(t.Context(), s.organisation, closed.ID)
	if err != nil {
		t.Fatal(err)
	}
	report := "/diagnoses/" + closed.ID + "/report"
	country := published.Report.Units[published.Report.Units[len(published.Report.Units)-1].Parent].ID
	for _, g := range grants {
		if g.Scope.Kind == org.UnitScope {
			country = g.Scope.ID
		}
	}
	switch role {
	case org.Administrator:
		add("accounts", "/accounts")
		add("record", "/record")
		add("roster", "/roster")
		add("units", "/units")
	case org.DiagnosisLead:
		add("diagnoses", "/diagnoses")
		add("setup", "/diagnoses/new")
		add("open", "/diagnoses/"+open.ID)
		add("people", "/diagnoses/"+open.ID+"/people?q=an")
		add("letters-units", "/diagnoses/"+open.ID+"/letters?who=all")
		add("letters", "/diagnoses/"+open.ID+"/letters?who=all&unit="+published.Report.Units[len(published.Report.Units)-1].ID)
		add("mail", "/diagnoses/"+open.ID+"/mail")
		add("instruments", "/instruments")
		add("instrument", "/instruments/shipped")
		for _, page := range []string{"units", "characteristics", "groups", "comments", "focal-points", "method"} {
			add("report-"+page, report+"/"+page)
		}
		add("report", report)
		add("report-unit", report+"/units/"+country)
		add("report-below", report+"/units?below="+country)
		add("locations", "/locations")
		add("unit", "/units/"+country)
		add("search", "/search?q=pol")
	case org.Manager:
		add("report-unit", report+"/units/"+country)
		add("report-units", report+"/units")
		add("units", "/units")
	case org.Executive:
		add("report", report)
		add("units", "/units")
	case org.PrivacyOfficer:
		add("record", "/record")
	}
	return pages
}

// look opens each page on a phone in the dark and on a wide screen in the light,
// for pictures in the two other ways too, and judges it.
func look(t *testing.T, b *browser.Browser, s *site, v visitor) {
	t.Helper()
	for _, width := range []int{390, 1280} {
		for _, dark := range []bool{false, true} {
			if pictures := tourSize() == demo.Full; !pictures && dark != (width == 390) {
				continue
			}
			p := b.Page(width, 900, dark, width < 800)
			for name, path := range v.pages {
				if status := p.Goto(s.address + path); status != http.StatusOK {
					t.Errorf("%s: %d", path, status)
					continue
				}
				p.Screenshot(v.who + "-" + name)
				p.NoOverflow()
				p.Axe()
			}
		}
	}
}
