package diagnosisweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// themeList is the page of all characteristics and what is known about them.
type themeList struct {
	*diagnosis.Instrument
	Known map[string]diagnosisdb.Known
	Tag   string
	Text  string // looked for
}

func (p *Pages) themes(w http.ResponseWriter, r *http.Request) (err error) {
	l := themeList{Tag: lang.Tag(r.Context()).String(), Text: strings.TrimSpace(r.FormValue("q"))}
	if l.Instrument, l.Known, err = p.known(r); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, themesPage(l))
}

// known is the instrument that the organisation works with, and what is known about it in the
// reader's language. An item that only the shipped instrument has is looked up there: an
// earlier diagnosis may have asked it.
func (p *Pages) known(r *http.Request) (in *diagnosis.Instrument, known map[string]diagnosisdb.Known, err error) {
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	if in, err = p.Store.CurrentInstrument(ctx, organisation); err != nil {
		return nil, nil, err
	}
	if item := r.PathValue("item"); item != "" && !in.Asks(item) {
		if shipped, err := diagnosis.ReadInstrument(diagnosis.HPOFile); err == nil && shipped.Asks(item) {
			in = shipped
		}
	}
	known, err = p.Store.Knowledge(ctx, organisation, in, lang.Tag(ctx).String())
	return in, known, err
}

// has says whether a characteristic is one of those looked for.
func (l themeList) has(it diagnosis.Item) bool {
	k := l.Known[it.ID]
	text := strings.ToLower(strings.Join(append([]string{it.Name.In(l.Tag), it.Text.In(l.Tag), k.Meaning, k.Strong, k.Weak}, k.Questions...), "\n"))
	return strings.Contains(text, strings.ToLower(l.Text))
}

// themeForm is the page of a characteristic.
type themeForm struct {
	*diagnosis.Instrument
	diagnosis.PlacedItem
	diagnosisdb.Known
	Tag       string
	Manages   bool
	Edit      bool
	Questions string // as typed
	Exercises string
	Err       error
}

func (p *Pages) theme(w http.ResponseWriter, r *http.Request) error {
	return p.showTheme(w, r, nil, nil)
}

// introductionForm is the page of a factor.
type introductionForm struct {
	diagnosis.Factor
	Steps   []diagnosis.Step
	Own     bool
	Tag     string
	Manages bool
	Edit    bool
	Text    string // as typed
	Err     error
}

func (p *Pages) showIntroduction(w http.ResponseWriter, r *http.Request, in *diagnosis.Instrument, factor diagnosis.Factor, typed string, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := introductionForm{Factor: factor, Tag: lang.Tag(ctx).String(), Manages: p.Permits.MayAnywhere(actor, EditThemes), Text: typed, Err: mistake}
	if f.Steps, f.Own, err = p.Store.Introduction(ctx, actor.Organisation, in, f.Tag, factor.ID); err != nil {
		return err
	}
	if f.Edit = f.Manages && (r.URL.Query().Has("edit") || mistake != nil); mistake == nil {
		f.Text = diagnosis.WriteSteps(f.Steps)
	}
	return web.Page(w, r, web.StatusOf(mistake), introductionPage(f))
}

// keepIntroduction keeps what somebody has written to introduce a factor, or goes back to what the
// program brings.
func (p *Pages) keepIntroduction(w http.ResponseWriter, r *http.Request, in *diagnosis.Instrument, factor diagnosis.Factor) error {
	ctx, actor, typed := r.Context(), web.From[org.Actor](r.Context()), r.FormValue("steps")
	language := lang.Tag(ctx).String()
	if r.FormValue("do") == "reset" {
		if err := p.Store.DropIntroduction(ctx, actor.Organisation, in, language, factor.ID, actor.Name); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/themes/"+factor.ID)
	}
	steps, err := diagnosis.ReadSteps(typed)
	if err == nil {
		err = p.Store.KeepIntroduction(ctx, actor.Organisation, in, language, factor.ID, steps, actor.Name)
	}
	if web.Retry(err) {
		return p.showIntroduction(w, r, in, factor, typed, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/themes/"+factor.ID)
}

func (p *Pages) showTheme(w http.ResponseWriter, r *http.Request, typed *themeForm, mistake error) error {
	in, known, err := p.known(r)
	if err != nil {
		return err
	}
	f := themeForm{Instrument: in, Tag: lang.Tag(r.Context()).String(), Manages: p.Permits.MayAnywhere(web.From[org.Actor](r.Context()), EditThemes), Err: mistake}
	id := r.PathValue("item")
	if i := slices.IndexFunc(in.Factors, func(f diagnosis.Factor) bool { return f.ID == id }); i >= 0 {
		return p.showIntroduction(w, r, in, in.Factors[i], "", nil)
	}
	items := in.Items()
	i := slices.IndexFunc(items, func(it diagnosis.PlacedItem) bool { return it.ID == id && it.Factor >= 0 })
	if i < 0 {
		return fault.NotFoundf("the instrument has no such characteristic")
	}
	f.PlacedItem, f.Known = items[i], known[id]
	f.Edit = f.Manages && (r.Form.Has("edit") || r.URL.Query().Has("edit") || mistake != nil)
	f.Questions, f.Exercises = strings.Join(f.Known.Questions, "\n"), diagnosis.WriteExercises(f.Known.Exercises)
	if typed != nil {
		f.Known.Meaning, f.Strong, f.Weak, f.Questions, f.Exercises = typed.Known.Meaning, typed.Strong, typed.Weak, typed.Questions, typed.Exercises
	}
	return web.Page(w, r, web.StatusOf(mistake), themePage(f))
}

// keepTheme keeps what somebody has written about a characteristic, or goes back to what the
// program brings.
func (p *Pages) keepTheme(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, item := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("item")
	in, _, err := p.known(r)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(in.Factors, func(f diagnosis.Factor) bool { return f.ID == item }); i >= 0 {
		return p.keepIntroduction(w, r, in, in.Factors[i])
	}
	language := lang.Tag(ctx).String()
	if r.FormValue("do") == "reset" {
		if err := p.Store.DropKnowledge(ctx, actor.Organisation, in, language, item, actor.Name); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/themes/"+item)
	}
	f := themeForm{Questions: r.FormValue("questions"), Exercises: r.FormValue("exercises")}
	f.Known.Knowledge = diagnosis.Knowledge{ID: item, Meaning: r.FormValue("meaning"), Strong: r.FormValue("strong"), Weak: r.FormValue("weak"), Questions: diagnosis.ReadQuestions(f.Questions)}
	if f.Known.Exercises, err = diagnosis.ReadExercises(f.Exercises); err == nil {
		err = p.Store.KeepKnowledge(ctx, actor.Organisation, in, language, f.Knowledge, actor.Name)
	}
	if web.Retry(err) {
		return p.showTheme(w, r, &f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/themes/"+item)
}

func minutesText(ctx context.Context, n int) string {
	return lang.N(ctx, n, "one minute", "%d minutes")
}
