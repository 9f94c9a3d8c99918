package app

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// practice is what a leader or coach tried and shares; taken is that others work by it.
type practice struct {
	title, path, shared, outcome string
	writer                       *worker
	taken                        []*taken
}

type taken struct {
	who                 *worker
	day, ended, outcome string
}

// outcomes are what came of what somebody tried.
var outcomes = []string{"helped", "partly", "not", "early"}

// trying are those who share practices, and take over what others share.
func (y *year) trying() (all []*worker) {
	for _, w := range slices.Concat(y.members[y.leaders], y.active) {
		if w.in(y.today()) != "" {
			all = append(all, w)
		}
	}
	return all
}

// share has somebody share a practice; some of the others take one over, and some give theirs up.
func (y *year) share(month int) {
	y.t.Helper()
	all := y.trying()
	if month == 7 { // who coaches whom
		boss, path := y.as("p4"), y.coaches+"/plan"
		boss.sendForm(boss.follow(boss.post(path, url.Values{"do": {"draft"}})), "/plan", url.Values{"do": {"accept"}})
		y.coached = slices.DeleteFunc(slices.Clone(y.active), func(w *worker) bool { return w.in(y.today()) == "" })
	}
	if month < 4 {
		return
	}
	p := &practice{title: fmt.Sprintf("Practice %d", month), shared: y.today(), outcome: outcomes[month%4], writer: all[y.chance.IntN(len(all))]}
	c := y.as(p.writer.key)
	p.path = c.sendForm(c.get("/practices/new"), "/practices", url.Values{"do": {"share"}, "title": {p.title}, "theme": {"dialogue"}, "problem": {"Nobody asks back"}, "tried": {"Two questions first"}, "outcome": {p.outcome}}).at
	y.practices = append(y.practices, p)
	for _, p := range y.practices {
		for _, w := range all {
			i := slices.IndexFunc(p.taken, func(t *taken) bool { return t.who == w && t.ended == "" })
			switch n := y.chance.IntN(12); {
			case w == p.writer:
			case i >= 0 && n < 4:
				y.done(y.as(w.key), p.path, url.Values{"do": {"end"}})
				p.taken[i].ended = y.today()
			case i < 0 && n > 10:
				t := &taken{who: w, day: max(p.shared, y.clock.now().AddDate(0, 0, -y.chance.IntN(9)).Format(time.DateOnly)), outcome: outcomes[y.chance.IntN(4)]}
				for _, before := range p.taken {
					if before.who == w {
						t.day = max(t.day, before.ended)
					}
				}
				y.done(y.as(w.key), p.path, url.Values{"do": {"adopt"}, "day": {t.day}, "outcome": {t.outcome}})
				p.taken = append(p.taken, t)
			}
		}
	}
}

// works says whether somebody works on a day by a practice of which they do not say that it did not help.
func (y *year) works(w *worker, day string) bool {
	return slices.ContainsFunc(y.practices, func(p *practice) bool {
		return p.writer == w && p.outcome != "not" && p.shared <= day || slices.ContainsFunc(p.taken, func(t *taken) bool {
			return t.who == w && t.outcome != "not" && t.day <= day && (t.ended == "" || t.ended > day)
		})
	})
}

// inUse are those at work who work by somebody else's practice now.
func (y *year) inUse(p *practice) (all []*taken) {
	for _, t := range p.taken {
		if t.ended == "" && t.who.in(y.today()) != "" {
			all = append(all, t)
		}
	}
	return all
}

// circle is some people at a location or in a unit, and who looks after them; nil is nobody.
type circle struct {
	coach      *worker
	place, own string
	people     int
}

// compareSpread holds how far practices have come, in each programme, against who took them over.
func (y *year) compareSpread() {
	y.t.Helper()
	today := y.today()
	var teams []circle
	for _, b := range boards {
		for _, w := range y.at(today, b.region) {
			if w.level != "employee" {
				teams = append(teams, circle{y.head(b.coach), y.unit(w.in(today)).place, w.in(today), 1})
			}
		}
	}
	y.compareReach(y.leaders, teams, "%d of %d people on management teams have a leader who works by at least one shared practice.", true)
	var groups []circle
	load, covered, all := map[string]int{}, 0, 0
	rows := y.rows(y.as("p4").get(y.coaches + "/plan?format=csv"))
	for _, row := range rows {
		c := circle{place: row[0], people: int(number(row[2]))}
		for _, w := range y.active {
			if w.name == row[3] {
				c.coach = w
			}
		}
		if y.same("a group has a coach who is one", c.coach == nil, row[3] == "nobody yet"); c.coach != nil {
			covered += c.people
		}
		load[row[3]] += c.people
		if all += c.people; c.people > 10 || row[3] != "nobody yet" && load[row[3]] > 10 {
			y.t.Errorf("%v is too many", row)
		}
		groups = append(groups, c)
	}
	y.same("people in groups", all, len(y.at(today, "House")))
	n := 0
	for name := range load {
		if name != "nobody yet" {
			n++
		}
	}
	y.same("coaches who have a group", n, len(y.coached))
	says(y.t, y.as("p4").get(y.coaches+"/plan"), fmt.Sprintf("%d of %d people have a coach, in %d groups.", covered, all, n))
	y.compareReach(y.coaches, groups, "%d of %d people are in a group whose coach works by at least one shared practice.", false)

	var shown, want []string
	for _, row := range y.rows(y.as("p4").get("/practices?format=csv")) {
		shown = append(shown, row[0]+" "+row[7])
	}
	for _, p := range y.practices {
		n := len(y.inUse(p))
		want = append(want, fmt.Sprint(p.title, " ", n))
		used := "Nobody else works by it yet."
		if n > 0 {
			used = times(n, "One other works by it now.", "%d others work by it now.")
		}
		says(y.t, y.as("p4").get(p.path), used)
	}
	slices.Sort(shown)
	slices.Sort(want)
	y.same("practices", strings.Join(shown, ", "), strings.Join(want, ", "))
}

