package diagnosisdb_test

import (
	"context"
	"slices"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// run takes a diagnosis of a day's roster from draft to report, in which everybody answers:
// v, and more in some units.
func (w *world) run(t *testing.T, day period.Day, v int, more map[string]int) string {
	t.Helper()
	ctx := context.Background()
	d := w.draft(t)
	d.RosterDay, d.Opens, d.Closes, d.Attributes = day, w.now.AddDate(0, 0, -1), w.now.AddDate(0, 0, 9), nil
	if err := w.Change(ctx, w.organisation, d); err != nil {
		t.Fatal(err)
	}
	if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	i := 0
	var links []diagnosisdb.PersonalLink
	err := w.Links(ctx, w.organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
		links = append(links, l)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		i++
		if err := w.Submit(ctx, l.Secret, given(t, v+more[l.Unit]+i%2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(ctx, w.organisation, d.ID, org.By{Name: "Ada"}, nil); err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func TestAUnitThatMergedIsComparedWithItsParts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		first := w.run(t, "2026-03-01", 4, nil)
		if _, err := w.Compare(ctx, w.organisation, first, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the first has nothing before it: %v", err)
		}
		// Head office and South become one; East is run down, its people go in all directions.
		merged := func(unit string) string {
			return map[string]string{"All/Head office": "All/South", "All/East": "All/North"}[unit]
		}
		w.rosterOf(t, "2027-09-01", merged)
		w.now = w.now.AddDate(0, 18, 0)
		second := w.run(t, "2027-09-01", 5, map[string]int{"South": 2})
		c, err := w.Compare(ctx, w.organisation, second, "")
		if err != nil || c.Then.Diagnosis.ID != first || c.Years < 1.4 || c.Years > 1.6 {
			t.Fatalf("%+v, %v", c, err)
		}
		now, err := w.Report(ctx, w.organisation, second)
		if err != nil {
			t.Fatal(err)
		}
		for u, unit := range now.Report.Units {
			got := c.Units[u]
			switch unit.Name {
			case "South":
				if parts := slices.Sorted(slices.Values(got.Parts)); !slices.Equal(parts, []string{"Head office", "South"}) || got.Factors[0].Then == nil || *got.Factors[0].Diff < 2.5 {
					t.Errorf("South: %v, %+v", got.Parts, got.Factors[0])
				}
			case "North":
				if parts := slices.Sorted(slices.Values(got.Parts)); !slices.Equal(parts, []string{"East", "North"}) || got.Factors[0].Movement != diagnosis.CannotTell {
					t.Errorf("North with East, of which too few can be told: %v, %+v", got.Parts, got.Factors[0])
				}
			}
		}
		if c.Factors[0].Movement != diagnosis.Up {
			t.Errorf("the whole: %+v", c.Factors[0])
		}
		if list, err := w.Earlier(ctx, w.organisation, second); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := w.Compare(ctx, w.organisation, first, second); fault.KindOf(err) != fault.Invalid {
			t.Errorf("with a later one: %v", err)
		}
		// Another instrument: no trend.
		other, err := w.KeepInstrument(ctx, w.organisation, altered("id: hpo", "id: own"), "Ada")
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 6, 0)
		w.instrument = other
		third := w.run(t, "2027-09-01", 5, nil)
		if list, err := w.Earlier(ctx, w.organisation, third); err != nil || len(list) > 0 {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := w.Compare(ctx, w.organisation, third, second); fault.KindOf(err) != fault.Conflict {
			t.Errorf("with one of other questions: %v", err)
		}
	})
}
