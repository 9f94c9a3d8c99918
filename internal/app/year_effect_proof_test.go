package app

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// monthsSeen is how many there are in a panel: from January of the year before to November.
const monthsSeen = 23

// shown is a number on a page.
const shown = `([+−-]?[0-9][0-9,]*(?:\.[0-9]+)?)`

// tells holds the numbers of a sentence on a page, which stand where the pattern has #.
func (y *year) tells(what, said, pattern string, wants ...float64) {
	y.t.Helper()
	found := regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(pattern), "#", shown)).FindStringSubmatch(said)
	if len(found) != len(wants)+1 {
		y.t.Errorf("%s: not %q in: %s", what, pattern, said)
		return
	}
	for i, want := range wants {
		y.figure(fmt.Sprintf("%s, %q, number %d", what, pattern, i+1), found[i+1], want)
	}
}

// exact holds a figure that a file has in full.
func (y *year) exact(what string, is *float64, want float64) {
	y.t.Helper()
	y.compared++
	if is == nil || !(math.Abs(*is-want) <= 1e-8*math.Max(1, math.Abs(want))) {
		v := math.NaN()
		if is != nil {
			v = *is
		}
		y.t.Errorf("%s: %v is sent, want %v", what, v, want)
	}
}

// chanceOf is how a page writes a probability, with its number if it has one.
func chanceOf(p float64) (pattern string, wants []float64) {
	if p < .001 {
		return "p < 0.001", nil
	}
	return "p = #", []float64{p}
}

// ordered are the teams as the tree has them: those of a region together, regions and teams by name.
func (y *year) ordered() []unitOfYear {
	all := y.teams()
	slices.SortFunc(all, func(a, b unitOfYear) int {
		return strings.Compare(strings.TrimPrefix(a.under+"/"+a.name, "House/"), strings.TrimPrefix(b.under+"/"+b.name, "House/"))
	})
	return all
}

// part is the unit directly under the whole in which a team is.
func (u unitOfYear) part() string {
	if u.under == "House" {
		return u.name
	}
	return u.under
}

// compareLot draws the lot again, and measures again what it could tell; the starts are then what was drawn.
func (y *year) compareLot(page answer) {
	y.t.Helper()
	p, teams := &y.proof, y.ordered()
	h := fnv.New32a()
	fmt.Fprintf(h, "%s%s1 2 true", strings.TrimPrefix(p.lot.path, "/initiatives/"), y.unitNamed(y.t, "House"))
	p.seed = uint64(h.Sum32())
	says(y.t, page, fmt.Sprintf("Seed of the lot: %d,", p.seed))
	r := rand.New(rand.NewPCG(p.seed, 0x107))
	turn, in := r.Perm(3), map[string][]int{}
	for i, u := range teams {
		id := y.unitNamed(y.t, u.part())
		in[id] = append(in[id], i)
	}
	var parts []string
	for id := range in {
		parts = append(parts, id)
	}
	slices.Sort(parts)
	r.Shuffle(len(parts), func(a, b int) { parts[a], parts[b] = parts[b], parts[a] })
	group, dealt := make([]int, len(teams)), 0
	for _, id := range parts {
		r.Shuffle(len(in[id]), func(a, b int) { in[id][a], in[id][b] = in[id][b], in[id][a] })
		for _, i := range in[id] {
			group[i] = turn[dealt%3]
			dealt++
		}
	}
	seen := grid{}     // so far
	foreseen := grid{} // from two years before the first start to six months from the last on
	each := map[string]map[int]int{}
	for i, u := range teams {
		start := never
		if group[i] < 2 {
			p.lot.starts[u.name] = date(firstOfLot+monthsApart*group[i], 1)
			start = 24 + monthsApart*group[i]
		}
		if each[u.part()] == nil {
			each[u.part()] = map[int]int{}
		}
		each[u.part()][group[i]]++
		seen.names, seen.of, seen.start = append(seen.names, u.name), append(seen.of, u.name), append(seen.start, never)
		seen.y = append(seen.y, p.calls[u.name])
		foreseen.y, foreseen.start = append(foreseen.y, make([]float64, 24+monthsApart+6)), append(foreseen.start, start)
	}
	foreseen.names, foreseen.of = seen.names, seen.of
	for part, n := range each { // the lot is fair
		if most := max(n[0], n[1], n[2]); most > 1+min(n[0], n[1], n[2]) {
			y.t.Errorf("of %s fall %v to the groups", part, n)
		}
	}
	for k, name := range []string{"Starts on " + date(firstOfLot, 1), "Starts on " + date(firstOfLot+monthsApart, 1), "Does not start for now"} {
		var names []string
		for i, u := range teams {
			if group[i] == k {
				names = append(names, u.name)
			}
		}
		says(y.t, page, name+": 3 units "+strings.Join(names, ", "))
	}
	for _, row := range y.table(page, "Part") {
		y.same("dealt in "+row[0], strings.Join(row[1:], " "), fmt.Sprint(each[row[0]][0], each[row[0]][1], each[row[0]][2]))
	}

	n, mean := seen.noiseOf(), 0.0
	for _, row := range seen.y {
		mean += row[len(row)-1] / float64(len(teams))
	}
	figures, errors := foreseen.simulated(p.seed, n, 500)
	var needed []float64
	held := 0.0
	for k, v := range figures {
		needed = append(needed, z*errors[k]-v)
		if math.Abs(v) <= z*errors[k] {
			held += 100. / 500
		}
	}
	tell := quantileOf(needed, .8)
	y.tells("the lot", page.said(), "This order could tell a change of # percentage points, four times in five.", tell)
	y.tells("the lot", page.said(), "standard deviation #, correlation of neighbouring periods #. Intervals of 95 % held in # % of them. The mean of the newest period is #.", n.sd, n.corr, held, mean)
	for k, row := range y.table(page, "Effect") {
		by, told := []float64{.25, .5, .75, 1, 1.5}[k]*tell, 0.0
		for k, v := range figures {
			if math.Abs(v+by) > z*errors[k] {
				told += 100. / 500
			}
		}
		y.figure("an effect of the lot", row[0], by)
		y.figure("told of the lot", row[1], told)
	}
}

