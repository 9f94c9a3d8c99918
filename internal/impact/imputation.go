package impact

import (
	"math"

	"throughline/internal/kit/fault"
)

// Imputed is the estimate of K. Borusyak, X. Jaravel and J. Spiess (Revisiting event-study
// designs, Review of Economic Studies 2024): effects of units and periods are fitted to
// the values before the starts; what lies above or below them afterwards is the effect.
// Standard errors are their conservative ones, within clusters, about the mean effect of
// each starting group in each period.
type Imputed struct {
	Overall Figure  // mean over all values from a start on
	Events  []Point // by periods since the start
	Cells   []Cell  // by group and period, SE NaN
	Treated int     // units that start and are estimated
	Values  int     // from a start on that are estimated
	Remarks []fault.Remark
}

// Imputation estimates by imputation. Values in periods in which nobody is left without a
// start, and of units without a value before theirs, are left out.
func Imputation(p *Panel, o Options) (*Imputed, error) {
	m, err := newImputation(p, o)
	if err != nil {
		return nil, err
	}
	return m.result(o)
}

// imputed is the overall effect of Imputation alone.
func imputed(p *Panel, o Options) (*Imputed, error) {
	m, err := newImputation(p, o)
	if err != nil {
		return nil, err
	}
	out := &Imputed{}
	out.Overall, out.Values = m.figure(func(int) bool { return true })
	return out, nil
}

func newImputation(p *Panel, o Options) (*imputation, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	m := &imputation{p: p, width: len(p.Periods)}
	m.used, m.treated = make([]bool, len(p.Outcome)), make([]bool, len(p.Outcome))
	for at, v := range p.Outcome {
		if !math.IsNaN(v) {
			start := p.Start[at/m.width]
			m.used[at] = start >= m.width || at%m.width < start-o.Anticipation
		}
	}
	var err error
	if m.fit, err = newEffects(p, m.used); err != nil {
		return nil, err
	}
	return m, m.impute()
}

type imputation struct {
	p       *Panel
	width   int
	used    []bool // before the start
	treated []bool // from the start on, and estimated
	fit     *effects
	rest    []float64 // what the fit leaves: noise before, the effect from the start on
	left    int       // values from a start on that cannot be estimated
	weights float64
}

func (m *imputation) impute() error {
	unit, period := m.fit.fit(m.p.Outcome)
	known := make([]bool, m.width)
	for at, u := range m.used {
		if u {
			known[at%m.width] = true
		}
	}
	m.rest = make([]float64, len(m.p.Outcome))
	for at, v := range m.p.Outcome {
		i, t := at/m.width, at%m.width
		if math.IsNaN(v) {
			continue
		}
		m.rest[at] = v - unit[i] - period[t]
		if s := m.p.Start[i]; t >= s {
			if m.treated[at] = known[t] && m.fit.n[i] > 0; m.treated[at] {
				m.weights += m.p.weight(i)
			} else {
				m.left++
			}
		}
	}
	if m.weights == 0 {
		return fault.Invalidf("in no period after a start is there a unit left that has not started: if all start at once, an interrupted time series (its) fits")
	}
	return nil
}

func (m *imputation) result(o Options) (*Imputed, error) {
	out := &Imputed{}
	most := -1
	treated := map[int]bool{}
	type cell struct {
		sum, weight float64
		n           int
	}
	cells := map[[2]int]*cell{}
	for at, is := range m.treated {
		if !is {
			continue
		}
		i, t := at/m.width, at%m.width
		out.Values++
		treated[i] = true
		most = max(most, t-m.p.Start[i])
		key := [2]int{m.p.Start[i], t}
		if cells[key] == nil {
			cells[key] = &cell{}
		}
		c := cells[key]
		c.sum += m.p.weight(i) * m.rest[at]
		c.weight += m.p.weight(i)
		c.n++
	}
	out.Treated = len(treated)
	for _, key := range sortedCells(cells) {
		c := cells[key]
		out.Cells = append(out.Cells, Cell{Group: key[0], Time: key[1], Figure: Figure{c.sum / c.weight, math.NaN()}, Treated: c.n})
	}
	out.Overall, _ = m.figure(func(int) bool { return true })
	for e := range most + 1 {
		if err := o.Watch.at(e, most+1); err != nil {
			return nil, err
		}
		if f, units := m.figure(func(event int) bool { return event == e }); units > 0 {
			out.Events = append(out.Events, Point{e, f, units})
		}
	}
	if m.left > 0 {
		out.Remarks = append(out.Remarks, fault.Remarkf("Values after a start that are left out: %d. In their period nobody is left without a start, or their unit has no value before its own.", m.left))
	}
	return out, nil
}

// figure is the weighted mean effect of the events that count, and how many values it has.
func (m *imputation) figure(counts func(event int) bool) (Figure, int) {
	units, periods := make([]float64, len(m.p.Units)), make([]float64, m.width)
	v, n, total, mean := make([]float64, len(m.rest)), 0, 0.0, 0.0
	for at, is := range m.treated {
		if i, t := at/m.width, at%m.width; is && counts(t-m.p.Start[i]) {
			n++
			total += m.p.weight(i)
			mean += m.p.weight(i) * m.rest[at]
		}
	}
	if n == 0 {
		return Figure{}, 0
	}
	for at, is := range m.treated {
		if i, t := at/m.width, at%m.width; is && counts(t-m.p.Start[i]) {
			v[at] = m.p.weight(i) / total
			units[i] += v[at]
			periods[t] += v[at]
		}
	}
	unit, period := m.fit.solve(units, periods)
	for at, u := range m.used {
		if u {
			i := at / m.width
			v[at] = -m.p.weight(i) * (unit[i] + period[at%m.width])
		}
	}
	return Figure{mean / total, m.se(v)}, n
}

// se is the conservative standard error of a sum of outcomes with weights v.
func (m *imputation) se(v []float64) float64 {
	type pair struct{ effect, weight float64 }
	groups := map[[2]int]pair{}
	for at, is := range m.treated {
		if is && v[at] != 0 {
			key := [2]int{m.p.Start[at/m.width], at % m.width}
			g := groups[key]
			g.effect += v[at] * v[at] * m.rest[at]
			g.weight += v[at] * v[at]
			groups[key] = g
		}
	}
	of, clusters := m.p.cluster()
	sums := make([]float64, clusters)
	for at, w := range v {
		if w == 0 {
			continue
		}
		i := at / m.width
		rest := m.rest[at]
		if m.treated[at] {
			g := groups[[2]int{m.p.Start[i], at % m.width}]
			rest -= g.effect / g.weight
		}
		sums[of[i]] += w * rest
	}
	s := 0.0
	for _, c := range sums {
		s += c * c
	}
	return math.Sqrt(s)
}
