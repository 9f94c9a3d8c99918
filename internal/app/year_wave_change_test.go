package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"gonum.org/v1/gonum/stat/distuv"
)

// What became of figures between the two diagnoses, reckoned from what is to be told of both.

// sample is what is known of a figure: of how many, their mean, and how they differ; NaN where it is not told.
type sample struct{ n, mean, sd float64 }

// moved is what became of a figure; NaN is not told.
type moved struct {
	then, now, by, half, d, p, adjusted float64
	how                                 string
}

// sampled is a factor, or a statement, of a group. How many answered a statement is not told: its standard error is,
// of many.
func (f *finding) sampled(id string, statement bool) sample {
	s := f.of[id]
	if s == nil {
		return sample{math.NaN(), math.NaN(), math.NaN()}
	}
	if is := (sample{float64(f.n), s.mean, deviationOf(s)}); !statement {
		return is
	} else if s.se > 0 {
		is.n = is.sd * is.sd / (s.se * s.se)
		return is
	}
	return sample{math.NaN(), s.mean, math.NaN()}
}

// together is the mean of some statements of a group. Its standard error is taken to be the mean of theirs, and n the
// least of theirs.
func (f *finding) together(items []string) (all sample) {
	all.n = math.Inf(1)
	se := 0.0
	for _, id := range items {
		s := f.sampled(id, true)
		all.mean += s.mean / float64(len(items))
		se += s.sd / math.Sqrt(s.n) / float64(len(items))
		all.n = min(all.n, s.n)
	}
	all.sd = se * math.Sqrt(all.n)
	return all
}

// becameOf is what became of a figure: Welch's test, its interval, and the difference in pooled standard deviations.
func becameOf(then, now sample) *moved {
	m := &moved{then: then.mean, now: now.mean, by: now.mean - then.mean, adjusted: math.NaN(), how: "cannot tell"}
	a, b := then.sd*then.sd/then.n, now.sd*now.sd/now.n
	se := math.Sqrt(a + b)
	t := distuv.StudentsT{Sigma: 1, Nu: (a + b) * (a + b) / (a*a/(then.n-1) + b*b/(now.n-1))}
	m.half, m.p = math.NaN(), math.NaN()
	if !math.IsNaN(se) {
		m.half, m.p = se*t.Quantile(.975), 2*t.CDF(-math.Abs(m.by)/se)
	}
	m.d = m.by / math.Sqrt(((then.n-1)*then.sd*then.sd+(now.n-1)*now.sd*now.sd)/(then.n+now.n-2))
	return m
}

// settled adjusts the p values of a family after Benjamini and Hochberg, and says how each has moved.
func settled(family []*moved) {
	family = slices.DeleteFunc(slices.Clone(family), func(m *moved) bool { return math.IsNaN(m.p) })
	for _, m := range family {
		m.adjusted = 1
		for _, other := range family {
			if other.p < m.p {
				continue
			}
			rank := 0
			for _, x := range family {
				if x.p <= other.p {
					rank++
				}
			}
			m.adjusted = min(m.adjusted, other.p*float64(len(family))/float64(rank))
		}
		switch {
		case m.adjusted > .05:
			m.how = "no clear change"
		case math.Abs(m.by) < .3-1e-9:
			m.how = "clear, but less than 0.3"
		case m.by > 0:
			m.how = "clearly up"
		default:
			m.how = "clearly down"
		}
	}
}

// years is how long lies between the two closings.
func (y *year) years() float64 {
	y.t.Helper()
	var days [2]time.Time
	for i, w := range y.waves {
		day, err := time.Parse(time.DateOnly, w.closed)
		if err != nil {
			y.t.Fatal(err)
		}
		days[i] = day
	}
	return days[1].Sub(days[0]).Hours() / 24 / 365.25
}

// compareMoved holds the nine cells of a change against what it should be.
func (y *year) compareMoved(what string, row []string, m *moved) {
	y.t.Helper()
	for i, want := range []float64{m.then, m.now, m.by, m.by - m.half, m.by + m.half, m.by / y.years(), m.d, m.adjusted} {
		y.cell(fmt.Sprint(what, ", cell ", i), dashed(row[i]), &toldFigure{mean: want}, meanOf)
	}
	y.same(what+" has moved", row[8], m.how)
	y.verdicts[m.how]++
}

// wholes is what is told of everybody, then and now.
func (y *year) wholes() (then, now *finding) {
	g := group{table: -1}
	return y.waves[0].found[g], y.waves[1].found[g]
}

