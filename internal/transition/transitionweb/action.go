package transitionweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/transition"
)

// ownActions is the page of somebody's actions, and of those with whom they decide.
type ownActions struct {
	themes
	Open, Ended []transition.Action
	Initiatives []effort.Initiative // that the reader answers for and that go on
	Bodies      []transition.Body   // without their people
	Others      []transition.Body   // management teams of the units that the reader follows
	Wants       bool                // is reminded
	Known       bool                // on the roster, and so can be reminded
	Today       period.Day
}

func (p *Pages) actions(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	var o ownActions
	if o.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if o.Today, err = p.today(ctx, actor.Organisation); err != nil {
		return err
	}
	all, err := p.Store.ActionsOf(ctx, actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Open() {
			o.Open = append(o.Open, a)
		} else {
			o.Ended = append(o.Ended, a)
		}
	}
	if o.Initiatives, err = p.ownInitiatives(ctx, actor); err != nil {
		return err
	}
	if o.Bodies, err = p.Store.BodiesOf(ctx, actor.Organisation, actor.Person); err != nil {
		return err
	}
	if o.Others, err = p.followed(ctx, actor, o.Bodies); err != nil {
		return err
	}
	_, o.Wants, err = p.Store.Wants(ctx, actor.Organisation, actor.Person)
	if o.Known = err == nil; err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return web.Page(w, r, http.StatusOK, ownActionsPage(o))
}

