package impact

import "throughline/internal/diagnosis"

// Pace is how a factor stands on the way to the threshold of a high-performance organisation.
type Pace string

const (
	AtThreshold Pace = "reached"
	OnPace      Pace = "on-pace"    // gains at least what is realistic in a year
	BelowPace   Pace = "below-pace" // less
	Falling     Pace = "falling"    // clearly
	PaceUnknown Pace = "unknown"
)

// Realistic is between what a factor gains in a year, in points (design: 0.3 to 0.5, after the published cases of the
// method).
const (
	RealisticLow  = 0.3
	RealisticHigh = 0.5
)

// Way is a factor on the way: its score then and now, and where the realistic gain would have brought it.
type Way struct {
	Factor    int // index in the instrument
	Then, Now *float64
	Half      *float64 // of the 95 % interval of the difference
	Low, High float64  // the band; where then is known
	Pace      Pace
}

// Ways are the factors of the whole in two waves, by the instrument's threshold.
func Ways(w diagnosis.Waves, threshold float64) (all []Way) {
	for f, c := range w.Factors {
		one := Way{Factor: f, Then: c.Then, Now: c.Now, Half: c.Half, Pace: PaceUnknown}
		if c.Then != nil {
			one.Low, one.High = *c.Then+RealisticLow*w.Years, *c.Then+RealisticHigh*w.Years
		}
		switch {
		case c.Now == nil:
		case *c.Now >= threshold:
			one.Pace = AtThreshold
		case c.Then == nil:
		case c.Movement == diagnosis.Down:
			one.Pace = Falling
		case *c.Now >= one.Low-1e-9:
			one.Pace = OnPace
		default:
			one.Pace = BelowPace
		}
		all = append(all, one)
	}
	return all
}

// Reaches is in how many years from now the threshold is reached at the pace so far; false where that is none, or
// more than a working life.
func (w Way) Reaches(threshold, years float64) (float64, bool) {
	if w.Then == nil || w.Now == nil || years <= 0 || *w.Now <= *w.Then {
		return 0, false
	}
	left := (threshold - *w.Now) / ((*w.Now - *w.Then) / years)
	return left, left <= 50
}

// MovedFocal is the mean of a focal point's characteristics in two waves; nil where one of them is not told.
func MovedFocal(in *diagnosis.Instrument, w diagnosis.Waves, f diagnosis.FocalPoint) (then, now *float64) {
	mean := func(of func(c diagnosis.Change) *float64) *float64 {
		sum, n := 0.0, 0
		for i, item := range in.Items() {
			for _, want := range f.Items {
				if item.ID == want && i < len(w.Items) {
					v := of(w.Items[i])
					if v == nil {
						return nil
					}
					sum, n = sum+*v, n+1
				}
			}
		}
		if n == 0 {
			return nil
		}
		sum /= float64(n)
		return &sum
	}
	return mean(func(c diagnosis.Change) *float64 { return c.Then }), mean(func(c diagnosis.Change) *float64 { return c.Now })
}