// compareChanges holds the file of what has changed against the answers to both diagnoses.
func (y *year) compareChanges() (factors, others, statements []*moved) {
	y.t.Helper()
	then, now := y.wholes()
	var names []string // as rows stand in the file
	var all []*moved
	for _, unit := range y.inTree("") {
		for _, id := range y.factors {
			m := becameOf(y.waves[0].unitGroup(unit).sampled(id, false), y.waves[1].unitGroup(unit).sampled(id, false))
			if names, all = append(names, unit+", "+id), append(all, m); unit == "House" {
				factors = append(factors, m)
			} else {
				others = append(others, m)
			}
		}
	}
	for _, id := range y.statements() {
		m := becameOf(then.sampled(id, true), now.sampled(id, true))
		names, all, statements = append(names, "House, "+id), append(all, m), append(statements, m)
	}
	for _, family := range [][]*moved{factors, others, statements} {
		settled(family)
	}
	y.changes, y.dropped = map[string][]*moved{}, map[string]*moved{}
	for i, unit := range y.inTree("") {
		y.changes[unit] = all[i*len(y.factors):][:len(y.factors)]
	}
	for i, id := range y.statements() {
		y.dropped[id] = statements[i]
	}
	lead, path := y.as("p5"), y.waves[1].report+"/change"
	rows := y.rows(lead.get(path + "?format=csv"))
	y.same("changes", len(rows), len(all))
	for i, row := range rows {
		y.same("a change", row[0]+", "+y.named[row[2]]+row[1], names[i])
		y.compareMoved(names[i], row[3:], all[i])
	}
	return factors, others, statements
}

// compareChange holds what the second report says of the first, in file, page and JSON, against the answers to both.
func (y *year) compareChange() {
	y.t.Helper()
	factors, others, statements := y.compareChanges()
	then, now := y.wholes()
	page := y.as("p5").get(y.waves[1].report + "/change")
	y.compareChangePage(page, factors, others)
	for _, row := range y.table(page, "Characteristic") {
		id := y.named[row[0]]
		m := statements[slices.Index(y.statements(), id)]
		for i, want := range []float64{m.then, m.now, m.by} {
			y.cell("change of "+id, dashed(row[1+i]), &toldFigure{mean: want}, meanOf)
		}
		y.same(id+" has moved", row[4], m.how)
	}
	y.compareMixes(page, then, now)
}

// compareChangePage holds the finding, and the tables of factors and of units, of the page.
func (y *year) compareChangePage(page answer, factors, others []*moved) {
	y.t.Helper()
	up, down := 0, 0
	for i, row := range y.table(page, "Factor") {
		switch factors[i].how {
		case "clearly up":
			up++
		case "clearly down":
			down++
		}
		if p := factors[i].adjusted; p < .01 && row[8] == "< 0.01" {
			row[8] = fmt.Sprint(p)
		}
		y.compareMoved("page, "+row[0], row[1:], factors[i])
	}
	heading := "No factor has moved clearly since January."
	switch {
	case up > 0 && down > 0:
		heading = fmt.Sprintf("Since January %d factors are clearly up and %d down.", up, down)
	case up > 0:
		heading = fmt.Sprintf("%d of 5 factors are clearly up since January.", up)
	case down > 0:
		heading = fmt.Sprintf("%d of 5 factors are clearly down since January.", down)
	}
	says(y.t, page, heading)
	lead := y.as("p5")
	for _, top := range []string{"House", "Rivers", "Hills", "Coast"} {
		for _, row := range y.table(lead.get(y.waves[1].report+"/change?below="+y.unitNamed(y.t, top)), "Unit") {
			for i := range y.factors {
				m := factors[i]
				if at := slices.Index(y.inTree(""), row[0]); at > 0 {
					m = others[(at-1)*len(y.factors)+i]
				}
				y.same(fmt.Sprint("page, ", row[0], ", factor ", i), row[1+i], arrowed(m))
			}
		}
	}
}

// arrowed is a difference as a table of units shows it.
func arrowed(m *moved) string {
	if math.IsNaN(m.by) {
		return "cannot tell"
	}
	return strings.TrimSuffix(signedTo(m.by, 1)+map[string]string{"clearly up": " ▲", "clearly down": " ▼", "cannot tell": " ?"}[m.how], " ")
}

// signedTo writes a difference with its sign, halves away from 0; one of nothing has none.
func signedTo(v float64, digits int) string {
	scale := math.Pow10(digits)
	v = math.Copysign(math.Floor(math.Abs(v)*scale+.5+1e-6)/scale, v)
	if v == 0 {
		return fmt.Sprintf("%.*f", digits, 0.)
	}
	return strings.Replace(fmt.Sprintf("%+.*f", digits, v), "-", "−", 1)
}

