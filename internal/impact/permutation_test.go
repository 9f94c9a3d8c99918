package impact

import (
	"math"
	"math/rand/v2"
	"testing"
)

// made is a panel of so many units in groups of the given sizes, which start in the given
// periods; noise is standard normal.
func made(rng *rand.Rand, periods int, sizes, starts []int, effect float64) *Panel {
	p := &Panel{}
	for t := range periods {
		p.Periods = append(p.Periods, string(rune('A'+t)))
	}
	for g, size := range sizes {
		for range size {
			p.Units, p.Start = append(p.Units, "unit"), append(p.Start, starts[g])
			level := rng.NormFloat64()
			for t := range periods {
				v := level + 0.3*float64(t) + rng.NormFloat64()
				if t >= starts[g] {
					v += effect
				}
				p.Outcome = append(p.Outcome, v)
			}
		}
	}
	return p
}

// With six units of which three start there are 20 assignments; the opposite one is as far out, so 5 % is
// out of reach.
func TestSixUnitsHaveTwentyAssignments(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 1)), 6, []int{3, 3}, []int{3, Never}, 50)
	got, err := Permute(p, Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Exact || got.Draws != 20 || math.Abs(got.Smallest-0.1) > 1e-12 {
		t.Errorf("exact %t, %d assignments, smallest %v", got.Exact, got.Draws, got.Smallest)
	}
	// The opposite assignment is as far from 0.
	if math.Abs(got.P-0.1) > 1e-12 {
		t.Errorf("p is %v", got.P)
	}
}

func TestAssignmentsStayWithinTheirStrata(t *testing.T) {
	p := made(rand.New(rand.NewPCG(2, 1)), 5, []int{2, 4}, []int{2, Never}, 50)
	strata := []int{0, 1, 0, 0, 1, 1} // one starts in each
	got, err := Permute(p, Options{}, strata)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Exact || got.Draws != 9 || math.Abs(got.Smallest-1./9) > 1e-12 {
		t.Errorf("exact %t, %d assignments, smallest %v", got.Exact, got.Draws, got.Smallest)
	}
}

func TestPermutationsFindNothingWhereNothingIs(t *testing.T) {
	const runs = 200
	var small int
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 3)), 5, []int{4, 4, 4}, []int{2, 3, Never}, 0)
		got, err := Permute(p, Options{Draws: 99, Seed: seed, Controls: NotYet}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.P <= 0.10 {
			small++
		}
	}
	// 10 % of 200, three standard errors around.
	if small < 7 || small > 33 {
		t.Errorf("%d of %d p values are at most 0.10", small, runs)
	}
}

func TestPermutationsFindWhatIsThere(t *testing.T) {
	p := made(rand.New(rand.NewPCG(4, 3)), 6, []int{8, 8, 8}, []int{2, 4, Never}, 3)
	got, err := Permute(p, Options{Controls: NotYet}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Exact || got.Draws != 999 || got.P > 0.01 || got.Smallest != 0.001 {
		t.Errorf("%+v", got)
	}
}
