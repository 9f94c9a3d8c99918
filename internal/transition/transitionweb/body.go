package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// bodyForm is the page of a management team or group: what was promised, what moved, and what to
// ask next.
type bodyForm struct {
	transition.Body
	themes
	Open, Ended []transition.Action
	Ages        transition.Ages
	Months      []transition.FocusMonth
	Moved       []movedPoint
	Asks        []transition.Ask
	Question    string // out of what is known of the characteristic that needs it most
	QuestionOf  string // id of that characteristic
	Elsewhere   []transition.Action
	Initiatives []effort.Initiative
	Goals       []strategy.Goal // that reach the unit
	Spent       effort.Totals
	Runs        bool // the reader decides here
	Today       period.Day
	Typed       transition.Action
	Err         error
}

// movedPoint is a focal point with its figures then and now.
type movedPoint struct {
	Point   transition.Focus
	Earlier bool // of an earlier diagnosis; what is done serves others now
	*material
	Since *diagnosis.Moved // nil before a later diagnosis
	In    string           // name of the unit in which it is compared
}

// bodySight is a management team or group, whether somebody decides there, and whether they may
// see it.
func (p *Pages) bodySight(ctx context.Context, actor org.Actor, kind transition.BodyKind, body string) (b transition.Body, runs, reads bool, err error) {
	if b, err = p.Store.Body(ctx, actor.Organisation, kind, body); err != nil {
		return b, false, false, err
	}
	runs = b.Runs(actor.Person) || p.Permits.May(actor, Manage, org.Place{})
	return b, runs, runs || p.Permits.May(actor, Follow, b.Place), nil
}

// bodyAt is the management team or group that is asked for.
func (p *Pages) bodyAt(r *http.Request) (f bodyForm, organisation string, err error) {
	kind, body := transition.TeamBody, r.PathValue("team")
	if body == "" {
		kind, body = transition.GroupBody, r.PathValue("group")
	}
	actor, reads := web.From[org.Actor](r.Context()), false
	if f.Body, f.Runs, reads, err = p.bodySight(r.Context(), actor, kind, body); err == nil && !reads {
		err = fault.NotFoundf("there is no such management team or group")
	}
	return f, actor.Organisation, err
}

func (p *Pages) team(w http.ResponseWriter, r *http.Request) error {
	f, organisation, err := p.bodyAt(r)
	if err != nil {
		return err
	}
	today, err := p.today(r.Context(), organisation)
	if err != nil {
		return err
	}
	f.Typed = transition.Action{ID: id.New(), Decided: today, Kind: effort.OrganisationalChange}
	if from := r.FormValue("from"); from != "" {
		if err := p.takeOver(r.Context(), organisation, &f, from); err != nil {
			return err
		}
	}
	return p.showBody(w, r, f, organisation)
}

// takeOver fills the form with an action of others that can be taken over.
func (p *Pages) takeOver(ctx context.Context, organisation string, f *bodyForm, from string) error {
	other, err := p.Store.Action(ctx, organisation, from)
	if fault.KindOf(err) == fault.NotFound || err == nil && !other.Lends(f.Body) {
		return nil
	}
	f.Typed.From, f.Typed.What, f.Typed.Kind, f.Typed.Effect, f.Typed.Focal, f.Typed.Item = other.ID, other.What, other.Kind, other.Effect, other.Focal, other.Item
	return err
}

// decide keeps a new action.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	f, organisation, err := p.bodyAt(r)
	if err == nil && !f.Runs {
		err = fault.NotFoundf("there is no such management team or group")
	}
	if err != nil {
		return err
	}
	f.Typed = readAction(r)
	err = p.Store.Decide(r.Context(), organisation, f.Kind, f.Body.ID, f.Typed, web.From[org.Actor](r.Context()).Name)
	if web.Retry(err) {
		f.Err = err
		return p.showBody(w, r, f, organisation)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, bodyPath(f.Body))
}

const mostElsewhere = 8

