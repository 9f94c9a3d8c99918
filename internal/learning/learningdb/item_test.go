package learningdb_test

import (
	"context"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/org"
)

// From a suggestion to the confirmed experience, which is evidence of the competency and hours in the ledger.
func TestAPlanGoesFromSuggestionToEvidence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "listen|Listening", "plan|Planning"))
		listen, plan := w.find(t, "listening"), w.find(t, "planning")
		role, err := w.SaveRole(ctx, w.organisation, learning.Role{Name: "Seller", Rule: learning.HolderRule{Levels: []org.Level{org.LevelEmployee}}}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []learning.Requirement{{Competency: listen, Level: 3, Essential: true}, {Competency: plan, Level: 2}} {
			if err := w.Require(ctx, w.organisation, role, q, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		course := w.offers(t, learning.Resource{Name: "Hearing out", Modality: effort.SelfPaced, Minutes: 60, Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: listen, Level: 3}}})
		goal := w.aims(t, "All", "Customers come back", "")
		eva := w.person(t, "2")
		if err := w.Rate(ctx, w.organisation, learning.Rating{Person: eva, Competency: listen, Level: 1, RatedBy: learning.BySelf, Day: "2026-05-01", By: "Eva"}); err != nil {
			t.Fatal(err)
		}
		v, err := w.Development(ctx, w.organisation, eva)
		if err != nil || len(v.Suggestions) != 2 || v.Suggestions[0].Reason != learning.FromGap || v.Suggestions[0].Resource.ID != course || v.Suggestions[1].Reason != learning.FromUnrated || v.Suggestions[1].Resource != nil {
			t.Fatalf("%+v, %v", v.Suggestions, err)
		}
		i := learning.Item{Person: org.Ref{ID: eva}, What: "A month of the rota, with Mia", Modality: effort.StretchAssignment, Competency: plan, Level: 2, Goal: goal, Due: "2026-07-01"}
		id, err := w.SaveItem(ctx, w.organisation, i, org.ThePerson, "Eva")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ReportItem(ctx, w.organisation, eva, id, "done", 0, "Eva"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("done before both said yes: %v", err)
		}
		if err := w.AgreeItem(ctx, w.organisation, eva, id, org.TheManager, "Mia"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []learning.Step{{What: "Two weeks are planned"}, {What: "The rota held", Evidence: true}} {
			if err := w.AddStep(ctx, w.organisation, eva, id, step, "Eva"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.ConfirmItem(ctx, w.organisation, eva, id, true, 2, "Mia"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("confirmed before it was reported: %v", err)
		}
		if err := w.ReportItem(ctx, w.organisation, eva, id, "The rota held for a month", 600, "Eva"); err != nil {
			t.Fatal(err)
		}
		if err := w.ConfirmItem(ctx, w.organisation, eva, id, false, 0, "Mia"); err != nil {
			t.Fatal(err)
		}
		one, err := w.Item(ctx, w.organisation, eva, id)
		if err != nil || one.Stage() != learning.Working || len(one.Steps) != 2 || !one.Steps[0].Evidence || one.GoalName != "Customers come back" || one.Competency.Name != "Planning" {
			t.Errorf("sent back: %+v, %v", one, err)
		}
		if err := w.ReportItem(ctx, w.organisation, eva, id, "Now it did", 600, "Eva"); err != nil {
			t.Fatal(err)
		}
		if err := w.ConfirmItem(ctx, w.organisation, eva, id, true, 2, "Mia"); err != nil {
			t.Fatal(err)
		}
		if v, err = w.Development(ctx, w.organisation, eva); err != nil || len(v.Suggestions) != 1 || v.Items[0].Stage() != learning.Proven {
			t.Errorf("%+v, %v", v.Items, err)
		}
		for _, g := range v.Gaps {
			if g.Competency == plan && (g.Missing() != 0 || g.Counted.RatedBy != learning.ByEvidence) {
				t.Errorf("evidence does not count: %+v", g)
			}
		}
		sum, err := effortdb.Store{DB: w.DB}.Totals(ctx, w.organisation, effort.Target{Kind: effort.ForGoal, ID: goal})
		if err != nil || sum.Entries != 0 {
			t.Errorf("the ledger tells what a plan is for: %+v, %v", sum, err)
		}
		entries, err := effortdb.Store{DB: w.DB}.Entries(ctx, w.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfPlan}})
		if err != nil || len(entries) != 1 || entries[0].Hours[0].Minutes != 600 || strings.Contains(entries[0].What, one.What) {
			t.Errorf("the ledger: %+v, %v", entries, err)
		}
		if err := w.DropItem(ctx, w.organisation, eva, id, "Eva"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("given up after it was confirmed: %v", err)
		}
		if _, err := w.SaveItem(ctx, w.organisation, learning.Item{Person: org.Ref{ID: eva}, What: "x", Modality: effort.Reading, Due: "2026-07-01", Goal: "nothing"}, org.ThePerson, "Eva"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("for a goal that is not there: %v", err)
		}
		others := w.founded(t, "others")
		for name, err := range map[string]error{"AgreeItem": w.AgreeItem(ctx, others, eva, id, org.TheManager, "Eve"), "AddStep": w.AddStep(ctx, others, eva, id, learning.Step{What: "x"}, "Eve"),
			"of somebody else": w.AgreeItem(ctx, w.organisation, w.person(t, "3"), id, org.ThePerson, "Edo")} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// What somebody learns by one resource is in the ledger once, whichever of the two is said first.
func TestWhatAPlanAndARequestSayOfOneResourceCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		course := w.offers(t, learning.Resource{Name: "Hearing out", Modality: effort.SelfPaced, Minutes: 60})
		eva := w.person(t, "2")
		id, err := w.SaveItem(ctx, w.organisation, learning.Item{Person: org.Ref{ID: eva}, What: "Hear out", Modality: effort.SelfPaced, Resource: course, Due: "2026-07-01"}, org.ThePerson, "Eva")
		if err != nil {
			t.Fatal(err)
		}
		minutes := func() (all []int) {
			t.Helper()
			entries, err := effortdb.Store{DB: w.DB}.Entries(ctx, w.organisation, effortdb.Query{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				all = append(all, e.Hours[0].Minutes)
			}
			return all
		}
		for _, err := range []error{w.asks(t, "2", course, "", org.ThePerson), w.AgreeItem(ctx, w.organisation, eva, id, org.TheManager, "Mia"), w.ReportItem(ctx, w.organisation, eva, id, "I hear them out", 50, "Eva"), w.ConfirmItem(ctx, w.organisation, eva, id, true, 0, "Mia")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := minutes(); len(got) != 1 || got[0] != 50 {
			t.Errorf("confirmed: %v", got)
		}
		if err := w.Finish(ctx, w.organisation, w.request(t, "2", course).ID, true, 70, "", "Eva"); err != nil {
			t.Fatal(err)
		}
		if got := minutes(); len(got) != 1 || got[0] != 70 {
			t.Errorf("completed after it: %v", got)
		}
	})
}

// Whose plan has something for a competency is counted of those who are at work.
func TestPlansOfWhoHasLeftDoNotCount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "listen|Listening"))
		listen := w.find(t, "listening")
		w.offers(t, learning.Resource{Name: "Hearing out", Modality: effort.SelfPaced, Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: listen}}})
		for _, key := range []string{"1", "2", "3", "4", "5"} {
			if _, err := w.SaveItem(ctx, w.organisation, learning.Item{Person: org.Ref{ID: w.person(t, key)}, What: "Hear out", Modality: effort.Mentoring, Competency: listen, Due: "2026-07-01"}, org.ThePerson, "Eva"); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []int{5, 0} { // 0: too few to be told
			a, err := w.Alignment(ctx, w.organisation, "")
			if err != nil || a.Map.Planned[listen] != want {
				t.Errorf("%d, %v: want %d", a.Map.Planned[listen], err, want)
			}
			w.bring(t, w.organisation, "2026-06-01", "1,Mia,All/Gent,manager,store,", "2,Eva,All/Gent,employee,store,1", "3,Edo,All/Gent,employee,store,1", "4,Max,All/Office,manager,office,")
		}
	})
}
