package impact

import (
	"cmp"
	"math"
	"slices"

	"throughline/internal/kit/stat"
)

// Check is something that would overturn an estimate, and what came of it.
type Check struct {
	Kind      CheckKind
	Figure            // of the check; of those that leave something out the one nearest to 0
	Low, High float64 // its interval; of those that leave units out the range of the estimates
	N         int     // periods that the start was moved; parts left out, each once; assignments
	At        int     // position of the starting group that was left out
	P         float64 // of the check's own test; NaN where it has none
	Verdict   Verdict
}

// CheckKind is which.
type CheckKind string

const (
	PlaceboDate   CheckKind = "placebo-date"    // every unit as if it had started earlier
	LeaveUnit     CheckKind = "leave-unit"      // without one unit, or cluster
	LeaveGroup    CheckKind = "leave-group"     // without one starting group
	OtherMethod   CheckKind = "other-method"    // by imputation
	HonestBound   CheckKind = "honest-bounds"   // when trends drift apart as much as before
	BeforeStart   CheckKind = "pre-trend"       // Wald test
	PlaceboOther  CheckKind = "placebo-outcome" // an outcome that should not move
	WithoutOthers CheckKind = "without-others"  // values after another initiative's start left out
)

// Verdict is what a check says of the estimate.
type Verdict string

const (
	Passed Verdict = "pass"
	Look   Verdict = "look" // it weakens the estimate
	Failed Verdict = "fail" // it speaks against it
)

// Told says whether an interval is wholly above or below 0.
func Told(low, high float64) bool { return low > 0 || high < 0 }

// Overturn tries what would overturn an estimate of the panel: a pretended date, units and
// groups left out, another method, trends that drift apart, and the test before the start.
// A check that the panel does not allow is not there.
func Overturn(p *Panel, o Options, s *Staggered) ([]Check, error) {
	watch := o.Watch
	o.Draws, o.Watch = 0, nil
	var checks []Check
	steps := []func() (Check, bool, error){
		func() (Check, bool, error) { return s.beforeStart() },
		func() (Check, bool, error) { return placeboDate(p, o) },
		func() (Check, bool, error) { return s.leaveUnits(p, o) },
		func() (Check, bool, error) { return s.leaveGroups(p, o) },
		func() (Check, bool, error) { return s.otherMethod(p, o) },
		func() (Check, bool, error) { return honestCheck(p, o) },
	}
	for k, step := range steps {
		if err := watch.at(k, len(steps)); err != nil {
			return nil, err
		}
		c, ok, err := step()
		if err != nil {
			return nil, err
		}
		if ok {
			checks = append(checks, c)
		}
	}
	ofNothing(checks)
	return checks, nil
}

// unsound is below which p a test of what should be nothing speaks against the estimate.
const unsound = 0.05

// ofNothing judges the tests of what should be nothing, of which there are several: one fails
// where that is so allowing for all of them (Holm), and is looked at where it is by itself.
func ofNothing(checks []Check) {
	var ps []float64
	var at []int
	for n, c := range checks {
		if c.Kind == BeforeStart || c.Kind == PlaceboDate || c.Kind == PlaceboOther {
			ps, at = append(ps, c.P), append(at, n)
		}
	}
	for n, adjusted := range stat.FamilyWise(ps) {
		switch c := &checks[at[n]]; {
		case adjusted < unsound:
			c.Verdict = Failed
		case c.P < unsound:
			c.Verdict = Look
		default:
			c.Verdict = Passed
		}
	}
}

func (s *Staggered) beforeStart() (Check, bool, error) {
	if s.Pretrend == nil {
		return Check{}, false, nil
	}
	return Check{Kind: BeforeStart, Figure: Figure{math.NaN(), math.NaN()}, Low: math.NaN(), High: math.NaN(), N: s.Pretrend.DF, P: s.Pretrend.Sound}, true, nil
}

// placeboDate moves all starts back by half of what most units have before theirs.
func placeboDate(p *Panel, o Options) (Check, bool, error) {
	some, _ := p.started()
	before := make([]int, len(some))
	for k, i := range some {
		before[k] = p.Start[i]
	}
	slices.Sort(before)
	c := Check{Kind: PlaceboDate, N: max(1, before[len(before)/2]/2)}
	var err error
	c.Figure, err = simpleEffect(p.earlier(c.N, o.Anticipation).least(o), o)
	if err != nil || math.IsNaN(c.SE) {
		return c, false, nil // too little is known before the starts
	}
	c.Low, c.High = c.Interval(o.Confidence())
	c.P = c.Figure.P()
	return c, true, nil
}

// looked is how many units or clusters of the greatest influence, each way, and groups of
// the greatest pull are left out.
const looked = 15

