package effort_test

import (
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"

	"github.com/RoaringBitmap/roaring/v2"
)

// An initiative that runs from April to September 2026 is planned to come to 60 hours, 10 in each month. By the
// end of April it has come to 21: 15 in March, before it had begun anywhere, and 6 in April.
func TestAnInitiativeAgainstItsBudget(t *testing.T) {
	i := effort.Initiative{Starts: []effort.Start{{Day: "2026-05-02"}, {Day: "2026-04-20"}}, Due: "2026-09-30"}
	b := effort.Budget{Year: 2026, People: 12, Minutes: 60 * 60, Cost: 600_000, Currency: "EUR"}
	months := effort.EveryMonth(twoMonths(t), "2025-01", "2026-04")
	if len(months) != 16 || !months[0].Empty() {
		t.Fatalf("%d months", len(months))
	}
	say := func(text string) string { return text }
	for _, named := range []bool{true, false} {
		lines := map[string]effort.ReportLine{}
		for _, l := range i.Against(b, euros, months, named, say) {
			lines[l.Name] = l
		}
		hours, cost, people := lines["Hours of who takes part"].Line, lines["Cost"].Line, lines["People who learn in it"].Line
		near(t, "hours", hours.ToDate, 21)
		near(t, "planned hours", hours.Plan, 60)
		near(t, "hours planned by then", hours.PlanToDate, 10)
		near(t, "of the plan", hours.OfPlan, 2.1)
		near(t, "hours the year before", hours.LastYear, 0)
		near(t, "cost", cost.ToDate, 2620)
		near(t, "planned cost", cost.Plan, 6000)
		near(t, "hours of staff", lines["Hours of staff"].Line.ToDate, 2000./60)
		if named {
			near(t, "people", people.ToDate, 3)
			near(t, "people planned by then", people.PlanToDate, 2)
		} else if people.ToDate != nil && *people.ToDate > 0 || people.Withheld == 0 {
			t.Errorf("three people are told: %+v", people.Reading)
		}
		if f := hours.Forecast; f == nil || f.Low < 0 {
			t.Errorf("a forecast below nothing: %+v", f)
		}
	}
	if lines := i.Against(effort.Budget{Year: 2026}, euros, months, true, say); lines[0].Line.Plan != nil {
		t.Error("nothing is planned, and there is a plan")
	}
	over := effort.Initiative{Due: "2024-03-31"} // planned for a year after it was to be over: alike over the year
	near(t, "planned by then", over.Against(b, euros, months, true, say)[1].Line.PlanToDate, 20)
}

// In March three people, who are too few to be told; with those of April they are seven, told as five: of what was planned
// for both months, not for April alone.
func TestPeopleWhoWereTooFewStandAgainstThePlanOfTheirMonthsToo(t *testing.T) {
	i := effort.Initiative{Starts: []effort.Start{{Day: "2026-03-02"}}}
	months := effort.EveryMonth([]effort.Monthly{
		{Month: "2026-03", Tally: effort.Tally{Learners: roaring.BitmapOf(1, 2, 3)}},
		{Month: "2026-04", Tally: effort.Tally{Learners: roaring.BitmapOf(3, 4, 5, 6, 7)}},
	}, "2026-01", "2026-04")
	people := i.Against(effort.Budget{Year: 2026, People: 50}, euros, months, false, func(text string) string { return text })[0].Line
	near(t, "people", people.ToDate, 5)
	near(t, "planned by then", people.PlanToDate, 10)
	near(t, "of the plan", people.OfPlan, .5)
}

func TestABudgetThatIsNone(t *testing.T) {
	for field, b := range map[string]effort.Budget{"people": {Year: 2026, People: -1}, "hours": {Year: 2026, Minutes: -60}, "cost": {Year: 2026, Cost: -1}} {
		if err := b.Check(); fault.KindOf(err) != fault.Invalid || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := (effort.Budget{Year: 2026}).Check(); err != nil {
		t.Error(err)
	}
}
