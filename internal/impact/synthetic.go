package impact

import (
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"throughline/internal/kit/fault"
)

// Synthetic is the estimate for one or a few units by synthetic difference-in-differences
// (D. Arkhangelsky, S. Athey, D. A. Hirshberg, G. W. Imbens, S. Wager, American Economic
// Review 2021; groups with different starts by values from the start on, D. Clarke and
// others 2023): the controls are weighted so that before the start they run alongside,
// and the periods before so that they foretell those after.
type Synthetic struct {
	Effect   Figure  // SE from the placebos; NaN where there are too few controls
	P        float64 // share of placebos, with the estimate itself, at least as far from 0
	Smallest float64 // that P can be: 1/(placebos + 1)
	Placebos int     // in which as many controls are taken for treated
	Groups   []SyntheticGroup
	Treated  int
	Controls int
	Remarks  []fault.Remark
}

// SyntheticGroup is the estimate for the units with one start.
type SyntheticGroup struct {
	Start   int
	ATT     float64
	Treated []float64 // T: their mean outcome
	Control []float64 // T: the weighted mean of the controls, moved to their level before
	Donors  []Donor   // controls with a weight, the heaviest first
	Before  []float64 // weights of the periods before the start
}

// Donor is a control with its weight.
type Donor struct {
	Unit   int
	Weight float64
}

// SyntheticEffect estimates by synthetic difference-in-differences. Controls are the units that
// never start; where there are none, those that start last, before they do.
//
// Mistakes: missing values, too few controls or periods.
func SyntheticEffect(p *Panel, o Options) (*Synthetic, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	s, remarks, err := newSynthesis(p, o.Anticipation)
	if err != nil {
		return nil, err
	}
	out := &Synthetic{Remarks: remarks, Controls: len(s.never)}
	starts := make([]int, 0, len(s.some))
	for _, i := range s.some {
		starts = append(starts, p.Start[i])
	}
	out.Treated = len(starts)
	out.Groups, out.Effect.ATT = s.estimate(s.some, starts, s.never, true)
	return out, s.placebos(out, starts, o)
}

// synthesis is an estimate under way.
type synthesis struct {
	p            *Panel
	width        int // periods in use
	some, never  []int
	anticipation int
}

func newSynthesis(p *Panel, anticipation int) (*synthesis, []fault.Remark, error) {
	var remarks []fault.Remark
	s := &synthesis{p: p, width: len(p.Periods), anticipation: anticipation}
	if p.Weight != nil || p.Cluster != nil {
		remarks = append(remarks, fault.Remarkf("Weights and clusters do not count in synthetic difference-in-differences."))
	}
	order, groups, early := p.cohorts()
	last := groups[len(groups)-1]
	s.some, s.never = order[:last.hi], order[last.hi:]
	if len(s.never) == 0 {
		if len(groups) == 1 {
			return nil, nil, fault.Invalidf("all units start in %s: none is left to compare with; an interrupted time series (its) fits", p.Periods[last.start])
		}
		s.some, s.never, s.width = order[:last.lo], order[last.lo:], last.start
		remarks = append(remarks, fault.Remarkf("No unit never starts: those that start last, in %s, serve for comparison until then.", p.Periods[last.start]))
	}
	short := 0
	for short < len(s.some) && p.Start[s.some[short]]-anticipation < 2 {
		short++
	}
	if short == len(s.some) {
		return nil, nil, fault.Invalidf("no unit has two periods before its start: synthetic difference-in-differences needs at least two, better ten")
	}
	if s.some = s.some[short:]; short > 0 {
		remarks = append(remarks, fault.Remarkf("Units left out because they have only one period before their start: %d.", short))
	}
	if early > 0 {
		remarks = append(remarks, fault.Remarkf("Units left out because they start in the first period or before it: %d. Nothing is known of them before.", early))
	}
	if len(s.never) < 2 {
		return nil, nil, fault.Invalidf("there is only one unit to compare with: an interrupted time series (its) fits")
	}
	for _, i := range append(slices.Clone(s.some), s.never...) {
		for t, v := range p.row(i)[:s.width] {
			if math.IsNaN(v) {
				return nil, nil, fault.Invalidf("%s has no value in %s: synthetic difference-in-differences needs every value; fill it in, leave the unit out, or use group-time effects (cs)", p.Units[i], p.Periods[t])
			}
		}
	}
	return s, remarks, nil
}

