package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// personID is the id of somebody of today's roster.
func (s *site) personID(t *testing.T, key string) string {
	t.Helper()
	p, err := s.Org.PersonByKey(t.Context(), s.organisation, key, period.DayOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// What executives were seen to do is written down by themselves or their assistants, comes of sessions and
// goals, and is counted by quarter: Dee comes to four acts and Cy to one.
func TestWhatExecutivesWereSeenToDo(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		says(t, s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning))).get("/involvement"), "Quarters of an executive without an act: 2 of 2.") // nobody was one before today
		s.settled(t)
		dee := s.signIn(t, s.crewMember(t, "dee", whole(org.Executive)))
		cy := s.signIn(t, s.crewMember(t, "cy"))
		abeAccount := s.crewMember(t, "abe")
		abe, ann := s.signIn(t, abeAccount), s.signIn(t, s.crewMember(t, "ann"))
		head := s.signIn(t, s.accountOf(t, "sam@crew.example"))
		admin := s.as(t, "admin", whole(org.Administrator))
		deeID, cyID, today := s.personID(t, "dee"), s.personID(t, "cy"), period.DayOf(time.Now())
		says(t, head.get("/involvement"), "None of 2 executives was seen to take part this quarter.", "Put a learning objective among the own goals.", "Quarters of an executive without an act: 10 of 10.")
		says(t, dee.get("/"), "You were not seen to take part this quarter yet.")

		grants := "/accounts/" + abeAccount + "/grants"
		refuses(t, admin.post(grants, url.Values{"role": {"assistant"}, "scope": {"whole"}}), "an assistant is that of a person")
		refuses(t, admin.post(grants, url.Values{"role": {"manager"}, "scope": {"person"}, "person": {"dee"}}), "an assistant is that of a person")
		refuses(t, admin.post(grants, url.Values{"role": {"assistant"}, "scope": {"person"}, "person": {"nobody at all"}}), "nobody")
		says(t, admin.follow(admin.post(grants, url.Values{"role": {"assistant"}, "scope": {"person"}, "person": {"dee"}})), "assistant of a person: Dee")

		form := func(c *client, path string, more url.Values) url.Values {
			a := c.get(path)
			if a.status != http.StatusOK {
				t.Fatalf("%s: %d", path, a.status)
			}
			f := url.Values{"id": {a.inputs("id")[0]}, "kind": {"spoke"}, "what": {"Opened the school for shop managers"}, "day": {string(today)}}
			for k, v := range more {
				f[k] = v
			}
			return f
		}
		path := "/involvement/" + deeID
		says(t, abe.get("/"), "What Dee was seen to do")
		bad := form(abe, path, url.Values{"day": {string(today.Add(3))}, "evidence": {"https://example.org/film"}})
		refuses(t, abe.post(path, bad), "has not come yet: write down what was done")
		bad.Set("day", string(today))
		bad.Set("reach", "many")
		refuses(t, abe.post(path, bad), "how many there were is a number above 0")
		bad.Set("reach", "120")
		bad.Set("minutes", "45")
		says(t, abe.follow(abe.post(path, bad)), "Dee was seen to take part once this quarter.", "written down by Abe", "120 people", "Spoke · Opened the school")
		abe.post(path, bad) // sent twice is once
		says(t, dee.get(path), "You were seen to take part once this quarter.")

		for name, c := range map[string]*client{"a colleague": ann, "another executive": cy} {
			if a := c.get(path); a.status != http.StatusNotFound {
				t.Errorf("%s reads it: %d", name, a.status)
			}
			if a := c.post(path, bad); a.status != http.StatusNotFound {
				t.Errorf("%s writes it: %d", name, a.status)
			}
		}
		if a := abe.post("/involvement/"+cyID, bad); a.status != http.StatusNotFound {
			t.Errorf("the assistant writes for somebody else: %d", a.status)
		}
		if a := abe.get("/involvement"); a.status != http.StatusNotFound {
			t.Errorf("the assistant reads them all: %d", a.status)
		}
		if a := head.get("/involvement/" + s.personID(t, "ann")); a.status != http.StatusNotFound {
			t.Errorf("somebody who is no executive: %d", a.status)
		}
		says(t, cy.follow(cy.post("/involvement/"+cyID, form(cy, "/involvement/"+cyID, url.Values{"kind": {"statement"}, "what": {"A letter to all"}}))), "You were seen to take part once this quarter.")

		// Of sessions and goals by themselves.
		s.met(t, deeID, s.personID(t, "ann"), s.personID(t, "abe"))
		top := strings.TrimPrefix(dee.follow(dee.post("/goals", aimed("Customers come back", url.Values{"unit": {s.unitNamed(t, "Shops")}, "owner": {"dee"}}))).at, "/goals/")
		a := dee.follow(dee.post("/goals", aimed("I hear one customer a week", url.Values{"person": {deeID}, "begins": {string(today)}, "ends": {string(today.Add(300))}, "reaches": {top}, "how-" + top: {"supports"}, "objectives": {"Listen"}})))
		if a.status != http.StatusOK {
			t.Fatalf("a goal of Dee's: %d %s", a.status, a.said())
		}
		says(t, head.get("/involvement"), "All 2 executives were seen to take part this quarter.", "Quarters of an executive without an act: 8 of 10.")
		says(t, head.get(path), "Facilitated", "2 people", "from the sessions", "Learning objective in the own goals", "from the goals")
		if a := head.get(path); strings.Contains(a.said(), "I hear one customer") {
			t.Error("what somebody's goal says is told to others")
		}
		told := s.calls(t, s.accountOf(t, "sam@crew.example")).list("/involvement")
		if len(told) != 4 || told[0]["executive"] != "Dee" {
			t.Errorf("the API tells %v", told)
		}
		entries, err := s.Effort.Entries(t.Context(), s.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfAct}})
		if err != nil || len(entries) != 1 || entries[0].Hours[0] != (effort.Hours{Side: effort.Staff, Unit: s.unitNamed(t, "Shops"), Person: deeID, Minutes: 45}) || entries[0].By != "Abe" {
			t.Errorf("in the ledger: %+v %v", entries, err)
		}
		says(t, admin.get("/record"), "act of an executive written down", "Dee: Opened the school")
		says(t, abe.follow(abe.post(path+"/"+bad.Get("id")+"/deletion", nil)), "Dee was seen to take part 2 times this quarter.")
		if a := abe.post(path+"/"+bad.Get("id")+"/deletion", nil); a.status != http.StatusNotFound {
			t.Errorf("taken out twice: %d", a.status)
		}
		if entries, err := s.Effort.Entries(t.Context(), s.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfAct}}); err != nil || len(entries) != 0 {
			t.Errorf("its time stays in the ledger: %v %v", entries, err)
		}
	})
}

