package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// initiativeForm is the page of the initiatives, or of one.
type initiativeForm struct {
	effort.Initiative // that is shown or typed
	themes
	All     []effort.Initiative
	Actions []transition.Action // of the one
	Hidden  int                 // of its actions, those of parts that the reader does not read
	Spent   effort.Totals       // by those that the reader reads
	Points  []transition.Focus  // all that were ever decided
	Now     []transition.Focus  // those that are worked on
	Units   *org.Structure
	Goals   []strategy.Goal // of the whole, and those that it serves already
	Manages bool
	Answers bool   // the reader is its owner
	Sees    bool   // the reader sees all of them
	Given   string // the owner as typed
	Unit    string // in the form for a start
	Day     period.Day
	Today   period.Day
	File    bool // Err is of a file of starts
	Err     error
}

func (p *Pages) initiatives(w http.ResponseWriter, r *http.Request) error {
	f := initiativeForm{Initiative: effort.Initiative{ID: id.New(), Kind: effort.OrganisationalChange}}
	if part := r.FormValue("profile"); part != "" {
		f.Serves = []effort.Target{{Kind: effort.ForProfile, ID: part}}
	}
	return p.showInitiatives(w, r, f)
}

func (p *Pages) showInitiatives(w http.ResponseWriter, r *http.Request, f initiativeForm) (err error) {
	if err = p.fillInitiative(r, &f); err != nil {
		return err
	}
	if f.All, err = p.Efforts.Initiatives(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), initiativesPage(f))
}

