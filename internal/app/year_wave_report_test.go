package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"gonum.org/v1/gonum/stat/distuv"
)

// What the report says of its figures: findings in sentences, marks, candidates, sheets of units.

// called is the name of a factor, a statement or an outcome.
func (y *year) called(id string) string {
	for name, of := range y.named {
		if of == id {
			return name
		}
	}
	return ""
}

// lowest is the factor with the lowest score.
func (y *year) lowest(f *finding) string {
	return slices.MinFunc(y.factors, func(a, b string) int { return cmp.Compare(f.of[a].mean, f.of[b].mean) })
}

// furthest is the finding of a group in a sentence.
func (y *year) furthest(f *finding) string {
	low := y.lowest(f)
	return fmt.Sprintf("%s is furthest from 8.5, at %s.", y.called(low), oneDigit(f.of[low].mean))
}

// clear says whether a part differs from the whole by more than chance: the part against the others, with the standard
// deviation of the whole for both.
func clear(part, whole *finding, id string) bool {
	n, all := float64(part.n), float64(whole.n)
	rest := all - n
	return rest > 0 && math.Abs(part.of[id].mean-whole.of[id].mean) > distuv.UnitNormal.Quantile(.975)*rest/all*deviationOf(whole.of[id])*math.Sqrt(1/n+1/rest)
}

// marked is a difference from the whole as a table of units shows it.
func marked(part, whole *finding, id string) string {
	by := part.of[id].mean - whole.of[id].mean
	text := signedTo(by, 1)
	switch {
	case !clear(part, whole, id):
	case by < 0:
		text += " ▼"
	default:
		text += " ▲"
	}
	return text
}

// compareOverview holds the first page of the report, and the units against the whole, against what is to be told.
func (y *year) compareOverview(w *wave) {
	y.t.Helper()
	lead, all := y.as("p5"), w.found[group{table: -1}]
	page, low, reached := lead.get(w.report), y.lowest(all), 0
	for _, id := range y.factors {
		if all.of[id].reaches {
			reached++
		}
	}
	gap := 8.5 - all.of[low].mean
	says(y.t, page, fmt.Sprintf("%d of %d answered (%.0f %%)", all.answered, all.invited, 100*float64(all.answered)/float64(all.invited)), y.furthest(all),
		fmt.Sprintf("Overall %s: %.0f %% on the way. An HPO scores 8.5 or more on every factor; here %d of 5 do.", oneDigit(*all.overall), 10**all.overall, reached),
		fmt.Sprintf("At a realistic 0.3 to 0.5 a year, %s needs %s to %s years.", y.called(low), oneDigit(gap/.5), oneDigit(gap/.3)))
	for i, row := range y.rows(lead.get(w.report + "?format=csv")) {
		if i == len(y.factors) {
			y.cell(w.name+", overall", row[1], &toldFigure{mean: *all.overall}, meanOf)
			continue
		}
		s := all.of[y.factors[i]]
		for at, want := range []float64{s.mean, all.interval(s, -1), all.interval(s, 1), deviationOf(s), float64(all.n)} {
			y.cell(fmt.Sprint(w.name, ", ", row[0], ", ", at), row[1+at], &toldFigure{mean: want}, meanOf)
		}
	}
	for _, top := range []string{"House", "Rivers", "Hills", "Coast"} {
		page := lead.get(w.report + "/units?below=" + y.unitNamed(y.t, top))
		y.compareHeat(w, page, top)
		most, heading := 0.0, "No unit differs clearly from the whole."
		for _, u := range y.inTree("") {
			for _, id := range y.factors {
				f := w.unitGroup(u)
				if u == "House" || u != top && y.unit(u).under != top || f.of[id] == nil || !clear(f, all, id) {
					continue
				}
				if by := f.of[id].mean - all.of[id].mean; math.Abs(by) > math.Abs(most)+1e-9 {
					most, heading = by, fmt.Sprintf("%s is furthest %s the whole: %s, %s.", u, map[bool]string{true: "below", false: "above"}[by < 0], y.called(id), signedTo(by, 1))
				}
			}
		}
		says(y.t, page, heading)
	}
	y.compareHeat(w, page, "House")
}