// met writes a session into the ledger as the area of sessions does.
func (s *site) met(t *testing.T, host string, came ...string) {
	t.Helper()
	e := effort.Entry{Day: period.DayOf(time.Now()), Kind: effort.Learning, What: "First session: Dialogue", Hours: []effort.Hours{{Side: effort.Staff, Person: host, Minutes: 90}}}
	for _, p := range came {
		e.Hours = append(e.Hours, effort.Hours{Side: effort.Participant, Person: p, Minutes: 60})
	}
	err := s.DB.WriteInTurn(t.Context(), effortdb.LedgerOf(s.organisation), func(tx *db.Tx) error {
		return s.Effort.Record(context.Background(), tx, s.organisation, effort.Source{Kind: effort.OfSession, ID: "s1"}, []effort.Entry{e}, "test")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unitNamed is the id of a unit.
func (s *site) unitNamed(t *testing.T, name string) string {
	t.Helper()
	all, err := s.Strategy.Units(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all.Units {
		if u.Name == name {
			return u.ID
		}
	}
	t.Fatalf("there is no unit %s", name)
	return ""
}

// An executive writes down on a phone, by keyboard, what was done.
func TestInvolvementInTheBrowser(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	s.crew(t)
	account := s.crewMember(t, "dee", whole(org.Executive))
	p := b.Page(390, 844, true, true)
	s.signInOn(t, p, account)
	p.Goto(s.address + "/")
	p.WaitText("You were not seen to take part this quarter yet.")
	p.Click(`a[href^="/involvement/"]`)
	p.WaitText("In what way")
	p.NoOverflow()
	p.Axe()
	p.TabTo("#what")
	p.Fill("#what", "Opened the school for shop managers")
	p.TabTo("main form button.btn")
	p.Press("Enter")
	p.WaitText("You were seen to take part once this quarter.")
	p.NoOverflow()
	p.Axe()
	p.Screenshot("involved")

	desk := browser.Open(t).Page(1280, 900, false, false)
	s.signInOn(t, desk, account)
	desk.Goto(s.address + "/involvement")
	desk.WaitText("1 of 2 executives were seen to take part this quarter.")
	desk.NoOverflow()
	desk.Axe()
	desk.Screenshot("involvement")
}
