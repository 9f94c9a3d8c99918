package demo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// programmes is the store of programmes with its clock set. It is kept, as it keeps what it has read of the
// roster.
func (l *loading) programmes(t time.Time) *transitiondb.Store {
	if l.byTime == nil {
		l.byTime = map[time.Time]*transitiondb.Store{}
	}
	if l.byTime[t] == nil {
		l.byTime[t] = &transitiondb.Store{DB: l.Transition.DB, Org: l.orgAt(t), Diagnosis: l.at(t), Now: func() time.Time { return t }}
	}
	return l.byTime[t]
}

// programmeManager is who runs the programmes.
func (l *loading) programmeManager() string { return l.o.staff()[org.ProgrammeManager].Name }

// begun begins a programme on all focal points of a diagnosis.
func (l *loading) begun(ctx context.Context, t time.Time, p transition.Programme) (transition.Programme, error) {
	points, err := l.programmes(t).Focal(ctx, l.organisation, p.Diagnosis)
	if err != nil {
		return p, err
	}
	p.Focal = nil
	for _, f := range points {
		p.Focal = append(p.Focal, f.ID)
	}
	p.ID, err = l.programmes(t).SaveProgramme(ctx, l.organisation, p, l.programmeManager())
	return p, err
}

// join takes somebody through a programme: each status on its day.
func (l *loading) join(ctx context.Context, p transition.Programme, person org.Person, by string, steps ...joined) (member string, err error) {
	members, err := l.nominate(ctx, p, steps[0].day, []string{person.ID}, by)
	if err != nil {
		return "", err
	}
	return members[0], l.fare(ctx, p, person, members[0], steps[1:])
}

// nominate nominates people on a day, and returns their ids as members.
func (l *loading) nominate(ctx context.Context, p transition.Programme, day int, people []string, by string) (ids []string, err error) {
	store := l.programmes(l.day(day))
	if err := store.Nominate(ctx, l.organisation, p.ID, people, nil, by); err != nil {
		return nil, err
	}
	members, err := store.Members(ctx, l.organisation, p.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range people {
		i := slices.IndexFunc(members, func(m transition.Member) bool { return m.Person.ID == one })
		ids = append(ids, members[i].ID)
	}
	return ids, nil
}

// fare lets a member take each status on its day.
func (l *loading) fare(ctx context.Context, p transition.Programme, person org.Person, member string, steps []joined) error {
	for _, s := range steps {
		who := person.Title()
		if s.status == transition.Active || s.status == transition.Alumnus || s.status == transition.Invited {
			who = l.programmeManager()
		}
		if err := l.programmes(l.day(s.day)).Take(ctx, l.organisation, p.ID, member, s.status, s.why, who); err != nil {
			return err
		}
	}
	return nil
}

// joined is a status that somebody takes on a day.
type joined struct {
	status transition.Status
	day    int
	why    string
}

// leaders begins the programme of leaders after the first diagnosis: in each country a senior
// manager of the management team is asked; one declines, and a colleague takes the place.
func (l *loading) leaders(ctx context.Context, first string) (p transition.Programme, err error) {
	from := firstRoster + workshop + 9
	p, err = l.begun(ctx, l.day(from), transition.Programme{Name: "HPO Leaders", Kind: transition.Leaders, Diagnosis: first, Per: transition.Per, Every: transition.Quarter, Nudges: true,
		Rule: transition.Rule{Levels: []org.Level{org.LevelSeniorManager}, Team: true}})
	if err != nil {
		return p, err
	}
	if err := l.findLeaders(ctx, p, from+7); err != nil {
		return p, err
	}
	if err := l.meet(ctx, p, transition.Scope{}, from+45, secondRoster+workshop, "Utrecht, room 4", 2); err != nil {
		return p, err
	}
	if err := l.arrange(ctx, p, from+80); err != nil {
		return p, err
	}
	if err := l.begin(ctx, p, from+90, map[effort.Kind]string{effort.OrganisationalChange: "Meetings that decide", effort.KnowledgeManagement: "One sentence with each figure"}); err != nil {
		return p, err
	}
	return p, l.act(ctx, p, from+50, secondRoster+workshop, 5)
}

// findLeaders finds a leader for every management team of a country that has none, from a day on.
func (l *loading) findLeaders(ctx context.Context, p transition.Programme, day int) error {
	store := l.programmes(l.day(day))
	teams, err := store.Teams(ctx, l.organisation)
	if err != nil {
		return err
	}
	members, err := store.Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Left && m.Status == transition.Active {
			if err := store.Take(ctx, l.organisation, p.ID, m.ID, transition.Alumnus, "has left", l.programmeManager()); err != nil {
				return err
			}
		}
	}
	for i, t := range teams {
		led := slices.ContainsFunc(members, func(m transition.Member) bool { return m.Team.ID == t.ID && m.Coaches() })
		if led || t.Name == "Board" {
			continue
		}
		var seniors []org.Person
		for _, m := range t.Members {
			one, err := l.orgAt(l.day(day)).Person(ctx, l.organisation, m.Person.ID, period.DayOf(l.day(day)))
			if err != nil {
				return err
			}
			if one.Level == org.LevelSeniorManager {
				seniors = append(seniors, one)
			}
		}
		steps := []joined{{transition.Nominated, day, ""}, {transition.Accepted, day + 6 + i, ""}, {transition.Active, day + 30, ""}}
		if len(seniors) == 0 {
			continue
		}
		if i == 3 && len(seniors) > 1 && len(members) == 0 {
			if _, err := l.join(ctx, p, seniors[0], t.Chair().Name, steps[0], joined{transition.Declined, day + 5, "The move to the new depot takes all my time this year."}); err != nil {
				return err
			}
			seniors = seniors[1:]
		}
		member, err := l.join(ctx, p, seniors[0], t.Chair().Name, steps...)
		if err != nil {
			return err
		}
		if err := l.programmes(l.day(day+30)).Place(ctx, l.organisation, p.ID, member, t.ID, 0, l.programmeManager()); err != nil {
			return err
		}
	}
	return nil
}

