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
	"throughline/internal/org"
)

// commentList is the comments of one unit that somebody looks for.
type commentList struct {
	*reading
	Unit     int32
	Units    []int32 // to choose from: those of which comments are told
	Question int     // -1: all
	Search   string
	About    string // id of a characteristic; "none" for what is not grouped; "" for all
	Found    []int  // places of comments in the published set
	All      int    // of the unit
	From     int    // of Found, on this page
	Manages  bool   // groups them
	Key      []diagnosis.Word
	Err      error

	coding    diagnosis.Coding
	proposals map[int][]diagnosis.Proposal // of comments that nobody has grouped
}

const (
	commentsAPage = 50
	mostKeyWords  = 20
	notGrouped    = "none"
)

func (p *Pages) comments(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	return p.showComments(w, r, rd, r.URL.Query(), nil)
}

func (p *Pages) showComments(w http.ResponseWriter, r *http.Request, rd *reading, q url.Values, mistake error) error {
	l, err := p.commentsFor(r.Context(), rd, q)
	if err != nil {
		return err
	}
	l.Err, l.Manages = mistake, rd.Whole && p.Permits.May(web.From[org.Actor](r.Context()), Manage, rd.Diagnosis.Place())
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-comments", l.table(r.Context())); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, l.list())
	}
	return web.Page(w, r, web.StatusOf(mistake), commentsPage(l))
}

