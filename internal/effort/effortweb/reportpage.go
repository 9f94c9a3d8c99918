package effortweb

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/pdf"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

func reportText(ctx context.Context, r effort.Report) string {
	switch r {
	case effort.Operations:
		return lang.T(ctx, "Operations")
	case effort.Programme:
		return lang.T(ctx, "Programme")
	}
	return lang.T(ctx, "Summary")
}

// typeText is the type of a measure in a word.
func typeText(ctx context.Context, m effort.Metric) string {
	switch m {
	case effort.OfEfficiency:
		return lang.T(ctx, "efficiency")
	case effort.OfEffectiveness:
		return lang.T(ctx, "effectiveness")
	}
	return lang.T(ctx, "outcome")
}

// noteText says what a line leaves out.
func (rp report) noteText(ctx context.Context, l effort.ReportLine) string {
	var parts []string
	if l.Line.Withheld > 0 {
		parts = append(parts, lang.T(ctx, "withheld: fewer than %d people", effort.Fewest))
	}
	if l.Line.LastYear != nil && !l.Line.LastWhole {
		parts = append(parts, lang.T(ctx, "last year in part"))
	}
	if b := rp.Budget; b.Cost > 0 && b.Currency != rp.Rates.Own && l.Line.Indicator.Key == "cost" {
		parts = append(parts, lang.T(ctx, "planned: %s", money(ctx, b.Cost, b.Currency)))
	}
	return strings.Join(parts, " · ")
}

// unratedText says which costs no figure has, "" where there are none.
func (rp report) unratedText(ctx context.Context) string {
	return unratedText(ctx, effort.Account{Unrated: rp.Unrated})
}

func metricText(ctx context.Context, m effort.Metric) string {
	switch m {
	case effort.OfEfficiency:
		return lang.T(ctx, "Efficiency: what was done, and at what cost")
	case effort.OfEffectiveness:
		return lang.T(ctx, "Effectiveness: how well")
	}
	return lang.T(ctx, "Outcome: what came of it for the organisation")
}

func (rp report) title(ctx context.Context) string {
	if rp.Name == "" {
		return lang.T(ctx, "%[1]s: learning, %[2]s", reportText(ctx, rp.Kind), strconv.Itoa(rp.Year))
	}
	return lang.T(ctx, "%[1]s: learning, %[2]s, %[3]s", reportText(ctx, rp.Kind), rp.Name, strconv.Itoa(rp.Year))
}

// of are the lines of a type.
func (rp report) of(m effort.Metric) (lines []effort.ReportLine) {
	for _, l := range rp.Lines {
		if l.Metric == m {
			lines = append(lines, l)
		}
	}
	return lines
}

// link is the address of the report with another kind or year.
func (rp report) link(kind effort.Report, year int) string {
	query := url.Values{"report": {string(kind)}, "year": {strconv.Itoa(year)}}
	if kind != effort.Programme {
		query.Set("unit", rp.unitID(rp.At))
	} else {
		query.Set("initiative", rp.Initiative.ID)
	}
	return address("/effort/reports", query)
}

// linkOf is the address of the same report of another unit.
func (rp report) linkOf(unit string) string {
	return address("/effort/reports", url.Values{"report": {string(rp.Kind)}, "year": {strconv.Itoa(rp.Year)}, "unit": {unit}})
}

// heading says how many measures are on their way, and how the year will end for the worst.
func (rp report) heading(ctx context.Context) string {
	good, judged := 0, 0
	for _, l := range rp.Lines {
		if l.Line.Status != strategy.Unknown {
			judged++
		}
		if l.Line.Status.Good() {
			good++
		}
	}
	switch {
	case rp.Kind == effort.Programme && rp.Initiative.ID == "":
		return lang.T(ctx, "There is no initiative yet.")
	case len(rp.Lines) == 0:
		return lang.T(ctx, "Nothing is known of learning in %s yet.", strconv.Itoa(rp.Year))
	case judged == 0:
		return lang.T(ctx, "%[1]s in %[2]s: nothing is planned to hold it against.", rp.Name, strconv.Itoa(rp.Year))
	}
	return lang.T(ctx, "%[1]s in %[2]s: %[3]d of %[4]d measures with a plan are on plan or better.", rp.Name, strconv.Itoa(rp.Year), good, judged)
}