func (p *Pages) fillInitiative(r *http.Request, f *initiativeForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f.Manages = p.Permits.May(actor, Manage, org.Place{})
	f.Answers, f.Sees = answers(actor, f.Initiative), p.Permits.MayAnywhere(actor, See)
	if f.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.Points, f.Now, err = p.Store.FocusEver(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.Goals, err = p.Strategy.Top(ctx, actor.Organisation); err != nil {
		return err
	}
	f.Today, err = p.today(ctx, actor.Organisation)
	return err
}

func (p *Pages) initiative(w http.ResponseWriter, r *http.Request) error {
	one, err := p.initiativeSight(r, r.PathValue("initiative"))
	if err != nil {
		return err
	}
	return p.showInitiative(w, r, initiativeForm{Initiative: one, Given: one.Owner.Name})
}

// initiativeSight is an initiative; not found for who neither answers for it nor takes part in the
// transition or follows it.
func (p *Pages) initiativeSight(r *http.Request, initiative string) (i effort.Initiative, err error) {
	actor := web.From[org.Actor](r.Context())
	i, err = p.Efforts.Initiative(r.Context(), actor.Organisation, initiative)
	if err == nil && !answers(actor, i) && !p.Permits.MayAnywhere(actor, See) {
		err = fault.NotFoundf("there is no such initiative")
	}
	return i, err
}

// ownInitiatives are those that somebody answers for and that go on.
func (p *Pages) ownInitiatives(ctx context.Context, actor org.Actor) ([]effort.Initiative, error) {
	all, err := p.Efforts.Initiatives(ctx, actor.Organisation)
	return slices.DeleteFunc(all, func(i effort.Initiative) bool { return i.Ended != "" || !answers(actor, i) }), err
}

// answers says whether somebody is the owner of an initiative.
func answers(actor org.Actor, i effort.Initiative) bool {
	return actor.Person != "" && i.Owner.Key == actor.Person && !i.Left
}

func (p *Pages) showInitiative(w http.ResponseWriter, r *http.Request, f initiativeForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if err = p.fillInitiative(r, &f); err != nil {
		return err
	}
	all, err := p.Store.Actions(ctx, actor.Organisation, transitiondb.ActionQuery{Initiative: f.ID})
	if err != nil {
		return err
	}
	// Whoever may read a part sees what is decided and spent in it.
	var entries []effort.Entry
	may, err := p.reader(ctx, actor)
	if err != nil {
		return err
	}
	for _, a := range all {
		if may(a) {
			f.Actions, entries = append(f.Actions, a), append(entries, a.Effort()...)
		}
	}
	f.Spent, f.Hidden = effort.Sum(entries), len(all)-len(f.Actions)
	if f.Manages || f.Answers {
		if f.Units, err = p.Org.Structure(ctx, actor.Organisation, f.Today); err != nil {
			return err
		}
	}
	return web.Page(w, r, web.StatusOf(f.Err), initiativePage(f))
}

// reader says whether somebody may read actions in a list; it looks at each management team or group
// once, and for who follows none at those alone that the person decides in.
func (p *Pages) reader(ctx context.Context, actor org.Actor) (func(transition.Action) bool, error) {
	whole, seen := p.Permits.May(actor, Follow, org.Place{}), map[string]bool{}
	own := map[string]bool{}
	follows := p.Permits.MayAnywhere(actor, Follow) || p.Permits.MayAnywhere(actor, Manage)
	if !follows {
		bodies, err := p.Store.BodiesOf(ctx, actor.Organisation, actor.Person)
		if err != nil {
			return nil, err
		}
		for _, b := range bodies {
			own[b.ID] = true
		}
	}
	return func(a transition.Action) bool {
		if whole || owns(actor, a) {
			return true
		}
		may, known := seen[a.Body.ID]
		if !known && (follows || own[a.Body.ID]) {
			_, _, reads, err := p.bodySight(ctx, actor, a.Body.Kind, a.Body.ID)
			may = err == nil && reads
			seen[a.Body.ID] = may
		}
		return may
	}, nil
}

// saveInitiative begins an initiative, changes it, ends it, or says where it begins. Its owner ends it and
// says where it begins.
func (p *Pages) saveInitiative(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, made := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("initiative")
	f := initiativeForm{Given: strings.TrimSpace(r.FormValue("owner"))}
	err := p.fillInitiative(r, &f)
	if err != nil {
		return err
	}
	if made == "" {
		f.ID = r.FormValue("id")
		if err := id.CheckMade(f.ID); err != nil {
			return err
		}
	} else if f.Initiative, err = p.initiativeSight(r, made); err != nil {
		return err
	}
	f.Answers = answers(actor, f.Initiative)
	do, of, _ := strings.Cut(r.FormValue("do"), " ")
	if !f.Manages && (!f.Answers || do == "keep") {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	if f.Unit, f.Day = r.FormValue("unit"), period.Day(r.FormValue("day")); do != "keep" {
		f.Given = f.Owner.Name
	}
	change := func(i *effort.Initiative) {
		switch do {
		case "keep":
			i.Name, i.Note, i.Kind = r.FormValue("name"), r.FormValue("note"), effort.Kind(r.FormValue("kind"))
			i.Due, i.Expected = period.Day(r.FormValue("due")), r.FormValue("expected")
			i.Serves = append(f.chosen(r.Form["focal"]), f.helped(r.Form["goal"])...)
			if part := r.FormValue("profile"); part != "" {
				i.Serves = append(i.Serves, effort.Target{Kind: effort.ForProfile, ID: part})
			}
		case "start":
			i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: f.Unit}, Day: f.Day})
		case "unstart":
			i.Starts = slices.DeleteFunc(i.Starts, func(s effort.Start) bool { return s.Ref.ID == of })
		case "order":
			i.RollOut = effort.RollOut{Order: effort.Order(r.FormValue("order")), Reason: r.FormValue("reason"), Decided: period.Day(r.FormValue("decided"))}
		case "end":
			i.Ended, i.Came = f.Today, r.FormValue("came")
		case "resume":
			i.Ended = ""
		}
	}
	if slices.Contains([]string{"keep", "start", "unstart", "order", "end", "resume"}, do) {
		err = p.Efforts.SaveInitiative(ctx, actor.Organisation, f.ID, f.Given, actor.Name, change)
	} else {
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if web.Retry(err) {
		if f.Err = err; do == "keep" || do == "order" {
			change(&f.Initiative)
		}
		if made == "" {
			return p.showInitiatives(w, r, f)
		}
		return p.showInitiative(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/initiatives/"+f.ID)
}

// importStarts takes a file that says in which units, or for whom, an initiative begins.
func (p *Pages) importStarts(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	one, err := p.initiativeSight(r, r.PathValue("initiative"))
	if err != nil {
		return err
	}
	if !answers(actor, one) && !p.Permits.May(actor, Manage, org.Place{}) {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	err = func() error {
		file, header, err := web.FormFile(r)
		if err != nil {
			return err
		}
		defer file.Close()
		table, err := sheet.Open(file, header.Filename, sheet.Options{MaxBytes: mostStartBytes})
		if err != nil {
			return err
		}
		rows, err := StartRows(table)
		if err == nil {
			_, err = p.Efforts.ImportStarts(ctx, actor.Organisation, one.ID, actor.Name, rows)
		}
		return err
	}()
	if web.Retry(err) {
		return p.showInitiative(w, r, initiativeForm{Initiative: one, Given: one.Owner.Name, File: true, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/initiatives/"+one.ID)
}

const mostStartBytes = 20 << 20

// chosen are the focal points that were ticked, of those that are offered.
func (f initiativeForm) chosen(ids []string) (all []effort.Target) {
	for _, point := range f.offered() {
		if slices.Contains(ids, point.ID) {
			all = append(all, effort.Target{Kind: effort.ForFocal, ID: point.ID})
		}
	}
	return all
}

// offered are the focal points that an initiative can serve: those that are worked on, and those
// that it serves already.
func (f initiativeForm) offered() []transition.Focus {
	all := slices.Clone(f.Now)
	for _, point := range f.Points {
		if f.serves(point.ID) && !slices.ContainsFunc(all, func(had transition.Focus) bool { return had.ID == point.ID }) {
			all = append(all, point)
		}
	}
	return all
}

// serves says whether an initiative serves a focal point.
func (f initiativeForm) serves(focal string) bool {
	return slices.Contains(f.Serves, effort.Target{Kind: effort.ForFocal, ID: focal})
}

// helped are the goals that were ticked, of those that are offered; one that is not offered any more
// stays.
func (f initiativeForm) helped(ids []string) (all []effort.Target) {
	for _, g := range f.Goals {
		if slices.Contains(ids, g.ID) {
			all = append(all, effort.Target{Kind: effort.ForGoal, ID: g.ID})
		}
	}
	for _, t := range f.Serves {
		if t.Kind == effort.ForGoal && !slices.ContainsFunc(f.Goals, func(g strategy.Goal) bool { return g.ID == t.ID }) {
			all = append(all, t)
		}
	}
	return all
}

// part is that of the profile of a learning organisation which an initiative is about, "" for none.
func (f initiativeForm) part() string {
	for _, t := range f.Serves {
		if t.Kind == effort.ForProfile {
			return t.ID
		}
	}
	return ""
}

// helps says whether an initiative serves a goal.
func (f initiativeForm) helps(goal string) bool {
	return slices.Contains(f.Serves, effort.Target{Kind: effort.ForGoal, ID: goal})
}

// servedText names the focal points that an initiative serves.
func (f initiativeForm) servedText(ctx context.Context, i effort.Initiative) string {
	var names []string
	for _, point := range f.Points {
		if slices.Contains(i.Serves, effort.Target{Kind: effort.ForFocal, ID: point.ID}) {
			names = append(names, point.Theme)
		}
	}
	if len(names) == 0 {
		return lang.T(ctx, "no focal point")
	}
	return strings.Join(names, ", ")
}

func (f initiativeForm) heading(ctx context.Context) string {
	on := 0
	for _, i := range f.All {
		if i.Ended == "" {
			on++
		}
	}
	if on == 0 {
		return lang.T(ctx, "No initiative goes on.")
	}
	return lang.N(ctx, on, "One initiative goes on.", "%d initiatives go on.")
}

// mostStarts are listed one by one; of more, those of a day stand together.
const mostStarts = 12

// startDays are starts, which come by day, with those of a day together.
func startDays(starts []effort.Start) (days [][]effort.Start) {
	for _, s := range starts {
		if n := len(days) - 1; n < 0 || days[n][0].Day != s.Day {
			days = append(days, nil)
		}
		days[len(days)-1] = append(days[len(days)-1], s)
	}
	return days
}

// begunText says in how many units an initiative has begun.
func begunText(ctx context.Context, i effort.Initiative, today period.Day) string {
	switch begun := len(i.Begun(today)); {
	case i.Ended != "":
		return lang.T(ctx, "ended on %s", string(i.Ended))
	case i.Late(today):
		return lang.T(ctx, "was to be over on %s", string(i.Due))
	case len(i.Starts) == 0:
		return lang.T(ctx, "nowhere begun")
	default:
		if people := len(i.Starts) - len(effort.InUnits(i.Starts)); people > 0 {
			return lang.T(ctx, "begun for %[1]d of %[2]d units and people", begun, len(i.Starts))
		}
		return lang.T(ctx, "begun in %[1]d of %[2]d units", begun, len(i.Starts))
	}
}

func orderName(ctx context.Context, o effort.Order) string {
	switch o {
	case effort.ByLot:
		return lang.T(ctx, "by lot")
	case effort.ByNeed:
		return lang.T(ctx, "by need")
	case effort.ByConvenience:
		return lang.T(ctx, "where it suited")
	}
	return lang.T(ctx, "not said")
}

// orderText says how the order of the starts was decided.
func orderText(ctx context.Context, r effort.RollOut) string {
	if r.Order == "" {
		return lang.T(ctx, "How the order was decided is not said: its effect is trusted less for that.")
	}
	text := lang.T(ctx, "Order decided: %s", orderName(ctx, r.Order))
	if r.Decided != "" {
		text += ", " + string(r.Decided)
	}
	if r.Reason != "" {
		text += ". " + r.Reason
	}
	return text
}
