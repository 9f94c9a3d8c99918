package app

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// goalOfYear is a goal that somebody set, and what was said of it since.
type goalOfYear struct {
	id, by                 string // by: key of who set it
	name, unit, key, owner string // key of the person whose it is, "" for a unit's
	look, indicator        string
	aim                    aiming
	weight                 int
	ties                   []tie
	said                   []string // check-ins, the newest first
	ended, outcome, came   string
	recognised             []recognised
	begins, ends           string
	agreed                 bool // by both, where it is somebody's
}

// tie is what a goal is to another.
type tie struct {
	to           *goalOfYear
	how, because string
}

// recognised is that a result was recognised, and who may see it.
type recognised struct{ what, by, day, visible string }

// goal has somebody set a goal, and returns its id.
func (y *year) goal(c *client, more url.Values) string {
	y.t.Helper()
	form := merged(url.Values{"perspective": {"customer"}, "begins": {y.today()}, "ends": {date(12, 31)}}, more)
	a := c.follow(c.post("/goals", form))
	if a.status != http.StatusOK || !strings.HasPrefix(a.at, "/goals/") {
		y.t.Fatalf("a goal: %d %s", a.status, a.said())
	}
	g := &goalOfYear{id: strings.TrimPrefix(a.at, "/goals/"), name: form.Get("name"), begins: y.today(), ends: form.Get("ends"), aim: aiming{math.NaN(), math.NaN(), math.NaN()}}
	g.look = map[string]string{"financial": looks[0], "customer": looks[1], "process": looks[2], "growth": looks[3]}[form.Get("perspective")]
	for key, other := range y.clients {
		if other == c {
			g.by = key
		}
	}
	for _, u := range y.units {
		if form.Get("unit") == y.unitID(u.name) {
			g.unit = u.name
		}
	}
	for _, w := range y.people {
		if form.Get("owner") == w.key {
			g.owner = w.name
		}
	}
	if person := form.Get("person"); person != "" {
		i := slices.IndexFunc(y.people, func(w *worker) bool { return y.personID(w.key) == person })
		g.key, g.unit = y.people[i].key, y.people[i].in(y.today())
	}
	for _, id := range form["reaches"] {
		for _, to := range y.goals {
			if to.id == id {
				g.ties = append(g.ties, tie{to, form.Get("how-" + id), form.Get("because-" + id)})
			}
		}
	}
	for _, k := range handedIn {
		if id := form.Get("indicator"); id != "" && id == y.id(k) {
			g.indicator = k.key
		}
	}
	for name, to := range map[string]*float64{"baseline": &g.aim.from, "target": &g.aim.value, "high": &g.aim.to} {
		if v := form.Get(name); v != "" {
			*to = number(v)
		}
	}
	g.weight, _ = strconv.Atoi(form.Get("weight"))
	y.goals = append(y.goals, g)
	return g.id
}

// goalNamed is a goal by its name.
func (y *year) goalNamed(name string) *goalOfYear {
	y.t.Helper()
	for _, g := range y.goals {
		if g.name == name {
			return g
		}
	}
	y.t.Fatalf("there is no goal %s", name)
	return nil
}

// setGoals sets goals with indicators, which add up or help one another, and some that nothing ties to another.
func (y *year) setGoals() {
	y.t.Helper()
	chief := y.as("p1")
	with := func(k tracked, name, unit, look string, more url.Values) url.Values {
		return merged(url.Values{"name": {name}, "unit": {y.unitID(unit)}, "perspective": {look}, "indicator": {y.id(k)}}, more)
	}
	under := func(to, how, because string) url.Values {
		return url.Values{"reaches": {to}, "how-" + to: {how}, "because-" + to: {because}}
	}
	sold := y.goal(chief, with(revenue, "We sell more", "House", "financial", url.Values{"target": {"60000"}, "weight": {"40"}, "owner": {"p2"}}))
	glad := y.goal(chief, with(content, "Customers are content", "House", "customer", merged(url.Values{"target": {"76"}, "baseline": {"68"}, "weight": {"60"}}, under(sold, "leads-to", "Who is content comes back."))))
	y.goal(chief, with(waiting, "Nobody queues", "House", "process", merged(url.Values{"target": {"60"}, "baseline": {"200"}}, under(glad, "leads-to", ""))))
	y.goal(chief, with(staffed, "We are enough", "House", "growth", url.Values{"target": {"60"}, "high": {"140"}}))
	for i, b := range boards {
		head := y.as(y.head(b.region).key)
		region := y.goal(head, with(revenue, b.region+" sells more", b.region, "financial", merged(url.Values{"target": {fmt.Sprint(15000 + 1000*i)}, "weight": {"50"}}, under(sold, "contributes", ""))))
		team := y.firstTeam(b.region)
		y.goal(head, with(content, team+" asks its customers", team, "customer", merged(url.Values{"target": {fmt.Sprint(72 + i)}}, under(region, "supports", "Who is asked says what is missing."))))
		y.goal(head, url.Values{"name": {"Open late in " + team}, "unit": {y.unitID(team)}})
	}
	leader := y.head("Ridge")
	one := y.at(y.today(), "Ridge")[2]
	own := y.goal(y.as(leader.key), merged(url.Values{"name": {"I talk to people"}, "person": {y.personID(one.key)}, "perspective": {"growth"}, "indicator": {y.id(talked)}, "target": {"150"}, "baseline": {"50"}}, under(y.goalNamed("Hills sells more").id, "supports", "")))
	y.goal(y.as(y.head("Hills").key), merged(url.Values{"name": {"My team sells"}, "person": {y.personID(leader.key)}, "indicator": {y.id(revenue)}}, under(glad, "identical", "")))
	y.same("agreed", y.as(one.key).post("/goals/"+own, url.Values{"do": {"agree"}}).status, http.StatusSeeOther)
	y.goalNamed("I talk to people").agreed = true
}

