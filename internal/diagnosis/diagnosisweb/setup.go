package diagnosisweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	seen, err := p.seen(r.Context(), actor)
	if err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, listOf(seen))
	}
	return web.Page(w, r, http.StatusOK, listPage(seen, p.Permits.MayAnywhere(actor, Manage), p.Permits.May(actor, Instruments, org.Place{})))
}

// seen are the diagnoses that somebody leads, and the closed ones whose report that person reads.
func (p *Pages) seen(ctx context.Context, actor org.Actor) (seen []diagnosis.Diagnosis, err error) {
	all, err := p.Store.Diagnoses(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		sees := p.Permits.May(actor, Manage, d.Place())
		if !sees && d.State == diagnosis.Closed {
			if sees, err = p.reads(ctx, actor, d); err != nil {
				return nil, err
			}
		}
		if sees {
			seen = append(seen, d)
		}
	}
	return seen, nil
}

// setupForm is the page on which a draft is set up.
type setupForm struct {
	diagnosis.Diagnosis
	Instruments []diagnosisdb.InstrumentEntry
	Attributes  []string       // to choose from
	Values      map[string]int // how many values each has
	Zone        string         // whose clock the times are of
	Whole       bool           // the whole can be asked
	Units       []org.Node     // or one of these, with all under it
	Err         error
}

// mostLevels is how far below the top of what somebody may ask the units are offered.
const mostLevels = 3

// offer is what of the organisation somebody may ask on a day.
func (p *Pages) offer(f *setupForm, actor org.Actor, structure *org.Structure) {
	f.Whole = p.Permits.May(actor, Manage, org.Place{})
	top := -1 // depth of the topmost unit of the part that is walked
	for i, u := range structure.Units {
		if !p.Permits.May(actor, Manage, org.Place{Units: structure.IDs(i)}) {
			top = -1
			continue
		}
		if top < 0 || u.Depth < top {
			top = u.Depth
		}
		if (u.Depth > 0 || !f.Whole) && u.Depth-top <= mostLevels || u.ID == f.Unit() {
			f.Units = append(f.Units, u)
		}
	}
}

// placed is where the unit stands that a draft asks. What the actor may not ask is not found.
func (p *Pages) placed(r *http.Request, d *diagnosis.Diagnosis) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if unit := d.Unit(); unit != "" {
		structure, err := p.Org.Structure(ctx, actor.Organisation, d.RosterDay)
		if err != nil {
			return err
		}
		at, ok := structure.Find(unit)
		if !ok {
			return fault.Fieldf("unit", "the roster of %s does not have this unit: choose another, or another day", string(d.RosterDay))
		}
		d.Within, d.Part = structure.IDs(at), structure.Units[at].Name
		if p.Permits.May(actor, Manage, d.Place()) {
			return p.stillOwn(ctx, actor, structure.Subtree(at))
		}
	}
	if !p.Permits.May(actor, Manage, d.Place()) {
		return fault.Fieldf("unit", "choose a unit of those that you may ask")
	}
	return nil
}

func (p *Pages) newDraft(w http.ResponseWriter, r *http.Request) error {
	o, err := p.Org.Organisation(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return err
	}
	now := p.now().In(period.Zone(o.Zone))
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	d := diagnosis.Diagnosis{RosterDay: period.DayOf(now), Opens: midnight, Closes: midnight.AddDate(0, 0, 21).Add(18 * time.Hour),
		Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level},
			Crossings: []diagnosis.Crossing{{Units: true, Depth: 2, Attributes: []string{diagnosisdb.Level}}}}}
	if unit := r.FormValue("unit"); unit != "" {
		d.Within = []string{unit}
	}
	return p.showSetup(w, r, d, nil)
}

func (p *Pages) showSetup(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, mistake error) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	form := setupForm{Diagnosis: d, Zone: o.Zone, Err: mistake}
	structure, err := p.Org.Structure(ctx, actor.Organisation, d.RosterDay)
	if err != nil {
		return err
	}
	p.offer(&form, actor, structure)
	if form.Instruments, err = p.Store.Instruments(ctx, actor.Organisation); err != nil {
		return err
	}
	if form.Attributes, form.Values, err = p.Store.Attributes(ctx, actor.Organisation, d.RosterDay); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), setupPage(form))
}

