package app

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/org"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Some figures need more people and units than the house has: agreement between units, what outcomes go with, what the
// lowest do by themselves, and what changed in the same people. A second house of twelve teams gives its answers by files.

// widen founds it, and lets it answer twice.
func (y *year) widen() *year {
	y.t.Helper()
	wide := &year{t: y.t, site: y.founding(y.t, "wide"), clock: y.clock, also: y.also, clients: map[string]*client{}, verdicts: map[string]int{},
		factors: y.factors, items: y.items, outcomes: y.outcomes, named: y.named, units: []unitOfYear{{"House", "", "Leeds", 0}}}
	wide.on("2026-01-12")
	for _, tree := range []string{"Alder", "Ash", "Beech", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Willow"} {
		wide.units = append(wide.units, unitOfYear{tree, "House", "Leeds", 20})
		for range 20 {
			n := len(wide.people) + 1
			wide.people = append(wide.people, &worker{key: fmt.Sprint("p", n), name: fmt.Sprintf("Worker %03d", n), level: "employee", fte: 1, stays: []stay{{wide.today(), tree}}})
		}
	}
	wide.roster()
	wide.waves[0] = wide.filed("Winter", 0)
	wide.on("2026-11-02")
	wide.waves[1] = wide.filed("Autumn", 1)
	return wide
}

// filed is a diagnosis whose answers come by a file. Of each team the first thirteen keep a code.
func (y *year) filed(name string, later float64) *wave {
	y.t.Helper()
	w := &wave{name: name, day: y.today()}
	w.declare(nil)
	y.open(w, nil)
	var b strings.Builder
	b.WriteString("person,code," + strings.Join(y.statements(), ",") + "\n")
	for i, one := range y.people {
		if y.also.Float64() > .95 {
			continue
		}
		a := y.answers(y.also, one.in(w.day), later)
		if a.who = one.key; i%20 < 13 {
			a.code = strings.Repeat("ABCDEFGHJKLMNPQRSTUVWXYZ"[i%20:i%20+1], 8) + strings.Repeat("ABCDEFGHJKLMNPQRSTUVWXYZ"[i/20:i/20+1], 8)
		}
		a.of["recommend"] = min(10, max(1, int(math.Round(.7*float64(a.of["trust"]+a.of["dialogue"])/2+2+y.also.NormFloat64()))))
		a.of["achievement"] = 1 + y.also.IntN(10)
		if one.in(w.day) == "Oak" && i%20 > 3 { // so there the statement is withheld, and how people differ in its factor
			a.of["trust"] = 0
		}
		row := []string{a.who, a.code}
		for _, id := range y.statements() {
			cell := ""
			if a.of[id] > 0 {
				cell = fmt.Sprint(a.of[id])
			}
			row = append(row, cell)
		}
		b.WriteString(strings.Join(row, ",") + "\n")
		w.answers = append(w.answers, a)
	}
	says(y.t, y.as("p5", whole(org.DiagnosisLead)).upload(w.path+"/answers", url.Values{}, name+".csv", b.String()), fmt.Sprintf("%d of %d have answered", len(w.answers), len(y.people)))
	y.shut(w)
	return w
}

// compareWide holds what only many people and units let be told against the answers.
func (y *year) compareWide() {
	y.t.Helper()
	for _, w := range y.waves {
		y.publish(w)
		y.compareSet(w)
		y.compareWeighted(w)
		y.compareAgreement(w)
		y.compareDrivings(w)
	}
	_, others, _ := y.compareChanges()
	y.compareLowest(others)
	y.compareLinked()
	for what, least := range map[string]int{"statement": 2, "agreement": 10, "goes with": 2, "chance": 1, "lowest": 3, "linked": 5, "clearly up": 4} {
		if y.verdicts[what] < least {
			y.t.Errorf("in the wide house, of %q there are %d, fewer than %d", what, y.verdicts[what], least)
		}
	}
}

// lowestUnits are the groups of the units without any under them.
func (y *year) lowestUnits() (all []group) {
	for _, u := range y.teams() {
		all = append(all, group{table: 0, unit: u.name})
	}
	return all
}

