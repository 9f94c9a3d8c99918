package effortweb

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// efficiency is how far learning goes with what it takes, in a unit or the whole.
type efficiency struct {
	reader
	span
	At       int // index of the unit, -1 for the whole
	Name     string
	Now      effort.Efficiency
	Before   effort.Efficiency // of the same months a year before
	Series   []effort.Efficiency
	Periods  []period.Period
	Chosen   effort.Measure // that the picture shows
	Under    []unitEfficiency
	Changes  []effort.Change
	Followed map[string]string // ids of indicators, by the key of the measure that they are
	Named    bool              // the reader reads the names of people there
}

// unitEfficiency is that of a unit below.
type unitEfficiency struct {
	ID string
	effort.Efficiency
}

func (p *Pages) efficiency(w http.ResponseWriter, r *http.Request) error {
	e, err := p.efficiencyOf(r.Context(), r.FormValue("unit"), r.FormValue("from"), r.FormValue("until"), r.FormValue("measure"))
	if err != nil {
		return err
	}
	table := e.table(r.Context())
	switch r.FormValue("table") {
	case "series":
		table = e.seriesTable(r.Context())
	case "units":
		table = e.underTable(r.Context())
	}
	if done, err := web.Exported(w, r, e.Name+" "+table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, efficiencyPage(e))
}

// efficiencyOf reads it of a unit, or of what the reader reads where none is named.
func (p *Pages) efficiencyOf(ctx context.Context, named, since, up, measure string) (e efficiency, err error) {
	if e.reader, err = p.reader(ctx); err != nil {
		return e, err
	}
	if e.At, err = e.at(named); err != nil {
		return e, err
	}
	if e.span, err = spanOf(since, up, e.Today); err != nil {
		return e, err
	}
	if over := period.Of(e.Today, period.Monthly).Add(-1); e.From <= over { // a month that goes on is held against no whole one
		e.Until = min(e.Until, over)
	}
	unit := e.unitID(e.At)
	e.Name, e.Named = lang.T(ctx, "the whole organisation"), e.may(org.ReadPeople, unit)
	if e.At >= 0 {
		e.Name = e.nameOf(ctx, unit)
	}
	of := []string{unit}
	for _, n := range e.under(e.At) {
		of = append(of, e.Units.Units[n].ID)
	}
	from := min(e.From.Add(-12), e.Until.Add(-23))
	months, err := p.Store.Footings(ctx, e.actor.Organisation, of, from, e.Until)
	if err != nil {
		return e, err
	}
	e.Now, e.Before = e.over(months[unit], e.From, e.Until), e.over(months[unit], e.From.Add(-12), e.Until.Add(-12))
	for _, id := range of[1:] {
		if now := e.over(months[id], e.From, e.Until); len(now.Cells) > 0 || now.Use.Completed > 0 {
			e.Under = append(e.Under, unitEfficiency{id, now})
		}
	}
	e.Chosen, _ = effort.MeasureOf("effort/cost-per-hour-used")
	for _, m := range e.measures() {
		if m.Key == measure {
			e.Chosen = m
		}
	}
	e.series(months[unit])
	if e.Followed, err = p.followed(ctx, e.actor.Organisation); err != nil {
		return e, err
	}
	changes, err := p.Store.Changes(ctx, e.actor.Organisation)
	e.Changes = e.concerning(changes, e.At, period.Of(e.Periods[0].First(), period.Monthly), e.Until)
	return e, err
}

// over is what the months from one to another come to.
func (e efficiency) over(months []effort.Footing, from, until period.Period) effort.Efficiency {
	var some []effort.Footing
	for _, m := range months {
		if m.Month >= from && m.Month <= until {
			some = append(some, m)
		}
	}
	return effort.EfficiencyOf(e.Rates, some)
}

// series is what periods come to, of two years at least, those in which nothing happened at the beginning left out.
func (e *efficiency) series(months []effort.Footing) {
	from := min(e.From, e.Until.Add(-23))
	grain := span{From: from, Until: e.Until}.grain()
	for p := period.Of(from.First(), grain); p <= period.Of(e.Until.First(), grain); p = p.Add(1) {
		one := e.over(months, period.Of(p.First(), period.Monthly), min(e.Until, period.Of(p.Last(), period.Monthly)))
		if len(e.Periods) > 0 || len(one.Cells) > 0 {
			e.Periods, e.Series = append(e.Periods, p), append(e.Series, one)
		}
	}
	if len(e.Periods) == 0 {
		e.Periods, e.Series = []period.Period{period.Of(e.Until.First(), grain)}, []effort.Efficiency{{}}
	}
}

// followed are the indicators that measures are, by the measures' keys.
func (p *Pages) followed(ctx context.Context, organisation string) (map[string]string, error) {
	all, err := p.Strategy.Indicators(ctx, organisation)
	of := map[string]string{}
	for _, i := range all {
		if m, ours := effort.MeasureOf(i.Origin); ours {
			of[m.Key] = i.ID
		}
	}
	return of, err
}

