package transitionweb

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// overview is the page that says how far a programme is.
type overview struct {
	transition.Programme
	Path      string
	Manages   bool
	Points    []diagnosis.FocalPoint
	Members   []transition.Member
	Formed    []transition.Formed
	Coverage  transition.Coverage // of coaches
	Areas     []area
	Plan      *transitiondb.Plan // that holds; nil for none
	Without   []transition.Uncovered
	Unplanned int       // people at work who are in no group of the plan
	Teams     []teamRow // of leaders
	Map       *placeMap // of coaches; nil where fewer than two locations have coordinates
	Todos     []todo    // for whoever leads it
}

// area is a partner, or a country where there are no partners, with its locations.
type area struct {
	Name string
	transition.Coverage
}

// teamRow is a management team and who coaches it.
type teamRow struct {
	org.ManagementTeam
	Leader *transition.Member // nil for nobody
	Counts bool               // it has a leader, or somebody on it whom the rule finds
}

func (p *Pages) programme(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	o := overview{Programme: one, Path: "/programmes/" + one.ID, Manages: p.Permits.May(actor, Manage, org.Place{})}
	if err := p.fill(r.Context(), actor.Organisation, &o); err != nil {
		return err
	}
	if o.Manages && !one.Closed {
		if o.Todos, err = p.todos(r.Context(), actor.Organisation, one, o.Members); err != nil {
			return err
		}
	}
	table := o.coverageTable(r.Context())
	if one.Kind == transition.Leaders {
		table = o.teamTable(r.Context())
	}
	if done, err := web.Exported(w, r, one.Name, table); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, o.list())
	}
	return web.Page(w, r, http.StatusOK, programmePage(o))
}

func (p *Pages) fill(ctx context.Context, organisation string, o *overview) (err error) {
	if o.Points, err = p.Store.FocalOf(ctx, organisation, o.Programme); err != nil {
		return err
	}
	if o.Members, err = p.Store.Members(ctx, organisation, o.ID); err != nil {
		return err
	}
	zone, err := p.Org.Organisation(ctx, organisation)
	if err != nil {
		return err
	}
	o.Formed = transition.Forming(o.Members, p.Store.Clock(zone.Zone))
	if o.Kind == transition.Leaders {
		return p.fillTeams(ctx, organisation, o)
	}
	if o.Coverage, err = p.Store.Coverage(ctx, organisation, o.ID); err != nil {
		return err
	}
	o.Areas = areas(o.Coverage)
	where, err := p.Org.Where(ctx, organisation)
	if err != nil {
		return err
	}
	o.Map = drawMap(ctx, o.Coverage, where)
	if o.Plan, err = p.Store.Plan(ctx, organisation, o.ID, transitiondb.Current); err != nil || o.Plan == nil {
		return err
	}
	held := o.Plan.Held(o.Members)
	o.Without = held.Explain(waiting(o.Coverage, held, o.Members))
	_, _, planned := covered(held.Groups)
	o.Unplanned = max(0, int(math.Ceil(o.Coverage.Headcount()))-planned)
	return nil
}

// waiting says, by location, who could still come to coach in a plan.
func waiting(c transition.Coverage, p transition.Plan, members []transition.Member) map[string]transition.Waiting {
	at, busy, free := map[string]transition.Waiting{}, map[string]bool{}, map[string]int{}
	for _, g := range p.Groups {
		busy[g.Coach] = true
	}
	for _, m := range members {
		if m.Coaches() && !busy[m.ID] {
			free[m.Person.Location.ID]++
		}
	}
	for _, s := range c.Sites {
		at[s.Location.ID] = transition.Waiting{Free: free[s.Location.ID], Active: s.Have, Forms: s.Forms, Invited: s.Invited, Nominated: s.Nominated, Candidates: s.Candidates, Declined: s.Declined}
	}
	return at
}

func (p *Pages) fillTeams(ctx context.Context, organisation string, o *overview) error {
	teams, err := p.Store.Teams(ctx, organisation)
	if err != nil {
		return err
	}
	eligible, err := p.Store.TeamsOf(ctx, organisation, o.Programme)
	if err != nil {
		return err
	}
	for _, t := range teams {
		row := teamRow{ManagementTeam: t, Counts: eligible[t.ID]}
		for i, m := range o.Members {
			if m.Team.ID == t.ID && m.Status != transition.Declined && m.Status != transition.Alumnus {
				row.Leader, row.Counts = &o.Members[i], true
			}
		}
		o.Teams = append(o.Teams, row)
	}
	return nil
}

