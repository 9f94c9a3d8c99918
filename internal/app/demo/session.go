package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// What people write of sessions in the demo.
var (
	reflections = []string{
		"I answered every question myself. Next time I count to five first.",
		"I thought that I ask a lot. My buddy counted: two questions in half an hour.",
		"What surprised me is that the quietest of us had the best idea, and nobody had asked.",
		"I said yes to three things that I cannot finish. I have to say no in the meeting, not afterwards.",
		"We spoke about the others for ten minutes before anybody said 'we'.",
	}
	statements = [][2]string{
		{"I keep our meeting on what we have promised.", "By the next session each point has one name and one date."},
		{"I ask, and I wait for the answer.", "People bring two problems a week before they grow."},
		{"I show what worked elsewhere.", "One idea of another group is in use here by spring."},
		{"I say what is going well, with an example.", "Everybody here has heard it from me once a month."},
	}
	commitments = []string{
		"Ask one open question at every hand-over",
		"Bring one figure and one question to the Monday meeting",
		"Visit the night team once a fortnight",
		"Write down what we decided, and read it out next time",
		"Ask the stores planner to join on Thursdays",
	}
	coached = []string{
		"Hand-over: what do we ask, not what do we tell",
		"Prepared the talk about the figures with the team leader",
		"Walked the line with two newcomers",
		"Looked at the week's mistakes: what did we learn",
	}
	external = transition.Host{Name: "Nora Whitfield", External: true}
)

// hostOf is a member as who leads a session.
func hostOf(m transition.Member) transition.Host {
	return transition.Host{Person: org.Ref{ID: m.Person.ID, Key: m.Person.Key, Name: m.Person.Title()}, Name: m.Person.Title()}
}

// meet holds the sessions of a programme from one day until another, day by day of the
// calendar; those after today are planned. The first few are led by somebody from outside.
func (l *loading) meet(ctx context.Context, p transition.Programme, scope transition.Scope, from, until int, place string, outside int) error {
	store := l.programmes(l.day(from - 7))
	members, err := store.Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(m transition.Member) bool { return !m.Coaches() || !scope.Holds(m) })
	if len(members) == 0 {
		return nil
	}
	t := l.day(from)
	starts := time.Date(t.Year(), t.Month(), t.Day(), 13, 30, 0, 0, t.Location())
	for starts.Weekday() != time.Thursday || starts != workday(starts) {
		starts = starts.AddDate(0, 0, 1)
	}
	for i := 0; starts.Before(l.day(until)); i++ {
		host := external
		if i >= outside {
			host = hostOf(members[i%len(members)])
		}
		series := transition.Series{Session: transition.Session{Starts: starts, Minutes: 180, Place: place, Host: host, Scope: scope}, Every: p.Every, Count: 1, Focal: []string{p.Focal[i%len(p.Focal)]}}
		planned := starts.AddDate(0, 0, -30)
		if planned.After(l.now) {
			planned = l.now
		}
		ids, err := l.programmes(planned).PlanSeries(ctx, l.organisation, p.ID, series, l.programmeManager())
		if err != nil {
			return err
		}
		if err := l.hold(ctx, ids[0], i < outside); err != nil {
			return err
		}
		starts = starts.AddDate(0, p.Every, 0)
		for starts.Weekday() != time.Thursday || starts != workday(starts) {
			starts = starts.AddDate(0, 0, 1)
		}
	}
	return nil
}

// hold lets people answer to a session, come to it and write of it, as far as it is past.
func (l *loading) hold(ctx context.Context, session string, outside bool) error {
	m, err := l.programmes(l.now).Meeting(ctx, l.organisation, session)
	if err != nil {
		return err
	}
	rng, asked := l.o.rand("session", m.Starts.String(), m.Place, m.Host.Name), l.programmes(earlier(m.Starts.AddDate(0, 0, -5), l.now))
	var came []string
	for _, a := range m.Attendees {
		answer, why := transition.Yes, ""
		switch chance := rng.Float64(); {
		case chance < 0.08:
			answer, why = transition.No, "On leave that week."
		case chance < 0.2:
			continue
		}
		if !a.Left {
			if err := asked.SayWhether(ctx, l.organisation, session, a.Person.Key, answer, why); err != nil {
				return err
			}
		}
		if answer == transition.Yes && rng.Float64() < 0.94 {
			came = append(came, a.Person.ID)
		}
	}
	if m.Ends().After(l.now) {
		return nil
	}
	held := transitiondb.Attendance{Came: came, Prepared: 60, Name: "Session: " + m.Theme}
	if m.First {
		held.Name = "First session: " + m.Theme
	}
	if m.Kind != transition.Meeting {
		held.Name, held.Prepared = "Arrangement: "+string(m.Kind), 0
	}
	if outside {
		held.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: 180_000, Currency: l.currency()}, {Kind: effort.Internal, Amount: int64(len(came)) * 2_400, Currency: l.currency()}}
	}
	after := l.programmes(m.Ends().Add(time.Hour))
	if err := after.Attend(ctx, l.organisation, session, held, l.programmeManager()); err != nil {
		return err
	}
	return l.write(ctx, after, m, came, rng)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// currency is the partnership's or the retailer's.
