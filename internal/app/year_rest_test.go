package app

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// compareRest holds the figures that stand on pages of no area above: of units and locations, of what everybody reads of a
// diagnosis, of the own actions and coaching, and how many there are in lists.
func (y *year) compareRest() {
	y.t.Helper()
	y.compareStructure()
	y.compareSummary()
	y.compareOwnActions()
	sam, lead := y.as("p3"), y.as("p5")
	says(y.t, sam.get("/learning"), fmt.Sprintf("%d roles say what they require.", len(y.jobs)), "7 competencies")
	for name, id := range y.skills {
		var want, shown []string
		for _, j := range y.jobs {
			for _, n := range j.needs {
				if n.skill == name {
					want = append(want, fmt.Sprint(j.name, " ", levelNames[n.level], map[bool]string{true: " essential", false: " helpful"}[n.essential]))
				}
			}
		}
		if page := sam.get("/competencies/" + id); len(want) > 0 {
			for _, row := range y.table(page, "Role") {
				shown = append(shown, strings.TrimSpace(strings.Join(row, " ")))
			}
		}
		slices.Sort(want)
		slices.Sort(shown)
		y.same("roles that require "+name, strings.Join(shown, "; "), strings.Join(want, "; "))
	}
	accounts, err := y.Org.Accounts(y.t.Context(), y.organisation)
	if err != nil {
		y.t.Fatal(err)
	}
	says(y.t, lead.get("/accounts"), fmt.Sprintf("%d accounts", len(accounts)))
	says(y.t, lead.get("/diagnoses"), fmt.Sprintf("%d diagnoses", len(y.waves)))
	says(y.t, y.as("p4").get("/programmes"), "2 programmes")
	file := sam.get("/effort/import/2") // of January's hours
	says(y.t, file, "brought 12 entries.")
}

// compareStructure holds how many work in each unit, and at each location of it and of all.
func (y *year) compareStructure() {
	y.t.Helper()
	lead, today := y.as("p5"), y.today()
	tally := func(all []*worker) (n int, fte float64, places map[string]int) {
		places = map[string]int{}
		for _, w := range all {
			n, fte = n+1, fte+w.fte
			places[y.unit(w.in(today)).place]++
		}
		return n, fte, places
	}
	for _, u := range y.units {
		n, fte, places := tally(y.at(today, u.name))
		own, share := 0, 0.0
		for _, w := range y.at(today, u.name) {
			if w.in(today) == u.name {
				own, share = own+1, share+w.fte
			}
		}
		page := lead.get("/units/" + y.unitNamed(y.t, u.name))
		says(y.t, page, fmt.Sprintf("%s: %s (%.2f FTE)", u.name, times(n, "1 person", "%d people"), fte))
		if own < n {
			itself := times(own, "1 person", "%d people")
			if math.Abs(share-float64(own)) > 1e-9 {
				itself += fmt.Sprintf(" (%.2f FTE)", share)
			}
			says(y.t, page, "In the unit itself: "+itself+".")
		}
		for _, below := range y.units {
			if below.under == u.name {
				n, fte, _ := tally(y.at(today, below.name))
				says(y.t, page, fmt.Sprintf("%s %s (%.2f FTE)", below.name, times(n, "1 person", "%d people"), fte))
			}
		}
		rows := y.table(page, "Location")
		y.same("locations of "+u.name, len(rows), len(places))
		for _, row := range rows {
			y.same(u.name+" at "+row[0], row[2], places[row[0]])
		}
	}
	moved := 0
	for _, w := range y.people {
		if len(w.stays) > 1 && w.in(today) != "" {
			moved++
			page := lead.get("/people/" + y.personID(w.key))
			before, now := w.stays[0], w.stays[1]
			says(y.t, page, fmt.Sprintf("since %s : %s, %s, %s", now.from, now.unit, w.level, y.unit(now.unit).place),
				fmt.Sprintf("%s to %s : %s, %s, %s", before.from, date(6, 15), before.unit, w.level, y.unit(before.unit).place))
		}
	}
	y.same("who moved", moved, y.crossed)
	n, fte, places := tally(y.at(today, "House"))
	page := lead.get("/locations")
	says(y.t, page, fmt.Sprintf("UK %d people (%.2f FTE)", n, fte))
	for _, row := range y.table(page, "Location") {
		y.same("people at "+row[0], row[1], places[row[0]])
	}
}