// compareHeat holds a table of units against the whole.
func (y *year) compareHeat(w *wave, page answer, top string) {
	y.t.Helper()
	all := w.found[group{table: -1}]
	for _, row := range y.table(page, "Unit") {
		f := w.unitGroup(row[0])
		if row[0] != top && y.unit(row[0]).under != top {
			y.t.Errorf("%s: %s stands under %s", page.at, row[0], top)
		}
		if f.why != "" {
			y.same(page.at+", "+row[0], strings.Join(row[1:], " "), "withheld: "+f.why)
			continue
		}
		want := []string{fmt.Sprint(f.n)}
		for _, id := range y.factors {
			switch {
			case f.of[id] == nil:
				want = append(want, "withheld")
			case row[0] == "House":
				want = append(want, oneDigit(f.of[id].mean))
			default:
				want = append(want, marked(f, all, id))
			}
		}
		y.same(page.at+", "+row[0], strings.Join(row[1:], "|"), strings.Join(want, "|"))
		y.reckoned += len(want)
	}
}

// sorted lists the statements that are told of a group, the highest first.
func (y *year) sorted(f *finding) (told []string) {
	for _, id := range y.statements() {
		if f.of[id] != nil && !slices.Contains(y.outcomes, id) {
			told = append(told, id)
		}
	}
	slices.SortStableFunc(told, func(a, b string) int { return cmp.Compare(f.of[b].mean, f.of[a].mean) })
	return told
}

// compareUnitSheets holds the sheet of each unit in plain words, and the words of its page, against what is to be told.
func (y *year) compareUnitSheets(w *wave) {
	y.t.Helper()
	lead, all := y.as("p5"), w.found[group{table: -1}]
	for _, u := range y.units {
		path, f := w.report+"/units/"+y.unitNamed(y.t, u.name), w.unitGroup(u.name)
		sheet := lead.get(path + "/sheet")
		if f.why != "" {
			says(y.t, sheet, u.name+" is withheld: "+f.why+".", "The figures of so few people are not shown")
			y.same(sheet.at+", parts", sheet.page().Find(".onepage").Length(), 0)
			continue
		}
		says(y.t, sheet, u.name+": "+y.furthest(f))
		lists := map[string][]string{}
		sheet.page().Find(".onepage section").Each(func(_ int, part *goquery.Selection) {
			part.Find("li").Each(func(_ int, li *goquery.Selection) {
				line := text(li)
				if b := li.Find("b"); b.Length() > 0 {
					line = text(b)
				}
				lists[text(part.Find("h2"))] = append(lists[text(part.Find("h2"))], line)
			})
		})
		told, want := y.sorted(f), map[string][]string{}
		named := func(ids []string) (lines []string) {
			for _, id := range ids[:min(3, len(told)/2)] {
				lines = append(lines, y.called(id)+" · "+oneDigit(f.of[id].mean))
			}
			return lines
		}
		want["What goes well"] = named(told)
		up := slices.Clone(told)
		slices.Reverse(up)
		want["What asks for attention"] = named(up)
		if u.name != "House" {
			want["Where you differ"] = y.apart(f, all, told)
		}
		if w == y.waves[1] {
			want["Since January"] = y.sinceLines(u.name)
		}
		for heading, lines := range want {
			y.same(sheet.at+", "+heading, strings.Join(lists[heading], "; "), strings.Join(lines, "; "))
			y.reckoned += len(lines)
		}
		y.plainWords(lead.get(path), u.name, f, all, told)
		if w == y.waves[0] { // of which focal points are decided
			for _, p := range promised {
				var own []string
				for _, id := range p.items {
					if s := f.of[id]; s != nil {
						own = append(own, y.called(id)+" "+oneDigit(s.mean))
					}
				}
				if len(own) > 0 {
					says(y.t, sheet, p.theme+". It is so Here: "+strings.Join(own, ", ")+".")
				}
			}
		}
	}
}

// apart says in which statements a unit differs clearly, the widest differences.
func (y *year) apart(f, all *finding, told []string) (lines []string) {
	by := func(id string) float64 { return f.of[id].mean - all.of[id].mean }
	some := slices.DeleteFunc(slices.Clone(told), func(id string) bool { return all.of[id] == nil || !clear(f, all, id) })
	slices.SortStableFunc(some, func(a, b string) int { return cmp.Compare(hundredth(math.Abs(by(b))), hundredth(math.Abs(by(a)))) })
	for _, id := range some[:min(3, len(some))] {
		how := "higher"
		if by(id) < 0 {
			how = "lower"
		}
		lines = append(lines, fmt.Sprintf("%s is %s %s here than in the whole organisation (%s against %s).", y.called(id), oneDigit(math.Abs(by(id))), how, oneDigit(f.of[id].mean), oneDigit(all.of[id].mean)))
	}
	return lines
}

