package diagnosisweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// reads says whether somebody may read a diagnosis's report, or a part of it.
func (p *Pages) reads(ctx context.Context, a org.Actor, d diagnosis.Diagnosis) (bool, error) {
	scopes := p.Permits.Scopes(d.Seen(a), ReadReport)
	if d.Unit() == "" || len(scopes) == 0 {
		return len(scopes) > 0, nil
	}
	for _, s := range scopes {
		if s.Kind == org.WholeScope || s.Kind == org.UnitScope && slices.Contains(d.Within, s.ID) {
			return true, nil
		}
	}
	if d.State == diagnosis.Draft {
		return false, nil
	}
	return p.Store.Asks(ctx, a.Organisation, d.ID, func(unit string) bool {
		return slices.Contains(scopes, org.Scope{Kind: org.UnitScope, ID: unit})
	})
}

// release chooses who sees the report.
func (p *Pages) release(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		return err
	}
	if !r.PostForm.Has("to") {
		return fault.Invalidf("say to whom the report is released")
	}
	if err := p.Store.Release(r.Context(), rd.organisation, rd.Diagnosis.ID, diagnosis.Release(r.FormValue("to")), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path)
}

// watched notes, once a page of a report or a file of it has been sent, who saw it.
func (p *Pages) watched(handle web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := handle(w, r); err != nil || w.Header().Get("Location") != "" { // sent on to another page
			return err
		}
		actor := web.From[org.Actor](r.Context())
		return p.Store.Saw(r.Context(), actor.Organisation, r.PathValue("diagnosis"), diagnosis.View{Account: actor.Account, Name: actor.Name, Page: pageOf(r)})
	}
}

// pageOf is a page's address below that of the report, with the unit that it is about and
// the file that it was taken as.
func pageOf(r *http.Request) string {
	_, page, found := strings.Cut(r.URL.Path, "/report")
	if !found {
		page = "summary"
	}
	page = strings.TrimPrefix(page, "/")
	q, asked := url.Values{}, r.URL.Query()
	if key := map[string]string{"units": "below", "change": "below", "comments": "unit"}[page]; asked.Get(key) != "" {
		q.Set(key, asked.Get(key)) // one that there is: the page has answered
	}
	format := asked.Get("format")
	if web.WantsJSON(r) {
		format = "json"
	}
	if slices.Contains(formats, format) {
		q.Set("format", format)
	}
	if len(q) > 0 {
		page += "?" + q.Encode()
	}
	return page
}

// formats are the files as which a page can be taken.
var formats = []string{"csv", "xlsx", "pdf", "json"}

// releaseText says who sees a report.
func releaseText(ctx context.Context, r diagnosis.Release) string {
	switch r {
	case diagnosis.ToExecutives:
		return lang.T(ctx, "Executives see this report, and those who lead diagnoses.")
	case diagnosis.ToManagers:
		return lang.T(ctx, "Managers see their part of this report; executives see all of it.")
	case diagnosis.ToEveryone:
		return lang.T(ctx, "Everybody with an account sees a summary; managers see their part, executives all of it.")
	}
	return lang.T(ctx, "Only those who lead diagnoses see this report so far.")
}

// releaseName is what a release is called on its button.
func releaseName(ctx context.Context, r diagnosis.Release) string {
	switch r {
	case diagnosis.ToExecutives:
		return lang.T(ctx, "Executives")
	case diagnosis.ToManagers:
		return lang.T(ctx, "Managers too")
	case diagnosis.ToEveryone:
		return lang.T(ctx, "Everyone")
	}
	return lang.T(ctx, "Diagnosis leads alone")
}

// mostViews are listed on the page; the file has all.
const mostViews = 300

// views shows who saw what of a report.
func (p *Pages) views(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	d, err := p.Store.Diagnosis(ctx, actor.Organisation, r.PathValue("diagnosis"))
	if err == nil && d.State != diagnosis.Closed {
		err = fault.Conflictf("the report stands once the diagnosis is closed; before, no score exists")
	}
	if err != nil {
		return err
	}
	published, err := p.Store.Report(ctx, actor.Organisation, d.ID)
	if err != nil {
		return err
	}
	most := mostViews
	if r.FormValue("format") != "" {
		most = 1 << 20
	}
	list, err := p.Store.Views(ctx, actor.Organisation, d.ID, most)
	if err != nil {
		return err
	}
	t := web.Table{Name: lang.T(ctx, "Who saw what"), Header: []string{lang.T(ctx, "Hour"), lang.T(ctx, "Who"), lang.T(ctx, "What"), lang.T(ctx, "Unit")}}
	for _, v := range list {
		page, query, _ := strings.Cut(v.Page, "?")
		t.Rows = append(t.Rows, []any{v.Hour.Format("2006-01-02 15:00"), v.Name, viewName(ctx, page, query), viewedUnit(published.Report, v.Page)})
	}
	if done, err := web.Exported(w, r, d.Name+"-views", t); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, viewsPage(d, t))
}

// viewName says which page was seen, and as which file it was taken.
func viewName(ctx context.Context, page, query string) string {
	page, told := strings.CutPrefix(page, "api/")
	if page == "report" {
		page = ""
	}
	name := page
	for _, p := range []struct{ begins, name string }{
		{"units/", lang.T(ctx, "One unit")}, {"units", lang.T(ctx, "Units")}, {"characteristics", lang.T(ctx, "Characteristics")}, {"groups", lang.T(ctx, "Levels and groups")},
		{"comments", lang.T(ctx, "Comments")}, {"outcomes", lang.T(ctx, "Outcomes")}, {"focal-points/minutes", lang.T(ctx, "Minutes")}, {"focal-points", lang.T(ctx, "Focal points")},
		{"interviews", lang.T(ctx, "Interviews")}, {"promises", lang.T(ctx, "Promises")}, {"method", lang.T(ctx, "Method")}, {"change", lang.T(ctx, "Change")}, {"summary", lang.T(ctx, "Summary")}, {"kit", lang.T(ctx, "Workshop kit")}, {"session", lang.T(ctx, "The figures in a session")}, {"management", lang.T(ctx, "Management report")},
		{"scorecard/", lang.T(ctx, "Scorecard")}, {"timeline/", lang.T(ctx, "Time line")}, {"team", lang.T(ctx, "Management team")}, {"group", lang.T(ctx, "A coach's group")},
	} {
		if strings.HasPrefix(page, p.begins) {
			name = p.name
			break
		}
	}
	if page == "" {
		name = lang.T(ctx, "Overview")
	}
	if told {
		name += " · API"
	}
	for _, format := range formats {
		if strings.Contains(query, "format="+format) {
			name += " · " + strings.ToUpper(format)
		}
	}
	return name
}

// viewedUnit names the unit that a page is about; "" for none.
func viewedUnit(r *diagnosis.Report, page string) string {
	rest := strings.FieldsFunc(page, func(c rune) bool { return strings.ContainsRune("/?&=", c) })
	for _, word := range rest {
		if u, ok := r.Layout.Find(word); ok {
			return r.Units[u].Name
		}
	}
	return ""
}