// follow makes indicators of all measures that are none yet.
func (p *Pages) follow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rd, err := p.reader(ctx)
	if err != nil {
		return err
	}
	there, err := p.Strategy.Indicators(ctx, rd.actor.Organisation)
	if err != nil {
		return err
	}
	if err := p.Strategy.Define(ctx, rd.actor.Organisation, strategy.Fresh(Indicators(ctx, rd.Rates.Own), there), rd.actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/efficiency")
}

// Indicators are all measures as indicators, in the reader's language.
func Indicators(ctx context.Context, own string) (all []strategy.Indicator) {
	for _, m := range effort.Measures {
		all = append(all, m.Indicator(own, func(text string) string { return lang.T(ctx, text) }))
	}
	return all
}

// measures are those that are told of the unit.
func (e efficiency) measures() []effort.Measure {
	if e.At <= 0 {
		return effort.Measures
	}
	return slices.DeleteFunc(slices.Clone(effort.Measures), func(m effort.Measure) bool { return m.Whole })
}

// link is the address of the page with another unit, other months or another measure.
func (e efficiency) link(unit, measure string, s span) string {
	query := s.query()
	query.Set("unit", unit)
	query.Set("measure", measure)
	return address("/effort/efficiency", query)
}

// file is the address of a table as a file, to which the format is added.
func (e efficiency) file(table string) string {
	query := e.query()
	query.Set("unit", e.unitID(e.At))
	query.Set("measure", e.Chosen.Key)
	query.Set("table", table)
	return address("/effort/efficiency", query) + "&"
}

// cell is a measure of some months as a cell: nothing where it is not known, and words where it is of too few.
func (r reader) cell(ctx context.Context, m effort.Measure, of effort.Efficiency, named bool) any {
	v := r.told(m, of, named)
	switch {
	case v == nil && m.Few(of) && !named:
		return lang.T(ctx, "fewer than %d", effort.Fewest)
	case v == nil:
		return nil
	}
	return web.Figure{Value: *v, Decimals: m.DecimalsOf(*v)}
}

func scaleText(ctx context.Context, s effort.Scale, own string) string {
	switch s {
	case effort.AsMoney:
		return own
	case effort.AsHours:
		return lang.T(ctx, "hours")
	case effort.AsShare:
		return "%"
	case effort.AsDays:
		return lang.T(ctx, "days")
	}
	return ""
}

// measureName is what a measure is called, with in what it is told.
func (r reader) measureName(ctx context.Context, m effort.Measure) string {
	name := lang.T(ctx, m.Name)
	if in := scaleText(ctx, m.Scale, r.Rates.Own); in != "" && m.Scale != effort.AsHours { // the name says hours
		name += ", " + in
	}
	return name
}

// table has all measures, with the same months a year before and, of a year of the whole, the published mean.
func (e efficiency) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Efficiency"), Header: []string{lang.T(ctx, "Indicator"), e.column(), lang.T(ctx, "A year before"), lang.T(ctx, "Change, %%"), lang.T(ctx, "Published mean")}}
	t.Roomy = t.Header[2:]
	for _, m := range e.measures() {
		row := []any{web.Link{Path: e.link(e.unitID(e.At), m.Key, e.span) + "#series", Text: e.measureName(ctx, m)}, e.cell(ctx, m, e.Now, e.Named), e.cell(ctx, m, e.Before, e.Named), nil, ""}
		now, isNow := row[1].(web.Figure)
		before, wasThen := row[2].(web.Figure)
		if isNow && wasThen && before.Value != 0 {
			row[3] = web.Figure{Value: (now.Value/before.Value - 1) * 100}
		}
		if p, there := e.published(m); there {
			row[4] = e.publishedText(ctx, m, p)
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Without(t.Header[4])
}

// column says which months a figure is of.
func (e efficiency) column() string {
	if e.From == e.Until {
		return string(e.From)
	}
	return string(e.From) + " – " + string(e.Until)
}

// published is the mean with which a measure is compared: of the whole, over twelve months, like with like.
func (e efficiency) published(m effort.Measure) (effort.Published, bool) {
	if e.At > 0 || e.Until.Number()-e.From.Number() != 11 {
		return effort.Published{}, false
	}
	return effort.MeanOf(m.Key, e.Until.Year())
}

// publishedText says the mean with its year, and of money what it comes to in the own currency where there is a rate.
func (e efficiency) publishedText(ctx context.Context, m effort.Measure, p effort.Published) string {
	text := web.Cell(ctx, p.Value, decimalsOf(p.Value))
	if m.Scale == effort.AsMoney {
		text = lang.Money(ctx, int64(math.Round(p.Value)), 0, effort.PublishedCurrency)
		december := period.At(period.Monthly, p.Year*12+11)
		if own, known := e.Rates.Convert(int64(math.Round(p.Value*100)), effort.PublishedCurrency, december); known && e.Rates.Own != effort.PublishedCurrency {
			text += " ≈ " + money(ctx, own, e.Rates.Own)
		}
	}
	if p.Of != "" {
		return lang.T(ctx, "%[1]s (%[2]s, %[3]s)", text, strconv.Itoa(p.Year), lang.T(ctx, p.Of))
	}
	return lang.T(ctx, "%[1]s (%[2]s)", text, strconv.Itoa(p.Year))
}

// compared says whether anything is compared with what was published.
func (e efficiency) compared() bool {
	return slices.ContainsFunc(e.measures(), func(m effort.Measure) bool { _, there := e.published(m); return there })
}

// seriesTable has the measure of the picture by period.
func (e efficiency) seriesTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, e.Chosen.Name), Header: []string{lang.T(ctx, "Period"), e.measureName(ctx, e.Chosen)}}
	for n, p := range e.Periods {
		t.Rows = append(t.Rows, []any{string(p), e.cell(ctx, e.Chosen, e.Series[n], e.Named)})
	}
	return t
}

