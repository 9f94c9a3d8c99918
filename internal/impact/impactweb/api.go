package impactweb

import (
	"cmp"
	"context"
	"math"
	"net/http"

	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// Offer adds the area's operations to the API.
func (p *Pages) Offer(a *rest.API) {
	get := func(path, name, summary string) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(Read), Scope: "impact:read", Name: name, Summary: summary, Area: "Effects"}
	}
	rest.Offer(a, get("/effects", "list-effects", "What is asked of initiatives and of changes of the learning function, and what was found, in the order in which it was written down."), p.tellEffects)
	rest.Offer(a, get("/effects/{effect}", "get-effect", "One of them with the figures by periods since the start and by starting group, and what would overturn it."), p.tellEffect)
	involved := get("/involvement", "list-acts", "Visible acts of executives in the last five quarters, by executive, the newest first: those that were written down, sessions, and learning objectives in the own goals.")
	involved.Act = string(Involved)
	rest.Offer(a, involved, p.tellActs)
	profile := get("/profile", "list-profile-parts", "The profile of a high-performance learning organisation: each evidence and characteristic with its measures.")
	profile.Act = string(ReadProfile)
	rest.Offer(a, profile, p.tellProfile)
}

type partAnswer struct {
	Part     string              `json:"part"`
	Kind     string              `json:"kind" enum:"evidence,characteristic"`
	Name     string              `json:"name"`
	Score    *int                `json:"score" doc:"0 to 4; null where it is not known"`
	Measures []partMeasureAnswer `json:"measures" nullable:"false"`
}

type partMeasureAnswer struct {
	Measure string    `json:"measure"`
	Value   *float64  `json:"value" doc:"null where it is not known"`
	Steps   []float64 `json:"steps" nullable:"false" doc:"falling where less is better"`
	Score   *int      `json:"score"`
}

func (p *Pages) tellProfile(ctx context.Context, in *struct{ rest.Page }) (*rest.List[partAnswer], error) {
	all, err := p.Store.Profile(ctx, web.From[org.Actor](ctx).Organisation)
	score := func(n int) *int {
		if n < 0 {
			return nil
		}
		return &n
	}
	var told []partAnswer
	for _, s := range all {
		one := partAnswer{s.ID, string(s.Kind), partName(ctx, s.Part), score(s.Score), nil}
		for n, m := range s.Measures {
			measure := partMeasureAnswer{Measure: m.Measure, Steps: m.Steps, Score: score(s.Scores[n])}
			if r := s.Reached[n]; r.Known {
				measure.Value = finite(r.Value)
			}
			one.Measures = append(one.Measures, measure)
		}
		told = append(told, one)
	}
	return rest.Of(in.Page, told), err
}

type actAnswer struct {
	Executive string `json:"executive"`
	Key       string `json:"executive_key" doc:"personnel number"`
	Kind      string `json:"kind" enum:"statement,facilitated,spoke,took-part,sponsored,objective"`
	Day       string `json:"day" format:"date"`
	What      string `json:"what,omitempty" doc:"not said of an objective"`
	Audience  string `json:"audience,omitempty"`
	Reach     int    `json:"reach,omitempty" doc:"people, as far as counted"`
	Evidence  string `json:"evidence,omitempty"`
	From      string `json:"from" enum:"written,session,goal"`
	WrittenBy string `json:"written_by,omitempty"`
}

func (p *Pages) tellActs(ctx context.Context, in *struct{ rest.Page }) (*rest.List[actAnswer], error) {
	v, _, err := p.Store.Involvement(ctx, web.From[org.Actor](ctx).Organisation, shownQuarters)
	var told []actAnswer
	for _, i := range v.Of {
		for _, a := range i.Acts {
			told = append(told, actAnswer{i.Person.Title(), i.Person.Key, string(a.Kind), string(a.Day), a.What, a.Audience, a.Reach, a.Evidence, cmp.Or(a.Origin.Kind, "written"), a.By})
		}
	}
	return rest.Of(in.Page, told), err
}

// EffectAnswer is what is asked and what was found. What is not known is not there.
type EffectAnswer struct {
	ID        string   `json:"id"`
	Cause     string   `json:"cause" doc:"name of the initiative, or of the change of the learning function"`
	CauseID   string   `json:"cause_id"`
	Change    bool     `json:"change" doc:"it is a change of the learning function"`
	Indicator string   `json:"indicator" doc:"short name of the outcome"`
	Method    string   `json:"method" enum:"cs,sdid,its"`
	WrittenOn string   `json:"written_on" format:"date" doc:"day on which it was written down, UTC"`
	WrittenBy string   `json:"written_by"`
	Changed   int      `json:"changed" doc:"how often the plan was changed since"`
	Percent   bool     `json:"percent,omitempty" doc:"effects are in per cent of what it was; those of events and groups are 100 times the change of the natural logarithm"`
	Smallest  *float64 `json:"smallest,omitempty" doc:"the smallest change that matters, in the indicator's measure or in per cent"`
	Estimated string   `json:"estimated_on,omitempty" format:"date"`
	Grade     string   `json:"grade,omitempty" enum:"A,B,C,D,E"`
	Finding   string   `json:"finding,omitempty" enum:"works,harms,none,cannot-tell"`
	JointOnly bool     `json:"joint_only,omitempty" doc:"everywhere something else started together: the effect is of both"`
	Effect    *float64 `json:"effect,omitempty" doc:"in the indicator's measure, or in per cent"`
	SE        *float64 `json:"se,omitempty" doc:"standard error"`
	Low       *float64 `json:"low,omitempty" doc:"of its 95 % interval"`
	High      *float64 `json:"high,omitempty"`
	Units     int      `json:"units,omitempty"`
	Started   int      `json:"started,omitempty" doc:"units that have started"`
}

