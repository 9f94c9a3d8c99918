package app

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
)

// entered is an entry of the ledger.
type entered struct {
	day, kind, modality string
	hours               []hour
	costs               map[string]int // internal, supplier, tuition: cents
	managed, currency   string         // who manages the spending; EUR where it is not said
	external, typed     bool           // by a form of the ledger, or of an executive
	goal                bool           // serves the goal of the whole
	serves              string         // name of an initiative
	borne               string         // unit that bears it, where no hours say it
	what                string         // of what was asked for
}

// hour is time of one of the people, or of those of a unit together.
type hour struct {
	side, person, unit string
	minutes            int
}

// entries are those of the ledger: what was entered, and what came of requests, offerings and plans as they stand now.
func (y *year) entries() []entered {
	if now := y.clock.at.Load(); y.entriesAt != now { // nothing happens without a look at the clock
		y.entriesAt, y.allEntries = now, slices.Concat(y.spent, y.studied(), y.plannedAndDone())
	}
	return y.allEntries
}

var modalities = []string{"classroom", "self-paced", "practice-at-work", "mentoring", ""}

// rates are what a pound is worth in euros, from a month on.
var rates = []struct {
	from  string
	worth float64
}{{date(1, 1)[:7], 1.25}, {date(7, 1)[:7], 1.1}}

// learn makes the learning function and what there is to learn by.
func (y *year) learn() {
	y.t.Helper()
	sam := y.as("p3", whole(org.HeadOfLearning))
	sam.follow(sam.post("/effort/settings", url.Values{"own": {"EUR"}, "reference": {"40"}, "units": {"School"}}))
	for _, r := range rates {
		sam.follow(sam.post("/effort/settings/rates", url.Values{"currency": {"GBP"}, "month": {r.from}, "rate": {fmt.Sprint(r.worth)}}))
	}
	y.cards = sam.follow(sam.post("/resources", url.Values{"name": {"Cards"}, "modality": {"self-paced"}, "hours": {"2"}, "price": {"10"}, "currency": {"EUR"}})).at
	y.course = sam.follow(sam.post("/resources", url.Values{"name": {"Listening well"}, "modality": {"reading"}, "hours": {"4"}, "price": {"95.50"}, "currency": {"EUR"}, "external": {"yes"}, "provider": {"Academy"}, "approved": {"yes"}})).at
	y.subjects = map[string]*subject{
		y.cards:  {name: "Cards", path: y.cards, minutes: 120, alone: true, since: y.today()},
		y.course: {name: "Listening well", path: y.course, minutes: 240, alone: true, since: y.today()},
	}
}

