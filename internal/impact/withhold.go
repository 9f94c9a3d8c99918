package impact

import (
	"math"
	"slices"

	"throughline/internal/kit/fault"
)

// withhold takes out of the panels of people what would tell of fewer of them than the minimum: see
// Panel.withhold. What differs from the panel in so few people is not tried at all, since the difference
// would tell of these.
func (s *Study) withhold(least, unmoved int, o Options) error {
	s.Panel, s.Few = s.Panel.withhold(least, o)
	if len(s.Units) == 0 {
		return fault.Invalidf("fewer than %d people started in each of the periods, or waited: of so few nothing is told", least)
	}
	if s.Alone != nil {
		s.Alone, _ = s.Alone.withhold(least, o)
		if s.Later = s.Panel.differs(s.Alone); s.Later < least || len(s.Alone.Units) == 0 {
			s.Alone, s.Later = nil, 0
		}
	}
	if s.Placebo != nil {
		if s.Placebo, _ = s.Placebo.withhold(max(least, unmoved), o); len(s.Placebo.Units) == 0 {
			s.Placebo = nil
		}
	}
	joint := s.Joint[:0]
	for _, j := range s.Joint {
		if len(j.Units) >= least {
			j.Panel, _ = j.Panel.withhold(least, o)
			joint = append(joint, j)
		}
	}
	s.Joint = joint
	return nil
}

// differs is how many units have other values in another panel, or are in one of the two alone.
func (p *Panel) differs(other *Panel) (n int) {
	rows := map[string][]float64{}
	for i, unit := range other.Units {
		rows[unit] = other.row(i)
	}
	for i, unit := range p.Units {
		row, there := rows[unit]
		delete(rows, unit)
		if !there || !slices.EqualFunc(p.row(i), row, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
			n++
		}
	}
	return n + len(rows)
}

// withhold is the panel without units that have no value or that start, or wait, together with fewer than
// so many, and without the values of a starting group in periods in which its figure would be of fewer, or
// against fewer. It says how many were left out because of their group.
func (p *Panel) withhold(least int, o Options) (*Panel, int) {
	p = p.without(func(i int) bool {
		for _, v := range p.row(i) {
			if !math.IsNaN(v) {
				return false
			}
		}
		return true
	})
	group := func(i int) int {
		switch s := p.Start[i]; {
		case s >= len(p.Periods):
			return Never
		case s < 0:
			return 0
		default:
			return s
		}
	}
	size := map[int]int{}
	for i := range p.Units {
		size[group(i)]++
	}
	few := 0
	for i := range p.Units {
		if size[group(i)] < least {
			few++
		}
	}
	p = p.without(func(i int) bool { return size[group(i)] < least })
	o.Draws, o.Watch = 0, nil
	for {
		a, err := ATT(p, o)
		if err != nil {
			return p, few // it is told why where it is estimated
		}
		hidden := 0
		for _, c := range a.Cells {
			if c.Treated >= least && c.Controls >= least {
				continue
			}
			for i, start := range p.Start {
				if v := &p.row(i)[c.Time]; start == c.Group && !math.IsNaN(*v) {
					*v = math.NaN()
					hidden++
				}
			}
		}
		if hidden == 0 {
			return p, few
		}
	}
}
