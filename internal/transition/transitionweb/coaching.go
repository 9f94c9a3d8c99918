package transitionweb

import (
	"context"
	"net/http"

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
	Acts   map[string]acting                 // by id of a management team or group
	themes
	ownSessions
	Coached []effort.Entry // own time between the sessions, the newest first
	Typed   transition.Coached
	Err     error
}

// acting is what a management team or group is doing.
type acting struct {
	transition.Ages
	Asks []transition.Ask
}

// acts finds what those are doing whom somebody coaches.
func (p *Pages) acts(ctx context.Context, organisation string, c coachingForm) (map[string]acting, error) {
	today, err := p.today(ctx, organisation)
	if err != nil {
		return nil, err
	}
	all := map[string]acting{}
	for _, own := range c.All {
		of := map[string]transition.BodyKind{}
		if own.Team.ID != "" {
			of[own.Team.ID] = transition.TeamBody
		}
		for _, g := range own.Groups {
			of[g.ID] = transition.GroupBody
		}
		for id, kind := range of {
			actions, err := p.Store.Actions(ctx, organisation, transitiondb.ActionQuery{Kind: kind, Body: id, Open: true})
			if err != nil {
				return nil, err
			}
			var points []transition.Focus
			for _, f := range c.Points[own.Programme.ID] {
				points = append(points, transition.Focus{FocalPoint: f, Diagnosis: own.Programme.Diagnosis})
			}
			asks := transition.Asks(points, actions, today)
			all[id] = acting{transition.AgesOf(actions, today), asks[:min(len(asks), mostAsked)]}
		}
	}
	return all, nil
}

// mostAsked is how much of what to ask next stands on the page of somebody who coaches.
const mostAsked = 3

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
	if c.Acts, err = p.acts(ctx, actor.Organisation, c); err != nil {
		return err
	}
	if c.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if c.ownSessions, err = p.ownSessions(ctx, actor); err != nil {
		return err
	}
	if len(c.All) > 0 {
		if c.Coached, err = p.Store.CoachedBy(ctx, actor.Organisation, c.All[0].Member.Person.ID, mostCoached); err != nil {
			return err
		}
	}
	return web.Page(w, r, web.StatusOf(c.Err), coachingPage(c))
}

const mostCoached = 10

// keepCoached writes time down that somebody has spent with their people, or strikes it out.
func (p *Pages) keepCoached(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	typed := transition.Coached{Day: period.Day(r.FormValue("coached-day")), Minutes: web.Number(r, "coached-minutes", 0), People: web.Number(r, "coached-people", 0), Focal: r.FormValue("coached-focal"), What: r.FormValue("coached-what")}
	costs, err := readCosts(r)
	typed.Costs = costs
	if entry := r.FormValue("strike"); entry != "" {
		err = p.Store.StrikeCoached(ctx, actor.Organisation, actor.Person, entry)
	} else if err == nil {
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

// heading says what comes next, or else whom somebody looks after.
func (c coachingForm) heading(ctx context.Context) string {
	for _, s := range c.Coming {
		if s.Starts.Before(c.Now.AddDate(0, 0, 14)) {
			return lang.Weekday(ctx, s.Starts) + " · " + sessionName(ctx, s)
		}
	}
	return coachingHeading(ctx, c.All)
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
