package impactweb

import (
	"encoding/json"
	"math"
	"strconv"

	"throughline/internal/impact"
	"throughline/internal/kit/fault"
)

// Label is a period or unit as its file has it: a number where it is written as one.
type Label string

// MarshalJSON implements json.Marshaler.
func (l Label) MarshalJSON() ([]byte, error) {
	if n, err := strconv.Atoi(string(l)); err == nil && strconv.Itoa(n) == string(l) {
		return []byte(l), nil
	}
	return json.Marshal(string(l))
}

// Number is a figure, null where it is not known.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

// Figure is an estimate with its error and interval.
type Figure struct {
	ATT  Number `json:"att"`
	SE   Number `json:"se"`
	Low  Number `json:"low"`
	High Number `json:"high"`
}

func figure(f impact.Figure, level float64) Figure {
	low, high := f.Interval(level)
	return Figure{Number(f.ATT), Number(f.SE), Number(low), Number(high)}
}

// Answer is an estimate as JSON; what belongs to other methods is left out.
type Answer struct {
	Method   impact.Method `json:"method"`
	Outcome  string        `json:"outcome"`
	Units    int           `json:"units"`
	Periods  []Label       `json:"periods"`
	Level    float64       `json:"level"`
	Controls string        `json:"compared_with,omitempty"`
	Base     string        `json:"base,omitempty"`

	Cells    []Cell    `json:"cells,omitempty"`
	Simple   *Figure   `json:"simple,omitempty"`
	Dynamic  *Family   `json:"dynamic,omitempty"`
	Group    *Family   `json:"group,omitempty"`
	Calendar *Family   `json:"calendar,omitempty"`
	Pretrend *Pretrend `json:"pretrend,omitempty"`
	Honest   *Honest   `json:"honest,omitempty"`
	Checks   []Check   `json:"checks,omitempty"`
	Lots     *Lots     `json:"permutation,omitempty"`

	Overall     *Figure      `json:"overall,omitempty"`
	Events      []Point      `json:"events,omitempty"`
	Coefficient *Coefficient `json:"coefficient,omitempty"`
	Synthetic   *Synthetic   `json:"synthetic,omitempty"`
	Series      []Series     `json:"series,omitempty"`

	Treated  int      `json:"treated"`
	Compared int      `json:"controls"`
	Held     *float64 `json:"held,omitempty"` // share of simulations of few units in which the interval held
	Warnings []string `json:"warnings"`
}

type Cell struct {
	Group   Label  `json:"group"`
	Time    Label  `json:"time"`
	ATT     Number `json:"att"`
	SE      Number `json:"se"`
	Treated int    `json:"treated"`
	Control int    `json:"controls,omitempty"`
}

// Family is cells added up by events, groups or times.
type Family struct {
	Overall  Figure  `json:"overall"`
	Critical Number  `json:"critical,omitempty"`
	Events   []Point `json:"events,omitempty"`
	Groups   []Point `json:"groups,omitempty"`
	Times    []Point `json:"times,omitempty"`
}

type Point struct {
	Event *int   `json:"event,omitempty"`
	Group *Label `json:"group,omitempty"`
	Time  *Label `json:"time,omitempty"`
	Figure
	BandLow  *Number `json:"band_low,omitempty"`
	BandHigh *Number `json:"band_high,omitempty"`
	Units    int     `json:"units"`
}

type Pretrend struct {
	Wald  Number `json:"wald"`
	DF    int    `json:"df"`
	P     Number `json:"p"`
	Sound Number `json:"p_sound"` // as it is judged by: allows for many figures of few clusters
	Of    string `json:"of"`      // cells or events
	Drift Number `json:"drift"`   // a period, that would be noticed four times in five
}

type Honest struct {
	Estimate  Figure  `json:"estimate"`
	Periods   int     `json:"periods"`
	Largest   Number  `json:"largest_change_before"`
	Bounds    []Bound `json:"bounds"`
	Breakdown Number  `json:"breakdown"` // null: beyond what was tried
}

// Lots is the test in which the starts are dealt out again.
type Lots struct {
	P        Number `json:"p"`
	Smallest Number `json:"smallest_p"`
	Draws    int    `json:"draws"`
	Exact    bool   `json:"exact"`
}

type Bound struct {
	M    float64 `json:"m"`
	Low  Number  `json:"low"`
	High Number  `json:"high"`
}

type Check struct {
	Check   impact.CheckKind `json:"check"`
	ATT     Number           `json:"att"`
	Low     Number           `json:"low"`
	High    Number           `json:"high"`
	P       Number           `json:"p"`
	N       int              `json:"n"`
	Verdict impact.Verdict   `json:"verdict"`
}

