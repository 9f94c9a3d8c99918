package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// standing is how far a priority is agreed.
func (p *priority) standing() string {
	switch {
	case p.reopened:
		return "open again: its goal has changed"
	case p.learning && p.head:
		return "signed by both"
	case p.learning || p.head:
		return "signed by one of the two"
	}
	return "not signed"
}

// compareStrategy holds the learning strategy of the year.
func (y *year) compareStrategy() {
	y.t.Helper()
	page := y.as("p3").get(fmt.Sprintf("/learning/strategy?year=%d", simulated))
	both, open := 0, 0
	var want []string
	for _, p := range y.priorities {
		switch p.standing() {
		case "signed by both":
			both++
		case "open again: its goal has changed":
			open++
		}
		solutions := 0
		if p.solutions != "" {
			solutions = 1 + strings.Count(p.solutions, "\n")
		}
		want = append(want, strings.Join([]string{p.unit, p.name, p.goal, p.standing(), fmt.Sprint(len(p.skills), len(p.subjects), solutions, p.hours, float64(p.budget)/100), "EUR", y.who("p1").name}, "|"))
	}
	var shown []string
	for _, row := range y.rows(y.as("p3").get(fmt.Sprintf("/learning/strategy?year=%d&format=csv", simulated))) {
		shown = append(shown, strings.Join([]string{row[0], row[1], row[2], row[3], strings.Join(row[4:9], " "), row[9], row[10]}, "|"))
	}
	slices.Sort(want)
	slices.Sort(shown)
	y.same("the learning strategy", strings.Join(shown, "\n"), strings.Join(want, "\n"))
	says(y.t, page, fmt.Sprintf("%d of %d priorities are signed by both; under %d the goal has changed.", both, len(y.priorities), open),
		date(8, 19)+" Rivers The two", "looked at again on "+date(11, 3))
	for _, p := range y.priorities {
		says(y.t, y.as(y.head(p.unit).key).get(y.strategyOf(p.unit)), p.name+" "+p.standing())
	}
	says(y.t, y.as("p3").get(y.strategyOf("Rivers")), "0 of 1 priorities are signed by both.")
	says(y.t, y.as("p3").get(y.strategyOf("Coast")), "Under one priority the goal has changed: it is open again.")
	says(y.t, y.as("p3").get(y.strategyOf("House")), "The one priority is signed by both.")
}

// offeredFor are subjects that are offered, by competency.
func (y *year) offeredFor() map[string][]string {
	by := map[string][]string{}
	for _, s := range y.subjects {
		for line := range strings.Lines(s.skills) {
			if skill, _, _ := strings.Cut(line, "@"); s.ended == "" {
				by[strings.TrimSpace(skill)] = append(by[strings.TrimSpace(skill)], s.name)
			}
		}
	}
	return by
}

// servesGoal are the competencies and subjects that serve a goal, and whether anything does by which one learns.
func (y *year) servesGoal(goal string) (skills, subjects map[string]bool, served bool) {
	by := y.offeredFor()
	skills, subjects = map[string]bool{}, map[string]bool{}
	for _, p := range y.priorities {
		if p.goal != goal {
			continue
		}
		served = served || p.solutions != ""
		for _, s := range p.skills {
			skills[s] = true
		}
		for _, name := range p.subjects {
			if y.subject(name).ended == "" {
				subjects[name] = true
			}
		}
	}
	for _, s := range y.subjects {
		if s.goal == goal && s.ended == "" {
			subjects[s.name] = true
		}
	}
	served = served || len(subjects) > 0
	for s := range skills {
		served = served || len(by[s]) > 0
	}
	return skills, subjects, served
}

