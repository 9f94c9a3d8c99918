package transitiondb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Spread is how what worked has travelled through a programme.
type Spread struct {
	transition.Spread
	Practices []Travelled           // shared, those that came furthest first
	First     []transition.Adoption // every time that one was taken up
}

// Travelled is a practice with its way.
type Travelled struct {
	transition.Practice
	Stops     []transition.Stop
	InUse     int // by how many others now
	Locations int // where somebody works by it now, its own included
	People    int // in the circles of those who do
}

// Spread follows the practices of a programme's members from month to month.
func (s *Store) Spread(ctx context.Context, organisation, programme string) (sp Spread, err error) {
	coverage, err := s.Coverage(ctx, organisation, programme)
	if err != nil {
		return sp, err
	}
	var people []transition.Place
	for _, site := range coverage.Sites {
		people = append(people, transition.Place{Name: site.Location.Name, Country: site.Location.Country, Partner: site.Partner, People: int(site.People)})
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		circles, err := s.circles(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		practices, err := db.All(ctx, tx, scanPractice, practiceQuery+` AND p.shared_at > 0 ORDER BY p.shared_at, p.id`, organisation)
		if err != nil {
			return err
		}
		taken, err := adoptions(ctx, tx, organisation, "")
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		zone, _, err := db.One(ctx, tx, db.Value[string], `SELECT zone FROM org_organisation WHERE organisation_id = $1`, organisation)
		if err != nil {
			return err
		}
		var uses []transition.Use
		of, size := map[string][]transition.Adoption{}, map[string]int{}
		for _, c := range circles {
			size[c.Coach] += c.Size()
		}
		for _, a := range taken {
			of[a.Practice] = append(of[a.Practice], a)
			uses = append(uses, transition.Use{Person: a.Writer.Person.ID, From: a.Day, Until: a.Ended})
		}
		sp.Practices, sp.First = nil, taken
		for _, p := range practices {
			uses = append(uses, transition.Use{Person: p.Writer.Person.ID, From: period.DayOf(p.Shared)})
			sp.Practices = append(sp.Practices, travelled(p, of[p.ID], size, today))
		}
		sp.Spread = transition.NewSpread(circles, uses, people, s.Clock(zone))
		return nil
	})
	sortTravelled(sp.Practices)
	return sp, err
}

func travelled(p transition.Practice, taken []transition.Adoption, size map[string]int, today period.Day) Travelled {
	t := Travelled{Practice: p, Stops: transition.Travel(p, taken, today), People: size[p.Writer.Person.ID]}
	where := map[string]bool{p.Writer.Location: true}
	for _, a := range taken {
		if a.InUse(today) {
			t.InUse++
			t.People += size[a.Writer.Person.ID]
			where[a.Writer.Location] = true
		}
	}
	t.Locations = len(where)
	return t
}

// circles are whom the members of a programme look after now: of coaches the groups of the plan
// that holds, of leaders their management teams.
func (s *Store) circles(ctx context.Context, tx *db.Tx, organisation, programme string) (all []transition.Circle, err error) {
	p, err := oneProgramme(ctx, tx, organisation, programme)
	if err != nil {
		return nil, err
	}
	members, err := s.members(ctx, tx, organisation, programme, "")
	if err != nil {
		return nil, err
	}
	if p.Kind == transition.Leaders {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return nil, err
		}
		teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
		for _, m := range members {
			i := slices.IndexFunc(teams, func(t org.ManagementTeam) bool { return t.ID == m.Team.ID && len(t.Members) > 0 })
			if m.Coaches() && i >= 0 {
				all = append(all, transition.Circle{Coach: m.Person.ID, Location: m.Person.Location.Name, Partner: m.Person.Partner.Name, Units: map[string]int{teams[i].Unit.Name: len(teams[i].Members)}})
			}
		}
		return all, err
	}
	found, err := db.All(ctx, tx, scanGroup, groupQuery+` AND coach_id <> ''`, organisation, programme, Current)
	if err != nil {
		return nil, err
	}
	groups, err := s.named(ctx, tx, organisation, programme, found, false)
	if err != nil {
		return nil, err
	}
	person := map[string]transition.Member{}
	for _, m := range members {
		if m.Coaches() {
			person[m.ID] = m
		}
	}
	names := map[string]string{}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id, name string
		err := row.Scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	}, `SELECT id, name FROM org_location WHERE organisation_id = $1 ORDER BY since`, organisation)
	for _, g := range groups {
		m, coaches := person[g.Coach]
		if !coaches {
			continue
		}
		c := transition.Circle{Coach: m.Person.ID, Location: names[g.Location], Partner: m.Person.Partner.Name, Units: map[string]int{}}
		for _, u := range g.Units {
			c.Units[u.Unit.Name] += u.N
		}
		all = append(all, c)
	}
	return all, err
}

func sortTravelled(all []Travelled) {
	slices.SortStableFunc(all, func(a, b Travelled) int {
		return cmp.Or(b.People-a.People, b.InUse-a.InUse, a.Shared.Compare(b.Shared))
	})
}
