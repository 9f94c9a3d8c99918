package app

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
)

// alignmentSystem: a learning strategy that maps learning resources to competencies, individual development plans, roles,
// models of performance and corporate goals; gaps and orphans are visible (a resource that serves no goal, a goal that
// nothing serves).
func alignmentSystem(t *testing.T, s *site) {
	units := s.crew(t)
	sam, dee := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
	s.learned(t, sam)
	var goals []string
	for _, name := range []string{"Customers come back", "Nobody waits", "Tills are right"} {
		goals = append(goals, strings.TrimPrefix(dee.follow(dee.post("/goals", aimed(name, url.Values{"unit": {units["Shops"]}, "owner": {"dee"}}))).at, "/goals/"))
	}
	for _, r := range []url.Values{
		{"name": {"Listening well"}, "competencies": {"Listening to customers @ 3"}, "goal": {goals[0]}}, {"name": {"Role play"}, "competencies": {"Listening to customers @ 2"}}, {"name": {"Juggling"}},
	} {
		for field, value := range map[string]string{"modality": "self-paced", "hours": "2", "currency": "EUR"} {
			r.Set(field, value)
		}
		if a := sam.post("/resources", r); a.status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", r, a.status, a.said())
		}
	}
	// One resource says that it is for a goal; nobody can learn to count the till; role play and juggling are for no goal.
	says(t, sam.get("/learning/alignment"), "2 of 3 goals are served by nothing; 1 needs have no resource, and 2 resources serve no goal.", "Nobody waits Tills are right Needs without a resource", "Needs in hardly anybody's plan", "Juggling Role play")
	sam.post("/learning/strategy/"+units["Shops"], url.Values{"do": {"save"}, "name": {"Everybody hears a complaint out"}, "goal": {goals[0]}, "competencies": {"Listening to customers"}, "solutions": {"job-tools: A card at the till"}, "budget": {"2500"}, "currency": {"EUR"}, "owner": {"dee"}, "hours": {"120"}})
	// The learning strategy ties listening to the goal, and so role play.
	says(t, sam.get("/learning/alignment"), "2 of 3 goals are served by nothing; 1 needs have no resource, and 1 resources serve no goal.")
	for competency, want := range map[string]string{"Counting the till": "|||0|1|fewer than 5", "Listening to customers": "2|||2|1|fewer than 5"} {
		if row := sam.get("/learning/alignment?format=csv").row(t, competency); strings.Join(row[1:], "|") != want {
			t.Errorf("resources by goal, all of them, roles that require it, plans that have it: %q, want %s", row, want)
		}
	}
}

// sightSystem: strategy -> business-unit goals and KPIs -> individual goals and plans; every employee sees the chain;
// accountability and recognition hang on it.
func sightSystem(t *testing.T, s *site) {
	units := s.crew(t)
	dee, bo := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive))), s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
	ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
	dee.follow(dee.post("/indicators/shipped", url.Values{"key": {"revenue"}}))
	month := day(0)[:7]
	says(t, dee.upload("/observations", nil, "figures.csv", "indicator,unit,period,value\nrevenue,North,"+month+",3000\nrevenue,South,"+month+",1750\n"), "2 figures came in.")
	revenue := which(t, s.calls(t, s.accountOf(t, "dee@crew.example")).list("/indicators"), "key", "revenue")["id"].(string)
	sold := func(name, target string, more url.Values) url.Values {
		return aimed(name, merged(url.Values{"begins": {month + "-01"}, "ends": {day(200)}, "indicator": {revenue}, "target": {target}}, more))
	}
	top := strings.TrimPrefix(dee.follow(dee.post("/goals", sold("Customers come back", "5000", url.Values{"unit": {units["Shops"]}, "owner": {"dee"}}))).at, "/goals/")
	form := bo.get("/goals/new?unit=" + units["North"] + "&under=" + top)
	north := strings.TrimPrefix(bo.sendForm(form, "/goals", sold("Nobody waits", "4000", url.Values{"because-" + top: {"Waiting drives them off."}})).at, "/goals/")
	own := bo.sendForm(bo.get("/goals/new?person="+s.personID(t, "ann")), "/goals", aimed("I open a second till", url.Values{"how-" + north: {"supports"}, "objectives": {"Run a till alone"}}))
	says(t, ann.follow(ann.post(own.at, url.Values{"do": {"agree"}})), "Agreed by Ann and Bo")
	bo.post(own.at, url.Values{"do": {"recognise"}, "recognition": {"A day off, and thanks before all."}})
	// Of six people three work in North; the whole sold 3,000 + 1,750.
	says(t, ann.get("/line-of-sight"), "“I open a second till” is how “Customers come back” comes about.", "From the goal of 6 people to this one", "Goal of all of Shops, by "+day(200)+" 6 Revenue 4,750 5,000", "Goal of North, by "+day(200)+" 3 Waiting drives them off. Revenue 3,000 4,000", "A day off, and thanks before all.", "What is learned next")
	says(t, abe.get("/line-of-sight"), "Nobody waits: this is what your work counts for.")
	says(t, abe.get("/goals/"+north), "Bo answers for it.", "Revenue: 3,000, target 4,000")
}

