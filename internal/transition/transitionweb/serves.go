package transitionweb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"

	"github.com/a-h/templ"
)

// servedView is what was done about a focal point, as far as somebody may read it.
type servedView struct {
	transitiondb.Served
	themes
	Read  []transition.Action // by name
	Reads bool                // the programmes, and so their sessions
	Learn bool                // practices
}

// Serves is what was done about a focal point: how much, and by name what the reader may read.
func (p *Pages) Serves(ctx context.Context, actor org.Actor, diagnosisID string, f diagnosis.FocalPoint) (templ.Component, error) {
	v := servedView{Reads: p.Permits.May(actor, Read, org.Place{}), Learn: p.Permits.MayAnywhere(actor, Learn)}
	var err error
	if v.Served, err = p.Store.Serves(ctx, actor.Organisation, diagnosisID, f); err != nil {
		return nil, err
	}
	if v.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return nil, err
	}
	may, err := p.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, a := range v.Actions {
		if len(v.Read) < mostServed && may(a) {
			v.Read = append(v.Read, a)
		}
	}
	return servedList(v), nil
}

// mostServed is how many of a kind are named.
const mostServed = 10

// doneText says how much was done, in one line.
func (v servedView) doneText(ctx context.Context) string {
	done, stopped, helped := 0, 0, 0
	for _, a := range v.Actions {
		switch a.State {
		case transition.ActionDone:
			if done++; a.Outcome == transition.Helped || a.Outcome == transition.Partly {
				helped++
			}
		case transition.ActionStopped:
			stopped++
		}
	}
	if len(v.Actions)+len(v.Sessions)+len(v.Practices) == 0 {
		return lang.T(ctx, "Nothing that was done about it is written down.")
	}
	text := lang.N(ctx, len(v.Actions), "One action", "%d actions") + ": " + lang.T(ctx, "%[1]d done, of which %[2]d helped at least in part, and %[3]d stopped.", done, helped, stopped)
	text += " " + lang.N(ctx, len(v.Sessions), "One session was held on it", "%d sessions were held on it") + ", "
	text += lang.N(ctx, len(v.Practices), "and one practice was shared.", "and %d practices were shared.")
	if v.Spent.Participants+v.Spent.Staff > 0 || len(v.Spent.Costs) > 0 {
		text += " " + lang.T(ctx, "Recorded as effort: %s.", hours(ctx, v.Spent.Participants+v.Spent.Staff)) + " " + costsText(ctx, v.Spent.Costs)
	}
	return text
}

// outcomeOf says what came of an action, in a few words.
func outcomeOf(ctx context.Context, a transition.Action) string {
	switch {
	case a.State == transition.ActionStopped:
		return lang.T(ctx, "stopped")
	case a.State == transition.ActionDone:
		return outcomeName(ctx, a.Outcome)
	}
	return lang.T(ctx, "open")
}

// helpView is what is done for a goal, as far as somebody may read it.
type helpView struct {
	Initiatives []effort.Initiative
	Actions     []transition.Action // by name
	More        int                 // actions beyond these
	Sees        bool                // initiatives' own pages
}

// Helps is what is done for a goal of a unit: its initiatives, and by name the actions that the reader
// may read.
func (p *Pages) Helps(ctx context.Context, actor org.Actor, g strategy.Goal) (templ.Component, error) {
	v := helpView{Sees: p.Permits.MayAnywhere(actor, See)}
	all, err := p.Efforts.Initiatives(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if slices.Contains(i.Serves, effort.Target{Kind: effort.ForGoal, ID: g.ID}) {
			v.Initiatives = append(v.Initiatives, i)
		}
	}
	actions, err := p.Store.Actions(ctx, actor.Organisation, transitiondb.ActionQuery{Goal: g.ID})
	if err != nil {
		return nil, err
	}
	may, err := p.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, a := range actions {
		if len(v.Actions) < mostServed && may(a) {
			v.Actions = append(v.Actions, a)
		} else {
			v.More++
		}
	}
	if len(v.Initiatives)+len(actions) == 0 {
		return nil, nil
	}
	return helpList(v), nil
}
