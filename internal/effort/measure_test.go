package effort_test

import (
	"math"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// footings are twoMonths with people and a catalogue: 12 people (10 full time) in March and 16 (14) in April, of
// whom one teaches; a course of 8 hours and one of 2, of which the second ends in March. Everything is of the
// learning function.
func footings(t *testing.T) []effort.Footing {
	t.Helper()
	months := twoMonths(t)
	staff := func(people int, fte float64) org.Headcount { return org.Headcount{People: people, PeopleFTE: fte} }
	return []effort.Footing{
		{Monthly: months[0], Function: months[0].Tally, Rostered: true, Staff: staff(12, 10), Teaching: staff(1, 1),
			Use: effort.Use{Had: map[string]int64{"a": 480, "b": 120}, Minutes: 960, Completed: 2, NotDone: 1, People: 3, Seats: 20, Taken: 11, Licences: 8, InUse: 2, Waits: []int{3, 9}, Waited: map[string]bool{"x": true, "y": true}}},
		{Monthly: months[1], Function: months[1].Tally, Rostered: true, Staff: staff(16, 14), Teaching: staff(1, 1),
			Use: effort.Use{Had: map[string]int64{"a": 480}, Minutes: 480, Completed: 1, People: 1, Licences: 8, InUse: 4, Waits: []int{4}, Waited: map[string]bool{"x": true}, Waiting: 2}},
	}
}

// What costs are in no figure, no measure of costs can be told of.
func TestNoMeasureOfCostsWhereOneHasNoRate(t *testing.T) {
	e := effort.EfficiencyOf(effort.Rates{Own: "EUR"}, footings(t))
	for _, m := range effort.Measures {
		if v := m.Value(e, "EUR"); m.OfCost != (v == nil) {
			t.Errorf("%s: %v", m.Key, v)
		}
	}
}

// design/measures 3, each computed by hand from what twoMonths and footings say.
func TestMeasures(t *testing.T) {
	e := effort.EfficiencyOf(euros, footings(t))
	want := map[string]float64{
		"direct-learning-expenditure": 2120, "expenditure-per-person": 2120. / 12, "hours-of-learning-used": 20, "hours-per-person": 20. / 12, "formal-hours-per-person": 15. / 14,
		"people-reached": 3. / 14 * 100, "people-in-formal-learning": 2. / 14 * 100, "hours-of-learning-available": 10, "reuse-ratio": 2.4, "cost-per-hour-used": 2620. / 20, "cost-per-hour-available": 262,
		"staff-ratio": 12, "hours-available-per-staff": 10, "outsourced-share": 720. / 2120 * 100, "own-share": 1000. / 2120 * 100, "tuition-share": 400. / 2120 * 100, "central-share": 1120. / 1720 * 100,
		"technology-share": 300. / 1100 * 100, "non-learning-share": 40, "completion-rate": 75, "seats-taken": 55, "licences-in-use": 37.5, "timely-access": 4,
	}
	for _, m := range effort.Measures {
		v, ok := want[m.Key]
		if !ok {
			t.Errorf("%s is not checked", m.Key)
		}
		near(t, m.Key, m.Value(e, "EUR"), v)
		delete(want, m.Key)
		few := m.Key == "people-reached" || m.Key == "people-in-formal-learning" || m.Key == "completion-rate" || m.Key == "timely-access"
		if m.Few(e) != few {
			t.Errorf("%s is told of too few: %v", m.Key, !few)
		}
		if found, there := effort.MeasureOf(m.Origin()); !there || found.Key != m.Key {
			t.Errorf("%s is not found by its origin", m.Key)
		}
	}
	if len(want) > 0 {
		t.Errorf("no measures: %v", want)
	}
	// cost of an hour available / cost of an hour used = hours used / hours available, of the same hours (reuse ratio)
	if m, _ := effort.MeasureOf("effort/cost-per-hour-used"); math.Abs(*m.Value(e, "EUR")*2-262) > 1e-9 {
		t.Error("20 hours used of 10 available cost half as much each")
	}
}

func TestWhatIsNotKnownIsNoMeasure(t *testing.T) {
	e := effort.EfficiencyOf(euros, []effort.Footing{{Monthly: effort.Monthly{Month: "2026-03"}}})
	for _, m := range effort.Measures {
		if v := m.Value(e, "EUR"); v != nil && *v != 0 {
			t.Errorf("%s of nothing: %g", m.Key, *v)
		} else if v != nil && m.Scale != effort.AsMoney && m.Scale != effort.AsHours {
			t.Errorf("%s of nothing is a number", m.Key)
		}
	}
}

// A scorecard's year to date is what the months themselves come to.
func TestMarksComeToWhatMonthsDo(t *testing.T) {
	months := footings(t)
	march, idle := months[0], effort.Footing{Monthly: effort.Monthly{Month: "2026-02"}}
	march.Month = "2025-12"
	for cell, a := range months[0].Cells { // a month that has costs and no hours
		if cell.Side == "" {
			idle.Tally.Add(effort.Tally{Cells: map[effort.Cell]effort.Amounts{cell: a}})
		}
	}
	idle.Function = idle.Tally
	months = append([]effort.Footing{idle}, months...)
	months = append([]effort.Footing{march}, months...)
	marks := effort.Marks(euros, months, effort.Measures)
	for _, m := range effort.Measures {
		marked := marks[m.Key]
		if m.Few(effort.EfficiencyOf(euros, months[1:])) {
			if marked.Withheld != months[3].Month.Number() {
				t.Errorf("%s is told of too few people: %+v", m.Key, marked)
			}
			continue
		}
		i := m.Indicator("EUR", func(s string) string { return s })
		if err := i.Check(); err != nil {
			t.Errorf("%s: %v", m.Key, err)
		}
		r := strategy.Read(i, 2026, marked.Total, nil, nil)
		want := m.Value(effort.EfficiencyOf(euros, months[1:]), "EUR")
		if r.ToDate == nil || math.Abs(*r.ToDate-*want) > 1e-9 {
			t.Errorf("%s: the card says %v, the months %v", m.Key, r.ToDate, *want)
		}
	}
}

// Of 52 people reached in a unit and 48 in its sister, the whole has 100: the difference tells neither how many the third
// unit has, whose four are withheld, nor that it has any.
func TestPeopleAreToldToTheNearestFive(t *testing.T) {
	for n, want := range map[int]int{0: 0, 2: 0, 3: 5, 5: 5, 7: 5, 8: 10, 48: 50, 52: 50, 104: 105} {
		if got := effort.Veiled(n); got != want {
			t.Errorf("%d is told as %d, want %d", n, got, want)
		}
	}
}

func TestPublishedMeansAreOfMeasures(t *testing.T) {
	for _, p := range effort.Means {
		if _, there := effort.MeasureOf("effort/" + p.Measure); !there {
			t.Errorf("%s is no measure", p.Measure)
		}
	}
	if p, _ := effort.MeanOf("cost-per-hour-used", 2022); p.Year != 2021 || p.Value != 103 {
		t.Errorf("newest before 2022: %+v", p)
	}
	if _, there := effort.MeanOf("cost-per-hour-used", 2019); there {
		t.Error("nothing was published of 2019 or before")
	}
}
