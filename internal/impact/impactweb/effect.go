package impactweb

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// effectPage is what came of an initiative in an indicator.
type effectPage struct {
	impact.Effect
	Money      impact.Money
	Initiative effort.Initiative // or a change of the learning function, as one
	Change     bool
	Indicator  strategy.Indicator
	ScopeName  string
	Placebo    string // name of the indicator that should not move
	Kept       *impactdb.Kept
	Stale      bool  // something that it rests on is another now
	Mistake    error // why it cannot be estimated
	First      period.Day
	Early      bool // it has not begun anywhere
	Zone       string
	Currency   string
	Spent      impactdb.Spent
	Worth      *impact.Worth
	Opinions   []impact.Opinion
	Typed      url.Values // what a form that came back had in its fields
	Others     []outcome  // of the initiative, this one among them
	Plans      bool
	Exports    bool
	Figures    bool // may see what was observed of the scope, and not only what came of it
	Accounts   bool // may see what it has cost
	Err        error
}

// outcome is an effect of one initiative among others.
type outcome struct {
	ID, Name string
	P        float64
	Adjusted float64 // by Holm, over the outcomes that have been estimated
}

func (p *Pages) effect(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	if _, ready, err := web.Join[none](p.Works, w, r, workKey(r, e.ID)); !ready || err != nil && fault.Of(err) == nil {
		return err
	}
	if e, err = p.page(r); err != nil { // as the work has left it
		return err
	}
	return p.show(w, r, e)
}

type none struct{}

func workKey(r *http.Request, effect string) string {
	return "effect " + web.From[org.Actor](r.Context()).Organisation + " " + effect
}

// page reads an effect; not found for who may not see what it is about.
func (p *Pages) page(r *http.Request) (e effectPage, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if e.Effect, e.Money, err = p.Store.Effect(ctx, actor.Organisation, r.PathValue("effect")); err != nil {
		return e, err
	}
	if e.Indicator, err = p.Store.Strategy.Indicator(ctx, actor.Organisation, e.Effect.Indicator); err != nil {
		return e, err
	}
	if e.Indicator.OfScores() && !p.Scores(actor) {
		return e, fault.NotFoundf("there is no such effect")
	}
	if e.Kept, err = p.Store.Estimate(ctx, actor.Organisation, e.ID); err != nil {
		return e, err
	}
	cause, err := p.Store.Cause(ctx, actor.Organisation, e.Cause)
	if err != nil {
		return e, err
	}
	e.Initiative, e.Change = cause.Initiative, cause.Change
	e.Plans, e.Exports = p.Permits.May(actor, Plan, org.Place{}), p.Permits.May(actor, Export, org.Place{})
	return e, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, e effectPage) (err error) {
	if err = p.fill(r.Context(), &e); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(e.Err), resultPage(e))
}

// fill reads what stands beside the estimate: whether it still holds, costs, opinions, other outcomes.
func (p *Pages) fill(ctx context.Context, e *effectPage) error {
	actor := web.From[org.Actor](ctx)
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	e.Zone = o.Zone
	for _, s := range e.Initiative.Starts {
		if e.First == "" || s.Day < e.First {
			e.First = s.Day
		}
	}
	today, err := p.Org.Today(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	e.Early = e.First == "" || e.First > today
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if n, there := units.Find(e.Scope); there {
		e.ScopeName, e.Figures = units.Units[n].Name, p.Figures(actor, org.Place{Units: units.IDs(n)})
	}
	e.Accounts = p.Accounts(actor)
	if e.Plan.Placebo != "" {
		if i, err := p.Store.Strategy.Indicator(ctx, actor.Organisation, e.Plan.Placebo); err == nil {
			e.Placebo = i.Name
		}
	}
	if e.Opinions, err = p.Store.Opinions(ctx, actor.Organisation, e.ID); err != nil {
		return err
	}
	if err := p.family(ctx, e); err != nil {
		return err
	}
	if err := p.compare(ctx, e); err != nil {
		return err
	}
	return p.worth(ctx, e)
}

// compare says whether what was kept still rests on what there is.
func (p *Pages) compare(ctx context.Context, e *effectPage) error {
	d, err := p.Store.Data(ctx, web.From[org.Actor](ctx).Organisation, e.Effect)
	if err != nil {
		return err
	}
	study, err := d.Study()
	if fault.Of(err) != nil {
		e.Mistake, e.Stale = err, e.Kept != nil
		return nil
	}
	if err != nil {
		return err
	}
	hash := study.Hash(d)
	e.Stale = e.Kept != nil && hash != e.Kept.Hash
	e.Mistake, err = p.Store.Refused(ctx, web.From[org.Actor](ctx).Organisation, e.ID, hash)
	return err
}

// worth reckons what the effect was worth against what the initiative has cost by the end of the
// periods.
func (p *Pages) worth(ctx context.Context, e *effectPage) error {
	until := period.Of(period.DayOf(p.now()), period.Monthly)
	if e.Kept != nil && len(e.Kept.Periods) > 0 {
		until = period.Of(period.Period(e.Kept.Periods[len(e.Kept.Periods)-1]).Last(), period.Monthly)
	}
	from := until.Add(-longestCost)
	spent, currency, err := p.Store.Cost(ctx, web.From[org.Actor](ctx).Organisation, []string{e.Initiative.ID}, from, until)
	if err != nil {
		return err
	}
	e.Spent, e.Currency = spent[e.Initiative.ID], currency
	if e.Kept == nil || e.Err != nil || e.Money.Amount == 0 || e.Kept.All || e.Kept.Exposure == 0 || math.IsNaN(e.Kept.Headline.Low) {
		return nil
	}
	w := e.Money.Worth(e.Kept.Headline, e.Kept.Exposure, e.Indicator.Grain.PerYear(), e.Indicator.Direction, e.Spent.Direct, e.Spent.Minutes, e.Seed)
	e.Worth = &w
	return nil
}

// longestCost is for how many months before the last costs are added up.
const longestCost = 120

func (p *Pages) now() time.Time {
	if p.Store.Now == nil {
		return time.Now()
	}
	return p.Store.Now()
}

// estimate begins to answer the question, or asks the work under way.
func (p *Pages) estimate(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	p.begin(r, e.Effect)
	return web.SeeOther(w, r, "/effects/"+e.ID)
}

func (p *Pages) begin(r *http.Request, e impact.Effect) {
	organisation := web.From[org.Actor](r.Context()).Organisation
	web.Begin(p.Works, r, workKey(r, e.ID), func(ctx context.Context, progress func(done, total int)) (none, error) {
		return none{}, p.Store.Judge(ctx, organisation, e.ID, progress)
	}).StopAt("/effects/" + e.ID + "/estimate/cancellation")
}

func (p *Pages) cancel(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	p.Works.Stop(workKey(r, e.ID))
	return web.SeeOther(w, r, "/effects/"+e.ID)
}

// estimated says that an estimate is there, and readable.
func (e effectPage) estimated() bool { return e.Kept != nil && e.Kept.Estimated != nil }

// field is what somebody typed, where a form came back, else what stands there.
func (e effectPage) field(name, stands string) string {
	if e.Typed.Has(name) {
		return e.Typed.Get(name)
	}
	return stands
}

// others are the other outcomes of the initiative.
func (e effectPage) others() []outcome {
	return slices.DeleteFunc(slices.Clone(e.Others), func(o outcome) bool { return o.ID == e.ID })
}
