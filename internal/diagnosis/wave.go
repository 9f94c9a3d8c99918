package diagnosis

import (
	"cmp"
	"math"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/stat"
)

// Movement is what became of a figure from one wave to the next.
type Movement string

const (
	Up         Movement = "up"    // clear statistically, and by LeastMove or more
	Down       Movement = "down"  // likewise
	Small      Movement = "small" // clear, and by less
	Unclear    Movement = "unclear"
	CannotTell Movement = "cannot tell" // withheld then or now, or too few for a standard deviation
)

const (
	leastYears = 1.0 / 12 // between two waves, for a change to be told by the year
	LeastMove  = 0.3      // points; ours, the lower end of what a factor gains in a good year
	falseRate  = 0.05     // of the movements that are called clear, expected to be none
	manyForSE  = 100      // people from which on the standard error of an item is published
	someForSE  = 30       // that of the whole
	lowShare   = 5        // one in so many units is 'lowest'
	leastMany  = 10       // units that regression to the mean is told of
)

// Change is one figure in two waves. What cannot be told is nil.
type Change struct {
	Then     *float64 `json:"then"`
	Now      *float64 `json:"now"`
	Diff     *float64 `json:"difference"`
	Half     *float64 `json:"half"`     // of the 95 % interval of the difference
	D        *float64 `json:"d"`        // Cohen's
	P        *float64 `json:"p"`        // Welch's, two-sided
	Adjusted *float64 `json:"adjusted"` // over the family of figures that are shown together
	PerYear  *float64 `json:"per_year"`
	Movement Movement `json:"movement"`
}

// UnitChange is a unit of the present wave beside what it was.
type UnitChange struct {
	Unit    int32    `json:"unit"`
	Parts   []string `json:"parts,omitempty"` // names of the earlier wave's units that it is compared with, where these are not itself alone
	Torn    bool     `json:"torn,omitzero"`   // a part of what it was belongs to another unit now
	Factors []Change `json:"factors"`
}

// Mix splits the change of the whole's overall score: how many of each part there are, and
// what the parts say.
type Mix struct {
	By          string  `json:"by"` // an attribute's name, "" for the units right below the whole
	Composition float64 `json:"composition"`
	Within      float64 `json:"within"`
}

// Regression is what became of the units that were lowest in a factor, and how much of a
// rise was to be expected by itself, because the lowest of many were low by chance too.
type Regression struct {
	Factor   int     `json:"factor"`
	Units    int     `json:"units"` // how many were lowest
	Rise     float64 `json:"rise"`
	All      float64 `json:"all"`      // of all units that are compared
	Expected float64 `json:"expected"` // by itself, beside that
}

// Waves is what became of a published set since an earlier one, from the figures of both
// alone.
type Waves struct {
	Years      float64      `json:"years"`
	Overall    Change       `json:"overall"` // without a test: it has no standard deviation
	Factors    []Change     `json:"factors"`
	Items      []Change     `json:"items"`
	Units      []UnitChange `json:"units"`
	Mixes      []Mix        `json:"mixes"`
	Regression []Regression `json:"regression"`
}

// SameWording reports two instruments whose figures are not to be compared.
func (in *Instrument) SameWording(then *Instrument) error {
	if in.ID != then.ID || in.Version != then.Version {
		return fault.Conflictf("the diagnosis before this one asked other questions (%[1]s %[2]s, not %[3]s %[4]s): there is no trend", then.ID, then.Version, in.ID, in.Version)
	}
	return nil
}

