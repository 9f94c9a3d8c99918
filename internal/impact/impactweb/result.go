package impactweb

import (
	"context"
	"math"
	"slices"

	"throughline/internal/impact"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// startGroup is one starting group beside the others.
type startGroup struct {
	impact.Point
	Cells []impact.Cell
}

// mostGroups are drawn one by one; of more there is the table.
const mostGroups = 6

// groups are the starting groups with a figure, and the scale on which all are drawn.
func (e effectPage) groups() (all []startGroup, y scale) {
	s := e.Kept.Staggered
	var ends []float64
	for _, g := range s.Group.Points {
		one := startGroup{Point: g}
		for _, c := range s.Cells {
			if c.Group == g.At {
				one.Cells = append(one.Cells, c)
				low, high := c.Interval(s.Level)
				ends = append(ends, c.ATT, low, high)
			}
		}
		all = append(all, one)
	}
	return all, spanned(0, 1, middling(ends)...)
}

// middling leaves the few farthest of many values out, which go beyond a picture's edge.
func middling(values []float64) []float64 {
	values = slices.DeleteFunc(values, math.IsNaN)
	slices.Sort(values)
	cut := len(values) / 50
	return values[cut : len(values)-cut]
}

// digits are those with which the headline is told.
func (e effectPage) digits() int { return decimals(e.Kept.Headline.SE) }

// level is that of the intervals of the kept answer.
func (e effectPage) level() float64 { return e.Kept.Question.Options.Confidence() }

// fact is a line of the specification.
type fact struct{ What, Is string }

func (e effectPage) specification(ctx context.Context) (all []fact) {
	add := func(what, is string) { all = append(all, fact{what, is}) }
	k := e.Kept
	add(lang.T(ctx, "Outcome"), e.Indicator.Name)
	if e.Method == impact.OfSeries {
		add(lang.T(ctx, "Unit"), e.ScopeName)
	} else {
		what := lang.T(ctx, "Units")
		if e.Indicator.OfPeople() {
			what = lang.T(ctx, "People")
		}
		add(what, lang.T(ctx, "%[1]d under %[2]s; started: %[3]d", k.Units, e.ScopeName, k.Treated))
	}
	if len(k.Periods) > 0 {
		add(lang.T(ctx, "Periods"), lang.T(ctx, "%[1]s to %[2]s, %[3]d in all, %[4]d before the first start", periodName(ctx, k.Periods[0]), periodName(ctx, k.Periods[len(k.Periods)-1]), len(k.Periods), min(k.FirstPast, len(k.Periods))))
	}
	add(lang.T(ctx, "Values"), lang.T(ctx, "%[1]d; missing: %[2]d", k.Values, k.Missing))
	add(lang.T(ctx, "Method"), methodName(ctx, e.Method))
	if e.Plan.Percent {
		add(lang.T(ctx, "Effects are"), lang.T(ctx, "in per cent of what it was"))
	}
	if e.Method != impact.OfSeries {
		with := lang.T(ctx, "those that have not started yet, and those that never do")
		if e.Controls == impact.NeverTreated || e.Method == impact.AgainstMade {
			with = lang.T(ctx, "those that never start")
		}
		add(lang.T(ctx, "Compared with"), with)
	}
	if s := k.Staggered; s != nil {
		add(lang.T(ctx, "Errors"), lang.N(ctx, s.Clusters, "of influence functions, of one unit", "of influence functions, within %d units that vary by themselves"))
		add(lang.T(ctx, "Draws"), lang.T(ctx, "%[1]d, seed %[2]s", k.Question.Options.Draws, lang.T(ctx, "%d", int(e.Seed))))
		if t := s.Pretrend; t != nil {
			add(lang.T(ctx, "Before the start"), "Wald "+number(ctx, t.Wald, 4)+", df "+number(ctx, float64(t.DF), 0)+", "+chance(ctx, t.P)+"; "+lang.T(ctx, "allowing for few units %s", chance(ctx, t.Sound)))
		}
		add(lang.T(ctx, "Other sums"), lang.T(ctx, "by periods since the start %[1]s, by group %[2]s, by period %[3]s", told(ctx, s.Dynamic.Overall, s.Level), told(ctx, s.Group.Overall, s.Level), told(ctx, s.Calendar.Overall, s.Level)))
	}
	if s := k.Synthetic; s != nil && s.Placebos > 0 {
		add(lang.T(ctx, "Placebos"), lang.T(ctx, "%[1]d, %[2]s, no p below %[3]s possible", s.Placebos, chance(ctx, s.P), number(ctx, s.Smallest, 3)))
	}
	if p := k.Permuted; p != nil {
		add(lang.T(ctx, "Lots drawn again"), lang.T(ctx, "%[1]d, %[2]s, no p below %[3]s possible", p.Draws, chance(ctx, p.P), number(ctx, p.Smallest, 4)))
	}
	if e.Plan.Worth > 0 {
		add(lang.T(ctx, "Smallest change that matters"), number(ctx, e.Plan.Worth, 3))
	}
	if e.Placebo != "" {
		add(lang.T(ctx, "Should not move"), e.Placebo)
	}
	return all
}

// seriesOf is the table of a time series by the impacts that could have been stated.
func (e effectPage) seriesOf(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "How the start is expected to show"), lang.T(ctx, "Effect"), lang.T(ctx, "From"), lang.T(ctx, "to"), "p", lang.T(ctx, "Jump"), lang.T(ctx, "Bend a period")}}
	for n, s := range e.Kept.Series {
		low, high := s.Interval()
		digits := decimals(s.Effect.SE) + 1
		name := impactName(ctx, s.Impact)
		if n == 0 {
			name = lang.T(ctx, "%s (as stated)", name)
		}
		t.Rows = append(t.Rows, []any{name, known(s.Effect.ATT, digits), known(low, digits), known(high, digits), web.Probability(s.P()), known(s.Jump.ATT, digits), known(s.Bend.ATT, digits+1)})
	}
	return t
}

