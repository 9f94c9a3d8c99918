package diagnosisweb

import (
	"iter"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// links hands the personal links out as a file.
func (p *Pages) links(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	if r.FormValue("format") == "" {
		return fault.NotFoundf("links come as a file: choose CSV or XLSX")
	}
	actor := web.From[org.Actor](ctx)
	if err := p.Store.TookLinks(ctx, actor.Organisation, d.ID, org.Event{Who: actor.Name, What: "personal links taken as a file"}); err != nil {
		return err
	}
	t := web.Table{Name: lang.T(ctx, "Links"), Header: []string{lang.T(ctx, "Person"), lang.T(ctx, "Name"), lang.T(ctx, "Mail address"), lang.T(ctx, "Unit"), lang.T(ctx, "Link"), lang.T(ctx, "Code")}}
	err = p.Store.Links(ctx, actor.Organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
		t.Rows = append(t.Rows, []any{l.Key, l.Name, l.Mail, l.Unit, p.Public + "/r/" + l.Secret, l.Code})
		return nil
	})
	if err != nil {
		return err
	}
	if done, err := web.Exported(w, r, d.Name+"-links", t); done || err != nil {
		return err
	}
	return fault.NotFoundf("links come as a file: choose CSV or XLSX")
}

const mostBytes = 200 << 20

// importAnswers takes a file of answers that were given elsewhere.
func (p *Pages) importAnswers(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	err = p.importFile(r, d)
	if web.Retry(err) {
		if e := fault.Of(err); e.Field == "" {
			e.Field = "file"
		}
		return p.showOpen(w, r, d, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID)
}

func (p *Pages) importFile(r *http.Request, d diagnosis.Diagnosis) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f, header, err := web.FormFile(r)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := sheet.Open(f, header.Filename, sheet.Options{MaxBytes: mostBytes})
	if err != nil {
		return err
	}
	_, err = p.Store.ImportFile(ctx, actor.Organisation, d.ID, actor.Name, rows.Written(), Rows(rows))
	return err
}

// Rows are the rows of a file as the core reads them.
func Rows(r *sheet.Reader) iter.Seq2[diagnosis.Row, error] {
	return func(yield func(diagnosis.Row, error) bool) {
		for row, err := range r.Rows() {
			if !yield(diagnosis.Row{Line: row.Line, Cells: row.Cells}, err) {
				return
			}
		}
	}
}
