package app

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

// Pages that the tour does not open: files and feeds, addresses that lead on, forms of things that the demo has none of, and
// what is tested in a browser by itself.
var unseen = []string{
	"GET /assets/", "GET /healthz", "GET /readyz", "GET /metrics",
	"GET /roster/export", "GET /roster/files/{upload}/map.yaml", "GET /roster/files/{upload}/errors.csv", "GET /diagnoses/{diagnosis}/links", "GET /diagnoses/{diagnosis}/report/management",
	"GET /session/{secret}/calendar", "GET /calendar/{token}", "GET /sessions/{session}/calendar", "GET /effects/{effect}/data", "GET /profile/definition",
	"GET /scorecards", "GET /timeline", "GET /goals", "GET /sign-in/with/{organisation}", "GET /sign-in/back", "GET /roster/files/{upload}/import",
	"GET /digest/{secret}", "GET /vote/{code}", "GET /invited/{secret}", "GET /session/{secret}", "GET /reminders/{secret}", "GET /diagnoses/{diagnosis}/report/focal-points/{focal}",
}

// everyPageIsLookedAt fails for a page of the program that no visitor opens.
func everyPageIsLookedAt(t *testing.T, s *site, visitors []visitor) {
	mux, opened := http.NewServeMux(), map[string]bool{}
	for _, r := range s.routes {
		mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	for _, v := range visitors {
		for _, path := range v.pages {
			r, err := http.NewRequest(http.MethodGet, s.address+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, pattern := mux.Handler(r)
			opened[pattern] = true
		}
	}
	for _, r := range s.routes {
		if strings.HasPrefix(r.Pattern, "GET ") && !opened[r.Pattern] && !slices.Contains(unseen, r.Pattern) {
			t.Errorf("nobody looks at %s", r.Pattern)
		}
	}
	for _, pattern := range unseen {
		if opened[pattern] {
			t.Errorf("%s is looked at: take it from the list of what is not", pattern)
		}
	}
}

// ways are the pages to which people of each role go by keyboard, and what they do there.
var ways = map[org.Role]struct{ nav, reach string }{
	org.Administrator:    {"/roster", `main a[href], main button`},
	org.DiagnosisLead:    {"/diagnoses", `main a[href^="/diagnoses/"]`},
	org.ProgrammeManager: {"/programmes", `main a[href^="/programmes/"]`},
	org.Leader:           {"/coaching", `main a[href]`},
	org.Coach:            {"/coaching", `main a[href]`},
	org.Manager:          {"/scorecards", `main a[href^="/scorecards/"]`},
	org.Executive:        {"/effects", `main a[href^="/effects/"]`},
	org.HeadOfLearning:   {"/effort", `main a[href^="/effort/"]`},
	org.Employee:         {"/goals", `main a[href]`},
	org.PrivacyOfficer:   {"/record", `main a[href], main button`},
	org.Assistant:        {"/goals", `main a[href]`},
}

// byKeyboard signs somebody in, goes to a page of the bar and on from there, all without a mouse; where the focus is can be seen.
func byKeyboard(t *testing.T, s *site, who org.Role, mail string) {
	way := ways[who]
	p := browser.Open(t).Page(1280, 900, false, false)
	p.Goto(s.address + "/sign-in")
	p.TabTo("#mail")
	p.Type(mail)
	p.Press("Tab")
	p.Type(DemoPassword)
	p.Press("Enter")
	p.WaitFor(".bar nav")
	p.Press("Tab")
	var skips bool
	p.Eval(`document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().left >= 0`, &skips)
	if !skips {
		t.Error("the first key does not show the way to the content")
	}
	p.TabTo(`.bar nav a[href="` + way.nav + `"]`)
	var seen bool
	p.Eval(`(s => s.outlineStyle != "none" && parseFloat(s.outlineWidth) > 0)(getComputedStyle(document.activeElement))`, &seen)
	if !seen {
		t.Error("where the focus is cannot be seen")
	}
	p.Press("Enter")
	p.Wait(`location.pathname != "/"`)
	p.TabTo(way.reach)
	at := p.URL()
	var leads bool
	p.Eval(`document.activeElement.matches("a[href]")`, &leads)
	if leads {
		p.Press("Enter")
		p.Wait(`location.href != ` + "`" + at + "`")
	}
	p.WaitFor("main h1")
}

// What the links in mails open, without an account, and the form of a focal point: on a phone in the dark and on a desk in the light.
func TestPagesThatMailsLeadTo(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	server := s.posts(t)
	lead := s.as(t, "lead", whole(org.DiagnosisLead))
	report := s.decided(t, lead)
	boss := s.as(t, "boss", whole(org.ProgrammeManager))
	programme, team, account := s.led(t, boss)
	leader := s.signIn(t, account)
	page := leader.get(team)
	leader.sendForm(page, team, deed(page, url.Values{"decided": {"2026-01-02"}, "due": {"2026-01-20"}}))
	boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, "Person 13")}})
	asked := boss.member(programme, "Person 13")
	if err := s.Transition.Invite(t.Context(), s.organisation, strings.TrimPrefix(programme, "/programmes/"), []string{asked[strings.LastIndex(asked, "/")+1:]}, "", "boss"); err != nil {
		t.Fatal(err)
	}
	form := boss.get(programme + "/sessions/new")
	a := boss.sendForm(form, "/sessions", url.Values{"starts": {time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly) + "T13:30"}, "count": {"1"}, "place": {"Room 1"}, "host": {"Pat"}, "external": {"yes"}})
	boss.post(a.page().Find("tbody a").First().AttrOr("href", ""), url.Values{"do": {"invite"}})
	monday := time.Now().UTC().AddDate(0, 0, 7)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	noon := func() time.Time { return time.Date(monday.Year(), monday.Month(), monday.Day(), 12, 0, 0, 0, time.UTC) }
	if err := s.sendMail(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Transition.Now, s.Org.Now = noon, noon
	for _, do := range []func() error{func() error { return s.Transition.PlanNudges(t.Context()) }, func() error { return s.sendMail(t.Context()) }, func() error { return s.SendDigests(t.Context()) }} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	links := map[string]string{}
	for _, m := range server.Mails() {
		for _, kind := range []string{"invited", "session", "reminders", "digest"} {
			if link := regexp.MustCompile(`http://\S+/` + kind + `/\w+`).FindString(m.Text); link != "" {
				links[kind] = link
			}
		}
	}
	if len(links) != 4 {
		t.Fatalf("mails lead to %v", links)
	}
	lead.post(report+"/focal-points/minutes", url.Values{"do": {"reopen"}})
	s.signInOn(t, b.Page(1280, 900, false, false), s.accountOf(t, "lead@example.org")) // once for all pages of the browser
	for _, width := range []int{390, 1280} {
		p := b.Page(width, 900, width < 800, width < 800)
		for kind, link := range links {
			if status := p.Goto(link); status != http.StatusOK {
				t.Errorf("%s: %d", kind, status)
			}
			p.Screenshot("mail-" + kind)
			p.NoOverflow()
			p.Axe()
		}
		edit := regexp.MustCompile(report + `/focal-points/(\w{26})`).FindString(lead.get(report + "/focal-points").body)
		if status := p.Goto(s.address + edit); edit == "" || status != http.StatusOK {
			t.Errorf("the form of a focal point %q: %d", edit, status)
		}
		p.NoOverflow()
		p.Axe()
	}
}
