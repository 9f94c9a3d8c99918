package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
)

const ownSkills = "key,name,parent,alternatives\nserve,Serving customers,,\nlisten,Listening to customers,serve,hearing out\ncount,Counting the till,,\n"

// learned brings competencies, and a role that Ann has and that requires two of them, as the head of
// learning does. It returns the role's path.
func (s *site) learned(t *testing.T, sam *client) string {
	t.Helper()
	if a := sam.upload("/competencies/import", url.Values{"name": {"Ours"}}, "skills.csv", ownSkills); !strings.Contains(a.said(), "3 new competencies came in.") {
		t.Fatalf("handed in: %d %s", a.status, a.said())
	}
	a := sam.follow(sam.post("/roles", url.Values{"name": {"Seller"}}))
	if a.status != http.StatusOK || !strings.Contains(a.said(), "Seller: 0 people have this role.") {
		t.Fatalf("a role: %d %s", a.status, a.said())
	}
	role := a.at
	for _, do := range []url.Values{
		{"do": {"require"}, "competency": {"Listening to customers"}, "level": {"3"}, "essential": {"yes"}},
		{"do": {"require"}, "competency": {"counting"}, "level": {"2"}},
		{"do": {"produce"}, "what": {"Customers who come back"}, "good": {"Four of five say so."}},
		{"do": {"hold"}, "person": {"ann"}},
	} {
		if a := sam.post(role, do); a.status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", do, a.status, a.said())
		}
	}
	return role
}

// What Ann lacks of what her role requires, she and her manager see, and nobody else; of several
// ratings the one counts that the rule names.
func TestWhatARoleRequiresAndSomebodyLacks(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		sam, bo := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "bo"))
		ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
		cy, dee := s.signIn(t, s.crewMember(t, "cy")), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		if a := sam.get("/learning"); !strings.Contains(a.said(), "Nothing says yet what people need to be able to do.") {
			t.Errorf("at first: %s", a.said())
		}
		role := s.learned(t, sam)
		if a := sam.post(role, url.Values{"do": {"require"}, "competency": {"c"}, "level": {"1"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "several competencies are called so: Counting the till; Listening to customers; Serving customers") {
			t.Errorf("a name of several: %d %s", a.status, a.said())
		}
		if a := sam.post(role, url.Values{"do": {"require"}, "competency": {"counting"}, "level": {"9"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "1 to 4") {
			t.Errorf("a level that there is not: %d %s", a.status, a.said())
		}

		own := ann.follow(ann.get("/development"))
		if !strings.Contains(own.said(), "Nobody has said yet how far the competencies are there that the role requires: 2 of them.") {
			t.Errorf("Ann, at first: %s", own.said())
		}
		path := own.at
		listen := strings.TrimPrefix(own.page().Find("a[href^='/competencies/']").First().AttrOr("href", ""), "/competencies/")
		if a := ann.follow(ann.post(path, url.Values{"do": {"rate"}, "level-" + listen: {"3"}})); !strings.Contains(a.said(), "What is rated is there; of one competency nobody has said it yet.") || !strings.Contains(a.said(), "3: alone; needed: 3: alone") {
			t.Errorf("Ann of herself: %s", a.said())
		}
		if a := bo.get("/development/people"); !strings.Contains(a.said(), "Ann Seller · 0 of 2 not there yet · one not rated") {
			t.Errorf("Bo's people: %s", a.said())
		}
		if a := bo.follow(bo.post(path, url.Values{"do": {"rate"}, "level-" + listen: {"1"}})); !strings.Contains(a.said(), "1: knows it; needed: 3: alone") {
			t.Errorf("the manager's word before the own: %s", a.said())
		}
		test := url.Values{"do": {"rate-one"}, "competency": {"hearing out"}, "level": {"2"}, "rated-by": {"assessment"}, "day": {own.page().Find("#day").AttrOr("value", "")}}
		if a := bo.post(path, test); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "which assessment or evidence it is") {
			t.Errorf("an assessment without a word: %d %s", a.status, a.said())
		}
		test.Set("note", "Listening test")
		if a := bo.follow(bo.post(path, test)); !strings.Contains(a.said(), "2: with help; needed: 3: alone") || !strings.Contains(a.said(), "Not there yet: 1 of 2 competencies that the role requires; of 1 nobody has said it.") {
			t.Errorf("an assessment before all: %s", a.said())
		}
		if a := ann.post(path, test); a.status != http.StatusSeeOther {
			t.Fatalf("Ann: %d %s", a.status, a.said())
		}
		if a := ann.get(path); !strings.Contains(a.said(), "2: with help; needed: 3: alone") {
			t.Errorf("Ann's own is an assessment: %s", a.said())
		}
		for name, c := range map[string]*client{"a colleague": abe, "another manager": cy, "the executive above": dee, "the head of learning": sam} {
			if a := c.get(path); a.status != http.StatusNotFound || strings.Contains(a.said(), "with help") {
				t.Errorf("%s reads Ann's development: %d", name, a.status)
			}
			if a := c.post(path, url.Values{"do": {"rate"}, "level-" + listen: {"0"}}); a.status != http.StatusNotFound {
				t.Errorf("%s rates Ann: %d", name, a.status)
			}
		}
		if a := sam.follow(sam.post("/learning/rule", url.Values{"newest": {"yes"}, "months": {"0"}})); !strings.Contains(a.said(), "The newest rating counts, whoever gave it.") {
			t.Errorf("the rule: %s", a.said())
		}
		if a := ann.get(path); !strings.Contains(a.said(), "the person,") {
			t.Errorf("the newest is Ann's own: %s", a.said())
		}
		if a := abe.get(role); a.status != http.StatusOK || strings.Contains(a.said(), "Take it back") {
			t.Errorf("a colleague reads the role, without who has it: %d %s", a.status, a.said())
		}
		if a := ann.get(path + "?format=csv"); strings.Count(a.body, "\n") != 3 {
			t.Errorf("as a file: %s", a.body)
		}
	})
}

