package demo_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

const minimum = 5

// asked is an organisation whose people have answered, with the answers as
// scoring reads them.
type asked struct {
	*testing.T
	o       *demo.Organisation
	in      *diagnosis.Instrument
	wave    int
	truth   demo.Truth
	people  map[string]demo.Person
	units   []demo.Unit
	answers *diagnosis.Answers
	who     []string // key per response
}

func ask(t *testing.T, o *demo.Organisation, in *diagnosis.Instrument, wave int) *asked {
	t.Helper()
	a := &asked{T: t, o: o, in: in, wave: wave, truth: o.Truth(in, wave), people: map[string]demo.Person{}, units: o.Units()}
	a.answers = diagnosis.NewAnswers(in, 0)
	for _, p := range o.People(wave) {
		a.people[p.Key] = p
	}
	for key, given := range o.Answers(in, wave) {
		row, err := in.Pack(given)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if err := a.answers.Append(row, 0); err != nil {
			t.Fatal(err)
		}
		a.who = append(a.who, key)
	}
	return a
}

func (a *asked) unit(key string) (int32, demo.Unit) {
	i := slices.IndexFunc(a.units, func(u demo.Unit) bool { return u.Key == a.people[key].Unit })
	return int32(i), a.units[i]
}

// byTree is the report by units and nothing else.
func (a *asked) byTree() diagnosis.Report {
	a.Helper()
	l := diagnosis.Layout{Tables: []diagnosis.Table{{Units: true}}, Simple: []int{0}}
	at := map[string]int32{}
	for i, u := range a.units {
		parent := int32(-1)
		if u.Parent != "" {
			parent = at[u.Parent]
		}
		at[u.Key] = int32(i)
		l.Units = append(l.Units, diagnosis.LayoutUnit{ID: u.Key, Name: u.Name, Parent: parent})
		l.Combinations = append(l.Combinations, diagnosis.Combination{Unit: int32(i)})
	}
	for r, key := range a.who {
		a.answers.Cell[r], _ = a.unit(key)
	}
	return a.report(l)
}

// by is the report by one attribute of the people.
func (a *asked) by(value func(demo.Person, demo.Unit) string) map[string]*diagnosis.ReportGroup {
	a.Helper()
	l := diagnosis.Layout{
		Units:  []diagnosis.LayoutUnit{{ID: demo.Root, Parent: -1}},
		Tables: []diagnosis.Table{{Attributes: []int{0}}}, Simple: []int{0},
	}
	var values []string
	for r, key := range a.who {
		_, u := a.unit(key)
		v := value(a.people[key], u)
		i := slices.Index(values, v)
		if i < 0 {
			i = len(values)
			values = append(values, v)
			l.Combinations = append(l.Combinations, diagnosis.Combination{Values: []int16{int16(i)}})
		}
		a.answers.Cell[r] = int32(i)
	}
	l.Attributes = []diagnosis.LayoutAttribute{{Name: "by", Values: values}}
	r := a.report(l)
	groups := map[string]*diagnosis.ReportGroup{}
	for _, g := range r.Of(0) {
		groups[values[g.Values[0]]] = g
	}
	return groups
}

func (a *asked) report(l diagnosis.Layout) diagnosis.Report {
	a.Helper()
	r, err := a.in.Report(l, a.answers, minimum, 1, nil)
	if err != nil {
		a.Fatal(err)
	}
	return r
}

// comparison counts the figures that lie within two standard errors of the truth.
type comparison struct{ figures, near int }

// agrees compares a group's figures with the truth. In units of standard error
// (sd of the group / square root of those who answered; 0.005 is for the terms of
// the second order that Truth leaves out) it fails beyond 4.5 in groups that are
// large enough for a normal distribution: of some 5,000 figures that chance puts
// beyond that, there is one in 30 runs of other seeds.
func (a *asked) agrees(name string, g *diagnosis.ReportGroup, want demo.Expected) (c comparison) {
	a.Helper()
	check := func(id string, got *diagnosis.Score, want float64) {
		if got == nil || got.SD == nil {
			return
		}
		c.figures++
		off, unit := math.Abs(got.Mean-want), *got.SD/math.Sqrt(float64(g.N))+0.00125
		if off <= 2*unit {
			c.near++
		}
		if g.N >= 100 && off > 4.5*unit {
			a.Errorf("%s, %s: reported %.3f of %d people, planted %.3f ± %.3f", name, id, got.Mean, g.N, want, unit)
		}
	}
	for f, s := range g.Factors {
		check(a.in.Factors[f].ID, s, want.Factors[f])
	}
	for i, it := range a.in.Items() {
		if i < len(g.Items) {
			check(it.ID, g.Items[i], want.Items[i])
		}
	}
	return c
}

