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

// Agreements returns the agreement in each factor and then in each outcome, over the
// groups of a tally that are told for it: all of them for nil, else those for which told
// says so of a factor's number, or of an item's number behind those of the factors; rwg(j)
// over those in which every item of the factor is. The groups must not overlap. A group of
// one has no agreement of its own, but counts in the ICCs.
func (in *Instrument) Agreements(t *Tally, told func(measure, group int) bool) []Agreement {
	over := func(measure int) func(g int) bool {
		return func(g int) bool { return told == nil || told(measure, g) }
	}
	var all []Agreement
	for f := range in.Factors {
		ft, counts := &t.factors[f], over(f)
		groups := make([]stat.Sums, t.Cells())
		for g := range groups {
			if n, sum, square := ft.totals(g); counts(g) {
				groups[g] = stat.Sums{N: float64(n), Sum: sum, Square: square}
			}
		}
		one := withICC(in.Factors[f].ID, groups)
		if from, to := in.Span(f); to-from > 1 {
			points := in.FactorScale(f).Points()
			whole := func(g int) bool { // with every item of the factor
				for i := from; i < to; i++ {
					if !over(len(in.Factors) + i)(g) {
						return false
					}
				}
				return counts(g)
			}
			one.RwgJ = t.rwgJ(from, to, stat.UniformVariance(points), whole)
			one.RwgJSkewed = t.rwgJ(from, to, stat.SkewedVariance(points), whole)
		}
		all = append(all, one)
	}
	for i, it := range in.Items() {
		if it.Factor >= 0 {
			continue
		}
		counts := over(len(in.Factors) + i)
		groups := make([]stat.Sums, t.Cells())
		for g := range groups {
			if n, sum, square := t.items[i].totals(g); counts(g) {
				groups[g] = stat.Sums{N: float64(n), Sum: float64(sum), Square: float64(square)}
			}
		}
		all = append(all, withICC(it.ID, groups))
	}
	return all
}

// agreements are those between the lowest units, told over the ones whose standard
// deviation is published and rounded like the figures of units: so they say nothing that
// those do not. Over units that are withheld, an ICC and the standard deviation of the
// whole would together give the means of two of them.
func (r *Report) agreements(in *Instrument, l Layout, t *Tally) []Agreement {
	own := l.Cells().Unit
	above := make([]bool, len(l.Units)) // people stand below it
	for _, u := range own {
		for p := l.Units[u].Parent; p >= 0 && !above[p]; p = l.Units[p].Parent {
			above[p] = true
		}
	}
	group := r.byUnit()
	all := in.Agreements(t.Group(own, len(l.Units)), func(measure, u int) bool {
		return !above[u] && group[u] != nil && group[u].score(measure) != nil && group[u].score(measure).SD != nil
	})
	for i := range all {
		all[i].round()
	}
	return all
}

// score is a group's published score: a factor's, or an item's behind the factors.
func (g *ReportGroup) score(measure int) *Score {
	if i := measure - len(g.Factors); i >= 0 && i < len(g.Items) {
		return g.Items[i]
	}
	if measure < len(g.Factors) {
		return g.Factors[measure]
	}
	return nil
}

func (a *Agreement) round() {
	for _, p := range []*float64{a.ICC1, a.ICC2} {
		if p != nil {
			*p = toHundredths(*p)
		}
	}
	for _, s := range []*Spread{a.RwgJ, a.RwgJSkewed} {
		if s != nil {
			s.Mean, s.Median, s.Min = toHundredths(s.Mean), toHundredths(s.Median), toHundredths(s.Min)
		}
	}
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

// rwgJ returns the agreement over items [from, to) in the groups that count and in which
// some item has two answers.
func (t *Tally) rwgJ(from, to int, without float64, counts func(g int) bool) *Spread {
	var each []float64
	for g := range t.Cells() {
		if !counts(g) {
			continue
		}
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
