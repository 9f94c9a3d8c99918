package impactweb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"

	"github.com/a-h/templ"
)

// Served is what came of the initiatives that serve a focal point: which of an earlier diagnosis's
// recommendations worked. Nil where the reader may not know, or nobody has asked.
func (p *Pages) Served(ctx context.Context, actor org.Actor, _ string, f diagnosis.FocalPoint) (templ.Component, error) {
	return p.provedFor(ctx, actor, effort.Target{Kind: effort.ForFocal, ID: f.ID})
}

// Reaches is the same for a goal of a unit.
func (p *Pages) Reaches(ctx context.Context, actor org.Actor, g strategy.Goal) (templ.Component, error) {
	return p.provedFor(ctx, actor, effort.Target{Kind: effort.ForGoal, ID: g.ID})
}

func (p *Pages) provedFor(ctx context.Context, actor org.Actor, of effort.Target) (templ.Component, error) {
	if !p.Permits.MayAnywhere(actor, Read) {
		return nil, nil
	}
	f, err := p.portfolio(web.With(ctx, actor))
	if err != nil {
		return nil, err
	}
	lines := slices.DeleteFunc(f.Lines, func(l line) bool { return !slices.Contains(l.Initiative.Serves, of) })
	if len(lines) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(lines, func(a, b line) int { return int(a.rank() - b.rank()) })
	return provedList(lines), nil
}
