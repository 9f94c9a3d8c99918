package app

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// studyUse is how people of a unit with all under it used what there is to learn by, in some months.
type studyUse struct {
	waits                   []int // days from need to access
	waiting                 int
	waited, waiters         map[*worker]bool
	completed, not          float64
	people                  int // of whom these are: of a month with the most
	minutes, available      float64
	seats, taken            float64
	licences, licencesTaken float64
}

// quotient is a share in per cent, or what one has of another; nothing of nothing.
func quotient(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}

// use reckons it from what was asked for, from one month to another.
func (y *year) use(unit string, from, until int) (u studyUse) {
	u.waited, u.waiters = map[*worker]bool{}, map[*worker]bool{}
	first, last := date(from, 1), lastDay(until)
	within := func(day string) bool { return day >= first && day <= last }
	people := map[string]map[string]bool{} // by month: who, in which unit
	had := map[*subject]bool{}
	for _, w := range y.wishes {
		ended := w.state == "completed" || w.state == "not"
		if w.state == "completed" && within(w.done) {
			had[w.of] = true
		}
		if !y.under(w.unit, unit) {
			continue
		}
		switch {
		case w.filed || !within(w.needed): // how long the learning system let somebody wait, nobody knows
		case w.access != "":
			u.waits, u.waited[w.who] = append(u.waits, max(0, y.daysFrom(w.needed, w.access))), true
		case w.state == "asked" || w.state == "waiting":
			u.waiting++
			u.waiters[w.who] = true
		}
		if !ended || !within(w.done) {
			continue
		}
		if w.state == "not" {
			u.not++
		} else {
			u.completed++
			u.minutes += float64(w.of.minutes)
		}
		month := w.done[:7]
		if people[month] == nil {
			people[month] = map[string]bool{}
		}
		people[month][w.who.key+w.unit] = true
		u.people = max(u.people, len(people[month]))
	}
	for _, r := range y.runs {
		if !r.cancelled && r.begins <= last && r.ends >= first {
			had[r.of] = true
		}
		if r.held != "" && r.places > 0 && within(r.ends) {
			u.seats, u.taken = u.seats+float64(r.places), u.taken+float64(min(r.places, y.taken(r)))
		}
	}
	for _, s := range y.subjects {
		if had[s] || s.alone && s.since <= last && (s.ended == "" || s.ended > first) {
			u.available += float64(s.minutes)
		}
		for month := from; month <= until && s.licences > 0; month++ {
			if s.since > lastDay(month) {
				continue
			}
			u.licences += float64(s.licences)
			for _, w := range y.wishes {
				if w.of == s && w.access != "" && w.access <= lastDay(month) && w.state != "withdrawn" && (w.done == "" || w.done > lastDay(month)) {
					u.licencesTaken++
				}
			}
		}
	}
	return u
}

// wait is the median of the days from need to access.
func (u studyUse) wait() float64 {
	if len(u.waits) == 0 {
		return math.NaN()
	}
	return median(slices.Clone(u.waits))
}

