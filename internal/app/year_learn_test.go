package app

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// studies are what there is to learn by, and who asked for it.
type studies struct {
	chance   *rand.Rand
	subjects map[string]*subject // by path
	runs     []*run
	wishes   []*wish // in the order of asking
}

// subject is something to learn by.
type subject struct {
	name, modality, currency  string
	path                      string
	minutes, price, licences  int // price is of one participant, in cents
	external, approved, alone bool
	skills, goal, about       string // for which it is: competencies, a goal, a characteristic
	since, ended              string
}

// run is when a subject can be had.
type run struct {
	of                 *subject
	path, begins, ends string
	places, cents      int // no places are no limit
	cancelled          bool
	held               string // day on which it was noted who came
}

// wish is that somebody asked for a subject, and what came of it.
type wish struct {
	who                               *worker
	unit                              string // where they worked then
	of                                *subject
	at                                *run
	path, needed, state, access, done string
	minutes                           int  // that it took, where it is said
	filed                             bool // it came with a file, in which number it was given
	time                              int
}

func (w *wish) open() bool { return w.state == "asked" || w.state == "waiting" || w.state == "placed" }

// open says whether somebody can still come.
func (r *run) open(today string) bool { return !r.cancelled && r.held == "" && r.begins >= today }

// taken is how many places are given.
func (y *year) taken(r *run) (n int) {
	for _, w := range y.wishes {
		if w.at == r && slices.Contains([]string{"placed", "completed", "not"}, w.state) {
			n++
		}
	}
	return n
}

// seat gives the places that are free to those who wait, and licences, in the order of asking.
func (y *year) seat() {
	had := map[*subject]int{}
	for _, w := range y.wishes {
		if w.state == "placed" && w.of.alone {
			had[w.of]++
		}
	}
	for _, w := range y.wishes {
		switch {
		case w.state != "waiting":
		case w.of.alone && (w.of.licences == 0 || had[w.of] < w.of.licences):
			had[w.of]++
			w.state, w.access = "placed", y.today()
		case w.at != nil && w.at.open(y.today()) && (w.at.places == 0 || y.taken(w.at) < w.at.places):
			w.state, w.access = "placed", w.at.begins
		}
	}
}

// study lets people learn for a month: who came is noted, requests are answered, taken back and made.
func (y *year) study(month int) {
	y.t.Helper()
	y.on(date(month, 19))
	if month == 2 {
		y.chance = rand.New(rand.NewPCG(yearSeed, 14))
		y.need()
		y.describe(subject{name: "Meeting workshop", modality: "classroom", minutes: 360, price: 8000, currency: "GBP", external: true, approved: true, skills: "Listening @ 3", goal: "Customers come back"})
		y.describe(subject{name: "Webinar", modality: "virtual-live", minutes: 90, skills: "Listening @ 2", about: "coaching"})
		y.describe(subject{name: "Rotation", modality: "job-rotation", minutes: 1200, skills: "Counting @ 4\nDrawing"})
		y.describe(subject{name: "Language licence", modality: "self-paced", minutes: 300, price: 3000, currency: "EUR", licences: 2, alone: true, skills: "Writing @ 2"})
		y.describe(subject{name: "Book", modality: "reading", minutes: 480, price: 2550, currency: "EUR", alone: true, skills: "Planning"})
	}
	y.noteIn()
	y.answerAll()
	y.moveOn()
	y.offer(month)
	y.wishFor()
	y.place()
	sam := y.as("p3")
	switch month {
	case 5, 12: // nobody can come
		r := y.coming("Meeting workshop")[0]
		y.done(sam, r.path, url.Values{"do": {"cancel"}})
		r.cancelled = true
		for _, w := range y.wishes {
			if w.at == r && w.open() {
				if w.at, w.access = nil, ""; w.state == "placed" {
					w.state = "waiting"
				}
			}
		}
	case 6:
		y.file(5, 8)
	case 7: // a larger room
		r := y.coming("Meeting workshop")[0]
		r.places += 2
		y.keep(r)
	case 8: // another day
		r := y.coming("Meeting workshop")[1]
		r.begins, r.ends = r.begins[:8]+"27", r.ends[:8]+"28"
		y.keep(r)
		for _, w := range y.wishes {
			if w.at == r && w.state == "placed" {
				w.access = r.begins
			}
		}
	case 9: // the bill was higher, and the book is out of print
		held := y.runs[slices.IndexFunc(y.runs, func(r *run) bool { return r.held != "" && r.cents > 0 })]
		held.cents += 12345
		y.keep(held)
		book := y.subject("Book")
		book.ended = y.today()
		y.done(sam, book.path, url.Values{"do": {"end"}})
	case 10:
		y.file(9, 6)
	}
	if month > 2 {
		y.grow(month)
		y.nominate(month)
		y.share(month)
		y.serve(month)
	}
}

