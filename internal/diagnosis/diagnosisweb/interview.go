package diagnosisweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// interviewsForm is the list of interviews, and the form to begin one.
type interviewsForm struct {
	*reading
	List  []diagnosis.Interview
	Heard diagnosisdb.Heard
	Typed diagnosis.Interview
	Err   error
}

func (p *Pages) interviews(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	return p.showInterviews(w, r, rd, diagnosis.Interview{Day: p.Store.Today(rd.Diagnosis)}, nil)
}

func (p *Pages) showInterviews(w http.ResponseWriter, r *http.Request, rd *reading, typed diagnosis.Interview, mistake error) (err error) {
	f := interviewsForm{reading: rd, Typed: typed, Err: mistake}
	if f.List, err = p.Store.Interviews(r.Context(), rd.organisation, rd.Diagnosis.ID, web.From[org.Actor](r.Context()).Account); err != nil {
		return err
	}
	if f.Heard, err = p.Store.Evidence(r.Context(), rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), interviewsPage(f))
}

// readInterview takes an interview off its form.
func readInterview(r *http.Request) (i diagnosis.Interview, err error) {
	i = diagnosis.Interview{ID: r.PathValue("interview"), Level: r.FormValue("level"), Place: r.FormValue("place"), Shared: r.FormValue("shared") != ""}
	if _, ok := org.ParseLevel(i.Level); !ok && i.Level != "" {
		return i, fault.Fieldf("level", "there is no such level")
	}
	if i.Day, err = period.ParseDay(r.FormValue("day")); err != nil {
		return i, fault.Fieldf("day", "say on which day the interview was")
	}
	return i, nil
}

