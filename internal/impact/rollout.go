package impact

import (
	"math"
	"math/rand/v2"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// RollOut is how an initiative is to reach units one group after the other.
type RollOut struct {
	Groups int        // that start one after the other
	First  period.Day // on which the first starts
	Every  int        // months from one start to the next
	Rest   bool       // as many as in a group do not start for now, and are compared with
	Until  int        // months from the last start on that will be looked at
	Seed   uint64     // of the lot
}

// Check reports a roll-out of so many units that cannot be.
func (r *RollOut) Check(units int) error {
	first, err := period.ParseDay(string(r.First))
	switch {
	case err != nil || first == "":
		return fault.Fieldf("first", "choose the day on which the first group starts")
	case r.Groups < 1 || r.Groups > 24:
		return fault.Fieldf("groups", "there are 1 to 24 groups, not %d", r.Groups)
	case r.Groups == 1 && !r.Rest:
		return fault.Fieldf("groups", "if all start at once there is nobody to compare with: make two groups, or let some wait")
	case r.slots() > units:
		return fault.Fieldf("groups", "there are more groups than units: of %d units one each is the most", units)
	case r.Every < 1 || r.Every > 24:
		return fault.Fieldf("every", "from one start to the next there are 1 to 24 months, not %d", r.Every)
	case r.Until < 1 || r.Until > 60:
		return fault.Fieldf("until", "the last start is followed for 1 to 60 months, not %d", r.Until)
	}
	r.First = first
	return nil
}

func (r RollOut) slots() int {
	if r.Rest {
		return r.Groups + 1
	}
	return r.Groups
}

// Day is that on which a group starts: the same day of a later month, or its last.
func (r RollOut) Day(group int) period.Day {
	month := period.Of(r.First, period.Monthly).Add(group * r.Every)
	return min(month.First().Add(r.First.Time().Day()-1), month.Last())
}

// Draw deals units to groups by lot, fairly over the strata that they are in: no two groups
// differ by more than one unit, in a stratum or in all. It returns a group for each unit, -1
// for those that do not start for now. The same seed deals alike.
func (r RollOut) Draw(strata []string) []int {
	rng := rand.New(rand.NewPCG(r.Seed, 0x107))
	in := map[string][]int{}
	for i, s := range strata {
		in[s] = append(in[s], i)
	}
	group := make([]int, len(strata))
	turn := rng.Perm(r.slots()) // which group gets one more is by lot as well
	dealt := 0
	names := sortedKeys(in)
	rng.Shuffle(len(names), func(a, b int) { names[a], names[b] = names[b], names[a] })
	for _, s := range names {
		units := in[s]
		rng.Shuffle(len(units), func(a, b int) { units[a], units[b] = units[b], units[a] })
		for _, i := range units {
			if group[i] = turn[dealt%len(turn)]; group[i] == r.Groups {
				group[i] = -1
			}
			dealt++
		}
	}
	return group
}

// Foresight is what a roll-out could tell, measured by simulations with noise like that of the
// indicator so far.
type Foresight struct {
	Noise      Noise
	Mean       float64 // of the newest period
	Detectable float64 // the effect that is told from 0 four times in five
	Coverage   float64 // how often intervals of 95 % hold
	Before     int     // periods before the first start that are known
	Periods    int
	Draws      int
	Powers     []Power
}

// Power is how often an effect is told from 0.
type Power struct{ Effect, Told float64 }

// foreseen is how many simulations stand behind a foresight.
const foreseen = 500

// Foresee says what effect a roll-out of subjects could tell, by the values of an indicator since
// a period.
//
// Mistakes: too little is known of the indicator.
func (r RollOut) Foresee(i strategy.Indicator, first period.Period, subjects []Subject, group []int, watch Watch) (*Foresight, error) {
	d := Data{Effect: Effect{Plan: Plan{First: first}}, Indicator: i, Subjects: subjects}
	known := d.periods()
	if len(known) < 3 {
		return nil, fault.Invalidf("%s was observed in fewer than three periods since %s: how it moves by itself is not known", i.Name, string(first))
	}
	past := &Panel{}
	s := &Study{Periods: known}
	for _, p := range known {
		past.Periods = append(past.Periods, string(p))
	}
	f := &Foresight{Draws: foreseen, Powers: []Power{}}
	sum, n := 0.0, 0.0
	for _, one := range subjects {
		row := s.row(one.Values, math.MaxInt)
		if v := row[len(row)-1]; !math.IsNaN(v) {
			sum += v
			n++
		}
		past.Units, past.Start, past.Outcome = append(past.Units, one.Name), append(past.Start, Never), append(past.Outcome, row...)
	}
	f.Mean = sum / n
	var ok bool
	if f.Noise, ok = NoiseOf(past, 0); !ok {
		return nil, fault.Invalidf("%s was observed of too few units, or does not move: how it moves by itself is not known", i.Name)
	}
	return f, r.simulate(i.Grain, known, past, group, f, watch)
}

func (r RollOut) simulate(grain period.Grain, known []period.Period, past *Panel, group []int, f *Foresight, watch Watch) error {
	at := func(day period.Day) int { return period.Of(day, grain).Number() - known[0].Number() }
	last := period.Of(r.Day(r.Groups-1), period.Monthly).Add(r.Until - 1)
	p := &Panel{Units: past.Units}
	for n := 0; n <= at(last.First()); n++ {
		p.Periods = append(p.Periods, string(known[0].Add(n)))
	}
	f.Periods, f.Before = len(p.Periods), min(at(r.First), len(p.Periods))
	if f.Before < 1 {
		return fault.Fieldf("first", "the first start lies before anything is known: choose a later day")
	}
	p.Outcome = make([]float64, len(p.Units)*len(p.Periods))
	for _, g := range group {
		start := Never
		if g >= 0 {
			if start = at(r.Day(g)); start >= len(p.Periods) {
				start = Never
			}
		}
		p.Start = append(p.Start, start)
	}
	simulated, err := Simulate(p, Options{Controls: NotYet, Seed: r.Seed, Watch: watch}, f.Noise, f.Draws)
	if err != nil {
		return err
	}
	f.Coverage, f.Detectable = simulated.Coverage(UsualLevel), simulated.Detectable(noticed, UsualLevel)
	for _, part := range []float64{0.25, 0.5, 0.75, 1, 1.5} {
		effect := part * f.Detectable
		f.Powers = append(f.Powers, Power{effect, simulated.Power(effect, UsualLevel)})
	}
	return nil
}
