package strategyweb

import (
	"context"
	"net/http"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

const (
	scopeRead  = "strategy:read"
	scopeWrite = "strategy:write"
)

// Offer adds the strategy's operations to the API.
func (p *Pages) Offer(a *rest.API) {
	get := func(path, name, summary string, act org.Act) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(act), Scope: scopeRead, Name: name, Summary: summary, Area: "Strategy"}
	}
	post := func(path, name, summary string, act org.Act) rest.Operation {
		return rest.Operation{Method: http.MethodPost, Path: path, Act: string(act), Scope: scopeWrite, Name: name, Summary: summary, Area: "Strategy", Status: http.StatusCreated}
	}
	rest.Offer(a, get("/indicators", "list-indicators", "What is measured, by name.", ReadCard), p.tellIndicators)
	rest.Offer(a, get("/indicators/{indicator}", "get-indicator", "One indicator.", ReadCard), p.tellIndicator)
	rest.Offer(a, post("/indicators", "define-indicator", "Defines an indicator.", Define), p.takeIndicator)
	change := post("/indicators/{indicator}", "change-indicator", "Changes an indicator.", Define)
	change.Method, change.Status = http.MethodPut, http.StatusOK
	rest.Offer(a, change, p.changeIndicator)
	rest.Offer(a, post("/indicators/{indicator}/publications", "publish-indicator", "Publishes what people come to in some periods of an indicator of people, once.", Define), p.takePublication)
	feed := post("/observations", "feed-observations", "Takes values, plans and targets, all of them or none. A value for a cell that has one takes its place.", Import)
	feed.Most = 64 << 20
	rest.Offer(a, feed, p.takeFeed)
	rest.Offer(a, get("/people/{person}/figures", "list-figures-of-person", "What is known of somebody in the indicators of people, for that person and the line manager.", org.SignedIn), p.tellFigures)
	rest.Offer(a, get("/scorecards/{unit}", "get-scorecard", "The scorecard of a unit in a year.", ReadCard), p.tellCard)
	rest.Offer(a, get("/scorecards/{unit}/{indicator}", "get-observations", "One indicator of one unit, with the values of three years and where they came from.", ReadCard), p.tellSheet)
	rest.Offer(a, get("/goals/units/{unit}", "list-goals", "The goals of a unit, those that are worked on first.", org.SignedIn), p.tellGoals)
	rest.Offer(a, get("/goals/{goal}", "get-goal", "One goal.", org.SignedIn), p.tellGoal)
	rest.Offer(a, post("/goals", "set-goal", "Sets a goal of a unit.", org.SignedIn), p.takeGoal)
	rest.Offer(a, post("/goals/{goal}/check-ins", "check-in", "Says how a goal goes.", org.SignedIn), p.takeCheckIn)
}

// IndicatorBody is an indicator as a program writes it.
type IndicatorBody struct {
	Key         string `json:"key,omitempty" doc:"short name in files; made of the name where it is left out"`
	Name        string `json:"name"`
	Definition  string `json:"definition,omitempty" doc:"what it says, and what not"`
	Formula     string `json:"formula,omitempty"`
	Measure     string `json:"measure,omitempty" doc:"unit of measure"`
	Decimals    int    `json:"decimals,omitempty" minimum:"0" maximum:"6"`
	Direction   string `json:"direction" enum:"higher,lower,within" doc:"which way is better"`
	OverUnits   string `json:"over_units" enum:"sum,mean,none" doc:"how units come together"`
	Alone       bool   `json:"alone,omitempty" doc:"a value of a unit is of that unit alone, and what is below is added"`
	Weight      string `json:"weight,omitempty" doc:"key of the indicator by which a mean over units is weighted"`
	OverTime    string `json:"over_time" enum:"sum,mean,last" doc:"how the periods of a year come together"`
	Grain       string `json:"grain" enum:"month,quarter,year" doc:"how often it is measured"`
	Perspective string `json:"perspective" enum:"financial,customer,process,growth"`
	Learning    bool   `json:"learning,omitempty" doc:"it is about the learning function"`
	Source      string `json:"source,omitempty"`
	Owner       string `json:"owner,omitempty" doc:"who answers for it: personnel number, mail address or name"`
	Minimum     int    `json:"minimum,omitempty" doc:"of an indicator of people: the smallest group that is shown; 0 where values are of units"`
}

