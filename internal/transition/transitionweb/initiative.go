package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// initiativeForm is the page of the initiatives, or of one.
type initiativeForm struct {
	effort.Initiative // that is shown or typed
	themes
	All     []effort.Initiative
	Actions []transition.Action // of the one
	Spent   effort.Totals
	Points  []transition.Focus // all that were ever decided
	Now     []transition.Focus // those that are worked on
	Units   *org.Structure
	Manages bool
	Given   string // the owner as typed
	Unit    string // in the form for a start
	Day     period.Day
	Today   period.Day
	Err     error
}

func (p *Pages) initiatives(w http.ResponseWriter, r *http.Request) error {
	return p.showInitiatives(w, r, initiativeForm{Initiative: effort.Initiative{Kind: effort.OrganisationalChange}})
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
	if f.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.Points, f.Now, err = p.Store.FocusEver(ctx, actor.Organisation); err != nil {
		return err
	}
	f.Today, err = p.today(ctx, actor.Organisation)
	return err
}

func (p *Pages) initiative(w http.ResponseWriter, r *http.Request) error {
	one, err := p.Efforts.Initiative(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("initiative"))
	if err != nil {
		return err
	}
	return p.showInitiative(w, r, initiativeForm{Initiative: one, Given: one.Owner.Name})
}

func (p *Pages) showInitiative(w http.ResponseWriter, r *http.Request, f initiativeForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if err = p.fillInitiative(r, &f); err != nil {
		return err
	}
	f.Actions, err = p.Store.Actions(ctx, actor.Organisation, transitiondb.ActionQuery{Initiative: f.ID})
	if err != nil {
		return err
	}
	if f.Spent, err = p.Efforts.Totals(ctx, actor.Organisation, effort.Target{Kind: effort.ForInitiative, ID: f.ID}); err != nil {
		return err
	}
	if f.Manages {
		if f.Units, err = p.Org.Structure(ctx, actor.Organisation, f.Today); err != nil {
			return err
		}
	}
	// Whoever may read a part sees what is decided in it.
	f.Actions = slices.DeleteFunc(f.Actions, func(a transition.Action) bool { return !p.reads(ctx, actor, a) })
	return web.Page(w, r, web.StatusOf(f.Err), initiativePage(f))
}

// reads says whether somebody may read an action in a list.
func (p *Pages) reads(ctx context.Context, actor org.Actor, a transition.Action) bool {
	if p.Permits.May(actor, Follow, org.Place{}) || actor.Person != "" && a.Owner.Key == actor.Person {
		return true
	}
	_, _, reads, err := p.bodySight(ctx, actor, a.Body.Kind, a.Body.ID)
	return err == nil && reads
}

// saveInitiative begins an initiative, changes it, ends it, or says where it begins.
func (p *Pages) saveInitiative(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := initiativeForm{Given: strings.TrimSpace(r.FormValue("owner"))}
	id, err := r.PathValue("initiative"), error(nil)
	if id != "" {
		if f.Initiative, err = p.Efforts.Initiative(ctx, actor.Organisation, id); err != nil {
			return err
		}
	}
	switch do, of, _ := strings.Cut(r.FormValue("do"), " "); do {
	case "keep":
		f.Name, f.Note, f.Kind, f.Serves = r.FormValue("name"), r.FormValue("note"), effort.Kind(r.FormValue("kind")), nil
		for _, focal := range r.Form["focal"] {
			f.Serves = append(f.Serves, effort.Target{Kind: effort.ForFocal, ID: focal})
		}
	case "start":
		f.Unit, f.Day, f.Given = r.FormValue("unit"), period.Day(r.FormValue("day")), f.Owner.Name
		f.Starts = append(f.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: f.Unit}, Day: f.Day})
	case "unstart":
		f.Given = f.Owner.Name
		f.Starts = slices.DeleteFunc(f.Starts, func(s effort.Start) bool { return s.Ref.ID == of })
	case "end", "resume":
		today, err := p.today(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		if f.Given, f.Ended = f.Owner.Name, ""; do == "end" {
			f.Ended = today
		}
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if err == nil {
		id, err = p.Efforts.SaveInitiative(ctx, actor.Organisation, f.Initiative, f.Given, actor.Name)
	}
	if web.Retry(err) {
		if f.Err = err; f.ID == "" {
			return p.showInitiatives(w, r, f)
		}
		f.Starts = slices.DeleteFunc(f.Starts, func(s effort.Start) bool { return s.Ref.Name == "" })
		return p.showInitiative(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/initiatives/"+id)
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

// begunText says in how many units an initiative has begun.
func begunText(ctx context.Context, i effort.Initiative, today period.Day) string {
	switch begun := len(i.Begun(today)); {
	case i.Ended != "":
		return lang.T(ctx, "ended on %s", string(i.Ended))
	case len(i.Starts) == 0:
		return lang.T(ctx, "nowhere begun")
	default:
		return lang.T(ctx, "begun in %[1]d of %[2]d units", begun, len(i.Starts))
	}
}
