package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// practiceList is the page of practices that are shared.
type practiceList struct {
	transitiondb.PracticeQuery
	themes
	All    []transitiondb.ListedPractice
	More   bool
	Own    []transitiondb.ListedPractice // drafts and what the reader has shared
	Writes bool
}

const mostPractices = 50

func (p *Pages) practices(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := practiceList{PracticeQuery: transitiondb.PracticeQuery{Text: strings.TrimSpace(r.FormValue("q")), Theme: r.FormValue("theme"), Outcome: transition.Outcome(r.FormValue("outcome")), Limit: mostPractices + 1},
		Writes: p.Permits.MayAnywhere(actor, Coach)}
	if l.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if l.All, err = p.Store.Practices(ctx, actor.Organisation, l.PracticeQuery); err != nil {
		return err
	}
	if l.More = len(l.All) > mostPractices; l.More {
		l.All = l.All[:mostPractices]
	}
	if l.Writes {
		if l.Own, err = p.Store.OwnPractices(ctx, actor.Organisation, actor.Person); err != nil {
			return err
		}
	}
	if done, err := web.Exported(w, r, "practices", l.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, practicesPage(l))
}

func (l practiceList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Practices"), Header: []string{lang.T(ctx, "Name"), lang.T(ctx, "Characteristic"), lang.T(ctx, "Problem"), lang.T(ctx, "What was tried"), lang.T(ctx, "What came of it"), lang.T(ctx, "Written by"), lang.T(ctx, "Location"), lang.T(ctx, "In use by others")}}
	for _, p := range l.All {
		t.Rows = append(t.Rows, []any{p.Title, l.name(p.Theme), p.Problem, p.Tried, strings.TrimSpace(outcomeName(ctx, p.Outcome) + ". " + p.Result), p.Writer.Person.Name, p.Writer.Location, p.InUse})
	}
	return t
}

func (l practiceList) heading(ctx context.Context) string {
	switch {
	case l.Text+l.Theme+string(l.Outcome) == "" && len(l.All) == 0:
		return lang.T(ctx, "Nothing has been shared yet.")
	case l.Text+l.Theme+string(l.Outcome) != "":
		return lang.N(ctx, len(l.All), "One practice is found.", "%d practices are found.")
	case l.More:
		return lang.T(ctx, "What was tried at work, and what came of it.")
	}
	return lang.N(ctx, len(l.All), "One practice: what was tried at work, and what came of it.", "%d practices: what was tried at work, and what came of it.")
}

func outcomeName(ctx context.Context, o transition.Outcome) string {
	switch o {
	case transition.Helped:
		return lang.T(ctx, "It helped")
	case transition.Partly:
		return lang.T(ctx, "It helped in part")
	case transition.DidNot:
		return lang.T(ctx, "It did not help")
	case transition.TooEarly:
		return lang.T(ctx, "Too early to tell")
	}
	return ""
}

// where is where somebody wrote.
func where(w transition.Writer) string {
	return strings.Join(slices.DeleteFunc([]string{w.Location, w.Partner}, func(s string) bool { return s == "" }), ", ")
}

// practiceForm is the page on which a practice is written.
type practiceForm struct {
	transition.Practice
	themes
	Near []string // characteristics of the own focal points, which are offered first
	Err  error
}

func (p *Pages) newPractice(w http.ResponseWriter, r *http.Request) error {
	return p.showPracticeForm(w, r, transition.Practice{ID: id.New()}, nil)
}

