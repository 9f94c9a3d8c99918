package app

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// compareGoals holds what is shown of goals: where they stand, what serves them, and what was said of them.
func (y *year) compareGoals() {
	y.t.Helper()
	for _, g := range y.goals {
		reader := "p1"
		if g.key != "" {
			reader = g.key
		}
		y.compareGoal(reader, g)
	}
	for _, u := range y.units {
		y.compareGoalsOf(u.name)
	}
	y.compareLoose("House")
	y.compareLoose("Hills")
	y.compareMap()
	y.compareRecognised()
	ridge := y.at(y.today(), "Ridge")
	for _, w := range []*worker{y.who("p1"), y.head("Dale"), ridge[0], ridge[2], y.at(y.today(), "School")[1]} {
		y.compareSight(w)
	}
	head := y.head("Hills")
	reports := 0
	for _, w := range y.people {
		if w.boss == head.key && w.in(y.today()) != "" {
			reports++
		}
	}
	says(y.t, y.as(head.key).get("/goals/people"), fmt.Sprintf("%d people report to you.", reports), "My team sells Proposed by "+head.name+"; ")
	says(y.t, y.as(y.head("Ridge").key).get("/"), "A goal of yours waits for your yes")
}

// standing is what a page says of where a goal stands; "" for one without an indicator.
func (y *year) standing(g *goalOfYear) string {
	f := y.stand(g)
	if f == nil {
		return ""
	}
	text := f.name
	if f.periods > 0 {
		text += ": " + f.amount(f.now)
	}
	if f.aim != nil {
		text += ", " + f.wayTo()
	}
	return text
}

// drawn is what a picture of a goal says: before, now, target.
func (f *figured) drawn() string {
	base := f.last
	switch {
	case f.aim != nil && !math.IsNaN(f.aim.from):
		base = f.aim.from
	case f.over == "sum": // a part of a year beside the same part
		base = f.before
	}
	text := fmt.Sprintf("%s: %s now", f.name, f.amount(f.now))
	if !math.IsNaN(base) {
		text += ", " + f.amount(base) + " before"
	}
	if f.aim != nil {
		text += ", target " + f.amount(f.aim.value)
	}
	return text
}

func (y *year) compareGoal(reader string, g *goalOfYear) {
	y.t.Helper()
	page := y.as(reader).get("/goals/" + g.id)
	doc := page.page()
	f := y.stand(g)
	y.compared += 4
	if f == nil {
		says(y.t, page, "It has no indicator: check-ins say where it stands.")
	} else {
		says(y.t, page, y.standing(g))
		y.same(g.name, doc.Find(".gauge").AttrOr("aria-label", ""), f.drawn())
		y.same(g.name+" is of a unit", strings.Contains(page.said(), "The figure is that of "+g.unit+"."), g.key != "" && !y.follows(g.indicator).people)
	}
	units, people, share := y.served(g)
	together := ""
	if f != nil && share > 0 && f.aim != nil {
		together = fmt.Sprintf("The goals that contribute to it aim at %s together, of %s.", f.amount(share), f.amount(g.aim.value))
		says(y.t, page, together)
	}
	y.same(g.name+" adds up", strings.Contains(page.said(), "The goals that contribute to it"), together != "")
	if g.key == "" {
		says(y.t, page, served(units, len(people)))
	}
	var said, seen []string
	for _, li := range doc.Find(`h3:contains("Check-ins") + ul li, h3:contains("Check-ins") ~ ul.rows li`).EachIter() {
		said = append(said, text(li))
	}
	y.same("said of "+g.name, strings.Join(said, "\n"), strings.Join(g.said, "\n"))
	if g.ended != "" {
		says(y.t, page, "Ended on "+g.ended+": "+g.outcome+". "+g.came)
	} else {
		says(y.t, page, "From "+g.begins+", to be reached by "+g.ends+".")
	}
	for _, r := range g.recognised {
		if y.sees(reader, g, r) {
			seen = append(seen, r.what)
		}
	}
	y.same(g.name+" recognised", doc.Find(`section:has(h2:contains("Recognition")) ul.rows > li`).Length(), len(seen))
}

// served says how many goals and people serve one.
func served(units, people int) string {
	var parts []string
	if units > 0 {
		parts = append(parts, map[bool]string{true: "one goal below", false: fmt.Sprintf("%d goals below", units)}[units == 1])
	}
	if people > 0 {
		parts = append(parts, map[bool]string{true: "one person's own goal", false: fmt.Sprintf("own goals of %d people", people)}[people == 1])
	}
	if len(parts) == 0 {
		return "nothing serves it yet"
	}
	return "served by " + strings.Join(parts, ", ")
}

