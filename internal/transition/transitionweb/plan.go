package transitionweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// planForm is the page of who coaches whom.
type planForm struct {
	transition.Programme
	Manages  bool
	Current  *transitiondb.Plan // nil for none
	Draft    *transitiondb.Plan
	Back     bool                 // the plan before can be gone back to
	Groups   []transitiondb.Group // of the draft, else of the plan that holds
	Coverage transition.Coverage
	Before   map[string]string // coach by id, for groups that move
	Members  []transition.Member
	Err      error
}

func planKey(organisation, programme string) string { return organisation + "/plan/" + programme }

func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	if one.Kind != transition.Coaches {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	if _, ready, err := web.Join[struct{}](p.Works, w, r, planKey(actor.Organisation, one.ID)); !ready || web.Retry(err) {
		if web.Retry(err) {
			return p.showPlan(w, r, one, err)
		}
		return err
	} else if err != nil {
		return err
	}
	return p.showPlan(w, r, one, nil)
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, one transition.Programme, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := planForm{Programme: one, Manages: p.Permits.May(actor, Manage, org.Place{}) && !one.Closed, Before: map[string]string{}, Err: mistake}
	if f.Current, err = p.Store.Plan(ctx, actor.Organisation, one.ID, transitiondb.Current); err != nil {
		return err
	}
	if f.Manages {
		if f.Draft, err = p.Store.Plan(ctx, actor.Organisation, one.ID, transitiondb.Draft); err != nil {
			return err
		}
	}
	before, err := p.Store.Plan(ctx, actor.Organisation, one.ID, transitiondb.Before)
	if err != nil {
		return err
	}
	f.Back = before != nil && f.Current != nil && p.Store.Clock("").Sub(f.Current.Accepted) < transitiondb.BackFor
	if f.Coverage, err = p.Store.Coverage(ctx, actor.Organisation, one.ID); err != nil {
		return err
	}
	members, err := p.Store.Members(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	f.Members = members
	for _, m := range members {
		f.Before[m.ID] = m.Person.Title()
	}
	if f.Current != nil {
		f.Current.Plan = f.Current.Plan.Held(members)
	}
	if shown := cmp.Or(f.Draft, f.Current); shown != nil {
		if f.Groups, err = p.Store.Named(ctx, actor.Organisation, one.ID, shown.Groups); err != nil {
			return err
		}
	}
	if done, err := web.Exported(w, r, one.Name+"-plan", f.table(ctx, f.Groups)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), planPage(f))
}

