package impact

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Honest is how far an effect holds when treated and controls may drift apart after the
// start as they did before: by at most M times the largest change of the difference from
// one period to the next that was seen before (the relative magnitudes of A. Rambachan, J.
// Roth, A more credible approach to parallel trends, Review of Economic Studies 2023).
//
// The intervals are the union, over the places and signs that the largest change may have,
// of intervals for the bounds that follow from it: they hold at least as often as they
// say, and are wider than the authors' conditional ones, which need no such union.
type Honest struct {
	Estimate Figure // mean of the effects by periods since the start, up to Periods
	Periods  int
	Largest  float64 // change from one period to the next seen before the start
	Bounds   []Bound
	// Breakdown is the M from which on the interval holds 0; 0 where it does without any
	// drift, +Inf where it never does up to the largest M that was tried.
	Breakdown float64
}

// Bound is the interval for one M.
type Bound struct{ M, Low, High float64 }

// Bounds are told for these; the breakdown is sought up to mostDrift.
var magnitudes = []float64{0.25, 0.5, 0.75, 1, 1.5, 2}

const mostDrift = 10

// HonestBounds bounds the mean effect of the first periods from the start on (0: of all).
// False when there are not two changes before the start to measure drift by.
func HonestBounds(p *Panel, o Options, periods int) (*Honest, bool, error) {
	o.Base, o.Draws, o.untested = Universal, 0, true
	s, err := ATT(p, o)
	if err != nil {
		return nil, false, err
	}
	h, ok := s.honest(o.Anticipation, periods)
	return h, ok, nil
}

// honest reads the event study by a universal base.
func (s *Staggered) honest(anticipation, periods int) (*Honest, bool) {
	at := map[int]int{}
	for i, point := range s.Dynamic.Points {
		at[point.At] = i
	}
	h := &honesty{s: s, n: s.Dynamic.Points}
	mean := make([]float64, len(h.n))
	out := &Honest{}
	for e := 0; periods == 0 || e < periods; e++ {
		i, ok := at[e]
		if !ok {
			break
		}
		mean[i] = 1
		out.Periods++
	}
	if out.Periods == 0 { // nothing was observed at the start
		return nil, false
	}
	floats.Scale(1/float64(out.Periods), mean)
	out.Estimate = h.figure(mean)
	for e := -anticipation - 1; ; e-- {
		i, ok := at[e]
		j, before := at[e-1]
		if !ok || !before {
			break
		}
		change := make([]float64, len(h.n))
		change[i], change[j] = 1, -1
		h.changes = append(h.changes, change)
		out.Largest = max(out.Largest, math.Abs(h.figure(change).ATT))
	}
	if len(h.changes) < 2 {
		return nil, false
	}
	// After k periods the difference has drifted by at most k steps; the mean over the
	// first n by (n+1)/2, and by the steps of anticipation.
	h.mean, h.reach = mean, float64(out.Periods+1)/2+float64(anticipation)
	for _, m := range magnitudes {
		low, high := h.bound(m)
		out.Bounds = append(out.Bounds, Bound{m, low, high})
	}
	out.Breakdown = h.breakdown()
	return out, true
}

type honesty struct {
	s       *Staggered
	n       []Point
	mean    []float64 // weights of the points in the effect
	changes [][]float64
	reach   float64
}

// figure is a sum of the points with weights.
func (h *honesty) figure(weights []float64) Figure {
	f := Figure{}
	psi := make([]float64, len(h.s.simple))
	for i, w := range weights {
		if w != 0 {
			f.ATT += w * h.n[i].ATT
			floats.AddScaled(psi, w, h.s.events[i])
		}
	}
	f.SE = math.Sqrt(dot(psi, psi)) / float64(h.s.units)
	return f
}

func (h *honesty) bound(m float64) (low, high float64) {
	z := normalQuantile(h.s.Level)
	low, high = math.Inf(1), math.Inf(-1)
	weights := make([]float64, len(h.mean))
	for _, change := range h.changes {
		for _, sign := range []float64{-1, 1} {
			floats.AddScaledTo(weights, h.mean, sign*m*h.reach, change)
			f := h.figure(weights)
			low, high = min(low, f.ATT-z*f.SE), max(high, f.ATT+z*f.SE)
		}
	}
	return low, high
}

func (h *honesty) breakdown() float64 {
	holds := func(m float64) bool { l, u := h.bound(m); return l > 0 || u < 0 }
	if !holds(0) {
		return 0
	}
	if holds(mostDrift) {
		return math.Inf(1)
	}
	low, high := 0.0, float64(mostDrift)
	for range 40 {
		if middle := (low + high) / 2; holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