func TestACatalogueSaysWhatIsWrongWithIt(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.crew(t)
	sam := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
	if a := sam.upload("/competencies/import", nil, "skills.csv", "key,name\na,A\nb,\na,C\n"); !strings.Contains(a.said(), "line 3: give it a name") || !strings.Contains(a.said(), "line 4: a stands in line 2 already") {
		t.Errorf("every mistake is told: %d %s", a.status, a.said())
	}
	if a := sam.upload("/competencies/import", nil, "case.json", `{"CFDocument":{"title":"Retail"},"CFItems":[{"identifier":"i1","fullStatement":"Serves"}]}`); !strings.Contains(a.said(), "One new competency came in.") {
		t.Errorf("CASE: %d %s", a.status, a.said())
	}
	f := sam.get("/competencies?q=serves")
	if !strings.Contains(f.said(), "One competency is called so.") || !strings.Contains(f.said(), "Retail") {
		t.Errorf("found: %s", f.said())
	}
}

// From a resource over an offering to the hours in the ledger: asked for by Ann, approved by Bo, with a
// place when another gives it up, noted by the head of learning; others see and do none of it.
func TestAResourceIsAskedForAndBecomesHours(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		sam, bo := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "bo"))
		ann, abe, cy := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe")), s.signIn(t, s.crewMember(t, "cy"))
		s.learned(t, sam)
		form := url.Values{"name": {"Listening well"}, "modality": {"classroom"}, "hours": {"4"}, "price": {"95,50"}, "currency": {"eur"}, "external": {"yes"}, "provider": {"Handel Academy"}, "approved": {"yes"}, "competencies": {"Listening to customers @ 3"}}
		form.Set("hours", "four")
		if a := sam.post("/resources", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "is no number of hours") {
			t.Errorf("hours that are none: %d %s", a.status, a.said())
		}
		form.Set("hours", "4")
		page := sam.follow(sam.post("/resources", form))
		if page.status != http.StatusOK || !strings.Contains(page.said(), "classroom · formal · Handel Academy · 4 hours · EUR 95.50 for one") || !strings.Contains(page.said(), "Listening to customers") {
			t.Fatalf("%d %s", page.status, page.said())
		}
		resource := page.at
		today := time.Now()
		day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
		offer := url.Values{"do": {"offer"}, "begins": {day(0)}, "ends": {day(0)}, "place": {"Gent"}, "places": {"1"}}
		offered := sam.follow(sam.post(resource, offer))
		offering := offered.page().Find("a[href^='/offerings/']").First().AttrOr("href", "")
		if a := sam.post(resource, offer); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "it is offered there from") {
			t.Errorf("the same twice: %d %s", a.status, a.said())
		}
		ask := url.Values{"do": {"ask"}, "offering": {strings.TrimPrefix(offering, "/offerings/")}, "needed": {day(0)}, "why": {"Complaints"}}
		for _, c := range []*client{abe, ann} {
			if a := c.follow(c.post(resource, ask)); !strings.Contains(a.said(), "waits for the manager's yes") {
				t.Fatalf("asked: %d %s", a.status, a.said())
			}
		}
		waiting := bo.get("/requests")
		if !strings.Contains(waiting.said(), "2 requests wait for your yes.") {
			t.Errorf("Bo: %s", waiting.said())
		}
		of := map[string]string{}
		waiting.page().Find("li").Each(func(_ int, li *goquery.Selection) {
			of[li.Find("b").First().Text()] = li.Find("form").AttrOr("action", "")
		})
		if a := cy.post(of["Ann"], url.Values{"do": {"yes"}}); a.status != http.StatusNotFound {
			t.Errorf("another manager decides: %d", a.status)
		}
		if a := ann.post(of["Ann"], url.Values{"do": {"yes"}}); a.status != http.StatusSeeOther || strings.Contains(ann.get("/requests").said(), "has a place") {
			t.Errorf("Ann says yes to herself: %d", a.status)
		}
		if a := bo.post(of["Abe"], url.Values{"do": {"no"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "why not") {
			t.Errorf("no without a word: %d %s", a.status, a.said())
		}
		bo.post(of["Abe"], url.Values{"do": {"yes"}})
		bo.post(of["Ann"], url.Values{"do": {"yes"}})
		if a := ann.get("/requests"); !strings.Contains(a.said(), "waits for a place") {
			t.Errorf("one place for two: %s", a.said())
		}
		abe.post(of["Abe"], url.Values{"do": {"withdraw"}})
		if a := ann.get("/requests"); !strings.Contains(a.said(), "has a place · "+day(0)) {
			t.Errorf("the place that is free: %s", a.said())
		}
		for name, c := range map[string]*client{"an employee": abe, "the manager": bo} {
			if a := c.get(offering); a.status != http.StatusNotFound {
				t.Errorf("%s reads who has a place: %d", name, a.status)
			}
		}
		list := sam.get(offering)
		if !strings.Contains(list.said(), "Listening well: 1 of 1 places are taken.") {
			t.Errorf("%s", list.said())
		}
		came := list.page().Find("input[value=yes]").First().AttrOr("name", "")
		sam.follow(sam.post(offering, url.Values{"do": {"note"}, came: {"yes"}, strings.Replace(came, "came", "result", 1): {"8"}}))
		if a := ann.get(resource); !strings.Contains(a.said(), "One person completed it in the last year. Of those who were through with it 100 % completed it. Of the places 100 % were taken. From need to access it takes 0 days in the middle.") {
			t.Errorf("used: %s", a.said())
		}
		sum, err := s.Effort.Totals(t.Context(), s.organisation, effort.Target{Kind: effort.ForResource, ID: strings.TrimPrefix(resource, "/resources/")})
		if err != nil || sum.Participants != 240 || len(sum.Costs) != 1 || sum.Costs[0].Amount != 9550 {
			t.Errorf("the ledger: %+v, %v", sum, err)
		}
		if a := sam.upload("/resources/import", nil, "r.csv", "name,modality,hours\nTills,classroom,2\nX,dancing,1\n"); !strings.Contains(a.said(), "line 3: choose how one learns by it") {
			t.Errorf("a file that is wrong: %s", a.said())
		}
		if a := sam.upload("/resources/import", nil, "r.csv", "name,modality,hours,competencies\nTills,classroom,2,count@2\n"); !strings.Contains(a.said(), "One new resource came in.") {
			t.Errorf("a file: %s", a.said())
		}
	})
}