type indicatorAnswer struct {
	ID string `json:"id"`
	IndicatorBody
	Origin string `json:"origin,omitempty" doc:"where its values come from by themselves"`
	Ended  string `json:"ended,omitempty" format:"date" doc:"since when it is not measured any more"`
}

func indicatorOf(i strategy.Indicator, all []strategy.Indicator) indicatorAnswer {
	a := indicatorAnswer{ID: i.ID, Origin: i.Origin, Ended: string(i.Ended), IndicatorBody: IndicatorBody{
		Key: i.Key, Name: i.Name, Definition: i.Definition, Formula: i.Formula, Measure: i.Measure, Decimals: i.Decimals, Direction: string(i.Direction), OverUnits: string(i.OverUnits), Alone: i.Alone,
		OverTime: string(i.OverTime), Grain: string(i.Grain), Perspective: string(i.Perspective), Learning: i.Learning, Source: i.Source, Owner: i.Owner.Name, Minimum: i.Minimum,
	}}
	for _, w := range all {
		if w.ID == i.Weight {
			a.Weight = w.Key
		}
	}
	return a
}

// indicator is what a body says, with what weights it found among all.
func (b IndicatorBody) indicator(all []strategy.Indicator) (strategy.Indicator, error) {
	i := strategy.Indicator{
		Key: b.Key, Name: b.Name, Definition: b.Definition, Formula: b.Formula, Measure: b.Measure, Decimals: b.Decimals, Direction: strategy.Direction(b.Direction), OverUnits: strategy.OverUnits(b.OverUnits), Alone: b.Alone,
		OverTime: strategy.OverTime(b.OverTime), Grain: period.Grain(b.Grain), Perspective: strategy.Perspective(b.Perspective), Learning: b.Learning, Source: b.Source, Minimum: b.Minimum,
	}
	if b.Weight == "" {
		return i, nil
	}
	n := slices.IndexFunc(all, func(w strategy.Indicator) bool { return w.Key == strategy.CleanKey(b.Weight) })
	if n < 0 {
		return i, fault.Fieldf("weight", "the indicator that shall weight %s is not there", i.Name)
	}
	i.Weight = all[n].ID
	return i, nil
}

func (p *Pages) tellIndicators(ctx context.Context, in *struct{ rest.Page }) (*rest.List[indicatorAnswer], error) {
	all, err := p.Store.Indicators(ctx, web.From[org.Actor](ctx).Organisation)
	var told []indicatorAnswer
	for _, i := range all {
		told = append(told, indicatorOf(i, all))
	}
	return rest.Of(in.Page, told), err
}

// OfIndicator names one by its id.
type OfIndicator struct {
	Indicator string `path:"indicator" doc:"its id"`
}

func (p *Pages) tellIndicator(ctx context.Context, in *OfIndicator) (*indicatorAnswer, error) {
	all, err := p.Store.Indicators(ctx, web.From[org.Actor](ctx).Organisation)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(all, func(i strategy.Indicator) bool { return i.ID == in.Indicator })
	if n < 0 {
		return nil, fault.NotFoundf("there is no such indicator")
	}
	told := indicatorOf(all[n], all)
	return &told, nil
}

func (p *Pages) takeIndicator(ctx context.Context, in *struct {
	rest.Once
	Body IndicatorBody
}) (*indicatorAnswer, error) {
	return p.keepIndicator(ctx, "", in.Body)
}

func (p *Pages) changeIndicator(ctx context.Context, in *struct {
	OfIndicator
	Body IndicatorBody
}) (*indicatorAnswer, error) {
	return p.keepIndicator(ctx, in.Indicator, in.Body)
}