// compareAlignment holds what serves what, and what is left over, for the whole and for each region.
func (y *year) compareAlignment() {
	y.t.Helper()
	goals, all := map[string][]string{"House": nil}, []string{}
	for _, b := range boards {
		goals[b.region] = nil
	}
	for _, g := range y.goals { // of the whole and of a region, which stand on its page
		if g.key != "" || g.ended != "" {
			continue
		}
		all = append(all, g.name)
		for unit, of := range goals {
			if y.under(unit, g.unit) {
				goals[unit] = append(of, g.name)
			}
		}
	}
	for _, of := range goals {
		slices.Sort(of)
	}
	required, planned := map[string]int{}, map[string]map[*worker]bool{}
	for _, j := range y.jobs {
		for _, n := range j.needs {
			required[n.skill]++
		}
	}
	for _, i := range y.intents {
		if i.open() && i.skill != "" && i.who.in(y.today()) != "" {
			if planned[i.skill] == nil {
				planned[i.skill] = map[*worker]bool{}
			}
			planned[i.skill][i.who] = true
		}
	}
	by := y.offeredFor()
	serves := y.servesGoal
	var idle, unasked []string // over all goals
	wanted, used := map[string]bool{}, map[string]bool{}
	for _, g := range all {
		skills, subjects, _ := serves(g)
		for s := range skills {
			wanted[s] = true
			for _, name := range by[s] {
				used[name] = true
			}
		}
		for name := range subjects {
			used[name] = true
		}
	}
	for _, s := range y.subjects {
		if !used[s.name] && s.ended == "" {
			idle = append(idle, s.name)
		}
	}
	for s := range by {
		if !wanted[s] && required[s] == 0 {
			unasked = append(unasked, s)
		}
	}
	for unit, of := range goals {
		page := y.as("p3").get("/learning/alignment?unit=" + y.unitNamed(y.t, unit))
		needs := map[string]bool{}
		var unserved, unmet, unplanned, matrix []string
		for s := range required {
			needs[s] = true
		}
		for _, g := range of {
			skills, _, served := serves(g)
			if !served {
				unserved = append(unserved, g)
			}
			for s := range skills {
				needs[s] = true
			}
		}
		listed := map[string]bool{}
		for s := range needs {
			if listed[s] = true; len(by[s]) == 0 {
				unmet = append(unmet, s)
			}
			if len(planned[s]) < 5 {
				unplanned = append(unplanned, s)
			}
		}
		for s := range by {
			listed[s] = true
		}
		for s := range listed {
			row := []string{s}
			for _, g := range of { // by name
				n := ""
				if skills, _, _ := serves(g); skills[s] {
					n = fmt.Sprint(len(by[s]))
				}
				row = append(row, n)
			}
			plans := "fewer than 5"
			if n := len(planned[s]); n >= 5 {
				plans = "about " + toldTo(n)
			}
			matrix = append(matrix, strings.Join(append(row, fmt.Sprint(len(by[s])), fmt.Sprint(required[s]), plans), "|"))
		}
		heading := fmt.Sprintf("%d of %d goals are served by nothing; %d needs have no resource, and %d resources serve no goal.", len(unserved), len(of), len(unmet), len(idle))
		if len(unserved) == 0 {
			heading = fmt.Sprintf("Every goal is served; %d needs have no resource, and %d resources serve no goal.", len(unmet), len(idle))
		}
		says(y.t, page, heading)
		for heading, want := range map[string][]string{"Goals that nothing serves": unserved, "Needs without a resource": unmet, "Needs in hardly anybody's plan": unplanned, "Resources that serve no goal": idle, "Competencies that nobody needs": unasked} {
			shown := page.page().Find(`section:has(h2:contains("` + heading + `")) li`).Map(func(_ int, li *goquery.Selection) string { return text(li) })
			slices.Sort(shown)
			slices.Sort(want)
			y.same(unit+": "+heading, strings.Join(shown, ", "), strings.Join(want, ", "))
		}
		var shown []string
		for _, row := range y.rows(y.as("p3").get("/learning/alignment?unit=" + y.unitNamed(y.t, unit) + "&format=csv")) {
			shown = append(shown, strings.Join(row, "|"))
		}
		slices.Sort(shown)
		slices.Sort(matrix)
		y.same(unit+": what serves what", strings.Join(shown, "\n"), strings.Join(matrix, "\n"))
	}
}