type Coefficient struct {
	Estimate    Number       `json:"estimate"`
	SE          Number       `json:"se"` // K counts the coefficient alone
	SEAll       Number       `json:"se_all_effects"`
	K           int          `json:"k_all_effects"`
	N           int          `json:"n"`
	Clusters    int          `json:"clusters"`
	Comparisons []Comparison `json:"decomposition"`
	Weights     []Weight     `json:"weights"`
	Negative    Number       `json:"negative_share"`
	Below       Number       `json:"negative_sum"`
	Wild        *Wild        `json:"wild_bootstrap,omitempty"`
}

type Comparison struct {
	Kind     string `json:"kind"`
	Treated  Label  `json:"treated"`
	Control  Label  `json:"control"`
	Weight   Number `json:"weight"`
	Estimate Number `json:"estimate"`
}

type Weight struct {
	Group  Label  `json:"group"`
	Time   Label  `json:"time"`
	Weight Number `json:"weight"`
}

type Wild struct {
	P       Number `json:"p"`
	Draws   int    `json:"draws"`
	Exact   bool   `json:"exact"`
	Weights string `json:"weights"`
	Treated int    `json:"treated_clusters"`
}

type Synthetic struct {
	Figure
	P        Number  `json:"p"`
	Smallest Number  `json:"smallest_p"`
	Placebos int     `json:"placebos"`
	Groups   []Donor `json:"groups"`
}

type Donor struct {
	Group   Label             `json:"group"`
	ATT     Number            `json:"att"`
	Units   map[string]Number `json:"unit_weights"`
	Periods map[string]Number `json:"period_weights"`
}

type Series struct {
	Impact  impact.Impact `json:"impact"`
	Stated  bool          `json:"stated"` // beforehand; the others show what another choice says
	Effect  Figure        `json:"effect"`
	Ratio   *Number       `json:"ratio,omitempty"`
	P       Number        `json:"p"`
	Jump    Number        `json:"jump"`
	Bend    Number        `json:"bend"`
	Trend   Number        `json:"trend"`
	Before  int           `json:"periods_before"`
	After   int           `json:"periods_after"`
	Lag     int           `json:"lag,omitempty"`
	Corr    Number        `json:"autocorrelation"`
	Scale   Number        `json:"dispersion"`
	Fitted  []Number      `json:"fitted"`
	Without []Number      `json:"without"`
}

// JSON is an estimate of an outcome as JSON, with what the reading of its file remarked.
func JSON(outcome string, a *impact.Answer, remarks []fault.Remark) *Answer {
	j := &jotter{a: a, Answer: &Answer{Method: a.Question.Method, Outcome: outcome, Units: len(a.Panel.Units), Level: a.Question.Options.Confidence(), Held: a.Held, Warnings: []string{}}}
	for _, p := range a.Panel.Periods {
		j.Periods = append(j.Periods, Label(p))
	}
	switch {
	case a.Staggered != nil:
		j.staggered(a.Staggered)
	case a.Imputed != nil:
		j.imputed(a.Imputed)
	case a.TwoWay != nil:
		j.twoWay(a.TwoWay)
	case a.Synthetic != nil:
		j.synthetic(a.Synthetic)
	default:
		j.series()
	}
	for _, all := range [][]fault.Remark{remarks, a.Remarks} {
		for _, r := range all {
			j.Warnings = append(j.Warnings, r.String())
		}
	}
	return j.Answer
}

type jotter struct {
	*Answer
	a *impact.Answer
}

func (j *jotter) label(t int) Label {
	switch p := j.a.Panel.Periods; {
	case t < 0:
		return "before"
	case t >= len(p):
		return "never"
	default:
		return Label(p[t])
	}
}

func (j *jotter) staggered(s *impact.Staggered) {
	j.Controls, j.Base = string(j.a.Question.Options.Controls), string(j.a.Question.Options.Base)
	j.Treated, j.Compared = s.Treated, s.Controls
	for _, c := range s.Cells {
		j.Cells = append(j.Cells, Cell{j.label(c.Group), j.label(c.Time), Number(c.ATT), Number(c.SE), c.Treated, c.Controls})
	}
	simple := figure(s.Simple, j.Level)
	j.Simple = &simple
	j.Dynamic, j.Group, j.Calendar = j.family(s.Dynamic), j.family(s.Group), j.family(s.Calendar)
	j.Dynamic.Events = j.points(s.Dynamic, func(at int, p *Point) { p.Event = &at })
	j.Group.Groups = j.points(s.Group, func(at int, p *Point) { l := j.label(at); p.Group = &l })
	j.Calendar.Times = j.points(s.Calendar, func(at int, p *Point) { l := j.label(at); p.Time = &l })
	if t := s.Pretrend; t != nil {
		of := "cells"
		if t.Events {
			of = "events"
		}
		j.Pretrend = &Pretrend{Number(t.Wald), t.DF, Number(t.P), Number(t.Sound), of, Number(t.Drift)}
	}
	if h := j.a.Honest; h != nil {
		j.Honest = &Honest{Estimate: figure(h.Estimate, j.Level), Periods: h.Periods, Largest: Number(h.Largest), Breakdown: Number(h.Breakdown)}
		for _, b := range h.Bounds {
			j.Honest.Bounds = append(j.Honest.Bounds, Bound{b.M, Number(b.Low), Number(b.High)})
		}
	}
	if p := j.a.Permuted; p != nil {
		j.Lots = &Lots{Number(p.P), Number(p.Smallest), p.Draws, p.Exact}
	}
	for _, c := range j.a.Checks {
		j.Checks = append(j.Checks, Check{c.Kind, Number(c.ATT), Number(c.Low), Number(c.High), Number(c.P), c.N, c.Verdict})
	}
}