// sinceLines says what of a unit has moved since January.
func (y *year) sinceLines(unit string) (lines []string) {
	known, still := 0, []string{}
	for i, id := range y.factors {
		m := y.changes[unit][i]
		switch m.how {
		case "clearly up":
			lines = append(lines, fmt.Sprintf("%s has risen by %s, to %s.", y.called(id), oneDigit(m.by), oneDigit(m.now)))
		case "clearly down":
			lines = append(lines, fmt.Sprintf("%s has fallen by %s, to %s.", y.called(id), oneDigit(-m.by), oneDigit(m.now)))
		case "cannot tell":
			continue
		default:
			still = append(still, y.called(id))
		}
		known++
	}
	switch {
	case known == 0:
		return []string{"Nobody can tell: there were too few answers then or now, or the unit was another one."}
	case len(lines) == 0:
		return []string{"No factor has moved by more than chance and 0.3."}
	case len(still) > 0:
		lines = append(lines, "No clear change: "+strings.Join(still, ", ")+".")
	}
	return lines
}

// plainWords holds the strongest, the weakest and what is furthest behind on the page of a unit: the first of equals.
func (y *year) plainWords(page answer, unit string, f, all *finding, told []string) {
	y.t.Helper()
	first := func(of func(id string) float64) string {
		best := ""
		for _, id := range y.statements() {
			if slices.Contains(told, id) && (best == "" || of(id) > of(best)+1e-9) {
				best = id
			}
		}
		return best
	}
	high, low := first(func(id string) float64 { return f.of[id].mean }), first(func(id string) float64 { return -f.of[id].mean })
	words := fmt.Sprintf("Strongest here: %s (%s). Weakest: %s (%s).", y.called(high), oneDigit(f.of[high].mean), y.called(low), oneDigit(f.of[low].mean))
	if behind := first(func(id string) float64 { return all.of[id].mean - f.of[id].mean }); unit != "House" && f.of[behind].mean < all.of[behind].mean {
		words += fmt.Sprintf(" Furthest behind the whole organisation: %s (%s).", y.called(behind), signedTo(f.of[behind].mean-all.of[behind].mean, 1))
	}
	says(y.t, page, words)
}

// reason is why a statement is put forward as a focal point.
type reason struct {
	id, why, low, high    string
	figure, lowAt, highAt float64
}

// candidates are the statements that figures put forward: five at most for each reason, the largest figure first; those
// with more reasons first, then the lower score.
func (y *year) candidates(w *wave) (rows []reason) {
	all, of := w.found[group{table: -1}], map[string][]reason{}
	var order []string
	var kinds [4][]reason
	for _, id := range y.statements() {
		s := all.of[id]
		if slices.Contains(y.outcomes, id) || s == nil {
			continue
		}
		if order = append(order, id); s.mean < 8.5 {
			kinds[0] = append(kinds[0], reason{id: id, why: "far below 8.5", figure: 8.5 - s.mean})
		}
		if low, high, n := y.ends(w, id, slices.Index(w.by, "level")+1); n > 1 && s.sd != nil {
			gap := high.f.of[id].mean - low.f.of[id].mean
			if gap > .5-1e-9 && gap > distuv.UnitNormal.Quantile(.975)**s.sd*math.Sqrt(1/float64(low.f.n)+1/float64(high.f.n)) {
				kinds[1] = append(kinds[1], reason{id, "levels see it differently", low.name, high.name, gap, low.f.of[id].mean, high.f.of[id].mean})
			}
		}
		if low, high, n := y.ends(w, id, 0); n >= 3 && s.sd != nil {
			if sd := y.apartBy(w, id); sd >= .3 {
				kinds[2] = append(kinds[2], reason{id, "units differ", low.name, high.name, sd, low.f.of[id].mean, high.f.of[id].mean})
			}
		}
		if m := y.dropped[id]; w == y.waves[1] && m != nil && m.how == "clearly down" {
			kinds[3] = append(kinds[3], reason{id: id, why: "clearly down", figure: -m.by})
		}
	}
	for _, kind := range kinds {
		slices.SortStableFunc(kind, func(a, b reason) int { return cmp.Compare(hundredth(b.figure*1e4), hundredth(a.figure*1e4)) })
		for _, r := range kind[:min(5, len(kind))] {
			of[r.id] = append(of[r.id], r)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Or(len(of[b])-len(of[a]), cmp.Compare(all.of[a].mean, all.of[b].mean))
	})
	for _, id := range order {
		rows = append(rows, of[id]...)
	}
	return rows
}

