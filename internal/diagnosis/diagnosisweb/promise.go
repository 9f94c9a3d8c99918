package diagnosisweb

import (
	"context"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"

	"github.com/a-h/templ"
)

// promises shows what became of the focal points of the diagnosis before: or of ?with=.
func (p *Pages) promises(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	if err != nil {
		return err
	}
	j, err := p.judged(r.Context(), rd, r.URL.Query().Get("with"))
	if err != nil {
		return err
	}
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-promises", rd.judgedTable(r.Context(), j)); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, j.Judged)
	}
	served := make([][]templ.Component, len(j.Focal))
	for i, f := range j.Focal {
		for _, serves := range p.Serves {
			part, err := serves(r.Context(), web.From[org.Actor](r.Context()), j.Then.Diagnosis.ID, f.Focal)
			if err != nil {
				return err
			}
			if part != nil {
				served[i] = append(served[i], part)
			}
		}
	}
	return web.Page(w, r, http.StatusOK, promisesPage(rd, j, served))
}

// judged judges the focal points of the newest diagnosis before that decided any, or of one
// that is asked for; not found where there is none that the reader may see.
func (p *Pages) judged(ctx context.Context, rd *reading, with string) (j *diagnosisdb.Judged, err error) {
	err = fault.NotFoundf("no diagnosis before this one that asked the same has decided on focal points")
	for _, e := range rd.Earlier {
		if with != "" && with != e.ID {
			continue
		}
		if j, err = p.Store.Judge(ctx, rd.organisation, rd.Diagnosis.ID, e.ID); fault.KindOf(err) != fault.NotFound {
			return j, err
		}
	}
	return nil, err
}

// keptText counts what was kept.
func keptText(ctx context.Context, j *diagnosisdb.Judged) string {
	kept, partly, promised := 0, 0, 0
	for _, f := range j.Focal {
		switch f.Whole.Keeping {
		case diagnosis.NoPromise:
			continue
		case diagnosis.PromiseKept:
			kept++
		case diagnosis.PromisePartly:
			partly++
		}
		promised++
	}
	if promised == 0 {
		return lang.T(ctx, "Of the focal points of %s no rise was promised.", j.Then.Diagnosis.Name)
	}
	return lang.T(ctx, "Kept: %[1]d of %[2]d promises of %[3]s; in part: %[4]d.", kept, promised, j.Then.Diagnosis.Name, partly)
}

// keepingText says in words how a promise stands.
func keepingText(ctx context.Context, k diagnosis.Keeping) string {
	switch k {
	case diagnosis.PromiseKept:
		return lang.T(ctx, "kept")
	case diagnosis.PromisePartly:
		return lang.T(ctx, "kept in part: clearly up, by less")
	case diagnosis.PromiseNotKept:
		return lang.T(ctx, "not kept: no clear change")
	case diagnosis.PromiseTurned:
		return lang.T(ctx, "not kept: clearly down")
	case diagnosis.NoPromise:
		return lang.T(ctx, "nothing promised")
	}
	return lang.T(ctx, "cannot tell")
}

// movedText says what was promised, what moved and how sure that is.
func movedText(ctx context.Context, j diagnosis.Judgement) string {
	text := ""
	if j.Promise > 0 {
		text = lang.T(ctx, "Promised %s.", signed2(ctx, j.Promise)) + " "
	}
	switch {
	case j.Diff == nil:
		return text + lang.T(ctx, "What moved is withheld, then or now.")
	case j.Half == nil:
		return text + lang.T(ctx, "Moved %[1]s, from %[2]s to %[3]s; whether by more than chance, nobody can tell.", signed2(ctx, *j.Diff), one(ctx, *j.Then), one(ctx, *j.Now))
	}
	return text + lang.T(ctx, "Moved %[1]s (%[2]s to %[3]s), from %[4]s to %[5]s.", signed2(ctx, *j.Diff), signed2(ctx, *j.Diff-*j.Half), signed2(ctx, *j.Diff+*j.Half), one(ctx, *j.Then), one(ctx, *j.Now))
}

// judgedTable has a row for each focal point, recommendation and unit.
func (rd *reading) judgedTable(ctx context.Context, j *diagnosisdb.Judged) web.Table {
	t := web.Table{Name: lang.T(ctx, "Promises"), Header: append([]string{lang.T(ctx, "Focal point"), lang.T(ctx, "Recommendation"), lang.T(ctx, "Unit"), lang.T(ctx, "Promised"), lang.T(ctx, "Judged")}, changeHeader(ctx)...)}
	row := func(theme, advice, unit string, promise, judged any, c diagnosis.Change) {
		t.Rows = append(t.Rows, changeRow(ctx, c, theme, advice, unit, promise, judged))
	}
	for _, f := range j.Focal {
		row(f.Focal.Theme, "", "", f.Whole.Promise, keepingText(ctx, f.Whole.Keeping), f.Whole.Change)
		for i, a := range f.Advice {
			row(f.Focal.Theme, f.Focal.Recommendations[i].Text, "", a.Promise, keepingText(ctx, a.Keeping), a.Change)
		}
		for _, u := range f.Units {
			row(f.Focal.Theme, "", rd.Report.Units[u.Unit].Name, nil, nil, u.Change)
		}
	}
	return t
}

// keptMark is the sign of a promise that is kept, in part, or not.
func keptMark(k diagnosis.Keeping) string {
	switch k {
	case diagnosis.PromiseKept:
		return "●"
	case diagnosis.PromisePartly:
		return "◐"
	case diagnosis.PromiseNotKept, diagnosis.PromiseTurned:
		return "○"
	}
	return "–"
}