// compareSummary holds what everybody reads of the newest diagnosis against what is to be told of all, and of the own unit.
func (y *year) compareSummary() {
	y.t.Helper()
	w := y.waves[1]
	all := w.found[group{table: -1}]
	for _, key := range []string{"p1", y.at(y.today(), "Dale")[3].key, y.at(y.today(), "Ridge")[3].key} {
		page := y.as(key).get(w.path + "/summary")
		high := 0
		for i, row := range y.table(page, "Factor")[:len(y.factors)] {
			s := all.of[y.factors[i]]
			for at, want := range []float64{s.mean, all.interval(s, -1), all.interval(s, 1), deviationOf(s), float64(all.n)} {
				y.close(fmt.Sprint("summary, ", row[0], ", ", at), row[1+at], want)
			}
			if s.reaches {
				high++
			}
		}
		says(y.t, page, fmt.Sprintf("%d of %d answered (%.0f %%)", all.answered, all.invited, 100*float64(all.answered)/float64(all.invited)), y.furthest(all),
			fmt.Sprintf("Overall %s: %.0f %% on the way. An HPO scores 8.5 or more on every factor; here %d of 5 do.", oneDigit(*all.overall), 10**all.overall, high))
		unit := y.who(key).in(w.day)
		f := w.unitGroup(unit)
		switch own := page.said(); {
		case unit == "House":
		case f.why != "":
			if strings.Contains(own, unit+": ") {
				y.t.Errorf("the summary for %s tells of %s, which is withheld", key, unit)
			}
		default:
			says(y.t, page, fmt.Sprintf("%d of %d answered (%.0f %%)", f.answered, f.invited, 100*float64(f.answered)/float64(f.invited)), unit+": "+y.furthest(f))
		}
	}
}

// compareOwnActions holds what those who coach the boards read of their actions, and of those whom they coach.
func (y *year) compareOwnActions() {
	y.t.Helper()
	today, n := y.today(), 0
	for _, b := range boards {
		coach := y.head(b.coach)
		page, late := y.as(coach.key).get("/actions"), 0
		for _, a := range y.agreed {
			if a.owner != coach {
				continue
			}
			n++
			switch days := y.daysFrom(a.due, today); {
			case a.state != "":
				says(y.t, page, fmt.Sprintf("%s %s on %s", a.what, a.state, a.ended))
			case days > 0:
				late++
				says(y.t, page, a.what+" "+times(days, "a day late", "%d days late"))
			case days == 0:
				says(y.t, page, a.what+" due today")
			default:
				says(y.t, page, a.what+" due on "+a.due)
			}
		}
		if late > 0 {
			says(y.t, page, times(late, "One of your actions should have been done.", "%d of your actions should have been done."))
		}
		open, past, soon, silent := 0, 0, 0, 0
		for _, a := range y.agreed {
			if a.board != b.region || a.state != "" {
				continue
			}
			open++
			switch days := y.daysFrom(today, a.due); {
			case days < 0:
				past++
			case days <= 14:
				soon++
			}
			if y.daysFrom(a.heard, today) >= 30 {
				silent++
			}
		}
		coaching := y.as(coach.key).get("/coaching")
		says(y.t, coaching, fmt.Sprintf("You coach %s board.", b.region))
		if open > 0 {
			said := "Actions: " + times(open, "one open", "%d open")
			for _, part := range []struct {
				n    int
				text string
			}{{past, "late"}, {soon, "due within a fortnight"}, {silent, "not heard of for a month"}} {
				if part.n > 0 {
					said += fmt.Sprintf(" · %d %s", part.n, part.text)
				}
			}
			says(y.t, coaching, said)
		}
	}
	if n < 5 {
		y.t.Errorf("%d actions of those who coach are compared", n)
	}
}
