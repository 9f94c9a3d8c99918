package transitiondb_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

func TestCoverageFollowsTheRosterAndTheMembers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		w.joins(t, p.ID, "Repairs-1", transition.Accepted)
		w.joins(t, p.ID, "Stores-0")
		w.joins(t, p.ID, "Stores-1", transition.Declined)
		c, err := w.Coverage(ctx, w.organisation, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]transition.Site{
			"Bath":  {People: 40, Need: 1, Candidates: 2, Partner: "Brennan"},
			"Leeds": {People: 120, Need: 3, Have: 1, Forms: 1, Nominated: 1, Declined: 1, Partner: "Aldgate"},
			"Wells": {People: 4, Need: 1, Partner: "Brennan"},
		}
		if len(c.Sites) != len(want) || c.Need != 5 || c.Gap() != 4 || c.Missing() != 3 {
			t.Errorf("%+v", c)
		}
		for _, s := range c.Sites {
			name := s.Location.Name
			s.Location.ID, s.Location.Name, s.Location.Country = "", "", ""
			if s != want[name] {
				t.Errorf("%s: %+v, want %+v", name, s, want[name])
			}
		}
		// A coach leaves.
		roster(t, w.Org, w.organisation, "2026-03-02", slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Repairs-0" }))
		if c, err = w.Coverage(ctx, w.organisation, p.ID); err != nil || c.Have != 0 || c.People != 163 {
			t.Errorf("%+v, %v", c.Site, err)
		}
	})
}

func TestAPlanIsDraftedAcceptedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		a, b := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active), w.joins(t, p.ID, "Stores-0", transition.Accepted, transition.Active)
		w.joins(t, p.ID, "Depot-0", transition.Accepted, transition.Active)
		drafted := func() *transitiondb.Plan {
			t.Helper()
			if err := w.DraftPlan(ctx, w.organisation, p.ID, "Mo", nil); err != nil {
				t.Fatal(err)
			}
			plan, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Draft)
			if err != nil || plan == nil {
				t.Fatal(plan, err)
			}
			return plan
		}
		first := drafted()
		if len(first.Groups) != 5 || !first.Best {
			t.Fatalf("%d groups", len(first.Groups))
		}
		people, covered := 0, 0
		for _, g := range first.Groups {
			people += g.Size()
			if g.Coach != "" {
				covered += g.Size()
			}
		}
		if people != 164 || covered != 50+35+40 {
			t.Errorf("%d people, %d covered", people, covered)
		}
		if d := first.Against(); d != (transition.Difference{New: 3}) {
			t.Errorf("%+v", d)
		}
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, first.Made, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, first.Made, "Mo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("accepted twice: %v", err)
		}
		if err := w.TakeBackPlan(ctx, w.organisation, p.ID, "Mo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the first plan is taken back: %v", err)
		}
		// Two join Repairs, one of Stores leaves; nobody changes coach.
		rows := slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Stores-9" })
		rows = append(rows, row{"new-1", "All/Repairs", "Leeds", "Aldgate", "employee", "", ""}, row{"new-2", "All/Repairs", "Leeds", "Aldgate", "employee", "", ""})
		roster(t, w.Org, w.organisation, "2026-03-02", rows)
		second := drafted()
		if d := second.Against(); d.Stay != 3 || d.People != 0 {
			t.Errorf("%+v", d)
		}
		w.now = w.now.AddDate(0, 0, 1)
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, second.Made, "Mo"); err != nil {
			t.Fatal(err)
		}
		// A group has one coach, with room for it.
		current, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Current)
		if err != nil {
			t.Fatal(err)
		}
		has := func(coach string) transition.Group {
			t.Helper()
			i := slices.IndexFunc(current.Groups, func(g transition.Group) bool { return g.Coach == coach })
			if i < 0 {
				t.Fatalf("no group of %s", coach)
			}
			return current.Groups[i]
		}
		for name, c := range map[string]struct {
			group transition.Group
			coach string
			want  string
		}{
			"two coaches": {has(a), b, "coaches this group"},
			"no room":     {has(""), b, "has room for 50"},
			"nobody":      {has(""), w.joins(t, p.ID, "Repairs-1"), "does not coach"},
		} {
			err := w.GiveGroup(ctx, w.organisation, p.ID, c.group.ID, c.coach, "Mo")
			if fault.Of(err) == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.GiveGroup(ctx, w.organisation, p.ID, has(b).ID, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.GiveGroup(ctx, w.organisation, p.ID, has("").ID, b, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.TakeBackPlan(ctx, w.organisation, p.ID, "Mo"); err != nil {
			t.Fatal(err)
		}
		current, err = w.Plan(ctx, w.organisation, p.ID, transitiondb.Current)
		if err != nil || len(current.Groups) != len(first.Groups) || !current.Made.Equal(first.Made) || has(b).Size() != 50 {
			t.Errorf("%+v, %v", current, err)
		}
	})
}