// renew gives the leaders the focal points of the second diagnosis, and teams whose leader
// has left another.
func (l *loading) renew(ctx context.Context, p transition.Programme, second string) error {
	day := secondRoster + workshop + 6
	p.Diagnosis = second
	p, err := l.begun(ctx, l.day(day), p)
	if err != nil {
		return err
	}
	if err := l.findLeaders(ctx, p, day+3); err != nil {
		return err
	}
	if err := l.goOn(ctx, p, day+4); err != nil {
		return err
	}
	if err := l.meet(ctx, p, transition.Scope{}, day+40, 120, "Utrecht, room 4", 0); err != nil {
		return err
	}
	if err := l.share(ctx, p, -420, 4); err != nil {
		return err
	}
	if err := l.act(ctx, p, day+12, -3, 5); err != nil {
		return err
	}
	return l.learn(ctx, p, second)
}

// LoadPartnership puts the partnership into the stores as if it had been there for three
// years: two diagnoses with their focal points, and a programme of coaches since the second,
// with a plan of who coaches whom.
func LoadPartnership(ctx context.Context, s Stores, o *Organisation, now time.Time) (Loaded, error) {
	l, err := begin(ctx, s, o, now)
	if err != nil {
		return Loaded{}, err
	}
	done := Loaded{Organisation: l.organisation}
	where := map[string]org.Where{}
	for _, p := range partners {
		for _, s := range p.sites {
			where[s.town] = org.Where{Latitude: s.latitude, Longitude: s.longitude, Known: true}
		}
	}
	if err := l.orgAt(l.day(o.first[0])).SaveWhere(ctx, l.organisation, where, o.staff()[org.Administrator].Name); err != nil {
		return done, fmt.Errorf("where the partnership's locations lie: %w", err)
	}
	for wave := 1; wave <= Waves; wave++ {
		if wave > 1 {
			if err := l.people(ctx, wave, o.first[wave-1]); err != nil {
				return done, fmt.Errorf("the partnership's roster: %w", err)
			}
		}
		done.First = cmp.Or(done.First, done.Diagnosis)
		if done.Diagnosis, err = l.diagnosis(ctx, wave, o.first[wave-1]); err != nil {
			return done, fmt.Errorf("the partnership's diagnosis: %w", err)
		}
		if err := l.choose(ctx, wave, done.Diagnosis, l.day(o.first[wave-1]+workshop)); err != nil {
			return done, fmt.Errorf("the partnership's focal points: %w", err)
		}
	}
	if err := l.coaches(ctx, done.Diagnosis); err != nil {
		return done, fmt.Errorf("the partnership's coaches: %w", err)
	}
	if err := l.involved(ctx); err != nil {
		return done, fmt.Errorf("acts of the partnership's executives: %w", err)
	}
	done.SignIns = l.signIns
	return done, nil
}

// How far the coaches are: the share of the need that is active, is forming, and is asked.
const (
	coachesActive = 0.8
	coachesForm   = 0.09
)

