package impact

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// How often intervals of 95 % hold, and a placebo date is significant, over 2,000 panels of each size and
// autocorrelation: `make bench BENCH=Coverage`.
func BenchmarkCoverage(b *testing.B) {
	const seeds = 2000
	for b.Loop() {
		var out strings.Builder
		for _, units := range []int{12, 20, 40, 100, 200, 500} {
			for _, corr := range []float64{0, 0.6, 0.9} {
				third := units / 3
				p := made(rand.New(rand.NewPCG(1, 1)), 24, []int{third, third, units - 2*third}, []int{12, 16, Never}, 0)
				s, err := Simulate(p, Options{Controls: NotYet}, Noise{SD: 1, Corr: corr}, seeds)
				if err != nil {
					b.Fatal(err)
				}
				alarms := 0
				rng := rand.New(rand.NewPCG(2, uint64(units)))
				for range seeds {
					p.fill(rng, Noise{SD: 1, Corr: corr})
					if f, err := simpleEffect(p.earlier(6, 0), Options{Controls: NotYet}); err != nil {
						b.Fatal(err)
					} else if f.P() < 0.05 {
						alarms++
					}
				}
				fmt.Fprintf(&out, "%4d units, correlation %.1f: intervals hold %.1f %%, reach %.2f errors needed, placebo dates alarm %.1f %%\n", units, corr, 100*s.Coverage(0.95), s.Critical(0.95), 100*float64(alarms)/seeds)
			}
		}
		fmt.Print("\n", out.String())
	}
}
