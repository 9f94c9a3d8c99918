package app

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// published is a month of what people did as it was told of units.
type published struct {
	number, people, shown, withheld int
	day                             string
}

// replaced is a value of somebody that another took the place of.
type replaced struct {
	key, day   string
	number     int
	was, right float64
}

const fewestTalks = 5

// talk brings in how many talks people had in the month before, and tells units what theirs come to; that of March
// waits for a month.
func (y *year) talk(month int) {
	y.t.Helper()
	n, day, r := 12*simulated+month-2, lastDay(month-1), y.steering.r
	var b strings.Builder
	for _, w := range y.at(day, "House") {
		if w.in(y.today()) == "" || r.IntN(9) == 0 && w.in(day) == w.in(y.today()) {
			continue // who moved has a value where that was
		}
		v := float64(r.IntN(20))
		switch {
		case month == 5 && w.in(day) == "Dale": // all the same
			v = 4
		case month == 6 && w.in(day) == "Bay" && w.level == "team leader": // one has nearly all
			v = 1500
		}
		if y.talks[w.key] == nil {
			y.talks[w.key] = map[int]float64{}
		}
		y.talks[w.key][n] = v
		fmt.Fprintf(&b, "talks,%s,%s,%g\n", w.key, y.periodOf(talked, n), v)
	}
	says(y.t, y.as("p1").upload("/observations", nil, fmt.Sprintf("talks-%d.csv", month-1), "indicator,person,period,value\n"+b.String()), fmt.Sprintf("%d figures came in.", strings.Count(b.String(), "\n")))
	if month == 9 { // two months later a line manager puts one right
		ford := y.at(day, "Ford")
		w := ford[slices.IndexFunc(ford, func(w *worker) bool { return w.level == "employee" && y.talks[w.key][n-2] > 0 })]
		right := replaced{w.key, y.today(), n - 2, y.talks[w.key][n-2], 77}
		path := "/figures/" + y.personID(w.key)
		form := url.Values{"indicator": {y.id(talked)}, "period": {y.periodOf(talked, right.number)}, "value": {"77"}}
		y.same("put right", y.as(w.boss).post(path, form).status, http.StatusSeeOther)
		y.talks[w.key][right.number] = right.right
		y.right = append(y.right, right)
	}
	if month == 4 {
		return
	}
	page := "/indicators/" + y.id(talked)
	form := url.Values{}
	for _, n := range map[bool][]int{true: {n - 1, n}, false: {n}}[month == 5] {
		p := y.tell(n)
		words := func(n int, one, more string) string {
			if n == 1 {
				return one
			}
			return fmt.Sprintf(more, n)
		}
		says(y.t, y.as("p1").get(page), fmt.Sprintf("%s %d people have a value · %s · %d withheld", y.periodOf(talked, n), p.people, words(p.shown, "one unit is shown", "%d units are shown"), p.withheld))
		form.Add("period", y.periodOf(talked, n))
		y.told = append(y.told, p)
	}
	says(y.t, y.as("p1").follow(y.as("p1").post(page+"/publication", form)), "No period waits")
}

// id is that of an indicator.
func (y *year) id(k tracked) string {
	y.t.Helper()
	if y.ids[k.key] == "" {
		for _, link := range y.as("p1").get("/indicators").page().Find("a[href^='/indicators/']").EachIter() {
			if text(link) == k.name {
				y.ids[k.key] = strings.TrimPrefix(link.AttrOr("href", ""), "/indicators/")
			}
		}
	}
	return y.ids[k.key]
}

// tell works out of which units a month is told, and what they come to then: a unit is where it and what shown units
// leave of it have five people at least, or none, the largest first, of equal ones as they stand in the tree; where
// what is left then tells of somebody, one is taken back (docs/indicators.md).
func (y *year) tell(n int) published {
	y.t.Helper()
	day := lastDay(n%12 + 1)
	p := published{number: n, day: y.today()}
	values := map[string][]float64{} // of a unit's own people
	for _, w := range y.people {
		if v, there := y.talks[w.key][n]; there {
			p.people++
			values[w.in(day)] = append(values[w.in(day)], v)
		}
	}
	under := func(unit string) (all []float64) {
		for _, u := range y.units {
			if y.under(u.name, unit) {
				all = append(all, values[u.name]...)
			}
		}
		return all
	}
	shown := map[string]bool{}
	rest := func(unit string) (all []float64) { // what shown units leave of one
		for _, u := range y.units {
			top := u.name
			for top != unit && top != "" && !shown[top] {
				top = y.unit(top).under
			}
			if top == unit {
				all = append(all, values[u.name]...)
			}
		}
		return all
	}
	order := y.inTree("")
	slices.SortStableFunc(order, func(a, b string) int { return len(under(b)) - len(under(a)) })
	for _, unit := range order {
		if shown[unit] = true; len(under(unit)) < fewestTalks {
			shown[unit] = false
		}
		for u, there := range shown {
			if left := len(rest(u)); there && left > 0 && left < fewestTalks {
				shown[unit] = false
			}
		}
	}
	for tree := y.inTree(""); ; {
		at := slices.IndexFunc(tree, func(unit string) bool { return shown[unit] && tellsOfOne(rest(unit)) })
		if at < 0 {
			break
		}
		back := tree[at] // itself, or the last shown unit in what is left of it
		for _, unit := range y.inTree(tree[at]) {
			above := y.unit(unit).under
			for !shown[above] {
				above = y.unit(above).under
			}
			if shown[unit] && above == tree[at] {
				back = unit
			}
		}
		shown[back] = false
	}
	for _, u := range y.units {
		all := under(u.name)
		switch {
		case len(all) == 0:
		case !shown[u.name]:
			p.withheld++
		default:
			p.shown++
			c := slot{key: "talks", unit: u.name}
			if y.cells[c] == nil {
				y.cells[c] = map[int]float64{}
			}
			sum := 0.0
			for _, v := range all {
				sum += v
			}
			y.cells[c][n] = sum
		}
	}
	return p
}

