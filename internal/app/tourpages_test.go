package app

import (
	"strconv"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// learningPages adds those of competencies and roles.
func (s *site) learningPages(t testing.TB, pages map[string]string) {
	t.Helper()
	roles, err := s.Learning.Roles(t.Context(), s.organisation)
	if err != nil || len(roles) == 0 {
		t.Fatalf("%d roles, %v", len(roles), err)
	}
	frameworks, err := s.Learning.Frameworks(t.Context(), s.organisation)
	if err != nil || len(frameworks) == 0 {
		t.Fatalf("%d frameworks, %v", len(frameworks), err)
	}
	pages["learning"], pages["competencies"], pages["import-competencies"] = "/learning", "/competencies?framework="+frameworks[0].ID, "/competencies/import"
	pages["new-competency"], pages["framework"] = "/competencies/new?framework="+frameworks[0].ID, "/frameworks/"+frameworks[0].ID
	role := roles[len(roles)-1]
	pages["competency"] = "/competencies/" + role.Requires[0].Competency
	pages["new-framework"] = "/frameworks/new"
	pages["roles"], pages["new-role"], pages["role"], pages["role-edit"] = "/roles", "/roles/new", "/roles/"+role.ID, "/roles/"+role.ID+"/edit"
	coming, _, err := s.Learning.Coming(t.Context(), s.organisation)
	if err != nil || len(coming) == 0 {
		t.Fatalf("%d offerings, %v", len(coming), err)
	}
	resource := "/resources/" + coming[0].Resource
	pages["resources"], pages["new-resource"], pages["resource"], pages["resource-edit"] = "/resources", "/resources/new", resource, resource+"/edit"
	pages["import-resources"], pages["offerings"], pages["offering"] = "/resources/import", "/offerings", "/offerings/"+coming[0].ID
	pages["requests"], pages["learning-alignment"] = "/requests", "/learning/alignment"
	top, err := s.Strategy.Top(t.Context(), s.organisation)
	if err != nil || len(top) == 0 {
		t.Fatalf("%d goals, %v", len(top), err)
	}
	year := strconv.Itoa(time.Now().Year())
	pages["learning-strategy"], pages["learning-plan"] = "/learning/strategy", "/learning/strategy/"+top[0].Unit.ID+"?year="+year
	v, err := s.Learning.Plan(t.Context(), s.organisation, top[0].Unit.ID, time.Now().Year())
	if err != nil || len(v.Own) == 0 {
		t.Fatalf("%d priorities, %v", len(v.Own), err)
	}
	pages["learning-plan-edit"] = pages["learning-plan"] + "&edit=" + v.Own[0].ID
}

// effortPages adds those of the ledger.
func (s *site) effortPages(t testing.TB, country string, pages map[string]string) {
	t.Helper()
	typed, err := s.Effort.Entries(t.Context(), s.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfForm}})
	if err != nil || len(typed) == 0 {
		t.Fatalf("%d entries that were typed, %v", len(typed), err)
	}
	changes, err := s.Effort.Changes(t.Context(), s.organisation)
	if err != nil || len(changes) == 0 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	pages["effort"], pages["effort-years"], pages["effort-split"] = "/effort", "/effort?from="+strconv.Itoa(time.Now().Year()-2)+"&until="+strconv.Itoa(time.Now().Year()), "/effort/split"
	pages["report-operations"], pages["report-programme"] = "/effort/reports?report=operations", "/effort/reports?report=programme"
	pages["efficiency"], pages["efficiency-of-a-unit"] = "/effort/efficiency?measure=people-reached", "/effort/efficiency?unit="+country+"&from=2025&until=2025"
	pages["efforts"], pages["new-effort"], pages["effort-edit"] = "/effort/entries?kind=learning&modality=classroom", "/effort/entries/new", "/effort/entries/"+typed[0].Source.ID
	pages["effort-files"], pages["effort-file"], pages["effort-settings"] = "/effort/import", "/effort/import/1", "/effort/settings"
	pages["effort-changes"], pages["effort-change"] = "/effort/changes", "/effort/changes/"+changes[0].ID
}

