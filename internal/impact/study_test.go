package impact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// store is a subject under a region with monthly values since 2024-01.
func store(region string, n int, value func(month int) float64) Subject {
	one := Subject{ID: fmt.Sprintf("%s-%d", region, n), Name: fmt.Sprintf("%s %d", region, n), Path: []string{"root", region, fmt.Sprintf("%s-%d", region, n)}}
	for m := range 24 {
		if v := value(m); !math.IsNaN(v) {
			one.Values = append(one.Values, strategy.Mark{Number: period.Period("2024-01").Number() + m, Sum: v, Units: 1})
		}
	}
	return one
}

// network is 60 stores in three regions, in which an initiative starts at different times.
func network(effect float64) Data {
	rng := rand.New(rand.NewPCG(7, 7))
	d := Data{
		Effect:     Effect{Plan: Plan{First: "2024-01", Method: GroupTime, Controls: NotYet, Together: EachUnit, Seed: 5}},
		Indicator:  strategy.Indicator{Name: "satisfaction", Grain: period.Monthly, Direction: strategy.Higher},
		Initiative: effort.Initiative{ID: "i", Name: "sessions", Starts: append(eachOf("east", "2025-03-14"), eachOf("west", "2024-10-01")...)},
	}
	for _, region := range []string{"east", "west", "south"} {
		for n := range 20 {
			level := 50 + 5*rng.NormFloat64()
			d.Subjects = append(d.Subjects, store(region, n, func(m int) float64 {
				v := level + 0.2*float64(m) + rng.NormFloat64()
				if region == "east" && m >= 14 || region == "west" && m >= 9 {
					v += effect
				}
				return v
			}))
		}
	}
	return d
}

// eachOf starts in every store of a region by itself.
func eachOf(region string, day period.Day) (all []effort.Start) {
	for n := range 20 {
		all = append(all, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: fmt.Sprintf("%s-%d", region, n)}, Day: day})
	}
	return all
}

// What is decided for a region at once tells as little as there are regions.
func TestStartsOfAWholeRegionCountAsOne(t *testing.T) {
	d := network(2)
	d.Initiative.Starts = []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "east"}, Day: "2025-03-14"}, {Of: effort.OfUnit, Ref: org.Ref{ID: "west"}, Day: "2024-10-01"}}
	s, err := d.Study()
	if err != nil {
		t.Fatal(err)
	}
	if _, clusters := s.Panel.cluster(); clusters != 3 {
		t.Fatalf("%d clusters", clusters)
	}
	e, err := s.Estimate(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Staggered.Pretrend != nil || e.Grade != E || e.Finding != CannotTell {
		t.Errorf("each group is one region, so its past cannot be tested: %+v, grade %s, %s", e.Staggered.Pretrend, e.Grade, e.Finding)
	}
	alone, err := network(2).Study()
	if err != nil {
		t.Fatal(err)
	}
	each, err := alone.Estimate(network(2), nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Held == nil || *e.Held > 0.85 || e.Critical < 3 || e.Headline.High-e.Headline.Low < 1.2*(each.Headline.High-each.Headline.Low) {
		t.Errorf("held %v, critical %v, %+v, by themselves %+v", e.Held, e.Critical, e.Headline, each.Headline)
	}
}

func TestAStudyIsLaidOutFromTheLedgers(t *testing.T) {
	s, err := network(2).Study()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Units) != 60 || len(s.Panel.Periods) != 24 || s.Panel.Periods[14] != "2025-03" || s.Start[0] != 14 || s.Start[20] != 9 || s.Start[40] != Never {
		t.Errorf("%d units, %v, starts %v", len(s.Units), s.Panel.Periods, s.Start)
	}
	if s.Exposure() != 20*10+20*15 || len(s.Joint) != 0 || s.Alone != nil || s.Placebo != nil || s.All {
		t.Errorf("exposure %d, joint %v", s.Exposure(), s.Joint)
	}
}

