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

// strategyPage is the learning strategy of a year.
type strategyPage struct {
	learningdb.Strategy
	Drafts bool
}

// strategy shows it to who reads the whole, and leads whoever reads a part to that part's plan.
func (p *Pages) strategy(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	v := strategyPage{Drafts: p.Permits.May(actor, Manage, org.Place{})}
	if v.Strategy, err = p.Store.LearningStrategy(ctx, actor.Organisation, web.Number(r, "year", 0)); err != nil {
		return err
	}
	if !p.Permits.May(actor, ReadStrategy, org.Place{Units: []string{v.Whole.ID}}) {
		units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		if tops := p.Permits.Tops(actor, ReadStrategy, units); len(tops) > 0 {
			return web.SeeOther(w, r, planPath(tops[0].ID, v.Year))
		}
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "Learning strategy %s", strconv.Itoa(v.Year)), v.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, strategyView(v))
}

func (v strategyPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Learning strategy %s", strconv.Itoa(v.Year)), Header: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Priority"), lang.T(ctx, "Goal"), lang.T(ctx, "State"), lang.T(ctx, "Competencies"), lang.T(ctx, "Resources"), lang.T(ctx, "Other solutions"), lang.T(ctx, "Hours"), lang.T(ctx, "Budget"), lang.T(ctx, "Currency"), lang.T(ctx, "Who answers for it")},
		Roomy: []string{lang.T(ctx, "Competencies"), lang.T(ctx, "Resources"), lang.T(ctx, "Other solutions"), lang.T(ctx, "Hours"), lang.T(ctx, "Currency")}}
	for _, p := range v.All {
		t.Rows = append(t.Rows, []any{web.Link{Path: "/learning/strategy/" + p.Unit.ID + "?year=" + strconv.Itoa(v.Year), Text: p.Unit.Name}, p.Name, p.Of.Name, standingText(ctx, p.Stands), len(p.Competencies), len(p.Resources), len(p.Solutions), p.Hours, effort.Units(p.Budget, p.Currency), p.Currency, p.Owner.Name})
	}
	return t
}

// agreed counts the priorities of each standing.
func agreed(all []learningdb.Agreed) map[learning.Standing]int {
	n := map[learning.Standing]int{}
	for _, p := range all {
		n[p.Stands]++
	}
	return n
}

func (v strategyPage) heading(ctx context.Context) string {
	n := agreed(v.All)
	switch {
	case len(v.All) == 0:
		return lang.T(ctx, "There is no learning strategy for %s yet.", strconv.Itoa(v.Year))
	case n[learning.Agreed] == len(v.All):
		return lang.T(ctx, "All %[1]d priorities of %[2]s are signed by both.", len(v.All), strconv.Itoa(v.Year))
	case n[learning.Reopened] > 0:
		return lang.T(ctx, "%[1]d of %[2]d priorities are signed by both; under %[3]d the goal has changed.", n[learning.Agreed], len(v.All), n[learning.Reopened])
	}
	return lang.T(ctx, "%[1]d of %[2]d priorities are signed by both.", n[learning.Agreed], len(v.All))
}

func standingText(ctx context.Context, s learning.Standing) string {
	switch s {
	case learning.Agreed:
		return lang.T(ctx, "signed by both")
	case learning.OneSided:
		return lang.T(ctx, "signed by one of the two")
	case learning.Reopened:
		return lang.T(ctx, "open again: its goal has changed")
	}
	return lang.T(ctx, "not signed")
}

// planPage is a unit's part of it.
type planPage struct {
	learningdb.Plan
	Tops   []org.Ref // the highest units whose plans the reader reads
	Reads  func(unit string) bool
	Drafts bool // may write priorities and minutes
	Signs  bool // may sign for the unit
	Typed  priorityTyped
	Review learning.Review
	Err    error
}

// priorityTyped is a priority as it stands in the form.
type priorityTyped struct {
	ID, Name, Why, Goal, Competencies, Hours, Budget, Currency, Owner, Solutions string
	Resources                                                                    []string
}

