package impact

import (
	"math"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/strategy"
)

// Estimated is an answer as it is kept: without the panel, with what it comes to. Of a plan in per cent
// the headline and joint effects are in per cent, the figures of the answer of 100 times the logarithm.
type Estimated struct {
	Answer
	Headline
	Grade     Grade
	Finding   Finding
	Joint     []JointEffect
	All       bool // everything started together with something else
	Periods   []string
	Units     int
	Treated   int
	Groups    int
	Exposure  int // unit-periods since the start
	FirstPast int // periods before the first start
	Values    int
	Missing   int
	Percent   bool // headline and joint effects are in per cent
}

// JointEffect is what an initiative and others that started together with it came to.
type JointEffect struct {
	With   []string
	Units  []string
	Effect Headline
	Known  bool // false where it cannot be estimated
}

// UsualBand is how many draws stand behind the bands of an effect.
const UsualBand = 1999

// Estimate answers an effect's question. What cannot be estimated as planned comes with its
// mistake.
func (s *Study) Estimate(d Data, watch Watch) (*Estimated, error) {
	q := d.Effect.Question(UsualBand)
	if d.Effect.Season {
		q.Series.Season = d.Indicator.Grain.PerYear()
	}
	if d.Indicator.OfPeople() {
		q.Options.Least = d.Indicator.Minimum
	}
	if d.Initiative.Order == effort.ByLot {
		q.Lots = usualDraws
	}
	q.Options.Watch = watch
	a, err := q.Answer(s.Panel)
	if err != nil {
		return nil, err
	}
	if a.Staggered != nil {
		if err := s.more(d, a, q.Options); err != nil {
			return nil, err
		}
	}
	out := &Estimated{Answer: *a, Headline: a.Headline(), All: s.All, Periods: s.Panel.Periods, Units: len(s.Units), Values: len(s.Outcome), Missing: s.missing(), Exposure: s.Exposure(), FirstPast: Never}
	starts := map[int]bool{}
	for _, start := range s.Start {
		if start < len(s.Panel.Periods) {
			out.Treated++
			starts[start] = true
			out.FirstPast = min(out.FirstPast, max(start, 0))
		}
	}
	out.Groups = len(starts)
	out.Grade = a.grade(d.Initiative.Order)
	if out.Percent = d.Effect.Percent; out.Percent {
		out.Headline = out.Headline.inPercent()
	}
	if out.Finding = out.Headline.finding(out.Grade, d.Indicator.Direction, d.Effect.Worth); s.All {
		out.Finding = CannotTell
	}
	if far := normalQuantile(q.Options.Confidence()); a.Critical > 1.1*far {
		out.Remarks = append(out.Remarks, fault.Remarkf("The interval above therefore reaches %.1f errors to each side, as far as those simulations say.", a.Critical))
	}
	if d.Indicator.OfPeople() {
		out.ofPeople(s.Few)
	}
	out.joint(s, q.Options, d.Effect.Percent)
	out.strip()
	return out, nil
}

// more tries what only an organisation's ledgers know of: an outcome that should not move, and
// what others may have done since.
func (s *Study) more(d Data, a *Answer, o Options) error {
	o.Draws, o.Watch = 0, nil
	if s.Placebo != nil {
		if f, err := simpleEffect(s.Placebo, o); err == nil && !math.IsNaN(f.SE) {
			c := Check{Kind: PlaceboOther, Figure: f, P: f.P()}
			c.Low, c.High = f.Interval(o.Confidence())
			a.Checks = append(a.Checks, c)
			ofNothing(a.Checks)
		}
	}
	if s.Alone != nil {
		if f, err := simpleEffect(s.Alone, o); err == nil && !math.IsNaN(f.SE) {
			c := Check{Kind: WithoutOthers, Figure: f, P: f.P(), N: s.Later, Verdict: Passed}
			c.Low, c.High = f.Interval(o.Confidence())
			low, high := a.Staggered.Simple.Interval(o.Confidence())
			if Told(low, high) && !Told(c.Low, c.High) || f.ATT < low || f.ATT > high {
				c.Verdict = Look
			}
			a.Checks = append(a.Checks, c)
		}
	}
	return nil
}

// ofPeople leaves out what one of them alone makes of a figure.
func (e *Estimated) ofPeople(few int) {
	for n := range e.Checks {
		if c := &e.Checks[n]; c.Kind == LeaveUnit {
			c.Figure, c.Low, c.High = Figure{math.NaN(), math.NaN()}, math.NaN(), math.NaN()
		}
	}
	if few > 0 {
		e.Remarks = append(e.Remarks, fault.Remarkf("People left out because fewer than the minimum started when they did, or waited: %d.", few))
	}
}

// joint estimates what started together with something else.
func (e *Estimated) joint(s *Study, o Options, percent bool) {
	o.Draws, o.Watch = 0, nil
	for _, j := range s.Joint {
		one := JointEffect{With: j.With, Units: j.Units}
		if a, err := (Question{Options: o}).Answer(j.Panel); err == nil {
			if one.Effect, one.Known = a.Headline(), true; percent {
				one.Effect = one.Effect.inPercent()
			}
		}
		e.Joint = append(e.Joint, one)
	}
}

// strip leaves out what is not kept: the panel, and what watches.
func (e *Estimated) strip() {
	e.Answer.Panel = nil
	e.Answer.Question.Options.Watch = nil
	e.Answer.Question.Series.Offset = nil
}

// Better says whether a change is for the better.
func Better(change float64, of strategy.Direction) bool {
	return change > 0 == (of != strategy.Lower)
}

// After is how many periods of a series have a value from the start on.
func (e *Estimated) After() int {
	if len(e.Series) == 0 {
		return 0
	}
	return e.Series[0].After
}
