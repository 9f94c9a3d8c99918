package strategy

import (
	"math"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Result is what an indicator of a unit came to in a period, as somebody signed it off.
type Result struct {
	Indicator string   `json:"indicator"` // id
	Name      string   `json:"name"`
	Measure   string   `json:"measure"`
	Decimals  int      `json:"decimals"`
	Value     *float64 `json:"value,omitempty"`
	Plan      *float64 `json:"plan,omitempty"`
	Periods   int      `json:"periods"` // that were observed
	Of        int      `json:"of"`      // that the period has
}

// SignOff is that somebody stands for the results of a unit in a period.
type SignOff struct {
	ID      string
	Unit    string // id
	Period  period.Period
	Results []Result
	Remark  string
	By      string
	At      time.Time
}

// ResultsOf are what the indicators of some lines came to in a period; those of which nothing was
// observed or planned in it are left out, and so are those that are measured less often.
func ResultsOf(lines []Line, p period.Period) (results []Result) {
	for _, l := range lines {
		if r, ok := resultOf(l, p); ok {
			results = append(results, r)
		}
	}
	return results
}

func resultOf(l Line, p period.Period) (Result, bool) {
	i := l.Indicator
	of := i.Grain.PerYear() / max(p.Grain().PerYear(), 1)
	if of == 0 || i.OfScores() { // a score is published with its diagnosis
		return Result{}, false
	}
	first := period.Of(p.First(), i.Grain).Number()
	seen, planned := within(l.Actual, first, of), within(l.Planned, first, of)
	r := Result{Indicator: i.ID, Name: i.Name, Measure: i.Measure, Decimals: i.Decimals, Value: come(i.OverTime, seen), Periods: len(seen), Of: of}
	if len(planned) == of {
		r.Plan = come(i.OverTime, planned)
	}
	return r, r.Value != nil || r.Plan != nil
}

// Check brings a sign-off into order and reports one of a period that is none, or is not over.
func (s *SignOff) Check(today period.Day) error {
	p, err := period.Parse(string(s.Period))
	s.Remark = strings.TrimSpace(s.Remark)
	switch {
	case err != nil:
		return fault.Fieldf("period", "%s", err)
	case p.Last() >= today:
		return fault.Fieldf("period", "%s is not over yet: its results are signed off afterwards", string(p))
	case len(s.Remark) > mostWords:
		return fault.Fieldf("remark", "write at most %d bytes", mostWords)
	}
	s.Period = p
	return nil
}

// Changed says whether a figure is another now than when it was signed off. What a computer adds to a figure when it
// sums the same in another order is no change.
func (r Result) Changed(now *float64) bool {
	if r.Value == nil || now == nil {
		return r.Value != now
	}
	return math.Abs(*r.Value-*now) > 1e-9*max(math.Abs(*r.Value), math.Abs(*now))
}