// compareMixes holds how much of the change of all comes of who answered, by the regions and by each attribute that
// both waves report (Kitagawa).
func (y *year) compareMixes(page answer, then, now *finding) {
	y.t.Helper()
	var shown struct{ Mixes []struct{ By string } }
	if err := json.Unmarshal([]byte(y.as("p5").get(page.at+"?format=json").body), &shown); err != nil {
		y.t.Fatal(err)
	}
	by := *now.overall - *then.overall
	const others = "the others"
	said := []string{}
	for _, attribute := range append([]string{""}, y.waves[1].by...) {
		parts := map[string]*[2][2]float64{} // weight and mean, then and now
		for i, w := range y.waves {
			whole := w.found[group{table: -1}]
			left, sum := float64(whole.n), float64(whole.n)**whole.overall
			for g, f := range w.found {
				at := slices.Index(w.by, attribute)
				if f.overall == nil || attribute == "" && (g.table != 0 || y.unit(g.unit).under != "House") || attribute != "" && (at < 0 || g.table != at+1) {
					continue
				}
				key := g.label()
				if parts[key] == nil {
					parts[key] = &[2][2]float64{}
				}
				parts[key][i] = [2]float64{float64(f.n), *f.overall}
				left, sum = left-float64(f.n), sum-float64(f.n)**f.overall
			}
			if left >= 1 {
				if parts[others] == nil {
					parts[others] = &[2][2]float64{}
				}
				parts[others][i] = [2]float64{left, min(10, max(1, sum/left))}
			}
		}
		if shown := len(slices.DeleteFunc(slices.Collect(maps.Keys(parts)), func(key string) bool { return key == others })); shown < 2 || attribute != "" && !slices.Contains(y.waves[0].by, attribute) {
			continue
		}
		people := 0.0
		for _, p := range parts {
			if p[0][0] == 0 {
				p[0][1] = p[1][1]
			}
			if p[1][0] == 0 {
				p[1][1] = p[0][1]
			}
			people += (p[1][0]/float64(now.n) - p[0][0]/float64(then.n)) * (p[0][1] + p[1][1]) / 2
		}
		name := map[string]string{"": "units", "country": "Country", "level": "Level", "shift": "shift"}[attribute]
		said = append(said, fmt.Sprintf("By %s: %s comes of who answered, %s of what they say.", name, signedTo(people, 2), signedTo(by-people, 2)))
	}
	y.same("splits", len(shown.Mixes), len(said))
	says(y.t, page, append(said, "The overall score has changed by "+signedTo(by, 2)+".")...)
	if len(said) < 3 {
		y.t.Errorf("the change is split only so: %v", said)
	}
}

// keeps says how a promise stands, by how its figures have moved.
func (m *moved) keeps(promise float64) string {
	switch {
	case m.how == "cannot tell":
		return "cannot tell"
	case promise == 0:
		return "nothing promised"
	case m.adjusted <= .05 && m.by < 0:
		return "not kept: clearly down"
	case !(m.adjusted <= .05):
		return "not kept: no clear change"
	case m.by >= promise-1e-9:
		return "kept"
	}
	return "kept in part: clearly up, by less"
}

// movedIn is what became of some statements together in a unit.
func (y *year) movedIn(unit string, items []string) *moved {
	then, now := y.waves[0].unitGroup(unit), y.waves[1].unitGroup(unit)
	if unit == "House" {
		then, now = y.wholes()
	}
	return becameOf(then.together(items), now.together(items))
}