func (e efficiency) plot(ctx context.Context) plot {
	var of []*float64
	for _, one := range e.Series {
		of = append(of, e.told(e.Chosen, one, e.Named))
	}
	p := linePlot(ctx, e.Periods, e.Changes, of, 0, 0, func(v float64) string { return web.Cell(ctx, v, decimalsOf(v)) })
	p.Text = lang.T(ctx, "%s by period; the same stands in the table", lang.T(ctx, e.Chosen.Name))
	return p
}

// compares are the measures in which units below are set side by side.
var compares = []string{"hours-per-person", "expenditure-per-person", "cost-per-hour-used", "outsourced-share", "technology-share", "completion-rate"}

// underTable compares the units directly below.
func (e efficiency) underTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Units below"), Header: []string{lang.T(ctx, "Unit")}}
	var measures []effort.Measure
	for _, m := range effort.Measures {
		if slices.Contains(compares, m.Key) || m.Key == e.Chosen.Key && !m.Whole {
			measures = append(measures, m)
			t.Header = append(t.Header, e.measureName(ctx, m))
		}
	}
	t.Roomy = t.Header[3:]
	for _, u := range e.Under {
		row := []any{web.Link{Path: e.link(u.ID, e.Chosen.Key, e.span), Text: e.nameOf(ctx, u.ID)}}
		for _, m := range measures {
			row = append(row, e.cell(ctx, m, u.Efficiency, e.may(org.ReadPeople, u.ID)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (e efficiency) heading(ctx context.Context) string {
	m, _ := effort.MeasureOf("effort/cost-per-hour-used")
	now, before := m.Value(e.Now, e.Rates.Own), m.Value(e.Before, e.Rates.Own)
	switch {
	case now == nil && len(e.Now.Unrated)+len(e.Now.Function.Unrated) > 0:
		return lang.T(ctx, "What an hour of learning cost cannot be said: costs have no rate.")
	case now == nil:
		return lang.T(ctx, "No hours of learning of %[1]s are recorded %[2]s.", e.Name, e.text(ctx))
	}
	cost := lang.Money(ctx, int64(math.Round(*now*math.Pow10(effort.Digits(e.Rates.Own)))), effort.Digits(e.Rates.Own), e.Rates.Own)
	if before == nil || *before == 0 {
		return lang.T(ctx, "An hour of learning cost %[1]s %[2]s.", cost, e.text(ctx))
	}
	by := *now / *before - 1
	far := math.Abs(by)
	change := percent(ctx, &far)
	switch {
	case far < .005:
		return lang.T(ctx, "An hour of learning cost %[1]s %[2]s, as much as a year before.", cost, e.text(ctx))
	case by < 0:
		return lang.T(ctx, "An hour of learning cost %[1]s %[2]s, %[3]s less than a year before.", cost, e.text(ctx), change)
	}
	return lang.T(ctx, "An hour of learning cost %[1]s %[2]s, %[3]s more than a year before.", cost, e.text(ctx), change)
}

// lede says what is not known, or not exactly.
func (e efficiency) lede(ctx context.Context) string {
	var parts []string
	switch {
	case e.Now.Rostered == 0:
		parts = append(parts, lang.T(ctx, "No roster speaks of these months: nothing is known for each person."))
	case e.Now.Rostered < e.Now.Months:
		parts = append(parts, lang.N(ctx, e.Now.Rostered, "A roster speaks of one of these months alone: figures for each person rest on that.", "A roster speaks of %d of these months: figures for each person rest on those."))
	}
	if n := len(e.Now.Use.Waiters); n > 0 && !few(n, e.Named) {
		parts = append(parts, lang.N(ctx, e.Now.Use.Waiting, "One request of these months still waits.", "%d requests of these months still wait."))
	}
	if text := unratedText(ctx, e.Now.Account); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// lastYearLink leads to the last twelve months.
func (e efficiency) lastYearLink() string {
	return address("/effort/efficiency", url.Values{"unit": {e.unitID(e.At)}})
}

// definition says what a measure is, how it is made, and what a standard calls it.
func definition(ctx context.Context, m effort.Measure) string {
	text := lang.T(ctx, m.Definition) + " " + lang.T(ctx, "It is: %s.", lang.T(ctx, m.Formula))
	if m.Label != "" {
		text += " (" + m.Label + ")"
	}
	return text
}
