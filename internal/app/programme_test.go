package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/smtptest"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// decided is closed, with three focal points decided and the same people with places:
// North and South work in Leeds, 48 people, East in Bath, 12; every sixth is a team leader
// with a mail address, and the first of each unit is on the board.
func (s *site) decided(t *testing.T, lead *client) (report string) {
	t.Helper()
	report = s.closed(t, lead)
	for i, item := range []string{"dialogue", "coaching", "trust"} {
		f := url.Values{"theme": {"Theme " + item}, "wording": {"It is otherwise"}, "item": {item}, "owner": {fmt.Sprint("P", i+1)}}
		if a := lead.post(report+"/focal-points", f); a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.said())
		}
	}
	lead.follow(lead.post(report+"/focal-points/minutes", url.Values{"day": {"2026-04-01"}, "present": {"The board"}, "do": {"decide"}}))
	roster, n := "Id,Name,Unit,Location,Country,Partner,Level,Mail,Team,Chair\n", 0
	for _, u := range []struct {
		unit, place, partner string
		size                 int
	}{{"North", "Leeds", "Aldgate", 24}, {"South", "Leeds", "Brennan", 24}, {"East", "Bath", "Brennan", 12}} {
		for i := range u.size {
			n++
			level, mail, team := "employee", "", ","
			if i%6 == 0 {
				level, mail = "team leader", fmt.Sprintf("p%d@shops.example", n)
			}
			if i == 0 {
				team = "Board,"
				if n == 1 {
					team = "Board,yes"
				}
			}
			roster += fmt.Sprintf("P%d,Person %d,Shops/%s,%s,UK,%s,%s,%s,%s\n", n, n, u.unit, u.place, u.partner, level, mail, team)
		}
	}
	lead.bring(time.Now().UTC().Format(time.DateOnly), "people.csv", roster, "map.yaml",
		"people: {key: Id, name: Name, unit_path: Unit, location: Location, country: Country, partner: Partner, level: Level, mail: Mail}\nteams: {team: Team, person: Id, chair: Chair, unit_path: Unit}")
	return report
}

// programme begins one through the form and returns its path.
func (c *client) programme(kind string, rule url.Values) string {
	c.t.Helper()
	page := c.get("/programmes/new?kind=" + kind)
	form := url.Values{"name": {"Our " + kind}, "focal": {page.page().Find("[name=focal]").First().AttrOr("value", "")}, "level": nil, "team": nil}
	for name, values := range rule {
		form[name] = values
	}
	a := c.sendForm(page, "/programmes", form)
	if a.status != http.StatusOK || !regexp.MustCompile(`^/programmes/\w+$`).MatchString(a.at) {
		c.t.Fatalf("beginning a programme: %d at %s: %s", a.status, a.at, a.said())
	}
	return a.at
}

// member is the path of somebody in a programme.
func (c *client) member(programme, name string) string {
	c.t.Helper()
	path, ok := c.get(programme + "/people").page().Find(`a:contains("` + name + `")`).First().Attr("href")
	if !ok {
		c.t.Fatalf("%s is not in the programme", name)
	}
	return path
}

// nominee is the id of somebody who can be nominated.
func (c *client) nominee(programme, name string) string {
	c.t.Helper()
	return c.get(programme+"/nominations?q="+url.QueryEscape(name)).page().Find("[name=person]").First().AttrOr("value", "")
}

