package app

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// One test for each promise of the product, acted through HTTP, on both engines.

// TestSystems acts each system of the product as the people whom it is for, and looks for a figure that was made by hand.
func TestSystems(t *testing.T) {
	for _, system := range []struct {
		name string
		acts func(*testing.T, *site)
	}{
		{"S1", diagnosisSystem}, {"S2", focalPointSystem}, {"S3", focusSystem}, {"S4", leaderSystem}, {"S5", coachSystem}, {"S6", sessionSystem}, {"S7", practiceSystem},
		{"S8", ownershipSystem}, {"S9", longViewSystem}, {"S10", alignmentSystem}, {"S11", sightSystem}, {"S12", blendSystem}, {"S13", planSystem}, {"S14", indicatorSystem},
		{"S15", effectSystem}, {"S16", scorecardSystem}, {"S17", solutionSystem}, {"S18", efficiencySystem}, {"S19", involvementSystem}, {"S20", profileSystem},
	} {
		t.Run(system.name, func(t *testing.T) {
			t.Parallel()
			eachSite(t, system.acts)
		})
	}
}

// rows are the lines of a file that was sent as CSV, its heading first.
func (a answer) rows(t *testing.T) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d, %v in %.200s", a.at, a.status, err, a.body)
	}
	return rows
}

// row is the line of a file that was sent as CSV that begins with a word.
func (a answer) row(t *testing.T, first string) []string {
	t.Helper()
	for _, row := range a.rows(t) {
		if row[0] == first {
			return row
		}
	}
	t.Fatalf("%s: no %q in %s", a.at, first, a.body)
	return nil
}

// near tells whether a figure is there and, published with two decimals, the one made by hand.
func near(got *float64, want float64) bool { return got != nil && math.Abs(*got-want) <= .005+1e-9 }

