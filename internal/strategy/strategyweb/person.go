package strategyweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// figuresPage is what is known of somebody in the indicators of people.
type figuresPage struct {
	strategydb.PersonFigures
	Own     bool // the reader's
	Manages bool // the reader is the line manager, who enters values
	Typed   figureEntry
	Err     error
}

// figureEntry is what the line manager types.
type figureEntry struct{ Indicator, Period, Value string }

// ownFigures leads to the reader's own; who is not on the roster reads why there are none.
func (p *Pages) ownFigures(w http.ResponseWriter, r *http.Request) error {
	self, err := p.Org.Self(r.Context(), web.From[org.Actor](r.Context()))
	if fault.KindOf(err) == fault.NotFound {
		return web.Page(w, r, http.StatusOK, noSightPage())
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/figures/"+self.ID)
}

// figures are for the person and the line manager.
func (p *Pages) figures(w http.ResponseWriter, r *http.Request) error {
	return p.showFigures(w, r, figuresPage{})
}

func (p *Pages) showFigures(w http.ResponseWriter, r *http.Request, f figuresPage) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	side, err := p.figureSide(r)
	if err != nil {
		return err
	}
	f.Own, f.Manages = side == org.ThePerson, side == org.TheManager
	if f.PersonFigures, err = p.Store.PersonFigures(ctx, actor.Organisation, r.PathValue("person"), web.Number(r, "year", 0)); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, f.title(ctx), f.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), figuresView(f))
}

// figureSide says for whom the reader looks at a person's figures; whoever is neither the person nor the
// line manager does not find them.
func (p *Pages) figureSide(r *http.Request) (org.Side, error) {
	_, side, err := p.Org.Side(r.Context(), web.From[org.Actor](r.Context()), r.PathValue("person"))
	if err == nil && side == "" || fault.KindOf(err) == fault.NotFound {
		err = fault.NotFoundf("there is no such person, or not for you")
	}
	return side, err
}

// enterFigure takes a value from the line manager, or takes one out.
func (p *Pages) enterFigure(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	side, err := p.figureSide(r)
	if err == nil && side != org.TheManager {
		err = fault.Forbiddenf("values of a person come from the line manager or by file")
	}
	if err != nil {
		return err
	}
	typed := figureEntry{r.FormValue("indicator"), r.FormValue("period"), r.FormValue("value")}
	if of, indicator, out := strings.Cut(r.FormValue("out"), " "); out {
		_, err = p.Store.TakeOutOf(ctx, actor.Organisation, indicator, r.PathValue("person"), period.Period(of), actor.Name)
	} else {
		err = p.keepFigure(ctx, actor, r.PathValue("person"), typed)
	}
	if web.Retry(err) {
		return p.showFigures(w, r, figuresPage{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/figures/"+r.PathValue("person"))
}

func (p *Pages) keepFigure(ctx context.Context, actor org.Actor, person string, typed figureEntry) error {
	i, err := p.Store.Indicator(ctx, actor.Organisation, typed.Indicator)
	if err != nil {
		return err
	}
	one, _, err := p.Org.Side(ctx, actor, person)
	if err != nil {
		return err
	}
	return p.enterRow(ctx, actor, entry{Value: typed.Value}, strategy.Row{Indicator: i.Key, Person: one.Key, Period: typed.Period})
}

func (f figuresPage) title(ctx context.Context) string {
	return lang.T(ctx, "Figures of %s", f.Person.Title())
}

func (f figuresPage) heading(ctx context.Context) string {
	switch {
	case len(f.Of) == 0 && f.Own:
		return lang.T(ctx, "No figure of yours has come in yet.")
	case len(f.Of) == 0:
		return lang.T(ctx, "No figure of %s has come in yet.", f.Person.Title())
	case f.Own:
		return lang.N(ctx, len(f.Of), "One figure is followed of you.", "%d figures are followed of you.")
	}
	return lang.T(ctx, "What is followed of %s.", f.Person.Title())
}

// sheet is one of the figures as that of a unit would be.
func (f figuresPage) sheet(one strategydb.PersonFigure) sheetPage {
	s := sheetPage{Personal: true}
	s.Unit.Name, s.Year, s.Today, s.Indicator, s.Line = f.Person.Title(), f.Year, f.Today, one.Indicator, one.Line
	s.Own = map[strategy.Kind]strategy.Series{strategy.Actual: one.Own}
	s.Origins, s.Revisions = f.Origins, one.Revisions
	return s
}

// example is a period as the first indicator has them.
func (f figuresPage) example() string { return string(period.Of(f.Today, f.Indicators[0].Grain)) }

// table is every value of the three years that are shown.
func (f figuresPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: f.title(ctx), Header: []string{lang.T(ctx, "Indicator"), lang.T(ctx, "Unit of measure"), lang.T(ctx, "Period"), lang.T(ctx, "Value"), lang.T(ctx, "Came with")}}
	for _, one := range f.Of {
		s := f.sheet(one)
		for _, row := range s.periodTable(ctx).Rows {
			t.Rows = append(t.Rows, []any{one.Indicator.Name, one.Indicator.Measure, row[0], row[1], row[5]})
		}
	}
	return t
}
