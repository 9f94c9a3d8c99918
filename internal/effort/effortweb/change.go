package effortweb

import (
	"net/http"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// changePage is the page of the changes, or the form of one.
type changePage struct {
	reader
	All   []effort.Change
	One   effort.Change // that is shown or typed
	Where string        // its units as typed
	Err   error
}

func (p *Pages) changes(w http.ResponseWriter, r *http.Request) error {
	return p.showChanges(w, r, changePage{})
}

func (p *Pages) showChanges(w http.ResponseWriter, r *http.Request, c changePage) (err error) {
	if c.reader, err = p.reader(r.Context()); err != nil {
		return err
	}
	if c.All, err = p.Store.Changes(r.Context(), c.actor.Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(c.Err), changesPage(c))
}

// change is the form of one that is there.
func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	c, err := p.changeOf(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, changeForm(c))
}

func (p *Pages) changeOf(r *http.Request) (c changePage, err error) {
	if c.reader, err = p.reader(r.Context()); err != nil {
		return c, err
	}
	all, err := p.Store.Changes(r.Context(), c.actor.Organisation)
	n := slices.IndexFunc(all, func(one effort.Change) bool { return one.ID == r.PathValue("change") })
	if err == nil && n < 0 {
		err = fault.NotFoundf("there is no such change")
	}
	if err != nil {
		return c, err
	}
	c.One = all[n]
	c.Where = c.unitKeys(c.One.Units)
	return c, nil
}

func (p *Pages) saveChange(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	c := changePage{Where: r.FormValue("units"), One: effort.Change{ID: r.PathValue("change"), Day: period.Day(r.FormValue("day")), Text: r.FormValue("text"), Expected: r.FormValue("expected")}}
	var err error
	if c.reader, err = p.reader(ctx); err != nil {
		return err
	}
	if c.One.Units, err = c.findUnits(c.Where); err == nil {
		_, err = p.Store.SaveChange(ctx, actor.Organisation, c.One, actor.Name)
	}
	if c.Err = err; web.Retry(err) && c.One.ID == "" {
		return p.showChanges(w, r, c)
	} else if web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), changeForm(c))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/changes")
}

// deleteChange takes a change out, unless somebody has asked what came of it: what was found stays.
func (p *Pages) deleteChange(w http.ResponseWriter, r *http.Request) error {
	organisation := web.From[org.Actor](r.Context()).Organisation
	judged, err := p.Judged(r.Context(), organisation, r.PathValue("change"))
	if err != nil {
		return err
	}
	if judged {
		return fault.Conflictf("somebody has asked what came of this change, so it stays; change its words or its day instead")
	}
	if err := p.Store.DeleteChange(r.Context(), organisation, r.PathValue("change")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/changes")
}

// findUnits reads units by key or name, one a line. It reports, at the field units, what is none.
func (r reader) findUnits(text string) (ids []string, err error) {
	finder := org.NewFinder(r.Units, nil)
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		n, err := finder.Unit(strings.TrimSpace(line))
		if err != nil {
			return nil, atField("units", err)
		}
		ids = append(ids, r.Units.Units[n].ID)
	}
	return ids, nil
}

// unitKeys are units as findUnits reads them.
func (r reader) unitKeys(ids []string) string {
	var lines []string
	for _, id := range ids {
		if n, there := r.Units.Find(id); there {
			lines = append(lines, r.Units.Units[n].Key)
		}
	}
	return strings.Join(lines, "\n")
}

// atField is a mistake at a field of a form.
func atField(field string, err error) error {
	e := fault.Of(err)
	if e == nil {
		return err
	}
	return &fault.Error{Kind: fault.Invalid, Field: field, Format: e.Format, Args: e.Args}
}