// comparePromises holds what became of each focal point, in file and page, against the answers to both diagnoses.
func (y *year) comparePromises() {
	y.t.Helper()
	var whole, parts []*moved
	in := map[string]*moved{}
	for _, p := range promised {
		for _, unit := range []string{"House", "Coast", "Hills", "Rivers", "School"} {
			m := y.movedIn(unit, p.items)
			if in[p.theme+unit] = m; unit == "House" {
				whole = append(whole, m)
			} else {
				parts = append(parts, m)
			}
		}
		for _, r := range p.advice {
			m := y.movedIn("House", r.items)
			in[p.theme+r.text], whole = m, append(whole, m)
		}
	}
	settled(whole)
	settled(parts)
	lead, path := y.as("p5"), y.waves[1].report+"/promises"
	rows := y.rows(lead.get(path + "?format=csv"))
	y.same("promises", len(rows), len(in))
	page, kept, partly := lead.get(path), 0, 0
	for _, row := range rows {
		p := promised[slices.IndexFunc(promised, func(p promise) bool { return p.theme == row[0] })]
		points, m := p.by, in[row[0]+row[1]+row[2]]
		if row[1] != "" {
			points = p.advice[slices.IndexFunc(p.advice, func(r advice) bool { return r.text == row[1] })].by
		} else if row[2] == "" {
			m = in[row[0]+"House"]
		}
		what := fmt.Sprintf("%q %s in %s", p.theme, row[1], row[2])
		y.compareMoved(what, row[5:], m)
		if row[2] != "" {
			y.same(what+" was promised", row[3]+row[4], "")
			continue
		}
		y.same(what+" was promised", row[3], points)
		y.same(what+" is kept", row[4], m.keeps(points))
		y.verdicts[row[4]]++
		how := ""
		if points > 0 {
			how = "Promised " + signedTo(points, 2) + ". "
		}
		if row[1] != "" {
			how = row[1] + " " + m.keeps(points) + ". " + how
		} else {
			how = p.theme + " · " + m.keeps(points) + " " + how
			switch m.keeps(points) {
			case "kept":
				kept++
			case "kept in part: clearly up, by less":
				partly++
			}
		}
		says(y.t, page, fmt.Sprintf("%sMoved %s (%s to %s), from %s to %s.", how, signedTo(m.by, 2), signedTo(m.by-m.half, 2), signedTo(m.by+m.half, 2), oneDigit(m.then), oneDigit(m.now)))
	}
	others, n := 0.0, 0.0
	then, now := y.wholes()
	for _, f := range y.factors {
		for _, id := range y.items[f] {
			if about := slices.ContainsFunc(promised, func(p promise) bool { return slices.Contains(p.items, id) }); !about && then.of[id] != nil && now.of[id] != nil {
				others, n = others+now.of[id].mean-then.of[id].mean, n+1
			}
		}
	}
	says(y.t, page, fmt.Sprintf("Kept: %d of %d promises of January; in part: %d.", kept, len(promised), partly),
		"The characteristics that no focal point is about moved "+signedTo(others/n, 2)+" meanwhile.", fmt.Sprintf("%.1f years apart", y.years()))
	y.comparePromisePage(page, in)
}

// comparePromisePage holds the tables of regions on the page of promises.
func (y *year) comparePromisePage(page answer, in map[string]*moved) {
	y.t.Helper()
	page.page().Find("main section.card").Each(func(_ int, card *goquery.Selection) {
		for _, p := range promised {
			if !strings.Contains(text(card.Find("h2")), p.theme) {
				continue
			}
			card.Find("tbody tr").Each(func(_ int, tr *goquery.Selection) {
				row := tr.Find("th, td").Map(func(_ int, cell *goquery.Selection) string { return dashed(text(cell)) })
				m := in[p.theme+row[0]]
				for i, want := range []float64{m.then, m.now, m.by} {
					y.cell(p.theme+" in "+row[0]+" on the page", strings.TrimRight(row[1+i], " ▲▼"), &toldFigure{mean: want}, meanOf)
				}
				y.same(p.theme+" in "+row[0]+" has moved", row[4], m.how)
			})
		}
	})
}

// oneDigit writes a score, halves away from 0.
func oneDigit(v float64) string { return fmt.Sprintf("%.1f", math.Floor(v*10+.5+1e-6)/10) }

// came is what became of a focal point, and in which unit that can be told.
type came struct {
	*moved
	unit string
}

// cameOf is what became of each focal point in the smallest unit, from one upwards, of which both diagnoses tell it. Those
// of a unit are judged together.
func (y *year) cameOf(unit string) map[string]came {
	all, family := map[string]came{}, []*moved{}
	for _, p := range promised {
		for at := unit; ; at = y.unit(at).under {
			if m := y.movedIn(at, p.items); !math.IsNaN(m.by) || at == "House" {
				all[p.theme], family = came{m, at}, append(family, m)
				break
			}
		}
	}
	settled(family)
	return all
}

// judged says on a time line how a promise stands.
func (c came) judged(promise float64) string {
	kept := strings.TrimSuffix(strings.TrimPrefix(c.keeps(promise), "not kept: "), ": clearly up, by less")
	return kept + ": " + signedTo(c.by, 2)
}

// in says where it is known of, where that is not here.
func (c came) in(unit string) string {
	if c.unit == unit {
		return ""
	}
	return " in " + c.unit
}

// compareBoards holds what moved, on the page of each management team, against the answers to both diagnoses.
func (y *year) compareBoards() {
	y.t.Helper()
	sure := map[string]string{"clearly up": "Clearly up.", "clearly down": "Clearly down.", "no clear change": "This can be chance.", "cannot tell": "Whether by more than chance, nobody can tell."}
	for _, b := range boards {
		page := y.as(y.head(b.coach).key).get(y.teamOf[b.region])
		for theme, c := range y.cameOf(b.region) {
			says(y.t, page, fmt.Sprintf("%s %s: %s since then: from %s to %s. %s", theme, c.unit, signedTo(c.by, 2), oneDigit(c.then), oneDigit(c.now), sure[c.how]))
		}
	}
}
