package diagnosisweb

import (
	"context"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// minutesForm is the minutes of the workshop, and for who leads it the form to write them.
type minutesForm struct {
	*reading
	diagnosisdb.Chosen
	Manages bool
	Err     error
}

func (p *Pages) minutes(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.wholeReport(r)
	if err != nil {
		return err
	}
	return p.showMinutes(w, r, rd, nil, nil)
}

func (p *Pages) showMinutes(w http.ResponseWriter, r *http.Request, rd *reading, typed *diagnosis.Workshop, mistake error) (err error) {
	f := minutesForm{reading: rd, Manages: p.Permits.May(web.From[org.Actor](r.Context()), Manage, rd.Diagnosis.Place()), Err: mistake}
	if f.Chosen, err = p.Store.Focal(r.Context(), rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if typed != nil {
		f.Day, f.Present, f.Notes = typed.Day, typed.Present, typed.Notes
	}
	return web.Page(w, r, web.StatusOf(mistake), minutesPage(f))
}

// keepMinutes keeps the minutes, decides, or takes the decision back.
func (p *Pages) keepMinutes(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, err := p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID)
	if err != nil {
		return err
	}
	typed := c.Workshop
	if r.FormValue("do") == "reopen" {
		err = p.Store.ReopenFocal(ctx, rd.organisation, rd.Diagnosis.ID, actor.Name)
	} else {
		typed.Day, typed.Present, typed.Notes = "", r.FormValue("present"), r.FormValue("notes")
		if day := r.FormValue("day"); day != "" {
			if typed.Day, err = period.ParseDay(day); err != nil {
				err = fault.Fieldf("day", "say on which day it was decided")
			}
		}
		if err == nil {
			err = p.Store.SaveWorkshop(ctx, rd.organisation, rd.Diagnosis.ID, typed)
		}
		if err == nil && r.FormValue("do") == "decide" {
			err = p.Store.DecideFocal(ctx, rd.organisation, rd.Diagnosis.ID, actor.Name)
		}
	}
	if web.Retry(err) {
		return p.showMinutes(w, r, rd, &typed, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/focal-points/minutes")
}

func minutesHeading(ctx context.Context, c diagnosisdb.Chosen) string {
	if !c.Decided.IsZero() {
		return lang.T(ctx, "%d focal points are decided.", len(c.Focal))
	}
	return lang.N(ctx, len(c.Focal), "One focal point, not decided yet.", "%d focal points, not decided yet.")
}