// groupComments groups the ticked comments under a characteristic, or takes them out of it.
func (p *Pages) groupComments(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	q, err := url.ParseQuery(r.FormValue("shown"))
	if err != nil {
		return fault.Invalidf("the list that was shown is not known: open the comments again")
	}
	var ticked []int
	for _, text := range r.Form["comment"] {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fault.NotFoundf("there is no such comment")
		}
		ticked = append(ticked, n)
	}
	err = p.Store.Code(r.Context(), rd.organisation, rd.Diagnosis.ID, ticked, r.FormValue("item"), r.FormValue("do") != "out")
	if web.Retry(err) {
		return p.showComments(w, r, rd, q, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/comments?"+q.Encode())
}

// commentsFor reads what is looked for; a unit that the person may not read is not
// found.
func (p *Pages) commentsFor(ctx context.Context, rd *reading, q url.Values) (l commentList, err error) {
	l = commentList{reading: rd, Question: -1, Search: strings.TrimSpace(q.Get("q")), About: q.Get("about")}
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
	if l.coding, err = p.Store.Coding(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return l, err
	}
	words := p.wordsOf(rd)
	l.proposals = diagnosis.Proposals(words, l.coding)
	all := rd.Report.CommentsOf(l.Unit, -1)
	l.All, l.Key = len(all), l.keyWords(words, all)
	for _, i := range rd.Report.CommentsOf(l.Unit, l.Question) {
		if strings.Contains(strings.ToLower(rd.Report.Comments[i].Text), strings.ToLower(l.Search)) && l.isAbout(i) {
			l.Found = append(l.Found, i)
		}
	}
	l.From, _ = strconv.Atoi(q.Get("from"))
	l.From = min(max(l.From, 0), len(l.Found))
	return l, nil
}

// wordsOf are the words of a report's comments, split once: a published set never changes.
func (p *Pages) wordsOf(rd *reading) [][]string {
	key := rd.organisation + "/" + rd.Diagnosis.ID
	words, ok := p.words.Load(key)
	if !ok {
		words, _ = p.words.LoadOrStore(key, rd.Report.Words())
	}
	return words.([][]string)
}

// keyWords are those of the comments that are shown beside others that the reader may read:
// of a question beside the others of the unit, of a unit beside the rest of the whole.
func (l commentList) keyWords(words [][]string, all []int) []diagnosis.Word {
	where := make([]diagnosis.Where, len(words))
	if l.Question < 0 && l.Whole && l.Unit > 0 {
		for i := range where {
			where[i] = diagnosis.Elsewhere
		}
	}
	for _, i := range all {
		switch {
		case l.Question < 0 || l.Report.Comments[i].Question == l.Question:
			where[i] = diagnosis.Here
		default:
			where[i] = diagnosis.Elsewhere
		}
	}
	key := diagnosis.KeyWords(words, func(i int) diagnosis.Where { return where[i] })
	return key[:min(len(key), mostKeyWords)]
}

// isAbout says whether a comment is grouped, or proposed, under what is looked for.
func (l commentList) isAbout(i int) bool {
	switch l.About {
	case "":
		return true
	case notGrouped:
		return len(l.coding[i]) == 0
	}
	return slices.Contains(l.coding[i], l.About) || slices.ContainsFunc(l.proposals[i], func(p diagnosis.Proposal) bool { return p.Item == l.About })
}

// grouped counts the comments of the unit under each characteristic that has any, and those
// that are proposed for it.
func (l commentList) grouped() (ids []string, count, proposed map[string]int) {
	count, proposed = map[string]int{}, map[string]int{}
	for _, i := range l.Report.CommentsOf(l.Unit, -1) {
		for _, id := range l.coding[i] {
			count[id]++
		}
		for _, p := range l.proposals[i] {
			proposed[p.Item]++
		}
	}
	for _, it := range l.Instrument.Items() {
		if count[it.ID] > 0 {
			ids = append(ids, it.ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return count[b] - count[a] })
	return ids, count, proposed
}

func (l commentList) page() []int {
	return l.Found[l.From:min(l.From+commentsAPage, len(l.Found))]
}

// query is what is looked for, from a place on.
func (l commentList) query(from int) url.Values {
	q := url.Values{"unit": {l.Report.Units[l.Unit].ID}}
	if l.Question >= 0 {
		q.Set("question", l.Instrument.Questions[l.Question].ID)
	}
	if l.Search != "" {
		q.Set("q", l.Search)
	}
	if l.About != "" {
		q.Set("about", l.About)
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return q
}

// path is the address of these comments from a place on.
func (l commentList) path(from int) string { return l.Path + "/comments?" + l.query(from).Encode() }

// with is the address of these comments with one thing looked for in another way.
func (l commentList) with(name, value string) string {
	q := l.query(0)
	q.Set(name, value)
	return l.Path + "/comments?" + q.Encode()
}

func (l commentList) question(i int) string {
	return l.Instrument.Questions[l.Report.Comments[i].Question].Text.In(l.Tag)
}

func (l commentList) heading(ctx context.Context) string {
	switch {
	case l.All == 0:
		return lang.T(ctx, "No comments of %s are shown.", l.Report.Units[l.Unit].Name)
	case l.Search != "" || l.Question >= 0 || l.About != "":
		return lang.T(ctx, "%[1]d of %[2]d comments of %[3]s", len(l.Found), l.All, l.Report.Units[l.Unit].Name)
	}
	return lang.T(ctx, "%[1]d comments of %[2]s", l.All, l.Report.Units[l.Unit].Name)
}

func (l commentList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Comments"), Header: []string{lang.T(ctx, "Question"), lang.T(ctx, "Comment"), lang.T(ctx, "About"), lang.T(ctx, "Proposed")}}
	for _, i := range l.Found {
		var proposed []string
		for _, p := range l.proposals[i] {
			proposed = append(proposed, p.Item)
		}
		t.Rows = append(t.Rows, []any{l.question(i), l.Report.Comments[i].Text, l.names(l.coding[i]), l.names(proposed)})
	}
	return t
}

type commentEntry struct {
	Question string               `json:"question"`
	Text     string               `json:"text"`
	About    []string             `json:"about,omitempty"`    // as people have grouped it
	Proposed []diagnosis.Proposal `json:"proposed,omitempty"` // by key words
}

func (l commentList) list() []commentEntry {
	list := make([]commentEntry, len(l.Found))
	for n, i := range l.Found {
		c := l.Report.Comments[i]
		list[n] = commentEntry{l.Instrument.Questions[c.Question].ID, c.Text, l.coding[i], l.proposals[i]}
	}
	return list
}