// followed are the management teams, besides the own ones, that somebody may follow.
func (p *Pages) followed(ctx context.Context, actor org.Actor, own []transition.Body) (all []transition.Body, err error) {
	if !p.Permits.MayAnywhere(actor, Follow) {
		return nil, nil
	}
	teams, err := p.Store.Teams(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	today, err := p.today(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	structure, err := p.Org.Structure(ctx, actor.Organisation, today)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		at, there := structure.Find(t.Unit.ID)
		mine := slices.ContainsFunc(own, func(b transition.Body) bool { return b.ID == t.ID })
		if there && !mine && p.Permits.May(actor, Follow, org.Place{Units: structure.IDs(at)}) {
			all = append(all, transition.Body{Kind: transition.TeamBody, ID: t.ID, Name: t.Name, Unit: t.Unit})
		}
	}
	return all, nil
}

// keepNudges switches the own reminders off or on again.
func (p *Pages) keepNudges(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	person, _, err := p.Store.Wants(ctx, actor.Organisation, actor.Person)
	if err == nil {
		err = p.Store.Nudges(ctx, actor.Organisation, person, r.FormValue("do") == "off")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/actions")
}

func (p *Pages) today(ctx context.Context, organisation string) (period.Day, error) {
	o, err := p.Org.Organisation(ctx, organisation)
	return period.DayOf(p.Store.Clock(o.Zone)), err
}

func (o ownActions) heading(ctx context.Context) string {
	late := 0
	for _, a := range o.Open {
		if a.Late(o.Today) > 0 {
			late++
		}
	}
	switch {
	case len(o.Open) == 0:
		return lang.T(ctx, "You answer for no action now.")
	case late > 0:
		return lang.N(ctx, late, "One of your actions should have been done.", "%d of your actions should have been done.")
	}
	return lang.N(ctx, len(o.Open), "You answer for one action.", "You answer for %d actions.")
}

// actionCard is a card for the actions of somebody that need a word.
func (p *Pages) actionCard(ctx context.Context, a org.Actor) ([]web.Card, error) {
	all, err := p.Store.ActionsOf(ctx, a.Organisation, a.Person)
	if err != nil {
		return nil, err
	}
	today, err := p.today(ctx, a.Organisation)
	if err != nil {
		return nil, err
	}
	open, need := 0, 0
	for _, one := range all {
		if one.Open() {
			open++
		}
		if one.Needs(today) != "" {
			need++
		}
	}
	if open == 0 {
		own, err := p.ownInitiatives(ctx, a)
		if err != nil {
			return nil, err
		}
		if len(own) > 0 {
			return []web.Card{{Heading: own[0].Name, Text: lang.T(ctx, "You answer for this initiative: %s.", begunText(ctx, own[0], today)), Path: "/initiatives/" + own[0].ID, Action: lang.T(ctx, "Open it")}}, nil
		}
		bodies, err := p.Store.BodiesOf(ctx, a.Organisation, a.Person)
		if err != nil || len(bodies) == 0 {
			return nil, err
		}
		return []web.Card{{Heading: bodies[0].Name, Text: lang.T(ctx, "What you decided together, and what comes of it."), Path: "/actions", Action: lang.T(ctx, "Open it")}}, nil
	}
	card := web.Card{Heading: lang.N(ctx, open, "You answer for one action", "You answer for %d actions"), Text: lang.T(ctx, "None of them needs a word now."), Path: "/actions", Action: lang.T(ctx, "Open them")}
	if need > 0 {
		card.Text = lang.N(ctx, need, "One of them needs a word from you.", "%d of them need a word from you.")
		card.Now, card.Unmailed = web.Waits, true
		if slices.ContainsFunc(all, func(one transition.Action) bool { return one.Late(today) > 0 }) {
			card.Now = web.Late
		}
	}
	return []web.Card{card}, nil
}

// actionView is the page of an action.
type actionView struct {
	transition.Action
	Body        transition.Body
	Goals       []strategy.Goal // that reach the unit
	Initiatives []effort.Initiative
	themes
	From  *transition.Action // that it was taken from
	Owns  bool               // the reader answers for it
	Runs  bool               // or decides where it was decided
	Today period.Day
	Typed transition.Action  // in the form that changes it
	Word  transition.CheckIn // in the form for a check-in
	Sent  url.Values         // what was sent with the mistake
	Did   string             // which form has the mistake
	Err   error
}

// owns says whether somebody answers for an action; who has left does not.
func owns(actor org.Actor, a transition.Action) bool {
	return actor.Person != "" && a.Owner.Key == actor.Person && !a.OwnerLeft
}

// actionSight is an action as far as somebody may see it; not found for who neither answers for it
// nor decides or reads where it was decided.
func (p *Pages) actionSight(r *http.Request) (v actionView, organisation string, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if v.Action, err = p.Store.Action(ctx, actor.Organisation, r.PathValue("action")); err != nil {
		return v, "", err
	}
	v.Owns = owns(actor, v.Action)
	reads := false
	if v.Body, v.Runs, reads, err = p.bodySight(ctx, actor, v.Action.Body.Kind, v.Action.Body.ID); err != nil {
		return v, "", err
	}
	if !v.Owns && !reads {
		return v, "", fault.NotFoundf("there is no such action")
	}
	return v, actor.Organisation, nil
}

func (p *Pages) action(w http.ResponseWriter, r *http.Request) error {
	v, organisation, err := p.actionSight(r)
	if err != nil {
		return err
	}
	v.Typed, v.Word.ID = v.Action, id.New()
	return p.showAction(w, r, v, organisation)
}

func (p *Pages) showAction(w http.ResponseWriter, r *http.Request, v actionView, organisation string) (err error) {
	ctx := r.Context()
	if v.themes, err = p.themes(ctx, organisation); err != nil {
		return err
	}
	if v.Today, err = p.today(ctx, organisation); err != nil {
		return err
	}
	if v.Initiatives, err = p.Efforts.Initiatives(ctx, organisation); err != nil {
		return err
	}
	if v.Goals, err = p.Strategy.Reaching(ctx, organisation, v.Body.Unit.ID, v.Action.Goal); err != nil {
		return err
	}
	if v.Action.From != "" {
		from, err := p.Store.Action(ctx, organisation, v.Action.From)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err == nil {
			v.From = &from
		}
	}
	return web.Page(w, r, web.StatusOf(v.Err), actionPage(v))
}

// changeAction keeps what somebody says of an action, ends it, opens it again or changes it.
func (p *Pages) changeAction(w http.ResponseWriter, r *http.Request) error {
	v, organisation, err := p.actionSight(r)
	if err != nil {
		return err
	}
	if !v.Owns && !v.Runs {
		return fault.NotFoundf("there is no such action")
	}
	ctx, by := r.Context(), web.From[org.Actor](r.Context()).Name
	do, word, _ := strings.Cut(r.FormValue("do"), " ")
	v.Did, v.Typed = do, v.Action
	v.Word.ID, v.Sent = r.FormValue("word"), r.PostForm
	switch v.Did {
	case "check-in", "done", "stop":
		if v.Word, err = readWord(r); err == nil {
			switch v.Did {
			case "check-in":
				err = p.Store.CheckIn(ctx, organisation, v.Action.ID, v.Word, by)
			case "done":
				err = p.Store.EndAction(ctx, organisation, v.Action.ID, transition.ActionDone, transition.Outcome(r.FormValue("outcome")), v.Word, by)
			default:
				err = p.Store.EndAction(ctx, organisation, v.Action.ID, transition.ActionStopped, "", v.Word, by)
			}
		}
	case "strike":
		err = p.Store.StrikeWord(ctx, organisation, v.Action.ID, word, by)
	case "open":
		err = p.Store.ReopenAction(ctx, organisation, v.Action.ID, by)
	case "drop", "change":
		if !v.Runs {
			return fault.NotFoundf("there is no such action")
		}
		if v.Did == "drop" {
			if err = p.Store.DropAction(ctx, organisation, v.Action.ID, by); err == nil {
				return web.SeeOther(w, r, bodyPath(v.Action.Body))
			}
			break
		}
		v.Typed = readAction(r)
		v.Typed.ID, v.Typed.Theme = v.Action.ID, v.Action.Theme
		err = p.Store.ChangeAction(ctx, organisation, v.Typed, by)
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if web.Retry(err) {
		v.Err = err
		return p.showAction(w, r, v, organisation)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/actions/"+v.Action.ID)
}

func readAction(r *http.Request) transition.Action {
	a := transition.Action{ID: r.FormValue("id"), What: r.FormValue("what"), OffFocus: r.FormValue("off"), Effect: r.FormValue("effect"), Kind: effort.Kind(r.FormValue("kind")), Owner: org.Ref{ID: r.FormValue("owner")},
		Decided: period.Day(r.FormValue("decided")), Due: period.Day(r.FormValue("due")), Initiative: r.FormValue("initiative"), Goal: r.FormValue("goal"), External: r.FormValue("external") != "", From: r.FormValue("from")}
	if serves := r.FormValue("serves"); serves != offFocus {
		a.Focal, a.Item, _ = strings.Cut(serves, " ")
		if a.Focal == "" {
			a.Focal = "none" // nothing chosen, which is not the same as off focus
		}
	}
	return a
}

const offFocus = "off"

// servesValue is what an action serves, as the form has it.
func servesValue(a transition.Action) string {
	switch {
	case a.Focal != "":
		return a.Focal + " " + a.Item
	case a.OffFocus != "":
		return offFocus
	}
	return ""
}

func readWord(r *http.Request) (c transition.CheckIn, err error) {
	c = transition.CheckIn{ID: r.FormValue("word"), Pace: transition.Pace(r.FormValue("pace")), Text: r.FormValue("text")}
	if c.Minutes, err = readHours(r.FormValue("hours")); err != nil {
		return c, err
	}
	c.Costs, err = readCosts(r)
	return c, err
}

// sent is what was sent in a field with a mistake, else what there is.
func (v actionView) sent(field, instead string) string {
	if v.Err != nil && v.Sent.Has(field) {
		return v.Sent.Get(field)
	}
	return instead
}

// Mistakes of a check-in stand at its fields, which a form for an end has too.
func (v actionView) wordMistake() error {
	if slices.Contains([]string{"check-in", "done", "stop"}, v.Did) {
		return v.Err
	}
	return nil
}

func (v actionView) changeMistake() error {
	if v.Did == "change" {
		return v.Err
	}
	return nil
}

func (v actionView) otherMistake() error {
	if v.wordMistake() == nil && v.changeMistake() == nil {
		return v.Err
	}
	return nil
}

func (v actionView) effort() effort.Totals { return effort.Sum(v.Action.Effort()) }

func (v actionView) heading(ctx context.Context) string {
	switch v.State {
	case transition.ActionDone:
		return lang.T(ctx, "Done: %s", v.What)
	case transition.ActionStopped:
		return lang.T(ctx, "Stopped: %s", v.What)
	}
	return v.What
}

// pastPromise says how an action that is done stands to the first day by which it was promised.
func (v actionView) pastPromise() bool {
	return v.State == transition.ActionDone && v.Ended > v.Promised
}