func factor(in *diagnosis.Instrument, id string) int {
	return slices.IndexFunc(in.Factors, func(f diagnosis.Factor) bool { return f.ID == id })
}

func item(in *diagnosis.Instrument, id string) int {
	return slices.IndexFunc(in.Items(), func(it diagnosis.PlacedItem) bool { return it.ID == id })
}

func country(t *testing.T, a *asked) map[string]*diagnosis.ReportGroup {
	names := map[string]string{}
	for _, u := range a.units {
		if u.Parent == demo.Root && u.Key != "HO" {
			names[u.Country] = strings.TrimPrefix(u.Name, demo.Name+" ")
		}
	}
	return a.by(func(_ demo.Person, u demo.Unit) string { return names[u.Country] })
}

func TestThePlantedTruthComesOutOfTheReport(t *testing.T) {
	in := hpo(t)
	for wave := 1; wave <= demo.Waves; wave++ {
		a := ask(t, demo.New(1, demo.Full), in, wave)
		for name, g := range country(t, a) {
			a.agrees(name, g, a.truth.Countries[name])
		}
		for name, g := range a.by(func(p demo.Person, _ demo.Unit) string { return string(p.Level) }) {
			a.agrees(name, g, a.truth.Levels[org.Level(name)])
		}
		for name, g := range a.by(func(_ demo.Person, u demo.Unit) string { return u.Workplace }) {
			a.agrees(name, g, a.truth.Workplaces[name])
		}
		tree, stores := a.byTree(), comparison{}
		a.agrees("the whole", &tree.Groups[0], a.truth.Whole)
		for _, g := range tree.Of(0) {
			u := a.units[g.Unit]
			c := a.agrees(u.Key, g, a.truth.Units[u.Key])
			if u.Workplace == demo.Store {
				stores.figures, stores.near = stores.figures+c.figures, stores.near+c.near
			}
		}
		// Two standard errors of some 25 people hold 94 to 95 % of the time.
		if share := float64(stores.near) / float64(stores.figures); stores.figures < 5000 || share < 0.93 || share > 0.97 {
			t.Errorf("wave %d: %.3f of the %d figures of stores lie within two standard errors", wave, share, stores.figures)
		}
	}
}

func TestTheStoryIsInTheReport(t *testing.T) {
	in := hpo(t)
	a := ask(t, demo.New(1, demo.Full), in, 1)
	countries := country(t, a)
	for f := range in.Factors {
		for name, g := range countries {
			if name != "Poland" && g.Factors[f].Mean <= countries["Poland"].Factors[f].Mean {
				t.Errorf("%s: %s stands below Poland", in.Factors[f].ID, name)
			}
			if name != "Germany" && g.Factors[f].Mean >= countries["Germany"].Factors[f].Mean {
				t.Errorf("%s: %s stands above Germany", in.Factors[f].ID, name)
			}
		}
	}
	levels, dialogue := a.by(func(p demo.Person, _ demo.Unit) string { return string(p.Level) }), item(in, "dialogue")
	for i := 2; i < len(org.Levels); i++ {
		above, below := levels[string(org.Levels[i-1])].Items[dialogue].Mean, levels[string(org.Levels[i])].Items[dialogue].Mean
		if above-below < 0.3 {
			t.Errorf("dialogue is %.2f for %s and %.2f for %s: no fall with the distance from the board", above, org.Levels[i-1], below, org.Levels[i])
		}
	}
	if employee := levels[string(org.LevelEmployee)].Items; employee[item(in, "trust")].Mean-employee[dialogue].Mean < 2 {
		t.Errorf("employees: trust %.2f, dialogue %.2f", employee[item(in, "trust")].Mean, employee[dialogue].Mean)
	}
	places, improvement := a.by(func(_ demo.Person, u demo.Unit) string { return u.Workplace }), factor(in, "improvement_renewal")
	if gap := places[demo.Store].Factors[improvement].Mean - places[demo.Depot].Factors[improvement].Mean; gap < 0.4 {
		t.Errorf("continuous improvement is only %.2f lower in depots", gap)
	}
	tree := a.byTree()
	if s := tree.Groups[0].Overall; *s < 6 || *s > 7 {
		t.Errorf("overall %.2f is no ordinary organisation", *s)
	}
	a.halved(tree)
}