// compareStudies holds how long people wait, and how what there is to learn by is used, against what was asked for.
func (y *year) compareStudies() {
	y.t.Helper()
	sam, n := y.as("p3"), 0
	compare := func(what string, shown string, want float64, people int) {
		n++
		if people > 0 && people < 5 {
			y.same(what, shown, "fewer than 5")
			return
		}
		y.close(what, shown, want)
	}
	compareOf := func(unit string, from, until int) {
		u, id := y.use(unit, from, until), ""
		if unit != "House" {
			id = y.unitNamed(y.t, unit)
		}
		path := fmt.Sprintf("/effort/efficiency?unit=%s&from=%d-%02d&until=%d-%02d", id, simulated, from, simulated, until)
		shown := map[string]string{}
		for _, row := range y.rows(sam.get(path + "&format=csv")) {
			shown[row[0]] = row[1]
		}
		what := fmt.Sprintf("%s, months %d to %d: ", unit, from, until)
		compare(what+"timely access", shown["Timely access, days"], u.wait(), len(u.waited))
		compare(what+"completed", shown["Completed, of what was begun, %"], 100*quotient(u.completed, u.completed+u.not), u.people)
		if unit != "House" {
			return
		}
		spent := y.sum(unit, date(from, 1), lastDay(until))
		cost := spent.cost["learning"]
		for kind, cents := range y.sum("School", date(from, 1), lastDay(until)).cost {
			if kind != "learning" {
				cost += cents
			}
		}
		teaching := 0.0
		for month := from; month <= until; month++ {
			for _, w := range y.at(lastDay(month), "School") {
				teaching += w.fte / float64(until-from+1)
			}
		}
		known := map[string]float64{
			"Hours of learning available":                    u.available / 60,
			"Reuse ratio":                                    quotient(u.minutes, u.available),
			"Cost of an hour available, EUR":                 quotient(cost/100, u.available/60),
			"Hours available for each of the learning staff": u.available / 60 / teaching,
			"Seats taken, %":                                 100 * quotient(u.taken, u.seats),
			"Licences in use, %":                             100 * quotient(u.licencesTaken, u.licences),
		}
		for name, want := range known {
			compare(what+name, shown[name], want, 0)
		}
		if from < until {
			maps.Copy(y.known, known)
			y.known["Timely access, days"], y.known["Completed, of what was begun, %"] = u.wait(), 100*quotient(u.completed, u.completed+u.not)
		}
		if len(u.waiters) >= 5 {
			says(y.t, sam.get(path), fmt.Sprintf("%d requests of these months still wait.", u.waiting))
		}
	}
	for _, unit := range []string{"House", "Rivers", "Hills", "Coast", "Dale", "Ridge", "School"} {
		compareOf(unit, 1, 11)
	}
	for month := 1; month <= 11; month++ {
		compareOf("House", month, month)
	}
	for measure, of := range map[string]func(studyUse) (float64, int){
		"timely-access":   func(u studyUse) (float64, int) { return u.wait(), len(u.waited) },
		"completion-rate": func(u studyUse) (float64, int) { return 100 * quotient(u.completed, u.completed+u.not), u.people },
		"seats-taken":     func(u studyUse) (float64, int) { return 100 * quotient(u.taken, u.seats), 0 },
		"licences-in-use": func(u studyUse) (float64, int) { return 100 * quotient(u.licencesTaken, u.licences), 0 },
	} {
		for _, row := range y.rows(sam.get(fmt.Sprintf("/effort/efficiency?from=%d-01&until=%d-11&table=series&measure=%s&format=csv", simulated, simulated, measure))) {
			if !strings.HasPrefix(row[0], fmt.Sprint(simulated)) { // before nobody could ask for anything
				y.same(measure+" in "+row[0], row[1], "")
				continue
			}
			q := int(number(row[0][6:])) - 1
			want, people := of(y.use("House", 3*q+1, min(11, 3*q+3)))
			compare(measure+" in "+row[0], row[1], want, people)
		}
	}
	if n < 110 {
		y.t.Errorf("%d figures of how people learn are compared", n)
	}
	y.compareEntries()
	y.compareSubjects()
	y.compareRuns()
	y.compareWishes()
}

// compareEntries holds what the ledger has of what was completed, and of what runs cost.
func (y *year) compareEntries() {
	y.t.Helper()
	var shown, want []string
	for _, source := range []string{"completion", "offering"} {
		for _, row := range y.rows(y.as("p3").get("/effort/entries?source=" + source + "&format=csv")) {
			shown = append(shown, fmt.Sprintf("%s %s %.2f %.2f %s %s", row[0], row[1], number("0"+row[4]), number("0"+row[13]), row[9], row[10]))
		}
	}
	for _, e := range y.entries() {
		if e.what == "" {
			continue
		}
		minutes, cents, by := 0, 0.0, "own people"
		for _, h := range e.hours {
			minutes += h.minutes
		}
		for _, c := range e.costs {
			cents = float64(c) * worth(e.currency, e.day)
		}
		if e.external {
			by = "external"
		}
		want = append(want, fmt.Sprintf("%s %s %.2f %.2f %s %s", e.what, e.day, float64(minutes)/60, cents/100, by, "centrally"))
	}
	slices.Sort(shown)
	slices.Sort(want)
	if len(want) < 60 {
		y.t.Errorf("%d entries of what was learned are compared", len(want))
	}
	y.same("what was learned in the ledger", strings.Join(shown, "\n"), strings.Join(want, "\n"))
}

// compareSubjects holds what the page of each subject says of the last year.
func (y *year) compareSubjects() {
	y.t.Helper()
	share, full := regexp.MustCompile(`through with it (\d+) % completed it\.`), regexp.MustCompile(`Of the places (\d+) % were taken\.`)
	days, queue := regexp.MustCompile(`it takes (\d+) days in the middle\.`), regexp.MustCompile(`(One person waits|\d+ people wait), at the longest for (one day|\d+ days)`)
	list := y.as("p3").get("/resources")
	for _, s := range y.subjects {
		path := s.path
		if path == "" { // a file has made it
			path = list.page().Find(`a:contains("`+s.name+`")`).AttrOr("href", "")
		}
		page := y.as("p3").get(path)
		var waits []int
		people, completed, not, waiting, longest := map[*worker]bool{}, 0.0, 0.0, 0, 0
		for _, w := range y.wishes {
			if w.of != s {
				continue
			}
			switch w.state {
			case "completed":
				completed++
				people[w.who] = true
			case "not":
				not++
			}
			switch {
			case w.filed:
			case w.access != "":
				waits = append(waits, max(0, y.daysFrom(w.needed, w.access)))
			case w.state == "asked" || w.state == "waiting":
				waiting, longest = waiting+1, max(longest, y.daysFrom(w.needed, y.today()))
			}
		}
		seats, taken := 0.0, 0.0
		for _, r := range y.runs {
			if r.of == s && r.held != "" && r.places > 0 {
				seats, taken = seats+float64(r.places), taken+float64(y.taken(r))
			}
		}
		first := map[bool]string{true: "One person completed it in the last year."}[len(people) == 1]
		if first == "" {
			first = fmt.Sprintf("%d people completed it in the last year.", len(people))
		}
		says(y.t, page, first)
		for what, want := range map[*regexp.Regexp]float64{share: 100 * quotient(completed, completed+not), full: 100 * quotient(taken, seats), days: studyUse{waits: waits}.wait()} {
			found := append(what.FindStringSubmatch(page.said()), "", "")
			y.close(s.name+": "+what.String(), found[1], want)
		}
		found, want := append(queue.FindStringSubmatch(page.said()), "", "", "")[1:3], []string{"", ""}
		if waiting > 0 {
			want = []string{times(waiting, "One person waits", "%d people wait"), times(longest, "one day", "%d days")}
		}
		y.same(s.name+": who waits", strings.Join(found, ", "), strings.Join(want, ", "))
	}
}

