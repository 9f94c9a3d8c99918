package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// hpoShaped returns an instrument of the shipped one's shape and n random
// responses to it in the given number of cells.
func hpoShaped(n, cells int) (*Instrument, *Answers) {
	in := &Instrument{Scale: Scale{Min: 1, Max: 10}}
	for f, items := range []int{12, 6, 5, 8, 4} {
		factor := Factor{ID: fmt.Sprintf("f%d", f)}
		for i := range items {
			factor.Items = append(factor.Items, Item{ID: fmt.Sprintf("f%di%d", f, i)})
		}
		in.Factors = append(in.Factors, factor)
	}
	share := 0.8
	in.MinAnswered = &share
	rng := rand.New(rand.NewPCG(1, 2))
	a := NewAnswers(in, n)
	row := make([]byte, len(a.Columns))
	for range n {
		for i := range row {
			switch roll := rng.IntN(100); {
			case roll < 2:
				row[i] = NotAnswered
			case roll < 4:
				row[i] = Abstained
			default:
				row[i] = byte(1 + rng.IntN(10))
			}
		}
		if err := a.Append(row, int32(rng.IntN(cells))); err != nil {
			panic(err)
		}
	}
	return in, a
}

// sixLevels is the tree of 10,000 units in which each has about seven below it.
func sixLevels(units int) []int32 {
	parent := make([]int32, units)
	parent[0] = -1
	for u := 1; u < units; u++ {
		parent[u] = int32((u - 1) / 7)
	}
	return parent
}

func BenchmarkCountMillionByThirtyFive(b *testing.B) {
	const units = 10_000
	in, a := hpoShaped(1_000_000, units)
	parent := sixLevels(units)
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			Count(in, a, units)
		}
	})
	t := Count(in, a, units)
	b.Run("climb", func(b *testing.B) {
		for b.Loop() {
			t.Climb(parent)
		}
	})
	b.Run("figures", func(b *testing.B) {
		for b.Loop() {
			for u := range units {
				for i := range 35 {
					t.Item(u, i)
				}
				for f := range 5 {
					t.Factor(u, f)
				}
			}
		}
	})
}
