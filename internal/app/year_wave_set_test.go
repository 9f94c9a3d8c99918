package app

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"gonum.org/v1/gonum/stat/distuv"
)

// storedSet is the set that a diagnosis stores, as its report gives it to programs.
type storedSet struct {
	Units      []struct{ Name string }
	Attributes []struct {
		Name   string
		Values []string
	}
	UnitsOnly                     bool `json:"units_only"`
	Invited, Respondents, Counted int
	Groups                        []struct {
		T, U, Verdict, N, Answered, Invited int
		V                                   [4]int
		Overall                             *float64
		Factors, Items                      []*struct {
			Mean, SE  float64
			Reaches   bool
			SD        *float64
			Histogram []int
		}
	}
}

// compareWave holds everything that the report of a wave tells, and what it withholds, against the answers.
func (y *year) compareWave(w *wave) {
	y.t.Helper()
	y.publish(w)
	y.compareSet(w)
	y.compareUnits(w)
	y.compareGroups(w)
	y.compareComments(w)
	y.compareOverview(w)
}

// compareSet holds the published set against what is to be told, group by group and figure by figure.
func (y *year) compareSet(w *wave) {
	y.t.Helper()
	var set storedSet
	if err := json.Unmarshal([]byte(y.as("p5").get(w.report+"?format=json").body), &set); err != nil {
		y.t.Fatal(err)
	}
	y.same(w.name+": people", fmt.Sprint(set.Invited, set.Respondents, set.Counted, set.UnitsOnly), fmt.Sprint(len(w.stood), len(w.answers), len(w.counted), false))
	reasons := []string{"", tooFew, workable}
	for _, is := range set.Groups {
		g := group{table: is.T}
		if is.T >= 0 {
			for i, a := range w.tables[is.T].by {
				if is.V[i] >= 0 {
					g.of[i] = set.Attributes[a].Values[is.V[i]]
				}
			}
			if w.tables[is.T].units {
				g.unit = set.Units[is.U].Name
			}
		}
		what, f := fmt.Sprintf("%s, table %d, %s", w.name, g.table, g.label()), w.found[g]
		if f == nil {
			y.t.Errorf("%s: it is not reported", what)
			continue
		}
		y.verdicts[f.why]++
		y.same(what, fmt.Sprint(reasons[is.Verdict], " ", is.N, is.Answered, is.Invited), fmt.Sprint(f.why, " ", f.n, f.answered, f.invited))
		y.same(what+", overall", shownTo(is.Overall), shownTo(f.overall))
		names := append(slices.Clone(y.factors), y.statements()...)
		figures := append(is.Factors, is.Items...)
		if f.why == "" && len(figures) != len(y.factors) && len(figures) != len(names) {
			y.t.Errorf("%s has %d figures", what, len(figures))
		}
		for i, id := range names {
			var s *toldFigure
			if i < len(figures) && figures[i] != nil {
				s = &toldFigure{figures[i].Mean, figures[i].Reaches, figures[i].SD, figures[i].SE, figures[i].Histogram}
			}
			if f.of[id] == nil && f.why == "" && i < len(figures) {
				y.verdicts["statement"]++
			}
			y.same(what+", "+id, s, f.of[id])
			y.reckoned++
		}
	}
	y.same(w.name+", groups", len(set.Groups), len(w.found))
}

// shownTo is a figure with two decimals, "" where it is withheld.
func shownTo(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.2f", *v)
}

// cell reports a figure of a file that is another than it should be, or withheld on one side alone.
func (y *year) cell(what, shown string, want *toldFigure, part func(*toldFigure) float64) {
	y.t.Helper()
	switch {
	case want == nil || math.IsNaN(part(want)):
		y.same(what, shown, "")
	case shown == "":
		y.same(what, "nothing", part(want))
	default:
		y.close(what, shown, part(want))
	}
	y.reckoned++
}

func meanOf(s *toldFigure) float64 { return s.mean }

func deviationOf(s *toldFigure) float64 {
	if s.sd == nil {
		return math.NaN()
	}
	return *s.sd
}

// interval is where the mean of a factor lies at this moment: of those invited, n count.
func (f *finding) interval(s *toldFigure, side float64) float64 {
	left := 1 - float64(f.n)/float64(f.invited)
	return s.mean + side*distuv.UnitNormal.Quantile(.975)*deviationOf(s)/math.Sqrt(float64(f.n))*math.Sqrt(left)
}

// unitGroup is what is to be told of a unit.
func (w *wave) unitGroup(unit string) *finding {
	if f := w.found[group{table: 0, unit: unit}]; f != nil {
		return f
	}
	return &finding{why: tooFew}
}

