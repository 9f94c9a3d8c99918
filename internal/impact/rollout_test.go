package impact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

func TestALotIsFairInEveryStratumAndInAll(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var strata []string
		for s := range 1 + rng.IntN(9) {
			for range 1 + rng.IntN(20) {
				strata = append(strata, fmt.Sprint("region ", s))
			}
		}
		r := RollOut{Groups: 1 + rng.IntN(4), Rest: true, Seed: seed}
		count := map[string][]int{"": make([]int, r.slots())}
		group := r.Draw(strata)
		for i, g := range group {
			if g == -1 {
				g = r.Groups
			}
			if count[strata[i]] == nil {
				count[strata[i]] = make([]int, r.slots())
			}
			count[strata[i]][g]++
			count[""][g]++
		}
		for s, n := range count {
			if slices.Max(n)-slices.Min(n) > 1 {
				t.Fatalf("seed %d, %q: %v", seed, s, n)
			}
		}
		if !slices.Equal(group, r.Draw(strata)) {
			t.Fatal("the same seed deals differently")
		}
	}
}

// Each unit comes into each group equally often.
func TestALotPrefersNobody(t *testing.T) {
	strata := []string{"a", "a", "a", "a", "b", "b", "b", "c"}
	var count [8][4]int
	const lots = 4000
	for seed := range uint64(lots) {
		r := RollOut{Groups: 4, Seed: seed}
		for i, g := range r.Draw(strata) {
			count[i][g]++
		}
	}
	for i, groups := range count {
		for g, n := range groups {
			if n < lots/4-140 || n > lots/4+140 { // five standard deviations
				t.Errorf("unit %d was in group %d in %d of %d lots", i, g, n, lots)
			}
		}
	}
}

func TestARollOutForeseesWhatItCouldTell(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	i := strategy.Indicator{Name: "satisfaction", Grain: period.Monthly}
	var subjects []Subject
	var strata []string
	for u := range 60 {
		one := Subject{Name: fmt.Sprint(u)}
		level := 70 + 5*rng.NormFloat64()
		for m := range 24 {
			one.Values = append(one.Values, strategy.Mark{Number: period.Period("2024-01").Number() + m, Sum: level + 2*rng.NormFloat64(), Units: 1})
		}
		subjects, strata = append(subjects, one), append(strata, "x")
	}
	r := RollOut{Groups: 3, First: "2026-01-05", Every: 3, Rest: true, Until: 6, Seed: 3}
	if err := r.Check(len(subjects)); err != nil {
		t.Fatal(err)
	}
	f, err := r.Foresee(i, "2024-01", subjects, r.Draw(strata), nil)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(f.Noise.SD-2) > 0.15 || math.Abs(f.Noise.Corr) > 0.1 || math.Abs(f.Mean-70) > 3 || f.Before != 24 || f.Periods != 36 {
		t.Errorf("%+v", f)
	}
	// About 2.8 standard errors, of a standard error of about 2 sqrt(2/15).
	if f.Detectable < 1 || f.Detectable > 2.6 || f.Coverage < 0.9 {
		t.Errorf("%+v", f)
	}
	if told := f.Powers[3]; math.Abs(told.Told-0.8) > 0.01 || told.Effect != f.Detectable {
		t.Errorf("%+v", f.Powers)
	}
}

func TestARollOutThatCannotBe(t *testing.T) {
	good := RollOut{Groups: 3, First: "2026-01-05", Every: 3, Until: 6}
	for name, change := range map[string]func(*RollOut){
		"no day":      func(r *RollOut) { r.First = "" },
		"none":        func(r *RollOut) { r.Groups = 0 },
		"all at once": func(r *RollOut) { r.Groups = 1 },
		"too many":    func(r *RollOut) { r.Groups = 20 },
		"never":       func(r *RollOut) { r.Every = 0 },
		"no end":      func(r *RollOut) { r.Until = 0 },
	} {
		r := good
		change(&r)
		if r.Check(12) == nil {
			t.Errorf("%s: no mistake", name)
		}
	}
}
