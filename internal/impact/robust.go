package impact

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// design is a row of 1 and the covariates, each brought to mean 0 and standard deviation
// 1, for every unit of order; nil without covariates.
func (p *Panel) design(order []int) []float64 {
	if len(p.Covariates) == 0 {
		return nil
	}
	k := 1 + len(p.Covariates)
	x := make([]float64, len(order)*k)
	for at := range order {
		x[at*k] = 1
	}
	column := make([]float64, len(order))
	for c, covariate := range p.Covariates {
		for at, i := range order {
			column[at] = covariate.Values[i]
		}
		mean, sd := stat.MeanStdDev(column, nil)
		if sd == 0 {
			sd = 1
		}
		for at := range order {
			x[at*k+1+c] = (column[at] - mean) / sd
		}
	}
	return x
}

// overlapping is the chance of being treated above which a control is not used: it has
// no like among the others.
const overlapping = 0.995

// sample is what a doubly robust cell compares: the units with both values.
type sample struct {
	at      []int // places in order
	d       []float64
	w       []float64 // weights, of mean 1
	treated []bool
	x       *mat.Dense
}

// robust is a cell by outcome regression and propensity score together: it is right when
// either is (P. H. C. Sant'Anna, J. Zhao, Doubly robust difference-in-differences
// estimators, Journal of Econometrics 2020: equation 2.6 with its influence function for
// least squares and logit). A unit without a covariate is not in it.
func (e *estimation) robust(c *Cell, g cohort, from, base int) bool {
	s := e.sample(c, g, from, base)
	k := 1 + len(e.p.Covariates)
	if c.Treated == 0 || c.Controls <= k {
		return false
	}
	chance, bread, ok := logit(s)
	if !ok {
		e.poor++
		return false
	}
	fit, xx, ok := s.regress()
	if !ok {
		e.poor++
		return false
	}
	n := len(s.at)
	wt, wc, rest := make([]float64, n), make([]float64, n), make([]float64, n)
	var sumT, sumC, etaT, etaC float64
	for j := range s.at {
		rest[j] = s.d[j] - fit[j]
		if s.treated[j] {
			wt[j] = s.w[j]
		} else if chance[j] < overlapping {
			wc[j] = s.w[j] * chance[j] / (1 - chance[j])
		}
		sumT += wt[j]
		sumC += wc[j]
		etaT += wt[j] * rest[j]
		etaC += wc[j] * rest[j]
	}
	if sumC == 0 {
		e.poor++
		return false
	}
	etaT, etaC = etaT/sumT, etaC/sumC
	c.ATT = etaT - etaC
	// What the estimated regression and the estimated chances add to the influence.
	byFit, byChance := make([]float64, k), make([]float64, k)
	for j := range s.at {
		for q, v := range s.x.RawRowView(j) {
			byFit[q] += (-wt[j]/sumT + wc[j]/sumC) * v
			byChance[q] += wc[j] / sumC * (rest[j] - etaC) * v
		}
	}
	fitWay, chanceWay := solve(xx, byFit), solve(bread, byChance)
	scale := float64(len(e.order))
	for j, at := range s.at {
		row := s.x.RawRowView(j)
		psi := wt[j]*(rest[j]-etaT)/sumT - wc[j]*(rest[j]-etaC)/sumC
		treated := 0.0
		if s.treated[j] {
			treated = 1
		} else {
			psi += s.w[j] * rest[j] * dot(row, fitWay)
			e.control[at] = true
		}
		psi -= s.w[j] * (treated - chance[j]) * dot(row, chanceWay)
		e.psi[e.of[e.order[at]]] += scale * psi
	}
	return true
}

func (e *estimation) sample(c *Cell, g cohort, from, base int) *sample {
	s, k, x := &sample{}, 1+len(e.p.Covariates), []float64(nil)
	take := func(lo, hi int, treated bool) {
		for at := lo; at < hi; at++ {
			if !treated && at >= g.lo && at < g.hi {
				continue
			}
			i := e.order[at]
			row := e.p.row(i)
			d, z := row[c.Time]-row[base], e.design[at*k:(at+1)*k]
			if sum(z)+d != sum(z)+d { // a NaN among them
				continue
			}
			s.at, s.d, s.treated, s.w = append(s.at, at), append(s.d, d), append(s.treated, treated), append(s.w, e.p.weight(i))
			x = append(x, z...)
			if treated {
				c.Treated++
			} else {
				c.Controls++
			}
		}
	}
	take(g.lo, g.hi, true)
	take(from, len(e.order), false)
	if len(s.at) > 0 {
		s.x = mat.NewDense(len(s.at), k, x)
		mean := sum(s.w) / float64(len(s.w))
		for j := range s.w {
			s.w[j] /= mean
		}
	}
	return s
}

// regress fits the change of the controls by least squares, and the matrix X'WX of it.
func (s *sample) regress() (fit []float64, xx *mat.Cholesky, ok bool) {
	_, k := s.x.Dims()
	cross, xy := mat.NewSymDense(k, nil), make([]float64, k)
	for j := range s.at {
		if !s.treated[j] {
			row := s.x.RawRowView(j)
			cross.SymRankOne(cross, s.w[j], mat.NewVecDense(k, row))
			for q, v := range row {
				xy[q] += s.w[j] * v * s.d[j]
			}
		}
	}
	xx = &mat.Cholesky{}
	if !xx.Factorize(cross) || xx.Cond() > 1e12 {
		return nil, nil, false
	}
	b := solve(xx, xy)
	fit = make([]float64, len(s.at))
	for j := range s.at {
		fit[j] = dot(s.x.RawRowView(j), b)
	}
	return fit, xx, true
}

// logit is each unit's chance of being treated by its covariates, with the information
// matrix X'W p(1-p) X; false where no maximum is found, as when the covariates tell
// treated and controls apart.
func logit(s *sample) (chance []float64, information *mat.Cholesky, ok bool) {
	n, k := s.x.Dims()
	chance, b := make([]float64, n), make([]float64, k)
	for range 30 {
		cross, score := mat.NewSymDense(k, nil), make([]float64, k)
		for j := range n {
			row := s.x.RawRowView(j)
			chance[j] = 1 / (1 + math.Exp(-dot(row, b)))
			cross.SymRankOne(cross, s.w[j]*chance[j]*(1-chance[j]), mat.NewVecDense(k, row))
			y := 0.0
			if s.treated[j] {
				y = 1
			}
			for q, v := range row {
				score[q] += s.w[j] * (y - chance[j]) * v
			}
		}
		information = &mat.Cholesky{}
		if !information.Factorize(cross) || information.Cond() > 1e10 {
			return nil, nil, false
		}
		step, far := solve(information, score), 0.0
		for q := range b {
			b[q] += step[q]
			far = max(far, math.Abs(step[q]))
		}
		if far < 1e-10 {
			return chance, information, true
		}
	}
	return nil, nil, false
}

func solve(c *mat.Cholesky, b []float64) []float64 {
	x := mat.NewVecDense(len(b), nil)
	if err := c.SolveVecTo(x, mat.NewVecDense(len(b), b)); err != nil {
		for i := range b {
			x.SetVec(i, math.NaN())
		}
	}
	return x.RawVector().Data
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}
