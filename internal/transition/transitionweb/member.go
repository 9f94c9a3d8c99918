package transitionweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// peopleForm is the page of who is in a programme.
type peopleForm struct {
	transition.Programme
	Members  []transition.Member // those of the status asked for
	Count    map[transition.Status]int
	Status   transition.Status // "" for all
	Troubles map[string]transitiondb.Trouble
	Manages  bool
	Mails    bool
	Teams    map[string]string // name by id
	again    func(transition.Member) bool
	Note     string
	Err      error
}

func (p *Pages) people(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	return p.showPeople(w, r, one, nil)
}

func (p *Pages) showPeople(w http.ResponseWriter, r *http.Request, one transition.Programme, mistake error) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := peopleForm{Programme: one, Status: transition.Status(r.FormValue("status")), Count: map[transition.Status]int{}, Manages: p.Permits.May(actor, Manage, org.Place{}),
		Mails: p.Mails, Teams: map[string]string{}, again: p.Store.Unanswered, Note: r.FormValue("note"), Err: mistake}
	all, err := p.Store.Members(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		f.Count[m.Status]++
		if f.Status == "" || m.Status == f.Status {
			f.Members = append(f.Members, m)
		}
	}
	if f.Troubles, err = p.Store.Troubles(ctx, actor.Organisation, one.ID); err != nil {
		return err
	}
	teams, err := p.Store.Teams(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, t := range teams {
		f.Teams[t.ID] = t.Name
	}
	if done, err := web.Exported(w, r, one.Name+"-people", f.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), peoplePage(f))
}

func (f peopleForm) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "People"), Header: []string{lang.T(ctx, "Name"), lang.T(ctx, "Number"), lang.T(ctx, "Unit"), lang.T(ctx, "Location"), lang.T(ctx, "Partner"), lang.T(ctx, "Status"), lang.T(ctx, "Since"), lang.T(ctx, "Management team"), lang.T(ctx, "Reason")}}
	for _, m := range f.Members {
		t.Rows = append(t.Rows, []any{m.Person.Title(), m.Person.Key, m.Person.Unit.Name, m.Person.Location.Name, m.Person.Partner.Name, statusName(ctx, m.Status), dayText(ctx, m.Since), f.Teams[m.Team.ID], lastReason(m)})
	}
	if !f.Manages {
		return t.Only(0, 1, 2, 3, 4, 5, 6, 7)
	}
	return t
}

func lastReason(m transition.Member) string {
	if len(m.Steps) == 0 {
		return ""
	}
	return m.Steps[len(m.Steps)-1].Reason
}

func (f peopleForm) heading(ctx context.Context) string {
	n := 0
	for _, c := range f.Count {
		n += c
	}
	if n == 0 {
		return lang.T(ctx, "Nobody is in it yet.")
	}
	return lang.T(ctx, "%[1]d are active, %[2]d in formation, %[3]d asked.", f.Count[transition.Active], f.Count[transition.Accepted], f.Count[transition.Nominated]+f.Count[transition.Invited])
}

// asks says whether somebody can be invited by mail now.
func (f peopleForm) asks(m transition.Member) bool {
	return f.Manages && !f.Closed && !m.Left && m.Person.Mail != "" && (m.Status == transition.Nominated || m.Status == transition.Invited)
}

