package app

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// tracked is an indicator that the year follows.
type tracked struct {
	name, key, measure, look string // look: from which perspective
	over, better             string // sum, mean or last of periods; higher, lower, within
	perYear, digits          int
	mean, alone, people      bool
	weight                   string // key of what weights it
	learning, score, veiled  bool   // veiled: of the ledger, it is never below 0
	comes                    func(unit string) (of map[int]mark, withheld int)
}

// mark is what a unit comes to in a period: a sum, of a mean with what divides it, and of how many values.
type mark struct {
	sum, weight float64
	n           int
	later       bool // of too few people: told with the next one
}

func (p mark) value() float64 {
	if p.weight != 0 {
		return p.sum / p.weight
	}
	return p.sum
}

// slot is where values stand, by period: the year times how many periods it has, and which of them.
type slot struct {
	key, unit string
	plan      bool
}

// aiming is what a unit shall come to in the year; without a baseline it is NaN.
type aiming struct{ from, value, to float64 }

// own are the values that were handed in for a unit itself.
func (y *year) own(c slot) map[int]float64 {
	own := map[int]float64{}
	maps.Copy(own, y.cells[c])
	for n, v := range map[string][]float64{"calls": y.proof.calls[c.unit], "price": y.proof.prices[c.unit]}[c.key] {
		if !c.plan {
			own[12*(simulated-1)+n] = v
		}
	}
	for _, f := range y.figures {
		if f.unit != c.unit || c.plan && !f.foreseen || !c.plan && !f.observed {
			continue
		}
		of := map[string]float64{"revenue": f.revenue, "customer-satisfaction": f.content, "customers-asked": f.asked}
		if c.plan {
			of = map[string]float64{"revenue": f.plan, "customer-satisfaction": f.aim}
		}
		if v, there := of[c.key]; there {
			own[12*f.year+f.month-1] = v
		}
	}
	return own
}

// together is what a unit comes to, by period: what was handed in of it itself, else what those under it come to.
func (y *year) together(k tracked, unit string, plan bool) map[int]mark {
	all := map[int]mark{}
	if k.comes != nil && !plan {
		all, _ = k.comes(unit)
		return all
	}
	if k.comes == nil && !(k.people && !plan) {
		for _, u := range y.units {
			if u.under != unit {
				continue
			}
			for n, p := range y.together(k, u.name, plan) {
				if p.n > 0 {
					all[n] = mark{sum: all[n].sum + p.sum, weight: all[n].weight + p.weight, n: all[n].n + p.n}
				}
			}
		}
	}
	weigh := func(int) float64 { return 1 }
	if k.weight != "" {
		weigh = y.weighing(k, unit, plan)
	}
	for n, v := range y.own(slot{k.key, unit, plan}) {
		p := mark{sum: v, n: 1}
		if w := weigh(n); k.mean && w > 0 {
			p.sum, p.weight = v*w, w
		} else if k.mean {
			p.n = 0
		}
		if k.alone {
			p.sum, p.n = p.sum+all[n].sum, p.n+all[n].n
		}
		all[n] = p
	}
	return all
}

// weighing is the weight of a unit in a period: of a plan what was observed then, else what was planned, else what
// was observed a year before, else the newest.
func (y *year) weighing(k tracked, unit string, plan bool) func(n int) float64 {
	by := y.follows(k.weight)
	seen, planned := y.together(by, unit, false), y.together(by, unit, true)
	return func(n int) float64 {
		for _, p := range []struct {
			of map[int]mark
			n  int
		}{{seen, n}, {planned, n}, {seen, n - k.perYear}, {seen, slices.Max(append(slices.Collect(maps.Keys(seen)), 0))}} {
			if at, there := p.of[p.n]; there {
				return at.value()
			}
			if !plan {
				break
			}
		}
		return 0
	}
}

// figured is what a scorecard says of an indicator; what is not known is NaN.
type figured struct {
	tracked
	last, plan, now, due, before, share        float64
	whole                                      bool // the year before was observed
	through, periods, units, ofUnits, withheld int
	aim                                        *aiming
	attained                                   float64
	foreseen                                   *foreseen
	status                                     string
	seen, planned                              map[int]mark
}

// foreseen is a forecast, and how it was made.
type foreseen struct {
	at, low, high float64
	how           string
}

