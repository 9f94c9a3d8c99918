package diagnosis

import (
	"strings"
	"testing"
)

func TestEveryFactorMustReachTheThreshold(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	yes, no := true, false
	for _, c := range []struct {
		name  string
		means []float64 // 0: no mean
		want  *bool
	}{
		{"all above", []float64{9, 9, 9, 9, 9}, &yes},
		{"all at it", []float64{8.5, 8.5, 8.5, 8.5, 8.5}, &yes},
		{"one at 8.4 and the rest at 9", []float64{9, 8.4, 9, 9, 9}, &no},
		{"one that would round up", []float64{9, 9, 8.4999, 9, 9}, &no},
		{"one at it but for binary fractions", []float64{9, 9, 8.5 - 1e-14, 9, 9}, &yes},
		{"one missing", []float64{9, 0, 9, 9, 9}, nil},
		{"too few factors", []float64{9}, nil},
	} {
		var means []*float64
		for _, m := range c.means {
			if m == 0 {
				means = append(means, nil)
			} else {
				means = append(means, &m)
			}
		}
		got := in.HPO(means)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	in.Threshold = nil
	if in.HPO(make([]*float64, 5)) != nil {
		t.Error("an instrument without a threshold has a verdict")
	}
}

func TestSixPointSixIsSixtySixPercentOnTheWay(t *testing.T) {
	near(t, "on the way", OnTheWay(6.6, &Scale{Min: 1, Max: 10}), 66, 1e-9)
}

func TestRealisticGainNeedsFourToSixYears(t *testing.T) {
	// From 6.6 to 8.5 at 0.3-0.5 a year takes 3.8-6.3 years
	fewest, most := YearsTo(6.6, 8.5)
	near(t, "fewest", fewest, 3.8, 1e-9)
	near(t, "most", most, 6.333333333, 1e-9)
	if fewest, most := YearsTo(9, 8.5); fewest != 0 || most != 0 {
		t.Errorf("beyond the target it takes %v-%v years", fewest, most)
	}
}

// A group of units is published with two decimals; whether it reaches the threshold was
// decided before.
func TestAPublishedFactorReachesTheThresholdUnrounded(t *testing.T) {
	in := decodeInstrument(t, []byte(strings.Replace(teams, "factors:", "threshold: 4\nfactors:", 1)))
	for low, want := range map[int]bool{0: true, 1: false} {
		l := Layout{Units: []LayoutUnit{{Parent: -1}, {Parent: 0}, {Parent: 0}}, Tables: []Table{{Units: true}}, Simple: []int{0}, Roster: true,
			Combinations: []Combination{{Unit: 1, Invited: 200}, {Unit: 2, Invited: 200}}}
		a := NewAnswers(in, 0)
		for u := range int32(2) {
			for i := range 200 {
				v := byte(3 + 2*(i%2)) // a mean of 4, or of 3.9975
				if i == 1 && low > 0 {
					v--
				}
				if err := a.Append([]byte{v, 4}, u); err != nil {
					t.Fatal(err)
				}
			}
		}
		r, err := in.Report(l, a, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := r.Unit(1)
		if g.Factors[0].Mean != 4 || g.Factors[0].Reaches != want {
			t.Errorf("published is %v, reaches: %v", g.Factors[0].Mean, g.Factors[0].Reaches)
		}
		if n, ok := in.Reached(g); !ok || (n == 1) != want {
			t.Errorf("%d factors reach it, %v", n, ok)
		}
	}
}
