// Package stat holds formulas of statistics. It knows numbers, and no domain.
package stat

import "math"

// Alpha is Cronbach's alpha, k/(k-1) (1 - sum of variances / variance of the sum),
// of k items with the given covariance matrix (L. J. Cronbach, 1951). False with
// fewer than two items or when their sum does not vary.
func Alpha(cov [][]float64) (float64, bool) {
	k := float64(len(cov))
	own, total := 0.0, 0.0
	for i := range cov {
		own += cov[i][i]
		for j := range cov {
			total += cov[i][j]
		}
	}
	if len(cov) < 2 || !(total > 0) {
		return 0, false
	}
	return k / (k - 1) * (1 - own/total), true
}

// Omega is McDonald's omega, (sum l)^2 / ((sum l)^2 + sum theta), of items with the
// given covariance matrix, where l and theta are the loadings and error variances
// of one factor fitted by maximum likelihood (R. P. McDonald, 1999). False with
// fewer than three items, which do not determine the factor, or when an item does
// not vary.
func Omega(cov [][]float64) (float64, bool) {
	loading, theta, ok := oneFactor(cov)
	if !ok {
		return 0, false
	}
	sum, err := 0.0, 0.0
	for i := range loading {
		sum += loading[i]
		err += theta[i]
	}
	return sum * sum / (sum*sum + err), true
}

const (
	mostSteps = 20_000
	still     = 1e-10 // of an item's variance: no parameter moves further in a step
)

// oneFactor fits loadings and error variances by the EM algorithm (D. B. Rubin and
// D. T. Thayer, 1982): no step lowers the likelihood, and no variance turns negative.
func oneFactor(cov [][]float64) (loading, theta []float64, ok bool) {
	k := len(cov)
	if k < 3 {
		return nil, nil, false
	}
	loading, theta = make([]float64, k), make([]float64, k)
	for i := range cov {
		if !(cov[i][i] > 0) {
			return nil, nil, false
		}
		loading[i] = math.Sqrt(cov[i][i] / 2)
		theta[i] = cov[i][i] / 2
	}
	weight, cross := make([]float64, k), make([]float64, k)
	for range mostSteps {
		if emStep(cov, loading, theta, weight, cross) < still {
			break
		}
	}
	return loading, theta, true
}

// emStep improves loading and theta in place and returns the largest move, in
// item variances. weight and cross are room to work in.
func emStep(cov [][]float64, loading, theta, weight, cross []float64) float64 {
	information := 1.0
	for i, l := range loading {
		information += l * l / theta[i]
	}
	explained := 0.0 // of the factor, by the items
	for i, l := range loading {
		weight[i] = l / theta[i] / information
		explained += weight[i] * l
	}
	second := 1 - explained // mean square of the factor
	for i := range cov {
		cross[i] = 0
		for j := range cov {
			cross[i] += cov[i][j] * weight[j]
		}
		second += weight[i] * cross[i]
	}
	moved := 0.0
	for i := range cov {
		l := cross[i] / second
		// An error variance of 0 would let one item be the factor and stop every other move.
		t := max(cov[i][i]-l*cross[i], 1e-6*cov[i][i])
		moved = max(moved, math.Abs(l*l-loading[i]*loading[i])/cov[i][i], math.Abs(t-theta[i])/cov[i][i])
		loading[i], theta[i] = l, t
	}
	return moved
}
