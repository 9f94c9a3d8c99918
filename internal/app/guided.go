package app

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisweb"
	"throughline/internal/effort/effortweb"
	"throughline/internal/impact"
	"throughline/internal/impact/impactweb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy/strategyweb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitionweb"
)

// mostStops is how many stops the tour has.
const mostStops = 8

// guided is a tour through what an organisation has, in the order of the cycle.
type guided struct {
	*App
	ctx   context.Context
	actor org.Actor
	stops []web.Stop
}

// tour lists the stops of the tour through a simulated organisation, for who may see all of them: from the first diagnosis to
// the next one, which judges what was promised. Nil for who may not.
func (a *App) tour(ctx context.Context, actor org.Actor) ([]web.Stop, error) {
	for _, act := range []org.Act{diagnosisweb.ReadReport, transitionweb.Read, transitionweb.Follow, strategyweb.ReadCard, effortweb.Read, impactweb.Read, impactweb.ReadTimeline} {
		if !permits.May(actor, act, org.Place{}) {
			return nil, nil
		}
	}
	g := &guided{App: a, ctx: ctx, actor: actor}
	all, err := a.Diagnosis.Diagnoses(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(d diagnosis.Diagnosis) bool {
		return d.State != diagnosis.Closed || len(d.Within) > 0 || !d.Released.Lets(org.Executive)
	})
	if len(all) < 2 {
		return nil, nil
	}
	first, last := "/diagnoses/"+all[len(all)-1].ID+"/report", "/diagnoses/"+all[0].ID+"/report"
	g.add(first, lang.T(ctx, "The first diagnosis"), lang.T(ctx, "35 statements, five factors, every unit: where you stood at first. Hatched is what would tell of a few."))
	g.add(first+"/focal-points", lang.T(ctx, "What to work on"), lang.T(ctx, "Three to five focal points, each proposed with its reasons and decided by people, with what was promised of it."))
	if err := g.programmes(); err != nil {
		return nil, err
	}
	if err := g.aligned(); err != nil {
		return nil, err
	}
	if err := g.effect(); err != nil {
		return nil, err
	}
	if len(g.stops) < mostStops-1 {
		g.add("/ownership", lang.T(ctx, "Who runs all this"), lang.T(ctx, "How much of the diagnosis, the actions and the sessions own people run, and who can run the next diagnosis."))
	}
	g.stops = g.stops[:min(len(g.stops), mostStops-1)]
	g.add(last+"/promises", lang.T(ctx, "Judged by the next diagnosis"), lang.T(ctx, "Each earlier recommendation beside what became of it, and how sure that is. Then it begins anew."))
	return g.stops, nil
}

func (g *guided) add(path, title, text string) {
	g.stops = append(g.stops, web.Stop{Path: path, Title: title, Text: text})
}

// programmes shows who carries the focal points into the work.
func (g *guided) programmes() error {
	all, err := g.Transition.Programmes(g.ctx, g.actor.Organisation)
	if err != nil || len(all) == 0 {
		return err
	}
	path := "/programmes/" + all[0].ID
	if all[0].Kind == transition.Coaches {
		g.add(path, lang.T(g.ctx, "Coaches at every location"), lang.T(g.ctx, "One coach for every group of 50 people: how many are needed, active and missing, location by location."))
		g.add(path+"/sessions", lang.T(g.ctx, "Sessions around one focal point"), lang.T(g.ctx, "Who was asked, who came, and what each took from it."))
		g.add(path+"/spread", lang.T(g.ctx, "What worked spreads"), lang.T(g.ctx, "A practice begins at one location and is taken up at others: move the slider."))
	} else {
		g.add(path, lang.T(g.ctx, "A leader for every management team"), lang.T(g.ctx, "High potentials of one country coach the management team of another."))
	}
	g.add(path+"/focus", lang.T(g.ctx, "What teams do about it"), lang.T(g.ctx, "Actions with an owner and a day, each tied to a focal point or openly off focus, and what came of them."))
	return nil
}

// aligned shows learning beside other solutions, and the way from strategy to person.
func (g *guided) aligned() error {
	split, err := g.Impact.Halves(g.ctx, g.actor.Organisation)
	if err != nil {
		return err
	}
	if split.Of.NonLearning != nil {
		g.add("/effort/split", lang.T(g.ctx, "Learning, and other solutions"), lang.T(g.ctx, "Hours and costs of training beside those of process work, tools, feedback and incentives."))
	}
	top, err := g.Strategy.Top(g.ctx, g.actor.Organisation)
	if err == nil && len(top) > 0 {
		g.add("/goals/units/"+top[0].Unit.ID, lang.T(g.ctx, "From strategy to person"), lang.T(g.ctx, "Goals of the whole, of units and of people, each with the indicator that says whether it is reached."))
	}
	return err
}

// effect shows the surest effect that was found.
func (g *guided) effect() error {
	asked, err := g.Impact.Effects(g.ctx, g.actor.Organisation, "")
	if err != nil {
		return err
	}
	kept, err := g.Impact.Estimates(g.ctx, g.actor.Organisation, "")
	if err != nil {
		return err
	}
	best := ""
	for _, e := range asked {
		if k := kept[e.ID]; k != nil && k.Finding == impact.Works && (best == "" || k.Grade < kept[best].Grade) {
			best = e.ID
		}
	}
	if best != "" {
		g.add("/effects/"+best, lang.T(g.ctx, "Did it work?"), lang.T(g.ctx, "What changed where it began, against where it had not: with its uncertainty, what would overturn it, and what it was worth."))
	}
	return nil
}
