package app

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"throughline/internal/app/demo"
	"throughline/internal/kit/browser"
	"throughline/internal/org"
)

// takeTheTour goes through the eight stops of both demo organisations as their executives, from the first diagnosis to
// what became of what was promised.
func takeTheTour(t *testing.T, s site) {
	for _, slug := range []string{demo.Slug, demo.PartnershipSlug} {
		o, err := s.Org.OrganisationBySlug(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		s.organisation = o.ID
		people, err := s.demoPeople(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range people {
			c := s.signIn(t, a.ID)
			if a.Grants[0].Role != org.Executive {
				continue
			}
			says(t, c.get("/"), "The tour 8 stops, from the first diagnosis to what became of what was promised.")
			if stops := c.get("/tour").page().Find("ol.stops > li"); stops.Length() != mostStops {
				t.Fatalf("%s: %d stops: %s", slug, stops.Length(), text(stops))
			}
			at := c.follow(c.post("/tour", url.Values{"to": {"1"}}))
			for n := 1; ; n++ {
				aside := at.page().Find("aside.tour")
				if want := "Stop " + strconv.Itoa(n) + " of 8"; at.status != http.StatusOK || !strings.Contains(text(aside), want) {
					t.Fatalf("%s: %s is no %q: %d %s", slug, at.at, want, at.status, text(aside))
				}
				next := aside.Find("button.btn").AttrOr("value", "")
				if next == "" {
					break
				}
				at = c.follow(c.post("/tour", url.Values{"to": {next}}))
			}
			if !strings.HasSuffix(at.at, "/report/promises") {
				t.Errorf("%s ends at %s", slug, at.at)
			}
			c.post("/tour", url.Values{"to": {"0"}})
			if c.get("/").page().Find("aside.tour").Length() != 0 {
				t.Error("it does not end")
			}
		}
	}
}

// tourByKeyboard takes two stops in the browser.
func tourByKeyboard(t *testing.T, s *site, executive string) {
	b := browser.Open(t)
	p := b.Page(390, 844, false, true)
	s.signInOn(t, p, executive)
	p.Goto(s.address + "/tour")
	p.TabTo("main form button")
	p.Press("Enter")
	p.WaitText("Stop 1 of 8")
	p.NoOverflow()
	p.Axe()
	p.TabTo("aside.tour button.btn")
	p.Press("Enter")
	p.WaitText("Stop 2 of 8")
}
