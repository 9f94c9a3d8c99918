package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Sample is what is known of a group of values: how many, their mean and their standard
// deviation (n-1).
type Sample struct{ N, Mean, SD float64 }

// Test is a t test of a difference.
type Test struct {
	T, DF, P float64 // P is two-sided
	SE       float64 // of the difference
}

// Welch tests whether the means of two independent samples differ, b minus a, without
// supposing one standard deviation for both (B. L. Welch, 1947). False with fewer than two
// values in either, or when neither varies.
func Welch(a, b Sample) (Test, bool) {
	if a.N < 2 || b.N < 2 {
		return Test{}, false
	}
	va, vb := a.SD*a.SD/a.N, b.SD*b.SD/b.N
	if va+vb == 0 {
		return Test{}, false
	}
	t := Test{SE: math.Sqrt(va + vb)}
	t.T = (b.Mean - a.Mean) / t.SE
	t.DF = (va + vb) * (va + vb) / (va*va/(a.N-1) + vb*vb/(b.N-1))
	t.P = twoSided(t.T, t.DF)
	return t, true
}

// Paired tests whether the mean of differences is other than 0. False with fewer than two,
// or when they do not vary.
func Paired(d Sample) (Test, bool) {
	if d.N < 2 || d.SD == 0 {
		return Test{}, false
	}
	t := Test{SE: d.SD / math.Sqrt(d.N), DF: d.N - 1}
	t.T = d.Mean / t.SE
	t.P = twoSided(t.T, t.DF)
	return t, true
}

func twoSided(t, df float64) float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(math.Abs(t))
}

// Half is half the width of the 95 % interval of the difference.
func (t Test) Half() float64 {
	return t.SE * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: t.DF}.Quantile(.975)
}

// CohenD is the difference of two means in pooled standard deviations (J. Cohen, 1988).
// False when neither sample varies.
func CohenD(a, b Sample) (float64, bool) {
	pooled := math.Sqrt(((a.N-1)*a.SD*a.SD + (b.N-1)*b.SD*b.SD) / (a.N + b.N - 2))
	if !(pooled > 0) {
		return 0, false
	}
	return (b.Mean - a.Mean) / pooled, true
}

// Pool is the sample that samples without a common member are together.
func Pool(parts ...Sample) (all Sample) {
	sum, square := 0.0, 0.0
	for _, p := range parts {
		all.N += p.N
		sum += p.N * p.Mean
		square += (p.N-1)*p.SD*p.SD + p.N*p.Mean*p.Mean
	}
	if all.N > 0 {
		all.Mean = sum / all.N
	}
	if all.N > 1 {
		all.SD = math.Sqrt(max(0, square-all.N*all.Mean*all.Mean) / (all.N - 1))
	}
	return all
}

// FalseDiscovery adjusts p values of one family so that, of those at most q, no more than
// a share q is expected to be false (Y. Benjamini, Y. Hochberg, 1995).
func FalseDiscovery(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted, least := make([]float64, len(p)), 1.0
	for i, at := range order { // from the largest on
		least = min(least, p[at]*float64(len(p))/float64(len(p)-i))
		adjusted[at] = least
	}
	return adjusted
}

// Share is a part of something in two moments: its weight and its mean.
type Share struct{ W1, M1, W2, M2 float64 }

// Decompose splits the change of a weighted mean into what comes of the weights and what
// comes of the means within (E. M. Kitagawa, 1955). Weights are brought to a sum of 1. A
// part that is there in one moment only counts as a change of weights.
func Decompose(parts []Share) (composition, within float64) {
	var w1, w2 float64
	for _, p := range parts {
		w1, w2 = w1+p.W1, w2+p.W2
	}
	if w1 == 0 || w2 == 0 {
		return 0, 0
	}
	for _, p := range parts {
		p.W1, p.W2 = p.W1/w1, p.W2/w2
		switch {
		case p.W1 == 0:
			p.M1 = p.M2
		case p.W2 == 0:
			p.M2 = p.M1
		}
		composition += (p.W2 - p.W1) * (p.M1 + p.M2) / 2
		within += (p.M2 - p.M1) * (p.W1 + p.W2) / 2
	}
	return composition, within
}

// FamilyWise adjusts p values of one family so that, if none is true, one at most alpha
// occurs with probability alpha at most (S. Holm, 1979).
func FamilyWise(p []float64) []float64 {
	order := make([]int, 0, len(p))
	for i := range p {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out, least := make([]float64, len(p)), 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(p)-rank)*p[i]))
		out[i] = least
	}
	return out
}
