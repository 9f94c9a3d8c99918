package learningweb

import (
	"context"
	"net/http"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/org"
)

// offerPlans adds what people ask for and plan, each for the person and the line manager.
func (p *Pages) offerPlans(a *rest.API) {
	op := func(method, path, name, summary string) rest.Operation {
		o := rest.Operation{Method: method, Path: path, Act: string(org.SignedIn), Scope: scopeRead, Name: name, Summary: summary, Area: "Learning"}
		if method == http.MethodPost {
			o.Scope, o.Status = scopeWrite, http.StatusCreated
		}
		return o
	}
	rest.Offer(a, op("GET", "/requests", "list-requests", "What the token's owner has asked for, and what those who report to the owner have asked for and is open."), p.tellRequests)
	rest.Offer(a, op("POST", "/requests", "ask-for-resource", "Asks for a resource, for the token's owner or somebody who reports to the owner."), p.takeRequest)
	rest.Offer(a, op("POST", "/requests/{request}/decision", "decide-request", "Says the line manager's yes or no."), p.takeDecision)
	rest.Offer(a, op("POST", "/requests/{request}/withdrawal", "withdraw-request", "Takes a request back; its place goes to who waits."), p.takeWithdrawal)
	rest.Offer(a, op("POST", "/requests/{request}/end", "end-request", "Says that what was asked for is completed, or given up. A completion goes into the ledger."), p.takeEnd)
	rest.Offer(a, op("GET", "/people/{person}/plan", "list-items-of-plan", "The development plan of somebody, for that person and the line manager."), p.tellPlan)
	rest.Offer(a, op("POST", "/people/{person}/plan", "plan-item", "Writes an item into the plan; the other of the two still has to say yes."), p.takeItem)
	rest.Offer(a, op("POST", "/people/{person}/plan/{item}/agreement", "agree-item", "Says yes to an item as it stands."), p.takeAgreement)
	rest.Offer(a, op("POST", "/people/{person}/plan/{item}/report", "report-item", "Says, for the person, that it is done."), p.takeReport)
	rest.Offer(a, op("POST", "/people/{person}/plan/{item}/confirmation", "confirm-item", "Says, for the line manager, that it is so, or that it is not yet."), p.takeConfirmation)
}

type requestAnswer struct {
	ID       string `json:"id"`
	Person   string `json:"person" doc:"id"`
	Name     string `json:"name" doc:"of the person"`
	Resource string `json:"resource" doc:"id"`
	Offering string `json:"offering,omitempty" doc:"id of the one in which there is a place, or for which it waits"`
	State    string `json:"state" enum:"asked,waiting,placed,completed,not-done,refused,withdrawn"`
	Needed   string `json:"needed" format:"date" doc:"from this day"`
	Access   string `json:"access,omitempty" format:"date" doc:"since this day"`
	Done     string `json:"done,omitempty" format:"date"`
	Why      string `json:"why,omitempty"`
	Answer   string `json:"answer,omitempty" doc:"why it was refused"`
	Minutes  int    `json:"minutes,omitempty" doc:"that it took, where it was said"`
	Result   string `json:"result,omitempty"`
}

func requestOf(q learning.Request) requestAnswer {
	return requestAnswer{q.ID, q.Person.ID, q.Person.Name, q.Resource, q.Offering, string(q.State), string(q.Needed), string(q.Access), string(q.Done), q.Why, q.Answer, q.Minutes, q.Result}
}

func (p *Pages) tellRequests(ctx context.Context, in *struct{ rest.Page }) (*rest.List[requestAnswer], error) {
	actor := web.From[org.Actor](ctx)
	self, err := p.Org.Self(ctx, actor)
	if fault.KindOf(err) == fault.NotFound {
		return rest.Of(in.Page, []requestAnswer(nil)), nil
	}
	if err != nil {
		return nil, err
	}
	own, err := p.Store.RequestsOf(ctx, actor.Organisation, self.ID)
	if err != nil {
		return nil, err
	}
	people, err := p.Store.RequestsOfPeople(ctx, actor.Organisation, actor.Person)
	var told []requestAnswer
	for _, q := range append(own, people...) {
		told = append(told, requestOf(q.Request))
	}
	return rest.Of(in.Page, told), err
}

