package strategydb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

func TestWhatWasObservedIsOfTheLowestUnitsThatHaveAny(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		revenue := w.defines(t, sum("revenue"))
		w.imports(t, "revenue All/Belgium/Gent 2026-01 5", "revenue All/Belgium/Gent 2026-02 6", "revenue All/Belgium/Brugge 2026-01 7", "revenue All/Belgium 2026-03 40", "revenue All/Poland 2026-01 9")
		read := func(under string) map[string]float64 {
			i, all, err := w.ObservedUnder(ctx, w.organisation, revenue, w.unit(t, under))
			if err != nil || i.ID != revenue {
				t.Fatal(i, err)
			}
			got := map[string]float64{}
			for _, o := range all {
				if o.Path[len(o.Path)-1] != o.Unit.ID {
					t.Errorf("%s has the path %v", o.Unit.Name, o.Path)
				}
				for _, m := range o.Actual {
					got[o.Unit.Name] += m.Value()
				}
			}
			return got
		}
		// What Belgium has itself gives way to its stores; Poland has no store with a value.
		if got := read("All"); len(got) != 3 || got["Gent"] != 11 || got["Brugge"] != 7 || got["Poland"] != 9 {
			t.Error(got)
		}
		if got := read("Belgium"); len(got) != 2 {
			t.Error(got)
		}
		if got := read("Office"); len(got) != 0 {
			t.Error(got)
		}
		for _, of := range [][2]string{{"x", w.unit(t, "All")}, {revenue, "x"}} {
			if _, _, err := w.ObservedUnder(ctx, w.organisation, of[0], of[1]); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%v: %v", of, err)
			}
		}
		people := sum("talks")
		people.Minimum = 5
		if _, all, err := w.ObservedUnder(ctx, w.organisation, w.defines(t, people), w.unit(t, "All")); err != nil || len(all) != 0 {
			t.Errorf("values of people are told of units: %v, %v", all, err)
		}
		other := w.founded(t, "others")
		if _, _, err := w.ObservedUnder(ctx, other, revenue, w.unit(t, "All")); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another organisation reads it: %v", err)
		}
	})
}

// Values of people are those of published periods as they stood then: what is put right later is not in it.
func TestValuesOfPeopleAreObservedAsPublished(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		calls := w.called(t)
		read := func() (all map[string]string) {
			t.Helper()
			people, err := w.ObservedPeople(ctx, w.organisation, calls)
			if err != nil {
				t.Fatal(err)
			}
			all = map[string]string{}
			for _, p := range people {
				for _, m := range p.Actual {
					all[p.Path[len(p.Path)-2]] += fmt.Sprintf("%s=%.0f ", period.At(period.Monthly, m.Number), m.Sum)
				}
				if p.Path[len(p.Path)-1] != p.Person {
					t.Errorf("%v is the path of %s", p.Path, p.Person)
				}
			}
			return all
		}
		if got := read(); len(got) != 0 {
			t.Errorf("before it is published: %v", got)
		}
		w.imports(t, "calls pAll/Belgium/Gent#1 2026-02 9") // not published
		w.publishes(t, calls, "2026-01")
		gent := w.unit(t, "Gent")
		want := "2026-01=1 2026-01=2 2026-01=3 2026-01=4 2026-01=5 2026-01=6"
		sorted := func(text string) string {
			words := strings.Fields(text)
			slices.Sort(words)
			return strings.Join(words, " ")
		}
		if got := read(); sorted(got[gent]) != want {
			t.Errorf("as published: %q", got[gent])
		}
		w.imports(t, "calls pAll/Belgium/Gent#1 2026-01 50")
		w.imports(t, "calls pAll/Belgium/Gent#1 2026-01 60")
		if got := read(); sorted(got[gent]) != want {
			t.Errorf("a value was put right: %q", got[gent])
		}
		if all, err := w.ObservedPeople(ctx, w.founded(t, "others"), calls); err != nil || len(all) != 0 {
			t.Errorf("another organisation reads %v %v", all, err)
		}
	})
}