// halved checks that in the halved region stores differ far more than elsewhere.
func (a *asked) halved(tree diagnosis.Report) {
	a.Helper()
	spread := map[string][]float64{}
	for u, unit := range a.units {
		if unit.Workplace == demo.Store {
			if g := tree.Unit(int32(u)); g != nil && g.Overall != nil {
				spread[unit.Parent] = append(spread[unit.Parent], *g.Overall)
			}
		}
	}
	width := func(region string) float64 { return slices.Max(spread[region]) - slices.Min(spread[region]) }
	for region := range spread {
		if region != a.truth.Effects.Halved && width(region) >= width(a.truth.Effects.Halved) {
			a.Errorf("stores of %s lie %.2f apart, those of %s %.2f", region, width(region), a.truth.Effects.Halved, width(a.truth.Effects.Halved))
		}
	}
}

func TestItemsHangTogetherAndUnitsDifferAsPlanted(t *testing.T) {
	in := hpo(t)
	a := ask(t, demo.New(1, demo.Full), in, 1)
	r := a.byTree()
	for f, rel := range r.Reliability {
		if want := a.truth.Effects.Factors[rel.Factor].Alpha; math.Abs(*rel.Alpha-want) > 0.02 {
			t.Errorf("%s: alpha %.3f, planted %.2f", rel.Factor, *rel.Alpha, want)
		}
		if icc := *r.Agreement[f].ICC1; icc < 0.05 || icc > 0.15 {
			t.Errorf("%s: ICC(1) %.3f", rel.Factor, icc)
		}
		t.Logf("%s: alpha %.3f, ICC(1) %.3f", rel.Factor, *rel.Alpha, *r.Agreement[f].ICC1)
	}
	for f, e := range a.truth.Effects.Factors {
		if e.Alpha < 0.8 || e.Alpha > 0.9 {
			t.Errorf("%s: planted alpha %.2f", f, e.Alpha)
		}
	}
}

func TestWhoAnswersDependsOnCountryAndStore(t *testing.T) {
	a := ask(t, demo.New(1, demo.Full), hpo(t), 1)
	invited, answered := map[string]float64{}, map[string]float64{}
	group := func(key string) (groups []string) {
		_, u := a.unit(key)
		groups = []string{"", u.Country}
		if u.Parent == a.truth.Effects.Halved && u.Workplace == demo.Store {
			groups = append(groups, []string{"high store", "low store"}[u.Twin%2])
		}
		return groups
	}
	for key := range a.people {
		for _, g := range group(key) {
			invited[g]++
		}
	}
	for _, key := range a.who {
		for _, g := range group(key) {
			answered[g]++
		}
	}
	share := func(g string) float64 { return answered[g] / invited[g] }
	if p, n := a.truth.Response, invited[""]; math.Abs(share("")-p) > 4*math.Sqrt(p*(1-p)/n) || p < 0.76 || p > 0.80 {
		t.Errorf("response %.3f, planted %.3f", share(""), p)
	}
	for _, low := range []string{"FR", "ES"} {
		for _, c := range []string{"NL", "DE", "PL", "BE", "GB", "CZ", "DK"} {
			if share(c)-share(low) < 0.03 {
				t.Errorf("response %.3f in %s and %.3f in %s", share(low), low, share(c), c)
			}
		}
	}
	if share("high store")-share("low store") < 0.15 {
		t.Errorf("response %.3f in high stores and %.3f in low ones", share("high store"), share("low store"))
	}
}

func TestOutcomesGoWithOpennessMost(t *testing.T) {
	in := hpo(t)
	a := ask(t, demo.New(1, demo.Full), in, 1)
	for _, outcome := range []string{"recommend", "achievement"} {
		open := a.correlation(outcome, factor(in, "openness_action"))
		for f := range in.Factors {
			if r := a.correlation(outcome, f); f != factor(in, "openness_action") && r >= open-0.02 {
				t.Errorf("%s: correlation %.3f with %s, %.3f with openness", outcome, r, in.Factors[f].ID, open)
			}
		}
		if open < 0.4 || open > 0.8 {
			t.Errorf("%s: correlation %.3f with openness", outcome, open)
		}
	}
}