// blendSystem: catalogue of internal/external, formal/work-based, experiential, informal, classroom, virtual, new
// modalities; the blend that people really get, by hours; requests and timely access (days from need to access).
func blendSystem(t *testing.T, s *site) {
	s.crew(t)
	sam, bo := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "bo"))
	ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
	file := "day,what,person,modality,hours,external\n"
	for _, row := range []string{"At the till,ann,practice-at-work,4,", "A month in South,abe,stretch-assignment,2,", "Mentor,ann,mentoring,3,", "Course,abe,classroom,2,yes", "Module,cy,self-paced,1,yes"} {
		file += lately() + "," + row + "\n"
	}
	says(t, sam.upload("/effort/import", nil, "hours.csv", file), "5 efforts came in.")
	// Experience 4 + 2, exposure 3, education 2 + 1; run by somebody outside 2 + 1.
	says(t, sam.get("/effort"), "Of 12 hours of learning in the last year, 50 % were experience, 25 % exposure, 25 % education.", "own people 75 % external 25 %", "formal 25 % at work 75 %")
	resource := sam.follow(sam.post("/resources", url.Values{"name": {"Listening well"}, "modality": {"virtual-live"}, "hours": {"4"}, "price": {"95"}, "currency": {"EUR"}, "external": {"yes"}, "provider": {"Handel Academy"}, "approved": {"yes"}}))
	says(t, resource, "virtual, live · formal · Handel Academy · 4 hours · EUR 95 for one")
	offered := sam.follow(sam.post(resource.at, url.Values{"do": {"offer"}, "begins": {day(5)}, "ends": {day(5)}, "place": {"Gent"}, "places": {"9"}}))
	offering := strings.TrimPrefix(offered.page().Find("a[href^='/offerings/']").First().AttrOr("href", ""), "/offerings/")
	for c, needed := range map[*client]string{ann: day(0), abe: day(2)} {
		says(t, c.follow(c.post(resource.at, url.Values{"do": {"ask"}, "offering": {offering}, "needed": {needed}, "why": {"Complaints"}})), "waits for the manager's yes")
	}
	bo.get("/requests").page().Find("li form").Each(func(_ int, f *goquery.Selection) {
		bo.post(f.AttrOr("action", ""), url.Values{"do": {"yes"}})
	})
	// Both have a place in five days: Ann waits 5 from when she needs it, Abe 5 - 2 = 3, and 4 lies in the middle.
	says(t, ann.get(resource.at), "has a place · "+day(5), "7 places left", "From need to access it takes 4 days in the middle.")
}

