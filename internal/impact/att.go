package impact

import (
	"math"

	"throughline/internal/kit/fault"
)

// Controls says which units those that have started are compared with.
type Controls string

const (
	NeverTreated Controls = "never"  // those in which nothing starts within the panel
	NotYet       Controls = "notyet" // those and the ones that start later
)

// Base says which period a period before the start is compared with.
type Base string

const (
	Varying   Base = "varying"   // the one before it
	Universal Base = "universal" // the last one before the start, as after the start
)

// Options are the choices of an estimate that are made before looking. The zero value
// compares with units that never start, by a varying base, without anticipation and bands.
type Options struct {
	Controls     Controls // "" is never
	Base         Base     // "" is varying
	Anticipation int      // periods before the start in which it may already work
	Level        float64  // confidence of intervals and bands; 0 is 0.95
	Draws        int      // of the multiplier bootstrap behind the bands; 0: no bands
	Seed         uint64   // of the draws
	Watch        Watch
	Least        int // of people: at least so many stand behind any figure; 0 of units

	untested bool // the figures before the start are not tested
}

// UsualLevel is the confidence of intervals where none is chosen.
const UsualLevel = 0.95

// Confidence is that of intervals and bands.
func (o Options) Confidence() float64 {
	if o.Level == 0 {
		return UsualLevel
	}
	return o.Level
}

// Cell is the effect in a starting group in one period: ATT(g,t), of which those before
// the start should be 0. Group and Time are positions in the panel's periods.
type Cell struct {
	Group, Time int
	Figure
	Treated, Controls int // units with values in both periods that are compared
}

// Staggered is what a panel with staggered starts says (B. Callaway, P. H. C. Sant'Anna,
// Difference-in-differences with multiple time periods, Journal of Econometrics 2021).
// Standard errors are those of influence functions, summed within clusters.
type Staggered struct {
	Cells    []Cell
	Simple   Figure    // over all cells from the start on, weighted by the size of the groups
	Dynamic  Family    // by periods since the start; overall: mean of those from the start on
	Group    Family    // by starting group; overall: weighted by their size
	Calendar Family    // by period; overall: their mean
	Pretrend *Pretrend // nil where nothing before a start can be tested
	Treated  int       // units that start and are estimated
	Controls int       // units that are compared with in any cell
	Clusters int       // in which units vary together
	Level    float64
	Remarks  []fault.Remark

	units             int         // in use
	starting, waiting int         // clusters with units that start, and with units compared with
	events            [][]float64 // influence of each cluster on each point of Dynamic
	simple            []float64   // and on Simple
}

// Family is one way of adding cells up.
type Family struct {
	Overall  Figure
	Points   []Point
	Critical float64 // ATT ± Critical x SE holds all points at once; 0 without bands
}

// Point is one figure of a family: At is periods since the start, or the position of a
// starting group or period.
type Point struct {
	At int
	Figure
	Units int // that have started, or will
}

// ATT estimates the average effect on the treated of every starting group in every
// period, and adds them up. Units that start in the first period are left out; a cell
// without controls, or in which no treated unit has both values, is not there. With
// covariates each cell is doubly robust (P. H. C. Sant'Anna, J. Zhao, 2020).
//
// Mistakes: an outcome that does not vary, no controls, one treated unit.
func ATT(p *Panel, o Options) (*Staggered, error) {
	e, err := estimate(p, o, false)
	if err != nil {
		return nil, err
	}
	return e.result()
}

// simpleEffect is the simple effect of ATT alone.
func simpleEffect(p *Panel, o Options) (Figure, error) {
	e, err := estimate(p, o, true)
	if err != nil {
		return Figure{}, err
	}
	f, _ := e.figure(e.simple, true)
	return f, nil
}

func estimate(p *Panel, o Options, simply bool) (*estimation, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	e := newEstimation(p, o)
	e.simply = simply
	if err := e.possible(); err != nil {
		return nil, err
	}
	if err := e.cells(); err != nil {
		return nil, err
	}
	if e.simple.weight == 0 {
		return nil, fault.Invalidf("in no period after a start is there a unit left to compare with that has not started and has values: add units that start later or never; if all start at once, an interrupted time series (its) fits")
	}
	return e, nil
}

