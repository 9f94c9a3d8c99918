package effort

import (
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// Report is one of the three standard reports on learning: the summary for executives, operations of the whole
// function, and one programme against its goals (D. Vance, Talent Development Reporting principles).
type Report string

const (
	Summary    Report = "summary"
	Operations Report = "operations"
	Programme  Report = "programme"
)

// Reports lists them.
var Reports = []Report{Summary, Operations, Programme}

// ReportLine is a measure in a year: last year, plan, year to date, per cent of plan, forecast.
type ReportLine struct {
	Metric Metric
	Name   string // what it is called; of an outcome the goal
	Label  string // what a standard calls it
	Line   strategy.Line
	Spent  *Spent // on an outcome in the year: what the ledger says that serves it; nil where it is no outcome
}

// Has says whether a report has a measure.
func (r Report) Has(m Measure) bool { return r == Operations || r == Summary && m.Summary }

// Budget is what an initiative is meant to come to in a year.
type Budget struct {
	Initiative string
	Year       int
	People     int   // who take part
	Minutes    int64 // of theirs
	Cost       int64 // in the smallest unit of the currency
	Currency   string
}

const (
	mostPeople = 10_000_000
	mostHours  = 100_000_000
)

// Check reports a budget that is none.
func (b Budget) Check() error {
	if err := period.CheckYear(b.Year); err != nil {
		return err
	}
	switch {
	case b.Year == 0:
		return fault.Fieldf("year", "say of which year it is, such as %s", "2026")
	case b.People < 0 || b.People > mostPeople:
		return fault.Fieldf("people", "say how many people are to take part: a whole number from 0 to ten million")
	case b.Minutes < 0 || b.Minutes > mostHours*60:
		return fault.Fieldf("hours", "say how many hours they are to spend: 0 to a hundred million")
	case b.Cost < 0 || b.Cost > mostAmount:
		return fault.Fieldf("cost", "a cost is 0 or more, and at most a thousand million")
	case b.Cost > 0:
		return checkCurrency(b.Currency)
	}
	return nil
}

// Empty says whether nothing is planned.
func (b Budget) Empty() bool { return b.People == 0 && b.Minutes == 0 && b.Cost == 0 }

// runs are the months of a year in which an initiative goes on, from its first start to the day by which it is to be
// over; the whole year where nothing is said of it.
func (i Initiative) runs(year int) (first, last period.Period) {
	first, last = period.At(period.Monthly, year*12), period.At(period.Monthly, year*12+11)
	if len(i.Starts) > 0 {
		begun := slices.MinFunc(i.Starts, func(a, b Start) int {
			return period.Of(a.Day, period.Monthly).Number() - period.Of(b.Day, period.Monthly).Number()
		})
		first = max(first, period.Of(begun.Day, period.Monthly))
	}
	for _, over := range []period.Day{i.Due, i.Ended} {
		if over != "" {
			last = min(last, period.Of(over, period.Monthly))
		}
	}
	if first > last {
		return period.At(period.Monthly, year*12), period.At(period.Monthly, year*12+11)
	}
	return first, last
}

// spread is an amount for a year by month: alike in each in which the initiative goes on. Nothing is no plan.
func (i Initiative) spread(year int, amount float64) (plan strategy.Total) {
	if amount == 0 {
		return nil
	}
	first, last := i.runs(year)
	n := float64(last.Number() - first.Number() + 1)
	for month := period.At(period.Monthly, year*12); month.Year() == year; month = month.Add(1) {
		part := 0.0
		if month >= first && month <= last {
			part = amount / n
		}
		plan = append(plan, strategy.Mark{Number: month.Number(), Sum: part, Units: 1, Stated: true})
	}
	return plan
}

// programmeMeasures are those of an initiative.
var programmeMeasures = []Measure{
	{Key: "people", Name: "People who learn in it", Scale: AsNumber, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, Grows: true, people: func(e Efficiency) int { return e.Learners }, parts: func(e Efficiency) (float64, float64) { return count(float64(e.Learners)) }},
	{Key: "hours", Name: "Hours of who takes part", Scale: AsHours, Better: strategy.Higher, OverTime: strategy.SumOfPeriods, parts: func(e Efficiency) (float64, float64) { return count(float64(e.spent(Participant).Minutes)) }},
	{Key: "staff-hours", Name: "Hours of staff", Scale: AsHours, Better: strategy.Within, OverTime: strategy.SumOfPeriods, parts: func(e Efficiency) (float64, float64) { return count(float64(e.spent(Staff).Minutes)) }},
	{Key: "cost", OfCost: true, Name: "Cost", Scale: AsMoney, Better: strategy.Lower, OverTime: strategy.SumOfPeriods, parts: func(e Efficiency) (float64, float64) { return count(float64(e.spent("").Cost())) }},
}

// spent is what one side spent, of whatever kind; "" for costs.
func (e Efficiency) spent(side Side) (all Spent) {
	for cell, spent := range e.Cells {
		if cell.Side == side {
			all.add(spent)
		}
	}
	return all
}

// Spent is all that is recorded: the hours of both sides, and costs.
func (a Account) Spent() (all Spent) {
	for _, spent := range a.Cells {
		all.add(spent)
	}
	return all
}

// Against are the measures of an initiative in a year, from what serves it in each of some months, one after the
// other, against its budget. named says whether the reader may know how many few are.
func (i Initiative) Against(b Budget, rates Rates, months []Monthly, named bool, say func(string) string) (lines []ReportLine) {
	var footings []Footing
	for _, m := range months {
		footings = append(footings, Footing{Monthly: m})
	}
	measures := slices.Clone(programmeMeasures)
	for n := range measures {
		if named {
			measures[n].people = nil
		}
	}
	marks := Marks(rates, footings, measures)
	planned := map[string]float64{"people": float64(b.People), "hours": float64(b.Minutes) / 60}
	if b.Currency == rates.Own { // else it is not comparable
		planned["cost"] = Units(b.Cost, rates.Own)
	}
	for _, m := range measures {
		f := strategy.Figures{Actual: marks[m.Key].Total, Withheld: marks[m.Key].Withheld, Positive: true, Plan: i.spread(b.Year, planned[m.Key])}
		line, _ := f.Line(m.Indicator(rates.Own, say), b.Year)
		lines = append(lines, ReportLine{Metric: OfEfficiency, Name: say(m.Name), Line: line})
	}
	return lines
}

// EveryMonth are tallies of each month from one to another, those without entries too.
func EveryMonth(some []Monthly, from, until period.Period) (all []Monthly) {
	of := ByMonth(some)
	for month := from; month <= until; month = month.Add(1) {
		all = append(all, Monthly{month, of[month]})
	}
	return all
}
