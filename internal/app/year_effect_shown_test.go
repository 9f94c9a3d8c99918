package app

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// comparePanel holds the values and starts that are sent against those from which it is reckoned again.
func (y *year) comparePanel(what, file string, g grid) {
	y.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1+len(g.names)*monthsSeen {
		y.t.Fatalf("%s: a panel of %d rows, %v", what, len(rows), err)
	}
	for n, row := range rows[1:] {
		i, t := n/monthsSeen, n%monthsSeen
		start := ""
		if g.start[i] != never {
			start = label(g.start[i])
		}
		y.same(what, row[0]+" "+row[1]+" "+row[3], g.names[i]+" "+label(t)+" "+start)
		if v := g.y[i][t]; row[2] != "" || !math.IsNaN(v) {
			is := number(row[2])
			y.exact(what+", "+row[0]+" in "+row[1], &is, v)
		}
	}
}

// compareCells holds group-time effects, and what they come to by month since the start, by group and by month.
func (y *year) compareCells(what string, g grid, sent estimated) {
	y.t.Helper()
	all := g.cells(false, true)
	y.same(what+", cells", len(sent.Cells), len(all))
	for k, c := range all {
		is := sent.Cells[k]
		y.same(what+", a cell", fmt.Sprint(is.Group, " ", is.Time, " ", is.Treated, " ", is.Controls), fmt.Sprint(label(c.group), " ", label(c.month), " ", len(c.with), " ", c.against))
		y.exact(what+", cell "+is.Group+" "+is.Time, is.ATT, c.v)
		y.exact(what+", its error", is.SE, g.se(c.effect))
	}
	y.same(what+", units", fmt.Sprint(sent.Units, sent.Treated), fmt.Sprint(len(g.names), g.estimated()))
	post := g.cells(false, false)
	for name, one := range map[string]struct {
		sent  addedUp
		cells []att
		by    func(att) int
	}{"since the start": {sent.Dynamic, all, since}, "by group": {sent.Group, post, started}, "by month": {sent.Calendar, post, inMonth}} {
		at, points := g.family(one.cells, one.by)
		for k, p := range points {
			is, key := one.sent.Events, ""
			switch {
			case len(one.sent.Groups) > 0:
				is, key = one.sent.Groups, label(at[k])
			case len(one.sent.Times) > 0:
				is, key = one.sent.Times, label(at[k])
			}
			y.same(what+" "+name, fmt.Sprint(is[k].Group+is[k].Time, " ", is[k].Units), fmt.Sprint(key, " ", len(p.with)))
			if key == "" {
				y.same(what+" "+name, is[k].Event, at[k])
			}
			y.interval(fmt.Sprint(what, " ", name, " ", at[k]), interval{is[k].ATT, is[k].SE, is[k].Low, is[k].High}, p.v, g.se(p.effect))
		}
		overall := g.mean(post, one.by)
		if name == "by group" {
			overall = g.over(points)
		}
		y.interval(what+", overall "+name, one.sent.Overall, overall.v, g.se(overall))
		low, high := g.band(points)
		if c := *one.sent.Critical; c < low || c > high {
			y.t.Errorf("%s %s: the band reaches %g errors, and %g to %g is what draws can give", what, name, c, low, high)
		}
	}
}

// mean is the mean of a family's points.
func (g grid) mean(cells []att, by func(att) int) effect {
	_, points := g.family(cells, by)
	var figures []effect
	for _, p := range points {
		figures = append(figures, p.effect)
	}
	return sum(figures, evenly(len(figures))...)
}

// estimated counts the units that start and have an effect.
func (g grid) estimated() (n int) {
	_, points := g.family(g.cells(false, false), started)
	for _, p := range points {
		n += len(p.with)
	}
	return n
}