func (l *loading) currency() string {
	if l.o.slug == PartnershipSlug {
		return "GBP"
	}
	return "EUR"
}

// write lets those who came write of a session.
func (l *loading) write(ctx context.Context, store *transitiondb.Store, m transitiondb.Meeting, came []string, rng *rand.Rand) error {
	if m.Kind != transition.Meeting {
		return nil
	}
	for _, a := range m.Attendees {
		if !slices.Contains(came, a.Person.ID) || a.Left {
			continue
		}
		key, session := a.Person.Key, m.Session.ID
		var err error
		if rng.Float64() < 0.3 {
			err = store.Reflect(ctx, l.organisation, session, key, pick(rng, reflections), rng.Float64() < 0.3)
		}
		if err == nil && m.First && rng.Float64() < 0.7 {
			st := pick(rng, statements)
			err = store.State(ctx, l.organisation, session, key, st[0], st[1])
		}
		if err == nil && rng.Float64() < 0.4 {
			due := m.Starts.AddDate(0, 0, 14+rng.IntN(30))
			err = l.commit(ctx, store, session, key, transition.Commitment{Text: pick(rng, commitments), Due: period.DayOf(due)}, due, rng.Float64() < 0.85)
		}
		if err == nil && rng.Float64() < 0.5 {
			err = store.SayOf(ctx, l.organisation, session, key, transition.Feedback{Useful: 3 + rng.IntN(3)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) commit(ctx context.Context, store *transitiondb.Store, session, key string, c transition.Commitment, due time.Time, done bool) error {
	if err := store.Commit(ctx, l.organisation, session, key, c); err != nil || !done || due.After(l.now) {
		return err
	}
	at := l.programmes(due)
	all, err := at.CommitmentsOf(ctx, l.organisation, key, due)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Session == session && one.Done.IsZero() {
			return at.Fulfil(ctx, l.organisation, session, key, one.ID, "")
		}
	}
	return nil
}

func pick[T any](rng *rand.Rand, all []T) T { return all[rng.IntN(len(all))] }

// workday is a time on the first day from t on that is no weekend and not around Christmas.
func workday(t time.Time) time.Time {
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || t.Month() == time.December && t.Day() > 23 || t.Month() == time.January && t.Day() < 3 {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// arrange gives members of a programme what supports them: most have a buddy, some a visit or
// somebody to shadow, and the last few nothing yet.
func (l *loading) arrange(ctx context.Context, p transition.Programme, day int) error {
	members, err := l.programmes(l.day(day-5)).Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(m transition.Member) bool { return !m.Coaches() })
	roles, kinds := transition.RoleParts(p.Kind), []transition.SessionKind{transition.Buddies, transition.Buddies, transition.Consultation, transition.Visit, transition.Shadowing}
	for i := 0; i+1 < len(members)*4/5; i += 2 {
		t := workday(l.day(day + i%20))
		one := transition.Session{Programme: p.ID, Kind: kinds[i/2%len(kinds)], Starts: time.Date(t.Year(), t.Month(), t.Day(), 9+i%5, 0, 0, 0, t.Location()), Minutes: 60, Place: "By phone",
			Host: hostOf(members[i]), Role: roles[i/2%len(roles)]}
		id, err := l.programmes(l.day(day-3)).PlanSession(ctx, l.organisation, one, []string{members[i].Person.ID, members[i+1].Person.ID}, l.programmeManager())
		if err != nil {
			return err
		}
		if err := l.hold(ctx, id, false); err != nil {
			return err
		}
	}
	return nil
}

// ownSessions lets some coaches hold sessions with their groups, and write down time between
// them; each has one to come.
func (l *loading) ownSessions(ctx context.Context, p transition.Programme, most int) error {
	members, err := l.programmes(l.day(-30)).Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, m := range members {
		if !m.Coaches() || n == most {
			continue
		}
		rng, host := l.o.rand("own", m.Person.Key), hostOf(m)
		planned := false
		for i, day := range []int{-24, 3 + rng.IntN(9)} {
			t := workday(l.day(day))
			one := transition.Session{Programme: p.ID, Kind: transition.Meeting, Of: m.ID, Starts: time.Date(t.Year(), t.Month(), t.Day(), 8, 15, 0, 0, t.Location()), Minutes: 60, Place: "Canteen 2", Host: host, Focal: p.Focal[i%len(p.Focal)]}
			id, err := l.programmes(earlier(l.day(day-6), l.now)).PlanSession(ctx, l.organisation, one, nil, m.Person.Title())
			if err != nil {
				break // without a group, or of people who are asked to another
			}
			if planned = true; i == 0 || n < 4 {
				if err := l.hold(ctx, id, false); err != nil {
					return err
				}
			}
		}
		if !planned {
			continue
		}
		n++
		for i := range 1 + rng.IntN(3) {
			c := transition.Coached{Day: period.DayOf(l.day(-3 - 5*i)), Minutes: 20 + 10*rng.IntN(4), People: 1 + rng.IntN(4), Focal: p.Focal[0], What: pick(rng, coached)}
			if err := l.programmes(l.day(-1)).Coached(ctx, l.organisation, p.ID, m.Person.Key, c, m.Person.Title()); err != nil {
				return err
			}
		}
	}
	return nil
}
