package app

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"throughline/internal/org"
)

// proof is what the year proves, or cannot: of an initiative whose order is drawn by lot, and of one that comes region
// by region. Of a third one nobody asks.
type proof struct {
	r        *rand.Rand
	base     map[string]float64   // of each team: calls that are answered at once, in per cent
	calls    map[string][]float64 // of each team, by month from January of the year before on
	prices   map[string][]float64 // what a call costs
	lot      *study
	regions  *study
	unasked  *study
	opinions [][3]float64 // change, share and confidence in per cent, as people said them of the regions
	seed     uint64       // of the lot
}

// study is an initiative with what is asked of it.
type study struct {
	name, path, effect string            // paths
	outcome, percent   string            // what it should change, and whether that is told in per cent
	starts             map[string]string // days, by unit
	worth              float64           // the smallest change that matters
	form               url.Values        // by which it began

	grade, finding string // as they should be told, with the figure and its interval
	v, low, high   float64
	exposed        int // months of units since they started
}

const (
	sharpHour, sharpLow, sharpAmount, sharpHigh = 40, 300, 800, 1100 // euros
	firstOfLot, monthsApart                     = 3, 4
)

// prove does what a month has for it, on its fifth day.
func (y *year) prove(month int) {
	y.t.Helper()
	p := &y.proof
	if month == 2 {
		p.r, p.base, p.calls, p.prices = rand.New(rand.NewPCG(yearSeed, 13)), map[string]float64{}, map[string][]float64{}, map[string][]float64{}
		chief := y.as("p1")
		chief.follow(chief.post("/indicators", url.Values{"key": {"calls"}, "name": {"Calls answered at once"}, "measure": {"%"}, "decimals": {"1"}, "direction": {"higher"}, "over-units": {"mean"}, "over-time": {"mean"}, "grain": {"month"}, "perspective": {"customer"}}))
		chief.follow(chief.post("/indicators", url.Values{"key": {"price"}, "name": {"Price of a call"}, "measure": {"EUR"}, "decimals": {"2"}, "direction": {"lower"}, "over-units": {"mean"}, "over-time": {"mean"}, "grain": {"month"}, "perspective": {"financial"}}))
		for _, u := range y.teams() {
			p.base[u.name] = float64(40 + p.r.IntN(30))
		}
		for before := range 12 {
			y.answer(before)
		}
	}
	y.answer(11 + month - 1)
	switch month {
	case 2:
		p.lot = y.began("Who calls is answered", "coaching")
		y.draw()
		p.unasked = y.began("Quiet hours", "learning")
	case 3:
		p.regions = &study{name: "Hand-overs that ask", path: y.initiative, starts: map[string]string{}}
		y.ask(p.regions, url.Values{"indicator": {"Price of a call"}, "placebo": {"Customer satisfaction"}, "percent": {"1"}, "worth": {"5"}})
		boss := y.as("p4") // a goal that is there only now
		boss.follow(boss.post(p.lot.path, merged(p.lot.form, url.Values{"goal": boss.get(p.lot.path).inputs("goal")[:1]})))
	}
	if month > 2 {
		y.pay(month - 1)
	}
	if month == 12 {
		y.judge()
	}
}