// The round: the head of learning drafts and signs, the head of the unit signs, both see what serves what;
// the goal changes and the priority is open again.
func TestALearningPlanIsSignedByBothAndReopensWithItsGoal(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		sam, dee := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		bo, cy := s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager))), s.signIn(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))
		s.learned(t, sam)
		goal := dee.follow(dee.post("/goals", aimed("Customers come back", url.Values{"unit": {units["Shops"]}, "owner": {"dee"}}))).at
		if a := bo.follow(bo.get("/learning/strategy")); !strings.Contains(a.said(), "North has no learning plan") {
			t.Errorf("Bo's own part: %s", a.said())
		}
		path := "/learning/strategy/" + units["North"]
		priority := url.Values{"do": {"save"}, "name": {"Everybody in North hears a complaint out"}, "goal": {strings.TrimPrefix(goal, "/goals/")}, "competencies": {"Listening to customers"}, "solutions": {"job-tools: A card at the till"}, "budget": {"2500"}, "currency": {"EUR"}, "owner": {"bo"}, "hours": {"120"}}
		if a := bo.post(path, priority); a.status != http.StatusNotFound {
			t.Errorf("the manager drafts: %d", a.status)
		}
		wrong := url.Values{"do": {"save"}, "name": {"x"}, "goal": priority["goal"], "solutions": {"dreaming: x"}, "owner": {"bo"}, "currency": {"EUR"}}
		if a := sam.post(path, wrong); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "choose what kind of solution it is") {
			t.Errorf("a solution that is none: %d %s", a.status, a.said())
		}
		plan := sam.follow(sam.post(path, priority))
		for _, want := range []string{"0 of 1 priorities are signed by both.", "not signed", "tools and resources of a job: A card at the till", "120 hours · EUR 2,500 · Bo"} {
			if !strings.Contains(plan.said(), want) {
				t.Errorf("drafted, without %q: %s", want, plan.said())
			}
		}
		id := strings.TrimPrefix(plan.page().Find("button[name=do][value^=sign-learning]").AttrOr("value", ""), "sign-learning ")
		if a := sam.post(path, url.Values{"do": {"sign-head " + id}}); a.status != http.StatusNotFound {
			t.Errorf("learning signs for the unit: %d", a.status)
		}
		if a := cy.post(path, url.Values{"do": {"sign-head " + id}}); a.status != http.StatusNotFound {
			t.Errorf("the head of another unit signs: %d", a.status)
		}
		if a := bo.follow(bo.post(path, url.Values{"do": {"meet"}, "day": {time.Now().Format(time.DateOnly)}, "with": {"Bo and Sam"}, "decisions": {"A card instead of a second course"}})); !strings.Contains(a.said(), "A card instead of a second course") {
			t.Errorf("the minutes: %s", a.said())
		}
		sam.post(path, url.Values{"do": {"sign-learning " + id}})
		if a := bo.get(path); !strings.Contains(a.said(), "signed by one of the two") {
			t.Errorf("one has signed: %s", a.said())
		}
		if a := bo.follow(bo.post(path, url.Values{"do": {"sign-head " + id}})); !strings.Contains(a.said(), "The one priority is signed by both.") || !strings.Contains(a.said(), "for learning: Sam") {
			t.Errorf("both: %s", a.said())
		}
		if a := sam.get("/learning/alignment?unit=" + units["North"]); !strings.Contains(a.said(), "Every goal is served; 2 needs have no resource, and 0 resources serve no goal.") {
			t.Errorf("what serves what: %s", a.said())
		}
		for who, sees := range map[*client]bool{sam: true, bo: true, cy: false} {
			if a := who.get(goal); strings.Contains(a.said(), "Priority: Everybody in North hears a complaint out") != sees {
				t.Errorf("what is learned for the goal: %s", a.said())
			}
		}
		if a := cy.get("/learning/alignment?unit=" + units["North"]); a.status != http.StatusNotFound {
			t.Errorf("of a unit that is not hers: %d", a.status)
		}
		dee.post(goal, aimed("Nine of ten customers come back", url.Values{"do": {"save"}, "owner": {"dee"}}))
		if a := sam.get("/learning/strategy"); !strings.Contains(a.said(), "0 of 1 priorities are signed by both; under 1 the goal has changed.") || !strings.Contains(a.said(), "open again: its goal has changed") {
			t.Errorf("the goal has changed: %s", a.said())
		}
	})
}

