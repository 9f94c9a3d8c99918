package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/smtptest"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
	ical "github.com/arran4/golang-ical"
)

// mailed sends what waits and returns, by address, what came since.
func (s *site) mailed(t *testing.T, server *smtptest.Server, since int) map[string]smtptest.Mail {
	t.Helper()
	if err := s.sendMail(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := map[string]smtptest.Mail{}
	for _, m := range server.Mails()[since:] {
		all[m.To] = m
	}
	return all
}

// event is the one event of a mail.
func event(t *testing.T, m smtptest.Mail) *ical.VEvent {
	t.Helper()
	c, err := ical.ParseCalendar(strings.NewReader(m.Calendar))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v in the mail '%s' with\n%s", err, m.Subject, m.Calendar)
	}
	return c.Events()[0]
}

// Sessions of leaders: planned as a series, mailed into calendars, answered by the link without
// an account, moved, held, and written of; the hours come into the ledger.
func TestLeadersMeetEachQuarter(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		server := s.posts(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("leaders", url.Values{"team": {"yes"}})
		_, account := s.joined(t, boss, programme, "Person 1")
		s.joined(t, boss, programme, "Person 25")
		one := s.signIn(t, account)

		page := boss.get(programme + "/sessions/new")
		if n := page.page().Find("[name=every]").AttrOr("value", ""); n != "3" {
			t.Errorf("leaders meet every %s months", n)
		}
		for want, wrong := range map[string]url.Values{"say in at most 300 bytes where": {"place": {""}}, "say who leads it": {"host": {""}}, "choose the focal points": {"focal": nil}, "plan 1 to 24": {"count": {"99"}}} {
			form := url.Values{"place": {"Room 1"}, "host": {"Pat"}}
			for k, v := range wrong {
				form[k] = v
			}
			if a := boss.sendForm(page, "/sessions", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		tomorrow := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
		a := boss.sendForm(page, "/sessions", url.Values{"starts": {tomorrow + "T13:30"}, "count": {"2"}, "place": {"Room 1"}, "host": {"Pat"}, "external": {"yes"}})
		if !strings.Contains(a.said(), "0 sessions held, 2 to come.") || !strings.Contains(a.said(), "First session: Theme dialogue") {
			t.Fatalf("planned: %d %s", a.status, a.said())
		}
		session := a.page().Find("tbody a").First().AttrOr("href", "")
		if a := boss.sendForm(page, "/sessions", url.Values{"starts": {tomorrow + "T14:00"}, "place": {"Room 2"}, "host": {"Pat"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "asked to another session at this time") {
			t.Errorf("an overlapping series: %d %s", a.status, a.said())
		}
		a = boss.get(session)
		for _, want := range []string{"15 min 13:30", "The framework Theme dialogue", "Looking at yourself Theme dialogue", "Getting to know the group Theme dialogue", "Your role and what is to come of it Theme dialogue", "Nobody has been invited yet.",
			"What the diagnosis says", "these are the figures of the whole, 52 answers"} {
			if !strings.Contains(a.said(), want) {
				t.Errorf("the session does not say %q: %s", want, a.said())
			}
		}

		boss.follow(boss.post(session, url.Values{"do": {"invite"}}))
		first := s.mailed(t, server, 0)
		mail := first["p1@shops.example"]
		e := event(t, mail)
		starts, err := e.GetStartAt()
		if err != nil || len(first) != 2 || mail.Method != "REQUEST" || starts.Format("2006-01-02T15:04") != tomorrow+"T13:30" || e.Attendees()[0].Email() != "p1@shops.example" {
			t.Errorf("%d mails, %s %v: %s", len(first), mail.Method, starts, mail.Calendar)
		}
		link := strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(mail.Text), s.address)
		anybody := s.anybody(t)
		if a := anybody.get(link); !strings.Contains(a.said(), "Will you come?") || strings.Contains(a.said(), "Person 25") {
			t.Errorf("by the link: %s", a.said())
		}
		if a := anybody.follow(anybody.post(link, url.Values{"do": {"say yes"}})); !strings.Contains(a.said(), "You have said yes.") {
			t.Errorf("yes: %s", a.said())
		}
		for _, do := range []string{"invite", "cancel", "attend", "minutes"} {
			if a := anybody.post(link, url.Values{"do": {do}}); a.status != http.StatusNotFound {
				t.Errorf("a participant does %s: %d", do, a.status)
			}
		}
		if a := s.anybody(t).get(link + "/calendar"); a.status != http.StatusOK || !strings.Contains(a.body, "SUMMARY:First session: Theme dialogue") {
			t.Errorf("the calendar file: %d %s", a.status, a.body)
		}

		// Moved to another room: told again, as the next version of the same event.
		if a := boss.sendForm(boss.get(session+"/edit"), "/edit", url.Values{"place": {"Room 7"}, "part-text": {"Our own words"}}); !strings.Contains(a.said(), "Room 7") || !strings.Contains(a.said(), "Our own words") {
			t.Errorf("moved: %d %s", a.status, a.said())
		}
		moved := event(t, s.mailed(t, server, 2)["p1@shops.example"])
		if moved.Id() != e.Id() || moved.GetProperty(ical.ComponentPropertySequence).Value != "1" || moved.GetProperty(ical.ComponentPropertyLocation).Value != "Room 7" {
			t.Errorf("%s", moved.Serialize(nil))
		}

		// What somebody reflects nobody else reads, unless it is shared.
		for reflection, shared := range map[string]string{"I never ask.": "", "I asked today.": "yes"} {
			form := url.Values{"do": {"reflect"}, "reflection": {reflection}}
			if shared != "" {
				form.Set("shared", shared)
			}
			if a := one.follow(one.post(session, form)); !strings.Contains(a.body, reflection) {
				t.Errorf("the own reflection: %s", a.said())
			}
			if a := boss.get(session); strings.Contains(a.body, reflection) != (shared != "") {
				t.Errorf("the programme manager reads %q, shared: %q", reflection, shared)
			}
		}
		if a := one.follow(one.post(session, url.Values{"do": {"state"}, "own-role": {"I keep the board on dialogue."}, "results": {"Two questions a meeting."}})); !strings.Contains(a.body, "Two questions a meeting.") {
			t.Errorf("the statement: %s", a.said())
		}
		if a := one.follow(one.post(session, url.Values{"do": {"commit"}, "commitment": {"Ask first"}, "due": {tomorrow}})); !strings.Contains(a.said(), "Ask first until "+tomorrow) {
			t.Errorf("the commitment: %s", a.said())
		}
		if a := one.get("/coaching"); !strings.Contains(a.said(), "First session: Theme dialogue") || !strings.Contains(a.said(), "Ask first") {
			t.Errorf("on the leader's page: %s", a.said())
		}
		if a := boss.post(session, url.Values{"do": {"attend"}}); a.status != http.StatusConflict || !strings.Contains(a.said(), "has not begun") {
			t.Errorf("noting who came too early: %d %s", a.status, a.said())
		}

		// A day later it has been held.
		s.Transition.Now = func() time.Time { return time.Now().AddDate(0, 0, 2) }
		came := boss.get(session).ticked("came")
		if len(came) != 1 {
			t.Errorf("%d are ticked who said yes", len(came))
		}
		if a := boss.post(session, url.Values{"do": {"attend"}, "came": came, "cost-supplier": {"a lot"}, "currency": {"EUR"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "is no amount of money") {
			t.Errorf("a cost that is none: %d %s", a.status, a.said())
		}
		a = boss.follow(boss.post(session, url.Values{"do": {"attend"}, "came": came, "prepared": {"60"}, "cost-supplier": {"450,50"}, "currency": {"eur"}}))
		if !strings.Contains(a.said(), "one person came.") || !strings.Contains(a.said(), "Recorded as effort: 1.5 hours of participants, 2.5 hours of those who lead or coach. Costs: EUR 450.50 (invoices of suppliers)") {
			t.Errorf("held: %s", a.said())
		}
		if a := boss.get(programme + "/sessions"); !strings.Contains(a.said(), "1 sessions held, 1 to come.") || !strings.Contains(a.said(), "2 people have no arrangement yet.") {
			t.Errorf("the list: %s", a.said())
		}
		pair := boss.get(programme + "/sessions/new?kind=buddies")
		people := []string{}
		pair.page().Find("[name=person]").Each(func(_ int, f *goquery.Selection) { people = append(people, f.AttrOr("value", "")) })
		soon := time.Now().UTC().AddDate(0, 0, 9).Format(time.DateOnly)
		if a := boss.sendForm(pair, "/sessions", url.Values{"starts": {soon + "T09:00"}, "place": {"By phone"}, "host": {"Pat"}, "role": {"focus"}, "person": people}); !strings.Contains(a.said(), "Everybody takes part in an arrangement.") {
			t.Errorf("a buddy pair: %d %s", a.status, a.said())
		}

		// The next one looks at the statement again; cancelled, everybody told is told.
		next := boss.get(programme+"/sessions").page().Find(`tbody a[href^="/sessions/"]`).FilterFunction(func(_ int, f *goquery.Selection) bool { return f.AttrOr("href", "") != session }).Last().AttrOr("href", "")
		if a := one.get(next); !strings.Contains(a.said(), "does it still hold?") || !strings.Contains(a.body, "I keep the board on dialogue.") {
			t.Errorf("revisited: %s", a.said())
		}
		sent := len(server.Mails())
		boss.post(next, url.Values{"do": {"invite"}})
		s.mailed(t, server, sent)
		sent = len(server.Mails())
		boss.follow(boss.post(next, url.Values{"do": {"cancel"}, "reason": {"The board meets elsewhere."}}))
		gone := s.mailed(t, server, sent)["p1@shops.example"]
		if gone.Method != "CANCEL" || event(t, gone).GetProperty(ical.ComponentPropertyStatus).Value != "CANCELLED" || !strings.Contains(gone.Text, "The board meets elsewhere.") {
			t.Errorf("cancelled: %+v", gone)
		}
		manager := s.as(t, "stranger", whole(org.Manager))
		if a := manager.get(session); a.status != http.StatusNotFound {
			t.Errorf("somebody else: %d", a.status)
		}
	})
}

// On a phone: a coach plans a session with the own group, notes who came, writes down time
// between sessions, and gets a calendar that ends when the coach leaves.
func TestACoachHoldsASessionOnAPhone(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
		_, account := s.joined(t, boss, programme, "Person 1")
		plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
		boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}})

		p := browser.Open(t).Page(390, 900, false, true)
		s.signInOn(t, p, account)
		p.Goto(s.address + "/coaching")
		p.Click("a[href$='/sessions/new']")
		p.WaitFor("#place")
		p.Fill("#place", "Canteen 2")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("coach-session-plan")
		p.Click("form.card .btn")
		p.WaitText("have said yes")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("coach-session")
		s.Transition.Now = func() time.Time { return time.Now().AddDate(0, 0, 15) }
		p.Goto(s.address + "/coaching")
		p.WaitText("note who came")
		p.Click("a[href^='/sessions/']")
		p.WaitFor("[name=came]")
		p.Click("[name=came]")
		p.Click("button[value=attend]")
		p.WaitText("one person came.")
		p.Screenshot("coach-session-held")
		p.Goto(s.address + "/coaching")
		p.WaitFor("#coached-what")
		p.Fill("#coached-what", "Hand-over with the night team")
		p.Click("form[action='/coaching/hours'] .btn")
		p.WaitText("Strike out")
		p.Click("button[value=make]")
		p.WaitFor("#feed")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("coach-feed")
		if a := boss.get(programme + "/sessions"); !strings.Contains(a.said(), "Recorded as effort: 1.5 hours of participants, 1.5 hours of those who lead or coach.") {
			t.Errorf("by hand 60 + 30 minutes twice: %s", a.said())
		}
	})
}

