package diagnosis

import (
	"math"
	"slices"
)

// Figure is one score of one group, before anything is withheld. Mean holds from
// one answer on, SD (of the sample, n-1) from two.
type Figure struct {
	N         int // persons for a factor, answers for an item
	Mean      float64
	SD        float64
	Histogram []int32 // per value of the scale, from Min on; items only, and the tally's own. Reversed items are turned round, as in the mean
	Alike     bool    // everybody behind it has the same value: the figure would tell each person's
}

// Item returns the figure of an item, by its place in Instrument.Items.
func (t *Tally) Item(cell, item int) Figure {
	it := &t.items[item]
	n, sum, square := it.totals(cell)
	f := Figure{N: n, Histogram: it.cell(cell)}
	f.Alike = n > 0 && slices.Contains(f.Histogram, int32(n))
	f.moments(it.scale.Min, float64(sum), float64(square))
	return f
}

// cell returns the counts of a cell, one per answer of the scale.
func (it *itemTally) cell(cell int) []int32 {
	return it.counts[cell*int(it.stride):][:it.stride-1]
}

// totals returns the number of answers and the sum and sum of squares of their slots.
func (it *itemTally) totals(cell int) (n int, sum, square int64) {
	for slot, count := range it.cell(cell) {
		s, c := int64(slot), int64(count)
		n += int(c)
		sum += s * c
		square += s * s * c
	}
	return n, sum, square
}

// Factor returns the figure of a factor: over its persons, each with the mean of
// the items that the person answered.
func (t *Tally) Factor(cell, factor int) Figure {
	ft := &t.factors[factor]
	var f Figure
	n, sum, square := ft.totals(cell)
	f.N = n
	f.Alike = n > 0 && ft.alike[cell] != various
	f.moments(ft.scale.Min, sum, square)
	return f
}

// totals returns the number of persons and the sum and the sum of squares of their
// means, counted from the scale's lowest answer.
func (f *factorTally) totals(cell int) (n int, sum, square float64) {
	for i, p := range f.powers[cell*f.items:][:f.items] {
		answered := float64(i + 1)
		n += int(p.n)
		sum += float64(p.sum) / answered
		square += float64(p.square) / (answered * answered)
	}
	return n, sum, square
}

// moments fills in mean and sd of values that were counted from least on.
func (f *Figure) moments(least int, sum, square float64) {
	if f.N == 0 {
		return
	}
	n := float64(f.N)
	f.Mean = float64(least) + sum/n
	if f.N > 1 && !f.Alike {
		f.SD = math.Sqrt(max(0, square-sum*sum/n) / (n - 1))
	}
}

// Overall returns the mean of the factor means; false when a factor has no answer
// in this group, or the factors are not on one scale.
func (t *Tally) Overall(cell int) (float64, bool) {
	sum := 0.0
	for f := range t.factors {
		figure := t.Factor(cell, f)
		if figure.N == 0 || !t.oneScale {
			return 0, false
		}
		sum += figure.Mean
	}
	return sum / float64(len(t.factors)), true
}

// ItemN returns, per cell, how many answers stand behind an item's figure.
func (t *Tally) ItemN(item int) []int32 {
	it := &t.items[item]
	n := make([]int32, t.Cells())
	for c := range n {
		for _, count := range it.cell(c) {
			n[c] += count
		}
	}
	return n
}

// FactorN returns, per cell, how many persons stand behind a factor's figure. With
// min_answered above 0 these are the counted ones, for every factor.
func (t *Tally) FactorN(factor int) []int32 {
	f := &t.factors[factor]
	n := make([]int32, t.Cells())
	for c := range n {
		for _, p := range f.powers[c*f.items:][:f.items] {
			n[c] += int32(p.n)
		}
	}
	return n
}