// estimation is an ATT under way.
type estimation struct {
	p        *Panel
	o        Options
	order    []int // units in use, by start, those that never start last
	groups   []cohort
	early    int
	of       []int // cluster of each unit of the panel
	clusters int
	simply   bool      // only the simple effect is asked for
	total    float64   // weight of the units in use
	share    []float64 // of each group in it
	size     float64   // of the largest value
	design   []float64 // of the covariates, a row per unit of order; nil without any

	out        *Staggered
	psi        []float64 // of the cell at hand, by cluster
	control    []bool    // by place in order: compared with in some cell
	estimated  []bool    // by group: has a cell after the start
	uncompared int       // first period in which nobody is left to compare with; Never
	poor       int       // cells in which the covariates tell treated and controls apart
	simple     *tally
	dynamic    map[int]*tally
	group      []*tally
	calendar   []*tally
	before     [][]float64 // influence on the cells before the start, while few enough to test
	tooMany    bool
}

func newEstimation(p *Panel, o Options) *estimation {
	e := &estimation{p: p, o: o, uncompared: Never, dynamic: map[int]*tally{}}
	e.order, e.groups, e.early = p.cohorts()
	e.of, e.clusters = p.cluster()
	for _, i := range e.order {
		e.total += p.weight(i)
	}
	e.share = make([]float64, len(e.groups))
	for k, g := range e.groups {
		for _, i := range e.order[g.lo:g.hi] {
			e.share[k] += p.weight(i) / e.total
		}
	}
	for _, v := range p.Outcome {
		if a := math.Abs(v); a > e.size {
			e.size = a
		}
	}
	e.out = &Staggered{Clusters: e.distinct(0, len(e.order)), Level: o.Confidence(), units: len(e.order)}
	e.psi, e.control, e.estimated = make([]float64, e.clusters), make([]bool, len(e.order)), make([]bool, len(e.groups))
	e.design = p.design(e.order)
	e.simple = e.tally()
	e.group, e.calendar = make([]*tally, len(e.groups)), make([]*tally, len(p.Periods))
	return e
}

// possible reports too few that start, or that are compared with, to tell how sure an estimate is: what
// is one unit, or varies as one, has nothing to vary about.
func (e *estimation) possible() error {
	some := e.groups[len(e.groups)-1].hi
	never := len(e.order) - some
	if never == 0 && len(e.groups) == 1 {
		return fault.Invalidf("all units start in %s: none is left to compare with; an interrupted time series (its) fits", e.p.Periods[e.groups[0].start])
	}
	if never == 0 && e.o.Controls != NotYet {
		return fault.Invalidf("no unit never starts: compare with those that have not started yet (controls notyet)")
	}
	waiting := some // where controls begin
	if e.o.Controls == NotYet {
		waiting = e.groups[0].hi
	}
	e.out.starting, e.out.waiting = e.distinct(0, some), e.distinct(waiting, len(e.order))
	if e.out.starting == 1 {
		return fault.Invalidf("only one unit starts by itself (%s): how sure the estimate is cannot be told from one; synthetic difference-in-differences (sdid) fits", e.p.Units[e.order[0]])
	}
	if e.out.waiting == 1 {
		return fault.Invalidf("there is only one unit by itself to compare with (%s): how sure the estimate is cannot be told from one; use synthetic difference-in-differences (sdid), or an interrupted time series (its)", e.p.Units[e.order[waiting]])
	}
	return nil
}

// distinct is how many clusters the units order[lo:hi] are in.
func (e *estimation) distinct(lo, hi int) int {
	seen := map[int]bool{}
	for _, i := range e.order[lo:hi] {
		seen[e.of[i]] = true
	}
	return len(seen)
}

// base is the period with which a group's period is compared; false where there is none.
func (e *estimation) base(start, t int) (int, bool) {
	last := start - 1 - e.o.Anticipation
	if e.o.Base != Universal && t <= last {
		last = t - 1
	}
	return last, last >= 0
}