func (p *Pages) readSetup(r *http.Request) (d diagnosis.Diagnosis, err error) {
	o, err := p.Org.Organisation(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return d, err
	}
	if d, err = readSetup(r, period.Zone(o.Zone)); err != nil {
		return d, err
	}
	return d, p.placed(r, &d)
}

// readSetup reads a draft out of its form; times are those of the zone.
func readSetup(r *http.Request, zone *time.Location) (d diagnosis.Diagnosis, err error) {
	if err := r.ParseForm(); err != nil {
		return d, fault.Invalidf("the form could not be read: send it again")
	}
	d.ID, d.Name, d.Instrument = r.PathValue("diagnosis"), r.FormValue("name"), r.FormValue("instrument")
	d.RosterDay = period.Day(r.FormValue("roster"))
	if unit := r.FormValue("unit"); unit != "" {
		d.Within = []string{unit}
	}
	d.Minimum = web.Number(r, "minimum", 0)
	d.Attributes = r.Form["attribute"]
	d.Shared = strings.Split(r.FormValue("shared"), "\n")
	depth := web.Number(r, "depth", 2)
	for _, a := range r.Form["unit-crossing"] {
		d.Crossings = append(d.Crossings, diagnosis.Crossing{Units: true, Depth: depth, Attributes: []string{a}})
	}
	for _, line := range append(r.Form["crossing"], strings.Split(r.FormValue("further"), "\n")...) {
		if c := crossing(line, depth); len(c.Attributes) > 0 {
			d.Crossings = append(d.Crossings, c)
		}
	}
	if d.Opens, err = time.ParseInLocation(formMoment, r.FormValue("opens"), zone); err != nil {
		return d, fault.Fieldf("opens", "choose the day and the time from which answers are taken")
	}
	if d.Closes, err = time.ParseInLocation(formMoment, r.FormValue("closes"), zone); err != nil {
		return d, fault.Fieldf("closes", "choose the day and the time until which answers are taken")
	}
	return d, d.Check()
}

// crossing reads "level + country"; "unit" among the names crosses with the unit.
func crossing(line string, depth int) (c diagnosis.Crossing) {
	for name := range strings.SplitSeq(line, "+") {
		switch name = strings.TrimSpace(name); {
		case name == "":
		case name == "unit":
			c.Units, c.Depth = true, depth
		default:
			c.Attributes = append(c.Attributes, name)
		}
	}
	return c
}

// stillOwn reports units, of another day's roster, that stand today where the actor may not ask.
func (p *Pages) stillOwn(ctx context.Context, actor org.Actor, units []org.Node) error {
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	today, err := p.Org.Structure(ctx, actor.Organisation, period.DayOf(p.now().In(period.Zone(o.Zone))))
	if err != nil {
		return err
	}
	for _, u := range units {
		if at, there := today.Find(u.ID); there && !p.Permits.May(actor, Manage, org.Place{Units: today.IDs(at)}) {
			return fault.Fieldf("roster", "%s was in this part then and is not now: choose a later day", u.Name)
		}
	}
	return nil
}

