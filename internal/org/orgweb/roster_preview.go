package orgweb

import (
	"bytes"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

type previewPage struct {
	Upload orgdb.Upload
	Report org.Report
	Err    error
}

func (p *Pages) previewRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, sources, done, err := p.opened(r, actor)
	defer done()
	if err != nil {
		return err
	}
	report, err := p.Store.PreviewRoster(r.Context(), actor.Organisation, importOf(u, sources, actor))
	return showPreview(w, r, u, report, err)
}

func importOf(u orgdb.Upload, sources []org.Source, actor org.Actor) orgdb.Roster {
	return orgdb.Roster{Day: u.Day, Map: u.Map, Sources: sources, By: actor.Name}
}

func showPreview(w http.ResponseWriter, r *http.Request, u orgdb.Upload, report *org.Report, err error) error {
	if err != nil && !web.Retry(err) {
		return err
	}
	page := previewPage{Upload: u, Err: err}
	if report != nil {
		page.Report = *report
	}
	return web.Page(w, r, web.StatusOf(err), previewView(page))
}

func (p *Pages) importRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, sources, done, err := p.opened(r, actor)
	defer done()
	if err != nil {
		return err
	}
	report, err := p.Store.ImportRoster(r.Context(), actor.Organisation, importOf(u, sources, actor))
	if err != nil {
		return showPreview(w, r, u, report, err)
	}
	if err := p.Store.DeleteUpload(r.Context(), actor.Organisation, u.ID); err != nil {
		return err
	}
	p.say(r.Context(), "The roster is imported. It holds from %s.", string(u.Day))
	return web.SeeOther(w, r, "/units?day="+string(u.Day))
}

// errorFile is the bad rows for a spreadsheet.
func (p *Pages) errorFile(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, sources, done, err := p.opened(r, actor)
	defer done()
	if err != nil {
		return err
	}
	report, err := p.Store.PreviewRoster(r.Context(), actor.Organisation, importOf(u, sources, actor))
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if report == nil || len(report.Bad) == 0 {
		return fault.NotFoundf("no row of these files is bad")
	}
	var file bytes.Buffer
	err = WriteErrors(&file, sources, report.Bad, func(reason error) string { return reasonText(r.Context(), reason) })
	if err != nil {
		return err
	}
	web.Attach(w, "text/csv; charset=utf-8", "errors.csv")
	_, err = file.WriteTo(w)
	return err
}
