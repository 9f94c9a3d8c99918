package transitionweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// sessionList is the page of a programme's sessions and arrangements.
type sessionList struct {
	transition.Programme
	Coming, Past []transitiondb.Listed // sessions of its members
	Arrangements []transitiondb.Listed // the newest first
	Own          []transitiondb.Listed // sessions that members hold with their own people, the newest first
	Without      []transition.Member   // who has no arrangement yet
	Mails        bool
	Now          time.Time
	Began        bool // a first session has been held
	Effort       effort.Totals
	Manages      bool
}

func (p *Pages) sessions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	l := sessionList{Programme: one, Mails: p.Mails, Now: p.Store.Clock("UTC"), Manages: p.Permits.May(actor, Manage, org.Place{}) && !one.Closed}
	all, err := p.Store.Sessions(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		l.Began = l.Began || s.Kind == transition.Meeting && s.Of == "" && !s.Held.IsZero()
		switch {
		case s.Of != "":
			l.Own = append(l.Own, s)
		case s.Kind != transition.Meeting:
			l.Arrangements = append(l.Arrangements, s)
		case s.Over(l.Now) || s.Cancelled || !s.Held.IsZero():
			l.Past = append(l.Past, s)
		default:
			l.Coming = append(l.Coming, s)
		}
	}
	slices.Reverse(l.Past)
	slices.Reverse(l.Arrangements)
	slices.Reverse(l.Own)
	if l.Without, err = p.Store.Without(ctx, actor.Organisation, one.ID); err != nil {
		return err
	}
	if l.Effort, err = p.Store.Spent(ctx, actor.Organisation, one.ID); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, one.Name+"-sessions", l.table(ctx, slices.Concat(l.Coming, l.Past, l.Arrangements, l.Own))); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, sessionListPage(l))
}

func (l sessionList) table(ctx context.Context, some []transitiondb.Listed) web.Table {
	t := web.Table{Name: lang.T(ctx, "Sessions"), Header: []string{lang.T(ctx, "When"), lang.T(ctx, "What"), lang.T(ctx, "Focal point"), lang.T(ctx, "For whom, or for what"), lang.T(ctx, "Where"), lang.T(ctx, "Led by"),
		lang.T(ctx, "Asked"), lang.T(ctx, "Said yes"), lang.T(ctx, "Came"), lang.T(ctx, "State")}, Roomy: []string{lang.T(ctx, "Focal point"), lang.T(ctx, "Where"), lang.T(ctx, "Led by"), lang.T(ctx, "For whom, or for what")}}
	for _, s := range some {
		var came any
		state := lang.T(ctx, "planned")
		switch {
		case s.Cancelled:
			state = lang.T(ctx, "cancelled")
		case !s.Held.IsZero():
			came, state = s.Came, lang.T(ctx, "held")
		case s.Over(l.Now):
			state = lang.T(ctx, "note who came")
		}
		t.Rows = append(t.Rows, []any{web.Link{Text: whenCell(s.Session), Path: "/sessions/" + s.ID}, sessionName(ctx, s.Session), s.Theme, forWhom(ctx, s.Session), s.Place, s.Host.Name, s.Asked, s.Yes, came, state})
	}
	return t
}

// forWhom says whom a session is for.
func forWhom(ctx context.Context, s transition.Session) string {
	switch {
	case s.Of != "":
		return lang.T(ctx, "people of %s", s.Host.Name)
	case s.Kind != transition.Meeting:
		return roleName(ctx, s.Role)
	case s.Scope.Kind == transition.AllMembers:
		return lang.T(ctx, "everybody in it")
	}
	return s.Scope.Name
}

func (l sessionList) heading(ctx context.Context) string {
	held := 0
	for _, s := range l.Past {
		if !s.Held.IsZero() {
			held++
		}
	}
	if held+len(l.Coming) == 0 {
		return lang.T(ctx, "No session is planned yet.")
	}
	return lang.T(ctx, "%[1]d sessions held, %[2]d to come.", held, len(l.Coming))
}

