package app

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
)

// wave is a diagnosis: who was asked and who answered what.
type wave struct {
	name, path, day, closed string
	report                  string
	asked                   map[string]int // by unit
	answers                 []answered
	shown, told             map[string]map[string]string // unit -> factor, or statement -> what the report says
}

// answered is what somebody answered; 0 is 'I cannot judge this'.
type answered struct {
	unit string
	of   map[string]int // item -> answer
}

// read takes the names of what is asked off the shipped instrument.
func (y *year) read() {
	y.t.Helper()
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		y.t.Fatal(err)
	}
	y.items, y.named = map[string][]string{}, map[string]string{}
	for _, f := range in.Factors {
		y.factors = append(y.factors, f.ID)
		y.named[f.Name["en"]] = f.ID
		for _, it := range f.Items {
			y.items[f.ID] = append(y.items[f.ID], it.ID)
			y.named[it.Name["en"]] = it.ID
		}
	}
}

// promised are the points that were promised of each focal point, by its characteristics.
var promised = []struct {
	theme string
	items []string
	by    float64
}{{"We talk", []string{"dialogue", "involvement"}, .5}, {"We coach", []string{"coaching"}, .4}, {"We keep our word", []string{"trust", "integrity"}, .3}}

// diagnosed runs a diagnosis of everybody: it is opened, answered, closed and released.
func (y *year) diagnosed(name string, later float64) *wave {
	y.t.Helper()
	lead, day := y.as("p5"), y.today()
	w := &wave{name: name, day: day, asked: map[string]int{}}
	closes := y.clock.now().AddDate(0, 0, 14).Format("2006-01-02")
	a := lead.post("/diagnoses", url.Values{"name": {name}, "roster": {day}, "opens": {day + "T00:00"}, "closes": {closes + "T18:00"}, "minimum": {"5"}})
	if a.status != http.StatusSeeOther {
		y.t.Fatalf("setting up: %d %s", a.status, a.said())
	}
	w.path = a.location
	if a := lead.follow(lead.post(w.path+"/opening", nil)); a.status != http.StatusOK || a.at != w.path {
		y.t.Fatalf("opening: %d %s", a.status, a.said())
	}
	unit := map[string]string{}
	for _, one := range y.people {
		if in := one.in(day); in != "" {
			unit[one.name], w.asked[in] = in, w.asked[in]+1
		}
	}
	links := y.rows(lead.get(w.path + "/links?format=csv"))
	y.same(name+": links", len(links), len(unit))
	secrets := map[string]string{}
	for _, l := range links {
		secrets[l[1]] = strings.TrimPrefix(l[4], y.address)
	}
	for _, one := range y.people {
		if unit[one.name] == "" || y.r.Float64() > .85 {
			continue
		}
		given := y.answers(unit[one.name], later)
		form := url.Values{"~sure": {"1"}}
		for item, v := range given.of {
			form.Set(item, strconv.Itoa(v))
			if v == 0 {
				form.Set(item, diagnosis.CannotJudgeValue)
			}
		}
		if a := y.anybody(y.t).post(secrets[one.name], form); a.status != http.StatusOK {
			y.t.Fatalf("%s answers: %d %s", one.name, a.status, a.said())
		}
		w.answers = append(w.answers, given)
	}
	y.on(closes)
	w.closed = closes
	if a := lead.follow(lead.post(w.path+"/closure", url.Values{"sure": {"1"}})); a.status != http.StatusOK || a.at != w.path+"/report" {
		y.t.Fatalf("closing: %d %s", a.status, a.said())
	}
	w.report = w.path + "/report"
	if a := lead.post(w.report+"/release", url.Values{"to": {"everyone"}}); a.status != http.StatusSeeOther {
		y.t.Fatalf("releasing: %d %s", a.status, a.said())
	}
	return w
}

// answers are made up: units and people differ, what focal points are about rises later.
func (y *year) answers(unit string, later float64) answered {
	a := answered{unit: unit, of: map[string]int{}}
	factors, items := y.factors, y.items
	self := 5.6 + float64(len(unit)%3)*.5 + y.r.NormFloat64()*.8
	leaves := 0.02
	if y.r.IntN(12) == 0 {
		leaves = .3 // some can judge little, and do not count
	}
	for _, f := range factors {
		for _, item := range items[f] {
			v := self + y.r.NormFloat64()*1.3
			for _, p := range promised {
				for _, about := range p.items {
					if about == item {
						v += 1.2*later - .8
					}
				}
			}
			if a.of[item] = min(10, max(1, int(math.Round(v)))); y.r.Float64() < leaves {
				a.of[item] = 0
			}
		}
	}
	return a
}

// counts are the answers of those of a unit, with all under it, who count: four of five statements, and one at
// least of each factor.
func (y *year) counts(w *wave, unit string) (all []answered) {
	factors, items := y.factors, y.items
	for _, a := range w.answers {
		total, given, each := 0, 0, true
		for _, f := range factors {
			some := false
			for _, item := range items[f] {
				if total++; a.of[item] > 0 {
					given++
					some = true
				}
			}
			each = each && some
		}
		if each && 10*given >= 8*total && y.under(y.stands(w, a.unit), unit) {
			all = append(all, a)
		}
	}
	return all
}

// stands is where the answers of a unit's own people count: where fewer than five were asked, they count in the
// lowest unit above in which five are together.
func (y *year) stands(w *wave, unit string) string {
	own, to := maps.Clone(w.asked), map[string]string{}
	for _, u := range slices.Backward(y.units) { // those below before those above
		if to[u.name] = u.name; own[u.name] < 5 && u.under != "" {
			own[u.under] += own[u.name]
			to[u.name] = u.under
		}
	}
	for to[unit] != unit {
		unit = to[unit]
	}
	return unit
}

