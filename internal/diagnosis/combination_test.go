package diagnosis

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The tree of the tests: 0 above 1 and 2; 1 above 3 and 4.
var fiveUnits = []int32{-1, 0, 0, 1, 1}

func combine(minimum int, people ...[3]int) ([]Combination, Cost) {
	var unit []int32
	var values [][]int16
	for _, p := range people { // unit, level, how many
		for range p[2] {
			unit = append(unit, int32(p[0]))
			values = append(values, []int16{int16(p[1])})
		}
	}
	combinations, _, cost := Combine(fiveUnits, unit, values, minimum)
	return combinations, cost
}

func TestARareCombinationMovesToTheLowestUnitWhereItIsCommon(t *testing.T) {
	got, cost := combine(5, [3]int{3, 0, 7}, [3]int{3, 1, 2}, [3]int{4, 0, 6}, [3]int{4, 1, 3}, [3]int{2, 1, 5})
	want := []Combination{
		{Unit: 1, Values: []int16{1}, Invited: 5}, // the two and the three meet one level up
		{Unit: 2, Values: []int16{1}, Invited: 5},
		{Unit: 3, Values: []int16{0}, Invited: 7},
		{Unit: 4, Values: []int16{0}, Invited: 6},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := (Cost{People: 23, Moved: 5}); cost != want {
		t.Errorf("cost %+v, want %+v", cost, want)
	}
}

func TestAnAttributeIsDroppedOnlyAtTheTop(t *testing.T) {
	got, cost := combine(5, [3]int{3, 0, 5}, [3]int{3, 1, 3}, [3]int{2, 2, 3})
	want := []Combination{
		{Unit: 0, Values: []int16{NotKept}, Invited: 6},
		{Unit: 3, Values: []int16{0}, Invited: 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := (Cost{People: 11, Moved: 6, Dropped: 6}); cost != want {
		t.Errorf("cost %+v, want %+v", cost, want)
	}
}

func TestTheLastFewTakeInTheSmallestNearTheTop(t *testing.T) {
	got, _ := combine(5, [3]int{2, 0, 6}, [3]int{1, 0, 9}, [3]int{3, 1, 2})
	want := []Combination{
		{Unit: 0, Values: []int16{NotKept}, Invited: 8},
		{Unit: 1, Values: []int16{0}, Invited: 9},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALaterPersonWhomNobodyResemblesHasNoCombination(t *testing.T) {
	l := Layout{Units: []LayoutUnit{{Parent: -1}, {Parent: 0}}, Combinations: []Combination{{0, []int16{1, NotKept}, 6}, {1, []int16{0, 0}, 9}}}
	for _, c := range []struct {
		unit   int32
		values []int16
		want   int32
		ok     bool
	}{
		{1, []int16{0, 0}, 1, true},
		{1, []int16{1, 0}, 0, true},
		{1, []int16{0, 1}, 0, false},       // as an employee of another country
		{0, []int16{0, 0}, 0, false},       // above the unit
		{1, []int16{NotKept, 0}, 0, false}, // of a level that nobody had
	} {
		if got, ok := l.Home(c.unit, c.values); got != c.want || ok != c.ok {
			t.Errorf("unit %d, %v: combination %d, %v", c.unit, c.values, got, ok)
		}
	}
}

func TestNoCombinationIsRareAndTheOrderOfPeopleDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parent := []int32{-1}
		for u := 1; u < rapid.IntRange(1, 12).Draw(t, "units"); u++ {
			parent = append(parent, int32(rapid.IntRange(0, u-1).Draw(t, "parent")))
		}
		n := rapid.IntRange(0, 80).Draw(t, "people")
		unit, values := make([]int32, n), make([][]int16, n)
		for p := range n {
			unit[p] = int32(rapid.IntRange(0, len(parent)-1).Draw(t, "unit"))
			values[p] = []int16{int16(rapid.IntRange(0, 3).Draw(t, "level")), int16(rapid.IntRange(0, 2).Draw(t, "country"))}
		}
		combinations, of, _ := Combine(parent, unit, values, 5)
		count := make([]int, len(combinations))
		for _, k := range of {
			count[k]++
		}
		for i, k := range combinations {
			if k.Invited != count[i] {
				t.Fatalf("combination %d says %d, %d people have it", i, k.Invited, count[i])
			}
			if k.Invited < min(5, n) {
				t.Fatalf("combination %+v of %d people", k, n)
			}
		}
		for p, k := range of {
			holds(t, combinations[k], parent, unit[p], values[p])
		}
		l := Layout{Combinations: combinations}
		for _, p := range parent {
			l.Units = append(l.Units, LayoutUnit{Parent: p})
		}
		for p, k := range of { // whoever comes later counts where their like do, unless those were taken to the top
			home, ok := l.Home(unit[p], values[p])
			if !ok || home != k && slices.ContainsFunc(combinations[k].Values, func(v int16) bool { return v != NotKept }) {
				t.Fatalf("a later person of unit %d with %v counts at %d (%v), not at %d", unit[p], values[p], home, ok, k)
			}
			holds(t, combinations[home], parent, unit[p], values[p])
		}
		if home, ok := l.Home(0, []int16{NotKept, 0}); ok && (combinations[home].Unit != 0 || combinations[home].Values[0] != NotKept) {
			t.Fatalf("a later person of a level that nobody had counts as %+v", combinations[home])
		}
		slices.Reverse(unit)
		slices.Reverse(values)
		again, _, _ := Combine(parent, unit, values, 5)
		if diff := cmp.Diff(combinations, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// holds checks that a combination says of a person nothing that is not so.
func holds(t *rapid.T, k Combination, parent []int32, unit int32, values []int16) {
	if !under(parent, unit, k.Unit) {
		t.Fatalf("a person of unit %d counts at %d, which does not lie above it", unit, k.Unit)
	}
	for a, v := range k.Values {
		if v != NotKept && v != values[a] {
			t.Fatalf("a person with %v counts as %v", values, k.Values)
		}
	}
}

func under(parent []int32, unit, above int32) bool {
	for ; unit >= 0; unit = parent[unit] {
		if unit == above {
			return true
		}
	}
	return false
}