func TestAnEstimateOfTheLedgersFindsWhatIsPlanted(t *testing.T) {
	d := network(2)
	d.Initiative.Order = effort.ByLot
	s, err := d.Study()
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Estimate(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Headline.Low > 2 || e.Headline.High < 2 || e.Grade != A || e.Finding != Works || e.Permuted == nil || e.Permuted.P > 0.01 || e.Panel != nil {
		t.Errorf("%+v %s %s %+v", e.Headline, e.Grade, e.Finding, e.Permuted)
	}
	d.Initiative.Order, d.Indicator.Direction = effort.ByConvenience, strategy.Lower
	if e, err = s.Estimate(d, nil); err != nil || e.Grade != B || e.Finding != Harms || e.Permuted != nil {
		t.Errorf("%s %s %v", e.Grade, e.Finding, err)
	}
	d = network(0)
	d.Effect.Worth = 1
	s, _ = d.Study()
	if e, err = s.Estimate(d, nil); err != nil || e.Finding != NoEffect {
		t.Errorf("%+v %s %v", e.Headline, e.Finding, err)
	}
	d.Effect.Worth = 0
	if e, err = s.Estimate(d, nil); err != nil || e.Finding != CannotTell {
		t.Errorf("%+v %s %v", e.Headline, e.Finding, err)
	}
}

// What starts within a quarter in the same units is one effect; elsewhere it is not.
func TestTwoThingsThatStartTogetherAreOneEffect(t *testing.T) {
	d := network(2)
	d.Others = []effort.Initiative{
		{ID: "j", Name: "planning", Starts: []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "east-3"}, Day: "2025-04-01"}, {Of: effort.OfUnit, Ref: org.Ref{ID: "east-4"}, Day: "2025-02-01"}}},
		{ID: "k", Name: "later", Starts: []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "west"}, Day: "2025-08-01"}}},
	}
	s, err := d.Study()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Joint) != 1 || !slices.Equal(s.Joint[0].Units, []string{"east 3", "east 4"}) || !slices.Equal(s.Joint[0].With, []string{"planning"}) || len(s.Units) != 58 {
		t.Fatalf("%+v, %d units", s.Joint, len(s.Units))
	}
	// In the joint panel those that started alone serve until they do.
	j := s.Joint[0]
	if len(j.Panel.Units) != 60 || j.Panel.Start[3] != 14 || j.Panel.Start[0] != Never || !math.IsNaN(j.Panel.row(0)[14]) || math.IsNaN(j.Panel.row(0)[13]) {
		t.Errorf("%d units, starts %v", len(j.Panel.Units), j.Panel.Start)
	}
	if s.Later != 20 || s.Alone == nil || !math.IsNaN(s.Alone.row(20)[19]) || math.IsNaN(s.Alone.row(20)[18]) {
		t.Errorf("%d units in which something else starts later", s.Later)
	}
	e, err := s.Estimate(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Joint) != 1 || !e.Joint[0].Known || math.Abs(e.Joint[0].Effect.ATT-2) > 1.5 {
		t.Errorf("%+v", e.Joint)
	}
	if !slices.ContainsFunc(e.Checks, func(c Check) bool { return c.Kind == WithoutOthers && c.N == 20 }) {
		t.Errorf("%+v", e.Checks)
	}
	// Where everything started together, nobody can tell.
	d.Others[0].Starts = []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "east"}, Day: "2025-04-01"}, {Of: effort.OfUnit, Ref: org.Ref{ID: "west"}, Day: "2024-10-20"}}
	if s, err = d.Study(); err != nil || !s.All {
		t.Fatal(err)
	}
	if e, err = s.Estimate(d, nil); err != nil || e.Finding != CannotTell || !e.All || math.Abs(e.Joint[0].Effect.ATT-2) > 1 {
		t.Errorf("%s %+v %v", e.Finding, e.Joint, err)
	}
}

func TestValuesAfterTheEndDoNotCount(t *testing.T) {
	d := network(2)
	d.Initiative.Ended = "2025-06-10"
	s, err := d.Study()
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(s.row(d.Subjects[0].Values, d.end())[17]) || !math.IsNaN(s.Panel.row(0)[18]) {
		t.Error("June 2025 counts, July does not")
	}
}

func TestAStudyOfNothingSaysSo(t *testing.T) {
	d := network(2)
	d.Initiative.Starts = nil
	if _, err := d.Study(); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	d.Initiative.Starts = []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "east"}, Day: "2026-03-02"}}
	if _, err := d.Study(); err == nil || !strings.Contains(err.Error(), "sessions begins on 2026-03-02, and satisfaction is known up to 20") {
		t.Error(err)
	}
	d = network(2)
	d.Effect.First = "2025-12"
	if _, err := d.Study(); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}

// Another value, another start, another plan: what was kept is stale.
func TestAHashStandsForAllThatGoesIn(t *testing.T) {
	hash := func(change func(d *Data)) string {
		d := network(2)
		change(&d)
		s, err := d.Study()
		if err != nil {
			t.Fatal(err)
		}
		return s.Hash(d)
	}
	same := hash(func(*Data) {})
	if same != hash(func(d *Data) { d.Effect.Written.By = "somebody else" }) {
		t.Error("who wrote it changes it")
	}
	for name, change := range map[string]func(d *Data){
		"value": func(d *Data) { d.Subjects[5].Values[3].Sum += 0.001 },
		"start": func(d *Data) { d.Initiative.Starts[0].Day = "2025-04-01" },
		"order": func(d *Data) { d.Initiative.Order = effort.ByLot },
		"plan":  func(d *Data) { d.Effect.Anticipation = 1 },
		"other": func(d *Data) {
			d.Others = []effort.Initiative{{ID: "j", Name: "planning", Starts: []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "east-3"}, Day: "2025-04-01"}}}}
		},
	} {
		if hash(change) == same {
			t.Errorf("another %s does not change it", name)
		}
	}
}

