package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/browser"
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