func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	return p.showPlan(w, r, planPage{})
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, v planPage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if v.Plan, err = p.Store.Plan(ctx, actor.Organisation, r.PathValue("unit"), web.Number(r, "year", 0)); err != nil {
		return err
	}
	at := org.PlaceOf(v.Path)
	if !p.Permits.May(actor, ReadStrategy, at) {
		return fault.NotFoundf("there is no such unit")
	}
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	v.Tops, v.Reads = p.Permits.Tops(actor, ReadStrategy, units), func(unit string) bool { return p.readsPlan(actor, units, unit) }
	v.Drafts, v.Signs = p.Permits.May(actor, Manage, org.Place{}), p.Permits.May(actor, SignPlan, at)
	if v.Typed.Currency == "" {
		setting, err := p.Efforts.Setting(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		v.Typed.Currency = setting.Currency
	}
	if n := slices.IndexFunc(v.Own, func(o learningdb.Agreed) bool { return o.ID == r.FormValue("edit") }); n >= 0 && v.Typed.ID == "" {
		v.Typed = v.typed(v.Own[n].Priority)
	}
	return web.Page(w, r, web.StatusOf(v.Err), planView(v))
}

// typed is a priority as a form shows it.
func (v planPage) typed(p learning.Priority) priorityTyped {
	t := priorityTyped{ID: p.ID, Name: p.Name, Why: p.Why, Goal: p.Goal, Currency: p.Currency, Owner: p.Owner.Name, Resources: p.Resources}
	var names, solutions []string
	for _, c := range p.Competencies {
		names = append(names, v.Names[c])
	}
	for _, s := range p.Solutions {
		solutions = append(solutions, strings.TrimSuffix(string(s.Kind)+": "+s.What, ": "))
	}
	t.Competencies, t.Solutions = strings.Join(names, "\n"), strings.Join(solutions, "\n")
	if p.Hours > 0 {
		t.Hours = strconv.Itoa(p.Hours)
	}
	if p.Budget > 0 {
		t.Budget = effort.WriteAmount(p.Budget, p.Currency)
	}
	return t
}

// changePlan writes a priority, signs one, takes one out, or keeps the minutes of a review.
func (p *Pages) changePlan(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, unit := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("unit")
	v, err := p.Store.Plan(ctx, actor.Organisation, unit, web.Number(r, "year", 0))
	if err != nil {
		return err
	}
	at := org.PlaceOf(v.Path)
	drafts, signs := p.Permits.May(actor, Manage, org.Place{}), p.Permits.May(actor, SignPlan, at)
	do, what, _ := strings.Cut(r.FormValue("do"), " ")
	page := planPage{}
	own := slices.ContainsFunc(v.Own, func(o learningdb.Agreed) bool { return o.ID == what })
	switch {
	case do == "save" && drafts:
		page.Typed, err = p.savePriority(r, v)
	case do == "sign-learning" && drafts && own:
		err = p.Store.Sign(ctx, actor.Organisation, what, true, actor.Name)
	case do == "sign-head" && signs && own:
		err = p.Store.Sign(ctx, actor.Organisation, what, false, actor.Name)
	case do == "drop" && drafts && own:
		err = p.Store.DropPriority(ctx, actor.Organisation, what, actor.Name)
	case do == "meet" && (drafts || signs):
		page.Review = learning.Review{Unit: org.Ref{ID: unit}, Year: v.Year, Day: period.Day(r.FormValue("day")), With: r.FormValue("with"), Decisions: r.FormValue("decisions"), Minutes: r.FormValue("minutes"), Next: period.Day(r.FormValue("next"))}
		err = p.Store.Meet(ctx, actor.Organisation, page.Review, actor.Name)
	default:
		return fault.NotFoundf("there is no such unit")
	}
	if page.Err = err; web.Retry(err) {
		return p.showPlan(w, r, page)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, planPath(unit, v.Year))
}

func planPath(unit string, year int) string {
	return "/learning/strategy/" + unit + "?" + url.Values{"year": {strconv.Itoa(year)}}.Encode()
}

// savePriority reads the form and keeps it.
func (p *Pages) savePriority(r *http.Request, v learningdb.Plan) (t priorityTyped, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	t = priorityTyped{ID: r.FormValue("priority"), Name: r.FormValue("name"), Why: r.FormValue("why"), Goal: r.FormValue("goal"), Competencies: r.FormValue("competencies"), Hours: r.FormValue("hours"), Budget: r.FormValue("budget"),
		Currency: strings.ToUpper(strings.TrimSpace(r.FormValue("currency"))), Owner: r.FormValue("owner"), Solutions: r.FormValue("solutions"), Resources: r.Form["resource"]}
	made := learning.Priority{ID: t.ID, Unit: v.Unit, Year: v.Year, Name: t.Name, Why: t.Why, Goal: t.Goal, Resources: t.Resources, Currency: t.Currency}
	for name := range strings.Lines(t.Competencies) {
		if strings.TrimSpace(name) == "" {
			continue
		}
		c, err := p.Store.Find(ctx, actor.Organisation, "", name)
		if err != nil {
			return t, err
		}
		made.Competencies = append(made.Competencies, c.ID)
	}
	for line := range strings.Lines(t.Solutions) {
		kind, what, _ := strings.Cut(line, ":")
		if strings.TrimSpace(line) != "" {
			made.Solutions = append(made.Solutions, learning.Solution{Kind: kindOf(ctx, kind), What: what})
		}
	}
	if made.Hours, err = countTyped(t.Hours, "hours"); err != nil {
		return t, err
	}
	if made.Budget, err = effort.ReadAmount(t.Budget, effort.Digits(t.Currency)); err != nil {
		e := fault.Of(err)
		return t, &fault.Error{Kind: e.Kind, Field: "budget", Format: e.Format, Args: e.Args}
	}
	_, err = p.Store.SavePriority(ctx, actor.Organisation, made, t.Owner, actor.Name)
	return t, err
}

