package demo

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// observedMonths is how far back the retailer's figures go: three years, up to the last whole month.
const observedMonths = 36

// measured is an indicator of the retailer and what is planted in it.
type measured struct {
	strategy.Indicator
	usual  float64     // of a store, or of each of its people
	each   bool        // usual is of each person
	growth float64     // a year, as a share
	season [12]float64 // as a share above the usual month
	store  float64     // standard deviation between stores, as a share
	noise  float64     // and between months
	people float64     // share for each point that its people answer above the usual
	plan   float64     // share above the year before; 0 for no plan
	of     [2]string   // keys of two others of which it is the quotient
}

var trade = [12]float64{-.06, -.08, -.02, 0, .02, .01, -.04, -.05, 0, .02, .06, .14}

// measures are the retailer's own beside those that are shipped.
func measures() (all []measured, err error) {
	shipped, err := strategy.Shipped("en")
	if err != nil {
		return nil, err
	}
	byKey := map[string]strategy.Indicator{}
	for _, i := range shipped {
		byKey[i.Key] = i
	}
	waiting := strategy.Indicator{Key: "served-in-time", Name: "Served within four minutes", Definition: "Customers who wait no longer than four minutes at a till or a counter.", Formula: "customers served within four minutes ÷ customers timed × 100", Measure: "% of customers", Decimals: 1, Direction: strategy.Higher, OverUnits: strategy.MeanOfUnits, Weight: "customers-asked", OverTime: strategy.MeanOfPeriods, Grain: period.Monthly, Perspective: strategy.Process}
	lost := strategy.Indicator{Key: "goods-lost", Name: "Goods lost", Definition: "Goods that were broken, spoiled or stolen.", Formula: "value of goods lost ÷ revenue × 100", Measure: "% of revenue", Decimals: 2, Direction: strategy.Lower, OverUnits: strategy.MeanOfUnits, Weight: "revenue", OverTime: strategy.MeanOfPeriods, Grain: period.Monthly, Perspective: strategy.Financial}
	return []measured{
		{Indicator: byKey["revenue"], usual: 16_500, each: true, growth: .034, season: trade, store: .12, noise: .03, people: .02, plan: .03},
		{Indicator: byKey["hours-worked"], usual: 108, each: true, growth: .004, season: trade, store: .05, noise: .02},
		{Indicator: byKey["productivity"], of: [2]string{"revenue", "hours-worked"}, plan: .03},
		{Indicator: lost, usual: 1.45, growth: -.05, store: .15, noise: .06, people: -.05, plan: -.055},
		{Indicator: byKey["customers-asked"], usual: 9, each: true, growth: .06, season: trade, store: .2, noise: .08},
		{Indicator: byKey["customer-satisfaction"], usual: 76.5, growth: .014, store: .03, noise: .012, people: .02, plan: .018},
		{Indicator: waiting, usual: 71, growth: .018, store: .06, noise: .02, people: .04, plan: .06},
		{Indicator: byKey["staff"], usual: 1, each: true, noise: .01},
		{Indicator: byKey["turnover"], usual: 24, growth: -.04, store: .18, noise: .15, people: -.12, plan: -.08},
		{Indicator: byKey["absence"], usual: 5.8, growth: -.01, season: [12]float64{.2, .16, .05, -.03, -.08, -.1, -.12, -.1, -.05, .02, .06, .1}, store: .14, noise: .08, people: -.06, plan: -.015},
	}, nil
}

// indicators defines what the retailer measures and takes in three years of its stores, with plans for
// this year and the last.
func (l *loading) indicators(ctx context.Context) error {
	all, err := measures()
	if err != nil {
		return err
	}
	var defined []strategy.Indicator
	for _, m := range all {
		defined = append(defined, m.Indicator)
	}
	defined = append(defined, adviceTalks)
	by := l.o.staff()[org.HeadOfLearning].Name
	first := l.first()
	if err := l.rollOut(ctx, all); err != nil {
		return err
	}
	store := strategydb.Store{DB: l.Strategy.DB, Org: l.orgAt(l.now), Diagnosis: l.at(l.now), Now: func() time.Time { return l.now }}
	if err := store.Define(ctx, l.organisation, defined, by); err != nil {
		return err
	}
	for from := first; from < first.Add(observedMonths); from = period.At(period.Monthly, (from.Year()+1)*12) {
		until := min(first.Add(observedMonths), period.At(period.Monthly, (from.Year()+1)*12))
		feed := strategydb.Feed{Rows: l.observed(all, from, until), Source: fmt.Sprintf("figures-%d.xlsx", from.Year()), By: by}
		if _, err := store.Import(ctx, l.organisation, feed); err != nil {
			return err
		}
	}
	if err := l.talks(ctx, store, by); err != nil {
		return err
	}
	if err := store.Renew(ctx); err != nil { // the scores of the diagnoses
		return err
	}
	return l.notes(ctx, store, first)
}

