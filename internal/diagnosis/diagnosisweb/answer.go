package diagnosisweb

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/secret"
	"throughline/internal/kit/web"

	"golang.org/x/text/language"
)

// Fields of the answering page that are no answers. No id of an item or a question begins
// like them.
const (
	fieldLater = "~later" // save, and go on later
	fieldSure  = "~sure"  // send with what is missing
	fieldKeep  = "~keep"  // the person wants a code
	fieldCode  = "~code"  // the person has one
)

// sheetOf is the answering page as it stands.
type sheetOf struct {
	diagnosisdb.Questionnaire
	Secret   string
	Language string            // of the statements
	Given    map[string]string // what was chosen already
	Resumed  bool              // out of what was saved before
	Missing  []string          // items without an answer, after a first try to send
	Keep     bool              // the person wants a code to keep
	Code     string            // as typed; once the answers are in, the one to keep
	Err      error
}

// shared is the link of which a ticket was taken.
func (s sheetOf) shared() string {
	link, _, _ := strings.Cut(s.Secret, ".")
	return "/r/" + link
}

// steps is how many things are asked.
func (s sheetOf) steps() int {
	n := len(s.Instrument.Items()) + len(s.Instrument.Questions)
	if s.Linkable {
		n++
	}
	return n
}

// takes says whether answers are taken now, and in words why not.
func (s sheetOf) takes(now time.Time) error {
	if err := s.Diagnosis.Takes(now, s.Trial); err != nil || !s.Full {
		return err
	}
	return diagnosisdb.ErrFull
}

