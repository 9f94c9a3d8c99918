package learningweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// offeringTyped is an offering as it stands in a form.
type offeringTyped struct{ Begins, Ends, Place, Places, Cost, Currency string }

func readOffering(r *http.Request) offeringTyped {
	return offeringTyped{Begins: r.FormValue("begins"), Ends: r.FormValue("ends"), Place: r.FormValue("place"), Places: r.FormValue("places"), Cost: r.FormValue("cost"), Currency: strings.ToUpper(strings.TrimSpace(r.FormValue("currency")))}
}

// keepOffering keeps an offering, the one of an id or a new one of a resource.
func (p *Pages) keepOffering(ctx context.Context, actor org.Actor, offering, resource string, typed offeringTyped) error {
	o := learning.Offering{ID: offering, Resource: resource, Begins: period.Day(typed.Begins), Ends: period.Day(typed.Ends), Place: typed.Place, Currency: typed.Currency}
	var err error
	if o.Currency == "" {
		setting, err := p.Efforts.Setting(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		o.Currency = setting.Currency
	}
	if o.Places, err = countTyped(typed.Places, "places"); err != nil {
		return err
	}
	if o.Cost, err = effort.ReadAmount(typed.Cost, effort.Digits(o.Currency)); err != nil {
		return err
	}
	_, err = p.Store.SaveOffering(ctx, actor.Organisation, o, actor.Name)
	return err
}

// comingPage is what is offered soon.
type comingPage struct {
	All []learning.Offering
	Of  map[string]learning.Resource
}

func (p *Pages) coming(w http.ResponseWriter, r *http.Request) (err error) {
	var v comingPage
	if v.All, v.Of, err = p.Store.Coming(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(r.Context(), "What is offered"), v.table(r.Context())); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, comingView(v))
}

func (v comingPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "What is offered"), Header: []string{lang.T(ctx, "Resource"), lang.T(ctx, "From"), lang.T(ctx, "Until"), lang.T(ctx, "Place"), lang.T(ctx, "Places"), lang.T(ctx, "Taken"), lang.T(ctx, "Waiting")}, Roomy: []string{lang.T(ctx, "Until"), lang.T(ctx, "Taken"), lang.T(ctx, "Waiting")}}
	for _, o := range v.All {
		var places any
		if o.Places > 0 {
			places = o.Places
		}
		t.Rows = append(t.Rows, []any{web.Link{Path: "/resources/" + o.Resource, Text: v.Of[o.Resource].Name}, string(o.Begins), string(o.Ends), o.Place, places, o.Taken, o.Waiting})
	}
	return t
}

// offeringPage is one offering, for who runs it.
type offeringPage struct {
	learningdb.OfferingView
	Typed offeringTyped
	Err   error
}

// offeringSight is an offering for who runs its resource.
func (p *Pages) offeringSight(r *http.Request) (v learningdb.OfferingView, err error) {
	actor := web.From[org.Actor](r.Context())
	v, err = p.Store.Offering(r.Context(), actor.Organisation, r.PathValue("offering"))
	if err == nil && !p.runs(actor, v.Of) {
		err = fault.NotFoundf("there is no such offering")
	}
	return v, err
}

func (p *Pages) offering(w http.ResponseWriter, r *http.Request) error {
	return p.showOffering(w, r, offeringPage{})
}

func (p *Pages) showOffering(w http.ResponseWriter, r *http.Request, v offeringPage) (err error) {
	if v.OfferingView, err = p.offeringSight(r); err != nil {
		return err
	}
	if v.Typed == (offeringTyped{}) {
		o := v.Offering
		v.Typed = offeringTyped{Begins: string(o.Begins), Ends: string(o.Ends), Place: o.Place, Currency: o.Currency}
		if o.Places > 0 {
			v.Typed.Places = strconv.Itoa(o.Places)
		}
		if o.Cost > 0 {
			v.Typed.Cost = effort.WriteAmount(o.Cost, o.Currency)
		}
	}
	if done, err := web.Exported(w, r, v.Of.Name, v.table(r.Context())); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(v.Err), offeringView(v))
}

