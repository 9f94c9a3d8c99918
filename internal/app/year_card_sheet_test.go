package app

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// noted is what a reader of figures should know: of all of a unit, or of one indicator.
type noted struct{ unit, key, day, what, by, written string }

// says is what the page of an indicator says of it: how much, and where it stands.
func (f figured) says(y *year, of string) string {
	if f.periods == 0 && f.withheld > 0 {
		return fmt.Sprintf("%s of %s is withheld. Withheld for %s: too few people, or it could be worked out.", f.name, of, y.periodOf(f.tracked, f.withheld))
	}
	if f.periods == 0 {
		return fmt.Sprintf("%s of %s has not been observed in %d.", f.name, of, simulated)
	}
	text := fmt.Sprintf("%s of %s: %s up to %s", f.name, of, f.amount(f.now), y.periodOf(f.tracked, f.through))
	if f.status != "cannot tell" {
		text += ", " + f.status
	}
	text += "."
	if f.withheld > 0 {
		text += " Withheld for " + y.periodOf(f.tracked, f.withheld) + ": too few people, or it could be worked out."
	}
	if !math.IsNaN(f.before) {
		text += " A year before it was " + f.amount(f.before) + " at this point."
	}
	if !math.IsNaN(f.due) {
		text += " " + f.amount(f.due) + " was planned."
	}
	if a := f.foreseen; a != nil {
		text += fmt.Sprintf(" The year is forecast to come to %s, between %s and %s with 95 %% certainty: %s.", f.amount(a.at), f.amount(a.low), f.amount(a.high), a.how)
	}
	if f.units < f.ofUnits {
		text += fmt.Sprintf(" The newest period has %d of the %d values that there can be.", f.units, f.ofUnits)
	}
	return text
}

// madeOf says of what a figure of a unit in a period is made.
func (y *year) madeOf(f figured, unit string, n int) string {
	_, there := y.own(slot{key: f.key, unit: unit})[n]
	switch {
	case f.people:
		return "at least 5 people"
	case f.seen[n].later:
		return "too few people: told with the next period"
	case f.score || f.veiled || there && !(f.alone && f.seen[n].n > 1):
		return "stated for the unit"
	case f.seen[n].n == 1:
		return "one value below"
	}
	return fmt.Sprintf("%d values below", f.seen[n].n)
}

// came is where a value of a unit itself came from; "" for one that is made of others.
func (y *year) came(k tracked, unit string, n int) string {
	if _, there := y.own(slot{key: k.key, unit: unit})[n]; !there {
		return ""
	}
	chief := y.who("p1").name
	if k.people {
		for _, p := range y.told {
			if p.number == n {
				return fmt.Sprintf("published, %s, %s 10:00", chief, p.day)
			}
		}
	}
	file, day, hour := fmt.Sprintf("house-%d.csv", n%12+1), date(min(12, n%12+2), 18), "10:00"
	sales := slices.Contains([]string{"revenue", "customer-satisfaction", "customers-asked"}, k.key)
	if sales {
		hour = "09:00"
	}
	switch {
	case sales && n < 12*simulated:
		file, day = "before.csv", date(1, 6)
	case sales && k.key != "customers-asked" && unit == "Dale" && n == 12*simulated+2:
		file, day = "right.csv", date(9, 5)
	case k.key == "revenue" && unit == "Peak" && n == 12*simulated+4:
		return fmt.Sprintf("typed, %s, %s 09:00", y.head("Hills").name, date(9, 5))
	case sales:
		file, day = fmt.Sprintf("month-%d.csv", n%12+1), date(n%12+2, 5)
	case n < simulated*k.perYear:
		file, day = "before-2.csv", date(2, 18)
	case k.perYear == 1:
		file, day = "house-10.csv", date(11, 18)
	case k.perYear == 4:
		file, day = fmt.Sprintf("house-%d.csv", 3*(n%4)+3), date(3*(n%4)+4, 18)
	}
	return fmt.Sprintf("%s, %s, %s %s", file, chief, day, hour)
}