// shops imports a roster of 60 people: North 24, South 24, East 12; each has four,
// four and two managers.
func (s *site) shops(t *testing.T) {
	t.Helper()
	column := func(name string) org.Field { return org.Field{Column: name} }
	rows := func(yield func(org.Row, error) bool) {
		n := 0
		for _, shop := range []struct {
			unit string
			size int
		}{{"Shops/North", 24}, {"Shops/South", 24}, {"Shops/East", 12}} {
			for i := range shop.size {
				level := "employee"
				if i%6 == 0 {
					level = "manager"
				}
				n++
				if !yield(org.Row{Line: n + 1, Cells: []string{"P" + strconv.Itoa(n), "Person " + strconv.Itoa(n), shop.unit, level}}, nil) {
					return
				}
			}
		}
	}
	_, err := s.Org.ImportRoster(t.Context(), s.organisation, orgdb.Roster{
		Day:     period.DayOf(time.Now()),
		Map:     org.Map{People: &org.Section{Key: column("id"), Name: column("name"), UnitPath: column("unit"), Level: column("level")}},
		Sources: []org.Source{{Name: "people.csv", Header: []string{"id", "name", "unit", "level"}, Rows: rows}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// opened sets a diagnosis up and opens it through the forms, and returns its path.
func (s *site) opened(t *testing.T, lead *client, attributes ...string) (path string) {
	t.Helper()
	now := time.Now().UTC()
	a := lead.post("/diagnoses", url.Values{"name": {"Spring"}, "roster": {now.Format(time.DateOnly)}, "opens": {now.Format(time.DateOnly) + "T00:00"},
		"closes": {now.AddDate(0, 0, 7).Format(time.DateOnly) + "T18:00"}, "minimum": {"5"}, "attribute": attributes, "unit-crossing": attributes})
	if a.status != http.StatusSeeOther {
		t.Fatalf("setting up: %d %s", a.status, a.body)
	}
	path = a.location
	if a := lead.follow(lead.post(path+"/opening", nil)); a.status != http.StatusOK || a.at != path {
		t.Fatalf("opening: %d %s", a.status, a.body)
	}
	return path
}

// open is opened for the shops, and returns everybody's secret too, those of North
// first.
func (s *site) open(t *testing.T, lead *client, attributes ...string) (path string, secrets []string) {
	t.Helper()
	path = s.opened(t, lead, attributes...)
	file := lead.get(path + "/links?format=csv")
	links, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(links) != 61 {
		t.Fatalf("%d lines of links, %v", len(links), err)
	}
	for _, unit := range []string{"North", "South", "East"} {
		for _, l := range links[1:] {
			if l[3] == unit {
				secrets = append(secrets, strings.TrimPrefix(l[4], s.address+"/r/"))
			}
		}
	}
	return path, secrets
}

// shipped is the instrument that comes with the program, read once.
var shipped = sync.OnceValues(func() (*diagnosis.Instrument, error) { return diagnosis.ReadInstrument(diagnosis.HPOFile) })

// answers is a form in which every statement gets v, or v+1 for every other one.
func answers(t testing.TB, v int) url.Values {
	t.Helper()
	in, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for i, it := range in.Items() {
		form.Set(it.ID, strconv.Itoa(v+i%2))
	}
	return form
}

// closed runs a diagnosis in which North answers 7 and 8, South 5 and 6, and four
// of East 3 and 4, and returns the path of its report.
func (s *site) closed(t *testing.T, lead *client, attributes ...string) string {
	t.Helper()
	s.shops(t)
	path, secrets := s.open(t, lead, attributes...)
	for i, secret := range secrets[:52] {
		v := 7
		if i >= 24 {
			v = 5
		}
		if i >= 48 {
			v = 3
		}
		if a := s.anybody(t).post("/r/"+secret, answers(t, v-i%2)); a.status != http.StatusOK {
			t.Fatalf("answering: %d %s", a.status, a.body)
		}
	}
	if a := lead.follow(lead.post(path+"/closure", url.Values{"sure": {"1"}})); a.status != http.StatusOK || a.at != path+"/report" {
		t.Fatalf("closing: %d %s", a.status, a.body)
	}
	if a := lead.post(path+"/report/release", url.Values{"to": {"everyone"}}); a.status != http.StatusSeeOther {
		t.Fatalf("releasing: %d %s", a.status, a.body)
	}
	return path + "/report"
}

type unitFigures struct {
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	N       *int                `json:"n"`
	Factors map[string]*float64 `json:"factors"`
	Items   map[string]*float64 `json:"characteristics"`
}

func (c *client) units(path string) map[string]unitFigures {
	c.t.Helper()
	var list []unitFigures
	if err := json.Unmarshal([]byte(c.get(path+"/units?format=json").body), &list); err != nil {
		c.t.Fatal(err)
	}
	all := map[string]unitFigures{}
	for _, u := range list {
		all[u.Name] = u
	}
	return all
}

func TestAGroupOfFewerThanTheMinimumIsWithheldOnEveryWayOut(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead)
		east := lead.units(path)["East"]
		if east.N != nil {
			t.Errorf("East, where four answered, is shown with %d", *east.N)
		}
		for factor, mean := range east.Factors {
			if mean != nil {
				t.Errorf("East has a score in %s", factor)
			}
		}
		if a := lead.get(path + "/units/" + east.ID); !strings.Contains(a.body, "is withheld") {
			t.Errorf("East's page does not say that it is withheld")
		}
		file := lead.get(path + "/units?format=csv")
		if line := regexp.MustCompile(`(?m)^East,.*$`).FindString(file.body); !strings.HasPrefix(line, "East,Shops,,,") || !strings.HasSuffix(strings.TrimSpace(line), ",,,,") {
			t.Errorf("East's line of the export: %q", line)
		}
		// With the whole and the two others shown, East would follow: one more is withheld.
		shown := 0
		for _, u := range lead.units(path) {
			if u.N != nil {
				shown++
			}
		}
		if shown == 3 {
			t.Error("the whole, North and South are shown: East's scores follow by subtraction")
		}
	})
}

func TestNoScoreExistsBeforeClosing(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path, secrets := s.open(t, lead)
		for _, secret := range secrets[:10] {
			s.anybody(t).post("/r/"+secret, answers(t, 7))
		}
		for _, page := range []string{"", "/units", "/characteristics", "/groups", "/focal-points", "/method", "/units?format=csv", "?format=json"} {
			if a := lead.get(path + "/report" + page); a.status != http.StatusConflict {
				t.Errorf("%s before closing: %d", page, a.status)
			}
		}
		if a := lead.get(path); !strings.Contains(a.body, "10 of 60 have answered") {
			t.Error("the response is not told")
		}
	})
}

