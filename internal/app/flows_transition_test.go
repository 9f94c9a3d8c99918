package app

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/smtptest"
	"throughline/internal/org"

	ical "github.com/arran4/golang-ical"
)

// posts gives the site a mail server, which is returned.
func (s *site) posts(t *testing.T) *smtptest.Server {
	t.Helper()
	server := smtptest.Start(t)
	mails, err := newMailer(MailConfig{Host: "127.0.0.1", Port: server.Port, From: "hello@example.org", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	s.mails, s.programmes.Mails, s.programmes.From = mails, true, "hello@example.org"
	return server
}

// day is a day so many days from today.
func day(from int) string { return time.Now().UTC().AddDate(0, 0, from).Format(time.DateOnly) }

// focusSystem: a management team's actions and initiatives, each tied to a focal point or openly off-focus; who owns
// it, when due, what happened; focus share over time; nudges.
func focusSystem(t *testing.T, s *site) {
	server := s.posts(t)
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	s.decided(t, lead)
	programme, team, account := s.led(t, boss)
	leader := s.signIn(t, account)
	for what, more := range map[string]url.Values{
		"Two questions at hand-over": {"decided": {day(-70)}, "due": {day(-3)}},
		"Renew the offices":          {"decided": {day(-70)}, "serves": {"off"}, "off": {"Planned before"}},
		"A round at noon":            {"decided": {day(0)}},
	} {
		page := leader.get(team)
		more.Set("what", what)
		if a := leader.sendForm(page, team, deed(page, more)); a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", what, a.status, a.said())
		}
	}
	// One of two served a focal point when they were decided, two of three do now.
	says(t, boss.get(programme+"/focus"), "67 % of what is being done serves a focal point.", "3 open · 1 late", day(-70)[:7]+" 2 1 50 %", day(0)[:7]+" 3 2 67 %", "Board Person 7 3 2 1")
	monday := time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	s.Transition.Now = func() time.Time { return monday }
	if err := s.Transition.PlanNudges(t.Context()); err != nil {
		t.Fatal(err)
	}
	if mail := s.mailed(t, server, 0)["p7@shops.example"]; mail.Subject != "2 of your actions need a word" || !strings.Contains(mail.Text, "Two questions at hand-over (Board)") || strings.Contains(mail.Text, "A round at noon") {
		t.Errorf("one is late and of one nothing was heard for a month: %s: %s", mail.Subject, mail.Text)
	}
	action := leader.get(team).page().Find(`a:contains("Two questions")`).AttrOr("href", "")
	says(t, leader.follow(leader.post(action, url.Values{"do": {"done"}, "outcome": {"helped"}, "text": {"They ask back."}})), "It helped. They ask back.")
	row := boss.get(programme+"/focus?format=csv").row(t, "Two questions at hand-over")
	if strings.Join(row[2:10], "|") != "Theme dialogue · Dialogue|Person 7|"+day(-70)+"|"+day(-3)+"|"+day(-3)+"|done|"+monday.Format(time.DateOnly)+"|It helped. They ask back." {
		t.Errorf("what, whose, until when and what came of it: %q", row)
	}
}

// leaderSystem: high potentials on management-team level of autonomous country organisations: eligibility, nomination,
// invitation, acceptance; each coaches one management team; quarterly meeting; expert record; steps to being able to run
// the next diagnosis (observe, co-run, lead).
func leaderSystem(t *testing.T, s *site) {
	server := s.posts(t)
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	report := s.decided(t, lead)
	form := boss.get("/programmes/new?kind=leaders")
	says(t, boss.sendForm(form, "/programmes", url.Values{"do": {"count"}, "level": nil, "team": {"yes"}, "partner": {"Brennan"}}), "Today these are 2 people.") // of the three on the board Person 1 works for Aldgate
	programme := boss.programme("leaders", url.Values{"team": {"yes"}})
	for _, name := range []string{"Person 1", "Person 25"} {
		boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, name)}})
	}
	people := boss.get(programme + "/people")
	says(t, boss.sendForm(people, "/people", url.Values{"note": {"Do join us."}, "member": people.ticked("member")}), "0 are active, 0 in formation, 2 asked.")
	asked := s.mailed(t, server, 0)["p1@shops.example"]
	link := strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(asked.Text), s.address)
	one := s.anybody(t)
	says(t, one.follow(one.post(link, url.Values{"answer": {"yes"}})), "You take part.")
	says(t, boss.get(programme+"/people"), "0 are active, 1 in formation, 1 asked.")
	member := boss.member(programme, "Person 1")
	boss.post(member, url.Values{"status": {"active"}})
	says(t, boss.get(programme), "0 of 1 management teams have a leader.")
	boss.post(member+"/place", url.Values{"team": {boss.get(member).page().Find("#team option").Last().AttrOr("value", "")}})
	says(t, boss.get(programme), "The management team has its leader.")

	planned := boss.sendForm(boss.get(programme+"/sessions/new"), "/sessions", url.Values{"starts": {day(1) + "T13:30"}, "count": {"3"}, "place": {"Room 1"}, "host": {"Pat"}})
	var months []int
	for _, at := range regexp.MustCompile(`(\d{4})-(\d\d)-\d\d 13:30`).FindAllStringSubmatch(planned.said(), -1) {
		year, _ := strconv.Atoi(at[1])
		month, _ := strconv.Atoi(at[2])
		months = append(months, 12*year+month)
	}
	if len(months) != 3 || months[1]-months[0] != 3 || months[2]-months[0] != 6 {
		t.Errorf("they do not meet each quarter: %v in %s", months, planned.said())
	}

	says(t, boss.get(programme+"/expertise"), "Nobody in this programme can run a diagnosis yet.")
	s.coRan(t, lead, report, member, "p1@shops.example")
	says(t, boss.get(programme+"/expertise"), "One person in this programme can run the next diagnosis.")
	says(t, boss.sendForm(boss.get(member), "/record", url.Values{"do": {"lead"}}), "1 of 35 themes; co-ran a diagnosis", "Leads diagnoses of North since")
}