// leaveUnits leaves out one cluster at a time: of many those that pull most.
func (s *Staggered) leaveUnits(p *Panel, o Options) (Check, bool, error) {
	of, clusters := p.cluster()
	order := make([]int, clusters)
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.simple[a], s.simple[b]) })
	if len(order) > 2*looked {
		order = append(order[:looked:looked], order[len(order)-looked:]...)
	}
	c := Check{Kind: LeaveUnit, N: s.Clusters, P: math.NaN(), Low: s.Simple.ATT, High: s.Simple.ATT, Verdict: Passed}
	tried := 0
	for _, left := range order {
		f, err := simpleEffect(p.without(func(i int) bool { return of[i] == left }), o)
		if err != nil {
			continue // nothing is left to compare without it
		}
		c.Low, c.High = min(c.Low, f.ATT), max(c.High, f.ATT)
		if tried++; tried == 1 || math.Abs(f.ATT) < math.Abs(c.ATT) {
			c.Figure = f
		}
		if s.turned(f) {
			c.Verdict = Look
		}
	}
	return c, tried > 1, nil
}

func (s *Staggered) leaveGroups(p *Panel, o Options) (Check, bool, error) {
	c, tried := Check{Kind: LeaveGroup, N: len(s.Group.Points), P: math.NaN(), Verdict: Passed}, 0
	pull := func(g Point) float64 { return float64(g.Units) * math.Abs(g.ATT-s.Simple.ATT) }
	groups := slices.SortedStableFunc(slices.Values(s.Group.Points), func(a, b Point) int { return cmp.Compare(pull(b), pull(a)) })
	for _, g := range groups[:min(looked, len(groups))] {
		f, err := simpleEffect(p.without(func(i int) bool { return p.Start[i] == g.At }).least(o), o)
		if err != nil {
			continue
		}
		if tried++; tried == 1 || math.Abs(f.ATT) < math.Abs(c.ATT) {
			c.Figure, c.At = f, g.At
			c.Low, c.High = f.Interval(s.Level)
		}
		if s.turned(f) {
			c.Verdict = Look
		}
	}
	return c, tried > 1, nil
}

// turned says whether another estimate no longer tells what the simple effect does: that it is not 0,
// or on which side of it.
func (s *Staggered) turned(f Figure) bool {
	low, high := s.Simple.Interval(s.Level)
	if !Told(low, high) {
		return false
	}
	l, h := f.Interval(s.Level)
	return !Told(l, h) || f.ATT > 0 != (s.Simple.ATT > 0)
}

// otherMethod passes where imputation lies in the interval and is told from 0 alike.
func (s *Staggered) otherMethod(p *Panel, o Options) (Check, bool, error) {
	m, err := imputed(p, o)
	if err != nil {
		return Check{}, false, nil
	}
	c := Check{Kind: OtherMethod, Figure: m.Overall, P: m.Overall.P(), N: m.Values, Verdict: Passed}
	c.Low, c.High = c.Interval(s.Level)
	low, high := s.Simple.Interval(s.Level)
	if c.ATT < low || c.ATT > high || Told(low, high) != Told(c.Low, c.High) {
		c.Verdict = Look
	}
	return c, true, nil
}

// asBefore is the M at which trends may drift apart as much as they ever did before.
const asBefore = 1

func honestCheck(p *Panel, o Options) (Check, bool, error) {
	h, ok, err := HonestBounds(p, o, 0)
	if err != nil || !ok {
		return Check{}, false, nil
	}
	c := Check{Kind: HonestBound, Figure: h.Estimate, P: math.NaN(), N: h.Periods, Verdict: Passed}
	for _, b := range h.Bounds {
		if b.M == asBefore {
			c.Low, c.High = b.Low, b.High
		}
	}
	if low, high := h.Estimate.Interval(o.Confidence()); Told(low, high) && !Told(c.Low, c.High) {
		c.Verdict = Look
	}
	return c, true, nil
}

// earlier is the panel as if every unit had started so many periods before it did, and
// nothing were known from the real start, or what anticipates it, on: an effect in it is one of
// nothing.
func (p *Panel) earlier(back, anticipation int) *Panel {
	q := *p
	q.Start, q.Outcome = slices.Clone(p.Start), slices.Clone(p.Outcome)
	for i, s := range p.Start {
		if s >= len(p.Periods) {
			continue
		}
		q.Start[i] = s - back
		row := q.row(i)
		for t := max(s-anticipation, 0); t < len(row); t++ {
			row[t] = math.NaN()
		}
	}
	return &q
}

// least is the panel less what would tell of fewer people than is allowed.
func (p *Panel) least(o Options) *Panel {
	if o.Least > 0 {
		p, _ = p.withhold(o.Least, o)
	}
	return p
}

// without is the panel less some units.
func (p *Panel) without(out func(i int) bool) *Panel {
	q := &Panel{Periods: p.Periods}
	for _, c := range p.Covariates {
		q.Covariates = append(q.Covariates, Covariate{Name: c.Name})
	}
	for i := range p.Units {
		if out(i) {
			continue
		}
		q.Units, q.Start = append(q.Units, p.Units[i]), append(q.Start, p.Start[i])
		q.Outcome = append(q.Outcome, p.row(i)...)
		if p.Weight != nil {
			q.Weight = append(q.Weight, p.Weight[i])
		}
		if p.Cluster != nil {
			q.Cluster = append(q.Cluster, p.Cluster[i])
		}
		for c := range p.Covariates {
			q.Covariates[c].Values = append(q.Covariates[c].Values, p.Covariates[c].Values[i])
		}
	}
	return q
}
