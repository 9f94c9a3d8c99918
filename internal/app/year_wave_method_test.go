package app

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// How far the figures hold, and the same figures in other files.

// covariances are those of some statements: of who answered all of them, or, pair by pair, of who answered both; and of how
// many people the least rests.
func covariances(all []answered, items []string, pairwise bool) (*mat.SymDense, int) {
	cov, least := mat.NewSymDense(len(items), nil), len(all)
	for i, a := range items {
		for j, b := range items[:i+1] {
			needed := items
			if pairwise {
				needed = []string{a, b}
			}
			var x, y []float64
			for _, one := range all {
				if !slices.ContainsFunc(needed, func(id string) bool { return one.of[id] == 0 }) {
					x, y = append(x, float64(one.of[a])), append(y, float64(one.of[b]))
				}
			}
			cov.SetSym(i, j, stat.Covariance(x, y, nil))
			least = min(least, len(x))
		}
	}
	return cov, least
}

// alpha is Cronbach's.
func alpha(cov *mat.SymDense) float64 {
	k := float64(cov.SymmetricDim())
	return k / (k - 1) * (1 - mat.Trace(cov)/mat.Sum(cov))
}

// omega is McDonald's, of one factor by maximum likelihood: for given error variances the loadings are the first principal
// axis of what is left once each statement is divided by its error (Lawley), and the errors what the loadings leave.
func omega(cov *mat.SymDense) float64 {
	k := cov.SymmetricDim()
	theta, loading := make([]float64, k), make([]float64, k)
	for i := range theta {
		theta[i] = cov.At(i, i) / 2
	}
	scaled := mat.NewSymDense(k, nil)
	for range 2000 {
		for i := range k {
			for j := range i + 1 {
				scaled.SetSym(i, j, cov.At(i, j)/math.Sqrt(theta[i]*theta[j]))
			}
		}
		var eigen mat.EigenSym
		eigen.Factorize(scaled, true)
		var axes mat.Dense
		eigen.VectorsTo(&axes)
		still := true
		for i := range k {
			loading[i] = axes.At(i, k-1) * math.Sqrt((eigen.Values(nil)[k-1]-1)*theta[i])
			left := cov.At(i, i) - loading[i]*loading[i]
			still, theta[i] = still && math.Abs(left-theta[i]) < 1e-9, left
		}
		if still {
			break
		}
	}
	sum, errors := 0.0, 0.0
	for i := range k {
		sum, errors = sum+loading[i], errors+theta[i]
	}
	return sum * sum / (sum*sum + errors)
}

// compareMethod holds how far the figures hold, who did not answer and what the outcomes go with against the answers. No
// agreement between units is told: fewer than ten are lowest.
func (y *year) compareMethod(w *wave) {
	y.t.Helper()
	lead := y.as("p5")
	names := append(slices.Clone(y.factors), y.outcomes...)
	for i, row := range y.rows(lead.get(w.report + "/method?format=csv")) {
		y.same("a row of reliability", y.named[row[0]], names[i])
		y.same(w.name+", agreement in "+row[0], strings.Join(row[4:], ""), "")
		if i >= len(y.factors) {
			y.same(w.name+", reliability of "+row[0], strings.Join(row[1:], ""), "")
			continue
		}
		complete, n := covariances(w.counted, y.items[names[i]], false)
		pairs, m := covariances(w.counted, y.items[names[i]], true)
		if n < 30 || m < 30 {
			y.t.Errorf("%s: %d have answered all of %s", w.name, n, names[i])
		}
		for at, want := range []float64{alpha(complete), alpha(pairs), omega(complete)} {
			y.cell(fmt.Sprint(w.name, ", reliability of ", row[0], ", ", at), row[1+at], &toldFigure{mean: want}, meanOf)
		}
	}
	y.compareWeighted(w)
	// Of fewer than 109 and 330 complete answers nobody can tell what an outcome goes with.
	var drivings []struct {
		Outcome                  string
		Factors, Characteristics struct {
			Unknown string `json:"cannot_tell"`
			Needed  int
			Shares  []any
		}
	}
	if err := json.Unmarshal([]byte(lead.get(w.report+"/outcomes?format=json").body), &drivings); err != nil {
		y.t.Fatal(err)
	}
	for i, d := range drivings {
		few := "too few complete answers"
		y.same(w.name+", what goes with "+d.Outcome, fmt.Sprint(d.Factors, d.Characteristics), fmt.Sprintf("{%s %d []} {%[1]s %[3]d []}", few, 50+8*5+19, 50+8*35))
		y.same("an outcome", d.Outcome, y.outcomes[i])
	}
	y.same("outcomes", len(drivings), len(y.outcomes))
	says(y.t, lead.get(w.report+"/outcomes"), "What the outcomes go with cannot be told.", "Cannot tell: fewer than 109 people answered all of it.")
}

