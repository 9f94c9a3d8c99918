package impactweb

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// rollOutPage plans in which order an initiative reaches units.
type rollOutPage struct {
	impact.RollOut
	Initiative effort.Initiative
	Indicators []strategy.Indicator
	Indicator  string // id
	Units      *org.Structure
	Scope      string
	Depth      int // of the units among which the lot is fair: 1 directly under the whole
	Asked      bool
	Subjects   []impact.Subject
	Group      []int
	Strata     []string
	Foresight  *impact.Foresight
	Err        error
}

// usual is a roll-out that is proposed before anybody has said anything.
func usual(today period.Day) impact.RollOut {
	next := period.Of(today, period.Monthly).Add(2)
	return impact.RollOut{Groups: 3, First: next.First(), Every: 3, Rest: true, Until: 6}
}

func (p *Pages) rollOut(w http.ResponseWriter, r *http.Request) error {
	f, err := p.rollOutOf(r)
	if err != nil {
		return err
	}
	if !f.Asked {
		return web.Page(w, r, http.StatusOK, rollOutForm(f))
	}
	f, ready, err := p.foreseen(w, r, f)
	if !ready || err != nil && fault.Of(err) == nil {
		return err
	}
	if err != nil {
		f.Err = err
	}
	return web.Page(w, r, web.StatusOf(f.Err), rollOutForm(f))
}

// rollOutOf reads the form, which stands in the address, so that what was drawn can be looked at again.
func (p *Pages) rollOutOf(r *http.Request) (f rollOutPage, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if f.Initiative, err = p.Store.Effort.Initiative(ctx, actor.Organisation, r.PathValue("initiative")); err != nil {
		return f, err
	}
	all, err := p.Store.Strategy.Indicators(ctx, actor.Organisation)
	if err != nil {
		return f, err
	}
	for _, i := range all {
		if !i.OfPeople() && i.Ended == "" && !i.OfScores() {
			f.Indicators = append(f.Indicators, i)
		}
	}
	if f.Units, err = p.Store.Strategy.Units(ctx, actor.Organisation); err != nil {
		return f, err
	}
	today, err := p.Org.Today(ctx, actor.Organisation)
	if err != nil {
		return f, err
	}
	f.RollOut, f.Depth = usual(today), 1
	if len(f.Units.Units) > 0 {
		f.Scope = f.Units.Units[0].ID
	}
	if r.FormValue("groups") == "" {
		return f, nil
	}
	f.Asked = true
	f.Indicator, f.Scope = r.FormValue("indicator"), cmp.Or(r.FormValue("scope"), f.Scope)
	f.Depth = typedNumber(r, "depth", 1)
	f.RollOut = impact.RollOut{Groups: web.Number(r, "groups", 0), First: period.Day(r.FormValue("first")), Every: web.Number(r, "every", 0), Rest: r.FormValue("rest") != "", Until: web.Number(r, "until", 0)}
	f.Seed = f.lot()
	return f, nil
}

// lot is the seed: of what is asked, so that nobody can draw until the order pleases.
func (f rollOutPage) lot() uint64 {
	h := fnv.New32a()
	fmt.Fprint(h, f.Initiative.ID, f.Scope, f.Depth, f.Groups, f.Rest)
	return uint64(h.Sum32())
}

// order names what was drawn, so that what is kept is what was shown.
func (f rollOutPage) order() string {
	h := fnv.New32a()
	for n, s := range f.Subjects {
		fmt.Fprint(h, s.ID, f.Group[n])
	}
	return strconv.FormatUint(uint64(h.Sum32()), 16)
}

// foreseen draws the lot and measures what it could tell.
func (p *Pages) foreseen(w http.ResponseWriter, r *http.Request, f rollOutPage) (rollOutPage, bool, error) {
	if err := p.draw(r.Context(), &f); err != nil {
		return f, true, err
	}
	i, _ := f.indicator()
	first := i.Grain
	since := period.Of(f.First, first).Add(-pastYears * first.PerYear())
	key := "rollout " + web.From[org.Actor](r.Context()).Organisation + " " + f.Initiative.ID + " " + r.URL.RawQuery
	found, ready, err := web.Long(p.Works, w, r, key, func(ctx context.Context, progress func(done, total int)) (*impact.Foresight, error) {
		return f.Foresee(i, since, f.Subjects, f.Group, func(done, total int) error {
			progress(done, total)
			return ctx.Err()
		})
	})
	f.Foresight = found
	return f, ready, err
}

func (f rollOutPage) indicator() (strategy.Indicator, bool) {
	n := slices.IndexFunc(f.Indicators, func(i strategy.Indicator) bool { return i.ID == f.Indicator })
	if n < 0 {
		return strategy.Indicator{}, false
	}
	return f.Indicators[n], true
}