// lede says of a programme who answers for it, and where it stands.
func (rp report) lede(ctx context.Context) string {
	i := rp.Initiative
	if rp.Kind != effort.Programme || i.ID == "" {
		return ""
	}
	text := lang.T(ctx, "%s answers for it.", i.Owner.Name)
	if n := len(i.Starts); n > 0 {
		text += " " + lang.T(ctx, "It has begun at %[1]d of %[2]d places.", rp.Begun, n)
	}
	switch {
	case i.Ended != "":
		text += " " + lang.T(ctx, "It ended on %s.", string(i.Ended))
	case i.Due != "":
		text += " " + lang.T(ctx, "It is to be over by %s.", string(i.Due))
	}
	if i.Expected != "" {
		text += " " + lang.T(ctx, "Expected: %s", i.Expected)
	}
	return text
}

// through says up to which month the year is known.
func (rp report) through(ctx context.Context) string {
	newest := period.Period("")
	for _, l := range rp.Lines {
		if l.Line.Through > 0 {
			newest = max(newest, period.Of(period.At(l.Line.Indicator.Grain, l.Line.Through).Last(), period.Monthly))
		}
	}
	if newest == "" {
		return ""
	}
	return lang.T(ctx, "Year to date: up to %s.", string(newest))
}

// amount writes a value as its indicator is shown.
func amount(ctx context.Context, l strategy.Line, v *float64) string {
	if v == nil {
		return "–"
	}
	return web.Cell(ctx, *v, decimalsFor(l, *v))
}

func decimalsFor(l strategy.Line, v float64) int {
	if m, ours := effort.MeasureOf(l.Indicator.Origin); ours {
		return m.DecimalsOf(v)
	}
	return l.Indicator.Decimals
}

// unitOf is in what a line is told.
func unitOf(l effort.ReportLine) string {
	if l.Metric == effort.OfOutcome && l.Line.Indicator.Measure != "" {
		return l.Line.Indicator.Name + ", " + l.Line.Indicator.Measure
	}
	if l.Metric == effort.OfOutcome {
		return l.Line.Indicator.Name
	}
	return l.Line.Indicator.Measure
}

// servedText says what the ledger says that serves an outcome.
func (rp report) servedText(ctx context.Context, l effort.ReportLine) string {
	switch {
	case l.Spent == nil:
		return ""
	case l.Spent.Minutes == 0 && l.Spent.Cost() == 0:
		return lang.T(ctx, "nothing in the ledger serves it")
	}
	return lang.T(ctx, "%[1]s hours and %[2]s serve it", hoursText(ctx, l.Spent.Minutes), money(ctx, l.Spent.Cost(), rp.Rates.Own))
}

// between is the interval of a forecast.
func between(ctx context.Context, l strategy.Line) string {
	if l.Forecast == nil {
		return ""
	}
	return lang.T(ctx, "%[1]s to %[2]s", amount(ctx, l, &l.Forecast.Low), amount(ctx, l, &l.Forecast.High))
}

