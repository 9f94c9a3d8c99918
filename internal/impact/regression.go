package impact

import (
	"math"

	"throughline/internal/kit/fault"
)

// TwoWay is what a plain regression of the outcome on having started, with effects of
// units and periods, says. Where starts are staggered and effects grow it compares units
// with others that have started before: it is an explanation, not an estimate.
type TwoWay struct {
	Coefficient float64
	SE          float64 // within clusters: G/(G-1) (N-1)/(N-K), K counting the coefficient alone
	SEAll       float64 // and with K counting all effects of units and periods too
	K           int     // of SEAll
	Values      int     // N
	Clusters    int     // G

	// Weights of the effects of all cells from a start on in the coefficient, which add up
	// to 1 (C. de Chaisemartin, X. D'Haultfoeuille, American Economic Review 2020).
	Weights  []CellWeight
	Negative float64 // share of the cells whose weight is below 0
	Below    float64 // sum of the weights below 0

	// Comparisons of two groups of which the coefficient is the weighted mean (A.
	// Goodman-Bacon, Journal of Econometrics 2021); nil where values are missing or
	// weighted.
	Comparisons []Comparison
	Remarks     []fault.Remark
}

// CellWeight is how much the effect in a group and period counts.
type CellWeight struct {
	Group, Time int
	Weight      float64
}

// Comparison is a difference in differences of two groups, by their starts.
type Comparison struct {
	Kind             string // see Kinds of comparisons
	Treated, Control int
	Weight, Estimate float64
}

// Kinds of comparisons.
const (
	WithNever   = "treated v. never"
	WithLater   = "earlier v. later"
	WithEarlier = "later v. earlier"  // forbidden: the control has started
	WithAlways  = "treated v. always" // forbidden: the control had always started
)

// TwoWayEffects fits the regression.
func TwoWayEffects(p *Panel, o Options) (*TwoWay, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	width := len(p.Periods)
	used, started := make([]bool, len(p.Outcome)), make([]float64, len(p.Outcome))
	out := &TwoWay{}
	for at, v := range p.Outcome {
		if used[at] = !math.IsNaN(v); used[at] {
			out.Values++
		}
		if at%width >= p.Start[at/width] {
			started[at] = 1
		}
	}
	e, err := newEffects(p, used)
	if err != nil {
		return nil, err
	}
	d, y := e.residuals(started), e.residuals(p.Outcome)
	var dd, dy float64
	for at := range d {
		w := p.weight(at / width)
		dd += w * d[at] * d[at]
		dy += w * d[at] * y[at]
	}
	if dd < 1e-9*float64(out.Values) {
		return nil, errAtOnce()
	}
	out.Coefficient = dy / dd
	out.errors(p, e, d, y, dd)
	out.weigh(p, used, d)
	out.compare(p, dd)
	return out, nil
}

func (out *TwoWay) errors(p *Panel, e *effects, d, y []float64, dd float64) {
	of, clusters := p.cluster()
	width, sums, seen := len(p.Periods), make([]float64, clusters), make([]bool, clusters)
	for at := range d {
		i := at / width
		sums[of[i]] += p.weight(i) * d[at] * (y[at] - out.Coefficient*d[at])
		seen[of[i]] = seen[of[i]] || e.used[at]
	}
	meat := 0.0
	for c, s := range sums {
		meat += s * s
		if seen[c] {
			out.Clusters++
		}
	}
	g, n := float64(out.Clusters), float64(out.Values)
	units := 0
	for _, some := range e.n {
		if some > 0 {
			units++
		}
	}
	out.K = 1 + units + e.size
	out.SE = math.Sqrt(meat*g/(g-1)) / dd
	out.SEAll = math.Sqrt(meat*g/(g-1)*(n-1)/(n-float64(out.K))) / dd
}

func (out *TwoWay) weigh(p *Panel, used []bool, d []float64) {
	width := len(p.Periods)
	sums, total := map[[2]int]float64{}, 0.0
	for at := range d {
		i, t := at/width, at%width
		if s := p.Start[i]; used[at] && t >= s {
			w := p.weight(i) * d[at]
			sums[[2]int{s, t}] += w
			total += w
		}
	}
	for _, key := range sortedCells(sums) {
		w := sums[key] / total
		out.Weights = append(out.Weights, CellWeight{key[0], key[1], w})
		if w < 0 {
			out.Negative += 1 / float64(len(sums))
			out.Below += w
		}
	}
}

// compare is the decomposition of Goodman-Bacon: equations 7 to 10 of the paper.
func (out *TwoWay) compare(p *Panel, dd float64) {
	if p.Weight != nil || p.missing() > 0 {
		out.Remarks = append(out.Remarks, fault.Remarkf("The comparisons behind the coefficient are told only where no value is missing and all units count alike."))
		return
	}
	groups := p.byStart()
	n, periods := float64(len(p.Units)), float64(len(p.Periods))
	variance := dd / (n * periods)
	for a, k := range groups {
		for _, l := range groups[a+1:] {
			out.pair(k, l, n, variance)
		}
	}
}

// group is the mean outcome of the units with one start, by period.
type group struct {
	start int
	units float64
	mean  []float64
	share float64 // of periods from the start on
}

// byStart lists the groups by start; those of the first period or before are one, and
// those that never start another.
func (p *Panel) byStart() (all []*group) {
	width := len(p.Periods)
	by := map[int]*group{}
	for i, s := range p.Start {
		s = min(max(s, 0), width)
		g := by[s]
		if g == nil {
			g = &group{start: s, mean: make([]float64, width), share: float64(width-s) / float64(width)}
			by[s] = g
		}
		g.units++
		for t, v := range p.row(i) {
			g.mean[t] += v
		}
	}
	for s := range width + 1 {
		if g := by[s]; g != nil {
			for t := range g.mean {
				g.mean[t] /= g.units
			}
			all = append(all, g)
		}
	}
	return all
}

// pair adds the comparisons of group k with l, which starts later.
func (out *TwoWay) pair(k, l *group, n, variance float64) {
	width := len(k.mean)
	both := (k.units + l.units) / n
	part := k.units / (k.units + l.units)
	split := both * both * part * (1 - part) / variance
	add := func(kind string, treated, control *group, weight float64, from, at, to int) {
		if weight > 0 {
			estimate := treated.change(from, at, to) - control.change(from, at, to)
			out.Comparisons = append(out.Comparisons, Comparison{kind, treated.start, control.start, weight, estimate})
		}
	}
	switch never, always := l.start == width, k.start == 0; {
	case never && always:
		return // neither changes
	case never:
		add(WithNever, k, l, split*k.share*(1-k.share), 0, k.start, width)
	case always:
		add(WithAlways, l, k, split*l.share*(1-l.share), 0, l.start, width)
	default:
		add(WithLater, k, l, split*(k.share-l.share)*(1-k.share), 0, k.start, l.start)
		add(WithEarlier, l, k, split*l.share*(k.share-l.share), k.start, l.start, width)
	}
}

// change is the mean of the periods [at, to) less that of [from, at).
func (g *group) change(from, at, to int) float64 {
	return sum(g.mean[at:to])/float64(to-at) - sum(g.mean[from:at])/float64(at-from)
}

func errAtOnce() error {
	return fault.Invalidf("having started follows from unit and period alone: all start at once; an interrupted time series (its) fits")
}
