package app

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// steering is what is aimed at in the year, what comes of it, and what people say of it.
type steering struct {
	r        *rand.Rand
	cells    map[slot]map[int]float64
	aims     map[slot]aiming
	ids      map[string]string // of indicators, by short name
	unitIDs  map[string]string
	reports  map[*wave]map[string][]string // scores of each unit
	talks    map[string]map[int]float64    // of people, by key and the month's number
	told     []published
	right    []replaced
	gone     float64 // a value that was taken out
	notes    []noted
	signed   []signed
	july     []figure // as they stood then
	goals    []*goalOfYear
	compared int            // figures
	stood    map[string]int // how often each status was
}

// signed are the results of a unit in some periods of the year as somebody stood for them.
type signed struct {
	unit, path, period, by, day string
	first, months               int
	then                        []figured
}

// own definitions of the year, beside those that the program has to begin with.
var (
	revenue  = tracked{name: "Revenue", key: "revenue", measure: "EUR", look: "Money", over: "sum", better: "higher", perYear: 12}
	asked    = tracked{name: "Customers asked", key: "customers-asked", measure: "answers", look: "Customers", over: "sum", better: "higher", perYear: 12}
	content  = tracked{name: "Customer satisfaction", key: "customer-satisfaction", measure: "0 to 100", look: "Customers", over: "mean", better: "higher", perYear: 12, digits: 1, mean: true, weight: "customers-asked"}
	staffed  = tracked{name: "Staff", key: "staff", measure: "people", look: "People and learning", over: "mean", better: "within", perYear: 12}
	absence  = tracked{name: "Absence", key: "absence", measure: "%", look: "How we work", over: "mean", better: "lower", perYear: 12, digits: 1, mean: true, weight: "staff"}
	engaged  = tracked{name: "Engagement", key: "engagement", measure: "1 to 10", look: "People and learning", over: "mean", better: "higher", perYear: 4, digits: 1, mean: true}
	waiting  = tracked{name: "Waiting list", key: "waiting-list", measure: "customers", look: "How we work", over: "last", better: "lower", perYear: 12, alone: true}
	audits   = tracked{name: "Audits passed", key: "audits-passed", measure: "audits", look: "How we work", over: "sum", better: "higher", perYear: 1, learning: true}
	talked   = tracked{name: "Talks", key: "talks", measure: "talks", look: "Customers", over: "sum", better: "higher", perYear: 12, people: true}
	calls    = tracked{name: "Calls answered at once", key: "calls", measure: "%", look: "Customers", over: "mean", better: "higher", perYear: 12, digits: 1, mean: true}
	price    = tracked{name: "Price of a call", key: "price", measure: "EUR", look: "Money", over: "mean", better: "lower", perYear: 12, digits: 2, mean: true}
	handedIn = []tracked{revenue, asked, content, staffed, absence, engaged, waiting, audits, talked, calls, price}
)

// follows is an indicator by its short name.
func (y *year) follows(key string) tracked {
	y.t.Helper()
	for _, k := range y.followed() {
		if k.key == key {
			return k
		}
	}
	y.t.Fatalf("nothing is followed as %s", key)
	return tracked{}
}

// unitID is that of a unit, which no roster of the year changes.
func (y *year) unitID(name string) string {
	y.t.Helper()
	if y.unitIDs == nil {
		y.unitIDs = map[string]string{}
		for _, u := range y.units {
			y.unitIDs[u.name] = y.unitNamed(y.t, u.name)
		}
	}
	return y.unitIDs[name]
}

// steer is what happens in a month to what is aimed at.
func (y *year) steer(month int) {
	y.t.Helper()
	if month == 2 {
		y.define()
		y.setGoals()
	}
	y.report(month)
	y.talk(month)
	y.checkIn(month)
	switch month {
	case 4:
		y.sign("Hills", "Q1", 0, 3)
		y.note("p1", "House", "", date(4, 2), "The survey has moved to the web.")
	case 5:
		y.note(y.head("Hills").key, "Peak", "revenue", date(3, 11), "The street was closed.")
		y.note("p1", "House", "customer-satisfaction", date(5, 6), "One question is new.")
	case 7:
		y.sign("House", "Q2", 3, 3)
		y.sign("Rivers", "Q1", 0, 3)
		y.sign("Coast", "05", 4, 1)
		y.july = slices.Clone(y.figures)
		y.compareCards()
	case 8: // one value was wrong and has no right one
		c := slot{key: "waiting-list", unit: "Bay"}
		n := 12*simulated + 2
		form := url.Values{"out": {"actual " + y.periodOf(waiting, n)}}
		path := fmt.Sprintf("/scorecards/%s/%s", y.unitID(c.unit), y.id(waiting))
		y.same("taken out", y.as("p1").post(path, form).status, http.StatusSeeOther)
		y.gone = y.cells[c][n]
		delete(y.cells[c], n)
	}
}