// iccs are ICC(1) and ICC(2) of values in groups.
func iccs(groups [][]float64) (one, two float64) {
	all := slices.Concat(groups...)
	n, g := float64(len(all)), float64(len(groups))
	between, within := 0.0, 0.0
	for _, values := range groups {
		off := stat.Mean(values, nil) - stat.Mean(all, nil)
		between += float64(len(values)) * off * off
		within += stat.Variance(values, nil) * float64(len(values)-1)
	}
	msb, msw := between/(g-1), within/(n-g)
	return (msb - msw) / (msb + (n/g-1)*msw), (msb - msw) / msb
}

// skewed is the variance of answers that lean slightly to one side, over ten points: each of five shares lies on two.
func skewed() float64 {
	mean, square := 0.0, 0.0
	for i, share := range []float64{.05, .15, .20, .35, .25} {
		for _, v := range []float64{float64(2*i + 1), float64(2*i + 2)} {
			mean, square = mean+share/2*v, square+share/2*v*v
		}
	}
	return square - mean*mean
}

// agreement is how far people of a unit agree in a factor or an outcome: over the lowest units whose standard deviation is
// told, and for rwg(j) that of every statement, too.
func (y *year) agreement(w *wave, id string) (row [4]float64, units int) {
	var groups [][]float64
	var flat, skew []float64
	items := y.items[id]
	for _, g := range y.lowestUnits() {
		f := w.found[g]
		if f == nil || f.of[id] == nil || f.of[id].sd == nil {
			continue
		}
		values, _ := persons(w.of(g), append(slices.Clone(items), id))
		groups = append(groups, values)
		variance, told := 0.0, len(items) > 0
		for _, about := range items {
			s := f.of[about]
			told = told && s != nil && s.sd != nil
			given, _ := persons(w.of(g), []string{about})
			variance += stat.Variance(given, nil) / float64(len(items))
		}
		if j := float64(len(items)); told {
			for null, all := range map[float64]*[]float64{(100. - 1) / 12: &flat, skewed(): &skew} {
				r := min(1, variance/null)
				*all = append(*all, j*(1-r)/(j*(1-r)+r))
			}
		}
	}
	row[0], row[1] = iccs(groups)
	row[2], row[3] = stat.Mean(flat, nil), stat.Mean(skew, nil)
	return row, len(groups)
}

// compareAgreement holds reliability and agreement against the answers.
func (y *year) compareAgreement(w *wave) {
	y.t.Helper()
	names := append(slices.Clone(y.factors), y.outcomes...)
	for i, row := range y.rows(y.as("p5").get(w.report + "/method?format=csv")) {
		want, units := y.agreement(w, names[i])
		if units < 10 {
			y.t.Errorf("%s: %s is told of %d units", w.name, names[i], units)
		}
		for at, v := range want {
			y.cell(fmt.Sprint(w.name, ", agreement in ", row[0], ", ", at), row[4+at], &toldFigure{mean: v}, meanOf)
		}
		y.verdicts["agreement"]++
	}
}

// explained is R² of the last of some columns on a set of the others.
func explained(cov *mat.SymDense, set int) float64 {
	var in []int
	for j := range cov.SymmetricDim() - 1 {
		if set>>j&1 == 1 {
			in = append(in, j)
		}
	}
	if len(in) == 0 {
		return 0
	}
	k, last := len(in), cov.SymmetricDim()-1
	x, b := mat.NewDense(k, k, nil), mat.NewVecDense(k, nil)
	for a, i := range in {
		b.SetVec(a, cov.At(i, last))
		for c, j := range in {
			x.Set(a, c, cov.At(i, j))
		}
	}
	var beta mat.VecDense
	if err := beta.SolveVec(x, b); err != nil {
		return math.NaN()
	}
	return mat.Dot(&beta, b) / cov.At(last, last)
}

