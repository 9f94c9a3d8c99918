package impactweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/transition"
)

// timeline is the long view of a unit, or of two beside each other.
type timeline struct {
	Of                  []past // the unit, and the one with which it is compared
	Others              []org.Ref
	All                 bool // every indicator, not only the first ones
	Reports, Programmes bool // the reader opens reports of diagnoses, and initiatives
	First               period.Period
	Last                period.Period // the newest month that is drawn
	Lines               []line        // what is known of effects
}

// past is what happened in one unit, as far as the reader may see it.
type past struct{ impactdb.Timeline }

// timelines goes to the highest unit that the reader may see, or lists them.
func (p *Pages) timelines(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	units, err := p.Store.Strategy.Units(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	tops := p.Permits.Tops(actor, ReadTimeline, units)
	if len(tops) == 1 {
		return web.SeeOther(w, r, "/timeline/"+tops[0].ID)
	}
	return web.Page(w, r, http.StatusOK, timelinesPage(tops))
}

func (p *Pages) timeline(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	t := timeline{All: r.FormValue("indicators") == "all", Reports: p.Reports(actor), Programmes: p.Programmes(actor)}
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, id := range []string{r.PathValue("unit"), r.FormValue("with")} {
		if id == "" {
			continue
		}
		at, there := units.Find(id)
		if !there || !p.Permits.May(actor, ReadTimeline, org.Place{Units: units.IDs(at)}) {
			return fault.NotFoundf("there is no such unit")
		}
		one, err := p.past(ctx, actor, id, units.IDs(at))
		if err != nil {
			return err
		}
		t.Of = append(t.Of, one)
	}
	if t.Lines, err = p.effectsKnown(ctx); err != nil {
		return err
	}
	t.Others = p.beside(actor, units, r.PathValue("unit"))
	t.span()
	if done, err := web.Exported(w, r, t.title(ctx), t.table(ctx, false)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, timelinePage(t))
}

// past reads one unit, and keeps that scores of diagnoses were seen.
func (p *Pages) past(ctx context.Context, actor org.Actor, unit string, path []string) (one past, err error) {
	if one.Timeline, err = p.Store.Timeline(ctx, actor.Organisation, unit, p.Sees(actor)); err != nil {
		return one, err
	}
	if !p.Acts(actor, org.Place{Units: path}) {
		one.Actions = nil
	}
	for _, d := range one.Diagnoses {
		v := diagnosis.View{Account: actor.Account, Name: actor.Name, Page: "timeline/" + unit}
		if err := p.Store.Transition.Diagnosis.Saw(ctx, actor.Organisation, d, v); err != nil {
			return one, err
		}
	}
	return one, nil
}

// effectsKnown is what is known of initiatives.
func (p *Pages) effectsKnown(ctx context.Context) ([]line, error) {
	if !p.Permits.MayAnywhere(web.From[org.Actor](ctx), Read) {
		return nil, nil
	}
	f, err := p.portfolio(ctx)
	return f.firsts(), err
}

// mostBeside is how many units a form offers to compare with.
const mostBeside = 200

// beside are the units with which one can be compared: those next to it, those directly under it, and those above.
func (p *Pages) beside(actor org.Actor, units *org.Structure, unit string) (all []org.Ref) {
	at, _ := units.Find(unit)
	path := units.Path(at)
	add := func(u org.Ref) {
		n, _ := units.Find(u.ID)
		if u.ID != unit && len(all) < mostBeside && p.Permits.May(actor, ReadTimeline, org.Place{Units: units.IDs(n)}) {
			all = append(all, u)
		}
	}
	for _, u := range path {
		add(u)
	}
	if len(path) > 1 {
		above, _ := units.Find(path[len(path)-2].ID)
		for _, n := range units.Children(above) {
			add(units.Units[n].Ref())
		}
	}
	for _, n := range units.Children(at) {
		add(units.Units[n].Ref())
	}
	return all
}

const (
	fewestMonths = 12
	mostMonths   = 120 // that are drawn
	monthsAhead  = 2
)

// span says from which month to which there is something to draw.
func (t *timeline) span() {
	today := period.Of(t.Of[0].Today, period.Monthly)
	t.First, t.Last = today.Add(1-fewestMonths), today.Add(monthsAhead)
	at := func(d period.Day) {
		if d != "" {
			month := period.Of(d, period.Monthly)
			t.First, t.Last = min(t.First, month), max(t.Last, min(month, today.Add(fewestMonths)))
		}
	}
	for _, one := range t.Of {
		for _, w := range one.Waves {
			at(w.Day)
		}
		for _, f := range one.Focal {
			at(f.Decided)
		}
		for month := range one.Sessions {
			at(month.First())
		}
		for _, a := range one.Actions {
			at(a.Decided)
			if a.Open() {
				at(a.Due)
			}
		}
		for _, i := range one.Initiatives {
			at(i.Since)
		}
		for _, c := range one.Changes {
			at(c.Day)
		}
		for _, l := range one.Timeline.Lines {
			if len(l.Actual) > 0 {
				at(period.At(l.Indicator.Grain, l.Actual[0].Number).First())
			}
		}
	}
	t.First = max(t.First, t.Last.Add(1-mostMonths))
}

// unit is the one whose page it is.
func (t timeline) unit() past { return t.Of[0] }

func (t timeline) title(ctx context.Context) string {
	if len(t.Of) > 1 {
		return lang.T(ctx, "Time line of %[1]s and %[2]s", t.Of[0].Unit.Name, t.Of[1].Unit.Name)
	}
	return lang.T(ctx, "Time line of %s", t.unit().Unit.Name)
}

// heading is what was promised and what came, in a sentence.
func (t timeline) heading(ctx context.Context) string {
	if len(t.Of) > 1 {
		return lang.T(ctx, "%[1]s and %[2]s, side by side.", t.Of[0].Unit.Name, t.Of[1].Unit.Name)
	}
	if text := t.unit().keptText(ctx); text != "" {
		return text
	}
	return lang.T(ctx, "Nothing that was promised here is due yet.")
}

// keptText says how many promises came true; "" where none is due.
func (o past) keptText(ctx context.Context) string {
	var parts []string
	if judged, kept := impact.Keepings(o.Focal); judged > 0 {
		parts = append(parts, lang.T(ctx, "%[1]d of %[2]d focal points rose as was promised.", kept, judged))
	}
	if k := impact.KeepOf(o.Actions, o.Today); k.Due > 0 {
		text := lang.N(ctx, k.Due, "One action was promised by now", "%d actions were promised by now")
		parts = append(parts, text+": "+lang.T(ctx, "%[1]d done, %[2]d in time.", k.Done, k.InTime))
	}
	return strings.Join(parts, " ")
}

// countText says what there is on the line.
func (o past) countText(ctx context.Context) string {
	sessions := 0
	for _, n := range o.Sessions {
		sessions += n
	}
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, lang.N(ctx, n, one, many))
		}
	}
	add(len(o.Waves), "one diagnosis", "%d diagnoses")
	add(len(o.Focal), "one focal point", "%d focal points")
	add(sessions, "one session", "%d sessions")
	add(len(o.Actions), "one action", "%d actions")
	add(len(o.Initiatives), "one initiative", "%d initiatives")
	add(len(o.Changes), "one change of how learning works", "%d changes of how learning works")
	add(len(o.Timeline.Lines), "one indicator", "%d indicators")
	if len(parts) == 0 {
		return lang.T(ctx, "Nothing is written down here yet: a diagnosis, an action or a figure begins the line.")
	}
	return lang.T(ctx, "On this line: %s.", strings.Join(parts, ", "))
}