// Coaches: a manager nominates, the programme manager invites, the one asked says yes by
// the link in the mail, coaches, gets a group, and sees it.
func TestCoachesAreFoundInvitedAndGivenGroups(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		server := smtptest.Start(t)
		server.Refuse = []string{"p25@shops.example"}
		mails, err := newMailer(MailConfig{Host: "127.0.0.1", Port: server.Port, From: "hello@example.org", TLS: "none"})
		if err != nil {
			t.Fatal(err)
		}
		s.mails, s.programmes.Mails = mails, true
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: lead.units(report)["North"].ID}})

		page := boss.get("/programmes/new?kind=coaches")
		if a := boss.sendForm(page, "/programmes", url.Values{"name": {"Our coaches"}, "focal": nil}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "choose the focal points") {
			t.Errorf("without focal points: %d %s", a.status, a.said())
		}
		if a := boss.sendForm(page, "/programmes", url.Values{"do": {"count"}, "partner": {"Aldgate"}}); !strings.Contains(a.said(), "Anybody whose level is team leader and who works for Aldgate can be nominated. Today these are 4 people.") {
			t.Errorf("counting: %s", a.said())
		}
		programme := boss.programme("coaches", url.Values{"per": {"20"}, "level": {"team-leader"}})
		if a := boss.get(programme); !strings.Contains(a.said(), "0 of the 4 coaches that we need are active, and the largest gap is at Leeds.") {
			t.Errorf("at first: %s", a.said())
		}

		// The manager of North sees and nominates people of North alone.
		stranger := boss.nominee(programme, "Person 25")
		if a := manager.get(programme + "/nominations"); !strings.Contains(a.said(), "Of your units these are 4 people.") || strings.Contains(a.said(), "Person 25") {
			t.Errorf("the manager: %s", a.said())
		}
		if a := manager.post(programme+"/nominations", url.Values{"person": {stranger}}); a.status != http.StatusNotFound {
			t.Errorf("somebody of another unit: %d", a.status)
		}
		if a := manager.get(programme); a.status != http.StatusNotFound {
			t.Errorf("the manager sees the whole: %d", a.status)
		}
		if a := manager.follow(manager.post(programme+"/nominations", url.Values{"person": {manager.nominee(programme, "Person 7")}})); !strings.Contains(a.said(), "Person 7 North nominated") {
			t.Errorf("nominating: %s", a.said())
		}
		for _, name := range []string{"Person 1", "Person 25", "Person 49"} {
			boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, name)}})
		}

		// Everybody nominated is ticked; one address is refused.
		a := boss.sendForm(boss.get(programme+"/people"), "/people", url.Values{"note": {"Do join us."}, "member": boss.get(programme + "/people").ticked("member")})
		if a.status != http.StatusOK || !strings.Contains(a.said(), "0 are active, 0 in formation, 4 asked.") {
			t.Fatalf("inviting: %d %s", a.status, a.said())
		}
		if err := s.sendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		links := map[string]string{}
		for _, m := range server.Mails() {
			links[m.To] = strings.TrimPrefix(regexp.MustCompile(`http://\S+`).FindString(m.Text), s.address)
			if !strings.Contains(m.Text, "Do join us.") || !strings.Contains(m.Text, "- Theme dialogue") || m.Subject != "Will you take part in 'Our coaches'?" {
				t.Errorf("%s\n%s", m.Subject, m.Text)
			}
		}
		if len(links) != 3 {
			t.Fatalf("%d mails", len(links))
		}
		if a := boss.get(programme + "/people"); !strings.Contains(a.said(), "the mail server refused the mail") {
			t.Errorf("the refused one: %s", a.said())
		}

		// Two say yes, one no with a reason.
		anybody := s.anybody(t)
		if a := anybody.get(links["p1@shops.example"]); !strings.Contains(a.said(), "Will you become a coach, Person 1?") || !strings.Contains(a.said(), "at most 20 colleagues") {
			t.Errorf("the invitation: %s", a.said())
		}
		for _, mail := range []string{"p1@shops.example", "p7@shops.example"} {
			if a := anybody.follow(anybody.post(links[mail], url.Values{"answer": {"yes"}})); !strings.Contains(a.said(), "You take part.") {
				t.Errorf("yes: %s", a.said())
			}
		}
		if a := anybody.post(links["p49@shops.example"], url.Values{"answer": {"no"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say why") {
			t.Errorf("no without a reason: %d %s", a.status, a.said())
		}
		if a := anybody.follow(anybody.post(links["p49@shops.example"], url.Values{"answer": {"no"}, "reason": {"the depot moves this spring"}})); !strings.Contains(a.said(), "You have declined.") {
			t.Errorf("no: %d %s", a.status, a.said())
		}
		if a := boss.get(boss.member(programme, "Person 49")); !strings.Contains(a.said(), "the depot moves this spring") {
			t.Errorf("the reason: %s", a.said())
		}
		if a := lead.get(boss.member(programme, "Person 49")); a.status != http.StatusOK || strings.Contains(a.said(), "the depot moves") || strings.Contains(lead.get(programme+"/people?format=csv").body, "the depot moves") {
			t.Errorf("who does not lead the programme reads the reason: %s", a.said())
		}
		one := boss.member(programme, "Person 1")
		if a := boss.follow(boss.post(one, url.Values{"status": {"active"}})); !strings.Contains(a.said(), "active") {
			t.Errorf("active: %s", a.said())
		}
		boss.post(one+"/place", url.Values{"room": {"40"}})

		// By hand: Leeds 48 people, 3 coaches of 20 each, one active, one in formation; Bath 12, 1.
		var far struct {
			Need, Active, Gap int
			Rows              []struct {
				Location                   string
				Need, Active, Forming, Gap int
			}
		}
		if err := json.Unmarshal([]byte(boss.get(programme+"?format=json").body), &far); err != nil {
			t.Fatal(err)
		}
		if far.Need != 4 || far.Active != 1 || far.Gap != 3 || len(far.Rows) != 2 || far.Rows[1].Location != "Leeds" || far.Rows[1].Forming != 1 || far.Rows[1].Gap != 2 {
			t.Errorf("coverage: %+v", far)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get(programme+"?format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || strings.Join(rows[2][:7], "|") != "Leeds|UK|Aldgate|48|3|1|1" {
			t.Errorf("%v, %v", rows, err)
		}

		// Leeds needs three groups: North 24 and South 24 are larger than one, so 15 of the one,
		// 17 of the other, and a third of both. The coach, of North, has room for 40.
		plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
		if !strings.Contains(plan.said(), "The new plan gives 31 of 60 people a coach, in 2 groups.") || !strings.Contains(plan.said(), "It is the best plan by these rules.") {
			t.Errorf("the draft: %s", plan.said())
		}
		if !strings.Contains(plan.said(), "17 people in one group. The coach is in formation.") || !strings.Contains(plan.said(), "12 people in one group. Somebody there could be nominated.") {
			t.Errorf("who has none: %s", plan.said())
		}
		if a := boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}}); !strings.Contains(a.said(), "31 of 60 people have a coach, in 2 groups.") {
			t.Errorf("accepted: %s", a.said())
		}

		// The coach signs in and sees the own people, and nobody else's.
		coach := s.signIn(t, s.accountOf(t, "p1@shops.example"))
		if coach.get("/programmes").page().Find(`main a[href="/coaching"]`).Length() != 1 {
			t.Error("the list of programmes leads a coach nowhere")
		}
		if a := boss.get(programme + "/locations"); a.location != programme {
			t.Errorf("locations without one lead to %q", a.location)
		}
		if a := coach.get("/coaching"); !strings.Contains(a.said(), "You look after 31 people.") || strings.Contains(a.said(), "Person 49 ") {
			t.Errorf("the coach: %s", a.said())
		}
		if a := coach.get(programme + "/people"); a.status != http.StatusNotFound {
			t.Errorf("the coach sees all: %d", a.status)
		}
	})
}