func (p *Pages) keepIndicator(ctx context.Context, id string, body IndicatorBody) (*indicatorAnswer, error) {
	actor := web.From[org.Actor](ctx)
	all, err := p.Store.Indicators(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	i, err := body.indicator(all)
	if err != nil {
		return nil, err
	}
	if n := slices.IndexFunc(all, func(was strategy.Indicator) bool { return was.ID == id }); n >= 0 {
		i.Ended = all[n].Ended
	}
	i.ID = id
	if id, err = p.Store.SaveIndicator(ctx, actor.Organisation, i, body.Owner, actor.Name); err != nil {
		return nil, err
	}
	return p.tellIndicator(ctx, &OfIndicator{id})
}

type publicationAnswer struct {
	Period   string `json:"period"`
	People   int    `json:"people" doc:"that had a value"`
	Units    int    `json:"units" doc:"of which something is shown"`
	Withheld int    `json:"withheld" doc:"units of which nothing is"`
}

func (p *Pages) takePublication(ctx context.Context, in *struct {
	OfIndicator
	rest.Once
	Body struct {
		Periods []string `json:"periods" minItems:"1" doc:"2026-01, 2026-Q1 or 2026, each over and not published yet"`
	}
}) (*rest.List[publicationAnswer], error) {
	actor := web.From[org.Actor](ctx)
	var periods []period.Period
	for _, of := range in.Body.Periods {
		periods = append(periods, period.Period(of))
	}
	done, err := p.Store.Publish(ctx, actor.Organisation, in.Indicator, periods, actor.Name)
	l := &rest.List[publicationAnswer]{Items: []publicationAnswer{}}
	for _, d := range done {
		l.Items = append(l.Items, publicationAnswer{string(d.Period), d.People, d.Units, d.Withheld})
	}
	return l, err
}

type rowBody struct {
	Indicator string   `json:"indicator" doc:"its key"`
	Unit      string   `json:"unit,omitempty" doc:"key of the unit, or its name where one unit alone has it"`
	Person    string   `json:"person,omitempty" doc:"in its place, for an indicator of people: personnel number or mail address"`
	Period    string   `json:"period" doc:"2026-01, 2026-Q1 or 2026"`
	Value     *float64 `json:"value,omitempty" doc:"what was observed; left out where it is not known"`
	Plan      *float64 `json:"plan,omitempty"`
	Baseline  *float64 `json:"baseline,omitempty"`
	Target    *float64 `json:"target,omitempty" doc:"of the year of the period"`
	TargetTo  *float64 `json:"target_to,omitempty" doc:"upper end of a range"`
}

type feedAnswer struct {
	Number  int `json:"number" doc:"of the feed"`
	Figures int `json:"figures" doc:"that it brought"`
	Changed int `json:"changed" doc:"of these, in place of another, which is kept"`
	Kept    int `json:"kept" doc:"of these, the same as stood there"`
}

func (p *Pages) takeFeed(ctx context.Context, in *struct {
	rest.Once
	Body struct {
		Source string    `json:"source" minLength:"1" maxLength:"200" doc:"what stands beside the values as where they came from"`
		Rows   []rowBody `json:"rows" minItems:"1" maxItems:"100000"`
	}
}) (*feedAnswer, error) {
	actor := web.From[org.Actor](ctx)
	rows := func(yield func(strategy.Row, error) bool) {
		for n, r := range in.Body.Rows {
			if !yield(strategy.Row{Line: n + 1, Indicator: r.Indicator, Unit: r.Unit, Person: r.Person, Period: r.Period, Value: r.Value, Plan: r.Plan, Baseline: r.Baseline, Target: r.Target, High: r.TargetTo}, nil) {
				return
			}
		}
	}
	came, err := p.Store.Import(ctx, actor.Organisation, strategydb.Feed{Rows: rows, Source: in.Body.Source, By: actor.Name})
	return &feedAnswer{came.Number, came.Cells, came.Changed, came.Kept}, err
}
