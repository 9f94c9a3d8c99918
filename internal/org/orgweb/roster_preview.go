package orgweb

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

type previewPage struct {
	Upload orgdb.Upload
	Report org.Report
	Err    error
}

// run reads an upload's files again for work that goes on when its page is left.
func (p *Pages) run(u orgdb.Upload, actor org.Actor, do func(context.Context, string, orgdb.Roster) (*org.Report, error)) web.Do[*org.Report] {
	return func(ctx context.Context, progress func(done, total int)) (*org.Report, error) {
		sources, done, err := p.sources(ctx, actor.Organisation, u)
		defer done()
		if err != nil {
			return nil, err
		}
		in := importOf(u, sources, actor)
		in.Progress = func(rows int) { progress(rows, 0) }
		return do(ctx, actor.Organisation, in)
	}
}

func importOf(u orgdb.Upload, sources []org.Source, actor org.Actor) orgdb.Roster {
	return orgdb.Roster{Day: u.Day, Map: u.Map, Sources: sources, By: actor.Name}
}

func (p *Pages) previewRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, err := p.Store.Upload(r.Context(), actor.Organisation, r.PathValue("upload"))
	if err != nil {
		return err
	}
	m, err := yaml.Encode(u.Map)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("roster/%s/%s/%s", u.ID, u.Day, m)
	report, ready, err := web.Long(p.Works, w, r, key, p.run(u, actor, p.Store.PreviewRoster))
	if !ready {
		return err
	}
	return showPreview(w, r, u, report, err)
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

// importRoster begins an import; imported waits for it.
func (p *Pages) importRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, err := p.Store.Upload(r.Context(), actor.Organisation, r.PathValue("upload"))
	if err != nil {
		return err
	}
	web.Begin(p.Works, r, importOn(actor, u.ID), p.run(u, actor, func(ctx context.Context, organisation string, in orgdb.Roster) (*org.Report, error) {
		report, err := p.Store.ImportRoster(ctx, organisation, in)
		if err != nil {
			return report, err
		}
		return report, p.Store.DeleteUpload(ctx, organisation, u.ID)
	}))
	return web.SeeOther(w, r, r.URL.Path)
}

func (p *Pages) imported(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	id := r.PathValue("upload")
	report, ready, err := web.Join[*org.Report](p.Works, w, r, importOn(actor, id))
	if !ready {
		return err
	}
	if err == nil && report != nil {
		p.say(r.Context(), "The roster is imported. It holds from %s.", string(report.Day))
		return web.SeeOther(w, r, "/units?day="+string(report.Day))
	}
	if report == nil && err == nil { // somebody else has seen the result
		return web.SeeOther(w, r, "/roster")
	}
	u, missing := p.Store.Upload(r.Context(), actor.Organisation, id)
	if missing != nil {
		return missing
	}
	return showPreview(w, r, u, report, err)
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

// importOn names the import of an upload.
func importOn(actor org.Actor, upload string) string {
	return "import/" + actor.Organisation + "/" + upload
}
