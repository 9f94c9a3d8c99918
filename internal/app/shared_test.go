package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"throughline/internal/org"
)

func TestAUnitAnswersByAPoster(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		a := lead.sendForm(lead.get("/diagnoses/new"), "/diagnoses", url.Values{"name": {"Spring"}, "shared": {"Shops/East\r\n"}})
		a = lead.sendForm(lead.get(a.at+"/forecast"), "/opening", nil)
		path := a.at
		posters := lead.get(path + "/posters")
		link := posters.page().Find("td input").First().AttrOr("value", "")
		if posters.status != http.StatusOK || !strings.Contains(posters.said(), "East") || !strings.Contains(link, "/r/") {
			t.Fatalf("%d %s", posters.status, posters.said())
		}
		link = link[strings.Index(link, "/r/"):]
		first := s.anybody(t).get(link + "?lang=nl")
		if first.status != http.StatusSeeOther || !strings.HasPrefix(first.location, link+".") || !strings.HasSuffix(first.location, "?lang=nl") {
			t.Fatalf("%d %s", first.status, first.location)
		}
		first.location = strings.TrimSuffix(first.location, "?lang=nl")
		page := s.anybody(t).get(first.location)
		if page.status != http.StatusOK || !strings.Contains(page.said(), "Everybody of East has this link") {
			t.Fatalf("%d %s", page.status, page.said())
		}
		if other := s.anybody(t).get(link); other.location == first.location {
			t.Error("two people have one ticket")
		}
		if a := s.anybody(t).post(first.location, url.Values{"~later": {"1"}}); a.status != http.StatusOK || !strings.Contains(a.said(), "Keep the address of this page") {
			t.Errorf("saving: %d %s", a.status, a.said())
		}
		if a := s.anybody(t).post(first.location, answers(t, 6)); a.status != http.StatusOK || !strings.Contains(a.said(), "the next person of East") {
			t.Fatalf("answering: %d %s", a.status, a.said())
		}
		if a := s.anybody(t).post(first.location, answers(t, 6)); a.status != http.StatusConflict {
			t.Errorf("twice: %d", a.status)
		}
		for range 11 {
			ticket := s.anybody(t).get(link).location
			if a := s.anybody(t).post(ticket, answers(t, 6)); a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.said())
			}
		}
		full := s.anybody(t).get(link).location
		if a := s.anybody(t).get(full); a.status != http.StatusGone || !strings.Contains(a.said(), "as many answers have come by this link") {
			t.Errorf("a full link: %d %s", a.status, a.said())
		}
		if a := s.anybody(t).post(full, url.Values{"~later": {"1"}}); a.status != http.StatusConflict {
			t.Errorf("saving at a full link: %d %s", a.status, a.said())
		}
		if got := strings.TrimSpace(lead.get(path + "/posters").page().Find("td.n").FilterFunction(func(i int, _ *goquery.Selection) bool { return i == 1 }).Text()); got != "12" {
			t.Errorf("%q answers are told of", got)
		}
		bad := lead.sendForm(lead.get("/diagnoses/new"), "/diagnoses", url.Values{"name": {"Summer"}, "shared": {"Nowhere"}})
		bad = lead.get(bad.at + "/forecast")
		if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.said(), `no unit "Nowhere"`) {
			t.Errorf("%d %s", bad.status, bad.said())
		}
	})
}
