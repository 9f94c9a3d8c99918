package impact

import (
	"math/rand/v2"
	"testing"
)

// clustered gives each unit of a made panel one of so many clusters, whose noise they share.
func clustered(rng *rand.Rand, clusters int, effect float64) *Panel {
	p := made(rng, 6, []int{clusters, clusters}, []int{3, Never}, effect)
	p.Cluster = make([]int, len(p.Units))
	shared := make([]float64, clusters*6)
	for i := range shared {
		shared[i] = rng.NormFloat64()
	}
	for i := range p.Units {
		c := i / 2
		p.Cluster[i] = c
		for t := range p.Periods {
			p.row(i)[t] += shared[c*6+t]
		}
	}
	return p
}

func TestWildBootstrapOfFewClustersHoldsItsSize(t *testing.T) {
	const runs = 200
	var wild, plain int
	for seed := range uint64(runs) {
		p := clustered(rand.New(rand.NewPCG(seed, 5)), 10, 0)
		got, err := WildBootstrap(p, Options{Draws: 199, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if !got.Webb || got.Exact || got.Clusters != 10 || got.Treated != 5 {
			t.Fatalf("%+v", got)
		}
		if got.P <= 0.05 {
			wild++
		}
		fit, err := TwoWayEffects(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if (Figure{fit.Coefficient, fit.SE}).P() <= 0.05 {
			plain++
		}
	}
	if wild > 20 || plain <= wild {
		t.Errorf("at 5 %%: %d of %d by the bootstrap, %d by the normal distribution", wild, runs, plain)
	}
}

func TestWildBootstrapLooksAtEveryCombinationOfSigns(t *testing.T) {
	p := clustered(rand.New(rand.NewPCG(9, 5)), 12, 4)
	got, err := WildBootstrap(p, Options{Draws: 5000})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Exact || got.Webb || got.Draws != 4096 || got.P > 0.01 {
		t.Errorf("%+v", got)
	}
	again, _ := WildBootstrap(p, Options{Draws: 5000, Seed: 7})
	if *again != *got {
		t.Error("another seed changes an exact answer")
	}
}
