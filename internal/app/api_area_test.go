package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/org"
)

func TestTheOrganisationIsToldAsFarAsARoleReaches(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		all := s.calls(t, s.crewMember(t, "dee", whole(org.ProgrammeManager)))
		part := s.calls(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
		if got := all.list("/units"); len(got) != 3 || got[0]["name"] != "Shops" || got[0]["people"] != 6.0 || which(t, got, "name", "North")["above"] != got[0]["id"] {
			t.Errorf("the whole: %v", got)
		}
		if got := part.list("/units"); len(got) != 1 || got[0]["name"] != "North" || got[0]["own"] != 3.0 {
			t.Errorf("North's manager: %v", got)
		}
		for path, status := range map[string]int{"/units/" + units["South"]: 404, "/people?unit=" + units["South"]: 404, "/people": 422, "/locations": 404, "/units/" + units["North"]: 200} {
			if a := part.ask("GET", path, ""); a.status != status {
				t.Errorf("North's manager asks for %s: %d %s", path, a.status, a.body)
			}
		}
		people := part.list("/people?unit=" + units["North"])
		if len(people) != 3 || which(t, people, "key", "ann")["manager"] != "bo" {
			t.Errorf("people: %v", people)
		}
		sam := which(t, all.list("/people"), "key", "sam")["id"].(string)
		if a := part.ask("GET", "/people/"+sam, ""); a.status != http.StatusNotFound {
			t.Errorf("somebody of South: %d", a.status)
		}
		var first struct {
			Items []fields
			Next  int
		}
		all.must(200, "GET", "/people?limit=4", "", &first)
		if len(first.Items) != 4 || first.Next != 4 {
			t.Errorf("a page: %+v", first)
		}
		if rest := all.list("/people?limit=4&offset=4"); len(rest) != 2 {
			t.Errorf("the next page: %v", rest)
		}
		if a := all.ask("GET", "/units?day=soon", ""); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a day that is none: %d %s", a.status, a.body)
		}
		stranger := s.founding(t, "strangers")
		theirs := stranger.calls(t, stranger.account(t, "eve", whole(org.ProgrammeManager)))
		for _, path := range []string{"/units/" + units["North"], "/people/" + sam, "/goals/units/" + units["North"]} {
			if a := theirs.ask("GET", path, ""); a.status != http.StatusNotFound {
				t.Errorf("another organisation asks for %s: %d", path, a.status)
			}
		}
	})
}

// A program is told what the pages show: the same figures, the same withheld, and that it was told is noted.
func TestAReportIsToldAsItIsReleasedAndWithheld(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead)
		path := report[strings.Index(report, "/diagnoses"):]
		reads := s.calls(t, s.accountOf(t, "lead@example.org"))
		units := lead.units(report)
		executive := s.calls(t, s.account(t, "executive", whole(org.Executive)))
		manager := s.calls(t, s.account(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: units["North"].ID}}))
		lead.post(report+"/release", url.Values{"to": {""}})
		if a := executive.ask("GET", path, ""); a.status != http.StatusNotFound || len(executive.list("/diagnoses")) != 0 {
			t.Errorf("before it is released: %d", a.status)
		}
		lead.post(report+"/release", url.Values{"to": {"managers"}})
		if got := executive.list("/diagnoses"); len(got) != 1 || got[0]["state"] != "closed" {
			t.Errorf("released: %v", got)
		}
		told := reads.list(path + "/units")
		if len(told) != len(units) {
			t.Errorf("%d units are told, %d shown", len(told), len(units))
		}
		for _, u := range told {
			page := units[u["name"].(string)]
			if (u["withheld"] == nil) != (page.N != nil) || u["n"] == nil && fmt.Sprint(u["factors"]) == fmt.Sprint(which(t, told, "name", "North")["factors"]) {
				t.Errorf("%v, on the page %+v", u, page)
			}
			if page.N != nil && u["n"] != float64(*page.N) {
				t.Errorf("%v answered in %v, on the page %d", u["n"], u["name"], *page.N)
			}
		}
		if got := manager.list(path + "/units"); len(got) != 1 || got[0]["name"] != "North" {
			t.Errorf("North's manager: %v", got)
		}
		var whole, part fields
		reads.must(200, "GET", path, "", &whole)
		manager.must(200, "GET", path, "", &part)
		if whole["whole"] == nil || part["whole"] != nil || len(whole["characteristics"].([]any)) != len(whole["whole"].(fields)["characteristics"].(fields)) || len(whole["factors"].([]any)) != 5 {
			t.Errorf("the report: %v %d, a part: %v", whole["whole"], len(whole["characteristics"].([]any)), part["whole"])
		}
		if a := manager.ask("GET", path+"/groups", ""); a.status != http.StatusNotFound {
			t.Errorf("groups of the whole for a part: %d", a.status)
		}
		reads.list(path + "/groups")
		if a := reads.ask("GET", path+"/focal-points", ""); a.status != http.StatusNotFound {
			t.Errorf("nothing is decided: %d", a.status)
		}
		if a := lead.get(report + "/views"); !strings.Contains(a.said(), "Units · API") || !strings.Contains(a.said(), "manager") {
			t.Errorf("who saw what: %s", a.said())
		}
	})
}

