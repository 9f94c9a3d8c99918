package app

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"throughline/internal/org"
)

// Restored without the key folder, answering by the links that were sent goes on; none can be
// made or sent again, and every page that would says so.
func TestWithoutTheKeyFolderAnsweringGoesOn(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path, secrets := s.open(t, lead)
		if err := os.RemoveAll(s.Diagnosis.Keys.Folder); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{path, path + "/mail"} {
			if a := lead.get(page); a.status != http.StatusOK || !strings.Contains(a.said(), "key") {
				t.Errorf("%s does not say that the key is missing: %d %s", page, a.status, a.said())
			}
		}
		for _, page := range []string{"/links?format=csv", "/letters?unit=all&who=all"} {
			if a := lead.get(path + page); a.status != http.StatusConflict || !strings.Contains(a.said(), "those that were sent go on working") {
				t.Errorf("%s: %d %s", page, a.status, a.said())
			}
		}
		form := answers(t, 6)
		form.Set("~keep", "1") // not offered, and not heeded: nothing could be made of a code
		if a := s.anybody(t).get("/r/" + secrets[0]); a.status != http.StatusOK || strings.Contains(a.body, "~keep") {
			t.Errorf("the questionnaire: %d, or it offers a code", a.status)
		}
		if a := s.anybody(t).post("/r/"+secrets[0], form); a.status != http.StatusOK || !strings.Contains(a.said(), "Your answers are in") || strings.Contains(a.said(), "Your code") {
			t.Errorf("answering: %d %s", a.status, a.said())
		}
		if a := lead.get(path); !strings.Contains(a.said(), "1 of 60 have answered") {
			t.Errorf("the answer is not counted: %s", a.said())
		}
	})
}
