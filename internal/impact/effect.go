package impact

import (
	"math"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// Effect is a question about what was done and an indicator, and how it is to be answered: it
// is written down before anybody looks.
type Effect struct {
	ID        string
	Cause     string // id of an initiative, or of a dated change of the learning function
	Indicator string // id: the outcome
	Plan
	Written Writing   // the first time
	Changed []Writing // of the plan since, the oldest first
}

// Writing is when somebody wrote a plan down, or another one in its place.
type Writing struct {
	At  int64 // microseconds since 1970, UTC
	By  string
	Was *Plan // what stood there before; nil for the first
}

// Plan is what is fixed before data are looked at.
type Plan struct {
	Scope        string        // id of the unit under which units are compared
	First, Last  period.Period // of the indicator that count; Last "" for as many as there are
	Method       Method
	Controls     Controls
	Anticipation int              // periods before a start in which it may already work, or by which the order was chosen
	Chosen       [2]period.Period // first and last of the periods by which the order was chosen: no value in them counts; "" for none
	Together     Cluster          // what varies together
	Worth        float64          // the smallest change that matters, above 0; 0 where nobody has said
	Impact       Impact           // of an interrupted time series
	Season       bool             // of an interrupted time series
	Seed         uint64           // of all chance in the estimate
	Placebo      string           // id of an indicator that should not move; "" for none
	Percent      bool             `json:",omitempty"` // effects are changes in per cent, not in the indicator's measure
	Expected     string           // what is expected to come, in words
}

// Cluster says which units vary together.
type Cluster string

const (
	EachUnit  Cluster = "unit"
	UnitAbove Cluster = "above" // all units directly under one
)

// Clusters lists them.
var Clusters = []Cluster{EachUnit, UnitAbove}

// Methods lists those that a plan can choose. A regression is no estimate.
var Methods = []Method{GroupTime, AgainstMade, OfSeries}

const mostWords = 2000

// Check brings a plan for an indicator into order and reports what it lacks.
func (p *Plan) Check(i strategy.Indicator) error {
	p.Expected = strings.TrimSpace(p.Expected)
	if p.Controls == "" {
		p.Controls = NotYet
	}
	if p.Together == "" {
		p.Together = EachUnit
	}
	if p.Impact == "" {
		p.Impact = LevelSlope
	}
	switch {
	case i.OfPeople() && i.OverUnits == strategy.NotOfUnits:
		return fault.Fieldf("indicator", "the values of %s do not come together: each person has an own one", i.Name)
	case i.OfPeople() && p.Method != GroupTime:
		return fault.Fieldf("method", "of people, effects are estimated where some start after others: choose group-time effects")
	case p.Scope == "":
		return fault.Fieldf("scope", "choose the unit under which units are compared")
	case !slices.Contains(Methods, p.Method):
		return fault.Fieldf("method", "choose how it is estimated")
	case p.Percent && i.OfPeople():
		return fault.Fieldf("percent", "of people a change is told in the indicator's measure, not in per cent")
	case p.Percent && p.Method != GroupTime:
		return fault.Fieldf("percent", "a change in per cent is estimated only where units start one after the other")
	case p.Controls != NotYet && p.Controls != NeverTreated:
		return fault.Fieldf("controls", "choose whom they are compared with")
	case !slices.Contains(Clusters, p.Together):
		return fault.Fieldf("together", "choose what varies together")
	case !slices.Contains(Impacts, p.Impact):
		return fault.Fieldf("impact", "choose how the start is expected to show")
	case p.Anticipation < 0 || p.Anticipation > 36:
		return fault.Fieldf("anticipation", "the periods before a start that do not count as before are 0 to 36")
	case !(p.Worth >= 0) || p.Worth > 1e12:
		return fault.Fieldf("worth", "the smallest change that matters is a number above 0, or empty")
	case len(p.Expected) > mostWords:
		return fault.Fieldf("expected", "say in at most %d bytes what is expected", mostWords)
	case (p.Chosen[0] == "") != (p.Chosen[1] == "") || p.Chosen[0] > p.Chosen[1]:
		return fault.Fieldf("chosen", "say the first and the last of the periods by which the order was chosen, or neither")
	case p.Chosen[0] != "" && (p.Chosen[0].Grain() != i.Grain || p.Chosen[1].Grain() != i.Grain):
		return fault.Fieldf("chosen", "the periods by which the order was chosen are such as those of the indicator")
	case p.First == "" || p.First.Grain() != i.Grain:
		return fault.Fieldf("first", "choose from which period on the indicator counts")
	case p.Last != "" && (p.Last.Grain() != i.Grain || p.Last <= p.First):
		return fault.Fieldf("last", "the last period comes after the first, or is left open")
	}
	return nil
}

// Question is what is asked of the panel.
func (p Plan) Question(draws int) Question {
	return Question{
		Method:  p.Method,
		Options: Options{Controls: p.Controls, Anticipation: p.Anticipation, Draws: draws, Seed: p.Seed},
		Series:  SeriesOptions{Impact: p.Impact},
		Checks:  true,
	}
}

// Fresh says whether a plan was written before the first start, so that nobody could have
// known what came.
func (e Effect) Fresh(first period.Day, zone string) bool {
	last := e.Written.At
	for _, w := range e.Changed {
		last = max(last, w.At)
	}
	return first == "" || period.DayOf(period.Moment(last, zone)) < first
}

// Grade is how far an estimate is to be trusted, in the order in which it is printed.
type Grade string

const (
	A Grade = "A" // the order was drawn by lot
	B Grade = "B" // staggered starts with controls and a sound past
	C Grade = "C" // an interrupted time series
	D Grade = "D" // what people estimate
	E Grade = "E" // association only
)

// Grades lists them, the most trusted first.
var Grades = []Grade{A, B, C, D, E}

// Finding is what an estimate comes to.
type Finding string

const (
	Works      Finding = "works"
	Harms      Finding = "harms"
	NoEffect   Finding = "none"        // no effect that matters
	CannotTell Finding = "cannot-tell" // both nothing and something that matters fit
)

// grade is that of an answer by how the order of the starts was decided.
func (a *Answer) grade(order effort.Order) Grade {
	sound := true
	for _, c := range a.Checks {
		if c.Verdict == Failed {
			sound = false
		}
	}
	switch {
	case a.Staggered != nil && order == effort.ByLot:
		return A
	case a.Staggered != nil && sound && a.Staggered.Pretrend != nil:
		return B
	case a.Synthetic != nil && a.Synthetic.Smallest <= unsound && a.before() >= soundBefore:
		return B
	case len(a.Series) > 0:
		return C
	}
	return E
}

// soundBefore is how many periods before the first start make a synthetic control's past.
const soundBefore = 8

func (a *Answer) before() int {
	least := Never
	for _, g := range a.Synthetic.Groups {
		least = min(least, g.Start)
	}
	return least
}

// Headline is the figure that an answer is told by, with its interval.
type Headline struct {
	Figure
	Low, High float64
}

// Headline is the simple effect, that of synthetic units, or that of the series by the
// impact that was stated. Of few units its interval reaches as far as simulations say.
func (a *Answer) Headline() Headline {
	level := a.Question.Options.Confidence()
	var f Figure
	switch {
	case a.Staggered != nil:
		f = a.Staggered.Simple
	case a.Synthetic != nil:
		f = a.Synthetic.Effect
	case a.Imputed != nil:
		f = a.Imputed.Overall
	case len(a.Series) > 0:
		low, high := a.Series[0].Interval()
		return Headline{a.Series[0].Effect, low, high}
	}
	low, high := f.Interval(level)
	if s := a.Synthetic; s != nil && !(s.P <= 1-level) && Told(low, high) {
		// The placebos do not tell it from 0, so the normal distribution shall not.
		far := max(math.Abs(f.ATT), high-f.ATT)
		low, high = f.ATT-far, f.ATT+far
	}
	if a.Critical > 0 {
		far := max(a.Critical, normalQuantile(level)) * f.SE
		low, high = f.ATT-far, f.ATT+far
	}
	return Headline{f, low, high}
}

// finding reads a headline: an effect told from 0 by an estimate of grade A to C; none, where
// everything that fits is smaller than what matters; else nobody can tell.
func (h Headline) finding(grade Grade, better strategy.Direction, worth float64) Finding {
	up := better != strategy.Lower
	switch {
	case grade > C || !(h.Low <= h.High): // NaN
		return CannotTell
	case worth > 0 && -worth < h.Low && h.High < worth:
		return NoEffect
	case h.Low > 0 == up && Told(h.Low, h.High):
		return Works
	case Told(h.Low, h.High):
		return Harms
	}
	return CannotTell
}
