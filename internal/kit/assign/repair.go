package assign

import (
	"math"
	"slices"
)

// repair makes an assignment of a choice: what was chosen once and fits stays, the rest goes
// where it costs least; then single jobs and pairs change places while that is cheaper.
func (s *searcher) repair(choice []int) {
	t := table{s.Problem, slices.Clone(s.agent), slices.Clone(s.left), slices.Clone(s.load), make([][]int, len(s.left))}
	var rest []int
	for j, a := range choice {
		if s.agent[j] != open {
			continue
		}
		t.agent[j] = None
		if o := s.option(j, a); o.Agent == a && t.fits(o) {
			t.put(j, o)
		} else {
			rest = append(rest, j)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return s.Jobs[b].Without - s.Jobs[a].Without })
	for _, j := range rest {
		t.settle(j)
	}
	for improved, round := true, 0; improved && round < 50; round++ {
		improved = false
		for j, a := range s.agent {
			if s.cells > s.Effort {
				break
			}
			s.cells += t.work(j)
			if a == open && (t.settle(j) || t.trade(j)) {
				improved = true
			}
		}
	}
	s.keep(t.agent, s.cost(t.agent))
}

// table is an assignment that is being improved.
type table struct {
	*Problem
	agent, left, load []int
	held              [][]int // the open jobs of each agent
}

// work is about how much settle and trade look at for a job.
func (t table) work(job int) (n int) {
	for _, o := range t.Jobs[job].Options {
		for _, other := range t.held[o.Agent] {
			n += len(t.Jobs[other].Options)
		}
	}
	return n + len(t.Jobs[job].Options)
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
func (t table) trade(job int) bool {
	a := t.agent[job]
	for _, o := range t.Jobs[job].Options {
		if o.Agent == a {
			continue
		}
		for _, other := range slices.Clone(t.held[o.Agent]) {
			before := t.remove(job) + t.remove(other)
			if t.fits(o) {
				after := t.put(job, o)
				if after += t.put(other, t.cheapest(other, a)); after < before {
					return true
				}
				t.remove(other)
				t.remove(job)
			}
			t.put(job, t.option(job, a))
			t.put(other, t.option(other, o.Agent))
		}
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
	held := t.held[o.Agent]
	at := slices.Index(held, job)
	held[at] = held[len(held)-1]
	t.held[o.Agent] = held[:len(held)-1]
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
		t.held[o.Agent] = append(t.held[o.Agent], job)
	}
	return cost
}
