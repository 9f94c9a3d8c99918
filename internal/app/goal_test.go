package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// settled has everybody have been there for a year and a half.
func (s *site) settled(t *testing.T) {
	t.Helper()
	if err := s.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE org_person SET since = $2 WHERE organisation_id = $1`, s.organisation, period.DayOf(time.Now()).Add(-550))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// crew imports a roster in which Bo runs North, with Ann and Abe, and Cy runs South, with Sam.
func (s *site) crew(t *testing.T) (units map[string]string) {
	t.Helper()
	column := func(name string) org.Field { return org.Field{Column: name} }
	people := [][]string{{"bo", "Bo", "Shops/North", "dee", ""}, {"ann", "Ann", "Shops/North", "bo", ""}, {"abe", "Abe", "Shops/North", "bo", ""}, {"cy", "Cy", "Shops/South", "dee", "executive"}, {"sam", "Sam", "Shops/South", "cy", ""}, {"dee", "Dee", "Shops", "", "executive"}}
	rows := func(yield func(org.Row, error) bool) {
		for n, cells := range people {
			if !yield(org.Row{Line: n + 2, Cells: cells}, nil) {
				return
			}
		}
	}
	_, err := s.Org.ImportRoster(t.Context(), s.organisation, orgdb.Roster{
		Day:     period.DayOf(time.Now()),
		Map:     org.Map{People: &org.Section{Key: column("id"), Name: column("name"), UnitPath: column("unit"), Manager: column("boss"), Level: column("level")}},
		Sources: []org.Source{{Name: "crew.csv", Header: []string{"id", "name", "unit", "boss", "level"}, Rows: rows}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Strategy.Units(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	units = map[string]string{}
	for _, u := range all.Units {
		units[u.Name] = u.ID
	}
	return units
}

// member is the account of somebody of the crew.
func (s *site) crewMember(t *testing.T, key string, grants ...org.Grant) string {
	t.Helper()
	id, err := s.Org.CreateAccount(t.Context(), s.organisation, org.Account{Mail: key + "@crew.example", Name: strings.ToUpper(key[:1]) + key[1:], Person: key, Grants: append(grants, whole(org.Employee))}, "First")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func of(unit string, role org.Role) org.Grant {
	return org.Grant{Role: role, Scope: org.Scope{Kind: org.UnitScope, ID: unit}}
}

func aimed(name string, more url.Values) url.Values {
	year := fmt.Sprint(time.Now().Year())
	form := url.Values{"name": {name}, "perspective": {"customer"}, "begins": {year + "-01-01"}, "ends": {year + "-12-31"}}
	for field, values := range more {
		form[field] = values
	}
	return form
}

// From the whole over North to Ann: each step is set by who may, agreed by both where it is a person's,
// and seen from both ends. Nobody else reads Ann's goal.
func TestGoalsCascadeToAPersonWhoSeesTheWay(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		bo := s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
		ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
		cy := s.signIn(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))

		if a := ann.get("/line-of-sight"); !strings.Contains(a.said(), "No goal reaches from the organisation to here yet.") {
			t.Errorf("at first: %s", a.said())
		}
		a := dee.follow(dee.post("/goals", aimed("Customers come back", url.Values{"unit": {units["Shops"]}, "owner": {"dee"}})))
		top := strings.TrimPrefix(a.at, "/goals/")
		if a.status != http.StatusOK || !strings.Contains(a.said(), "Dee answers for it.") {
			t.Fatalf("the whole's: %d %s", a.status, a.said())
		}
		if a := bo.get("/goals/units/" + units["North"]); !strings.Contains(a.said(), "One goal from above reaches it, and none of its own serves that.") || !strings.Contains(a.said(), "nothing of North serves it yet") {
			t.Errorf("what reaches North: %s", a.said())
		}
		form := bo.get("/goals/new?unit=" + units["North"] + "&under=" + top)
		a = bo.sendForm(form, "/goals", aimed("Nobody waits", url.Values{"because-" + top: {"Waiting drives them off."}}))
		north := strings.TrimPrefix(a.at, "/goals/")
		if a.status != http.StatusOK || !strings.Contains(a.said(), "Waiting drives them off. Customers come back") {
			t.Fatalf("North's: %d %s", a.status, a.said())
		}
		list := bo.get("/goals/people")
		if said := list.said(); !strings.Contains(said, "2 people report to you.") || strings.Contains(said, "Sam") {
			t.Errorf("Bo's people: %s", said)
		}
		person := strings.TrimPrefix(list.page().Find(`a:contains("Ann")`).AttrOr("href", ""), "/line-of-sight/")
		form = bo.get("/goals/new?person=" + person)
		a = bo.sendForm(form, "/goals", aimed("I open a second till", url.Values{"how-" + north: {"supports"}, "objectives": {"Run a till alone\nListen"}}))
		own := a.at
		if a.status != http.StatusOK || !strings.Contains(a.said(), "Proposed by Bo; Ann has not said yes yet.") {
			t.Fatalf("Ann's: %d %s", a.status, a.said())
		}
		if home := ann.get("/").said(); !strings.Contains(home, "A goal of yours waits for your yes") {
			t.Errorf("Ann's home: %s", home)
		}
		if a := ann.follow(ann.post(own, url.Values{"do": {"agree"}})); !strings.Contains(a.said(), "Agreed by Ann and Bo on ") {
			t.Errorf("agreed: %s", a.said())
		}
		sight := ann.get("/line-of-sight")
		for _, want := range []string{"“I open a second till” is how “Customers come back” comes about.", "From the goal of 6 people to this one", "Waiting drives them off.", "Your goal, by ", "Run a till alone"} {
			if !strings.Contains(sight.said(), want) {
				t.Errorf("the line of sight lacks %q: %s", want, sight.said())
			}
		}
		if steps := sight.page().Find(".flow > li").Length(); steps != 7 || !strings.Contains(sight.said(), "What is learned next") {
			t.Errorf("%d steps and sentences between them, the own plan at the end", steps)
		}
		for name, c := range map[string]*client{"a colleague": abe, "another manager": cy, "the executive": dee} {
			for _, path := range []string{own, "/line-of-sight/" + person, own + "?edit", "/goals/new?person=" + person} {
				if a := c.get(path); a.status != http.StatusNotFound {
					t.Errorf("%s reads %s: %d", name, path, a.status)
				}
			}
			if a := c.post(own, url.Values{"do": {"check-in"}, "pace": {"on-track"}}); a.status != http.StatusNotFound {
				t.Errorf("%s checks in: %d", name, a.status)
			}
		}
		if a := abe.get("/line-of-sight"); !strings.Contains(a.said(), "Nobody waits: this is what your work counts for.") {
			t.Errorf("Abe's: %s", a.said())
		}
		for path, form := range map[string]url.Values{"/goals": aimed("Mine", url.Values{"unit": {units["North"]}}), "/goals/" + north: {"do": {"end"}, "outcome": {"reached"}}} {
			if a := cy.post(path, form); a.status != http.StatusNotFound {
				t.Errorf("another manager at %s: %d", path, a.status)
			}
		}
		if a := ann.sendForm(ann.get(own), own, url.Values{"do": {"check-in"}, "pace": {"stuck"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say what holds it up") {
			t.Errorf("stuck, without a word: %d %s", a.status, a.said())
		}
		a = ann.sendForm(ann.get(own), own, url.Values{"do": {"check-in"}, "pace": {"stuck"}, "words": {"The till is broken."}})
		if !strings.Contains(a.said(), "it is stuck The till is broken.") {
			t.Errorf("checked in: %s", a.said())
		}
		if a := dee.get("/goals/units/" + units["Shops"] + "/orphans"); !strings.Contains(a.said(), "Every goal serves another, and every goal is served.") {
			t.Errorf("without a tie: %s", a.said())
		}
		if a := bo.sendForm(bo.get(own), own, url.Values{"do": {"recognise"}, "recognition": {""}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "how it is recognised") {
			t.Errorf("recognised by nothing: %d %s", a.status, a.said())
		}
		bo.post(own, url.Values{"do": {"recognise"}, "recognition": {"A day off, and thanks before all."}})
		if a := ann.post(own, url.Values{"do": {"recognise"}, "recognition": {"Myself"}}); a.status != http.StatusNotFound {
			t.Errorf("Ann recognises herself: %d", a.status)
		}
		sees := func(c *client) bool {
			return strings.Contains(c.get("/goals/units/"+units["North"]).said(), "A day off")
		}
		if !sees(ann) || !sees(bo) || sees(abe) || sees(cy) {
			t.Error("at first Ann and Bo alone see it")
		}
		show := ann.get(own).page().Find(`button[value^="show everyone"]`).AttrOr("value", "")
		if a := bo.post(own, url.Values{"do": {show}}); a.status != http.StatusNotFound {
			t.Errorf("Bo shows it: %d", a.status)
		}
		if a := ann.follow(ann.post(own, url.Values{"do": {show}})); !strings.Contains(a.said(), "seen by everybody") || !sees(abe) || !sees(cy) {
			t.Errorf("Ann shows it to everybody: %s", a.said())
		}
		if a := ann.get("/line-of-sight"); !strings.Contains(a.said(), "A day off, and thanks before all.") {
			t.Errorf("on the line of sight: %s", a.said())
		}
		if a := bo.follow(bo.post(own, url.Values{"do": {"end"}, "outcome": {"partly"}, "came": {"On Saturdays."}})); !strings.Contains(a.said(), "reached in part. On Saturdays.") {
			t.Errorf("ended: %s", a.said())
		}
		if a := dee.get("/goals/units/" + units["Shops"] + "?format=csv"); !strings.Contains(a.body, "Customers come back") {
			t.Errorf("as a file: %s", a.body)
		}
	})
}

// A management team ties an action to a goal of the whole; the goal's page names it to who may read it.
func TestAnActionNamesTheGoalThatItHelpsToReach(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		_, team, account := s.led(t, boss)
		leader, executive := s.signIn(t, account), s.as(t, "executive", whole(org.Executive))
		units, err := s.Strategy.Units(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		goal := executive.follow(executive.post("/goals", aimed("Customers come back", url.Values{"unit": {units.Units[0].ID}}))).at
		page := leader.get(team)
		if a := leader.sendForm(page, team, deed(page, url.Values{"goal": {"none"}})); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "choose a goal that is worked on") {
			t.Errorf("a goal that is not there: %d %s", a.status, a.said())
		}
		leader.sendForm(page, team, deed(page, url.Values{"goal": {strings.TrimPrefix(goal, "/goals/")}}))
		if a := executive.get(goal); !strings.Contains(a.said(), "What is done for it Two questions at hand-over Board") {
			t.Errorf("the goal's page: %s", a.said())
		}
		stranger := s.as(t, "employee", whole(org.Employee))
		if a := stranger.get(goal); strings.Contains(a.said(), "Two questions") || !strings.Contains(a.said(), "and one more action") {
			t.Errorf("who may not read the action: %s", a.said())
		}
		action := executive.get(goal).page().Find(`a[href^="/actions/"]`).AttrOr("href", "")
		if a := leader.get(action); !strings.Contains(a.said(), "Helps to reach Customers come back") {
			t.Errorf("the action's page: %s", a.said())
		}
	})
}

// How a unit's goal stands is for who works there or under it, and for who reads its scorecard.
func TestTheFiguresOfAGoalAreForItsUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		ann, sam := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "sam"))
		dee.follow(dee.post("/indicators/shipped", url.Values{"key": {"revenue"}}))
		year := time.Now().AddDate(0, -1, 0).Year()
		dee.upload("/observations", nil, "figures.csv", fmt.Sprintf("indicator,unit,period,value\nrevenue,North,%d-01,4321\n", year))
		indicators, err := s.Strategy.Indicators(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		goal := dee.follow(dee.post("/goals", aimed("Sell more", url.Values{"unit": {units["North"]}, "indicator": {indicators[0].ID}, "target": {"5000"}, "begins": {fmt.Sprint(year) + "-01-01"}, "ends": {fmt.Sprint(year) + "-12-31"}}))).at
		for _, path := range []string{goal, "/goals/units/" + units["North"]} {
			if a := ann.get(path); !strings.Contains(a.said(), "4,321") {
				t.Errorf("Ann, who works there, at %s: %s", path, a.said())
			}
			if a := sam.get(path); a.status != http.StatusOK || strings.Contains(a.said(), "4,321") {
				t.Errorf("Sam, who does not, at %s: %d %s", path, a.status, a.said())
			}
		}
		if a := sam.get("/goals/units/" + units["North"] + "?format=csv"); strings.Contains(a.body, "4321") {
			t.Errorf("as a file: %s", a.body)
		}
	})
}

// What is thought to lead to what is a picture and a list; a goal cannot stand under its own child.
func TestTheStrategyMapShowsHypotheses(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		effect := strings.TrimPrefix(dee.follow(dee.post("/goals", aimed("They come back", url.Values{"unit": {units["Shops"]}}))).at, "/goals/")
		form := dee.get("/goals/new?unit=" + units["Shops"])
		cause := dee.sendForm(form, "/goals", aimed("Nobody waits", url.Values{"perspective": {"process"}, "how-" + effect: {"leads-to"}, "because-" + effect: {"Waiting drives them off."}}))
		a := dee.get("/goals/units/" + units["Shops"])
		if !strings.Contains(a.said(), "If “Nobody waits”, then “They come back”. Waiting drives them off.") || a.page().Find(".strategymap .arrow").Length() != 1 || a.page().Find(".strategymap rect").Length() != 2 {
			t.Errorf("the map: %s", a.said())
		}
		round := dee.sendForm(dee.get("/goals/"+effect+"?edit"), "/goals/"+effect, url.Values{"how-" + strings.TrimPrefix(cause.at, "/goals/"): {"leads-to"}})
		if round.status != http.StatusUnprocessableEntity || !strings.Contains(round.said(), "the two would stand under each other") {
			t.Errorf("round: %d %s", round.status, round.said())
		}
	})
}

// A manager sets a goal with an employee, who agrees and looks at the way, on a phone.
func TestAGoalIsAgreedInTheBrowser(t *testing.T) {
	browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	units := s.crew(t)
	dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
	dee.post("/goals", aimed("Customers come back", url.Values{"unit": {units["Shops"]}}))
	bo, ann := s.crewMember(t, "bo", of(units["North"], org.Manager)), s.crewMember(t, "ann")

	p := browser.Open(t).Page(1280, 900, false, false)
	s.signInOn(t, p, bo)
	p.Goto(s.address + "/goals/units/" + units["North"])
	p.WaitText("nothing of North serves it yet")
	p.NoOverflow()
	p.Axe()
	p.Click(`a[href*="under="]`)
	p.WaitText("What will be so when it is reached?")
	p.Fill("#name", "Nobody waits longer than four minutes")
	p.NoOverflow()
	p.Axe()
	p.Click("main form button.btn")
	p.WaitText("Where it stands")
	p.Goto(s.address + "/goals/people")
	p.WaitText("2 people report to you.")
	p.Axe()
	p.Click(`a[href*="person="]`)
	p.WaitText("A goal for A")
	p.Goto(s.address + "/goals/people")
	p.Eval(`[...document.querySelectorAll("li")].find(li => li.innerText.includes("Ann")).querySelector('a[href*="person="]').click()`, nil)
	p.WaitText("A goal for Ann")
	p.Fill("#name", "I open a second till")
	p.Eval(`{ const s = document.querySelector("select[name^=how-]"); s.value = "supports"; s.dispatchEvent(new Event("change")); true }`, nil)
	p.Click("main form button.btn")
	p.WaitText("Ann has not said yes yet.")

	phone := browser.Open(t).Page(390, 900, true, true)
	s.signInOn(t, phone, ann)
	phone.WaitText("A goal of yours waits for your yes")
	phone.Eval(`[...document.querySelectorAll("main a")].find(a => a.getAttribute("href").startsWith("/goals/")).click()`, nil)
	phone.WaitText("Agree to it as it stands")
	phone.TabTo(`button[value="agree"]`)
	phone.Press("Enter")
	phone.WaitText("Agreed by Ann and Bo")
	phone.NoOverflow()
	phone.Axe()
	phone.Goto(s.address + "/line-of-sight")
	phone.WaitText("is how “Customers come back” comes about.")
	phone.NoOverflow()
	phone.Axe()
}
