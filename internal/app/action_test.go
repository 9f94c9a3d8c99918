package app

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/org"
)

// led is the management team of the board, led by Person 7, whose account is returned.
func (s *site) led(t *testing.T, boss *client) (programme, team, account string) {
	t.Helper()
	programme = boss.programme("leaders", url.Values{"level": {"team-leader"}, "nudges": {"yes"}})
	member, account := s.joined(t, boss, programme, "Person 7")
	id := boss.get(member).page().Find("#team option").Last().AttrOr("value", "")
	if a := boss.post(member+"/place", url.Values{"team": {id}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.said())
	}
	return programme, "/teams/" + id, account
}

// deed is the form for an action that serves the first focal point.
func deed(page answer, set url.Values) url.Values {
	form := url.Values{"what": {"Two questions at hand-over"}, "due": {time.Now().UTC().AddDate(0, 0, 20).Format(time.DateOnly)},
		"serves": {page.page().Find("#serves optgroup option").First().AttrOr("value", "")}, "owner": {page.page().Find(`#owner option:contains("Person 7")`).AttrOr("value", "")}}
	for name, values := range set {
		form[name] = values
	}
	return form
}

// A management team decides on two actions, one openly off focus; the leader asks, notes hours and
// ends one; the programme manager sees the focus, by hand one of two, and the hours in the ledger.
func TestAManagementTeamKeepsItsFocus(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		lead.post(report+"/release", url.Values{"to": {"executives"}})
		page := leader.get(team)
		if !strings.Contains(page.said(), "Board has decided on no action yet.") || !strings.Contains(page.said(), "Nothing is being done about 'Theme dialogue': what will you do?") || !strings.Contains(page.said(), "has not been released so far that you could read it here") {
			t.Errorf("at first: %s", page.said())
		}
		lead.post(report+"/release", url.Values{"to": {"managers"}})
		if a := leader.get(team); !strings.Contains(a.said(), "these are the figures of the whole, 52 answers") || !strings.Contains(a.said(), "What moved will be seen in the next diagnosis.") {
			t.Errorf("released: %s", a.said())
		}
		for want, wrong := range map[string]url.Values{"what will be done": {"what": {" "}}, "choose the focal point that it serves": {"serves": {""}}, "say why it is done": {"serves": {"off"}}, "choose who answers for it": {"owner": {"x"}}, "it cannot be due before": {"due": {"2020-01-01"}}, "choose until when": {"due": {"soon"}}} {
			if a := leader.sendForm(page, team, deed(page, wrong)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		a := leader.sendForm(page, team, deed(page, nil))
		if a = leader.sendForm(page, team, deed(page, nil)); !strings.Contains(a.said(), "Board: at work on one action.") { // sent twice
			t.Fatalf("decided: %d %s", a.status, a.said())
		}
		page = leader.get(team)
		a = leader.sendForm(page, team, deed(page, url.Values{"what": {"Renew the offices"}, "serves": {"off"}, "off": {"Planned before"}, "external": {"yes"}}))
		if !strings.Contains(a.said(), "1 of 2 actions serve a focal point (50 %)") || !strings.Contains(a.said(), "Person 7 · off focus") {
			t.Errorf("two: %s", a.said())
		}
		action := a.page().Find(`a:contains("Two questions")`).AttrOr("href", "")

		for name, other := range map[string]*client{"an employee": s.as(t, "eve", whole(org.Employee)), "a coach of nobody": s.as(t, "cy", whole(org.Coach)), "the administrator": s.as(t, "adm", whole(org.Administrator))} {
			for _, path := range []string{team, action} {
				if a := other.get(path); a.status != http.StatusNotFound {
					t.Errorf("%s reads %s: %d", name, path, a.status)
				}
				if a := other.post(path, deed(page, nil)); a.status != http.StatusNotFound {
					t.Errorf("%s writes to %s: %d", name, path, a.status)
				}
			}
		}
		executive := s.as(t, "exec", whole(org.Executive))
		if a := executive.get(action); a.status != http.StatusOK || a.page().Find("form[action='"+action+"']").Length() != 0 {
			t.Errorf("the executive: %d", a.status)
		}
		if a := executive.post(action, url.Values{"do": {"check-in"}, "pace": {"on-track"}}); a.status != http.StatusNotFound {
			t.Errorf("the executive writes: %d", a.status)
		}

		for want, form := range map[string]url.Values{"say how it goes": {"do": {"check-in"}, "word": {"06h26e5kktv5f9kttuaan0ja1s"}}, "no number of hours": {"do": {"check-in"}, "pace": {"slower"}, "hours": {"many"}}, "say what came of it": {"do": {"done"}}, "say why it is stopped": {"do": {"stop"}},
			"no amount of money": {"do": {"check-in"}, "pace": {"slower"}, "cost-supplier": {"a lot"}}} {
			if a := leader.post(action, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		a = leader.sendForm(leader.get(action), action, url.Values{"do": {"check-in"}, "pace": {"stuck"}, "text": {"The night team is ill."}, "hours": {"1,5"}})
		if !strings.Contains(a.said(), "It is stuck") || !strings.Contains(a.said(), "Recorded as effort: 1.5 hours.") {
			t.Errorf("a word: %s", a.said())
		}
		if a := leader.get(team); !strings.Contains(a.said(), "'Two questions at hand-over' is stuck. What would get it going again?") {
			t.Errorf("what to ask: %s", a.said())
		}
		if a := leader.get("/"); !strings.Contains(a.said(), "You answer for 2 actions") || !strings.Contains(a.said(), "One of them needs a word from you.") {
			t.Errorf("at home: %s", a.said())
		}
		a = leader.follow(leader.post(action, url.Values{"do": {"done"}, "outcome": {"helped"}, "text": {"They ask back."}, "hours": {"2"}, "cost-supplier": {"450"}, "currency": {"EUR"}}))
		if !strings.Contains(a.said(), "Done: Two questions at hand-over") || !strings.Contains(a.said(), "It helped. They ask back.") || !strings.Contains(a.said(), "3.5 hours. EUR 450") {
			t.Errorf("done: %s", a.said())
		}

		a = boss.get(programme + "/focus")
		if !strings.Contains(a.said(), "50 % of what is being done serves a focal point.") {
			t.Errorf("the focus: %s", a.said())
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get(programme+"/focus?format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[1][0] != "Renew the offices" || rows[1][7] != "open" || rows[1][10] != "external" || rows[2][7] != "done" || rows[2][9] != "It helped. They ask back." || rows[2][11] != "3.5" {
			t.Errorf("%v, %v", rows, err)
		}
		ledger, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get(programme+"/effort?format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(ledger) != 3 || ledger[1][1] != "Two questions at hand-over" || ledger[1][4] != "2" || ledger[1][6] != "EUR 450" || ledger[2][4] != "1.5" {
			t.Errorf("%v, %v", ledger, err)
		}
	})
}

// An owner is reminded by a mail that names the action, and switches reminders off by its link.
func TestAnOwnerIsRemindedAndCanSwitchItOff(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		server := s.posts(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		page := leader.get(team)
		late := deed(page, url.Values{"decided": {"2026-01-02"}, "due": {"2026-01-20"}})
		if a := leader.sendForm(page, team, late); !strings.Contains(a.said(), "Board: one promise is late.") {
			t.Fatalf("late: %d %s", a.status, a.said())
		}
		boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, "Person 13")}})
		if a := boss.get(programme); !strings.Contains(a.said(), "What waits for you One person is nominated and not invited yet No session is planned One action is late") {
			t.Errorf("what waits for whoever leads it: %s", a.said())
		}
		if a := leader.get("/coaching"); !strings.Contains(a.said(), "Actions: one open · 1 late") || !strings.Contains(a.said(), "What is in the way?") {
			t.Errorf("the leader's page: %s", a.said())
		}
		monday := time.Now().UTC()
		for monday.Weekday() != time.Monday {
			monday = monday.AddDate(0, 0, 1)
		}
		s.Transition.Now = func() time.Time { return time.Date(monday.Year(), monday.Month(), monday.Day(), 12, 0, 0, 0, time.UTC) }
		before := len(server.Mails())
		if err := s.Transition.PlanNudges(t.Context()); err != nil {
			t.Fatal(err)
		}
		mail := s.mailed(t, server, before)["p7@shops.example"]
		if mail.Subject != "One of your actions needs a word" || !strings.Contains(mail.Text, "Two questions at hand-over (Board)") || !strings.Contains(mail.Text, s.address+"/actions/") {
			t.Errorf("%s: %s", mail.Subject, mail.Text)
		}
		link := strings.TrimPrefix(regexp.MustCompile(`http://\S+/reminders/\S+`).FindString(mail.Text), s.address)
		anybody := s.anybody(t)
		if a := anybody.get(link); a.status != http.StatusOK || !strings.Contains(a.said(), "Do you want no more reminders of your actions?") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %s", a.status, a.said())
		}
		if a := anybody.follow(anybody.post(link, url.Values{"do": {"off"}})); !strings.Contains(a.said(), "You get no reminders of your actions.") {
			t.Errorf("off: %s", a.said())
		}
		if a := leader.get("/actions"); !strings.Contains(a.said(), "You get no reminders of your actions.") || !strings.Contains(a.said(), "One of your actions should have been done.") {
			t.Errorf("the own actions: %s", a.said())
		}
		if a := leader.follow(leader.post("/actions/reminders", url.Values{"do": {"on"}})); !strings.Contains(a.said(), "Do not remind me") {
			t.Errorf("on again: %s", a.said())
		}
	})
}

