package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

func TestAnsweringIsLeftAndGoesOnWithoutScript(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		path, first := "/r/"+secrets[0], firstItem(t)
		c := s.anybody(t)
		if a := c.post(path, url.Values{"~later": {"1"}, first: {"8"}}); a.status != http.StatusOK || !strings.Contains(a.said(), "One answer is saved, not sent yet.") {
			t.Fatalf("%d %s", a.status, a.said())
		}
		again := s.anybody(t).get(path) // on another device
		if again.page().Find(`input[checked]`).Length() != 1 || !strings.Contains(again.said(), "Go on where you were.") {
			t.Errorf("%s", again.said())
		}
		if a := s.anybody(t).get("/r/" + secrets[1]); a.page().Find(`input[checked]`).Length() != 0 {
			t.Error("another link opens the draft")
		}
		if a := c.post(path, url.Values{"~later": {"1"}, first: {strings.Repeat("8", 10<<20)}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("ten megabytes: %d", a.status)
		}
		if a := c.post(path, answers(t, 6)); a.status != http.StatusOK {
			t.Fatalf("sending: %d", a.status)
		}
		if a := c.post(path, url.Values{"~later": {"1"}, first: {"8"}}); a.status != http.StatusConflict {
			t.Errorf("saving after sending: %d", a.status)
		}
	})
}

func TestAnswersAreSavedAsTheyAreGiven(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	s.shops(t)
	_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
	address := s.address + "/r/" + secrets[0]
	p := b.Page(390, 844, false, true)
	p.Goto(address)
	p.TabTo("[data-step]:not([hidden]) input")
	for range 3 {
		p.Press("ArrowRight")
		p.Press("Enter")
	}
	p.WaitText("Saved. You can close this page")
	other := b.Page(1280, 900, false, false)
	other.Goto(address)
	other.WaitText("Go on where you were.")
	other.WaitText("4 of 40")
}

// A comment of 10 MB is refused in a sentence, and what was saved before is still there.
func TestACommentThatIsTooLongLosesNothing(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		c, path := s.anybody(t), "/r/"+secrets[0]
		form := answers(t, 6)
		form.Set("~later", "1")
		if a := c.post(path, form); a.status != http.StatusOK {
			t.Fatalf("saving: %d %s", a.status, a.said())
		}
		form.Del("~later")
		for size, want := range map[int]string{10 << 20: "the form is too large", 20_000: "at most"} {
			form.Set("change", strings.Repeat("x", size))
			if a := c.post(path, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%d bytes: %d %s", size, a.status, a.said()[:min(300, len(a.said()))])
			}
		}
		if n := strings.Count(c.get(path).body, "checked"); n != 37 {
			t.Errorf("%d answers are still there", n)
		}
		form.Set("change", "Shorter.")
		if a := c.post(path, form); a.status != http.StatusOK {
			t.Errorf("a shorter one: %d %s", a.status, a.said())
		}
	})
}
