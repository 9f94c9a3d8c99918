package impact

import (
	"testing"

	"throughline/internal/diagnosis"
)

func TestAFactorIsOnPaceByWhatIsRealisticInAYear(t *testing.T) {
	score := func(v float64) *float64 { return &v }
	w := diagnosis.Waves{Years: 1.5, Factors: []diagnosis.Change{
		{Then: score(6.4), Now: score(6.85), Movement: diagnosis.Up}, // 1.5 years of 0.3
		{Then: score(6.4), Now: score(6.84), Movement: diagnosis.Up},
		{Then: score(6.4), Now: score(6.3), Movement: diagnosis.Unclear},
		{Then: score(6.4), Now: score(6.0), Movement: diagnosis.Down},
		{Now: score(8.5), Movement: diagnosis.CannotTell},
		{Now: score(8.4), Movement: diagnosis.CannotTell},
		{Then: score(6.4), Movement: diagnosis.CannotTell},
	}}
	for n, want := range []Pace{OnPace, BelowPace, BelowPace, Falling, AtThreshold, PaceUnknown, PaceUnknown} {
		if got := Ways(w, 8.5)[n]; got.Pace != want {
			t.Errorf("factor %d: %s, not %s", n, got.Pace, want)
		}
	}
	one := Ways(w, 8.5)[0]
	if one.Low < 6.849 || one.Low > 6.851 || one.High < 7.149 || one.High > 7.151 {
		t.Errorf("the band is %v to %v", one.Low, one.High)
	}
	// 0.45 in 1.5 years is 0.3 a year: 1.65 points take 5.5 years.
	if years, ok := one.Reaches(8.5, 1.5); !ok || years < 5.49 || years > 5.51 {
		t.Errorf("%v years", years)
	}
	if _, ok := Ways(w, 8.5)[3].Reaches(8.5, 1.5); ok {
		t.Error("it is reached by falling")
	}
}