// beginInterview keeps a new interview, to write notes into.
func (p *Pages) beginInterview(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	i, err := readInterview(r)
	var id string
	if err == nil {
		id, err = p.Store.SaveInterview(r.Context(), rd.organisation, rd.Diagnosis.ID, i, actor.Account, actor.Name)
	}
	if web.Retry(err) {
		return p.showInterviews(w, r, rd, i, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/interviews/"+id)
}

// interviewForm is one interview with its notes, and the form for another one.
type interviewForm struct {
	*reading
	diagnosis.Interview
	List  []diagnosis.Note
	Typed diagnosis.Note // the one that is written or changed
	Err   error
}

func (p *Pages) interview(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	return p.showInterview(w, r, rd, nil, nil)
}

func (p *Pages) showInterview(w http.ResponseWriter, r *http.Request, rd *reading, typed *diagnosis.Note, mistake error) (err error) {
	f := interviewForm{reading: rd, Err: mistake}
	if f.Interview, f.List, err = p.Store.Interview(r.Context(), rd.organisation, rd.Diagnosis.ID, r.PathValue("interview"), web.From[org.Actor](r.Context()).Account); err != nil {
		return err
	}
	first := func(n diagnosis.Note) int {
		if len(n.Items) == 0 {
			return len(rd.Instrument.Items())
		}
		return rd.itemAt(n.Items[0])
	}
	slices.SortStableFunc(f.List, func(a, b diagnosis.Note) int { return cmp.Or(first(a)-first(b), strings.Compare(a.Text, b.Text)) })
	if at := slices.IndexFunc(f.List, func(n diagnosis.Note) bool { return n.ID == r.FormValue("note") }); at >= 0 {
		f.Typed = f.List[at]
	}
	if typed != nil {
		f.Typed = *typed
	}
	return web.Page(w, r, web.StatusOf(mistake), interviewPage(f))
}

// keepInterview changes or deletes an interview.
func (p *Pages) keepInterview(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	i, err := readInterview(r)
	to := rd.Path + "/interviews"
	if r.FormValue("do") == "delete" {
		err = p.Store.DropInterview(r.Context(), rd.organisation, rd.Diagnosis.ID, i.ID, actor.Account)
	} else if err == nil {
		to += "/" + i.ID
		_, err = p.Store.SaveInterview(r.Context(), rd.organisation, rd.Diagnosis.ID, i, actor.Account, actor.Name)
	}
	if web.Retry(err) {
		return p.showInterview(w, r, rd, nil, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// keepNote keeps, changes or deletes a note.
func (p *Pages) keepNote(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	interview := r.PathValue("interview")
	n := diagnosis.Note{ID: r.FormValue("id"), Text: r.FormValue("text"), Items: r.Form["item"], Quote: r.FormValue("quote") != ""}
	if r.FormValue("do") == "delete" {
		err = p.Store.DropNote(r.Context(), rd.organisation, rd.Diagnosis.ID, interview, n.ID, actor.Account)
	} else {
		err = p.Store.SaveNote(r.Context(), rd.organisation, rd.Diagnosis.ID, interview, n, actor.Account)
	}
	if web.Retry(err) {
		return p.showInterview(w, r, rd, &n, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/interviews/"+interview)
}

// guideSheet is what an interviewer takes along.
type guideSheet struct {
	*reading
	Candidates []diagnosis.Candidate
	Strong     []int // characteristics with the highest scores
}

const (
	mostAsked  = 8 // candidates of a guide: more than an hour's talk holds
	mostStrong = 2
)

func (p *Pages) guide(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	g := guideSheet{reading: rd}
	if g.Candidates, err = p.candidates(r.Context(), rd); err != nil {
		return err
	}
	g.Candidates = g.Candidates[:min(len(g.Candidates), mostAsked)]
	g.Strong = rd.strongest(mostStrong)
	return web.Page(w, r, http.StatusOK, guidePage(g))
}

// strongest are the characteristics with the highest scores of the whole.
func (rd *reading) strongest(n int) []int {
	sorted := slices.DeleteFunc(rd.sortedItems(), func(i int) bool {
		return rd.Instrument.Items()[i].Factor < 0 || itemScore(&rd.Report.Groups[0], i) == nil
	})
	slices.Reverse(sorted)
	return sorted[:min(n, len(sorted))]
}

// ask is what an interviewer asks about a reason.
func (rd *reading) ask(ctx context.Context, why diagnosis.Reason) string {
	switch why.Kind {
	case diagnosis.LevelGap:
		return lang.T(ctx, "The levels %[1]s and %[2]s see this differently. What do you see of it that the others do not?", value(ctx, why.Low), value(ctx, why.High))
	case diagnosis.Uneven:
		return lang.T(ctx, "It goes better in some places than in others. What is done there that is not done here, or the other way round?")
	case diagnosis.Drop:
		return lang.T(ctx, "This was better before. What has changed since?")
	case diagnosis.Driver:
		return lang.T(ctx, "When this goes well, what else goes well then? And what would be the first thing that you would notice?")
	}
	return lang.T(ctx, "Tell me of the last time when this went wrong. What happened, and what did people do then?")
}

// interviewLine says what an interview was.
func interviewLine(ctx context.Context, i diagnosis.Interview) string {
	parts := []string{string(i.Day), value(ctx, i.Level)}
	if i.Place != "" {
		parts = append(parts, i.Place)
	}
	return strings.Join(parts, " · ")
}

// heardText says in how many interviews a characteristic came up; "" for none.
func heardText(ctx context.Context, h diagnosisdb.Heard, id string) string {
	e := h.ByItem[id]
	if e.Interviews == 0 {
		return ""
	}
	return lang.T(ctx, "Came up in %[1]d of %[2]d interviews.", e.Interviews, h.Total())
}

// alsoHeard says which characteristics that are no candidates came up; "" for none.
func (f focalForm) alsoHeard(ctx context.Context) string {
	var named []string
	for _, id := range f.others() {
		if e := f.Heard.ByItem[id]; e.Interviews > 0 {
			named = append(named, f.outcome(id)+" ("+lang.N(ctx, e.Interviews, "one interview", "%d interviews")+")")
		}
	}
	if len(named) == 0 {
		return ""
	}
	return lang.T(ctx, "Interviews also speak of: %s.", strings.Join(named, ", "))
}
