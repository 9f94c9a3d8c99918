package app

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"throughline/internal/org"
)

// Who wants it gets a code that is shown once; next time it is typed in, however it is
// written. What is no code is said so, and nothing is lost.
func TestWhoWantsItKeepsACode(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		shown := func(a answer) string { return regexp.MustCompile(`[A-Z2-9]{4}(-[A-Z2-9]{4}){3}`).FindString(a.said()) }
		c := s.anybody(t)
		written := answers(t, 6) // the shipped instrument has an open question 'keep'
		written.Set("keep", "The colleagues.")
		if a := c.post("/r/"+secrets[0], written); a.status != http.StatusOK || shown(a) != "" {
			t.Errorf("who wants none gets a code: %d %s", a.status, a.said())
		}
		form := answers(t, 6)
		form.Set("keep", "")
		form.Set("~keep", "1")
		a := c.post("/r/"+secrets[1], form)
		code := shown(a)
		if a.status != http.StatusOK || code == "" {
			t.Fatalf("who wants one gets none: %d %s", a.status, a.said())
		}
		form.Set("~code", "one that I made up")
		if a := c.post("/r/"+secrets[2], form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "this is no code") || strings.Count(a.body, "checked") != 38 || a.page().Find(".keep.missing").Length() != 1 {
			t.Errorf("what is no code: %d %s", a.status, a.said())
		}
		form.Del("~keep")
		form.Set("~code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
		if a := c.post("/r/"+secrets[2], form); a.status != http.StatusOK || shown(a) != code {
			t.Errorf("typed in: %d %q, not %q", a.status, shown(a), code)
		}
	})
}