func (p *Pages) showPracticeForm(w http.ResponseWriter, r *http.Request, one transition.Practice, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := practiceForm{Practice: one, Err: mistake}
	if f.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	all, err := p.Store.Coaching(ctx, actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	for _, own := range all {
		points, err := p.Store.FocalOf(ctx, actor.Organisation, own.Programme)
		if err != nil {
			return err
		}
		for _, point := range points {
			for _, item := range point.Items {
				if !slices.Contains(f.Near, item) {
					f.Near = append(f.Near, item)
				}
			}
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), practiceFormPage(f))
}

func readPractice(r *http.Request) transition.Practice {
	return transition.Practice{ID: r.FormValue("practice"), Title: r.FormValue("title"), Theme: r.FormValue("theme"), Problem: r.FormValue("problem"), Tried: r.FormValue("tried"),
		Outcome: transition.Outcome(r.FormValue("outcome")), Result: r.FormValue("result"), Evidence: r.FormValue("evidence")}
}

// savePractice keeps a draft, as it is typed too, or shares it.
func (p *Pages) savePractice(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	one, share := readPractice(r), r.FormValue("do") == "share"
	t, err := p.themes(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	err = p.Store.SavePractice(ctx, actor.Organisation, actor.Person, one, share, t.names)
	if r.Header.Get("HX-Request") != "" { // kept as it is typed
		if web.Retry(err) {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		if err != nil {
			return err
		}
		return web.Page(w, r, http.StatusOK, keptNote())
	}
	if web.Retry(err) {
		return p.showPracticeForm(w, r, one, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices/"+one.ID)
}

func (p *Pages) editPractice(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	one, err := p.Store.Practice(r.Context(), actor.Organisation, actor.Person, r.PathValue("practice"))
	if err == nil && (one.Writer.Person.Key != actor.Person || actor.Person == "") {
		err = fault.NotFoundf("there is no such practice")
	}
	if err != nil {
		return err
	}
	return p.showPracticeForm(w, r, one.Practice, nil)
}

// practiceView is a practice with who has taken it up.
type practiceView struct {
	transitiondb.Shown
	themes
	Key    string
	Own    *transition.Adoption // of the reader
	Writes bool
	Travel *travelPicture
	Today  period.Day
	Typed  transition.Adoption
	Ask    string
	Err    error
}

func (p *Pages) practice(w http.ResponseWriter, r *http.Request) error {
	return p.showPractice(w, r, practiceView{}, nil)
}

func (p *Pages) showPractice(w http.ResponseWriter, r *http.Request, v practiceView, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	v.Err, v.Key, v.Writes = mistake, actor.Person, p.Permits.MayAnywhere(actor, Coach) && actor.Person != ""
	if v.Shown, err = p.Store.Practice(ctx, actor.Organisation, actor.Person, r.PathValue("practice")); err != nil {
		return err
	}
	if v.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	v.Today = period.DayOf(p.Store.Clock(o.Zone))
	for i, a := range v.Adoptions {
		if a.Writer.Person.Key == v.Key && v.Key != "" {
			v.Own = &v.Adoptions[i]
		}
	}
	if len(v.Adoptions) > 0 {
		v.Travel = drawTravel(transition.Travel(v.Practice, v.Adoptions, v.Today))
	}
	return web.Page(w, r, web.StatusOf(mistake), practicePage(v))
}

// changePractice takes a practice up, gives it up, or takes the own one back.
func (p *Pages) changePractice(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, practice := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("practice")
	v := practiceView{Typed: transition.Adoption{Practice: practice, Day: period.Day(r.FormValue("day")), Outcome: transition.Outcome(r.FormValue("outcome")), Note: r.FormValue("note"), Via: r.FormValue("via")}, Ask: r.FormValue("question")}
	var err error
	switch do, value, _ := strings.Cut(r.FormValue("do"), " "); do {
	case "adopt":
		err = p.Store.Adopt(ctx, actor.Organisation, actor.Person, v.Typed)
	case "end":
		err = p.Store.GiveUp(ctx, actor.Organisation, actor.Person, practice)
	case "drop":
		if err = p.Store.DropPractice(ctx, actor.Organisation, actor.Person, practice); err == nil {
			return web.SeeOther(w, r, "/practices")
		}
	case "ask":
		err = p.Store.Ask(ctx, actor.Organisation, actor.Person, practice, value, asked(r, value))
	case "unask":
		err = p.Store.Unask(ctx, actor.Organisation, actor.Person, value)
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if web.Retry(err) {
		return p.showPractice(w, r, v, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices/"+practice)
}

// asked is the text of an answer to a question by its id, or under "" that of a question.
func asked(r *http.Request, above string) string {
	if above != "" {
		return r.FormValue("answer-" + above)
	}
	return r.FormValue("question")
}

func (v practiceView) mistake(do string) error {
	switch {
	case do == "adopt" && v.Typed.Outcome+transition.Outcome(v.Typed.Day) != "", do == "ask" && v.Typed.Day == "":
		return v.Err
	}
	return nil
}

// inUse counts who works by a practice now, besides its writer.
func (v practiceView) inUse() (n int) {
	for _, a := range v.Adoptions {
		if a.InUse(v.Today) {
			n++
		}
	}
	return n
}

func (v practiceView) usedText(ctx context.Context) string {
	n := v.inUse()
	if n == 0 {
		return lang.T(ctx, "Nobody else works by it yet.")
	}
	return lang.N(ctx, n, "One other works by it now.", "%d others work by it now.")
}

// questionList is the page of what leaders and coaches ask each other.
type questionList struct {
	All    []transition.Question
	Key    string
	Writes bool
	Ask    string
	Err    error
}

func (p *Pages) questions(w http.ResponseWriter, r *http.Request) error {
	return p.showQuestions(w, r, "", nil)
}

func (p *Pages) showQuestions(w http.ResponseWriter, r *http.Request, typed string, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := questionList{Key: actor.Person, Writes: p.Permits.MayAnywhere(actor, Coach) && actor.Person != "", Ask: typed, Err: mistake}
	if l.All, err = p.Store.Questions(ctx, actor.Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), questionsPage(l))
}

func (p *Pages) askQuestion(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	var err error
	switch do, value, _ := strings.Cut(r.FormValue("do"), " "); do {
	case "ask":
		err = p.Store.Ask(ctx, actor.Organisation, actor.Person, "", value, asked(r, value))
	case "unask":
		err = p.Store.Unask(ctx, actor.Organisation, actor.Person, value)
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if web.Retry(err) {
		return p.showQuestions(w, r, r.FormValue("question"), err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices/questions")
}

func (l questionList) open() (n int) {
	for _, q := range l.All {
		if len(q.Answers) == 0 {
			n++
		}
	}
	return n
}

// titleOf is what a practice is called; the beginning of its problem for a draft without a name.
func titleOf(ctx context.Context, p transition.Practice) string {
	switch {
	case p.Title != "":
		return p.Title
	case p.Problem != "":
		text := []rune(p.Problem)
		return string(text[:min(60, len(text))])
	}
	return lang.T(ctx, "Draft")
}

// adoption is what stands in the form: what was typed, what the reader has said, or nothing.
func (v practiceView) adoption() transition.Adoption {
	switch {
	case v.mistake("adopt") != nil:
		return v.Typed
	case v.Own != nil:
		return *v.Own
	}
	return transition.Adoption{Day: v.Today}
}

// usedBy says by how many others a practice is in use.
func usedBy(ctx context.Context, n int) string {
	if n == 0 {
		return lang.T(ctx, "nobody else yet")
	}
	return lang.N(ctx, n, "in use by one other", "in use by %d others")
}
