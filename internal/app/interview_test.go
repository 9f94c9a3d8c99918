package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

// An interviewer takes a guide along, writes down what is said, and the candidates show in
// how many talks a characteristic came up, with the words that may be shown.
func TestInterviewsStandBesideTheScores(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead, other := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "other", whole(org.DiagnosisLead))
		executive := s.as(t, "executive", whole(org.Executive))
		report := s.closed(t, lead, "level")
		if a := lead.get(report + "/interviews/guide"); !strings.Contains(a.said(), "Tell me of the last time when this went wrong") || !strings.Contains(a.said(), "scores highest here") {
			t.Errorf("the guide: %s", a.said())
		}
		if a := lead.post(report+"/interviews", url.Values{"day": {""}, "place": {"North"}}); a.status != http.StatusUnprocessableEntity || a.page().Find("#place").AttrOr("value", "") != "North" {
			t.Errorf("without a day: %d %s", a.status, a.said())
		}
		a := lead.post(report+"/interviews", url.Values{"day": {"2026-04-01"}, "level": {"employee"}, "place": {"behind the till of North"}})
		if a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.said())
		}
		path := a.location
		for _, n := range []url.Values{
			{"text": {"Nobody asks us <b>before</b>."}, "item": {"trust"}, "quote": {"1"}},
			{"text": {"Speaks of the canteen at length."}, "item": {"trust", "dialogue"}},
		} {
			if a := lead.post(path+"/notes", n); a.status != http.StatusSeeOther {
				t.Errorf("%v: %d %s", n, a.status, a.said())
			}
		}
		if a := lead.post(path+"/notes", url.Values{"text": {" "}, "item": {"trust"}}); a.status != http.StatusUnprocessableEntity || a.page().Find("#write [name=item]:checked").Length() != 1 {
			t.Errorf("an empty note: %d %s", a.status, a.said())
		}
		if a := other.get(path); a.status != http.StatusNotFound {
			t.Errorf("another lead reads notes that are not shared: %d", a.status)
		}
		if a := other.get(report + "/interviews"); strings.Contains(a.body, "till of North") {
			t.Error("another lead sees where the interview was")
		}
		for _, c := range []*client{executive, other} {
			a := c.get(report + "/focal-points")
			if !strings.Contains(a.said(), "Came up in 1 of 1 interviews.") || !strings.Contains(a.said(), "Nobody asks us <b>before</b>.") || strings.Contains(a.body, "canteen") || strings.Contains(a.body, "till of North") {
				t.Errorf("beside the scores: %s", a.said())
			}
		}
		if a := executive.get(report + "/interviews"); a.status != http.StatusNotFound {
			t.Errorf("the executive opens the notes: %d", a.status)
		}
		lead.post(path, url.Values{"day": {"2026-04-01"}, "level": {"employee"}, "shared": {"1"}})
		if a := other.get(path); a.status != http.StatusOK || !strings.Contains(a.said(), "canteen") || strings.Contains(a.body, "id=\"write\"") {
			t.Errorf("shared: %d %s", a.status, a.said())
		}
		if a := other.post(path+"/notes", url.Values{"text": {"Mine"}}); a.status != http.StatusForbidden {
			t.Errorf("another writes: %d", a.status)
		}
		if a := lead.follow(lead.post(path, url.Values{"do": {"delete"}})); a.status != http.StatusOK || !strings.Contains(a.said(), "0 interviews so far") {
			t.Errorf("deleted: %d %s", a.status, a.said())
		}
	})
}