// Leaders: each coaches one management team, and no team has two.
func TestALeaderCoachesOneManagementTeam(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("leaders", url.Values{"team": {"yes"}})
		if a := boss.get(programme); !strings.Contains(a.said(), "0 of 1 management teams have a leader.") || !strings.Contains(a.said(), "a session each quarter") {
			t.Errorf("at first: %s", a.said())
		}
		for _, name := range []string{"Person 1", "Person 25"} {
			boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, name)}})
		}
		if a := boss.post(programme+"/people", url.Values{"member": {"x"}}); a.status != http.StatusConflict || !strings.Contains(a.said(), "no mail server is set") {
			t.Errorf("without a mail server: %d %s", a.status, a.said())
		}
		first, second := boss.member(programme, "Person 1"), boss.member(programme, "Person 25")
		for _, step := range []string{"accepted", "active"} {
			boss.post(first, url.Values{"status": {step}})
		}
		if a := boss.post(first, url.Values{"status": {"accepted"}}); a.status != http.StatusConflict {
			t.Errorf("back to formation: %d", a.status)
		}
		team := boss.get(first).page().Find("#team option").Last().AttrOr("value", "")
		boss.post(first+"/place", url.Values{"team": {team}})
		of := func(path string) transition.Member {
			m, err := s.Transition.Member(t.Context(), s.organisation, strings.TrimPrefix(programme, "/programmes/"), path[strings.LastIndex(path, "/")+1:])
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		teams, err := s.Transition.Teams(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		led := teams[slices.IndexFunc(teams, func(m org.ManagementTeam) bool { return m.ID == team })]
		if m := of(second); m.Part != m.Person.Unit {
			t.Errorf("a leader without a team has the part %v", m.Part)
		}
		if a := boss.post(second+"/place", url.Values{"team": {team}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "Person 1 coaches this management team") {
			t.Errorf("two leaders of one team: %d %s", a.status, a.said())
		}
		if a := boss.get(programme); !strings.Contains(a.said(), "The management team has its leader.") {
			t.Errorf("at last: %s", a.said())
		}
		if a := boss.post(first, url.Values{"status": {"alumnus"}, "reason": {"another post"}}); a.status != http.StatusSeeOther {
			t.Errorf("stopping: %d %s", a.status, a.said())
		}
		if a := boss.get(programme); !strings.Contains(a.said(), "0 of 1 management teams have a leader.") {
			t.Errorf("when the leader has stopped: %s", a.said())
		}
		if a := boss.post(second+"/place", url.Values{"team": {team}}); a.status != http.StatusSeeOther {
			t.Errorf("the next leader: %d %s", a.status, a.said())
		}
		if m := of(second); m.Part != led.Unit || m.Part == m.Person.Unit {
			t.Errorf("a leader of %s has the part %v, and works in %v", led.Unit.Name, m.Part, m.Person.Unit)
		}
		boss.post(first, url.Values{"status": {"nominated"}})
		if a := boss.post(first+"/place", url.Values{"team": {team}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("who comes back to the old team: %d", a.status)
		}
	})
}

// Where locations lie comes by a file; then the coverage page draws a map.
func TestLocationsAreDrawnWhereTheyLie(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
		if n := boss.get(programme).page().Find("svg.map").Length(); n != 0 {
			t.Error("a map is drawn of nothing")
		}
		for file, want := range map[string]string{
			"location,latitude,longitude\nLeeds,191,-1.5\n":   "line 2: Leeds lies at 191, -1.5",
			"place,latitude,longitude\nLeeds,53.8,-1.5\n":     `no column "location"`,
			"location,latitude,longitude\nLeeds,north,-1.5\n": `"north"`,
		} {
			if a := lead.upload("/locations", nil, "where.csv", file); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), want) {
				t.Errorf("%q: %d %s", want, a.status, a.said())
			}
		}
		a := lead.upload("/locations", nil, "where.csv", "location,latitude,longitude\nLeeds,53.8,-1.55\nBath,51.38,-2.36\nOslo,,\n")
		if !strings.Contains(a.said(), "It is known now where 2 locations lie.") || !strings.Contains(a.said(), "It is known of 2 of the 2 locations.") {
			t.Errorf("taken over: %s", a.said())
		}
		page := boss.get(programme).page()
		if page.Find("svg.map circle").Length() != 2 || !strings.Contains(page.Find("svg.map title").First().Text(), "Leeds: 48 people") {
			t.Errorf("the map: %s", page.Find("svg.map").Text())
		}
	})
}

