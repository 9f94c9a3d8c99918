package impact

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"throughline/internal/kit/fault"
)

// Never is the start of a unit in which nothing started.
const Never = math.MaxInt

// Panel is an outcome of N units over T periods, and when each unit started.
type Panel struct {
	Units      []string    // N names
	Periods    []string    // T labels in order of time; every step counts as equally long
	Outcome    []float64   // N x T, unit by unit; NaN where nothing was measured
	Start      []int       // N positions in Periods; 0 or less: from the first period on; Never, or T and more: not within the panel
	Weight     []float64   // N, above 0; nil counts every unit alike
	Covariates []Covariate // as they stood before anything started
	Cluster    []int       // N numbers from 0 on; units of one number vary together; nil: each by itself
}

// Covariate is what sets units apart before anything starts.
type Covariate struct {
	Name   string
	Values []float64 // N
}

func (p *Panel) row(i int) []float64 {
	t := len(p.Periods)
	return p.Outcome[i*t : (i+1)*t]
}

func (p *Panel) weight(i int) float64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

// cluster says to which of how many clusters each unit belongs.
func (p *Panel) cluster() (of []int, clusters int) {
	if p.Cluster == nil {
		of = make([]int, len(p.Units))
		for i := range of {
			of[i] = i
		}
		return of, len(of)
	}
	return p.Cluster, 1 + slices.Max(p.Cluster)
}

// missing counts the values of units that are not there.
func (p *Panel) missing() (n int) {
	for _, v := range p.Outcome {
		if math.IsNaN(v) {
			n++
		}
	}
	return n
}

// started lists the units that start within the panel with at least one period before,
// and those that never start in it.
func (p *Panel) started() (some, never []int) {
	for i, s := range p.Start {
		switch {
		case s >= len(p.Periods):
			never = append(never, i)
		case s > 0:
			some = append(some, i)
		}
	}
	return some, never
}

// check reports what no method can work with.
func (p *Panel) check() error {
	if len(p.Units) < 2 {
		return fault.Invalidf("there is only one unit: an interrupted time series (its) fits, if it has enough periods before and after the start")
	}
	if len(p.Periods) < 2 {
		return fault.Invalidf("there is only one period: an effect needs periods before and after a start")
	}
	first, varies := math.NaN(), false
	for _, v := range p.Outcome {
		if math.IsNaN(v) {
			continue
		}
		if math.IsNaN(first) {
			first = v
		}
		varies = varies || v != first
	}
	if math.IsNaN(first) {
		return fault.Invalidf("the outcome is empty in every row")
	}
	if !varies {
		return fault.Invalidf("the outcome is %g in every row: nothing changed, so there is nothing to explain; choose an outcome that varies", first)
	}
	some, never := p.started()
	if len(some) == 0 {
		if len(never) == len(p.Units) {
			return fault.Invalidf("no unit starts within the periods of the panel")
		}
		return fault.Invalidf("every start lies in the first period: no unit has a period before its start to compare with; add earlier periods")
	}
	return nil
}

// cohort is the units that start in the same period: order[lo:hi].
type cohort struct{ start, lo, hi int }

// cohorts brings the units with a period before their start into order by start, those
// that never start last, and cuts them into cohorts.
func (p *Panel) cohorts() (order []int, all []cohort, early int) {
	some, never := p.started()
	early = len(p.Units) - len(some) - len(never)
	slices.SortStableFunc(some, func(a, b int) int { return cmp.Compare(p.Start[a], p.Start[b]) })
	order = append(some, never...)
	for lo := 0; lo < len(some); {
		hi := lo
		for hi < len(some) && p.Start[some[hi]] == p.Start[some[lo]] {
			hi++
		}
		all = append(all, cohort{p.Start[some[lo]], lo, hi})
		lo = hi
	}
	return order, all, early
}

// sortedCells are the keys, group and period, in order.
func sortedCells[V any](cells map[[2]int]V) [][2]int {
	return slices.SortedFunc(maps.Keys(cells), func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