// invite mails who is ticked.
func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalidf("the form could not be read: send it again")
	}
	if !p.Mails {
		err = fault.Conflictf("no mail server is set: ask in person, and note the answer on the page of each")
	} else {
		err = p.Store.Invite(r.Context(), actor.Organisation, one.ID, r.Form["member"], strings.TrimSpace(r.FormValue("note")), actor.Name)
	}
	if web.Retry(err) {
		return p.showPeople(w, r, one, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/programmes/"+one.ID+"/people?status=invited")
}

// memberForm is the page of one member.
type memberForm struct {
	transition.Programme
	transition.Member
	Next    []transition.Status
	Teams   []org.ManagementTeam
	Manages bool
	Reasons bool // why somebody declined or stopped is told
	Trouble transitiondb.Trouble
	Room    int
	Reason  string
	Record  recordForm
	Err     error
}

func (p *Pages) member(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	return p.showMember(w, r, one, nil, nil)
}

// showMember shows a member with a mistake in what was said of the status or the place, or in
// what was noted in the record.
func (p *Pages) showMember(w http.ResponseWriter, r *http.Request, one transition.Programme, mistake, noted error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := memberForm{Programme: one, Reasons: p.Permits.May(actor, Manage, org.Place{}), Reason: r.FormValue("reason"), Err: mistake}
	if f.Member, err = p.Store.Member(ctx, actor.Organisation, one.ID, r.PathValue("member")); err != nil {
		return err
	}
	f.Manages = f.Reasons && !one.Closed
	f.Next = slices.DeleteFunc(f.Member.Next(), func(s transition.Status) bool { return s == transition.Invited })
	f.Room = web.Number(r, "room", f.Member.Room)
	if one.Kind == transition.Leaders {
		if f.Teams, err = p.Store.Teams(ctx, actor.Organisation); err != nil {
			return err
		}
	}
	troubles, err := p.Store.Troubles(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	f.Trouble = troubles[f.Member.ID]
	records, err := p.Store.Records(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	if f.Record, err = p.recordForm(ctx, actor.Organisation, records[f.Person.ID]); err != nil {
		return err
	}
	f.Record.Path, f.Record.Changes, f.Record.Unit = "/programmes/"+one.ID+"/people/"+f.Member.ID+"/record", p.Permits.May(actor, Confirm, org.Place{}), f.Part.Name
	f.Record.Lead, f.Record.Typed, f.Record.Err = f.Record.MayLead(f.Member) == nil, readExperience(r), noted
	return web.Page(w, r, web.StatusOf(cmp.Or(mistake, noted)), memberPage(f))
}

// take moves a member to another status.
func (p *Pages) take(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	if r.FormValue("status") == string(transition.Invited) {
		return fault.Invalidf("people are invited by mail, on the page of all")
	}
	err = p.Store.Take(r.Context(), actor.Organisation, one.ID, r.PathValue("member"), transition.Status(r.FormValue("status")), r.FormValue("reason"), actor.Name)
	return p.backToMember(w, r, one, err)
}

// place gives a leader a management team, or a coach room.
func (p *Pages) place(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	err = p.Store.Place(r.Context(), actor.Organisation, one.ID, r.PathValue("member"), r.FormValue("team"), web.Number(r, "room", 0), actor.Name)
	return p.backToMember(w, r, one, err)
}

func (p *Pages) backToMember(w http.ResponseWriter, r *http.Request, one transition.Programme, err error) error {
	if web.Retry(err) {
		return p.showMember(w, r, one, err, nil)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/programmes/"+one.ID+"/people/"+r.PathValue("member"))
}

// takeText is what a button says that moves somebody to a status.
func takeText(ctx context.Context, s transition.Status) string {
	switch s {
	case transition.Nominated:
		return lang.T(ctx, "Nominate again")
	case transition.Accepted:
		return lang.T(ctx, "Has said yes")
	case transition.Active:
		return lang.T(ctx, "Coaches from now on")
	case transition.Declined:
		return lang.T(ctx, "Has declined")
	}
	return lang.T(ctx, "Has stopped")
}

// nominationForm is the page on which people are nominated.
type nominationForm struct {
	transition.Programme
	transitiondb.Eligible
	Points  []diagnosis.FocalPoint
	Text    string
	Reads   bool                // the rest of the programme too
	Waiting []transition.Member // whom somebody has nominated in the own part, and what came of it
	Err     error
}

const mostCandidates = 50

func (p *Pages) nominations(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	return p.showNominations(w, r, one, nil)
}

// within says in which places somebody may nominate; nil: everywhere.
func (p *Pages) within(actor org.Actor) func(org.Place) bool {
	if p.Permits.May(actor, Nominate, org.Place{}) {
		return nil
	}
	return func(at org.Place) bool { return p.Permits.May(actor, Nominate, at) }
}

func (p *Pages) showNominations(w http.ResponseWriter, r *http.Request, one transition.Programme, mistake error) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := nominationForm{Programme: one, Text: strings.TrimSpace(r.FormValue("q")), Reads: p.Permits.May(actor, Read, org.Place{}), Err: mistake}
	q := transitiondb.CandidateQuery{Text: f.Text, Location: r.FormValue("at"), Limit: mostCandidates, May: p.within(actor)}
	if f.Eligible, err = p.Store.Eligible(ctx, actor.Organisation, one, q); err != nil {
		return err
	}
	if f.Points, err = p.Store.FocalOf(ctx, actor.Organisation, one); err != nil {
		return err
	}
	if f.Waiting, err = p.Store.MembersWithin(ctx, actor.Organisation, one.ID, p.within(actor)); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), nominationsPage(f))
}

func (p *Pages) nominate(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalidf("the form could not be read: send it again")
	}
	err = p.Store.Nominate(r.Context(), actor.Organisation, one.ID, r.Form["person"], p.within(actor), actor.Name)
	if web.Retry(err) {
		return p.showNominations(w, r, one, err)
	}
	if err != nil {
		return err
	}
	if p.Permits.May(actor, Manage, org.Place{}) {
		return web.SeeOther(w, r, "/programmes/"+one.ID+"/people?status=nominated")
	}
	return web.SeeOther(w, r, "/programmes/"+one.ID+"/nominations")
}