// done posts what is answered by another page.
func (y *year) done(c *client, path string, form url.Values) {
	y.t.Helper()
	if a := c.post(path, form); a.status != http.StatusSeeOther {
		y.t.Fatalf("%s %v: %d %s", path, form, a.status, a.said())
	}
}

// describe makes a subject.
func (y *year) describe(s subject) *subject {
	y.t.Helper()
	form := url.Values{"name": {s.name}, "modality": {s.modality}, "hours": {hoursTyped(s.minutes)}, "price": {centsTyped(s.price)}, "currency": {s.currency}, "capacity": {fmt.Sprint(s.licences)}}
	if form.Set("competencies", s.skills); s.about != "" {
		form.Set("characteristic", s.about)
	}
	if s.goal != "" {
		form.Set("goal", y.goalFor("House", s.goal))
	}
	for field, is := range map[string]bool{"external": s.external, "approved": s.approved} {
		if is {
			form.Set(field, "yes")
		}
	}
	sam := y.as("p3")
	s.path, s.since = sam.follow(sam.post("/resources", form)).at, y.today()
	y.subjects[s.path] = &s
	return &s
}

func (y *year) subject(name string) *subject {
	for _, s := range y.subjects {
		if s.name == name {
			return s
		}
	}
	y.t.Fatalf("there is no %s", name)
	return nil
}

func hoursTyped(minutes int) string { return fmt.Sprint(float64(minutes) / 60) }