func TestTheTransitionIsTold(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.decided(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		programme, team, account := s.led(t, s.as(t, "boss", whole(org.ProgrammeManager)))
		leader := s.signIn(t, account)
		page := leader.get(team)
		a := leader.sendForm(page, team, deed(page, url.Values{"what": {"Open earlier"}}))
		if a.status != http.StatusOK {
			t.Fatalf("deciding: %d %s", a.status, a.said())
		}
		c := s.calls(t, s.accountOf(t, "boss@example.org"))
		if got := c.list("/programmes"); len(got) != 1 || "/programmes/"+got[0]["id"].(string) != programme {
			t.Errorf("programmes: %v", got)
		}
		var one fields
		c.must(200, "GET", programme, "", &one)
		if one["kind"] != "leaders" || one["active"] != 1.0 || len(one["teams"].([]any)) == 0 {
			t.Errorf("the programme: %v", one)
		}
		actions := c.list("/actions?open=true")
		if len(actions) != 1 || actions[0]["what"] != "Open earlier" || actions[0]["state"] != "open" {
			t.Fatalf("actions: %v", actions)
		}
		id := actions[0]["id"].(string)
		c.must(200, "GET", "/actions/"+id, "", &one)
		nobody := s.calls(t, s.account(t, "nobody", whole(org.Employee)))
		if got := nobody.list("/actions"); len(got) != 0 {
			t.Errorf("somebody who reads none: %v", got)
		}
		if a := nobody.ask("GET", "/actions/"+id, ""); a.status != http.StatusNotFound {
			t.Errorf("somebody who does not read it: %d", a.status)
		}
		lead := s.calls(t, s.accountOf(t, "lead@example.org"))
		diagnosis := lead.list("/diagnoses")[0]["id"].(string)
		if got := lead.list("/diagnoses/" + diagnosis + "/report/focal-points"); len(got) < 3 {
			t.Errorf("focal points: %v", got)
		}
		c.list("/initiatives")
		c.list("/practices?q=light")
	})
}