// A calendar shows the own sessions to whoever has its address, until its owner leaves.
func TestACalendarEndsWithItsOwner(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
		_, account := s.joined(t, boss, programme, "Person 1")
		boss.sendForm(boss.get(programme+"/sessions/new"), "/sessions", url.Values{"count": {"3"}, "place": {"Room 1"}, "host": {"Pat"}})
		coach := s.signIn(t, account)
		feed := strings.TrimPrefix(coach.post("/sessions/calendar", url.Values{"do": {"make"}}).page().Find("#feed").AttrOr("value", ""), s.address)
		read := func() (int, int) {
			a := s.anybody(t).get(feed)
			c, err := ical.ParseCalendar(strings.NewReader(a.body))
			if a.status != http.StatusOK || err != nil {
				return a.status, 0
			}
			return a.status, len(c.Events())
		}
		if status, n := read(); status != http.StatusOK || n != 3 {
			t.Errorf("%d, %d events", status, n)
		}
		if a := s.anybody(t).get("/calendar/guessed.ics"); a.status != http.StatusNotFound {
			t.Errorf("guessed: %d", a.status)
		}
		// Person 1 has left with tomorrow's roster.
		roster := "Id,Name,Unit,Location,Level,Mail\n"
		for _, id := range []string{"2", "3", "4", "5", "6", "7"} {
			roster += "P" + id + ",Person " + id + ",Shops/North,Leeds,employee,\n"
		}
		lead.bring(time.Now().UTC().Format(time.DateOnly), "people.csv", roster, "map.yaml", "people: {key: Id, name: Name, unit_path: Unit, location: Location, level: Level, mail: Mail}")
		if status, _ := read(); status != http.StatusNotFound {
			t.Errorf("of somebody who has left: %d", status)
		}
	})
}

