package assign

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// The optima that the OR-Library gives for gap1 (c515-1 to c515-5), which are maximised.
func TestTheOptimaOfTheORLibraryAreFound(t *testing.T) {
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" {
		t.Skip("set THROUGHLINE_DATA to read assignment/gap1.txt")
	}
	f, err := os.Open(filepath.Join(folder, "assignment", "gap1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	next := func() (n int) {
		if _, err := fmt.Fscan(in, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	want := []int{336, 327, 339, 341, 326}
	if n := next(); n != len(want) {
		t.Fatalf("%d problems", n)
	}
	for k, optimum := range want {
		agents, jobs := next(), next()
		p := Problem{Capacity: make([]int, agents), Jobs: make([]Job, jobs)}
		const most = 1000
		for j := range p.Jobs {
			p.Jobs[j] = Job{Options: make([]Option, agents), Without: most}
		}
		for a := range agents {
			for j := range jobs {
				p.Jobs[j].Options[a] = Option{Agent: a, Cost: -next()}
			}
		}
		for a := range agents {
			for j := range jobs {
				p.Jobs[j].Options[a].Weight = next()
			}
		}
		for a := range agents {
			p.Capacity[a] = next()
		}
		s := p.Solve(nil)
		if !s.Optimal() || s.Cost != -optimum || !p.keeps(s.Agent) {
			t.Errorf("problem %d: %d, bound %d, want %d", k+1, -s.Cost, -s.Bound, optimum)
		}
	}
}

// draw makes a small problem.
func draw(t *rapid.T) *Problem {
	agents, jobs := rapid.IntRange(0, 3).Draw(t, "agents"), rapid.IntRange(0, 6).Draw(t, "jobs")
	p := &Problem{Balance: rapid.IntRange(0, 3).Draw(t, "balance")}
	for range agents {
		p.Capacity = append(p.Capacity, rapid.IntRange(0, 12).Draw(t, "capacity"))
	}
	for range jobs {
		job := Job{Without: rapid.IntRange(-5, 30).Draw(t, "without")}
		for a := range agents {
			if rapid.Bool().Draw(t, "can") {
				job.Options = append(job.Options, Option{a, rapid.IntRange(-10, 20).Draw(t, "cost"), rapid.IntRange(0, 8).Draw(t, "weight")})
			}
		}
		p.Jobs = append(p.Jobs, job)
	}
	return p
}

// every tries all assignments.
func (p *Problem) every(agent []int, j int) int {
	if j == len(p.Jobs) {
		if !p.keeps(agent) {
			return 1 << 30
		}
		return p.cost(agent)
	}
	agent[j] = None
	best := p.every(agent, j+1)
	for _, o := range p.Jobs[j].Options {
		agent[j] = o.Agent
		best = min(best, p.every(agent, j+1))
	}
	return best
}

func TestNothingIsCheaperThanTheSolution(t *testing.T) {
	check := func(t *rapid.T) {
		p := draw(t)
		s := p.Solve(nil)
		if !p.keeps(s.Agent) || p.cost(s.Agent) != s.Cost {
			t.Fatalf("%+v", s)
		}
		if best := p.every(make([]int, len(p.Jobs)), 0); s.Cost != best || !s.Optimal() {
			t.Fatalf("cost %d, bound %d, best %d", s.Cost, s.Bound, best)
		}
	}
	for range 20 {
		rapid.Check(t, check)
	}
}

func TestASolutionThatIsOnlyNearSaysSo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p := Problem{Capacity: make([]int, 20), Jobs: make([]Job, 100), Effort: 100_000_000}
	for a := range p.Capacity {
		p.Capacity[a] = 75
	}
	for j := range p.Jobs {
		p.Jobs[j].Without = 1000
		for a := range p.Capacity {
			w := 5 + r.IntN(20)
			p.Jobs[j].Options = append(p.Jobs[j].Options, Option{a, 30 - w + r.IntN(10), w})
		}
	}
	s := p.Solve(nil)
	if !p.keeps(s.Agent) || s.Optimal() || s.Bound > s.Cost || s.Cost > s.Bound+s.Bound/10 {
		t.Errorf("cost %d, bound %d", s.Cost, s.Bound)
	}
}

// Like a plan of a large country: 2,000 jobs that ten neighbours each can do, every one of
// them once.
func BenchmarkAWideProblem(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	p := Problem{Capacity: make([]int, 2000), Jobs: make([]Job, 2000), Balance: 10}
	for a := range p.Capacity {
		p.Capacity[a] = 50
	}
	for j := range p.Jobs {
		p.Jobs[j].Without = 1000
		for k := range 10 {
			p.Jobs[j].Options = append(p.Jobs[j].Options, Option{(j + k*k*7) % len(p.Capacity), r.IntN(5) * 10, 26 + r.IntN(25)})
		}
	}
	for b.Loop() {
		if s := p.Solve(nil); !s.Optimal() {
			b.Fatal(s.Cost, s.Bound)
		}
	}
}
