package impact

import (
	"math"

	"throughline/internal/kit/fault"
)

// Method is a way to estimate.
type Method string

const (
	GroupTime    Method = "cs"         // Callaway and Sant'Anna: ATT
	ByImputation Method = "imputation" // Borusyak, Jaravel and Spiess: Imputation
	Regression   Method = "twfe"       // two-way fixed effects: TwoWayEffects, as an explanation
	AgainstMade  Method = "sdid"       // synthetic difference-in-differences: SyntheticEffect
	OfSeries     Method = "its"        // interrupted time series: Interrupted
)

// Question is what is asked of a panel.
type Question struct {
	Method  Method
	Options Options
	Series  SeriesOptions // of an interrupted time series; its Offset is laid out as the panel's outcome
	Checks  bool          // try what would overturn the estimate
	Lots    int           // of group-time effects: deal the starts, which were drawn by lot, out again so often; 0: not
}

// Answer is what a method says; the parts of other methods are nil.
type Answer struct {
	Question  Question
	Panel     *Panel
	Staggered *Staggered
	Checks    []Check
	Honest    *Honest   // with the checks, where the panel allows it
	Permuted  *Permuted // where lots are drawn again
	Imputed   *Imputed
	TwoWay    *TwoWay
	Wild      *Wild // beside TwoWay where there are few clusters
	Synthetic *Synthetic
	Series    []Interruption // the stated impact first, then the others
	Held      *float64       // how often intervals held in simulations of few units
	Critical  float64        // by how many errors they would have had to reach; 0 where nothing was simulated
	Remarks   []fault.Remark
}

// Interruption is an interrupted time series by one impact.
type Interruption struct {
	Impact Impact
	*Series
	Values []float64 // T
	Start  int
}

// simulated is how many panels stand in for one of fewer clusters than enough; how often its intervals
// held is remarked where that is not nearly as often as they say.
const (
	simulated = 1000
	enough    = 100
	nearly    = 0.02
)

