package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }

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
	s := newSite(t, dbtest.SQLite(t))
	ctx := context.Background()
	var out bytes.Buffer
	if err := s.Demo(ctx, tourSize(), &out); err != nil {
		t.Fatal(err)
	}
	o, err := s.Org.OrganisationBySlug(ctx, demo.Slug)
	if err != nil {
		t.Fatal(err)
	}
	s.organisation = o.ID
	answering := regexp.MustCompile(`/r/\w+`).FindString(out.String())
	accounts, err := s.Org.Accounts(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		role := a.Grants[0].Role
		t.Run(string(role), func(t *testing.T) { tour(t, s, a, role) })
	}
	t.Run("respondent", func(t *testing.T) {
		b := browser.Open(t)
		look(t, b, "respondent", map[string]string{"answer": s.address + answering})
	})
	t.Run("signing in", func(t *testing.T) {
		b := browser.Open(t)
		look(t, b, "anybody", map[string]string{"sign-in": s.address + "/sign-in"})
	})
}

func tour(t *testing.T, s *site, a org.Account, role org.Role) {
	b := browser.Open(t)
	link, err := s.Org.MakeLink(context.Background(), s.organisation, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	p := b.Page(1280, 900, false, false)
	p.Goto(s.address + "/sign-in/link/" + link)
	p.Click("main button")
	p.WaitFor("nav, main h1")
	look(t, b, string(role), s.pagesOf(t, role, a.Grants))
}

// pagesOf names the pages that a role's person has.
func (s *site) pagesOf(t *testing.T, role org.Role, grants []org.Grant) map[string]string {
	t.Helper()
	ctx := context.Background()
	pages := map[string]string{"home": "/", "account": "/account"}
	add := func(name, path string) { pages[name] = path }
	var closed, open diagnosis.Diagnosis
	all, err := s.Diagnosis.Diagnoses(ctx, s.organisation)
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
	published, err := s.Diagnosis.Report(ctx, s.organisation, closed.ID)
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
		add("instruments", "/instruments")
		add("instrument", "/instruments/shipped")
		for _, page := range []string{"units", "characteristics", "groups", "focal-points", "method"} {
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
	for name, path := range pages {
		pages[name] = s.address + path
	}
	return pages
}

// look opens each page on a phone in the dark and on a wide screen in the light,
// for pictures in the two other ways too, and judges it.
func look(t *testing.T, b *browser.Browser, who string, pages map[string]string) {
	t.Helper()
	for _, width := range []int{390, 1280} {
		for _, dark := range []bool{false, true} {
			if pictures := tourSize() == demo.Full; !pictures && dark != (width == 390) {
				continue
			}
			p := b.Page(width, 900, dark, width < 800)
			for name, address := range pages {
				if status := p.Goto(address); status != 200 {
					t.Errorf("%s: %d", strings.TrimPrefix(address, "http://"), status)
					continue
				}
				p.Screenshot(fmt.Sprintf("%s-%s", who, name))
				p.NoOverflow()
				p.Axe()
			}
		}
	}
}