// planned gives Ann a role with two gaps, a course for one of them, and a goal of her own.
func (s *site) planned(t *testing.T, units map[string]string, sam, dee, ann *client) (person string) {
	t.Helper()
	s.learned(t, sam)
	a := sam.post("/resources", url.Values{"name": {"Listening well"}, "modality": {"self-paced"}, "hours": {"1.5"}, "currency": {"EUR"}, "competencies": {"Listening to customers @ 3"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("a resource: %d %s", a.status, a.said())
	}
	top := strings.TrimPrefix(dee.follow(dee.post("/goals", aimed("Customers come back", url.Values{"unit": {units["Shops"]}, "owner": {"dee"}}))).at, "/goals/")
	person = strings.TrimPrefix(ann.follow(ann.get("/development")).at, "/development/")
	own := ann.follow(ann.post("/goals", aimed("I hear every complaint out", url.Values{"person": {person}, "reaches": {top}, "how-" + top: {"supports"}, "objectives": {"Answer a letter"}})))
	if own.status != http.StatusOK {
		t.Fatalf("an own goal: %d %s", own.status, own.said())
	}
	return person
}

// A manager builds a plan with an employee, in the browser: from a suggestion with its reason over both
// yeses to the confirmation, which is evidence; the line of sight ends in it.
func TestAManagerBuildsAPlanWithAnEmployeeInTheBrowser(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := browser.Open(t)
		units := s.crew(t)
		sam, dee := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		bo, annID := s.crewMember(t, "bo", of(units["North"], org.Manager)), s.crewMember(t, "ann")
		ann := s.signIn(t, annID)
		person := s.planned(t, units, sam, dee, ann)

		p := b.Page(1280, 900, false, false)
		s.signInOn(t, p, bo)
		p.Goto(s.address + "/development/people")
		p.Click("a[href='/development/" + person + "']")
		p.WaitText("There is no plan yet")
		if text := p.Text("main"); !strings.Contains(text, "Seller requires Listening to customers, and nobody has said yet how far it is there.") {
			t.Errorf("no suggestion with its reason: %s", text)
		}
		p.Screenshot("manager-plan-suggestions")
		p.Click("a[href$='items/new?from=0']")
		p.WaitFor("#what")
		p.Click("button[value=save]")
		p.WaitText("waits for a yes")
		p.Screenshot("manager-plan-item")
		p.Axe()
		item := p.URL()

		phone := browser.Open(t).Page(390, 900, true, true)
		s.signInOn(t, phone, annID)
		phone.Goto(item)
		phone.Click("button[value=agree]")
		phone.WaitText("agreed, worked on")
		phone.Fill("#step", "Two colleagues have watched me")
		phone.Click("button[value=evidence]")
		phone.WaitText("Two colleagues have watched me")
		phone.Fill("#came", "I do not defend any more")
		phone.Fill("#hours", "1,5")
		phone.Click("button[value=report]")
		phone.WaitText("done, waits to be confirmed")
		phone.NoOverflow()
		phone.Axe()
		phone.Screenshot("employee-plan-item")

		p.Goto(item)
		p.Click("button[value=confirm]")
		p.WaitText("Confirmed by")
		if all, err := s.Effort.Entries(t.Context(), s.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfPlan}}); err != nil || len(all) != 1 || all[0].Hours[0].Minutes != 90 || len(all[0].Serves) != 0 {
			t.Errorf("what a plan comes to in the ledger: %+v, %v", all, err)
		}
		p.Goto(s.address + "/development/" + person)
		if text := p.Text("main"); !strings.Contains(text, "evidence, ") || !strings.Contains(text, "3: alone; needed: 3: alone") {
			t.Errorf("the confirmation is no evidence: %s", text)
		}
		p.Screenshot("manager-plan")
		phone.Goto(s.address + "/line-of-sight")
		phone.WaitText("What is learned next")
		phone.Screenshot("employee-sight-with-plan")
		phone.Axe()
	})
}

