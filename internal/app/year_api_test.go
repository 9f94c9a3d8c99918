package app

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
)

// near holds a number that a program is told against what it should be; nil is one that is not known.
func (y *year) near(what string, is any, want float64) {
	y.t.Helper()
	y.compared++
	v, known := is.(float64)
	if known == math.IsNaN(want) || known && math.Abs(v-want) > 1e-6*math.Max(1, math.Abs(want)) {
		y.t.Errorf("the API, %s: %v is told, want %v", what, is, want)
	}
}

// program is somebody's program, which asks the API.
func (y *year) program(key string) *program {
	return y.calls(y.t, y.accountOf(y.t, y.who(key).mail()))
}

// compareAPI holds what programs are told of diagnoses, scorecards, the ledger, the profile and effects against what is reckoned.
func (y *year) compareAPI() {
	y.t.Helper()
	before := y.compared
	head, lead, house := y.program("p3"), y.program("p5"), y.unitNamed(y.t, "House")
	for _, w := range y.waves {
		y.compareWaveByAPI(lead, w)
	}
	var unit fields
	lead.must(http.StatusOK, "GET", "/units/"+house, "", &unit)
	people, fte := y.at(y.today(), "House"), 0.0
	for _, w := range people {
		fte += w.fte
	}
	y.near("people", unit["people"], float64(len(people)))
	y.near("full-time equivalents", unit["fte"], fte)

	var card struct{ Lines []fields }
	head.must(http.StatusOK, "GET", "/scorecards/"+house, "", &card)
	followed := y.followed()
	for _, line := range card.Lines {
		n := slices.IndexFunc(followed, func(k tracked) bool { return k.name == line["name"] })
		if n < 0 {
			y.t.Errorf("the API tells of %v", line["name"])
			continue
		}
		f := y.reading(followed[n], "House", simulated)
		foreseen, came := foreseen{math.NaN(), math.NaN(), math.NaN(), ""}, fields{}
		if f.foreseen != nil {
			foreseen = *f.foreseen
		}
		if of, there := line["forecast"].(fields); there {
			came = of
		}
		for part, is := range map[string]struct {
			told any
			want float64
		}{
			"last year": {line["last_year"], f.last}, "plan": {line["plan"], f.plan}, "to date": {line["to_date"], f.now}, "of the plan": {line["of_plan"], f.share},
			"forecast": {came["value"], foreseen.at}, "forecast from": {came["low"], foreseen.low}, "forecast to": {came["high"], foreseen.high},
		} {
			y.near(fmt.Sprint(f.name, ", ", part), is.told, is.want)
		}
	}

	span := fmt.Sprintf("?from=%d-01&until=%d-11", simulated, simulated)
	told := map[string]any{}
	for _, m := range head.list("/effort/efficiency" + span) {
		told[m["name"].(string)] = m["value"]
	}
	for name, want := range y.known {
		measure := name
		for _, unit := range []string{", EUR", ", %", ", days"} {
			measure = strings.TrimSuffix(measure, unit)
		}
		y.near(name, told[measure], want)
	}
	var account struct{ Blend, Spending fields }
	head.must(http.StatusOK, "GET", "/effort/account"+span, "", &account)
	s := y.sum("House", date(1, 1), lastDay(11))
	y.near("hours", account.Blend["hours"], s.learned/60)
	for kind, cents := range map[string]float64{"internal": s.internal, "supplier": s.supplier, "tuition": s.tuition, "direct": s.cost["learning"]} {
		y.close("the API, "+kind, fmt.Sprintf("%.2f", account.Spending[kind]), cents/100)
	}

	profile := y.profile()
	for i, part := range head.list("/profile") {
		p := profile[i]
		y.same("the API, "+p.id, fmt.Sprint(part["part"], " ", part["score"]), fmt.Sprint(p.id, " ", strings.Replace(p.score(), "–", "<nil>", 1)))
		for n, m := range part["measures"].([]any) {
			y.near(p.of[n].name, m.(fields)["value"], p.of[n].value)
		}
	}
	acts, reach, seen := head.list("/involvement"), 0.0, 0.0
	for _, a := range acts {
		if n, there := a["reach"].(float64); there {
			reach += n
		}
	}
	for _, a := range y.acts {
		seen += float64(a.reach)
	}
	y.near("acts", float64(len(acts)), float64(len(y.acts)))
	y.near("people reached by acts", reach, seen)
	for _, e := range head.list("/effects") {
		study := y.proof.regions
		if e["cause"] == y.proof.lot.name {
			study = y.proof.lot
		}
		y.same("the API, "+study.name, fmt.Sprint(e["grade"], e["finding"]), study.grade+study.finding)
		for part, want := range map[string]float64{"effect": study.v, "low": study.low, "high": study.high} {
			y.near(study.name+", "+part, e[part], want)
		}
	}
	if n := y.compared - before; n < 1300 {
		y.t.Errorf("%d figures of the API are compared", n)
	}
}

// compareWaveByAPI holds every unit, and every value of every attribute, of a diagnosis.
func (y *year) compareWaveByAPI(lead *program, w *wave) {
	y.t.Helper()
	tell := func(what string, of any, f *finding, names []string) {
		for _, id := range names {
			want := math.NaN()
			if s := f.of[id]; s != nil {
				want = s.mean
			}
			y.near(fmt.Sprint(w.name, ", ", what, ", ", id), of.(fields)[id], want)
		}
	}
	for _, u := range lead.list(w.report + "/units") {
		f := w.unitGroup(u["name"].(string))
		why := map[string]string{"": "<nil>", tooFew: "fewer than the minimum", workable: "could be worked out"}[f.why]
		y.same(w.name+": why a unit is withheld", fmt.Sprint(u["withheld"]), why)
		tell(u["name"].(string), u["factors"], f, y.factors)
		tell(u["name"].(string), u["characteristics"], f, y.statements())
	}
	for _, g := range lead.list(w.report + "/groups") {
		by, key := g["by"].([]any), g["key"].([]any)
		a := slices.Index(w.by, by[0].(string))
		if len(by) > 1 || a < 0 {
			continue
		}
		f := w.found[group{table: 1 + a, of: [4]string{key[0].(string)}}]
		if f == nil {
			y.t.Errorf("%s: the API tells of %v", w.name, key)
			continue
		}
		tell(key[0].(string), g["factors"], f, y.factors)
	}
}