// table is the report as a file has it.
func (rp report) table(ctx context.Context) web.Table {
	t := web.Table{Name: reportText(ctx, rp.Kind), Header: []string{lang.T(ctx, "Measure"), lang.T(ctx, "Type"), lang.T(ctx, "Unit of measure"), lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Year to date"), lang.T(ctx, "Plan to date"), lang.T(ctx, "%% of plan"), lang.T(ctx, "Forecast"), lang.T(ctx, "Forecast from"), lang.T(ctx, "Forecast to"), lang.T(ctx, "Status"), lang.T(ctx, "Hours that serve it"), lang.T(ctx, "Cost, %s", rp.Rates.Own), lang.T(ctx, "What a standard calls it"), lang.T(ctx, "Note")}}
	for _, m := range effort.Metrics {
		for _, l := range rp.of(m) {
			row := []any{l.Name, typeText(ctx, m), unitOf(l)}
			for _, v := range []*float64{l.Line.LastYear, l.Line.Plan, l.Line.ToDate, l.Line.PlanToDate} {
				row = append(row, cellOf(v, l.Line))
			}
			row = append(row, inPercent(l.Line.OfPlan), nil, nil, nil, lang.T(ctx, l.Line.Status.Name()), nil, nil, l.Label, rp.noteText(ctx, l))
			if f := l.Line.Forecast; f != nil {
				row[8], row[9], row[10] = cellOf(&f.Value, l.Line), cellOf(&f.Low, l.Line), cellOf(&f.High, l.Line)
			}
			if l.Spent != nil {
				row[12], row[13] = hoursIn(l.Spent.Minutes), inMoney(l.Spent.Cost(), rp.Rates.Own)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func cellOf(v *float64, l strategy.Line) any {
	if v == nil {
		return nil
	}
	return web.Figure{Value: *v, Decimals: decimalsFor(l, *v)}
}

// document is the report on paper, a page or two.
func (rp report) document(ctx context.Context, o org.Organisation, now time.Time) *pdf.Document {
	footer := fmt.Sprintf("%s · %s", o.Name, rp.title(ctx))
	if o.Simulated {
		footer += " · " + lang.T(ctx, "simulated")
	}
	d := pdf.New(footer, lang.Tag(ctx).String(), footer, now)
	below := rp.lede(ctx)
	if through := rp.through(ctx); through != "" {
		below += " " + through
	}
	d.Title(footer, rp.heading(ctx), below)
	for _, m := range effort.Metrics {
		lines := rp.of(m)
		if len(lines) == 0 {
			continue
		}
		d.Heading(metricText(ctx, m))
		t := pdf.Table{Header: []string{lang.T(ctx, "Measure"), lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Year to date"), lang.T(ctx, "%% of plan"), lang.T(ctx, "Forecast, 95 %%"), lang.T(ctx, "Status")}, Widths: []float64{.37, .1, .1, .1, .07, .16, .1}}
		for _, l := range lines {
			name := l.Name
			for _, more := range []string{unitOf(l), rp.servedText(ctx, l), rp.noteText(ctx, l)} {
				if more != "" {
					name += " · " + more
				}
			}
			forecast := amount(ctx, l.Line, nil)
			if f := l.Line.Forecast; f != nil {
				forecast = amount(ctx, l.Line, &f.Value) + " (" + between(ctx, l.Line) + ")"
			}
			t.Rows = append(t.Rows, []pdf.Cell{{Text: name}, {Text: amount(ctx, l.Line, l.Line.LastYear), Number: true}, {Text: amount(ctx, l.Line, l.Line.Plan), Number: true}, {Text: amount(ctx, l.Line, l.Line.ToDate), Number: true, Bold: true}, {Text: percent(ctx, l.Line.OfPlan), Number: true}, {Text: forecast, Number: true}, {Text: lang.T(ctx, l.Line.Status.Name())}})
		}
		d.Table(t)
	}
	if text := rp.unratedText(ctx); text != "" {
		d.Text(text)
	}
	d.Heading(lang.T(ctx, "How to read it"))
	for _, text := range notesOf(ctx) {
		d.Note(text)
	}
	return d
}

// notesOf says how the columns are made, and what is not known.
func notesOf(ctx context.Context) []string {
	return []string{
		lang.T(ctx, "%% of plan compares the year to date with the plan for the same months; where lower is better it is turned round, so that 100 %% and more is always good. The forecast is what was observed, and for each month to come the same month of last year with the mean change over a year, or the mean of the newest months; its interval is of 95 %%."),
		lang.T(ctx, "What is of a person, or of a resource once, is of the year up to the month. What somebody thought of a course or does with it since is not asked for here: bring it in as an indicator of the learning function, and it stands under effectiveness."),
		lang.T(ctx, "The three types - efficiency, effectiveness, outcome - are those of ISO/TS 30437:2023."),
		standardsText(ctx),
	}
}

// typed is what stands in the form: what was typed last, or what is planned.
func (rp report) typed() budgetTyped {
	if rp.Err != nil || rp.Budget.Empty() {
		return rp.Typed
	}
	var t budgetTyped
	if rp.Budget.People > 0 {
		t.People = strconv.Itoa(rp.Budget.People)
	}
	if rp.Budget.Minutes > 0 {
		t.Hours = strconv.FormatFloat(float64(rp.Budget.Minutes)/60, 'f', -1, 64)
	}
	if rp.Budget.Cost > 0 {
		t.Cost = effort.WriteAmount(rp.Budget.Cost, rp.Rates.Own)
	}
	return t
}