// Compare tells what became of a published set since an earlier one of the same
// instrument, years before. merged says of units of then that are no more where their
// people went: the id of a unit of now. The figures tested together, whose p values are
// adjusted, are: the factors of the whole; its characteristics; the factors of all other
// units.
func (in *Instrument) Compare(then, now *Report, merged map[string]string, years float64) Waves {
	c := comparer{in: in, then: then, now: now, years: years}
	wholeThen, wholeNow := []*ReportGroup{&then.Groups[0]}, &now.Groups[0]
	w := Waves{Years: years, Overall: Change{Then: wholeThen[0].Overall, Now: wholeNow.Overall, Movement: CannotTell}}
	c.difference(&w.Overall)
	for f := range in.Factors {
		w.Factors = append(w.Factors, c.between(wholeThen, wholeNow, f))
	}
	for i := range in.Items() {
		w.Items = append(w.Items, c.between(wholeThen, wholeNow, len(in.Factors)+i))
	}
	c.units(&w, merged)
	settle(pointers(w.Factors))
	settle(pointers(w.Items))
	var others []*Change
	for u := range w.Units {
		if w.Units[u].Unit != 0 {
			others = append(others, pointers(w.Units[u].Factors)...)
		}
	}
	settle(others)
	w.Units[0].Factors = w.Factors
	w.Mixes = c.mixes()
	w.Regression = c.regressions(w.Units)
	return w
}

type comparer struct {
	in        *Instrument
	then, now *Report
	years     float64
}

func pointers(changes []Change) (all []*Change) {
	for i := range changes {
		all = append(all, &changes[i])
	}
	return all
}

// measured is what is published of a measure of a group: wide where its standard deviation
// is, and how many answers stand behind it.
type measured struct {
	stat.Sample
	wide bool
}

func (c comparer) measured(g *ReportGroup, measure int) (m measured, ok bool) {
	score := g.score(measure)
	if score == nil {
		return m, false
	}
	m.N, m.Mean = float64(g.N), score.Mean
	if score.SD == nil {
		return m, true
	}
	m.SD = *score.SD
	if m.wide = measure < len(c.in.Factors) && *c.in.MinAnswered > 0; m.wide { // everybody who counts has the factor
		return m, true
	}
	if m.wide = score.SE > 0; m.wide {
		m.N = m.SD * m.SD / (score.SE * score.SE)
	}
	return m, true
}

// together is what parts without a common member are; not ok where one is not shown.
func (c comparer) together(parts []*ReportGroup, measure int) (all measured, ok bool) {
	var samples []stat.Sample
	all.wide = true
	for _, g := range parts {
		if g == nil {
			return all, false
		}
		m, ok := c.measured(g, measure)
		if !ok {
			return all, false
		}
		all.wide = all.wide && m.wide
		samples = append(samples, m.Sample)
	}
	all.Sample = stat.Pool(samples...)
	return all, len(parts) > 0
}

// between compares a group with what it was, the parts together.
func (c comparer) between(then []*ReportGroup, now *ReportGroup, measure int) Change {
	one := Change{Movement: CannotTell}
	a, was := c.together(then, measure)
	b, is := c.together([]*ReportGroup{now}, measure)
	if was {
		one.Then = &a.Mean
	}
	if is {
		one.Now = &b.Mean
	}
	c.difference(&one)
	c.test(&one, a, b)
	return one
}

// test adds to a change how sure it is, where it can be told.
func (c comparer) test(one *Change, a, b measured) {
	t, ok := stat.Welch(a.Sample, b.Sample)
	if one.Diff == nil || !a.wide || !b.wide || !ok {
		return
	}
	half := t.Half()
	one.P, one.Half, one.Movement = &t.P, &half, Unclear
	if d, ok := stat.CohenD(a.Sample, b.Sample); ok {
		one.D = &d
	}
}

func (c comparer) difference(one *Change) {
	if one.Then == nil || one.Now == nil {
		return
	}
	diff := *one.Now - *one.Then
	one.Diff = &diff
	if c.years >= leastYears {
		yearly := diff / c.years
		one.PerYear = &yearly
	}
}

// settle adjusts the p values of a family, and calls the movements.
func settle(family []*Change) {
	family = slices.DeleteFunc(family, func(c *Change) bool { return c.P == nil })
	p := make([]float64, len(family))
	for i, c := range family {
		p[i] = *c.P
	}
	for i, adjusted := range stat.FalseDiscovery(p) {
		c := family[i]
		c.Adjusted = &adjusted
		switch {
		case adjusted > falseRate:
			c.Movement = Unclear
		case math.Abs(*c.Diff) < LeastMove-rounding:
			c.Movement = Small
		case *c.Diff > 0:
			c.Movement = Up
		default:
			c.Movement = Down
		}
	}
}