// estimate is the effect in treated units with the given starts, each group against the
// same controls, weighted by values from the start on.
func (s *synthesis) estimate(treated, starts, controls []int, whole bool) (groups []SyntheticGroup, effect float64) {
	all := 0.0
	for lo := 0; lo < len(treated); {
		hi := lo
		for hi < len(treated) && starts[hi] == starts[lo] {
			hi++
		}
		g := s.group(treated[lo:hi], starts[lo], controls, whole)
		weight := float64((hi - lo) * (s.width - starts[lo]))
		effect += weight * g.ATT
		all += weight
		groups = append(groups, g)
		lo = hi
	}
	return groups, effect / all
}

func (s *synthesis) group(treated []int, start int, controls []int, whole bool) SyntheticGroup {
	rows := make([][]float64, len(controls))
	for c, i := range controls {
		rows[c] = s.p.row(i)[:s.width]
	}
	mean := make([]float64, s.width)
	for _, i := range treated {
		for t, v := range s.p.row(i)[:s.width] {
			mean[t] += v / float64(len(treated))
		}
	}
	past := start - s.anticipation // periods before it are what is known of the time before
	noise := spread(rows, past)
	after := make([]float64, len(rows))
	for c, row := range rows {
		after[c] = sum(row[start:]) / float64(s.width-start)
	}
	before := weigh(len(rows), past, func(c, t int) float64 { return rows[c][t] }, after, 1e-6*noise, noise)
	zeta := math.Pow(float64(len(treated)*(s.width-start)), 0.25) * noise
	donors := weigh(past, len(rows), func(t, c int) float64 { return rows[c][t] }, mean[:past], zeta, noise)
	g := SyntheticGroup{Start: start, Treated: mean, Before: before}
	g.Control = make([]float64, s.width)
	for c, row := range rows {
		for t, v := range row {
			g.Control[t] += donors[c] * v
		}
	}
	level := dot(before, mean[:past]) - dot(before, g.Control[:past])
	for t := range g.Control {
		g.Control[t] += level
	}
	g.ATT = (sum(mean[start:]) - sum(g.Control[start:])) / float64(s.width-start)
	if whole {
		for c, w := range donors {
			if w > 0 {
				g.Donors = append(g.Donors, Donor{controls[c], w})
			}
		}
		slices.SortStableFunc(g.Donors, func(a, b Donor) int { return cmp.Compare(b.Weight, a.Weight) })
	}
	return g
}

// spread is the standard deviation of the controls' changes before the start.
func spread(rows [][]float64, start int) float64 {
	n, mean, square := 0.0, 0.0, 0.0
	for _, row := range rows {
		for t := 1; t < start; t++ {
			d := row[t] - row[t-1]
			n++
			from := d - mean
			mean += from / n
			square += from * (d - mean)
		}
	}
	if n < 2 {
		return 0
	}
	return math.Sqrt(square / (n - 1))
}

// weigh finds weights, none below 0 and 1 together, of columns whose sum comes nearest to
// target, but for a constant: the least of the mean squared distance and zeta^2 times the
// squared weights. It steps towards one column at a time (Frank and Wolfe), drops the
// light ones after a hundred steps, and goes on, as the authors' program does.
func weigh(rows, columns int, value func(row, column int) float64, target []float64, zeta, noise float64) []float64 {
	a, b := make([]float64, columns*rows), make([]float64, rows) // a: column by column
	center := func(v []float64) {
		m := sum(v) / float64(len(v))
		for i := range v {
			v[i] -= m
		}
	}
	for c := range columns {
		for r := range rows {
			a[c*rows+r] = value(r, c)
		}
		center(a[c*rows : (c+1)*rows])
	}
	copy(b, target)
	center(b)
	w := make([]float64, columns)
	for c := range w {
		w[c] = 1 / float64(columns)
	}
	f := &frankWolfe{a: a, b: b, rows: rows, eta: float64(rows) * zeta * zeta, least: 1e-10 * noise * noise}
	w = f.descend(w, 100)
	heaviest, left := slices.Max(w), 0.0
	for c := range w {
		if w[c] <= heaviest/4 {
			w[c] = 0
		}
		left += w[c]
	}
	for c := range w {
		w[c] /= left
	}
	return f.descend(w, 10000)
}

