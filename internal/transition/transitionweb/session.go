package transitionweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/calendar"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// sessionForm is a session before somebody: who runs it, who is asked to it, or who may read
// what the programme does.
type sessionForm struct {
	transitiondb.Meeting
	Path    string
	Key     string // of the reader in the roster
	Pass    bool   // by the link in a mail, without an account
	Reads   bool   // may read the programme
	Coaches bool   // has a page of the own coaching
	Runs    bool   // plans, invites, notes who came
	Takes   bool   // is asked to it
	Own     transition.Attendee
	Written transitiondb.Written
	Earlier []transition.Commitment // own ones of other sessions that are not done
	Agenda  []shownPart
	Known   []diagnosis.Knowledge // of the characteristics of the focal point
	Themes  bool                  // the reader can open what is known of the characteristics
	themes
	Material *material
	Effort   effort.Totals
	Over     bool
	Begun    bool
	Mails    bool
	Today    period.Day
	Typed    url.Values // what was typed into the form with the mistake
	Err      error
}

// sight is a session as far as somebody may see it; not found for who is neither of it nor of
// the programme.
func (p *Pages) sight(r *http.Request) (f sessionForm, organisation string, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	organisation, f.Key = actor.Organisation, actor.Person
	session := r.PathValue("session")
	if secret := r.PathValue("secret"); secret != "" {
		pass, err := p.Store.Pass(ctx, secret)
		if err != nil {
			return f, "", err
		}
		organisation, session, f.Key, f.Pass, f.Path = pass.Organisation.ID, pass.Session, pass.Person.Key, true, "/session/"+secret
	}
	if f.Meeting, err = p.Store.Meeting(ctx, organisation, session); err != nil {
		return f, "", err
	}
	f.Path = cmp.Or(f.Path, "/sessions/"+f.Session.ID)
	f.Own, f.Takes = f.Attendee(f.Key)
	f.Takes = f.Takes && !f.Own.Left
	hosts := f.Key != "" && f.Host.Person.Key == f.Key && !f.HostGone
	f.Reads, f.Coaches = !f.Pass && p.Permits.May(actor, Read, org.Place{}), !f.Pass && p.Permits.MayAnywhere(actor, Coach)
	f.Runs = !f.Pass && (hosts || p.Permits.May(actor, Manage, org.Place{}))
	if !f.Runs && !f.Takes && !f.Reads {
		return f, "", fault.NotFoundf("there is no such session")
	}
	o, err := p.Org.Organisation(ctx, organisation)
	now := p.Store.Clock(o.Zone)
	f.Today, f.Over, f.Begun, f.Mails = period.DayOf(now), f.Session.Over(now), !f.Starts.After(now), p.Mails
	return f, organisation, err
}

func (p *Pages) session(w http.ResponseWriter, r *http.Request) error {
	f, organisation, err := p.sight(r)
	if err != nil {
		return err
	}
	return p.showSession(w, r, f, organisation, nil)
}

func (p *Pages) showSession(w http.ResponseWriter, r *http.Request, f sessionForm, organisation string, mistake error) (err error) {
	ctx := r.Context()
	if f.Err = mistake; mistake != nil {
		f.Typed = r.PostForm
	}
	if f.Takes {
		own, err := p.Store.CommitmentsOf(ctx, organisation, f.Key, p.Store.Clock("UTC"))
		if err != nil {
			return err
		}
		f.Earlier = slices.DeleteFunc(own, func(c transition.Commitment) bool { return c.Session == f.Session.ID || !c.Done.IsZero() })
	}
	all := f.Runs && (f.Kind == transition.Meeting || p.Permits.May(web.From[org.Actor](ctx), Manage, org.Place{}))
	if f.Written, err = p.Store.Written(ctx, organisation, f.Session.ID, f.Key, all); err != nil {
		return err
	}
	if f.Focal.ID != "" {
		if f.Known, err = p.known(ctx, organisation, f.Focal); err != nil {
			return err
		}
		if f.themes, err = p.themes(ctx, organisation); err != nil {
			return err
		}
		f.Themes = f.Runs && len(f.Focal.Items) > 0
		f.Agenda = shownAgenda(ctx, f.Session, f.Focal, f.Known)
		if (f.Runs || f.Takes) && f.Kind == transition.Meeting {
			if f.Material, err = p.material(ctx, organisation, f.Meeting, f.Runs); err != nil {
				return err
			}
			if err := p.saw(ctx, organisation, f); err != nil {
				return err
			}
		}
	}
	if f.Runs {
		entries, err := p.Store.LedgerOf(ctx, organisation, f.Session.ID)
		if err != nil {
			return err
		}
		f.Effort = effort.Sum(entries)
	}
	if f.Pass {
		o, err := p.Org.Organisation(ctx, organisation)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		r = r.WithContext(web.With(ctx, web.Frame{Organisation: o.Name, Simulated: o.Simulated}))
	}
	return web.Page(w, r, web.StatusOf(mistake), sessionPage(f))
}

