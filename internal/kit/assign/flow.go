package assign

import (
	"container/heap"
	"math"
	"slices"
)

// flow solves the relaxation in which an agent takes as many jobs as its lightest ones fit
// into its capacity, exactly, as a minimum-cost flow by successive shortest paths (Ahuja,
// Magnanti and Orlin, Network Flows, 1993, section 9.7). It returns the assignment, which
// may exceed capacities, and the worth of each job to the agents: a start for multipliers.
func (p *Problem) flow() (agent []int, duals []float64) {
	n, m := len(p.Jobs), len(p.Capacity)
	source, sink := n+m, n+m+1
	g := newNetwork(n + m + 2)
	weights := make([][]int, m)
	for j, job := range p.Jobs {
		least := job.Without
		for _, o := range job.Options {
			least = min(least, o.Cost)
			weights[o.Agent] = append(weights[o.Agent], o.Weight)
		}
		// Every job goes exactly one way, so the least of its costs can be taken from all.
		g.arc(source, j, 0)
		for _, o := range job.Options {
			g.arc(j, n+o.Agent, o.Cost-least)
		}
		g.arc(j, sink, job.Without-least)
	}
	for a := range m {
		slices.Sort(weights[a])
		left, count := p.Capacity[a], 0
		for _, w := range weights[a] {
			if left -= w; left < 0 {
				break
			}
			g.arc(n+a, sink, p.Balance*count)
			count++
		}
	}
	for range n {
		g.augment(source, sink)
	}
	agent, duals = make([]int, n), make([]float64, n)
	for j := range n {
		agent[j] = None
		for _, e := range g.from[j] {
			if to := g.arcs[e].to; e%2 == 0 && !g.arcs[e].free && to < n+m {
				agent[j] = to - n
			}
		}
		least := p.Jobs[j].Without
		for _, o := range p.Jobs[j].Options {
			least = min(least, o.Cost)
		}
		duals[j] = float64(g.height[sink] - g.height[j] + least)
	}
	return agent, duals
}

// network is a graph of arcs that carry one or nothing. An arc and its reverse stand side by
// side, the forward one at an even place.
type network struct {
	arcs   []arc
	from   [][]int // arcs that leave a node
	height []int   // potential: with it no free arc costs less than nothing
	far    []int
	by     []int // arc by which a node was reached
	queue  reached
}

type arc struct {
	to, cost int
	free     bool
}

func newNetwork(nodes int) *network {
	return &network{from: make([][]int, nodes), height: make([]int, nodes), far: make([]int, nodes), by: make([]int, nodes)}
}

func (g *network) arc(from, to, cost int) {
	g.from[from] = append(g.from[from], len(g.arcs))
	g.from[to] = append(g.from[to], len(g.arcs)+1)
	g.arcs = append(g.arcs, arc{to, cost, true}, arc{from, -cost, false})
}

// augment sends one more from source to sink along a cheapest path; the caller knows that
// there is one.
func (g *network) augment(source, sink int) {
	for v := range g.far {
		g.far[v] = math.MaxInt
	}
	g.far[source] = 0
	g.queue = append(g.queue[:0], step{source, 0})
	for len(g.queue) > 0 {
		s := heap.Pop(&g.queue).(step)
		if s.far > g.far[s.node] {
			continue
		}
		if s.node == sink {
			break
		}
		for _, e := range g.from[s.node] {
			a := g.arcs[e]
			if !a.free {
				continue
			}
			if far := s.far + a.cost + g.height[s.node] - g.height[a.to]; far < g.far[a.to] {
				g.far[a.to], g.by[a.to] = far, e
				heap.Push(&g.queue, step{a.to, far})
			}
		}
	}
	for v := range g.far { // what lies beyond the sink rises with it
		g.height[v] += min(g.far[v], g.far[sink])
	}
	for v := sink; v != source; {
		e := g.by[v]
		g.arcs[e].free, g.arcs[e^1].free = false, true
		v = g.arcs[e^1].to
	}
}

type step struct{ node, far int }

// reached is a heap of nodes, the nearest first.
type reached []step

func (q reached) Len() int           { return len(q) }
func (q reached) Less(i, j int) bool { return q[i].far < q[j].far }
func (q reached) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *reached) Push(x any)        { *q = append(*q, x.(step)) }
func (q *reached) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