// A series moves from one of its sessions on, a part of an agenda to another place, and what is left of
// the series is cancelled with one press.
func TestASeriesIsChangedAsAWhole(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("leaders", url.Values{"team": {"yes"}})
		s.joined(t, boss, programme, "Person 1")
		starts := time.Now().UTC().AddDate(0, 0, 9).Format(time.DateOnly)
		a := boss.sendForm(boss.get(programme+"/sessions/new"), "/sessions", url.Values{"starts": {starts + "T13:30"}, "count": {"3"}, "place": {"Room 1"}, "host": {"Pat"}})
		var paths []string
		a.page().Find("tbody a[href^='/sessions/']").Each(func(_ int, link *goquery.Selection) { paths = append(paths, link.AttrOr("href", "")) })
		if len(paths) != 3 {
			t.Fatalf("%d sessions: %s", len(paths), a.said())
		}
		form := boss.get(paths[1] + "/edit")
		places := form.page().Find("[name=part-place]")
		order := make([]string, places.Length())
		places.Each(func(i int, field *goquery.Selection) { order[i] = field.AttrOr("value", "") })
		order[0] = "3"
		a = boss.sendForm(form, "/edit", url.Values{"place": {"Room 9"}, "following": {"yes"}, "part-place": order})
		if a.status != http.StatusOK || !strings.Contains(a.said(), "Room 9") || !regexp.MustCompile(`Practical situations.*Looking back.*The focal point in detail.*Commitments`).MatchString(a.said()) {
			t.Errorf("changed: %d %s", a.status, a.said())
		}
		for i, room := range []string{"Room 1", "Room 9", "Room 9"} {
			if a := boss.get(paths[i]); !strings.Contains(a.said(), room) {
				t.Errorf("%d is not in %s: %s", i, room, a.said())
			}
		}
		boss.post(paths[1], url.Values{"do": {"cancel"}, "reason": {"The line stands still."}, "following": {"yes"}})
		if a := boss.get(programme + "/sessions"); !strings.Contains(a.said(), "0 sessions held, 1 to come.") {
			t.Errorf("cancelled: %s", a.said())
		}
	})
}
