package impact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Intervals of 95 % hold in 93 to 97 % of 1,000 panels of 120 units.
func TestIntervalsHoldAsOftenAsTheySay(t *testing.T) {
	few := made(rand.New(rand.NewPCG(1, 1)), 12, []int{30, 30, 60}, []int{4, 8, Never}, 0)
	all := made(rand.New(rand.NewPCG(1, 1)), 12, []int{30, 30, 30, 30}, []int{3, 5, 7, 9}, 0)
	gaps := made(rand.New(rand.NewPCG(1, 1)), 12, []int{30, 30, 60}, []int{4, 8, Never}, 0)
	rng := rand.New(rand.NewPCG(2, 2))
	for at := range gaps.Outcome {
		if rng.Float64() < 0.15 {
			gaps.Outcome[at] = math.NaN()
		}
	}
	shared := made(rand.New(rand.NewPCG(1, 1)), 8, []int{180, 180}, []int{4, Never}, 0)
	shared.Cluster = make([]int, len(shared.Units))
	for i := range shared.Cluster {
		shared.Cluster[i] = i / 3
	}
	for name, design := range map[string]struct {
		panel *Panel
		o     Options
		noise Noise
	}{
		"never treated":  {few, Options{}, Noise{SD: 1}},
		"not yet":        {all, Options{Controls: NotYet}, Noise{SD: 1, Corr: 0.6}},
		"with gaps":      {gaps, Options{Controls: NotYet}, Noise{SD: 1, Corr: 0.3}},
		"120 clusters":   {shared, Options{}, Noise{SD: 1, Shared: 0.5}},
		"universal base": {few, Options{Base: Universal}, Noise{SD: 1, Corr: 0.9}},
	} {
		s, err := Simulate(design.panel, design.o, design.noise, 1000)
		if err != nil {
			t.Fatal(name, err)
		}
		if c := s.Coverage(0.95); c < 0.93 || c > 0.97 {
			t.Errorf("%s: %.3f", name, c)
		}
	}
}

// A placebo date is significant in 5 % of panels.
func TestPlaceboDatesAreSeldomSignificant(t *testing.T) {
	alarms := 0
	const runs = 500
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 4)), 12, []int{30, 30, 60}, []int{6, 9, Never}, 2)
		f, err := simpleEffect(p.earlier(3, 0), Options{Controls: NotYet})
		if err != nil {
			t.Fatal(err)
		}
		if f.P() < 0.05 {
			alarms++
		}
	}
	if alarms < 11 || alarms > 42 { // 25 of 500 expected, sd 4.9
		t.Errorf("%d of %d", alarms, runs)
	}
}

// With few units intervals hold less often, which a simulation of the panel shows.
func TestCoverageOfFewUnitsIsMeasured(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 1)), 8, []int{3, 3}, []int{4, Never}, 0)
	s, err := Simulate(p, Options{}, Noise{SD: 1}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Coverage(0.95); c < 0.6 || c > 0.9 {
		t.Errorf("%.3f", c)
	}
}

func TestBandsHoldAllPointsAtOnce(t *testing.T) {
	const runs = 300
	var held, each int
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 6)), 10, []int{60, 60, 60}, []int{4, 6, Never}, 0)
		s, err := ATT(p, Options{Draws: 499, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		all, apart := true, true
		for _, point := range s.Dynamic.Points {
			low, high := s.Dynamic.Band(point)
			all = all && low <= 0 && 0 <= high
			low, high = point.Interval(0.95)
			apart = apart && low <= 0 && 0 <= high
		}
		if all {
			held++
		}
		if apart {
			each++
		}
	}
	if held < 276 || each > 240 { // 285 expected
		t.Errorf("bands held %d of %d times, intervals all together %d", held, runs, each)
	}
}

func TestImputationHoldsAsOftenAsItSays(t *testing.T) {
	held := 0
	const runs = 500
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 7)), 10, []int{40, 40, 40}, []int{4, 6, Never}, 1)
		m, err := Imputation(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if low, high := m.Overall.Interval(0.95); low <= 1 && 1 <= high {
			held++
		}
	}
	if held < 460 || held > 492 {
		t.Errorf("%d of %d", held, runs)
	}
}

func TestNoiseIsMeasured(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 1)), 24, []int{200, 200}, []int{12, Never}, 5)
	p.Cluster = make([]int, len(p.Units))
	for i := range p.Cluster {
		p.Cluster[i] = i / 4
	}
	for _, want := range []Noise{{SD: 2}, {SD: 1, Corr: 0.7}, {SD: 3, Corr: 0.4, Shared: 0.3}} {
		p.fill(rand.New(rand.NewPCG(3, 3)), want)
		for i := range p.Units { // levels and trends are not noise
			for t := range p.Periods {
				p.row(i)[t] += float64(i) + 0.7*float64(t)
			}
		}
		got, ok := NoiseOf(p, 0)
		if !ok || math.Abs(got.SD-want.SD) > 0.1*want.SD || math.Abs(got.Corr-want.Corr) > 0.05 || math.Abs(got.Shared-want.Shared) > 0.05 {
			t.Errorf("%+v is measured as %+v", want, got)
		}
	}
}

// An effect of the detectable size is told as often as it says.
func TestPowerIsThatOfSimulations(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 1)), 8, []int{20, 20, 20}, []int{4, 6, Never}, 0)
	s, err := Simulate(p, Options{Controls: NotYet}, Noise{SD: 1}, 500)
	if err != nil {
		t.Fatal(err)
	}
	effect := s.Detectable(0.8, 0.95)
	if got := s.Power(effect, 0.95); math.Abs(got-0.8) > 0.01 {
		t.Errorf("power at %v is %v", effect, got)
	}
	told := 0
	for seed := range uint64(300) {
		q := made(rand.New(rand.NewPCG(seed, 12)), 8, []int{20, 20, 20}, []int{4, 6, Never}, effect)
		f, err := simpleEffect(q, Options{Controls: NotYet})
		if err != nil {
			t.Fatal(err)
		}
		if f.P() < 0.05 {
			told++
		}
	}
	if told < 219 || told > 261 { // 240 expected, sd 6.9
		t.Errorf("%d of 300 told: %s", told, fmt.Sprint(effect))
	}
}
