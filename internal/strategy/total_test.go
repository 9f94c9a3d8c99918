package strategy_test

import (
	"math"
	"testing"

	"throughline/internal/strategy"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func series(values map[int]float64) (s strategy.Series) {
	for n := 0; n < 100; n++ {
		if v, there := values[n]; there {
			s = append(s, strategy.Point{Number: n, Value: v})
		}
	}
	return s
}

func TestUnitsComeTogether(t *testing.T) {
	total := func(s strategy.Series) strategy.Total { return strategy.TotalOf(strategy.SumOfUnits, false, s, nil) }
	a, b := series(map[int]float64{1: 100, 2: 50}), series(map[int]float64{1: 300})
	sum := strategy.TotalOf(strategy.SumOfUnits, false, nil, nil, total(a), total(b))
	if diff := cmp.Diff(strategy.Total{{Number: 1, Sum: 400, Units: 2}, {Number: 2, Sum: 50, Units: 1}}, sum); diff != "" {
		t.Errorf("a period that a unit lacks is missing, not zero: %s", diff)
	}
	// Satisfaction 70 of 100 and 80 of 300 customers is 77.5 of 400; the one without customers counts nowhere.
	of := func(s, customers strategy.Series) strategy.Total {
		return strategy.TotalOf(strategy.MeanOfUnits, false, s, strategy.WeightsOf(strategy.Actual, total(customers), nil, 12))
	}
	alone := of(series(map[int]float64{1: 99}), nil)
	if len(alone) != 1 || alone[0].Value() != 99 || alone[0].Units != 0 {
		t.Errorf("without a weight: %+v", alone)
	}
	mean := strategy.TotalOf(strategy.MeanOfUnits, false, nil, nil, of(series(map[int]float64{1: 70}), a), of(series(map[int]float64{1: 80}), b), alone)
	if len(mean) != 1 || mean[0].Value() != 77.5 || mean[0].Weight != 400 || mean[0].Units != 2 {
		t.Errorf("a weighted mean: %+v", mean)
	}
	// What was observed of the unit itself is of all of it.
	own := strategy.TotalOf(strategy.SumOfUnits, false, series(map[int]float64{1: 410}), nil, total(a), total(b))
	if diff := cmp.Diff(strategy.Total{{Number: 1, Sum: 410, Units: 1, Stated: true}, {Number: 2, Sum: 50, Units: 1}}, own); diff != "" {
		t.Error(diff)
	}
	// A value of the unit alone is added to those below, with the weight of the unit alone.
	added := strategy.TotalOf(strategy.SumOfUnits, true, series(map[int]float64{1: 10, 3: 5}), nil, total(a), total(b))
	if diff := cmp.Diff(strategy.Total{{Number: 1, Sum: 410, Units: 3}, {Number: 2, Sum: 50, Units: 1}, {Number: 3, Sum: 5, Units: 1, Stated: true}}, added); diff != "" {
		t.Error(diff)
	}
	both := strategy.TotalOf(strategy.MeanOfUnits, true, series(map[int]float64{1: 50}), func(int) float64 { return 100 }, of(series(map[int]float64{1: 80}), b))
	if len(both) != 1 || both[0].Value() != (50*100+80*300)/400. {
		t.Errorf("a mean with a value of the unit alone: %+v", both)
	}
	if got := strategy.TotalOf(strategy.NotOfUnits, false, a, nil); got[0].Value() != 100 || got[1].Value() != 50 {
		t.Errorf("each unit has its own: %+v", got)
	}
}

func TestAPlanIsWeightedByWhatIsKnown(t *testing.T) {
	total := func(values map[int]float64) strategy.Total {
		return strategy.TotalOf(strategy.SumOfUnits, false, series(values), nil)
	}
	actual, plan := total(map[int]float64{1: 10, 13: 20}), total(map[int]float64{13: 1, 14: 30})
	weights := strategy.WeightsOf(strategy.Plan, actual, plan, 12)
	for number, want := range map[int]float64{13: 20, 14: 30, 25: 20, 40: 20} {
		if got := weights(number); got != want {
			t.Errorf("of %d: %g, want %g", number, got, want)
		}
	}
	if got := strategy.WeightsOf(strategy.Actual, actual, plan, 12)(14); got != 0 {
		t.Errorf("what was observed is weighted by what was observed: %g", got)
	}
}

func TestASeriesKeepsWhatItReplaces(t *testing.T) {
	at := func(number int, v float64, feed int) strategy.Point {
		return strategy.Point{Number: number, Value: v, Feed: feed}
	}
	s := strategy.Series{at(1, 10, 1), at(2, 20, 1), at(4, 40, 1)}
	merged, was := s.Merge([]strategy.Cell{{Point: at(0, 5, 2)}, {Point: at(2, 20, 2)}, {Point: at(3, 30, 2)}, {Point: at(4, 41, 2)}, {Point: at(5, 0, 2)}, {Point: at(6, 0, 2), Gone: true}})
	if diff := cmp.Diff(strategy.Series{at(0, 5, 2), at(1, 10, 1), at(2, 20, 1), at(3, 30, 2), at(4, 41, 2), at(5, 0, 2)}, merged); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(strategy.Series{at(4, 40, 1)}, was); diff != "" {
		t.Error(diff)
	}
	merged, was = s.Merge([]strategy.Cell{{Point: at(2, 20, 2), Gone: true}})
	if len(merged) != 2 || len(was) != 1 || was[0] != at(2, 20, 1) {
		t.Errorf("taken out: %v, was %v", merged, was)
	}
}

func TestWhatIsPackedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s strategy.Series
		var total strategy.Total
		number := 0
		for range rapid.IntRange(0, 70).Draw(t, "points") {
			number += rapid.IntRange(1, 500).Draw(t, "gap")
			v := rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "value")
			s = append(s, strategy.Point{Number: number, Value: v, Feed: rapid.IntRange(0, 1<<32-1).Draw(t, "feed")})
			total = append(total, strategy.Mark{Number: number, Sum: v, Weight: v / 3, Units: rapid.IntRange(0, 1<<31-1).Draw(t, "units"), Stated: rapid.Bool().Draw(t, "stated")})
		}
		if got, err := strategy.UnpackSeries(s.Pack()); err != nil || len(got) != len(s) || len(s) > 0 && !cmp.Equal(got, s) {
			t.Fatalf("%v, %v", got, err)
		}
		if got, err := strategy.UnpackTotal(total.Pack()); err != nil || len(got) != len(total) || len(total) > 0 && !cmp.Equal(got, total) {
			t.Fatalf("%v, %v", got, err)
		}
	})
	for _, bad := range [][]byte{nil, {0}, {1, 2}, {9, 0, 0}} {
		if _, err := strategy.UnpackSeries(bad); err == nil {
			t.Errorf("%v is taken for a series", bad)
		}
		if _, err := strategy.UnpackTotal(bad); err == nil {
			t.Errorf("%v is taken for a total", bad)
		}
	}
}