func (p *Pages) showBody(w http.ResponseWriter, r *http.Request, f bodyForm, organisation string) (err error) {
	ctx := r.Context()
	if f.themes, err = p.themes(ctx, organisation); err != nil {
		return err
	}
	if f.Today, err = p.today(ctx, organisation); err != nil {
		return err
	}
	all, err := p.Store.Actions(ctx, organisation, transitiondb.ActionQuery{Kind: f.Kind, Body: f.Body.ID})
	if err != nil {
		return err
	}
	var entries []effort.Entry
	for _, a := range all {
		if a.Open() {
			f.Open = append(f.Open, a)
		} else {
			f.Ended = append(f.Ended, a)
		}
		entries = append(entries, a.Effort()...)
	}
	f.Spent, f.Ages, f.Months, f.Asks = effort.Sum(entries), transition.AgesOf(all, f.Today), transition.FocusOver(all, f.Today), transition.Asks(f.Focal, all, f.Today)
	if done, err := web.Exported(w, r, f.Name+"-actions", actionTable(ctx, f.themes, all, f.Today)); done || err != nil {
		return err
	}
	if f.Initiatives, err = p.Efforts.Initiatives(ctx, organisation); err != nil {
		return err
	}
	if f.Goals, err = p.Strategy.Reaching(ctx, organisation, f.Body.Unit.ID, ""); err != nil {
		return err
	}
	earlier, err := p.served(ctx, organisation, f.Focal, all)
	if err != nil {
		return err
	}
	if f.Moved, err = p.moved(ctx, organisation, f.Body, earlier, f.reader(p, web.From[org.Actor](ctx))); err != nil {
		return err
	}
	for _, point := range f.Focal {
		if f.Elsewhere, err = p.elsewhere(ctx, organisation, f, point); err != nil {
			return err
		}
	}
	if f.QuestionOf = f.needing(); f.QuestionOf != "" {
		if f.Question, err = p.questionOf(ctx, organisation, f.QuestionOf, f.Today); err != nil {
			return err
		}
	}
	return web.Page(w, r, web.StatusOf(f.Err), bodyPage(f))
}

// elsewhere adds actions of others on a focal point that are done and helped.
func (p *Pages) elsewhere(ctx context.Context, organisation string, f bodyForm, point transition.Focus) ([]transition.Action, error) {
	all, err := p.Store.Actions(ctx, organisation, transitiondb.ActionQuery{Focal: point.ID, Helped: true})
	some := f.Elsewhere
	for _, a := range all {
		if len(some) < mostElsewhere && a.Lends(f.Body) {
			some = append(some, a)
		}
	}
	return some, err
}

// reader is as whom somebody reads figures of a diagnosis here: who coaches, leads programmes or
// follows what is decided reads what managers do, who belongs to it what everyone does.
func (f bodyForm) reader(p *Pages, actor org.Actor) org.Role {
	coaches := slices.ContainsFunc(f.Coaches, func(c org.Person) bool { return c.Key == actor.Person && actor.Person != "" })
	if coaches || p.Permits.May(actor, Manage, org.Place{}) || p.Permits.May(actor, Follow, f.Place) {
		return org.Manager
	}
	return org.Employee
}

// served lists the focal points of earlier diagnoses that some actions served.
func (p *Pages) served(ctx context.Context, organisation string, now []transition.Focus, actions []transition.Action) ([]transition.Focus, error) {
	ever, _, err := p.Store.FocusEver(ctx, organisation)
	return slices.DeleteFunc(ever, func(f transition.Focus) bool {
		return slices.ContainsFunc(now, func(n transition.Focus) bool { return n.ID == f.ID }) ||
			!slices.ContainsFunc(actions, func(a transition.Action) bool { return a.Focal == f.ID })
	}), err
}