// comparePast holds the test before the start. The p that allows for few units is of 499 draws: it may lie from that of
// all signs as far as draws can, and is returned as it is told. NaN is for no test: where each group varies as one, as
// regions do of which one starts after the other, nothing is left by which to test.
func (y *year) comparePast(s *study, g grid, sent estimated) float64 {
	y.t.Helper()
	if s == y.proof.regions {
		if sent.Pretrend != nil {
			y.t.Errorf("%s: the past is tested, and each group is one region", s.name)
		}
		return nan
	}
	at, points := g.family(g.cells(false, true), since)
	wald, p, sound, drift := g.past(points[:slices.Index(at, 0)])
	y.same(s.name+", df", sent.Pretrend.DF, 1)
	y.exact(s.name+", Wald", sent.Pretrend.Wald, wald)
	y.exact(s.name+", p before", sent.Pretrend.P, p)
	y.exact(s.name+", drift", sent.Pretrend.Drift, drift)
	is := *sent.Pretrend.Sound
	if math.Abs(is-(499*sound+1)/500) > drawnTwice(sound, 499)+1e-9 {
		y.t.Errorf("%s: p of few units is %g, of all signs %g", s.name, is, sound)
	}
	said := y.as("p1").get(s.effect).said()
	one, wants := chanceOf(p)
	other, more := chanceOf(is)
	y.tells(s.name, said, "Wald #, df 1, "+one+"; allowing for few units "+other, slices.Concat([]float64{wald}, wants, more)...)
	y.tells(s.name, said, "A steady drift apart of # percentage points a period would have been noticed", drift)
	return is
}

// compareHonest holds how far the effect holds where the two may drift apart.
func (y *year) compareHonest(what string, g grid, sent estimated, page answer) {
	y.t.Helper()
	mean, months, largest, bound := g.honest()
	y.interval(what+", honest", sent.Honest.Estimate, mean.v, g.se(mean))
	y.same(what+", months of it", sent.Honest.Periods, months)
	y.exact(what+", the largest change before", sent.Honest.Largest, largest)
	rows := y.table(page, "Times the largest change before")
	for k, m := range []float64{.25, .5, .75, 1, 1.5, 2} {
		low, high := bound(m)
		y.exact(what+", bound", sent.Honest.Bounds[k].Low, low)
		y.exact(what+", bound", sent.Honest.Bounds[k].High, high)
		for i, want := range []float64{m, low, high} {
			y.figure(what+", bound on the page", rows[k][i], want)
		}
	}
	if low, high := bound(0); !apart(low, high) {
		y.exact(what+", breakdown", sent.Honest.Breakdown, 0)
		says(y.t, page, "The interval holds 0 without any drift.")
		return
	}
	holds, broken := 0.0, 10.0
	for range 50 {
		m := (holds + broken) / 2
		if low, high := bound(m); apart(low, high) {
			holds = m
		} else {
			broken = m
		}
	}
	y.exact(what+", breakdown", sent.Honest.Breakdown, holds)
	y.tells(what, page.said(), "stays under # times the largest seen before (#).", holds, largest)
}

// checkNames are the checks as a page calls them.
var checkNames = map[string]string{"pre-trend": "Before the start", "placebo-date": "Placebo date", "leave-unit": "Leave one out", "leave-group": "Leave a starting group out", "other-method": "Another method",
	"honest-bounds": "Honest bounds", "placebo-outcome": "Placebo outcome", "without-others": "Without other initiatives"}