// end is a group with its name.
type end struct {
	name string
	f    *finding
}

// those are the groups of a table of values that are told, or the units right below the whole.
func (y *year) those(w *wave, id string, table int) (some []end) {
	for g, f := range w.found {
		name := strings.TrimPrefix(g.label(), "|")
		if g.table == table && f.of[id] != nil && name != "" && (table > 0 || y.unit(g.unit).under == "House") {
			some = append(some, end{name, f})
		}
	}
	slices.SortFunc(some, func(a, b end) int { return strings.Compare(a.name, b.name) })
	return some
}

// ends are the lowest and the highest of them, and how many there are.
func (y *year) ends(w *wave, id string, table int) (low, high end, n int) {
	for _, e := range y.those(w, id, table) {
		if n++; low.f == nil || e.f.of[id].mean < low.f.of[id].mean {
			low = e
		}
		if high.f == nil || e.f.of[id].mean > high.f.of[id].mean {
			high = e
		}
	}
	return low, high, n
}

// apartBy is the standard deviation between the units right below the whole, what chance adds to it taken out.
func (y *year) apartBy(w *wave, id string) float64 {
	var means []float64
	chance, sd := 0.0, *w.found[group{table: -1}].of[id].sd
	some := y.those(w, id, 0)
	for _, e := range some {
		means = append(means, e.f.of[id].mean)
		chance += sd * sd / float64(e.f.n) / float64(len(some))
	}
	return math.Sqrt(max(0, deviation(means)*deviation(means)-chance))
}

// compareCandidates holds those on file and page against what is to be told, and the widest gap between levels.
func (y *year) compareCandidates(w *wave) {
	y.t.Helper()
	lead, want := y.as("p5"), y.candidates(w)
	rows := y.rows(lead.get(w.report + "/focal-points?format=csv"))
	y.same(w.name+", reasons", len(rows), len(want))
	page := lead.get(w.report + "/focal-points")
	for i, r := range want[:min(len(rows), len(want))] {
		row, what := rows[i], fmt.Sprint(w.name, ", candidate ", i)
		y.same(what, strings.Join([]string{y.named[row[0]], row[2], row[4], row[6]}, "|"), strings.Join([]string{r.id, r.why, r.low, r.high}, "|"))
		y.close(what+", mean", row[1], w.found[group{table: -1}].of[r.id].mean)
		y.close(what+", figure", row[3], r.figure)
		switch r.why {
		case "far below 8.5":
			says(y.t, page, oneDigit(r.figure)+" below 8.5.")
		case "levels see it differently":
			says(y.t, page, fmt.Sprintf("A gap of %s between levels: %s %s, %s %s.", oneDigit(r.figure), r.low, oneDigit(r.lowAt), r.high, oneDigit(r.highAt)))
		case "units differ":
			says(y.t, page, fmt.Sprintf("from %s at %s to %s at %s.", r.low, oneDigit(r.lowAt), r.high, oneDigit(r.highAt)))
		default:
			says(y.t, page, "Clearly down by "+oneDigit(r.figure)+" since the diagnosis before")
		}
		if r.low != "" {
			y.close(what+", lowest", row[5], r.lowAt)
			y.close(what+", highest", row[7], r.highAt)
		}
		y.verdicts["candidate "+r.why]++
	}
	most, heading := -1.0, ""
	for _, id := range y.factors {
		if low, high, n := y.ends(w, id, slices.Index(w.by, "level")+1); n > 1 && high.f.of[id].mean-low.f.of[id].mean > most+1e-9 {
			most = high.f.of[id].mean - low.f.of[id].mean
			heading = fmt.Sprintf("The widest gap is %s, in %s: %s %s, %s %s.", oneDigit(most), y.called(id), low.name, oneDigit(low.f.of[id].mean), high.name, oneDigit(high.f.of[id].mean))
		}
	}
	if most >= 0 {
		says(y.t, lead.get(w.report), heading)
		says(y.t, lead.get(w.report+"/groups"), heading)
		y.verdicts["gap between levels"]++
	}
}
