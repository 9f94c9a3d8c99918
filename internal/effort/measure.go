package effort

import (
	"strings"

	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// Scale says in what a measure is told.
type Scale string

const (
	AsMoney  Scale = "money"  // in the own currency
	AsHours  Scale = "hours"  //
	AsShare  Scale = "share"  // in per cent
	AsDays   Scale = "days"   //
	AsNumber Scale = "number" // of times, or people for one
)

// Metric is the type of a measure: what was done and at what cost, how well, or what came of it for the
// organisation (ISO/TS 30437:2023 and Talent Development Reporting principles).
type Metric string

const (
	OfEfficiency    Metric = "efficiency"
	OfEffectiveness Metric = "effectiveness"
	OfOutcome       Metric = "outcome"
)

// Metrics lists them.
var Metrics = []Metric{OfEfficiency, OfEffectiveness, OfOutcome}

// Measure is a figure of the efficiency of learning. Its texts are English; pages say them in the reader's
// language.
type Measure struct {
	Key        string
	Name       string
	Definition string
	Formula    string
	Scale      Scale
	Metric     Metric
	Better     strategy.Direction
	OverTime   strategy.OverTime // LastPeriod: a figure of a month is of the year up to it
	Grows      bool              // through the year: a figure of a month is what it adds to that of the year
	OfUse      bool              // it is of the catalogue's use too
	OfCost     bool              // it is of costs: not known where some have no rate
	Whole      bool              // of the whole organisation alone
	Summary    bool              // it stands in the summary for executives
	Label      string            // what a standard calls it, where our definition matches what is known of that
	Decimals   int
	people     func(Efficiency) int
	parts      func(Efficiency) (part, whole float64)
}

// origins begin so where values of an indicator come from the ledger.
const origins = "effort/"

// Origin is that of the indicator that the measure is.
func (m Measure) Origin() string { return origins + m.Key }

// MeasureOf finds a measure by the origin of its indicator.
func MeasureOf(origin string) (Measure, bool) {
	key, ours := strings.CutPrefix(origin, origins)
	for _, m := range Measures {
		if ours && m.Key == key {
			return m, true
		}
	}
	return Measure{}, false
}

// Parts are what the measure of some months is the quotient of, in the units in which it is told; false where it
// is not known.
func (m Measure) Parts(e Efficiency, own string) (part, whole float64, known bool) {
	part, whole = m.parts(e)
	switch m.Scale {
	case AsMoney:
		part = Units(1, own) * part
	case AsHours:
		part /= 60
	case AsShare:
		part *= 100
	}
	return part, whole, whole > 0 && !(m.OfCost && len(e.Unrated)+len(e.Function.Unrated) > 0)
}

// Value is the measure of some months, in the units in which it is told; nil where it is not known.
func (m Measure) Value(e Efficiency, own string) *float64 {
	part, whole, known := m.Parts(e, own)
	if !known {
		return nil
	}
	v := part / whole
	return &v
}

// DecimalsOf is with how many decimals a value is told: its own, and of a small amount of money all.
func (m Measure) DecimalsOf(v float64) int {
	if m.Scale == AsMoney && v < 1000 && v > -1000 {
		return 2
	}
	return m.Decimals
}

// Few says whether the measure of some months would tell something of fewer people than Fewest.
func (m Measure) Few(e Efficiency) bool {
	if m.people == nil {
		return false
	}
	n := m.people(e)
	return n > 0 && n < Fewest
}

// Marked is a measure by month, as a scorecard has it, so that months come together to what the measure of all of
// them is: quotients with what they are quotients of; of what grows through the year what the month adds; else the
// figure of the year up to the month. What grows adds nothing in months in which it was of too few people, once a later one of
// the year is told: so it stands against the plan of these months, too.
type Marked struct {
	Total    strategy.Total
	Withheld int // number of the newest month that would tell something of too few people, 0 for none
}

// Marks are measures by month, by their keys.
func Marks(rates Rates, months []Footing, measures []Measure) map[string]Marked {
	all, told := map[string]Marked{}, map[string]float64{} // told: of the year so far, by key
	untold := map[string]strategy.Total{}                  // months of the year so far that were of too few people
	year := summing{rates: rates}
	for n, month := range months {
		if n > 0 && months[n-1].Month.Year() != month.Month.Year() {
			year = summing{rates: rates}
			clear(told)
			clear(untold)
		}
		year.add(month)
		alone, since := EfficiencyOf(rates, months[n:n+1]), year.efficiency()
		for _, m := range measures {
			e, mark := alone, strategy.Mark{Number: month.Month.Number(), Units: 1, Stated: true}
			if m.Grows || m.OverTime == strategy.LastPeriod {
				e = since
			}
			few := m.Few(e)
			if m.people != nil {
				e = e.Veiled()
			}
			part, whole, known := m.Parts(e, rates.Own)
			marked := all[m.Key]
			switch {
			case !known:
				continue
			case few:
				mark.Later = true
				marked.Withheld, untold[m.Key] = mark.Number, append(untold[m.Key], mark)
				all[m.Key] = marked
				continue
			case m.Grows:
				marked.Total, untold[m.Key] = append(marked.Total, untold[m.Key]...), nil
				mark.Sum, told[m.Key] = part/whole-told[m.Key], part/whole
			case m.OverTime == strategy.MeanOfPeriods:
				mark.Sum, mark.Weight = part, whole
			default:
				mark.Sum = part / whole
			}
			marked.Total = append(marked.Total, mark)
			all[m.Key] = marked
		}
	}
	return all
}

// Indicator is the measure as an indicator, with its texts as they are given and the own currency.
func (m Measure) Indicator(own string, say func(string) string) strategy.Indicator {
	definition := say(m.Definition)
	switch {
	case m.Grows:
		definition += " " + say(whatAMonthAdds)
	case m.OverTime == strategy.LastPeriod:
		definition += " " + say(sinceJanuary)
	}
	measure := map[Scale]string{AsMoney: own, AsHours: say("hours"), AsShare: "%", AsDays: say("days"), AsNumber: ""}[m.Scale]
	return strategy.Indicator{Key: m.Key, Name: say(m.Name), Definition: definition, Formula: say(m.Formula), Measure: measure, Decimals: m.Decimals, Direction: m.Better,
		OverUnits: strategy.NotOfUnits, OverTime: m.OverTime, Grain: period.Monthly, Perspective: strategy.Growth, Learning: true, Origin: m.Origin()}
}

const (
	whatAMonthAdds = "A month's figure is what it adds to that of the year."
	sinceJanuary   = "A month's figure is of the year up to it."
)

func count(n float64) (float64, float64) { return n, 1 }

// Measures lists them (design/measures 3).
var Measures = []Measure{
	{Key: "direct-learning-expenditure", OfCost: true, Name: "Direct learning expenditure", Scale: AsMoney, Metric: OfEfficiency, Better: strategy.Lower, OverTime: strategy.SumOfPeriods, Summary: true, Label: "ISO 30414:2018, ISO/TS 30428: total developing and training cost",
		Definition: "What learning cost. The pay of who learns, travel and lost output are not in it.", Formula: "own costs + suppliers + tuition, of the kind learning",
		parts: func(e Efficiency) (float64, float64) { return count(float64(e.Direct())) }},
	{Key: "expenditure-per-person", OfCost: true, Name: "Expenditure for each full-time person", Scale: AsMoney, Metric: OfEfficiency, Better: strategy.Lower, OverTime: strategy.SumOfPeriods, Grows: true,
		Definition: "What learning cost for each full-time equivalent.", Formula: "direct learning expenditure ÷ full-time equivalents, on average of the ends of months",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Direct()), e.FTE }},
	{Key: "hours-of-learning-used", Name: "Hours of learning used", Scale: AsHours, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Summary: true,
		Definition: "Hours that people spent learning, as the ledger has them: what was completed counts its length, each time.", Formula: "hours of participants, of the kind learning",
		parts: func(e Efficiency) (float64, float64) { return count(float64(e.Blend().Minutes)) }},
	{Key: "hours-per-person", Name: "Hours used by each full-time person", Scale: AsHours, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Summary: true, Decimals: 1,
		Definition: "Hours of learning for each full-time equivalent.", Formula: "hours used ÷ full-time equivalents, on average of the ends of months",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Blend().Minutes), e.FTE }},
	{Key: "formal-hours-per-person", Name: "Hours of formal learning for each person", Scale: AsHours, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Decimals: 1, Label: "ISO/TS 30428: average formalised training hours per employee",
		Definition: "Hours in modalities that are set up as learning, for each person at work.", Formula: "hours used in formal modalities ÷ people, on average of the ends of months",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Blend().Form[Formal]), e.Heads }},
	{Key: "people-reached", Name: "People reached", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Summary: true, Label: "ISO/TS 30428: percentage of employees who participate in training",
		Definition: "Who took part in learning by name, each once. Where people come and go it can be more than are at work at once.", Formula: "different people ÷ people at work, on average of the ends of months × 100",
		people: func(e Efficiency) int { return e.Learners }, parts: func(e Efficiency) (float64, float64) { return float64(e.Learners), e.Heads }},
	{Key: "people-in-formal-learning", Name: "People in formal learning", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Label: "ISO/TS 30428: percentage of employees who participate in formalised training",
		Definition: "Of people reached, those in modalities that are set up as learning.", Formula: "different people in formal modalities ÷ people at work, on average of the ends of months × 100",
		people: func(e Efficiency) int { return e.Formal }, parts: func(e Efficiency) (float64, float64) { return float64(e.Formal), e.Heads }},
	{Key: "hours-of-learning-available", OfUse: true, Name: "Hours of learning available", Scale: AsHours, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Whole: true,
		Definition: "Each resource that could be had counts once, at its length: a course of 8 hours is 8 hours, however often it runs.", Formula: "sum of the lengths of resources that were offered, that are learned alone, or that somebody completed",
		parts: func(e Efficiency) (float64, float64) { return count(float64(e.Use.Available())) }},
	{Key: "reuse-ratio", OfUse: true, Name: "Reuse ratio", Scale: AsNumber, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.LastPeriod, Whole: true, Decimals: 1,
		Definition: "How often each hour that could be had was used, of resources of the catalogue.", Formula: "length × completions, of all resources ÷ hours available",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Use.Minutes), float64(e.Use.Available()) }},
	{Key: "cost-per-hour-used", OfCost: true, Name: "Cost of an hour used", Scale: AsMoney, Metric: OfEfficiency, Better: strategy.Lower, OverTime: strategy.LastPeriod, Summary: true, Decimals: 2,
		Definition: "What an hour of learning costs, formal and at work, with what the learning function spent on solutions that are no learning.", Formula: "(direct learning expenditure + costs of other solutions that the learning function bears) ÷ hours used",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Whole()), float64(e.Blend().Minutes) / 60 }},
	{Key: "cost-per-hour-available", OfUse: true, OfCost: true, Name: "Cost of an hour available", Scale: AsMoney, Metric: OfEfficiency, Better: strategy.Lower, OverTime: strategy.LastPeriod, Whole: true,
		Definition: "What it costs to have an hour of learning ready.", Formula: "(direct learning expenditure + costs of other solutions that the learning function bears) ÷ hours available",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Whole()), float64(e.Use.Available()) / 60 }},
	{Key: "staff-ratio", Name: "People for each of the learning staff", Scale: AsNumber, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.LastPeriod, Whole: true,
		Definition: "How many full-time people there are for each one in the learning function.", Formula: "full-time equivalents ÷ those of the learning function",
		parts: func(e Efficiency) (float64, float64) { return e.FTE, e.Teaching }},
	{Key: "hours-available-per-staff", OfUse: true, Name: "Hours available for each of the learning staff", Scale: AsHours, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, Whole: true,
		Definition: "How much learning each full-time person in the learning function keeps ready.", Formula: "hours available ÷ full-time equivalents of the learning function",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Use.Available()), e.Teaching }},
	{Key: "outsourced-share", OfCost: true, Name: "Outsourced share", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Decimals: 1,
		Definition: "What suppliers were paid, of what learning cost. Tuition is apart.", Formula: "suppliers ÷ direct learning expenditure × 100",
		parts: func(e Efficiency) (float64, float64) {
			s := e.Spending()
			return float64(s.Supplier), float64(s.Direct())
		}},
	{Key: "own-share", OfCost: true, Name: "Share of own costs", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Decimals: 1,
		Definition: "What was spent in the house, of what learning cost.", Formula: "own costs ÷ direct learning expenditure × 100",
		parts: func(e Efficiency) (float64, float64) {
			s := e.Spending()
			return float64(s.Internal), float64(s.Direct())
		}},
	{Key: "tuition-share", OfCost: true, Name: "Share of tuition", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Decimals: 1,
		Definition: "Fees of schools that were paid back, of what learning cost.", Formula: "tuition ÷ direct learning expenditure × 100",
		parts: func(e Efficiency) (float64, float64) {
			s := e.Spending()
			return float64(s.Tuition), float64(s.Direct())
		}},
	{Key: "central-share", OfCost: true, Name: "Centrally managed share", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Decimals: 1,
		Definition: "What is managed centrally, of the spending of which somebody has said who manages it.", Formula: "central ÷ (central + local) × 100",
		parts: func(e Efficiency) (float64, float64) {
			s := e.Spending()
			return float64(s.Central), float64(s.Central + s.Local)
		}},
	{Key: "technology-share", Name: "Share through technology", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Decimals: 1,
		Definition: "Hours in modalities that come through a computer or a phone.", Formula: "hours used through technology ÷ hours used of which it is said how × 100",
		parts: func(e Efficiency) (float64, float64) {
			b := e.Blend()
			return float64(b.Technology), float64(b.Minutes - b.Modality[NotStated])
		}},
	{Key: "non-learning-share", Name: "Share of solutions that are no learning", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Within, OverTime: strategy.MeanOfPeriods, Summary: true, Decimals: 1,
		Definition: "What the learning function's staff spent on solutions that are no learning.", Formula: "hours of the function's staff on other solutions ÷ all hours of its staff × 100",
		parts: func(e Efficiency) (float64, float64) {
			var all, other int64
			for kind, spent := range e.Function.Split().Kinds {
				if all += spent.Minutes; kind != Learning {
					other += spent.Minutes
				}
			}
			return float64(other), float64(all)
		}},
	{Key: "completion-rate", OfUse: true, Name: "Completed, of what was begun", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.LastPeriod, Decimals: 1,
		Definition: "Of places and access that came to an end, those that were completed.", Formula: "completed ÷ (completed + not completed) × 100",
		people: func(e Efficiency) int { return e.Use.People }, parts: func(e Efficiency) (float64, float64) {
			return float64(e.Use.Completed), float64(e.Use.Completed + e.Use.NotDone)
		}},
	{Key: "seats-taken", OfUse: true, Name: "Seats taken", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.MeanOfPeriods, Whole: true, Decimals: 1,
		Definition: "Of the places of offerings that were held and have a limit, those that were given.", Formula: "places given ÷ places × 100",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Use.Taken), float64(e.Use.Seats) }},
	{Key: "licences-in-use", OfUse: true, Name: "Licences in use", Scale: AsShare, Metric: OfEfficiency, Better: strategy.Higher, OverTime: strategy.MeanOfPeriods, Whole: true, Decimals: 1,
		Definition: "Of the licences of what is learned alone, those that somebody has and is not through with, at the ends of months.", Formula: "licences in use ÷ licences × 100",
		parts: func(e Efficiency) (float64, float64) { return float64(e.Use.InUse), float64(e.Use.Licences) }},
	{Key: "timely-access", OfUse: true, Name: "Timely access", Scale: AsDays, Metric: OfEffectiveness, Better: strategy.Lower, OverTime: strategy.LastPeriod, Summary: true, Decimals: 1,
		Definition: "How long somebody waits who needs to learn something. Who still waits is not in it.", Formula: "median of the days from need to access",
		people: func(e Efficiency) int { return len(e.Use.Waited) }, parts: func(e Efficiency) (float64, float64) {
			days, known := e.Use.Wait()
			if !known {
				return 0, 0
			}
			return days, 1
		}},
}
