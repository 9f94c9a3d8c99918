package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// act is what an executive was seen to do.
type act struct {
	key, kind, day string
	reach, minutes int
}

// seen has executives do something, and write it down.
func (y *year) seen() {
	y.t.Helper()
	for _, key := range []string{"p1", "p2"} {
		if y.r.IntN(2) > 0 {
			continue
		}
		c := y.as(key, whole(org.Executive))
		path := "/involvement/" + y.personID(key)
		a := act{key: key, day: y.today(), kind: []string{"statement", "facilitated", "spoke", "took-part", "sponsored"}[y.r.IntN(5)], reach: 10 * (1 + y.r.IntN(9)), minutes: 15 * y.r.IntN(4)}
		form := url.Values{"id": {c.get(path).inputs("id")[0]}, "kind": {a.kind}, "what": {"Opened the school"}, "day": {a.day}, "reach": {fmt.Sprint(a.reach)}}
		if a.minutes > 0 {
			form.Set("minutes", fmt.Sprint(a.minutes))
			side := "staff"
			if a.kind == "took-part" { // who takes part learns
				side = "participant"
			}
			y.spent = append(y.spent, entered{day: a.day, kind: "learning", hours: []hour{{side, key, "House", a.minutes}}, typed: true})
		}
		if got := c.post(path, form); got.status != http.StatusSeeOther {
			y.t.Fatalf("%d %s", got.status, got.said())
		}
		if y.r.IntN(4) == 0 { // what was written down by mistake
			more := c.get(path)
			wrong := merged(form, url.Values{"id": more.inputs("id")[:1], "minutes": {"600"}, "day": {a.day}})
			c.post(path, wrong)
			y.same("struck out", c.post(path+"/"+wrong.Get("id")+"/deletion", nil).status, http.StatusSeeOther)
		}
		y.acts = append(y.acts, a)
	}
}

// personID is the id of one of the people in the year.
func (y *year) personID(key string) string {
	y.t.Helper()
	p, err := y.Org.PersonByKey(y.t.Context(), y.organisation, key, period.Day(y.today()))
	if err != nil {
		y.t.Fatal(err)
	}
	return p.ID
}

// aim sets a goal of the whole, one of each region that serves it, one of an executive's own, and one of an
// employee that both agree to.
func (y *year) aim() {
	y.t.Helper()
	chief := y.as("p1")
	top := y.goal(chief, url.Values{"name": {"Customers come back"}, "unit": {y.unitNamed(y.t, "House")}, "owner": {"p1"}})
	for _, b := range boards {
		head := y.head(b.region)
		y.goal(y.as(head.key), url.Values{"name": {"Nobody waits in " + b.region}, "unit": {y.unitNamed(y.t, b.region)}, "how-" + top: {"supports"}, "reaches": {top}})
	}
	y.goal(chief, url.Values{"name": {"I hear one customer a week"}, "person": {y.personID("p1")}, "how-" + top: {"supports"}, "reaches": {top}, "objectives": {"Listen"}})
	y.acts = append(y.acts, act{key: "p1", kind: "objective", day: y.today()})
	head, leader := y.head("Rivers"), y.head("Dale")
	own := "/goals/" + y.goal(y.as(head.key), url.Values{"name": {"I ask first"}, "person": {y.personID(leader.key)}, "how-" + top: {"supports"}, "reaches": {top}})
	says(y.t, y.as(leader.key).follow(y.as(leader.key).post(own, url.Values{"do": {"agree"}})), "Agreed by "+leader.name+" and "+head.name+" on "+y.today())
	y.goalNamed("I ask first").agreed = true
}

