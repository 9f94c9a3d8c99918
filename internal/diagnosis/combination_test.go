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
			if !under(parent, unit[p], combinations[k].Unit) {
				t.Fatalf("a person of unit %d counts at %d, which does not lie above it", unit[p], combinations[k].Unit)
			}
			for a, v := range combinations[k].Values {
				if v != NotKept && v != values[p][a] {
					t.Fatalf("a person with %v counts as %v", values[p], combinations[k].Values)
				}
			}
		}
		slices.Reverse(unit)
		slices.Reverse(values)
		again, _, _ := Combine(parent, unit, values, 5)
		if diff := cmp.Diff(combinations, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func under(parent []int32, unit, above int32) bool {
	for ; unit >= 0; unit = parent[unit] {
		if unit == above {
			return true
		}
	}
	return false
}