// compareGoalsOf holds the page and the file of a unit's goals.
func (y *year) compareGoalsOf(unit string) {
	y.t.Helper()
	path := "/goals/units/" + y.unitID(unit)
	page, goals := y.as("p1").get(path), y.worked(unit)
	heading := fmt.Sprintf("%s: %d goals are worked on.", unit, len(goals))
	switch len(goals) {
	case 0:
		heading = unit + " has no goal yet."
	case 1:
		heading = unit + ": one goal is worked on."
	}
	open := 0 // goals from above that none of the unit's serves
	for top := y.unit(unit).under; top != ""; top = y.unit(top).under {
		for _, above := range y.worked(top) {
			if !slices.ContainsFunc(goals, func(g *goalOfYear) bool {
				return slices.ContainsFunc(g.ties, func(t tie) bool { return t.to == above })
			}) {
				open++
			}
		}
	}
	switch {
	case open == 1:
		heading += " One goal from above reaches it, and none of its own serves that."
	case open > 1:
		heading += fmt.Sprintf(" %d goals from above reach it, and none of its own serves them.", open)
	}
	says(y.t, page, heading)
	for _, g := range goals {
		want := g.name
		f := y.stand(g)
		if f != nil && f.status != "cannot tell" {
			want += " " + signs[f.status] + " " + f.status
		}
		if f != nil {
			want += " " + y.standing(g)
		}
		if want += " "; g.owner != "" {
			want += g.owner + " · "
		}
		units, people, _ := y.served(g)
		want += "by " + g.ends + " · " + served(units, len(people))
		if g.weight > 0 {
			want += fmt.Sprintf(" · weight %d %%", g.weight)
		}
		if len(g.said) > 0 {
			day, rest, _ := strings.Cut(g.said[0], ": ")
			pace, _, _ := strings.Cut(rest, " So it is")
			want += " · " + day + ": " + pace
		}
		y.compared += 3
		says(y.t, page, want)
	}
	var all []*goalOfYear
	for _, g := range y.goals {
		if g.key == "" && g.unit == unit && g.ended != "" {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b *goalOfYear) int { return strings.Compare(a.name, b.name) })
	all = append(goals, all...)
	rows := y.rows(y.as("p1").get(path + "?format=csv"))
	y.same("goals of "+unit, len(rows), len(all))
	for i, g := range all[:min(len(all), len(rows))] {
		row, name, now, to, how := rows[i], "", math.NaN(), "", ""
		if f := y.stand(g); f != nil {
			name, now = f.name, f.now
		}
		if t := g.serves(); t != nil {
			to, how = t.to.name, map[string]string{"supports": "supports it", "contributes": "contributes to its sum", "identical": "is the same goal here"}[t.how]
		}
		y.same("goal of "+unit, strings.Join(slices.Concat(row[:8], row[11:]), "|"), strings.Join([]string{g.name, g.look, g.begins, g.ends, g.owner, to, how, name, fmt.Sprint(g.weight), g.outcome}, "|"))
		for at, want := range map[int]float64{8: g.aim.from, 9: now, 10: g.aim.value} {
			y.figure(fmt.Sprint(g.name, ", ", at), row[at], want)
		}
	}
}

// compareLoose holds the goals in a unit and below that serve nothing, and those that nothing serves.
func (y *year) compareLoose(unit string) {
	y.t.Helper()
	var loose [2][]string
	names := y.inTree(unit)
	names = append(names, unit)
	slices.Sort(names)
	for _, name := range names {
		for _, g := range y.worked(name) {
			units, people, _ := y.served(g)
			if name != "House" && g.serves() == nil {
				loose[0] = append(loose[0], g.name+"|"+name+"|"+g.owner)
			}
			if units+len(people) == 0 {
				loose[1] = append(loose[1], g.name+"|"+name+"|"+g.owner)
			}
		}
	}
	path := "/goals/units/" + y.unitID(unit) + "/orphans"
	says(y.t, y.as("p1").get(path), fmt.Sprintf("%d goals serve nothing, and %d are served by nothing.", len(loose[0]), len(loose[1])))
	for i, want := range loose {
		var shown []string
		for _, row := range y.rows(y.as("p1").get(fmt.Sprintf("%s?table=%d&format=csv", path, i))) {
			shown = append(shown, strings.Join(row, "|"))
		}
		y.compared += len(want)
		y.same("goals without a tie", strings.Join(shown, "\n"), strings.Join(want, "\n"))
	}
}