type frankWolfe struct {
	a, b       []float64
	rows       int
	eta, least float64
}

func (f *frankWolfe) descend(w []float64, most int) []float64 {
	fit := make([]float64, f.rows) // a w - b
	for r := range fit {
		fit[r] = -f.b[r]
	}
	for c, v := range w {
		for r, x := range f.a[c*f.rows : (c+1)*f.rows] {
			fit[r] += v * x
		}
	}
	size := dot(w, w)
	last := math.Inf(1)
	for range most {
		// Towards the column in which the distance falls fastest.
		best, lowest, along := 0, math.Inf(1), 0.0
		for c, v := range w {
			g := dot(f.a[c*f.rows:(c+1)*f.rows], fit) + f.eta*v
			if g < lowest {
				best, lowest = c, g
			}
			along += g * v
		}
		column := f.a[best*f.rows : (best+1)*f.rows]
		change := 0.0
		for r, x := range column {
			d := x - (fit[r] + f.b[r])
			change += d * d
		}
		curve := change + f.eta*(size-2*w[best]+1)
		if curve == 0 {
			break
		}
		step := min(1, max(0, (along-lowest)/curve))
		for c := range w {
			w[c] *= 1 - step
		}
		w[best] += step
		size = dot(w, w)
		for r, x := range column {
			fit[r] += step * (x - (fit[r] + f.b[r]))
		}
		now := (f.eta*size + dot(fit, fit)) / float64(f.rows)
		if last-now <= f.least {
			break
		}
		last = now
	}
	return w
}

// usualPlacebos are made where more are possible.
const usualPlacebos = 200

// placebos take controls for treated: every choice of them once where there are no more than are asked
// for, else as many at random.
func (s *synthesis) placebos(out *Synthetic, starts []int, o Options) error {
	out.Effect.SE, out.P, out.Smallest = math.NaN(), math.NaN(), math.NaN()
	if len(s.never) < len(starts)+2 {
		out.Remarks = append(out.Remarks, fault.Remarkf("There are %d units to compare with and %d that start: too few for placebos, so how sure the estimate is cannot be told.", len(s.never), len(starts)))
		return nil
	}
	n := usualPlacebos
	if o.Draws > 0 {
		n = o.Draws
	}
	dealt := make([]int, len(s.never)) // a start for each control
	for k := range dealt {
		if dealt[k] = Never; k < len(starts) {
			dealt[k] = starts[k]
		}
	}
	one := make([]int, len(dealt))
	possible := assignments(dealt, one)
	all := possible.Cmp(big.NewInt(int64(n))) <= 0
	if all {
		n = int(possible.Int64())
	}
	var square float64
	beyond := 1
	look := func() error {
		if err := o.Watch.at(out.Placebos, n); err != nil {
			return err
		}
		out.Placebos++
		effect := s.placebo(dealt)
		square += effect * effect
		if math.Abs(effect) >= math.Abs(out.Effect.ATT) {
			beyond++
		}
		return nil
	}
	var err error
	if all {
		err = everyAssignment(dealt, one, look)
	} else {
		rng := rand.New(rand.NewPCG(o.Seed, 0x51ace))
		for range n {
			deal(rng, dealt, one)
			if err = look(); err != nil {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	out.Effect.SE = math.Sqrt(square / float64(n))
	out.P, out.Smallest = float64(beyond)/float64(n+1), 1/float64(n+1)
	if out.Smallest > 0.05 {
		out.Remarks = append(out.Remarks, fault.Remarkf("With %d placebos no p below %.2f is possible.", n, out.Smallest))
	}
	return nil
}

// placebo is the effect in controls that are taken for treated, those with a start in dealt.
func (s *synthesis) placebo(dealt []int) float64 {
	var treated, starts, controls []int
	order := make([]int, len(dealt))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(dealt[a], dealt[b]) })
	for _, k := range order {
		if dealt[k] == Never {
			controls = append(controls, s.never[k])
		} else {
			treated, starts = append(treated, s.never[k]), append(starts, dealt[k])
		}
	}
	_, effect := s.estimate(treated, starts, controls, false)
	return effect
}
