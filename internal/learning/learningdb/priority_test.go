package learningdb_test

import (
	"context"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

func (w *world) unit(t testing.TB, name string) string {
	t.Helper()
	units, err := w.Strategy.Units(context.Background(), w.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units.Units {
		if u.Name == name {
			return u.ID
		}
	}
	t.Fatalf("there is no unit %s", name)
	return ""
}

func (w *world) aims(t testing.TB, unit, name, goal string) string {
	t.Helper()
	g := strategy.Goal{ID: goal, Unit: org.Ref{ID: w.unit(t, unit)}, Name: name, Perspective: strategy.Customer, Begins: "2026-01-01", Ends: "2026-12-31"}
	id, err := w.Strategy.SaveGoal(context.Background(), w.organisation, strategydb.GoalMade{Goal: g, By: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// A priority is drafted, reviewed, signed by both; it loses the signatures when it changes, and reopens
// when its goal does.
func TestAPriorityGoesThroughTheRound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "listen|Listening"))
		listen, course := w.find(t, "listening"), w.offers(t, learning.Resource{Name: "Hearing out", Modality: effort.Classroom})
		goal, other := w.aims(t, "All", "Customers come back", ""), w.aims(t, "Office", "Nobody waits", "")
		gent := w.unit(t, "Gent")
		p := learning.Priority{Unit: org.Ref{ID: gent}, Year: 2026, Name: "Everybody hears a complaint out", Goal: goal, Competencies: []string{listen}, Resources: []string{course}, Solutions: []learning.Solution{{Kind: effort.JobTools, What: "A card at the till"}}, Budget: 250000, Currency: "EUR", Hours: 120}
		wrong := p
		wrong.Goal = other
		if _, err := w.SavePriority(ctx, w.organisation, wrong, "Mia", "Sam"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "or of one above it") {
			t.Errorf("a goal of another unit: %v", err)
		}
		id, err := w.SavePriority(ctx, w.organisation, p, "Mia", "Sam")
		if err != nil {
			t.Fatal(err)
		}
		stands := func() learning.Standing {
			t.Helper()
			v, err := w.Plan(ctx, w.organisation, gent, 0)
			if err != nil || len(v.Own) != 1 || v.Names[listen] != "Listening" || v.Names[course] != "Hearing out" {
				t.Fatalf("%+v, %v", v, err)
			}
			return v.Own[0].Stands
		}
		sign := func(forLearning bool) {
			t.Helper()
			if err := w.Sign(ctx, w.organisation, id, forLearning, "somebody"); err != nil {
				t.Fatal(err)
			}
		}
		if got := stands(); got != learning.Drafted {
			t.Errorf("drafted: %s", got)
		}
		if err := w.Meet(ctx, w.organisation, learning.Review{Unit: org.Ref{ID: gent}, Year: 2026, Day: "2026-05-20", With: "Mia and Sam", Decisions: "Two courses less", Next: "2026-11-01"}, "Sam"); err != nil {
			t.Fatal(err)
		}
		sign(true)
		if got := stands(); got != learning.OneSided {
			t.Errorf("one has signed: %s", got)
		}
		sign(false)
		if got := stands(); got != learning.Agreed {
			t.Errorf("both: %s", got)
		}
		if err := w.DropPriority(ctx, w.organisation, id, "Sam"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("taken out though both have signed: %v", err)
		}
		w.aims(t, "All", "Nine of ten customers come back", goal)
		if got := stands(); got != learning.Reopened {
			t.Errorf("the goal has changed: %s", got)
		}
		sign(true)
		if got := stands(); got != learning.OneSided {
			t.Errorf("signed anew by one: %s", got)
		}
		sign(false)
		p.ID, p.Budget = id, 300000
		if _, err := w.SavePriority(ctx, w.organisation, p, "Mia", "Sam"); err != nil {
			t.Fatal(err)
		}
		if got := stands(); got != learning.Drafted {
			t.Errorf("changed: %s", got)
		}
		all, err := w.LearningStrategy(ctx, w.organisation, 2026)
		if err != nil || len(all.All) != 1 || len(all.Reviews) != 1 || all.Reviews[0].Next != "2026-11-01" || len(all.Years) != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		a, err := w.Alignment(ctx, w.organisation, gent)
		if err != nil || len(a.Map.Goals) != 1 || len(a.Served) != 1 || len(a.GoalToCompetency) != 1 || len(a.Unmet) != 1 || len(a.Idle) != 0 {
			t.Errorf("%+v, %v", a, err)
		}
		if a, err := w.Alignment(ctx, w.organisation, ""); err != nil || len(a.Unserved) != 1 || a.Unserved[0] != other {
			t.Errorf("of all: %+v, %v", a, err)
		}
		if err := w.DropPriority(ctx, w.organisation, id, "Sam"); err != nil {
			t.Error(err)
		}
		others := w.founded(t, "others")
		for name, err := range map[string]error{"Sign": w.Sign(ctx, others, id, true, "Eve"), "Drop": w.DropPriority(ctx, others, id, "Eve"), "Meet": w.Meet(ctx, others, learning.Review{Unit: org.Ref{ID: gent}, Year: 2026, Day: "2026-05-20", With: "x", Decisions: "y"}, "Eve")} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("another organisation, %s: %v", name, err)
			}
		}
		if _, err := w.Plan(ctx, others, gent, 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another organisation's plan: %v", err)
		}
	})
}