// effectDetail adds what the figure is made of.
type effectDetail struct {
	EffectAnswer
	Stale  bool          `json:"stale" doc:"figures, starts or the plan are other ones since"`
	Events []eventAnswer `json:"events,omitempty" nullable:"false" doc:"by periods since the start"`
	Groups []groupAnswer `json:"groups,omitempty" nullable:"false" doc:"by the period in which they started"`
	Checks []checkAnswer `json:"checks,omitempty" nullable:"false" doc:"what would overturn it"`
	Notes  []string      `json:"notes,omitempty" nullable:"false" doc:"what a reader should know"`
}

type eventAnswer struct {
	Event  int      `json:"event" doc:"periods since the start"`
	Effect *float64 `json:"effect,omitempty"`
	SE     *float64 `json:"se,omitempty"`
	Units  int      `json:"units"`
}

type groupAnswer struct {
	Start  string   `json:"start"`
	Effect *float64 `json:"effect,omitempty"`
	SE     *float64 `json:"se,omitempty"`
	Units  int      `json:"units"`
}

type checkAnswer struct {
	Check   string   `json:"check"`
	Effect  *float64 `json:"effect,omitempty"`
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
	P       *float64 `json:"p,omitempty"`
	Verdict string   `json:"verdict" enum:"pass,look,fail"`
}

// finite is a figure, nil where it is not known.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func answerOf(e impact.Effect, cause impactdb.Cause, indicator string, k *impactdb.Kept) EffectAnswer {
	a := EffectAnswer{ID: e.ID, Cause: cause.Name, CauseID: e.Cause, Change: cause.Change, Indicator: indicator, Method: string(e.Method), WrittenOn: string(period.DayOf(period.Moment(e.Written.At, "UTC"))), WrittenBy: e.Written.By, Changed: len(e.Changed), Percent: e.Percent}
	if e.Plan.Worth > 0 {
		a.Smallest = finite(e.Plan.Worth)
	}
	if k == nil {
		return a
	}
	a.Estimated, a.Grade, a.Finding, a.JointOnly, a.Units, a.Started = string(period.DayOf(k.At)), string(k.Grade), string(k.Finding), k.All, k.Units, k.Treated
	if math.IsNaN(k.Headline.Low) { // no figure without how sure it is
		return a
	}
	a.Effect, a.SE, a.Low, a.High = finite(k.Headline.ATT), finite(k.Headline.SE), finite(k.Headline.Low), finite(k.Headline.High)
	return a
}

func (p *Pages) tellEffects(ctx context.Context, in *struct{ rest.Page }) (*rest.List[EffectAnswer], error) {
	f, err := p.portfolio(ctx)
	var told []EffectAnswer
	for _, l := range f.Lines {
		told = append(told, answerOf(l.Effect, impactdb.Cause{Initiative: l.Initiative, Change: l.Change}, l.Indicator.Key, l.Kept))
	}
	return rest.Of(in.Page, told), err
}

func (p *Pages) tellEffect(ctx context.Context, _ *struct {
	Effect string `path:"effect" doc:"its id"`
}) (*effectDetail, error) {
	e, err := p.page(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	if err := p.compare(ctx, &e); err != nil {
		return nil, err
	}
	told := &effectDetail{EffectAnswer: answerOf(e.Effect, impactdb.Cause{Initiative: e.Initiative, Change: e.Change}, e.Indicator.Key, e.Kept), Stale: e.Stale}
	if !e.estimated() {
		return told, nil
	}
	if s := e.Kept.Staggered; s != nil {
		for _, p := range s.Dynamic.Points {
			told.Events = append(told.Events, eventAnswer{p.At, finite(p.ATT), finite(p.SE), p.Units})
		}
		for _, p := range s.Group.Points {
			told.Groups = append(told.Groups, groupAnswer{e.Kept.Periods[p.At], finite(p.ATT), finite(p.SE), p.Units})
		}
	}
	for _, c := range e.Kept.Tried(e.Plan) {
		told.Checks = append(told.Checks, checkAnswer{string(c.Kind), finite(c.ATT), finite(c.Low), finite(c.High), finite(c.P), string(c.Verdict)})
	}
	for _, r := range e.remarks() {
		told.Notes = append(told.Notes, say(ctx, r))
	}
	return told, nil
}