func (p *Pages) takeRequest(ctx context.Context, in *struct {
	rest.Once
	Body struct {
		Person   string `json:"person,omitempty" doc:"id; the token's owner where it is left out"`
		Resource string `json:"resource" doc:"id"`
		Offering string `json:"offering,omitempty" doc:"id; any where it is left out"`
		Needed   string `json:"needed,omitempty" format:"date" doc:"from this day; today where it is left out"`
		Why      string `json:"why,omitempty"`
	}
}) (*requestAnswer, error) {
	actor := web.From[org.Actor](ctx)
	if in.Body.Person == "" {
		self, err := p.Org.Self(ctx, actor)
		if err != nil {
			return nil, err
		}
		in.Body.Person = self.ID
	}
	side, err := p.sideOf(ctx, in.Body.Person)
	if err != nil {
		return nil, err
	}
	q := learning.Request{Person: org.Ref{ID: in.Body.Person}, Resource: in.Body.Resource, Offering: in.Body.Offering, Needed: period.Day(in.Body.Needed), Why: in.Body.Why, By: actor.Name}
	if err := p.Store.Ask(ctx, actor.Organisation, q, side); err != nil {
		return nil, err
	}
	all, err := p.Store.RequestsOf(ctx, actor.Organisation, in.Body.Person)
	for _, q := range all {
		if err == nil && q.Resource == in.Body.Resource { // the newest is first
			a := requestOf(q.Request)
			return &a, nil
		}
	}
	return nil, err
}

// RequestNamed names a request.
type RequestNamed struct {
	rest.Once
	Request string `path:"request" doc:"id"`
}

// onRequest does something to a request that the owner or the line manager may see, and tells it as it is then.
func (p *Pages) onRequest(ctx context.Context, id string, do func(side org.Side, organisation, by string) error) (*requestAnswer, error) {
	actor := web.From[org.Actor](ctx)
	_, side, err := p.requestFor(ctx, id)
	if err == nil {
		err = do(side, actor.Organisation, actor.Name)
	}
	if err != nil {
		return nil, err
	}
	q, err := p.Store.Request(ctx, actor.Organisation, id)
	a := requestOf(q)
	return &a, err
}

func (p *Pages) takeDecision(ctx context.Context, in *struct {
	RequestNamed
	Body struct {
		Yes    bool   `json:"yes"`
		Answer string `json:"answer,omitempty" doc:"why not"`
	}
}) (*requestAnswer, error) {
	return p.onRequest(ctx, in.Request, func(side org.Side, organisation, by string) error {
		if side != org.TheManager {
			return fault.Forbiddenf("the line manager says yes or no")
		}
		return p.Store.Decide(ctx, organisation, in.Request, in.Body.Yes, in.Body.Answer, by)
	})
}

func (p *Pages) takeWithdrawal(ctx context.Context, in *RequestNamed) (*requestAnswer, error) {
	return p.onRequest(ctx, in.Request, func(_ org.Side, organisation, _ string) error {
		return p.Store.Withdraw(ctx, organisation, in.Request)
	})
}

func (p *Pages) takeEnd(ctx context.Context, in *struct {
	RequestNamed
	Body struct {
		Completed bool   `json:"completed"`
		Minutes   int    `json:"minutes,omitempty" minimum:"0" doc:"that it took; those of the resource where they are left out"`
		Result    string `json:"result,omitempty"`
	}
}) (*requestAnswer, error) {
	return p.onRequest(ctx, in.Request, func(_ org.Side, organisation, by string) error {
		return p.Store.Finish(ctx, organisation, in.Request, in.Body.Completed, in.Body.Minutes, in.Body.Result, by)
	})
}

type planItemAnswer struct {
	ID         string `json:"id"`
	What       string `json:"what"`
	Why        string `json:"why,omitempty"`
	Modality   string `json:"modality"`
	Resource   string `json:"resource,omitempty" doc:"id"`
	Competency string `json:"competency,omitempty" doc:"id of what it is to bring"`
	Level      int    `json:"level,omitempty" doc:"to which"`
	Goal       string `json:"goal,omitempty" doc:"id of one that it serves"`
	Due        string `json:"due" format:"date"`
	Stage      string `json:"stage" enum:"proposed,working,reported,confirmed,given-up"`
	ByPerson   bool   `json:"agreed_by_person"`
	ByManager  bool   `json:"agreed_by_manager"`
	Done       string `json:"done,omitempty" format:"date"`
	Minutes    int    `json:"minutes,omitempty"`
	Came       string `json:"came,omitempty" doc:"what came of it"`
	Confirmed  string `json:"confirmed,omitempty" format:"date"`
}

func planItemOf(i learning.Item) planItemAnswer {
	return planItemAnswer{i.ID, i.What, i.Why, string(i.Modality), i.Resource, i.Competency, i.Level, i.Goal, string(i.Due), string(i.Stage()), !i.Agreed.Person.IsZero(), !i.Agreed.Manager.IsZero(), string(i.Done), i.Minutes, i.Came, string(i.Confirmed)}
}

