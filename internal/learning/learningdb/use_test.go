package learningdb_test

import (
	"context"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// used is a spring of learning: a course of four hours in March with four places, for which Mia and Eva have waited
// eight days and which Eva completed; and cards of half an hour with two licences, which Ole had from April and
// completed in May.
func used(t *testing.T, w *world) (course, cards string) {
	t.Helper()
	ctx, on := context.Background(), func(month, day int) { w.now = w.now.AddDate(0, month-int(w.now.Month()), day-w.now.Day()) }
	on(3, 2)
	course = w.offers(t, learning.Resource{Name: "Listening", Modality: effort.Classroom, Minutes: 240})
	march, err := w.SaveOffering(ctx, w.organisation, learning.Offering{Resource: course, Begins: "2026-03-10", Places: 4, Place: "Gent"}, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"1", "2"} {
		if err := w.asks(t, key, course, march, org.ThePerson); err != nil {
			t.Fatal(err)
		}
	}
	on(3, 20)
	came := []learningdb.CameOf{{Request: w.request(t, "1", course).ID}, {Request: w.request(t, "2", course).ID, Completed: true}}
	if err := w.Note(ctx, w.organisation, march, came, "Ada"); err != nil {
		t.Fatal(err)
	}
	on(4, 5)
	cards = w.offers(t, learning.Resource{Name: "Cards", Modality: effort.SelfPaced, Minutes: 30, Capacity: 2})
	if err := w.asks(t, "5", cards, "", org.ThePerson); err != nil {
		t.Fatal(err)
	}
	on(5, 10)
	if err := w.Finish(ctx, w.organisation, w.request(t, "5", cards).ID, true, 0, "", "Ole"); err != nil {
		t.Fatal(err)
	}
	on(6, 1)
	return course, cards
}

func TestUseIsThatOfTheMonthAndTheUnit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		course, cards := used(t, w)
		efforts := effortdb.Store{DB: w.DB, Now: w.Now, Catalogue: w.Store}
		units, err := w.Strategy.Units(ctx, w.organisation)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]string{}
		for _, u := range units.Units {
			of[u.Name] = u.ID
		}
		if err := efforts.SaveSetting(ctx, w.organisation, effort.Setting{Currency: "EUR", Reference: 40, Function: []string{of["Office"]}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		all, err := efforts.Footings(ctx, w.organisation, []string{"", of["Gent"], of["Office"]}, "2025-12", "2026-05")
		if err != nil {
			t.Fatal(err)
		}
		early, late := map[string]int64{course: 240}, map[string]int64{cards: 30}
		both, ole := map[string]bool{w.person(t, "1"): true, w.person(t, "2"): true}, map[string]bool{w.person(t, "5"): true}
		want := map[string]map[period.Period]effort.Use{
			"":           {"2026-03": {Had: early, Minutes: 240, Completed: 1, NotDone: 1, People: 2, Seats: 4, Taken: 2, Waits: []int{8, 8}, Waited: both}, "2026-04": {Had: late, Licences: 2, InUse: 1, Waits: []int{0}, Waited: ole}, "2026-05": {Had: late, Minutes: 30, Completed: 1, People: 1, Licences: 2}},
			of["Gent"]:   {"2026-03": {Minutes: 240, Completed: 1, NotDone: 1, People: 2, Waits: []int{8, 8}, Waited: both}},
			of["Office"]: {"2026-04": {Waits: []int{0}, Waited: ole}, "2026-05": {Minutes: 30, Completed: 1, People: 1}},
		}
		stranger := w.founded(t, "others")
		strange, err := efforts.Footings(ctx, stranger, []string{"", of["Gent"]}, "2025-12", "2026-05")
		for unit, footings := range strange {
			for _, f := range footings {
				if diff := cmp.Diff(effort.Use{}, f.Use, cmpopts.EquateEmpty()); diff != "" || unit != "" && f.Staff.People > 0 {
					t.Errorf("another organisation sees %s: %s, %+v", unit, diff, f.Staff)
				}
			}
		}
		if err != nil || len(strange) != 2 {
			t.Errorf("%+v, %v", strange, err)
		}
		staff := map[string][2]int{"": {5, 2}, of["Gent"]: {3, 0}, of["Office"]: {2, 2}}
		for unit, footings := range all {
			for _, f := range footings {
				if diff := cmp.Diff(want[unit][f.Month], f.Use, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s in %s: %s", unit, f.Month, diff)
				}
				if n := [2]int{f.Staff.People, f.Teaching.People}; f.Rostered != (f.Month >= "2026-01") || f.Rostered && n != staff[unit] {
					t.Errorf("%s in %s: %v at work, %v", unit, f.Month, n, f.Rostered)
				}
			}
		}
	})
}

// A measure of the ledger is an indicator: it has a plan, and its values come by themselves.
func TestMeasuresStandOnTheScorecard(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		used(t, w)
		efforts := effortdb.Store{DB: w.DB, Now: w.Now, Catalogue: w.Store}
		goals := w.Strategy
		goals.Sources = []strategydb.Source{efforts}
		var defined []strategy.Indicator
		for _, m := range effort.Measures {
			defined = append(defined, m.Indicator("EUR", func(text string) string { return text }))
		}
		if err := goals.Define(ctx, w.organisation, defined, "Ada"); err != nil {
			t.Fatal(err)
		}
		units, err := goals.Units(ctx, w.organisation)
		if err != nil {
			t.Fatal(err)
		}
		plan := 2.5
		row := strategy.Row{Line: 2, Indicator: "hours-of-learning-used", Unit: units.Units[0].Key, Period: "2026-03", Plan: &plan}
		feed := func(r strategy.Row) strategydb.Feed {
			return strategydb.Feed{By: "Ada", Rows: func(yield func(strategy.Row, error) bool) { yield(r, nil) }}
		}
		if _, err := goals.Import(ctx, w.organisation, feed(row)); err != nil {
			t.Fatal(err)
		}
		row.Plan, row.Value = nil, &plan
		if _, err := goals.Import(ctx, w.organisation, feed(row)); err == nil {
			t.Error("a value is handed in of what the ledger says")
		}
		card, err := goals.Card(ctx, w.organisation, units.Units[0].ID, 2026, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, l := range card.Lines {
			if l.ToDate != nil {
				got[l.Indicator.Key] = *l.ToDate
			}
			if l.Indicator.Key == "people-reached" && (l.ToDate != nil || l.Withheld == 0) {
				t.Errorf("two people are told: %+v", l)
			}
		}
		want := map[string]float64{
			"direct-learning-expenditure": 0, "hours-of-learning-used": 4.5, "hours-per-person": .9, "formal-hours-per-person": .9, "hours-of-learning-available": 4.5, "reuse-ratio": 1, "cost-per-hour-used": 0,
			"cost-per-hour-available": 0, "expenditure-per-person": 0, "technology-share": .5 / 4.5 * 100, "seats-taken": 50, "licences-in-use": 25,
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Error(diff)
		}
		gent, err := goals.Sheet(ctx, w.organisation, units.Units[0].ID, card.Lines[0].Indicator.ID, 0, nil)
		if err != nil || len(gent.Under) != 2 {
			t.Errorf("units below: %+v, %v", gent.Under, err)
		}
	})
}
