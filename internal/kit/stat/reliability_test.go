package stat

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %.9f, want %.9f", what, got, want)
	}
}

// oneFactorCov is the covariance matrix of items with exactly one factor.
func oneFactorCov(loading, theta []float64) [][]float64 {
	cov := make([][]float64, len(loading))
	for i := range cov {
		cov[i] = make([]float64, len(loading))
		for j := range cov {
			cov[i][j] = loading[i] * loading[j]
		}
		cov[i][i] += theta[i]
	}
	return cov
}

func TestAlphaOfParallelItems(t *testing.T) {
	// Spearman-Brown: k items that correlate r have alpha kr / (1 + (k-1)r).
	alpha, ok := Alpha([][]float64{{1, .5, .5}, {.5, 1, .5}, {.5, .5, 1}})
	near(t, "alpha", alpha, .75, 1e-12)
	if !ok {
		t.Error("no alpha")
	}
}

func TestOmegaFindsTheFactorThatMadeTheItems(t *testing.T) {
	for _, c := range []struct {
		name           string
		loading, theta []float64
	}{
		{"three items", []float64{1, .8, .6}, []float64{.5, .4, .9}},
		{"unequal items", []float64{.1, 2, .5, 1.5, .9, .3}, []float64{3, .2, 1, .5, 2, .1}},
		{"twelve items", []float64{1, 1.1, .9, .8, 1.2, 1, .7, .6, 1.3, 1, .9, .5}, []float64{1, .9, .8, 1, 1.2, .6, .7, .9, 1, 1.1, .8, .7}},
		{"weak items", []float64{.3, .35, .25, .4}, []float64{.9, .8, 1, .9}},
		{"one against the others", []float64{1, 1, 1, -.5}, []float64{1, 1, 1, 1}},
	} {
		sum, err := 0.0, 0.0
		for i := range c.loading {
			sum += c.loading[i]
			err += c.theta[i]
		}
		omega, ok := Omega(oneFactorCov(c.loading, c.theta))
		if !ok {
			t.Errorf("%s: no omega", c.name)
		}
		near(t, c.name, omega, sum*sum/(sum*sum+err), 5e-7)
	}
}

func TestOmegaStaysAProportionWhereOneItemWouldBeTheFactor(t *testing.T) {
	// The best loading of the first item is above its own deviation (a Heywood case).
	omega, ok := Omega([][]float64{{1, .9, .9}, {.9, 1, .5}, {.9, .5, 1}})
	if !ok || !(omega > 0 && omega < 1) {
		t.Errorf("omega = %v, %v", omega, ok)
	}
}

func TestWhatDoesNotVaryHasNoReliability(t *testing.T) {
	for name, cov := range map[string][][]float64{
		"no item":       {},
		"one item":      {{1}},
		"no variation":  {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}},
		"not a number":  {{math.NaN(), 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"cancelled out": {{1, -1}, {-1, 1}},
	} {
		if alpha, ok := Alpha(cov); ok {
			t.Errorf("%s: alpha %v", name, alpha)
		}
		if omega, ok := Omega(cov); ok {
			t.Errorf("%s: omega %v", name, omega)
		}
	}
	if _, ok := Omega([][]float64{{1, .5}, {.5, 1}}); ok {
		t.Error("two items determine a factor")
	}
}
