package diagnosis

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkDrivings relates two outcomes to 5 factors and 35 characteristics, of ten
// thousand and of a million respondents.
func BenchmarkDrivings(b *testing.B) {
	in, err := ReadInstrument(HPOFile)
	if err != nil {
		b.Fatal(err)
	}
	for name, n := range map[string]int{"10k": 10_000, "1M": 1_000_000} {
		a, rng := NewAnswers(in, n), rand.New(rand.NewPCG(1, 1))
		row := make([]byte, len(in.Items()))
		for range n {
			base := 3 + rng.IntN(4)
			for i := range row {
				row[i] = byte(base + rng.IntN(4))
			}
			if err := a.Append(row, 0); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Drivings(in, a, 1)
			}
		})
	}
}