// units compares every unit of now with the units of then that it is made of.
func (c comparer) units(w *Waves, merged map[string]string) {
	for u, was := range c.origins(merged) {
		one := UnitChange{Unit: int32(u), Torn: was.torn}
		for _, p := range was.parts {
			one.Parts = append(one.Parts, c.then.Units[p].Name)
		}
		if len(was.parts) == 1 && c.then.Units[was.parts[0]].ID == c.now.Units[u].ID {
			one.Parts = nil
		}
		for f := range c.in.Factors {
			one.Factors = append(one.Factors, c.between(was.then, was.now, f))
		}
		w.Units = append(w.Units, one)
	}
}

// origin is a unit of now with the groups to compare.
type origin struct {
	madeOf
	then []*ReportGroup // none where the unit is torn
	now  *ReportGroup
}

// origins lists the units of now with what they were.
func (c comparer) origins(merged map[string]string) []origin {
	of, then, now := made(c.then.Layout, c.now.Layout, merged), c.then.byUnit(), c.now.byUnit()
	all := make([]origin, len(of))
	for u := range of {
		all[u] = origin{madeOf: of[u], now: now[u]}
		for _, p := range of[u].parts {
			if !of[u].torn {
				all[u].then = append(all[u].then, then[p])
			}
		}
	}
	return all
}

// byUnit lists the groups of the unit tree by their unit; nil where there is none.
func (r *Report) byUnit() []*ReportGroup {
	all := make([]*ReportGroup, len(r.Units))
	for _, g := range r.Of(0) {
		all[g.Unit] = g
	}
	return all
}

// madeOf is what a unit of now is made of.
type madeOf struct {
	parts []int32 // units of then, none under another
	torn  bool
}

// made finds, for every unit of now, the units of then that it is made of: itself, and
// whatever has come to lie under it, being moved or merged. One of which a part lies
// elsewhere now is torn. Units that are no more, and whose people went in all directions,
// count nowhere.
func made(then, now Layout, merged map[string]string) []madeOf {
	all := make([]madeOf, len(now.Units))
	byID, before := now.Index(), then.Index()
	at := make([]int32, len(then.Units)) // where a unit of then lies now, or -1
	for x, unit := range then.Units {
		at[x] = -1
		if u, ok := byID[unit.ID]; ok {
			at[x] = u
		} else if u, ok := byID[merged[unit.ID]]; ok {
			at[x] = u
		}
	}
	was := make([]int32, len(now.Units)) // the same unit, then, or -1
	for u, unit := range now.Units {
		was[u] = -1
		if x, ok := before[unit.ID]; ok {
			was[u] = x
			all[u].parts = []int32{x}
		}
	}
	for x := range then.Units {
		if at[x] < 0 {
			continue
		}
		parent := then.Units[x].Parent
		for u := at[x]; u >= 0; u = now.Units[u].Parent {
			if was[u] >= 0 && then.lies(int32(x), was[u]) {
				continue // it was there then
			}
			if parent >= 0 && at[parent] >= 0 && now.lies(at[parent], u) {
				continue // with the unit above it
			}
			all[u].parts = append(all[u].parts, int32(x))
		}
		for p := int32(x); p >= 0; p = then.Units[p].Parent {
			if at[p] >= 0 && !now.lies(at[x], at[p]) {
				for u := at[p]; u >= 0 && !now.lies(at[x], u); u = now.Units[u].Parent {
					all[u].torn = true
				}
			}
		}
	}
	return all
}