// Those that needed it most come first: what comes back by itself looks like an effect where
// the months by which need was judged count as before.
func TestRegressionToTheMeanIsNoEffect(t *testing.T) {
	const runs = 60
	var plain, careful float64
	for seed := range uint64(runs) {
		rng := rand.New(rand.NewPCG(seed, 31))
		type unit struct {
			s    Subject
			need float64
		}
		var units []unit
		for n := range 90 {
			level := 50 + 3*rng.NormFloat64()
			noise, need := 0.0, 0.0
			one := store("east", n, func(m int) float64 {
				noise = 0.5*noise + 1.5*rng.NormFloat64()
				if m >= 9 && m < 12 {
					need += level + noise
				}
				return level + noise
			})
			units = append(units, unit{one, need})
		}
		slices.SortFunc(units, func(a, b unit) int { return int(1000 * (a.need - b.need)) })
		d := Data{Indicator: strategy.Indicator{Name: "x", Grain: period.Monthly}, Initiative: effort.Initiative{ID: "i"}, Effect: Effect{Plan: Plan{First: "2024-01", Method: GroupTime, Controls: NotYet}}}
		for n, u := range units {
			d.Subjects = append(d.Subjects, u.s)
			if n < 30 {
				d.Initiative.Starts = append(d.Initiative.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: u.s.ID}, Day: "2025-01-01"})
			}
		}
		s, err := d.Study()
		if err != nil {
			t.Fatal(err)
		}
		f, err := simpleEffect(s.Panel, Options{Controls: NotYet})
		if err != nil {
			t.Fatal(err)
		}
		plain += f.ATT / runs
		if f, err = simpleEffect(s.Panel, Options{Controls: NotYet, Anticipation: 4}); err != nil {
			t.Fatal(err)
		}
		careful += f.ATT / runs
	}
	if plain < 0.5 || math.Abs(careful) > 0.25 {
		t.Errorf("on average %.2f with the months of need as before, %.2f without", plain, careful)
	}
}

// What began everywhere on one day came to all alike: it is neither together with anything nor left out.
func TestWhatBeganEverywhereAtOnceIsNoOtherCause(t *testing.T) {
	d := network(2)
	everywhere := effort.Initiative{ID: "o", Name: "a new till", Starts: []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: "root"}, Day: "2025-03-01"}}}
	d.Others = []effort.Initiative{everywhere}
	s, err := d.Study()
	if err != nil || len(s.Joint) > 0 || s.Alone != nil || len(s.Units) != 60 {
		t.Errorf("%v, %d units, %v", s.Joint, len(s.Units), err)
	}
	d.Others[0].Starts = eachOf("east", "2025-03-01")
	if s, err = d.Study(); err != nil || len(s.Joint) != 1 || len(s.Units) != 40 {
		t.Errorf("%v, %v", s.Joint, err)
	}
}

// Stores of very different size that grow by as many per cent move alike in per cent, and not in points.
func TestAnEffectInPerCentIsFoundWhereAllGrowByPerCent(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 4))
	d := network(0)
	d.Effect.Percent, d.Effect.Worth = true, 1
	d.Subjects = nil
	for _, region := range []string{"east", "west", "south"} {
		for n := range 20 {
			level := 20 * math.Exp(0.8*rng.NormFloat64())
			if region == "south" {
				level *= 4
			}
			d.Subjects = append(d.Subjects, store(region, n, func(m int) float64 {
				v := level * math.Exp(0.01*float64(m)+0.01*rng.NormFloat64())
				if region == "east" && m >= 14 || region == "west" && m >= 9 {
					v *= 1.05
				}
				return v
			}))
		}
	}
	study := func() *Study {
		s, err := d.Study()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := study()
	e, err := s.Estimate(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(e.Headline.ATT-5) > 0.5 || e.Headline.Low > 5 || e.Headline.High < 5 || e.Finding != Works || math.Abs(e.Staggered.Simple.ATT-100*math.Log(1+e.Headline.ATT/100)) > 1e-9 {
		t.Errorf("%+v %s, of logarithms %v", e.Headline, e.Finding, e.Staggered.Simple)
	}
	for n, c := range e.Tried(d.Effect.Plan) {
		if raw := e.Checks[n]; !math.IsNaN(c.ATT) && math.Abs(c.ATT-percent(raw.ATT)) > 1e-12 {
			t.Errorf("%s: %v of %v", c.Kind, c.ATT, raw.ATT)
		}
	}
	logs := s.Hash(d)
	d.Effect.Percent = false
	if s = study(); s.Hash(d) == logs {
		t.Error("the hash knows nothing of per cent")
	}
	if e, err = s.Estimate(d, nil); err != nil || e.Headline.ATT > -1 {
		t.Errorf("in points the large ones grow more, and the estimate is far too low: %+v %v", e.Headline, err)
	}
	d.Effect.Percent = true
	d.Subjects[3].Values[2].Sum = 0
	if _, err := d.Study(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a value of 0: %v", err)
	}
	plan := Plan{Scope: "root", First: "2024-01", Method: OfSeries, Percent: true}
	if err := plan.Check(d.Indicator); fault.Of(err) == nil || fault.Of(err).Field != "percent" {
		t.Errorf("of a series: %v", err)
	}
}