// North sells 33 up to March; by API come what a page takes, and what it shows goes out.
func TestFiguresComeInAndGoOutByAPI(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		boss := s.as(t, "boss", whole(org.Executive))
		s.shops(t)
		c := s.calls(t, s.accountOf(t, "boss@example.org"))
		north := which(t, c.list("/units"), "name", "North")["id"].(string)
		year := time.Now().AddDate(0, -3, 0).Year()
		indicator := fields{"name": "Revenue", "direction": "higher", "over_units": "sum", "over_time": "sum", "grain": "month", "perspective": "financial", "measure": "EUR"}
		var made fields
		c.must(201, "POST", "/indicators", body(t, indicator), &made)
		id := made["id"].(string)
		if a := c.ask("POST", "/indicators", body(t, indicator)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"field":"key"`) {
			t.Errorf("defined twice: %d %s", a.status, a.body)
		}
		indicator["definition"] = "What is sold."
		c.must(200, "PUT", "/indicators/"+id, body(t, indicator), &made)
		if got := c.list("/indicators"); len(got) != 1 || got[0]["definition"] != "What is sold." || got[0]["key"] != "revenue" {
			t.Errorf("indicators: %v", got)
		}
		indicator["name"] = "Telegrams"
		c.must(201, "POST", "/indicators", body(t, indicator), &made)
		old, err := s.Strategy.Indicator(t.Context(), s.organisation, made["id"].(string))
		if err != nil {
			t.Fatal(err)
		}
		old.Ended = "2020-01-01"
		if _, err := s.Strategy.SaveIndicator(t.Context(), s.organisation, old, "", "boss"); err != nil {
			t.Fatal(err)
		}
		if c.must(200, "PUT", "/indicators/"+old.ID, body(t, indicator), &made); made["ended"] != "2020-01-01" {
			t.Errorf("a change of an ended indicator: %v", made)
		}
		var rows []fields
		for m := range 3 {
			rows = append(rows, fields{"indicator": "revenue", "unit": "North", "period": fmt.Sprintf("%d-%02d", year, m+1), "value": 11, "plan": 10.5})
			rows = append(rows, fields{"indicator": "revenue", "unit": "South", "period": fmt.Sprintf("%d-%02d", year, m+1), "value": 20})
		}
		feed := body(t, fields{"source": "the till", "rows": rows})
		first, again := c.ask("POST", "/observations", feed, "Idempotency-Key", "march"), c.ask("POST", "/observations", feed, "Idempotency-Key", "march")
		if first.status != 201 || first.body != again.body || !strings.Contains(first.body, `"figures":9,"changed":0,"kept":0`) {
			t.Errorf("fed: %d %s, again %s", first.status, first.body, again.body)
		}
		bad := c.ask("POST", "/observations", body(t, fields{"source": "x", "rows": []fields{{"indicator": "revenue", "unit": "Nowhere", "period": "2026-01", "value": 1}, {"indicator": "profit", "unit": "North", "period": "2026-01", "value": 1}}}))
		if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, "line 1: there is no unit") || !strings.Contains(bad.body, "line 2: there is no indicator") {
			t.Errorf("a bad feed: %d %s", bad.status, bad.body)
		}
		for what, bad := range map[string]string{"no JSON": "{", "a word for a number": `{"source":"x","rows":[{"indicator":"revenue","unit":"North","period":"2026-01","value":"12,5 %"}]}`, "no rows": `{"source":"x","rows":[]}`, "another field": `{"source":"x","rows":[{"indicator":"revenue","unit":"North","period":"2026-01","worth":1}]}`} {
			if a := c.ask("POST", "/observations", bad); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		var card, sheet fields
		c.must(200, "GET", "/scorecards/"+north, "", &card)
		line := card["lines"].([]any)[0].(fields)
		if line["to_date"] != 33.0 || line["through"] != fmt.Sprintf("%d-03", year) || line["of_plan"].(float64) < 1.047 || line["of_plan"].(float64) > 1.048 {
			t.Errorf("North's scorecard: %v", card)
		}
		if said := boss.get("/scorecards/" + north).said(); !strings.Contains(said, "33") {
			t.Errorf("on the page: %s", said)
		}
		shops := which(t, c.list("/units"), "name", "Shops")["id"].(string)
		c.must(200, "GET", "/scorecards/"+shops+"/"+id, "", &sheet)
		if sheet["line"].(fields)["to_date"] != 93.0 || len(sheet["under"].([]any)) != 2 || len(sheet["periods"].([]any)) != 3 {
			t.Errorf("all of them: %v", sheet)
		}
		c.must(200, "GET", "/scorecards/"+north+"/"+id, "", &sheet)
		if point := sheet["periods"].([]any)[0].(fields); point["source"] != "the till" || point["by"] != "boss" || point["plan"] != 10.5 {
			t.Errorf("where it came from: %v", point)
		}
		var goal fields
		c.must(201, "POST", "/goals", body(t, fields{"unit": shops, "name": "Sell more", "perspective": "financial", "begins": "2026-01-01", "ends": "2026-12-31", "indicator": "revenue", "target": 500}), &goal)
		under := fields{"unit": north, "name": "Sell more here", "perspective": "financial", "begins": "2026-01-01", "ends": "2026-12-31", "links": []fields{{"goal": goal["id"], "how": "contributes", "because": "North is half of it."}}}
		c.must(201, "POST", "/goals", body(t, under), &goal)
		if got := c.list("/goals/units/" + shops); len(got) != 1 || got[0]["units"] != 1.0 || got[0]["indicator"] != "revenue" {
			t.Errorf("goals of the whole: %v", got)
		}
		under["links"] = []fields{{"goal": "nothing", "how": "contributes"}}
		if a := c.ask("POST", "/goals", body(t, under)); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a goal under none: %d %s", a.status, a.body)
		}
		c.must(201, "POST", "/goals/"+goal["id"].(string)+"/check-ins", `{"pace":"on-track","what":"It goes."}`, &goal)
		if goal["said"] != "It goes." {
			t.Errorf("checked in: %v", goal)
		}
		manager := s.calls(t, s.account(t, "manager", of(north, org.Manager)))
		for _, path := range []string{"/scorecards/" + shops, "/scorecards/" + shops + "/" + id} {
			if a := manager.ask("GET", path, ""); a.status != http.StatusNotFound {
				t.Errorf("North's manager asks for %s: %d", path, a.status)
			}
		}
		if a := manager.ask("POST", "/observations", feed); a.status != http.StatusNotFound {
			t.Errorf("a manager feeds: %d", a.status)
		}
		if a := manager.ask("POST", "/goals", body(t, fields{"unit": shops, "name": "Mine", "perspective": "financial", "begins": "2026-01-01", "ends": "2026-12-31"})); a.status != http.StatusNotFound {
			t.Errorf("a manager sets a goal of the whole: %d %s", a.status, a.body)
		}
	})
}

// What somebody has is told by API as on the page: to that person and the line manager.
func TestFiguresOfAPersonByAPI(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		dee := s.crewMember(t, "dee", whole(org.Executive))
		talks, month := s.talked(t, s.signIn(t, dee))
		boss := s.calls(t, dee)
		bo, ann := s.calls(t, s.crewMember(t, "bo", of(units["North"], org.Manager))), s.calls(t, s.crewMember(t, "ann"))
		person := which(t, bo.list("/people?unit="+units["North"]), "key", "ann")["id"].(string)
		for name, c := range map[string]*program{"the line manager": bo, "Ann": ann} {
			got := c.list("/people/" + person + "/figures")
			if len(got) != 1 || got[0]["line"].(fields)["to_date"] != 10.0 {
				t.Errorf("%s: %v", name, got)
			}
		}
		if a := boss.ask("GET", "/people/"+person+"/figures", ""); a.status != http.StatusNotFound {
			t.Errorf("the executive: %d %s", a.status, a.body)
		}
		var done struct{ Items []fields }
		boss.must(201, "POST", "/indicators/"+talks+"/publications", body(t, fields{"periods": []string{string(month)}}), &done)
		if len(done.Items) != 1 || done.Items[0]["people"] != 6.0 || done.Items[0]["units"] != 2.0 {
			t.Errorf("published: %v", done)
		}
		if a := boss.ask("POST", "/indicators/"+talks+"/publications", body(t, fields{"periods": []string{string(month)}})); a.status != http.StatusConflict {
			t.Errorf("again: %d", a.status)
		}
		// However a period is written, it is told once.
		otherwise := strings.ReplaceAll(string(month), "-", "/")
		if a := boss.ask("POST", "/indicators/"+talks+"/publications", body(t, fields{"periods": []string{otherwise}})); a.status != http.StatusConflict {
			t.Errorf("again as %s: %d", otherwise, a.status)
		}
		if a := boss.ask("POST", "/indicators/"+talks+"/publications", body(t, fields{"periods": []string{"2020-01", "2020.01"}})); a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "named twice") {
			t.Errorf("twice at once: %d %s", a.status, a.body)
		}
		for c, path := range map[*program]string{ann: "/people/" + person + "/figures", boss: "/scorecards/" + units["North"] + "/" + talks} {
			if a := c.ask("GET", path+"?year=2305843009213693954", ""); a.status != http.StatusUnprocessableEntity {
				t.Errorf("a year far away: %d %s", a.status, a.body)
			}
		}
		boss.ask("POST", "/observations", body(t, fields{"source": "x", "rows": []fields{{"indicator": "talks", "person": "ann", "period": month, "value": 12}}}))
		var sheet fields
		boss.must(200, "GET", "/scorecards/"+units["North"]+"/"+talks, "", &sheet)
		if sheet["line"].(fields)["to_date"] != 35.0 {
			t.Errorf("North: %v", sheet)
		}
	})
}

func TestCompetenciesComeAndGoByProgram(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		sam := s.crewMember(t, "sam", whole(org.HeadOfLearning))
		head, ann, abe := s.calls(t, sam), s.calls(t, s.crewMember(t, "ann")), s.calls(t, s.crewMember(t, "abe"))
		var came fields
		head.must(http.StatusCreated, "POST", "/competencies", `{"framework": "Ours", "items": [{"key": "b", "name": "Listening", "parent": "a"}, {"key": "a", "name": "Serving"}, {"key": "c", "name": "Counting"}]}`, &came)
		if came["fresh"] != 3.0 {
			t.Errorf("%v", came)
		}
		if a := head.ask("POST", "/competencies", `{"framework": "Ours", "items": [{"key": "b", "name": "Listening", "parent": "z"}]}`); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "line 1: Listening is part of z") {
			t.Errorf("a part of nothing: %d %s", a.status, a.body)
		}
		head.must(http.StatusCreated, "POST", "/competencies", `{"framework": "Ours", "whole": true, "items": [{"key": "b", "name": "Listening", "parent": "a"}, {"key": "a", "name": "Serving"}]}`, &came)
		if came["same"] != 2.0 || came["ended"] != 1.0 {
			t.Errorf("again: %v", came)
		}
		all := ann.list("/competencies?framework=Ours")
		if len(all) != 2 || which(t, all, "name", "Listening")["parent"] != which(t, all, "name", "Serving")["id"] {
			t.Errorf("%v", all)
		}
		if a := ann.ask("GET", "/competencies?framework=Theirs", ""); a.status != http.StatusNotFound {
			t.Errorf("a framework that is not there: %d", a.status)
		}
		c := s.signIn(t, sam)
		role := c.follow(c.post("/roles", url.Values{"name": {"Seller"}})).at
		c.post(role, url.Values{"do": {"require"}, "competency": {"listening"}, "level": {"3"}})
		c.post(role, url.Values{"do": {"hold"}, "person": {"ann"}})
		roles := abe.list("/roles")
		if len(roles) != 1 || roles[0]["holders"] != 1.0 || len(roles[0]["requires"].([]any)) != 1 {
			t.Errorf("%v", roles)
		}
		day := time.Now().Format(time.DateOnly)
		given := `{"assessments": [{"person": "%s", "competency": "b", "level": 2, "day": "` + day + `", "note": "Listening test"}]}`
		if a := head.ask("POST", "/assessments", fmt.Sprintf(given, "nobody")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `row 1: there is no person \"nobody\"`) {
			t.Errorf("of nobody: %d %s", a.status, a.body)
		}
		head.must(http.StatusCreated, "POST", "/assessments", fmt.Sprintf(given, "ann"), &came)
		person, err := s.Org.PersonByKey(t.Context(), s.organisation, "ann", period.DayOf(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		path := "/people/" + person.ID + "/competencies"
		if got := ann.list(path); len(got) != 1 || got[0]["there"] != 2.0 || got[0]["required"] != 3.0 || got[0]["rated_by"] != "assessment" {
			t.Errorf("%v", got)
		}
		for name, other := range map[string]*program{"a colleague": abe, "the head of learning": head} {
			if a := other.ask("GET", path, ""); a.status != http.StatusNotFound {
				t.Errorf("%s reads what Ann has: %d", name, a.status)
			}
		}
	})
}

