package learningweb

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"

	"github.com/a-h/templ"
)

// roleList is the page of all roles.
type roleList struct {
	All     []learningdb.HeldRole
	Manages bool
}

func (p *Pages) roles(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := roleList{Manages: p.Permits.May(actor, Manage, org.Place{})}
	if l.All, err = p.Store.Roles(ctx, actor.Organisation); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Roles"), l.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, rolesPage(l))
}

func (l roleList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Roles"), Header: []string{lang.T(ctx, "Role"), lang.T(ctx, "People who have it"), lang.T(ctx, "Competencies required"), lang.T(ctx, "of these essential"), lang.T(ctx, "Results in its model")}}
	for _, r := range l.All {
		name, essential := r.Name, 0
		if r.Ended != "" {
			name = lang.T(ctx, "%[1]s, until %[2]s", r.Name, string(r.Ended))
		}
		for _, q := range r.Requires {
			if q.Essential {
				essential++
			}
		}
		t.Rows = append(t.Rows, []any{web.Link{Path: "/roles/" + r.ID, Text: name}, r.Holders, len(r.Requires), essential, len(r.Results)})
	}
	return t
}

func (l roleList) heading(ctx context.Context) string {
	if len(l.All) == 0 {
		return lang.T(ctx, "No role is described yet.")
	}
	return lang.N(ctx, len(l.All), "There is one role.", "There are %d roles.")
}

// roleForm is the page on which a role is described.
type roleForm struct {
	learning.Role
	Attributes map[string][]string
	Err        error
}

func (p *Pages) newRole(w http.ResponseWriter, r *http.Request) error {
	return p.showRoleForm(w, r, roleForm{})
}

func (p *Pages) editRole(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Store.Role(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("role"))
	if err != nil {
		return err
	}
	return p.showRoleForm(w, r, roleForm{Role: v.Role})
}

func (p *Pages) showRoleForm(w http.ResponseWriter, r *http.Request, f roleForm) (err error) {
	if f.Attributes, err = p.Store.Attributes(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), roleFormPage(f))
}

