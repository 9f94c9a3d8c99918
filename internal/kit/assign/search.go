package assign

import (
	"math"
	"slices"
)

// search branches on jobs, depth first, until nothing can be cheaper than what is known, or
// the effort is spent. bound is one that is known already, duals a start for the multipliers.
func (p *Problem) search(bound int, duals []float64) Solution {
	s := searcher{Problem: p, left: slices.Clone(p.Capacity), agent: make([]int, len(p.Jobs)), load: make([]int, len(p.Capacity))}
	for j := range s.agent {
		s.agent[j] = open
	}
	s.best = math.MaxInt
	s.repair(s.agent)
	root := s.ascend(duals, 1000)
	root.bound = math.Max(root.bound, float64(bound))
	s.branch(0, root)
	if s.stopped {
		return Solution{Agent: s.found, Cost: s.best, Bound: min(s.best, ceil(root.bound))}
	}
	return Solution{Agent: s.found, Cost: s.best, Bound: s.best}
}

// open is the agent of a job that is not decided yet.
const open = -2

type searcher struct {
	*Problem
	agent   []int // decided, or open
	left    []int // capacity that what is decided leaves
	load    []int // jobs of each agent
	found   []int
	best    int
	cells   int // of knapsacks, filled until now
	stopped bool
}

func (s *searcher) branch(spent int, r relaxed) {
	if s.stopped || ceil(float64(spent)+r.bound) >= s.best {
		return
	}
	if s.cells > s.Effort {
		s.stopped = true
		return
	}
	job, ways := s.hardest()
	if job == open {
		s.keep(s.agent, spent)
		return
	}
	for _, w := range ways {
		cost := s.take(job, w)
		child := s.ascend(r.worth, 12)
		s.branch(spent+cost, child)
		s.giveBack(job, w)
	}
}

func (s *searcher) take(job int, o Option) int {
	s.agent[job] = o.Agent
	if o.Agent == None {
		return o.Cost
	}
	s.left[o.Agent] -= o.Weight
	s.load[o.Agent]++
	return o.Cost + s.Balance*(s.load[o.Agent]-1)
}

func (s *searcher) giveBack(job int, o Option) {
	s.agent[job] = open
	if o.Agent != None {
		s.left[o.Agent] += o.Weight
		s.load[o.Agent]--
	}
}

// ways lists what can still be done with a job, the cheapest first; leaving it is one.
func (s *searcher) ways(job int) []Option {
	ways := []Option{s.option(job, None)}
	for _, o := range s.Jobs[job].Options {
		if o.Weight <= s.left[o.Agent] {
			ways = append(ways, o)
		}
	}
	slices.SortStableFunc(ways, func(a, b Option) int { return a.Cost + s.more(a) - b.Cost - s.more(b) })
	return ways
}

// more is what balance adds for the agent's next job.
func (s *searcher) more(o Option) int {
	if o.Agent == None {
		return 0
	}
	return s.Balance * s.load[o.Agent]
}

// hardest is the open job whose second way costs most more than its first, with its ways;
// open if none is.
func (s *searcher) hardest() (job int, ways []Option) {
	job = open
	regret := math.Inf(-1)
	for j, a := range s.agent {
		if a != open {
			continue
		}
		w := s.ways(j)
		r := math.Inf(1)
		if len(w) > 1 {
			r = float64(w[1].Cost + s.more(w[1]) - w[0].Cost - s.more(w[0]))
		}
		if r > regret {
			job, ways, regret = j, w, r
		}
	}
	return job, ways
}

func (s *searcher) keep(agent []int, cost int) {
	if cost < s.best {
		s.best, s.found = cost, slices.Clone(agent)
	}
}

func ceil(x float64) int {
	if math.IsInf(x, -1) {
		return math.MinInt
	}
	return int(math.Ceil(x - 1e-6))
}