// own are the actions of the unit's own management team and groups; the others are of units under it.
func (o past) own() (own, under []transition.Action) {
	for _, a := range o.Actions {
		if a.Body.Unit.ID == o.Unit.ID {
			own = append(own, a)
		} else {
			under = append(under, a)
		}
	}
	return own, under
}

// proved is what is known of an initiative's effect; nil for nothing.
func (t timeline) proved(initiative string) *impactdb.Kept {
	n := slices.IndexFunc(t.Lines, func(l line) bool { return l.Initiative.ID == initiative && l.Kept != nil })
	if n < 0 {
		return nil
	}
	return t.Lines[n].Kept
}

func keepingName(ctx context.Context, k diagnosis.Keeping) string {
	switch k {
	case diagnosis.PromiseKept:
		return lang.T(ctx, "kept")
	case diagnosis.PromisePartly:
		return lang.T(ctx, "kept in part")
	case diagnosis.PromiseNotKept:
		return lang.T(ctx, "no clear change")
	case diagnosis.PromiseTurned:
		return lang.T(ctx, "clearly down")
	case diagnosis.NoPromise:
		return lang.T(ctx, "nothing promised")
	case diagnosis.PromiseUnknown:
		return lang.T(ctx, "cannot tell")
	}
	return lang.T(ctx, "not judged yet")
}

