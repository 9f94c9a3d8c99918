package stat

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Moments is what means and covariances of rows of k values are made of.
type Moments struct {
	n     float64
	sum   []float64
	cross []float64 // the lower triangle, row by row
}

// NewMoments returns the moments of no rows of k values.
func NewMoments(k int) *Moments {
	return &Moments{sum: make([]float64, k), cross: make([]float64, k*(k+1)/2)}
}

// N is how many rows there are.
func (m *Moments) N() int { return int(m.n) }

// Add adds a row of k values. Values far from 0 lose digits: count them from near their
// middle.
func (m *Moments) Add(row []float64) {
	m.n++
	at := 0
	for i, x := range row {
		m.sum[i] += x
		for j, y := range row[:i+1] {
			m.cross[at+j] += x * y
		}
		at += i + 1
	}
}

// Join adds the rows of others of as many values.
func (m *Moments) Join(o *Moments) { m.JoinTimes(o, 1) }

// JoinTimes is Join so many times over.
func (m *Moments) JoinTimes(o *Moments, times int) {
	m.n += float64(times) * o.n
	floats.AddScaled(m.sum, float64(times), o.sum)
	floats.AddScaled(m.cross, float64(times), o.cross)
}

// Sample is the first of the values.
func (m *Moments) Sample() Sample {
	s := Sample{N: m.n}
	if m.n > 0 {
		s.Mean = m.sum[0] / m.n
	}
	if m.n > 1 {
		s.SD = math.Sqrt(max(0, m.cross[0]-m.sum[0]*m.sum[0]/m.n) / (m.n - 1))
	}
	return s
}

// Cov is the covariance matrix of the sample (n-1), k x k; all 0 with fewer than two rows.
func (m *Moments) Cov() [][]float64 {
	cov := make([][]float64, len(m.sum))
	for i := range cov {
		cov[i] = make([]float64, len(m.sum))
	}
	if m.n < 2 {
		return cov
	}
	at := 0
	for i := range cov {
		for j := range i + 1 {
			cov[i][j] = (m.cross[at+j] - m.sum[i]*m.sum[j]/m.n) / (m.n - 1)
			cov[j][i] = cov[i][j]
		}
		at += i + 1
	}
	return cov
}
