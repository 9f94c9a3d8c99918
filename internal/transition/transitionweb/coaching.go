package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// coachingForm is the page of somebody who coaches.
type coachingForm struct {
	All    []transitiondb.Own
	Points map[string][]diagnosis.FocalPoint // by programme
	themes
	Coming  []transition.Session // that they lead or are asked to, the next first
	Held    []transition.Session // that they have led and not noted who came
	Due     []transition.Commitment
	Coached []effort.Entry // own time between the sessions, the newest first
	HasFeed bool
	Feed    string // address of a calendar that was just made
	Today   period.Day
	Typed   transition.Coached
	Err     error
}

// coaching is the page of somebody who coaches: the next session, the own groups or management
// team, what is due.
func (p *Pages) coaching(w http.ResponseWriter, r *http.Request) error {
	return p.showCoaching(w, r, coachingForm{})
}

func (p *Pages) showCoaching(w http.ResponseWriter, r *http.Request, c coachingForm) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if c.All, err = p.Store.Coaching(ctx, actor.Organisation, actor.Person); err != nil {
		return err
	}
	c.Points = map[string][]diagnosis.FocalPoint{}
	for _, own := range c.All {
		if c.Points[own.Programme.ID], err = p.Store.FocalOf(ctx, actor.Organisation, own.Programme); err != nil {
			return err
		}
	}
	if c.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	o, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	now := p.Store.Clock(o.Zone)
	c.Today = period.DayOf(now)
	sessions, err := p.Store.SessionsOf(ctx, actor.Organisation, actor.Person, now.AddDate(0, -2, 0))
	if err != nil {
		return err
	}
	for _, s := range sessions {
		switch {
		case s.Cancelled || !s.Held.IsZero():
		case !s.Over(now):
			c.Coming = append(c.Coming, s)
		case s.Host.Person.Key == actor.Person:
			c.Held = append(c.Held, s)
		}
	}
	if c.Due, err = p.Store.CommitmentsOf(ctx, actor.Organisation, actor.Person, now); err != nil {
		return err
	}
	if c.HasFeed, err = p.Store.HasFeed(ctx, actor.Organisation, actor.Person); err != nil {
		return err
	}
	if c.Coached, err = p.coached(ctx, actor, c.All); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(c.Err), coachingPage(c))
}

const mostCoached = 10

// coached is the time that somebody has written down, the newest first.
func (p *Pages) coached(ctx context.Context, actor org.Actor, all []transitiondb.Own) (some []effort.Entry, err error) {
	for _, own := range all {
		entries, err := p.Store.Ledger(ctx, actor.Organisation, own.Programme.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Source.Kind == effort.OfCoaching && slices.ContainsFunc(e.Hours, func(h effort.Hours) bool { return h.Side == effort.Staff && h.Person == own.Member.Person.ID }) {
				some = append(some, e)
			}
		}
	}
	slices.Reverse(some)
	return some[:min(len(some), mostCoached)], nil
}

// keepCoached writes time down that somebody has spent with their people, or strikes it out.
func (p *Pages) keepCoached(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	typed := transition.Coached{Day: period.Day(r.FormValue("coached-day")), Minutes: web.Number(r, "coached-minutes", 0), People: web.Number(r, "coached-people", 0), Focal: r.FormValue("coached-focal"), What: r.FormValue("coached-what")}
	var err error
	if entry := r.FormValue("strike"); entry != "" {
		err = p.Store.StrikeCoached(ctx, actor.Organisation, actor.Person, entry)
	} else {
		err = p.Store.Coached(ctx, actor.Organisation, r.FormValue("programme"), actor.Person, typed, actor.Name)
	}
	if web.Retry(err) {
		return p.showCoaching(w, r, coachingForm{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/coaching")
}

// keepFeed makes a calendar to subscribe to, or ends it. Its address is shown once.
func (p *Pages) keepFeed(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if r.FormValue("do") == "end" {
		if err := p.Store.EndFeed(ctx, actor.Organisation, actor.Person); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/coaching")
	}
	token, err := p.Store.MakeFeed(ctx, actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	return p.showCoaching(w, r, coachingForm{Feed: p.Public + "/calendar/" + token + ".ics"})
}

// nextSession is a card for the next session of somebody, if it is within a month.
func (p *Pages) nextSession(ctx context.Context, a org.Actor) ([]web.Card, error) {
	now := p.Store.Clock("UTC")
	all, err := p.Store.SessionsOf(ctx, a.Organisation, a.Person, now.Add(-12*time.Hour))
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Cancelled || s.Over(now) || s.Starts.After(now.AddDate(0, 1, 0)) {
			continue
		}
		return []web.Card{{Heading: sessionName(ctx, s), Text: when(ctx, s) + ", " + s.Place, Path: "/sessions/" + s.ID, Action: lang.T(ctx, "Open the session")}}, nil
	}
	return nil, nil
}

func coachingHeading(ctx context.Context, all []transitiondb.Own) string {
	people, groups := 0, 0
	for _, own := range all {
		groups += len(own.Groups)
		for _, g := range own.Groups {
			people += g.Size()
		}
		if own.Kind == transition.Leaders && own.Team.ID != "" {
			return lang.T(ctx, "You coach %s.", own.Team.Name)
		}
	}
	switch {
	case len(all) == 0:
		return lang.T(ctx, "You take part in no programme now.")
	case groups == 0:
		return lang.T(ctx, "You have no group yet.")
	}
	return lang.N(ctx, people, "You look after one person.", "You look after %d people.")
}

// has says whether somebody has people of their own to hold a session with.
func has(own transitiondb.Own) bool { return len(own.Groups) > 0 || own.Team.ID != "" }

// coachedFor is in how many programmes time can be written down.
func (c coachingForm) coachedFor() (some []transitiondb.Own) {
	for _, own := range c.All {
		if own.Member.Coaches() || own.Member.Forms() {
			some = append(some, own)
		}
	}
	return some
}
