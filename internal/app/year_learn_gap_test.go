package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// levelNames are how far somebody can have a competency, as pages say it.
var levelNames = []string{"does not have it", "1: knows it", "2: with help", "3: alone", "4: helps others"}

var ratedBy = []struct{ by, said string }{{"assessment", "assessment"}, {"evidence", "evidence"}, {"manager", "the manager"}, {"self", "the person"}} // the most trusted first

// lack is what a role requires of somebody, with the rating that counts.
type lack struct {
	need
	job     string
	counted *rating
}

func (l lack) missing() int {
	if l.counted == nil {
		return l.level
	}
	return max(0, l.level-l.counted.level)
}

// counting is the rating of somebody that counts.
func (y *year) counting(w *worker, skill string) (best *rating) {
	oldest := y.clock.now().AddDate(0, -y.months, 0).Format(time.DateOnly)
	trust := func(r *rating) int {
		for i, t := range ratedBy {
			if t.by == r.by && !y.newest {
				return i
			}
		}
		return 0
	}
	for i := range y.ratings {
		r := &y.ratings[i]
		if r.who != w || r.skill != skill || r.takenBack || r.day < oldest {
			continue
		}
		if best == nil || trust(r) < trust(best) || trust(r) == trust(best) && r.day >= best.day {
			best = r
		}
	}
	return best
}

// lacks are what all roles of somebody require, each competency once at the highest level.
func (y *year) lacks(w *worker) (all []lack, jobs []string) {
	for _, j := range y.jobs { // by name
		if !j.has(w) {
			continue
		}
		jobs = append(jobs, j.name)
		for _, n := range j.needs {
			i := slices.IndexFunc(all, func(l lack) bool { return l.skill == n.skill })
			if i < 0 {
				all = append(all, lack{n, j.name, y.counting(w, n.skill)})
				continue
			}
			if n.level > all[i].level {
				all[i].level, all[i].job = n.level, j.name
			}
			all[i].essential = all[i].essential || n.essential
		}
	}
	return all, jobs
}

// compareGaps holds what people lack of what their roles require, as they read it, and as their managers do.
func (y *year) compareGaps() {
	y.t.Helper()
	n, suggested, bosses := 0, 0, map[string]bool{}
	for _, w := range y.at(y.today(), "House") {
		all, _ := y.lacks(w)
		if len(all) == 0 {
			continue
		}
		bosses[w.boss] = true
		missing, seen := 0, 0
		var want []string
		for _, l := range all {
			there, counted, weight := "not rated yet", "", map[bool]string{true: "essential", false: "helpful"}[l.essential]
			if l.counted != nil {
				there = levelNames[l.counted.level]
				for _, r := range ratedBy {
					if r.by == l.counted.by {
						counted = r.said + ", " + l.counted.day
					}
				}
			}
			if l.missing() > 0 {
				if missing++; l.counted != nil {
					seen++
				}
			}
			n++
			want = append(want, strings.Join([]string{l.skill, levelNames[l.level], there, fmt.Sprint(l.missing()), weight, counted, l.job}, "|"))
		}
		var shown []string
		for _, row := range y.rows(y.as(w.key).get(y.planOf(w) + "?format=csv")) {
			shown = append(shown, strings.Join(row, "|"))
		}
		slices.Sort(shown)
		slices.Sort(want)
		y.same("what "+w.name+" lacks", strings.Join(shown, "\n"), strings.Join(want, "\n"))
		heading := "Everything that the role requires is there."
		switch {
		case missing == 0:
		case missing == len(all) && seen == 0:
			heading = fmt.Sprintf("Nobody has said yet how far the competencies are there that the role requires: %d of them.", missing)
		case seen == 0:
			heading = "What is rated is there; of " + times(missing, "one competency", "%d competencies") + " nobody has said it yet."
		case seen == missing:
			heading = fmt.Sprintf("Not there yet: %d of %d competencies that the role requires.", seen, len(all))
		default:
			heading = fmt.Sprintf("Not there yet: %d of %d competencies that the role requires; of %d nobody has said it.", seen, len(all), missing-seen)
		}
		page := y.as(w.key).get(y.planOf(w))
		says(y.t, page, heading)
		suggested += y.compareSuggestions(w, all, page)
	}
	for _, w := range []*worker{y.who("p1"), y.at(y.today(), "Dale")[5]} {
		suggested += y.compareSuggestions(w, nil, y.as(w.key).get(y.planOf(w)))
	}
	if suggested < 30 {
		y.t.Errorf("%d suggestions are compared", suggested)
	}
	if n < 60 {
		y.t.Errorf("%d requirements are compared", n)
	}
	for boss := range bosses {
		y.comparePeople(boss)
	}
	for _, row := range y.table(y.as("p3").get("/roles"), "Role") {
		for _, j := range y.jobs {
			holders, essential := 0, 0
			for _, w := range y.at(y.today(), "House") {
				if j.has(w) {
					holders++
				}
			}
			for _, n := range j.needs {
				if n.essential {
					essential++
				}
			}
			if j.name == row[0] {
				y.same("who has the role "+j.name, strings.Join(row[1:4], " "), fmt.Sprint(holders, len(j.needs), essential))
			}
		}
	}
}

