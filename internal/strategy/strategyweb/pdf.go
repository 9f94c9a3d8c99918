package strategyweb

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/pdf"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// writePDF writes the scorecard as a document.
func (c cardPage) writePDF(ctx context.Context, w http.ResponseWriter, o org.Organisation, now time.Time) error {
	web.Attach(w, "application/pdf", web.FileName(c.title(ctx), "pdf"))
	return c.document(ctx, o, now).Write(w)
}

func (c cardPage) document(ctx context.Context, o org.Organisation, now time.Time) *pdf.Document {
	footer := fmt.Sprintf("%s · %s · %d", o.Name, c.title(ctx), c.Year)
	if o.Simulated {
		footer += " · " + lang.T(ctx, "simulated")
	}
	d := pdf.New(footer, lang.Tag(ctx).String(), footer, now)
	d.Title(footer, c.heading(ctx), c.lede(ctx))
	if e := c.drawEndings(ctx); len(e.Lines) > 0 {
		d.Heading(lang.T(ctx, "Where the year will end"))
		d.Dots(e.printed(ctx))
		d.Note(lang.T(ctx, "Forecast against plan, in per cent of the plan; right is better. With 95 %% interval."))
	}
	for _, p := range strategy.Perspectives {
		if lines := c.of(p); len(lines) > 0 {
			d.Heading(perspectiveText(ctx, p))
			d.Table(c.printedLines(ctx, lines))
		}
	}
	for i, n := range c.Notes {
		if i == 0 {
			d.Heading(lang.T(ctx, "Notes"))
		}
		d.Text(lang.T(ctx, "Note %d", i+1) + " · " + string(n.Day) + " · " + n.Unit.Name)
		d.Text(n.What)
		d.Note(lang.T(ctx, "Written by %[1]s on %[2]s.", n.By, n.At.Format(time.DateOnly)))
	}
	d.Heading(lang.T(ctx, "What the words mean"))
	d.Note(forecastText(ctx))
	for _, s := range statuses {
		d.Note(statusText(ctx, s) + ": " + statusMeaning(ctx, s))
	}
	return d
}

// printed is the picture as the document draws it.
func (e endings) printed(ctx context.Context) (pdf.Dots, func(float64) string) {
	reach := 2.0
	for _, l := range e.Lines {
		reach = max(reach, math.Abs(l.At), math.Abs(l.From), math.Abs(l.To))
	}
	step := niceStep(min(reach, widest))
	reach = math.Ceil(min(reach, widest)/step) * step
	clamp := func(v float64) float64 { return min(max(v, -reach), reach) }
	plan := 0.0
	p := pdf.Dots{Low: -reach, High: reach, Step: step, Target: &plan, TargetText: lang.T(ctx, "plan")}
	for _, l := range e.Lines {
		at := clamp(l.At)
		p.Lines = append(p.Lines, pdf.DotLine{Name: l.Name, Value: &at, From: clamp(l.From), To: clamp(l.To), Text: signed(ctx, l.At) + " %, " + statusText(ctx, l.Status)})
	}
	return p, func(v float64) string { return signed(ctx, v) }
}

func (c cardPage) printedLines(ctx context.Context, lines []strategy.Line) pdf.Table {
	t := pdf.Table{Header: []string{lang.T(ctx, "Indicator"), lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Year to date"), lang.T(ctx, "%% of plan"), lang.T(ctx, "Forecast, 95 %%"), lang.T(ctx, "Status")}, Widths: []float64{.24, .11, .11, .11, .09, .22, .12}}
	for _, l := range lines {
		i := l.Indicator
		name := i.Name
		if m := measureText(ctx, i); m != "" {
			name += " (" + m + ")"
		}
		forecast := "–"
		if l.Forecast != nil {
			forecast = lang.T(ctx, "%[1]s (%[2]s to %[3]s)", figure(ctx, i, &l.Forecast.Value), figure(ctx, i, &l.Forecast.Low), figure(ctx, i, &l.Forecast.High))
		}
		t.Rows = append(t.Rows, []pdf.Cell{{Text: name}, {Text: figure(ctx, i, l.LastYear), Number: true}, {Text: figure(ctx, i, l.Plan), Number: true}, {Text: figure(ctx, i, l.ToDate), Number: true, Bold: true}, {Text: percent(ctx, l.OfPlan), Number: true}, {Text: forecast, Number: true}, {Text: statusText(ctx, l.Status)}})
	}
	return t
}