// table is what was promised and what came: all of it in a file, the newest on the page.
func (t timeline) table(ctx context.Context, short bool) web.Table {
	table := web.Table{Name: t.title(ctx), Header: []string{lang.T(ctx, "What"), lang.T(ctx, "Unit"), lang.T(ctx, "Since"), lang.T(ctx, "Promised"), lang.T(ctx, "Came"), lang.T(ctx, "Kind")}, Roomy: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Kind")}}
	for _, one := range t.Of {
		table.Rows = append(table.Rows, t.focalRows(ctx, one)...)
		table.Rows = append(table.Rows, t.initiativeRows(ctx, one)...)
		table.Rows = append(table.Rows, t.figureRows(ctx, one, short)...)
		table.Rows = append(table.Rows, t.actionRows(ctx, one, short)...)
	}
	return table
}

func (t timeline) focalRows(ctx context.Context, one past) (rows [][]any) {
	for _, f := range slices.Backward(one.Focal) {
		promised := "–"
		if f.Promise > 0 {
			promised = lang.T(ctx, "%s points", signed(ctx, f.Promise, 1))
		}
		came := keepingName(ctx, f.Keeping)
		if f.Moved != nil && f.Moved.Diff != nil {
			came += ": " + signed(ctx, *f.Moved.Diff, 2)
			if f.In != "" {
				came += " " + lang.T(ctx, "in %s", f.In)
			}
		}
		rows = append(rows, []any{t.focalLink(f), one.Unit.Name, string(f.Decided), promised, came, lang.T(ctx, "Focal point")})
	}
	return rows
}

// focalLink leads to where a focal point was judged, or else chosen.
func (t timeline) focalLink(f impact.Promised) any {
	if path := t.focalPath(f); path != "" {
		return web.Link{Path: path, Text: f.Theme}
	}
	return f.Theme
}

func (t timeline) focalPath(f impact.Promised) string {
	switch {
	case !t.Reports:
		return ""
	case f.Next != "":
		return "/diagnoses/" + f.Next + "/report/promises"
	}
	return "/diagnoses/" + f.Diagnosis + "/report/focal-points"
}

func (t timeline) initiativeRows(ctx context.Context, one past) (rows [][]any) {
	for _, i := range slices.Backward(one.Initiatives) {
		came := i.Came
		if kept := t.proved(i.ID); kept != nil {
			came = strings.TrimPrefix(came+" · "+findingName(ctx, kept.Estimated), " · ")
		}
		if came == "" {
			came = lang.T(ctx, "goes on")
		}
		var name any = i.Name
		if t.Programmes {
			name = web.Link{Path: "/initiatives/" + i.ID, Text: i.Name}
		}
		rows = append(rows, []any{name, one.Unit.Name, string(i.Since), orDash(i.Expected), came, lang.T(ctx, "Initiative")})
	}
	return rows
}

func (t timeline) figureRows(ctx context.Context, one past, short bool) (rows [][]any) {
	drawn := t.shown()
	for _, l := range one.Timeline.Lines {
		if l.Target == nil && l.PlanToDate == nil || l.ToDate == nil {
			continue
		}
		if short && !slices.ContainsFunc(drawn, func(i strategy.Indicator) bool { return i.ID == l.Indicator.ID }) {
			continue
		}
		promised, came := "", number(ctx, *l.ToDate, l.Indicator.Decimals)
		if l.PlanToDate != nil {
			promised = lang.T(ctx, "plan to date %s", number(ctx, *l.PlanToDate, l.Indicator.Decimals))
		}
		if l.Target != nil {
			promised = strings.TrimPrefix(promised+", "+lang.T(ctx, "target %s", number(ctx, l.Target.Value, l.Indicator.Decimals)), ", ")
		}
		rows = append(rows, []any{web.Link{Path: "/scorecards/" + one.Unit.ID + "/" + l.Indicator.ID, Text: l.Indicator.Name}, one.Unit.Name, string(period.At(period.Yearly, one.Year).First()), promised, came + " · " + lang.T(ctx, l.Status.Name()), lang.T(ctx, "Indicator")})
	}
	return rows
}

// mostActions is how many actions the page lists.
const mostActions = 10

func (t timeline) actionRows(ctx context.Context, one past, short bool) (rows [][]any) {
	for _, a := range one.Actions {
		if short && len(rows) == mostActions {
			break
		}
		came := lang.T(ctx, "open, due %s", string(a.Due))
		switch {
		case a.State == transition.ActionDone:
			came = lang.T(ctx, "done %s", string(a.Ended))
		case a.State == transition.ActionStopped:
			came = lang.T(ctx, "stopped %s", string(a.Ended))
		case a.Late(one.Today) > 0:
			came = lang.T(ctx, "late, was due %s", string(a.Due))
		}
		if a.Came != "" {
			came += ": " + a.Came
		}
		rows = append(rows, []any{web.Link{Path: "/actions/" + a.ID, Text: a.What}, a.Body.Unit.Name, string(a.Decided), lang.T(ctx, "by %s", string(a.Promised)), came, lang.T(ctx, "Action")})
	}
	return rows
}

// more is how many actions a file has beyond those on the page.
func (t timeline) more() (n int) {
	for _, one := range t.Of {
		n += max(0, len(one.Actions)-mostActions)
	}
	return n
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// beside says whether a unit is the one compared with.
func (t timeline) beside(unit string) bool { return len(t.Of) > 1 && t.Of[1].Unit.ID == unit }

// link is the page with some or all indicators.
func (t timeline) link(indicators string) string {
	q := url.Values{}
	if len(t.Of) > 1 {
		q.Set("with", t.Of[1].Unit.ID)
	}
	if indicators != "" {
		q.Set("indicators", indicators)
	}
	if len(q) == 0 {
		return "/timeline/" + t.unit().Unit.ID
	}
	return "/timeline/" + t.unit().Unit.ID + "?" + q.Encode()
}

// joint is what joins another parameter to the link.
func (t timeline) joint() string {
	if len(t.Of) > 1 {
		return "&"
	}
	return "?"
}