// effortText says what has gone into the programme.
func effortText(ctx context.Context, t effort.Totals) string {
	if t.Entries == 0 {
		return lang.T(ctx, "No effort is recorded yet: hours and costs are when it is noted who came.")
	}
	text := lang.T(ctx, "Recorded as effort: %[1]s of participants, %[2]s of those who lead or coach.", hours(ctx, t.Participants), hours(ctx, t.Staff))
	if len(t.Costs) > 0 {
		text += " " + lang.T(ctx, "Costs:") + " " + costsText(ctx, t.Costs)
	}
	return text
}

// planSessionForm is the page on which sessions are planned, or one is changed.
type planSessionForm struct {
	Programme  transition.Programme
	Session    transition.Session
	Every      int
	Count      int
	Focals     []string // chosen
	Points     []diagnosis.FocalPoint
	Members    []transition.Member // who can lead it, and who can take part in an arrangement
	People     []string            // chosen, by id
	Scopes     []transition.Scope
	HostMember string // id of a person
	Path       string
	Own        bool // of the reader's group or team
	Change     bool
	Following  bool // change those of the series that follow too
	Zone       string
	Err        error
}

// series says whether several sessions are planned at once.
func (f planSessionForm) series() bool {
	return f.Session.Kind == transition.Meeting && !f.Own && !f.Change
}

func (f planSessionForm) heading(ctx context.Context) string {
	switch {
	case f.Change:
		return sessionName(ctx, f.Session)
	case f.series():
		return lang.T(ctx, "When do they meet, and on which focal points?")
	case f.Own:
		return lang.T(ctx, "When do you meet your people?")
	}
	return kindOfSession(ctx, f.Session.Kind)
}

const formMoment = "2006-01-02T15:04"

// newSession is the form for a series of a programme, or for an arrangement.
func (p *Pages) newSession(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	kind := transition.SessionKind(cmp.Or(r.FormValue("kind"), string(transition.Meeting)))
	f := planSessionForm{Programme: one, Every: one.Every, Count: 4, Focals: one.Focal, Path: "/programmes/" + one.ID + "/sessions",
		People: r.Form["person"], Session: transition.Session{Kind: kind, Minutes: 90, Scope: readScope(r.FormValue("scope"))}}
	return p.showPlanning(w, r, f, nil)
}

// ownSession is the form for a session of the own group or management team.
func (p *Pages) ownSession(w http.ResponseWriter, r *http.Request) error {
	f, err := p.ownPlan(r)
	if err != nil {
		return err
	}
	return p.showPlanning(w, r, f, nil)
}

// ownPlan is a plan for the own people in the programme that is asked for.
func (p *Pages) ownPlan(r *http.Request) (f planSessionForm, err error) {
	actor := web.From[org.Actor](r.Context())
	all, err := p.Store.Coaching(r.Context(), actor.Organisation, actor.Person)
	if err != nil {
		return f, err
	}
	at := slices.IndexFunc(all, func(own transitiondb.Own) bool { return own.Programme.ID == r.PathValue("programme") })
	if at < 0 {
		return f, fault.NotFoundf("you take part in no such programme now")
	}
	own := all[at]
	host := own.Member.Person
	return planSessionForm{Programme: own.Programme, Own: true, Path: "/coaching/" + own.Programme.ID + "/sessions", Session: transition.Session{Programme: own.Programme.ID, Kind: transition.Meeting, Of: own.Member.ID, Minutes: 60,
		Host: transition.Host{Person: org.Ref{ID: host.ID, Key: host.Key, Name: host.Title()}, Name: host.Title()}}}, nil
}

func (p *Pages) showPlanning(w http.ResponseWriter, r *http.Request, f planSessionForm, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f.Err = mistake
	if f.Points, err = p.Store.FocalOf(ctx, actor.Organisation, f.Programme); err != nil {
		return err
	}
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if f.Zone = o.Zone; f.Session.Starts.IsZero() && mistake == nil {
		now := p.Store.Clock(o.Zone)
		f.Session.Starts = time.Date(now.Year(), now.Month(), now.Day()+14, 13, 30, 0, 0, now.Location())
	}
	members, err := p.Store.Members(ctx, actor.Organisation, f.Programme.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Coaches() || m.Forms() {
			f.Members = append(f.Members, m)
		}
	}
	f.Scopes = scopes(f.Members)
	return web.Page(w, r, web.StatusOf(mistake), planSessionPage(f))
}