func TestWhatIsLearnedByIsToldToPrograms(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		sam, dee := s.crewMember(t, "sam", whole(org.HeadOfLearning)), s.crewMember(t, "dee", whole(org.Executive))
		head, ann, cy := s.calls(t, sam), s.calls(t, s.crewMember(t, "ann")), s.calls(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))
		c := s.signIn(t, sam)
		s.learned(t, c)
		boss := s.signIn(t, dee)
		goal := strings.TrimPrefix(boss.follow(boss.post("/goals", aimed("Customers come back", url.Values{"unit": {units["Shops"]}, "owner": {"dee"}}))).at, "/goals/")
		page := c.follow(c.post("/resources", url.Values{"name": {"Listening well"}, "modality": {"classroom"}, "hours": {"4"}, "price": {"95,50"}, "currency": {"EUR"}, "competencies": {"Listening to customers @ 3"}, "goal": {goal}}))
		day := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
		c.follow(c.post(page.at, url.Values{"do": {"offer"}, "begins": {day}, "ends": {day}, "place": {"Gent"}, "places": {"6"}}))
		all := ann.list("/resources?modality=classroom&goal=" + goal)
		if len(all) != 1 || all[0]["minutes"] != 240.0 || all[0]["price"].(fields)["amount"] != 95.5 || len(all[0]["for"].([]any)) != 2 {
			t.Fatalf("%v", all)
		}
		if got := ann.list("/resources?modality=coaching"); len(got) != 0 {
			t.Errorf("coaching: %v", got)
		}
		if got := ann.list("/offerings"); len(got) != 1 || got[0]["resource"] != all[0]["id"] || got[0]["begins"] != day || got[0]["places"] != 6.0 || got[0]["taken"] != 0.0 {
			t.Errorf("%v", got)
		}
		c.post("/learning/strategy/"+units["North"], url.Values{"do": {"save"}, "name": {"Everybody hears a complaint out"}, "goal": {goal}, "solutions": {"job-tools: A card at the till"}, "budget": {"2500"}, "currency": {"EUR"}, "owner": {"bo"}, "hours": {"120"}})
		plans := head.list("/priorities")
		if len(plans) != 1 || plans[0]["state"] != "drafted" || plans[0]["goal"] != goal || plans[0]["budget"].(fields)["amount"] != 2500.0 || plans[0]["owner"] != "Bo" {
			t.Errorf("%v", plans)
		}
		if got := cy.list("/priorities"); len(got) != 0 {
			t.Errorf("the manager of another unit reads %v", got)
		}
		if a := ann.ask("GET", "/priorities", ""); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("somebody without a role: %d", a.status)
		}
	})
}