// coRan writes in a member's record that a theme is known and that a diagnosis was observed and co-run, as the member
// does; whoever leads diagnoses confirms it.
func (s *site) coRan(t *testing.T, lead *client, report, member, mail string) {
	t.Helper()
	own, past := s.signIn(t, s.accountOf(t, mail)), strings.Split(report, "/")[2]
	for _, record := range []url.Values{{"kind": {"theme"}, "theme": {"dialogue"}, "depth": {"3"}}, {"kind": {"observed"}, "diagnosis": {past}}, {"kind": {"co-ran"}, "diagnosis": {past}}} {
		record.Set("day", day(0))
		if a := own.post("/coaching/record", record); a.status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", record, a.status, a.said())
		}
	}
	for range 3 {
		button := lead.get(member).page().Find("[name=do][value^=confirm]").First().AttrOr("value", "")
		if a := lead.post(member+"/record", url.Values{"do": {button}}); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", button, a.status, a.said())
		}
	}
}

// coachSystem: team leaders close to the shop floor; at least one coach for every group of 50 people for every
// geographical location: need, gap, candidates, assignment of groups to coaches, across partner organisations and units;
// ~100 coaches and thousands of people are ordinary.
func coachSystem(t *testing.T, s *site) {
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	s.decided(t, lead)
	lead.staffed(shop{"North", "Leeds", "Aldgate", 120, 4, "team leader"}, shop{"South", "Bath", "Brennan", 49, 1, "team leader"}, shop{"East", "Oslo", "Brennan", 51, 1, "team leader"})
	programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
	need := func() (all [3]int, gaps string) {
		t.Helper()
		var c struct {
			Need, Active, Gap int
			Rows              []struct {
				Location          string
				Need, Active, Gap int
			}
		}
		boss.reads(programme+"?format=json", &c)
		for _, r := range c.Rows {
			gaps += fmt.Sprintf("%s %d-%d=%d ", r.Location, r.Need, r.Active, r.Gap)
		}
		return [3]int{c.Need, c.Active, c.Gap}, gaps
	}
	// One for every 50 at each place, rounded up: 120 / 50 -> 3, 49 / 50 -> 1, 51 / 50 -> 2, together 6 (220 / 50 would be 5).
	if all, gaps := need(); all != [3]int{6, 0, 6} || gaps != "Bath 1-0=1 Leeds 3-0=3 Oslo 2-0=2 " {
		t.Errorf("needed: %v, %s", all, gaps)
	}
	if row := boss.get(programme+"?format=csv").row(t, "Leeds"); row[2] != "Aldgate" || row[3] != "120" || row[9] != "4" {
		t.Errorf("Leeds and its four candidates: %q", row)
	}
	for _, name := range []string{"Person 1", "Person 2", "Person 3", "Person 121", "Person 170"} {
		s.joined(t, boss, programme, name)
	}
	if all, gaps := need(); all != [3]int{6, 5, 1} || gaps != "Bath 1-1=0 Leeds 3-3=0 Oslo 2-1=1 " {
		t.Errorf("with five who coach: %v, %s", all, gaps)
	}
	// Leeds is 3 x 40 and Bath 49; of the 51 in Oslo 26 have the one coach and 25 none: 120 + 49 + 26 = 195 of 220.
	plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
	says(t, boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}}), "195 of 220 people have a coach, in 5 groups.", "Oslo East 26 Person 170", "Oslo East 25 nobody yet")
	says(t, s.signIn(t, s.accountOf(t, "p121@shops.example")).get("/coaching"), "You look after 49 people.")
}

