package strategyweb

import (
	"context"
	"slices"

	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// recognitions are those that the reader may see.
func (p *Pages) recognitions(ctx context.Context, actor org.Actor, q strategydb.RecognitionQuery) ([]strategy.Recognition, error) {
	all, err := p.Store.Recognitions(ctx, actor.Organisation, q)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	path, err := p.ownPath(ctx, actor)
	return slices.DeleteFunc(all, func(r strategy.Recognition) bool { return !r.SeenBy(actor.Person, path) }), err
}

// mayRecognise says whether the reader may recognise the goal's result: the line manager of a person's,
// and of a unit's who sets its goals.
func (g goalPage) mayRecognise() bool {
	return g.Personal() && g.Side == org.TheManager || !g.Personal() && g.Changes
}

// mayShow says whether the reader chooses who sees a recognition: whoever it is of.
func (g goalPage) mayShow() bool {
	return g.Personal() && g.Side == org.ThePerson || !g.Personal() && g.Answers
}

func visibleText(ctx context.Context, r strategy.Recognition, v strategy.Visible) string {
	switch {
	case v == strategy.ToAnyone:
		return lang.T(ctx, "everybody")
	case v == strategy.ToUnit:
		return lang.T(ctx, "the people of %s", r.Unit.Name)
	case r.Person.ID != "":
		return lang.T(ctx, "%[1]s and %[2]s", r.Person.Name, r.By.Name)
	}
	return lang.T(ctx, "the people of %s alone", r.Unit.Name)
}