// reading reckons a year of an indicator of a unit, beside what it shall come to.
func (y *year) reading(k tracked, unit string, year int) figured {
	f := y.plain(k, unit, year)
	if aim, there := y.aims[slot{key: k.key, unit: unit}]; there && year == simulated {
		f.aimAt(aim)
	} else {
		f.judge()
	}
	return f
}

// plain reckons a year of an indicator of a unit without a target.
func (y *year) plain(k tracked, unit string, year int) figured {
	seen, plan := y.together(k, unit, false), y.together(k, unit, true)
	f := figured{tracked: k, seen: seen, planned: plan}
	first := year * k.perYear
	within := func(of map[int]mark, first int) (numbers []int) {
		for n := first; n < first+k.perYear; n++ {
			if _, there := of[n]; there {
				numbers = append(numbers, n)
			}
		}
		return numbers
	}
	was, is, planned := within(seen, first-k.perYear), within(seen, first), within(plan, first)
	f.last, f.whole, f.now, f.periods = k.come(seen, was, 0), len(was) == k.perYear, k.come(seen, is, 0), len(is)
	f.plan, f.due, f.before, f.share, f.attained = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if len(planned) == k.perYear || k.over == "last" && len(planned) > 0 && planned[len(planned)-1] == first+k.perYear-1 {
		f.plan = k.come(plan, planned, 0)
	}
	if k.comes != nil {
		_, f.withheld = k.comes(unit)
	} else if k.people {
		f.withheld = y.withheld(unit)
	}
	if f.withheld < first-k.perYear || f.withheld >= first+k.perYear {
		f.withheld = 0
	}
	if f.periods > 0 {
		f.through = is[len(is)-1]
		f.units = seen[f.through].n
		for n, p := range seen {
			if n <= f.through && n > f.through-max(12, k.perYear) {
				f.ofUnits = max(f.ofUnits, p.n)
			}
		}
		of := is
		if k.over == "last" {
			of = is[len(is)-1:]
		}
		f.due, f.before = k.come(plan, of, 0), k.come(seen, of, k.perYear)
		if f.share = f.now / f.due; k.better == "lower" {
			f.share = f.due / f.now
		}
		if k.better == "within" || !(f.now > 0) || !(f.due > 0) {
			f.share = math.NaN()
		}
		f.foreseen = k.foresee(seen, is, first)
	}
	return f
}

// aimAt holds a target beside what was read.
func (f *figured) aimAt(aim aiming) {
	f.aim, f.attained = &aim, math.NaN()
	base := aim.from
	if math.IsNaN(base) && f.whole {
		base = f.last
	}
	switch {
	case f.over == "sum" && f.periods < f.perYear:
	case f.better == "within" && !math.IsNaN(f.now):
		if f.attained = 0; f.now >= aim.value && f.now <= aim.to {
			f.attained = 1
		}
	case f.better != "within" && base != aim.value:
		f.attained = (f.now - base) / (aim.value - base)
	}
	f.judge()
}

// judge says where it stands against its plan, or against its target where there is none.
func (f *figured) judge() {
	low, high := f.plan, math.Inf(1)
	if f.aim != nil && (math.IsNaN(f.plan) || f.better == "within") {
		low = f.aim.value
	}
	switch f.better {
	case "lower":
		low, high = math.Inf(-1), low
	case "within":
		if high = math.Inf(-1); f.aim != nil {
			high = f.aim.to
		}
	}
	end := f.through%f.perYear == f.perYear-1 // the year's last period is there
	ended := f.periods == f.perYear || f.over == "last" && end
	good := func(v float64) bool { return v >= low && v <= high }
	switch {
	case math.IsNaN(low) || math.IsNaN(high) || f.periods == 0 || f.better == "within" && f.aim == nil:
		f.status = "cannot tell"
	case ended && good(f.now):
		f.status = "reached"
	case ended:
		f.status = "missed"
	case f.foreseen == nil && f.over == "sum":
		f.status = "cannot tell"
	case f.foreseen == nil && good(f.now):
		f.status = "on plan"
	case f.foreseen == nil:
		f.status = "behind"
	case f.better != "within" && f.foreseen.low != f.foreseen.high && good(f.foreseen.low) && good(f.foreseen.high):
		f.status = "ahead"
	case good(f.foreseen.at):
		f.status = "on plan"
	case f.foreseen.high >= low && f.foreseen.low <= high:
		f.status = "at risk"
	default:
		f.status = "behind"
	}
}