// sessionSystem: each built around one focal point: first session (framework, self-reflection, getting to know the
// group, honing roles and results, supporting arrangements and workshops), later sessions (detail of a focal point,
// practical situations); agenda made from a template, attendance, reflections (private unless shared), commitments,
// calendar invitations.
func sessionSystem(t *testing.T, s *site) {
	server := s.posts(t)
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	s.decided(t, lead)
	programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
	_, account := s.joined(t, boss, programme, "Person 1")
	plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
	boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}})
	coach := s.signIn(t, account)
	form := coach.get(coach.get("/coaching").page().Find("a[href$='/sessions/new']").AttrOr("href", ""))
	first := coach.sendForm(form, "/sessions", url.Values{"starts": {day(1) + "T13:30"}, "place": {"Canteen 2"}, "focal": {form.page().Find("[name=focal], #focal option").Last().AttrOr("value", "")}})
	says(t, first, "First session: Theme dialogue", "The framework Theme dialogue", "Looking at yourself Theme dialogue", "Getting to know the group Theme dialogue", "Your role and what is to come of it Theme dialogue", "What helps you keep going Theme dialogue")
	session := first.at
	coach.post(session, url.Values{"do": {"invite"}})
	sent := s.mailed(t, server, 0)
	if e := event(t, sent["p7@shops.example"]); len(sent) != 8 || sent["p7@shops.example"].Method != "REQUEST" || e.GetProperty(ical.ComponentPropertyLocation).Value != "Canteen 2" {
		t.Errorf("of the group of 48, the eight with an address are asked: %d mails, %s", len(sent), e.Serialize(nil))
	}
	link := strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(sent["p7@shops.example"].Text), s.address)
	seven := s.anybody(t)
	says(t, seven.follow(seven.post(link, url.Values{"do": {"say yes"}})), "You have said yes.")
	says(t, coach.get(session), "1 of 47 have said yes", "7 of 47 have been invited by mail.")
	for words, shared := range map[string][]string{"I never ask.": nil, "I asked today.": {"yes"}} {
		seven.post(link, url.Values{"do": {"reflect"}, "reflection": {words}, "shared": shared})
		if a := coach.get(session); !strings.Contains(seven.get(link).body, words) || strings.Contains(a.body, words) != (shared != nil) {
			t.Errorf("%q, shared %v, is read by whoever leads it: %s", words, shared, a.said())
		}
	}
	seven.post(link, url.Values{"do": {"commit"}, "commitment": {"Ask first"}, "due": {day(9)}})
	says(t, coach.get(session), "Ask first until "+day(9))
	s.Transition.Now = func() time.Time { return time.Now().AddDate(0, 0, 2) }
	held := coach.get(session)
	came := held.ticked("came")
	for _, name := range []string{"Person 10", "Person 11"} {
		came = append(came, held.page().Find(`label:contains("`+name+`") [name=came]`).First().AttrOr("value", ""))
	}
	// Three came for an hour: 3 hours; who led it, an hour and 30 minutes to prepare it.
	says(t, coach.follow(coach.post(session, url.Values{"do": {"attend"}, "came": came, "prepared": {"30"}})), "3 people came.", "Recorded as effort: 3.0 hours of participants, 1.5 hours of those who lead or coach.")
	form = coach.get(form.at)
	next := coach.sendForm(form, "/sessions", url.Values{"starts": {day(9) + "T13:30"}, "place": {"Canteen 2"}, "focal": {form.page().Find("[name=focal], #focal option").Last().AttrOr("value", "")}})
	says(t, next, "The focal point in detail Theme dialogue", "Practical situations Theme dialogue", "Looking back Theme dialogue", "Commitments Theme dialogue")
}