func TestAnsweringWorksWithoutScriptAndOnlyOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		c, path := s.anybody(t), "/r/"+secrets[0]
		page := c.get(path)
		if n := strings.Count(page.body, "<fieldset"); page.status != http.StatusOK || n != 40 {
			t.Fatalf("%d statements, status %d", n, page.status)
		}
		if !strings.Contains(page.body, "groups of 5 or more") {
			t.Error("the page does not say the smallest group before the first statement")
		}
		form := answers(t, 6)
		form.Del(firstItem(t))
		a := c.post(path, form)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "has no answer") || strings.Count(a.body, "checked") != 36 {
			t.Fatalf("with one missing: %d, %d kept", a.status, strings.Count(a.body, "checked"))
		}
		form.Set("~sure", "1")
		if a := c.post(path, form); a.status != http.StatusOK || !strings.Contains(a.body, "Your answers are in.") {
			t.Fatalf("sending as it is: %d %s", a.status, a.body)
		}
		if a := c.post(path, form); a.status != http.StatusConflict {
			t.Errorf("a second time: %d", a.status)
		}
		if a := c.get(path); a.status != http.StatusGone || !strings.Contains(a.body, "has been used") {
			t.Errorf("the used link: %d", a.status)
		}
		form.Set(firstItem(t), "11")
		if a := c.post("/r/"+secrets[1], form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "not on the scale") {
			t.Errorf("an answer off the scale: %d", a.status)
		}
		a = c.post("/r/"+secrets[1], url.Values{firstItem(t): {"6"}, "change": {"a\x00b"}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "characters that no text has") {
			t.Errorf("a comment with a zero: %d %s", a.status, a.said())
		}
		if a := c.get("/r/nosuchlink"); a.status != http.StatusNotFound {
			t.Errorf("a link that is none: %d", a.status)
		}
	})
}

func firstItem(t *testing.T) string {
	t.Helper()
	in, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return in.Items()[0].ID
}

func TestAManagerReadsTheOwnUnitOnly(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead, "level")
		units := lead.units(path)
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: units["North"].ID}})
		if a := manager.get(path); a.status != http.StatusSeeOther || a.location != path+"/units/"+units["North"].ID {
			t.Errorf("the overview leads to %d %s", a.status, a.location)
		}
		if a := manager.get(path + "/units/" + units["North"].ID); a.status != http.StatusOK {
			t.Errorf("the own unit: %d", a.status)
		}
		for _, page := range []string{"/units/" + units["South"].ID, "/units/" + units["Shops"].ID, "/characteristics", "/groups", "/focal-points", "/method", "/units?below=" + units["Shops"].ID} {
			if a := manager.get(path + page); a.status != http.StatusNotFound {
				t.Errorf("%s: %d", page, a.status)
			}
		}
		if file := manager.get(path + "/units?format=csv"); strings.Contains(file.body, "South") {
			t.Error("the export shows another unit")
		}
		if a := manager.get(path + "?format=json"); strings.Contains(a.body, "South") {
			t.Error("the JSON shows another unit")
		}
	})
}

func TestOrganisationsNeverSeeEachOther(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead)
		unit := lead.units(path)["North"].ID
		stranger := s.founding(t, "other").as(t, "stranger", whole(org.DiagnosisLead), whole(org.Administrator))
		diagnosisPath := strings.TrimSuffix(path, "/report")
		for _, page := range []string{path, path + "?format=json", path + "/units/" + unit, diagnosisPath, "/units/" + unit, diagnosisPath + "/links?format=csv"} {
			if a := stranger.get(page); a.status != http.StatusNotFound {
				t.Errorf("%s: %d", page, a.status)
			}
		}
		for _, act := range []string{"/opening", "/closure", ""} {
			if a := stranger.post(diagnosisPath+act, url.Values{"sure": {"1"}}); a.status != http.StatusNotFound && a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", act, a.status)
			}
		}
		if a := stranger.get("/search?q=Person"); strings.Contains(a.body, "Person 1") {
			t.Error("the search finds another organisation's people")
		}
	})
}

func TestThePublishedSetNeverChanges(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead)
		before := lead.get(path + "?format=json").body
		s.shops(t) // another import of the roster
		id := strings.Split(path, "/")[2]
		if a := lead.follow(lead.post("/diagnoses/"+id+"/closure", url.Values{"sure": {"1"}})); a.status != http.StatusConflict {
			t.Errorf("closing again: %d", a.status)
		}
		fresh := &diagnosisdb.Store{DB: s.DB, Org: s.Org, Keys: s.Diagnosis.Keys} // nothing remembered
		if _, err := fresh.Report(t.Context(), s.organisation, id); err != nil {
			t.Fatal(err)
		}
		if after := lead.get(path + "?format=json").body; after != before {
			t.Error("the published set changed")
		}
	})
}

