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

// held is a session with who came to it.
type held struct {
	programme, path, day string
	external, cancelled  bool
	asked                int
	came                 []string // keys
	prepared, cents      int
}

const sessionMinutes = 90

// agreed is an action of a management team.
type agreed struct {
	what, path, board      string
	focal, item            string // "" for off focus
	decided, promised, due string
	ended, state, outcome  string
	heard                  string // the day of the last word of it; that it is moved to another day is one
	external, waits        bool   // one that waits is left alone
	owner                  *worker
	words                  []word
	form                   url.Values
}

// word is what was said of an action, with the time that it took.
type word struct {
	day     string
	minutes int
}

// boards are the management teams of the regions, each coached by the head of another region.
var boards = []struct{ region, coach string }{{"Rivers", "Hills"}, {"Hills", "Coast"}, {"Coast", "Rivers"}}

// chosen decides on focal points with what is promised of them.
func (y *year) chosen() {
	y.t.Helper()
	lead, path := y.as("p5"), y.waves[0].report+"/focal-points"
	for i, p := range promised {
		f := url.Values{"theme": {p.theme}, "wording": {"It is so"}, "item": p.items, "owner": {fmt.Sprint("p", i+1)}, "promise": {fmt.Sprint(p.by)}}
		for n, r := range p.advice {
			f[fmt.Sprint("text-", n)], f[fmt.Sprint("about-", n)], f[fmt.Sprint("promise-", n)] = []string{r.text}, r.items, []string{fmt.Sprint(r.by)}
		}
		if a := lead.post(path, f); a.status != http.StatusSeeOther {
			y.t.Fatalf("%d %s", a.status, a.said())
		}
	}
	says(y.t, lead.follow(lead.post(path+"/minutes", url.Values{"day": {y.today()}, "present": {"The board"}, "do": {"decide"}})), "3 focal points are decided")
}

// begin begins the two programmes, with leaders of the boards and coaches of three teams.
func (y *year) begin() {
	y.t.Helper()
	boss := y.as("p4", whole(org.ProgrammeManager))
	focal := boss.get("/programmes/new?kind=leaders").inputs("focal")
	if len(focal) != len(promised) {
		y.t.Fatalf("%d focal points can be chosen", len(focal))
	}
	y.leaders = boss.programme("leaders", url.Values{"level": {"manager"}, "focal": focal})
	for _, b := range boards {
		member := y.join(y.leaders, y.head(b.coach), true)
		team := boss.get(member).page().Find(`#team option:contains("`+b.region+` board")`).AttrOr("value", "")
		if a := boss.post(member+"/place", url.Values{"team": {team}}); a.status != http.StatusSeeOther {
			y.t.Fatalf("%d %s", a.status, a.said())
		}
		y.teamOf[b.region] = "/teams/" + team
	}
	y.coaches = boss.programme("coaches", url.Values{"level": {"team-leader"}, "per": {"10"}, "focal": focal})
	for i, unit := range []string{"Dale", "Ford", "Peak", "Bay", "Dune"} {
		y.join(y.coaches, y.head(unit), i != 1)
	}
	page := boss.get("/initiatives")
	page = boss.sendForm(page, "/initiatives", url.Values{"do": {"keep"}, "name": {"Hand-overs that ask"}, "owner": {y.head("Rivers").key}, "focal": focal[:1]})
	y.initiative = page.at
}

// join makes somebody a member of a programme, active or in formation.
func (y *year) join(programme string, w *worker, active bool) (member string) {
	y.t.Helper()
	boss := y.as("p4")
	boss.post(programme+"/nominations", url.Values{"person": {boss.nominee(programme, w.name)}})
	member = boss.member(programme, w.name)
	steps := []string{"accepted", "active"}
	if !active {
		steps = steps[:1]
	}
	for _, step := range steps {
		if a := boss.post(member, url.Values{"status": {step}}); a.status != http.StatusSeeOther {
			y.t.Fatalf("%s becomes %s: %d %s", w.name, step, a.status, a.said())
		}
	}
	if active && programme == y.coaches {
		y.active = append(y.active, w)
	}
	y.members[programme] = append(y.members[programme], w)
	return member
}