// areas puts locations together by partner, or by country where nobody works for a partner.
func areas(c transition.Coverage) []area {
	byPartner := slices.ContainsFunc(c.Sites, func(s transition.Site) bool { return s.Partner != "" })
	at := map[string][]transition.Site{}
	for _, s := range c.Sites {
		name := s.Location.Country
		if byPartner {
			name = s.Partner
		}
		at[name] = append(at[name], s)
	}
	var all []area
	for name, sites := range at {
		slices.SortStableFunc(sites, func(a, b transition.Site) int { return cmp.Compare(b.Headcount(), a.Headcount()) })
		all = append(all, area{name, transition.Cover(sites)})
	}
	slices.SortFunc(all, func(a, b area) int {
		return cmp.Or(cmp.Compare(b.Headcount(), a.Headcount()), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// counted is how many management teams count.
func (o overview) counted() (n int) {
	for _, t := range o.Teams {
		if t.Counts {
			n++
		}
	}
	return n
}

// led is how many management teams have a leader who is active, or is in formation.
func (o overview) led() (active, forms int) {
	for _, t := range o.Teams {
		switch {
		case t.Leader == nil:
		case t.Leader.Coaches():
			active++
		case t.Leader.Forms():
			forms++
		}
	}
	return active, forms
}

func (o overview) heading(ctx context.Context) string {
	if o.Kind == transition.Leaders {
		active, _ := o.led()
		switch {
		case len(o.Teams) > 0 && o.counted() == 0:
			return lang.T(ctx, "Nobody on a management team meets the rule of the programme.")
		case o.counted() == 0:
			return lang.T(ctx, "The roster names no management team yet.")
		case active == o.counted() && active < len(o.Teams):
			return lang.N(ctx, active, "The one management team that counts has its leader.", "All %d management teams that count have a leader.")
		case active == o.counted():
			return lang.N(ctx, active, "The management team has its leader.", "All %d management teams have a leader.")
		}
		if active == 1 {
			return lang.T(ctx, "One of %d management teams has a leader.", o.counted())
		}
		return lang.T(ctx, "%[1]d of %[2]d management teams have a leader.", active, o.counted())
	}
	c := o.Coverage
	switch {
	case c.Need == 0:
		return lang.T(ctx, "Nobody works anywhere yet: import a roster.")
	case c.Gap() == 0:
		return lang.N(ctx, c.Need, "The one coach that is needed is active.", "All %d coaches that are needed are active.")
	}
	if c.Need-c.Gap() == 1 {
		return lang.T(ctx, "One of the %d coaches that we need is active.", c.Need)
	}
	if worst := o.largest(); c.Missing() > 1 && 5*worst.Missing() >= c.Missing() {
		return lang.T(ctx, "%[1]d of the %[2]d coaches that we need are active, and the largest gap is at %[3]s.", c.Need-c.Gap(), c.Need, siteName(ctx, worst.Location.Name))
	}
	return lang.T(ctx, "%[1]d of the %[2]d coaches that we need are active.", c.Need-c.Gap(), c.Need)
}

// largest is the location where most coaches are missing.
func (o overview) largest() transition.Site {
	return slices.MaxFunc(o.Coverage.Sites, func(a, b transition.Site) int { return cmp.Compare(a.Missing(), b.Missing()) })
}

func (o overview) lede(ctx context.Context) string {
	if o.Kind == transition.Leaders {
		text := lang.T(ctx, "Each leader coaches one management team in keeping its focus.")
		if _, forms := o.led(); forms > 0 {
			text += " " + lang.N(ctx, forms, "For one more the leader is in formation.", "For %d more the leader is in formation.")
		}
		if n := len(o.Teams) - o.counted(); n > 0 && o.counted() > 0 {
			text += " " + lang.N(ctx, n, "On one team nobody meets the rule of the programme: it does not count.", "On %d teams nobody meets the rule of the programme: they do not count.")
		}
		return text
	}
	full, forming, short, empty := o.Coverage.Locations()
	text := lang.T(ctx, "The aim is one coach for every %[1]d people, at every location. %[2]d of %[3]d locations have all that they need.", o.Per, full, full+forming+short)
	if forming > 0 {
		text += " " + lang.N(ctx, forming, "One waits for coaches in formation only.", "%d wait for coaches in formation only.")
	}
	if short > 0 {
		text += " " + lang.N(ctx, o.Coverage.Missing(), "One place has nobody yet.", "%d places have nobody yet.")
	}
	if empty > 0 {
		text += " " + lang.N(ctx, empty, "One location has no coach at all.", "%d locations have no coach at all.")
	}
	return text
}

// gaps are the locations where somebody is missing, the largest gap first.
func (o overview) gaps() []transition.Site {
	some := slices.DeleteFunc(slices.Clone(o.Coverage.Sites), func(s transition.Site) bool { return s.Missing() == 0 })
	slices.SortStableFunc(some, func(a, b transition.Site) int {
		return cmp.Or(cmp.Compare(b.Missing(), a.Missing()), cmp.Compare(b.Headcount(), a.Headcount()))
	})
	return some
}

const mostGaps = 10 // shown at first

func (o overview) gapTable(ctx context.Context, sites []transition.Site) web.Table {
	t := web.Table{Name: lang.T(ctx, "Largest gaps"), Header: []string{lang.T(ctx, "Location"), lang.T(ctx, "People"), lang.T(ctx, "Active"), lang.T(ctx, "In formation"),
		lang.T(ctx, "Missing"), lang.T(ctx, "Candidates"), lang.T(ctx, "Next")}, Roomy: []string{lang.T(ctx, "People"), lang.T(ctx, "Active"), lang.T(ctx, "In formation"), lang.T(ctx, "Candidates")}}
	for _, s := range sites {
		t.Rows = append(t.Rows, []any{o.siteLink(ctx, s), heads(s), lang.T(ctx, "%[1]d of %[2]d", s.Have, s.Need), s.Forms, s.Missing(), s.Candidates, nextText(ctx, s)})
	}
	return t
}

func (o overview) siteLink(ctx context.Context, s transition.Site) web.Link {
	return web.Link{Path: locationPath(o.ID, s.Location.ID), Text: siteName(ctx, s.Location.Name)}
}

// heads is a headcount as a cell: a whole number where it is one.
func heads(s transition.Site) any {
	if s.Unnamed == 0 {
		return s.People
	}
	return s.Headcount()
}

func (o overview) coverageTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Coverage"), Header: []string{lang.T(ctx, "Location"), lang.T(ctx, "Country"), lang.T(ctx, "Partner"), lang.T(ctx, "People"), lang.T(ctx, "Needed"),
		lang.T(ctx, "Active"), lang.T(ctx, "In formation"), lang.T(ctx, "Invited"), lang.T(ctx, "Nominated"), lang.T(ctx, "Candidates"), lang.T(ctx, "Gap"), lang.T(ctx, "Missing")},
		Roomy: []string{lang.T(ctx, "Country"), lang.T(ctx, "Partner"), lang.T(ctx, "Invited"), lang.T(ctx, "Nominated"), lang.T(ctx, "Candidates"), lang.T(ctx, "Gap"), lang.T(ctx, "In formation")}}
	for _, s := range o.Coverage.Sites {
		t.Rows = append(t.Rows, []any{o.siteLink(ctx, s), s.Location.Country, s.Partner, heads(s), s.Need, s.Have, s.Forms, s.Invited, s.Nominated, s.Candidates, s.Gap(), s.Missing()})
	}
	return t
}

func (o overview) teamTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Management teams"), Header: []string{lang.T(ctx, "Management team"), lang.T(ctx, "Unit"), lang.T(ctx, "Leader"), lang.T(ctx, "Status")}, Roomy: []string{lang.T(ctx, "Unit")}}
	for _, row := range o.Teams {
		line := []any{row.Name, row.Unit.Name, lang.T(ctx, "nobody yet"), ""}
		if !row.Counts {
			line[3] = lang.T(ctx, "nobody on it meets the rule")
		}
		if row.Leader != nil {
			line[2], line[3] = web.Link{Path: o.Path + "/people/" + row.Leader.ID, Text: row.Leader.Person.Title()}, statusName(ctx, row.Leader.Status)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func (o overview) formedTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "How the group formed"), Header: []string{lang.T(ctx, "Month"), lang.T(ctx, "Active"), lang.T(ctx, "In formation")}}
	for _, f := range o.Formed {
		t.Rows = append(t.Rows, []any{f.Month, f.Active, f.Forms})
	}
	return t
}