// planSystem: per person, from role and competency gaps and unit goals; items are learning or work experiences; progress,
// evidence, manager's confirmation.
func planSystem(t *testing.T, s *site) {
	units := s.crew(t)
	sam, dee := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
	bo, ann := s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager))), s.signIn(t, s.crewMember(t, "ann"))
	person := s.planned(t, units, sam, dee, ann)
	path := "/development/" + person
	listen := strings.TrimPrefix(bo.get(path).page().Find("a[href^='/competencies/']:contains('Listening')").First().AttrOr("href", ""), "/competencies/")
	bo.post(path, url.Values{"do": {"rate"}, "level-" + listen: {"1"}})
	lacks := func() string {
		var lines []string
		for _, row := range bo.get(path + "?format=csv").rows(t)[1:] {
			lines = append(lines, strings.Join(row[:4], "|"))
		}
		slices.Sort(lines)
		return strings.Join(lines, "; ")
	}
	// Of listening the role requires 3 and 1 is there: 2 levels are missing. The course brings to 3.
	if got := lacks(); got != "Counting the till|2: with help|not rated yet|2; Listening to customers|3: alone|1: knows it|2" {
		t.Errorf("what Ann lacks: %s", got)
	}
	item := bo.sendForm(bo.get(path+"/items/new?from=0"), "/items", url.Values{"do": {"save"}})
	says(t, item, "Seller requires Listening to customers; it is there at: 1: knows it.", "waits for a yes")
	ann.post(item.at, url.Values{"do": {"agree"}})
	ann.post(item.at, url.Values{"do": {"evidence"}, "step": {"Two colleagues have watched me"}})
	says(t, ann.follow(ann.post(item.at, url.Values{"do": {"report"}, "came": {"I do not defend any more"}, "hours": {"1,5"}})), "done, waits to be confirmed")
	says(t, bo.follow(bo.post(item.at, url.Values{"do": {"confirm"}, "level": {"3"}})), "Confirmed by Bo", "Two colleagues have watched me")
	if got := lacks(); got != "Counting the till|2: with help|not rated yet|2; Listening to customers|3: alone|3: alone|0" {
		t.Errorf("what Ann lacks then: %s", got)
	}
	says(t, bo.get(path), "Everything in the plan is done.")
	says(t, sam.get("/effort?from="+day(0)[:7]+"&until="+day(0)[:7]), "Of 1.5 hours of learning")
}

// solutionSystem: non-learning work (organisational development, process analysis, talent management, job tools and
// resources, coaching and feedback, knowledge management, performance management, incentives, non-incentive motivation):
// hours and cost beside learning; the seed's 40 per cent as a configurable reference line, named as its estimate.
func solutionSystem(t *testing.T, s *site) {
	s.crew(t)
	sam := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
	file := "day,what,person,kind,side,hours,cost_internal\n"
	for _, row := range []string{"Preparing,sam,,staff,12,300", "Rooms,bo,,staff,5,", "Org,sam,organisational-development,staff,1,10", "Way,cy,process-analysis,staff,1,10", "Talent,sam,talent-management,staff,1,10", "Card,sam,job-tools,staff,1,20", "Feedback,cy,coaching,staff,1,10", "Wiki,sam,knowledge-management,staff,1,10", "Reviews,sam,performance-management,staff,1,10", "Bonus,sam,incentives,staff,0.5,10", "Thanks,sam,motivation,staff,0.5,10"} {
		file += lately() + "," + row + "\n"
	}
	says(t, sam.upload("/effort/import", nil, "efforts.csv", file), "11 efforts came in.")
	// All nine: 7 x 1 + 2 x 0.5 = 8 hours of 8 + 12 + 5 = 25, and 8 x 10 + 20 = 100 of 400.
	says(t, sam.get("/effort/split"), "Of the hours of staff in the last year, 32 % went into what is no learning.", "Of the money, 25 % went into what is no learning.", "The dashed line is 40 %: the estimate of the text that this product follows, not a benchmark.", "tools and resources of a job 1 4 20 5", "incentives 0.5 2 10 3")
	sam.follow(sam.post("/effort/settings", url.Values{"own": {"EUR"}, "reference": {"30"}, "units": {"South"}}))
	// The learning function is Cy and Sam: 8 of 20 hours.
	says(t, sam.get("/effort/split"), "Of the learning function's hours in the last year, 40 % went into what is no learning.", "The dashed line is 30 %, which you have chosen. The text that this product follows estimates 40 %; neither is a benchmark.")
}