// enter brings in what was spent in the month before, by a file and by the forms of managers.
func (y *year) enter(month int) {
	y.t.Helper()
	var b strings.Builder
	b.WriteString("day,what,person,unit,modality,kind,side,hours,cost_internal,cost_supplier,cost_tuition,managed,external,currency\n")
	add := func(what string, e entered) {
		h, external := e.hours[0], ""
		if e.external {
			external = "yes"
		}
		by := h.unit
		if h.person != "" {
			by = ""
		}
		money := func(kind string) string {
			if e.costs[kind] == 0 {
				return ""
			}
			return fmt.Sprintf("%d.%02d", e.costs[kind]/100, e.costs[kind]%100)
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%g,%s,%s,%s,%s,%s,%s\n", e.day, what, h.person, by, e.modality, e.kind, h.side, float64(h.minutes)/60, money("internal"), money("supplier"), money("tuition"), e.managed, external, e.currency)
		y.spent = append(y.spent, e)
	}
	at := func() string { return date(month, 8+y.r.IntN(18)) }
	anybody := func(day, under string) *worker {
		all := y.at(day, under)
		return all[y.r.IntN(len(all))]
	}
	for range 8 {
		day := at()
		w := anybody(day, "House")
		e := entered{day: day, kind: "learning", modality: modalities[y.r.IntN(len(modalities))], hours: []hour{{"participant", w.key, w.in(day), 30 * (1 + y.r.IntN(15))}}, external: y.r.IntN(2) == 0}
		e.costs = map[string]int{[]string{"internal", "supplier", "tuition"}[y.r.IntN(3)]: 25 * y.r.IntN(1200)}
		e.managed = []string{"central", "local", ""}[y.r.IntN(3)]
		if y.r.IntN(4) == 0 {
			e.currency = "GBP"
			for kind := range e.costs {
				e.costs[kind] = 100 * (e.costs[kind] / 100) // so that no cent is left over
			}
		}
		add("Course", e)
	}
	for _, kind := range []string{"learning", "process-analysis", "job-tools"} {
		day := at()
		w := anybody(day, "School")
		e := entered{day: day, kind: kind, hours: []hour{{"staff", w.key, w.in(day), 60 * (1 + y.r.IntN(30))}}}
		if kind == "job-tools" {
			e.costs = map[string]int{"internal": 100 * (1 + y.r.IntN(50))}
		}
		add("Work of the school", e)
	}
	day, team := at(), y.teams()[y.r.IntN(6)].name
	add("Round", entered{day: day, kind: "learning", modality: "practice-at-work", hours: []hour{{"participant", "", team, 240}}})
	says(y.t, y.as("p3").upload("/effort/import", nil, fmt.Sprintf("hours-%d.csv", month), b.String()), "12 efforts came in.")
	if y.files++; month == 4 { // a file that should not have come
		sam := y.as("p3")
		wrong := fmt.Sprintf("day,what,unit,hours,cost_supplier\n%s,Nothing,Dale,99,5000\n", date(month, 20))
		says(y.t, sam.upload("/effort/import", nil, "wrong.csv", wrong), "One effort came in.")
		y.files++
		says(y.t, sam.follow(sam.post(fmt.Sprintf("/effort/import/%d/withdrawal", y.files), nil)), "is taken back.")
	}

	for _, region := range []string{"Rivers", "Hills", "Coast"} {
		manager, day := y.as(y.head(region).key), y.today()
		unit := y.firstTeam(region)
		one := y.at(day, unit)[0]
		two := y.at(day, unit)[1]
		e := entered{day: day, typed: true, kind: "coaching", hours: []hour{{"participant", one.key, unit, 90}, {"participant", two.key, unit, 30}}, costs: map[string]int{"supplier": 450}}
		list := manager.sendForm(manager.get("/effort/entries/new"), "/effort/entries", url.Values{"day": {day}, "what": {"Morning round"}, "kind": {"coaching"}, "participants": {one.key + "\n" + two.key + ": 0.5"}, "hours": {"1.5"}, "cost-supplier": {"4.50"}, "currency": {"EUR"}})
		says(y.t, list, "Morning round")
		path := list.page().Find("a[href^='/effort/entries/']:contains('Morning round')").First().AttrOr("href", "")
		switch month {
		case 5: // one of them was longer
			e.hours = []hour{{"participant", one.key, unit, 120}}
			says(y.t, manager.sendForm(manager.get(path), path, url.Values{"participants": {one.key + ": 2"}}), "Morning round")
		case 8: // and this never was
			says(y.t, manager.follow(manager.post(path+"/deletion", nil)), "Morning round")
			continue
		}
		y.spent = append(y.spent, e)
	}
}

// firstTeam is the first team of a region.
func (y *year) firstTeam(region string) string {
	for _, u := range y.units {
		if u.under == region {
			return u.name
		}
	}
	return ""
}

// request has two people ask for something to learn by: for one nobody needs to allow it, for the other the manager does.
func (y *year) request() {
	y.t.Helper()
	day := y.today()
	two := y.at(day, y.firstTeam([]string{"Rivers", "Hills", "Coast"}[y.r.IntN(3)]))
	one, other := two[2+y.r.IntN(3)], two[5+y.r.IntN(3)]
	for i, w := range []*worker{one, other} {
		if c := y.as(w.key); c.post([]string{y.cards, y.course}[i], url.Values{"do": {"ask"}, "needed": {day}, "why": {"To hear more"}}).status != http.StatusSeeOther {
			y.t.Fatalf("%s asks in vain", w.name)
		}
	}
	boss := y.as(other.boss)
	boss.get("/requests").page().Find("li").Each(func(_ int, li *goquery.Selection) {
		if path, there := li.Find("form").Attr("action"); there && strings.Contains(li.Text(), other.name) && strings.Contains(li.Text(), "Listening well") {
			y.same("allowed", boss.post(path, url.Values{"do": {"yes"}}).status, http.StatusSeeOther)
		}
	})
	y.clock.at.Add(3600 * 1e6)
	for i, w := range []*worker{one, other} {
		of := []string{y.cards, y.course}[i]
		e := entered{what: y.subjects[of].name, day: day, kind: "learning", modality: "self-paced", managed: "central", costs: map[string]int{"internal": 1000}}
		minutes := 30 * (1 + y.r.IntN(6))
		if w == other {
			e.modality, e.costs, e.external = "reading", map[string]int{"supplier": 9550}, true
		}
		page := y.as(w.key).get("/requests")
		path := page.page().Find(`li:has(a[href="`+of+`"]) form:has(button[value=completed])`).AttrOr("action", "")
		if a := y.as(w.key).post(path, url.Values{"do": {"completed"}, "hours": {fmt.Sprint(float64(minutes) / 60)}}); a.status != http.StatusSeeOther {
			y.t.Fatalf("%s completes %s: %d %s", w.name, path, a.status, page.said())
		}
		e.hours = []hour{{"participant", w.key, w.in(day), minutes}}
		y.spent = append(y.spent, e)
		y.wishes = append(y.wishes, &wish{who: w, unit: w.in(day), of: y.subjects[of], needed: day, access: day, state: "completed", done: day, minutes: minutes})
	}
}