// On a phone: the programme manager begins a programme, nominates, notes a yes, plans, and
// the coach sees the own people.
func TestFromProgrammeToPlanInTheBrowser(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := browser.Open(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		p := b.Page(390, 900, false, true)
		s.signInOn(t, p, s.account(t, "boss", whole(org.ProgrammeManager)))
		p.Click("a[href='/programmes/new']")
		p.WaitFor("#name")
		p.Fill("#name", "Coaches")
		p.Fill("#per", "20")
		p.Click("[name=focal]")
		p.Click("button[value=count]")
		p.WaitText("Today these are 10 people.")
		p.Click("form.card .btn:not(.quiet)")
		p.WaitText("0 of the 4 coaches that we need are active")
		p.Screenshot("programme-begun")
		p.NoOverflow()
		p.Axe()
		programme := strings.TrimPrefix(p.URL(), s.address)
		p.Click("a[href$='/nominations']")
		p.WaitFor("[name=person]")
		p.Click("[name=person]")
		p.Click("form.card .btn")
		p.WaitText("0 are active, 0 in formation, 1 asked.")
		p.Click("ul.rows a")
		p.WaitFor("button[value=accepted]")
		p.Click("button[value=accepted]")
		p.WaitFor("button[value=active]")
		p.Click("button[value=active]")
		p.Wait("!document.querySelector('button[value=active]')")
		p.WaitFor("button[value=alumnus]")
		p.Screenshot("programme-member")
		p.NoOverflow()
		p.Goto(s.address + programme + "/plan")
		p.Click("button[value=draft]")
		p.WaitFor("button[value=accept]")
		p.Screenshot("programme-draft")
		p.NoOverflow()
		p.Axe()
		p.Click("button[value=accept]")
		p.WaitText("people have a coach, in one group.")

		accounts, err := s.Org.Accounts(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(accounts, func(a org.Account) bool { return len(a.Grants) == 1 && a.Grants[0].Role == org.Coach })
		if i < 0 {
			t.Fatal("nobody can sign in as a coach")
		}
		coach := browser.Open(t).Page(390, 900, true, true)
		s.signInOn(t, coach, accounts[i].ID)
		coach.Click("a[href='/coaching']")
		coach.WaitText("You look after")
		coach.Click("summary")
		coach.Screenshot("coach-group")
		coach.NoOverflow()
		coach.Axe()
	})
}

// A programme that goes on moves to the focal points of the next diagnosis.
func TestAProgrammeMovesToTheNextFocalPoints(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", nil)
		s.decided(t, lead)
		other := boss.get(programme+"/setup").page().Find(`a:contains("instead")`).AttrOr("href", "")
		page := boss.get(other)
		focal := page.page().Find("[name=focal]")
		if focal.Length() == 0 || page.page().Find("[name=focal][checked]").Length() > 0 || page.page().Find("[name=diagnosis]").AttrOr("value", "-") != other[strings.Index(other, "=")+1:] {
			t.Fatalf("the others at %q: %s", other, page.said())
		}
		if a := boss.sendForm(page, programme+"/setup", url.Values{"focal": {focal.First().AttrOr("value", "")}}); a.status != http.StatusOK || a.at != programme {
			t.Errorf("moving: %d at %s: %s", a.status, a.at, a.said())
		}
		if again := boss.get(programme+"/setup").page().Find("[name=diagnosis]").AttrOr("value", ""); !strings.HasSuffix(other, again) {
			t.Errorf("it works on %s still", again)
		}
	})
}