// start says that the initiative begins in a region today.
func (y *year) start(region string) {
	y.t.Helper()
	boss := y.as("p4")
	unit := boss.get(y.initiative).page().Find(`#unit option:contains("`+region+`")`).AttrOr("value", "")
	if a := boss.post(y.initiative, url.Values{"do": {"start"}, "unit": {unit}, "day": {y.today()}}); a.status != http.StatusSeeOther {
		y.t.Fatalf("%d %s", a.status, a.said())
	}
	y.started[region] = y.today()
}

// plan plans a session of a programme for today.
func (y *year) plan(programme string, external bool) held {
	y.t.Helper()
	boss, day := y.as("p4"), y.today()
	set := url.Values{"starts": {day + "T11:00"}, "count": {"1"}, "minutes": {fmt.Sprint(sessionMinutes)}, "place": {"Room 1"}, "host": {"Pat"}}
	if external {
		set.Set("external", "yes")
	}
	seen := map[string]bool{}
	for _, h := range y.held {
		seen[h.path] = true
	}
	h := held{programme: programme, day: day, external: external}
	for _, w := range y.members[programme] {
		if w.in(day) != "" {
			h.asked++
		}
	}
	for _, link := range boss.sendForm(boss.get(programme+"/sessions/new"), "/sessions", set).page().Find("a[href^='/sessions/']").EachIter() {
		if path, _ := link.Attr("href"); !seen[path] && path != "/sessions/calendar" {
			h.path = path
		}
	}
	return h
}

// cancel plans a session of the leaders that is cancelled.
func (y *year) cancel() {
	y.t.Helper()
	h := y.plan(y.leaders, false)
	h.cancelled = true
	y.same("cancelled", y.as("p4").post(h.path, url.Values{"do": {"cancel"}, "reason": {"The line stands still."}}).status, http.StatusSeeOther)
	y.held = append(y.held, h)
}

// meet holds a session of a programme today: it is planned, held, and noted who came, at first wrongly.
func (y *year) meet(programme string, external bool) {
	y.t.Helper()
	h, boss := y.plan(programme, external), y.as("p4")
	day := h.day
	y.clock.at.Add(8 * 3600 * 1e6)
	first := boss.get(h.path).inputs("came")
	y.same("noted at first", boss.post(h.path, url.Values{"do": {"attend"}, "came": first, "prepared": {"300"}, "cost-supplier": {"777"}, "currency": {"EUR"}}).status, http.StatusSeeOther)
	form := url.Values{"do": {"attend"}, "currency": {"EUR"}}
	boss.get(h.path).page().Find("[name=came]").Each(func(_ int, box *goquery.Selection) {
		for _, w := range y.people {
			if strings.Contains(box.Parent().Text()+" "+box.AttrOr("aria-label", ""), w.name) && y.r.Float64() < .8 {
				form.Add("came", box.AttrOr("value", ""))
				h.came = append(h.came, w.key)
			}
		}
	})
	h.prepared, h.cents = 15*y.r.IntN(5), 1000*len(h.came)
	form.Set("prepared", fmt.Sprint(h.prepared))
	form.Set("cost-supplier", fmt.Sprint(h.cents/100))
	if a := boss.post(h.path, form); a.status != http.StatusSeeOther {
		y.t.Fatalf("%d %s", a.status, a.said())
	}
	y.held = append(y.held, h)
	e := entered{day: day, kind: "learning", costs: map[string]int{"supplier": h.cents}}
	for _, key := range h.came {
		e.hours = append(e.hours, hour{"participant", key, y.who(key).in(day), sessionMinutes})
	}
	e.hours = append(e.hours, hour{"staff", "", "", sessionMinutes + h.prepared})
	y.spent = append(y.spent, e)
}