// compareSuggestions holds what could stand in somebody's plan, and why; what is in it, was asked for or is completed is not
// suggested again.
func (y *year) compareSuggestions(w *worker, lacks []lack, page answer) int {
	y.t.Helper()
	taken, brought := map[*subject]bool{}, map[string]bool{}
	for _, i := range y.intents {
		if i.who == w {
			taken[i.of] = true
			brought[i.skill] = brought[i.skill] || i.open()
		}
	}
	for _, wish := range y.wishes {
		if wish.who == w && (wish.open() || wish.state == "completed") {
			taken[wish.of] = true
		}
	}
	var want []string
	suggest := func(s *subject, what, why string) {
		if s != nil {
			what, taken[s] = s.name, true
		}
		want = append(want, what+": "+why)
	}
	for _, l := range lacks {
		if l.missing() == 0 || brought[l.skill] {
			continue
		}
		var best *subject // that brings closest to the level, of equal ones the shortest
		has, to := l.level-l.missing(), 0
		for _, s := range y.subjects {
			for line := range strings.Lines(s.skills) {
				skill, level, _ := strings.Cut(strings.TrimSpace(line), " @ ")
				if skill != l.skill || taken[s] || s.ended != "" {
					continue
				}
				up := l.level
				if level != "" {
					up = min(up, int(number(level)))
				}
				if up > has && (best == nil || up > to || up == to && s.minutes < best.minutes) {
					best, to = s, up
				}
			}
		}
		why := fmt.Sprintf("%s requires %s, and nobody has said yet how far it is there.", l.job, l.skill)
		if l.counted != nil {
			why = fmt.Sprintf("%s requires %s; it is there at: %s.", l.job, l.skill, levelNames[l.counted.level])
		}
		suggest(best, "Do it with somebody who can: "+l.skill, why)
	}
	own := map[string]string{"p1": "I hear one customer a week", y.head("Dale").key: "I ask first"}[w.key]
	if w.key == "p1" {
		suggest(nil, "Listen", "It is to be learned for the goal “"+own+"”.")
	}
	for _, s := range []*subject{y.subject("Meeting workshop"), y.subject("Webinar")} {
		switch {
		case taken[s]:
		case s.about != "":
			suggest(s, "", "It is for the focal point “We coach”.")
		case own != "":
			suggest(s, "", "It serves what the goal “"+own+"” is for.")
		default:
			suggest(s, "", "It serves the goal “"+s.goal+"” of House.")
		}
	}
	shown := page.page().Find(`section:has(h2:contains("What could stand in it")) li`).Map(func(_ int, li *goquery.Selection) string {
		return text(li.Find("b").First()) + ": " + text(li.Find("span > span:not(.note)"))
	})
	slices.Sort(shown)
	slices.Sort(want)
	y.same("what is suggested to "+w.name, strings.Join(shown, "\n"), strings.Join(want, "\n"))
	return len(want)
}

