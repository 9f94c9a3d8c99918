package app

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// growth is what people need to be able to do, how far they are, and what they and their units plan to do about it.
type growth struct {
	skills     map[string]string // ids of competencies, by name
	jobs       []*job
	ratings    []rating // in the order of their making
	newest     bool     // the rule by which one of them counts
	months     int
	intents    []*intent
	priorities []*priority
	practices  []*practice
	coached    []*worker          // who coached when groups were given away
	known      map[string]float64 // measures of the whole, of eleven months
}

// job is a role, with who has it.
type job struct {
	name, path, level string // level is that of the roster which makes it, "" for none
	needs             []need
	holders           []*worker // of whom it is said
}

type need struct {
	skill     string
	level     int
	essential bool
}

// rating is how far somebody has a competency, as it was seen.
type rating struct {
	who       *worker
	skill     string
	level     int
	by, day   string
	takenBack bool
}

// intent is something in somebody's development plan.
type intent struct {
	who                      *worker
	unit                     string // where they worked when it was written as it stands
	what, path, modality     string
	of                       *subject
	skill, due               string
	level                    int
	person, boss             bool   // have said yes
	done, confirmed, dropped string // days
	minutes                  int
}

func (i *intent) open() bool { return i.confirmed == "" && i.dropped == "" }

func (i *intent) agreed() bool { return i.person && i.boss }

// priority is what a unit does in the year so that a goal is reached.
type priority struct {
	unit, name, goal         string
	skills, subjects         []string
	solutions                string
	hours, budget            int
	learning, head, reopened bool // signed by
	id                       string
}

func (j *job) has(w *worker) bool { return w.level == j.level || slices.Contains(j.holders, w) }

// need describes competencies, and roles that require them.
func (y *year) need() {
	y.t.Helper()
	sam := y.as("p3")
	file := "key,name\nlisten,Listening\ncount,Counting\nplan,Planning\ncoach,Coaching\nwrite,Writing\ndraw,Drawing\ndrive,Driving\n"
	says(y.t, sam.upload("/competencies/import", url.Values{"name": {"Ours"}}, "skills.csv", file), "7 new competencies came in.")
	y.skills, y.months = map[string]string{}, 24
	sam.get("/competencies").page().Find("a[href^='/competencies/']").Each(func(_ int, a *goquery.Selection) {
		y.skills[text(a)] = strings.TrimPrefix(a.AttrOr("href", ""), "/competencies/")
	})
	y.jobs = []*job{
		{name: "Caller", needs: []need{{"Listening", 2, true}, {"Writing", 3, false}, {"Counting", 2, false}}},
		{name: "First", level: "team leader", needs: []need{{"Listening", 3, true}, {"Planning", 2, true}, {"Coaching", 2, false}}},
	}
	for _, j := range y.jobs {
		form := url.Values{"name": {j.name}}
		if j.level != "" {
			form.Set("level", strings.ReplaceAll(j.level, " ", "-"))
		}
		j.path = sam.follow(sam.post("/roles", form)).at
		for _, n := range j.needs {
			form := url.Values{"do": {"require"}, "competency": {n.skill}, "level": {strconv.Itoa(n.level)}}
			if n.essential {
				form.Set("essential", "yes")
			}
			y.done(sam, j.path, form)
		}
	}
	callers := y.at(y.today(), "Cliff")[1:8]
	for _, w := range append(callers, y.at(y.today(), "Mill")[:6]...) { // the first of them has both
		y.done(sam, y.jobs[0].path, url.Values{"do": {"hold"}, "person": {w.key}})
		y.jobs[0].holders = append(y.jobs[0].holders, w)
	}
}

// planOf is the address of somebody's development plan.
func (y *year) planOf(w *worker) string { return "/development/" + y.personID(w.key) }

// grow lets people be rated, and plan what they learn, for a month.
func (y *year) grow(month int) {
	y.t.Helper()
	var pool []*worker
	for _, w := range y.at(y.today(), "House") {
		if slices.ContainsFunc(y.jobs, func(j *job) bool { return j.has(w) }) {
			pool = append(pool, w)
		}
	}
	for range 6 {
		y.rate(pool[y.chance.IntN(len(pool))])
	}
	for _, i := range y.intents {
		if i.open() && i.who.in(y.today()) != "" {
			y.goOn(i)
		}
	}
	for n := range []int{3: 10, 10, 10, 3, 3, 3, 3, 3, 3, 12}[month] { // in the end many to which only one has said yes
		w := pool[y.chance.IntN(len(pool))]
		if all := y.at(y.today(), "Rivers"); n > 2 {
			w = all[y.chance.IntN(len(all))]
		}
		y.intend(&intent{who: w})
	}
	if month == 9 { // another rule, after what the one before comes to is held against the ratings
		y.compareGaps()
		y.newest, y.months = true, 5
		y.done(y.as("p3"), "/learning/rule", url.Values{"newest": {"yes"}, "months": {"5"}})
	}
	y.prioritise(month)
}