// coaches begins the programme of coaches and lets it grow until now: four of five places are
// filled, fewest at the partner in the north.
func (l *loading) coaches(ctx context.Context, second string) error {
	p, err := l.begun(ctx, l.day(coachesBegan), transition.Programme{Name: "HPO Coaches", Kind: transition.Coaches, Diagnosis: second, Per: transition.Per, Every: 2, Nudges: true,
		Rule: transition.Rule{Levels: []org.Level{org.LevelTeamLeader}}})
	if err != nil {
		return err
	}
	coverage, err := l.programmes(l.day(coachesBegan)).Coverage(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	var all []entrant
	for _, site := range coverage.Sites {
		some, err := l.coachesAt(ctx, site)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	if err := l.enterAll(ctx, p, all); err != nil {
		return err
	}
	planned := l.programmes(l.day(-40))
	if err := planned.DraftPlan(ctx, l.organisation, p.ID, l.programmeManager(), nil); err != nil {
		return err
	}
	draft, err := planned.Plan(ctx, l.organisation, p.ID, transitiondb.Draft)
	if err != nil {
		return err
	}
	if err := planned.AcceptPlan(ctx, l.organisation, p.ID, draft.Made, l.programmeManager()); err != nil {
		return err
	}
	if err := l.learn(ctx, p, second); err != nil {
		return err
	}
	partners, err := l.orgAt(l.day(coachesBegan)).Partners(ctx, l.organisation, l.roster)
	if err != nil {
		return err
	}
	for i, partner := range partners {
		scope := transition.Scope{Kind: transition.OfPartner, ID: partner.ID, Name: partner.Name}
		if err := l.meet(ctx, p, scope, coachesBegan+150+7*i, 40, partner.Name+", training room", 1); err != nil {
			return err
		}
	}
	if err := l.arrange(ctx, p, -120); err != nil {
		return err
	}
	if err := l.ownSessions(ctx, p, 12); err != nil {
		return err
	}
	if err := l.share(ctx, p, coachesBegan+130, 10); err != nil {
		return err
	}
	if err := l.begin(ctx, p, -60, map[effort.Kind]string{effort.OrganisationalChange: "Hand-overs that ask"}); err != nil {
		return err
	}
	if err := l.act(ctx, p, -37, -2, 3); err != nil {
		return err
	}
	return l.ownDiagnosis(ctx, p)
}

// entrant is somebody who is nominated for a programme, and how they fare in it.
type entrant struct {
	person org.Person
	by     string
	steps  []joined
}

// coachesAt are those who fill the places of a location.
func (l *loading) coachesAt(ctx context.Context, site transition.Site) (all []entrant, err error) {
	people, err := l.orgAt(l.day(coachesBegan)).People(ctx, l.organisation, orgdb.PeopleQuery{Day: period.DayOf(l.day(coachesBegan)), Location: site.Location.ID, Limit: 1000})
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(p org.Person) bool { return p.Level != org.LevelTeamLeader })
	rng := l.o.rand("coaches", site.Location.Name)
	rng.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	north := 1.0
	if site.Partner == partners[len(partners)-1].name {
		north = 0.75
	}
	for _, one := range people[:min(site.Need, len(people))] {
		all = append(all, entrant{one, site.Partner, path(rng, north)})
	}
	return all, nil
}

// enterAll takes many through a programme: a partner nominates all of a day at once.
func (l *loading) enterAll(ctx context.Context, p transition.Programme, all []entrant) error {
	slices.SortStableFunc(all, func(a, b entrant) int {
		return cmp.Or(cmp.Compare(a.steps[0].day, b.steps[0].day), cmp.Compare(a.by, b.by))
	})
	for len(all) > 0 {
		day, by, n := all[0].steps[0].day, all[0].by, 0
		var ids []string
		for n < len(all) && all[n].steps[0].day == day && all[n].by == by {
			ids = append(ids, all[n].person.ID)
			n++
		}
		members, err := l.nominate(ctx, p, day, ids, by)
		for i, one := range all[:n] {
			if err == nil {
				err = l.fare(ctx, p, one.person, members[i], one.steps[1:])
			}
		}
		if err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// path is how somebody fares in the programme, at random.
func path(rng *rand.Rand, share float64) []joined {
	// The group grew fast at first: half of the way in a third of the time. Who joins is nominated once in
	// four weeks.
	began := coachesBegan + int(math.Pow(rng.Float64(), 1.6)*380)/28*28
	all := []joined{{transition.Nominated, began, ""}, {transition.Accepted, began + 5 + rng.IntN(20), ""}, {transition.Active, began + 40 + rng.IntN(40), ""}}
	switch chance := rng.Float64(); {
	case chance < coachesActive*share:
		if chance < 0.04 {
			return append(all, joined{transition.Alumnus, min(-10, all[2].day+120), "Another post."})
		}
		return all
	case chance < coachesActive*share+coachesForm:
		return []joined{{transition.Nominated, -50, ""}, {transition.Accepted, -20 + rng.IntN(12), ""}}
	case chance < coachesActive*share+coachesForm+0.05:
		return []joined{{transition.Nominated, -40, ""}, {transition.Invited, -19, ""}}
	case chance < coachesActive*share+coachesForm+0.1:
		return []joined{all[0], {transition.Declined, began + 9, "No time beside the shifts."}}
	}
	return []joined{{transition.Nominated, -15, ""}}
}
