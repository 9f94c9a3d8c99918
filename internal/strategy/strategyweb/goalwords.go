package strategyweb

import (
	"context"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

func howText(ctx context.Context, h strategy.How) string {
	switch h {
	case strategy.Identical:
		return lang.T(ctx, "is the same goal here")
	case strategy.Contributes:
		return lang.T(ctx, "contributes to its sum")
	case strategy.LeadsTo:
		return lang.T(ctx, "leads to it")
	}
	return lang.T(ctx, "supports it")
}

// linkText is the sentence of one step of a line of sight.
func linkText(ctx context.Context, l strategy.Link) string {
	if l.Because != "" {
		return l.Because
	}
	switch l.How {
	case strategy.Identical:
		return lang.T(ctx, "It is the same goal, for this part.")
	case strategy.Contributes:
		return lang.T(ctx, "What is reached here is a part of the sum.")
	}
	return lang.T(ctx, "What is done here helps to reach it.")
}

func outcomeText(ctx context.Context, o strategy.Outcome) string {
	switch o {
	case strategy.GoalReached:
		return lang.T(ctx, "reached")
	case strategy.GoalPartly:
		return lang.T(ctx, "reached in part")
	case strategy.GoalMissed:
		return lang.T(ctx, "not reached")
	}
	return lang.T(ctx, "dropped")
}

func paceText(ctx context.Context, p strategy.Pace) string {
	switch p {
	case strategy.OnTrack:
		return lang.T(ctx, "it goes as meant")
	case strategy.Slower:
		return lang.T(ctx, "slower than meant")
	}
	return lang.T(ctx, "it is stuck")
}

// servedText says what serves a goal.
func servedText(ctx context.Context, g strategydb.Measured) string {
	var parts []string
	if g.Units > 0 {
		parts = append(parts, lang.N(ctx, g.Units, "one goal below", "%d goals below"))
	}
	if g.People > 0 {
		parts = append(parts, lang.N(ctx, g.People, "one person's own goal", "own goals of %d people"))
	}
	if len(parts) == 0 {
		return lang.T(ctx, "nothing serves it yet")
	}
	return lang.T(ctx, "served by %s", strings.Join(parts, ", "))
}

// standText says where a goal stands by its indicator.
func standText(ctx context.Context, g strategydb.Measured) string {
	if g.Measure == nil || g.Line == nil {
		return ""
	}
	text := g.Measure.Name
	if g.Line.ToDate != nil {
		text = lang.T(ctx, "%[1]s: %[2]s", text, figure(ctx, *g.Measure, g.Line.ToDate))
	}
	if g.Line.Target != nil {
		text += ", " + targetText(ctx, *g.Line)
	}
	return text
}

// agreedText says who has said yes to a person's goal.
func agreedText(ctx context.Context, a strategy.Agreement, person string) string {
	switch {
	case a.Both():
		last := a.Person
		if a.Manager.After(last) {
			last = a.Manager
		}
		return lang.T(ctx, "Agreed by %[1]s and %[2]s on %[3]s.", person, a.ManagerName, last.Format("2006-01-02"))
	case !a.Manager.IsZero():
		return lang.T(ctx, "Proposed by %[1]s; %[2]s has not said yes yet.", a.ManagerName, person)
	}
	return lang.T(ctx, "Proposed by %s; the manager has not said yes yet.", person)
}