// known is what is known of the characteristics of a focal point, in the reader's language.
func (p *Pages) known(ctx context.Context, organisation string, focal diagnosis.FocalPoint) (known []diagnosis.Knowledge, err error) {
	in, err := p.Diagnosis.CurrentInstrument(ctx, organisation)
	if err != nil {
		return nil, err
	}
	all, err := p.Diagnosis.Knowledge(ctx, organisation, in, lang.Tag(ctx).String())
	for _, item := range focal.Items {
		if k, there := all[item]; there {
			known = append(known, k.Knowledge)
		}
	}
	return known, err
}

func (f sessionForm) heading(ctx context.Context) string {
	name := sessionName(ctx, f.Session)
	switch {
	case f.Cancelled:
		return lang.T(ctx, "%s is cancelled.", name)
	case !f.Held.IsZero():
		return name + " · " + lang.N(ctx, f.Came(), "one person came.", "%d people came.")
	}
	return name
}

// typed is what was typed into a field with a mistake, else what there is.
func (f sessionForm) typed(field, instead string) string {
	if f.Typed.Has(field) {
		return f.Typed.Get(field)
	}
	return instead
}

// changeSession is what who runs a session, or is asked to it, does on its page.
func (p *Pages) changeSession(w http.ResponseWriter, r *http.Request) error {
	f, organisation, err := p.sight(r)
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		return err
	}
	do, value, _ := strings.Cut(r.PostForm.Get("do"), " ")
	switch {
	case f.Takes && slices.Contains([]string{"say", "reflect", "state", "commit", "fulfil", "feedback"}, do):
		err = p.takePart(r, f, organisation, do, value)
	case f.Runs:
		err = p.run(r, f, organisation, do)
	default:
		err = fault.NotFoundf("there is no such session")
	}
	if web.Retry(err) {
		return p.showSession(w, r, f, organisation, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, f.Path+"#"+do)
}

// takePart does what those who are asked to a session can do.
func (p *Pages) takePart(r *http.Request, f sessionForm, organisation, do, value string) error {
	ctx, form, session := r.Context(), r.PostForm, f.Session.ID
	switch do {
	case "say":
		return p.Store.SayWhether(ctx, organisation, session, f.Key, transition.Answer(value), form.Get("why"))
	case "reflect":
		return p.Store.Reflect(ctx, organisation, session, f.Key, form.Get("reflection"), form.Get("shared") != "")
	case "state":
		return p.Store.State(ctx, organisation, session, f.Key, form.Get("own-role"), form.Get("results"))
	case "commit":
		return p.Store.Commit(ctx, organisation, session, f.Key, transition.Commitment{Text: form.Get("commitment"), Due: period.Day(form.Get("due"))})
	case "fulfil":
		of, commitment, _ := strings.Cut(value, "/")
		return p.Store.Fulfil(ctx, organisation, of, f.Key, commitment, form.Get("outcome-"+commitment))
	}
	return p.Store.SayOf(ctx, organisation, session, f.Key, transition.Feedback{Useful: web.Number(r, "useful", 0), Text: form.Get("feedback")})
}

