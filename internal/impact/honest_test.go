package impact

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestHonestBoundsWidenAndBreakDown(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 8)), 10, []int{60, 60}, []int{6, Never}, 1.5)
	got, ok, err := HonestBounds(p, Options{}, 0)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	plain, err := ATT(p, Options{Base: Universal})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "estimate", got.Estimate.ATT, plain.Dynamic.Overall.ATT, 9)
	near(t, "error", got.Estimate.SE, plain.Dynamic.Overall.SE, 9)
	low, high := got.Estimate.Interval(0.95)
	for _, b := range got.Bounds {
		if b.Low >= low || b.High <= high {
			t.Errorf("at %v: %v to %v", b.M, b.Low, b.High)
		}
		low, high = b.Low, b.High
	}
	if got.Breakdown <= 0 || math.IsInf(got.Breakdown, 0) {
		t.Fatalf("breakdown %v", got.Breakdown)
	}
	for _, b := range got.Bounds {
		if holds := b.Low > 0 || b.High < 0; holds != (b.M < got.Breakdown) {
			t.Errorf("at %v: %v to %v, but the breakdown is %v", b.M, b.Low, b.High, got.Breakdown)
		}
	}
}

// Where treated and controls drift apart steadily, the plain interval misses the truth, 0,
// and the one that allows for as much drift as before holds it.
func TestHonestBoundsHoldUnderDrift(t *testing.T) {
	const runs = 100
	var plain, honest int
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 9)), 8, []int{50, 50}, []int{5, Never}, 0)
		for i := range p.Units {
			if p.Start[i] != Never {
				for t := range p.Periods {
					p.row(i)[t] += 0.3 * float64(t)
				}
			}
		}
		got, ok, err := HonestBounds(p, Options{}, 1)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if l, h := got.Estimate.Interval(0.95); l <= 0 && 0 <= h {
			plain++
		}
		if b := got.Bounds[3]; b.M != 1 {
			t.Fatal(b)
		} else if b.Low <= 0 && 0 <= b.High {
			honest++
		}
	}
	if honest < 93 || plain > 80 {
		t.Errorf("of %d intervals %d hold, and %d plain ones", runs, honest, plain)
	}
}