// changePlan drafts, accepts, or goes back.
func (p *Pages) changePlan(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	switch r.FormValue("do") {
	case "accept":
		made, bad := strconv.ParseInt(r.FormValue("made"), 10, 64)
		if bad != nil {
			return fault.Invalidf("the form could not be read: send it again")
		}
		err = p.Store.AcceptPlan(r.Context(), actor.Organisation, one.ID, time.UnixMicro(made), actor.Name)
	case "discard":
		err = p.Store.DiscardDraft(r.Context(), actor.Organisation, one.ID)
	case "back":
		err = p.Store.TakeBackPlan(r.Context(), actor.Organisation, one.ID, actor.Name)
	default:
		web.Begin(p.Works, r, planKey(actor.Organisation, one.ID), func(ctx context.Context, progress func(done, total int)) (struct{}, error) {
			return struct{}{}, p.Store.DraftPlan(ctx, actor.Organisation, one.ID, actor.Name, progress)
		})
	}
	if web.Retry(err) {
		return p.showPlan(w, r, one, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/programmes/"+one.ID+"/plan")
}

func (f planForm) heading(ctx context.Context) string {
	shown := cmp.Or(f.Draft, f.Current)
	if shown == nil {
		return lang.T(ctx, "No plan yet: who coaches whom?")
	}
	groups, people, all := covered(shown.Groups)
	in := lang.N(ctx, groups, "one group", "%d groups")
	if f.Draft != nil {
		return lang.T(ctx, "The new plan gives %[1]d of %[2]d people a coach, in %[3]s.", people, all, in)
	}
	return lang.T(ctx, "%[1]d of %[2]d people have a coach, in %[3]s.", people, all, in)
}

// covered is how many groups have a coach, how many people they are, and how many there are
// in all.
func covered(all []transition.Group) (groups, people, total int) {
	for _, g := range all {
		total += g.Size()
		if g.Coach != "" {
			groups++
			people += g.Size()
		}
	}
	return groups, people, total
}

// differenceText says what a draft changes.
func (f planForm) differenceText(ctx context.Context) string {
	d := f.Draft.Against()
	if f.Current == nil {
		return lang.T(ctx, "It is the first plan of this programme.")
	}
	if d.Change+d.New+d.Lose == 0 {
		return lang.T(ctx, "Nothing changes for anybody.")
	}
	text := lang.N(ctx, d.Stay, "One group keeps its coach.", "%d groups keep their coach.")
	if d.Change > 0 {
		text += " " + lang.N(ctx, d.Change, "One changes.", "%d change.")
	}
	if d.New > 0 {
		text += " " + lang.N(ctx, d.New, "One gets its first.", "%d get their first.")
	}
	if d.Lose > 0 {
		text += " " + lang.N(ctx, d.Lose, "One has none any more.", "%d have none any more.")
	}
	return text + " " + lang.N(ctx, d.People, "For one person it is another coach than now.", "For %d people it is another coach than now, or none.")
}

// bestText says how good an assignment is.
func bestText(ctx context.Context, p *transitiondb.Plan) string {
	switch {
	case p.Best:
		return lang.T(ctx, "It is the best plan by these rules.")
	case p.Near <= 1:
		return lang.T(ctx, "It is all but the best: another may fit units and partners a little better.")
	}
	return lang.T(ctx, "It is near the best: another plan is better by at most what %d people without a coach weigh.", p.Near)
}

func (f planForm) table(ctx context.Context, groups []transitiondb.Group) web.Table {
	t := web.Table{Name: lang.T(ctx, "Plan"), Header: []string{lang.T(ctx, "Location"), lang.T(ctx, "Units"), lang.T(ctx, "People"), lang.T(ctx, "Coach"), lang.T(ctx, "Coach until now")}, Roomy: []string{lang.T(ctx, "Units")}}
	name := map[string]string{}
	for _, s := range f.Coverage.Sites {
		name[s.Location.ID] = s.Location.Name
	}
	for _, g := range groups {
		before := ""
		if (f.Draft != nil || g.Coach == "") && g.Before != g.Coach {
			before = f.Before[g.Before]
		}
		t.Rows = append(t.Rows, []any{siteName(ctx, name[g.Location]), unitsText(g), g.Size(), coachText(ctx, g), before})
	}
	slices.SortStableFunc(t.Rows, func(a, b []any) int { return cmp.Compare(a[0].(string), b[0].(string)) })
	return t
}

const mostGroups = 100 // on the page; the file has all

// moved are the groups whose coach a draft changes.
func (f planForm) moved() []transitiondb.Group {
	return slices.DeleteFunc(slices.Clone(f.Groups), func(g transitiondb.Group) bool { return g.Before == "" || g.Before == g.Coach })
}

func unitsText(g transitiondb.Group) string {
	var names []string
	for _, u := range g.Units {
		names = append(names, u.Unit.Name)
	}
	return strings.Join(names, ", ")
}

func coachText(ctx context.Context, g transitiondb.Group) string {
	if g.Coach == "" {
		return lang.T(ctx, "nobody yet")
	}
	return g.CoachName
}

// lostText says that the coach of a group does not coach any more; "" where that is not so.
func (f locationForm) lostText(ctx context.Context, g transitiondb.Group) string {
	if name := f.Lost[g.Coach]; name != "" {
		return lang.T(ctx, "%s does not coach any more: give the group to somebody else.", name)
	}
	return ""
}

// locationForm is the page of one location in a programme.
type locationForm struct {
	transition.Programme
	transition.Site
	Manages bool
	Members []transition.Member
	Groups  []transitiondb.Group
	Planned bool
	Coaches []transition.Member // who coach, those of the location first
	Load    map[string]int      // people whom they look after in the plan that holds, by id
	Lost    map[string]string   // who does not coach any more, by id
	Group   string              // that was being given
	Err     error
}

func (p *Pages) location(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	if r.FormValue("at") == "" { // all of them stand there
		return web.SeeOther(w, r, "/programmes/"+one.ID)
	}
	return p.showLocation(w, r, one, r.FormValue("at"), "", nil)
}

func (p *Pages) showLocation(w http.ResponseWriter, r *http.Request, one transition.Programme, at, group string, mistake error) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := locationForm{Programme: one, Manages: p.Permits.May(actor, Manage, org.Place{}) && !one.Closed, Group: group, Err: mistake}
	c, err := p.Store.Coverage(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Sites, func(s transition.Site) bool { return s.Location.ID == at })
	if i < 0 {
		return fault.NotFoundf("nobody works at this location today")
	}
	f.Site = c.Sites[i]
	members, err := p.Store.Members(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Person.Location.ID == at && !m.Left {
			f.Members = append(f.Members, m)
		}
		if m.Coaches() {
			f.Coaches = append(f.Coaches, m)
		}
	}
	here := func(m transition.Member) int {
		if m.Person.Location.ID == at {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(f.Coaches, func(a, b transition.Member) int { return here(a) - here(b) })
	plan, err := p.Store.Plan(ctx, actor.Organisation, one.ID, transitiondb.Current)
	if err != nil {
		return err
	}
	f.Planned, f.Load = plan != nil, map[string]int{}
	if plan != nil {
		for _, g := range plan.Groups {
			f.Load[g.Coach] += g.Size()
		}
	}
	if f.Groups, err = p.Store.GroupsAt(ctx, actor.Organisation, one.ID, at); err != nil {
		return err
	}
	f.Lost = map[string]string{}
	for i, m := range members {
		if !m.Coaches() {
			f.Lost[m.ID] = members[i].Person.Title()
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), locationPage(f))
}

// roomFor lists who has room for a group.
func (f locationForm) roomFor(g transitiondb.Group) (some []transition.Member) {
	for _, m := range f.Coaches {
		if f.Load[m.ID]+g.Size() <= m.Room {
			some = append(some, m)
		}
	}
	return some
}

// giveGroup gives a group to a coach, or to nobody.
func (p *Pages) giveGroup(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	at, group := r.FormValue("at"), r.PathValue("group")
	err = p.Store.GiveGroup(r.Context(), actor.Organisation, one.ID, group, r.FormValue("coach"), actor.Name)
	if web.Retry(err) {
		return p.showLocation(w, r, one, at, group, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, locationPath(one.ID, at))
}

func (f locationForm) heading(ctx context.Context) string {
	name := siteName(ctx, f.Location.Name)
	if f.Gap() == 0 {
		return lang.T(ctx, "%s has all the coaches that it needs.", name)
	}
	return lang.T(ctx, "%[1]s has %[2]d of the %[3]d coaches that it needs.", name, f.Have, f.Need)
}

func locationPath(programme, at string) string {
	return "/programmes/" + programme + "/locations?at=" + url.QueryEscape(at)
}