// define says what is measured beside what is there, what was in the year before, and what is aimed at.
func (y *year) define() {
	y.t.Helper()
	chief := y.as("p1")
	y.steering = steering{r: rand.New(rand.NewPCG(yearSeed, 11)), cells: map[slot]map[int]float64{}, aims: map[slot]aiming{}, ids: map[string]string{}, talks: map[string]map[int]float64{}, reports: map[*wave]map[string][]string{}, stood: map[string]int{}, goals: y.goals}
	chief.follow(chief.post("/indicators/shipped", url.Values{"key": {"absence", "engagement"}}))
	for _, form := range []url.Values{
		{"name": {waiting.name}, "measure": {waiting.measure}, "direction": {"lower"}, "over-units": {"sum"}, "alone": {"yes"}, "over-time": {"last"}, "grain": {"month"}, "perspective": {"process"}},
		{"name": {audits.name}, "measure": {audits.measure}, "direction": {"higher"}, "over-units": {"sum"}, "over-time": {"sum"}, "grain": {"year"}, "perspective": {"process"}, "learning": {"yes"}},
		{"name": {talked.name}, "measure": {talked.measure}, "direction": {"higher"}, "over-units": {"sum"}, "over-time": {"sum"}, "grain": {"month"}, "perspective": {"customer"}, "people": {"yes"}, "minimum": {"5"}},
	} {
		says(y.t, chief.follow(chief.post("/indicators", form)), form.Get("name"))
	}
	y.as("p3").post("/effort/efficiency/indicators", nil)
	y.defined()

	var b strings.Builder
	for _, k := range []tracked{staffed, absence, engaged, waiting, audits} {
		for _, u := range y.measured(k) {
			for n := simulated*k.perYear - k.perYear; n < simulated*k.perYear; n++ {
				y.hand(&b, k, u, n, false)
			}
			for n := simulated * k.perYear; n < (simulated+1)*k.perYear; n++ {
				if k.key != "waiting-list" || n%3 == 2 {
					y.hand(&b, k, u, n, true)
				}
			}
		}
	}
	for n := simulated * 12; n < (simulated+1)*12; n++ {
		y.hand(&b, y.follows("hours-of-learning-used"), "House", n, true)
	}
	y.bring("before-2.csv", "value,plan", b.String())

	b.Reset()
	for _, a := range []struct {
		key, unit string
		aiming
	}{
		{"revenue", "House", aiming{math.NaN(), 60000, 0}}, {"revenue", "School", aiming{math.NaN(), 3000, 0}},
		{"customer-satisfaction", "House", aiming{math.NaN(), 76, 0}}, {"customer-satisfaction", "Rivers", aiming{60, 75, 0}}, {"customer-satisfaction", "Hills", aiming{80, 85, 0}},
		{"staff", "House", aiming{math.NaN(), 60, 140}}, {"staff", "Dale", aiming{math.NaN(), 1, 5}}, {"staff", "Coast", aiming{math.NaN(), 31, 60}},
		{"waiting-list", "House", aiming{200, 60, 0}}, {"waiting-list", "Peak", aiming{math.NaN(), 3, 0}}, {"absence", "Hills", aiming{6, 3, 0}}, {"engagement", "Coast", aiming{math.NaN(), 8, 0}},
		{y.factors[0], "House", aiming{5, 8, 0}}, {y.factors[1], "Rivers", aiming{math.NaN(), 6, 0}}, {y.factors[2], "House", aiming{4, 5, 0}},
		{"cost-per-hour-used", "House", aiming{60, 20, 0}}, {"outsourced-share", "House", aiming{math.NaN(), 20, 60}},
	} {
		y.aims[slot{key: a.key, unit: a.unit}] = a.aiming
		from, to := fmt.Sprint(a.from), fmt.Sprint(a.to)
		if math.IsNaN(a.from) {
			from = ""
		}
		if a.to == 0 {
			to = ""
		}
		fmt.Fprintf(&b, "%s,%s,%d,%g,%s,%s\n", a.key, a.unit, simulated, a.value, from, to)
	}
	y.bring("aims.csv", "target,baseline,target_to", b.String())
}

