package impact

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
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
	// Sound is P as it is judged by: chi-squared rejects far too often where figures are many
	// for the clusters. Of up to 500 clusters the signs of their influence are drawn anew; of
	// more it is Hotelling's, F with DF and clusters less DF degrees of freedom.
	Sound float64
	// Drift is by how much a period treated and controls would have had to drift apart
	// steadily for the test to notice (5 %) four times in five. A test that passes says no
	// more than this (J. Roth, Pretest with caution, AER: Insights 2022).
	Drift float64
}

// clustersEach is how many clusters there are at least for each figure that is tested: neighbouring
// ones are put together until it is so.
const clustersEach = 6

// binned are the means of so many runs of neighbouring figures.
func binned(x, pattern []float64, psi [][]float64, bins int) (bx, bp []float64, bpsi [][]float64) {
	for b := range bins {
		lo, hi := b*len(x)/bins, (b+1)*len(x)/bins
		n := float64(hi - lo)
		bx, bp = append(bx, sum(x[lo:hi])/n), append(bp, sum(pattern[lo:hi])/n)
		mean := make([]float64, len(psi[0]))
		for _, one := range psi[lo:hi] {
			floats.AddScaled(mean, 1/n, one)
		}
		bpsi = append(bpsi, mean)
	}
	return bx, bp, bpsi
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
	if most := max(1, e.out.Clusters/clustersEach); len(x) > most {
		x, pattern, psi = binned(x, pattern, psi, most)
		events = true
	}
	t := Pretrend{DF: len(x), Events: events}
	var ok bool
	if t.Wald, t.Drift, ok = wald(x, pattern, covariance(psi, len(e.order))); ok {
		t.P = distuv.ChiSquared{K: float64(t.DF)}.Survival(t.Wald)
		if n, k := float64(e.out.Clusters), float64(t.DF); e.out.Clusters <= manyClusters {
			if t.Sound, ok = e.resample(psi, t.Wald); !ok {
				return
			}
		} else {
			t.Sound = distuv.F{D1: k, D2: n - k}.Survival(t.Wald * (n - k) / (k * (n - 1)))
		}
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

// For up to manyClusters so many resampledWalds are drawn.
const (
	manyClusters   = 500
	resampledWalds = 499
)

// resample is how often a Wald statistic is at least as large when the clusters' influence has
// random signs: a wild bootstrap in which the covariance is estimated anew each time, about
// the mean of each starting group, as it was for the statistic itself. False where nothing varies about
// these means in any draw, as where each group is a single cluster: no test could fail then.
func (e *estimation) resample(psi [][]float64, statistic float64) (p float64, ok bool) {
	of, size := e.groupOf()
	k, n := len(psi), e.clusters
	rng := rand.New(rand.NewPCG(e.o.Seed, 0x3a1d))
	grown := mat.NewDense(k, n, nil)
	for i := range psi {
		for c, v := range psi[i] {
			if m := size[of[c]]; m > 1 { // what centring has taken
				v *= math.Sqrt(m / (m - 1))
			}
			grown.Set(i, c, v)
		}
	}
	signs, drawn, x := make([]float64, n), mat.NewDense(k, n, nil), make([]float64, k)
	beyond := 1
	for range resampledWalds {
		draw(rng, signs)
		for i := range k {
			row, from, mean := drawn.RawRowView(i), grown.RawRowView(i), make([]float64, len(size))
			x[i] = 0
			for c, v := range from {
				row[c] = signs[c] * v
				x[i] += row[c] / float64(len(e.order))
				mean[of[c]] += row[c] / size[of[c]]
			}
			for c := range row {
				row[c] -= mean[of[c]]
			}
		}
		var v mat.SymDense
		v.SymOuterK(1/float64(len(e.order))/float64(len(e.order)), drawn)
		w, _, varies := wald(x, x, &v)
		if ok = ok || varies; !varies || w >= statistic {
			beyond++
		}
	}
	return float64(beyond) / float64(resampledWalds+1), ok
}

// groupOf is the starting group of each cluster, those that never start being one, and how many
// clusters each has; all are one group where clusters have units of several.
func (e *estimation) groupOf() (of []int, size []float64) {
	of = make([]int, e.clusters)
	for c := range of {
		of[c] = -1
	}
	mixed, never := false, len(e.groups)
	place := func(lo, hi, g int) {
		for _, i := range e.order[lo:hi] {
			c := e.of[i]
			mixed = mixed || of[c] >= 0 && of[c] != g
			of[c] = g
		}
	}
	for g, group := range e.groups {
		place(group.lo, group.hi, g)
	}
	place(e.groups[len(e.groups)-1].hi, len(e.order), never)
	size = make([]float64, never+1)
	for c := range of {
		if mixed || of[c] < 0 {
			of[c] = never
		}
		size[of[c]]++
	}
	return of, size
}