// scopes are the locations and partners of members, by name.
func scopes(members []transition.Member) (all []transition.Scope) {
	for _, m := range members {
		for kind, ref := range map[transition.ScopeKind]org.Ref{transition.AtLocation: m.Person.Location, transition.OfPartner: m.Person.Partner} {
			if one := (transition.Scope{Kind: kind, ID: ref.ID, Name: ref.Name}); ref.ID != "" && !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b transition.Scope) int {
		return cmp.Or(-cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func scopeValue(s transition.Scope) string {
	if s.Kind == transition.AllMembers {
		return ""
	}
	return string(s.Kind) + " " + s.ID
}

func readScope(value string) transition.Scope {
	kind, id, _ := strings.Cut(value, " ")
	return transition.Scope{Kind: transition.ScopeKind(kind), ID: id}
}

// readPlan takes what is planned off its form.
func (p *Pages) readPlan(r *http.Request, f *planSessionForm) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if err := r.ParseForm(); err != nil {
		return fault.Invalidf("the form could not be read: send it again")
	}
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	s := &f.Session
	s.Name, s.Place, s.Minutes = r.FormValue("name"), r.FormValue("place"), web.Number(r, "minutes", 0)
	s.Role = transition.RolePart(r.FormValue("role"))
	f.Every, f.Count, f.Focals, f.People = web.Number(r, "every", 0), web.Number(r, "count", 0), r.Form["focal"], r.Form["person"]
	if !f.series() {
		s.Focal = r.FormValue("focal")
	}
	if s.Starts, err = time.ParseInLocation(formMoment, r.FormValue("starts"), period.Zone(o.Zone)); err != nil {
		s.Starts = time.Time{}
	}
	if !f.Own {
		if err := p.readHost(r, f); err != nil {
			return err
		}
	}
	if f.Change {
		return readAgenda(r, s)
	}
	return nil
}

// readHost takes who leads a session off its form: somebody of the programme, or a name.
func (p *Pages) readHost(r *http.Request, f *planSessionForm) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f.HostMember = r.FormValue("host-member")
	h := transition.Host{Name: r.FormValue("host"), External: r.FormValue("external") != ""}
	if f.HostMember != "" {
		members, err := p.Store.Members(ctx, actor.Organisation, f.Programme.ID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(members, func(m transition.Member) bool { return m.Person.ID == f.HostMember })
		if at < 0 {
			return fault.Fieldf("host", "say who leads it")
		}
		person := members[at].Person
		h = transition.Host{Person: org.Ref{ID: person.ID, Key: person.Key, Name: person.Title()}, Name: person.Title()}
	}
	f.Session.Host = h
	return nil
}

// readAgenda takes an agenda off its form, its parts by the places that they are given; a part without
// minutes falls away.
func readAgenda(r *http.Request, s *transition.Session) error {
	if s.Kind != transition.Meeting {
		return nil
	}
	s.Agenda = nil
	var mistake error
	type placed struct {
		place float64
		transition.AgendaPart
	}
	var parts []placed
	for i, kind := range r.Form["part-kind"] {
		minutes, title, text := at(r.Form["part-minutes"], i), at(r.Form["part-title"], i), at(r.Form["part-text"], i)
		if strings.TrimSpace(minutes) == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(minutes))
		switch {
		case mistake != nil:
		case err != nil:
			mistake = fault.Fieldf("agenda", "%q is no number of minutes", minutes)
		case !slices.Contains(transition.PartKinds, transition.PartKind(kind)):
			mistake = fault.Fieldf("agenda", "choose what each part of the agenda is there for")
		}
		place, err := strconv.ParseFloat(at(r.Form["part-place"], i), 64)
		if err != nil {
			place = float64(i + 1)
		}
		switch { // it stands there then: moved up, before the part that does now; moved down, behind it
		case place < float64(i+1):
			place -= 0.5
		case place > float64(i+1):
			place += 0.5
		}
		parts = append(parts, placed{place, transition.AgendaPart{Kind: transition.PartKind(kind), Minutes: n, Title: title, Text: text}})
	}
	slices.SortStableFunc(parts, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	for _, part := range parts {
		s.Agenda = append(s.Agenda, part.AgendaPart)
	}
	return mistake
}

func at(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// planSession plans a series of a programme, or an arrangement, or invites to all that are planned.
func (p *Pages) planSession(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	if r.FormValue("do") == "invite" {
		return p.inviteToAll(w, r, one)
	}
	f := planSessionForm{Programme: one, Path: "/programmes/" + one.ID + "/sessions", Session: transition.Session{Programme: one.ID, Kind: transition.SessionKind(r.FormValue("kind"))}}
	err = p.readPlan(r, &f)
	if err == nil && f.series() {
		if err = p.readSeriesScope(r, &f); err == nil {
			_, err = p.Store.PlanSeries(r.Context(), actor.Organisation, one.ID, transition.Series{Session: f.Session, Every: f.Every, Count: f.Count, Focal: f.Focals}, actor.Name)
		}
	} else if err == nil {
		_, err = p.Store.PlanSession(r.Context(), actor.Organisation, f.Session, f.People, actor.Name)
	}
	if web.Retry(err) {
		return p.showPlanning(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, f.Path)
}

// inviteToAll mails the invitations of all sessions of a programme's members that are to come.
func (p *Pages) inviteToAll(w http.ResponseWriter, r *http.Request, one transition.Programme) error {
	organisation := web.From[org.Actor](r.Context()).Organisation
	if !p.Mails {
		return fault.Conflictf("no mail server is set: tell people yourself, the calendar file is on the page of each session")
	}
	all, err := p.Store.Sessions(r.Context(), organisation, one.ID)
	if err != nil {
		return err
	}
	now := p.Store.Clock("UTC")
	for _, s := range all {
		if s.Kind == transition.Meeting && s.Of == "" && !s.Cancelled && s.Held.IsZero() && !s.Over(now) {
			if _, err := p.Store.InviteToSession(r.Context(), organisation, s.ID); err != nil {
				return err
			}
		}
	}
	return web.SeeOther(w, r, "/programmes/"+one.ID+"/sessions")
}

// readSeriesScope takes off the form for which members a series is.
func (p *Pages) readSeriesScope(r *http.Request, f *planSessionForm) error {
	asked := readScope(r.FormValue("scope"))
	if asked.Kind == transition.AllMembers {
		return nil
	}
	members, err := p.Store.Members(r.Context(), web.From[org.Actor](r.Context()).Organisation, f.Programme.ID)
	if err != nil {
		return err
	}
	for _, one := range scopes(members) {
		if one.Kind == asked.Kind && one.ID == asked.ID {
			f.Session.Scope = one
			return nil
		}
	}
	return fault.Fieldf("scope", "choose a location or partner of the programme's people")
}

// planOwn plans a session of the own group or management team.
func (p *Pages) planOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := p.ownPlan(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	var made string
	if err = p.readPlan(r, &f); err == nil {
		made, err = p.Store.PlanSession(r.Context(), actor.Organisation, f.Session, nil, actor.Name)
	}
	if web.Retry(err) {
		return p.showPlanning(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/sessions/"+made)
}

// changing is a session in the form in which it is changed.
func (p *Pages) changing(r *http.Request) (f planSessionForm, err error) {
	of, _, err := p.sight(r)
	if err == nil && !of.Runs {
		err = fault.NotFoundf("there is no such session")
	}
	if err == nil && (of.Cancelled || !of.Held.IsZero()) {
		err = fault.Conflictf("this session has been held, or is cancelled")
	}
	f = planSessionForm{Programme: of.Programme, Session: of.Session, Own: of.Of != "" && of.Host.Person.Key == of.Key, Change: true, Path: of.Path + "/edit", HostMember: of.Host.Person.ID}
	for _, a := range of.Attendees {
		f.People = append(f.People, a.Person.ID)
	}
	return f, err
}

func (p *Pages) editSession(w http.ResponseWriter, r *http.Request) error {
	f, err := p.changing(r)
	if err != nil {
		return err
	}
	return p.showPlanning(w, r, f, nil)
}

func (p *Pages) saveSession(w http.ResponseWriter, r *http.Request) error {
	f, err := p.changing(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	if err = p.readPlan(r, &f); err == nil {
		if f.Following = r.FormValue("following") != ""; f.Following {
			err = p.Store.ChangeSeries(r.Context(), actor.Organisation, f.Session, actor.Name)
		} else {
			err = p.Store.ChangeSession(r.Context(), actor.Organisation, f.Session, f.People, actor.Name)
		}
	}
	if web.Retry(err) {
		return p.showPlanning(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/sessions/"+f.Session.ID)
}
