package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

func TestALeadTriesTheQuestionnaireBeforeItOpens(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		draft := lead.sendForm(lead.get("/diagnoses/new"), "/diagnoses", url.Values{"name": {"Spring"}})
		page := lead.sendForm(lead.get(draft.at+"/trial"), "/trial", nil)
		link := page.page().Find("#link").AttrOr("value", "")
		if page.status != http.StatusOK || !strings.Contains(link, "/r/") {
			t.Fatalf("%d %s", page.status, page.said())
		}
		tester := s.anybody(t)
		a := tester.get(link[strings.Index(link, "/r/"):])
		if a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.said())
		}
		at := a.location
		if sheet := tester.get(at); sheet.status != http.StatusOK || !strings.Contains(sheet.said(), "A test: nothing that is answered here counts") {
			t.Fatalf("%d %s", sheet.status, sheet.said())
		}
		form := answers(t, 6)
		form.Set("change", "Louder music.")
		if a := tester.post(at, form); a.status != http.StatusOK || !strings.Contains(a.said(), "Answer again") {
			t.Fatalf("%d %s", a.status, a.said())
		}
		page = lead.get(draft.at + "/trial")
		if !strings.Contains(page.said(), "One test answer") || !strings.Contains(page.said(), "Louder music.") {
			t.Errorf("%s", page.said())
		}
		if file := lead.get(draft.at + "/trial?format=csv").body; strings.Count(file, "\n") != 2 || !strings.Contains(file, "Louder music.") {
			t.Errorf("the file: %s", file)
		}
		path := lead.sendForm(lead.get(draft.at+"/forecast"), "/opening", nil).at
		if !strings.Contains(lead.get(path).said(), "0 of 60 have answered") {
			t.Errorf("after opening: %s", lead.get(path).said())
		}
		if a := tester.get(at); a.status != http.StatusNotFound {
			t.Errorf("the test's link after opening: %d", a.status)
		}
	})
}