// notes say what a reader of the figures should know.
func (l *loading) notes(ctx context.Context, store strategydb.Store, first period.Period) error {
	all, err := store.Indicators(ctx, l.organisation)
	if err != nil {
		return err
	}
	units, err := store.Units(ctx, l.organisation)
	if err != nil {
		return err
	}
	note := strategy.Note{Unit: units.Units[0].Ref(), Day: first.Add(surveyMoved).First(), By: l.o.staff()[org.Executive].Name,
		What: surveyNote}
	for _, i := range all {
		if i.Key == "customer-satisfaction" {
			note.Indicator = i.ID
		}
	}
	return store.AddNote(ctx, l.organisation, note)
}

const (
	surveyMoved = 29  // the month of the 36 in which the survey of customers moved
	surveyStep  = 0.4 // what that added
	surveyNote  = "The survey of customers moved from e-mail to the receipt, in every country on one day. In the eight weeks in which both ran, the receipt gave 0.4 points more: do not read the step as progress."
)

// observed are the rows of some months, for every store, with plans for this year and the last.
func (l *loading) observed(all []measured, from, until period.Period) iter.Seq2[strategy.Row, error] {
	newest, planned := period.Of(period.DayOf(l.now), period.Monthly).Add(-1), until
	if from.Year() == l.now.Year() {
		planned = period.At(period.Monthly, (from.Year()+1)*12)
	}
	return func(yield func(strategy.Row, error) bool) {
		line := 1
		for _, s := range l.shops {
			for month := from; month < planned; month = month.Add(1) {
				trend, plan := s.figures(all, l.first(), month), s.figures(all, l.first(), month.Add(-12))
				for _, m := range all {
					row := strategy.Row{Indicator: m.Key, Unit: s.Key, Period: string(month)}
					if late := month == newest && m.Perspective == strategy.Customer && l.o.rand("late", s.Key).Float64() < .04; month < until && !late {
						v := m.rounded(trend[m.Key].value)
						row.Value = &v
					}
					if m.plan != 0 && month.Year() >= l.now.Year()-1 {
						v := m.rounded(plan[m.Key].trend * (1 + m.plan))
						row.Plan = &v
					}
					if row.Value == nil && row.Plan == nil {
						continue
					}
					line++
					row.Line = line
					if !yield(row, nil) {
						return
					}
				}
			}
		}
	}
}

// first is the first month of which there are figures.
func (l *loading) first() period.Period {
	return period.Of(period.DayOf(l.now), period.Monthly).Add(-observedMonths)
}

// shop is a store: how many work there, and how far they answer above the usual.
type shop struct {
	Unit
	o      *Organisation
	people int
	mood   float64
	added  func(key string, month period.Period) float64 // by initiatives; nil: nothing
}

// stores are those of the newest roster.
func (l *loading) stores() (all []shop) {
	count := map[string]int{}
	for _, p := range l.o.People(Waves) {
		count[p.Unit]++
	}
	for _, u := range l.o.Units() {
		if u.Workplace == Store && count[u.Key] > 0 {
			mood := planted.Countries[u.Country] + l.o.rand("mood", u.Key).NormFloat64()*planted.Unit
			all = append(all, shop{Unit: u, o: l.o, people: count[u.Key], mood: mood})
		}
	}
	return all
}

// made is a figure as it was meant, and with what chance added.
type made struct{ trend, value float64 }

// figures are those of a store in a month.
func (s shop) figures(all []measured, first, month period.Period) map[string]made {
	figures := map[string]made{}
	years := float64(month.Number()-first.Number()) / 12
	for _, m := range all {
		if m.of[0] != "" {
			a, b := figures[m.of[0]], figures[m.of[1]]
			figures[m.Key] = made{a.trend / b.trend, a.value / b.value}
			continue
		}
		growth := m.growth + m.noise/4*s.o.rand("growth "+m.Key, s.Country).NormFloat64()
		trend := m.usual * math.Pow(1+growth, years) * (1 + m.season[month.Number()%12]) * (1 + m.store*s.o.rand("store "+m.Key, s.Key).NormFloat64()) * (1 + m.people*s.mood)
		if m.each {
			trend *= float64(s.people)
		}
		value := trend * (1 + m.noise*s.o.rand("month "+m.Key, s.Key, string(month)).NormFloat64() + m.noise/3*s.o.rand("weather "+m.Key, s.Country, string(month)).NormFloat64())
		if m.Key == "customer-satisfaction" && month >= first.Add(surveyMoved) {
			value += surveyStep
		}
		if s.added != nil {
			value += s.added(m.Key, month)
		}
		figures[m.Key] = made{trend, value}
	}
	return figures
}

// rounded is a value as a file has it, and never below what can be counted.
func (m measured) rounded(v float64) float64 {
	digits := math.Pow10(m.Decimals)
	return max(math.Round(v*digits)/digits, 1/digits)
}
