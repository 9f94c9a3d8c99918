package strategy_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

var monthly = strategy.Indicator{Key: "sales", Name: "Sales", Direction: strategy.Higher, OverUnits: strategy.SumOfUnits, OverTime: strategy.SumOfPeriods, Grain: period.Monthly, Perspective: strategy.Financial}

// months is a total that begins in a month.
func months(first period.Period, values ...float64) (t strategy.Total) {
	for n, v := range values {
		t = append(t, strategy.Mark{Number: first.Number() + n, Sum: v, Units: 1})
	}
	return t
}

func repeat(v float64, n int) (all []float64) {
	for range n {
		all = append(all, v)
	}
	return all
}

// design/measures 3: attainment = (actual - baseline) / (target - baseline); not defined when both
// are equal; a range is in or out.
func TestAttainment(t *testing.T) {
	for _, c := range []struct{ actual, baseline, target, want float64 }{
		{77.6, 76.1, 80, 1.5 / 3.9}, {80, 76, 80, 1}, {75, 76, 80, -.25}, {20, 25, 20, 1}, {22.5, 25, 20, .5},
	} {
		if got := strategy.Attainment(c.actual, c.baseline, c.target); got == nil || math.Abs(*got-c.want) > 1e-12 {
			t.Errorf("from %g to %g at %g: got %v, want %g", c.baseline, c.target, c.actual, got, c.want)
		}
	}
	if got := strategy.Attainment(5, 3, 3); got != nil {
		t.Errorf("a target equal to its baseline: %g", *got)
	}
	within := monthly
	within.Direction, within.OverTime, within.OverUnits = strategy.Within, strategy.MeanOfPeriods, strategy.NotOfUnits
	for v, want := range map[float64]float64{89: 0, 90: 1, 95: 1, 95.5: 0} {
		r := strategy.Read(within, 2026, months("2026-01", v, v), nil, &strategy.Target{Year: 2026, Value: 90, High: 95})
		if r.Attainment == nil || *r.Attainment != want || r.OfPlan != nil {
			t.Errorf("%g within 90 to 95: %v", v, r.Attainment)
		}
	}
	mean := monthly
	mean.OverTime = strategy.MeanOfPeriods
	actual := append(months("2025-01", repeat(70, 12)...), months("2026-01", 72, 74)...)
	if r := strategy.Read(mean, 2026, actual, nil, &strategy.Target{Year: 2026, Value: 80, High: 80}); r.Attainment == nil || math.Abs(*r.Attainment-.3) > 1e-12 {
		t.Errorf("from the year before: %v", r.Attainment)
	}
	if r := strategy.Read(monthly, 2026, actual, nil, &strategy.Target{Year: 2026, Value: 900, High: 900}); r.Attainment != nil {
		t.Errorf("a part of a sum against the whole: %v", *r.Attainment)
	}
}

func TestAYearIsReadToDate(t *testing.T) {
	actual := append(months("2025-01", repeat(10, 12)...), months("2026-01", 12, 11, 13)...)
	plan := months("2026-01", repeat(12, 12)...)
	r := strategy.Read(monthly, 2026, actual, plan, nil)
	for what, c := range map[string]struct {
		got  *float64
		want float64
	}{
		"last year": {r.LastYear, 120}, "plan": {r.Plan, 144}, "year to date": {r.ToDate, 36}, "plan to date": {r.PlanToDate, 36}, "last to date": {r.LastToDate, 30}, "of plan": {r.OfPlan, 1},
	} {
		if c.got == nil || math.Abs(*c.got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %g", what, c.got, c.want)
		}
	}
	if r.Periods != 3 || r.Of != 12 || r.Through != period.Period("2026-03").Number() || !r.LastWhole || r.Units != 1 || r.OfUnits != 1 {
		t.Errorf("%+v", r)
	}
	lower := monthly
	lower.Direction = strategy.Lower
	if r := strategy.Read(lower, 2026, months("2026-01", 6), months("2026-01", repeat(5, 12)...), nil); math.Abs(*r.OfPlan-5./6) > 1e-12 {
		t.Errorf("where lower is better it is turned round: %g", *r.OfPlan)
	}
	// The plan has no February, so nothing can be said of the plan to date or of the year's.
	if r := strategy.Read(monthly, 2026, months("2026-01", 6, 6), months("2026-01", 5), nil); r.PlanToDate != nil || r.Plan != nil || r.OfPlan != nil {
		t.Errorf("a plan with holes: %+v", r)
	}
	stock := monthly
	stock.OverTime = strategy.LastPeriod
	if r := strategy.Read(stock, 2026, actual, months("2026-03", 14), nil); *r.LastYear != 10 || *r.ToDate != 13 || *r.PlanToDate != 14 || r.Plan != nil {
		t.Errorf("of a stock the newest counts: %+v", r)
	}
	weighted := monthly
	weighted.OverTime, weighted.OverUnits = strategy.MeanOfPeriods, strategy.MeanOfUnits
	two := strategy.Total{{Number: period.Period("2026-01").Number(), Sum: 700, Weight: 10, Units: 1}, {Number: period.Period("2026-02").Number(), Sum: 2400, Weight: 30, Units: 2}}
	if r := strategy.Read(weighted, 2026, two, nil, nil); *r.ToDate != 77.5 {
		t.Errorf("a mean over time is weighted as over units: %g", *r.ToDate)
	}
	if r := strategy.Read(monthly, 2026, nil, nil, nil); r.ToDate != nil || r.LastYear != nil || r.Forecast != nil || r.Status != strategy.Unknown {
		t.Errorf("of nothing nothing is known: %+v", r)
	}
}

