package app

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/org"
)

// Whose it is: a session led from outside, an action by own people, a step of the diagnosis that
// somebody says was the bureau's; by hand one of two, as the closing of the diagnosis is not known of.
func TestWhoseTheChangeIsIsCounted(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		if a := boss.get("/ownership"); !strings.Contains(a.said(), "Nothing has been run yet of which it is known by whom.") || !strings.Contains(a.said(), "Nobody at work can run the next diagnosis yet.") {
			t.Errorf("at first: %s", a.said())
		}
		_, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		page := leader.get(team)
		leader.sendForm(page, team, deed(page, nil))
		page = boss.get("/ownership")
		open := page.page().Find(`#step option:contains("set up and opened")`).AttrOr("value", "")
		for want, form := range map[string]url.Values{"choose the step": {"step": {""}}, "say whether own people": {"step": {open}, "by": {"them"}}} {
			if a := boss.post("/ownership", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		a := boss.follow(boss.post("/ownership", url.Values{"step": {open}, "by": {"external"}, "who": {"The bureau"}}))
		if !strings.Contains(a.said(), "own people ran 50 % of it.") || !strings.Contains(a.said(), "set up and opened") || !strings.Contains(a.said(), "external The bureau") || !strings.Contains(a.said(), "Learning to implement: Since Spring") {
			t.Errorf("said: %s", a.said())
		}
		today := time.Now().UTC()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get("/ownership?format=csv").body, "\ufeff"))).ReadAll()
		if last := rows[len(rows)-1]; err != nil || !strings.HasPrefix(last[0], today.Format("2006")) || last[1] != "50 %" || last[3] != "1" || last[6] != "1" {
			t.Errorf("%v, %v", rows, err)
		}
		learned, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get("/ownership?table=learning&format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(learned) != 3 || learned[1][1] != "All" || learned[1][2] != "1" || learned[2][1] != "North" {
			t.Errorf("%v, %v", learned, err)
		}
		if a := s.as(t, "exec", whole(org.Executive)).post("/ownership", url.Values{"step": {open}}); a.status != http.StatusNotFound {
			t.Errorf("an executive says who ran it: %d", a.status)
		}
		if a := leader.get("/ownership"); a.status != http.StatusNotFound {
			t.Errorf("a leader: %d", a.status)
		}
	})
}