// stateNames are what pages call how far a request is.
var stateNames = map[string]string{"asked": "waits for the manager's yes", "refused": "the manager said no", "waiting": "waits for a place", "placed": "has a place", "completed": "completed", "not": "not completed", "withdrawn": "taken back"}

// compareRuns holds who has a place, who waits for one and who came.
func (y *year) compareRuns() {
	y.t.Helper()
	sam, n := y.as("p3"), 0
	var coming []string
	for _, r := range y.runs {
		var rows []string
		waiting := 0
		for _, states := range [][]string{{"placed", "completed", "not"}, {"waiting"}, {"asked"}} {
			for _, w := range y.wishes {
				if w.at == r && slices.Contains(states, w.state) {
					rows = append(rows, strings.Join([]string{w.who.name, w.unit, stateNames[w.state], w.needed}, ", "))
					n++
				}
				if w.at == r && w.state == "waiting" && states[0] == "waiting" {
					waiting++
				}
			}
		}
		page := sam.get(r.path)
		heading := fmt.Sprintf("%s: %d of %d places are taken.", r.of.name, y.taken(r), r.places)
		switch {
		case r.cancelled:
			heading = r.of.name + ": this offering was cancelled."
		case r.places == 0:
			heading = fmt.Sprintf("%s: %d have a place.", r.of.name, y.taken(r))
		}
		says(y.t, page, heading)
		var shown []string
		for _, row := range y.rows(sam.get(r.path + "?format=csv")) {
			shown = append(shown, strings.Join(row[:4], ", "))
		}
		y.same(r.of.name+" on "+r.begins, strings.Join(shown, "\n"), strings.Join(rows, "\n"))
		if r.begins >= y.today() && !r.cancelled {
			coming = append(coming, strings.Join([]string{r.begins, r.of.name, r.ends, strings.TrimPrefix(fmt.Sprint(r.places), "0"), fmt.Sprint(y.taken(r)), fmt.Sprint(waiting)}, " "))
		}
	}
	if n < 30 {
		y.t.Errorf("%d places are compared", n)
	}
	var shown []string
	for _, row := range y.rows(sam.get("/offerings?format=csv")) {
		shown = append(shown, strings.Join([]string{row[1], row[0], row[2], row[4], row[5], row[6]}, " "))
	}
	slices.Sort(coming)
	slices.Sort(shown)
	y.same("what is offered", strings.Join(shown, "\n"), strings.Join(coming, "\n"))
}

// compareWishes holds what people read of what they have asked for, and managers of what waits for them.
func (y *year) compareWishes() {
	y.t.Helper()
	own, bosses := map[*worker][]string{}, map[string]int{}
	open := map[*worker]int{}
	for _, w := range y.wishes {
		if w.who.in(y.today()) == "" {
			continue
		}
		own[w.who] = append(own[w.who], w.of.name+" "+stateNames[w.state])
		if w.open() {
			open[w.who]++
		}
		if w.state == "asked" {
			bosses[w.who.boss]++
		}
	}
	for who, want := range own {
		if open[who] == 0 {
			continue
		}
		page := y.as(who.key).get("/requests")
		var shown []string
		page.page().Find("section:has(h2:contains('Yours')) li").Each(func(_ int, li *goquery.Selection) {
			shown = append(shown, strings.Join(strings.Fields(text(li.Find("a").First())+" "+strings.TrimSpace(strings.Split(text(li.Find(".note").First()), "·")[0])), " "))
		})
		slices.Sort(shown)
		slices.Sort(want)
		y.same("what "+who.name+" asked for", strings.Join(shown, "\n"), strings.Join(want, "\n"))
		if bosses[who.key] == 0 {
			says(y.t, page, times(open[who], "You have asked for one thing.", "You have asked for %d things."))
		}
	}
	for key, n := range bosses {
		says(y.t, y.as(key).get("/requests"), times(n, "One request waits for your yes.", "%d requests wait for your yes."))
	}
}