// A request and an item of a plan go their whole way by programs: asked for and agreed by both, done and confirmed; of
// both nobody else hears.
func TestRequestsAndPlansGoTheirWayByPrograms(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		sam := s.crewMember(t, "sam", whole(org.HeadOfLearning))
		head, ann, bo, abe := s.calls(t, sam), s.calls(t, s.crewMember(t, "ann")), s.calls(t, s.crewMember(t, "bo")), s.calls(t, s.crewMember(t, "abe"))
		c := s.signIn(t, sam)
		c.follow(c.post("/resources", url.Values{"name": {"Cards"}, "modality": {"self-paced"}, "hours": {"2"}, "approval": {"yes"}, "approved": {"yes"}}))
		cards := ann.list("/resources")[0]["id"].(string)
		var asked, item fields
		ann.must(http.StatusCreated, "POST", "/requests", `{"resource": "`+cards+`", "why": "For the winter"}`, &asked)
		if asked["state"] != "asked" || asked["name"] != "Ann" {
			t.Fatalf("%v", asked)
		}
		request, person := "/requests/"+asked["id"].(string), asked["person"].(string)
		if a := ann.ask("POST", "/requests", `{"resource": "`+cards+`"}`); a.status != http.StatusConflict {
			t.Errorf("asked for twice: %d %s", a.status, a.body)
		}
		for name, other := range map[string]*program{"a colleague": abe, "the head of learning": head} {
			for _, path := range []string{request + "/withdrawal", "/people/" + person + "/plan/none/agreement"} {
				if a := other.ask("POST", path, "{}"); a.status != http.StatusNotFound {
					t.Errorf("%s does %s: %d", name, path, a.status)
				}
			}
			if a := other.ask("GET", "/people/"+person+"/plan", ""); a.status != http.StatusNotFound || len(other.list("/requests")) != 0 {
				t.Errorf("%s reads Ann's: %d", name, a.status)
			}
			if a := other.ask("POST", "/requests", `{"resource": "`+cards+`", "person": "`+person+`"}`); a.status != http.StatusNotFound {
				t.Errorf("%s asks for Ann: %d", name, a.status)
			}
		}
		if a := ann.ask("POST", request+"/decision", `{"yes": true}`); a.status != http.StatusForbidden {
			t.Errorf("Ann says yes to herself: %d %s", a.status, a.body)
		}
		if got := bo.list("/requests"); len(got) != 1 || got[0]["why"] != "For the winter" {
			t.Errorf("what waits for Bo: %v", got)
		}
		bo.must(http.StatusCreated, "POST", request+"/decision", `{"yes": true}`, &asked)
		if asked["state"] != "placed" {
			t.Errorf("%v", asked)
		}
		ann.must(http.StatusCreated, "POST", request+"/end", `{"completed": true, "minutes": 90}`, &asked)
		if asked["state"] != "completed" || asked["minutes"] != 90.0 {
			t.Errorf("%v", asked)
		}
		plan, due := "/people/"+person+"/plan", time.Now().AddDate(0, 0, 60).Format(time.DateOnly)
		if a := ann.ask("POST", plan, `{"what": "x", "modality": "osmosis", "due": "`+due+`"}`); a.status != http.StatusUnprocessableEntity {
			t.Errorf("learned by nothing: %d %s", a.status, a.body)
		}
		ann.must(http.StatusCreated, "POST", plan, `{"what": "A week beside a colleague", "modality": "practice-at-work", "due": "`+due+`"}`, &item)
		at := plan + "/" + item["id"].(string)
		if item["stage"] != "proposed" || item["agreed_by_person"] != true || item["agreed_by_manager"] != false {
			t.Errorf("%v", item)
		}
		bo.must(http.StatusCreated, "POST", at+"/agreement", "", &item)
		if a := bo.ask("POST", at+"/report", `{"came": "Well"}`); item["stage"] != "working" || a.status != http.StatusForbidden {
			t.Errorf("%v, the manager reports: %d", item, a.status)
		}
		ann.must(http.StatusCreated, "POST", at+"/report", `{"came": "I do it alone now.", "minutes": 600}`, &item)
		if a := ann.ask("POST", at+"/confirmation", `{"confirmed": true}`); item["stage"] != "reported" || a.status != http.StatusForbidden {
			t.Errorf("%v, Ann confirms it herself: %d", item, a.status)
		}
		bo.must(http.StatusCreated, "POST", at+"/confirmation", `{"confirmed": true}`, &item)
		if got := ann.list(plan); len(got) != 1 || got[0]["stage"] != "confirmed" {
			t.Errorf("%v", got)
		}
		measures := map[string]any{}
		since := time.Now().Format("2006-01")
		for _, m := range head.list("/effort/efficiency?from=" + since + "&until=" + since) {
			measures[m["measure"].(string)] = m["value"]
		}
		if measures["hours-of-learning-used"] != 11.5 || measures["people-reached"] != nil {
			t.Errorf("%v", measures)
		}
	})
}
