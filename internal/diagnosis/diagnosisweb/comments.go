package diagnosisweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// commentList is the comments of one unit that somebody looks for.
type commentList struct {
	*reading
	Unit     int32
	Units    []int32 // to choose from: those of which comments are told
	Question int     // -1: all
	Search   string
	Found    []diagnosis.Comment
	All      int // of the unit
	From     int // of Found, on this page
}

const commentsAPage = 50

func (p *Pages) comments(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	l, err := rd.commentsFor(r.URL.Query())
	if err != nil {
		return err
	}
	if done, err := exported(w, r, rd.Diagnosis.Name+"-comments", l.table(r.Context())); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, l.list())
	}
	return web.Page(w, r, http.StatusOK, commentsPage(l))
}

// commentsFor reads what is looked for; a unit that the person may not read is not
// found.
func (rd *reading) commentsFor(q url.Values) (l commentList, err error) {
	l = commentList{reading: rd, Question: -1, Search: strings.TrimSpace(q.Get("q"))}
	roots := rd.roots()
	if len(roots) == 0 {
		return l, fault.NotFoundf("there is no such page, or it is not for you")
	}
	l.Unit = roots[0]
	if id := q.Get("unit"); id != "" {
		at, found := rd.Report.Layout.Find(id)
		if !found || !rd.sees(at) {
			return l, fault.NotFoundf("there is no such page, or it is not for you")
		}
		l.Unit = at
	}
	if at := slices.IndexFunc(rd.Instrument.Questions, func(x diagnosis.Question) bool { return x.ID == q.Get("question") }); at >= 0 {
		l.Question = at
	}
	told := map[int32]bool{}
	for _, c := range rd.Report.Comments {
		told[c.Unit] = true
	}
	for u := range rd.Report.Units {
		if at := int32(u); rd.sees(at) && (told[at] || slices.Contains(roots, at)) {
			l.Units = append(l.Units, at)
		}
	}
	l.All = len(rd.Report.CommentsOf(l.Unit, -1))
	for _, c := range rd.Report.CommentsOf(l.Unit, l.Question) {
		if strings.Contains(strings.ToLower(c.Text), strings.ToLower(l.Search)) {
			l.Found = append(l.Found, c)
		}
	}
	l.From, _ = strconv.Atoi(q.Get("from"))
	l.From = min(max(l.From, 0), len(l.Found))
	return l, nil
}

func (l commentList) page() []diagnosis.Comment {
	return l.Found[l.From:min(l.From+commentsAPage, len(l.Found))]
}

// path is the address of these comments from a place on.
func (l commentList) path(from int) string {
	q := url.Values{"unit": {l.Report.Units[l.Unit].ID}}
	if l.Question >= 0 {
		q.Set("question", l.Instrument.Questions[l.Question].ID)
	}
	if l.Search != "" {
		q.Set("q", l.Search)
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return l.Path + "/comments?" + q.Encode()
}

func (l commentList) question(c diagnosis.Comment) string {
	return l.Instrument.Questions[c.Question].Text.In(l.Tag)
}

func (l commentList) heading(ctx context.Context) string {
	switch {
	case l.All == 0:
		return lang.T(ctx, "No comments of %s are shown.", l.Report.Units[l.Unit].Name)
	case l.Search != "" || l.Question >= 0:
		return lang.T(ctx, "%[1]d of %[2]d comments of %[3]s", len(l.Found), l.All, l.Report.Units[l.Unit].Name)
	}
	return lang.T(ctx, "%[1]d comments of %[2]s", l.All, l.Report.Units[l.Unit].Name)
}

func (l commentList) table(ctx context.Context) table {
	t := table{Name: lang.T(ctx, "Comments"), Header: []string{lang.T(ctx, "Question"), lang.T(ctx, "Comment")}}
	for _, c := range l.Found {
		t.Rows = append(t.Rows, []any{l.question(c), c.Text})
	}
	return t
}

type commentEntry struct {
	Question string `json:"question"`
	Text     string `json:"text"`
}

func (l commentList) list() []commentEntry {
	list := make([]commentEntry, len(l.Found))
	for i, c := range l.Found {
		list[i] = commentEntry{l.Instrument.Questions[c.Question].ID, c.Text}
	}
	return list
}