// compareChecks holds what would overturn an estimate, in the log and on the page.
func (y *year) compareChecks(s *study, page answer, log string, checks []check, told func(float64) float64) {
	y.t.Helper()
	lines := regexp.MustCompile(`(?m)^([a-z-]+): (\S+) \((\S+) to (\S+)\), p (\S+), n (\d+): (pass|look|fail)$`).FindAllStringSubmatch(log, -1)
	drawn := page.page().Find(".checked").FilterFunction(func(_ int, c *goquery.Selection) bool { return c.Find(".verdict").Length() > 0 })
	if len(lines) != len(checks) || drawn.Length() != len(checks) {
		y.t.Fatalf("%s: %d checks are sent and %d shown, want %v", s.name, len(lines), drawn.Length(), checks)
	}
	for k, c := range checks {
		what := s.name + ", " + c.kind
		y.same(what, lines[k][1]+" "+lines[k][6]+" "+lines[k][7], fmt.Sprint(c.kind, " ", c.n, " ", c.verdict))
		for i, want := range []float64{told(c.v), told(c.low), told(c.high), c.p} {
			is := number(lines[k][2+i])
			if math.IsNaN(want) {
				y.same(what, is, want)
				continue
			}
			y.exact(what, &is, want)
		}
		line := text(drawn.Eq(k))
		if name := checkNames[c.kind]; !strings.HasPrefix(line, name) || !strings.Contains(strings.ToLower(line), " "+strings.ToLower(c.verdict)) {
			y.t.Errorf("%s: %s is shown, want %s: %s", s.name, line, name, c.verdict)
		}
		verdict := map[string]string{"pass": "Pass:", "look": "Look:", "fail": "Fails:"}[c.verdict]
		switch c.kind {
		case "pre-trend":
			pattern, wants := chanceOf(c.p)
			y.tells(what, line, pattern+" "+verdict, wants...)
		case "leave-unit":
			y.tells(what, line, "# to # "+verdict, told(c.low), told(c.high))
		default:
			y.tells(what, line, "# (# to #) "+verdict, told(c.v), told(c.low), told(c.high))
		}
	}
}

// compareFacts holds the tables and the specification on the page.
func (y *year) compareFacts(s *study, g grid, sent estimated, said string) {
	y.t.Helper()
	page := y.as("p1").get(s.effect)
	start, values, missing := slices.Min(g.start), 0, 0
	n := 0
	for i, row := range g.y {
		if g.start[i] != never {
			n++
		}
		for t, v := range row {
			if values++; math.IsNaN(v) {
				missing++
			} else if t >= g.start[i] {
				s.exposed++
			}
		}
	}
	y.tells(s.name, said, "Units # under House; started: # Periods Jan 2024 to Nov 2025, # in all, # before the first start Values #; missing: #", float64(len(g.names)), float64(n), monthsSeen, float64(start), float64(values), float64(missing))
	y.tells(s.name, said, "The average over # units since each one started", float64(g.estimated()))
	y.tells(s.name, said, "of influence functions, within # units that vary by themselves", float64(g.varying(func(int) bool { return true })))
	all, post := g.cells(false, true), g.cells(false, false)
	_, groups := g.family(post, started)
	var wants []float64
	for _, f := range []effect{g.mean(post, since), g.over(groups), g.mean(post, inMonth)} {
		wants = append(wants, f.v, f.v-z*g.se(f), f.v+z*g.se(f))
	}
	y.tells(s.name, said, "by periods since the start # (# to #), by group # (# to #), by period # (# to #)", wants...)
	for heading, one := range map[string]struct {
		cells []att
		by    func(att) int
		far   *float64 // that all points at once reach
	}{"Periods since the start": {all, since, sent.Dynamic.Critical}, "Start": {post, started, sent.Group.Critical}} {
		at, points := g.family(one.cells, one.by)
		rows := y.table(page, heading)
		y.same(s.name+", rows by "+heading, len(rows), len(points))
		for k, p := range points {
			what := fmt.Sprint(s.name, ", ", heading, " ", rows[k][0])
			if heading == "Start" {
				y.same(what, rows[k][0], monthNamed(at[k]))
			} else {
				y.figure(what, rows[k][0], float64(at[k]))
			}
			se := g.se(p.effect)
			for i, want := range []float64{float64(len(p.with)), p.v, se, p.v - z*se, p.v + z*se, p.v - *one.far*se, p.v + *one.far*se} {
				y.figure(what, rows[k][1+i], want)
			}
		}
	}
}

