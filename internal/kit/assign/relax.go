package assign

import (
	"math"
	"slices"
)

// relaxed is what the Lagrangian relaxation says of the jobs that are open.
type relaxed struct {
	bound  float64
	worth  []float64 // multiplier of each job
	chosen []int     // how many agents take each job: one, if the relaxation is right about it
}

// ascend improves multipliers by subgradient steps and repairs what each step chooses into
// an assignment. The bound is that of the best step; balance is left out of it, which keeps
// it a bound.
func (s *searcher) ascend(worth []float64, steps int) relaxed {
	at := relaxed{worth: slices.Clone(worth), bound: math.Inf(-1)}
	best := at
	spent := 0.0
	for j, a := range s.agent {
		if a != open {
			spent += float64(s.option(j, a).Cost)
		}
	}
	scale, since := 1.0, 0
	for range steps {
		if s.cells > s.Effort {
			break
		}
		choice := s.relax(&at)
		if at.bound > best.bound+1e-9 {
			best = relaxed{at.bound, slices.Clone(at.worth), slices.Clone(at.chosen)}
			since = 0
		} else if since++; since >= 20 {
			scale, since = scale/2, 0
		}
		slack := 0
		for j, a := range s.agent {
			if a == open {
				slack += (1 - at.chosen[j]) * (1 - at.chosen[j])
			}
		}
		if slack == 0 {
			s.repair(choice)
			break
		}
		if steps > 100 && since == 0 {
			s.repair(choice)
		}
		if ceil(best.bound+spent) >= s.best {
			break
		}
		gap := math.Max(float64(s.best)-spent-at.bound, 1)
		for j, a := range s.agent {
			if a == open {
				at.worth[j] += scale * gap / float64(slack) * float64(1-at.chosen[j])
			}
		}
	}
	return best
}

// relax solves the relaxation at its multipliers: each agent packs the open jobs that are
// worth most to it into what it has left, whoever else does. choice is what was chosen, the
// last agent where several chose a job.
func (s *searcher) relax(r *relaxed) (choice []int) {
	choice = slices.Clone(s.agent)
	r.chosen = make([]int, len(s.Jobs))
	r.bound = 0
	offers := make([][]offer, len(s.Capacity))
	for j, a := range s.agent {
		if a != open {
			continue
		}
		r.bound += r.worth[j]
		if gain := r.worth[j] - float64(s.Jobs[j].Without); gain > 0 {
			r.bound -= gain
			r.chosen[j]++
			choice[j] = None
		}
		s.cells += len(s.Jobs[j].Options)
		for _, o := range s.Jobs[j].Options {
			if gain := r.worth[j] - float64(o.Cost); gain > 0 && o.Weight <= s.left[o.Agent] {
				offers[o.Agent] = append(offers[o.Agent], offer{j, o.Weight, gain})
			}
		}
	}
	for a, of := range offers {
		s.cells += len(of) * (s.left[a] + 1)
		gain, jobs := pack(of, s.left[a])
		r.bound -= gain
		for _, j := range jobs {
			r.chosen[j]++
			choice[j] = a
		}
	}
	return choice
}

type offer struct {
	job, weight int
	gain        float64
}

// pack fills a knapsack: the offers that are worth most together.
func pack(offers []offer, capacity int) (gain float64, jobs []int) {
	if len(offers) == 0 {
		return 0, nil
	}
	worth := make([]float64, capacity+1)
	taken := make([][]bool, len(offers))
	for i, o := range offers {
		taken[i] = make([]bool, capacity+1)
		for c := capacity; c >= o.weight; c-- {
			if with := worth[c-o.weight] + o.gain; with > worth[c] {
				worth[c], taken[i][c] = with, true
			}
		}
	}
	c := capacity
	for i := len(offers) - 1; i >= 0; i-- {
		if taken[i][c] {
			jobs = append(jobs, offers[i].job)
			c -= offers[i].weight
		}
	}
	return worth[capacity], jobs
}
