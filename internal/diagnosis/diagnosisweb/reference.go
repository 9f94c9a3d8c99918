package diagnosisweb

import (
	"context"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// keepReference takes a file of means, with where they come from.
func (p *Pages) keepReference(w http.ResponseWriter, r *http.Request) error {
	id, in, err := p.ofInstrument(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	ref, err := readReference(r, in)
	if err == nil {
		err = p.Store.KeepReference(r.Context(), actor.Organisation, ref, actor.Name)
	}
	if web.Retry(err) {
		return p.showInstrument(w, r, id, in, ref, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/instruments/"+id)
}

func readReference(r *http.Request, in *diagnosis.Instrument) (ref diagnosis.Reference, err error) {
	f, header, fileErr := web.FormFile(r)
	ref = diagnosis.Reference{Instrument: in.ID, Name: r.FormValue("name"), Source: r.FormValue("source")}
	if ref.Day, err = period.ParseDay(r.FormValue("day")); err != nil {
		return ref, fault.Fieldf("day", "say from which day the figures are")
	}
	if fileErr != nil {
		return ref, fileErr
	}
	defer f.Close()
	if err := ref.Check(); err != nil {
		return ref, err
	}
	rows, err := sheet.Open(f, header.Filename, sheet.Options{MaxBytes: 10 << 20})
	if err != nil {
		return ref, err
	}
	ref.Means, err = in.ReadReference(rows.Headings(), Rows(rows))
	return ref, err
}

func (p *Pages) dropReference(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.DropReference(r.Context(), actor.Organisation, r.PathValue("reference"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/instruments/"+r.PathValue("instrument"))
}

// referenceText says what a reference line is.
func referenceText(ctx context.Context, r *diagnosis.Reference) string {
	return lang.T(ctx, "%[1]s (%[2]s, %[3]s)", r.Name, r.Source, string(r.Day))
}

// referenceNote says what the rings in a picture of the whole are; "" without any.
func (rd *reading) referenceNote(ctx context.Context) string {
	if rd.Reference == nil {
		return ""
	}
	return lang.T(ctx, "○ %s.", referenceText(ctx, rd.Reference))
}

// withReference adds a column with the reference line to a table of which each row is a
// figure with an id.
func (rd *reading) withReference(t web.Table, ids []string) web.Table {
	if rd.Reference == nil {
		return t
	}
	t.Header = append(t.Header, rd.Reference.Name)
	for i := range t.Rows {
		var v any
		if i < len(ids) {
			v = known(rd.Reference.Mean(ids[i]))
		}
		t.Rows[i] = append(t.Rows[i], v)
	}
	return t
}

func (rd *reading) factorIDs() (ids []string) {
	for _, f := range rd.Instrument.Factors {
		ids = append(ids, f.ID)
	}
	return ids
}

func (rd *reading) itemIDs() (ids []string) {
	for _, it := range rd.Instrument.Items() {
		ids = append(ids, it.ID)
	}
	return ids
}