// rate has somebody or the manager say how far a competency of the role is there.
func (y *year) rate(w *worker) {
	y.t.Helper()
	var needs []need
	for _, j := range y.jobs {
		if j.has(w) {
			needs = append(needs, j.needs...)
		}
	}
	r := rating{who: w, skill: needs[y.chance.IntN(len(needs))].skill, level: y.chance.IntN(5), by: []string{"self", "self", "manager", "assessment", "evidence"}[y.chance.IntN(5)], day: y.today()}
	c := y.as(w.boss)
	if r.by == "self" {
		c = y.as(w.key)
	}
	form := url.Values{"do": {"rate"}, "level-" + y.skills[r.skill]: {strconv.Itoa(r.level)}}
	if r.by == "assessment" || r.by == "evidence" {
		r.day = y.clock.now().AddDate(0, 0, -y.chance.IntN(60)).Format(time.DateOnly)
		form = url.Values{"do": {"rate-one"}, "competency": {r.skill}, "level": {strconv.Itoa(r.level)}, "rated-by": {r.by}, "day": {r.day}, "note": {"Seen at the counter"}}
	}
	y.done(c, y.planOf(w), form)
	if r.by == "self" && y.chance.IntN(4) == 0 { // not meant so
		button := c.get(y.planOf(w)).page().Find("button[value^='unrate ']").First()
		y.done(c, y.planOf(w), url.Values{"do": {button.AttrOr("value", "")}})
		r.takenBack = true
	}
	y.ratings = append(y.ratings, r)
}

// intend writes something into a plan, for the person or the manager, who says yes to it by that; the other has to say it anew.
func (y *year) intend(i *intent) {
	y.t.Helper()
	i.unit, i.due = i.who.in(y.today()), y.clock.now().AddDate(0, 0, 30+y.chance.IntN(60)).Format(time.DateOnly)
	path := y.planOf(i.who) + "/items"
	if i.what == "" {
		i.what, i.modality = fmt.Sprintf("Item %03d", len(y.intents)+1), []string{"practice-at-work", "mentoring", "job-rotation"}[y.chance.IntN(3)]
		if i.skill = []string{"", "Listening", "Listening", "Counting", "Coaching", "Writing"}[y.chance.IntN(6)]; i.skill != "" {
			i.level = 1 + y.chance.IntN(4)
		}
		if y.chance.IntN(2) == 0 {
			i.of = y.subject([]string{"Language licence", "Meeting workshop"}[y.chance.IntN(2)])
			if i.modality = i.of.modality; y.chance.IntN(3) > 0 {
				y.askFor(i.who, i.of)
			}
		}
		y.intents = append(y.intents, i)
	} else {
		path = i.path
	}
	form := url.Values{"do": {"save"}, "what": {i.what}, "modality": {i.modality}, "competency": {i.skill}, "level": {fmt.Sprint(i.level)}, "due": {i.due}}
	if i.of != nil {
		form.Set("resource", strings.TrimPrefix(i.of.path, "/resources/"))
	}
	c := y.as(i.who.boss)
	if i.person, i.boss = y.chance.IntN(2) == 0, false; i.person {
		c = y.as(i.who.key)
	}
	i.boss = !i.person
	a := c.follow(c.post(path, form))
	if i.path = a.at; !strings.Contains(i.path, "/items/") {
		y.t.Fatalf("%s: %d %s", i.what, a.status, a.said())
	}
}

// goOn lets an item go on: somebody says yes, changes it, gives it up, reports it, confirms it or does nothing.
func (y *year) goOn(i *intent) {
	y.t.Helper()
	person, boss := y.as(i.who.key), y.as(i.who.boss)
	switch n := y.chance.IntN(10); {
	case n == 0 && i.done == "":
		y.done(person, i.path, url.Values{"do": {"drop"}})
		i.dropped = y.today()
	case n == 1 && i.done == "":
		y.intend(i)
	case n > 6:
	case !i.agreed():
		if i.person {
			y.done(boss, i.path, url.Values{"do": {"agree"}})
		} else {
			y.done(person, i.path, url.Values{"do": {"agree"}})
		}
		i.person, i.boss = true, true
	case i.done == "":
		i.done, i.minutes = y.today(), 30*y.chance.IntN(9)
		y.done(person, i.path, url.Values{"do": {"report"}, "came": {"It went well"}, "hours": {hoursTyped(i.minutes)}})
	case n < 2:
		y.done(boss, i.path, url.Values{"do": {"back"}})
		i.done, i.minutes = "", 0
	default:
		i.confirmed = y.today()
		form := url.Values{"do": {"confirm"}}
		if i.skill != "" && n < 6 {
			form.Set("level", fmt.Sprint(i.level))
			y.ratings = append(y.ratings, rating{who: i.who, skill: i.skill, level: i.level, by: "evidence", day: y.today()})
		}
		y.done(boss, i.path, form)
	}
}

