package impact

import (
	"math"

	"throughline/internal/kit/fault"
)

// withhold takes out of the panels of people what would tell of fewer of them than the minimum: see
// Panel.withhold. What differs from the panel in so few people is not tried at all, since the difference
// would tell of these.
func (s *Study) withhold(least int, o Options) error {
	s.Panel, s.Few = s.Panel.withhold(least, o)
	if len(s.Units) == 0 {
		return fault.Invalidf("fewer than %d people started in each of the periods, or waited: of so few nothing is told", least)
	}
	if s.Later < least {
		s.Alone = nil
	}
	for _, p := range []**Panel{&s.Alone, &s.Placebo} {
		if *p == nil {
			continue
		}
		if *p, _ = (*p).withhold(least, o); len((*p).Units) == 0 {
			*p = nil
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

// withhold is the panel without units that have no value or that start, or wait, together with fewer than
// so many, and without the values of a starting group in periods in which its figure would be of fewer, or
// against fewer. It says how many were left out because of their group. Groups with a single value each
// way keep the rule too, since the figures that are told are of whole cells, and sums of these.
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
	all := p
	p = all.without(func(i int) bool { return size[group(i)] < least })
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
