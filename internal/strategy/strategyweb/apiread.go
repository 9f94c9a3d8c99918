package strategyweb

import (
	"context"
	"slices"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

type forecastAnswer struct {
	Value  float64 `json:"value"`
	Low    float64 `json:"low" doc:"of the interval, 95 %"`
	High   float64 `json:"high"`
	Method string  `json:"method" enum:"seasonal,level"`
}

type targetAnswer struct {
	Value    float64  `json:"value" doc:"or the lower end of a range"`
	High     *float64 `json:"high,omitempty" doc:"the upper end of a range"`
	Baseline *float64 `json:"baseline,omitempty"`
}

// lineAnswer is an indicator in a year. What is not known is not there.
type lineAnswer struct {
	Indicator   string          `json:"indicator" doc:"id"`
	Key         string          `json:"key"`
	Name        string          `json:"name"`
	Measure     string          `json:"measure,omitempty"`
	Perspective string          `json:"perspective"`
	LastYear    *float64        `json:"last_year,omitempty"`
	Plan        *float64        `json:"plan,omitempty" doc:"of the whole year"`
	ToDate      *float64        `json:"to_date,omitempty" doc:"what the observed periods of the year come to"`
	Through     string          `json:"through,omitempty" doc:"the newest period observed in the year"`
	OfPlan      *float64        `json:"of_plan,omitempty" doc:"1 is on plan, above is better"`
	Forecast    *forecastAnswer `json:"forecast,omitempty" doc:"of the whole year"`
	Target      *targetAnswer   `json:"target,omitempty"`
	Attainment  *float64        `json:"attainment,omitempty" doc:"0 is the baseline, 1 the target"`
	Status      string          `json:"status,omitempty" enum:"ahead,on-plan,at-risk,behind,reached,missed"`
	Withheld    string          `json:"withheld,omitempty" doc:"the newest period of which it is withheld: too few people, or it could be worked out"`
}

func lineOf(l strategy.Line) lineAnswer {
	i := l.Indicator
	a := lineAnswer{Indicator: i.ID, Key: i.Key, Name: i.Name, Measure: i.Measure, Perspective: string(i.Perspective), LastYear: l.LastYear, Plan: l.Plan, ToDate: l.ToDate, OfPlan: l.OfPlan, Attainment: l.Attainment, Status: string(l.Status)}
	if l.Through > 0 {
		a.Through = string(period.At(i.Grain, l.Through))
	}
	if f := l.Forecast; f != nil {
		a.Forecast = &forecastAnswer{f.Value, f.Low, f.High, string(f.Method)}
	}
	if t := l.Target; t != nil {
		a.Target = &targetAnswer{Value: t.Value, Baseline: t.Baseline}
		if i.Direction == strategy.Within {
			a.Target.High = &t.High
		}
	}
	if l.Withheld > 0 {
		a.Withheld = string(period.At(i.Grain, l.Withheld))
	}
	return a
}

// OfYear is of which unit and year something is asked.
type OfYear struct {
	Unit string `path:"unit" doc:"its id"`
	Year int    `query:"year" doc:"the newest with observations where it is left out"`
}

type cardAnswer struct {
	Unit  string       `json:"unit" doc:"id"`
	Name  string       `json:"name"`
	Year  int          `json:"year"`
	Lines []lineAnswer `json:"lines" nullable:"false"`
}

func (p *Pages) tellCard(ctx context.Context, _ *OfYear) (*cardAnswer, error) {
	c, err := p.cardSight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	told := &cardAnswer{Unit: c.Unit.ID, Name: c.Unit.Name, Year: c.Year, Lines: []lineAnswer{}}
	for _, l := range c.Lines {
		told.Lines = append(told.Lines, lineOf(l))
	}
	return told, nil
}

// pointAnswer is what is known of a period.
type pointAnswer struct {
	Period string   `json:"period"`
	Value  *float64 `json:"value,omitempty"`
	Plan   *float64 `json:"plan,omitempty"`
	Source string   `json:"source,omitempty" doc:"with what the subject's own value came"`
	By     string   `json:"by,omitempty"`
	At     string   `json:"at,omitempty" format:"date-time"`
}

// pointsOf are the periods of three years of which anything is known, the newest first.
func pointsOf(s sheetPage) []pointAnswer {
	points := []pointAnswer{}
	for _, n := range s.periods() {
		one := pointAnswer{Period: string(period.At(s.Indicator.Grain, n))}
		if m, there := s.Line.Actual.At(n); there && !m.Later {
			v := m.Value()
			one.Value = &v
		}
		if m, there := s.Line.Planned.At(n); there {
			v := m.Value()
			one.Plan = &v
		}
		if own, there := s.Own[strategy.Actual].At(n); there {
			o := s.Origins[own.Feed]
			one.Source, one.By, one.At = o.Source, o.By, o.At.Format(time.RFC3339)
		}
		points = append(points, one)
	}
	return points
}

type unitLineAnswer struct {
	Unit   string   `json:"unit" doc:"id"`
	Name   string   `json:"name"`
	ToDate *float64 `json:"to_date,omitempty"`
	Plan   *float64 `json:"plan,omitempty"`
	Status string   `json:"status,omitempty"`
}

type sheetAnswer struct {
	Unit    string           `json:"unit" doc:"id"`
	Name    string           `json:"name"`
	Year    int              `json:"year"`
	Line    lineAnswer       `json:"line"`
	Periods []pointAnswer    `json:"periods" nullable:"false" doc:"of the year and the two before, the newest first"`
	Under   []unitLineAnswer `json:"under" nullable:"false" doc:"the units directly under it"`
}

func (p *Pages) tellSheet(ctx context.Context, _ *struct {
	OfYear
	OfIndicator
}) (*sheetAnswer, error) {
	s, err := p.sheetSight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	told := &sheetAnswer{Unit: s.Unit.ID, Name: s.Unit.Name, Year: s.Year, Line: lineOf(s.Line), Periods: pointsOf(sheetPage{Sheet: s}), Under: []unitLineAnswer{}}
	for _, u := range s.Under {
		if u.Known {
			told.Under = append(told.Under, unitLineAnswer{u.Unit.ID, u.Unit.Name, u.ToDate, u.Plan, string(u.Status)})
		}
	}
	return told, nil
}

type figureAnswer struct {
	Line    lineAnswer    `json:"line"`
	Periods []pointAnswer `json:"periods" nullable:"false"`
}

func (p *Pages) tellFigures(ctx context.Context, in *struct {
	Person string `path:"person" doc:"id"`
	Year   int    `query:"year" doc:"the newest with a value where it is left out"`
}) (*rest.List[figureAnswer], error) {
	if _, err := p.figureSide(rest.Request(ctx)); err != nil {
		return nil, err
	}
	var f figuresPage
	var err error
	if f.PersonFigures, err = p.Store.PersonFigures(ctx, web.From[org.Actor](ctx).Organisation, in.Person, in.Year); err != nil {
		return nil, err
	}
	l := &rest.List[figureAnswer]{Items: []figureAnswer{}}
	for _, one := range f.Of {
		l.Items = append(l.Items, figureAnswer{lineOf(one.Line), pointsOf(f.sheet(one))})
	}
	return l, nil
}

type linkBody struct {
	Goal    string `json:"goal" doc:"id of the goal that stands above, or of the one it is thought to lead to"`
	How     string `json:"how" enum:"identical,contributes,supports,leads-to"`
	Because string `json:"because,omitempty" doc:"in one sentence"`
}

// GoalBody is a goal of a unit as a program writes it.
type GoalBody struct {
	Unit        string     `json:"unit" doc:"id"`
	Name        string     `json:"name" doc:"what will be so then, in a sentence"`
	Why         string     `json:"why,omitempty"`
	Perspective string     `json:"perspective" enum:"financial,customer,process,growth"`
	Begins      string     `json:"begins" format:"date"`
	Ends        string     `json:"ends" format:"date"`
	Owner       string     `json:"owner,omitempty" doc:"who answers for it: personnel number, mail address or name"`
	Indicator   string     `json:"indicator,omitempty" doc:"key"`
	Baseline    *float64   `json:"baseline,omitempty"`
	Target      *float64   `json:"target,omitempty"`
	TargetTo    *float64   `json:"target_to,omitempty" doc:"upper end of a range"`
	Weight      int        `json:"weight,omitempty" minimum:"0" maximum:"100" doc:"per cent among the unit's goals"`
	Links       []linkBody `json:"links,omitempty" nullable:"false" doc:"what it serves, and what it is thought to lead to"`
}

type goalAnswer struct {
	ID string `json:"id"`
	GoalBody
	UnitName string      `json:"unit_name"`
	Person   string      `json:"person,omitempty" doc:"name, of a person's own goal"`
	Agreed   bool        `json:"agreed,omitempty" doc:"a person's goal: both sides have said yes to it"`
	Line     *lineAnswer `json:"line,omitempty" doc:"how its indicator stands, for who may see it"`
	Units    int         `json:"units" doc:"goals of units that serve it"`
	People   int         `json:"people" doc:"people whose goals serve it"`
	Ended    string      `json:"ended,omitempty" format:"date"`
	Outcome  string      `json:"outcome,omitempty" enum:"reached,partly,missed,dropped"`
	Came     string      `json:"came,omitempty" doc:"what came of it"`
	Pace     string      `json:"pace,omitempty" doc:"as the newest check-in says" enum:"on-track,slower,stuck"`
	Said     string      `json:"said,omitempty" doc:"in the newest check-in"`
}

// goalOf is a goal as a program reads it; all are the indicators.
func goalOf(m strategydb.Measured, all []strategy.Indicator) goalAnswer {
	g := m.Goal
	a := goalAnswer{ID: g.ID, UnitName: g.Unit.Name, Person: g.Person.Name, Agreed: g.Personal() && g.Agreed.Both(), Units: m.Units, People: m.People, Ended: string(g.Ended), Outcome: string(g.Outcome), Came: g.Came,
		GoalBody: GoalBody{Unit: g.Unit.ID, Name: g.Name, Why: g.Why, Perspective: string(g.Perspective), Begins: string(g.Begins), Ends: string(g.Ends), Owner: g.Owner.Name, Baseline: g.Baseline, Target: g.Aim, TargetTo: g.High, Weight: g.Weight}}
	for _, i := range all {
		if i.ID == g.Indicator {
			a.Indicator = i.Key
		}
	}
	for _, l := range g.Links {
		a.Links = append(a.Links, linkBody{l.Goal, string(l.How), l.Because})
	}
	if m.Line != nil {
		line := lineOf(*m.Line)
		a.Line = &line
	}
	if m.Last != nil {
		a.Pace, a.Said = string(m.Last.Pace), m.Last.What
	}
	return a
}

func (p *Pages) tellGoals(ctx context.Context, in *struct {
	rest.Page
	Unit string `path:"unit" doc:"its id"`
}) (*rest.List[goalAnswer], error) {
	u, err := p.goalsSight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	all, err := p.Store.Indicators(ctx, web.From[org.Actor](ctx).Organisation)
	var told []goalAnswer
	for _, g := range u.Goals {
		told = append(told, goalOf(g, all))
	}
	return rest.Of(in.Page, told), err
}

// OfGoal names one by its id.
type OfGoal struct {
	Goal string `path:"goal" doc:"its id"`
}

func (p *Pages) tellGoal(ctx context.Context, in *OfGoal) (*goalAnswer, error) {
	r := rest.Request(ctx)
	r.SetPathValue("goal", in.Goal)
	var g goalPage
	if err := p.goalSight(r, &g); err != nil {
		return nil, err
	}
	actor := web.From[org.Actor](ctx)
	if err := p.saw(ctx, actor, g.Diagnoses, "goals/"+g.Unit.ID); err != nil {
		return nil, err
	}
	all, err := p.Store.Indicators(ctx, actor.Organisation)
	told := goalOf(g.Measured, all)
	return &told, err
}

func (p *Pages) takeGoal(ctx context.Context, in *struct {
	rest.Once
	Body GoalBody
}) (*goalAnswer, error) {
	actor, b := web.From[org.Actor](ctx), in.Body
	g := strategy.Goal{Unit: org.Ref{ID: b.Unit}, Name: b.Name, Why: b.Why, Perspective: strategy.Perspective(b.Perspective), Begins: period.Day(b.Begins), Ends: period.Day(b.Ends), Baseline: b.Baseline, Aim: b.Target, High: b.TargetTo, Weight: b.Weight}
	if err := p.mayChange(ctx, actor, &g); err != nil {
		return nil, err
	}
	all, err := p.Store.Indicators(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	if b.Indicator != "" {
		n := slices.IndexFunc(all, func(i strategy.Indicator) bool { return i.Key == strategy.CleanKey(b.Indicator) })
		if n < 0 {
			return nil, fault.Fieldf("indicator", "there is no such indicator")
		}
		g.Indicator = all[n].ID
	}
	for _, l := range b.Links {
		g.Links = append(g.Links, strategy.Link{Goal: l.Goal, How: strategy.How(l.How), Because: l.Because})
	}
	id, err := p.Store.SaveGoal(ctx, actor.Organisation, strategydb.GoalMade{Goal: g, OwnerTyped: b.Owner, By: actor.Name})
	if err != nil {
		return nil, err
	}
	return p.tellGoal(ctx, &OfGoal{id})
}

func (p *Pages) takeCheckIn(ctx context.Context, in *struct {
	OfGoal
	rest.Once
	Body struct {
		Pace string `json:"pace" enum:"on-track,slower,stuck"`
		What string `json:"what,omitempty" doc:"needed where it is stuck"`
	}
}) (*goalAnswer, error) {
	actor := web.From[org.Actor](ctx)
	var g goalPage
	err := p.goalSight(rest.Request(ctx), &g)
	if err == nil && !g.Answers {
		err = fault.NotFoundf("there is no such goal")
	}
	if err == nil {
		err = p.Store.CheckIn(ctx, actor.Organisation, in.Goal, strategy.CheckIn{Pace: strategy.Pace(in.Body.Pace), What: in.Body.What}, actor.Name)
	}
	if err != nil {
		return nil, err
	}
	return p.tellGoal(ctx, &in.OfGoal)
}
