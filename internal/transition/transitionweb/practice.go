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

	"github.com/a-h/templ"
)

// practiceList is the page of practices that are shared.
type practiceList struct {
	transitiondb.PracticeQuery
	themes
	All    []transitiondb.ListedPractice
	More   bool
	Own    []transitiondb.ListedPractice // drafts and what the reader has shared
	Writes bool
	Asked  int // questions of the own practices that wait for an answer
}

const mostPractices = 50

func (p *Pages) practices(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := practiceList{PracticeQuery: transitiondb.PracticeQuery{Text: strings.TrimSpace(r.FormValue("q")), Theme: r.FormValue("theme"), Outcome: transition.Outcome(r.FormValue("outcome")), Limit: mostPractices + 1},
		Writes: p.Permits.MayAnywhere(actor, Coach) && actor.Person != ""}
	if r.FormValue("format") != "" {
		l.Limit = 0 // files have all
	}
	if l.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if l.All, err = p.Store.Practices(ctx, actor.Organisation, l.PracticeQuery); err != nil {
		return err
	}
	if l.More = l.Limit > 0 && len(l.All) > mostPractices; l.More {
		l.All = l.All[:mostPractices]
	}
	if l.Writes {
		if l.Own, err = p.Store.OwnPractices(ctx, actor.Organisation, actor.Person); err != nil {
			return err
		}
		if l.Asked, _, err = p.Store.Waiting(ctx, actor.Organisation, actor.Person); err != nil {
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
	case l.More && l.Text+l.Theme+string(l.Outcome) != "":
		return lang.T(ctx, "More than %d practices are found.", mostPractices)
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
	if web.From[org.Actor](r.Context()).Person == "" {
		return fault.NotFoundf("the roster does not know you: ask an administrator to join your account to it")
	}
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
	err = p.Store.SavePractice(ctx, actor.Organisation, actor.Person, one, share, t.words())
	if r.Header.Get("HX-Request") != "" { // kept as it is typed
		if one.Title+one.Problem+one.Tried+one.Result+one.Evidence == "" {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		if err != nil && !web.Retry(err) {
			return err
		}
		return web.Page(w, r, http.StatusOK, keptNote(err))
	}
	if web.Retry(err) {
		if was, known := p.Store.Practice(ctx, actor.Organisation, actor.Person, one.ID); known == nil {
			one.Shared = was.Shared
		}
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

// keptAsTyped lets a draft be kept while it is typed; what others read changes only when it is said.
func (f practiceForm) keptAsTyped() templ.Attributes {
	if !f.Shared.IsZero() {
		return nil
	}
	return templ.Attributes{"hx-post": "/practices", "hx-trigger": "input delay:2s", "hx-target": "#kept", "hx-swap": "innerHTML"}
}

// practiceView is a practice with who has taken it up.
type practiceView struct {
	transitiondb.Shown
	themes
	Key     string
	Own     *transition.Adoption // of the reader, who works by it now
	Had     bool                 // the reader worked by it before
	Writes  bool
	Manages bool
	Travel  *travelPicture
	Today   period.Day
	Typed   transition.Adoption
	Asked   asking
	Did     string // which form was sent
	Err     error
}

// asking is what was typed of a question or an answer, and under which question.
type asking struct{ Above, Text string }

func (p *Pages) practice(w http.ResponseWriter, r *http.Request) error {
	return p.showPractice(w, r, practiceView{}, nil)
}

func (p *Pages) showPractice(w http.ResponseWriter, r *http.Request, v practiceView, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	v.Err, v.Key, v.Writes, v.Manages = mistake, actor.Person, p.Permits.MayAnywhere(actor, Coach) && actor.Person != "", p.Permits.May(actor, Manage, org.Place{})
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
	for _, a := range v.Adoptions {
		if a.Writer.Person.Key == v.Key && v.Key != "" {
			v.Own, v.Had = transition.Open(v.Adoptions, a.Writer.Person.ID), true
		}
	}
	if len(v.Adoptions) > 0 {
		v.Travel = drawTravel(ctx, transition.Travel(v.Practice, v.Adoptions, v.Today))
	}
	return web.Page(w, r, web.StatusOf(mistake), practicePage(v))
}

// changePractice takes a practice up, gives it up, or takes the own one back.
func (p *Pages) changePractice(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, practice := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("practice")
	do, value, _ := strings.Cut(r.FormValue("do"), " ")
	v := practiceView{Did: do, Typed: transition.Adoption{Practice: practice, Day: period.Day(r.FormValue("day")), Outcome: transition.Outcome(r.FormValue("outcome")), Note: r.FormValue("note"), Via: r.FormValue("via")}, Asked: asking{value, asked(r, value)}}
	var err error
	switch do {
	case "adopt":
		err = p.Store.Adopt(ctx, actor.Organisation, actor.Person, v.Typed)
	case "end":
		err = p.Store.GiveUp(ctx, actor.Organisation, actor.Person, practice, v.Typed.Outcome, v.Typed.Note)
	case "drop":
		err = p.Store.DropPractice(ctx, actor.Organisation, actor.Person, practice)
	default:
		err = p.question(ctx, actor, practice, do, v.Asked)
	}
	if web.Retry(err) {
		return p.showPractice(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if do == "drop" {
		return web.SeeOther(w, r, "/practices")
	}
	return web.SeeOther(w, r, "/practices/"+practice)
}

// removePractice removes one that should not stand there, for whoever leads programmes.
func (p *Pages) removePractice(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.RemovePractice(r.Context(), actor.Organisation, r.PathValue("practice"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices")
}

// removeQuestion removes a question or an answer that should not stand there.
func (p *Pages) removeQuestion(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.RemoveQuestion(r.Context(), actor.Organisation, r.FormValue("question"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices/questions")
}

// question asks, answers or takes back.
func (p *Pages) question(ctx context.Context, actor org.Actor, practice, do string, a asking) error {
	switch do {
	case "ask":
		return p.Store.Ask(ctx, actor.Organisation, actor.Person, practice, a.Above, a.Text)
	case "unask":
		return p.Store.Unask(ctx, actor.Organisation, actor.Person, a.Above)
	}
	return fault.Invalidf("the form could not be read: send it again")
}

// asked is the text of an answer to a question by its id, or under "" that of a question.
func asked(r *http.Request, above string) string {
	if above != "" {
		return r.FormValue("answer-" + above)
	}
	return r.FormValue("question")
}

// mistake is that of a form.
func (v practiceView) mistake(do string) error {
	if v.Did == do || do == "adopt" && v.Did == "end" {
		return v.Err
	}
	return nil
}

func (v practiceView) usedText(ctx context.Context) string {
	n := v.InUse
	if n == 0 {
		return lang.T(ctx, "Nobody else works by it yet.")
	}
	return lang.N(ctx, n, "One other works by it now.", "%d others work by it now.")
}

// questionList is the page of what leaders and coaches ask each other.
type questionList struct {
	All     []transition.Question
	Key     string
	Writes  bool
	Manages bool
	Asked   asking
	Err     error
}

func (p *Pages) questions(w http.ResponseWriter, r *http.Request) error {
	return p.showQuestions(w, r, asking{}, nil)
}

func (p *Pages) showQuestions(w http.ResponseWriter, r *http.Request, typed asking, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := questionList{Key: actor.Person, Writes: p.Permits.MayAnywhere(actor, Coach) && actor.Person != "", Manages: p.Permits.May(actor, Manage, org.Place{}), Asked: typed, Err: mistake}
	if l.All, err = p.Store.Questions(ctx, actor.Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), questionsPage(l))
}

func (p *Pages) askQuestion(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	do, value, _ := strings.Cut(r.FormValue("do"), " ")
	typed := asking{value, asked(r, value)}
	err := p.question(ctx, actor, "", do, typed)
	if web.Retry(err) {
		return p.showQuestions(w, r, typed, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/practices/questions")
}

// typed is what was typed under a question, or under "" as one.
func (l questionList) typed(above string) string {
	if l.Err == nil || l.Asked.Above != above {
		return ""
	}
	return l.Asked.Text
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
		return beginning(p.Problem)
	}
	return lang.T(ctx, "Draft")
}

// beginning is the beginning of a text.
func beginning(text string) string {
	runes := []rune(text)
	return string(runes[:min(60, len(runes))])
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
