package effort_test

import (
	"slices"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/org"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// Tallies are alike where their cells are, and their people.
var alike = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b *roaring.Bitmap) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equals(b)
})}

// drawn is an entry of a small world, as Check leaves it.
func drawn(t *rapid.T) effort.Entry {
	e := entry()
	e.Day = e.Day.Add(rapid.IntRange(0, 60).Draw(t, "day"))
	e.Kind = rapid.SampledFrom(effort.Kinds[:3]).Draw(t, "kind")
	e.Modality = rapid.SampledFrom([]effort.Modality{"", effort.Classroom, effort.Mentoring}).Draw(t, "modality")
	e.External, e.Managed = rapid.Bool().Draw(t, "external"), rapid.SampledFrom(effort.Manageds).Draw(t, "managed")
	unit := rapid.SampledFrom([]string{"", "r", "a", "b", "c", "gone"})
	for range rapid.IntRange(0, 4).Draw(t, "hours") {
		e.Hours = append(e.Hours, effort.Hours{Side: rapid.SampledFrom([]effort.Side{effort.Participant, effort.Staff}).Draw(t, "side"), Unit: unit.Draw(t, "unit"), Person: rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "person"), Minutes: rapid.IntRange(1, 500).Draw(t, "minutes")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "costs") {
		e.Costs = append(e.Costs, effort.Cost{Kind: rapid.SampledFrom(effort.CostKinds).Draw(t, "cost"), Amount: rapid.Int64Range(0, 1000).Draw(t, "amount"), Currency: rapid.SampledFrom([]string{"EUR", "USD"}).Draw(t, "currency")})
	}
	if rapid.Bool().Draw(t, "serves") {
		e.Serves = []effort.Target{{Kind: effort.ForGoal, ID: "g"}, {Kind: effort.ForFocal, ID: "f"}}
	}
	e.Unit = unit.Draw(t, "for")
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return e
}

func number(person string) uint32 { return uint32(person[0]) }

// In whatever order and in whatever groups entries are added, they come to the same; and what is packed
// is read back.
func TestTalliesAddInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(drawn), 1, 8).Draw(t, "entries")
		forward, joined := effort.Tallies{}, effort.Tallies{}
		for _, e := range entries {
			forward.Post(e, number)
		}
		for _, e := range slices.Backward(entries) {
			one := effort.Tallies{}
			one.Post(e, number)
			for at, tally := range one {
				if joined[at] == nil {
					joined[at] = &effort.Tally{}
				}
				joined[at].Add(*tally)
			}
		}
		if diff := cmp.Diff(forward, joined, alike); diff != "" {
			t.Fatal(diff)
		}
		for at, tally := range forward {
			read, err := effort.UnpackTally(tally.Pack())
			if diff := cmp.Diff(*tally, read, alike); err != nil || diff != "" {
				t.Errorf("%+v: %v, %s", at, err, diff)
			}
		}
	})
}

// Every hour and cent is in the whole once, in its unit, and in every unit above that; one that is in no
// tree is in the whole alone. A sum stays as it is when it is added to another.
func TestWhatUnitsHaveClimbs(t *testing.T) {
	root, a := org.Ref{ID: "r"}, org.Ref{ID: "a"}
	units, err := org.NewStructure("2026-04-15", []org.Unit{{ID: "r", Key: "R", Name: "R"}, {ID: "a", Key: "A", Name: "A", Parent: root}, {ID: "b", Key: "B", Name: "B", Parent: a}, {ID: "c", Key: "C", Name: "C", Parent: a}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	below := map[string][]string{"r": {"r", "a", "b", "c"}, "a": {"a", "b", "c"}}
	rapid.Check(t, func(t *rapid.T) {
		all := effort.Tallies{}
		for _, e := range rapid.SliceOfN(rapid.Custom(drawn), 1, 6).Draw(t, "entries") {
			all.Post(e, number)
		}
		before := effort.Tallies{}
		for at, tally := range all {
			copied := effort.Tally{}
			copied.Add(*tally)
			before[at] = &copied
		}
		all.Climb(units)
		want := effort.Tallies{}
		for at, tally := range before {
			want[at] = tally
			headings := []effort.Heading{{Kind: effort.Whole}}
			for _, up := range []string{"r", "a"} {
				if slices.Contains(below[up], at.ID) {
					headings = append(headings, effort.Heading{Kind: effort.TreeOf, ID: up})
				}
			}
			for _, h := range headings {
				to := effort.At{Heading: h, Month: at.Month}
				if at.Kind != effort.OwnOf {
					continue
				}
				if want[to] == nil {
					want[to] = &effort.Tally{}
				}
				want[to].Add(*before[at])
			}
		}
		if diff := cmp.Diff(want, all, alike); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzUnpackTally(f *testing.F) {
	all := effort.Tallies{}
	e := entry()
	e.Modality, e.Managed = effort.Classroom, effort.Centrally
	e.Hours = []effort.Hours{{Side: effort.Participant, Unit: "a", Person: "1", Minutes: 90}, {Side: effort.Staff, Unit: "a", Minutes: 30}}
	e.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: 45000, Currency: "EUR"}}
	if err := e.Check(); err != nil {
		f.Fatal(err)
	}
	all.Post(e, number)
	for _, tally := range all {
		packed := tally.Pack()
		f.Add(packed)
		f.Add(packed[:len(packed)-1])
	}
	f.Add([]byte{})
	f.Add([]byte{1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		tally, err := effort.UnpackTally(in)
		if err != nil {
			return
		}
		again, err := effort.UnpackTally(tally.Pack())
		if diff := cmp.Diff(tally, again, alike); err != nil || diff != "" {
			t.Errorf("%v, %s", err, diff)
		}
	})
}