// compareSheets holds pages of single indicators: where they stand, their periods and where these came from, the
// units below, what was replaced, and notes.
func (y *year) compareSheets() {
	y.t.Helper()
	before := y.compared
	for _, s := range []struct{ key, unit string }{
		{"revenue", "House"}, {"revenue", "Dale"}, {"revenue", "Peak"}, {"customer-satisfaction", "House"}, {"customer-satisfaction", "Dale"}, {"absence", "Hills"}, {"engagement", "Coast"},
		{"waiting-list", "Rivers"}, {"waiting-list", "Bay"}, {"audits-passed", "House"}, {"talks", "House"}, {"talks", "Ridge"}, {y.factors[2], "Hills"}, {"hours-per-person", "House"}, {"people-reached", "Hills"},
	} {
		y.compareSheet(y.follows(s.key), s.unit)
	}
	if n := y.compared - before; n < 700 {
		y.t.Errorf("%d figures of single indicators are compared", n)
	}
}

func (y *year) compareSheet(k tracked, unit string) {
	y.t.Helper()
	chief, f := y.as("p1"), y.reading(k, unit, simulated)
	path := fmt.Sprintf("/scorecards/%s/%s?year=%d", y.unitID(unit), y.id(k), simulated)
	page := chief.get(path)
	says(y.t, page, f.says(y, unit))
	rows := map[string][]string{}
	for _, row := range y.rows(chief.get(path + "&format=csv")) {
		rows[row[0]] = row
	}
	on, n := map[string][]string{}, 0 // rows of the page
	for at := range either(f.seen, f.planned) {
		if at < (simulated-2)*k.perYear || at >= (simulated+1)*k.perYear {
			continue
		}
		n++
		what := fmt.Sprintf("%s of %s in %s", k.name, unit, y.periodOf(k, at))
		row := rows[y.periodOf(k, at)]
		if row == nil {
			y.t.Errorf("%s is not there", what)
			continue
		}
		value := func(earlier int) float64 {
			if f.seen[at-earlier].later {
				return math.NaN()
			}
			return k.come(f.seen, []int{at}, earlier)
		}
		made, came := "", ""
		if _, there := f.seen[at]; there {
			made, came = y.madeOf(f, unit, at), y.came(k, unit, at)
		}
		y.figure(what, row[1], value(0))
		y.figure(what+", plan", row[2], k.come(f.planned, []int{at}, 0))
		y.figure(what+", a year before", row[3], value(k.perYear))
		y.same(what, row[4]+"|"+row[5], made+"|"+came)
		on[row[0]] = []string{row[0], f.amount(value(0)), f.amount(k.come(f.planned, []int{at}, 0)), f.amount(value(k.perYear)), made, came}
	}
	if n > 0 {
		for _, row := range y.table(page, "Period") {
			y.compared += 3
			y.same(k.name+" of "+unit+" on the page", strings.Join(row, "|"), strings.Join(on[row[0]], "|"))
		}
	}
	y.same("periods of "+k.name+" of "+unit, len(rows), n)
	y.compareUnder(k, unit, path)
	y.compareReplaced(k, unit, path)
	y.compareNotes(unit, k.key, page)
}

// either are the periods of which either is known.
func either(a, b map[int]mark) map[int]bool {
	all := map[int]bool{}
	for _, of := range []map[int]mark{a, b} {
		for n := range maps.Keys(of) {
			all[n] = true
		}
	}
	return all
}

// compareUnder holds the units below, side by side.
func (y *year) compareUnder(k tracked, unit, path string) {
	y.t.Helper()
	var known []string
	for _, u := range y.inTree(unit) {
		if y.unit(u).under == unit && y.reading(k, u, simulated).known() {
			known = append(known, u)
		}
	}
	rows := y.rows(y.as("p1").get(path + "&table=units&format=csv"))
	y.same("units under "+unit, len(rows), len(known))
	for i, u := range known[:min(len(known), len(rows))] {
		f, row := y.reading(k, u, simulated), rows[i]
		share, at := perCent(f.share), math.NaN()
		if math.IsNaN(f.share) {
			share = ""
		}
		if f.foreseen != nil {
			at = f.foreseen.at
		}
		y.same(k.name+" under "+unit, strings.Join([]string{row[0], row[4], row[6]}, "|"), strings.Join([]string{u, share, f.status}, "|"))
		for at, want := range map[int]float64{1: f.last, 2: f.plan, 3: f.now, 5: at} {
			y.figure(fmt.Sprint(k.name, " of ", u, ", ", at), row[at], want)
		}
	}
}