// compareMap holds the strategy map of the whole: a box for each goal that is worked on, an arrow for each hypothesis
// between two of them.
func (y *year) compareMap() {
	y.t.Helper()
	page, arrows := y.as("p1").get("/goals/units/"+y.unitID("House")), 0
	for _, g := range y.worked("House") {
		for _, t := range g.ties {
			if t.how == "leads-to" && t.to.ended == "" {
				arrows++
				says(y.t, page, strings.TrimSpace(fmt.Sprintf("If “%s”, then “%s”. %s", g.name, t.to.name, t.because)))
			}
		}
	}
	y.same("boxes and arrows", fmt.Sprint(page.page().Find(".strategymap rect").Length(), page.page().Find(".strategymap .arrow").Length()), fmt.Sprint(len(y.worked("House")), arrows))
}

// compareRecognised holds how many recognitions people read on the page of a unit.
func (y *year) compareRecognised() {
	y.t.Helper()
	counts := 0
	for _, unit := range []string{"Hills", "Dale"} {
		for _, key := range []string{"p1", y.head("Hills").key, y.head("Rivers").key, y.head("Dale").key, y.at(y.today(), "Dale")[1].key, y.at(y.today(), "Peak")[1].key, y.at(y.today(), "School")[1].key} {
			n := 0
			for _, g := range y.goals {
				for _, r := range g.recognised {
					if g.unit == unit && y.sees(key, g, r) {
						n++
					}
				}
			}
			counts += n
			page := y.as(key).get("/goals/units/" + y.unitID(unit))
			y.same(key+" reads recognitions of "+unit, page.page().Find(`section:has(h2:contains("Recognition")) li`).Length(), n)
		}
	}
	if counts < 8 {
		y.t.Errorf("%d recognitions are read", counts)
	}
}

// compareSight holds the way from the goals of the whole down to one of somebody's own, or of the nearest unit.
func (y *year) compareSight(w *worker) {
	y.t.Helper()
	var ends []*goalOfYear
	for _, g := range y.goals {
		if g.key == w.key && g.ended == "" {
			ends = append(ends, g)
		}
	}
	for unit := w.in(y.today()); unit != "" && len(ends) == 0; unit = y.unit(unit).under {
		ends = y.worked(unit)
	}
	slices.SortFunc(ends, func(a, b *goalOfYear) int { return strings.Compare(a.name, b.name) })
	for _, end := range ends {
		page := y.as(w.key).get("/line-of-sight?goal=" + end.id)
		var want, shown []string
		top, sentence := end, ""
		for g := end; g != nil; {
			row := y.step(w, g)
			next := (*goalOfYear)(nil)
			if t := g.serves(); t != nil {
				if sentence = t.because; sentence == "" {
					sentence = map[string]string{"supports": "What is done here helps to reach it.", "contributes": "What is reached here is a part of the sum.", "identical": "It is the same goal, for this part."}[t.how]
				}
				row[3], next, top = sentence, t.to, t.to
			}
			want = append([]string{strings.Join(row, "|")}, want...)
			g = next
		}
		for _, tr := range page.page().Find("details table tbody tr").EachIter() {
			shown = append(shown, strings.Join(tr.Find("th, td").Map(func(_ int, cell *goquery.Selection) string { return text(cell) }), "|"))
		}
		y.compared += 3 * len(want)
		y.same("line of sight of "+w.name, strings.Join(shown, "\n"), strings.Join(want, "\n"))
		heading := end.name + ": this is what your work counts for. There is no own goal yet"
		if end.key != "" {
			heading = fmt.Sprintf("“%s” is how “%s” comes about. From the goal of %d people to this one", end.name, top.name, len(y.at(y.today(), top.unit)))
		}
		says(y.t, page, heading)
		n := 0
		for _, g := range y.goals {
			for _, r := range g.recognised {
				if g.key == w.key && y.sees(w.key, g, r) {
					n++
				}
			}
		}
		y.same(w.name+"'s recognitions", page.page().Find(`section:has(h2:contains("Recognition")) li`).Length(), n)
	}
}

// step is a row of a line of sight: a goal, whose it is, how many share it, and where it stands.
func (y *year) step(w *worker, g *goalOfYear) []string {
	row := []string{g.name, fmt.Sprintf("Goal of %s, by %s", g.unit, g.ends), fmt.Sprint(len(y.at(y.today(), g.unit))), "", "", "", ""}
	switch {
	case g.key == w.key:
		row[1], row[2] = "Your goal, by "+g.ends, "1"
	case g.unit == "House":
		row[1] = "Goal of all of House, by " + g.ends
	}
	if f := y.stand(g); f != nil {
		if row[4], row[5] = f.name, f.amount(f.now); f.aim != nil {
			row[6] = f.amount(f.aim.value)
		}
	}
	return row
}
