package assign

import (
	"math"
	"slices"
)

// repair makes an assignment of a choice: what was chosen once and fits stays, the rest goes
// where it costs least; then single jobs and pairs change places while that is cheaper.
func (s *searcher) repair(choice []int) {
	left, load := slices.Clone(s.left), slices.Clone(s.load)
	agent := slices.Clone(s.agent)
	var rest []int
	for j, a := range choice {
		if s.agent[j] != open {
			continue
		}
		agent[j] = None
		if o := s.option(j, a); a >= 0 && o.Weight <= left[a] {
			agent[j], left[a] = a, left[a]-o.Weight
			load[a]++
		} else {
			rest = append(rest, j)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return s.Jobs[b].Without - s.Jobs[a].Without })
	t := table{s.Problem, agent, left, load}
	for _, j := range rest {
		t.settle(j)
	}
	for improved, round := true, 0; improved && round < 50; round++ {
		improved = false
		for j := range agent {
			if s.agent[j] == open && (t.settle(j) || t.trade(j, s.agent)) {
				improved = true
			}
		}
	}
	s.keep(agent, s.cost(agent))
}

// table is an assignment that is being improved.
type table struct {
	*Problem
	agent, left, load []int
}

// settle moves a job to where it costs least, and says whether it moved.
func (t table) settle(job int) bool {
	was := t.agent[job]
	t.remove(job)
	to := t.cheapest(job, was)
	t.put(job, to)
	return to.Agent != was
}

// cheapest is the cheapest way for a job that nobody has; where several are, the first asked for.
func (t table) cheapest(job, first int) Option {
	best := t.option(job, first)
	cost := t.worth(best)
	if !t.fits(best) {
		cost = math.MaxInt
	}
	if nobody := t.option(job, None); nobody.Cost < cost {
		best, cost = nobody, nobody.Cost
	}
	for _, o := range t.Jobs[job].Options {
		if t.fits(o) && t.worth(o) < cost {
			best, cost = o, t.worth(o)
		}
	}
	return best
}

// trade gives a job to the agent of another, and the other to whom it costs least then, where
// that is cheaper together.
func (t table) trade(job int, decided []int) bool {
	for other := range t.agent {
		a, b := t.agent[job], t.agent[other]
		if other == job || decided[other] != open || a == b || b == None {
			continue
		}
		before := t.remove(job) + t.remove(other)
		if o := t.option(job, b); o.Agent == b && t.fits(o) {
			after := t.put(job, o)
			if after += t.put(other, t.cheapest(other, a)); after < before {
				return true
			}
			t.remove(other)
			t.remove(job)
		}
		t.put(job, t.option(job, a))
		t.put(other, t.option(other, b))
	}
	return false
}

func (t table) fits(o Option) bool { return o.Agent == None || o.Weight <= t.left[o.Agent] }

// remove takes a job from its agent and returns what that saves.
func (t table) remove(job int) int {
	o := t.option(job, t.agent[job])
	t.agent[job] = None
	if o.Agent == None {
		return o.Cost
	}
	t.left[o.Agent] += o.Weight
	t.load[o.Agent]--
	return o.Cost + t.Balance*t.load[o.Agent]
}

// worth is what an option costs now, with the balance.
func (t table) worth(o Option) int {
	if o.Agent == None {
		return o.Cost
	}
	return o.Cost + t.Balance*t.load[o.Agent]
}

// put gives a job to an agent and returns what that costs.
func (t table) put(job int, o Option) int {
	cost := t.worth(o)
	t.agent[job] = o.Agent
	if o.Agent != None {
		t.left[o.Agent] -= o.Weight
		t.load[o.Agent]++
	}
	return cost
}