// decide has a board decide on an action; one with a day of its own waits for it.
func (y *year) decide(due string) {
	y.t.Helper()
	b := boards[y.r.IntN(len(boards))]
	coach, path := y.as(y.head(b.coach).key), y.teamOf[b.region]
	page := coach.get(path)
	a := agreed{what: fmt.Sprintf("Action %03d", len(y.agreed)+1), board: b.region, decided: y.today(), external: y.r.Float64() < .2, waits: due != ""}
	if a.due = due; due == "" {
		a.due = y.clock.now().AddDate(0, 0, 20+y.r.IntN(60)).Format("2006-01-02")
		if y.r.IntN(2) == 0 { // a day on which some end
			a.due = a.due[:7] + "-01"
		}
	}
	a.promised, a.heard = a.due, a.decided
	owner := page.page().Find("#owner option").Last()
	a.owner = y.people[slices.IndexFunc(y.people, func(w *worker) bool { return strings.Contains(owner.Text(), w.name) })]
	a.form = url.Values{"what": {a.what}, "decided": {a.decided}, "due": {a.due}, "owner": {owner.AttrOr("value", "")}, "kind": {"process-analysis"}, "serves": {"off"}, "off": {"Planned before"}}
	if y.r.Float64() < .6 {
		groups := page.page().Find("#serves optgroup")
		group := groups.Eq(y.r.IntN(groups.Length()))
		a.focal = group.AttrOr("label", "")
		serves := group.Find("option").First().AttrOr("value", "")
		_, a.item, _ = strings.Cut(serves, " ")
		a.form.Set("serves", serves)
		a.form.Del("off")
	}
	if a.external {
		a.form.Set("external", "yes")
	}
	after := coach.sendForm(page, path, a.form)
	if a.path = after.page().Find(`a:contains("`+a.what+`")`).AttrOr("href", ""); a.path == "" {
		y.t.Fatalf("decided: %d %s", after.status, after.said())
	}
	y.agreed = append(y.agreed, &a)
}

// followUp says how open actions go: some move, some end.
func (y *year) followUp() {
	y.t.Helper()
	for _, a := range y.agreed {
		if a.state != "" || a.waits || a.decided == y.today() {
			continue
		}
		coach := y.as(y.head(y.coachOf(a.board)).key)
		w := word{y.today(), 30 * (1 + y.r.IntN(6))}
		hours := fmt.Sprint(float64(w.minutes) / 60)
		switch n := y.r.IntN(10); {
		case n < 3:
			a.state, a.ended, a.outcome = "done", y.today(), []string{"helped", "partly", "not"}[y.r.IntN(3)]
			ended := coach.post(a.path, url.Values{"do": {"done"}, "outcome": {a.outcome}, "text": {"It is done."}, "hours": {hours}})
			y.same(a.what+" done", ended.status, http.StatusSeeOther)
			if n == 0 && y.today() < date(9, 1) { // it was not done after all
				y.same(a.what+" open again", coach.post(a.path, url.Values{"do": {"open"}}).status, http.StatusSeeOther)
				a.state, a.ended, a.outcome = "", "", ""
			}
		case n == 3:
			a.state, a.ended = "stopped", y.today()
			y.same(a.what+" stopped", coach.post(a.path, url.Values{"do": {"stop"}, "text": {"It was not worth it."}, "hours": {hours}}).status, http.StatusSeeOther)
		case n == 4:
			a.due = y.clock.now().AddDate(0, 0, 30).Format("2006-01-02")
			a.form.Set("due", a.due)
			a.heard = y.today()
			y.same(a.what+" moved", coach.post(a.path, merged(a.form, url.Values{"do": {"change"}})).status, http.StatusSeeOther)
			continue
		case n < 8:
			said := coach.sendForm(coach.get(a.path), a.path, url.Values{"do": {"check-in"}, "pace": {"on-track"}, "text": {"It goes on."}, "hours": {hours}})
			y.same(a.what+" said", said.status, http.StatusOK)
			if strike := said.page().Find("button[value^='strike ']"); len(a.words) == 0 && strike.Length() == 1 && n == 5 {
				y.same(a.what+" struck out", coach.post(a.path, url.Values{"do": {strike.AttrOr("value", "")}}).status, http.StatusSeeOther)
				continue
			}
		default:
			continue // nobody says anything
		}
		a.words, a.heard = append(a.words, w), w.day
		y.spent = append(y.spent, entered{day: w.day, kind: "process-analysis", hours: []hour{{"participant", "", a.board, w.minutes}}})
	}
}

func (y *year) coachOf(region string) string {
	for _, b := range boards {
		if b.region == region {
			return b.coach
		}
	}
	return ""
}