// come is what some periods, or those so much earlier, come to together; NaN where one of them is not there.
func (k tracked) come(of map[int]mark, numbers []int, earlier int) float64 {
	sum, plain, weight := 0.0, 0.0, 0.0
	weighted := true
	for _, n := range numbers {
		p, there := of[n-earlier]
		if !there {
			return math.NaN()
		}
		sum, plain, weight, weighted = sum+p.sum, plain+p.value(), weight+p.weight, weighted && p.weight > 0
	}
	switch {
	case len(numbers) == 0:
		return math.NaN()
	case k.over == "last":
		return of[numbers[len(numbers)-1]-earlier].value()
	case k.over == "sum":
		return plain
	case weighted:
		return sum / weight
	}
	return plain / float64(len(numbers))
}

// foresee reckons a forecast of a year, as docs/indicators.md says; nil where there is nothing to come, or too
// little has been.
func (k tracked) foresee(seen map[int]mark, is []int, first int) *foreseen {
	var ahead []int // periods to come
	for n := first; n < first+k.perYear; n++ {
		if !slices.Contains(is, n) && (k.over != "last" || n == first+k.perYear-1) {
			ahead = append(ahead, n)
		}
	}
	if len(ahead) == 0 {
		return nil
	}
	var changes, values []float64
	newest, lacking := is[len(is)-1], false
	for n := newest; n > newest-2*k.perYear; n-- {
		now, there := seen[n]
		before, too := seen[n-k.perYear]
		if there && too {
			changes = append(changes, now.value()-before.value())
		}
		if there && n > newest-k.perYear {
			values = append(values, now.value())
		}
	}
	for _, n := range ahead {
		_, there := seen[n-k.perYear]
		lacking = lacking || !there
	}
	rests, how := changes, "last year's periods plus the mean change over a year, from %d changes"
	level := len(changes) < 6 || lacking
	if level {
		rests, how = values, "the mean of the newest %d periods carried on"
	}
	if level && len(values) < 4 {
		return nil
	}
	mean, spread, worth := alike(rests)
	weight := func(n int) float64 { return 1 } // with which a period goes into a mean
	if k.over == "mean" {
		usual := 0.0
		for _, n := range is {
			usual += cmp.Or(max(seen[n].weight, 0), 1) / float64(len(is))
		}
		weight = func(n int) float64 {
			if p, there := seen[n]; there {
				return cmp.Or(max(p.weight, 0), 1)
			}
			return cmp.Or(max(seen[n-k.perYear].weight, 0), usual)
		}
	}
	at, all, shares, squares := 0.0, 0.0, 0.0, 0.0
	for _, n := range is {
		if k.over != "last" {
			at, all = at+weight(n)*seen[n].value(), all+weight(n)
		}
	}
	for _, n := range ahead {
		v := mean
		if !level {
			v += seen[n-k.perYear].value()
		}
		at, all, shares, squares = at+weight(n)*v, all+weight(n), shares+weight(n), squares+weight(n)*weight(n)
	}
	if k.over == "mean" {
		at, shares, squares = at/all, shares/all, squares/all/all
	}
	t := distuv.StudentsT{Sigma: 1, Nu: max(1, worth-1)}.Quantile(.975)
	off := t * math.Sqrt(spread*(squares+shares*shares/float64(len(rests))))
	f := foreseen{at, at - off, at + off, fmt.Sprintf(how, len(rests))}
	if k.veiled {
		least := 0.0
		if k.over == "sum" {
			least = k.come(seen, is, 0)
		}
		f.at, f.low, f.high = max(least, f.at), max(least, f.low), max(least, f.high)
	}
	return &f
}

// alike is the mean of some figures, their variance where neighbours are alike, and how many of them there would be
// that are not.
func alike(x []float64) (mean, variance, worth float64) {
	n, own, next := float64(len(x)), 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for i, v := range x {
		own += (v - mean) * (v - mean)
		if i > 0 {
			next += (v - mean) * (x[i-1] - mean)
		}
	}
	if own == 0 {
		return mean, 0, n
	}
	r := next / own
	r = math.Min(math.Max(r+(1+3*r)/n, 0), .9)
	return mean, own / (n - 1) * (1 + r) / (1 - r), n * (1 - r) / (1 + r)
}