// after is the place in order from which on units have not started, nor begun to
// anticipate, in the later of two periods.
func (e *estimation) after(t, base int) int {
	if e.o.Controls != NotYet {
		return e.groups[len(e.groups)-1].hi
	}
	for _, g := range e.groups {
		if g.start > max(t, base)+e.o.Anticipation {
			return g.lo
		}
	}
	return e.groups[len(e.groups)-1].hi
}

func (e *estimation) cells() error {
	periods := len(e.p.Periods)
	for k, g := range e.groups {
		if err := e.o.Watch.at(k, len(e.groups)); err != nil {
			return err
		}
		for t := range periods {
			base, ok := e.base(g.start, t)
			if !ok {
				continue
			}
			if e.simply && t < g.start {
				continue
			}
			cell := Cell{Group: g.start, Time: t}
			if t == base {
				cell.SE = math.NaN() // 0 by construction
				cell.Treated = g.hi - g.lo
			} else if !e.cell(&cell, k, base) {
				continue
			}
			e.out.Cells = append(e.out.Cells, cell)
			e.add(k, cell, t == base)
		}
	}
	return nil
}

// cell estimates a cell and leaves its influence in psi; false where it cannot be.
func (e *estimation) cell(c *Cell, k, base int) bool {
	g, from := e.groups[k], e.after(c.Time, base)
	clear(e.psi)
	var ok bool
	if e.design != nil {
		ok = e.robust(c, g, from, base)
	} else {
		ok = e.plain(c, g, from, base)
	}
	if !ok {
		if len(e.order)-from < fewestControls && c.Time >= g.start {
			e.uncompared = min(e.uncompared, c.Time)
		}
		return false
	}
	c.SE = e.se(e.psi)
	return true
}

// fewestControls is with how many units at least a group is compared: one has nothing to vary about.
const fewestControls = 2

// plain is the mean change of the group less that of its controls.
func (e *estimation) plain(c *Cell, g cohort, from, base int) bool {
	treated, tw, tn := e.mean(g.lo, g.hi, c.Time, base, 0, 0)
	controls, cw, cn := e.mean(from, len(e.order), c.Time, base, g.lo, g.hi)
	if tn == 0 || cn < fewestControls {
		return false
	}
	c.ATT, c.Treated, c.Controls = treated-controls, tn, cn
	e.influence(g.lo, g.hi, c.Time, base, 0, 0, treated, float64(len(e.order))/tw)
	e.influence(from, len(e.order), c.Time, base, g.lo, g.hi, controls, -float64(len(e.order))/cw)
	return true
}

// mean is the mean change from base to t of order[lo:hi] without those in [but, to).
func (e *estimation) mean(lo, hi, t, base, but, to int) (mean, weight float64, n int) {
	for at := lo; at < hi; at++ {
		if at >= but && at < to {
			continue
		}
		i := e.order[at]
		row := e.p.row(i)
		if d := row[t] - row[base]; !math.IsNaN(d) {
			w := e.p.weight(i)
			mean += w * d
			weight += w
			n++
		}
	}
	return mean / weight, weight, n
}

func (e *estimation) influence(lo, hi, t, base, but, to int, mean, scale float64) {
	controls := scale < 0
	for at := lo; at < hi; at++ {
		if at >= but && at < to {
			continue
		}
		i := e.order[at]
		row := e.p.row(i)
		if d := row[t] - row[base]; !math.IsNaN(d) {
			e.psi[e.of[i]] += scale * e.p.weight(i) * (d - mean)
			if controls {
				e.control[at] = true
			}
		}
	}
}

// se is the standard error of a figure on which the clusters have the given influence.
func (e *estimation) se(psi []float64) float64 {
	sum := 0.0
	for _, v := range psi {
		sum += v * v
	}
	se := math.Sqrt(sum) / float64(len(e.order))
	if se <= 1e-12*e.size { // nothing but rounding
		return math.NaN()
	}
	return se
}
