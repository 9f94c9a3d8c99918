package app

import (
	"fmt"
	"slices"
	"time"
)

// footing is what a measure of the ledger is made of: what was spent by a unit, what of it by the learning function,
// and who was at work on average of the ends of months.
type footing struct {
	all, school          sums
	heads, fte, teaching float64
	use                  studyUse
}

// footed adds months up, by their numbers: twelve times the year and which of them.
func (y *year) footed(unit string, from, until int) footing {
	begins, ends := fmt.Sprintf("%d-%02d-01", from/12, from%12+1), lastOf(until)
	f := footing{all: y.sum(unit, begins, ends)}
	if y.under("School", unit) {
		f.school = y.sum("School", begins, ends)
	}
	n := float64(until - from + 1)
	for month := from; month <= until; month++ {
		for _, w := range y.at(lastOf(month), unit) {
			f.heads, f.fte = f.heads+1/n, f.fte+w.fte/n
		}
		for _, w := range y.at(lastOf(month), "School") {
			f.teaching += w.fte / n
		}
	}
	if from >= 12*simulated { // before nobody could ask for anything
		f.use = y.use(unit, from%12+1, until%12+1)
	}
	return f
}

// direct is what learning cost.
func (f footing) direct() float64 { return f.all.cost["learning"] / 100 }

// other is what the learning function spent on what is no learning.
func (f footing) other() (other float64) {
	for kind, cents := range f.school.cost {
		if kind != "learning" {
			other += cents / 100
		}
	}
	return other
}

// minutes are those of the learning function's staff, of other solutions and of all.
func (f footing) minutes() (other, all float64) {
	for kind, m := range f.school.staff {
		if all += m; kind != "learning" {
			other += m
		}
	}
	return other, all
}

// toldOf is a number of people as it is told.
func toldOf(people map[string]bool) float64 { return number(toldTo(len(people))) }

