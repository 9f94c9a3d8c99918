package diagnosis

import (
	"math/rand/v2"
	"slices"
)

// workforce is a made-up organisation: how many are invited and have answered,
// per cell.
type workforce struct {
	cells    Cells
	invited  System
	answered System
}

// makeWorkforce spreads people over a tree of two or three levels and over
// level (3-5), location (2-5) and gender. Most of a unit sit at one location;
// some belong to an inner unit; most but not all answer.
func makeWorkforce(rng *rand.Rand, people int) workforce {
	parent := []int32{-1}
	var leaves []int32
	deepest, small := 2+rng.IntN(2), 4+rng.IntN(10)
	var grow func(u int32, depth, n int)
	grow = func(u int32, depth, n int) {
		if depth == deepest || depth > 0 && n < small {
			leaves = append(leaves, u)
			return
		}
		children := 2 + rng.IntN(4)
		for range children {
			parent = append(parent, u)
			grow(int32(len(parent)-1), depth+1, n/children)
		}
	}
	grow(0, 0, people)
	var weights []float64
	home := make([]int16, len(parent))
	levels, places := 3+rng.IntN(3), 2+rng.IntN(4)
	for _, u := range leaves {
		weights = append(weights, rng.ExpFloat64()+.3)
		home[u] = int16(rng.IntN(places))
	}
	stray, inner, silent := rng.Float64()*.4, rng.Float64()*.2, rng.Float64()*.3
	var staff []member
	for range people {
		u := leaves[pick(rng, weights)]
		p := member{u, [3]int16{0, home[u], int16(rng.IntN(2))}, rng.Float64() >= silent}
		for p.value[0] < int16(levels-1) && rng.Float64() > .55 {
			p.value[0]++
		}
		if rng.Float64() < stray {
			p.value[1] = int16(rng.IntN(places))
		}
		if rng.Float64() < inner {
			p.unit = parent[u]
		}
		staff = append(staff, p)
	}
	return gather(parent, staff)
}

type member struct {
	unit     int32
	value    [3]int16
	answered bool
}

func gather(parent []int32, staff []member) workforce {
	w := workforce{cells: Cells{Parent: parent}}
	cell := map[member]int{}
	for _, p := range staff {
		key := member{p.unit, p.value, false}
		c, ok := cell[key]
		if !ok {
			c = len(w.cells.Unit)
			cell[key] = c
			w.cells.Unit = append(w.cells.Unit, p.unit)
			w.cells.Value = append(w.cells.Value, slices.Clone(p.value[:]))
			w.invited = append(w.invited, 0)
			w.answered = append(w.answered, 0)
		}
		w.invited[c]++
		if p.answered {
			w.answered[c]++
		}
	}
	return w
}

func pick(rng *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// missing takes each person out of a system with a probability.
func missing(rng *rand.Rand, s System, p float64) System {
	out := slices.Clone(s)
	for c, n := range s {
		for range n {
			if rng.Float64() < p {
				out[c]--
			}
		}
	}
	return out
}

// Attributes of a workforce, and tables from the unit tree alone to three
// overlapping crossings.
const byLevel, byPlace, byGender = 0, 1, 2

var reported = []struct {
	name   string
	tables []Table
}{
	{"unit tree", []Table{{Units: true}}},
	{"unit tree, level, place", []Table{{Units: true}, {Attributes: []int{byLevel}}, {Attributes: []int{byPlace}}}},
	{"unit x level, place", []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Attributes: []int{byPlace}}}},
	{"unit x level, unit x place, level x place", []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Units: true, Attributes: []int{byPlace}}, {Attributes: []int{byLevel, byPlace}}}},
	{"unit x level x place", []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Units: true, Attributes: []int{byPlace}}, {Units: true, Attributes: []int{byLevel, byPlace}}}},
	{"unit x level x place, unit x gender, level x gender", []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Units: true, Attributes: []int{byPlace}}, {Units: true, Depth: 2, Attributes: []int{byLevel, byPlace}}, {Units: true, Attributes: []int{byGender}}, {Attributes: []int{byGender, byLevel}}}},
}

func newTestRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 42)) }