// day is that on which something begins in a team: the first day said for it, or for a unit above it.
func (y *year) day(s *study, team string) (first string) {
	for unit := team; unit != ""; unit = y.unit(unit).under {
		if day := s.starts[unit]; day != "" && (first == "" || day < first) {
			first = day
		}
	}
	return first
}

// panels are what an effect is estimated from.
type panels struct {
	main    grid
	joint   grid
	units   []string // in which something else started within a quarter
	placebo grid     // with what should not move
	alone   grid     // without what came after something else started
	later   int      // units of which that leaves values out
}

// panelsOf lays out what a study rests on, with the other one that began.
func (y *year) panelsOf(s, other *study, values, unmoved map[string][]float64) (p panels) {
	above := s == y.proof.regions // starts are said for regions, so what is in one varies together
	all, with, after := grid{}, map[string]bool{}, map[string]int{}
	for _, u := range y.ordered() {
		day, begins := y.day(s, u.name), y.day(other, u.name)
		start := never
		if day != "" {
			start = monthOf(day)
		}
		after[u.name] = never
		if begins != "" {
			if day != "" && max(y.daysFrom(day, begins), y.daysFrom(begins, day)) <= 92 {
				with[u.name] = true
				p.units = append(p.units, u.name)
			} else {
				after[u.name] = monthOf(begins)
			}
		}
		of := u.name
		if above {
			of = u.part()
		}
		all.names, all.y, all.start, all.of = append(all.names, u.name), append(all.y, values[u.name][:monthsSeen]), append(all.start, start), append(all.of, of)
	}
	alone := func(i int) bool { return !with[all.names[i]] }
	p.main = all.changed(alone, nil)
	p.joint = all.changed(nil, func(i int, row []float64, start *int) {
		if alone(i) && *start != never { // to compare with until it starts
			for t := *start; t < len(row); t++ {
				row[t] = math.NaN()
			}
			*start = never
		}
	})
	p.placebo = all.changed(alone, func(i int, row []float64, _ *int) {
		copy(row, unmoved[all.names[i]])
	})
	p.alone = all.changed(alone, func(i int, row []float64, _ *int) {
		if from := after[all.names[i]]; from < monthsSeen {
			p.later++
			for m := from; m < len(row); m++ {
				row[m] = math.NaN()
			}
		}
	})
	return p
}

// headline is the simple effect with the interval that reaches as far as a thousand simulations of few units say, and
// how often the plain one held in them.
func (g grid) headline(seed uint64) (v, se, low, high, held float64) {
	f, _ := g.simple()
	figures, errors := g.simulated(seed, g.noiseOf(), 1000)
	var far []float64
	for k, v := range figures {
		if far = append(far, math.Abs(v/errors[k])); far[k] <= z {
			held += 1. / 1000
		}
	}
	by := max(z, quantileOf(far, .95)) * g.se(f)
	return f.v, g.se(f), f.v - by, f.v + by, held
}