// run does what who runs a session can do.
func (p *Pages) run(r *http.Request, f sessionForm, organisation, do string) (err error) {
	ctx, form, session, by := r.Context(), r.PostForm, f.Session.ID, web.From[org.Actor](r.Context()).Name
	switch do {
	case "invite":
		if !p.Mails {
			return fault.Conflictf("no mail server is set: tell people yourself, the calendar file is on this page")
		}
		_, err = p.Store.InviteToSession(ctx, organisation, session)
	case "remind":
		_, err = p.Store.Remind(ctx, organisation, session)
	case "cancel":
		if form.Get("following") != "" {
			err = p.Store.CancelSeries(ctx, organisation, session, form.Get("reason"), by)
		} else {
			err = p.Store.CancelSession(ctx, organisation, session, form.Get("reason"), by)
		}
	case "attend":
		var costs []effort.Cost
		if costs, err = readCosts(r); err == nil {
			err = p.Store.Attend(ctx, organisation, session, transitiondb.Attendance{Came: form["came"], Prepared: web.Number(r, "prepared", 0), Costs: costs, Name: sessionName(ctx, f.Session)}, by)
		}
	case "minutes":
		err = p.Store.KeepMinuted(ctx, organisation, session, form.Get("minuted"), by)
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	return err
}

// readCosts takes what a session has cost off its form.
func readCosts(r *http.Request) (costs []effort.Cost, err error) {
	code := strings.ToUpper(strings.TrimSpace(r.FormValue("currency")))
	for _, kind := range []effort.CostKind{effort.Internal, effort.Supplier} {
		amount, err := effort.ReadAmount(r.FormValue("cost-"+string(kind)), effort.Digits(code))
		if err != nil {
			return nil, err
		}
		if amount > 0 {
			costs = append(costs, effort.Cost{Kind: kind, Amount: amount, Currency: code})
		}
	}
	return costs, nil
}

// costOf is what a session has cost of a kind, as a form has it.
func costOf(s transition.Session, kind effort.CostKind) string {
	for _, c := range s.Costs {
		if c.Kind == kind {
			return effort.WriteAmount(c.Amount, c.Currency)
		}
	}
	return ""
}

func currencyOf(s transition.Session) string {
	if len(s.Costs) > 0 {
		return s.Costs[0].Currency
	}
	return "EUR"
}

// event is a session as a calendar has it.
func (p *Pages) event(ctx context.Context, s transition.Session, url string) calendar.Event {
	text := []string{}
	if s.Theme != "" {
		text = append(text, lang.T(ctx, "Focal point: %s", s.Theme))
	}
	if s.Role != "" {
		text = append(text, lang.T(ctx, "Serves: %s", roleName(ctx, s.Role)))
	}
	text = append(text, lang.T(ctx, "Led by %s", s.Host.Name))
	if s.Cancelled {
		text = append(text, lang.T(ctx, "Cancelled: %s", s.Reason))
	}
	if url != "" {
		text = append(text, url)
	}
	return calendar.Event{UID: s.ID + "@throughline", Sequence: s.Version, Cancelled: s.Cancelled, Starts: s.Starts, Ends: s.Ends(), Changed: p.Store.Clock("UTC"), Summary: sessionName(ctx, s),
		Description: strings.Join(text, "\n"), Place: s.Place, URL: url}
}

// calendarFile hands a session out as a calendar file.
func (p *Pages) calendarFile(w http.ResponseWriter, r *http.Request) error {
	f, _, err := p.sight(r)
	if err != nil {
		return err
	}
	web.Attach(w, "text/calendar; charset=utf-8", web.FileName(sessionName(r.Context(), f.Session), "ics"))
	_, err = w.Write([]byte(calendar.Feed(f.Programme.Name, []calendar.Event{p.event(r.Context(), f.Session, p.Public+"/sessions/"+f.Session.ID)})))
	return err
}

// feed is a calendar that somebody subscribes to.
func (p *Pages) feed(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Store.Feed(r.Context(), strings.TrimSuffix(r.PathValue("token"), ".ics"))
	if err != nil {
		return err
	}
	ctx := lang.With(r.Context(), lang.Match(f.Organisation.Language))
	var events []calendar.Event
	for _, s := range f.Sessions {
		events = append(events, p.event(ctx, s, p.Public+"/sessions/"+s.ID))
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write([]byte(calendar.Feed(lang.T(ctx, "Sessions at %s", f.Organisation.Name), events)))
	return err
}

// mistake is what is wrong with what was sent from one form of the page.
func (f sessionForm) mistake(form string) error {
	if do, _, _ := strings.Cut(f.Typed.Get("do"), " "); do != form {
		return nil
	}
	return f.Err
}

func (f sessionForm) ownStatement() transition.Statement {
	for _, st := range f.Written.Statements {
		if st.Person.ID == f.Own.Person.ID {
			return st
		}
	}
	return transition.Statement{}
}

func (f sessionForm) ownFeedback() string {
	if f.Written.Feedback == nil {
		return ""
	}
	return f.Written.Feedback.Text
}

func (f sessionForm) askedText(ctx context.Context) string {
	yes, no := f.Said()
	return lang.T(ctx, "%[1]d of %[2]d have said yes, %[3]d no", yes, len(f.Attendees), no)
}

// waits says whether somebody with a mail address has not been told of the session as it is.
func (f sessionForm) waits() bool {
	return len(f.Joined) > 0 || slices.ContainsFunc(f.Attendees, func(a transition.Attendee) bool {
		return !a.Left && a.Person.Mail != "" && !f.told(a)
	})
}

// told says whether somebody has been mailed of the session as it is, as far as is known.
func (f sessionForm) told(a transition.Attendee) bool {
	_, failed := f.Troubles[a.Person.ID]
	return a.Mailed == f.Session.Version && !failed
}

// silent counts who has been told and has not answered.
func (f sessionForm) silent() (n int) {
	for _, a := range f.Attendees {
		if f.told(a) && a.Answer == transition.Unsaid && !a.Left {
			n++
		}
	}
	return n
}

// ticked says whether somebody is ticked as having come: as it was sent with a mistake, as it was
// noted, or, before it is, who has said yes.
func (f sessionForm) ticked(person string, a transition.Attendee) bool {
	if f.mistake("attend") != nil {
		return slices.Contains(f.Typed["came"], person)
	}
	return a.Came || f.Held.IsZero() && a.Answer == transition.Yes
}

// shares says whether the reflection is ticked to be shared.
func (f sessionForm) shares() bool {
	if f.mistake("reflect") != nil {
		return f.Typed.Has("shared")
	}
	return f.Written.Own.Shared
}

// useful is how useful the reader finds the session, as far as said.
func (f sessionForm) useful(n int) bool {
	if f.mistake("feedback") != nil {
		return f.Typed.Get("useful") == strconv.Itoa(n)
	}
	return f.Written.Feedback != nil && f.Written.Feedback.Useful == n
}

func (f sessionForm) toldText(ctx context.Context) string {
	told := 0
	for _, a := range f.Attendees {
		if f.told(a) {
			told++
		}
	}
	if told == 0 {
		return lang.T(ctx, "Nobody has been invited yet.")
	}
	return lang.T(ctx, "%[1]d of %[2]d have been invited by mail.", told, len(f.Attendees))
}

// standing says where somebody stands with a session.
func (f sessionForm) standing(ctx context.Context, a transition.Attendee) string {
	switch {
	case !f.Held.IsZero() && a.Came:
		return lang.T(ctx, "came")
	case !f.Held.IsZero():
		return lang.T(ctx, "did not come")
	case a.Answer == transition.Yes:
		return lang.T(ctx, "said yes")
	case a.Answer == transition.No:
		return lang.T(ctx, "said no")
	case a.Left:
		return ""
	case f.told(a):
		return lang.T(ctx, "invited")
	}
	return lang.T(ctx, "not invited yet")
}

// commitmentText says until when a commitment is, or that it is done.
func commitmentText(ctx context.Context, c transition.Commitment, today period.Day) string {
	switch {
	case !c.Done.IsZero():
		return lang.T(ctx, "done on %s", dayText(ctx, c.Done))
	case c.Late(today):
		return lang.T(ctx, "was due on %s", string(c.Due))
	}
	return lang.T(ctx, "until %s", string(c.Due))
}
