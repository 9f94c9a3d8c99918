package impact

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// mostTested is how many figures before the start are tested each by itself; more, or
// more than a tenth of the clusters, are tested added up by periods since the start.
const mostTested = 400

// Pretrend tests whether all figures before the start are 0: the Wald test
// x' V^-1 x, chi-squared with as many degrees of freedom as there are figures.
type Pretrend struct {
	Wald   float64
	DF     int
	P      float64
	Events bool // of figures by periods since the start, not of cells
	// Drift is by how much a period treated and controls would have had to drift apart
	// steadily for the test to notice (5 %) four times in five. A test that passes says no
	// more than this (J. Roth, Pretest with caution, AER: Insights 2022).
	Drift float64
}

// noticed is the power for which Drift is told.
const noticed = 0.8

func (e *estimation) pretrend() {
	var x, pattern []float64
	psi, events := e.before, e.tooMany
	if events {
		psi = nil
		for i, point := range e.out.Dynamic.Points {
			if point.At < -e.o.Anticipation && !math.IsNaN(point.SE) {
				x, pattern, psi = append(x, point.ATT), append(pattern, e.steady(point.At)), append(psi, e.out.events[i])
			}
		}
	} else {
		for _, c := range e.out.Cells {
			if c.Time < c.Group-e.o.Anticipation && !math.IsNaN(c.SE) {
				x, pattern = append(x, c.ATT), append(pattern, e.steady(c.Time-c.Group))
			}
		}
	}
	if len(x) == 0 || len(x) != len(psi) {
		return
	}
	t := Pretrend{DF: len(x), Events: events}
	var ok bool
	if t.Wald, t.Drift, ok = wald(x, pattern, covariance(psi, len(e.order))); ok {
		t.P = distuv.ChiSquared{K: float64(t.DF)}.Survival(t.Wald)
		t.Drift = math.Sqrt(noncentral(t.DF, 0.05, noticed) / t.Drift)
		e.out.Pretrend = &t
	}
}

// steady is what a figure before the start would be if treated and controls drifted
// apart by one a period.
func (e *estimation) steady(event int) float64 {
	if e.o.Base == Universal {
		return float64(event + 1 + e.o.Anticipation)
	}
	return 1
}

// covariance is that of figures on which clusters have the given influence.
func covariance(psi [][]float64, n int) *mat.SymDense {
	k := len(psi)
	all := mat.NewDense(k, len(psi[0]), nil)
	for i := range psi {
		all.SetRow(i, psi[i])
	}
	var v mat.SymDense
	v.SymOuterK(1/float64(n)/float64(n), all)
	return &v
}

// wald is x' V^-1 x and pattern' V^-1 pattern; false where V has no inverse.
func wald(x, pattern []float64, v *mat.SymDense) (of, ofPattern float64, ok bool) {
	var c mat.Cholesky
	if !c.Factorize(v) || c.Cond() > 1e12 {
		return 0, 0, false
	}
	var solved mat.VecDense
	vector := mat.NewVecDense(len(x), x)
	if c.SolveVecTo(&solved, vector) != nil {
		return 0, 0, false
	}
	of = mat.Dot(vector, &solved)
	vector = mat.NewVecDense(len(pattern), pattern)
	if c.SolveVecTo(&solved, vector) != nil {
		return 0, 0, false
	}
	return of, mat.Dot(vector, &solved), true
}

// noncentral is the noncentrality at which a chi-squared test of size alpha has the
// given power.
func noncentral(df int, alpha, power float64) float64 {
	critical := distuv.ChiSquared{K: float64(df)}.Quantile(1 - alpha)
	low, high := 0.0, 1.0
	for chiPower(df, high, critical) < power {
		high *= 2
	}
	for range 60 {
		if middle := (low + high) / 2; chiPower(df, middle, critical) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// chiPower is how often a noncentral chi-squared exceeds a value: central ones mixed by
// Poisson weights.
func chiPower(df int, lambda, critical float64) float64 {
	sum, poisson := 0.0, distuv.Poisson{Lambda: lambda / 2}
	spread := 10 * math.Sqrt(lambda/2+1)
	for j := max(0, int(lambda/2-spread)); j <= int(lambda/2+spread); j++ {
		sum += poisson.Prob(float64(j)) * distuv.ChiSquared{K: float64(df + 2*j)}.Survival(critical)
	}
	return sum
}
