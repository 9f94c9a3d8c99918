package impact

import (
	"math/rand/v2"
	"testing"
)

func checksOf(t *testing.T, p *Panel) (*Staggered, map[CheckKind]Check) {
	t.Helper()
	o := Options{Controls: NotYet}
	s, err := ATT(p, o)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Overturn(p, o, s)
	if err != nil {
		t.Fatal(err)
	}
	by := map[CheckKind]Check{}
	for _, c := range all {
		by[c.Kind] = c
	}
	if len(by) != 6 {
		t.Fatalf("%d checks: %+v", len(by), all)
	}
	return s, by
}

func TestASoundEffectPassesWhatWouldOverturnIt(t *testing.T) {
	s, checks := checksOf(t, made(rand.New(rand.NewPCG(1, 20)), 14, []int{40, 40, 40}, []int{6, 9, Never}, 6))
	for kind, c := range checks {
		if c.Verdict != Passed {
			t.Errorf("%s: %+v", kind, c)
		}
	}
	if c := checks[LeaveUnit]; c.N != 120 || c.Low >= s.Simple.ATT || c.High <= s.Simple.ATT || c.High-c.Low > 0.2 {
		t.Errorf("%+v", c)
	}
	if c := checks[LeaveGroup]; c.N != 2 || c.At != 6 && c.At != 9 {
		t.Errorf("%+v", c)
	}
	if c := checks[PlaceboDate]; c.N != 4 || c.ATT > 1 || c.ATT < -1 {
		t.Errorf("%+v", c)
	}
}

// Treated units that were rising before they started fail the tests of the past.
func TestADriftBeforeTheStartSpeaksAgainstAnEffect(t *testing.T) {
	p := made(rand.New(rand.NewPCG(2, 20)), 14, []int{60, 60, 60}, []int{8, 10, Never}, 0)
	for i, s := range p.Start {
		if s != Never {
			for t := range p.Periods {
				p.row(i)[t] += 0.4 * float64(t)
			}
		}
	}
	s, checks := checksOf(t, p)
	if low, high := s.Simple.Interval(0.95); !Told(low, high) {
		t.Fatalf("the drift does not look like an effect: %v to %v", low, high)
	}
	if checks[BeforeStart].Verdict != Failed || checks[PlaceboDate].Verdict != Failed {
		t.Errorf("%+v %+v", checks[BeforeStart], checks[PlaceboDate])
	}
	if checks[HonestBound].Verdict == Passed {
		t.Errorf("%+v", checks[HonestBound])
	}
}

// An effect that one unit carries does not survive without it.
func TestAnEffectThatOneUnitCarriesIsLookedAt(t *testing.T) {
	p := made(rand.New(rand.NewPCG(3, 20)), 10, []int{30, 10, 40}, []int{5, 7, Never}, 0.32)
	for t := 5; t < 10; t++ {
		p.row(0)[t] += 6
	}
	s, checks := checksOf(t, p)
	low, high := s.Simple.Interval(0.95)
	c := checks[LeaveUnit]
	if !Told(low, high) || c.Verdict != Look || c.Low > s.Simple.ATT-0.1 {
		t.Errorf("%v to %v, %+v", low, high, c)
	}
}

// Before the start nothing is there: the test says so in 95 of 100 panels, also where it has many
// figures for its clusters and chi-squared does not.
func TestThePastIsJudgedSoundlyOfFewUnits(t *testing.T) {
	const runs = 200
	var plain, sound int
	for seed := range uint64(runs) {
		p := made(rand.New(rand.NewPCG(seed, 21)), 20, []int{16, 16, 16}, []int{8, 12, Never}, 1)
		s, err := ATT(p, Options{Controls: NotYet, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if s.Pretrend.P < 0.05 {
			plain++
		}
		if s.Pretrend.Sound < 0.05 {
			sound++
		}
	}
	if sound < 2 || sound > 20 || plain < 3*sound {
		t.Errorf("of %d pasts without a difference %d are judged to have one, by chi-squared %d", runs, sound, plain)
	}
}