// draw deals the units of which the indicator is observed to groups, fairly within the units at a
// depth of the tree.
func (p *Pages) draw(ctx context.Context, f *rollOutPage) error {
	if f.Depth < 0 || f.Depth > 9 {
		return fault.Fieldf("depth", "the level is a whole number, 0 to 9")
	}
	if _, there := f.indicator(); !there {
		return fault.Fieldf("indicator", "choose what it should change")
	}
	var err error
	if _, f.Subjects, err = p.Store.Subjects(ctx, web.From[org.Actor](ctx).Organisation, f.Indicator, f.Scope); err != nil {
		return err
	}
	f.Subjects = slices.DeleteFunc(f.Subjects, func(s impact.Subject) bool {
		n, there := f.Units.Find(s.ID)
		return !there || f.Units.Units[n].Left != ""
	})
	if err := f.RollOut.Check(len(f.Subjects)); err != nil {
		return err
	}
	for _, s := range f.Subjects {
		f.Strata = append(f.Strata, s.Path[min(max(f.Depth, 0), len(s.Path)-1)])
	}
	f.Group = f.Draw(f.Strata)
	return nil
}

// saveRollOut writes the order down: the starts of the initiative, by lot.
func (p *Pages) saveRollOut(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f, err := p.rollOutOf(r)
	if err != nil {
		return err
	}
	today, err := p.Org.Today(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	switch err = p.draw(ctx, &f); {
	case err != nil:
	case len(f.Initiative.Begun(today)) > 0:
		err = fault.Conflictf("%s has begun, so its order cannot be drawn any more", f.Initiative.Name)
	case f.First <= today:
		err = fault.Fieldf("first", "an order is drawn before the first starts: choose a day to come")
	case r.FormValue("order") != f.order():
		err = fault.Conflictf("the units are others than when the order was shown: look at it again, and then keep it")
	}
	if web.Retry(err) {
		f.Err = err
		return web.Page(w, r, web.StatusOf(err), rollOutForm(f))
	}
	if err != nil {
		return err
	}
	err = p.Store.Effort.SaveInitiative(ctx, actor.Organisation, f.Initiative.ID, f.Initiative.Owner.Name, actor.Name, func(i *effort.Initiative) {
		i.Starts = nil
		for n, g := range f.Group {
			if g >= 0 {
				i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: f.Subjects[n].ID}, Day: f.Day(g)})
			}
		}
		i.RollOut = effort.RollOut{Order: effort.ByLot, Decided: today,
			Reason: "Drawn by the program: seed " + strconv.FormatUint(f.Seed, 10) + ", " + strconv.Itoa(len(f.Subjects)) + " units in " + strconv.Itoa(f.Groups) + " groups, fair within the units at level " + strconv.Itoa(f.Depth) + "."}
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effects/new?initiative="+f.Initiative.ID+"&indicator="+f.Indicator)
}

// dealt is a group of the lot.
type dealt struct {
	Name  string
	Units []string
}

func (f rollOutPage) dealt(ctx context.Context) (all []dealt) {
	for g := range f.Groups {
		all = append(all, dealt{Name: lang.T(ctx, "Starts on %s", string(f.Day(g)))})
	}
	if f.Rest {
		all = append(all, dealt{Name: lang.T(ctx, "Does not start for now")})
	}
	for n, g := range f.Group {
		if g < 0 {
			g = f.Groups
		}
		all[g].Units = append(all[g].Units, f.Subjects[n].Name)
	}
	return all
}

// spread is how many of each part of the organisation fall to each group.
func (f rollOutPage) spread(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Part")}}
	groups := f.dealt(ctx)
	for _, g := range groups {
		t.Header = append(t.Header, g.Name)
	}
	count := map[string][]int{}
	for n, g := range f.Group {
		if g < 0 {
			g = f.Groups
		}
		if count[f.Strata[n]] == nil {
			count[f.Strata[n]] = make([]int, len(groups))
		}
		count[f.Strata[n]][g]++
	}
	for _, u := range f.Units.Units {
		if count[u.ID] == nil {
			continue
		}
		row := []any{u.Name}
		for _, n := range count[u.ID] {
			row = append(row, n)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (f rollOutPage) powers(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Effect"), lang.T(ctx, "Told from nothing in")}}
	for _, p := range f.Foresight.Powers {
		t.Rows = append(t.Rows, []any{number(ctx, p.Effect, decimals(f.Foresight.Detectable)), number(ctx, 100*p.Told, 0) + " %"})
	}
	return t
}

// scopes are the units under which the initiative can be rolled out.
func (f rollOutPage) scopes() []org.Node {
	return planForm{Units: f.Units}.scopes()
}

// fields are what the order was drawn from, for the form that keeps it.
func (f rollOutPage) fields() map[string]string {
	all := map[string]string{"indicator": f.Indicator, "scope": f.Scope, "depth": strconv.Itoa(f.Depth), "groups": strconv.Itoa(f.Groups), "first": string(f.First), "every": strconv.Itoa(f.Every), "until": strconv.Itoa(f.Until), "order": f.order()}
	if f.Rest {
		all["rest"] = "1"
	}
	return all
}
