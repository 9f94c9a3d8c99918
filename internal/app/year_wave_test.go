package app

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
)

// wave is a diagnosis: who was asked and who answered what, and what of that is to be told.
type wave struct {
	name, path, day, closed string
	report                  string
	by                      []string // attributes
	tables                  []tabled
	answers                 []answered

	stood   map[string]place // by key, of all who were asked
	places  []place
	in      map[group][]bool // which places are in each
	counted []answered
	found   map[group]*finding
}

// answered is what somebody answered; 0 is 'I cannot judge this'.
type answered struct {
	who   string
	of    map[string]int // item -> answer
	wrote [2]string      // to each question; "" for nothing
	code  string         // that is kept
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
	for _, it := range in.Outcomes {
		y.outcomes = append(y.outcomes, it.ID)
		y.named[it.Name["en"]] = it.ID
	}
}

// promise is what was promised of a focal point: points, on some characteristics, and on those of what is recommended.
// What people see of it rises by so much.
type promise struct {
	theme    string
	items    []string
	by, rise float64
	advice   []advice
}

type advice struct {
	text  string
	items []string
	by    float64
}

var promised = []promise{
	{"We talk", []string{"dialogue", "involvement"}, .5, 1.2, []advice{{"Ask before you tell", []string{"dialogue"}, .4}, {"Say it aloud", []string{"involvement"}, 0}}},
	{"We coach", []string{"coaching"}, 1.5, 1.2, nil},
	{"We keep our word", []string{"trust", "integrity"}, .3, -1.4, nil},
}

// diagnosed runs a diagnosis of everybody: it is opened, answered by links, closed and released.
func (y *year) diagnosed(name string, later float64) *wave {
	y.t.Helper()
	lead, day := y.as("p5"), y.today()
	w := &wave{name: name, day: day}
	form := url.Values{"unit-crossing": {"level", "shift"}}
	if later == 0 {
		w.declare([]string{"country", "level", "shift"}, tabled{true, 2, []int{1}}, tabled{true, 2, []int{2}}, tabled{by: []int{1, 2}})
		form["depth"], form["crossing"] = []string{"2"}, []string{"level+shift"}
	} else {
		w.declare([]string{"country", "level", "location", "shift"}, tabled{true, 1, []int{1}}, tabled{true, 1, []int{3}}, tabled{by: []int{2, 3}})
		form["depth"], form["further"] = []string{"1"}, []string{"location + shift"}
	}
	y.open(w, form)
	links := y.rows(lead.get(w.path + "/links?format=csv"))
	y.same(name+": links", len(links), len(y.at(day, "House")))
	secrets := map[string]string{}
	for _, l := range links {
		secrets[l[1]] = strings.TrimPrefix(l[4], y.address)
	}
	for _, one := range y.people {
		if one.in(day) == "" {
			continue
		}
		from := y.r
		if y.r.Float64() > .85 {
			if one.level == "employee" {
				continue
			}
			from = y.also // who leads answers all the same
		}
		given := y.answers(from, one.in(day), later)
		given.who = one.key
		form := url.Values{"~sure": {"1"}}
		y.alsoSays(&given, form)
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
	y.shut(w)
	return w
}

// open sets a diagnosis of everybody up for a fortnight and opens it.
func (y *year) open(w *wave, form url.Values) {
	y.t.Helper()
	w.closed = y.clock.now().AddDate(0, 0, 14).Format("2006-01-02")
	form = merged(form, url.Values{"name": {w.name}, "roster": {w.day}, "opens": {w.day + "T00:00"}, "closes": {w.closed + "T18:00"}, "minimum": {"5"}, "attribute": w.by})
	lead := y.as("p5")
	a := lead.post("/diagnoses", form)
	if a.status != http.StatusSeeOther {
		y.t.Fatalf("setting up: %d %s", a.status, a.said())
	}
	w.path = a.location
	if a := lead.follow(lead.post(w.path+"/opening", nil)); a.status != http.StatusOK || a.at != w.path {
		y.t.Fatalf("opening: %d %s", a.status, a.said())
	}
}

// shut closes it on its day, and releases it to everyone.
func (y *year) shut(w *wave) {
	y.t.Helper()
	y.on(w.closed)
	lead := y.as("p5")
	if a := lead.follow(lead.post(w.path+"/closure", url.Values{"sure": {"1"}})); a.status != http.StatusOK || a.at != w.path+"/report" {
		y.t.Fatalf("closing: %d %s", a.status, a.said())
	}
	w.report = w.path + "/report"
	if a := lead.post(w.report+"/release", url.Values{"to": {"everyone"}}); a.status != http.StatusSeeOther {
		y.t.Fatalf("releasing: %d %s", a.status, a.said())
	}
}

// answers are made up: units and people differ, what focal points are about rises later.
func (y *year) answers(from *rand.Rand, unit string, later float64) answered {
	a := answered{of: map[string]int{}}
	factors, items := y.factors, y.items
	self := 5.6 + float64(len(unit)%3)*.5 + from.NormFloat64()*.8
	leaves := 0.02
	if from.IntN(12) == 0 {
		leaves = .3 // some can judge little, and do not count
	}
	for _, f := range factors {
		for _, item := range items[f] {
			v := self + from.NormFloat64()*1.3
			for _, p := range promised {
				for _, about := range p.items {
					if about == item {
						v += p.rise*later - .8
					}
				}
			}
			if a.of[item] = min(10, max(1, int(math.Round(v)))); from.Float64() < leaves {
				a.of[item] = 0
			}
		}
	}
	return a
}

// alsoSays adds what somebody says of the outcomes, and writes.
func (y *year) alsoSays(a *answered, form url.Values) {
	for _, id := range y.outcomes {
		if v := y.also.IntN(11); v > 0 || y.also.IntN(2) == 0 {
			a.of[id] = v
		}
	}
	for i, question := range []string{"keep", "change"} {
		if y.also.Float64() < []float64{.6, .35}[i] {
			a.wrote[i] = fmt.Sprintf("%s would %s the morning round", a.who, question)
			form.Set(question, a.wrote[i])
		}
	}
}

// counts says whether somebody's answers count: four of five statements, and one at least of each factor.
func (y *year) counts(a answered) bool {
	total, given := 0, 0
	for _, f := range y.factors {
		some := false
		for _, item := range y.items[f] {
			if total++; a.of[item] > 0 {
				given++
				some = true
			}
		}
		if !some {
			return false
		}
	}
	return 10*given >= 8*total
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