// compareUnits holds the list of units, and the page and file of each, against what is to be told.
func (y *year) compareUnits(w *wave) {
	y.t.Helper()
	lead := y.as("p5")
	all := w.found[group{table: -1}]
	rows := y.rows(lead.get(w.report + "/units?format=csv"))
	y.same(w.name+", units", len(rows), len(y.units))
	for i, row := range rows {
		unit := y.inTree("")[i]
		what, f := w.name+", "+unit, w.unitGroup(unit)
		counts := []string{unit, y.unit(unit).under, "", "", f.why}
		if f.why == "" {
			counts[2], counts[3] = fmt.Sprint(f.invited), fmt.Sprint(f.n)
		}
		y.same(what, strings.Join(row[:5], "|"), strings.Join(counts, "|"))
		for i, id := range y.factors {
			y.cell(what+", "+id, row[5+i], f.of[id], meanOf)
		}
		path := w.report + "/units/" + y.unitNamed(y.t, unit)
		file := y.rows(lead.get(path + "?format=csv"))
		names := append(slices.Clone(y.factors), y.statements()...)
		y.same(what+", figures", len(file), len(names))
		for i, id := range names {
			row, s := file[i], f.of[id]
			y.same(what+", name", y.named[row[0]], id)
			y.cell(what+", "+id, row[2], s, meanOf)
			y.cell(what+", SD of "+id, row[3], s, deviationOf)
			y.cell(what+", whole of "+id, row[4], all.of[id], meanOf)
			y.cell(what+", difference of "+id, row[5], s, func(s *toldFigure) float64 {
				if all.of[id] == nil {
					return math.NaN()
				}
				return s.mean - all.of[id].mean
			})
			if i >= len(y.factors) {
				y.same(what+", interval of "+id, row[6]+row[7], "")
				continue
			}
			y.cell(what+", interval of "+id, row[6], s, func(s *toldFigure) float64 { return f.interval(s, -1) })
			y.cell(what+", interval of "+id, row[7], s, func(s *toldFigure) float64 { return f.interval(s, 1) })
		}
		y.compareUnitPage(w, unit, f, lead.get(path))
	}
}

// compareUnitPage holds what the page of a unit says against what is to be told.
func (y *year) compareUnitPage(w *wave, unit string, f *finding, page answer) {
	y.t.Helper()
	if f.why != "" {
		says(y.t, page, "withheld", unit+" is withheld: "+f.why+".")
		y.same(w.name+", pictures of "+unit, page.page().Find("svg.picture").Length(), 0)
		return
	}
	says(y.t, page, fmt.Sprintf("%d of %d answered (%.0f %%)", f.answered, f.invited, 100*float64(f.answered)/float64(f.invited)))
	tables := page.page().Find("table")
	of := func(table int) (rows [][]string) {
		tables.Eq(table).Find("tbody tr").Each(func(_ int, tr *goquery.Selection) {
			rows = append(rows, tr.Find("th, td").Map(func(_ int, cell *goquery.Selection) string { return dashed(text(cell)) }))
		})
		return rows
	}
	for i, row := range of(0) {
		if i == len(y.factors) { // the mean of the factors
			y.same(unit+", overall", row[1], shownTo(f.overall))
			continue
		}
		s := f.of[y.factors[i]]
		what := w.name + ", page of " + unit + ", " + row[0]
		y.cell(what, row[1], s, meanOf)
		y.cell(what, row[2], s, func(s *toldFigure) float64 { return f.interval(s, -1) })
		y.cell(what, row[3], s, func(s *toldFigure) float64 { return f.interval(s, 1) })
		y.cell(what, row[4], s, deviationOf)
	}
	for i, row := range of(1) {
		y.cell(w.name+", page of "+unit+", "+row[0], row[2], f.of[y.statements()[i]], meanOf)
		y.cell(w.name+", page of "+unit+", "+row[0], row[3], f.of[y.statements()[i]], deviationOf)
	}
}

// dashed is a cell of a page, "" where nothing is told.
func dashed(cell string) string { return strings.TrimPrefix(cell, "–") }