// answer brings in how calls were answered in a month, which starts raise by eight points and a little more each month,
// and what they cost, which has ups and downs of each region and falls by a quarter.
func (y *year) answer(month int) {
	y.t.Helper()
	p := &y.proof
	var b strings.Builder
	b.WriteString("indicator,unit,period,value\n")
	wave := map[string]float64{}
	for _, u := range y.teams() {
		if _, there := wave[u.part()]; !there {
			wave[u.part()] = float64(p.r.IntN(9)-4) / 100
		}
		price := p.base[u.name] / 10 * (1 + wave[u.part()] + float64(p.r.IntN(5)-2)/100)
		if day := y.started[u.part()]; day != "" && month >= monthOf(day) {
			price *= .75
		}
		price = math.Round(100*price) / 100
		p.prices[u.name] = append(p.prices[u.name], price)
		v := p.base[u.name] + float64(p.r.IntN(21)-10)/10
		if p.lot != nil && p.lot.starts[u.name] != "" {
			if since := month - monthOf(p.lot.starts[u.name]); since >= 0 {
				v += 8 + float64(since)/4
			}
		}
		v = math.Round(10*v) / 10
		p.calls[u.name] = append(p.calls[u.name], v)
		fmt.Fprintf(&b, "calls,%[1]s,%[2]s,%[3]g\nprice,%[1]s,%[2]s,%[4]g\n", u.name, label(month), v, price)
	}
	says(y.t, y.as("p1").upload("/observations", nil, "calls.csv", b.String()), "18 figures came in.")
}

// monthOf is that in which a day lies, from January of the year before on.
func monthOf(day string) int {
	return 12*(int(number(day[:4]))-simulated+1) + int(number(day[5:7])) - 1
}

// began begins an initiative, before anything starts anywhere.
func (y *year) began(name, kind string) *study {
	y.t.Helper()
	boss := y.as("p4", whole(org.ProgrammeManager))
	form := url.Values{"do": {"keep"}, "name": {name}, "kind": {kind}, "owner": {y.head("Hills").key}}
	page := boss.sendForm(boss.get("/initiatives"), "/initiatives", form)
	return &study{name: name, path: page.at, form: form, starts: map[string]string{}}
}

// draw has the programme manager draw the order of the teams by lot, and write down what is to be proved.
func (y *year) draw() {
	y.t.Helper()
	p, boss := &y.proof, y.as("p4")
	path := strings.Replace(p.lot.path, "initiatives", "rollouts", 1)
	ask := url.Values{"indicator": {y.indicator("Calls answered at once")}, "scope": {y.unitNamed(y.t, "House")}, "depth": {"1"}, "groups": {"2"}, "first": {date(firstOfLot, 1)}, "every": {fmt.Sprint(monthsApart)}, "until": {"6"}, "rest": {"1"}}
	page := boss.follow(boss.get(path + "?" + ask.Encode()))
	y.compareLot(page)
	ask["order"] = page.inputs("order")
	says(y.t, boss.follow(boss.post(path, ask)), "Write down what is to be proved")
	y.ask(p.lot, url.Values{"indicator": {"Calls answered at once"}, "placebo": {"Customer satisfaction"}, "worth": {"2"}})
}

// indicator is the id of one, as the form of a plan offers it.
func (y *year) indicator(name string) string {
	y.t.Helper()
	found := regexp.MustCompile(`<option value="([^"]+)"[^>]*>` + name).FindStringSubmatch(y.as("p3").get("/effects/new").body)
	if found == nil {
		y.t.Fatalf("no plan can be about %s", name)
	}
	return found[1]
}

// ask has the head of learning write a plan down.
func (y *year) ask(s *study, form url.Values) {
	y.t.Helper()
	head := y.as("p3")
	page := head.get("/effects/new?initiative=" + strings.TrimPrefix(s.path, "/initiatives/"))
	s.outcome, s.percent, s.worth = form.Get("indicator"), form.Get("percent"), number(form.Get("worth"))
	for _, name := range []string{"indicator", "placebo"} {
		form.Set(name, y.indicator(form.Get(name)))
	}
	asked := head.sendForm(page, "/effects", merged(url.Values{"first": {fmt.Sprint(simulated-1, "-01")}, "method": {"cs"}, "controls": {"notyet"}, "together": {"unit"}}, form))
	says(y.t, asked, "It cannot be told yet.", "Written down on "+y.today()+" by "+y.who("p3").name)
	s.effect = asked.at
}