// comparePeople holds what a manager reads of the own people.
func (y *year) comparePeople(boss string) {
	y.t.Helper()
	shown := map[string]string{}
	y.as(boss).get("/development/people").page().Find("li:has(a[href^='/development/'])").Each(func(_ int, li *goquery.Selection) {
		shown[text(li.Find("a"))] = text(li.Find(".note"))
	})
	people := 0
	for _, w := range y.at(y.today(), "House") {
		if w.boss != boss {
			continue
		}
		people++
		all, parts := y.lacks(w)
		missing, seen := 0, 0
		for _, l := range all {
			if l.missing() > 0 {
				if missing++; l.counted != nil {
					seen++
				}
			}
		}
		switch {
		case len(all) == 0:
			parts = append(parts, "no role yet")
		case missing == 0:
			parts = append(parts, "everything is there")
		default:
			if parts = append(parts, fmt.Sprintf("%d of %d not there yet", seen, len(all))); missing > seen {
				parts = append(parts, times(missing-seen, "one not rated", "%d not rated"))
			}
		}
		open, waiting := 0, 0
		for _, i := range y.intents {
			if i.who == w && i.open() {
				if open++; !i.boss || i.done != "" {
					waiting++
				}
			}
		}
		switch {
		case waiting > 0:
			parts = append(parts, times(waiting, "one item of the plan waits for you", "%d items of the plan wait for you"))
		case open > 0:
			parts = append(parts, times(open, "one item in the plan", "%d items in the plan"))
		default:
			parts = append(parts, "no plan yet")
		}
		y.same("what "+boss+" reads of "+w.name, shown[w.name], strings.Join(parts, " · "))
	}
	y.same("people of "+boss, len(shown), people)
}

// comparePlans holds plans of people and of units, and what serves what, against what was written into them.
func (y *year) comparePlans() {
	y.t.Helper()
	y.compareGaps()
	y.comparePlanItems()
	y.compareStrategy()
	y.compareAlignment()
}

// comparePlanItems holds how far each item of a plan is.
func (y *year) comparePlanItems() {
	y.t.Helper()
	n := 0
	for _, w := range y.at(y.today(), "House") {
		var want []string
		waiting, late, open := 0, 0, 0
		for _, i := range y.intents {
			if i.who != w {
				continue
			}
			stage, due := "waits for a yes", "by "+i.due
			switch {
			case i.dropped != "":
				stage = "given up"
			case i.confirmed != "":
				stage, due = "confirmed", "confirmed on "+i.confirmed
			case i.done != "":
				stage = "done, waits to be confirmed"
			case i.agreed():
				stage = "agreed, worked on"
			}
			if i.open() {
				if open++; i.done == "" && i.due < y.today() {
					late++
					due = "late: by " + i.due
				}
				if !i.person {
					waiting++
				}
			}
			n++
			want = append(want, strings.Join([]string{i.what, stage + " · " + due}, ": "))
		}
		if len(want) == 0 {
			continue
		}
		lead := times(open, "One item of the plan is worked on.", "%d items of the plan are worked on.")
		switch {
		case waiting > 0:
			lead = times(waiting, "One item of the plan waits for you.", "%d items of the plan wait for you.")
		case late > 0:
			lead = times(late, "One item of the plan is late.", "%d items of the plan are late.")
		case open == 0:
			lead = "Everything in the plan is done."
		}
		page := y.as(w.key).get(y.planOf(w))
		says(y.t, page, "The plan "+lead)
		var shown []string
		page.page().Find("li:has(a[href*='/items/'])").Each(func(_ int, li *goquery.Selection) {
			if a := li.Find("a[href*='/items/']").First(); !strings.Contains(a.AttrOr("href", ""), "/items/new") {
				shown = append(shown, text(a)+": "+text(li.Find(".note").Last()))
			}
		})
		slices.Sort(shown)
		slices.Sort(want)
		y.same("the plan of "+w.name, strings.Join(shown, "\n"), strings.Join(want, "\n"))
	}
	if n < 30 {
		y.t.Errorf("%d items of plans are compared", n)
	}
}
