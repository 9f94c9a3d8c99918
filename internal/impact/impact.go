// Package impact says what came of what was done: how an indicator moved because of
// learning and other work, how sure that is, what it was worth, and what it rests on.
//
// From the bottom up: a Panel is an indicator over units and periods with the period
// in which each unit started. ATT estimates every starting group in every period and
// adds the estimates up (Callaway, Sant'Anna); Imputation is the second opinion,
// TwoWay an explanation of what a plain regression would have said, Synthetic is for
// one or few units and Series for all at once. Every estimate carries its standard
// error, what it assumes, and remarks on what a reader should know.
//
// It computes only: clock, chance (as a seed) and data are arguments.
package impact

import "math"

// Figure is an estimate with its standard error, both in units of the outcome. SE is
// NaN where nothing is left to vary.
type Figure struct{ ATT, SE float64 }

// Interval is the figure's interval of the given confidence by the normal
// distribution; without a standard error both ends are NaN.
func (f Figure) Interval(level float64) (low, high float64) {
	z := normalQuantile(level)
	return f.ATT - z*f.SE, f.ATT + z*f.SE
}

// P is the two-sided probability of a figure at least as far from 0 when there is no
// effect; NaN without a standard error.
func (f Figure) P() float64 { return math.Erfc(math.Abs(f.ATT/f.SE) / math.Sqrt2) }

// Watch is told how far work has come; what it returns stops the work, which then
// reports that. It may be nil.
type Watch func(done, total int) error

func (w Watch) at(done, total int) error {
	if w == nil {
		return nil
	}
	return w(done, total)
}