func (p *Pages) saveRole(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	role := learning.Role{ID: r.PathValue("role"), Name: r.FormValue("name"), Note: r.FormValue("note")}
	for _, l := range r.Form["level"] {
		role.Rule.Levels = append(role.Rule.Levels, org.Level(l))
	}
	role.Rule.Attribute, role.Rule.Values = r.FormValue("attribute"), strings.Split(r.FormValue("values"), "\n")
	made, err := p.Store.SaveRole(r.Context(), actor.Organisation, role, actor.Name)
	if web.Retry(err) {
		return p.showRoleForm(w, r, roleForm{Role: role, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/roles/"+made)
}

// rolePage is one role.
type rolePage struct {
	learningdb.RoleView
	Manages bool
	Typed   roleTyped
	Err     error
}

// roleTyped is what stands in the forms of a role's page.
type roleTyped struct {
	Do                            string
	Competency, Level, Person     string
	What, Good, Indicator, Result string
	Competencies                  []string
	Essential                     bool
}

func (p *Pages) role(w http.ResponseWriter, r *http.Request) error {
	return p.showRole(w, r, rolePage{})
}

func (p *Pages) showRole(w http.ResponseWriter, r *http.Request, v rolePage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if v.RoleView, err = p.Store.Role(ctx, actor.Organisation, r.PathValue("role")); err != nil {
		return err
	}
	if v.Manages = p.Permits.May(actor, Manage, org.Place{}); !v.Manages {
		v.Said = nil // names are for who gives roles
	}
	if done, err := web.Exported(w, r, v.Name, v.requiredTable(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(v.Err), roleView(v))
}

// changeRole does one thing to a role.
func (p *Pages) changeRole(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, role := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("role")
	do, what, _ := strings.Cut(r.FormValue("do"), " ")
	if do == "save" {
		return p.saveRole(w, r)
	}
	typed := roleTyped{Do: do, Competency: r.FormValue("competency"), Level: r.FormValue("level"), Person: r.FormValue("person"), What: r.FormValue("what"), Good: r.FormValue("good"), Indicator: r.FormValue("indicator"), Competencies: r.Form["of"], Essential: r.FormValue("essential") != ""}
	if do == "produce" {
		typed.Result = what
	}
	var err error
	switch o := actor.Organisation; do {
	case "require":
		var c learning.Competency
		if c, err = p.Store.Find(ctx, o, "", typed.Competency); err == nil {
			err = p.Store.Require(ctx, o, role, learning.Requirement{Competency: c.ID, Level: web.Number(r, "level", 0), Essential: typed.Essential}, actor.Name)
		}
	case "unrequire":
		err = p.Store.Unrequire(ctx, o, role, what, actor.Name)
	case "produce":
		err = p.Store.Produce(ctx, o, role, learning.Result{ID: what, What: typed.What, Good: typed.Good, Indicator: typed.Indicator, Competencies: typed.Competencies}, actor.Name)
	case "unproduce":
		err = p.Store.Unproduce(ctx, o, role, what, actor.Name)
	case "hold":
		err = p.Store.Hold(ctx, o, role, typed.Person, actor.Name)
	case "unhold":
		err = p.Store.Unhold(ctx, o, role, what, actor.Name)
	case "end", "reopen":
		err = p.Store.EndRole(ctx, o, role, do == "end", actor.Name)
	}
	if web.Retry(err) {
		return p.showRole(w, r, rolePage{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/roles/"+role)
}

func (v rolePage) heading(ctx context.Context) string {
	if v.Holders == 1 {
		return lang.T(ctx, "%s: one person has this role.", v.Name)
	}
	return lang.T(ctx, "%[1]s: %[2]d people have this role.", v.Name, v.Holders)
}

// wrong is the mistake in the form of one result, "" for a new one.
func (v rolePage) wrong(result string) error {
	if v.Typed.Result != result {
		return nil
	}
	return v.mistake("produce")
}

// typed is a result as its form shows it.
func (v rolePage) typed(made learning.Result) learning.Result {
	if v.wrong(made.ID) == nil {
		return made
	}
	return learning.Result{ID: made.ID, What: v.Typed.What, Good: v.Typed.Good, Indicator: v.Typed.Indicator, Competencies: v.Typed.Competencies}
}

// mistake is that of one of the page's forms.
func (v rolePage) mistake(do string) error {
	if v.Typed.Do != do {
		return nil
	}
	return v.Err
}

func (v rolePage) path() templ.SafeURL { return templ.SafeURL("/roles/" + v.ID) }

// framework is that of a competency.
func (v rolePage) framework(competency string) learning.Framework {
	return v.Frameworks[v.Competencies[competency].Framework]
}

func (v rolePage) requiredTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "What it requires"), Header: []string{lang.T(ctx, "Competency"), lang.T(ctx, "Level"), lang.T(ctx, "Weight"), lang.T(ctx, "Framework")}}
	for _, q := range v.Requires {
		f := v.framework(q.Competency)
		t.Rows = append(t.Rows, []any{web.Link{Path: "/competencies/" + q.Competency, Text: v.Competencies[q.Competency].Name}, levelText(ctx, f, q.Level), essentialText(ctx, q.Essential), f.Name})
	}
	return t
}

// indicator is the one of an id; nil for none.
func (v rolePage) indicator(indicator string) *strategy.Indicator {
	n := slices.IndexFunc(v.Indicators, func(i strategy.Indicator) bool { return i.ID == indicator })
	if n < 0 {
		return nil
	}
	return &v.Indicators[n]
}

// names are what competencies are called.
func (v rolePage) names(competencies []string) string {
	var all []string
	for _, c := range competencies {
		all = append(all, v.Competencies[c].Name)
	}
	return strings.Join(all, ", ")
}

// ruleText says who has a role.
func holderText(ctx context.Context, h learning.HolderRule) string {
	var levels []string
	for _, l := range h.Levels {
		levels = append(levels, lang.T(ctx, l.Name()))
	}
	of := strings.Join(levels, ", ")
	switch {
	case h.IsZero():
		return lang.T(ctx, "Who has it is said of people one by one.")
	case h.Attribute == "":
		return lang.T(ctx, "Everybody has it whose level on the roster is: %s.", of)
	case of == "":
		return lang.T(ctx, "Everybody has it whose %[1]s on the roster is: %[2]s.", h.Attribute, strings.Join(h.Values, ", "))
	}
	return lang.T(ctx, "Everybody has it whose level on the roster is: %[1]s; and whose %[2]s is: %[3]s.", of, h.Attribute, strings.Join(h.Values, ", "))
}

// attributes are those of the roster, in order.
func (f roleForm) attributes() []string { return slices.Sorted(maps.Keys(f.Attributes)) }

func (f roleForm) title(ctx context.Context) string {
	if f.ID == "" {
		return lang.T(ctx, "A new role")
	}
	return f.Name
}

func (f roleForm) action() templ.SafeURL {
	if f.ID == "" {
		return "/roles"
	}
	return templ.SafeURL("/roles/" + f.ID)
}
