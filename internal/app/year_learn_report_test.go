package app

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// budget is what the initiative is meant to come to in the year.
var budget = struct{ people, minutes, cents int }{40, 90 * 60, 1250000}

// serve brings in what was spent in the initiative in the month before; and, at first, what is planned of it.
func (y *year) serve(month int) {
	y.t.Helper()
	sam := y.as("p3")
	if month == 4 {
		form := url.Values{"initiative": {strings.TrimPrefix(y.initiative, "/initiatives/")}, "year": {fmt.Sprint(simulated)}, "people": {fmt.Sprint(budget.people)}, "hours": {hoursTyped(budget.minutes)}, "cost": {centsTyped(budget.cents)}}
		y.done(sam, "/effort/reports/budget", form)
	}
	if month < 4 {
		return
	}
	var b strings.Builder
	b.WriteString("day,what,person,side,hours,cost_supplier,initiative\n")
	all := y.at(date(month-1, 20), "Rivers")
	for i := range 3 {
		w, e := all[y.chance.IntN(len(all))], entered{day: date(month-1, 20), kind: "learning", serves: "Hand-overs that ask"}
		side, cents := "participant", 100*y.chance.IntN(400)
		if i == 2 {
			side, cents = "staff", 0
		}
		e.hours = []hour{{side, w.key, w.in(e.day), 30 * (1 + y.chance.IntN(20))}}
		if cents > 0 {
			e.costs = map[string]int{"supplier": cents}
		}
		fmt.Fprintf(&b, "%s,Asking,%s,%s,%s,%s,Hand-overs that ask\n", e.day, w.key, side, hoursTyped(e.hours[0].minutes), centsTyped(cents))
		y.spent = append(y.spent, e)
	}
	says(y.t, sam.upload("/effort/import", nil, fmt.Sprintf("asking-%d.csv", month), b.String()), "3 efforts came in.")
	y.files++
}

// standard is a standard report as a file, by measure: unit of measure, last year, plan, year to date, plan to date, % of plan, the
// forecast with its interval, status.
func (y *year) standard(query string) map[string][]string {
	y.t.Helper()
	sam, shown := y.as("p3"), map[string][]string{}
	rows := y.rows(sam.get("/effort/reports?format=csv&" + query))
	book, err := excelize.OpenReader(strings.NewReader(sam.get("/effort/reports?format=xlsx&"+query).body), excelize.Options{RawCellValue: true})
	if err != nil {
		y.t.Fatal(err)
	}
	sheet, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(sheet) != len(rows)+1 {
		y.t.Fatalf("%s: %d rows of %d, %v", query, len(sheet), len(rows), err)
	}
	for i, row := range rows {
		shown[row[0]] = row[2:12]
		for at, cell := range sheet[i+1][:8] {
			if a, b := number(cell), number(row[at]); cell != row[at] && !(math.Abs(a-b) < 1e-6*math.Max(1, math.Abs(a))) {
				y.t.Errorf("%s: the workbook has %q, the table %q", row[0], cell, row[at])
			}
		}
	}
	return shown
}