// shares divides R² among the others (Lindeman, Merenda, Gold).
func shares(cov *mat.SymDense) (parts []float64, r2 float64) {
	p := cov.SymmetricDim() - 1
	factorial := func(n int) float64 { return math.Gamma(float64(n) + 1) }
	of := make([]float64, 1<<p)
	for set := range of {
		of[set] = explained(cov, set)
	}
	parts = make([]float64, p)
	for set := range of {
		for j := range p {
			if n := bits.OnesCount(uint(set)); set>>j&1 == 0 {
				parts[j] += factorial(n) * factorial(p-n-1) / factorial(p) * (of[set|1<<j] - of[set])
			}
		}
	}
	return parts, of[len(of)-1]
}

// compareDrivings holds what each outcome goes with against the answers: R² and the shares to the digit, the intervals,
// which are drawn by lot, against those of draws of our own.
func (y *year) compareDrivings(w *wave) {
	y.t.Helper()
	type relation struct {
		Unknown string `json:"cannot_tell"`
		Needed  int
		R2      float64
		Shares  []struct{ Share, From, To float64 }
	}
	var drivings []struct {
		Outcome                  string
		Factors, Characteristics relation
	}
	if err := json.Unmarshal([]byte(y.as("p5").get(w.report+"/outcomes?format=json").body), &drivings); err != nil {
		y.t.Fatal(err)
	}
	for i, d := range drivings {
		what := w.name + ", what goes with " + d.Outcome
		y.same(what, d.Outcome, y.outcomes[i])
		y.same(what+", statements", fmt.Sprint(d.Characteristics), "{too few complete answers 330 0 []}")
		var people [][]float64
		for _, a := range w.counted {
			row := []float64{}
			for _, id := range y.factors {
				mean, _ := persons([]answered{a}, y.items[id])
				row = append(row, mean...)
			}
			if a.of[d.Outcome] > 0 {
				people = append(people, append(row, float64(a.of[d.Outcome])))
			}
		}
		n, p := float64(len(people)), 5.
		parts, r2 := shares(covariance(people))
		chance := distuv.F{D1: p, D2: n - p - 1}.Survival(r2 / p / ((1 - r2) / (n - p - 1)))
		if chance > .05 {
			y.same(what, fmt.Sprint(d.Factors), "{no relation beyond chance 109 0 []}")
			y.verdicts["chance"]++
			continue
		}
		y.close(what+", R²", fmt.Sprintf("%.2f", d.Factors.R2), r2)
		drawn := make([][]float64, len(parts))
		for range 300 {
			again := make([][]float64, len(people))
			for i := range again {
				again[i] = people[y.also.IntN(len(people))]
			}
			some, of := shares(covariance(again))
			for j := range some {
				drawn[j] = append(drawn[j], some[j]/of)
			}
		}
		for j, s := range d.Factors.Shares {
			y.close(fmt.Sprint(what, ", share ", j), fmt.Sprintf("%.2f", s.Share), parts[j]/r2)
			slices.Sort(drawn[j])
			if from, to := drawn[j][7], drawn[j][292]; math.Abs(from-s.From) > .05 || math.Abs(to-s.To) > .05 {
				y.t.Errorf("%s: the share of %d lies from %g to %g, by other draws from %g to %g", what, j, s.From, s.To, from, to)
			}
		}
		y.verdicts["goes with"]++
	}
}

// covariance is that of columns.
func covariance(rows [][]float64) *mat.SymDense {
	x := mat.NewDense(len(rows), len(rows[0]), slices.Concat(rows...))
	var cov mat.SymDense
	stat.CovarianceMatrix(&cov, x, nil)
	return &cov
}

