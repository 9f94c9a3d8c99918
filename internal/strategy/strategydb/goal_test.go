package strategydb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// aims sets a goal of a unit, or of a person, that serves another.
func (w *world) aims(t testing.TB, unit, person, name string, change func(*strategy.Goal), serves ...string) string {
	t.Helper()
	g := strategy.Goal{Name: name, Perspective: strategy.Customer, Begins: "2026-01-01", Ends: "2026-12-31"}
	if person == "" {
		g.Unit.ID = w.unit(t, unit)
	} else {
		g.Person.ID = w.person(t, person)
	}
	for _, s := range serves {
		g.Links = append(g.Links, strategy.Link{Goal: s, How: strategy.Supports, Because: "because of " + name})
	}
	if change != nil {
		change(&g)
	}
	id, err := w.SaveGoal(context.Background(), w.organisation, strategydb.GoalMade{Goal: g, Side: org.ThePerson, By: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// person is whoever works in a unit of this path, by the roster's own key.
func (w *world) person(t testing.TB, path string) string {
	t.Helper()
	p, err := w.Org.PersonByKey(context.Background(), w.organisation, "p"+path, "2026-04-15")
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func TestALineOfSightGoesFromTheTopToAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sales := w.defines(t, sum("Sales"))
		w.imports(t, "sales Gent 2026-01 10", "sales Brugge 2026-01 30")
		top := w.aims(t, "All", "", "Grow", func(g *strategy.Goal) { v := 900.; g.Indicator, g.Aim = sales, &v })
		country := w.aims(t, "Belgium", "", "Grow here", nil, top)
		person := w.person(t, "All/Belgium/Gent")
		sight := func() string {
			t.Helper()
			v, err := w.Sight(ctx, w.organisation, person, nil)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, c := range v.Chains {
				var steps []string
				for n, g := range c.Steps {
					step := fmt.Sprintf("%s (%d)", g.Name, v.Shared[g.Unit.ID])
					if g.Line != nil {
						step += " " + value(g.Line.ToDate) + "/" + value(&g.Line.Target.Value)
					}
					if n > 0 {
						step = c.Links[n-1].Because + ": " + step
					}
					steps = append(steps, step)
				}
				all = append(all, strings.Join(steps, " > "))
			}
			return strings.Join(all, "; ")
		}
		if got := sight(); got != "Grow (5) 40/900 > because of Grow here: Grow here (2)" {
			t.Errorf("without an own goal: %s", got)
		}
		own := w.aims(t, "", "All/Belgium/Gent", "Ask each customer", nil, country)
		if got := sight(); got != "Grow (5) 40/900 > because of Grow here: Grow here (2) > because of Ask each customer: Ask each customer (1)" {
			t.Errorf("with one: %s", got)
		}
		if sh := w.sheet(t, "Gent", sales); len(sh.Goals) != 1 || sh.Goals[0].ID != top {
			t.Errorf("goals that sales measure: %+v", sh.Goals)
		}
		v, err := w.Goals(ctx, w.organisation, w.unit(t, "Belgium"), nil)
		if err != nil || len(v.Goals) != 1 || v.Goals[0].People != 1 || v.Goals[0].Units != 0 || len(v.Above) != 1 || v.Above[0].ID != top {
			t.Errorf("%+v, %v", v, err)
		}
		one, err := w.Goal(ctx, w.organisation, top, nil)
		if err != nil || len(one.Under) != 1 || one.Under[0].ID != country || one.Units != 1 || value(one.Line.ToDate) != "40" {
			t.Errorf("%+v, %v", one, err)
		}
		if one.Share != nil {
			t.Errorf("nothing adds up to it: %g", *one.Share)
		}
		all, err := w.OwnGoals(ctx, w.organisation, person)
		if err != nil || len(all) != 1 || all[0].ID != own || all[0].Unit.Name != "Gent" || all[0].Agreed.Person.IsZero() || !all[0].Agreed.Manager.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
		lone := w.aims(t, "Poland", "", "Nothing to do with it", nil)
		o, err := w.Orphans(ctx, w.organisation, w.unit(t, "All"), 100)
		if err != nil || o.ServeNothing.Count != 1 || o.ServeNothing.First[0].ID != lone || o.Unserved.Count != 1 || o.Unserved.First[0].ID != lone {
			t.Errorf("%+v, %v", o, err)
		}
		if o, err := w.Orphans(ctx, w.organisation, w.unit(t, "Belgium"), 0); err != nil || o.ServeNothing.Count+o.Unserved.Count+len(o.ServeNothing.First) != 0 {
			t.Errorf("of Belgium: %+v, %v", o, err)
		}
	})
}

func TestASumIsOfAllWhoContributeThoughNotAllAreListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		sales := w.defines(t, sum("Sales"))
		top := w.aims(t, "All", "", "Grow", func(g *strategy.Goal) { v := 900.; g.Indicator, g.Aim = sales, &v })
		contributes := func(g *strategy.Goal) {
			part := 2.5
			g.Indicator, g.Aim, g.Links = sales, &part, []strategy.Link{{Goal: top, How: strategy.Contributes, Because: "it is a part"}}
		}
		const parts = 203
		for n := range parts {
			w.aims(t, "Belgium", "", fmt.Sprintf("Part %d", n), contributes)
		}
		ended := w.aims(t, "Belgium", "", "Given up", contributes)
		if err := w.EndGoal(ctx, w.organisation, ended, strategy.GoalDropped, "Not now.", "Ada"); err != nil {
			t.Fatal(err)
		}
		if one, err := w.Goal(ctx, w.organisation, top, nil); err != nil || one.Units != parts || len(one.Under) != 200 || *one.Share != 2.5*parts {
			t.Errorf("%d of %d, %v, %v", len(one.Under), one.Units, one.Share, err)
		}
		w.aims(t, "Belgium", "", "By other means", func(g *strategy.Goal) {
			g.Links = []strategy.Link{{Goal: top, How: strategy.Contributes, Because: "it is a part"}}
		})
		if one, err := w.Goal(ctx, w.organisation, top, nil); err != nil || one.Units != parts+1 || one.Share != nil {
			t.Errorf("with one that has no target: %v, %v", one.Share, err)
		}
	})
}

func TestAGoalIsAgreedCheckedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		own := w.aims(t, "", "All/Belgium/Gent", "Ask each customer", func(g *strategy.Goal) {
			g.Objectives = []strategy.Objective{{What: "listen"}, {What: "ask"}}
		})
		read := func() strategydb.GoalView {
			t.Helper()
			v, err := w.Goal(ctx, w.organisation, own, nil)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		for _, do := range []func() error{
			func() error { return w.Agree(ctx, w.organisation, own, org.TheManager, "Bo") },
			func() error { return w.Learn(ctx, w.organisation, own, read().Objectives[1].ID, true, "Ann") },
			func() error {
				return w.CheckIn(ctx, w.organisation, own, strategy.CheckIn{Pace: strategy.Slower, What: "ill for a week"}, "Ann")
			},
		} {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		}
		if v := read(); !v.Agreed.Both() || v.Agreed.ManagerName != "Bo" || v.Objectives[0].Done != "" || v.Objectives[1].Done != "2026-04-15" || len(v.CheckIns) != 1 || v.Last == nil || v.Last.What != "ill for a week" {
			t.Errorf("%+v", v)
		}
		g := read().Measured.Goal
		g.Name, g.Objectives = "Ask every customer", []strategy.Objective{{What: "ask"}, {What: "wait"}}
		if _, err := w.SaveGoal(ctx, w.organisation, strategydb.GoalMade{Goal: g, Side: org.TheManager, By: "Bo"}); err != nil {
			t.Fatal(err)
		}
		if v := read(); v.Agreed.Both() || v.Agreed.Manager.IsZero() || v.Objectives[0].Done == "" || v.Objectives[1].Done != "" {
			t.Errorf("changed by one, the other says yes anew, and what was learned stays so: %+v", v.Measured.Goal)
		}
		for name, err := range map[string]error{
			"a pace without a word":   w.CheckIn(ctx, w.organisation, own, strategy.CheckIn{Pace: strategy.Stuck}, "Ann"),
			"no pace":                 w.CheckIn(ctx, w.organisation, own, strategy.CheckIn{What: "x"}, "Ann"),
			"missed without a word":   w.EndGoal(ctx, w.organisation, own, strategy.GoalMissed, "", "Ann"),
			"an end that there isn't": w.EndGoal(ctx, w.organisation, own, "won", "x", "Ann"),
		} {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.EndGoal(ctx, w.organisation, own, strategy.GoalReached, "", "Ann"); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"ended twice":           w.EndGoal(ctx, w.organisation, own, strategy.GoalReached, "", "Ann"),
			"a check-in afterwards": w.CheckIn(ctx, w.organisation, own, strategy.CheckIn{Pace: strategy.OnTrack}, "Ann"),
		} {
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.ReopenGoal(ctx, w.organisation, own, "Ann"); err != nil || read().Ended != "" {
			t.Errorf("taken up again: %v", err)
		}
	})
}

func TestGoalsCannotStandUnderEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		leads := func(to ...string) func(*strategy.Goal) {
			return func(g *strategy.Goal) {
				for _, id := range to {
					g.Links = append(g.Links, strategy.Link{Goal: id, How: strategy.LeadsTo})
				}
			}
		}
		effect := w.aims(t, "All", "", "Effect", nil)
		cause := w.aims(t, "All", "", "Cause", leads(effect))
		v, err := w.Goal(ctx, w.organisation, effect, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := v.Measured.Goal
		leads(cause)(&g)
		if _, err := w.SaveGoal(ctx, w.organisation, strategydb.GoalMade{Goal: g, By: "Ada"}); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "under each other") {
			t.Errorf("%v", err)
		}
		low := w.aims(t, "Gent", "", "Low", nil, effect)
		top := v.Measured.Goal
		top.Links = []strategy.Link{{Goal: low, How: strategy.Supports}}
		if _, err := w.SaveGoal(ctx, w.organisation, strategydb.GoalMade{Goal: top, By: "Ada"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a goal under its own child: %v", err)
		}
	})
}

func TestNoMethodSeesTheGoalsOfAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		top := w.aims(t, "All", "", "Grow", nil)
		own := w.aims(t, "", "All/Belgium/Gent", "Ask", func(g *strategy.Goal) { g.Objectives = []strategy.Objective{{What: "listen"}} }, top)
		gent, person := w.unit(t, "Gent"), w.person(t, "All/Belgium/Gent")
		v, err := w.Goal(ctx, w.organisation, own, nil)
		if err != nil {
			t.Fatal(err)
		}
		stranger := w.founded(t, "strangers")
		w.roster(t, stranger, "2026-01-01", "Theirs/One")
		theirs := v.Measured.Goal
		theirs.ID, theirs.Person.ID, theirs.Unit.ID = "", "", ""
		units, err := w.Units(ctx, stranger)
		if err != nil {
			t.Fatal(err)
		}
		theirs.Unit.ID = units.Units[1].ID
		for name, err := range map[string]error{
			"Goal":       func() error { _, err := w.Goal(ctx, stranger, own, nil); return err }(),
			"Goals":      func() error { _, err := w.Goals(ctx, stranger, gent, nil); return err }(),
			"Orphans":    func() error { _, err := w.Orphans(ctx, stranger, gent, 0); return err }(),
			"Sight":      func() error { _, err := w.Sight(ctx, stranger, person, nil); return err }(),
			"Agree":      w.Agree(ctx, stranger, own, org.TheManager, "Eve"),
			"CheckIn":    w.CheckIn(ctx, stranger, own, strategy.CheckIn{Pace: strategy.OnTrack}, "Eve"),
			"EndGoal":    w.EndGoal(ctx, stranger, own, strategy.GoalReached, "", "Eve"),
			"ReopenGoal": w.ReopenGoal(ctx, stranger, own, "Eve"),
			"Learn":      w.Learn(ctx, stranger, own, v.Objectives[0].ID, true, "Eve"),
			"SaveGoal": func() error {
				_, err := w.SaveGoal(ctx, stranger, strategydb.GoalMade{Goal: v.Measured.Goal, By: "Eve"})
				return err
			}(),
		} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.SaveGoal(ctx, stranger, strategydb.GoalMade{Goal: theirs, By: "Eve"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a goal of theirs that serves one of ours: %v", err)
		}
		if goals, err := w.OwnGoals(ctx, stranger, person); err != nil || len(goals) > 0 {
			t.Errorf("OwnGoals: %v, %v", goals, err)
		}
		if goals, err := w.Reaching(ctx, stranger, gent, top); err != nil || len(goals) > 0 {
			t.Errorf("Reaching: %v, %v", goals, err)
		}
		if goals, err := w.Worked(ctx, stranger); err != nil || len(goals) > 0 {
			t.Errorf("Worked: %v, %v", goals, err)
		}
		if goals, err := w.Worked(ctx, w.organisation); err != nil || len(goals) == 0 {
			t.Errorf("own: Worked: %v, %v", goals, err)
		}
		if goals, err := w.Top(ctx, stranger); err != nil || len(goals) > 0 {
			t.Errorf("Top: %v, %v", goals, err)
		}
		if wait, err := w.Waiting(ctx, stranger, "pAll/Belgium/Gent"); err != nil || wait.Any {
			t.Errorf("Waiting: %+v, %v", wait, err)
		}
		if all, err := w.Reports(ctx, stranger, "p"); err != nil || len(all) > 0 {
			t.Errorf("Reports: %v, %v", all, err)
		}
	})
}
