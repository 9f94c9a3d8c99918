package learningweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"

	"github.com/a-h/templ"
)

// competencyList is the page on which competencies are found.
type competencyList struct {
	learningdb.CompetencyQuery
	Found      []learning.Competency
	More       bool
	Frameworks []learningdb.Counted
	Manages    bool
}

const mostListed = 100

func (p *Pages) competencies(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := competencyList{Manages: p.Permits.May(actor, Manage, org.Place{})}
	l.CompetencyQuery = learningdb.CompetencyQuery{Framework: r.FormValue("framework"), Text: r.FormValue("q"), Limit: mostListed + 1}
	if r.FormValue("format") != "" {
		l.Limit = 0
	}
	if l.Frameworks, err = p.Store.Frameworks(ctx, actor.Organisation); err != nil {
		return err
	}
	if l.Found, err = p.Store.Competencies(ctx, actor.Organisation, l.CompetencyQuery); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Competencies"), l.table(ctx)); done || err != nil {
		return err
	}
	if len(l.Found) > mostListed {
		l.Found, l.More = l.Found[:mostListed], true
	}
	return web.Page(w, r, http.StatusOK, competenciesPage(l))
}

func (l competencyList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Competencies"), Header: []string{lang.T(ctx, "Competency"), lang.T(ctx, "Framework"), lang.T(ctx, "Key"), lang.T(ctx, "Address at its source"), lang.T(ctx, "Kind"), lang.T(ctx, "Also called"), lang.T(ctx, "What it means")}}
	for _, c := range l.Found {
		t.Rows = append(t.Rows, []any{c.Name, l.framework(c.Framework), c.Key, c.URI, c.Kind, strings.Join(c.Alternatives, "; "), c.Note})
	}
	return t
}

// framework is what a framework is called.
func (l competencyList) framework(framework string) string {
	n := slices.IndexFunc(l.Frameworks, func(f learningdb.Counted) bool { return f.ID == framework })
	if n < 0 {
		return ""
	}
	return l.Frameworks[n].Name
}

// origin says in a few words where a competency comes from, as far as not all come from there.
func (l competencyList) origin(c learning.Competency) string {
	if len(l.Frameworks) == 1 || l.Framework != "" {
		return c.Kind
	}
	return strings.TrimPrefix(c.Kind+" · "+l.framework(c.Framework), " · ")
}

func (l competencyList) heading(ctx context.Context) string {
	n := 0
	for _, f := range l.Frameworks {
		if f.Ended == "" && (l.Framework == "" || f.ID == l.Framework) {
			n += f.Competencies
		}
	}
	switch {
	case len(l.Frameworks) == 0:
		return lang.T(ctx, "There is no competency yet.")
	case l.Text != "" && l.More:
		return lang.T(ctx, "More than %d competencies are called so.", mostListed)
	case l.Text != "":
		return lang.N(ctx, len(l.Found), "One competency is called so.", "%d competencies are called so.")
	case l.Framework != "":
		return lang.T(ctx, "%[1]s has %[2]d competencies.", l.framework(l.Framework), n)
	}
	return lang.N(ctx, n, "There is one competency.", "There are %d competencies.")
}

func (l competencyList) query() string {
	return url.Values{"q": {l.Text}, "framework": {l.Framework}}.Encode()
}

// competencyPage is one competency.
type competencyPage struct {
	learningdb.CompetencyView
	Manages bool
	Typed   *competencyTyped // what somebody has typed and is to mend
	Err     error
}

// competencyTyped is a competency as it stands in a form.
type competencyTyped struct {
	Name, Note, Alternatives, Parent string
	Used                             bool
}

func (p *Pages) newCompetency(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Store.Framework(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.FormValue("framework"))
	if err != nil {
		return err
	}
	c := competencyPage{Typed: &competencyTyped{Used: true}}
	c.Framework = f.Framework
	return p.showCompetency(w, r, c)
}

func (p *Pages) competency(w http.ResponseWriter, r *http.Request) (err error) {
	var c competencyPage
	if c.CompetencyView, err = p.Store.Competency(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("competency")); err != nil {
		return err
	}
	return p.showCompetency(w, r, c)
}