func centsTyped(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// coming are the runs of a subject that are still to come.
func (y *year) coming(name string) (all []*run) {
	for _, r := range y.runs {
		if r.of.name == name && r.open(y.today()) {
			all = append(all, r)
		}
	}
	return all
}

// offer offers subjects in the month after.
func (y *year) offer(month int) {
	y.t.Helper()
	day := func(n int) string {
		return time.Date(simulated, time.Month(month+1), n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	for _, r := range []run{
		{of: y.subject("Meeting workshop"), begins: day(8), ends: day(9), places: 2, cents: 20001 + y.chance.IntN(9)},
		{of: y.subject("Meeting workshop"), begins: day(14), ends: day(15), places: 2 + y.chance.IntN(2)},
		{of: y.subject("Webinar"), begins: day(5), ends: day(5), places: 4 * (month % 2)},
		{of: y.subject("Rotation"), begins: day(17), ends: day(25), places: 2, cents: 1000 * (month % 3)},
	} {
		page := y.as("p3").follow(y.as("p3").post(r.of.path, merged(r.form(), url.Values{"do": {"offer"}})))
		link := page.page().Find("a[href^='/offerings/']").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.HasPrefix(text(a), r.begins) })
		if r.path = link.AttrOr("href", ""); r.path == "" {
			y.t.Fatalf("%s on %s: %d %s", r.of.name, r.begins, page.status, page.said())
		}
		y.runs = append(y.runs, &r)
	}
}

// form is a run as its form has it.
func (r *run) form() url.Values {
	return url.Values{"begins": {r.begins}, "ends": {r.ends}, "place": {"Leeds"}, "places": {fmt.Sprint(r.places)}, "cost": {centsTyped(r.cents)}, "currency": {"EUR"}}
}

// keep says anew what a run is like.
func (y *year) keep(r *run) {
	y.t.Helper()
	y.done(y.as("p3"), r.path, merged(r.form(), url.Values{"do": {"save"}}))
	y.seat()
}

// noteIn writes down who completed what has begun, at times wrongly at first.
func (y *year) noteIn() {
	y.t.Helper()
	for _, r := range y.runs {
		if r.cancelled || r.held != "" || r.begins > y.today() {
			continue
		}
		wrong, right := url.Values{"do": {"note"}}, url.Values{"do": {"note"}}
		for _, w := range y.wishes {
			if w.at != r || w.state != "placed" || y.chance.IntN(8) == 0 { // of whom nobody says anything
				continue
			}
			field := "came-" + strings.TrimPrefix(w.path, "/requests/")
			wrong.Set(field, "yes")
			if right.Set(field, "yes"); y.chance.IntN(4) == 0 || w.who.in(y.today()) == "" {
				right.Set(field, "no")
			}
			w.done, w.state = min(r.ends, y.today()), map[string]string{"yes": "completed", "no": "not"}[right.Get(field)]
		}
		if y.chance.IntN(3) == 0 {
			y.done(y.as("p3"), r.path, wrong)
		}
		y.done(y.as("p3"), r.path, right)
		r.held = y.today()
	}
}

// answerAll has managers say yes or no to what was asked for before.
func (y *year) answerAll() {
	y.t.Helper()
	for _, w := range y.wishes {
		if w.state != "asked" || w.who.in(y.today()) == "" {
			continue
		}
		boss := y.as(w.who.boss)
		switch n := y.chance.IntN(10); {
		case n < 7:
			y.done(boss, w.path, url.Values{"do": {"yes"}})
			if w.state = "waiting"; w.at != nil && !w.at.open(y.today()) {
				w.at = nil
			}
			y.seat()
		case n < 9:
			y.done(boss, w.path, url.Values{"do": {"no"}, "answer": {"Not in this year"}})
			w.state = "refused"
		}
	}
}

// moveOn has people finish what they learn alone, give it up, or take their request back.
func (y *year) moveOn() {
	y.t.Helper()
	for _, w := range y.wishes {
		if !w.open() || w.filed || w.who.in(y.today()) == "" {
			continue
		}
		c, n := y.as(w.who.key), y.chance.IntN(10)
		switch {
		case w.state == "placed" && w.of.alone && n < 5:
			w.minutes = 60 * y.chance.IntN(7) // none: that which it takes
			y.done(c, w.path, url.Values{"do": {"completed"}, "hours": {hoursTyped(w.minutes)}})
			w.state, w.done = "completed", y.today()
		case w.state == "placed" && w.of.alone && n < 6:
			y.done(c, w.path, url.Values{"do": {"given-up"}})
			w.state, w.done = "not", y.today()
		case n == 9 && !(w.state == "placed" && (w.of.alone || w.at.begins <= y.today())):
			y.done(c, w.path, url.Values{"do": {"withdraw"}})
			w.state = "withdrawn"
		}
		y.seat()
	}
}

// wishFor has some ask for a subject, from a day on, in a run or whenever there is a place.
func (y *year) wishFor() {
	y.t.Helper()
	names := []string{"Meeting workshop", "Meeting workshop", "Webinar", "Rotation", "Language licence", "Language licence", "Language licence", "Book"}
	all := y.at(y.today(), "House")
	for range 10 {
		who, of := all[y.chance.IntN(len(all))], y.subject(names[y.chance.IntN(len(names))])
		if who.level == "employee" {
			y.askFor(who, of)
		}
	}
}

// askFor has somebody ask for a subject.
func (y *year) askFor(who *worker, of *subject) {
	y.t.Helper()
	if of.ended != "" || slices.ContainsFunc(y.wishes, func(w *wish) bool { return w.who == who && w.of == of && w.open() }) {
		return
	}
	w := &wish{who: who, unit: who.in(y.today()), of: of, needed: y.clock.now().AddDate(0, 0, max(0, y.chance.IntN(40)-25)).Format(time.DateOnly), state: "waiting"}
	if of.approved {
		w.state = "asked"
	}
	if of.name == "Book" { // it is there before it is needed
		w.needed = y.clock.now().AddDate(0, 0, 9).Format(time.DateOnly)
	}
	form := url.Values{"do": {"ask"}, "needed": {w.needed}, "why": {"To hear more"}}
	if runs := y.coming(of.name); len(runs) > 0 && y.chance.IntN(4) > 0 {
		w.at = runs[y.chance.IntN(len(runs))]
		form.Set("offering", strings.TrimPrefix(w.at.path, "/offerings/"))
	}
	c := y.as(who.key)
	y.done(c, of.path, form)
	w.path = c.get("/requests").page().Find(`section:has(h2:contains("Yours")) li:has(a[href="`+of.path+`"]) form`).AttrOr("action", "")
	y.wishes = append(y.wishes, w)
	y.seat()
}

// place puts those who wait without a day into the next run that is to come.
func (y *year) place() {
	y.t.Helper()
	for _, name := range []string{"Meeting workshop", "Rotation"} {
		r := y.coming(name)[0]
		for _, w := range y.wishes {
			if w.of == r.of && w.state == "waiting" && w.at != r && (w.at == nil || w.at.begins < y.today()) && y.chance.IntN(3) > 0 {
				y.done(y.as("p3"), r.path, url.Values{"do": {"place " + strings.TrimPrefix(w.path, "/requests/")}})
				w.at = r
				y.seat()
			}
		}
	}
}

const systemMap = `{person: {column: Id}, resource: {column: Course}, run: {column: Time}, registered: {column: From}, done: {column: To}, result: {column: Result}, hours: {column: Hours},
completed: [yes], not_completed: [no], modality: classroom}`

// file brings in what a learning system says of some people who learned in a month; what it said before it says again,
// with what has come of it since.
func (y *year) file(month, n int) {
	y.t.Helper()
	if month == 5 { // the file makes what is not there
		y.subjects["Forklift"] = &subject{name: "Forklift", modality: "classroom", since: date(month, 2)}
	}
	all := y.at(date(month, 2), "House")
	for i, at := range y.chance.Perm(len(all))[:n] {
		y.wishes = append(y.wishes, &wish{who: all[at], of: y.subject([]string{"Forklift", "Webinar"}[i%2]), needed: date(month, 2), access: date(month, 2), state: "placed", filed: true, time: month})
	}
	var b strings.Builder
	b.WriteString("Id,Course,Time,From,To,Result,Hours\n")
	result, states, entries, rows := map[string]string{"completed": "yes", "not": "no"}, map[string]int{}, 0, 0
	for _, w := range y.wishes {
		if !w.filed {
			continue
		}
		if n := y.chance.IntN(4); w.state == "placed" && n > 0 {
			w.state, w.done, w.minutes = map[bool]string{true: "not", false: "completed"}[n == 1], date(month, 3+y.chance.IntN(20)), 30*y.chance.IntN(5)
		} else if w.state == "completed" && w.minutes > 0 {
			w.minutes += 15 // it was longer
		}
		hours := ""
		if w.minutes > 0 {
			hours = hoursTyped(w.minutes)
		}
		for _, s := range w.who.stays { // the last, where they have left
			if s.unit != "" && s.from <= max(w.done, w.needed) {
				w.unit = s.unit
			}
		}
		if rows++; w.state == "completed" && w.minutes+w.of.minutes > 0 {
			entries++
		}
		states[w.state]++
		fmt.Fprintf(&b, "%s,%s,%d,%s,%s,%s,%s\n", w.who.key, w.of.name, w.time, w.needed, w.done, result[w.state], hours)
	}
	var out strings.Builder
	if err := (ImportCompletions{Files: []string{kept(y.t, "results.csv", b.String())}, Map: kept(y.t, "system.yaml", systemMap)}).Run(y.t.Context(), y.App, &out); err != nil {
		y.t.Fatal(err)
	}
	made := map[bool]int{true: 1}[month == 5]
	y.same("what the learning system has brought", out.String(), fmt.Sprintf("%d registrations: %d completed, %d not completed, %d open. %d hours or costs went into the ledger; %d resources were made, 0 rows of people who are not in the roster were skipped.\n",
		rows, states["completed"], states["not"], states["placed"], entries, made))
}

// studied is what the ledger has of what was learned.
func (y *year) studied() (all []entered) {
	for _, w := range y.wishes {
		minutes := w.minutes
		if minutes == 0 {
			minutes = w.of.minutes
		}
		if w.state != "completed" || w.path+map[bool]string{true: "file"}[w.filed] == "" || minutes+w.of.price == 0 {
			continue // of the last nothing is known
		}
		all = append(all, w.of.entered(w.done, entered{hours: []hour{{"participant", w.who.key, w.unit, minutes}}}, w.of.price, w.of.currency))
	}
	for _, r := range y.runs {
		var came []*wish
		for _, w := range y.wishes {
			if w.at == r && w.state == "completed" {
				came = append(came, w)
			}
		}
		if r.held == "" || r.cents == 0 {
			continue
		}
		day := min(r.ends, r.held)
		if len(came) == 0 {
			all = append(all, r.of.entered(day, entered{}, r.cents, "EUR"))
		}
		for i, w := range came { // alike for each, and a cent more for those who asked first
			cents := r.cents / len(came)
			if i < r.cents%len(came) {
				cents++
			}
			all = append(all, r.of.entered(day, entered{borne: w.unit}, cents, "EUR"))
		}
	}
	return all
}

// entered is an entry of a subject.
func (s *subject) entered(day string, e entered, cents int, currency string) entered {
	e.goal = s.goal != ""
	e.what, e.day, e.kind, e.modality, e.external, e.managed, e.currency = s.name, day, "learning", s.modality, s.external, "central", currency
	if cents > 0 {
		e.costs = map[string]int{map[bool]string{true: "supplier", false: "internal"}[s.external]: cents}
	}
	return e
}