func (p *Pages) tellPlan(ctx context.Context, in *struct {
	rest.Page
	Person string `path:"person" doc:"id"`
}) (*rest.List[planItemAnswer], error) {
	if _, err := p.sideOf(ctx, in.Person); err != nil {
		return nil, err
	}
	v, err := p.Store.Development(ctx, web.From[org.Actor](ctx).Organisation, in.Person)
	var told []planItemAnswer
	for _, i := range v.Items {
		told = append(told, planItemOf(i))
	}
	return rest.Of(in.Page, told), err
}

func (p *Pages) takeItem(ctx context.Context, in *struct {
	rest.Once
	Person string `path:"person" doc:"id"`
	Body   struct {
		What       string `json:"what"`
		Why        string `json:"why,omitempty"`
		Modality   string `json:"modality" doc:"how one learns by it"`
		Resource   string `json:"resource,omitempty" doc:"id"`
		Competency string `json:"competency,omitempty" doc:"its id, its key or its whole name"`
		Level      int    `json:"level,omitempty" minimum:"0" maximum:"12"`
		Goal       string `json:"goal,omitempty" doc:"id"`
		Due        string `json:"due" format:"date"`
	}
}) (*planItemAnswer, error) {
	actor := web.From[org.Actor](ctx)
	side, err := p.sideOf(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	b := in.Body
	i := learning.Item{Person: org.Ref{ID: in.Person}, What: b.What, Why: b.Why, Modality: effort.Modality(b.Modality), Resource: b.Resource, Level: b.Level, Goal: b.Goal, Due: period.Day(b.Due)}
	if b.Competency != "" {
		c, err := p.Store.Find(ctx, actor.Organisation, "", b.Competency)
		if err != nil {
			return nil, err
		}
		i.Competency = c.ID
	}
	made, err := p.Store.SaveItem(ctx, actor.Organisation, i, side, actor.Name)
	if err != nil {
		return nil, err
	}
	return p.planItem(ctx, in.Person, made)
}

func (p *Pages) planItem(ctx context.Context, person, item string) (*planItemAnswer, error) {
	v, err := p.Store.Item(ctx, web.From[org.Actor](ctx).Organisation, person, item)
	a := planItemOf(v.Item)
	return &a, err
}

// ItemNamed names an item of somebody's plan.
type ItemNamed struct {
	rest.Once
	Person string `path:"person" doc:"id"`
	Item   string `path:"item" doc:"id"`
}

// onItem does something to an item, where the caller is on a side that may, and tells it as it is then.
func (p *Pages) onItem(ctx context.Context, in ItemNamed, may org.Side, do func(side org.Side, organisation, by string) error) (*planItemAnswer, error) {
	actor := web.From[org.Actor](ctx)
	side, err := p.sideOf(ctx, in.Person)
	if err == nil && may != "" && side != may {
		err = fault.Forbiddenf("this is for the other of the two whose plan it is")
	}
	if err == nil {
		err = do(side, actor.Organisation, actor.Name)
	}
	if err != nil {
		return nil, err
	}
	return p.planItem(ctx, in.Person, in.Item)
}

func (p *Pages) takeAgreement(ctx context.Context, in *ItemNamed) (*planItemAnswer, error) {
	return p.onItem(ctx, *in, "", func(side org.Side, organisation, by string) error {
		return p.Store.AgreeItem(ctx, organisation, in.Person, in.Item, side, by)
	})
}

func (p *Pages) takeReport(ctx context.Context, in *struct {
	ItemNamed
	Body struct {
		Came    string `json:"came" doc:"what came of it"`
		Minutes int    `json:"minutes,omitempty" minimum:"0" doc:"that it took"`
	}
}) (*planItemAnswer, error) {
	return p.onItem(ctx, in.ItemNamed, org.ThePerson, func(_ org.Side, organisation, by string) error {
		return p.Store.ReportItem(ctx, organisation, in.Person, in.Item, in.Body.Came, in.Body.Minutes, by)
	})
}

func (p *Pages) takeConfirmation(ctx context.Context, in *struct {
	ItemNamed
	Body struct {
		Confirmed bool `json:"confirmed" doc:"false: not yet"`
		Level     int  `json:"level,omitempty" minimum:"0" maximum:"12" doc:"at which the competency is there now"`
	}
}) (*planItemAnswer, error) {
	return p.onItem(ctx, in.ItemNamed, org.TheManager, func(_ org.Side, organisation, by string) error {
		return p.Store.ConfirmItem(ctx, organisation, in.Person, in.Item, in.Body.Confirmed, in.Body.Level, by)
	})
}