// practiceSystem: a coach links the concept to a problem at work: situation, characteristic, what was tried, what came
// of it; searchable, reusable, adopted by others; the spread ('oil slick') over units and locations is a picture over time.
func practiceSystem(t *testing.T, s *site) {
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	s.decided(t, lead)
	programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
	_, here := s.joined(t, boss, programme, "Person 1")
	_, there := s.joined(t, boss, programme, "Person 49")
	plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
	boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}})
	ann, bob := s.signIn(t, here), s.signIn(t, there)
	a := ann.sendForm(ann.get("/practices/new"), "/practices", url.Values{"do": {"share"}, "problem": {"Nobody asks anything back at hand-over."}, "theme": {"dialogue"}, "tried": {"Two questions first."}, "outcome": {"helped"}, "title": {"Questions before answers"}})
	path := a.at
	says(t, a, "Nobody else works by it yet.", "Nobody asks anything back at hand-over.", "Two questions first.", "It helped.")
	// Leeds is one group of 48, Bath one of 12: 48 of 60 people are 80 %, and a month later all of them.
	says(t, boss.get(programme+"/spread"), "In one month, what was tried at one location has reached 80 % of the people.", "48 of 60 people")
	later := time.Now().AddDate(0, 1, 0)
	s.Transition.Now = func() time.Time { return later }
	says(t, bob.get("/practices?q=hand+over"), "One practice is found.")
	says(t, bob.get("/practices?q=zebra"), "Nothing has these words.")
	says(t, bob.follow(bob.post(path, url.Values{"do": {"adopt"}, "day": {later.Format(time.DateOnly)}, "outcome": {"partly"}, "note": {"By phone."}})), "One other works by it now.")
	says(t, boss.get(programme+"/spread"), "reached 100 % of the people.", "60 of 60 people")
	for by, want := range map[string]string{"location": "Bath 12 0 12,Leeds 48 48 48", "unit": "East 12 0 12,North 24 24 24,South 24 24 24"} {
		var got []string
		for _, row := range boss.get(programme + "/spread?format=csv&by=" + by).rows(t)[1:] {
			got = append(got, strings.Join(row[:3], " ")+" "+row[len(row)-1])
		}
		if strings.Join(got, ",") != want {
			t.Errorf("by %s, from month to month: %v", by, got)
		}
	}
}

// ownershipSystem: share of diagnosis steps, actions, sessions run by own people against external parties; people able
// to run the next diagnosis.
func ownershipSystem(t *testing.T, s *site) {
	lead, boss := s.as(t, "lead", whole(org.DiagnosisLead)), s.as(t, "boss", whole(org.ProgrammeManager))
	report := s.decided(t, lead)
	programme, team, account := s.led(t, boss)
	leader := s.signIn(t, account)
	for what, external := range map[string][]string{"Two questions": nil, "A round at noon": nil, "Renew the offices": {"yes"}} {
		page := leader.get(team)
		leader.sendForm(page, team, deed(page, url.Values{"what": {what}, "external": external}))
	}
	steps := boss.get("/ownership").page().Find("#step option")
	for step, by := range map[string]string{"set up and opened": "external", "closed, and the report read": "own"} {
		boss.post("/ownership", url.Values{"step": {steps.Filter(`:contains("`+step+`")`).AttrOr("value", "")}, "by": {by}, "who": {"Them"}})
	}
	clock := s.Transition.Now
	s.Transition.Now = func() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) } // planned as the day began
	planned := boss.sendForm(boss.get(programme+"/sessions/new"), "/sessions", url.Values{"starts": {day(0) + "T00:01"}, "count": {"1"}, "place": {"Room 1"}, "host": {"Pat"}, "external": {"yes"}})
	s.Transition.Now = clock
	session := planned.page().Find("tbody a[href^='/sessions/']").First().AttrOr("href", "")
	boss.post(session, url.Values{"do": {"attend"}, "came": {boss.get(session).page().Find("[name=came]").First().AttrOr("value", "")}})
	// Own people: two actions and one step; others: one action, one step and one session.
	a := boss.get("/ownership")
	says(t, a, "own people ran 50 % of it.", "Nobody at work can run the next diagnosis yet.")
	if rows := boss.get("/ownership?format=csv").rows(t); strings.Join(rows[len(rows)-1][1:8], "|") != "50 %|1|1|0|1|2|1" {
		t.Errorf("steps, sessions and actions, own and external: %q", rows[len(rows)-1])
	}
	s.coRan(t, lead, report, boss.member(programme, "Person 7"), "p7@shops.example")
	says(t, boss.get("/ownership"), "The next diagnosis can be run by one person, in 1 of 1 countries.")
}
