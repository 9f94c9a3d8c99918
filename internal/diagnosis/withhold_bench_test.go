package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// regularWorkforce has a tree in which every unit above the last level has
// branch children, about perUnit people in a leaf and a third of that in an
// inner unit, five levels, and places of which each leaf uses one for most.
func regularWorkforce(rng *rand.Rand, branch, depth, places, perUnit int, stray float64) workforce {
	parent := []int32{-1}
	var staff []member
	var grow func(u int32, d int)
	grow = func(u int32, d int) {
		home, n := int16(rng.IntN(places)), perUnit/2+rng.IntN(perUnit+1)
		if d < depth {
			n /= 3
		}
		for range n {
			p := member{u, [3]int16{0, home, 0}, rng.Float64() < .8}
			for p.value[0] < 4 && rng.Float64() > .55 {
				p.value[0]++
			}
			if rng.Float64() < stray {
				p.value[1] = int16(rng.IntN(places))
			}
			staff = append(staff, p)
		}
		for range branch {
			if d < depth {
				parent = append(parent, u)
				grow(int32(len(parent)-1), d+1)
			}
		}
	}
	grow(0, 0)
	return gather(parent, staff)
}

func publishTimes(b *testing.B, w workforce, tables []Table, own []OwnSystem, minimum int) {
	b.Helper()
	groups, shown := 0, 0
	for b.Loop() {
		p, err := Publish(w.cells, tables, []System{w.answered, w.invited}, own, minimum, 1, nil)
		if err != nil || p.UnitsOnly {
			b.Fatal(p.UnitsOnly, err)
		}
		groups, shown = 0, 0
		for _, v := range p.Verdicts {
			if v != TooFew {
				groups++
			}
			if v == Shown {
				shown++
			}
		}
	}
	b.ReportMetric(float64(len(w.cells.Unit)), "cells")
	b.ReportMetric(float64(groups), "eligible")
	b.ReportMetric(float64(shown), "shown")
}

// Unit tree, unit x level, one-way place and level; the largest is the size of
// a large organisation. Shows how the time grows with the cells.
func BenchmarkPublishUnitByLevel(b *testing.B) {
	tables := []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Attributes: []int{byPlace}}, {Attributes: []int{byLevel}}}
	for _, c := range []struct {
		name                   string
		branch, depth, perUnit int
		stray                  float64
	}{
		{"13 units", 3, 2, 10, .1},
		{"111 units", 10, 2, 10, .1},
		{"421 units", 20, 2, 10, .1},
		{"1111 units", 10, 3, 10, .1},
		{"1111 units of 25", 10, 3, 25, .1},
		{"1111 units, places by unit", 10, 3, 10, 0},
		{"1111 units, places anywhere", 10, 3, 10, 1},
	} {
		w := regularWorkforce(rand.New(rand.NewPCG(1, 1)), c.branch, c.depth, 20, c.perUnit, c.stray)
		b.Run(c.name, func(b *testing.B) { publishTimes(b, w, tables, nil, 5) })
		b.Run(c.name+", minimum 10", func(b *testing.B) { publishTimes(b, w, tables, nil, 10) })
	}
}

// The same with an own system for each of 35 items in the unit tree and the
// one-way tables.
func BenchmarkPublishUnitByLevelItems(b *testing.B) {
	tables := []Table{{Units: true}, {Units: true, Attributes: []int{byLevel}}, {Attributes: []int{byPlace}}, {Attributes: []int{byLevel}}}
	rng := rand.New(rand.NewPCG(1, 1))
	w := regularWorkforce(rng, 10, 3, 20, 10, .1)
	var items []OwnSystem
	for range 35 {
		items = append(items, OwnSystem{missing(rng, w.answered, .03), []int{0, 2, 3}})
	}
	publishTimes(b, w, tables, items, 5)
}

// The unit tree alone, near-linear, and with an own system per item.
func BenchmarkPublishUnitTree(b *testing.B) {
	tables := []Table{{Units: true}}
	for _, depth := range []int{2, 3, 4} {
		rng := rand.New(rand.NewPCG(1, 1))
		w := regularWorkforce(rng, 10, depth, 1, 25, 0)
		b.Run(fmt.Sprintf("%d units", len(w.cells.Parent)), func(b *testing.B) { publishTimes(b, w, tables, nil, 5) })
		var items []OwnSystem
		for range 35 {
			items = append(items, OwnSystem{missing(rng, w.answered, .03), []int{0}})
		}
		b.Run(fmt.Sprintf("%d units, 35 items", len(w.cells.Parent)), func(b *testing.B) { publishTimes(b, w, tables, items, 5) })
	}
}

// Hundreds of people, three overlapping crossings.
func BenchmarkPublishCrossings(b *testing.B) {
	for _, people := range []int{100, 300, 1000} {
		w := makeWorkforce(rand.New(rand.NewPCG(3, 3)), people)
		for _, r := range reported[2:] {
			for _, minimum := range []int{5, 10} {
				b.Run(fmt.Sprintf("%d people, minimum %d, %s", people, minimum, r.name), func(b *testing.B) { publishTimes(b, w, r.tables, nil, minimum) })
			}
		}
	}
}