// defined makes indicators of the scores of diagnoses, as a follower does within seconds.
func (y *year) defined() {
	y.t.Helper()
	if err := y.Strategy.Renew(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
}

// measured are the units of which an indicator is handed in: teams, and some above them.
func (y *year) measured(k tracked) (units []string) {
	for _, u := range y.teams() {
		if k.key != "audits-passed" || u.under == "Hills" || u.under == "Coast" {
			units = append(units, u.name)
		}
	}
	switch k.key {
	case "engagement": // one survey of the region takes the place of those of its teams
		units = append(units, "Coast")
	case "waiting-list": // who waits at the region's own desk
		units = append(units, "Rivers", "House")
	}
	return units
}

// hand makes a value or a plan up and writes it as a row of a file.
func (y *year) hand(b *strings.Builder, k tracked, unit string, n int, plan bool) {
	v, r := 0.0, y.steering.r
	switch k.key {
	case "staff":
		v = float64(max(1, y.unit(unit).size+r.IntN(5)-2))
	case "absence":
		v = float64(30+r.IntN(40)) / 10
	case "engagement":
		v = float64(55+r.IntN(30)) / 10
	case "waiting-list":
		v = float64(4 + r.IntN(12))
	case "audits-passed":
		v = float64(2 + r.IntN(5))
	default:
		v = float64(20 + r.IntN(30))
	}
	c := slot{k.key, unit, plan}
	if y.cells[c] == nil {
		y.cells[c] = map[int]float64{}
	}
	y.cells[c][n] = v
	row := "%s,%s,%s,%g,\n"
	if plan {
		row = "%s,%s,%s,,%g\n"
	}
	fmt.Fprintf(b, row, k.key, unit, y.periodOf(k, n), v)
}

// periodOf is a period by its number, as files have it.
func (y *year) periodOf(k tracked, n int) string {
	switch k.perYear {
	case 1:
		return fmt.Sprint(n)
	case 4:
		return fmt.Sprintf("%d-Q%d", n/4, n%4+1)
	}
	return fmt.Sprintf("%d-%02d", n/12, n%12+1)
}

// bring hands a file of figures of units in.
func (y *year) bring(name, columns, rows string) {
	y.t.Helper()
	a := y.as("p1").upload("/observations", nil, name, "indicator,unit,period,"+columns+"\n"+rows)
	says(y.t, a, fmt.Sprintf("%d figures came in.", strings.Count(rows, "\n")))
}

// report brings in what was observed in the month before, of nearly every unit.
func (y *year) report(month int) {
	y.t.Helper()
	var b strings.Builder
	n := 12*simulated + month - 2
	for _, k := range []tracked{staffed, absence, waiting} {
		for _, u := range y.measured(k) {
			if y.steering.r.IntN(14) > 0 {
				y.hand(&b, k, u, n, false)
			}
		}
	}
	if month%3 == 1 {
		for _, u := range y.measured(engaged) {
			y.hand(&b, engaged, u, n/3, false)
		}
	}
	if month == 11 {
		for _, u := range y.measured(audits)[1:] {
			y.hand(&b, audits, u, simulated, false)
		}
	}
	y.bring(fmt.Sprintf("house-%d.csv", month-1), "value,plan", b.String())
}

// note writes down what a reader of a unit's figures should know.
func (y *year) note(key, unit, of, day, what string) {
	y.t.Helper()
	n := noted{unit, of, day, what, y.who(key).name, y.today()}
	form := url.Values{"day": {day}, "what": {what}}
	if of != "" {
		form.Set("indicator", y.id(y.follows(of)))
	}
	y.same("noted", y.as(key).post("/scorecards/"+y.unitID(unit)+"/notes", form).status, http.StatusSeeOther)
	y.notes = append(y.notes, n)
}

// sign has whoever leads a unit stand for its results.
func (y *year) sign(unit, in string, first, months int) {
	y.t.Helper()
	who := y.as(y.head(unit).key)
	card := "/scorecards/" + y.unitID(unit)
	s := signed{unit: unit, period: fmt.Sprintf("%d-%s", simulated, in), by: y.head(unit).name, day: y.today(), first: first, months: months, then: y.card(unit, simulated)}
	a := who.sendForm(who.get(card), "/results", url.Values{"period": {s.period}, "remark": {"So it was."}})
	says(y.t, a, s.by+" stands for the results of "+s.period+".", "No figure has changed since.")
	s.path = a.at
	y.signed = append(y.signed, s)
}

// compareSteering holds what scorecards and goals show against what happened.
func (y *year) compareSteering() {
	y.t.Helper()
	y.defined()
	y.compareCards()
	y.compareSheets()
	y.compareTalks()
	y.compareSigned()
	y.compareGoals()
	if len(y.stood) < len(signs) {
		y.t.Errorf("there are %v alone", y.stood)
	}
}
