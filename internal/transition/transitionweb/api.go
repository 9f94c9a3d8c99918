package transitionweb

import (
	"context"
	"net/http"

	"throughline/internal/effort"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// Offer adds the transition to the API.
func (p *Pages) Offer(a *rest.API) {
	op := func(path, name, summary string, act org.Act) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(act), Scope: "transition:read", Name: name, Summary: summary, Area: "Transition"}
	}
	rest.Offer(a, op("/programmes", "list-programmes", "The programmes of leaders and of coaches.", See), p.tellProgrammes)
	rest.Offer(a, op("/programmes/{programme}", "get-programme", "How many coaches the locations of a programme need and have, or which management teams have a leader.", Read), p.tellProgramme)
	rest.Offer(a, op("/initiatives", "list-initiatives", "Work that runs over several actions.", See), p.tellInitiatives)
	rest.Offer(a, op("/actions", "list-actions", "What management teams and groups have decided to do, as far as the token's owner reads it.", org.SignedIn), p.tellActions)
	rest.Offer(a, op("/actions/{action}", "get-action", "One action.", org.SignedIn), p.tellAction)
	rest.Offer(a, op("/practices", "list-practices", "What was tried at work, and what came of it.", Learn), p.tellPractices)
}

type programmeAnswer struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"leaders,coaches"`
	Every  int    `json:"every" doc:"months from one session to the next"`
	Closed bool   `json:"closed"`
}

func programmeOf(one transition.Programme) programmeAnswer {
	return programmeAnswer{one.ID, one.Name, string(one.Kind), one.Every, one.Closed}
}

func (p *Pages) tellProgrammes(ctx context.Context, in *struct{ rest.Page }) (*rest.List[programmeAnswer], error) {
	all, err := p.Store.Programmes(ctx, web.From[org.Actor](ctx).Organisation)
	var told []programmeAnswer
	for _, one := range all {
		told = append(told, programmeOf(one))
	}
	return rest.Of(in.Page, told), err
}

type siteAnswer struct {
	Location   string  `json:"location"`
	Country    string  `json:"country,omitempty"`
	Partner    string  `json:"partner,omitempty"`
	Headcount  float64 `json:"headcount"`
	Need       int     `json:"need"`
	Active     int     `json:"active"`
	Forming    int     `json:"forming"`
	Gap        int     `json:"gap"`
	Candidates int     `json:"candidates"`
}

type teamAnswer struct {
	Team   string `json:"team"`
	Unit   string `json:"unit"`
	Leader string `json:"leader,omitempty"`
	Status string `json:"status,omitempty"`
}

type coverageAnswer struct {
	Programme string       `json:"programme"`
	Kind      string       `json:"kind"`
	Locations int          `json:"locations,omitempty"`
	Headcount float64      `json:"headcount,omitempty"`
	Need      int          `json:"need,omitempty"`
	Active    int          `json:"active"`
	Gap       int          `json:"gap"`
	Rows      []siteAnswer `json:"rows,omitempty" nullable:"false" doc:"of coaches: by location"`
	Teams     []teamAnswer `json:"teams,omitempty" nullable:"false" doc:"of leaders: by management team"`
}

func (p *Pages) tellProgramme(ctx context.Context, _ *struct {
	Programme string `path:"programme" doc:"its id"`
}) (*coverageAnswer, error) {
	one, actor, err := p.one(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	o := overview{Programme: one}
	if err := p.fill(ctx, actor.Organisation, &o); err != nil {
		return nil, err
	}
	told := o.list()
	return &told, nil
}

type startAnswer struct {
	Of   string `json:"of" enum:"unit"`
	Name string `json:"name"`
	Day  string `json:"day" format:"date"`
}

type waveAnswer struct {
	Day    string `json:"day" format:"date"`
	People int    `json:"people"`
}

type initiativeAnswer struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Note     string        `json:"note,omitempty"`
	Kind     string        `json:"kind"`
	Owner    string        `json:"owner,omitempty"`
	Expected string        `json:"expected,omitempty" doc:"the effect that is expected"`
	Starts   []startAnswer `json:"starts,omitempty" nullable:"false" doc:"when it began, and where"`
	Waves    []waveAnswer  `json:"people,omitempty" nullable:"false" doc:"for how many people it began by themselves, by day"`
	Order    string        `json:"order,omitempty" enum:"lot,need,convenience" doc:"how it was decided where it begins first"`
	Reason   string        `json:"order_reason,omitempty"`
	Decided  string        `json:"order_decided,omitempty" format:"date"`
	Due      string        `json:"due,omitempty" format:"date"`
	Ended    string        `json:"ended,omitempty" format:"date"`
	Came     string        `json:"came,omitempty" doc:"what came of it"`
}

func initiativeOf(i effort.Initiative) initiativeAnswer {
	a := initiativeAnswer{ID: i.ID, Name: i.Name, Note: i.Note, Kind: string(i.Kind), Owner: i.Owner.Name, Expected: i.Expected, Order: string(i.Order), Reason: i.Reason, Decided: string(i.Decided), Due: string(i.Due), Ended: string(i.Ended), Came: i.Came}
	for _, s := range effort.InUnits(i.Starts) {
		a.Starts = append(a.Starts, startAnswer{string(s.Of), s.Ref.Name, string(s.Day)})
	}
	for _, w := range effort.Waves(i.Starts) {
		a.Waves = append(a.Waves, waveAnswer{string(w.Day), w.People})
	}
	return a
}

func (p *Pages) tellInitiatives(ctx context.Context, in *struct{ rest.Page }) (*rest.List[initiativeAnswer], error) {
	all, err := p.Efforts.Initiatives(ctx, web.From[org.Actor](ctx).Organisation)
	var told []initiativeAnswer
	for _, i := range all {
		told = append(told, initiativeOf(i))
	}
	return rest.Of(in.Page, told), err
}

type actionAnswer struct {
	ID         string `json:"id"`
	What       string `json:"what"`
	Kind       string `json:"kind"`
	By         string `json:"by" doc:"the management team or group that decided it"`
	Unit       string `json:"unit,omitempty" doc:"id"`
	Theme      string `json:"theme,omitempty" doc:"of the focal point"`
	Item       string `json:"characteristic,omitempty" doc:"that is expected to move"`
	OffFocus   string `json:"off_focus,omitempty" doc:"why it is done though it serves no focal point"`
	Effect     string `json:"effect,omitempty" doc:"what people will notice"`
	Owner      string `json:"owner,omitempty"`
	Decided    string `json:"decided" format:"date"`
	Due        string `json:"due,omitempty" format:"date"`
	Initiative string `json:"initiative,omitempty" doc:"id"`
	Goal       string `json:"goal,omitempty" doc:"id"`
	External   bool   `json:"external,omitempty" doc:"run by somebody outside"`
	State      string `json:"state" enum:"open,done,stopped"`
	Ended      string `json:"ended,omitempty" format:"date"`
	Outcome    string `json:"outcome,omitempty"`
	Came       string `json:"came,omitempty"`
}

func actionOf(a transition.Action) actionAnswer {
	return actionAnswer{ID: a.ID, What: a.What, Kind: string(a.Kind), By: a.Body.Name, Unit: a.Body.Unit.ID, Theme: a.Theme, Item: a.Item, OffFocus: a.OffFocus, Effect: a.Effect, Owner: a.Owner.Name, Decided: string(a.Decided), Due: string(a.Due),
		Initiative: a.Initiative, Goal: a.Goal, External: a.External, State: string(a.State), Ended: string(a.Ended), Outcome: string(a.Outcome), Came: a.Came}
}

func (p *Pages) tellActions(ctx context.Context, in *struct {
	rest.Page
	Open       bool   `query:"open" doc:"those alone that are open"`
	Initiative string `query:"initiative" doc:"id"`
	Goal       string `query:"goal" doc:"id"`
}) (*rest.List[actionAnswer], error) {
	actor := web.From[org.Actor](ctx)
	all, err := p.Store.Actions(ctx, actor.Organisation, transitiondb.ActionQuery{Open: in.Open, Initiative: in.Initiative, Goal: in.Goal})
	if err != nil {
		return nil, err
	}
	reads, err := p.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	var told []actionAnswer
	for _, a := range all {
		if reads(a) {
			told = append(told, actionOf(a))
		}
	}
	return rest.Of(in.Page, told), nil
}

func (p *Pages) tellAction(ctx context.Context, _ *struct {
	Action string `path:"action" doc:"its id"`
}) (*actionAnswer, error) {
	v, _, err := p.actionSight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	told := actionOf(v.Action)
	return &told, nil
}

type practiceAnswer struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Theme    string `json:"characteristic,omitempty" doc:"id"`
	Problem  string `json:"problem"`
	Tried    string `json:"tried"`
	Outcome  string `json:"outcome"`
	Result   string `json:"result,omitempty"`
	Evidence string `json:"evidence,omitempty"`
	Writer   string `json:"writer"`
	Location string `json:"location,omitempty"`
	InUse    int    `json:"in_use" doc:"by how many others"`
}

func (p *Pages) tellPractices(ctx context.Context, in *struct {
	rest.Page
	Text string `query:"q" doc:"words that it holds"`
}) (*rest.List[practiceAnswer], error) {
	all, err := p.Store.Practices(ctx, web.From[org.Actor](ctx).Organisation, transitiondb.PracticeQuery{Text: in.Text})
	if err != nil {
		return nil, err
	}
	var told []practiceAnswer
	for _, one := range all {
		told = append(told, practiceAnswer{one.ID, one.Title, one.Theme, one.Problem, one.Tried, string(one.Outcome), one.Result, one.Evidence, one.Writer.Person.Name, one.Writer.Location, one.InUse})
	}
	return rest.Of(in.Page, told), err
}
