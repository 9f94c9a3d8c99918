package stat

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Importance is how the R2 of a linear regression divides over its predictors.
type Importance struct {
	Shares []float64 // per predictor, not negative; they add up to R2
	R2     float64
}

// LMG divides R2 exactly: the share of a predictor is what it adds to R2, averaged over
// all orders in which the predictors can enter (R. H. Lindeman, P. F. Merenda, R. Z. Gold,
// 1980; the Shapley value). cov is the covariance matrix of the predictors and, last, of
// the outcome. The work doubles with each predictor: a dozen is plenty. False when
// something does not vary or predictors determine each other.
func LMG(cov [][]float64) (Importance, bool) {
	predictors, outcome, ok := correlations(cov)
	if !ok {
		return Importance{}, false
	}
	p := len(outcome)
	r2 := make([]float64, 1<<p)
	for set := 1; set < len(r2); set++ {
		if r2[set], ok = explained(predictors, outcome, set); !ok {
			return Importance{}, false
		}
	}
	weight := orderWeights(p)
	im := Importance{Shares: make([]float64, p), R2: r2[len(r2)-1]}
	for set := range r2 {
		for j := range p {
			if set&(1<<j) == 0 {
				im.Shares[j] += weight[bits.OnesCount(uint(set))] * (r2[set|1<<j] - r2[set])
			}
		}
	}
	return im, true
}

// orderWeights is, by the size of a set, in which share of all orders of p predictors
// exactly that set comes before one that is not in it: |S|! (p-1-|S|)! / p!.
func orderWeights(p int) []float64 {
	w := make([]float64, p)
	w[0] = 1 / float64(p)
	for s := 1; s < p; s++ {
		w[s] = w[s-1] * float64(s) / float64(p-s)
	}
	return w
}

// explained is the R2 of a set of predictors, a bit for each.
func explained(predictors *mat.SymDense, outcome []float64, set int) (float64, bool) {
	var in []int
	for j := range outcome {
		if set&(1<<j) != 0 {
			in = append(in, j)
		}
	}
	r, y := mat.NewSymDense(len(in), nil), mat.NewVecDense(len(in), nil)
	for a, i := range in {
		y.SetVec(a, outcome[i])
		for b, j := range in[:a+1] {
			r.SetSym(a, b, predictors.At(i, j))
		}
	}
	var chol mat.Cholesky
	var beta mat.VecDense
	if !chol.Factorize(r) || chol.Cond() > worstCondition || chol.SolveVecTo(&beta, y) != nil {
		return 0, false
	}
	return mat.Dot(&beta, y), true
}

// worstCondition is from where on predictors are said to determine each other.
const worstCondition = 1e10

// Johnson divides R2 by relative weights: over the uncorrelated variables that are nearest
// to the predictors, and from those back to the predictors (J. W. Johnson, 2000). It comes
// near LMG at a cost that any number of predictors can bear. cov and false as for LMG.
func Johnson(cov [][]float64) (Importance, bool) {
	predictors, outcome, ok := correlations(cov)
	if !ok {
		return Importance{}, false
	}
	p := len(outcome)
	var eigen mat.EigenSym
	if !eigen.Factorize(predictors, true) {
		return Importance{}, false
	}
	values := eigen.Values(nil)
	if values[0] < values[p-1]/worstCondition {
		return Importance{}, false
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	y, turned := mat.NewVecDense(p, outcome), mat.NewVecDense(p, nil)
	turned.MulVec(v.T(), y)
	for k, l := range values {
		turned.SetVec(k, turned.AtVec(k)/math.Sqrt(l))
	}
	beta := mat.NewVecDense(p, nil) // of the outcome on the uncorrelated variables
	beta.MulVec(&v, turned)
	im := Importance{Shares: make([]float64, p)}
	for j := range p {
		for k := range p {
			link := 0.0 // between predictor j and variable k
			for e, l := range values {
				link += v.At(j, e) * math.Sqrt(l) * v.At(k, e)
			}
			im.Shares[j] += link * link * beta.AtVec(k) * beta.AtVec(k)
		}
		im.R2 += im.Shares[j]
	}
	return im, true
}

// correlations splits a covariance matrix, the outcome last, into the correlations of the
// predictors and those with the outcome.
func correlations(cov [][]float64) (predictors *mat.SymDense, outcome []float64, ok bool) {
	p := len(cov) - 1
	if p < 1 {
		return nil, nil, false
	}
	for i := range cov {
		if !(cov[i][i] > 0) {
			return nil, nil, false
		}
	}
	r := func(i, j int) float64 { return cov[i][j] / math.Sqrt(cov[i][i]*cov[j][j]) }
	predictors, outcome = mat.NewSymDense(p, nil), make([]float64, p)
	for i := range p {
		outcome[i] = r(i, p)
		for j := range i {
			predictors.SetSym(i, j, r(i, j))
		}
		predictors.SetSym(i, i, 1)
	}
	return predictors, outcome, true
}

// ExplainedP is the probability of an R2 at least as large when nothing of n outcomes goes
// with p predictors (the F test of the regression). 1 when n leaves no degree of freedom.
func ExplainedP(r2 float64, n, p int) float64 {
	rest := float64(n - p - 1)
	if rest <= 0 {
		return 1
	}
	if r2 >= 1 {
		return 0
	}
	f := distuv.F{D1: float64(p), D2: rest}
	return f.Survival(r2 / float64(p) / ((1 - r2) / rest))
}