// compareWeighted holds what all would have toldFigure had every part answered as willingly: of each, its mean counts with how many
// of it were asked. What is not told is one part.
func (y *year) compareWeighted(w *wave) {
	y.t.Helper()
	all := w.found[group{table: -1}]
	ids := append([]string{"overall"}, y.factors...)
	mean := func(f *finding, id string) float64 {
		switch {
		case id == "overall" && f.overall != nil:
			return *f.overall
		case id == "overall" || f.of[id] == nil:
			return math.NaN()
		}
		return f.of[id].mean
	}
	want := [][]string{{"as answered", "", ""}}
	values := [][]float64{{}}
	for _, id := range ids {
		values[0] = append(values[0], mean(all, id))
	}
	for a, name := range append([]string{"units"}, w.by...) {
		least, most, n := 1.0, 0.0, 0
		var parts []*finding
		for g, f := range w.found {
			if f.why == "" && g.table == a && (a > 0 || y.unit(g.unit).under == "House") {
				share := float64(f.answered) / float64(f.invited)
				parts, least, most, n = append(parts, f), min(least, share), max(most, share), n+1
			}
		}
		if n < 2 {
			continue
		}
		if a > 0 && name != "shift" {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		want = append(want, []string{"weighted by " + name, fmt.Sprintf("%.0f %%", 100*least), fmt.Sprintf("%.0f %%", 100*most)})
		var row []float64
		for _, id := range ids {
			left, asked, sum := float64(all.n), float64(all.invited), mean(all, id)*float64(all.n)
			weight, total := 0.0, 0.0
			for _, f := range parts {
				if m := mean(f, id); !math.IsNaN(m) {
					n, invited := float64(f.n), float64(f.invited)
					left, asked, sum = left-n, asked-invited, sum-m*n
					weight, total = weight+invited, total+m*invited
				}
			}
			if left >= 1 && asked >= 1 {
				weight, total = weight+asked, total+min(10, max(1, sum/left))*asked
			}
			row = append(row, total/weight)
		}
		values = append(values, row)
	}
	rows := y.rows(y.as("p5").get(w.report + "/method?table=weighted&format=csv"))
	y.same(w.name+", weightings", len(rows), len(want))
	for i, row := range rows[:min(len(rows), len(want))] {
		y.same(w.name+", a weighting", strings.ReplaceAll(strings.Join(row[:3], "|"), "\u00a0", " "), strings.Join(want[i], "|"))
		for at, v := range values[i] {
			y.cell(fmt.Sprint(w.name, ", ", row[0], ", ", ids[at]), row[3+at], &toldFigure{mean: v}, meanOf)
		}
		y.verdicts["weighting"]++
	}
}

// compareHistograms holds how many gave each answer, on the page of the statements, against the answers.
func (y *year) compareHistograms(w *wave) {
	y.t.Helper()
	all := w.found[group{table: -1}]
	y.as("p5").get(w.report + "/characteristics").page().Find("tbody tr").Each(func(_ int, tr *goquery.Selection) {
		name, _, _ := strings.Cut(tr.Find("th").Contents().First().Text(), "\n")
		s := all.of[y.named[strings.TrimSpace(name)]]
		want := "withheld"
		if s != nil && s.answers != nil {
			var parts []string
			for i, n := range s.answers {
				parts = append(parts, fmt.Sprintf("%d: %d", i+1, n))
			}
			want = "Number of people by answer: " + strings.Join(parts, ", ")
			y.verdicts["histogram"]++
		}
		y.same(w.name+", answers to "+name, tr.Find("svg").AttrOr("aria-label", text(tr.Find("td").Last())), want)
	})
}

// compareManagement holds each sheet of the workbook for management against the file of the same table, which is held against
// the answers, read by another's program.
func (y *year) compareManagement(w *wave) {
	y.t.Helper()
	lead := y.as("p5")
	book, err := excelize.OpenReader(strings.NewReader(lead.get(w.report + "/management?format=xlsx").body))
	if err != nil {
		y.t.Fatal(err)
	}
	defer book.Close()
	paths := []string{"?format=csv", "/characteristics?format=csv", "/units?format=csv"}
	for n := range w.tables[1:] {
		paths = append(paths, fmt.Sprintf("/groups?table=%d&format=csv", n))
	}
	if w == y.waves[1] {
		paths = append(paths, "/change?format=csv", "/promises?format=csv")
	}
	paths = append(paths, "/focal-points?format=csv", "", "/method?format=csv", "/method?table=weighted&format=csv")
	if w == y.waves[1] { // in which none are chosen
		paths = slices.DeleteFunc(paths, func(path string) bool { return path == "" })
	}
	sheets := book.GetSheetList()
	y.same(w.name+", sheets", len(sheets), len(paths))
	for i, path := range paths {
		if path == "" || i >= len(sheets) {
			continue
		}
		rows, err := book.GetRows(sheets[i])
		if err != nil {
			y.t.Fatal(err)
		}
		want := y.rows(lead.get(w.report + path))
		y.same(w.name+", rows of "+sheets[i], len(rows)-1, len(want))
		for at, row := range want[:min(len(want), len(rows)-1)] {
			y.same(fmt.Sprint(w.name, ", ", sheets[i], ", row ", at), strings.Join(rows[at+1], "|"), strings.TrimRight(strings.Join(row, "|"), "|"))
			y.reckoned += len(row)
		}
	}
}

// compareUnitList holds the units as programs read them against what is to be told.
func (y *year) compareUnitList(w *wave) {
	y.t.Helper()
	for _, top := range []string{"House", "Rivers", "Hills", "Coast"} {
		var list []struct {
			Name                     string
			Withheld                 *string
			N, Invited               *int
			Factors, Characteristics map[string]*float64
			Spread                   map[string]struct{ SD, From, To float64 }
		}
		if err := json.Unmarshal([]byte(y.as("p5").get(w.report+"/units?format=json&below="+y.unitNamed(y.t, top)).body), &list); err != nil {
			y.t.Fatal(err)
		}
		for _, is := range list {
			f, what := w.unitGroup(is.Name), w.name+", "+is.Name+" for programs"
			y.same(what, is.Withheld == nil && is.N != nil && *is.N == f.n && *is.Invited == f.invited, f.why == "")
			y.same(what+", counts", is.N == nil && is.Invited == nil, f.why != "")
			for _, id := range append(slices.Clone(y.factors), y.statements()...) {
				mean, spread, s := is.Factors[id], "", f.of[id]
				if mean == nil {
					mean = is.Characteristics[id]
				}
				if one, there := is.Spread[id]; there {
					spread = fmt.Sprintf("%.6f %.6f %.6f", one.SD, one.From, one.To)
				}
				var want *float64
				wantSpread := ""
				if s != nil {
					if want = &s.mean; s.sd != nil && slices.Contains(y.factors, id) {
						wantSpread = fmt.Sprintf("%.6f %.6f %.6f", *s.sd, f.interval(s, -1), f.interval(s, 1))
					}
				}
				y.same(what+", "+id, shownTo(mean)+spread, shownTo(want)+wantSpread)
				y.reckoned++
			}
		}
	}
}
