// Package assign gives jobs to agents at the least cost within what each agent can
// take: the generalised assignment problem. It knows nothing of what agents and jobs
// are.
//
// The parts of a problem that share no agent are solved one by one. A relaxation of each
// part that counts jobs in place of weighing them is a minimum-cost flow; where its
// solution keeps to every capacity it is the optimum. Elsewhere a search branches on
// jobs, bounded by the Lagrangian relaxation of Fisher, Jaikumar and Van Wassenhove, A
// multiplier adjustment method for the generalized assignment problem, Management
// Science 32 (1986), here with subgradient steps.
package assign

import "cmp"

// Problem is what is to be assigned. Costs and weights are whole numbers; weights and
// capacities are not negative.
type Problem struct {
	Capacity []int // of each agent, in the unit of the weights
	Jobs     []Job
	Balance  int // what an agent's second job costs more than the first, the third twice this, and so on
	Effort   int // how much is searched before what is near is enough, in cells of knapsacks; 0 for Effort
}

// Job is one thing to do, by one of the agents of its options or by none.
type Job struct {
	Options []Option // each agent at most once
	Without int      // what it costs to leave the job undone
}

// Option is an agent that could do a job: its place in Capacity, and what it costs and weighs there.
type Option struct {
	Agent, Cost, Weight int
}

// Solution says who does what.
type Solution struct {
	Agent []int // of each job; None for a job left undone
	Cost  int
	Bound int // no assignment costs less
}

// None is the agent of a job that nobody does.
const None = -1

// Optimal says whether nothing cheaper exists; where it is false the solution is near.
func (s Solution) Optimal() bool { return s.Cost == s.Bound }

// Effort is how much is searched unless the problem says otherwise: a few seconds' work.
const Effort = 400_000_000

// Solve returns the cheapest assignment that it finds, with a bound. A problem is always
// solvable, as every job can be left undone. done may be nil; it is told how many of the
// jobs are assigned.
func (p *Problem) Solve(done func(jobs, of int)) Solution {
	all := Solution{Agent: make([]int, len(p.Jobs))}
	settled := 0
	for _, part := range p.parts() {
		part.Effort = 1 + int(float64(cmp.Or(p.Effort, Effort))*float64(len(part.job))/float64(len(p.Jobs)))
		s := part.solve()
		for i, job := range part.job {
			all.Agent[job] = None
			if s.Agent[i] != None {
				all.Agent[job] = part.agent[s.Agent[i]]
			}
		}
		all.Cost += s.Cost
		all.Bound += s.Bound
		if settled += len(part.job); done != nil {
			done(settled, len(p.Jobs))
		}
	}
	return all
}

// part is jobs and agents that belong together; its own places stand for those of the
// whole problem in job and agent.
type part struct {
	Problem
	job, agent []int
}

// parts splits a problem where no agent joins two jobs.
func (p *Problem) parts() []part {
	root := make([]int, len(p.Jobs))
	for j := range root {
		root[j] = j
	}
	find := func(j int) int {
		for root[j] != j {
			root[j] = root[root[j]]
			j = root[j]
		}
		return j
	}
	first := make([]int, len(p.Capacity)) // a job of each agent, one more than its place
	for j, job := range p.Jobs {
		for _, o := range job.Options {
			if first[o.Agent] == 0 {
				first[o.Agent] = j + 1
			}
			root[find(j)] = find(first[o.Agent] - 1)
		}
	}
	at := map[int]int{} // root -> part
	local := make([]int, len(p.Capacity))
	for a := range local {
		local[a] = None
	}
	var parts []part
	for j, job := range p.Jobs {
		k, known := at[find(j)]
		if !known {
			k = len(parts)
			at[find(j)] = k
			parts = append(parts, part{Problem: Problem{Balance: p.Balance}})
		}
		of := &parts[k]
		own := Job{Without: job.Without}
		for _, o := range job.Options {
			if o.Weight > p.Capacity[o.Agent] {
				continue // never possible
			}
			if local[o.Agent] == None {
				local[o.Agent] = len(of.agent)
				of.agent = append(of.agent, o.Agent)
				of.Capacity = append(of.Capacity, p.Capacity[o.Agent])
			}
			own.Options = append(own.Options, Option{local[o.Agent], o.Cost, o.Weight})
		}
		of.job = append(of.job, j)
		of.Jobs = append(of.Jobs, own)
	}
	return parts
}

// cost is what an assignment costs.
func (p *Problem) cost(agent []int) int {
	total := 0
	jobs := make([]int, len(p.Capacity))
	for j, a := range agent {
		total += p.option(j, a).Cost
		if a != None {
			total += p.Balance * jobs[a]
			jobs[a]++
		}
	}
	return total
}

// keeps says whether an assignment keeps to every capacity.
func (p *Problem) keeps(agent []int) bool {
	left := append([]int(nil), p.Capacity...)
	for j, a := range agent {
		if a == None {
			continue
		}
		if left[a] -= p.option(j, a).Weight; left[a] < 0 {
			return false
		}
	}
	return true
}

// option is a job's option of an agent; that of leaving it where there is none.
func (p *Problem) option(job, agent int) Option {
	for _, o := range p.Jobs[job].Options {
		if o.Agent == agent {
			return o
		}
	}
	return Option{Agent: None, Cost: p.Jobs[job].Without}
}

func (p part) solve() Solution {
	agent, duals := p.flow()
	s := Solution{Agent: agent, Cost: p.cost(agent)}
	s.Bound = s.Cost
	if p.keeps(agent) {
		return s
	}
	return p.search(s.Bound, duals)
}
