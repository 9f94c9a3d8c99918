package app

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// table is the table on a page whose heading row begins so.
func (y *year) table(a answer, first string) (rows [][]string) {
	y.t.Helper()
	a.page().Find("table").Each(func(_ int, t *goquery.Selection) {
		if len(rows) > 0 || strings.TrimSpace(t.Find("th").First().Text()) != first {
			return
		}
		t.Find("tr").Slice(1, goquery.ToEnd).Each(func(_ int, tr *goquery.Selection) {
			rows = append(rows, tr.Find("th, td").Map(func(_ int, cell *goquery.Selection) string { return text(cell) }))
		})
	})
	if len(rows) == 0 {
		y.t.Errorf("%s has no table of %s", a.at, first)
	}
	return rows
}

// lastDay is that of a month of the year.
func lastDay(month int) string {
	return time.Date(simulated, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// daysFrom is how many days lie between two.
func (y *year) daysFrom(from, until string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, until)
	if errA != nil || errB != nil {
		y.t.Fatal(errA, errB)
	}
	return int(b.Sub(a).Hours() / 24)
}

func median(all []int) float64 {
	slices.Sort(all)
	return float64(all[(len(all)-1)/2]+all[len(all)/2]) / 2
}

// percentOf is a share in whole per cent, halves rounded up.
func percentOf(n, of int) string { return fmt.Sprintf("%d %%", (200*n+of)/(2*of)) }

// compareCoverage holds need, have and gap of each location against who works there.
func (y *year) compareCoverage() {
	y.t.Helper()
	var far struct {
		Need, Active, Gap, Headcount int
		Rows                         []struct {
			Location                              string
			Headcount, Need, Active, Forming, Gap int
		}
	}
	if err := json.Unmarshal([]byte(y.as("p4").get(y.coaches+"?format=json").body), &far); err != nil {
		y.t.Fatal(err)
	}
	people, active, n := map[string]int{}, map[string]int{}, 0
	for _, w := range y.at(y.today(), "House") {
		people[y.unit(w.in(y.today())).place]++
	}
	for _, w := range y.active {
		if w.in(y.today()) == "" {
			continue
		}
		n++
		active[y.unit(w.in(y.today())).place]++
	}
	need, gap := 0, 0
	for _, row := range far.Rows {
		n := (people[row.Location] + 9) / 10
		need, gap = need+n, gap+max(0, n-active[row.Location])
		y.same("coverage at "+row.Location, fmt.Sprint(row.Headcount, row.Need, row.Active, row.Gap), fmt.Sprint(people[row.Location], n, active[row.Location], max(0, n-active[row.Location])))
	}
	y.same("locations", len(far.Rows), len(people))
	y.same("coverage", fmt.Sprint(far.Need, far.Active, far.Gap, far.Headcount), fmt.Sprint(need, n, gap, len(y.at(y.today(), "House"))))
}

// compareSessions holds attendance, and what the ledger has of each programme.
func (y *year) compareSessions() {
	y.t.Helper()
	for _, programme := range []string{y.leaders, y.coaches} {
		var mine []held
		participants, staff, cents, n := 0, 0, 0, 0
		for _, h := range slices.Backward(y.held) {
			if h.programme == programme {
				if mine = append(mine, h); h.cancelled {
					continue
				}
				n++
				participants, staff, cents = participants+sessionMinutes*len(h.came), staff+sessionMinutes+h.prepared, cents+h.cents
			}
		}
		rows := y.rows(y.as("p4").get(programme + "/sessions?format=csv"))
		y.same("sessions", len(rows), len(mine))
		for i, h := range mine {
			came := fmt.Sprint(len(h.came), " held")
			if h.cancelled {
				came = " cancelled"
			}
			y.same("session of "+h.day, strings.Join([]string{rows[i][0][:10], rows[i][6], rows[i][8], rows[i][9]}, " "), fmt.Sprint(h.day, " ", h.asked, " ", came))
		}
		meetings := n
		if programme == y.leaders { // what the boards do is the programme's, too
			for _, a := range y.agreed {
				for _, w := range a.words {
					participants, n = participants+w.minutes, n+1
				}
			}
		}
		ledger := y.rows(y.as("p4").get(programme + "/effort?format=csv"))
		y.same("entries of the programme", len(ledger), n)
		says(y.t, y.as("p4").get(programme+"/sessions"), fmt.Sprintf("%d sessions held, 0 to come.", meetings),
			fmt.Sprintf("Recorded as effort: %.1f hours of participants, %.1f hours of those who lead or coach. Costs: EUR %d (invoices of suppliers)", tenth(participants), tenth(staff), cents/100))
	}
}

// tenth is minutes as hours with one decimal, halves rounded up.
func tenth(minutes int) float64 { return math.Floor(float64(minutes)/6+.5) / 10 }

// compareFocus holds the focus of each month, what became of each focal point's actions, and how old open ones are.
func (y *year) compareFocus() {
	y.t.Helper()
	page, today := y.as("p4").get(y.leaders+"/focus"), y.today()
	months := y.table(page, "Month")
	y.same("months of focus", len(months), 11)
	for i, row := range months {
		open, tied := 0, 0
		for _, a := range y.agreed {
			if a.decided <= lastDay(i+2) && (a.ended == "" || a.ended >= date(i+2, 1)) {
				if open++; a.focal != "" {
					tied++
				}
			}
		}
		y.same("focus of "+row[0], strings.Join(row, " "), fmt.Sprintf("%s %d %d %s", date(i+2, 1)[:7], open, tied, percentOf(tied, open)))
	}
	for _, row := range y.table(page, "Focal point") {
		open, late, ended, helped := 0, 0, 0, 0
		for _, a := range y.agreed {
			switch {
			case a.focal != row[0]:
			case a.state == "":
				if open++; a.due < today {
					late++
				}
			default:
				if ended++; a.outcome == "helped" || a.outcome == "partly" {
					helped++
				}
			}
		}
		y.same("actions on "+row[0], strings.Join(row[1:], " "), fmt.Sprint(open, late, ended, helped))
	}
	ages, since := make([]int, 4), []int{}
	teams := map[string][]int{}
	for _, a := range y.agreed {
		of := teams[a.board]
		if of == nil {
			of = make([]int, 6)
			teams[a.board] = of
		}
		switch a.state {
		case "done":
			of[4]++
			continue
		case "stopped":
			of[5]++
			continue
		}
		since = append(since, y.daysFrom(a.decided, today))
		late := y.daysFrom(a.due, today)
		switch {
		case late > 30:
			ages[3]++
		case late > 0:
			ages[2]++
		case late >= -14:
			ages[1]++
		default:
			ages[0]++
		}
		if of[0]++; a.focal != "" {
			of[1]++
		}
		if late > 0 {
			of[2]++
		}
		if y.daysFrom(a.heard, today) >= 30 {
			of[3]++
		}
	}
	var shown []string
	for _, row := range y.table(page, "Due") {
		shown = append(shown, row[1])
	}
	y.same("ages", strings.Join(shown, " "), strings.Trim(fmt.Sprint(ages), "[]"))
	says(y.t, page, fmt.Sprintf("In the middle, an open action was decided %d days ago.", int(median(since))))
	for _, row := range y.table(page, "Management team") {
		y.same(row[0], strings.Join(row[2:], " "), strings.Trim(fmt.Sprint(teams[strings.TrimSuffix(row[0], " board")]), "[]"))
	}
	for _, row := range y.rows(y.as("p4").get(y.leaders + "/focus?format=csv")) {
		i := slices.IndexFunc(y.agreed, func(a *agreed) bool { return a.what == row[0] })
		a, minutes, state := y.agreed[i], 0, "open"
		for _, w := range a.words {
			minutes += w.minutes
		}
		switch {
		case a.state != "":
			state = a.state
		case a.due < today:
			state = "late"
		}
		y.same(a.what, strings.Join(slices.Concat(row[4:9], row[11:12]), " "), fmt.Sprintf("%s %s %s %s %s %g", a.decided, a.promised, a.due, state, a.ended, float64(minutes)/60))
	}
}

// compareOwnership holds who ran what, quarter by quarter, and how well what is decided gets done.
func (y *year) compareOwnership() {
	y.t.Helper()
	boss := y.as("p4")
	for q, row := range y.rows(boss.get("/ownership?format=csv")) {
		in := func(day string) bool { return quarterOf(day) == q+1 }
		var n [3][2]int // steps, sessions, actions by own people and by others
		unsaid := 0
		for _, w := range y.waves {
			for _, day := range []string{w.day, w.closed} {
				if in(day) {
					n[0][0]++
				}
			}
		}
		if in(date(2, 3)) { // nobody has said who led the choice of focal points
			unsaid++
		}
		by := map[bool]int{true: 1}
		for _, h := range y.held {
			if in(h.day) && !h.cancelled {
				n[1][by[h.external]]++
			}
		}
		for _, a := range y.agreed {
			if in(a.decided) {
				n[2][by[a.external]]++
			}
		}
		own, other := n[0][0]+n[1][0]+n[2][0], n[0][1]+n[1][1]+n[2][1]
		y.same("ownership", strings.Join(row, " "), fmt.Sprintf("%d-Q%d %s %d %d %d %d %d %d %d", simulated, q+1, percentOf(own, own+other), n[0][0], n[0][1], n[1][0], n[1][1], n[2][0], n[2][1], unsaid))
	}
	up := y.servedUp()
	for _, row := range y.rows(boss.get("/ownership?table=learning&format=csv")) {
		decided, past, kept, stopped := 0, 0, 0, 0
		known, rose := 0, 0
		var took []int
		since := strings.HasPrefix(row[0], "Since")
		until := y.waves[1].closed // what became of it is seen at the next diagnosis
		if since {
			until = y.today()
		}
		for _, a := range y.agreed {
			if since != (a.decided >= y.waves[1].closed) || row[1] != "All" && a.board != row[1] {
				continue
			}
			done := a.state == "done" && a.ended <= until
			if decided++; a.state == "stopped" && a.ended <= until {
				stopped++
			}
			if done {
				took = append(took, y.daysFrom(a.decided, a.ended))
			}
			if how := up[a]; done && how != "" && how != "cannot tell" {
				if known++; how == "clearly up" {
					rose++
				}
			}
			if a.promised < until {
				if past++; done && a.ended <= a.promised {
					kept++
				}
			}
		}
		want := []string{fmt.Sprint(decided), "", "", fmt.Sprintf("%s (%d of %d)", percentOf(stopped, decided), stopped, decided), ""}
		if past > 0 {
			want[1] = fmt.Sprintf("%s (%d of %d)", percentOf(kept, past), kept, past)
		}
		if len(took) > 0 {
			want[2] = fmt.Sprint(math.Floor(median(took) + .5))
		}
		if known > 0 {
			want[4] = fmt.Sprintf("%s (%d of %d)", percentOf(rose, known), rose, known)
		}
		y.same(row[0]+", "+row[1], strings.Join(row[2:7], "|"), strings.Join(want, "|"))
	}
}

// servedUp says of each action that was decided before the second diagnosis closed how the statement that it serves has
// moved, in the smallest unit from that of its board upwards of which both diagnoses tell it. All are judged together.
func (y *year) servedUp() map[*agreed]string {
	same, family := map[string]*moved{}, []*moved{}
	of := map[*agreed]*moved{}
	for _, a := range y.agreed {
		if a.item == "" || a.decided >= y.waves[1].closed {
			continue
		}
		at := a.board
		for at != "House" && math.IsNaN(y.movedIn(at, []string{a.item}).by) {
			at = y.unit(at).under
		}
		if same[at+a.item] == nil {
			same[at+a.item] = y.movedIn(at, []string{a.item})
			family = append(family, same[at+a.item])
		}
		of[a] = same[at+a.item]
	}
	settled(family)
	up := map[*agreed]string{}
	for a, m := range of {
		up[a] = m.how
	}
	return up
}
