package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

// A report is released step by step: to executives, to managers, to everyone. It never
// changes, and who saw what is noted.
func TestAReportIsReleasedStepByStep(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead, "level")
		release := func(to string) answer {
			t.Helper()
			return lead.follow(lead.post(report+"/release", url.Values{"to": {to}}))
		}
		before := lead.get(report + "?format=csv").body
		if a := release(""); !strings.Contains(a.said(), "Only those who lead diagnoses see this report so far") {
			t.Errorf("kept back: %s", a.said())
		}
		north := lead.units(report)["North"]
		id, err := s.Org.CreateAccount(t.Context(), s.organisation, org.Account{Mail: "p1@example.org", Name: "Pim", Person: "P1", Grants: []org.Grant{whole(org.Employee)}}, "First")
		if err != nil {
			t.Fatal(err)
		}
		employee, executive, officer := s.signIn(t, id), s.as(t, "executive", whole(org.Executive)), s.as(t, "officer", whole(org.PrivacyOfficer))
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: north.ID}})
		summary := strings.TrimSuffix(report, "/report") + "/summary"
		sheet := report + "/units/" + north.ID + "/sheet"
		see := func(to string, want ...int) {
			t.Helper()
			release(to)
			for i, a := range []answer{executive.get(report), executive.get(sheet), manager.get(sheet), manager.get(report + "/units?format=csv"), employee.get(summary), executive.get(summary), manager.get(summary)} {
				if a.status != want[i] {
					t.Errorf("released to %q: page %d answers %d, want %d", to, i, a.status, want[i])
				}
			}
			list := strings.Contains(manager.get("/diagnoses").body, report)
			if home := strings.Contains(manager.get("/").body, report); home != (want[2] == http.StatusOK) || list != home {
				t.Errorf("released to %q: the manager finds it at home %v, in the list %v", to, home, list)
			}
		}
		const yes, no = http.StatusOK, http.StatusNotFound
		see("", no, no, no, no, no, no, no)
		see("executives", yes, yes, no, no, no, yes, no)
		see("managers", yes, yes, yes, yes, no, yes, no)
		see("everyone", yes, yes, yes, yes, yes, yes, yes)
		if after := lead.get(report + "?format=csv").body; after != before {
			t.Error("releasing has changed a figure")
		}
		a := employee.get(summary)
		if !strings.Contains(a.said(), "This is what all who answered said together") || !strings.Contains(a.said(), "North:") || strings.Contains(a.body, report) {
			t.Errorf("the summary: %s", a.said())
		}
		if a := employee.get(report); a.status != no {
			t.Errorf("the employee opens the report: %d", a.status)
		}
		if a := employee.get("/"); !strings.Contains(a.body, summary) {
			t.Error("the summary is not on the employee's home page")
		}
		a = manager.get(sheet)
		for _, words := range []string{"What goes well", "What asks for attention", "higher here than in the whole organisation", "Talk about it with your people", "Do not ask who answered what"} {
			if !strings.Contains(a.said(), words) {
				t.Errorf("the sheet does not say %q: %s", words, a.said())
			}
		}
		if a := lead.get(report + "/units/" + lead.units(report)["East"].ID + "/sheet"); !strings.Contains(a.said(), "so few people are not shown") || a.page().Find(".onepage").Length() > 0 {
			t.Errorf("the sheet of a unit that is withheld: %s", a.said())
		}
		manager.get(report)
		executive.get(report + "/groups?format=json")
		a = officer.get(report + "/views?format=csv")
		for _, line := range []string{"executive,Overview,", "manager,One unit,North", "manager,Units · CSV,", "Pim,Summary,", "executive,Levels and groups · JSON,"} {
			if !strings.Contains(a.body, line) {
				t.Errorf("who saw what has no %q: %s", line, a.body)
			}
		}
		if strings.Contains(a.body, "manager,Overview") {
			t.Error("what was refused counts as seen")
		}
		if a := officer.get(report); a.status != no {
			t.Errorf("the officer opens the report: %d", a.status)
		}
		if a := lead.post(report+"/release", url.Values{"to": {"all"}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("to nobody knows whom: %d", a.status)
		}
	})
}

// A diagnosis that is not released to somebody is not read through the one after it either.
func TestAnEarlierDiagnosisIsReadByWhomItIsReleasedTo(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		first := s.closed(t, lead)
		path, secrets := s.open(t, lead)
		for i, secret := range secrets {
			if a := s.anybody(t).post("/r/"+secret, answers(t, 4+i%3)); a.status != http.StatusOK {
				t.Fatalf("answering: %d %s", a.status, a.said())
			}
		}
		lead.follow(lead.post(path+"/closure", url.Values{"sure": {"1"}}))
		second := path + "/report"
		units := lead.units(second)
		of := func(role org.Role, unit string) org.Grant {
			return org.Grant{Role: role, Scope: org.Scope{Kind: org.UnitScope, ID: units[unit].ID}}
		}
		executive, manager := s.as(t, "executive", whole(org.Executive)), s.as(t, "manager", of(org.Manager, "South"))
		both := s.as(t, "both", of(org.Executive, "North"), of(org.Manager, "South"))
		for _, c := range []struct {
			first, second            string
			executive, manager, both int
		}{
			{"", "managers", http.StatusNotFound, http.StatusNotFound, http.StatusNotFound},
			{"executives", "managers", http.StatusOK, http.StatusNotFound, http.StatusNotFound},
			{"managers", "managers", http.StatusOK, http.StatusOK, http.StatusOK},
		} {
			lead.post(first+"/release", url.Values{"to": {c.first}})
			lead.post(second+"/release", url.Values{"to": {c.second}})
			for i, a := range []answer{executive.get(second + "/change"), manager.get(second + "/change"), both.get(second + "/change?format=json")} {
				if want := []int{c.executive, c.manager, c.both}[i]; a.status != want {
					t.Errorf("first to %q, second to %q: %d answers %d, want %d", c.first, c.second, i, a.status, want)
				}
			}
		}
	})
}