// check is something that would overturn an estimate.
type check struct {
	kind            string
	v, low, high, p float64
	n               int
	verdict         string
}

var nan = math.NaN()

// overturning are the checks in the order in which they are told; sound is the p of the past, NaN for no test.
func (p panels) overturning(sound float64) (all []check) {
	simple, _ := p.main.simple()
	g := p.main
	low, high := simple.v-z*g.se(simple), simple.v+z*g.se(simple)
	plain := func(kind string, h grid, f effect, n int) check {
		se := h.se(f)
		return check{kind: kind, v: f.v, low: f.v - z*se, high: f.v + z*se, p: byChance(f.v, se), n: n, verdict: "pass"}
	}
	turned := func(c check) bool {
		return apart(low, high) && (!apart(c.low, c.high) || c.v > 0 != (simple.v > 0))
	}
	if !math.IsNaN(sound) {
		all = append(all, check{kind: "pre-trend", v: nan, low: nan, high: nan, p: sound, n: 1})
	}
	starts := slices.DeleteFunc(slices.Sorted(slices.Values(g.start)), func(s int) bool { return s == never })
	back := max(1, starts[len(starts)/2]/2)
	h := g.changed(nil, func(_ int, row []float64, start *int) {
		if *start != never {
			for t := *start; t < len(row); t++ {
				row[t] = nan
			}
			*start -= back
		}
	})
	if f, ok := h.simple(); ok {
		all = append(all, plain("placebo-date", h, f, back))
	}
	leave := func(kind string, parts int, in func(part, i int) bool) {
		c, tried := check{kind: kind, p: nan, n: parts, verdict: "pass"}, 0
		least, most := simple.v, simple.v
		for part := range parts {
			h := g.changed(func(i int) bool { return !in(part, i) }, nil)
			f, ok := h.simple()
			if !ok {
				continue
			}
			one := plain(kind, h, f, parts)
			least, most = min(least, f.v), max(most, f.v)
			if turned(one) {
				c.verdict = "look"
			}
			if tried++; tried == 1 || math.Abs(f.v) < math.Abs(c.v) {
				c.v, c.low, c.high = one.v, one.low, one.high
			}
		}
		if kind == "leave-unit" {
			c.low, c.high = least, most
		}
		if tried > 1 {
			all = append(all, c)
		}
	}
	var each []string
	for i, c := range g.of {
		if slices.Index(g.of, c) == i {
			each = append(each, c)
		}
	}
	leave("leave-unit", len(each), func(part, i int) bool { return g.of[i] == each[part] })
	estimated, _ := g.family(g.cells(false, false), started)
	leave("leave-group", len(estimated), func(part, i int) bool { return g.start[i] == estimated[part] })
	v, se, n := g.imputed()
	other := check{kind: "other-method", v: v, low: v - z*se, high: v + z*se, p: byChance(v, se), n: n, verdict: "pass"}
	if v < low || v > high || apart(low, high) != apart(other.low, other.high) {
		other.verdict = "look"
	}
	mean, months, _, bound := g.honest()
	honest := plain("honest-bounds", g, mean, months)
	from, to := bound(1)
	if apart(honest.low, honest.high) && !apart(from, to) {
		honest.verdict = "look"
	}
	honest.low, honest.high, honest.p = from, to, nan
	all = append(all, other, honest)
	if f, ok := p.placebo.simple(); ok {
		all = append(all, plain("placebo-outcome", p.placebo, f, 0))
	}
	if f, ok := p.alone.simple(); ok && p.later > 0 {
		c := plain("without-others", p.alone, f, p.later)
		if apart(low, high) && !apart(c.low, c.high) || f.v < low || f.v > high {
			c.verdict = "look"
		}
		if c.high-c.low > 1e-9 { // of the few that are left, none may differ from another: there is no error then
			all = append(all, c)
		}
	}
	holm(all)
	return all
}

// holm judges the tests of what should be nothing, allowing for how many there are.
func holm(all []check) {
	var tests []*check
	for n := range all {
		if slices.Contains([]string{"pre-trend", "placebo-date", "placebo-outcome"}, all[n].kind) {
			tests = append(tests, &all[n])
		}
	}
	slices.SortStableFunc(tests, func(a, b *check) int { return int(math.Copysign(1, a.p-b.p)) })
	failing := true
	for n, c := range tests {
		failing = failing && c.p*float64(len(tests)-n) < .05
		switch {
		case failing:
			c.verdict = "fail"
		case c.p < .05:
			c.verdict = "look"
		default:
			c.verdict = "pass"
		}
	}
}