// TestTheReportTellsWhatOutcomesGoWith: openness carries both, surely more than any other
// factor, and an even part lies in the interval of none of its kind.
func TestTheReportTellsWhatOutcomesGoWith(t *testing.T) {
	in := hpo(t)
	a := ask(t, demo.New(1, demo.Full), in, 1)
	for _, d := range a.byTree().Drivings {
		if d.Factors.Unknown != "" || d.Items.Unknown != "" {
			t.Fatalf("%s: cannot tell: %q %q", d.Outcome, d.Factors.Unknown, d.Items.Unknown)
		}
		open := d.Factors.Shares[factor(in, "openness_action")]
		for f, s := range d.Factors.Shares {
			if f != factor(in, "openness_action") && s.To >= open.From {
				t.Errorf("%s: %s has up to %.2f, openness from %.2f", d.Outcome, in.Factors[f].ID, s.To, open.From)
			}
		}
		from, to := in.Span(factor(in, "openness_action"))
		for i, s := range d.Items.Shares {
			if open := i >= from && i < to; open != (s.From > 1./35) {
				t.Errorf("%s: %s has %.2f to %.2f of what the characteristics explain", d.Outcome, in.Items()[i].ID, s.From, s.To)
			}
		}
		t.Logf("%s: R2 %.2f, openness %.2f to %.2f", d.Outcome, d.Factors.R2, open.From, open.To)
	}
}

// correlation of an outcome with the mean of a factor's items, over those who
// answered all of them.
func (a *asked) correlation(outcome string, f int) float64 {
	items, column := a.in.Items(), a.answers.Columns[item(a.in, outcome)]
	from, to := a.in.Span(f)
	var n, sx, sy, sxx, syy, sxy float64
response:
	for r := range a.answers.Len() {
		y, answered := items[item(a.in, outcome)].Scale.Value(column[r])
		x := 0
		for i := from; i < to; i++ {
			v, ok := items[i].Scale.Value(a.answers.Columns[i][r])
			if !ok || !answered {
				continue response
			}
			x += v
		}
		fx, fy := float64(x), float64(y)
		n, sx, sy, sxx, syy, sxy = n+1, sx+fx, sy+fy, sxx+fx*fx, syy+fy*fy, sxy+fx*fy
	}
	return (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
}

func TestBetweenTheWavesAllButOpennessRises(t *testing.T) {
	in := hpo(t)
	o := demo.New(1, demo.Full)
	first, second := o.Truth(in, 1), o.Truth(in, 2)
	for f := range in.Factors {
		id := in.Factors[f].ID
		rise, want := second.Whole.Factors[f]-first.Whole.Factors[f], first.Effects.Factors[id].Gain
		// The ends of the scale take a little from what was planted.
		if rise > want+0.02 || rise < 0.85*want-0.02 {
			t.Errorf("%s rises by %.3f, planted %.2f", id, rise, want)
		}
		if flat := id == "openness_action"; flat != (want == 0) {
			t.Errorf("%s: a planted gain of %.2f", id, want)
		}
	}
}

func TestAnyInstrumentCanBeAnswered(t *testing.T) {
	in := instrument(t, []byte(`
id: other
version: "1"
languages: [en]
name: {en: Other}
scale: {min: 0, max: 4}
factors:
  - id: one
    name: {en: One}
    items:
      - {id: a, name: {en: A}, text: {en: A}}
      - {id: b, name: {en: B}, text: {en: B}, reversed: true}
      - {id: c, name: {en: C}, text: {en: C}, scale: {min: 0, max: 4}}
outcomes:
  - {id: d, name: {en: D}, text: {en: D}, scale: {min: 1, max: 7}}
`))
	a := ask(t, demo.New(3, demo.Full), in, 1)
	tree := a.byTree()
	if c := a.agrees("the whole", &tree.Groups[0], a.truth.Whole); c.figures != 5 {
		t.Errorf("%d figures compared, the instrument has 5", c.figures)
	}
	for _, column := range a.answers.Columns {
		if slices.Contains(column, diagnosis.Abstained) {
			t.Fatal("somebody cannot judge where that is not offered")
		}
	}
}