// list is the page for a program.
func (o overview) list() coverageAnswer {
	out := coverageAnswer{Programme: o.Name, Kind: string(o.Kind)}
	if o.Kind == transition.Leaders {
		out.Active, _ = o.led()
		out.Gap = o.counted() - out.Active
		for _, t := range o.Teams {
			one := teamAnswer{Team: t.Name, Unit: t.Unit.Name}
			if t.Leader != nil {
				one.Leader, one.Status = t.Leader.Person.Title(), string(t.Leader.Status)
			}
			out.Teams = append(out.Teams, one)
		}
		return out
	}
	c := o.Coverage
	out.Locations, out.Headcount, out.Need, out.Active, out.Gap = len(c.Sites), c.Headcount(), c.Need, c.Have, c.Gap()
	for _, s := range c.Sites {
		out.Rows = append(out.Rows, siteAnswer{s.Location.Name, s.Location.Country, s.Partner, s.Headcount(), s.Need, s.Have, s.Forms, s.Gap(), s.Candidates})
	}
	return out
}

// areaLabel says an area's tiles in words.
func (a area) label(ctx context.Context) string {
	return lang.T(ctx, "%[1]s: %[2]d of %[3]d coaches active, %[4]d in formation, %[5]d missing", a.name(ctx), a.Need-a.Gap(), a.Need, a.Forms, a.Missing())
}