// compareActs holds what executives were seen to do, by quarter, against what they wrote down.
func (y *year) compareActs() {
	y.t.Helper()
	quarters := []string{fmt.Sprintf("Q4 %d", simulated-1)}
	for q := range 4 {
		quarters = append(quarters, fmt.Sprintf("Q%d %d", q+1, simulated))
	}
	count, reach, acts := map[string]int{}, map[string]int{}, map[string]int{}
	for _, a := range y.acts {
		q := fmt.Sprintf("Q%d %d", quarterOf(a.day), simulated)
		count[a.key+q]++
		reach[q] += a.reach
		acts[q]++
	}
	page := y.as("p3").get("/involvement")
	none, lately := 0, 0
	for _, key := range []string{"p1", "p2"} {
		line := y.who(key).name + " House"
		line += " –" // by the roster of January nobody was one before
		for i, q := range quarters[1:] {
			n := "none"
			if c := count[key+q]; c > 0 {
				n = fmt.Sprint(c)
			} else {
				none++
			}
			if n != "none" && i < 3 {
				lately++
			}
			line += " " + n
		}
		says(y.t, page, line)
	}
	says(y.t, page, fmt.Sprintf("Quarters of an executive without an act: %d of 8.", none))
	for _, q := range quarters {
		says(y.t, page, fmt.Sprintf("%s %d %d", q, acts[q], reach[q]))
	}
	// Of the last four whole quarters, of which the newest is that before today's.
	says(y.t, y.as("p3").get("/profile/parts/involvement"), fmt.Sprintf("%.1f %% (%d of 6)", 100*float64(lately)/6, lately), "50.0 % (1 of 2)")
}

// compareTimeline holds the line of the whole and of a region against what was promised, and what came.
func (y *year) compareTimeline() {
	y.t.Helper()
	for _, unit := range []string{"House", "Hills"} {
		path := "/timeline/" + y.unitNamed(y.t, unit)
		due, done, inTime, all := 0, 0, 0, 0
		came := map[string]string{}
		for _, a := range y.agreed {
			if !y.under(a.board, unit) {
				continue
			}
			all++
			switch {
			case a.state == "":
				came[a.what] = "open, due " + a.due
				if a.due < y.today() {
					came[a.what] = "late, was due " + a.due
				}
			case a.state == "done":
				came[a.what] = "done " + a.ended + ": It is done."
			default:
				came[a.what] = "stopped " + a.ended + ": It was not worth it."
			}
			if a.promised > y.today() {
				continue
			}
			if due++; a.state == "done" {
				if done++; a.ended <= a.promised {
					inTime++
				}
			}
		}
		sessions := 0
		for _, h := range y.held {
			for _, key := range h.came {
				if y.under(y.who(key).in(h.day), unit) {
					sessions++
					break
				}
			}
		}
		says(y.t, y.as("p1").get(path), fmt.Sprintf("%d actions were promised by now: %d done, %d in time.", due, done, inTime),
			fmt.Sprintf("2 diagnoses, 3 focal points, %d sessions, %d actions, 2 initiatives, one change of how learning works, %d indicators", sessions, all, y.lines(unit)))
		for _, row := range y.rows(y.as("p1").get(path + "?format=csv")) {
			switch row[5] {
			case "Action":
				y.same(unit+": "+row[0], row[4], came[row[0]])
				delete(came, row[0])
			case "Focal point":
				for _, p := range promised {
					if p.theme == row[0] {
						y.same(unit+": "+row[0]+" was promised", strings.Trim(row[3], "'+"), fmt.Sprintf("%g points", p.by))
						came := y.cameOf(unit)[p.theme]
						y.same(unit+": what came of "+row[0], row[4], came.judged(p.by)+came.in(unit))
					}
				}
			}
		}
		y.same(unit+": actions that are not there", len(came), 0)
	}
}

// compareRoster holds who came, moved and left, and how many work in each unit.
func (y *year) compareRoster() {
	y.t.Helper()
	lead, today := y.as("p5"), y.today()
	var row []string
	for _, one := range y.table(lead.get("/roster"), "Holds from") {
		if one[0] == date(6, 16) {
			row = one
		}
	}
	y.same("the roster of June", strings.Join(row[2:8], " "), fmt.Sprint(len(y.units), len(y.at(today, "House")), y.fresh, y.altered, y.crossed, y.left))
	for _, u := range y.units {
		people, fte := 0, 0.0
		for _, w := range y.at(today, u.name) {
			people, fte = people+1, fte+w.fte
		}
		says(y.t, lead.get("/units"), fmt.Sprintf("%s %d people (%.2f FTE)", u.name, people, fte))
	}
}