// item is the mean of the answers to one statement, and how many there are.
func item(all []answered, id string) (mean float64, n int) {
	sum := 0
	for _, a := range all {
		if a.of[id] > 0 {
			sum, n = sum+a.of[id], n+1
		}
	}
	return float64(sum) / float64(n), n
}

// score is the mean of a factor: that of its statements. Where one of them is withheld in a unit, the factor lies as
// far from that of the whole as the other statements do.
func score(all, part []answered, items []string, shown map[string]bool) float64 {
	whole, off, n := 0.0, 0.0, 0
	for _, id := range items {
		of, _ := item(all, id)
		whole += of / float64(len(items))
		if shown[id] {
			own, _ := item(part, id)
			off, n = off+own-of, n+1
		}
	}
	return whole + off/float64(n)
}

// compareWave holds the scores of every unit against the answers, and sees that nothing of fewer than five is shown.
func (y *year) compareWave(w *wave) {
	y.t.Helper()
	lead, shown := y.as("p5"), map[string]int{}
	factors, items := y.factors, y.items
	all := y.counts(w, "House")
	w.shown, w.told = map[string]map[string]string{}, map[string]map[string]string{}
	for _, row := range y.rows(lead.get(w.report + "/units?format=csv")) {
		unit, scores := row[0], row[5:]
		part := y.counts(w, unit)
		if row[4] != "" {
			if strings.Join(scores, "") != "" || row[3] != "" {
				y.t.Errorf("%s, %s: %v, and is withheld", w.name, unit, row)
			}
			if body := lead.get(w.report + "/units/" + y.unitNamed(y.t, unit) + "?format=json").body; strings.Contains(body, `"mean"`) {
				y.t.Errorf("%s: the page of %s tells %s", w.name, unit, body)
			}
			continue
		}
		if shown[unit] = len(part); len(part) < 5 {
			y.t.Errorf("%s: %s is shown, where %d count", w.name, unit, len(part))
		}
		y.same(w.name+", answers of "+unit, row[3], len(part))
		told := y.compareItems(w, unit, part)
		w.shown[unit] = map[string]string{}
		for f, id := range factors {
			w.shown[unit][id] = scores[f]
			y.close(w.name+", "+unit+", "+id, scores[f], score(all, part, items[id], told))
		}
	}
	y.leaves(w, shown)
	overall, invited := 0.0, 0
	everything := map[string]bool{}
	for _, f := range factors {
		for _, id := range items[f] {
			everything[id] = true
		}
	}
	for _, f := range factors {
		overall += score(all, all, items[f], everything) / float64(len(factors))
	}
	for _, n := range w.asked {
		invited += n
	}
	rows := y.rows(lead.get(w.report + "?format=csv"))
	y.close(w.name+", overall", rows[len(rows)-1][1], overall)
	rate := fmt.Sprintf("%d of %d answered (%.0f %%)", len(w.answers), invited, 100*float64(len(w.answers))/float64(invited))
	says(y.t, lead.get(w.report), rate)
}

// compareItems holds the statements of a unit against the answers, and returns those that are told.
func (y *year) compareItems(w *wave, unit string, part []answered) map[string]bool {
	y.t.Helper()
	told := map[string]bool{}
	w.told[unit] = map[string]string{}
	for _, row := range y.rows(y.as("p5").get(w.report + "/units/" + y.unitNamed(y.t, unit) + "?format=csv")) {
		id, there := y.named[row[0]]
		if row[2] == "" || !there || slices.Contains(y.factors, id) {
			continue
		}
		w.told[unit][id] = row[2]
		want, n := item(part, id)
		if told[id] = true; n < 5 {
			y.t.Errorf("%s, %s: %s is told of %d", w.name, unit, id, n)
		}
		y.close(w.name+", "+unit+", "+id, row[2], want)
	}
	return told
}

// leaves sees that what shown units leave of a shown unit above them is nobody, or five at least.
func (y *year) leaves(w *wave, shown map[string]int) {
	y.t.Helper()
	if len(shown) < 8 || shown["House"] == 0 {
		y.t.Errorf("%s: %v are shown", w.name, shown)
	}
	for top, n := range shown {
		for name, part := range shown {
			if y.unit(name).under == top {
				n -= part
			}
		}
		if n > 0 && n < 5 {
			y.t.Errorf("%s: what is shown under %s leaves %d", w.name, top, n)
		}
	}
}

// compareChange holds the differences between the two diagnoses against those of what both reports say.
func (y *year) compareChange() {
	y.t.Helper()
	then, now, n := y.waves[0], y.waves[1], 0
	for _, row := range y.rows(y.as("p5").get(now.report + "/change?format=csv")) {
		id := y.named[row[2]]
		if !slices.Contains(y.factors, id) {
			continue
		}
		a, b := then.shown[row[0]][id], now.shown[row[0]][id]
		y.same(row[0]+", "+id+" then", row[3], a)
		y.same(row[0]+", "+id+" now", row[4], b)
		if a == "" || b == "" {
			y.same(row[0]+", "+id+" moved", row[5], "")
			continue
		}
		n++
		y.close(row[0]+", "+id+" moved", row[5], number(b)-number(a))
	}
	if n < 20 {
		y.t.Errorf("%d changes are told", n)
	}
}
