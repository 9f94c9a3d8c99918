package diagnosis

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawWorkforce is any organisation of up to 90 people, not only plausible ones.
func drawWorkforce(t *rapid.T) workforce {
	parent := []int32{-1}
	for u := range int32(rapid.IntRange(0, 7).Draw(t, "units")) {
		parent = append(parent, rapid.Int32Range(0, u).Draw(t, "parent"))
	}
	var staff []member
	for range rapid.IntRange(0, 90).Draw(t, "people") {
		staff = append(staff, member{
			unit:     rapid.Int32Range(0, int32(len(parent)-1)).Draw(t, "unit"),
			value:    [3]int16{rapid.Int16Range(0, 2).Draw(t, "level"), rapid.Int16Range(0, 2).Draw(t, "place"), rapid.Int16Range(0, 1).Draw(t, "gender")},
			answered: rapid.IntRange(0, 9).Draw(t, "answered") > 0,
		})
	}
	return gather(parent, staff)
}

func drawTables(t *rapid.T) []Table {
	return reported[rapid.IntRange(0, len(reported)-1).Draw(t, "tables")].tables
}

func publish(t rapid.TB, w workforce, tables []Table, minimum int, seed uint64) Published {
	p, err := Publish(w.cells, tables, []System{w.answered, w.invited}, []OwnSystem{{w.invited, []int{0}}}, minimum, seed, nil)
	if err != nil || p.UnitsOnly {
		t.Fatal(p.UnitsOnly, err)
	}
	return p
}

func TestShownGroupsAlwaysHaveTheMinimumAndLeakNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, tables := drawWorkforce(t), drawTables(t)
		minimum := rapid.IntRange(2, 6).Draw(t, "minimum")
		p := publish(t, w, tables, minimum, 1)
		groups, members := Groups(w.cells, tables)
		if !slices.Equal(groups, p.Groups) {
			t.Fatal("the published groups are not those of Groups")
		}
		for _, s := range []System{w.answered, w.invited} {
			for g, cells := range members {
				n := 0
				for _, c := range cells {
					n += int(s[c])
				}
				if p.GroupShown(g) && n < minimum {
					t.Fatalf("group %+v of %d is shown", groups[g], n)
				}
			}
			if leak := oracle(s, shownCells(w.cells, tables, p.GroupShown), minimum, 3, newTestRand(1)); leak != nil {
				t.Fatalf("cells %v are given away", leak)
			}
		}
	})
}

func TestMorePeopleNeverMakeAShownSetUnsafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, tables := drawWorkforce(t), drawTables(t)
		p := publish(t, w, tables, 5, 1)
		grown := slices.Clone(w.answered)
		for c, n := range grown {
			if n > 0 { // a cell that nobody was in would be a new unknown
				grown[c] += rapid.Int32Range(0, 3).Draw(t, "more")
			}
		}
		if leaks := Audit(w.cells, tables, []System{grown}, nil, p, 2); leaks != nil {
			t.Fatalf("%v", leaks)
		}
	})
}

func TestOrderOfCellsAndSeedHaveNoInfluence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, tables := drawWorkforce(t), drawTables(t)
		want := publish(t, w, tables, 5, 1)
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1)).Perm(len(w.cells.Unit))
		mixed := workforce{
			Cells{w.cells.Parent, permuted(w.cells.Unit, order), permuted(w.cells.Value, order)},
			permuted(w.invited, order), permuted(w.answered, order),
		}
		if got := publish(t, mixed, tables, 5, rapid.Uint64().Draw(t, "seed")); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}