// cost is what was spent for an initiative until a day, in cents, and the minutes of those who took part.
func (y *year) cost(s *study, until string) (cents, minutes float64) {
	for _, e := range y.entries() {
		if e.serves != s.name || e.day > until {
			continue
		}
		for _, amount := range e.costs {
			own := float64(amount)
			for _, r := range slices.Backward(rates) {
				if e.currency == "GBP" && e.day[:7] >= r.from {
					own *= r.worth
					break
				}
			}
			cents += own
		}
		for _, h := range e.hours {
			if h.side == "participant" {
				minutes += float64(h.minutes)
			}
		}
	}
	return cents, minutes
}

// compareWorth holds what the effect of the lot was worth. Its range is drawn again as docs/effects.md says.
func (y *year) compareWorth() {
	y.t.Helper()
	s := y.proof.lot
	said, log := y.as("p1").get(s.effect).said(), y.sent(s)["log.txt"]
	seed, _ := strconv.ParseUint(regexp.MustCompile(`--seed (\d+)`).FindStringSubmatch(log)[1], 10, 64)
	years := float64(s.exposed) / 12
	cents, minutes := y.cost(s, lastDay(11))
	time := minutes / 60 * sharpHour
	cost, value := cents/100+time, s.v*sharpAmount*years
	r := rand.New(rand.NewPCG(seed, 0x3077))
	var values []float64
	pays := 0.0
	for range 20_000 {
		amount := r.NormFloat64()
		if amount < 0 {
			amount *= (sharpAmount - sharpLow) / z
		} else {
			amount *= (sharpHigh - sharpAmount) / z
		}
		v := (s.v + (s.high-s.low)/2/z*r.NormFloat64()) * (sharpAmount + amount) * years
		if values = append(values, v); v > cost {
			pays += 100. / 20_000
		}
	}
	low, high := quantileOf(values, .025), quantileOf(values, .975)
	y.tells(s.name, said, "# percentage points (# to #) × EUR # for one, in a unit, a year × # unit-years since the start = EUR # (EUR # – EUR #)", s.v, s.low, s.high, sharpAmount, years, value, low, high)
	y.tells(s.name, said, "It cost EUR #, of which EUR # is people’s time (# hours).", cost, time, minutes/60)
	says(y.t, y.as("p1").get(s.effect), "The cost is of all units, the value only of those in which nothing else started together with it.")
	roi := func(v float64) float64 { return 100 * (v - cost) / cost }
	y.tells(s.name, said, "The return is # %, and anything from # % to # % fits the data; benefit to cost #. In # of 100 draws the value exceeds the cost.", roi(value), roi(low), roi(high), value/cost, pays)

	cents, minutes = y.cost(y.proof.regions, lastDay(11))
	y.tells("the regions", y.as("p1").get(y.proof.regions.effect).said(), "It cost EUR #, and # hours of people, which are not counted in money.", cents/100, minutes/60)
}

// compareOpinions holds what people think that came of it: change x share x confidence, and nothing of who did not answer.
func (y *year) compareOpinions() {
	y.t.Helper()
	said, mean := y.as("p3").get(y.proof.regions.effect).said(), 0.0
	for n, o := range y.proof.opinions {
		adjusted := o[0] * o[1] / 100 * o[2] / 100
		mean += adjusted / float64(len(y.proof.opinions))
		y.tells("an opinion", said, fmt.Sprintf("Manager %d # × # %% × # %% = #", n+1), o[0], o[1], o[2], adjusted)
	}
	y.tells("opinions", said, "What people think came of it: # per cent of what it was, grade D", mean)
}

