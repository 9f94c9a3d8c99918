package transitionweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// ownSessions are somebody's sessions and what is due of them.
type ownSessions struct {
	Coming  []transition.Session // that they lead or are asked to, the next first
	Held    []transition.Session // that they have led and not noted who came
	Past    []transition.Session // the others, the last first
	Due     []transition.Commitment
	HasFeed bool
	Feed    string // address of a calendar that was just made
	Today   period.Day
	Now     time.Time
}

// sessionsBack is how many months back somebody's sessions are listed.
const sessionsBack = 12

func (p *Pages) ownSessions(ctx context.Context, actor org.Actor) (o ownSessions, err error) {
	of, err := p.Org.Organisation(ctx, actor.Organisation)
	if err != nil {
		return o, err
	}
	o.Now = p.Store.Clock(of.Zone)
	o.Today = period.DayOf(o.Now)
	sessions, err := p.Store.SessionsOf(ctx, actor.Organisation, actor.Person, o.Now.AddDate(0, -sessionsBack, 0))
	if err != nil {
		return o, err
	}
	for _, s := range sessions {
		switch {
		case s.Cancelled:
		case s.Held.IsZero() && !s.Over(o.Now):
			o.Coming = append(o.Coming, s)
		case s.Held.IsZero() && s.Host.Person.Key == actor.Person:
			o.Held = append(o.Held, s)
		default:
			o.Past = append([]transition.Session{s}, o.Past...)
		}
	}
	if o.Due, err = p.Store.CommitmentsOf(ctx, actor.Organisation, actor.Person, o.Now); err != nil {
		return o, err
	}
	o.HasFeed, err = p.Store.HasFeed(ctx, actor.Organisation, actor.Person)
	return o, err
}

// mySessions is the page of somebody's sessions.
func (p *Pages) mySessions(w http.ResponseWriter, r *http.Request) error {
	return p.showOwnSessions(w, r, "")
}

func (p *Pages) showOwnSessions(w http.ResponseWriter, r *http.Request, feed string) error {
	o, err := p.ownSessions(r.Context(), web.From[org.Actor](r.Context()))
	if err != nil {
		return err
	}
	o.Feed = feed
	return web.Page(w, r, http.StatusOK, ownSessionsPage(o))
}

// keepFeed makes a calendar to subscribe to, or ends it. Its address is shown once.
func (p *Pages) keepFeed(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if r.FormValue("do") == "end" {
		if err := p.Store.EndFeed(ctx, actor.Organisation, actor.Person); err != nil {
			return err
		}
		return web.SeeOther(w, r, "/sessions")
	}
	token, err := p.Store.MakeFeed(ctx, actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	return p.showOwnSessions(w, r, p.Public+"/calendar/"+token+".ics")
}

func (o ownSessions) heading(ctx context.Context) string {
	if len(o.Coming) == 0 {
		return lang.T(ctx, "No session of yours is planned.")
	}
	return lang.Weekday(ctx, o.Coming[0].Starts) + " · " + sessionName(ctx, o.Coming[0])
}

// sessionCard is a card for the next session of somebody, if it is within a month, else for the
// last one of two weeks.
func (p *Pages) sessionCard(ctx context.Context, a org.Actor) ([]web.Card, error) {
	now := p.Store.Clock("UTC")
	all, err := p.Store.SessionsOf(ctx, a.Organisation, a.Person, now.AddDate(0, 0, -14))
	if err != nil {
		return nil, err
	}
	var last, waiting []web.Card
	for _, s := range all {
		card := web.Card{Heading: sessionName(ctx, s), Text: when(ctx, s) + ", " + s.Place, Path: "/sessions/" + s.ID, Action: lang.T(ctx, "Open the session")}
		switch {
		case s.Cancelled:
		case s.Over(now) && s.Held.IsZero() && s.Host.Person.Key == a.Person && a.Person != "":
			card.Text, card.Action, card.Now = lang.T(ctx, "It is not noted yet who came."), lang.T(ctx, "Note it"), web.Late
			waiting = append(waiting, card)
		case s.Over(now):
			card.Action = lang.T(ctx, "Say how it was, and what you take from it")
			last = []web.Card{card}
		case s.Starts.Before(now.AddDate(0, 1, 0)):
			m, err := p.Store.Meeting(ctx, a.Organisation, s.ID)
			if err != nil {
				return nil, err
			}
			if asked, is := m.Attendee(a.Person); is && !asked.Gone && asked.Answer == transition.Unsaid {
				card.Action, card.Now = lang.T(ctx, "Say whether you come"), web.Waits
			}
			return slices.Concat(waiting, last, []web.Card{card}), nil
		}
	}
	return append(waiting, last...), nil
}

// webcal is an address that a device opens with its calendar.
func webcal(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return "webcal://" + rest
}
