package impact

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"throughline/internal/kit/fault"
)

// tally adds cells up with weights, and with them their influence.
type tally struct {
	sum, weight float64
	psi         []float64 // by cluster, times weight
	att         []float64 // by group: sum of its cells
	cells       []int     // by group: how many
	units       int
}

func (e *estimation) tally() *tally {
	return &tally{psi: make([]float64, e.clusters), att: make([]float64, len(e.groups)), cells: make([]int, len(e.groups))}
}

func (t *tally) add(k int, weight float64, c Figure, psi []float64) {
	t.sum += weight * c.ATT
	t.weight += weight
	t.att[k] += c.ATT
	t.cells[k]++
	if psi != nil {
		floats.AddScaled(t.psi, weight, psi)
	}
}

// add counts a cell in all families. That of the base period is 0 by construction and
// has no influence.
func (e *estimation) add(k int, c Cell, base bool) {
	psi := e.psi
	if base {
		psi = nil
	}
	if e.simply {
		e.simple.add(k, e.share[k], c.Figure, psi)
		return
	}
	event := c.Time - c.Group
	if e.dynamic[event] == nil {
		e.dynamic[event] = e.tally()
	}
	d := e.dynamic[event]
	d.add(k, e.share[k], c.Figure, psi)
	d.units += e.groups[k].hi - e.groups[k].lo
	if event < 0 {
		if event < -e.o.Anticipation && !base && !math.IsNaN(c.SE) {
			e.keep()
		}
		return
	}
	e.estimated[k] = true
	e.simple.add(k, e.share[k], c.Figure, psi)
	if e.group[k] == nil {
		e.group[k] = e.tally()
	}
	e.group[k].add(k, 1, c.Figure, psi)
	e.group[k].units = e.groups[k].hi - e.groups[k].lo
	if e.calendar[c.Time] == nil {
		e.calendar[c.Time] = e.tally()
	}
	e.calendar[c.Time].add(k, e.share[k], c.Figure, psi)
	e.calendar[c.Time].units += e.groups[k].hi - e.groups[k].lo
}

// keep holds on to the influence of a cell before its start.
func (e *estimation) keep() {
	if !e.tooMany {
		if e.tooMany = len(e.before) >= mostTested || 10*(len(e.before)+1) > e.out.Clusters; e.tooMany {
			e.before = nil
			return
		}
		e.before = append(e.before, slices.Clone(e.psi))
	}
}

// figure divides by the weight. Where weights are shares of groups they are estimates
// themselves, whose influence on the figure is added.
func (e *estimation) figure(t *tally, shares bool) (Figure, []float64) {
	theta := t.sum / t.weight
	psi := t.psi
	floats.Scale(1/t.weight, psi)
	if shares {
		mean := 0.0
		n := float64(len(e.order))
		for k, g := range e.groups {
			pull := (t.att[k] - float64(t.cells[k])*theta) / t.weight
			if pull == 0 {
				continue
			}
			mean += e.share[k] * pull
			for _, i := range e.order[g.lo:g.hi] {
				psi[e.of[i]] += pull * e.p.weight(i) * n / e.total
			}
		}
		if mean != 0 {
			for _, i := range e.order {
				psi[e.of[i]] -= mean
			}
		}
	}
	return Figure{theta, e.se(psi)}, psi
}

// average is the plain mean of figures.
func (e *estimation) average(points []Figure, psi [][]float64) Figure {
	sum, all := 0.0, make([]float64, e.clusters)
	for i, f := range points {
		sum += f.ATT / float64(len(points))
		floats.AddScaled(all, 1/float64(len(points)), psi[i])
	}
	return Figure{sum, e.se(all)}
}

// result adds everything up.
func (e *estimation) result() (*Staggered, error) {
	out := e.out
	out.Simple, out.simple = e.figure(e.simple, true)
	var post []Figure
	var psi, postPsi [][]float64
	for _, at := range slices.Sorted(maps.Keys(e.dynamic)) {
		t := e.dynamic[at]
		f, influence := e.figure(t, true)
		out.Dynamic.Points = append(out.Dynamic.Points, Point{at, f, t.units})
		psi = append(psi, influence)
		if at >= 0 {
			post, postPsi = append(post, f), append(postPsi, influence)
		}
	}
	out.Dynamic.Overall, out.events = e.average(post, postPsi), psi
	groups, influences := e.tally(), [][][]float64{psi, nil, nil}
	for k, t := range e.group {
		if t == nil {
			continue
		}
		f, influence := e.figure(t, false)
		out.Group.Points = append(out.Group.Points, Point{e.groups[k].start, f, t.units})
		influences[1] = append(influences[1], influence)
		groups.add(k, e.share[k], f, influence)
		out.Treated += t.units
	}
	out.Group.Overall, _ = e.figure(groups, true)
	var months []Figure
	for at, t := range e.calendar {
		if t == nil {
			continue
		}
		f, influence := e.figure(t, true)
		out.Calendar.Points = append(out.Calendar.Points, Point{at, f, t.units})
		influences[2], months = append(influences[2], influence), append(months, f)
	}
	out.Calendar.Overall = e.average(months, influences[2])
	for _, used := range e.control {
		if used {
			out.Controls++
		}
	}
	if !e.o.untested {
		e.pretrend()
	}
	e.remark()
	return out, e.bands([]*Family{&out.Dynamic, &out.Group, &out.Calendar}, influences)
}

// few is under how many units or clusters intervals hold less than they say.
const few = 20

// fewest is the same for those that start, or are compared with, alone.
const fewest = 10

// remark says what a reader should know of what went into the estimate.
func (e *estimation) remark() {
	p, out := e.p, e.out
	add := func(r fault.Remark) { out.Remarks = append(out.Remarks, r) }
	if e.early > 0 {
		add(fault.Remarkf("Units left out because they start in the first period or before it: %d. Nothing is known of them before.", e.early))
	}
	if e.uncompared != Never {
		add(fault.Remarkf("From %s on no unit is left that has not started: those periods are not estimated.", p.Periods[e.uncompared]))
	}
	only := 0
	for k, g := range e.groups {
		if !e.estimated[k] {
			only += g.hi - g.lo
		}
	}
	if only > 0 {
		add(fault.Remarkf("Units that start last and serve for comparison only: %d.", only))
	}
	if missing := p.missing(); missing > 0 {
		add(fault.Remarkf("%d of %d values are missing; each comparison uses the units that have both of its values.", missing, len(p.Outcome)))
	}
	single := 0
	for _, g := range e.groups {
		if g.hi-g.lo == 1 {
			single++
		}
	}
	if single > 0 {
		add(fault.Remarkf("Starting groups of a single unit: %d. The uncertainty of their own figures is told too small, that of all together is not.", single))
	}
	switch {
	case out.Clusters < few:
		add(fault.Remarkf("Independent units: only %d. Intervals hold less often than they say.", out.Clusters))
	case out.starting < fewest:
		add(fault.Remarkf("Independent units that start: only %d. Intervals hold less often than they say.", out.starting))
	case out.waiting < fewest:
		add(fault.Remarkf("Independent units to compare with: only %d. Intervals hold less often than they say.", out.waiting))
	}
	if e.poor > 0 {
		add(fault.Remarkf("Comparisons left out because the covariates tell treated and controls almost wholly apart: %d.", e.poor))
	}
	if out.Pretrend == nil && !e.o.untested {
		add(fault.Remarkf("Whether treated and controls moved alike before the start cannot be tested here."))
	}
}

func normalQuantile(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }
