package demo

import (
	"context"
	"math"

	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// adviceTalks is an indicator of people: what somebody in a store has and only that person and the line
// manager see.
var adviceTalks = strategy.Indicator{Key: "advice-talks", Name: "Advice talks", Definition: "Conversations in which somebody asked a customer what is needed before showing anything. Each counts them at the till; nobody is paid by them.", Formula: "talks counted in the month", Measure: "a person a month", Decimals: 1, Direction: strategy.Higher, OverUnits: strategy.MeanOfUnits, OverTime: strategy.MeanOfPeriods, Grain: period.Monthly, Minimum: 5, Perspective: strategy.Customer}

const (
	talkMonths = 24 // of which there are values
	talkGoal   = "I see what is needed before I show anything"
	talkWhy    = "Who is asked what is needed comes back with the next question."
)

// talks takes in two years of advice talks of the people of the stores of the employee's country, and
// publishes all but the last month.
func (l *loading) talks(ctx context.Context, store strategydb.Store, by string) error {
	until := l.first().Add(observedMonths)
	rows := func(yield func(strategy.Row, error) bool) {
		line := 1
		country := l.o.byKey[l.o.staff()[org.Employee].Unit].Country
		for _, p := range l.o.People(Waves) {
			if u := l.o.byKey[p.Unit]; u.Country != country || u.Workplace != Store {
				continue
			}
			usual := 33 * (1 + .18*l.o.rand("talks", p.Key).NormFloat64())
			for n := range talkMonths {
				v := max(math.Round(usual*(1+.012*float64(n))*(1+.1*l.o.rand("talks", p.Key, string(until.Add(n-talkMonths))).NormFloat64())), 1)
				line++
				if !yield(strategy.Row{Line: line, Indicator: adviceTalks.Key, Person: p.Key, Period: string(until.Add(n - talkMonths)), Value: &v}, nil) {
					return
				}
			}
		}
	}
	if _, err := store.Import(ctx, l.organisation, strategydb.Feed{Rows: rows, Source: "talks.csv", By: by}); err != nil {
		return err
	}
	all, err := store.Indicators(ctx, l.organisation)
	if err != nil {
		return err
	}
	var periods []period.Period
	for n := range talkMonths - 1 {
		periods = append(periods, until.Add(n-talkMonths))
	}
	for _, i := range all {
		if i.Key == adviceTalks.Key {
			_, err = store.Publish(ctx, l.organisation, i.ID, periods, by)
		}
	}
	return err
}