// RightToLeft says in which direction the statements run.
func (s sheetOf) RightToLeft() bool {
	script, _ := language.Make(s.Language).Script()
	return slices.Contains([]string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"}, script.String())
}

func (p *Pages) questionnaire(w http.ResponseWriter, r *http.Request) error {
	s, r, err := p.sheet(r)
	if err != nil {
		return p.noSheet(w, r, err)
	}
	if !s.Ticket {
		return web.SeeOther(w, r, "/r/"+diagnosisdb.Ticket(s.Secret)+query(r))
	}
	if s.Answered {
		return web.Page(w, r, http.StatusGone, answeredPage(s))
	}
	if err := s.takes(p.now()); err != nil {
		return web.Page(w, r, http.StatusGone, closedPage(s, err))
	}
	if s.Resumed || s.Trial {
		return web.Page(w, r, http.StatusOK, answerPage(s))
	}
	return p.emptySheet(w, r, s)
}

// query is a request's query, to be kept when the browser is sent on.
func query(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}

// emptySheet answers with the page as everybody sees it first: it holds nothing of a
// link, and is rendered once for all of a language.
func (p *Pages) emptySheet(w http.ResponseWriter, r *http.Request, s sheetOf) error {
	at := [...]string{s.Organisation.ID, s.Organisation.Name, strconv.FormatBool(s.Organisation.Simulated), s.Diagnosis.ID, s.Diagnosis.Name, s.Language, s.Shared, strconv.FormatBool(s.Linkable)}
	kept, ok := p.sheets.Load(at)
	if !ok {
		page, err := web.Keep(r.Context(), answerPage(s))
		if err != nil {
			return err
		}
		kept, _ = p.sheets.LoadOrStore(at, page)
	}
	return kept.(web.Kept).Write(w, r)
}

// sheet opens the questionnaire of a link in the language that was chosen with
// ?lang=, else that of the browser. Tries are not counted: a secret of 256 bits
// cannot be guessed, and a whole office may answer from one network address.
func (p *Pages) sheet(r *http.Request) (s sheetOf, _ *http.Request, err error) {
	s = sheetOf{Secret: r.PathValue("secret"), Given: map[string]string{}}
	if s.Questionnaire, err = p.Store.Questionnaire(r.Context(), s.Secret); err != nil {
		return s, r, err
	}
	_, i := language.MatchStrings(p.matcher(s.Instrument), r.URL.Query().Get("lang"), lang.Tag(r.Context()).String(), r.Header.Get("Accept-Language"))
	s.Language = s.Instrument.Languages[i]
	if r.Method == http.MethodGet && len(s.Questionnaire.Given) > 0 {
		s.Given, s.Resumed = s.Questionnaire.Given, true
	}
	return s, r.WithContext(lang.With(r.Context(), lang.Match(s.Language))), nil
}

// matcher finds the language of an instrument that fits somebody's wishes best.
func (p *Pages) matcher(in *diagnosis.Instrument) language.Matcher {
	spoken := strings.Join(in.Languages, " ")
	m, ok := p.matchers.Load(spoken)
	if !ok {
		var tags []language.Tag
		for _, l := range in.Languages {
			tags = append(tags, language.Make(l))
		}
		m, _ = p.matchers.LoadOrStore(spoken, language.NewMatcher(tags))
	}
	return m.(language.Matcher)
}

func (p *Pages) noSheet(w http.ResponseWriter, r *http.Request, err error) error {
	if e := fault.Of(err); e != nil {
		return web.Page(w, r, web.StatusOf(err), noAnswerPage(err))
	}
	return err
}

func (p *Pages) submit(w http.ResponseWriter, r *http.Request) error {
	s, r, err := p.sheet(r)
	if err != nil {
		return p.noSheet(w, r, err)
	}
	s.read(r)
	if err := s.takes(p.now()); err != nil && !s.Answered {
		return web.Page(w, r, http.StatusConflict, closedPage(s, err))
	}
	if r.PostFormValue(fieldLater) != "" {
		return p.saveDraft(w, r, s)
	}
	if len(s.Missing) > 0 && r.PostFormValue(fieldSure) == "" && !s.Answered {
		return web.Page(w, r, http.StatusUnprocessableEntity, answerPage(s))
	}
	code, err := s.code()
	if err == nil {
		err = p.Store.SubmitTo(r.Context(), s.Questionnaire, s.Secret, s.Given, code)
	}
	switch fault.KindOf(err) {
	case fault.Conflict:
		return web.Page(w, r, http.StatusConflict, closedPage(s, err))
	case fault.Invalid:
		s.Err = err
		return web.Page(w, r, http.StatusUnprocessableEntity, answerPage(s))
	}
	if err != nil {
		return err
	}
	s.Code = code
	return web.Page(w, r, http.StatusOK, thanksPage(s))
}

// code is what links the answers with those of another diagnosis: the code that was typed, or
// a new one where the person wants one; "" for none.
func (s *sheetOf) code() (string, error) {
	switch {
	case !s.Linkable || s.Code == "" && !s.Keep:
		return "", nil
	case s.Code == "":
		return secret.NewCode(), nil
	}
	code := secret.CleanCode(s.Code)
	if code == "" {
		return "", fault.Fieldf(fieldCode, "this is no code: it has sixteen letters and digits. Leave it empty if you have none")
	}
	return code, nil
}

// read takes what the form says.
func (s *sheetOf) read(r *http.Request) {
	for _, it := range s.Instrument.Items() {
		if v := r.PostFormValue(it.ID); v != "" {
			s.Given[it.ID] = v
		} else {
			s.Missing = append(s.Missing, it.ID)
		}
	}
	s.Keep, s.Code = r.PostFormValue(fieldKeep) != "", strings.TrimSpace(r.PostFormValue(fieldCode))
	for _, q := range s.Instrument.Questions {
		if v := r.PostFormValue(q.ID); strings.TrimSpace(v) != "" {
			s.Given[q.ID] = v
		}
	}
}

// saveDraft keeps the answers so far: as they are given, by script, or by a button.
func (p *Pages) saveDraft(w http.ResponseWriter, r *http.Request, s sheetOf) error {
	s.Given = s.Instrument.Known(s.Given)
	err := p.Store.SaveDraftTo(r.Context(), s.Questionnaire, s.Secret, s.Given)
	if fault.KindOf(err) == fault.Conflict {
		return web.Page(w, r, http.StatusConflict, closedPage(s, err))
	}
	if err != nil {
		return err
	}
	if r.Header.Get("Sec-Fetch-Dest") == "empty" { // a script's
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return web.Page(w, r, http.StatusOK, savedPage(s))
}

// mistakeOf is what is wrong with the answer to an item.
func (s sheetOf) mistakeOf(item string) error {
	var all interface{ Unwrap() []error }
	if errors.As(s.Err, &all) {
		for _, err := range all.Unwrap() {
			if e := fault.Of(err); e != nil && e.Field == item {
				return err
			}
		}
	}
	return s.Err
}

// values lists what can be answered to an item, from the lowest on.
func values(s *diagnosis.Scale) []int {
	all := make([]int, s.Points())
	for i := range all {
		all[i] = s.Min + i
	}
	return all
}