func (j *jotter) imputed(m *impact.Imputed) {
	overall := figure(m.Overall, j.Level)
	j.Overall, j.Treated, j.Compared = &overall, m.Treated, j.Units-m.Treated
	for _, e := range m.Events {
		at := e.At
		j.Events = append(j.Events, Point{Event: &at, Figure: figure(e.Figure, j.Level), Units: e.Units})
	}
	for _, c := range m.Cells {
		j.Cells = append(j.Cells, Cell{Group: j.label(c.Group), Time: j.label(c.Time), ATT: Number(c.ATT), SE: Number(c.SE), Treated: c.Treated})
	}
}

func (j *jotter) twoWay(w *impact.TwoWay) {
	c := &Coefficient{Estimate: Number(w.Coefficient), SE: Number(w.SE), SEAll: Number(w.SEAll), K: w.K, N: w.Values, Clusters: w.Clusters, Negative: Number(w.Negative), Below: Number(w.Below)}
	for _, x := range w.Comparisons {
		c.Comparisons = append(c.Comparisons, Comparison{x.Kind, j.label(x.Treated), j.label(x.Control), Number(x.Weight), Number(x.Estimate)})
	}
	for _, x := range w.Weights {
		c.Weights = append(c.Weights, Weight{j.label(x.Group), j.label(x.Time), Number(x.Weight)})
	}
	if x := j.a.Wild; x != nil {
		c.Wild = &Wild{Number(x.P), x.Draws, x.Exact, "Rademacher", x.Treated}
		if x.Webb {
			c.Wild.Weights = "Webb"
		}
	}
	j.Coefficient = c
	j.counted()
}

func (j *jotter) synthetic(s *impact.Synthetic) {
	out := &Synthetic{Figure: figure(s.Effect, j.Level), P: Number(s.P), Smallest: Number(s.Smallest), Placebos: s.Placebos}
	for _, g := range s.Groups {
		d := Donor{Group: j.label(g.Start), ATT: Number(g.ATT), Units: map[string]Number{}, Periods: map[string]Number{}}
		for _, x := range g.Donors {
			d.Units[j.a.Panel.Units[x.Unit]] = Number(x.Weight)
		}
		for t, w := range g.Before {
			if w > 0 {
				d.Periods[j.a.Panel.Periods[t]] = Number(w)
			}
		}
		out.Groups = append(out.Groups, d)
	}
	j.Synthetic, j.Treated, j.Compared = out, s.Treated, s.Controls
}

func (j *jotter) series() {
	for n, s := range j.a.Series {
		low, high := s.Interval()
		out := Series{Impact: s.Impact, Stated: n == 0, P: Number(s.P()), Jump: Number(s.Jump.ATT), Bend: Number(s.Bend.ATT), Trend: Number(s.Trend.ATT), Before: s.Before, After: s.After, Lag: s.Lag, Corr: Number(s.AutoCorr), Scale: Number(s.Scale)}
		out.Effect = Figure{Number(s.Effect.ATT), Number(s.Effect.SE), Number(low), Number(high)}
		if s.Counts {
			ratio, _, _ := s.Ratio()
			v := Number(ratio)
			out.Ratio = &v
		}
		for t := range s.Fitted {
			out.Fitted, out.Without = append(out.Fitted, Number(s.Fitted[t])), append(out.Without, Number(s.Without[t]))
		}
		j.Series = append(j.Series, out)
	}
	j.counted()
	j.Compared = 0
}

// counted counts the units that start within the panel, and the others.
func (j *jotter) counted() {
	for _, s := range j.a.Panel.Start {
		if s < len(j.a.Panel.Periods) {
			j.Treated++
		} else {
			j.Compared++
		}
	}
}

func (j *jotter) family(f impact.Family) *Family {
	return &Family{Overall: figure(f.Overall, j.Level), Critical: Number(f.Critical)}
}

func (j *jotter) points(f impact.Family, name func(at int, p *Point)) (all []Point) {
	for _, p := range f.Points {
		point := Point{Figure: figure(p.Figure, j.Level), Units: p.Units}
		name(p.At, &point)
		if f.Critical > 0 {
			low, high := f.Band(p)
			l, h := Number(low), Number(high)
			point.BandLow, point.BandHigh = &l, &h
		}
		all = append(all, point)
	}
	return all
}
