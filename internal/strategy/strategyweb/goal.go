package strategyweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/a-h/templ"
)

// mayChange says whether somebody may set or change a goal, and fills in whose it is: a unit's is for
// who sets goals there, a person's for that person and the line manager.
func (p *Pages) mayChange(ctx context.Context, actor org.Actor, g *strategy.Goal) error {
	if g.Person.ID != "" {
		person, side, err := p.Org.Side(ctx, actor, g.Person.ID)
		if err == nil && side == "" {
			err = fault.NotFoundf("there is no such goal")
		}
		g.Person, g.Unit = org.Ref{ID: person.ID, Key: person.Key, Name: person.Title()}, person.Unit
		return err
	}
	units, err := p.Store.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	g.Unit, err = p.unitFor(actor, SetGoals, units, g.Unit.ID)
	return err
}

// goalPage is one goal.
type goalPage struct {
	strategydb.GoalView
	Side    org.Side // of whose goal it is: the reader's part
	Changes bool     // may change it
	Answers bool     // may say how it goes, and end it
	Hidden  bool     // it has figures that are not for the reader
	CheckIn strategy.CheckIn
	Deeds   []templ.Component // what areas above know of what serves it

	Recognised []strategy.Recognition // that the reader sees
	Err        error
}

func (p *Pages) goal(w http.ResponseWriter, r *http.Request) error {
	return p.showGoal(w, r, goalPage{})
}

// goalSight reads a goal as far as the reader may see it: a unit's everybody, a person's the person
// and the line manager.
func (p *Pages) goalSight(r *http.Request, g *goalPage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if g.GoalView, err = p.Store.Goal(ctx, actor.Organisation, r.PathValue("goal"), p.Sees(actor)); err != nil {
		return err
	}
	if g.Personal() {
		if _, g.Side, err = p.Org.Side(ctx, actor, g.Person.ID); err != nil {
			return err
		}
		if g.Side == "" {
			return fault.NotFoundf("there is no such goal")
		}
		g.Changes, g.Answers = true, true
		return nil
	}
	shows, err := p.showsFigures(ctx, actor, g.Path)
	if err != nil {
		return err
	}
	if !shows {
		g.Measure, g.Line, g.Share = nil, nil, nil
	}
	g.Hidden = !shows && g.Indicator != ""
	g.Changes = p.Permits.May(actor, SetGoals, org.PlaceOf(g.Path))
	g.Answers = g.Changes || actor.Person != "" && g.Owner.Key == actor.Person
	return nil
}

func (p *Pages) showGoal(w http.ResponseWriter, r *http.Request, g goalPage) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if err := p.goalSight(r, &g); err != nil {
		return err
	}
	if r.URL.Query().Has("edit") && g.Changes {
		return p.showGoalForm(w, r, goalForm{Goal: g.Measured.Goal, Given: g.Owner.Name})
	}
	err := p.saw(ctx, actor, g.Diagnoses, "goals/"+g.Unit.ID)
	if err != nil {
		return err
	}
	if g.Recognised, err = p.recognitions(ctx, actor, strategydb.RecognitionQuery{Goal: g.ID}); err != nil {
		return err
	}
	for _, serves := range p.Serves {
		deeds, err := serves(ctx, actor, g.Measured.Goal)
		if err != nil {
			return err
		}
		if deeds != nil {
			g.Deeds = append(g.Deeds, deeds)
		}
	}
	return web.Page(w, r, web.StatusOf(g.Err), goalView(g))
}

// changeGoal does one thing to a goal.
func (p *Pages) changeGoal(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	var g goalPage
	if err := p.goalSight(r, &g); err != nil {
		return err
	}
	do, what, _ := strings.Cut(r.FormValue("do"), " ")
	if do == "save" {
		return p.keepGoal(w, r, strategy.Goal{ID: g.ID, Unit: g.Unit, Person: g.Person})
	}
	err := error(fault.NotFoundf("there is no such goal"))
	switch id, o := g.ID, actor.Organisation; {
	case !g.Answers:
	case do == "agree" && g.Side != "":
		err = p.Store.Agree(ctx, o, id, g.Side, actor.Name)
	case do == "recognise" && g.mayRecognise():
		err = p.Store.Recognise(ctx, o, id, r.FormValue("recognition"), actor.By())
	case do == "show" && g.mayShow():
		to, of, _ := strings.Cut(what, " ")
		err = p.Store.ShowRecognition(ctx, o, id, of, strategy.Visible(to))
	case do == "check-in":
		g.CheckIn = strategy.CheckIn{Pace: strategy.Pace(r.FormValue("pace")), What: r.FormValue("words")}
		err = p.Store.CheckIn(ctx, o, id, g.CheckIn, actor.Name)
	case do == "end":
		err = p.Store.EndGoal(ctx, o, id, strategy.Outcome(r.FormValue("outcome")), r.FormValue("came"), actor.Name)
	case do == "reopen":
		err = p.Store.ReopenGoal(ctx, o, id, actor.Name)
	case do == "learned" || do == "unlearned":
		err = p.Store.Learn(ctx, o, id, what, do == "learned", actor.Name)
	}
	if web.Retry(err) {
		return p.showGoal(w, r, goalPage{CheckIn: g.CheckIn, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/goals/"+g.ID)
}

// peopleGoals is the page of those who report to the reader.
func (p *Pages) peopleGoals(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	all, err := p.Store.Reports(r.Context(), actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, peopleGoalsPage(all))
}
