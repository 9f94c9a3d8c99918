package impact

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"throughline/internal/kit/fault"
)

// effects solves for an effect of each unit and of each period over the values that are
// used: the normal equations of a two-way regression, of which the units are eliminated.
type effects struct {
	p      *Panel
	used   []bool    // N x T
	n      []float64 // values of each unit
	column []int     // of each period in the matrix; -1: fixed at 0 or without a value
	size   int
	inner  *mat.Cholesky
}

// newEffects reports values that gaps split into parts that nothing links.
func newEffects(p *Panel, used []bool) (*effects, error) {
	periods := len(p.Periods)
	e := &effects{p: p, used: used, n: make([]float64, len(p.Units)), column: make([]int, periods)}
	any := make([]bool, periods)
	for i := range p.Units {
		for t, u := range used[i*periods : (i+1)*periods] {
			if u {
				e.n[i]++
				any[t] = true
			}
		}
	}
	first := true
	for t := range e.column {
		if e.column[t] = -1; any[t] {
			if !first {
				e.column[t] = e.size
				e.size++
			}
			first = false
		}
	}
	if e.size == 0 {
		return nil, fault.Invalidf("fewer than two periods have values before a start: add earlier periods")
	}
	m := make([]float64, e.size*e.size)
	var columns []int
	for i := range p.Units {
		columns = columns[:0]
		for t, u := range used[i*periods : (i+1)*periods] {
			if c := e.column[t]; u && c >= 0 {
				columns = append(columns, c)
				m[c*e.size+c] += p.weight(i)
			}
		}
		take := p.weight(i) / max(1, e.n[i])
		for _, a := range columns {
			row := m[a*e.size : (a+1)*e.size]
			for _, b := range columns {
				row[b] -= take
			}
		}
	}
	e.inner = &mat.Cholesky{}
	if !e.inner.Factorize(mat.NewSymDense(e.size, m)) || e.inner.Cond() > 1e13 {
		return nil, fault.Invalidf("gaps split the values before the starts into parts that no unit links: fill the gaps, or use group-time effects (cs)")
	}
	return e, nil
}

// solve returns the effects whose weighted sums over the used values of each unit and of
// each period are the given ones.
func (e *effects) solve(units, periods []float64) (unit, period []float64) {
	b := make([]float64, e.size)
	for t, c := range e.column {
		if c >= 0 {
			b[c] = periods[t]
		}
	}
	width := len(e.column)
	for i, total := range units {
		if e.n[i] == 0 {
			continue
		}
		for t, u := range e.used[i*width : (i+1)*width] {
			if c := e.column[t]; u && c >= 0 {
				b[c] -= total / e.n[i]
			}
		}
	}
	solved := solve(e.inner, b)
	period = make([]float64, width)
	for t, c := range e.column {
		if c >= 0 {
			period[t] = solved[c]
		}
	}
	unit = make([]float64, len(units))
	for i, total := range units {
		if e.n[i] == 0 {
			unit[i] = math.NaN()
			continue
		}
		s := total / e.p.weight(i)
		for t, u := range e.used[i*width : (i+1)*width] {
			if u {
				s -= period[t]
			}
		}
		unit[i] = s / e.n[i]
	}
	return unit, period
}

// fit is the two-way regression of values on the used ones.
func (e *effects) fit(values []float64) (unit, period []float64) {
	width := len(e.column)
	units, periods := make([]float64, len(e.n)), make([]float64, width)
	for i := range units {
		w := e.p.weight(i)
		for t := range width {
			if at := i*width + t; e.used[at] {
				units[i] += w * values[at]
				periods[t] += w * values[at]
			}
		}
	}
	return e.solve(units, periods)
}

// residuals are values less their two-way fit; 0 where they are not used.
func (e *effects) residuals(values []float64) []float64 {
	unit, period := e.fit(values)
	width := len(period)
	out := make([]float64, len(values))
	for at, u := range e.used {
		if u {
			out[at] = values[at] - unit[at/width] - period[at%width]
		}
	}
	return out
}
