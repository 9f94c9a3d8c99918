package strategy_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// forest is a whole with units under it, each named with the index of the one above.
func forest(t fataler, above ...int) *org.Structure {
	units := []org.Unit{{ID: "u0", Key: "u0", Name: "u0"}}
	for n, up := range above {
		name := fmt.Sprintf("u%d", n+1)
		units = append(units, org.Unit{ID: name, Key: name, Name: name, Parent: org.Ref{ID: fmt.Sprintf("u%d", up)}})
	}
	s, err := org.NewStructure("2026-04-15", units, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type fataler interface{ Fatal(args ...any) }

func ofPeople(over strategy.OverUnits) strategy.Indicator {
	return strategy.Indicator{Name: "Calls", OverUnits: over, Grain: period.Monthly, Minimum: 5}
}

// hold gives the people of a unit, by its name, values.
func hold(s *org.Structure, unit string, values ...float64) (held []strategy.Held) {
	at, _ := s.Find(unit)
	for _, v := range values {
		held = append(held, strategy.Held{Unit: at, Value: v})
	}
	return held
}

func TestWhatPeopleComeToIsToldWhereItTellsOfNobody(t *testing.T) {
	two := forest(t, 0, 0) // u1 and u2 under the whole
	six, five, three := []float64{1, 2, 3, 4, 5, 6}, []float64{2, 2, 3, 4, 4}, []float64{7, 8, 9}
	for _, c := range []struct {
		name string
		over strategy.OverUnits
		held []strategy.Held
		want []strategy.Come
	}{
		{"sums", strategy.SumOfUnits, slices.Concat(hold(two, "u1", six...), hold(two, "u2", five...)), []strategy.Come{{Unit: 0, Value: 36, People: 11}, {Unit: 1, Value: 21, People: 6}, {Unit: 2, Value: 15, People: 5}}},
		{"means of people, not of units", strategy.MeanOfUnits, slices.Concat(hold(two, "u1", six...), hold(two, "u2", five...)), []strategy.Come{{Unit: 0, Value: 36.0 / 11, People: 11}, {Unit: 1, Value: 3.5, People: 6}, {Unit: 2, Value: 3, People: 5}}},
		{"the whole less six would be three", strategy.SumOfUnits, slices.Concat(hold(two, "u1", six...), hold(two, "u2", three...)), []strategy.Come{{Unit: 0, Value: 45, People: 9}}},
		{"too few altogether", strategy.SumOfUnits, hold(two, "u1", three...), nil},
		{"all the same", strategy.MeanOfUnits, hold(two, "u1", 4, 4, 4, 4, 4), nil},
		{"one has nearly all", strategy.SumOfUnits, hold(two, "u1", 1000, 40, 10, 10, 10), nil},
		{"one has much, and others enough to hide it", strategy.SumOfUnits, hold(two, "u1", 1000, 40, 50, 50, 10), []strategy.Come{{Unit: 0, Value: 1150, People: 5}, {Unit: 1, Value: 1150, People: 5}}},
		{"what a unit leaves of the whole is all the same: the whole stays", strategy.SumOfUnits, slices.Concat(hold(two, "u1", six...), hold(two, "u2", 0, 0, 0, 0, 0)), []strategy.Come{{Unit: 0, Value: 21, People: 11}}},
		{"nobody", strategy.SumOfUnits, nil, nil},
	} {
		got, err := ofPeople(c.over).Together(two, c.held)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Over random trees and values: what is told of one unit less what is told of all told units directly
// below it is of nobody or of at least the minimum, and tells of none of them.
func TestNoDifferenceOfToldUnitsTellsOfFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var above []int
		for n := range rapid.IntRange(0, 12).Draw(t, "units") {
			above = append(above, rapid.IntRange(0, n).Draw(t, "up"))
		}
		s := forest(t, above...)
		var held []strategy.Held
		for u := range s.Units {
			held = append(held, hold(s, s.Units[u].ID, rapid.SliceOfN(rapid.SampledFrom([]float64{-50, 0, 0, 0, 1, 2, 3, 1000}), 0, 12).Draw(t, "values")...)...)
		}
		told, err := ofPeople(strategy.SumOfUnits).Together(s, held)
		if err != nil {
			t.Fatal(err)
		}
		in := func(u int, h strategy.Held) bool { return h.Unit >= u && h.Unit < u+s.Units[u].Size }
		for _, c := range told {
			var sum float64
			people := 0
			var rest, signed []float64
			for _, h := range held {
				if !in(c.Unit, h) {
					continue
				}
				sum, people = sum+h.Value, people+1
				if !slices.ContainsFunc(told, func(d strategy.Come) bool {
					return d.Unit != c.Unit && in(c.Unit, strategy.Held{Unit: d.Unit}) && in(d.Unit, h)
				}) {
					rest, signed = append(rest, math.Abs(h.Value)), append(signed, h.Value)
				}
			}
			if c.Value != sum || c.People != people {
				t.Fatalf("%s comes to %g of %d, told are %g of %d", s.Units[c.Unit].Name, sum, people, c.Value, c.People)
			}
			if len(rest) == 0 {
				continue
			}
			slices.Sort(rest)
			hidden := 0.0
			for _, v := range rest[:max(len(rest)-2, 0)] {
				hidden += v
			}
			if len(rest) < 5 || slices.Min(signed) == slices.Max(signed) || hidden < rest[len(rest)-1]/10 {
				t.Fatalf("%s leaves %v", s.Units[c.Unit].Name, rest)
			}
		}
	})
}

func TestWhatPeopleComeToIsPublishedWhenThePeriodIsOver(t *testing.T) {
	units := strategy.Indicator{Name: "Revenue", OverUnits: strategy.SumOfUnits, Grain: period.Monthly}
	for _, c := range []struct {
		i    strategy.Indicator
		of   period.Period
		kind fault.Kind
		want string
	}{
		{ofPeople(strategy.SumOfUnits), "2026-03", "", ""},
		{ofPeople(strategy.SumOfUnits), "2026-04", fault.Invalid, "2026-04 is not over yet: what people come to is published once, afterwards"},
		{ofPeople(strategy.SumOfUnits), "2026-Q1", fault.Invalid, "Calls is measured in periods such as 2026-04, and 2026-Q1 is none"},
		{ofPeople(strategy.NotOfUnits), "2026-03", fault.Conflict, "the values of Calls do not come together: each person has an own one"},
		{units, "2026-03", fault.Conflict, "Revenue has values of units: there is nothing to be published"},
	} {
		err := c.i.CheckPublishing(c.of, "2026-04-15")
		if err == nil && c.want != "" || err != nil && (fault.KindOf(err) != c.kind || err.Error() != c.want) {
			t.Errorf("%s of %s: %v", c.of, c.i.Name, err)
		}
	}
}
