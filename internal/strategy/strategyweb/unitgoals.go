package strategyweb

import (
	"context"
	"net/http"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// goalHome goes to the goals of the reader's own unit, or else to those of the highest unit.
func (p *Pages) goalHome(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	units, err := p.Store.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if len(units.Units) == 0 {
		return web.Page(w, r, http.StatusOK, noGoalsPage())
	}
	unit := units.Units[0].ID
	if tops := p.Permits.Tops(actor, ReadCard, units); len(tops) > 0 {
		unit = tops[0].ID
	} else if own, err := p.Org.Self(ctx, actor); err == nil {
		unit = own.Unit.ID
	} else if fault.Of(err) == nil {
		return err
	}
	return web.SeeOther(w, r, "/goals/units/"+unit)
}

// showsFigures says whether a reader may see how the goals of a unit stand: who reads its scorecard, and
// who works in it or under it.
func (p *Pages) showsFigures(ctx context.Context, actor org.Actor, path []org.Ref) (bool, error) {
	if p.Permits.May(actor, ReadCard, org.PlaceOf(path)) {
		return true, nil
	}
	own, err := p.ownPath(ctx, actor)
	return len(path) > 0 && slices.Contains(own, path[len(path)-1].ID), err
}

// ownPath is the ids of the reader's unit and those above it, from the root down; none for who is not
// on the roster.
func (p *Pages) ownPath(ctx context.Context, actor org.Actor) ([]string, error) {
	self, err := p.Org.Self(ctx, actor)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	units, err := p.Store.Units(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	at, there := units.Find(self.Unit.ID)
	if !there {
		return nil, nil
	}
	return units.IDs(at), nil
}

// unitGoals is the page of a unit's goals.
type unitGoals struct {
	strategydb.UnitGoals
	Sets    bool // may set goals here
	Figures bool // may read scorecards here

	Recognised []strategy.Recognition // that the reader sees
}

// goalsSight reads the goals of the unit that a request names; how they stand, for who may see it.
func (p *Pages) goalsSight(r *http.Request) (u unitGoals, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if u.UnitGoals, err = p.Store.Goals(ctx, actor.Organisation, r.PathValue("unit"), p.Sees(actor)); err != nil {
		return u, err
	}
	u.Sets, u.Figures = p.Permits.May(actor, SetGoals, org.PlaceOf(u.Path)), p.Permits.May(actor, ReadCard, org.PlaceOf(u.Path))
	if err = p.saw(ctx, actor, u.Diagnoses, "goals/"+u.Unit.ID); err != nil {
		return u, err
	}
	shows, err := p.showsFigures(ctx, actor, u.Path)
	for n := range u.Goals {
		if !shows {
			u.Goals[n].Measure, u.Goals[n].Line = nil, nil
		}
	}
	return u, err
}

func (p *Pages) unitGoals(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	u, err := p.goalsSight(r)
	if err != nil {
		return err
	}
	if u.Recognised, err = p.recognitions(ctx, actor, strategydb.RecognitionQuery{Unit: u.Unit.ID}); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Goals of %s", u.Unit.Name), u.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, unitGoalsPage(u))
}

// orphans lists goals in a unit and below that serve nothing, and that nothing serves.
func (p *Pages) orphans(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	unit, _, err := p.namedUnit(r, ReadCard)
	if err != nil {
		return err
	}
	first := mostOrphans
	if r.FormValue("format") != "" {
		first = 0
	}
	o, err := p.Store.Orphans(ctx, actor.Organisation, unit.ID, first)
	if err != nil {
		return err
	}
	tables := [2]web.Table{orphanTable(ctx, lang.T(ctx, "They serve nothing"), o.ServeNothing.First), orphanTable(ctx, lang.T(ctx, "Nothing serves them"), o.Unserved.First)}
	table := tables[1]
	if r.FormValue("table") == "0" {
		table = tables[0]
	}
	if done, err := web.Exported(w, r, table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, orphansPage(unit, o, tables))
}

// mostAtOnce is how many goals that serve one are seen without asking for more.
const mostAtOnce = 10

// mostOrphans is how many goals a page lists; a file has all.
const mostOrphans = 100

func orphanTable(ctx context.Context, name string, goals []strategy.Goal) web.Table {
	t := web.Table{Name: name, Header: []string{lang.T(ctx, "Goal"), lang.T(ctx, "Unit"), lang.T(ctx, "Owner")}, Roomy: []string{lang.T(ctx, "Owner")}}
	for _, g := range goals {
		t.Rows = append(t.Rows, []any{web.Link{Path: "/goals/" + g.ID, Text: g.Name}, g.Unit.Name, g.Owner.Name})
	}
	return t
}

func (u unitGoals) heading(ctx context.Context) string {
	working := 0
	for _, g := range u.Goals {
		if g.Ended == "" {
			working++
		}
	}
	if working == 0 {
		return lang.T(ctx, "%s has no goal yet.", u.Unit.Name)
	}
	return lang.T(ctx, "%[1]s: %[2]s", u.Unit.Name, lang.N(ctx, working, "one goal is worked on.", "%d goals are worked on."))
}

// unanswered are the goals that reach the unit and that none of its own serves.
func (u unitGoals) unanswered() (open []strategy.Goal) {
	for _, a := range u.Above {
		if !slices.ContainsFunc(u.Goals, func(g strategydb.Measured) bool {
			return g.Ended == "" && slices.ContainsFunc(g.Links, func(l strategy.Link) bool { return l.Goal == a.ID })
		}) {
			open = append(open, a)
		}
	}
	return open
}

// of are the unit's goals of a perspective that are worked on.
func (u unitGoals) of(p strategy.Perspective) (goals []strategydb.Measured) {
	for _, g := range u.Goals {
		if g.Perspective == p && g.Ended == "" {
			goals = append(goals, g)
		}
	}
	return goals
}

func (u unitGoals) ended() (goals []strategydb.Measured) {
	for _, g := range u.Goals {
		if g.Ended != "" {
			goals = append(goals, g)
		}
	}
	return goals
}

func (u unitGoals) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Goals"), Header: []string{lang.T(ctx, "Goal"), lang.T(ctx, "Perspective"), lang.T(ctx, "From"), lang.T(ctx, "By"), lang.T(ctx, "Owner"), lang.T(ctx, "Serves"), lang.T(ctx, "How"), lang.T(ctx, "Indicator"), lang.T(ctx, "Baseline"), lang.T(ctx, "Now"), lang.T(ctx, "Target"), lang.T(ctx, "Weight, %%"), lang.T(ctx, "How it ended")}}
	for _, g := range u.Goals {
		row := []any{g.Name, perspectiveText(ctx, g.Perspective), string(g.Begins), string(g.Ends), g.Owner.Name, "", "", "", number(g.Baseline), nil, number(g.Aim), g.Weight, ""}
		for _, l := range g.Serves()[:min(1, len(g.Serves()))] {
			row[5], row[6] = u.Tree.Goals[l.Goal].Name, howText(ctx, l.How)
		}
		if g.Measure != nil {
			row[7], row[9] = g.Measure.Name, number(g.Line.ToDate)
		}
		if g.Ended != "" {
			row[12] = outcomeText(ctx, g.Outcome)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
