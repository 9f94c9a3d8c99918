package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// attitude is a survey in 30 departments of a financial organisation: complaints,
// privileges, learning, raises, critical, advance and, last, rating (S. Chatterjee,
// B. Price, Regression Analysis by Example, 1977; in R as 'attitude').
var attitude = [][]float64{
	{51, 30, 39, 61, 92, 45, 43}, {64, 51, 54, 63, 73, 47, 63}, {70, 68, 69, 76, 86, 48, 71}, {63, 45, 47, 54, 84, 35, 61},
	{78, 56, 66, 71, 83, 47, 81}, {55, 49, 44, 54, 49, 34, 43}, {67, 42, 56, 66, 68, 35, 58}, {75, 50, 55, 70, 66, 41, 71},
	{82, 72, 67, 71, 83, 31, 72}, {61, 45, 47, 62, 80, 41, 67}, {53, 53, 58, 58, 67, 34, 64}, {60, 47, 39, 59, 74, 41, 67},
	{62, 57, 42, 55, 63, 25, 69}, {83, 83, 45, 59, 77, 35, 68}, {77, 54, 72, 79, 77, 46, 77}, {90, 50, 72, 60, 54, 36, 81},
	{85, 64, 69, 79, 79, 63, 74}, {60, 65, 75, 55, 80, 60, 65}, {70, 46, 57, 75, 85, 46, 65}, {58, 68, 54, 64, 78, 52, 50},
	{40, 33, 34, 43, 64, 33, 50}, {61, 52, 62, 66, 80, 41, 64}, {66, 52, 50, 63, 80, 37, 53}, {37, 42, 58, 50, 57, 49, 40},
	{54, 42, 48, 66, 75, 33, 63}, {77, 66, 63, 88, 76, 72, 66}, {75, 58, 74, 80, 78, 49, 78}, {57, 44, 45, 51, 83, 38, 48},
	{85, 71, 71, 77, 74, 55, 85}, {82, 39, 59, 64, 78, 39, 82},
}

func momentsOf(rows [][]float64) *Moments {
	m := NewMoments(len(rows[0]))
	for _, row := range rows {
		m.Add(row)
	}
	return m
}

// TestLMGOfTheDepartments holds the figures that R gives.
func TestLMGOfTheDepartments(t *testing.T) {
	im, ok := LMG(momentsOf(attitude).Cov())
	if !ok {
		t.Fatal("nothing is told")
	}
	near(t, "R2", im.R2, .732602, 5e-7)
	for i, want := range []float64{.370816, .050904, .155766, .120345, .006589, .028182} {
		near(t, "share", im.Shares[i], want, 5e-7)
	}
}

// TestJohnsonOfTheDepartments holds what R 4.2.2 gives for the formula, by its eigen and solve.
func TestJohnsonOfTheDepartments(t *testing.T) {
	im, ok := Johnson(momentsOf(attitude).Cov())
	if !ok {
		t.Fatal("nothing is told")
	}
	near(t, "R2", im.R2, .732602, 5e-7)
	for i, want := range []float64{.3627601997, .0560022788, .1636109108, .1217803997, .0082554665, .0201927372} {
		near(t, "weight", im.Shares[i], want, 1e-9)
	}
}

// TestTheRegressionOfTheDepartmentsIsNoChance: R's summary(lm(rating ~ ., attitude)) has
// F 10.5 on 6 and 23 DF, p 1.24e-05.
func TestTheRegressionOfTheDepartmentsIsNoChance(t *testing.T) {
	near(t, "p", ExplainedP(.732602, 30, 6), 1.24e-5, 5e-8)
	near(t, "p without degrees of freedom", ExplainedP(.9, 7, 6), 1, 0)
}

func TestJohnsonEqualsLMGForTwoPredictors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var rows [][]float64
		for range 40 {
			a, b := rng.NormFloat64(), rng.NormFloat64()
			rows = append(rows, []float64{a, .6*a + b, a - 2*b + 3*rng.NormFloat64()})
		}
		cov := momentsOf(rows).Cov()
		lmg, _ := LMG(cov)
		johnson, ok := Johnson(cov)
		if !ok {
			t.Fatal("nothing is told")
		}
		near(t, "R2", johnson.R2, lmg.R2, 1e-9)
		for j := range 2 {
			near(t, "share", johnson.Shares[j], lmg.Shares[j], 1e-9)
		}
	}
}

// TestSharesAddUpAndUncorrelatedPredictorsHaveTheirSquares: both ways of dividing give a
// predictor that goes with no other its squared correlation.
func TestSharesAddUpAndUncorrelatedPredictorsHaveTheirSquares(t *testing.T) {
	cov := [][]float64{{1, 0, 0, .5}, {0, 4, 0, .6}, {0, 0, 1, -.4}, {.5, .6, -.4, 1}}
	for name, divide := range map[string]func([][]float64) (Importance, bool){"LMG": LMG, "Johnson": Johnson} {
		im, ok := divide(cov)
		if !ok {
			t.Fatalf("%s: nothing is told", name)
		}
		for j, want := range []float64{.25, .09, .16} {
			near(t, name, im.Shares[j], want, 1e-12)
		}
		near(t, name+" R2", im.R2, .5, 1e-12)
	}
	im, _ := Johnson(momentsOf(attitude).Cov())
	lmg, _ := LMG(momentsOf(attitude).Cov())
	near(t, "R2", im.R2, lmg.R2, 1e-9)
}

func TestImportanceDoesNotApply(t *testing.T) {
	for name, cov := range map[string][][]float64{
		"no predictor":                {{1}},
		"an outcome without variance": {{1, 0}, {0, 0}},
		"one predictor twice":         {{1, 1, .5}, {1, 1, .5}, {.5, .5, 1}},
		"nothing":                     nil,
	} {
		if _, ok := LMG(cov); ok {
			t.Errorf("LMG: %s gives shares", name)
		}
		if _, ok := Johnson(cov); ok {
			t.Errorf("Johnson: %s gives shares", name)
		}
	}
}

func TestMomentsJoin(t *testing.T) {
	one, two := momentsOf(attitude[:11]), momentsOf(attitude[11:])
	one.Join(two)
	all := momentsOf(attitude)
	if one.N() != 30 {
		t.Errorf("%d rows", one.N())
	}
	for i, row := range all.Cov() {
		for j, v := range row {
			if math.Abs(one.Cov()[i][j]-v) > 1e-9 {
				t.Errorf("covariance %d %d: %v, not %v", i, j, one.Cov()[i][j], v)
			}
		}
	}
	near(t, "variance of rating in R", all.Cov()[6][6], 148.1713, 5e-5)
}