// effectPages adds those of what came of initiatives.
func (s *site) effectPages(t testing.TB, role org.Role, pages map[string]string) {
	t.Helper()
	all, err := s.Impact.Effects(t.Context(), s.organisation, "")
	if err != nil || len(all) < 4 {
		t.Fatalf("%d effects, %v", len(all), err)
	}
	pages["effects"], pages["effects-by-goal"] = "/effects", "/effects?by=goal"
	pages["effect"], pages["effect-joint"], pages["effect-series"], pages["effect-change"] = "/effects/"+all[2].ID, "/effects/"+all[len(all)-3].ID, "/effects/"+all[len(all)-2].ID, "/effects/"+all[len(all)-1].ID
	v, _, err := s.Impact.Involvement(t.Context(), s.organisation, 5)
	if err != nil || len(v.Of) == 0 {
		t.Fatalf("%d executives, %v", len(v.Of), err)
	}
	pages["board"], pages["profile"], pages["profile-part"] = "/board", "/profile", "/profile/parts/culture"
	pages["involvement"], pages["involved"] = "/involvement", "/involvement/"+v.Of[0].Person.ID
	if role == org.HeadOfLearning {
		pages["effect-new"], pages["effect-plan"], pages["rollout"] = "/effects/new", "/effects/"+all[0].ID+"/plan", "/rollouts/"+all[0].Cause
	}
}

// planPages adds those of the development plan of the demo's person in a role.
func (s *site) planPages(t testing.TB, role org.Role, pages map[string]string) {
	t.Helper()
	p := s.personIn(t, role)
	items, err := s.Learning.ItemsFor(t.Context(), s.organisation, p.ID)
	if err != nil || len(items) == 0 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	at := "/development/" + p.ID + "/items/"
	pages["new-item"], pages["item"], pages["item-edit"] = at+"new", at+items[0].ID, at+items[0].ID+"/edit"
}

// goalsOf are the goals of the demo's person in a role.
func (s *site) goalsOf(t testing.TB, role org.Role) (ids []string) {
	t.Helper()
	goals, err := s.Strategy.OwnGoals(t.Context(), s.organisation, s.personIn(t, role).ID)
	if err != nil || len(goals) == 0 {
		t.Fatalf("%d goals, %v", len(goals), err)
	}
	for _, g := range goals {
		ids = append(ids, g.ID)
	}
	return ids
}

// personIn is the demo's person in a role.
func (s *site) personIn(t testing.TB, role org.Role) org.Person {
	t.Helper()
	accounts, err := s.demoPeople(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if a.Grants[0].Role == role {
			p, err := s.Org.PersonByKey(t.Context(), s.organisation, a.Person, period.DayOf(time.Now()))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	t.Fatalf("nobody is a %s", role)
	return org.Person{}
}

// reportPages adds those of somebody who reports to the demo's person in a role.
func (s *site) reportPages(t testing.TB, role org.Role, pages map[string]string) {
	t.Helper()
	all, err := s.Strategy.Reports(t.Context(), s.organisation, s.personIn(t, role).Key)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d people, %v", len(all), err)
	}
	pages["somebodys-sight"], pages["somebodys-plan"] = "/line-of-sight/"+all[0].Person.ID, "/development/"+all[0].Person.ID
	for _, one := range all {
		if one.Figures {
			pages["somebodys-figures"] = "/figures/" + one.Person.ID
		}
	}
}

// figurePages adds the scorecard of a unit, "" for the whole, and one of its indicators.
func (s *site) figurePages(t testing.TB, unit string, pages map[string]string) {
	t.Helper()
	all, err := s.Strategy.Indicators(t.Context(), s.organisation)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d indicators, %v", len(all), err)
	}
	if unit == "" {
		units, err := s.Strategy.Units(t.Context(), s.organisation)
		if err != nil {
			t.Fatal(err)
		}
		unit = units.Units[0].ID
	}
	pages["scorecard"] = "/scorecards/" + unit
	signed, err := s.Strategy.SignOffs(t.Context(), s.organisation, unit)
	if err != nil {
		t.Fatal(err)
	}
	if len(signed) > 0 {
		pages["signed-off"] = pages["scorecard"] + "/results/" + signed[0].ID
	}
	pages["figures"] = pages["scorecard"] + "/" + all[0].ID
}