func TestAGroupOfACoachWhoHasStoppedCanBeGivenAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		a := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		if err := w.DraftPlan(ctx, w.organisation, p.ID, "Mo", nil); err != nil {
			t.Fatal(err)
		}
		draft, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Draft)
		if err == nil {
			err = w.AcceptPlan(ctx, w.organisation, p.ID, draft.Made, "Mo")
		}
		if err != nil {
			t.Fatal(err)
		}
		own := func() (group string) {
			current, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Current)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(current.Groups, func(g transition.Group) bool { return g.Coach == a })
			if i < 0 {
				return ""
			}
			return current.Groups[i].ID
		}
		group := own()
		b := w.joins(t, p.ID, "Stores-0", transition.Accepted, transition.Active)
		if err := w.GiveGroup(ctx, w.organisation, p.ID, group, b, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("two coaches: %v", err)
		}
		if err := w.Take(ctx, w.organisation, p.ID, a, transition.Alumnus, "moves on", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.GiveGroup(ctx, w.organisation, p.ID, group, b, "Mo"); err != nil || own() != "" {
			t.Errorf("given away: %v", err)
		}
	})
}

func TestADraftThatItsCoachesCannotCarryIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		a := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		draft := func() *transitiondb.Plan {
			t.Helper()
			if err := w.DraftPlan(ctx, w.organisation, p.ID, "Mo", nil); err != nil {
				t.Fatal(err)
			}
			d, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Draft)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		d := draft()
		if err := w.Place(ctx, w.organisation, p.ID, a, "", 10, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, d.Made, "Mo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("less room than people: %v", err)
		}
		if err := w.Place(ctx, w.organisation, p.ID, a, "", 50, "Mo"); err != nil {
			t.Fatal(err)
		}
		d = draft()
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, d.Made, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.Place(ctx, w.organisation, p.ID, a, "", 10, "Mo"); fault.Of(err) == nil || fault.Of(err).Field != "room" {
			t.Errorf("less room than the own group: %v", err)
		}
		d = draft()
		i := slices.IndexFunc(d.Groups, func(g transition.Group) bool { return g.Coach == a })
		if err := w.GiveGroup(ctx, w.organisation, p.ID, d.Groups[i].ID, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, d.Made, "Mo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a draft that does not know what was done by hand: %v", err)
		}
		// Who leaves, or stops and comes back, has no group to see.
		own := func() int {
			all, err := w.Coaching(ctx, w.organisation, "Repairs-0")
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, o := range all {
				n += len(o.Groups)
			}
			return n
		}
		d = draft()
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, d.Made, "Mo"); err != nil || own() != 1 {
			t.Fatalf("%d groups, %v", own(), err)
		}
		if err := w.Take(ctx, w.organisation, p.ID, a, transition.Alumnus, "moves on", "Mo"); err != nil {
			t.Fatal(err)
		}
		w.joins(t, p.ID, "Repairs-0", transition.Accepted)
		if own() != 0 {
			t.Error("who is in formation again sees the old group")
		}
		if err := w.Take(ctx, w.organisation, p.ID, a, transition.Active, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		roster(t, w.Org, w.organisation, "2026-03-02", slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Repairs-0" }))
		if own() != 0 {
			t.Error("who has left sees the group")
		}
	})
}