func TestAStatusIsReadFromForecastAndPlan(t *testing.T) {
	last := []float64{100, 102, 98, 101, 99, 100, 103, 97, 100, 101, 99, 100}
	now := []float64{104, 107, 101, 106, 103, 104, 108, 100, 105} // 938, about 4.1 a month above
	actual := append(append(months("2024-01", last...), months("2025-01", last...)...), months("2026-01", now...)...)
	year := func(plan float64) strategy.Reading {
		return strategy.Read(monthly, 2026, actual, months("2026-01", repeat(plan/12, 12)...), nil)
	}
	f := year(1200).Forecast
	if f == nil || f.Method != strategy.Seasonal || f.Value < 938+290 || f.Value > 938+315 || !(f.Low < f.Value && f.Value < f.High) {
		t.Fatalf("%+v", f)
	}
	for plan, want := range map[float64]strategy.Status{f.Low - 1: strategy.Ahead, f.Value - .1: strategy.OnPlan, f.Value + .1: strategy.AtRisk, f.High + 1: strategy.Behind} {
		if got := year(plan).Status; got != want {
			t.Errorf("plan %.1f with forecast %.1f (%.1f to %.1f): %s, want %s", plan, f.Value, f.Low, f.High, got, want)
		}
	}
	lower := monthly
	lower.Direction = strategy.Lower
	if got := strategy.Read(lower, 2026, actual, months("2026-01", repeat((f.High+1)/12, 12)...), nil).Status; got != strategy.Ahead {
		t.Errorf("where lower is better: %s", got)
	}
	whole := append(months("2025-01", last...), months("2026-01", last...)...)
	for plan, want := range map[float64]strategy.Status{1199: strategy.Reached, 1201: strategy.Missed} {
		if r := strategy.Read(monthly, 2026, whole, months("2026-01", repeat(plan/12, 12)...), nil); r.Status != want || r.Forecast != nil {
			t.Errorf("a whole year against %g: %s", plan, r.Status)
		}
	}
	if r := strategy.Read(monthly, 2026, months("2026-01", 5, 5), months("2026-01", repeat(1, 12)...), nil); r.Status != strategy.Unknown || r.Forecast != nil {
		t.Errorf("two months are too few for a forecast of a sum: %+v", r)
	}
	if r := strategy.Read(monthly, 2026, months("2026-01", 5, 6, 5, 6, 5), months("2026-01", repeat(4, 12)...), nil); r.Status != strategy.Ahead || r.Forecast.Method != strategy.Level || math.Abs(r.Forecast.Value-12*5.4) > 1e-9 {
		t.Errorf("without a year before, the level is carried on: %+v", r)
	}
}

// A stock whose last period is there is what it is, though earlier ones of the year are not.
func TestAStockWithItsLastPeriodIsNotForecast(t *testing.T) {
	stock := monthly
	stock.OverTime = strategy.LastPeriod
	actual := append(months("2026-01", 6), months("2026-12", 7)...)
	for aim, want := range map[float64]strategy.Status{7: strategy.Reached, 8: strategy.Missed} {
		r := strategy.Read(stock, 2026, actual, nil, &strategy.Target{Year: 2026, Value: aim, High: aim})
		if r.Forecast != nil || r.Status != want || !r.Over(stock) {
			t.Errorf("against %g: %s, %+v", aim, r.Status, r.Forecast)
		}
	}
}

// The interval of a forecast is honest: over many made-up years with seasons, growth and neighbours
// that are alike it holds the truth about as often as it says.
func TestAForecastHoldsTheTruthAsOftenAsItSays(t *testing.T) {
	for name, c := range map[string]struct{ auto, season, growth float64 }{"independent": {0, 20, 1}, "alike": {.5, 20, 1}, "flat": {0, 0, 0}} {
		held, asked := 0, 0
		for seed := range uint64(600) {
			rng := rand.New(rand.NewPCG(seed, 7))
			var values []float64
			e := 0.0
			for n := range 36 {
				e = c.auto*e + rng.NormFloat64()*3
				values = append(values, 200+c.growth*float64(n)+c.season*math.Sin(2*math.Pi*float64(n)/12)+e)
			}
			var truth float64
			for _, v := range values[24:] {
				truth += v
			}
			r := strategy.Read(monthly, 2026, months("2024-01", values[:24+3+int(seed%7)]...), nil, nil)
			asked++
			if r.Forecast.Low <= truth && truth <= r.Forecast.High {
				held++
			}
		}
		share := float64(held) / float64(asked)
		t.Logf("%s: %.3f", name, share)
		if share < .92 || share > .985 {
			t.Errorf("%s: a 95 %% interval holds the truth in %.1f %%", name, share*100)
		}
	}
}
