package learningweb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

type aimAnswer struct {
	Kind  string `json:"kind" enum:"competency,role,result,goal,characteristic"`
	ID    string `json:"id"`
	Level int    `json:"level,omitempty" doc:"of a competency: to which it brings somebody"`
}

type learningResourceAnswer struct {
	ID       string       `json:"id"`
	Key      string       `json:"key" doc:"its short name in files"`
	Name     string       `json:"name"`
	Note     string       `json:"note,omitempty"`
	URI      string       `json:"uri,omitempty" doc:"where it is found"`
	Modality string       `json:"modality" doc:"how one learns by it"`
	External bool         `json:"external" doc:"somebody outside runs it"`
	Provider string       `json:"provider,omitempty"`
	Language string       `json:"language,omitempty"`
	Minutes  int          `json:"minutes,omitempty" doc:"that it takes"`
	Price    *moneyAnswer `json:"price,omitempty" doc:"for one participant"`
	Capacity int          `json:"capacity,omitempty" doc:"places of an offering, or licences; not there without a limit"`
	Approval bool         `json:"approval" doc:"asking for it needs the manager's yes"`
	For      []aimAnswer  `json:"for" nullable:"false"`
	Needs    []string     `json:"needs,omitempty" doc:"ids of those that come before it"`
}

type moneyAnswer struct {
	Amount   float64 `json:"amount" minimum:"0" doc:"in whole units of the currency"`
	Currency string  `json:"currency"`
}

// moneyOf is nil for nothing.
func moneyOf(smallest int64, currency string) *moneyAnswer {
	if smallest == 0 {
		return nil
	}
	return &moneyAnswer{effort.Units(smallest, currency), currency}
}

func (p *Pages) tellResources(ctx context.Context, in *struct {
	rest.Page
	Modality string `query:"modality" doc:"how one learns"`
	Goal     string `query:"goal" doc:"id of one that they are for"`
	Text     string `query:"text" doc:"words that begin words of them"`
}) (*rest.List[learningResourceAnswer], error) {
	q := learningdb.ResourceQuery{Text: in.Text, Modality: effort.Modality(in.Modality)}
	if in.Goal != "" {
		q.Aim = learning.Aim{Kind: effort.ForGoal, ID: in.Goal}
	}
	all, err := p.Store.Resources(ctx, web.From[org.Actor](ctx).Organisation, q)
	var told []learningResourceAnswer
	for _, r := range all {
		one := learningResourceAnswer{r.ID, r.Key, r.Name, r.Note, r.URI, string(r.Modality), r.External, r.Provider, r.Language, r.Minutes, moneyOf(r.Price, r.Currency), r.Capacity, r.Approved, []aimAnswer{}, r.Needs}
		for _, a := range r.Aims {
			one.For = append(one.For, aimAnswer{a.Kind, a.ID, a.Level})
		}
		told = append(told, one)
	}
	return rest.Of(in.Page, told), err
}

type offeringAnswer struct {
	ID       string `json:"id"`
	Resource string `json:"resource" doc:"id"`
	Begins   string `json:"begins" format:"date"`
	Ends     string `json:"ends" format:"date"`
	Place    string `json:"place,omitempty"`
	Places   int    `json:"places,omitempty" doc:"not there without a limit"`
	Taken    int    `json:"taken"`
	Waiting  int    `json:"waiting"`
}

func (p *Pages) tellOfferings(ctx context.Context, in *struct{ rest.Page }) (*rest.List[offeringAnswer], error) {
	all, _, err := p.Store.Coming(ctx, web.From[org.Actor](ctx).Organisation)
	var told []offeringAnswer
	for _, o := range all {
		told = append(told, offeringAnswer{o.ID, o.Resource, string(o.Begins), string(o.Ends), o.Place, o.Places, o.Taken, o.Waiting})
	}
	return rest.Of(in.Page, told), err
}

type otherSolutionAnswer struct {
	Kind string `json:"kind"`
	What string `json:"what"`
}

type priorityAnswer struct {
	ID           string                `json:"id"`
	Unit         string                `json:"unit" doc:"id"`
	Year         int                   `json:"year"`
	Name         string                `json:"name"`
	Why          string                `json:"why,omitempty"`
	Goal         string                `json:"goal" doc:"id"`
	State        string                `json:"state" enum:"drafted,one-side,agreed,reopened" doc:"reopened: its goal has changed since somebody signed"`
	Competencies []string              `json:"competencies,omitempty" doc:"ids"`
	Resources    []string              `json:"resources,omitempty" doc:"ids"`
	Solutions    []otherSolutionAnswer `json:"solutions,omitempty" doc:"that are no learning"`
	Hours        int                   `json:"hours,omitempty"`
	Budget       *moneyAnswer          `json:"budget,omitempty"`
	Owner        string                `json:"owner" doc:"name of who answers for it"`
}

// tellPriorities tells those of the units whose plans the reader may read.
func (p *Pages) tellPriorities(ctx context.Context, in *struct {
	rest.Page
	Year int `query:"year" doc:"the present one where it is left out"`
}) (*rest.List[priorityAnswer], error) {
	actor := web.From[org.Actor](ctx)
	v, err := p.Store.LearningStrategy(ctx, actor.Organisation, in.Year)
	if err != nil {
		return nil, err
	}
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	var told []priorityAnswer
	for _, one := range v.All {
		if !p.readsPlan(actor, units, one.Unit.ID) {
			continue
		}
		a := priorityAnswer{one.ID, one.Unit.ID, one.Year, one.Name, one.Why, one.Priority.Goal, string(one.Stands), one.Competencies, one.Resources, nil, one.Hours, moneyOf(one.Budget, one.Currency), one.Owner.Name}
		for _, s := range one.Solutions {
			a.Solutions = append(a.Solutions, otherSolutionAnswer{string(s.Kind), s.What})
		}
		told = append(told, a)
	}
	return rest.Of(in.Page, told), err
}

// readsPlan says whether somebody reads the learning plan of a unit.
func (p *Pages) readsPlan(actor org.Actor, units *org.Structure, unit string) bool {
	at, there := units.Find(unit)
	return there && p.Permits.May(actor, ReadStrategy, org.Place{Units: units.IDs(at)})
}