// compareReach holds whom the practices of a programme's members have reached at the end of each month.
func (y *year) compareReach(programme string, circles []circle, sentence string, units bool) {
	y.t.Helper()
	page, member := y.as("p4").get(programme+"/spread"), func(w *worker) bool { return slices.Contains(y.members[programme], w) }
	people, places, began, first := 0, map[string]int{}, map[string]bool{}, y.today()
	ours := slices.DeleteFunc(slices.Clone(y.practices), func(p *practice) bool {
		return !member(p.writer) && !slices.ContainsFunc(p.taken, func(t *taken) bool { return member(t.who) })
	})
	size := map[*worker]int{}
	for _, c := range circles {
		people += c.people
		places[c.place] += c.people
		size[c.coach] += c.people
	}
	type spread struct {
		shared string
		weeks  float64
	}
	var took []spread
	var travelled []string
	for _, p := range ours {
		began[y.unit(p.writer.in(p.shared)).place] = true
		if member(p.writer) && p.outcome != "not" {
			first = min(first, p.shared)
		}
		soonest := ""
		for _, t := range p.taken {
			if !member(t.who) {
				continue
			}
			if t.outcome != "not" {
				first = min(first, t.day)
			}
			if soonest == "" || t.day < soonest {
				soonest = t.day
			}
		}
		if soonest != "" { // shared in the morning
			took = append(took, spread{p.shared, math.Max(0, float64(y.daysFrom(p.shared, soonest))-9./24) / 7})
		}
		reached, at := 0, map[string]bool{y.unit(p.writer.in(p.shared)).place: true}
		if p.outcome != "not" {
			reached += size[p.writer]
		}
		now := y.inUse(p)
		for _, t := range now {
			if at[y.unit(t.who.in(t.day)).place] = true; t.outcome != "not" {
				reached += size[t.who]
			}
		}
		used := "nobody else yet"
		if len(now) > 0 {
			used = times(len(now), "in use by one other", "in use by %d others")
		}
		travelled = append(travelled, fmt.Sprintf("%04d %02d %s|%s: %s · %s · %s", 9999-reached, 99-len(now), p.shared, p.title, used, times(len(at), "one location", "%d locations"), times(reached, "one person", "%d people")))
	}
	slices.Sort(travelled)
	for _, line := range travelled[:6] {
		_, said, _ := strings.Cut(line, "|")
		title, rest, _ := strings.Cut(said, ": ")
		row := page.page().Find(`li:has(b:contains("` + title + `"))`)
		if shown := text(row.Find(".note").Last()); !strings.HasPrefix(shown, rest) {
			y.t.Errorf("%s: %q is shown, want %q", title, shown, rest)
		}
	}

	from := int(number(first[5:7]))
	count := func(which func(circle) string, name string, day string) (n int) {
		for _, c := range circles {
			if which(c) == name && c.coach != nil && y.works(c.coach, min(day, y.today())) {
				n += c.people
			}
		}
		return n
	}
	reached := count(func(circle) string { return "" }, "", y.today())
	says(y.t, page, fmt.Sprintf(sentence, reached, people),
		fmt.Sprintf("In %s, what was tried at %s has reached %.0f %% of the people.", times(13-from, "one month", "%d months"), times(len(began), "one location", "%d locations"), math.Floor(100*float64(reached)/float64(people)+.5)))
	compare := func(by string, which func(circle) string) {
		var want, shown []string
		of := map[string]int{}
		for _, c := range circles {
			of[which(c)] += c.people
		}
		for name, n := range of {
			row := []string{name, fmt.Sprint(n)}
			for month := from; month <= 12; month++ {
				row = append(row, fmt.Sprint(count(which, name, lastDay(month))))
			}
			want = append(want, strings.Join(row, " "))
		}
		for _, row := range y.rows(y.as("p4").get(programme + "/spread?by=" + by + "&format=csv")) {
			shown = append(shown, strings.Join(row, " "))
		}
		slices.Sort(want)
		slices.Sort(shown)
		y.same("reached by "+by, strings.Join(shown, "\n"), strings.Join(want, "\n"))
	}
	compare("location", func(c circle) string { return c.place })
	if units {
		compare("unit", func(c circle) string { return c.own })
	}
	slices.SortFunc(took, func(a, b spread) int { return strings.Compare(a.shared, b.shared) })
	weeks := func(some []spread) int {
		var all []float64
		for _, s := range some {
			all = append(all, s.weeks)
		}
		slices.Sort(all)
		return int(math.Ceil((all[(len(all)-1)/2] + all[len(all)/2]) / 2))
	}
	if len(took) < 4 {
		y.t.Errorf("%d practices were taken over", len(took))
		return
	}
	early, late := weeks(took[:len(took)/2]), weeks(took[len(took)/2:])
	if early > 0 && late > 0 {
		says(y.t, page, fmt.Sprintf("A new practice needs %s to its first use elsewhere; in the first half of the time it needed %s.", times(late, "one week", "%d weeks"), times(early, "one week", "%d weeks")))
	}
}
