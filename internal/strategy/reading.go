package strategy

import "math"

// Target is what an indicator of a unit shall come to in a year.
type Target struct {
	Year     int
	Baseline *float64 // nil: what it came to in the year before
	Value    float64
	High     float64 // the upper end of a range; else not used
}

// floor lifts a forecast of what cannot be below 0: a sum ends no lower than it is already.
func (r *Reading) floor(i Indicator) {
	least := 0.0
	if i.OverTime == SumOfPeriods && r.ToDate != nil {
		least = *r.ToDate
	}
	if f := r.Forecast; f != nil {
		f.Value, f.Low, f.High = max(least, f.Value), max(least, f.Low), max(least, f.High)
		r.Status = r.status(i)
	}
}

// Status is where an indicator stands against its plan, or its target where there is no plan.
type Status string

const (
	Ahead   Status = "ahead"   // the whole interval of the forecast is better
	OnPlan  Status = "on-plan" // the forecast reaches it
	AtRisk  Status = "at-risk" // the forecast misses it, the interval reaches it
	Behind  Status = "behind"  // the whole interval misses it
	Reached Status = "reached" // the year is over
	Missed  Status = "missed"
	Unknown Status = "" // no plan, or nothing observed
)

// Good says whether a status is a good one; neither is Unknown.
func (s Status) Good() bool { return s == Ahead || s == OnPlan || s == Reached }

// Bad says whether a status is a bad one.
func (s Status) Bad() bool { return s == AtRisk || s == Behind || s == Missed }

// Reading is an indicator of a unit in a year. What is not known is nil.
type Reading struct {
	Year       int
	LastYear   *float64 // the whole year before, or as much of it as was observed
	LastWhole  bool     // every period of it was observed
	Plan       *float64 // of the whole year
	ToDate     *float64 // what was observed in the year
	PlanToDate *float64 // for the periods that were observed
	LastToDate *float64 // of the same periods of the year before
	Through    int      // number of the newest period observed in the year, 0 for none
	Periods    int      // how many were
	Of         int      // how many the year has
	OfPlan     *float64 // ToDate against PlanToDate, turned round where lower is better: 1 is on plan, above is better
	Forecast   *Forecast
	Attainment *float64 // of the target: 0 is the baseline, 1 the target; a range is 1 or 0
	Target     *Target
	Status     Status
	Units      int // observations behind the newest period
	OfUnits    int // the most that any of the newest dozen periods has
}

// Read reads a year of an indicator from what a unit comes to and its plan.
func Read(i Indicator, year int, actual, plan Total, target *Target) Reading {
	of := i.Grain.PerYear()
	first := year * of
	r := Reading{Year: year, Of: of, Target: target}
	seen, planned := within(actual, first, of), within(plan, first, of)
	before := within(actual, first-of, of)
	r.LastYear, r.LastWhole, r.ToDate, r.Periods = come(i.OverTime, before), len(before) == of, come(i.OverTime, seen), len(seen)
	if len(planned) == of || i.OverTime == LastPeriod && len(planned) > 0 && planned[len(planned)-1].Number == first+of-1 {
		r.Plan = come(i.OverTime, planned)
	}
	if len(seen) > 0 {
		last := seen[len(seen)-1]
		r.Through, r.Units = last.Number, last.Units
		for _, m := range actual {
			if m.Number > last.Number-max(of, 12) && m.Number <= last.Number {
				r.OfUnits = max(r.OfUnits, m.Units)
			}
		}
		r.PlanToDate = same(i.OverTime, seen, plan, 0)
		r.LastToDate = same(i.OverTime, seen, actual, of)
		r.OfPlan = ofPlan(i.Direction, r.ToDate, r.PlanToDate)
		if len(seen) < of {
			r.Forecast = forecast(i, actual, seen, first, of)
		}
	}
	r.Attainment = r.attainment(i)
	r.Status = r.status(i)
	return r
}

// Over says whether nothing of the year is to come.
func (r Reading) Over(i Indicator) bool {
	return r.Periods == r.Of || i.OverTime == LastPeriod && r.Through == r.Year*r.Of+r.Of-1
}

func within(t Total, first, of int) Total {
	var in Total
	for _, m := range t {
		if m.Number >= first && m.Number < first+of {
			in = append(in, m)
		}
	}
	return in
}

// come is what periods come to together; a mean is weighted where every period has a weight.
func come(over OverTime, t Total) *float64 {
	if len(t) == 0 {
		return nil
	}
	var sum, weight, plain float64
	weighted := true
	for _, m := range t {
		plain += m.Value()
		sum, weight, weighted = sum+m.Sum, weight+m.Weight, weighted && m.Weight > 0
	}
	switch {
	case over == LastPeriod:
		plain = t[len(t)-1].Value()
	case over == MeanOfPeriods && weighted:
		plain = sum / weight
	case over == MeanOfPeriods:
		plain /= float64(len(t))
	}
	return &plain
}