// pay brings in what was done and spent for the initiatives in a month.
func (y *year) pay(month int) {
	y.t.Helper()
	p := &y.proof
	var b strings.Builder
	b.WriteString("day,what,person,kind,modality,side,hours,cost_internal,cost_supplier,currency,initiative\n")
	n := 0
	add := func(day, unit string, s *study, e entered, internal, supplier int) {
		all := y.at(day, unit)
		w := all[p.r.IntN(len(all))]
		e.day, e.serves, e.costs = day, s.name, map[string]int{"internal": internal, "supplier": supplier}
		e.hours[0].person, e.hours[0].unit = w.key, w.in(day)
		y.spent = append(y.spent, e)
		fmt.Fprintf(&b, "%s,For %s,%s,%s,%s,%s,%g,%.2f,%.2f,%s,%s\n", day, s.name, w.key, e.kind, e.modality, e.hours[0].side, float64(e.hours[0].minutes)/60, float64(internal)/100, float64(supplier)/100, e.currency, s.name)
		n++
	}
	time := func(side string) []hour { return []hour{{side: side, minutes: 30 * (1 + p.r.IntN(12))}} }
	day := func() string { return date(month, 1+p.r.IntN(28)) }
	for range 2 {
		add(day(), "House", p.lot, entered{kind: "learning", modality: "classroom", hours: time("participant")}, 0, 25*p.r.IntN(3000))
	}
	add(day(), "School", p.lot, entered{kind: "coaching", hours: time("staff"), currency: "GBP"}, 100*p.r.IntN(300), 0)
	add(day(), "House", p.regions, entered{kind: "learning", modality: "mentoring", hours: time("participant")}, 25*p.r.IntN(900), 0)
	switch month {
	case 5:
		add(day(), "House", p.unasked, entered{kind: "learning", modality: "self-paced", hours: time("participant")}, 45_000, 0)
	case 11: // the next month has begun: what is spent in it comes after the last figures
		add(date(12, 3), "House", p.lot, entered{kind: "learning", modality: "classroom", hours: time("participant")}, 0, 77_700)
	}
	says(y.t, y.as("p3").upload("/effort/import", nil, fmt.Sprintf("initiatives-%d.csv", month), b.String()), fmt.Sprintf("%d efforts came in.", n))
	y.files++
}

// judge has what came of it estimated, says what it is worth, and writes down what people think.
func (y *year) judge() {
	y.t.Helper()
	p, head := &y.proof, y.as("p3")
	for _, b := range boards {
		p.regions.starts[b.region] = y.started[b.region]
	}
	for _, s := range []*study{p.lot, p.regions} {
		says(y.t, head.sendForm(head.get(s.effect), "/estimate", nil), "What would overturn it")
	}
	head.sendForm(head.get(p.lot.effect), "/money", url.Values{"amount": {fmt.Sprint(sharpAmount)}, "low": {fmt.Sprint(sharpLow)}, "high": {fmt.Sprint(sharpHigh)}, "per": {"year"}, "source": {"The controller"}, "hour": {fmt.Sprint(sharpHour)}})
	say := func(who string, o [3]float64) {
		form := url.Values{"who": {who}}
		for i, name := range []string{"change", "share", "confidence"} {
			form.Set(name, fmt.Sprint(o[i]))
		}
		y.same("said", head.post(p.regions.effect+"/opinions", form).status, http.StatusSeeOther)
	}
	for n := range 4 {
		o := [3]float64{float64(p.r.IntN(40)-10) / 4, float64(5 * p.r.IntN(21)), float64(5 * p.r.IntN(21))}
		if n == 2 { // was asked, and did not answer
			o = [3]float64{}
		}
		p.opinions = append(p.opinions, o)
		say(fmt.Sprint("Manager ", n+1), o)
	}
	say("Nobody", [3]float64{9, 90, 90})
	page := head.get(p.regions.effect)
	strike, _ := page.page().Find("#opinions li:contains('Nobody') form").Attr("action")
	y.same("struck out", head.post(strike, nil).status, http.StatusSeeOther)
}
