package strategyweb

import (
	"context"
	"math"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/strategy"
)

func perspectiveText(ctx context.Context, p strategy.Perspective) string {
	switch p {
	case strategy.Financial:
		return lang.T(ctx, "Money")
	case strategy.Customer:
		return lang.T(ctx, "Customers")
	case strategy.Process:
		return lang.T(ctx, "How we work")
	}
	return lang.T(ctx, "People and learning")
}

// perspectiveQuestion is what one asks from a perspective.
func perspectiveQuestion(ctx context.Context, p strategy.Perspective) string {
	switch p {
	case strategy.Financial:
		return lang.T(ctx, "Do we earn what we need?")
	case strategy.Customer:
		return lang.T(ctx, "Do they come back?")
	case strategy.Process:
		return lang.T(ctx, "Is it easy to do well?")
	}
	return lang.T(ctx, "Can we keep getting better?")
}

// statuses are those that are said, the best first.
var statuses = []strategy.Status{strategy.Reached, strategy.Ahead, strategy.OnPlan, strategy.AtRisk, strategy.Behind, strategy.Missed}

func statusText(ctx context.Context, s strategy.Status) string { return lang.T(ctx, s.Name()) }

func statusMeaning(ctx context.Context, s strategy.Status) string {
	switch s {
	case strategy.Reached:
		return lang.T(ctx, "The year is over and the plan was reached.")
	case strategy.Ahead:
		return lang.T(ctx, "The whole interval is better than the plan.")
	case strategy.OnPlan:
		return lang.T(ctx, "The forecast reaches the plan.")
	case strategy.AtRisk:
		return lang.T(ctx, "The forecast misses it; the interval still reaches it.")
	case strategy.Behind:
		return lang.T(ctx, "The whole interval misses the plan.")
	case strategy.Missed:
		return lang.T(ctx, "The year is over and the plan was missed.")
	}
	return lang.T(ctx, "There is no plan, or too little was observed.")
}

func statusClass(s strategy.Status) string {
	switch {
	case s.Good():
		return "on"
	case s == strategy.AtRisk:
		return "risk"
	case s.Bad():
		return "behind"
	}
	return "unsure"
}

func directionText(ctx context.Context, d strategy.Direction) string {
	switch d {
	case strategy.Higher:
		return lang.T(ctx, "higher is better")
	case strategy.Lower:
		return lang.T(ctx, "lower is better")
	}
	return lang.T(ctx, "neither: it is in a range or out of it")
}

func overUnitsText(ctx context.Context, o strategy.OverUnits) string {
	switch o {
	case strategy.SumOfUnits:
		return lang.T(ctx, "added up")
	case strategy.MeanOfUnits:
		return lang.T(ctx, "as a mean")
	}
	return lang.T(ctx, "not at all: each unit has its own")
}

func overTimeText(ctx context.Context, o strategy.OverTime) string {
	switch o {
	case strategy.SumOfPeriods:
		return lang.T(ctx, "added up")
	case strategy.MeanOfPeriods:
		return lang.T(ctx, "as a mean")
	}
	return lang.T(ctx, "the last one counts")
}

func grainText(ctx context.Context, g period.Grain) string {
	switch g {
	case period.Monthly:
		return lang.T(ctx, "each month")
	case period.Quarterly:
		return lang.T(ctx, "each quarter")
	}
	return lang.T(ctx, "each year")
}

// forecastText names the methods of forecasts.
func forecastText(ctx context.Context) string {
	return lang.T(ctx, "A forecast is what was observed, plus, for each period that was not, the same period of last year with the mean change over a year (seasonal naive with drift); with fewer than six such changes, the mean of the newest periods. The interval is of 95 %%.")
}

// methodText says how a forecast was made, and from how much.
func methodText(ctx context.Context, f strategy.Forecast) string {
	if f.Method == strategy.Seasonal {
		return lang.T(ctx, "last year's periods plus the mean change over a year, from %d changes", f.From)
	}
	return lang.T(ctx, "the mean of the newest %d periods carried on", f.From)
}

// withheldText says of when a score is withheld, and why.
func withheldText(ctx context.Context, l strategy.Line) string {
	return lang.T(ctx, "Withheld for %s: too few people, or it could be worked out.", string(period.At(l.Indicator.Grain, l.Withheld)))
}

// figure writes a value as its indicator is shown, large ones in millions; "–" for none.
func figure(ctx context.Context, i strategy.Indicator, v *float64) string {
	if v != nil && math.Abs(*v) >= 1e7 {
		return lang.T(ctx, "%s m", web.Cell(ctx, *v/1e6, 1))
	}
	return web.Cell(ctx, number(v), i.Decimals)
}

func percent(ctx context.Context, v *float64) string {
	if v == nil {
		return "–"
	}
	return lang.T(ctx, "%.0f %%", *v*100)
}

// measureText is the unit of measure with which way is better where that is not higher.
func measureText(ctx context.Context, i strategy.Indicator) string {
	switch {
	case i.Direction == strategy.Lower && i.Measure == "":
		return directionText(ctx, i.Direction)
	case i.Direction == strategy.Lower:
		return i.Measure + ", " + directionText(ctx, i.Direction)
	}
	return i.Measure
}

// targetText says the target, and how much of the way to it has been gone.
func targetText(ctx context.Context, l strategy.Line) string {
	text := lang.T(ctx, "target %s", figure(ctx, l.Indicator, &l.Target.Value))
	if l.Indicator.Direction == strategy.Within {
		text = lang.T(ctx, "target %[1]s to %[2]s", figure(ctx, l.Indicator, &l.Target.Value), figure(ctx, l.Indicator, &l.Target.High))
	}
	switch {
	case l.Attainment == nil:
		return text
	case l.Indicator.Direction == strategy.Within && *l.Attainment == 1:
		return text + ", " + lang.T(ctx, "in it")
	case l.Indicator.Direction == strategy.Within:
		return text + ", " + lang.T(ctx, "out of it")
	}
	if *l.Attainment < 0 {
		return text + ", " + lang.T(ctx, "further off than at the beginning")
	}
	return text + ", " + lang.T(ctx, "%s of the way", percent(ctx, l.Attainment))
}
