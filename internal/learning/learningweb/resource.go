package learningweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"

	"github.com/a-h/templ"
)

// resourceList is the page on which resources are found.
type resourceList struct {
	learningdb.ResourceQuery
	All     []learning.Resource
	More    bool
	Manages bool
}

func (p *Pages) resources(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	l := resourceList{Manages: p.Permits.May(actor, Manage, org.Place{})}
	l.ResourceQuery = learningdb.ResourceQuery{Text: r.FormValue("q"), Modality: effort.Modality(r.FormValue("modality")), Form: effort.Form(r.FormValue("form"))}
	if l.All, err = p.Store.Resources(ctx, actor.Organisation, l.ResourceQuery); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Resources"), l.table(ctx)); done || err != nil {
		return err
	}
	if len(l.All) > mostListed {
		l.All, l.More = l.All[:mostListed], true
	}
	return web.Page(w, r, http.StatusOK, resourcesPage(l))
}

func (l resourceList) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Resources"), Header: []string{lang.T(ctx, "Resource"), lang.T(ctx, "Short name in files"), lang.T(ctx, "How one learns"), lang.T(ctx, "Formal or at work"), lang.T(ctx, "Run by"), lang.T(ctx, "Hours"), lang.T(ctx, "Price"), lang.T(ctx, "Currency"), lang.T(ctx, "Places"), lang.T(ctx, "Language"), lang.T(ctx, "Who answers for it")}}
	for _, r := range l.All {
		row := []any{web.Link{Path: "/resources/" + r.ID, Text: r.Name}, r.Key, lang.T(ctx, r.Modality.Name()), lang.T(ctx, r.FormOf().Name()), providerText(ctx, r), nil, nil, r.Currency, nil, r.Language, r.Owner.Name}
		if r.Minutes > 0 {
			row[5] = float64(r.Minutes) / 60
		}
		if r.Price > 0 {
			row[6] = effort.Units(r.Price, r.Currency)
		}
		if r.Capacity > 0 {
			row[8] = r.Capacity
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (l resourceList) heading(ctx context.Context) string {
	switch n := len(l.All); {
	case n == 0 && l.narrowed():
		return lang.T(ctx, "Nothing is like this.")
	case n == 0:
		return lang.T(ctx, "There is nothing to learn by yet.")
	case l.More:
		return lang.T(ctx, "More than %d resources.", mostListed)
	default:
		return lang.N(ctx, n, "One resource.", "%d resources.")
	}
}

func (l resourceList) narrowed() bool { return l.Text+string(l.Modality)+string(l.Form) != "" }

func (l resourceList) query() string {
	return url.Values{"q": {l.Text}, "modality": {string(l.Modality)}, "form": {string(l.Form)}}.Encode()
}

// resourceForm is the page on which a resource is described.
type resourceForm struct {
	learning.Resource
	Typed resourceTyped
	Goals []strategy.Goal // that it can be for
	Roles []learningdb.HeldRole
	All   []learning.Resource // that can come before it

	Characteristics []web.Link // of the diagnosis: id and name
	Err             error
}

// resourceTyped is what stands in the form as somebody typed it.
type resourceTyped struct {
	Hours, Price, Currency, Capacity, Owner, Competencies string
}

func (p *Pages) newResource(w http.ResponseWriter, r *http.Request) error {
	return p.showResourceForm(w, r, resourceForm{})
}

func (p *Pages) editResource(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	v, err := p.Store.Resource(r.Context(), actor.Organisation, r.PathValue("resource"))
	if err == nil && !p.runs(actor, v.Resource) {
		err = fault.NotFoundf("there is no such resource")
	}
	if err != nil {
		return err
	}
	f := resourceForm{Resource: v.Resource, Typed: resourceTyped{Owner: v.Owner.Name, Currency: v.Currency}}
	if v.Minutes > 0 {
		f.Typed.Hours = hoursTyped(v.Minutes)
	}
	if v.Price > 0 {
		f.Typed.Price = effort.WriteAmount(v.Price, v.Currency)
	}
	if v.Capacity > 0 {
		f.Typed.Capacity = strconv.Itoa(v.Capacity)
	}
	var lines []string
	for _, a := range v.Aims {
		if a.Kind == effort.ForCompetency {
			line := v.Names[learning.Aim{Kind: a.Kind, ID: a.ID}]
			if a.Level > 0 {
				line += " @ " + strconv.Itoa(a.Level)
			}
			lines = append(lines, line)
		}
	}
	f.Typed.Competencies = strings.Join(lines, "\n")
	return p.showResourceForm(w, r, f)
}

func (p *Pages) showResourceForm(w http.ResponseWriter, r *http.Request, f resourceForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if f.Goals, err = p.Store.Strategy.Worked(ctx, actor.Organisation); err != nil {
		return err
	}
	if len(f.Goals) > mostGoals { // those of the whole, and those that it is for
		top, err := p.Store.Strategy.Top(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		f.Goals = slices.DeleteFunc(f.Goals, func(g strategy.Goal) bool {
			return !f.isFor(effort.ForGoal, g.ID) && !slices.ContainsFunc(top, func(t strategy.Goal) bool { return t.ID == g.ID })
		})
	}
	if f.Roles, err = p.Store.Roles(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.All, err = p.Store.Resources(ctx, actor.Organisation, learningdb.ResourceQuery{}); err != nil {
		return err
	}
	if f.Characteristics, err = p.characteristics(ctx, actor.Organisation); err != nil {
		return err
	}
	f.All = slices.DeleteFunc(f.All, func(o learning.Resource) bool { return o.ID == f.ID })
	if f.Typed.Currency == "" {
		setting, err := p.Efforts.Setting(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		f.Typed.Currency = setting.Currency
	}
	return web.Page(w, r, web.StatusOf(f.Err), resourceFormPage(f))
}

const mostGoals = 30 // that a form lists

func (f resourceForm) isFor(kind, id string) bool {
	return slices.ContainsFunc(f.Aims, func(a learning.Aim) bool { return a.Kind == kind && a.ID == id })
}

// readResource reads the form.
func (p *Pages) readResource(r *http.Request) (f resourceForm, err error) {
	actor := web.From[org.Actor](r.Context())
	f.Typed = resourceTyped{Hours: r.FormValue("hours"), Price: r.FormValue("price"), Currency: strings.ToUpper(strings.TrimSpace(r.FormValue("currency"))), Capacity: r.FormValue("capacity"), Owner: r.FormValue("owner"), Competencies: r.FormValue("competencies")}
	f.Resource = learning.Resource{ID: r.PathValue("resource"), Key: r.FormValue("key"), Name: r.FormValue("name"), Note: r.FormValue("note"), URI: r.FormValue("uri"), Modality: effort.Modality(r.FormValue("modality")), Form: effort.Form(r.FormValue("form")),
		External: r.FormValue("external") != "", Provider: r.FormValue("provider"), Language: r.FormValue("language"), Currency: f.Typed.Currency, Approved: r.FormValue("approved") != "", Needs: r.Form["needs"], Since: period.Day(r.FormValue("since"))}
	for _, goal := range r.Form["goal"] {
		f.Aims = append(f.Aims, learning.Aim{Kind: effort.ForGoal, ID: goal})
	}
	for _, role := range r.Form["role"] {
		f.Aims = append(f.Aims, learning.Aim{Kind: learning.AimRole, ID: role})
	}
	for _, of := range r.Form["characteristic"] {
		f.Aims = append(f.Aims, learning.Aim{Kind: effort.ForCharacteristic, ID: of})
	}
	for _, result := range r.Form["result"] {
		f.Aims = append(f.Aims, learning.Aim{Kind: learning.AimResult, ID: result})
	}
	if f.Minutes, err = minutesTyped(f.Typed.Hours); err != nil {
		return f, err
	}
	if f.Resource.Price, err = effort.ReadAmount(f.Typed.Price, effort.Digits(f.Typed.Currency)); err != nil {
		return f, &fault.Error{Kind: fault.Invalid, Field: "price", Format: fault.Of(err).Format, Args: fault.Of(err).Args}
	}
	if f.Capacity, err = countTyped(f.Typed.Capacity, "capacity"); err != nil {
		return f, err
	}
	for line := range strings.Lines(f.Typed.Competencies) {
		name, level, _ := strings.Cut(line, "@")
		if strings.TrimSpace(name) == "" {
			continue
		}
		c, err := p.Store.Find(r.Context(), actor.Organisation, "", name)
		if err != nil {
			return f, err
		}
		a := learning.Aim{Kind: effort.ForCompetency, ID: c.ID}
		if a.Level, err = countTyped(level, "competency"); err != nil {
			return f, err
		}
		f.Aims = append(f.Aims, a)
	}
	return f, nil
}

func (p *Pages) saveResource(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	f, err := p.readResource(r)
	made := ""
	if err == nil {
		made, err = p.Store.SaveResource(r.Context(), actor.Organisation, f.Resource, f.Typed.Owner, actor.Name)
	}
	if f.Err = err; web.Retry(err) {
		return p.showResourceForm(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/resources/"+made)
}

// resourcePage is one resource.
type resourcePage struct {
	learningdb.ResourceView
	Manages bool // or answers for it
	Asks    bool // the reader is on the roster
	Open    *learningdb.RequestView
	Offer   offeringTyped
	Asked   requestTyped
	Err     error
}

// requestTyped is what somebody types who asks.
type requestTyped struct{ Offering, Needed, Why string }

func (p *Pages) resource(w http.ResponseWriter, r *http.Request) error {
	return p.showResource(w, r, resourcePage{})
}

func (p *Pages) showResource(w http.ResponseWriter, r *http.Request, v resourcePage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if v.ResourceView, err = p.Store.Resource(ctx, actor.Organisation, r.PathValue("resource")); err != nil {
		return err
	}
	characteristics, err := p.characteristics(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, c := range characteristics {
		if at := (learning.Aim{Kind: effort.ForCharacteristic, ID: c.Path}); v.Names[at] != "" {
			v.Names[at] = c.Text
		}
	}
	v.Manages = p.runs(actor, v.Resource)
	self, err := p.Org.Self(ctx, actor)
	if v.Asks = err == nil; err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if v.Asks {
		own, err := p.Store.RequestsOf(ctx, actor.Organisation, self.ID)
		if err != nil {
			return err
		}
		if n := slices.IndexFunc(own, func(q learningdb.RequestView) bool { return q.Resource == v.Resource.ID && q.State.Open() }); n >= 0 {
			v.Open = &own[n]
		}
	}
	return web.Page(w, r, web.StatusOf(v.Err), resourceView(v))
}

// runs says whether an actor runs a resource: who manages learning, and who answers for it.
func (p *Pages) runs(actor org.Actor, r learning.Resource) bool {
	return p.Permits.May(actor, Manage, org.Place{}) || actor.Person != "" && r.Owner.Key == actor.Person
}

// changeResource asks for it, offers it, or ends it.
func (p *Pages) changeResource(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, resource := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("resource")
	v, err := p.Store.Resource(ctx, actor.Organisation, resource)
	if err != nil {
		return err
	}
	do := r.FormValue("do")
	if do != "ask" && !p.runs(actor, v.Resource) {
		return fault.NotFoundf("there is no such resource")
	}
	page := resourcePage{Offer: readOffering(r), Asked: requestTyped{r.FormValue("offering"), r.FormValue("needed"), r.FormValue("why")}}
	switch do {
	case "save":
		return p.saveResource(w, r)
	case "end", "reopen":
		err = p.Store.EndResource(ctx, actor.Organisation, resource, do == "end", actor.Name)
	case "offer":
		err = p.keepOffering(ctx, actor, "", resource, page.Offer)
	case "ask":
		err = p.ask(ctx, actor, resource, page.Asked)
	}
	if page.Err = err; web.Retry(err) {
		return p.showResource(w, r, page)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/resources/"+resource)
}

func (f resourceForm) title(ctx context.Context) string {
	if f.ID == "" {
		return lang.T(ctx, "A new resource")
	}
	return f.Name
}

func (f resourceForm) action() templ.SafeURL {
	if f.ID == "" {
		return "/resources"
	}
	return templ.SafeURL("/resources/" + f.ID)
}

// facts says in a line what a resource is like.
func facts(ctx context.Context, r learning.Resource) string {
	parts := []string{lang.T(ctx, r.Modality.Name()), lang.T(ctx, r.FormOf().Name()), providerText(ctx, r)}
	if r.Minutes > 0 {
		parts = append(parts, hoursText(ctx, r.Minutes))
	}
	if r.Price > 0 {
		parts = append(parts, lang.T(ctx, "%s for one", lang.Money(ctx, r.Price, effort.Digits(r.Currency), r.Currency)))
	}
	if r.Language != "" {
		parts = append(parts, r.Language)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// aims are what it is for, of one kind, by name.
func (v resourcePage) aims(kind string) (all []web.Link) {
	for _, a := range v.Aims {
		name, known := v.Names[learning.Aim{Kind: a.Kind, ID: a.ID}]
		if a.Kind != kind || !known {
			continue
		}
		path := map[string]string{effort.ForCompetency: "/competencies/", learning.AimRole: "/roles/", effort.ForGoal: "/goals/"}[kind]
		if path != "" {
			path += a.ID
		}
		all = append(all, web.Link{Path: path, Text: name})
	}
	slices.SortFunc(all, func(a, b web.Link) int { return strings.Compare(a.Text, b.Text) })
	return all
}

// usageText says in a sentence how it was used.
func (v resourcePage) usageText(ctx context.Context) string {
	u := v.Usage
	if u.Asked+u.Completed+u.NotDone+u.Open == 0 {
		return lang.T(ctx, "Nobody has used it in the last year.")
	}
	text := lang.N(ctx, u.People, "One person completed it in the last year.", "%d people completed it in the last year.")
	if c := u.Completion(); c != nil {
		text += " " + lang.T(ctx, "Of those who were through with it %.0f %% completed it.", *c*100)
	}
	if f := u.Filled(); f != nil {
		text += " " + lang.T(ctx, "Of the places %.0f %% were taken.", *f*100)
	}
	return text
}

// timelyText says how long one waits.
func timelyText(ctx context.Context, t learning.Timely) string {
	if t.Median == nil && t.Waiting == 0 {
		return ""
	}
	var parts []string
	if t.Median != nil {
		parts = append(parts, lang.T(ctx, "From need to access it takes %.0f days in the middle.", *t.Median))
	}
	if t.Waiting > 0 {
		parts = append(parts, lang.N(ctx, t.Waiting, "One person waits", "%d people wait")+", "+lang.N(ctx, t.Longest, "at the longest for one day.", "at the longest for %d days."))
	}
	return strings.Join(parts, " ")
}

// open are the offerings in which there can still be a place.
func (v resourcePage) open() []learning.Offering {
	return slices.DeleteFunc(slices.Clone(v.Offerings), func(o learning.Offering) bool { return !o.Open(v.Today) })
}

// needed is the day in the form.
func (v resourcePage) needed() string {
	if v.Asked.Needed != "" {
		return v.Asked.Needed
	}
	return string(v.Today)
}

// characteristics are those of the present instrument: id and name in the reader's language.
func (p *Pages) characteristics(ctx context.Context, organisation string) (all []web.Link, err error) {
	in, err := p.Diagnosis.CurrentInstrument(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, it := range in.Items() {
		if it.Factor >= 0 {
			all = append(all, web.Link{Path: it.ID, Text: it.Name.In(lang.Tag(ctx).String())})
		}
	}
	return all, nil
}