// compareLowest holds what became of the lowest fifth of the units, and what was to be expected of it by itself.
func (y *year) compareLowest(others []*moved) {
	y.t.Helper()
	var shown struct {
		Regression []struct {
			Factor, Units       int
			Rise, All, Expected float64
		}
	}
	if err := json.Unmarshal([]byte(y.as("p5").get(y.waves[1].report+"/change?format=json").body), &shown); err != nil {
		y.t.Fatal(err)
	}
	var want []string
	for i, id := range y.factors {
		var told []*moved
		for u := range y.teams() {
			if m := others[u*len(y.factors)+i]; !math.IsNaN(m.by) {
				told = append(told, m)
			}
		}
		if len(told) < 10 {
			continue
		}
		slices.SortFunc(told, func(a, b *moved) int { return int(1e6 * (a.then - b.then)) })
		n := len(told) / 5
		rise, low, all, mean := 0.0, 0.0, 0.0, 0.0
		for at, m := range told {
			all, mean = all+m.by/float64(len(told)), mean+m.then/float64(len(told))
			if at < n {
				rise, low = rise+m.by/float64(n), low+m.then/float64(n)
			}
		}
		icc, _ := y.agreement(y.waves[0], id)
		want = append(want, fmt.Sprintf("%d %d %.6f %.6f %.6f", i, n, rise, all, (1-min(1, max(0, hundredth(icc[1]))))*(mean-low)))
		y.verdicts["lowest"]++
	}
	var got []string
	for _, r := range shown.Regression {
		got = append(got, fmt.Sprintf("%d %d %.6f %.6f %.6f", r.Factor, r.Units, r.Rise, r.All, r.Expected))
	}
	y.same("the lowest", strings.Join(got, "; "), strings.Join(want, "; "))
}

// compareLinked holds what changed in who kept a code against their answers then and now. A pair counts where five at least
// share its places, then and now; as many must be left beside them.
func (y *year) compareLinked() {
	y.t.Helper()
	var shown struct {
		Linked *struct {
			People  int
			Factors []struct {
				Difference, Half, P, Adjusted float64
				Movement                      string
			}
		}
	}
	page := y.as("p5").get(y.waves[1].report + "/change")
	if err := json.Unmarshal([]byte(y.as("p5").get(page.at+"?format=json").body), &shown); err != nil || shown.Linked == nil {
		y.t.Fatal(err, "nobody is linked")
	}
	type pair struct{ then, now answered }
	var pairs []pair
	together := map[[2]place]int{}
	at := func(p pair) [2]place { return [2]place{y.waves[0].stood[p.then.who], y.waves[1].stood[p.now.who]} }
	for _, then := range y.waves[0].counted {
		for _, now := range y.waves[1].counted {
			if p := (pair{then, now}); then.code != "" && then.code == now.code {
				pairs = append(pairs, p)
				together[at(p)]++
			}
		}
	}
	pairs = slices.DeleteFunc(pairs, func(p pair) bool { return together[at(p)] < 5 })
	y.same("linked people", shown.Linked.People, len(pairs)/10*10)
	says(y.t, page, fmt.Sprintf("At least %d people kept a code then and typed it in now.", len(pairs)/10*10))
	var family []*moved
	for _, id := range y.factors {
		var by []float64
		for _, p := range pairs {
			then, _ := persons([]answered{p.then}, y.items[id])
			now, _ := persons([]answered{p.now}, y.items[id])
			by = append(by, now[0]-then[0])
		}
		se := deviation(by) / math.Sqrt(float64(len(by)))
		t := distuv.StudentsT{Sigma: 1, Nu: float64(len(by) - 1)}
		m := &moved{by: hundredth(stat.Mean(by, nil)), half: hundredth(se * t.Quantile(.975))}
		m.p = 2 * t.CDF(-math.Abs(stat.Mean(by, nil))/se)
		family = append(family, m)
	}
	settled(family)
	words := map[string]string{"up": "clearly up", "down": "clearly down", "small": "clear, but less than 0.3", "unclear": "no clear change"}
	upTo := func(p float64) float64 { return math.Ceil(p*1000) / 1000 }
	for i, is := range shown.Linked.Factors {
		m := family[i]
		y.same(fmt.Sprint("linked, factor ", i), fmt.Sprintf("%.2f %.2f %.3f %.3f %s", is.Difference, is.Half, is.P, is.Adjusted, words[is.Movement]), fmt.Sprintf("%.2f %.2f %.3f %.3f %s", m.by, m.half, upTo(m.p), upTo(m.adjusted), m.how))
		y.verdicts["linked"]++
	}
}