func TestEverythingIsSaidInDutchToo(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead)
		lead.post("/language", url.Values{"language": {"nl"}})
		page := lead.get(path)
		for _, want := range []string{`lang="nl"`, "Overzicht", "Aandachtspunten", "8,5"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the report in Dutch lacks %q", want)
			}
		}
	})
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		r := lead.request(http.MethodPost, "/sign-out", nil)
		r.Header.Set("Origin", "https://elsewhere.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := lead.send(r); a.status != http.StatusForbidden {
			t.Errorf("%d", a.status)
		}
		if a := lead.get("/"); a.status != http.StatusOK {
			t.Errorf("afterwards the lead is signed out: %d", a.status)
		}
	})
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.anybody(t)
		refused := 0
		for range 15 {
			a := c.post("/sign-in", url.Values{"mail": {"first@example.org"}, "password": {"guess"}})
			if a.status == http.StatusOK || a.status == http.StatusSeeOther {
				t.Fatal("a guess opened the door")
			}
			if strings.Contains(a.body, "too many tries") {
				refused++
			}
		}
		if refused == 0 {
			t.Error("fifteen guesses in a row were all tried")
		}
	})
}

func TestAPasswordAndALinkOpenTheDoor(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		c := s.as(t, "ada", whole(org.Employee))
		if a := c.post("/account/password", url.Values{"password": {"short"}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a short password: %d", a.status)
		}
		if a := c.post("/account/password", url.Values{"password": {"correct horse battery"}}); a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.body)
		}
		again := s.anybody(t)
		if a := again.post("/sign-in", url.Values{"mail": {"ADA@example.org "}, "password": {"correct horse battery"}}); a.status != http.StatusSeeOther || a.location != "/" {
			t.Errorf("with the password: %d %s", a.status, a.location)
		}
		if a := again.get("/"); a.status != http.StatusOK {
			t.Errorf("home: %d", a.status)
		}
	})
}

// A whole office may answer at nine o'clock, from one network address.
func TestAnOfficeAnswersAtOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		_, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		for round := range 3 {
			for _, secret := range secrets {
				if a := s.anybody(t).get("/r/" + secret); a.status != http.StatusOK {
					t.Fatalf("round %d: %d", round, a.status)
				}
			}
		}
	})
}

// Every hour and every euro stands in the ledger once, whatever says it: a request that is completed, an item of a plan
// that is confirmed (nothing more where it is the same resource), a file that is sent twice. By hand: 1.5 hours and 10.00 of
// the cards, 2 hours of the item, 1 hour and, of North, half an hour and 40.00 of the file.
func TestEveryHourAndEveryEuroStandsInTheLedgerOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		head := s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
		ann, bo := s.calls(t, s.crewMember(t, "ann")), s.calls(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
		head.follow(head.post("/resources", url.Values{"name": {"Cards"}, "modality": {"self-paced"}, "hours": {"2"}, "price": {"10"}, "currency": {"EUR"}}))
		cards := ann.list("/resources")[0]["id"].(string)
		var got fields
		ann.must(http.StatusCreated, "POST", "/requests", `{"resource": "`+cards+`"}`, &got)
		person := got["person"].(string)
		ann.must(http.StatusCreated, "POST", "/requests/"+got["id"].(string)+"/end", `{"completed": true, "minutes": 90}`, &got)
		due := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
		for minutes, of := range map[string]string{"180": `"resource": "` + cards + `", "modality": "self-paced"`, "120": `"modality": "practice-at-work"`} {
			ann.must(http.StatusCreated, "POST", "/people/"+person+"/plan", `{"what": "Learning", "due": "`+due+`", `+of+`}`, &got)
			at := "/people/" + person + "/plan/" + got["id"].(string)
			bo.must(http.StatusCreated, "POST", at+"/agreement", "", &got)
			ann.must(http.StatusCreated, "POST", at+"/report", `{"came": "Well", "minutes": `+minutes+`}`, &got)
			bo.must(http.StatusCreated, "POST", at+"/confirmation", `{"confirmed": true}`, &got)
		}
		today := time.Now().Format(time.DateOnly)
		file := "day,what,person,unit,hours,cost_supplier,reference\n" + today + ",Course,ann,,1,,a\n" + today + ",Talk,,North,0.5,40,b\n"
		says(t, head.upload("/effort/import", nil, "hours.csv", file), "2 efforts came in.")
		says(t, head.upload("/effort/import", nil, "hours again.csv", file+"\n"), "0 efforts came in.")
		month := time.Now().Format("2006-01")
		says(t, head.get("/effort?from="+month+"&until="+month), "Of 5 hours of learning", "Learning cost EUR 50.")
		says(t, head.get("/effort/efficiency?from="+month+"&until="+month), "An hour of learning cost EUR 10")
	})
}