func (a area) name(ctx context.Context) string {
	if a.Name == "" {
		return lang.T(ctx, "Others")
	}
	return a.Name
}

const mostDots = 24

// dots is what a tile shows of the coaches at a location: active, in formation, missing; one
// sign each.
func dots(s transition.Site) string {
	return strings.Repeat("a", s.Have) + strings.Repeat("f", s.Forms) + strings.Repeat("m", s.Missing())
}

// tileText says a tile in words.
func tileText(ctx context.Context, s transition.Site) string {
	return lang.T(ctx, "%[1]s: %[2]s people, %[3]d of %[4]d coaches active, %[5]d in formation, %[6]d missing", siteName(ctx, s.Location.Name), web.Cell(ctx, heads(s), 1), s.Have, s.Need, s.Forms, s.Missing())
}

// curve is the picture of how the group formed.
type curve struct {
	Active, Both   string // paths
	Area           string
	Need           string // height of the line of what is needed; "" for none
	NeedText       string
	Last           transition.Formed
	LastX, LastY   string
	First, Newest  string // months
	Width, Height  int
	Left, Baseline int
}

// picture draws it; ok is false for less than two months.
func (o overview) picture(ctx context.Context) (c curve, ok bool) {
	n := len(o.Formed)
	if n < 2 {
		return c, false
	}
	c = curve{Width: 480, Height: 220, Left: 8, Baseline: 190, Last: o.Formed[n-1], First: o.Formed[0].Month, Newest: o.Formed[n-1].Month}
	need := o.Coverage.Need
	if o.Kind == transition.Leaders {
		need = o.counted()
	}
	most := need
	for _, f := range o.Formed {
		most = max(most, f.Active+f.Forms)
	}
	x := func(i int) string {
		return fmt.Sprintf("%.1f", float64(c.Left)+float64(i)*float64(c.Width-c.Left-90)/float64(n-1))
	}
	y := func(v int) string {
		return fmt.Sprintf("%.1f", float64(c.Baseline)-float64(v)*160/float64(max(most, 1)))
	}
	var active, both []string
	for i, f := range o.Formed {
		active = append(active, x(i)+" "+y(f.Active))
		both = append(both, x(i)+" "+y(f.Active+f.Forms))
	}
	c.Active, c.Both = "M"+strings.Join(active, "L"), "M"+strings.Join(both, "L")
	c.Area = c.Active + "L" + x(n-1) + " " + y(0) + "L" + x(0) + " " + y(0) + "Z"
	c.LastX, c.LastY = x(n-1), y(c.Last.Active)
	if need > 0 {
		c.Need, c.NeedText = y(need), lang.T(ctx, "%d needed", need)
	}
	return c, true
}
