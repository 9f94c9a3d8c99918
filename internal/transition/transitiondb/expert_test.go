package transitiondb_test

import (
	"context"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// A coach observes a diagnosis and runs it together with the lead; another confirms both. Then
// the coach leads one of the own unit, and that stands in the record by itself.
func TestACoachComesToLeadADiagnosis(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		coach := w.joins(t, p.ID, "Repairs-0", transition.Accepted)
		self, other := org.By{Name: "Person Repairs-0", Person: "Repairs-0"}, org.By{Name: "Ada", Person: "Stores-9"}
		note := func(kind transition.ExperienceKind) {
			t.Helper()
			if err := w.Note(ctx, w.organisation, "Repairs-0", transition.Experience{Kind: kind, Subject: w.diagnosis, Day: "2026-03-02"}, self); err != nil {
				t.Fatal(err)
			}
		}
		record := func() transition.Record {
			t.Helper()
			all, err := w.Records(ctx, w.organisation, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return all[w.people["Repairs-0"]]
		}
		entry := func(kind transition.ExperienceKind) string {
			t.Helper()
			for _, e := range record().Experiences {
				if e.Kind == kind {
					return e.ID
				}
			}
			t.Fatalf("no %s in the record", kind)
			return ""
		}
		refused := func(what string, err error, words string) {
			t.Helper()
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v", what, err)
			}
		}
		note(transition.CoRan)
		refused("leading before", w.MakeLead(ctx, w.organisation, p.ID, coach, "Ada"), "together with somebody first")
		refused("the own one", w.Confirm(ctx, w.organisation, p.ID, coach, entry(transition.CoRan), self), "nobody confirms their own record")
		refused("the second step first", w.Confirm(ctx, w.organisation, p.ID, coach, entry(transition.CoRan), other), "observed a diagnosis first")
		note(transition.Observed)
		refused("twice", w.Note(ctx, w.organisation, "Repairs-0", transition.Experience{Kind: transition.Observed, Subject: w.diagnosis, Day: "2026-03-02"}, self), "in the record already")
		refused("tomorrow", w.Note(ctx, w.organisation, "Repairs-0", transition.Experience{Kind: transition.OfTheme, Subject: "trust", Depth: 1, Day: "2026-03-20"}, self), "has not come yet")
		refused("by hand", w.Note(ctx, w.organisation, "Repairs-0", transition.Experience{Kind: transition.Led, Subject: w.diagnosis, Day: "2026-03-02"}, self), "not written down")
		refused("no diagnosis", w.Note(ctx, w.organisation, "Repairs-0", transition.Experience{Kind: transition.CoRan, Subject: "none", Day: "2026-03-02"}, self), "choose a diagnosis")
		for _, kind := range []transition.ExperienceKind{transition.Observed, transition.CoRan} {
			if err := w.Confirm(ctx, w.organisation, p.ID, coach, entry(kind), other); err != nil {
				t.Fatal(err)
			}
		}
		refused("confirmed twice", w.Confirm(ctx, w.organisation, p.ID, coach, entry(transition.CoRan), other), "confirmed this already")
		refused("taken back when it stands", w.StrikeOwn(ctx, w.organisation, "Repairs-0", entry(transition.CoRan)), "no such entry that waits")
		if r := record(); r.Step() != transition.CoRan || len(r.Waiting()) != 0 {
			t.Fatalf("%s, %+v", r.Step(), r.Waiting())
		}
		if err := w.MakeLead(ctx, w.organisation, p.ID, coach, "Ada"); err != nil {
			t.Fatal(err)
		}
		refused("leading twice", w.MakeLead(ctx, w.organisation, p.ID, coach, "Ada"), "already")
		unit := record().Leads[0].Unit
		grants := func() (n int) {
			t.Helper()
			all, err := w.Org.Accounts(ctx, w.organisation)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range all {
				for _, g := range a.Grants {
					if a.Person == "Repairs-0" && g.Role == org.DiagnosisLead && g.Scope == (org.Scope{Kind: org.UnitScope, ID: unit.ID}) {
						n++
					}
				}
			}
			return n
		}
		if unit.Name != "Repairs" || grants() != 1 {
			t.Errorf("leads %s, %d grants", unit.Name, grants())
		}

		d := diagnosis.Diagnosis{Name: "Repairs alone", RosterDay: "2026-03-01", Opens: w.now, Closes: w.now.AddDate(0, 0, 7), Within: []string{unit.ID}, Setup: diagnosis.Setup{Minimum: 5}}
		id, err := w.Diagnosis.Draft(ctx, w.organisation, d, self.Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Diagnosis.Open(ctx, w.organisation, id, self); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 0, 8)
		if err := w.Diagnosis.CloseDue(ctx); err != nil { // it closes by itself: whoever opened it led it
			t.Fatal(err)
		}
		if r := record(); r.Step() != transition.Led || r.Experiences[len(r.Experiences)-1].Subject != id {
			t.Errorf("%s, %+v", r.Step(), r.Experiences)
		}
		if err := w.EndLead(ctx, w.organisation, p.ID, coach, unit.ID, "Ada"); err != nil || grants() != 0 {
			t.Errorf("%v, %d grants", err, grants())
		}
	})
}

// Who writes for another has confirmed it with that; a lead who leaves is no lead any more.
func TestWhoLeavesLeadsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		coach := w.joins(t, p.ID, "Repairs-0", transition.Accepted)
		for _, kind := range []transition.ExperienceKind{transition.Observed, transition.CoRan} {
			if err := w.NoteOf(ctx, w.organisation, p.ID, coach, transition.Experience{Kind: kind, Subject: w.diagnosis, Day: "2026-03-02"}, org.By{Name: "Ada"}); err != nil {
				t.Fatal(err)
			}
		}
		err := w.NoteOf(ctx, w.organisation, p.ID, coach, transition.Experience{Kind: transition.OfTheme, Subject: "trust", Depth: transition.Applies, Day: "2026-03-02"}, org.By{Name: "x", Person: "Repairs-0"})
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("confirmed by oneself: %v", err)
		}
		if err := w.MakeLead(ctx, w.organisation, p.ID, coach, "Ada"); err != nil {
			t.Fatal(err)
		}
		rest := staff()[1:]
		roster(t, w.Org, w.organisation, "2026-03-05", rest)
		w.now = w.now.AddDate(0, 0, 10)
		if err := w.Take(ctx, w.organisation, p.ID, coach, transition.Alumnus, "has left", "Ada"); err != nil {
			t.Fatal(err)
		}
		all, err := w.Records(ctx, w.organisation, p.ID)
		if err != nil || len(all[w.people["Repairs-0"]].Leads) != 0 || !all[w.people["Repairs-0"]].Runs() {
			t.Errorf("%+v, %v", all, err)
		}
	})
}
