package diagnosisweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// trialForm is the page of a test run.
type trialForm struct {
	diagnosisdb.Trial
	Diagnosis diagnosis.Diagnosis
	Link      string // "" before it is begun
	Square    string
	Side      int
}

// trial shows the test run of a draft, and its answers as a file.
func (p *Pages) trial(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	f := trialForm{Diagnosis: d}
	if f.Trial, err = p.Store.Trial(r.Context(), web.From[org.Actor](r.Context()).Organisation, d.ID); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, d.Name+"-test", f.table(r.Context())); done || err != nil {
		return err
	}
	if f.Secret != "" {
		f.Link = p.Public + "/r/" + f.Secret
		if f.Square, f.Side, err = square(f.Link); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, trialPage(f))
}

func (p *Pages) beginTrial(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.BeginTrial(r.Context(), actor.Organisation, d.ID, actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID+"/trial")
}

// asked lists the ids and texts of what a questionnaire asks, in its order.
func (f trialForm) asked(ctx context.Context) (ids, texts []string) {
	language := lang.Tag(ctx).String()
	for _, it := range f.Instrument.Items() {
		ids, texts = append(ids, it.ID), append(texts, it.Text.In(language))
	}
	for _, q := range f.Instrument.Questions {
		ids, texts = append(ids, q.ID), append(texts, q.Text.In(language))
	}
	return ids, texts
}

// table has a row for each test answer.
func (f trialForm) table(ctx context.Context) web.Table {
	ids, _ := f.asked(ctx)
	t := web.Table{Name: lang.T(ctx, "Test run"), Header: ids}
	for _, given := range f.Answers {
		row := make([]any, len(ids))
		for i, id := range ids {
			row[i] = given[id]
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// answered is what was answered to a statement, one after the other.
func (f trialForm) answered(id string) string {
	var all []string
	for _, given := range f.Answers {
		if given[id] != "" {
			all = append(all, given[id])
		}
	}
	return strings.Join(all, ", ")
}

func (f trialForm) heading(ctx context.Context) string {
	if f.Secret == "" {
		return lang.T(ctx, "Try the questionnaire before it opens.")
	}
	return lang.N(ctx, len(f.Answers), "One test answer", "%d test answers")
}
