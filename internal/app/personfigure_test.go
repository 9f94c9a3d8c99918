package app

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// talked defines an indicator of people and hands in what the crew had last month: North comes to 35 of
// three people, South to 3 of two, all of them to 41.
func (s *site) talked(t *testing.T, dee *client) (indicator string, month period.Period) {
	t.Helper()
	a := dee.follow(dee.post("/indicators", url.Values{"name": {"Talks"}, "direction": {"higher"}, "over-units": {"sum"}, "over-time": {"sum"}, "grain": {"month"}, "perspective": {"customer"}, "people": {"yes"}, "minimum": {"3"}}))
	if a.status != http.StatusOK || !strings.Contains(a.said(), "values of people") {
		t.Fatalf("defined: %d %s", a.status, a.said())
	}
	month = period.Of(period.DayOf(time.Now()), period.Monthly).Add(-1)
	var file strings.Builder
	file.WriteString("indicator,person,period,value\n")
	for who, v := range map[string]int{"bo": 5, "ann": 10, "abe": 20, "cy": 1, "sam": 2, "dee": 3} {
		fmt.Fprintf(&file, "talks,%s,%s,%d\n", who, month, v)
	}
	if a := dee.upload("/observations", nil, "talks.csv", file.String()); !strings.Contains(a.said(), "6 figures came in.") {
		t.Fatalf("handed in: %s", a.said())
	}
	return strings.TrimPrefix(a.at, "/indicators/"), month
}

// What somebody has is for that person and the line manager; units show what enough people come to, once.
func TestFiguresOfAPersonAreForThePersonAndTheLineManager(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		bo := s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
		cy := s.signIn(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))
		ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
		learning := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
		talks, month := s.talked(t, dee)

		own := ann.follow(ann.get("/figures"))
		if !strings.Contains(own.said(), "One figure is followed of you.") || !strings.Contains(own.said(), "Talks of Ann: 10 up to "+string(month)) || !strings.Contains(own.said(), "talks.csv, Dee") {
			t.Errorf("Ann's own: %s", own.said())
		}
		path := own.at
		if a := bo.get(path); a.status != http.StatusOK || !strings.Contains(a.said(), "What is followed of Ann.") {
			t.Errorf("the line manager: %d %s", a.status, a.said())
		}
		value := url.Values{"indicator": {talks}, "period": {string(month)}, "value": {"11"}}
		for name, c := range map[string]*client{"a colleague": abe, "another manager": cy, "the executive above": dee, "the head of learning": learning} {
			if a := c.get(path); a.status != http.StatusNotFound || strings.Contains(a.said(), "10 up to") {
				t.Errorf("%s reads Ann's figures: %d", name, a.status)
			}
			if a := c.post(path, value); a.status != http.StatusNotFound {
				t.Errorf("%s enters Ann's figures: %d", name, a.status)
			}
		}
		if a := ann.post(path, value); a.status != http.StatusForbidden {
			t.Errorf("Ann enters her own: %d", a.status)
		}
		if a := bo.post(path, url.Values{"indicator": {talks}, "period": {"2026-Q1"}, "value": {"11"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "2026-Q1 is none") {
			t.Errorf("a wrong period: %d %s", a.status, a.said())
		}
		if a := bo.follow(bo.post(path, url.Values{"indicator": {talks}, "period": {string(month.Add(-1))}, "value": {"7"}})); !strings.Contains(a.said(), "typed, Bo") {
			t.Errorf("entered: %s", a.said())
		}
		bo.follow(bo.post(path, url.Values{"out": {string(month.Add(-1)) + " " + talks}}))
		if a := ann.get(path + "?format=csv"); strings.Count(a.body, "\n") != 2 || !strings.Contains(a.body, string(month)) {
			t.Errorf("as a file: %s", a.body)
		}

		card := func(unit string) string { return bo.get("/scorecards/" + units[unit] + "/" + talks).said() }
		if said := card("North"); !strings.Contains(said, "has not been observed") {
			t.Errorf("before it is published: %s", said)
		}
		page := dee.get("/indicators/" + talks)
		if !strings.Contains(page.said(), "6 people have a value · 2 units are shown · 1 withheld") {
			t.Errorf("what waits: %s", page.said())
		}
		if a := bo.post("/indicators/"+talks+"/publication", url.Values{"period": {string(month)}}); a.status != http.StatusNotFound {
			t.Errorf("a manager publishes: %d", a.status)
		}
		if a := dee.follow(dee.post("/indicators/"+talks+"/publication", url.Values{"period": {string(month)}})); !strings.Contains(a.said(), "No period waits") {
			t.Errorf("published: %s", a.said())
		}
		if said := card("North"); !strings.Contains(said, "Talks of North: 35 up to") || !strings.Contains(said, "at least 3 people") || !strings.Contains(said, "published, Dee") || strings.Contains(said, "Take a value out") {
			t.Errorf("North: %s", said)
		}
		if a := cy.get("/scorecards/" + units["South"]); !strings.Contains(a.said(), "Withheld for "+string(month)) {
			t.Errorf("South: %s", a.said())
		}
		if a := dee.post("/indicators/"+talks+"/publication", url.Values{"period": {string(month)}}); a.status != http.StatusConflict || !strings.Contains(a.said(), "is published already") {
			t.Errorf("published again: %d %s", a.status, a.said())
		}

		person := strings.TrimPrefix(path, "/figures/")
		a := bo.follow(bo.post("/goals", aimed("I ask first", url.Values{"person": {person}, "indicator": {talks}, "target": {"120"}})))
		if !strings.Contains(a.said(), "Talks: 10, target 120") || strings.Contains(a.said(), "The figure is that of") {
			t.Errorf("Ann's goal: %s", a.said())
		}
		if a := ann.get("/line-of-sight"); !strings.Contains(a.said(), "Figures of Ann") || a.page().Find(".gauge").Length() != 1 {
			t.Errorf("Ann's line of sight: %s", a.said())
		}
	})
}

func TestWhatPeopleComeToIsPublishedByCommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		_, month := s.talked(t, dee)
		run := func(indicator string) (string, error) {
			var out strings.Builder
			err := PublishObservations{Indicator: indicator}.Run(t.Context(), s.App, &out)
			return out.String(), err
		}
		if out, err := run("Talks"); err != nil || out != string(month)+": 6 people have a value; 2 units are shown, 1 are withheld.\n" {
			t.Errorf("%q, %v", out, err)
		}
		if out, err := run("talks"); err != nil || !strings.HasPrefix(out, "No period waits") {
			t.Errorf("again: %q, %v", out, err)
		}
		if _, err := run("profit"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("unknown: %v", err)
		}
	})
}

// A line manager enters a value of somebody, who sees it, on a phone and by keyboard.
func TestFiguresOfAPersonInTheBrowser(t *testing.T) {
	browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	units := s.crew(t)
	dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
	talks, month := s.talked(t, dee)
	p := browser.Open(t).Page(390, 900, true, true)
	s.signInOn(t, p, s.crewMember(t, "bo", of(units["North"], org.Manager)))
	p.Goto(s.address + "/goals/people")
	p.Click(`a[href^="/figures/"]`)
	p.WaitText("What is followed of Abe.")
	p.NoOverflow()
	p.Axe()
	p.Fill("#indicator", talks)
	p.Fill("#period", string(month))
	p.Fill("#value", "21")
	p.TabTo(`form.card button`)
	p.Press("Enter")
	p.WaitText("Talks of Abe: 21 up to")
	p.Axe()
	p = browser.Open(t).Page(1280, 900, false, false)
	s.signInOn(t, p, s.crewMember(t, "abe"))
	p.Goto(s.address + "/figures")
	p.WaitText("One figure is followed of you.")
	p.NoOverflow()
	p.Axe()
}

// ofPeople is the id of the demo's indicator of people.
func (s *site) ofPeople(t testing.TB) string {
	t.Helper()
	all, err := s.Strategy.Indicators(t.Context(), s.organisation)
	n := slices.IndexFunc(all, strategy.Indicator.OfPeople)
	if err != nil || n < 0 {
		t.Fatalf("no indicator of people among %d, %v", len(all), err)
	}
	return all[n].ID
}