// moved finds the figures of each focal point, those of now and earlier ones, in the smallest group with all of a body in it, and
// what became of them, there or above, in the newest diagnosis since that asked the same. What is
// compared between two diagnoses is judged together.
func (p *Pages) moved(ctx context.Context, organisation string, b transition.Body, earlier []transition.Focus, reader org.Role) (all []movedPoint, err error) {
	asked, of := map[string][]diagnosis.Asked{}, map[string][]int{} // by diagnosis
	actor := web.From[org.Actor](ctx)
	view := diagnosis.View{Account: actor.Account, Name: actor.Name, Page: string(b.Kind)}
	for i, point := range slices.Concat(b.Focal, earlier) {
		m := movedPoint{Point: point, Earlier: i >= len(b.Focal)}
		if m.material, err = p.figures(ctx, organisation, point.Diagnosis, point.Items, b.People, reader); err != nil {
			return nil, err
		}
		if err := p.sawFigures(ctx, organisation, m.material, view); err != nil {
			return nil, err
		}
		if all = append(all, m); m.Unread || m.Unshown {
			continue
		}
		unit := "" // the whole, where not even a unit has all of them in it
		if m.Value == "" && m.Unit > 0 {
			unit = m.Report.Units[m.Unit].ID
		}
		asked[point.Diagnosis], of[point.Diagnosis] = append(asked[point.Diagnosis], diagnosis.Asked{Unit: unit, Items: point.Items}), append(of[point.Diagnosis], i)
	}
	for then, some := range asked {
		later, there, err := p.Store.Later(ctx, organisation, then, reader)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		moved, err := p.Diagnosis.Moved(ctx, organisation, later.ID, then, some)
		if err != nil {
			return nil, err
		}
		report, err := p.Diagnosis.Report(ctx, organisation, later.ID)
		if err != nil {
			return nil, err
		}
		for n, i := range of[then] {
			at, seen := report.Report.Units[moved[n].Unit], view
			all[i].Since, all[i].In = &moved[n], at.Name
			if moved[n].Unit > 0 {
				seen.Page += "?unit=" + at.ID
			}
			if err := p.Diagnosis.Saw(ctx, organisation, later.ID, seen); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// needing is the characteristic of the focal points that scores lowest; the first one where no
// figure is shown.
func (f bodyForm) needing() (item string) {
	lowest := 0.0
	for _, m := range f.Moved {
		if m.material == nil || m.Earlier {
			continue
		}
		for _, row := range m.Items {
			if row.Own != nil && (item == "" || row.Own.Mean < lowest) {
				item, lowest = row.ID, row.Own.Mean
			}
		}
	}
	if item == "" && len(f.Focal) > 0 && len(f.Focal[0].Items) > 0 {
		item = f.Focal[0].Items[0]
	}
	return item
}

// questionOf is one of what can be asked about a characteristic, another each week.
func (p *Pages) questionOf(ctx context.Context, organisation, item string, today period.Day) (string, error) {
	known, err := p.known(ctx, organisation, diagnosis.FocalPoint{Items: []string{item}})
	if err != nil || len(known) == 0 || len(known[0].Questions) == 0 {
		return "", err
	}
	day, err := time.Parse(time.DateOnly, string(today))
	_, week := day.ISOWeek()
	return known[0].Questions[week%len(known[0].Questions)], err
}

func actionTable(ctx context.Context, t themes, all []transition.Action, today period.Day) web.Table {
	table := web.Table{Name: lang.T(ctx, "Actions"), Header: []string{lang.T(ctx, "Action"), lang.T(ctx, "Decided by"), lang.T(ctx, "Serves"), lang.T(ctx, "Owner"), lang.T(ctx, "Decided"), lang.T(ctx, "Promised for"), lang.T(ctx, "Due"), lang.T(ctx, "State"),
		lang.T(ctx, "Ended"), lang.T(ctx, "What came of it"), lang.T(ctx, "Run by"), lang.T(ctx, "Hours"), lang.T(ctx, "Costs")}}
	for _, a := range all {
		by := lang.T(ctx, "own people")
		if a.External {
			by = lang.T(ctx, "external")
		}
		came := a.Came
		if name := outcomeName(ctx, a.Outcome); name != "" {
			came = name + ". " + came
		}
		spent := effort.Sum(a.Effort())
		table.Rows = append(table.Rows, []any{a.What, a.Body.Name, tieText(ctx, t, a), a.Owner.Name, string(a.Decided), string(a.Promised), string(a.Due), stateText(ctx, a, today), string(a.Ended), came, by, web.Rounded(float64(spent.Participants)/60, 1), costsText(ctx, spent.Costs)})
	}
	return table
}

func stateText(ctx context.Context, a transition.Action, today period.Day) string {
	switch {
	case a.State == transition.ActionDone:
		return lang.T(ctx, "done")
	case a.State == transition.ActionStopped:
		return lang.T(ctx, "stopped")
	case a.Late(today) > 0:
		return lang.T(ctx, "late")
	}
	return lang.T(ctx, "open")
}

// called is what a heading calls it: a group by its location alone.
func (f bodyForm) called() string {
	if f.Kind == transition.GroupBody && f.Location != "" {
		return f.Location
	}
	return f.Name
}

func (f bodyForm) heading(ctx context.Context) string {
	late := f.Ages.Late + f.Ages.Old
	switch {
	case len(f.Open)+len(f.Ended) == 0:
		return lang.T(ctx, "%s has decided on no action yet.", f.called())
	case late > 0:
		return lang.T(ctx, "%[1]s: %[2]s", f.called(), lang.N(ctx, late, "one promise is late.", "%d promises are late."))
	case len(f.Open) == 0:
		return lang.T(ctx, "%s: nothing is open.", f.called())
	}
	return lang.T(ctx, "%[1]s: %[2]s", f.called(), lang.N(ctx, len(f.Open), "at work on one action.", "at work on %d actions."))
}

// focusText says how much of what is being done serves a focal point.
func focusText(ctx context.Context, months []transition.FocusMonth) string {
	if len(months) == 0 {
		return ""
	}
	last := months[len(months)-1]
	share, some := last.Share()
	if !some {
		return lang.T(ctx, "Nothing was being done in %s.", last.Month)
	}
	text := lang.T(ctx, "In %[1]s, %[2]d of %[3]d actions serve a focal point (%[4]s).", last.Month, last.Tied, last.Open, percent(ctx, share))
	if first, some := months[0].Share(); some && len(months) > 1 {
		text += " " + lang.T(ctx, "In %[1]s it was %[2]s.", months[0].Month, percent(ctx, first))
	}
	return text
}

func focusTable(ctx context.Context, months []transition.FocusMonth) web.Table {
	t := web.Table{Name: lang.T(ctx, "Focus"), Header: []string{lang.T(ctx, "Month"), lang.T(ctx, "Actions that were open"), lang.T(ctx, "Serve a focal point"), lang.T(ctx, "Share")}}
	for _, m := range months {
		var share any
		if s, some := m.Share(); some {
			share = percent(ctx, s)
		}
		t.Rows = append(t.Rows, []any{m.Month, m.Open, m.Tied, share})
	}
	return t
}

// focusPicture has a bar for each month: what serves a focal point, below what does not.
type focusPicture struct {
	Width, Height int
	Bars          []focusBar
}

type focusBar struct {
	X, Width  float64
	TiedY     float64
	TiedH     float64
	OffY      float64
	OffH      float64
	Label     string
	Text      string
	ShowLabel bool
}

func drawFocus(ctx context.Context, months []transition.FocusMonth) *focusPicture {
	if len(months) < 2 {
		return nil
	}
	const height, below = 120.0, 24
	p := &focusPicture{Width: 520, Height: int(height) + below}
	most := 1
	for _, m := range months {
		most = max(most, m.Open)
	}
	step := float64(p.Width) / float64(len(months))
	every := max(1, (len(months)+5)/6)
	for i, m := range months {
		scale := height / float64(most)
		tied, off := float64(m.Tied)*scale, float64(m.Open-m.Tied)*scale
		p.Bars = append(p.Bars, focusBar{X: web.Rounded(float64(i)*step+step*.12, 1), Width: web.Rounded(step*.76, 1), TiedY: web.Rounded(height-tied, 1), TiedH: web.Rounded(tied, 1), OffY: web.Rounded(height-tied-off, 1), OffH: web.Rounded(off, 1),
			Label: m.Month, Text: m.Month + ": " + strconv.Itoa(m.Tied) + " / " + strconv.Itoa(m.Open), ShowLabel: (len(months)-1-i)%every == 0})
	}
	return p
}

// movedText says what became of a focal point's figures.
func (m movedPoint) movedText(ctx context.Context) string {
	switch {
	case m.Unread:
		return lang.T(ctx, "The report of %s has not been released so far that you could read it here: its figures come when it is.", m.Diagnosis.Name)
	case m.Unshown:
		return lang.T(ctx, "No group with all of you in it is shown.")
	case m.Since == nil:
		return lang.T(ctx, "What moved will be seen in the next diagnosis.")
	case m.Since.Diff == nil:
		return lang.T(ctx, "What moved since is withheld, then or now.")
	}
	by := web.Cell(ctx, *m.Since.Diff, 2)
	if web.Rounded(*m.Since.Diff, 2) > 0 {
		by = "+" + by
	}
	text := lang.T(ctx, "%[1]s since then: from %[2]s to %[3]s.", by, web.Cell(ctx, *m.Since.Then, 1), web.Cell(ctx, *m.Since.Now, 1))
	return m.In + ": " + text + " " + movementText(ctx, m.Since.Movement)
}

func movementText(ctx context.Context, m diagnosis.Movement) string {
	switch m {
	case diagnosis.Up:
		return lang.T(ctx, "Clearly up.")
	case diagnosis.Down:
		return lang.T(ctx, "Clearly down.")
	case diagnosis.Small:
		return lang.T(ctx, "Clear, and small.")
	case diagnosis.Unclear:
		return lang.T(ctx, "This can be chance.")
	}
	return lang.T(ctx, "Whether by more than chance, nobody can tell.")
}

// coaches are the names of those who coach it.
func (f bodyForm) coaches() (names []string) {
	for _, c := range f.Coaches {
		names = append(names, c.Title())
	}
	return names
}