// An initiative is begun by the programme manager, begins in a unit, and is chosen for an action.
func TestAnInitiativeIsBegunAndChosen(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		_, team, account := s.led(t, boss)
		page := boss.get("/initiatives")
		if !strings.Contains(page.said(), "No initiative goes on.") {
			t.Errorf("at first: %s", page.said())
		}
		for want, wrong := range map[string]url.Values{"give the initiative a name": {"name": {" "}}, "nobody on today's roster": {"owner": {"Nobody at all"}}, "several people": {"owner": {"Person"}}, "who answers": {"owner": {""}}} {
			form := url.Values{"do": {"keep"}, "name": {"Hand-overs that ask"}, "owner": {"P7"}}
			for k, v := range wrong {
				form[k] = v
			}
			if a := boss.sendForm(page, "/initiatives", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		a := boss.sendForm(page, "/initiatives", url.Values{"do": {"keep"}, "name": {"Hand-overs that ask"}, "owner": {"P7"}, "focal": {page.page().Find("[name=focal]").First().AttrOr("value", "")}})
		if a.status != http.StatusOK || !strings.Contains(a.said(), "Theme dialogue") || !strings.Contains(a.said(), "Person 7 · nowhere begun") {
			t.Fatalf("begun: %d %s", a.status, a.said())
		}
		path := a.at
		unit := a.page().Find(`#unit option:contains("North")`).AttrOr("value", "")
		if a := boss.post(path, url.Values{"do": {"start"}, "unit": {unit}, "day": {""}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "choose the day on which it begins") {
			t.Errorf("on no day: %d %s", a.status, a.said())
		}
		a = boss.follow(boss.post(path, url.Values{"do": {"start"}, "unit": {unit}, "day": {"2026-04-01"}}))
		if !strings.Contains(a.said(), "begun in 1 of 1 units") || !strings.Contains(a.said(), "North 2026-04-01") {
			t.Errorf("in North: %s", a.said())
		}
		leader := s.signIn(t, account)
		page = leader.get(team)
		leader.sendForm(page, team, deed(page, url.Values{"initiative": {page.page().Find("#initiative option").Last().AttrOr("value", "")}}))
		if a := boss.get(path); !strings.Contains(a.said(), "Two questions at hand-over") {
			t.Errorf("its actions: %s", a.said())
		}
		_, account = s.joined(t, boss, boss.programme("coaches", url.Values{"level": {"team-leader"}}), "Person 1")
		coach, owner, stranger := s.signIn(t, account), leader, s.as(t, "stranger", whole(org.Employee))
		if a := coach.get(path); a.status != http.StatusOK || a.page().Find("form[action='"+path+"']").Length() > 0 {
			t.Errorf("what a coach sees: %d %s", a.status, a.said())
		}
		if a := coach.post(path, url.Values{"do": {"end"}, "came": {"All of it"}}); a.status != http.StatusNotFound {
			t.Errorf("a coach who does not answer for it ends it: %d", a.status)
		}
		if a := stranger.get(path); a.status != http.StatusNotFound {
			t.Errorf("what a stranger sees: %d", a.status)
		}
		if a := owner.get("/actions"); a.page().Find("a[href='"+path+"']").Length() == 0 {
			t.Errorf("the owner does not find it: %s", a.said())
		}
		if a := owner.post(path, url.Values{"do": {"keep"}, "name": {"Mine"}, "owner": {"P7"}}); a.status != http.StatusNotFound {
			t.Errorf("the owner renames it: %d", a.status)
		}
		if a := owner.post(path, url.Values{"do": {"end"}, "came": {" "}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say what came of it") {
			t.Errorf("ended without a word: %d %s", a.status, a.said())
		}
		if a := owner.follow(owner.post(path, url.Values{"do": {"end"}, "came": {"Half of the shops ask."}})); !strings.Contains(a.said(), "ended on") || !strings.Contains(a.said(), "Half of the shops ask.") {
			t.Errorf("ended: %s", a.said())
		}
	})
}

// On a phone: the leader decides on an action and says how it goes.
func TestALeaderFollowsActionsOnAPhone(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		_, team, account := s.led(t, boss)
		p := browser.Open(t).Page(390, 900, false, true)
		s.signInOn(t, p, account)
		p.Goto(s.address + team)
		p.WaitText("Board has decided on no action yet.")
		p.Fill("#what", "Two questions at hand-over")
		for field, option := range map[string]string{"#serves": "#serves optgroup option", "#owner": "#owner option:nth-child(2)"} {
			value := ""
			p.Eval(`document.querySelector("`+option+`").value`, &value)
			p.Fill(field, value)
		}
		p.Fill("#due", "2030-05-01")
		p.NoOverflow()
		p.Axe()
		p.Click("#decide button.btn")
		p.WaitText("Board: at work on one action.")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("team")
		p.Click("ul.rows a[href^='/actions/']")
		p.WaitText("How does it go?")
		p.Click("input[name=pace][value=slower]")
		p.Fill("#text", "Two were ill.")
		p.Fill("#hours", "1.5")
		p.Click("button[value=check-in]")
		p.WaitText("Recorded as effort: 1.5 hours.")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("action")
	})
}