// beside is the table of those that started and of the synthetic one beside them.
func (e effectPage) beside(ctx context.Context, g impact.SyntheticGroup) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "Started"), lang.T(ctx, "Others, weighted")}}
	for n := range g.Treated {
		t.Rows = append(t.Rows, []any{periodName(ctx, e.Kept.Periods[n]), known(g.Treated[n], e.Indicator.Decimals+1), known(g.Control[n], e.Indicator.Decimals+1)})
	}
	return t
}

// outcomeTable lists the outcomes of the initiative with their probabilities.
func (e effectPage) outcomeTable(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Outcome"), "p", lang.T(ctx, "p, allowing for all")}}
	cell := func(p float64) any {
		if math.IsNaN(p) {
			return nil
		}
		return web.Probability(p)
	}
	for _, o := range e.Others {
		t.Rows = append(t.Rows, []any{web.Link{Path: "/effects/" + o.ID, Text: o.Name}, cell(o.P), cell(o.Adjusted)})
	}
	return t
}

// counted is so many of those that are compared.
func (e effectPage) counted(ctx context.Context, n int) string {
	if e.Indicator.OfPeople() {
		return lang.N(ctx, n, "one person", "%d people")
	}
	return lang.N(ctx, n, "one unit", "%d units")
}

func (e effectPage) worthLabel(ctx context.Context) string {
	switch {
	case e.Plan.Percent:
		return lang.T(ctx, "What one per cent more is worth in one unit, in %s", e.Currency)
	case e.Indicator.OfPeople():
		return lang.T(ctx, "What one more of the measure is worth of one person, in %s", e.Currency)
	}
	return lang.T(ctx, "What one more of the measure is worth in one unit, in %s", e.Currency)
}

// redo is what is sent to who redoes the estimate: values of people are not.
func (e effectPage) redo(ctx context.Context) string {
	if e.Indicator.OfPeople() {
		return lang.T(ctx, "Redo it: log and figures, without the values of people")
	}
	return lang.T(ctx, "Redo it: data and log")
}

// per says for what the amount is.
func (e effectPage) per(ctx context.Context) string {
	switch {
	case e.Indicator.OfPeople() && e.Money.Year:
		return lang.T(ctx, "for one, of a person, a year")
	case e.Indicator.OfPeople():
		return lang.T(ctx, "for one, of a person, a period")
	}
	if e.Money.Year {
		return lang.T(ctx, "for one, in a unit, a year")
	}
	return lang.T(ctx, "for one, in a unit, a period")
}

func (e effectPage) exposed(ctx context.Context) string {
	switch {
	case e.Indicator.OfPeople() && e.Money.Year:
		return lang.T(ctx, "person-years since the start")
	case e.Indicator.OfPeople():
		return lang.T(ctx, "person-periods since the start")
	}
	if e.Money.Year {
		return lang.T(ctx, "unit-years since the start")
	}
	return lang.T(ctx, "unit-periods since the start")
}

// costText says what the initiative has cost.
func (e effectPage) costText(ctx context.Context) string {
	hours := number(ctx, float64(e.Spent.Minutes)/60, 0)
	text := ""
	switch {
	case e.Spent.Direct == 0 && e.Spent.Minutes == 0:
		text = lang.T(ctx, "The ledger has neither hours nor costs of it.")
	case e.Money.Hour == 0:
		text = lang.T(ctx, "It cost %[1]s, and %[2]s hours of people, which are not counted in money.", e.amount(ctx, float64(e.Spent.Direct)), hours)
	default:
		time := float64(e.Spent.Minutes) / 60 * float64(e.Money.Hour)
		text = lang.T(ctx, "It cost %[1]s, of which %[2]s is people’s time (%[3]s hours).", e.amount(ctx, float64(e.Spent.Direct)+time), e.amount(ctx, time), hours)
	}
	if e.Spent.Unrated {
		text += " " + lang.T(ctx, "Costs in a currency without a rate are not in it.")
	}
	return text
}

// returnText says whether it pays.
func (e effectPage) returnText(ctx context.Context) string {
	w := e.Worth
	return lang.T(ctx, "The return is %[1]s %%, and anything from %[2]s %% to %[3]s %% fits the data; benefit to cost %[4]s. In %[5]s of 100 draws the value exceeds the cost.",
		signed(ctx, 100*w.ROI.Value, 0), signed(ctx, 100*w.ROI.Low, 0), signed(ctx, 100*w.ROI.High, 0), number(ctx, w.BCR.Value, 2), number(ctx, 100*w.Pays, 0))
}

// besidePicture draws those that started beside the others.
func besidePicture(ctx context.Context, g impact.SyntheticGroup, periods []string) picture {
	s := impact.Interruption{Series: &impact.Series{Fitted: g.Control, Without: g.Control}, Values: g.Treated, Start: g.Start}
	return seriesPicture(ctx, s, periods[:len(g.Treated)])
}

// causePath is where what was done is described.
func (e effectPage) causePath() string {
	if e.Change {
		return "/effort/changes"
	}
	return "/initiatives/" + e.Initiative.ID
}