// mixes splits the overall change by the units right below the whole, and by each reported
// attribute. What is not shown of a part is a part of its own, by subtraction: as the
// search for what can be worked out allows.
func (c comparer) mixes() (all []Mix) {
	then, now := &c.then.Groups[0], &c.now.Groups[0]
	if then.Overall == nil || now.Overall == nil {
		return nil
	}
	add := func(by string, groups func(r *Report) map[string]*ReportGroup) {
		before, after := groups(c.then), groups(c.now)
		shares := map[string]*stat.Share{}
		share := func(key string) *stat.Share {
			if shares[key] == nil {
				shares[key] = &stat.Share{}
			}
			return shares[key]
		}
		rest := share("") // no group has this key
		rest.W1, rest.M1 = c.fill(then, before, func(key string, n, mean float64) { share(key).W1, share(key).M1 = n, mean })
		rest.W2, rest.M2 = c.fill(now, after, func(key string, n, mean float64) { share(key).W2, share(key).M2 = n, mean })
		if len(shares) < 3 {
			return
		}
		var list []stat.Share
		for _, s := range shares {
			list = append(list, *s)
		}
		m := Mix{By: by}
		m.Composition, _ = stat.Decompose(list)
		m.Within = *now.Overall - *then.Overall - m.Composition
		all = append(all, m)
	}
	add("", func(r *Report) map[string]*ReportGroup {
		groups := map[string]*ReportGroup{}
		for u, g := range r.byUnit() {
			if r.Units[u].Parent == 0 {
				groups["unit "+r.Units[u].ID] = g
			}
		}
		return groups
	})
	for _, a := range c.now.Attributes {
		if c.then.OneWay(a.Name) < 0 || c.now.OneWay(a.Name) < 0 {
			continue
		}
		add(a.Name, func(r *Report) map[string]*ReportGroup {
			groups := map[string]*ReportGroup{}
			for _, g := range r.Of(r.OneWay(a.Name)) {
				groups["value "+r.Label(g)] = g
			}
			return groups
		})
	}
	return all
}

// fill calls each for every group whose overall score is shown, and returns what is left
// of the whole.
func (c comparer) fill(whole *ReportGroup, groups map[string]*ReportGroup, each func(key string, n, mean float64)) (n, mean float64) {
	n = float64(whole.N)
	sum := n * *whole.Overall
	for key, g := range groups {
		if g != nil && g.Overall != nil {
			each(key, float64(g.N), *g.Overall)
			n, sum = n-float64(g.N), sum-float64(g.N)**g.Overall
		}
	}
	if n < 1 {
		return 0, 0
	}
	return n, c.in.onScale(sum / n)
}

// onScale keeps a mean that comes of subtraction on the scale: figures are rounded, and few
// may be left.
func (in *Instrument) onScale(v float64) float64 {
	s := in.FactorScale(0)
	return min(float64(s.Max), max(float64(s.Min), v))
}

// regressions looks at the lowest fifth of the units without any below them.
func (c comparer) regressions(units []UnitChange) (all []Regression) {
	inner := make([]bool, len(c.now.Units))
	for _, u := range c.now.Units {
		if u.Parent >= 0 {
			inner[u.Parent] = true
		}
	}
	for f := range c.in.Factors {
		var told []Change
		for _, u := range units {
			if ch := u.Factors[f]; !inner[u.Unit] && ch.Diff != nil && len(u.Parts) == 0 {
				told = append(told, ch)
			}
		}
		if len(told) < leastMany || f >= len(c.then.Agreement) || c.then.Agreement[f].ICC2 == nil {
			continue
		}
		slices.SortFunc(told, func(a, b Change) int { return cmp.Compare(*a.Then, *b.Then) })
		r := Regression{Factor: f, Units: len(told) / lowShare}
		low, mean := 0.0, 0.0
		for i, ch := range told {
			mean += *ch.Then / float64(len(told))
			r.All += *ch.Diff / float64(len(told))
			if i < r.Units {
				low += *ch.Then / float64(r.Units)
				r.Rise += *ch.Diff / float64(r.Units)
			}
		}
		r.Expected = (1 - min(1, max(0, *c.then.Agreement[f].ICC2))) * (mean - low)
		all = append(all, r)
	}
	return all
}