// compareReplaced holds what was replaced, and by what.
func (y *year) compareReplaced(k tracked, unit, path string) {
	y.t.Helper()
	var want, shown []string
	for _, f := range y.july {
		now := y.figures[slices.IndexFunc(y.figures, func(g figure) bool {
			return g.unit == f.unit && g.year == f.year && g.month == f.month && g.foreseen == f.foreseen
		})]
		was, is := f.revenue, now.revenue
		if k.key == "customer-satisfaction" {
			was, is = f.content, now.content
		}
		if f.unit == unit && f.observed && was != is && (k.key == "revenue" || k.key == "customer-satisfaction") {
			n := 12*f.year + f.month - 1
			want = append(want, fmt.Sprintf("%s|value|%g|month-%d.csv, %s, %s 09:00|%s", y.periodOf(k, n), was, f.month, y.who("p1").name, date(f.month+1, 5), y.came(k, unit, n)))
		}
	}
	if k.key == "waiting-list" && unit == "Bay" {
		want = append(want, fmt.Sprintf("%d-03|value|%g|house-3.csv, %s, %s 10:00|typed, %[3]s, %[5]s 10:00", simulated, y.gone, y.who("p1").name, date(4, 18), date(8, 18)))
	}
	for _, row := range y.rows(y.as("p1").get(path + "&table=revisions&format=csv")) {
		shown = append(shown, strings.Join(row, "|"))
	}
	y.compared += len(want)
	y.same("replaced of "+k.name+" of "+unit, strings.Join(shown, "\n"), strings.Join(want, "\n"))
}

// notesOf are those of a unit and of all above it, the newest first.
func (y *year) notesOf(unit, key string) (all []noted) {
	for _, n := range y.notes {
		if y.under(unit, n.unit) && (key == "" || n.key == "" || n.key == key) {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b noted) int { return strings.Compare(b.day, a.day) })
	return all
}

func (y *year) compareNotes(unit, key string, page answer) {
	y.t.Helper()
	var shown, want []string
	for _, li := range page.page().Find("li[id^=note-]").EachIter() {
		shown = append(shown, strings.SplitN(text(li), " Delete note", 2)[0])
	}
	for i, n := range y.notesOf(unit, key) {
		want = append(want, fmt.Sprintf("Note %d · %s · %s %s Written by %s on %s.", i+1, n.day, n.unit, n.what, n.by, n.written))
	}
	y.same("notes on "+page.at, strings.Join(shown, "\n"), strings.Join(want, "\n"))
}

// compareSigned holds what somebody stood for against what the same figures are now.
func (y *year) compareSigned() {
	y.t.Helper()
	others := 0
	for _, s := range y.signed {
		now := map[string]figured{}
		for _, f := range y.card(s.unit, simulated) {
			now[f.name] = f
		}
		var want []string
		changed := 0
		for _, f := range s.then {
			of := f.perYear * s.months / 12
			if of == 0 || f.score {
				continue
			}
			first := simulated*f.perYear + s.first*f.perYear/12
			come := func(all map[int]mark, whole bool) (v float64, n int) {
				var numbers []int
				for n := first; n < first+of; n++ {
					if _, there := all[n]; there {
						numbers = append(numbers, n)
					}
				}
				if whole && len(numbers) < of {
					return math.NaN(), 0
				}
				return f.come(all, numbers, 0), len(numbers)
			}
			then, n := come(f.seen, false)
			plan, _ := come(f.planned, true)
			if math.IsNaN(then) && math.IsNaN(plan) {
				continue
			}
			is, _ := come(now[f.name].seen, false)
			stands := "the same"
			if math.Abs(is-then) > 1e-9 || math.IsNaN(is) != math.IsNaN(then) {
				stands = f.amount(is)
				changed++
			}
			want = append(want, fmt.Sprintf("%s|%s|%s|%s|%s|%d of %d", f.name, f.measure, f.amount(then), f.amount(plan), stands, n, of))
		}
		sentence := fmt.Sprintf("%d figures are others now.", changed)
		switch changed {
		case 0:
			sentence = "No figure has changed since."
		case 1:
			sentence = "One figure is another now."
		}
		others += changed
		page := y.as("p1").get(s.path)
		says(y.t, page, s.by+" stands for the results of "+s.period+". Signed off on "+s.day+". "+sentence)
		var shown []string
		for _, row := range y.rows(y.as("p1").get(s.path + "?format=csv")) {
			shown = append(shown, strings.Join(row, "|"))
		}
		y.compared += 3 * len(want)
		y.same("results of "+s.unit+" in "+s.period, strings.Join(shown, "\n"), strings.Join(want, "\n"))
		says(y.t, y.as("p1").get("/scorecards/"+y.unitID(s.unit)), s.period+" "+s.by+", "+s.day)
	}
	if others < 3 {
		y.t.Errorf("%d figures that somebody stood for are others now", others)
	}
}
