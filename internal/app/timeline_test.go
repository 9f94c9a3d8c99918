package app

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// The time line of a unit has its diagnoses, focal points, sessions, actions, initiatives, changes and indicators, each
// for who may read it; what was promised stands beside what came, and two units beside each other.
func TestTheTimeLineOfAUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		_, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		page := leader.get(team)
		leader.sendForm(page, team, deed(page, nil))
		a := leader.sendForm(leader.get(team), team, deed(page, url.Values{"what": {"Renew the offices"}, "serves": {"off"}, "off": {"Planned before"}, "due": {time.Now().UTC().Format(time.DateOnly)}}))
		second := a.page().Find(`a:contains("Renew")`).AttrOr("href", "")
		leader.post(second, url.Values{"do": {"done"}, "outcome": {"helped"}, "text": {"They are light now."}})
		s.met(t, s.personID(t, "P1"), s.personID(t, "P2"))
		whole, north, east := s.unitNamed(t, "Shops"), s.unitNamed(t, "North"), s.unitNamed(t, "East")

		executive := s.as(t, "exec", org.Grant{Role: org.Executive, Scope: org.Scope{Kind: org.WholeScope}})
		line := executive.follow(executive.get("/timeline"))
		// One of the two actions was to be done by today, and is.
		says(t, line, "One action was promised by now: 1 done, 1 in time.", "one diagnosis, 3 focal points, one session, 2 actions")
		// 24 answered 6.5, 24 4.5 and 4 2.5, and one more on every second of 12, 6, 5, 8 and 4 statements: 274/52 + (4*1/2 + 2/5)/5.
		if circle := line.page().Find(`.timeline a[href="` + report + "/units/" + whole + `"]`); !strings.Contains(circle.AttrOr("aria-label", ""), ": 5.75") {
			t.Errorf("the diagnosis: %s", circle.AttrOr("aria-label", ""))
		}
		// Of North alone: 6.5 + 0.48.
		if circle := executive.get("/timeline/" + north).page().Find(`.timeline a[href$="/units/` + north + `"]`); !strings.Contains(circle.AttrOr("aria-label", ""), ": 6.98") {
			t.Errorf("of North: %s", circle.AttrOr("aria-label", ""))
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(executive.get("/timeline/"+whole+"?format=csv").body, "\ufeff"))).ReadAll()
		today := string(period.DayOf(time.Now()))
		if err != nil || len(rows) != 6 || rows[1][4] != "not judged yet" || rows[4][3] != "by "+today && rows[5][3] != "by "+today {
			t.Errorf("%v %v", rows, err)
		}
		both := executive.get("/timeline/" + north + "?with=" + east)
		says(t, both, "North and East, side by side.", "North: One action was promised by now: 1 done, 1 in time. On this line: one diagnosis, 3 focal points, 2 actions.", "East: On this line: one diagnosis, 3 focal points.")
		if label, _ := both.page().Find(`.timeline circle.before title`).Html(); !strings.Contains(label, "withheld, or nobody answered") {
			t.Errorf("four answered in East: %s", label)
		}
		views := lead.get(report + "/views")
		says(t, views, "exec")

		manager := s.as(t, "manager", of(north, org.Manager))
		if a := manager.follow(manager.get("/timeline")); a.at != "/timeline/"+north {
			t.Errorf("a manager begins at %s", a.at)
		}
		for _, path := range []string{"/timeline/" + whole, "/timeline/" + east, "/timeline/" + north + "?with=" + east, "/timeline/nowhere"} {
			if a := manager.get(path); a.status != http.StatusNotFound {
				t.Errorf("the manager of North reads %s: %d", path, a.status)
			}
		}
		// Who runs programmes sees that there was a diagnosis, and no score; who leads learning sees no actions.
		if text := boss.get("/timeline/" + whole).body; strings.Contains(text, "5.75") || !strings.Contains(text, "Spring") {
			t.Error("the programme manager sees a score, or no diagnosis")
		}
		if text := s.as(t, "head", org.Grant{Role: org.HeadOfLearning, Scope: org.Scope{Kind: org.WholeScope}}).get("/timeline/" + whole).body; strings.Contains(text, "Renew the offices") || !strings.Contains(text, "5.75") {
			t.Error("the head of learning sees actions, or no score")
		}
		lead.post(report+"/release", url.Values{"to": {""}})
		if text := executive.get("/timeline/" + whole).body; strings.Contains(text, "5.75") {
			t.Error("what is not released is on the line")
		}
	})
}

// A manager goes through the line on a phone by keyboard: it scrolls by itself, and each mark leads to where it comes from.
func TestTheTimeLineInTheBrowser(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	lead := s.as(t, "lead", whole(org.DiagnosisLead))
	report := s.decided(t, lead)
	north := s.unitNamed(t, "North")
	p := b.Page(390, 844, false, true)
	s.signInOn(t, p, s.account(t, "manager", of(north, org.Manager)))
	p.Goto(s.address + "/timeline/" + north)
	p.WaitFor(".timeline")
	p.Wait(`document.querySelector(".timeline").scrollLeft > 0`)
	p.NoOverflow()
	p.Axe()
	p.TabTo(`.timeline a`)
	p.Press("Enter")
	p.WaitFor(`main h1`)
	if at := p.URL(); !strings.HasSuffix(at, report+"/units/"+north) {
		t.Errorf("the mark leads to %s", at)
	}
}