// lastOf is the last day of a month by its number.
func lastOf(month int) string {
	return time.Date(month/12, time.Month(month%12+2), 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// measureOfYear is a figure that the ledger has of a month; one that grows has what the month adds to the year.
type measureOfYear struct {
	tracked
	grows, house bool // house: of the whole alone
	few          func(footing) int
	parts        func(footing) (sum, by float64)
}

var measuresOfYear = []measureOfYear{
	{tracked: tracked{name: "Direct learning expenditure", key: "direct-learning-expenditure", measure: "EUR", better: "lower", over: "sum"}, parts: func(f footing) (float64, float64) { return f.direct(), 1 }},
	{tracked: tracked{name: "Expenditure for each full-time person", key: "expenditure-per-person", measure: "EUR", better: "lower", over: "sum"}, grows: true, parts: func(f footing) (float64, float64) { return f.direct(), f.fte }},
	{tracked: tracked{name: "Hours of learning used", key: "hours-of-learning-used", measure: "hours", better: "higher", over: "sum"}, parts: func(f footing) (float64, float64) { return f.all.learned / 60, 1 }},
	{tracked: tracked{name: "Hours used by each full-time person", key: "hours-per-person", measure: "hours", better: "higher", over: "sum", digits: 1}, grows: true, parts: func(f footing) (float64, float64) { return f.all.learned / 60, f.fte }},
	{tracked: tracked{name: "Hours of formal learning for each person", key: "formal-hours-per-person", measure: "hours", better: "higher", over: "sum", digits: 1}, grows: true, parts: func(f footing) (float64, float64) { return f.all.formal / 60, f.heads }},
	{tracked: tracked{name: "People reached", key: "people-reached", measure: "%", better: "higher", over: "sum"}, grows: true, few: func(f footing) int { return len(f.all.people) }, parts: func(f footing) (float64, float64) { return 100 * toldOf(f.all.people), f.heads }},
	{tracked: tracked{name: "People in formal learning", key: "people-in-formal-learning", measure: "%", better: "higher", over: "sum"}, grows: true, few: func(f footing) int { return len(f.all.formally) }, parts: func(f footing) (float64, float64) { return 100 * toldOf(f.all.formally), f.heads }},
	{tracked: tracked{name: "Hours of learning available", key: "hours-of-learning-available", measure: "hours", better: "higher", over: "sum"}, grows: true, house: true, parts: func(f footing) (float64, float64) { return f.use.available / 60, 1 }},
	{tracked: tracked{name: "Reuse ratio", key: "reuse-ratio", better: "higher", over: "last", digits: 1}, house: true, parts: func(f footing) (float64, float64) { return f.use.minutes, f.use.available }},
	{tracked: tracked{name: "Cost of an hour used", key: "cost-per-hour-used", measure: "EUR", better: "lower", over: "last", digits: 2}, parts: func(f footing) (float64, float64) { return f.direct() + f.other(), f.all.learned / 60 }},
	{tracked: tracked{name: "Cost of an hour available", key: "cost-per-hour-available", measure: "EUR", better: "lower", over: "last"}, house: true, parts: func(f footing) (float64, float64) { return f.direct() + f.other(), f.use.available / 60 }},
	{tracked: tracked{name: "People for each of the learning staff", key: "staff-ratio", better: "higher", over: "last"}, house: true, parts: func(f footing) (float64, float64) { return f.fte, f.teaching }},
	{tracked: tracked{name: "Hours available for each of the learning staff", key: "hours-available-per-staff", measure: "hours", better: "higher", over: "sum"}, grows: true, house: true, parts: func(f footing) (float64, float64) { return f.use.available / 60, f.teaching }},
	{tracked: tracked{name: "Outsourced share", key: "outsourced-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { return 100 * f.all.supplier, f.all.cost["learning"] }},
	{tracked: tracked{name: "Share of own costs", key: "own-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { return 100 * f.all.internal, f.all.cost["learning"] }},
	{tracked: tracked{name: "Share of tuition", key: "tuition-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { return 100 * f.all.tuition, f.all.cost["learning"] }},
	{tracked: tracked{name: "Centrally managed share", key: "central-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { return 100 * f.all.central, f.all.central + f.all.local }},
	{tracked: tracked{name: "Share through technology", key: "technology-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { return 100 * f.all.technology, f.all.stated }},
	{tracked: tracked{name: "Share of solutions that are no learning", key: "non-learning-share", measure: "%", better: "within", over: "mean", digits: 1}, parts: func(f footing) (float64, float64) { other, all := f.minutes(); return 100 * other, all }},
	{tracked: tracked{name: "Completed, of what was begun", key: "completion-rate", measure: "%", better: "higher", over: "last", digits: 1}, few: func(f footing) int { return f.use.people }, parts: func(f footing) (float64, float64) { return 100 * f.use.completed, f.use.completed + f.use.not }},
	{tracked: tracked{name: "Seats taken", key: "seats-taken", measure: "%", better: "higher", over: "mean", digits: 1}, house: true, parts: func(f footing) (float64, float64) { return 100 * f.use.taken, f.use.seats }},
	{tracked: tracked{name: "Licences in use", key: "licences-in-use", measure: "%", better: "higher", over: "mean", digits: 1}, house: true, parts: func(f footing) (float64, float64) { return 100 * f.use.licencesTaken, f.use.licences }},
	{tracked: tracked{name: "Timely access", key: "timely-access", measure: "days", better: "lower", over: "last", digits: 1}, few: func(f footing) int { return len(f.use.waited) }, parts: func(f footing) (float64, float64) { return f.use.wait(), float64(min(1, len(f.use.waits))) }},
}

// ledgered are the measures of the ledger as indicators, with a figure for every month that is over.
func (y *year) ledgered() (all []tracked) {
	over := 12*simulated + int(number(y.today()[5:7])) - 2
	type key struct {
		unit        string
		from, until int
	}
	footings := map[key]footing{}
	foot := func(unit string, from, until int) footing {
		k := key{unit, from, until}
		if _, there := footings[k]; !there {
			footings[k] = y.footed(unit, from, until)
		}
		return footings[k]
	}
	for _, m := range measuresOfYear {
		k := m.tracked
		k.perYear, k.look, k.learning, k.veiled = 12, "People and learning", true, true
		k.comes = func(unit string) (of map[int]mark, withheld int) {
			of = map[int]mark{}
			before, untold := 0.0, []int{}
			for month := 12 * (simulated - 2); month <= over && (unit == "House" || !m.house); month++ {
				f := foot(unit, month, month)
				if month%12 == 0 {
					before, untold = 0, nil
				}
				if m.grows || k.over == "last" {
					f = foot(unit, month-month%12, month)
				}
				sum, by := m.parts(f)
				switch {
				case m.few != nil && m.few(f) > 0 && m.few(f) < 5:
					withheld, untold = month, append(untold, month)
				case by <= 0:
				case m.grows: // what has grown in months of too few people is told with the next one
					for _, n := range untold {
						of[n] = mark{n: 1, later: true}
					}
					untold = nil
					of[month] = mark{sum: sum/by - before, n: 1}
					before = sum / by
				case k.over == "mean":
					of[month] = mark{sum: sum, weight: by, n: 1}
				default:
					of[month] = mark{sum: sum / by, n: 1}
				}
			}
			return of, withheld
		}
		all = append(all, k)
	}
	return all
}

// scored are the scores of diagnoses as indicators, as far as their reports tell them.
func (y *year) scored() (all []tracked) {
	names := map[string]string{}
	for name, id := range y.named {
		names[id] = name
	}
	for f, id := range y.factors {
		all = append(all, tracked{name: names[id], key: id, measure: "1–10", look: "People and learning", over: "last", better: "higher", perYear: 12, digits: 1, score: true, comes: func(unit string) (of map[int]mark, withheld int) {
			of = map[int]mark{}
			for _, w := range y.waves {
				if w == nil {
					continue
				}
				n := 12*simulated + int(number(w.closed[5:7])) - 1
				if score := y.reported(w)[unit][f]; score == "" {
					withheld = n
				} else {
					of[n] = mark{sum: number(score), n: 1}
				}
			}
			return of, withheld
		}})
	}
	return all
}

// reported are the scores of each unit as the report of a diagnosis tells them.
func (y *year) reported(w *wave) map[string][]string {
	y.t.Helper()
	if y.reports[w] == nil {
		y.reports[w] = map[string][]string{}
		for _, row := range y.rows(y.as("p5").get(w.report + "/units?format=csv")) {
			y.reports[w][row[0]] = row[5:]
		}
	}
	return y.reports[w]
}

// followed are all indicators of today.
func (y *year) followed() []tracked {
	return slices.Concat(handedIn, y.scored(), y.ledgered())
}