func (p *Pages) showCompetency(w http.ResponseWriter, r *http.Request, c competencyPage) error {
	c.Manages = p.Permits.May(web.From[org.Actor](r.Context()), Manage, org.Place{})
	if c.Typed == nil {
		c.Typed = &competencyTyped{Name: c.Name, Note: c.Note, Alternatives: strings.Join(c.Alternatives, "\n"), Used: c.Competency.Ended == ""}
		if len(c.Above) > 0 {
			c.Typed.Parent = c.Above[len(c.Above)-1].Name
		}
	}
	return web.Page(w, r, web.StatusOf(c.Err), competencyView(c))
}

// saveCompetency keeps a new competency or a changed one.
func (p *Pages) saveCompetency(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	typed := competencyTyped{Name: r.FormValue("name"), Note: r.FormValue("note"), Alternatives: r.FormValue("alternatives"), Parent: r.FormValue("parent"), Used: r.FormValue("used") != ""}
	c := learning.Competency{ID: r.PathValue("competency"), Framework: r.FormValue("framework"), Name: typed.Name, Note: typed.Note, Alternatives: strings.Split(typed.Alternatives, "\n")}
	var err error
	if !typed.Used {
		if c.Ended, err = p.Org.Today(ctx, actor.Organisation); err != nil {
			return err
		}
	}
	made := ""
	if c.Parent, err = p.parent(ctx, actor.Organisation, c, typed.Parent); err == nil {
		made, err = p.Store.SaveCompetency(ctx, actor.Organisation, c, actor.Name)
	}
	if web.Retry(err) {
		return p.retryCompetency(w, r, c, typed, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/competencies/"+made)
}

func (p *Pages) retryCompetency(w http.ResponseWriter, r *http.Request, c learning.Competency, typed competencyTyped, mistake error) (err error) {
	page := competencyPage{Typed: &typed, Err: mistake}
	actor := web.From[org.Actor](r.Context())
	if c.ID != "" {
		page.CompetencyView, err = p.Store.Competency(r.Context(), actor.Organisation, c.ID)
	} else {
		var f learningdb.Counted
		f, err = p.Store.Framework(r.Context(), actor.Organisation, c.Framework)
		page.Framework = f.Framework
	}
	if err != nil {
		return err
	}
	return p.showCompetency(w, r, page)
}

// parent finds the competency that another is a part of, by its name in the same framework.
func (p *Pages) parent(ctx context.Context, organisation string, c learning.Competency, typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil
	}
	framework := c.Framework
	if c.ID != "" {
		v, err := p.Store.Competency(ctx, organisation, c.ID)
		if err != nil {
			return "", err
		}
		framework = v.Framework.ID
	}
	above, err := p.Store.Find(ctx, organisation, framework, typed)
	if e := fault.Of(err); e != nil {
		return "", &fault.Error{Kind: e.Kind, Field: "parent", Format: e.Format, Args: e.Args}
	}
	return above.ID, err
}

func (c competencyPage) title(ctx context.Context) string {
	if c.ID == "" {
		return lang.T(ctx, "A new competency")
	}
	return c.Name
}

func (c competencyPage) action() templ.SafeURL {
	if c.ID == "" {
		return "/competencies"
	}
	return templ.SafeURL("/competencies/" + c.ID)
}

func (c competencyPage) requiredTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Roles that require it"), Header: []string{lang.T(ctx, "Role"), lang.T(ctx, "Level"), lang.T(ctx, "Weight")}}
	for _, q := range c.Required {
		t.Rows = append(t.Rows, []any{web.Link{Path: "/roles/" + q.Role, Text: q.Name}, levelText(ctx, c.Framework, q.Level), essentialText(ctx, q.Essential)})
	}
	return t
}

// levelText is a level with its number.
func levelText(ctx context.Context, f learning.Framework, level int) string {
	if level == 0 {
		return lang.T(ctx, "does not have it")
	}
	return lang.T(ctx, "%[1]d: %[2]s", level, f.LevelName(level))
}

func essentialText(ctx context.Context, essential bool) string {
	if essential {
		return lang.T(ctx, "essential")
	}
	return lang.T(ctx, "helpful")
}