// compareTried holds what is told of all initiatives together: what was tried, what it cost, the board's part of it, the
// time line and goals.
func (y *year) compareTried() {
	y.t.Helper()
	p, head, chief := &y.proof, y.as("p3"), y.as("p1")
	page := chief.get("/effects")
	says(y.t, page, "Of 2 effects that were looked at, 1 are told to work.", "Of 2 things that were done nobody has asked what came Quiet hours learning · EUR 450 Courses in the evening a change of the learning function, 2025-04-01")
	names := map[string]string{"works": "Works", "cannot-tell": "Cannot tell"}
	cost := map[*study]float64{}
	all := []*study{p.lot, p.regions, p.unasked}
	sum := 0.0
	for _, s := range all {
		cents, _ := y.cost(s, y.today())
		cost[s] = cents / 100
		sum += cents / 100
	}
	for n, s := range all[:2] {
		row := y.table(page, "Initiative")[n]
		y.same("tried", strings.Join(row[:4], "|"), strings.Join([]string{s.name, s.outcome, s.grade, names[s.finding]}, "|"))
		for i, want := range []float64{s.v, s.low, s.high, s.worth, cost[s]} {
			y.figure("tried: "+s.name, strings.TrimPrefix(row[4+i], "EUR "), want)
		}
	}
	share := func(s *study) float64 { return 100 * cost[s] / sum }
	board := chief.get("/board")
	for _, a := range []answer{page, board} {
		y.tells(a.at, a.said(), "Works EUR # # % No effect that matters EUR 0 0 % Cannot tell EUR # # % Not judged yet EUR # # %",
			cost[p.lot], share(p.lot), cost[p.regions], share(p.regions), cost[p.unasked], share(p.unasked))
		y.tells(a.at, a.said(), "A Who calls is answered Works · Calls answered at once # (# to #) percentage points EUR #", p.lot.v, p.lot.low, p.lot.high, cost[p.lot])
		y.tells(a.at, a.said(), "E Hand-overs that ask Cannot tell · Price of a call # (# to #) per cent of what it was EUR #", p.regions.v, p.regions.low, p.regions.high, cost[p.regions])
	}
	y.tells("the board", board.said(), "What is told to work (#) took # % of the money. For # % nobody has looked yet.", 1, share(p.lot), share(p.unasked))
	y.tells("the board", board.said(), "EUR # spent on initiatives", sum)
	y.tells("the board", board.said(), "‘Hand-overs that ask’ cost EUR #, and nobody can tell what came of it.", cost[p.regions])

	boss := y.as("p4")
	goal, _ := boss.get(p.lot.path).page().Find("a[href^='/goals/']").Attr("href")
	y.tells("the goal", chief.get(goal).said(), "What came of it, as far as it was proved A Who calls is answered Works · Calls answered at once # (# to #)", p.lot.v, p.lot.low, p.lot.high)
	for _, u := range y.ordered() {
		if day := p.lot.starts[u.name]; day != "" {
			says(y.t, boss.get(p.lot.path), u.name+" "+day)
		}
	}
	says(y.t, boss.get(p.lot.path), "begun in 6 of 6 units", fmt.Sprintf("Order decided: by lot, %s. Drawn by the program: seed %d, 9 units in 2 groups, fair within the units at level 1.", date(2, 5), p.seed))
	says(y.t, head.get(p.lot.effect), "Written down on "+date(2, 5)+" by "+y.who("p3").name+", before the first start.")
	says(y.t, head.get(p.regions.effect), "Written down on "+date(3, 5)+" by "+y.who("p3").name+", before the first start.")
	for _, unit := range []string{"House", "Hills", "Coast"} {
		rows := 0
		for _, row := range y.rows(chief.get("/timeline/" + y.unitNamed(y.t, unit) + "?format=csv")) {
			for _, s := range all[:2] {
				if row[5] == "Initiative" && row[0] == s.name {
					rows++
					y.same(unit+": "+s.name, row[2]+" "+row[4], y.since(s, unit)+" "+names[s.finding])
				}
			}
		}
		y.same("initiatives on the line of "+unit, rows, 2)
	}
}

// since is the first day on which something began in a unit, above it or under it.
func (y *year) since(s *study, unit string) (first string) {
	for _, u := range y.ordered() {
		if y.under(u.name, unit) {
			if day := y.day(s, u.name); day != "" && (first == "" || day < first) {
				first = day
			}
		}
	}
	return first
}