// Answer estimates by the method that is asked for.
func (q Question) Answer(p *Panel) (*Answer, error) {
	a := &Answer{Question: q, Panel: p}
	var err error
	switch q.Method {
	case ByImputation:
		if a.Imputed, err = Imputation(p, q.Options); err == nil {
			a.Remarks = a.Imputed.Remarks
		}
	case Regression:
		err = a.regression()
	case AgainstMade:
		if a.Synthetic, err = SyntheticEffect(p, q.Options); err == nil {
			a.Remarks = a.Synthetic.Remarks
		}
	case OfSeries:
		err = a.series()
	default:
		err = a.groupTime()
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Answer) groupTime() error {
	var err error
	if a.Staggered, err = ATT(a.Panel, a.Question.Options); err != nil {
		return err
	}
	a.Remarks = a.Staggered.Remarks
	if s := a.Staggered; s.Clusters < enough || min(s.starting, s.waiting) < fewest {
		if err := a.hold(); err != nil {
			return err
		}
	}
	if a.Question.Lots > 0 {
		o := a.Question.Options
		o.Draws = a.Question.Lots
		if a.Permuted, err = Permute(a.Panel, o, nil); err != nil {
			return err
		}
	}
	if !a.Question.Checks {
		return nil
	}
	if a.Honest, _, err = HonestBounds(a.Panel, a.Question.Options, 0); err != nil {
		return err
	}
	a.Checks, err = Overturn(a.Panel, a.Question.Options, a.Staggered)
	return err
}

// hold measures how often intervals hold for few units.
func (a *Answer) hold() error {
	noise, ok := NoiseOf(a.Panel, a.Question.Options.Anticipation)
	if !ok {
		return nil
	}
	s, err := Simulate(a.Panel, a.Question.Options, noise, simulated)
	if err != nil {
		return err
	}
	held := s.Coverage(a.Question.Options.Confidence())
	a.Held, a.Critical = &held, s.Critical(a.Question.Options.Confidence())
	if s := a.Staggered; s.Clusters >= few && min(s.starting, s.waiting) >= fewest && held > a.Question.Options.Confidence()-nearly {
		return nil
	}
	a.Remarks = append(a.Remarks, fault.Remarkf("In %d simulations of these units, with noise like theirs, the interval held %.0f of 100 times instead of %.0f.", simulated, 100*held, 100*a.Question.Options.Confidence()))
	return nil
}

func (a *Answer) regression() error {
	if a.Question.Options.Anticipation > 0 {
		return fault.Invalidf("a two-way regression knows no anticipation: group-time effects (cs) do")
	}
	var err error
	if a.TwoWay, err = TwoWayEffects(a.Panel, a.Question.Options); err != nil {
		return err
	}
	add := func(r fault.Remark) { a.Remarks = append(a.Remarks, r) }
	if forbidden := a.TwoWay.forbidden(); forbidden > 0 {
		add(fault.Remarkf("This is an explanation, not an estimate: %.0f %% of the coefficient compares units with others that have started before them. Group-time effects (cs) do not.", 100*forbidden))
	}
	if a.TwoWay.Below < 0 {
		add(fault.Remarkf("%.0f %% of the cells have a weight below 0, together %.3f: where effects differ the coefficient can have another sign than all of them.", 100*a.TwoWay.Negative, a.TwoWay.Below))
	}
	a.Remarks = append(a.Remarks, a.TwoWay.Remarks...)
	if a.TwoWay.Clusters >= fewForNormal {
		return nil
	}
	if a.Wild, err = WildBootstrap(a.Panel, a.Question.Options); err != nil {
		return err
	}
	if a.Wild.Treated < fewTreated || a.Wild.Clusters-a.Wild.Treated < fewTreated {
		add(fault.Remarkf("Of %d clusters %d are treated: the wild bootstrap fails where either kind is so few; use synthetic difference-in-differences (sdid).", a.Wild.Clusters, a.Wild.Treated))
	}
	return nil
}

// Under these numbers of clusters, and treated ones, errors within clusters, and the wild
// bootstrap, are not to be trusted.
const fewForNormal, fewTreated = 42, 4

// forbidden is the weight of comparisons with units that have started.
func (t *TwoWay) forbidden() (weight float64) {
	for _, c := range t.Comparisons {
		if c.Kind == WithEarlier || c.Kind == WithAlways {
			weight += c.Weight
		}
	}
	return weight
}

// series is the mean, of counts the sum, of the units that start.
func (a *Answer) series() error {
	p, o := a.Panel, a.Question.Series
	values, offset, start, left, err := p.together(o)
	if err != nil {
		return err
	}
	for t := max(start-a.Question.Options.Anticipation, 0); t < start; t++ {
		values[t] = math.NaN()
	}
	if o.Impact == "" {
		o.Impact = LevelSlope
	}
	o.Level, o.Offset = a.Question.Options.Confidence(), offset
	impacts := []Impact{o.Impact}
	for _, other := range Impacts {
		if other != o.Impact {
			impacts = append(impacts, other)
		}
	}
	for _, impact := range impacts {
		o.Impact = impact
		s, err := Interrupted(values, start, o)
		if err != nil {
			if len(a.Series) == 0 {
				return err
			}
			continue
		}
		a.Series = append(a.Series, Interruption{impact, s, values, start})
	}
	a.Remarks = a.Series[0].Remarks
	if left > 0 {
		a.Remarks = append(a.Remarks, fault.Remarkf("Units left out of the series because they lack values that others have: %d.", left))
	}
	a.Remarks = append(a.Remarks, fault.Remarkf("Nobody is compared with: whatever else changed in %s is part of this effect.", p.Periods[start]))
	return nil
}

// together is one series of the units that start, which must be in one period. Of several units those
// count that have every value that any has: who comes or goes is no effect.
func (p *Panel) together(o SeriesOptions) (values, offset []float64, start, left int, err error) {
	start = Never
	var units []int
	for i, s := range p.Start {
		if s >= len(p.Periods) {
			continue
		}
		if start != Never && s != start {
			return nil, nil, 0, 0, fault.Invalidf("units start in several periods (%s, %s, perhaps others): group-time effects (cs) fit", p.label(start), p.label(s))
		}
		start = s
		units = append(units, i)
	}
	if len(units) == 0 {
		return nil, nil, 0, 0, fault.Invalidf("no unit starts within the periods of the panel")
	}
	started := len(units)
	if units = p.complete(units); len(units) == 0 {
		return nil, nil, 0, 0, fault.Invalidf("no unit that starts has a value in every period: fill the gaps, or leave periods out")
	}
	start, left = max(start, 0), started-len(units)
	values = make([]float64, len(p.Periods))
	if o.Offset != nil {
		offset = make([]float64, len(p.Periods))
	}
	for t := range values {
		weight := 0.0
		for _, i := range units {
			v, w := p.row(i)[t], p.weight(i)
			if math.IsNaN(v) {
				continue
			}
			if o.Counts {
				w = 1
			}
			values[t] += w * v
			weight += w
			if offset != nil {
				offset[t] += o.Offset[i*len(p.Periods)+t]
			}
		}
		switch {
		case weight == 0:
			values[t] = math.NaN()
		case !o.Counts:
			values[t] /= weight
		}
	}
	return values, offset, start, left, nil
}

// complete are those units that have a value in every period in which any of them has one.
func (p *Panel) complete(units []int) (all []int) {
	any := make([]bool, len(p.Periods))
	for _, i := range units {
		for t, v := range p.row(i) {
			any[t] = any[t] || !math.IsNaN(v)
		}
	}
	for _, i := range units {
		lacks := false
		for t, v := range p.row(i) {
			lacks = lacks || any[t] && math.IsNaN(v)
		}
		if !lacks {
			all = append(all, i)
		}
	}
	return all
}

func (p *Panel) label(t int) string {
	if t < 0 || t >= len(p.Periods) {
		return "–"
	}
	return p.Periods[t]
}

// Check reports choices that cannot be.
func (q Question) Check() error {
	switch o := q.Options; {
	case o.Anticipation < 0 || o.Anticipation > 100:
		return fault.Invalidf("the periods of anticipation are 0 to 100, not %d", o.Anticipation)
	case !(o.Confidence() > 0.5 && o.Confidence() < 1):
		return fault.Invalidf("the confidence lies between 0.5 and 1, as 0.95 does, and is not %g", o.Level)
	case o.Draws < 0 || o.Draws > 100_000:
		return fault.Invalidf("draws are 0 to 100,000, not %d", o.Draws)
	case q.Lots < 0 || q.Lots > 100_000:
		return fault.Invalidf("draws are 0 to 100,000, not %d", q.Lots)
	case q.Series.Season < 0 || q.Series.Season > 366:
		return fault.Invalidf("a year has 0 to 366 periods, not %d", q.Series.Season)
	}
	return nil
}
