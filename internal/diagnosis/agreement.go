package diagnosis

import (
	"slices"

	"throughline/internal/kit/stat"
)

// Agreement tells, for one grouping, how far the people of a group agree with each
// other and groups differ. What does not apply is nil.
type Agreement struct {
	ID         string   `json:"factor"`      // or outcome
	Groups     int      `json:"groups"`      // with somebody in them
	ICC1       *float64 `json:"icc1"`        // share of the variance that lies between groups
	ICC2       *float64 `json:"icc2"`        // reliability of a group's mean
	RwgJ       *Spread  `json:"rwgj"`        // against evenly spread answers; nil for a single item
	RwgJSkewed *Spread  `json:"rwgj_skewed"` // against answers that lean slightly to one side
}

// Spread is how a coefficient lies over the groups that have it.
type Spread struct {
	Groups int     `json:"groups"`
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
}

// Agreements returns the agreement in each factor and then in each outcome, over
// all groups of a tally. The groups must not overlap. A group of one has no
// agreement of its own, but counts in the ICCs.
func (in *Instrument) Agreements(t *Tally) []Agreement {
	var all []Agreement
	for f := range in.Factors {
		ft := &t.factors[f]
		groups := make([]stat.Sums, t.Cells())
		for g := range groups {
			n, sum, square := ft.totals(g)
			groups[g] = stat.Sums{N: float64(n), Sum: sum, Square: square}
		}
		one := withICC(in.Factors[f].ID, groups)
		if from, to := in.Span(f); to-from > 1 {
			points := in.FactorScale(f).Points()
			one.RwgJ = t.rwgJ(from, to, stat.UniformVariance(points))
			one.RwgJSkewed = t.rwgJ(from, to, stat.SkewedVariance(points))
		}
		all = append(all, one)
	}
	for i, it := range in.Items() {
		if it.Factor >= 0 {
			continue
		}
		groups := make([]stat.Sums, t.Cells())
		for g := range groups {
			n, sum, square := t.items[i].totals(g)
			groups[g] = stat.Sums{N: float64(n), Sum: float64(sum), Square: float64(square)}
		}
		all = append(all, withICC(it.ID, groups))
	}
	return all
}

func withICC(id string, groups []stat.Sums) Agreement {
	a := Agreement{ID: id}
	for _, g := range groups {
		if g.N > 0 {
			a.Groups++
		}
	}
	if icc1, icc2, ok := stat.ICC(groups); ok {
		a.ICC1, a.ICC2 = &icc1, &icc2
	}
	return a
}

// rwgJ returns the agreement over items [from, to) in the groups in which some item has two answers.
func (t *Tally) rwgJ(from, to int, without float64) *Spread {
	var each []float64
	for g := range t.Cells() {
		var variances []float64
		for i := from; i < to; i++ {
			if n, sum, square := t.items[i].totals(g); n > 1 {
				variances = append(variances, covariance(n, sum, sum, square))
			}
		}
		if r, ok := stat.RwgJ(variances, without); ok {
			each = append(each, r)
		}
	}
	if len(each) == 0 {
		return nil
	}
	slices.Sort(each)
	s := &Spread{Groups: len(each), Min: each[0], Median: (each[(len(each)-1)/2] + each[len(each)/2]) / 2}
	for _, r := range each {
		s.Mean += r / float64(len(each))
	}
	return s
}
