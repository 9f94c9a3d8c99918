package impact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// crowd is 50 people in two units of whom 20 start in month 10, 3 in month 12, 12 in month 15 and 15 never,
// with values that move by 2 when they do.
func crowd() Data {
	rng := rand.New(rand.NewPCG(3, 8))
	d := network(0)
	d.Indicator.Minimum, d.Indicator.OverUnits = 5, strategy.MeanOfUnits
	d.Subjects, d.Initiative.Starts = nil, nil
	for n := range 50 {
		start := Never
		switch {
		case n < 20:
			start = 10
		case n < 23:
			start = 12
		case n < 35:
			start = 15
		}
		one := store([]string{"north", "south"}[n%2], n, func(m int) float64 {
			v := float64(10+n%7) + rng.NormFloat64()
			if m >= start {
				v += 2
			}
			return v
		})
		if one.Name = fmt.Sprint(n + 1); start != Never {
			d.Initiative.Starts = append(d.Initiative.Starts, effort.Start{Of: effort.OfPerson, Ref: org.Ref{ID: one.ID}, Day: map[int]period.Day{10: "2024-11-05", 12: "2025-01-01", 15: "2025-04-30"}[start]})
		}
		d.Subjects = append(d.Subjects, one)
	}
	return d
}

// What is told of people is of at least the minimum of them, and follows from nobody in a smaller group.
func TestAnEffectOnPeopleTellsOfAtLeastTheMinimum(t *testing.T) {
	estimate := func(d Data) (*Study, *Estimated) {
		t.Helper()
		s, err := d.Study()
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Estimate(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s, e
	}
	s, e := estimate(crowd())
	if s.Few != 3 || len(s.Units) != 47 || e.Treated != 32 || math.Abs(e.Headline.ATT-2) > 0.5 || e.Finding != Works {
		t.Errorf("%d few of %d people, %d started, %+v", s.Few, len(s.Units), e.Treated, e.Headline)
	}
	left := false
	for _, c := range e.Checks {
		if c.Kind == LeaveUnit {
			left = true
			if !math.IsNaN(c.ATT) || !math.IsNaN(c.Low) || !math.IsNaN(c.High) || c.Verdict != Passed {
				t.Errorf("it tells what one of them makes of it: %+v", c)
			}
		}
	}
	if !left {
		t.Error("nobody was left out")
	}
	d := crowd()
	for n := range d.Subjects[21].Values {
		d.Subjects[21].Values[n].Sum = 1000
	}
	if _, other := estimate(d); fmt.Sprint(other.Staggered.Cells) != fmt.Sprint(e.Staggered.Cells) {
		t.Error("somebody of a group of three moves the figures")
	}
	// Another initiative that fewer than the minimum are in later would tell of them by the difference.
	d = crowd()
	later := effort.Initiative{ID: "o", Name: "talks", Starts: []effort.Start{{Of: effort.OfPerson, Ref: org.Ref{ID: d.Subjects[0].ID}, Day: "2025-08-01"}}}
	d.Others = []effort.Initiative{later}
	if s, _ := estimate(d); s.Alone != nil {
		t.Error("it is estimated without what one person did later")
	}
	// Four of them in the group that is left out make no difference.
	d = crowd()
	d.Others = []effort.Initiative{later}
	for _, n := range []int{20, 21, 22} {
		d.Others[0].Starts = append(d.Others[0].Starts, effort.Start{Of: effort.OfPerson, Ref: org.Ref{ID: d.Subjects[n].ID}, Day: "2025-08-01"})
	}
	d.Others[0].Starts = append(d.Others[0].Starts, effort.Start{Of: effort.OfPerson, Ref: org.Ref{ID: d.Subjects[1].ID}, Day: "2025-08-01"})
	if s, _ := estimate(d); s.Alone != nil {
		t.Error("it is estimated without what two people did later")
	}
	d.Others[0].Starts = nil
	for n := range 6 {
		d.Others[0].Starts = append(d.Others[0].Starts, effort.Start{Of: effort.OfPerson, Ref: org.Ref{ID: d.Subjects[n].ID}, Day: "2025-08-01"})
	}
	if s, _ := estimate(d); s.Alone == nil || s.Later != 6 {
		t.Errorf("without what six did later: %d", s.Later)
	}
	d = crowd()
	d.Indicator.Minimum = 40
	if _, err := d.Study(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("of too few: %v", err)
	}
}

// Whatever is missing, no figure is of fewer than the minimum, nor against fewer.
func TestNoCellIsOfFewPeople(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	shown := 0
	for range 300 {
		const people, periods, least = 60, 6, 4
		p := &Panel{}
		for m := range periods {
			p.Periods = append(p.Periods, fmt.Sprint(m))
		}
		for n := range people {
			p.Units = append(p.Units, fmt.Sprint(n))
			start := 1 + rng.IntN(periods)
			if start == periods {
				start = Never
			}
			p.Start = append(p.Start, start)
			for range periods {
				v := rng.NormFloat64()
				if rng.Float64() < 0.3 {
					v = math.NaN()
				}
				p.Outcome = append(p.Outcome, v)
			}
		}
		o := Options{Controls: []Controls{NotYet, NeverTreated}[rng.IntN(2)], Anticipation: rng.IntN(2)}
		q, few := p.withhold(least, o)
		if few+len(q.Units) > people {
			t.Fatalf("%d left out and %d kept of %d", few, len(q.Units), people)
		}
		a, err := ATT(q, o)
		if err != nil {
			continue
		}
		for _, c := range a.Cells {
			if shown++; c.Treated < least || c.Controls < least {
				t.Fatalf("%+v", c)
			}
		}
	}
	if shown < 300 {
		t.Errorf("only %d figures were shown at all", shown)
	}
}