// efficiencySystem: time, usage and cost indicators (cost per hour used, hours per person, reuse ratio, staff ratio);
// central/decentral and in-house/outsourced shares; decreases linked to dated changes of process or practice.
func efficiencySystem(t *testing.T, s *site) {
	admin := s.as(t, "admin", whole(org.Administrator))
	admin.bring(time.Now().AddDate(-2, 0, 0).Format(time.DateOnly), "people.csv", "Id,Name,Unit,Boss,Level\nbo,Bo,Shops/North,dee,\nann,Ann,Shops/North,bo,\nabe,Abe,Shops/North,bo,\ncy,Cy,Shops/South,dee,executive\nsam,Sam,Shops/South,cy,\ndee,Dee,Shops,,executive\n", "map.yaml",
		"people: {key: Id, name: Name, unit_path: Unit, manager: Boss, level: Level}")
	sam, bo := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))), s.signIn(t, s.crewMember(t, "bo"))
	ann, abe := s.signIn(t, s.crewMember(t, "ann")), s.signIn(t, s.crewMember(t, "abe"))
	sam.follow(sam.post("/effort/settings", url.Values{"own": {"EUR"}, "reference": {"40"}, "units": {"South"}}))
	ago := time.Now().AddDate(-1, 0, 0).Format("2006-01") + "-01"
	says(t, sam.upload("/effort/import", nil, "hours.csv", "day,what,unit,person,kind,side,hours,cost_internal,cost_supplier,managed\n"+ago+",Course,North,,,,4,50,150,local\n"+day(0)+",Card,,sam,job-tools,staff,2,60,,\n"+day(0)+",Room,North,,,,,20,,central\n"), "3 efforts came in.")
	resource := sam.follow(sam.post("/resources", url.Values{"name": {"Listening well"}, "modality": {"classroom"}, "hours": {"4"}, "price": {"80"}, "currency": {"EUR"}, "external": {"yes"}, "provider": {"Handel Academy"}, "approved": {"yes"}}))
	offered := sam.follow(sam.post(resource.at, url.Values{"do": {"offer"}, "begins": {day(0)}, "ends": {day(0)}, "place": {"Gent"}, "places": {"9"}}))
	offering := offered.page().Find("a[href^='/offerings/']").First().AttrOr("href", "")
	for _, c := range []*client{ann, abe} {
		c.post(resource.at, url.Values{"do": {"ask"}, "offering": {strings.TrimPrefix(offering, "/offerings/")}, "needed": {day(0)}, "why": {"Complaints"}})
	}
	bo.get("/requests").page().Find("li form").Each(func(_ int, f *goquery.Selection) {
		bo.post(f.AttrOr("action", ""), url.Values{"do": {"yes"}})
	})
	came := url.Values{"do": {"note"}}
	sam.get(offering).page().Find("input[value=yes][name^=came]").Each(func(_ int, f *goquery.Selection) { came.Set(f.AttrOr("name", ""), "yes") })
	sam.follow(sam.post(offering, came))
	sam.follow(sam.post("/effort/changes", url.Values{"day": {day(-40)}, "text": {"Managers book themselves"}, "expected": {"an hour costs less"}}))
	month := day(0)[:7]
	page := sam.get("/effort/efficiency?from=" + month + "&until=" + month)
	// Ann and Abe took 4 hours each, at 80: (160 + 20 for the room + 60 for the card) / 8 = 30 an hour; a year before (50 + 150) / 4.
	says(t, page, "An hour of learning cost EUR 30 in "+month+", 40 % less than a year before.", "1: "+day(-40)+" · Managers book themselves")
	for what, figures := range map[string]string{
		"6 people, all of them full-time: 8 / 6 and 4 / 6":  "Hours used by each full-time person 1.3 0.7 100",
		"8 hours used of an offering of 4":                  "Reuse ratio 2.0 – –",
		"6 people, of whom Cy and Sam are the function":     "People for each of the learning staff 3 3 0",
		"160 of 180, and 150 of 200":                        "Outsourced share, % 88.9 75.0 19",
		"the 20 of which it is stated, and none of the 200": "Centrally managed share, % 100.0 0.0",
		"180 / 6 and 200 / 6, for learning alone":           "Expenditure for each full-time person, EUR 30.00 33.33 −10",
	} {
		if !strings.Contains(page.said(), figures) {
			t.Errorf("%s: not %q in %s", what, figures, page.said())
		}
	}
}