// plannedAndDone is what the ledger has of what was learned by plans, but for what a completion of the same subject has brought there.
func (y *year) plannedAndDone() (all []entered) {
	for _, i := range y.intents {
		if i.confirmed == "" || i.minutes == 0 || i.of != nil && slices.ContainsFunc(y.wishes, func(w *wish) bool { return w.who == i.who && w.of == i.of && w.state == "completed" }) {
			continue
		}
		all = append(all, entered{day: i.done, kind: "learning", modality: i.modality, managed: "local", hours: []hour{{"participant", i.who.key, i.unit, i.minutes}}})
	}
	return all
}

// prioritise writes, signs and changes priorities of units.
func (y *year) prioritise(month int) {
	y.t.Helper()
	sam := y.as("p3")
	switch month {
	case 3:
		y.priorities = []*priority{
			{unit: "House", name: "Everybody hears a complaint out", goal: "Customers come back", skills: []string{"Listening", "Coaching"}, subjects: []string{"Webinar"}, solutions: "job-tools: A card at the till", hours: 100, budget: 500000},
			{unit: "Rivers", name: "Letters are short", goal: "Nobody waits in Rivers", skills: []string{"Writing"}, hours: 40},
			{unit: "Coast", name: "Hand-overs in writing", goal: "Nobody waits in Coast", solutions: "process-analysis: Hand-over\nincentives: A cup", budget: 12050},
			{unit: "Coast", name: "Who waits is called", goal: "Nobody waits in Coast", skills: []string{"Coaching"}},
			{unit: "Hills", name: "Nobody drives", goal: "Nobody waits in Hills", skills: []string{"Drawing"}},
			{unit: "Hills", name: "Hills listens", goal: "Customers come back", subjects: []string{"Meeting workshop", "Book"}, hours: 12},
		}
		for _, p := range y.priorities {
			y.write(p)
			if p.name != "Nobody drives" {
				y.putName(p, p.name != "Hills listens")
			}
		}
	case 4:
		p := y.priorities[4]
		y.done(sam, y.strategyOf(p.unit), url.Values{"do": {"drop " + p.id}})
		y.priorities = slices.Delete(y.priorities, 4, 5)
	case 6:
		p := y.priorities[1]
		p.hours, p.learning, p.head = 60, false, false
		y.write(p)
		y.putName(p, false)
	case 7: // the goal ends on another day
		head := y.as(y.head("Coast").key)
		goal := "/goals/" + y.goalFor("Coast", "Nobody waits in Coast")
		head.sendForm(head.get(goal+"?edit"), goal, url.Values{"do": {"save"}, "ends": {date(12, 30)}})
		y.goalNamed("Nobody waits in Coast").ends = date(12, 30)
		for _, p := range y.priorities {
			p.reopened = p.goal == "Nobody waits in Coast"
		}
	case 8:
		y.putName(y.priorities[3], true)
		y.done(y.as(y.head("Rivers").key), y.strategyOf("Rivers"), url.Values{"do": {"meet"}, "day": {y.today()}, "with": {"The two"}, "decisions": {"Shorter still"}, "next": {date(11, 3)}})
	}
}

func (y *year) strategyOf(unit string) string {
	return "/learning/strategy/" + y.unitNamed(y.t, unit) + fmt.Sprintf("?year=%d", simulated)
}

// goalFor is the id of one that priorities of a unit can serve.
func (y *year) goalFor(unit, name string) string {
	return y.as("p3").get(y.strategyOf(unit)).page().Find(`#goal option:contains("`+name+`")`).AttrOr("value", "")
}

// write keeps a priority, as a new one or in place of what it was.
func (y *year) write(p *priority) {
	y.t.Helper()
	form := url.Values{"do": {"save"}, "priority": {p.id}, "name": {p.name}, "goal": {y.goalFor(p.unit, p.goal)}, "competencies": {strings.Join(p.skills, "\n")}, "solutions": {p.solutions}, "hours": {fmt.Sprint(p.hours)}, "budget": {centsTyped(p.budget)}, "currency": {"EUR"}, "owner": {"p1"}}
	for _, s := range p.subjects {
		form.Add("resource", strings.TrimPrefix(y.subject(s).path, "/resources/"))
	}
	sam := y.as("p3")
	page := sam.follow(sam.post(y.strategyOf(p.unit), form))
	button := page.page().Find(`li:contains("` + p.name + `") button[value^='sign-learning ']`)
	if p.id = strings.TrimPrefix(button.AttrOr("value", ""), "sign-learning "); p.id == "" {
		y.t.Fatalf("%s: %d %s", p.name, page.status, page.said())
	}
}

// putName puts the signature of learning under a priority, and that of the head of the unit.
func (y *year) putName(p *priority, head bool) {
	y.t.Helper()
	y.done(y.as("p3"), y.strategyOf(p.unit), url.Values{"do": {"sign-learning " + p.id}})
	p.learning, p.reopened = true, false
	if p.head = head; head {
		y.done(y.as(y.head(p.unit).key), y.strategyOf(p.unit), url.Values{"do": {"sign-head " + p.id}})
	}
}
