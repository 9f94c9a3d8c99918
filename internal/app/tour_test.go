package app

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// tourSize is the demo organisation of the tests; for pictures to be looked at it
// is the whole one.
func tourSize() demo.Size {
	if os.Getenv("THROUGHLINE_SCREENSHOTS") != "" {
		return demo.Full
	}
	return demo.Small
}

// Every page of every person of the demo, at phone width in Dutch and at desktop width in English, light
// and dark: no violation of accessibility, no overflow, no complaint of the browser,
// and a picture of each.
func TestEveryPageOfEveryPerson(t *testing.T) {
	if os.Getenv("CI") != "true" && os.Getenv(dbtest.Variable) == "" && tourSize() != demo.Full {
		t.Skip("more than half of the time of all tests goes in here: make test does it, or .ci/with-postgres go test")
	}
	browser.Open(t) // skips the whole where there is none
	s, visitors := demoSite(t, dbtest.SQLite(t), tourSize())
	everyPageIsLookedAt(t, s, visitors)
	for _, v := range visitors {
		t.Run(v.who, func(t *testing.T) {
			b := browser.Open(t)
			if v.account != "" {
				cmp.Or(v.of, s).signInOn(t, b.Page(1280, 900, false, false), v.account)
			}
			look(t, b, s, v)
		})
	}
	t.Run("by keyboard", func(t *testing.T) {
		people, err := s.demoPeople(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range people {
			t.Run(role(a), func(t *testing.T) { byKeyboard(t, s, a.Grants[0].Role, a.Mail) })
		}
	})
	t.Run("on the tour", func(t *testing.T) {
		takeTheTour(t, *s)
		for _, v := range visitors {
			if v.who == string(org.Executive) {
				tourByKeyboard(t, s, v.account)
			}
		}
	})
}

// visitor is a person of the demo and the pages there are for such a one: name
// to path.
type visitor struct {
	who     string
	account string // "" for who is not signed in
	pages   map[string]string
	of      *site // the organisation, nil for the retailer
}

// Pages that answer with something else than OK, and pages that are computed when they
// are asked for.
var (
	refusing  = map[string]int{"missing": http.StatusNotFound, "no-link": http.StatusNotFound, "not-open": http.StatusGone}
	computing = []string{"forecast", "roster-preview"}
)

// demoSite is a site seen from the demo organisation, with its visitors.
func demoSite(t testing.TB, database string, size demo.Size) (*site, []visitor) {
	t.Helper()
	s := newSite(t, database)
	var out bytes.Buffer
	if err := s.Demo(t.Context(), size, &out); err != nil {
		t.Fatal(err)
	}
	o, err := s.Org.OrganisationBySlug(t.Context(), demo.Slug)
	if err != nil {
		t.Fatal(err)
	}
	s.organisation = o.ID
	accounts, err := s.demoPeople(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/r/\w+`).FindString(out.String())
	respondent := visitor{who: "respondent", pages: map[string]string{"answer": link}}
	respondent.pages["not-open"], respondent.pages["shared"] = s.prepared(t)
	visitors := []visitor{respondent, {who: "anybody", pages: map[string]string{"sign-in": "/sign-in", "code": "/r", "no-link": "/r/nothing",
		"sign-in-link": s.link(t, accounts[0].ID), "help": "/help", "help-guide": "/help/guides/manager", "help-page": "/help/effects"}}}
	for _, a := range accounts {
		visitors = append(visitors, visitor{who: role(a), account: a.ID, pages: s.pagesOf(t, a.Grants[0].Role, a.Grants)})
	}
	return s, append(visitors, s.partners(t)...)
}

// partners are the people of the partnership who have pages that the retailer's have not.
func (s site) partners(t testing.TB) (visitors []visitor) {
	t.Helper()
	o, err := s.Org.OrganisationBySlug(t.Context(), demo.PartnershipSlug)
	if err != nil {
		t.Fatal(err)
	}
	s.organisation = o.ID
	accounts, err := s.demoPeople(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		pages := map[string]string{"home": "/"}
		switch role := a.Grants[0].Role; role {
		case org.ProgrammeManager, org.Manager, org.Coach:
			s.programmePages(t, role, pages)
			visitors = append(visitors, visitor{who: "partnership-" + string(role), account: a.ID, pages: pages, of: &s})
		}
	}
	return visitors
}

// coachesNow is what the demo's leader or coach does.
func (s *site) coachesNow(t testing.TB, role org.Role) transitiondb.Own {
	t.Helper()
	accounts, err := s.demoPeople(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if a.Grants[0].Role == role {
			own, err := s.Transition.Coaching(t.Context(), s.organisation, a.Person)
			if err != nil || len(own) == 0 {
				t.Fatalf("%v, %v", own, err)
			}
			return own[0]
		}
	}
	t.Fatalf("nobody is a %s", role)
	return transitiondb.Own{}
}

// programmePages adds the pages of programmes that a role's person has.
func (s *site) programmePages(t testing.TB, role org.Role, pages map[string]string) {
	t.Helper()
	all, err := s.Transition.Programmes(t.Context(), s.organisation)
	if err != nil || len(all) == 0 {
		t.Fatalf("%v, %v", all, err)
	}
	at := "/programmes/" + all[0].ID
	pages["programmes"] = "/programmes"
	switch role {
	case org.Leader, org.Coach:
		pages["coaching"], pages["own-record"] = "/coaching", "/coaching/record"
		own := s.coachesNow(t, role)
		pages["practices"], pages["new-practice"], pages["questions"], pages["own-sessions"] = "/practices", "/practices/new", "/practices/questions", "/sessions"
		shared, err := s.Transition.Practices(t.Context(), s.organisation, transitiondb.PracticeQuery{Limit: 1})
		if err != nil || len(shared) == 0 {
			t.Fatalf("%v, %v", shared, err)
		}
		pages["practice"] = "/practices/" + shared[0].ID
		mine, err := s.Transition.OwnPractices(t.Context(), s.organisation, own.Member.Person.Key)
		if err != nil {
			t.Fatal(err)
		}
		if len(mine) > 0 {
			pages["own-practice"] = "/practices/" + mine[0].ID + "/edit"
		}
		pages["actions"], pages["acting"] = "/actions", "/groups/"
		if own.Team.ID != "" {
			pages["acting"] = "/teams/" + own.Team.ID
		} else {
			pages["acting"] += own.Groups[0].ID
		}
		decided, err := s.Transition.Actions(t.Context(), s.organisation, transitiondb.ActionQuery{Body: path.Base(pages["acting"])})
		if err != nil || len(decided) == 0 {
			t.Fatalf("%v, %v", decided, err)
		}
		pages["action"] = "/actions/" + decided[0].ID
		pages["plan-own"] = "/coaching/" + own.Programme.ID + "/sessions/new"
		sessions, err := s.Transition.SessionsOf(t.Context(), s.organisation, own.Member.Person.Key, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range sessions {
			name := "session-asked"
			if one.Host.Person.Key == own.Member.Person.Key {
				name = "session-led"
			}
			if !one.Held.IsZero() {
				name += "-held"
			}
			pages[name] = "/sessions/" + one.ID
		}
		return
	case org.Manager:
		pages["nominations"] = at + "/nominations"
		return
	}
	members, err := s.Transition.Members(t.Context(), s.organisation, all[0].ID)
	if err != nil || len(members) == 0 {
		t.Fatalf("%v, %v", members, err)
	}
	pages["programme"], pages["people"], pages["member"] = at, at+"/people", at+"/people/"+members[0].ID
	pages["expertise"], pages["effort"], pages["spread"], pages["focus"], pages["initiatives"] = at+"/expertise", at+"/effort", at+"/spread", at+"/focus", "/initiatives"
	pages["ownership"] = "/ownership"
	begun, err := s.programmes.Efforts.Initiatives(t.Context(), s.organisation)
	if err != nil || len(begun) == 0 {
		t.Fatalf("%v, %v", begun, err)
	}
	pages["initiative"] = "/initiatives/" + begun[0].ID
	pages["sessions"], pages["plan-sessions"], pages["plan-arrangement"] = at+"/sessions", at+"/sessions/new", at+"/sessions/new?kind=visit"
	sessions, err := s.Transition.Sessions(t.Context(), s.organisation, all[0].ID)
	if err != nil || len(sessions) == 0 {
		t.Fatalf("%v, %v", sessions, err)
	}
	for _, one := range sessions {
		if one.Kind != transition.Meeting || one.Of != "" {
			continue
		}
		if one.Held.IsZero() {
			pages["session"], pages["session-edit"] = "/sessions/"+one.ID, "/sessions/"+one.ID+"/edit"
		} else {
			pages["session-held"] = "/sessions/" + one.ID
		}
	}
	if all[0].Kind == transition.Leaders {
		pages["new-programme"] = "/programmes/new?kind=leaders"
	} else {
		pages["setup"], pages["nominations"] = at+"/setup", at+"/nominations"
		pages["themes"], pages["theme"], pages["theme-edit"], pages["introduction"] = "/themes", "/themes/dialogue", "/themes/dialogue?edit", "/themes/openness_action"
		pages["introduction-edit"] = "/themes/openness_action?edit"
		if err := s.Transition.DraftPlan(t.Context(), s.organisation, all[0].ID, "Ada", nil); err != nil {
			t.Fatal(err)
		}
		pages["plan"], pages["location"] = at+"/plan", at+"/locations?at="+members[0].Person.Location.ID
	}
}

// prepared adds to the demo a draft, a diagnosis that opens tomorrow, and one in which a
// unit answers by a shared link. It returns the addresses of a personal link to the second
// and of a ticket to the third.
func (s *site) prepared(t testing.TB) (personal, shared string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	day := period.DayOf(now)
	structure, err := s.Org.Structure(ctx, s.organisation, day)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(structure.Units, func(u org.Node) bool { return u.Depth > 1 && u.Total.People >= 20 })
	var path []string
	for _, u := range structure.Path(at) {
		path = append(path, u.Name)
	}
	d := diagnosis.Diagnosis{Name: "Depots", RosterDay: day, Closes: now.AddDate(0, 0, 9),
		Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level}, Shared: []string{strings.Join(path, "/")}}}
	begin := func(opens time.Time, open bool) {
		d.Opens = opens
		if d.ID, err = s.Diagnosis.Draft(ctx, s.organisation, d, "Ada"); err == nil && open {
			err = s.Diagnosis.Open(ctx, s.organisation, d.ID, org.By{Name: "Ada"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	begin(now, false)
	begin(now.AddDate(0, 0, 1), true)
	err = s.Diagnosis.Links(ctx, s.organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
		personal = "/r/" + l.Secret
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	begin(now.Add(-time.Hour), true)
	links, err := s.Diagnosis.SharedLinks(ctx, s.organisation, d.ID)
	if err != nil || len(links) != 1 {
		t.Fatalf("%v, %v", links, err)
	}
	return personal, "/r/" + diagnosisdb.Ticket(links[0].Secret)
}

// pagesOf names the pages that a role's person has.
func (s *site) pagesOf(t testing.TB, role org.Role, grants []org.Grant) map[string]string {
	t.Helper()
	pages := map[string]string{"home": "/"}
	add := func(name, path string) { pages[name] = path }
	var closed, open, draft, posters diagnosis.Diagnosis
	all, err := s.Diagnosis.Diagnoses(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		switch d.State {
		case diagnosis.Closed:
			if closed.ID == "" { // the newest
				closed = d
			}
		case diagnosis.Open:
			if open = d; len(d.Shared) > 0 {
				posters = d
			}
		case diagnosis.Draft:
			draft = d
		}
	}
	published, err := s.Diagnosis.Report(t.Context(), s.organisation, closed.ID)
	if err != nil {
		t.Fatal(err)
	}
	report := "/diagnoses/" + closed.ID + "/report"
	country := published.Report.Units[published.Report.Units[len(published.Report.Units)-1].Parent].ID
	for _, g := range grants {
		if g.Scope.Kind == org.UnitScope {
			country = g.Scope.ID
		}
	}
	switch role {
	case org.Administrator:
		add("account", "/account") // like everybody's
		add("missing", "/nowhere")
		add("accounts", "/accounts")
		add("all-tokens", "/accounts/tokens")
		add("sign-on", "/sign-on")
		add("record", "/record")
		add("roster", "/roster")
		add("units", "/units")
		accounts, err := s.Org.Accounts(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		add("somebodys-account", "/accounts/"+accounts[len(accounts)-1].ID)
		people, err := s.Org.People(t.Context(), s.organisation, orgdb.PeopleQuery{Day: period.DayOf(time.Now()), Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		add("person", "/people/"+people[0].ID)
		partners, err := s.Org.Partners(t.Context(), s.organisation, period.DayOf(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		add("partner", "/partners/"+partners[0].ID)
		day := period.DayOf(time.Now())
		file := "Id,Unit,Shift\n1,Shops,early\n2,Shops,late\n"
		upload, err := s.Org.SaveUpload(t.Context(), s.organisation, orgdb.Upload{Day: day, By: "Ada", Map: org.Map{People: &org.Section{Key: org.Field{Column: "Id"}, Unit: org.Field{Column: "Unit"}}},
			Files: []orgdb.UploadFile{{Name: "people.csv", Body: io.NewSectionReader(strings.NewReader(file), 0, int64(len(file)))}}})
		if err != nil {
			t.Fatal(err)
		}
		add("roster-columns", "/roster/files/"+upload)
		add("roster-preview", "/roster/files/"+upload+"/preview")
	case org.DiagnosisLead:
		add("diagnoses", "/diagnoses")
		add("setup", "/diagnoses/new")
		add("open", "/diagnoses/"+open.ID)
		add("draft", "/diagnoses/"+draft.ID)
		if err := s.Diagnosis.BeginTrial(t.Context(), s.organisation, draft.ID, "Ada"); err != nil {
			t.Fatal(err)
		}
		add("trial", "/diagnoses/"+draft.ID+"/trial")
		add("draft-edit", "/diagnoses/"+draft.ID+"?edit")
		add("forecast", "/diagnoses/"+draft.ID+"/forecast")
		add("posters", "/diagnoses/"+posters.ID+"/posters")
		add("people", "/diagnoses/"+open.ID+"/people?q=an")
		add("letters-units", "/diagnoses/"+open.ID+"/letters?who=all")
		add("letters", "/diagnoses/"+open.ID+"/letters?who=all&unit="+published.Report.Units[len(published.Report.Units)-1].ID)
		add("mail", "/diagnoses/"+open.ID+"/mail")
		add("instruments", "/instruments")
		add("instrument", "/instruments/shipped")
		for _, page := range []string{"units", "characteristics", "groups", "comments", "outcomes", "focal-points", "method"} {
			add("report-"+page, report+"/"+page)
		}
		add("report", report)
		add("report-promises", report+"/promises")
		add("minutes", report+"/focal-points/minutes")
		add("votes", report+"/focal-points/votes")
		add("kit", report+"/kit")
		add("interviews", report+"/interviews")
		add("interview-guide", report+"/interviews/guide")
		held, err := s.Diagnosis.Interviews(t.Context(), s.organisation, closed.ID, "")
		if err != nil || len(held) == 0 {
			t.Fatalf("%v, %v", held, err)
		}
		add("interview", report+"/interviews/"+held[0].ID)
		add("report-change", report+"/change")
		add("report-change-below", report+"/change?below="+country)
		add("report-unit", report+"/units/"+country)
		add("report-below", report+"/units?below="+country)
		add("locations", "/locations")
		add("unit", "/units/"+country)
		add("search", "/search?q=pol")
	case org.ProgrammeManager, org.Leader:
		s.programmePages(t, role, pages)
	case org.Manager:
		s.programmePages(t, role, pages)
		add("report-unit", report+"/units/"+country)
		add("report-units", report+"/units")
		add("report-change", report+"/change")
		add("report-focal-points", report+"/focal-points")
		add("report-sheet", report+"/units/"+country+"/sheet")
		add("units", "/units")
		add("timeline", "/timeline/"+country)
		s.figurePages(t, country, pages)
		add("goals", "/goals/units/"+country)
		add("new-goal", "/goals/new?unit="+country)
		add("people-goals", "/goals/people")
		s.reportPages(t, role, pages)
		add("people-development", "/development/people")
		add("requests", "/requests")
		add("learning-strategy", "/learning/strategy")
		add("learning-plan", "/learning/strategy/"+country)
		add("effort", "/effort")
		add("efforts", "/effort/entries")
		add("new-effort", "/effort/entries/new")
	case org.Executive:
		add("report", report)
		add("tour", "/tour")
		add("units", "/units")
		s.figurePages(t, "", pages)
		add("indicators", "/indicators")
		add("new-indicator", "/indicators/new")
		add("import-figures", "/observations")
		add("effort", "/effort")
		add("effort-split", "/effort/split")
		add("efficiency", "/effort/efficiency")
		add("learning-report", "/effort/reports")
		add("effort-changes", "/effort/changes")
		add("tokens", "/account/tokens")
		add("indicator-of-people", "/indicators/"+s.ofPeople(t))
		top, err := s.Strategy.Top(t.Context(), s.organisation)
		if err != nil || len(top) < 3 {
			t.Fatalf("%d goals of the whole, %v", len(top), err)
		}
		add("timelines", "/timeline/"+top[0].Unit.ID+"?with="+country)
		add("goals", "/goals/units/"+top[0].Unit.ID)
		add("goals-without-a-tie", "/goals/units/"+top[0].Unit.ID+"/orphans")
		add("goal", "/goals/"+top[0].ID)
		s.effectPages(t, role, pages)
	case org.HeadOfLearning:
		s.figurePages(t, "", pages)
		pages["scorecard"] += "?of=learning"
		s.learningPages(t, pages)
		s.effortPages(t, country, pages)
		s.effectPages(t, role, pages)
	case org.Assistant:
		for _, person := range (org.Actor{Grants: grants}).Assisted() {
			add("assisted", "/involvement/"+person)
		}
	case org.PrivacyOfficer:
		add("record", "/record")
		add("views", report+"/views")
	case org.Employee:
		add("summary", strings.TrimSuffix(report, "/report")+"/summary")
		add("line-of-sight", "/line-of-sight")
		add("own-figures", "/figures")
		add("own-development", "/development")
		s.planPages(t, role, pages)
		add("resources", "/resources")
		add("requests", "/requests")
		add("learning", "/learning")
		for _, g := range s.goalsOf(t, role) {
			add("own-goal", "/goals/"+g)
			add("own-goal-edit", "/goals/"+g+"?edit")
		}
	}
	return pages
}

// look opens each page on a phone in the dark and on a wide screen in the light,
// for pictures in the two other ways too, and judges it.
func look(t *testing.T, b *browser.Browser, s *site, v visitor) {
	t.Helper()
	widths, pictures := []int{390, 1280}, tourSize() == demo.Full
	if !pictures && os.Getenv("CI") != "true" {
		widths = widths[:1] // while one works, the phone will do: most of the time of all tests goes in here
	}
	for _, width := range widths {
		for _, dark := range []bool{false, true} {
			if !pictures && dark != (width == 390) {
				continue
			}
			p := b.Page(width, 900, dark, width < 800)
			if v.account != "" { // the longer words on the narrower screen
				p.Goto(s.address + "/")
				p.Eval(`fetch("/language", {method: "POST", body: new URLSearchParams({language: "`+map[bool]string{true: "nl", false: "en"}[width < 800]+`"})}).then(() => true)`, nil)
			}
			for name, path := range v.pages {
				if status := p.Goto(s.address + path); status != cmp.Or(refusing[name], http.StatusOK) {
					t.Errorf("%s: %d", path, status)
					continue
				}
				p.Wait("!document.querySelector('#work')")
				p.Screenshot(v.who + "-" + name)
				p.NoOverflow()
				p.Axe()
				if width > 800 && !dark {
					p.Prints()
				}
				if name == "board" {
					if sheets := p.Sheets(); sheets != 1 {
						t.Errorf("the page for the board prints on %d sheets", sheets)
					}
				}
				if name == "answer" {
					p.Eval(`document.querySelector('form.answers').insertAdjacentHTML('beforeend', '<input type="hidden" name="~later" value="1">'), document.querySelector('form.answers').submit()`, nil)
					p.WaitText("saved, not sent yet")
					p.Screenshot(v.who + "-saved")
					p.NoOverflow()
					p.Axe()
				}
			}
		}
	}
}