// compareReports holds the year to date of the standard reports against what was spent, and asked for.
func (y *year) compareReports() {
	y.t.Helper()
	year, n, indicators := fmt.Sprintf("year=%d", simulated), 0, y.ledgered()
	for _, kind := range []string{"operations", "summary"} {
		shown := y.standard(year + "&report=" + kind)
		summary := []string{"Direct learning expenditure", "Hours of learning used", "Hours used by each full-time person", "People reached", "Cost of an hour used", "Share of solutions that are no learning", "Timely access"}
		for name, want := range y.known {
			measure, _, _ := strings.Cut(name, ", ")
			if name == "Completed, of what was begun, %" {
				measure = "Completed, of what was begun"
			}
			line := shown[measure]
			if line == nil {
				if kind == "operations" || slices.Contains(summary, measure) {
					y.t.Errorf("%s has no line of %s", kind, measure)
				}
				continue
			}
			n++
			y.close(kind+": "+measure, line[3], want)
			n := slices.IndexFunc(indicators, func(k tracked) bool { return k.name == measure })
			f := y.reading(indicators[n], "House", simulated) // as on the scorecard
			foreseen := foreseen{math.NaN(), math.NaN(), math.NaN(), ""}
			if f.foreseen != nil {
				foreseen = *f.foreseen
			}
			y.same(kind+": status of "+measure, line[9], f.status)
			for at, want := range map[int]float64{1: f.last, 2: f.plan, 4: f.due, 5: 100 * f.share, 6: foreseen.at, 7: foreseen.low, 8: foreseen.high} {
				y.figure(fmt.Sprint(kind, ": ", measure, ", ", at), line[at], want)
			}
		}
		if kind == "summary" {
			goals := 0 // are its outcomes
			for _, g := range y.goals {
				if g.key == "" && g.unit == "House" {
					goals++
				}
			}
			y.same("lines of the summary", len(shown), len(summary)+goals)
		}
	}
	shown, s := y.standard(year+"&report=operations&unit="+y.unitNamed(y.t, "Rivers")), y.sum("Rivers", date(1, 1), lastDay(11))
	_, fte := y.onAverage("Rivers")
	u, cost := y.use("Rivers", 1, 11), s.cost["learning"]/100
	for measure, want := range map[string]float64{"Direct learning expenditure": cost, "Expenditure for each full-time person": cost / fte, "Hours of learning used": s.learned / 60, "Hours used by each full-time person": s.learned / 60 / fte,
		"Cost of an hour used": cost / (s.learned / 60), "Outsourced share": 100 * s.supplier / (100 * cost), "Share through technology": 100 * s.technology / s.stated, "Timely access": u.wait()} {
		n++
		y.close("Rivers: "+measure, shown[measure][3], want)
	}
	if n < 35 {
		y.t.Errorf("%d lines of reports are compared", n)
	}

	minutes, cents, people := map[string]int{}, 0, map[string]bool{}
	for _, e := range y.entries() {
		if e.serves != "Hand-overs that ask" || e.day > lastDay(11) {
			continue
		}
		for _, h := range e.hours {
			if minutes[h.side] += h.minutes; h.side == "participant" {
				people[h.person] = true
			}
		}
		cents += e.costs["internal"] + e.costs["supplier"]
	}
	// It begins in March, and goes on: what is planned is spread alike over ten months, of which nine are over.
	programme := y.standard(year + "&report=programme&initiative=" + strings.TrimPrefix(y.initiative, "/initiatives/"))
	for measure, line := range map[string]struct{ plan, done float64 }{
		"People who learn in it":  {float64(budget.people), number(toldTo(len(people)))},
		"Hours of who takes part": {float64(budget.minutes) / 60, float64(minutes["participant"]) / 60},
		"Hours of staff":          {0, float64(minutes["staff"]) / 60},
		"Cost":                    {float64(budget.cents) / 100, float64(cents) / 100},
	} {
		of, want := programme[measure], []float64{line.plan, line.done, .9 * line.plan, 100 * line.done / (.9 * line.plan)}
		if measure == "Cost" { // less is better
			want[3] = 100 * (.9 * line.plan) / line.done
		}
		y.same(measure+", the year before", of[1], "0") // the ledger is known, and nothing was spent
		for i, v := range want {
			if line.plan == 0 && i != 1 { // nothing is planned
				y.same(measure, of[2+i], "")
				continue
			}
			y.close(fmt.Sprint(measure, " ", i), of[2+i], v)
		}
	}
}

// nominate has two people be nominated to coach, of whom one declines.
func (y *year) nominate(month int) {
	y.t.Helper()
	switch month {
	case 5:
		boss := y.as("p4")
		for _, unit := range []string{"Cliff", "Mill"} {
			y.done(boss, y.coaches+"/nominations", url.Values{"person": {boss.nominee(y.coaches, y.head(unit).name)}})
		}
	case 6: // and does not want to
		y.done(y.as("p4"), y.as("p4").member(y.coaches, y.head("Mill").name), url.Values{"status": {"declined"}, "reason": {"No time"}})
	}
}

// compareMembers holds who takes part in each programme, and since when.
func (y *year) compareMembers() {
	y.t.Helper()
	boss := y.as("p4")
	want := map[string]string{"Leeds": "1 1 0 0", "Bath": "1 0 0 0", "Hull": "1 0 0 1"} // active, in formation, invited, nominated
	for _, row := range y.rows(boss.get(y.coaches + "?format=csv")) {
		y.same("members at "+row[0], strings.Join(row[5:9], " "), append([]string{want[row[0]]}, "0 0 0 0")[map[bool]int{true: 1}[want[row[0]] == ""]])
		candidates := 0
		for _, w := range y.at(y.today(), "House") {
			if w.level == "team leader" && y.unit(w.in(y.today())).place == row[0] && !slices.Contains(y.members[y.coaches], w) && w != y.head("Cliff") && w != y.head("Mill") {
				candidates++
			}
		}
		y.same("candidates at "+row[0], row[9], candidates)
	}
	for programme, count := range map[string]string{y.leaders: fmt.Sprint(len(boards), " 0"), y.coaches: "4 1"} { // who has left since is in it
		rows := y.table(boss.get(programme), "Month")
		y.same("months of a programme", len(rows), 11)
		for i, row := range rows {
			y.same("members in "+row[0], strings.Join(row, " "), date(i+2, 1)[:7]+" "+count)
		}
	}
	for _, row := range y.rows(boss.get(y.leaders + "?format=csv")) {
		b := boards[slices.IndexFunc(boards, func(b struct{ region, coach string }) bool { return b.region == row[1] })]
		y.same("who leads the "+row[0], strings.Join(row, " "), fmt.Sprintf("%s board %s %s active", b.region, b.region, y.head(b.coach).name))
	}
	says(y.t, boss.get(y.leaders), fmt.Sprintf("All %d management teams have a leader.", len(boards)))
}