// Others find nothing of somebody's plan, and do nothing in it.
func TestAPlanIsForThePersonAndTheLineManager(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	units := s.crew(t)
	sam, dee := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
	bo, ann := s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager))), s.signIn(t, s.crewMember(t, "ann"))
	abe, cy := s.signIn(t, s.crewMember(t, "abe")), s.signIn(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))
	person := s.planned(t, units, sam, dee, ann)
	path := "/development/" + person + "/items"
	form := url.Values{"do": {"save"}, "what": {"A month of the rota"}, "modality": {"stretch-assignment"}, "due": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}
	if a := ann.post(path, url.Values{"do": {"save"}, "what": {"x"}, "modality": {"stretch-assignment"}, "due": {"soon"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "choose the day by which it is done") {
		t.Errorf("a day that is none: %d %s", a.status, a.said())
	}
	item := ann.follow(ann.post(path, form)).at
	if a := ann.get("/development/" + person); !strings.Contains(a.said(), "One item of the plan is worked on.") || !strings.Contains(a.said(), "Answer a letter") || !strings.Contains(a.said(), "It is to be learned for the goal “I hear every complaint out”.") {
		t.Errorf("Ann's own: %s", a.said())
	}
	if a := bo.get("/development/people"); !strings.Contains(a.said(), "one item of the plan waits for you") {
		t.Errorf("Bo's people: %s", a.said())
	}
	for name, c := range map[string]*client{"a colleague": abe, "another manager": cy, "the executive": dee, "the head of learning": sam} {
		for _, get := range []string{item, item + "/edit", path + "/new"} {
			if a := c.get(get); a.status != http.StatusNotFound {
				t.Errorf("%s reads %s: %d", name, get, a.status)
			}
		}
		for _, do := range []string{"agree", "drop", "confirm", "save"} {
			if a := c.post(item, url.Values{"do": {do}}); a.status != http.StatusNotFound {
				t.Errorf("%s does %s: %d", name, do, a.status)
			}
		}
	}
	if bo.post(item, url.Values{"do": {"report"}, "came": {"x"}}); strings.Contains(ann.get(item).said(), "waits to be confirmed") {
		t.Error("the manager says that it is done")
	}
	bo.post(item, url.Values{"do": {"agree"}})
	ann.post(item, url.Values{"do": {"report"}, "came": {"It held"}, "hours": {"10"}})
	if ann.post(item, url.Values{"do": {"confirm"}}); strings.Contains(ann.get(item).said(), "Confirmed by") {
		t.Error("the person confirms it")
	}
	if a := bo.follow(bo.post(item, url.Values{"do": {"confirm"}})); !strings.Contains(a.said(), "Confirmed by") {
		t.Errorf("%s", a.said())
	}
}
