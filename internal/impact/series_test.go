package impact

import (
	"fmt"
	"math"
	"testing"
)

// complaints is the roll-out's complaints and officers by month.
func complaints(t testing.TB) (counts, officers []float64) {
	column, rows := readReal(t, "cohort_month.csv")
	counts, officers = make([]float64, 72), make([]float64, 72)
	for _, row := range rows {
		var month, n, all int
		if _, err := fmt.Sscan(row[column["period"]], &month); err != nil {
			t.Fatal(err)
		}
		fmt.Sscan(row[column["complaints"]], &n)
		fmt.Sscan(row[column["n_officers"]], &all)
		counts[month-1] += float64(n)
		officers[month-1] += float64(all)
	}
	return counts, officers
}

// Computed with R: lm with sandwich::NeweyWest (lag 3, no prewhitening, adjusted), and glm
// of the quasipoisson family with an offset; the start is pretended.
func TestSeriesOfComplaints(t *testing.T) {
	counts, officers := complaints(t)
	rate := make([]float64, len(counts))
	for m := range counts {
		rate[m] = 1000 * counts[m] / officers[m]
	}
	for _, w := range []struct {
		impact        Impact
		season        int
		att, se       float64
		log, logSE, d float64
	}{
		{Level, 0, 3.08052065, 4.55565747, 0.07666914, 0.09247518, 11.253197},
		{Level, 12, 3.43143775, 3.86608366, 0.08807826, 0.09036566, 9.995620},
		{Slope, 0, -9.46055421, 3.10113759, -0.35233430, 0.06858271, 8.389956},
		{Slope, 12, -9.46335442, 2.66994397, -0.35458589, 0.06346743, 7.129506},
		{LevelSlope, 0, -6.59177757, 4.75946426, -0.25122255, 0.09836722, 8.304900},
		{LevelSlope, 12, -6.24086047, 3.31597192, -0.24191225, 0.09247925, 6.989134},
	} {
		what := fmt.Sprintf("%s, season %d: ", w.impact, w.season)
		got, err := Interrupted(rate, 36, SeriesOptions{Impact: w.impact, Season: w.season})
		if err != nil {
			t.Fatal(err)
		}
		near(t, what+"effect", got.Effect.ATT, w.att, 7)
		near(t, what+"error", got.Effect.SE, w.se, 7)
		if got.Lag != 3 || got.Before != 36 || got.After != 36 {
			t.Errorf("%slag %d, %d before, %d after", what, got.Lag, got.Before, got.After)
		}
		got, err = Interrupted(counts, 36, SeriesOptions{Impact: w.impact, Season: w.season, Counts: true, Offset: officers})
		if err != nil {
			t.Fatal(err)
		}
		near(t, what+"log ratio", got.Effect.ATT, w.log, 6)
		near(t, what+"its error", got.Effect.SE, w.logSE, 6)
		near(t, what+"dispersion", got.Scale, w.d, 4)
		ratio, low, high := got.Ratio()
		if !(low < ratio && ratio < high) || math.Abs(ratio-math.Exp(w.log)) > 1e-6 {
			t.Errorf("%sratio %v, %v to %v", what, ratio, low, high)
		}
	}
}

func TestASeriesWithoutNoiseGivesItsJumpAndBend(t *testing.T) {
	values := make([]float64, 24)
	for m := range values {
		values[m] = 5 + 0.5*float64(m) + math.Sin(float64(m))*1e-6
		if m >= 12 {
			values[m] += 3 + 0.25*float64(m-12)
		}
	}
	values[4] = math.NaN()
	got, err := Interrupted(values, 12, SeriesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "jump", got.Jump.ATT, 3, 4)
	near(t, "bend", got.Bend.ATT, 0.25, 4)
	near(t, "trend", got.Trend.ATT, 0.5, 4)
	near(t, "effect", got.Effect.ATT, 3+0.25*5.5, 4)
	near(t, "without it", got.Without[23], 5+0.5*23, 3)
	near(t, "with it", got.Fitted[23], 5+0.5*23+3+0.25*11, 3)
	if got.Before != 11 {
		t.Errorf("%d before", got.Before)
	}
}

func TestSeriesThatCannotBeFitted(t *testing.T) {
	for name, run := range map[string]func() error{
		"nothing before": func() error {
			_, err := Interrupted([]float64{1, 2, 3, 4, 5, 6}, 1, SeriesOptions{})
			return err
		},
		"too many parts": func() error {
			_, err := Interrupted([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 4, SeriesOptions{Season: 12, Harmonics: 3})
			return err
		},
		"a count below 0": func() error {
			_, err := Interrupted([]float64{1, 2, 3, -4, 5, 6, 7, 8}, 4, SeriesOptions{Counts: true})
			return err
		},
	} {
		if err := run(); err == nil {
			t.Errorf("%s: no mistake", name)
		}
	}
}