// changeOffering changes it, cancels it, places who waits, or notes who came.
func (p *Pages) changeOffering(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	v, err := p.offeringSight(r)
	if err != nil {
		return err
	}
	page := offeringPage{}
	switch do, what, _ := strings.Cut(r.FormValue("do"), " "); do {
	case "save":
		page.Typed = readOffering(r)
		err = p.keepOffering(ctx, actor, v.Offering.ID, v.Of.ID, page.Typed)
	case "cancel":
		err = p.Store.Cancel(ctx, actor.Organisation, v.Offering.ID, actor.Name)
	case "place":
		if slices.ContainsFunc(v.Without, func(q learning.Request) bool { return q.ID == what }) {
			err = p.Store.Choose(ctx, actor.Organisation, what, v.Offering.ID)
		}
	case "note":
		err = p.Store.Note(ctx, actor.Organisation, v.Offering.ID, noted(r, v), actor.Name)
	}
	if page.Err = err; web.Retry(err) {
		return p.showOffering(w, r, page)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/offerings/"+v.Offering.ID)
}

// noted reads who completed it.
func noted(r *http.Request, v learningdb.OfferingView) (all []learningdb.CameOf) {
	for _, q := range v.Asked {
		switch r.FormValue("came-" + q.ID) {
		case "yes":
			all = append(all, learningdb.CameOf{Request: q.ID, Completed: true, Result: r.FormValue("result-" + q.ID)})
		case "no":
			all = append(all, learningdb.CameOf{Request: q.ID, Result: r.FormValue("result-" + q.ID)})
		}
	}
	return all
}

func (v offeringPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: v.Of.Name, Header: []string{lang.T(ctx, "Person"), lang.T(ctx, "Unit"), lang.T(ctx, "State"), lang.T(ctx, "Needed from"), lang.T(ctx, "Result")}}
	for _, q := range v.Asked {
		t.Rows = append(t.Rows, []any{q.Person.Name, q.Unit.Name, stateText(ctx, q.State), string(q.Needed), q.Result})
	}
	return t
}

func (v offeringPage) heading(ctx context.Context) string {
	switch {
	case v.Offering.Cancelled:
		return lang.T(ctx, "%s: this offering was cancelled.", v.Of.Name)
	case v.Offering.Places == 0:
		return lang.T(ctx, "%[1]s: %[2]d have a place.", v.Of.Name, v.Taken)
	}
	return lang.T(ctx, "%[1]s: %[2]d of %[3]d places are taken.", v.Of.Name, v.Taken, v.Offering.Places)
}

// daysText says when it is.
func daysText(ctx context.Context, o learning.Offering) string {
	if o.Begins == o.Ends {
		return string(o.Begins)
	}
	return lang.T(ctx, "%[1]s to %[2]s", string(o.Begins), string(o.Ends))
}

// placesText says how many places are left in what has not begun.
func placesText(ctx context.Context, o learning.Offering, today period.Day) string {
	switch free := o.Free(); {
	case o.Cancelled:
		return lang.T(ctx, "cancelled")
	case o.Held || o.Ends < today:
		return lang.T(ctx, "over")
	case o.Begins < today:
		return lang.T(ctx, "goes on")
	case free < 0:
		return ""
	case free == 0 && o.Waiting > 0:
		return lang.N(ctx, o.Waiting, "full, one waits", "full, %d wait")
	case free == 0:
		return lang.T(ctx, "full")
	default:
		return lang.N(ctx, free, "one place left", "%d places left")
	}
}

// begun says whether it can be noted who completed it.
func (v offeringPage) begun() bool { return !v.Offering.Cancelled && v.Offering.Begins <= v.Today }

// notes says whether that can be noted of a request.
func (v offeringPage) notes(q learning.Request) bool {
	return v.begun() && slices.Contains([]learning.State{learning.Placed, learning.Completed, learning.NotDone}, q.State)
}
