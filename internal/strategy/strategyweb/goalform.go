package strategyweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/a-h/templ"
)

// goalForm is the page on which a goal is set or changed.
type goalForm struct {
	strategy.Goal
	Around     strategydb.UnitGoals
	Indicators []strategy.Indicator
	Given      string // the owner as typed
	Typed      map[string]string
	Err        error
}

// newGoal begins a goal of a unit, or of a person who reports to the reader or is the reader, perhaps
// under another one.
func (p *Pages) newGoal(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	today, err := p.Org.Today(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	year := period.Of(today, period.Yearly)
	if today > year.Last().Add(-60) {
		year = year.Add(1)
	}
	f := goalForm{Goal: strategy.Goal{Begins: year.First(), Ends: year.Last(), Perspective: strategy.Customer}, Given: actor.Name}
	f.Unit.ID, f.Person.ID = r.FormValue("unit"), r.FormValue("person")
	if err := p.mayChange(ctx, actor, &f.Goal); err != nil {
		return err
	}
	if under := r.FormValue("under"); under != "" {
		above, err := p.Store.Goal(ctx, actor.Organisation, under, nil)
		if err != nil {
			return err
		}
		f.Links, f.Perspective, f.Indicator, f.Begins, f.Ends = []strategy.Link{{Goal: under, How: strategy.Supports}}, above.Perspective, above.Indicator, above.Begins, above.Ends
	}
	if f.Personal() {
		f.Perspective = strategy.Growth
	}
	return p.showGoalForm(w, r, f)
}

func (p *Pages) showGoalForm(w http.ResponseWriter, r *http.Request, f goalForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if f.Around, err = p.Store.Goals(ctx, actor.Organisation, f.Unit.ID, nil); err != nil {
		return err
	}
	if f.Indicators, err = p.Store.Indicators(ctx, actor.Organisation); err != nil {
		return err
	}
	f.Indicators = slices.DeleteFunc(f.Indicators, func(i strategy.Indicator) bool { return i.Ended != "" && i.ID != f.Indicator })
	return web.Page(w, r, web.StatusOf(f.Err), goalFormPage(f))
}

// saveGoal keeps a new goal.
func (p *Pages) saveGoal(w http.ResponseWriter, r *http.Request) error {
	g := strategy.Goal{Unit: org.Ref{ID: r.FormValue("unit")}, Person: org.Ref{ID: r.FormValue("person")}}
	return p.keepGoal(w, r, g)
}

func (p *Pages) keepGoal(w http.ResponseWriter, r *http.Request, g strategy.Goal) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if err := p.mayChange(ctx, actor, &g); err != nil {
		return err
	}
	f := goalForm{Given: r.FormValue("owner")}
	f.Goal, f.Typed, f.Err = readGoal(r, g)
	made := strategydb.GoalMade{Goal: f.Goal, OwnerTyped: f.Given, By: actor.Name}
	if g.Personal() {
		_, side, err := p.Org.Side(ctx, actor, g.Person.ID)
		if err != nil {
			return err
		}
		made.Side = side
	}
	id := g.ID
	if f.Err == nil {
		id, f.Err = p.Store.SaveGoal(ctx, actor.Organisation, made)
	}
	if web.Retry(f.Err) {
		return p.showGoalForm(w, r, f)
	}
	if f.Err != nil {
		return f.Err
	}
	return web.SeeOther(w, r, "/goals/"+id)
}

// readGoal reads the form over a goal. typed keeps what was typed for numbers.
func readGoal(r *http.Request, g strategy.Goal) (strategy.Goal, map[string]string, error) {
	g.Name, g.Why, g.Perspective = r.FormValue("name"), r.FormValue("why"), strategy.Perspective(r.FormValue("perspective"))
	g.Begins, g.Ends, g.Indicator = period.Day(r.FormValue("begins")), period.Day(r.FormValue("ends")), r.FormValue("indicator")
	g.Objectives, g.Links, g.Baseline, g.Aim, g.High = nil, nil, nil, nil, nil
	g.Weight = web.Number(r, "weight", 0)
	for _, what := range strings.Split(r.FormValue("objectives"), "\n") {
		g.Objectives = append(g.Objectives, strategy.Objective{What: what})
	}
	for _, name := range r.Form["reaches"] {
		if how := strategy.How(r.FormValue("how-" + name)); how != "" {
			g.Links = append(g.Links, strategy.Link{Goal: name, How: how, Because: strings.TrimSpace(r.FormValue("because-" + name))})
		}
	}
	typed := map[string]string{}
	var mistake error
	for _, f := range []struct {
		field string
		to    **float64
	}{{"baseline", &g.Baseline}, {"target", &g.Aim}, {"high", &g.High}} {
		text := strings.TrimSpace(r.FormValue(f.field))
		if typed[f.field] = text; text == "" {
			continue
		}
		v, err := decimal(text)
		if err != nil {
			mistake = fault.Fieldf(f.field, "%s", err)
		}
		*f.to = &v
	}
	return g, typed, mistake
}

// link is what a goal of the form is to another; zero for nothing.
func (f goalForm) link(goal string) strategy.Link {
	n := slices.IndexFunc(f.Links, func(l strategy.Link) bool { return l.Goal == goal })
	if n < 0 {
		return strategy.Link{}
	}
	return f.Links[n]
}

// sisters are the unit's other goals, to which this one may lead.
func (f goalForm) sisters() (goals []strategydb.Measured) {
	for _, g := range f.Around.Goals {
		if g.ID != f.ID && g.Ended == "" {
			goals = append(goals, g)
		}
	}
	return goals
}

// reaching are the goals that a goal of the form may serve: those above, and for a person's those of
// the own unit.
func (f goalForm) reaching() (goals []strategy.Goal) {
	if f.Personal() {
		for _, g := range f.sisters() {
			goals = append(goals, g.Goal)
		}
	}
	return append(goals, f.Around.Above...)
}

func (f goalForm) figure(field string, v *float64) string {
	if text, typed := f.Typed[field]; typed {
		return text
	}
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func (f goalForm) objectives() string {
	var all []string
	for _, o := range f.Objectives {
		all = append(all, o.What)
	}
	return strings.Join(all, "\n")
}

func (f goalForm) title(ctx context.Context) string {
	switch {
	case f.ID != "":
		return lang.T(ctx, "Change the goal")
	case f.Personal():
		return lang.T(ctx, "A goal for %s", f.Person.Name)
	}
	return lang.T(ctx, "A goal of %s", f.Unit.Name)
}

func (f goalForm) action() templ.SafeURL {
	if f.ID == "" {
		return "/goals"
	}
	return templ.SafeURL("/goals/" + f.ID)
}