// tellsOfOne says whether a sum of values tells one of them: all are the same, or the second largest could work the
// largest out to within a tenth.
func tellsOfOne(values []float64) bool {
	if len(values) == 0 {
		return false
	}
	sorted := slices.Sorted(slices.Values(values))
	last := len(sorted) - 1
	sum := 0.0
	for _, v := range sorted[:max(0, last-1)] {
		sum += v
	}
	return sorted[0] == sorted[last] || sum < sorted[last]/10
}

// withheld is the newest month that was told, where nothing was told of a unit then.
func (y *year) withheld(unit string) int {
	if len(y.told) == 0 {
		return 0
	}
	n := y.told[len(y.told)-1].number
	if _, there := y.cells[slot{key: "talks", unit: unit}][n]; there {
		return 0
	}
	return n
}

// compareTalks holds what was told of units, and what people read of themselves.
func (y *year) compareTalks() {
	y.t.Helper()
	rows := y.table(y.as("p1").get("/indicators/"+y.id(talked)), "Period")
	y.same("months told", len(rows), 11)
	hidden := 0
	for i, p := range slices.Backward(y.told) {
		row := rows[len(y.told)-1-i]
		hidden += p.withheld
		y.same("told", strings.Join(row, " "), fmt.Sprintf("%s %d %d %d 5 %s %s 10:00", y.periodOf(talked, p.number), p.people, p.shown, p.withheld, y.who("p1").name, p.day))
	}
	if hidden < 20 {
		y.t.Errorf("%d times a unit is withheld", hidden)
	}
	people := []*worker{y.who("p1"), y.head("Dale"), y.who(y.right[0].key)}
	for _, w := range people {
		for _, reader := range []string{w.key, w.boss} {
			if reader == "" {
				continue
			}
			y.compareOwn(w, y.as(reader).get("/figures/"+y.personID(w.key)), reader == w.key)
		}
	}
}

// ofPerson is the indicator of people with somebody's own values.
func (y *year) ofPerson(w *worker) tracked {
	k := talked
	k.people = false
	k.comes = func(string) (map[int]mark, int) {
		of := map[int]mark{}
		for n, v := range y.talks[w.key] {
			of[n] = mark{sum: v, n: 1}
		}
		return of, 0
	}
	return k
}

// compareOwn holds the page of somebody's own values.
func (y *year) compareOwn(w *worker, page answer, own bool) {
	y.t.Helper()
	f := y.reading(y.ofPerson(w), "", simulated)
	heading := "What is followed of " + w.name + "."
	if own {
		heading = "One figure is followed of you."
	}
	says(y.t, page, heading, f.says(y, w.name))
	rows := y.rows(y.as(w.key).get(page.at + "?format=csv"))
	y.same("months of "+w.name, len(rows), len(y.talks[w.key]))
	for _, row := range rows {
		month := int(number(row[2][5:]))
		n := 12*simulated + month - 1
		came := fmt.Sprintf("talks-%d.csv, %s, %s 10:00", month, y.who("p1").name, date(month+1, 18))
		for _, r := range y.right {
			if r.key == w.key && r.number == n {
				came = fmt.Sprintf("typed, %s, %s 10:00", y.who(w.boss).name, r.day)
				was := fmt.Sprintf("%s value %s talks-%d.csv, %s, %s 10:00 %s", row[2], amount(r.was, 0), month, y.who("p1").name, date(month+1, 18), came)
				says(y.t, page, "Values that were replaced Period Kind Value Came with Replaced by "+was)
			}
		}
		y.compared++
		y.same("talks of "+w.name, strings.Join(row, "|"), fmt.Sprintf("Talks|talks|%s|%g|%s", row[2], y.talks[w.key][n], came))
	}
	if !math.IsNaN(f.plan) {
		y.t.Errorf("%s has a plan", w.name)
	}
}
