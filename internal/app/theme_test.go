package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

// What is known about the characteristics is read by who prepares sessions, written in own
// words by who leads, and stands in the workshop kit.
func TestThemesAreReadWrittenAndPutIntoTheKit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead, "level")
		coach := s.as(t, "coach", whole(org.Coach))
		if a := coach.get("/themes?q=" + url.QueryEscape("dialogue")); a.status != http.StatusOK || !strings.Contains(a.said(), "Dialogue") || strings.Contains(a.said(), "Stakeholder") {
			t.Errorf("looking for a word: %d %s", a.status, a.said())
		}
		a := coach.get("/themes/dialogue")
		page := a.page()
		if page.Find("main li").Length() != 5 || page.Find("main table").Length() != 2 || strings.Contains(a.body, "?edit") {
			t.Errorf("the coach reads %s", a.said())
		}
		if a := coach.get("/themes/openness_action"); !strings.Contains(a.said(), "half an hour") || a.page().Find("tbody tr").Length() < 4 {
			t.Errorf("the introduction: %s", a.said())
		}
		talk := "/themes/openness_action"
		if a := coach.post(talk, url.Values{"steps": {"5 Mine"}}); a.status != http.StatusNotFound {
			t.Errorf("the coach writes an introduction: %d", a.status)
		}
		for want, text := range map[string]string{"line 2: begin it with its minutes": "5 Welcome\nand then", "1 to 480 minutes": "0 Nothing", "1 to 50 steps, not 0": " "} {
			if a := lead.post(talk, url.Values{"steps": {text}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", text, a.status, a.said())
			}
		}
		if a := lead.sendForm(lead.get(talk+"?edit"), talk, url.Values{"steps": {"5 Welcome\n25 Each tells of one talk"}}); a.status != http.StatusOK || !strings.Contains(coach.get(talk).said(), "Each tells of one talk") || coach.get("/themes").status != http.StatusOK {
			t.Errorf("the own introduction: %d %s", a.status, a.said())
		}
		lead.post(talk, url.Values{"do": {"reset"}})
		if a := coach.get(talk); strings.Contains(a.said(), "Each tells") || a.page().Find("tbody tr").Length() < 4 {
			t.Errorf("the introduction taken back: %s", a.said())
		}
		for _, none := range []string{"/themes/recommend", "/themes/nothing"} {
			if a := coach.get(none); a.status != http.StatusNotFound {
				t.Errorf("%s: %d", none, a.status)
			}
		}
		if a := coach.post("/themes/dialogue", url.Values{"meaning": {"Mine"}}); a.status != http.StatusNotFound {
			t.Errorf("the coach writes: %d", a.status)
		}
		form := lead.get("/themes/dialogue?edit")
		if a := lead.sendForm(form, "/themes/dialogue", url.Values{"exercises": {"The round\nEverybody talks"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "'The round' has no steps") || !strings.Contains(a.body, "Everybody talks") {
			t.Errorf("an exercise without steps: %d %s", a.status, a.said())
		}
		a = lead.sendForm(form, "/themes/dialogue", url.Values{"meaning": {"At our tills we talk first."}, "questions": {"Who spoke first today?\n"}, "exercises": {"The round\n5 Everybody talks\n10 Everybody walks"}})
		if a.status != http.StatusOK || !strings.Contains(a.said(), "At our tills we talk first.") || !strings.Contains(a.said(), "15 minutes") {
			t.Errorf("kept: %d %s", a.status, a.said())
		}
		if a := lead.get(report + "/kit"); !strings.Contains(a.said(), "For who leads the talk") || strings.Contains(a.said(), "Who spoke first today?") != strings.Contains(a.page().Find("table th[scope=row]").Text(), "Dialogue") {
			t.Errorf("the kit: %s", a.said())
		}
		reset := lead.get("/themes/dialogue?edit").page().Find("button[value=reset]")
		if reset.Length() != 1 {
			t.Fatal("the own text cannot be taken back")
		}
		lead.post("/themes/dialogue", url.Values{"do": {"reset"}})
		if a := coach.get("/themes/dialogue"); strings.Contains(a.said(), "At our tills") || a.page().Find("main li").Length() != 5 {
			t.Errorf("taken back: %s", a.said())
		}
	})
}