// checkIn has people say how goals go, and what came of some.
func (y *year) checkIn(month int) {
	y.t.Helper()
	r := y.steering.r
	do := func(key string, g *goalOfYear, form url.Values) {
		y.t.Helper()
		if a := y.as(key).post("/goals/"+g.id, form); a.status != http.StatusSeeOther {
			y.t.Fatalf("%s: %d %s", g.name, a.status, a.said())
		}
	}
	for _, g := range y.goals {
		if g.ended != "" || r.IntN(4) > 0 {
			continue
		}
		n := r.IntN(3)
		what := fmt.Sprintf("So it is in month %d.", month)
		do(g.by, g, url.Values{"do": {"check-in"}, "pace": {[]string{"on-track", "slower", "stuck"}[n]}, "words": {what}})
		g.said = append([]string{fmt.Sprintf("%s: %s %s %s", y.today(), []string{"it goes as meant", "slower than meant", "it is stuck"}[n], what, y.who(g.by).name)}, g.said...)
	}
	end := func(name, outcome, words, came string) {
		g := y.goalNamed(name)
		do(g.by, g, url.Values{"do": {"end"}, "outcome": {outcome}, "came": {came}})
		g.ended, g.outcome, g.came = y.today(), words, came
	}
	recognise := func(key, name, what, visible string) *goalOfYear {
		g := y.goalNamed(name)
		do(key, g, url.Values{"do": {"recognise"}, "recognition": {what}})
		g.recognised = append([]recognised{{what, y.who(key).name, y.today(), visible}}, g.recognised...)
		return g
	}
	switch month {
	case 8:
		end("Open late in Dale", "dropped", "dropped", "Nobody came.")
		end("Coast sells more", "partly", "reached in part", "In summer.")
	case 9:
		g := y.goalNamed("Coast sells more")
		do(g.by, g, url.Values{"do": {"reopen"}})
		g.ended, g.outcome, g.came = "", "", ""
	case 11:
		end("Nobody queues", "reached", "reached", "The desk is open all day.")
		end("Hills sells more", "missed", "not reached", "The street was closed.")
		recognise("p1", "Hills sells more", "Lunch with the board", "unit")
		recognise("p1", "Hills sells more", "A word in the news", "unit")
		g := recognise(y.head("Rivers").key, "I ask first", "Thanks before all", "owner")
		recognise(y.head("Rivers").key, "I ask first", "A day off", "owner")
		leader := y.as(g.key)
		show := leader.get("/goals/"+g.id).page().Find(`button[value^="show unit"]`).First().AttrOr("value", "") // of the newest
		do(g.key, g, url.Values{"do": {show}})
		g.recognised[0].visible = "unit"
	}
}

// sees says whether somebody sees a recognition of a goal: whoever it is of and who gave it, or also those who work in
// the unit or under it.
func (y *year) sees(key string, g *goalOfYear, r recognised) bool {
	in := y.who(key).in(y.today())
	if y.who(key).name == r.by || g.key == key {
		return true
	}
	return r.visible == "unit" && y.under(in, g.unit)
}

// worked are the goals of a unit that are worked on, by name.
func (y *year) worked(unit string) (all []*goalOfYear) {
	for _, g := range y.goals {
		if g.key == "" && g.unit == unit && g.ended == "" {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b *goalOfYear) int { return strings.Compare(a.name, b.name) })
	return all
}

// serves is the first tie of a goal that is no hypothesis.
func (g *goalOfYear) serves() *tie {
	for i := range g.ties {
		if g.ties[i].how != "leads-to" {
			return &g.ties[i]
		}
	}
	return nil
}

// stand is the indicator of a goal in its unit, or of its person, held against the goal's target.
func (y *year) stand(g *goalOfYear) *figured {
	if g.indicator == "" {
		return nil
	}
	k := y.follows(g.indicator)
	if k.people && g.key != "" {
		k = y.ofPerson(y.who(g.key))
	}
	f := y.plain(k, g.unit, simulated)
	if math.IsNaN(g.aim.value) {
		f.judge()
		return &f
	}
	f.aimAt(g.aim)
	return &f
}

// served says what serves a goal: goals of units, and people with goals of their own.
func (y *year) served(g *goalOfYear) (units int, people map[string]bool, share float64) {
	people = map[string]bool{}
	for _, other := range y.goals {
		for _, t := range other.ties {
			switch {
			case t.to != g || t.how == "leads-to" || other.ended != "":
			case other.key != "":
				people[other.key] = true
			default:
				if units++; t.how == "contributes" {
					share += other.aim.value
				}
			}
		}
	}
	return units, people, share
}
