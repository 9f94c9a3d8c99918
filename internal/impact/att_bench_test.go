package impact

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// large is a panel of units over periods, in as many starting groups and one that never starts.
func large(units, periods, groups int) *Panel {
	rng := rand.New(rand.NewPCG(1, 99))
	p := &Panel{}
	for t := range periods {
		p.Periods = append(p.Periods, fmt.Sprint(t))
	}
	for i := range units {
		start := Never
		if g := i % (groups + 1); g < groups {
			start = periods/4 + g*periods/2/groups
		}
		p.Units, p.Start = append(p.Units, fmt.Sprint(i)), append(p.Start, start)
		for range periods {
			p.Outcome = append(p.Outcome, rng.NormFloat64())
		}
	}
	return p
}

func benchATT(b *testing.B, p *Panel, o Options) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ATT(p, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCountiesWithBands(b *testing.B) { benchATT(b, counties(b), Options{Draws: 1000}) }

func BenchmarkOfficersWithBands(b *testing.B) {
	benchATT(b, officers(b, "complaints"), Options{Controls: NotYet, Draws: 1000})
}

// How work grows with units and with periods.
func BenchmarkPanelsWithBands(b *testing.B) {
	for _, size := range [][3]int{{2500, 60, 24}, {5000, 60, 24}, {10000, 60, 24}, {10000, 30, 24}, {10000, 120, 24}, {10000, 60, 12}} {
		b.Run(fmt.Sprintf("%dx%dx%d", size[0], size[1], size[2]), func(b *testing.B) {
			benchATT(b, large(size[0], size[1], size[2]), Options{Controls: NotYet, Draws: 1000})
		})
	}
}

func BenchmarkImputation(b *testing.B) {
	p := large(10000, 60, 24)
	for b.Loop() {
		if _, err := Imputation(p, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChecks(b *testing.B) {
	p := large(1000, 60, 12)
	o := Options{Controls: NotYet}
	s, err := ATT(p, o)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Overturn(p, o, s); err != nil {
			b.Fatal(err)
		}
	}
}
