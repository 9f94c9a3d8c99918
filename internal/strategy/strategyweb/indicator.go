package strategyweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/a-h/templ"
)

// indicatorList is the page of all indicators.
type indicatorList struct {
	All     []strategy.Indicator
	Shipped []strategy.Indicator // that are not there yet
	Defines bool
	Imports bool
}

func (p *Pages) indicators(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := indicatorList{Defines: p.Permits.May(actor, Define, org.Place{}), Imports: p.Permits.May(actor, Import, org.Place{})}
	if l.All, err = p.Store.Indicators(ctx, actor.Organisation); err != nil {
		return err
	}
	shipped, err := strategy.Shipped(lang.Tag(ctx).String())
	if err != nil {
		return err
	}
	if l.Defines {
		var keys []string
		for _, i := range shipped {
			keys = append(keys, i.Key)
		}
		l.Shipped = strategy.Chosen(shipped, l.All, keys)
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Indicators"), l.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, indicatorsPage(l))
}

func (l indicatorList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Indicators"), Header: []string{lang.T(ctx, "Indicator"), lang.T(ctx, "Short name in files"), lang.T(ctx, "Unit of measure"), lang.T(ctx, "Which way is better"), lang.T(ctx, "Measured"), lang.T(ctx, "Units come together"), lang.T(ctx, "Perspective"), lang.T(ctx, "Who answers for it")}, Roomy: []string{lang.T(ctx, "Short name in files"), lang.T(ctx, "Which way is better"), lang.T(ctx, "Units come together"), lang.T(ctx, "Perspective"), lang.T(ctx, "Measured")}}
	for _, i := range l.All {
		name := i.Name
		if i.Ended != "" {
			name = lang.T(ctx, "%[1]s, until %[2]s", i.Name, string(i.Ended))
		}
		t.Rows = append(t.Rows, []any{web.Link{Path: "/indicators/" + i.ID, Text: name}, i.Key, i.Measure, directionText(ctx, i.Direction), grainText(ctx, i.Grain), overUnitsText(ctx, i.OverUnits), perspectiveText(ctx, i.Perspective), i.Owner.Name})
	}
	return t
}

// takeShipped takes over definitions that the program has.
func (p *Pages) takeShipped(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	shipped, err := strategy.Shipped(lang.Tag(ctx).String())
	if err != nil {
		return err
	}
	there, err := p.Store.Indicators(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if err := p.Store.Define(ctx, actor.Organisation, strategy.Chosen(shipped, there, r.Form["key"]), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/indicators")
}

// indicatorForm is the page of one indicator.
type indicatorForm struct {
	strategy.Indicator
	Weights []strategy.Indicator // that can weight it
	Weight  string               // name of the one that does
	Given   string               // the owner as typed
	Defines bool
	Today   period.Day
	Telling strategydb.Publishing // of an indicator of people, for who defines
	Err     error
}

func (p *Pages) newIndicator(w http.ResponseWriter, r *http.Request) error {
	i := strategy.Indicator{Direction: strategy.Higher, OverUnits: strategy.SumOfUnits, OverTime: strategy.SumOfPeriods, Grain: period.Monthly, Perspective: strategy.Financial}
	return p.showIndicator(w, r, indicatorForm{Indicator: i})
}

func (p *Pages) indicator(w http.ResponseWriter, r *http.Request) error {
	i, err := p.Store.Indicator(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("indicator"))
	if err != nil {
		return err
	}
	return p.showIndicator(w, r, indicatorForm{Indicator: i, Given: i.Owner.Name})
}

func (p *Pages) showIndicator(w http.ResponseWriter, r *http.Request, f indicatorForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f.Defines = p.Permits.May(actor, Define, org.Place{})
	all, err := p.Store.Indicators(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.ID == f.Indicator.Weight {
			f.Weight = i.Name
		}
		if i.ID != f.ID && i.OverUnits == strategy.SumOfUnits && !i.OfPeople() {
			f.Weights = append(f.Weights, i)
		}
	}
	if f.Today, err = p.Org.Today(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.Defines && f.ID != "" && f.OfPeople() {
		if f.Telling, err = p.Store.Publishing(ctx, actor.Organisation, f.ID); err != nil && !web.Retry(err) {
			return err
		}
	}
	return web.Page(w, r, web.StatusOf(f.Err), indicatorPage(f))
}

func (p *Pages) saveIndicator(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	i := strategy.Indicator{
		ID: r.PathValue("indicator"), Key: r.FormValue("key"), Name: r.FormValue("name"), Definition: r.FormValue("definition"), Formula: r.FormValue("formula"),
		Measure: r.FormValue("measure"), Decimals: web.Number(r, "decimals", 0), Direction: strategy.Direction(r.FormValue("direction")), OverUnits: strategy.OverUnits(r.FormValue("over-units")),
		Alone: r.FormValue("alone") != "", Weight: r.FormValue("weight"), OverTime: strategy.OverTime(r.FormValue("over-time")), Grain: period.Grain(r.FormValue("grain")), Perspective: strategy.Perspective(r.FormValue("perspective")),
		Minimum: web.Number(r, "minimum", 0), Learning: r.FormValue("learning") != "", Source: r.FormValue("source"),
	}
	if r.FormValue("people") == "" {
		i.Minimum = 0
	}
	if r.FormValue("ended") != "" {
		today, err := p.Org.Today(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		i.Ended = today
	}
	made, err := p.Store.SaveIndicator(ctx, actor.Organisation, i, r.FormValue("owner"), actor.Name)
	if web.Retry(err) {
		return p.showIndicator(w, r, indicatorForm{Indicator: i, Given: r.FormValue("owner"), Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/indicators/"+made)
}

func (f indicatorForm) title(ctx context.Context) string {
	if f.ID == "" {
		return lang.T(ctx, "A new indicator")
	}
	return f.Name
}

func (f indicatorForm) action() templ.SafeURL {
	if f.ID == "" {
		return "/indicators"
	}
	return templ.SafeURL("/indicators/" + f.ID)
}

// summary says in a line how it is measured.
func (f indicatorForm) summary(ctx context.Context) string {
	parts := []string{f.Measure, directionText(ctx, f.Direction), grainText(ctx, f.Grain), perspectiveText(ctx, f.Perspective)}
	if f.Weight != "" {
		parts = append(parts, lang.T(ctx, "weighted by %s", f.Weight))
	}
	if f.OfPeople() {
		parts = append(parts, lang.T(ctx, "values of people"))
	}
	if f.Source != "" {
		parts = append(parts, f.Source)
	}
	if f.Owner.Name != "" {
		parts = append(parts, f.Owner.Name)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// publish tells what people come to in some periods, once.
func (p *Pages) publish(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	i, err := p.Store.Indicator(ctx, actor.Organisation, r.PathValue("indicator"))
	if err != nil {
		return err
	}
	var periods []period.Period
	for _, of := range r.Form["period"] {
		periods = append(periods, period.Period(of))
	}
	_, err = p.Store.Publish(ctx, actor.Organisation, i.ID, periods, actor.Name)
	if web.Retry(err) {
		return p.showIndicator(w, r, indicatorForm{Indicator: i, Given: i.Owner.Name, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/indicators/"+i.ID)
}

// minimum is how many people the smallest group shown has, where nothing is chosen yet.
func (f indicatorForm) minimum() int { return cmp.Or(f.Minimum, 5) }

// doneTable lists what is published.
func (f indicatorForm) doneTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Published"), Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "People with a value"), lang.T(ctx, "Units shown"), lang.T(ctx, "Units withheld"), lang.T(ctx, "Smallest group"), lang.T(ctx, "By"), lang.T(ctx, "On")}}
	for _, p := range f.Telling.Done {
		t.Rows = append(t.Rows, []any{string(p.Period), p.People, p.Units, p.Withheld, p.Minimum, p.By, p.At.Format("2006-01-02 15:04")})
	}
	return t
}