// kindOf is the kind of solution that somebody types, by its key or its name in either language.
func kindOf(ctx context.Context, typed string) effort.Kind {
	typed = strings.TrimSpace(typed)
	for _, k := range effort.Kinds {
		if strings.EqualFold(typed, string(k)) || strings.EqualFold(typed, k.Name()) || strings.EqualFold(typed, lang.T(ctx, k.Name())) {
			return k
		}
	}
	return effort.Kind(typed)
}

func (v planPage) heading(ctx context.Context) string {
	n := agreed(v.Own)
	switch {
	case len(v.Own) == 0:
		return lang.T(ctx, "%[1]s has no learning plan for %[2]s yet.", v.Unit.Name, strconv.Itoa(v.Year))
	case n[learning.Agreed] == len(v.Own):
		return lang.N(ctx, len(v.Own), "The one priority is signed by both.", "All %d priorities are signed by both.")
	case n[learning.Reopened] > 0:
		return lang.N(ctx, n[learning.Reopened], "Under one priority the goal has changed: it is open again.", "Under %d priorities the goal has changed: they are open again.")
	}
	return lang.T(ctx, "%[1]d of %[2]d priorities are signed by both.", n[learning.Agreed], len(v.Own))
}

func (v planPage) path() templ.SafeURL { return templ.SafeURL(planPath(v.Unit.ID, v.Year)) }

// named are things by their names.
func (v planPage) named(ids []string) string {
	var names []string
	for _, one := range ids {
		names = append(names, v.Names[one])
	}
	return strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), ", ")
}

// solutions says what is done beside learning.
func solutionsText(ctx context.Context, all []learning.Solution) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, strings.TrimSuffix(lang.T(ctx, s.Kind.Name())+": "+s.What, ": "))
	}
	return strings.Join(parts, "; ")
}

// meansText says in a line what a priority takes.
func meansText(ctx context.Context, p learning.Priority) string {
	var parts []string
	if p.Hours > 0 {
		parts = append(parts, lang.N(ctx, p.Hours, "one hour", "%d hours"))
	}
	if p.Budget > 0 {
		parts = append(parts, lang.Money(ctx, p.Budget, effort.Digits(p.Currency), p.Currency))
	}
	return strings.Join(append(parts, p.Owner.Name), " · ")
}

// signedText says who has signed.
func signedText(ctx context.Context, p learning.Priority) string {
	var parts []string
	for _, s := range []struct {
		learning.Signature
		of string
	}{{p.Learning, lang.T(ctx, "for learning: %s", p.Learning.By)}, {p.Head, lang.T(ctx, "for the unit: %s", p.Head.By)}} {
		if !s.IsZero() {
			parts = append(parts, s.of+", "+s.At.Format("2006-01-02"))
		}
	}
	return strings.Join(parts, " · ")
}

// years are those that can be chosen: the one before, this one, the next, and those that have priorities.
func (v strategyPage) years() []int {
	now := v.Today.Time().Year()
	all := append([]int{now - 1, now, now + 1, v.Year}, v.Years...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Serves draws what is learned for a goal: resources, and priorities of units whose plans the reader may read.
func (p *Pages) Serves(ctx context.Context, actor org.Actor, g strategy.Goal) (templ.Component, error) {
	all, err := p.Store.Serving(ctx, actor.Organisation, g.ID)
	if err != nil {
		return nil, err
	}
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	all.Priorities = slices.DeleteFunc(all.Priorities, func(one learningdb.Agreed) bool { return !p.readsPlan(actor, units, one.Unit.ID) })
	if len(all.Priorities)+len(all.Resources) == 0 {
		return nil, nil
	}
	return servingView(all), nil
}