// compareGroups holds the levels, the other values and the crossings, in file and page, against what is to be told; and
// the statements of the whole.
func (y *year) compareGroups(w *wave) {
	y.t.Helper()
	lead := y.as("p5")
	page := lead.get(w.report + "/groups").page().Find("main table")
	y.same(w.name+", tables", page.Length(), len(w.tables)-1)
	order := []int{} // levels come first
	for t := range w.tables[1:] {
		order = append(order, t+1)
	}
	at := slices.Index(w.by, "level")
	order = slices.Insert(slices.Delete(order, at, at+1), 0, at+1)
	for n, t := range order {
		d, left := w.tables[t], map[string]*finding{}
		for g, f := range w.found {
			if g.table == t && !slices.Contains(g.of[:len(d.by)], "") { // of whom nothing is kept, nothing is said
				left[g.label()] = f
			}
		}
		first := len(d.by)
		if d.units {
			first++
		}
		for i, row := range y.rows(lead.get(fmt.Sprintf("%s/groups?table=%d&format=csv", w.report, n))) {
			key := strings.Join(row[:first], "|")
			if !d.units {
				key = "|" + key
			}
			f := left[key]
			if f == nil {
				y.t.Errorf("%s: table %d has %v", w.name, t, row)
				continue
			}
			delete(left, key)
			onPage := page.Eq(n).Find("tbody tr").Eq(i).Find("th, td").Map(func(_ int, cell *goquery.Selection) string { return dashed(text(cell)) })
			count := ""
			if f.why == "" {
				count = fmt.Sprint(f.n)
			}
			what := fmt.Sprint(w.name, ", table ", t, ", ", key)
			y.same(what, strings.Join(row[first:first+2], "|"), count+"|"+f.why)
			y.same(what+" on the page", strings.Join(onPage[:first+1], "|"), strings.Join(row[:first+1], "|"))
			for i, id := range y.factors {
				y.cell(what+", "+id, row[first+2+i], f.of[id], meanOf)
				y.cell(what+" on the page, "+id, onPage[len(onPage)-len(y.factors)+i], f.of[id], meanOf)
			}
		}
		y.same(fmt.Sprint(w.name, ", left of table ", t), len(left), 0)
	}
	all := w.found[group{table: -1}]
	for i, row := range y.rows(lead.get(w.report + "/characteristics?format=csv")) {
		id := y.statements()[i]
		y.same(w.name+", statement", y.named[row[0]], id)
		y.cell(w.name+", "+id, row[2], all.of[id], meanOf)
		y.cell(w.name+", SD of "+id, row[3], all.of[id], deviationOf)
	}
}

// compareComments holds the list of each unit, in files and on pages, against what was written: a list is told where
// ten wrote something, and where what it leaves of another is nobody's or that of ten; each comment stands in the
// lowest list that is told, and those above it.
func (y *year) compareComments(w *wave) {
	y.t.Helper()
	lead, of := y.as("p5"), map[string][]string{}
	for question := range 2 {
		var writers []string
		for _, a := range w.answers {
			if a.wrote[question] != "" {
				writers = append(writers, a.who)
			}
		}
		people := w.people(writers)
		units := slices.DeleteFunc(y.order(w, people), func(g group) bool { return g.table > 0 || w.found[g].why != "" })
		told := w.decide(units, [][]int{people}, 10)
		for _, a := range w.answers {
			at := w.stood[a.who].unit
			for at != "" && !told[group{table: 0, unit: at}] {
				at = y.unit(at).under
			}
			for ; at != "" && a.wrote[question] != ""; at = y.unit(at).under {
				of[at] = append(of[at], a.wrote[question])
			}
		}
	}
	for _, u := range y.units {
		path := w.report + "/comments?unit=" + y.unitNamed(y.t, u.name)
		var shown []string
		for _, row := range y.rows(lead.get(path + "&format=csv")) {
			shown = append(shown, row[1])
		}
		slices.Sort(shown)
		slices.Sort(of[u.name])
		y.same(w.name+", comments of "+u.name, strings.Join(shown, "; "), strings.Join(of[u.name], "; "))
		heading := fmt.Sprintf("%d comments of %s", len(shown), u.name)
		if len(shown) == 0 {
			heading = "No comments of " + u.name + " are shown."
		}
		says(y.t, lead.get(path), heading)
		if u.name != "House" && len(shown) > 0 {
			y.verdicts["list of comments"]++
		}
	}
}

// compareEnough sees that the year is one in which all of that happens: groups are withheld for both reasons,
// statements by themselves, and much is shown.
func (y *year) compareEnough() {
	y.t.Helper()
	for what, least := range map[string]int{"": 60, tooFew: 9, workable: 14, "statement": 20, "list of comments": 3,
		"clearly up": 3, "no clear change": 40, "cannot tell": 50, "kept": 1, "gap between levels": 1, "weighting": 6, "histogram": 5,
		"clearly down": 2, "candidate far below 8.5": 10, "candidate levels see it differently": 1, "candidate units differ": 6, "candidate clearly down": 1, "kept in part: clearly up, by less": 1, "not kept: clearly down": 1} {
		if y.verdicts[what] < least {
			y.t.Errorf("of %q there are %d, fewer than %d", what, y.verdicts[what], least)
		}
	}
	if y.reckoned < 17000 {
		y.t.Errorf("%d figures are compared", y.reckoned)
	}
}
