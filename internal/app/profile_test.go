package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/impact"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// One of two executives has a learning objective, and none was seen in the four quarters before: 50 % reaches two of
// the steps 25, 50, 75 and 95, and 0 % none, so involvement scores 1. Every part opens to its measures, and
// these to where they come from.
func TestTheProfileIsScoredFromTheLedgers(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		s.settled(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		head := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
		manager := s.as(t, "manager", whole(org.ProgrammeManager))
		deeID, today := s.personID(t, "dee"), period.DayOf(time.Now())
		top := strings.TrimPrefix(dee.follow(dee.post("/goals", aimed("Customers come back", url.Values{"unit": {s.unitNamed(t, "Shops")}, "owner": {"dee"}}))).at, "/goals/")
		if a := dee.follow(dee.post("/goals", aimed("I hear one customer a week", url.Values{"person": {deeID}, "begins": {string(today)}, "ends": {string(today.Add(300))}, "reaches": {top}, "how-" + top: {"supports"}, "objectives": {"Listen"}}))); a.status != http.StatusOK {
			t.Fatalf("a goal of Dee's: %d %s", a.status, a.said())
		}

		page := head.get("/profile")
		says(t, page, "0 of 10 parts score 3 or 4;", "are not known.", "C-level involvement 1 of 4", "Technology is leveraged not known", "2 of 2 measures known")
		part := head.get("/profile/parts/involvement")
		says(t, part, "C-level involvement: 1 of 4.", "50.0 % (1 of 2)", "0.0 % (0 of 8)", "steps 25 · 50 · 75 · 95")
		d, err := impact.ReadDefinition(impact.ProfileFile)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, p := range d.Parts {
			for _, link := range head.get("/profile/parts/" + p.ID).page().Find("main .rows a").EachIter() {
				path, _ := link.Attr("href")
				if a := head.get(path); !seen[path] && a.status != http.StatusOK && a.status != http.StatusSeeOther {
					t.Errorf("%s leads to %s: %d", p.ID, path, a.status)
				}
				seen[path] = true
			}
		}
		if len(seen) < 8 {
			t.Errorf("only %d pages are where measures come from", len(seen))
		}

		evidence := url.Values{"what": {"A film of the school"}, "link": {"https://example.org/film"}, "owner": {"nobody at all"}, "day": {string(today)}}
		path := "/profile/parts/involvement"
		refuses(t, head.post(path+"/evidence", evidence), "nobody")
		evidence.Set("owner", "dee")
		evidence.Set("day", string(today.Add(2)))
		refuses(t, head.post(path+"/evidence", evidence), "choose the day of which it is evidence")
		evidence.Set("day", string(today))
		says(t, head.follow(head.post(path+"/evidence", evidence)), "A film of the school", "Dee · "+string(today), "C-level involvement: 1 of 4.")
		refuses(t, dee.post(path+"/view", url.Values{"score": {"5"}}), "choose 0 to 4")
		says(t, dee.follow(dee.post(path+"/view", url.Values{"score": {"4"}, "note": {"We are there"}})), "own view 4.0 · differs", "We are there")
		dee.follow(dee.post(path+"/view", url.Values{"score": {"3"}, "note": {"Nearly"}})) // in place of the first
		head.follow(head.post(path+"/view", url.Values{"score": {"0"}}))
		says(t, head.get(path), "own view 1.5", "Nearly")

		// A gap becomes an initiative, which stands with the part.
		says(t, manager.get(path), "Begin an initiative about it")
		form := manager.get("/initiatives?profile=involvement")
		manager.follow(manager.post("/initiatives", url.Values{"id": form.inputs("id"), "profile": form.inputs("profile"), "name": {"Executives at the school"}, "kind": {"learning"}, "owner": {"dee"}, "do": {"keep"}}))
		says(t, head.get(path), "Executives at the school")

		// The file is changed like an instrument: now one of two is enough for all four steps.
		says(t, head.follow(head.post("/profile", nil)), string(today))
		file := head.get("/profile/definition").body
		if file != string(impact.ProfileFile) {
			t.Error("the shipped file is not sent as it is")
		}
		refuses(t, head.upload("/profile/definition", nil, "profile.yaml", strings.Replace(file, "executives-with-objective", "happiness", 1)), `there is no measure "happiness"`)
		own := strings.Replace(file, "measure: executives-with-objective\n        steps: [25, 50, 75, 95]", "measure: executives-with-objective\n        steps: [10, 20, 30, 40]", 1)
		says(t, head.follow(head.upload("/profile/definition", nil, "profile.yaml", own)), "C-level involvement 2 of 4", "The parts, measures and steps are your own.")
		history := head.get("/profile").page().Find("#history table tr").Last().Text()
		if strings.TrimSpace(history) != "C-level involvement12" {
			t.Errorf("how it was: %q", history)
		}
		if a := dee.post("/profile/definition", url.Values{"shipped": {"1"}}); a.status != http.StatusNotFound {
			t.Errorf("an executive changes the file: %d", a.status)
		}
		told := s.calls(t, s.accountOf(t, "dee@crew.example")).list("/profile")
		if len(told) != 10 || told[9]["part"] != "involvement" || told[9]["score"] != 2.0 || told[1]["score"] != nil {
			t.Errorf("the API tells %v", told)
		}
	})
}

// The head of learning opens a part on a phone and says how well it is, by keyboard.
func TestTheProfileInTheBrowser(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	s.crew(t)
	account := s.crewMember(t, "sam", whole(org.HeadOfLearning))
	p := b.Page(390, 844, true, true)
	s.signInOn(t, p, account)
	p.Goto(s.address + "/effects")
	p.Click(`a[href="/profile"]`)
	p.WaitText("four evidences and six characteristics")
	p.NoOverflow()
	p.Axe()
	p.Screenshot("profile")
	p.Click(`a[href="/profile/parts/culture"]`)
	p.WaitText("How do you score it?")
	p.NoOverflow()
	p.Axe()
	p.TabTo(`input[name="score"]`)
	p.Press("Space")
	p.TabTo("#views button")
	p.Press("Enter")
	p.WaitText("own view 0.0")

	desk := browser.Open(t).Page(1280, 900, false, false)
	s.signInOn(t, desk, account)
	desk.Goto(s.address + "/profile/parts/involvement")
	desk.WaitText("C-level involvement")
	desk.NoOverflow()
	desk.Axe()
	desk.Screenshot("profile-part")
}