// Who belongs to a management team reads figures once they are released to everyone, who coaches it
// once they are to managers; a manager of another unit reads nothing, and who has left writes nothing.
func TestWhoMaySeeWhatOfAManagementTeam(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		_, team, account := s.led(t, boss)
		leader := s.signIn(t, account)
		on, err := s.Org.CreateAccount(t.Context(), s.organisation, org.Account{Mail: "member@shops.example", Name: "Person 25", Person: "P25", Grants: []org.Grant{whole(org.Employee)}}, "First")
		if err != nil {
			t.Fatal(err)
		}
		member := s.signIn(t, on)
		figures, unread := "these are the figures of the whole, 52 answers", "has not been released so far that you could read it here"
		for to, want := range map[string][2]string{"executives": {unread, unread}, "managers": {unread, figures}, "everyone": {figures, figures}} {
			lead.post(report+"/release", url.Values{"to": {to}})
			for i, c := range []*client{member, leader} {
				if a := c.get(team); a.status != http.StatusOK || !strings.Contains(a.said(), want[i]) {
					t.Errorf("released to %s, %d: %d %s", to, i, a.status, a.said())
				}
			}
		}
		if a := member.get("/"); !strings.Contains(a.said(), "Board What you decided together, and what comes of it.") {
			t.Errorf("the member's home: %s", a.said())
		}
		units := lead.units(report)
		for name, want := range map[string]int{"North": http.StatusOK, "South": http.StatusNotFound} {
			manager := s.as(t, "manager-"+name, org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: units[name].ID}})
			if a := manager.get(team); a.status != want {
				t.Errorf("the manager of %s: %d", name, a.status)
			}
			if a := manager.get("/actions"); strings.Contains(a.said(), "Board") != (want == http.StatusOK) {
				t.Errorf("the manager of %s is offered: %s", name, a.said())
			}
			if a := manager.post(team, url.Values{"what": {"x"}}); a.status != http.StatusNotFound {
				t.Errorf("the manager of %s decides: %d", name, a.status)
			}
		}
		page := leader.get(team)
		a := leader.sendForm(page, team, deed(page, nil))
		action := a.page().Find(`a:contains("Two questions")`).AttrOr("href", "")
		lead.bring(time.Now().UTC().Format(time.DateOnly), "people.csv", "Id,Name,Unit,Location,Country,Partner,Level,Mail,Team,Chair\nP1,Person 1,Shops/North,Leeds,UK,Aldgate,employee,,Board,yes\n", "map.yaml",
			"people: {key: Id, name: Name, unit_path: Unit, location: Location, country: Country, partner: Partner, level: Level, mail: Mail}\nteams: {team: Team, person: Id, chair: Chair, unit_path: Unit}")
		for _, path := range []string{team, action} {
			if a := leader.get(path); a.status != http.StatusNotFound {
				t.Errorf("who has left reads %s: %d", path, a.status)
			}
		}
		if a := leader.post(action, url.Values{"do": {"done"}, "outcome": {"helped"}, "hours": {"40"}}); a.status != http.StatusNotFound {
			t.Errorf("who has left ends it: %d", a.status)
		}
		if a := boss.get(action); a.status != http.StatusOK || !strings.Contains(a.said(), "Person 7 has left: it needs another owner") {
			t.Errorf("%d %s", a.status, a.said())
		}
	})
}
