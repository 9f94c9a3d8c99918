package impactweb

import (
	"context"
	"fmt"

	"throughline/internal/impact"
	"throughline/internal/kit/web"
)

// finding is the report's first sentence.
func finding(ctx context.Context, outcome string, a *impact.Answer) string {
	switch {
	case a.Staggered != nil:
		return found(ctx, outcome, a.Staggered.Simple, a.Question.Options.Confidence())
	case a.Imputed != nil:
		return found(ctx, outcome, a.Imputed.Overall, a.Question.Options.Confidence())
	case a.TwoWay != nil:
		return fmt.Sprintf("%s: a regression on having started says %s, which is no estimate where starts are staggered.", outcome, told(ctx, impact.Figure{ATT: a.TwoWay.Coefficient, SE: a.TwoWay.SE}, a.Question.Options.Confidence()))
	case a.Synthetic != nil:
		return found(ctx, outcome, a.Synthetic.Effect, a.Question.Options.Confidence())
	}
	s := a.Series[0]
	low, high := s.Interval()
	if s.Counts {
		ratio, low, high := s.Ratio()
		return fmt.Sprintf("%s: %s times what the trend before foretells.", outcome, withInterval(ctx, ratio, low, high, 2))
	}
	return sentence(outcome, withInterval(ctx, s.Effect.ATT, low, high, decimals(s.Effect.SE)), low, high)
}

func found(ctx context.Context, outcome string, f impact.Figure, level float64) string {
	low, high := f.Interval(level)
	return sentence(outcome, told(ctx, f, level), low, high)
}

func sentence(outcome, figure string, low, high float64) string {
	switch {
	case low > 0:
		return fmt.Sprintf("%s is higher by %s since the start.", outcome, figure)
	case high < 0:
		return fmt.Sprintf("%s is lower since the start: %s.", outcome, figure)
	}
	return fmt.Sprintf("Cannot tell whether %s changed: %s.", outcome, figure)
}

func wholesale(a *impact.Answer) string {
	with := "units that never start"
	if a.Question.Options.Controls == impact.NotYet {
		with = "units that have not started yet"
	}
	return with
}

func comparisonTable(a *impact.Answer) web.Table {
	t := web.Table{Header: []string{"Comparison", "Pairs", "Weight", "Mean estimate"}}
	for _, kind := range []string{impact.WithNever, impact.WithLater, impact.WithEarlier, impact.WithAlways} {
		n, weight, sum := 0, 0.0, 0.0
		for _, c := range a.TwoWay.Comparisons {
			if c.Kind == kind {
				n++
				weight += c.Weight
				sum += c.Weight * c.Estimate
			}
		}
		if n > 0 {
			t.Rows = append(t.Rows, []any{kind, n, web.Figure{Value: weight, Decimals: 4}, known(sum/weight, decimals(a.TwoWay.SE)+1)})
		}
	}
	return t
}

func seriesTable(a *impact.Answer) web.Table {
	t := web.Table{Header: []string{"Impact", "Stated beforehand", "Effect", "From", "to", "p", "Jump", "Bend a period", "Autocorrelation"}}
	for n, s := range a.Series {
		low, high := s.Interval()
		stated := "no"
		if n == 0 {
			stated = "yes"
		}
		digits := decimals(s.Effect.SE) + 1
		t.Rows = append(t.Rows, []any{string(s.Impact), stated, known(s.Effect.ATT, digits), known(low, digits), known(high, digits), web.Probability(s.P()), known(s.Jump.ATT, digits), known(s.Bend.ATT, digits+1), web.Figure{Value: s.AutoCorr, Decimals: 2}})
	}
	return t
}

func donorTable(a *impact.Answer, g impact.SyntheticGroup) web.Table {
	t := web.Table{Header: []string{"Compared with", "Weight"}}
	for i, d := range g.Donors {
		if i == 20 {
			t.Rows = append(t.Rows, []any{fmt.Sprintf("and %d others", len(g.Donors)-i), nil})
			break
		}
		t.Rows = append(t.Rows, []any{a.Panel.Units[d.Unit], web.Figure{Value: d.Weight, Decimals: 3}})
	}
	return t
}
