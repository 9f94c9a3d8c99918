package app

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/org"
)

// joined lets somebody take part in a programme and returns the path of the member and the
// account.
func (s *site) joined(t *testing.T, boss *client, programme, name string) (member, account string) {
	t.Helper()
	boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, name)}})
	member = boss.member(programme, name)
	for _, step := range []string{"accepted", "active"} {
		if a := boss.post(member, url.Values{"status": {step}}); a.status != http.StatusSeeOther {
			t.Fatalf("%s becomes %s: %d %s", name, step, a.status, a.said())
		}
	}
	return member, s.accountOf(t, strings.Replace(strings.ToLower(name), "person ", "p", 1)+"@shops.example")
}

// A coach writes down what there is to confirm, the diagnosis lead confirms it, and with one
// click the coach leads a diagnosis of the own unit: of North alone, asked, closed and read
// there, and nowhere else.
func TestACoachLeadsADiagnosisOfTheOwnUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
		member, account := s.joined(t, boss, programme, "Person 1")
		coach := s.signIn(t, account)
		north, south := lead.units(report)["North"].ID, lead.units(report)["South"].ID

		own := coach.get("/coaching/record")
		if !strings.Contains(own.said(), "You know 0 of 35 themes; you have not been at a diagnosis yet.") {
			t.Errorf("at first: %s", own.said())
		}
		if a := coach.sendForm(own, "/record", url.Values{"theme": {"dialogue"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say how well") {
			t.Errorf("without a depth: %d %s", a.status, a.said())
		}
		past := regexp.MustCompile(`/diagnoses/(\w+)`).FindStringSubmatch(report)[1]
		for _, form := range []url.Values{
			{"kind": {"theme"}, "theme": {"dialogue"}, "depth": {"3"}, "note": {"With the night team"}},
			{"kind": {"observed"}, "diagnosis": {past}}, {"kind": {"co-ran"}, "diagnosis": {past}},
		} {
			form.Set("day", time.Now().UTC().Format(time.DateOnly))
			if a := coach.post("/coaching/record", form); a.status != http.StatusSeeOther {
				t.Errorf("%v: %d %s", form, a.status, a.said())
			}
		}
		if a := coach.get("/diagnoses/new"); a.status != http.StatusNotFound {
			t.Errorf("the coach sets up a diagnosis already: %d", a.status)
		}
		if a := coach.post(member+"/record", url.Values{"do": {"lead"}}); a.status != http.StatusNotFound {
			t.Errorf("the coach makes a lead: %d", a.status)
		}
		if a := boss.get(programme + "/expertise"); !strings.Contains(a.said(), "Nobody in this programme can run a diagnosis yet.") || !strings.Contains(a.said(), "3 entries wait to be confirmed") {
			t.Errorf("waiting: %s", a.said())
		}
		if a := boss.post(member+"/record", url.Values{"do": {"lead"}}); a.status != http.StatusConflict || !strings.Contains(a.said(), "together with somebody first") {
			t.Errorf("before it is confirmed: %d %s", a.status, a.said())
		}
		for { // the diagnosis lead confirms all, in the order of the page
			button, waits := lead.get(member).page().Find("[name=do][value^=confirm]").First().Attr("value")
			if !waits {
				break
			}
			if a := lead.post(member+"/record", url.Values{"do": {button}}); a.status != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", button, a.status, a.said())
			}
		}
		if a := boss.get(programme + "/expertise"); !strings.Contains(a.said(), "One person in this programme can run the next diagnosis.") || strings.Contains(a.said(), "entries wait") {
			t.Errorf("confirmed: %s", a.said())
		}
		a := boss.sendForm(boss.get(member), "/record", url.Values{"do": {"lead"}})
		if !strings.Contains(a.said(), "Leads diagnoses of North since") || !strings.Contains(a.said(), "1 of 35 themes; co-ran a diagnosis") {
			t.Errorf("made lead: %s", a.said())
		}

		// The lead of North asks North, and cannot ask or touch anything else.
		page := coach.get("/diagnoses/new")
		if n := page.page().Find("#unit option").Length(); page.status != http.StatusOK || n != 1 {
			t.Fatalf("what can be asked: %d, %d units", page.status, n)
		}
		for unit, want := range map[string]int{south: http.StatusUnprocessableEntity, "": http.StatusUnprocessableEntity} {
			if a := coach.sendForm(page, "/diagnoses", url.Values{"name": {"Theirs"}, "unit": {unit}}); a.status != want || !strings.Contains(a.said(), "choose a unit of those that you may ask") {
				t.Errorf("unit %q: %d %s", unit, a.status, a.said())
			}
		}
		a = coach.sendForm(page, "/diagnoses", url.Values{"name": {"North alone"}, "unit": {north}, "attribute": nil, "unit-crossing": nil})
		if !strings.Contains(a.said(), "North, with all units under it") {
			t.Fatalf("set up: %d %s", a.status, a.said())
		}
		path := a.at
		if a := coach.get(path + "/forecast"); !strings.Contains(coach.follow(a).said(), "24 people are invited.") {
			t.Errorf("the forecast: %s", a.said())
		}
		coach.follow(coach.post(path+"/opening", nil))
		links := strings.Split(strings.TrimSpace(coach.get(path+"/links?format=csv").body), "\n")[1:]
		if len(links) != 24 {
			t.Fatalf("%d links", len(links))
		}
		for _, l := range links {
			secret := regexp.MustCompile(`/r/([^,]+)`).FindStringSubmatch(l)[1]
			if a := s.anybody(t).post("/r/"+secret, answers(t, 8)); a.status != http.StatusOK {
				t.Fatalf("answering: %d %s", a.status, a.body)
			}
		}
		for to, status := range map[string]int{"": http.StatusNotFound, "managers": http.StatusOK} { // as a manager of North does
			lead.post(report+"/release", url.Values{"to": {to}})
			if a := coach.get(report + "/units"); a.status != status {
				t.Errorf("the lead of North reads the report of all, released to %q: %d", to, a.status)
			}
		}
		lead.post(report+"/release", url.Values{"to": {"everyone"}})
		for _, other := range []string{report, report + "/focal-points", strings.TrimSuffix(report, "/report") + "/people"} {
			if a := coach.get(other); a.status == http.StatusOK && strings.Contains(a.said(), "South") {
				t.Errorf("the lead of North at %s: %d", other, a.status)
			}
		}
		if a := coach.post(report+"/release", url.Values{"to": {"everyone"}}); a.status != http.StatusNotFound {
			t.Errorf("the lead of North releases the report of all: %d", a.status)
		}
		if a := coach.get("/instruments"); a.status != http.StatusNotFound {
			t.Errorf("the lead of North sees instruments: %d", a.status)
		}
		outside := coach.get(path + "/people?q=" + url.QueryEscape("Person 25"))
		if strings.Contains(outside.said(), "Person 25 South") {
			t.Errorf("somebody of South can be added: %s", outside.said())
		}
		if a := coach.follow(coach.post(path+"/closure", url.Values{"sure": {"1"}})); a.at != path+"/report" || a.status != http.StatusOK {
			t.Fatalf("closing: %d at %s: %s", a.status, a.at, a.said())
		}
		figures := coach.units(path + "/report")
		if len(figures) != 1 || figures["North"].Factors["openness"] == nil && len(figures["North"].Factors) != 5 {
			t.Errorf("the report of North: %+v", figures)
		}
		if a := coach.get("/coaching/record"); !strings.Contains(a.said(), "You know 1 of 35 themes; you have led a diagnosis.") || !strings.Contains(a.said(), "by closing it") {
			t.Errorf("led: %s", a.said())
		}

		// Who manages South reads nothing of it, once it is released to everyone; the whole lead does.
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: south}})
		coach.post(path+"/report/release", url.Values{"to": {"everyone"}})
		for at, want := range map[string]int{"/report": http.StatusNotFound, "/summary": http.StatusNotFound} {
			if a := manager.get(path + at); a.status != want {
				t.Errorf("the manager of South at %s: %d", at, a.status)
			}
		}
		if a := manager.get("/diagnoses"); strings.Contains(a.said(), "North alone") {
			t.Errorf("the manager of South sees that there was one: %s", a.said())
		}
		if a := lead.get(path + "/report"); a.status != http.StatusOK {
			t.Errorf("the lead of all: %d", a.status)
		}
		if a := lead.get(report + "/change?with=" + strings.TrimPrefix(path, "/diagnoses/")); a.status == http.StatusOK && strings.Contains(a.said(), "North alone") {
			t.Errorf("the whole is compared with a part: %s", a.said())
		}

		// Ended with one click, nothing is left of it.
		boss.post(member+"/record", url.Values{"do": {"unlead " + north}})
		if a := coach.get(fmt.Sprint(path, "/report/interviews")); a.status != http.StatusNotFound {
			t.Errorf("after the end: %d", a.status)
		}
	})
}
