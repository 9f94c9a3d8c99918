package impactweb

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// planForm is what is written down before anybody looks.
type planForm struct {
	impact.Effect
	Causes     []impactdb.Cause  // that one can ask about
	Initiative effort.Initiative // that is asked about; zero while none is chosen
	Indicators []strategy.Indicator
	Units      *org.Structure
	New        bool
	Worthwhile string // the smallest change that matters, as typed
	Err        error
}

func (p *Pages) newEffect(w http.ResponseWriter, r *http.Request) error {
	f := planForm{New: true, Effect: impact.Effect{ID: id.New(), Cause: r.FormValue("initiative"), Indicator: r.FormValue("indicator")}}
	return p.showPlan(w, r, f)
}

// plan is the form of a plan that is written down already.
func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	f := planForm{Effect: e.Effect}
	if f.Plan.Worth > 0 {
		_, decimals, _ := strings.Cut(strconv.FormatFloat(f.Plan.Worth, 'f', -1, 64), ".")
		f.Worthwhile = web.Cell(r.Context(), f.Plan.Worth, len(decimals))
	}
	return p.showPlan(w, r, f)
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, f planForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if f.Causes, err = p.Store.Causes(ctx, actor.Organisation); err != nil {
		return err
	}
	if n := slices.IndexFunc(f.Causes, func(c impactdb.Cause) bool { return c.ID == f.Cause }); n >= 0 {
		f.Initiative = f.Causes[n].Initiative
	}
	if n := slices.IndexFunc(f.Causes, func(c impactdb.Cause) bool { return c.ID == f.Cause }); n > 0 {
		f.Causes = slices.Insert(slices.Delete(f.Causes, n, n+1), 0, f.Causes[n]) // the one of several that is meant
	}
	f.Causes = impactdb.Distinct(f.Causes)
	all, err := p.Store.Strategy.Indicators(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, i := range all {
		own := i.ID == f.Effect.Indicator || i.ID == f.Plan.Placebo // stays a choice when it has ended
		if (!i.OfPeople() || i.OverUnits != strategy.NotOfUnits) && (i.Ended == "" || own && !f.New) && (!i.OfScores() || p.Scores(actor)) {
			f.Indicators = append(f.Indicators, i)
		}
	}
	if f.Units, err = p.Store.Strategy.Units(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.New && f.Err == nil {
		f.suggest()
	}
	return web.Page(w, r, web.StatusOf(f.Err), planPage(f))
}

// pastYears is for how long before the first start an indicator counts, where nothing else is said.
const pastYears = 2

// suggest fills in what fits the starts.
func (f *planForm) suggest() {
	grain := period.Monthly
	if i, there := f.indicator(); there {
		grain = i.Grain
	}
	f.Plan.Controls, f.Plan.Together, f.Plan.Impact, f.Plan.Method = impact.NotYet, impact.EachUnit, impact.LevelSlope, impact.GroupTime
	if len(f.Units.Units) > 0 {
		f.Plan.Scope = f.Units.Units[0].ID
	}
	var days []period.Day
	for _, s := range f.Initiative.Starts {
		days = append(days, s.Day)
	}
	if len(days) == 0 {
		return
	}
	first := slices.Min(days)
	f.Plan.First = period.Of(first, grain).Add(-pastYears * grain.PerYear())
	if f.Initiative.Order == effort.ByNeed {
		f.Plan.Anticipation = max(1, grain.PerYear()/4)
		if d := f.Initiative.Decided; d != "" && d < first {
			f.Plan.Anticipation = max(1, period.Of(first, grain).Number()-period.Of(d, grain).Number())
			f.Plan.Chosen = [2]period.Period{period.Of(d, grain), period.Of(first, grain).Add(-1)}
		}
	}
	whole := slices.ContainsFunc(f.Initiative.Starts, func(s effort.Start) bool { return s.Ref.ID == f.Plan.Scope })
	switch {
	case whole && slices.Max(days) == first:
		f.Plan.Method = impact.OfSeries
	case len(days) == 1 && f.size(f.Initiative.Starts[0].Ref.ID) == 1:
		f.Plan.Method = impact.AgainstMade
	}
}

func (f planForm) size(unit string) int {
	if n, there := f.Units.Find(unit); there {
		return f.Units.Units[n].Size
	}
	return 1
}

func (f planForm) indicator() (strategy.Indicator, bool) {
	n := slices.IndexFunc(f.Indicators, func(i strategy.Indicator) bool { return i.ID == f.Effect.Indicator })
	if n < 0 {
		return strategy.Indicator{}, false
	}
	return f.Indicators[n], true
}

// scopes are the units under which units can be compared.
func (f planForm) scopes() (all []org.Node) {
	for _, u := range f.Units.Units {
		if u.Size > 2 && u.Depth <= 3 && u.Left == "" || u.ID == f.Plan.Scope {
			all = append(all, u)
		}
	}
	return all
}

// saveEffect writes a plan down, or another one in its place.
func (p *Pages) saveEffect(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := planForm{New: r.PathValue("effect") == "", Worthwhile: strings.TrimSpace(r.FormValue("worth"))}
	if f.New {
		f.Effect = impact.Effect{ID: r.FormValue("id"), Cause: r.FormValue("initiative"), Indicator: r.FormValue("indicator")}
	} else {
		e, err := p.page(r)
		if err != nil {
			return err
		}
		f.Effect = e.Effect
	}
	seed := f.Plan.Seed
	err := f.read(r)
	if f.Plan.Seed = seed; seed == 0 {
		f.Plan.Seed = uint64(rand.Uint32()) + 1
	}
	if err == nil && f.Cause == "" {
		err = fault.Fieldf("initiative", "choose the initiative that is judged")
	}
	if err == nil {
		err = p.checkOutcome(ctx, f.Effect.Indicator)
	}
	if err == nil {
		err = p.Store.Write(ctx, actor.Organisation, f.Effect, actor.Name)
	}
	if f.New && fault.KindOf(err) == fault.NotFound {
		err = fault.Fieldf("initiative", "choose the initiative that is judged")
	}
	if web.Retry(err) {
		f.Err = err
		return p.showPlan(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effects/"+f.ID)
}

// checkOutcome reports an indicator that is none, or that the one who plans may not read.
func (p *Pages) checkOutcome(ctx context.Context, indicator string) error {
	actor := web.From[org.Actor](ctx)
	i, err := p.Store.Strategy.Indicator(ctx, actor.Organisation, indicator)
	if fault.KindOf(err) == fault.NotFound || err == nil && i.OfScores() && !p.Scores(actor) {
		return fault.Fieldf("indicator", "choose what it should change")
	}
	return err
}

// read takes a plan out of its form.
func (f *planForm) read(r *http.Request) error {
	f.Plan = impact.Plan{
		Scope: r.FormValue("scope"), Method: impact.Method(r.FormValue("method")), Controls: impact.Controls(r.FormValue("controls")),
		Together: impact.Cluster(r.FormValue("together")),
		Impact:   impact.Impact(r.FormValue("impact")), Season: r.FormValue("season") != "", Percent: r.FormValue("percent") != "", Placebo: r.FormValue("placebo"), Expected: r.FormValue("expected"),
	}
	var mistake error
	for _, one := range []struct {
		field, at string
		to        *period.Period
	}{{"first", "first", &f.Plan.First}, {"last", "last", &f.Plan.Last}, {"chosen", "chosen", &f.Plan.Chosen[0]}, {"chosen-last", "chosen", &f.Plan.Chosen[1]}} {
		text := strings.TrimSpace(r.FormValue(one.field))
		p, err := period.Parse(text)
		if *one.to = p; text != "" && err != nil {
			*one.to = period.Period(text)
			mistake = cmp.Or(mistake, fault.Fieldf(one.at, "%q is no period: write it as 2026-01, 2026-Q1 or 2026", text))
		}
	}
	f.Plan.Anticipation = typedNumber(r, "anticipation", 0)
	worth, err := decimal(f.Worthwhile)
	if f.Plan.Worth = worth; err != nil {
		mistake = cmp.Or(mistake, fault.Fieldf("worth", "%q is no number", f.Worthwhile))
	}
	return mistake
}

// typedNumber is the whole number in a field, instead where it is empty, and -1, which is in no range, for
// what is none.
func typedNumber(r *http.Request, name string, instead int) int {
	if strings.TrimSpace(r.FormValue(name)) == "" {
		return instead
	}
	return web.Number(r, name, -1)
}

// started says when and where an initiative begins, for who chooses one.
func started(ctx context.Context, i effort.Initiative) string {
	var days []period.Day
	for _, s := range i.Starts {
		days = append(days, s.Day)
	}
	if len(days) == 0 {
		return ""
	}
	return string(slices.Min(days))
}

func (f planForm) path() string {
	if f.New {
		return "/effects"
	}
	return "/effects/" + f.ID
}