// same is what another total comes to in the periods of one, so many periods earlier; nil unless it
// has them all. Of a stock the newest alone counts.
func same(over OverTime, periods, other Total, earlier int) *float64 {
	if over == LastPeriod {
		periods = periods[len(periods)-1:]
	}
	var t Total
	for _, m := range periods {
		o, there := other.At(m.Number - earlier)
		if !there {
			return nil
		}
		t = append(t, o)
	}
	return come(over, t)
}

// ofPlan is how much of the plan has come, so that more than 1 is always good. It means nothing of
// a range, or where a figure is not above 0.
func ofPlan(d Direction, actual, plan *float64) *float64 {
	if actual == nil || plan == nil || d == Within || *plan <= 0 || *actual <= 0 {
		return nil
	}
	share := *actual / *plan
	if d == Lower {
		share = *plan / *actual
	}
	return &share
}

func forecast(i Indicator, actual, seen Total, first, of int) *Forecast {
	newest := seen[len(seen)-1].Number
	asked := missing(i.OverTime, seen, first, of)
	if len(asked) == 0 { // a stock whose last period is there
		return nil
	}
	values := make(map[int]float64, len(actual))
	for _, m := range actual {
		if m.Number <= newest {
			values[m.Number] = m.Value()
		}
	}
	p, ok := predict(values, newest, of, asked)
	if !ok {
		return nil
	}
	switch i.OverTime {
	case LastPeriod:
		f := p.sum(0, asked, func(int) float64 { return 1 })
		return &f
	case SumOfPeriods:
		f := p.sum(*come(SumOfPeriods, seen), asked, func(int) float64 { return 1 })
		return &f
	}
	return p.mean(seen, actual, asked, of)
}

// missing are the periods of a year that were not observed, earlier ones too; of a stock the last.
func missing(over OverTime, seen Total, first, of int) []int {
	var asked []int
	for number := first; number < first+of; number++ {
		if _, there := seen.At(number); !there && (over != LastPeriod || number == first+of-1) {
			asked = append(asked, number)
		}
	}
	return asked
}

// mean forecasts the mean of a year: periods to come have the weight of a year before, or else the
// mean weight of this year.
func (p predictor) mean(seen, actual Total, asked []int, of int) *Forecast {
	var sum, all float64
	for _, m := range seen {
		w := max(m.Weight, 0)
		if w == 0 {
			w = 1
		}
		sum, all = sum+m.Value()*w, all+w
	}
	usual := all / float64(len(seen))
	weights := map[int]float64{}
	for _, number := range asked {
		weights[number] = usual
		if m, there := actual.At(number - of); there && m.Weight > 0 {
			weights[number] = m.Weight
		}
		all += weights[number]
	}
	f := p.sum(sum/all, asked, func(number int) float64 { return weights[number] / all })
	return &f
}

// attainment is (actual - baseline) / (target - baseline). A sum is compared when its year is whole.
func (r Reading) attainment(i Indicator) *float64 {
	if r.Target == nil || r.ToDate == nil || i.OverTime == SumOfPeriods && r.Periods < r.Of {
		return nil
	}
	if i.Direction == Within {
		in := 0.0
		if *r.ToDate >= r.Target.Value && *r.ToDate <= r.Target.High {
			in = 1
		}
		return &in
	}
	base := r.Target.Baseline
	if base == nil && r.LastWhole {
		base = r.LastYear
	}
	if base == nil {
		return nil
	}
	return Attainment(*r.ToDate, *base, r.Target.Value)
}

// Attainment is how much of the way from a baseline to a target has been gone:
// (actual - baseline) / (target - baseline). Nil, not defined, where the two are equal.
func Attainment(actual, baseline, target float64) *float64 {
	share := (actual - baseline) / (target - baseline)
	if target == baseline || !finite(share) {
		return nil
	}
	return &share
}

// aim is what the year is judged by, from low to high; of one that has a better side, half of it.
func (r Reading) aim(d Direction) (low, high float64, ok bool) {
	switch {
	case d == Within && r.Target != nil:
		return r.Target.Value, r.Target.High, true
	case d == Within:
		return 0, 0, false
	case r.Plan != nil:
		low = *r.Plan
	case r.Target != nil:
		low = r.Target.Value
	default:
		return 0, 0, false
	}
	if d == Lower {
		return math.Inf(-1), low, true
	}
	return low, math.Inf(1), true
}

func (r Reading) status(i Indicator) Status {
	low, high, ok := r.aim(i.Direction)
	if !ok || r.ToDate == nil {
		return Unknown
	}
	f := Forecast{Value: *r.ToDate, Low: *r.ToDate, High: *r.ToDate}
	over := r.Over(i)
	switch {
	case r.Forecast != nil:
		f = *r.Forecast
	case over && f.Value >= low && f.Value <= high:
		return Reached
	case over:
		return Missed
	case i.OverTime == SumOfPeriods:
		return Unknown // part of a sum says nothing about the whole
	}
	switch {
	case f.Low >= low && f.High <= high && f.Low != f.High && i.Direction != Within:
		return Ahead
	case f.Value >= low && f.Value <= high:
		return OnPlan
	case f.High >= low && f.Low <= high:
		return AtRisk
	}
	return Behind
}