func (p *Pages) draft(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	d, err := p.readSetup(r)
	var made string
	if err == nil {
		made, err = p.Store.Draft(r.Context(), actor.Organisation, d, actor.Name)
	}
	if web.Retry(err) {
		return p.showSetup(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+made)
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	_, err := p.managed(r)
	if err != nil {
		return err
	}
	d, err := p.readSetup(r)
	if err == nil {
		err = p.Store.Change(r.Context(), actor.Organisation, d)
	}
	if web.Retry(err) {
		return p.showSetup(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID)
}

// diagnosis is the page of one diagnosis for who manages it, and where one waits
// while it is opened or closed.
func (p *Pages) diagnosis(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	_, ready, mistake := web.Join[none](p.Works, w, r, opening(d))
	if ready && mistake == nil {
		_, ready, mistake = web.Join[none](p.Works, w, r, closure(d))
	}
	switch {
	case !ready:
		return mistake
	case web.Retry(mistake) && d.State == diagnosis.Draft:
		return web.Page(w, r, web.StatusOf(mistake), draftPage(d, mistake))
	case mistake != nil:
		return mistake
	}
	if d, err = p.managed(r); err != nil { // as it is after the work
		return err
	}
	switch {
	case d.State == diagnosis.Closed:
		return web.SeeOther(w, r, "/diagnoses/"+d.ID+"/report")
	case d.State == diagnosis.Open:
		return p.showOpen(w, r, d, nil)
	case r.URL.Query().Has("edit"):
		return p.showSetup(w, r, d, nil)
	}
	return web.Page(w, r, http.StatusOK, draftPage(d, nil))
}

// managed is a diagnosis in the hands of who leads it.
func (p *Pages) managed(r *http.Request) (d diagnosis.Diagnosis, err error) {
	actor := web.From[org.Actor](r.Context())
	d, err = p.Store.Diagnosis(r.Context(), actor.Organisation, r.PathValue("diagnosis"))
	if err == nil && !p.Permits.May(actor, Manage, d.Place()) {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	return d, err
}

// none is the result of work that has none.
type none = struct{}

// The work of opening and of closing a diagnosis.
func opening(d diagnosis.Diagnosis) string { return "opening/" + d.ID }
func closure(d diagnosis.Diagnosis) string { return "closure/" + d.ID }

// forecast shows what a draft's choices cost.
func (p *Pages) forecast(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	organisation := web.From[org.Actor](r.Context()).Organisation
	key := fmt.Sprintf("forecast/%+v", d)
	f, ready, err := web.Long(p.Works, w, r, key, func(ctx context.Context, progress func(done, total int)) (diagnosisdb.Forecast, error) {
		return p.Store.Forecast(ctx, organisation, d, progress)
	})
	if !ready {
		return err
	}
	if web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), draftPage(d, err))
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, forecastPage(d, f))
}

func (p *Pages) open(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	web.Begin(p.Works, r, opening(d), func(ctx context.Context, _ func(done, total int)) (none, error) {
		return none{}, p.Store.Open(ctx, actor.Organisation, d.ID, actor.By())
	})
	return web.SeeOther(w, r, "/diagnoses/"+d.ID)
}

func (p *Pages) showOpen(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, mistake error) error {
	response, err := p.Store.Response(r.Context(), web.From[org.Actor](r.Context()).Organisation, d.ID)
	if err != nil {
		return err
	}
	f := openForm{Diagnosis: d, Response: response, NoLinks: !p.Store.CanMakeLinks(d.ID), Err: mistake}
	if id := r.URL.Query().Get("below"); id != "" {
		u, ok := response.Layout.Find(id)
		if !ok {
			return fault.NotFoundf("there is no such unit in this diagnosis")
		}
		f.Below = u
	}
	return web.Page(w, r, web.StatusOf(mistake), openPage(f))
}

// extend gives an open diagnosis another closing time.
func (p *Pages) extend(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	closes, err := time.ParseInLocation(formMoment, r.FormValue("closes"), d.Opens.Location())
	if err != nil {
		err = fault.Fieldf("closes", "choose the day and the time until which answers are taken")
	} else {
		err = p.Store.Extend(r.Context(), actor.Organisation, d.ID, closes, actor.Name)
	}
	if web.Retry(err) {
		return p.showOpen(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID)
}

func (p *Pages) close(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	if r.FormValue("sure") == "" {
		return p.showOpen(w, r, d, fault.Fieldf("sure", "tick that you want to close: it cannot be undone"))
	}
	actor := web.From[org.Actor](r.Context())
	web.Begin(p.Works, r, closure(d), func(ctx context.Context, progress func(done, total int)) (none, error) {
		return none{}, p.Store.Close(ctx, actor.Organisation, d.ID, actor.By(), progress)
	})
	return web.SeeOther(w, r, "/diagnoses/"+d.ID)
}
