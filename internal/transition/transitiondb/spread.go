package transitiondb

import (
	"cmp"
	"context"
	"maps"
	"math"
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

// Spread follows the practices of a programme's members, present and past, from month to month. Of
// coaches it counts everybody at work, of leaders everybody who is on a management team.
func (s *Store) Spread(ctx context.Context, organisation, programme string) (sp Spread, err error) {
	coverage, err := s.Coverage(ctx, organisation, programme)
	if err != nil {
		return sp, err
	}
	var locations []transition.Place
	for _, site := range coverage.Sites {
		locations = append(locations, transition.Place{ID: site.Location.Name, Name: site.Location.Name, Country: site.Location.Country, Partner: site.Partner})
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		p, err := oneProgramme(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		members, err := s.members(ctx, tx, organisation, programme, "")
		if err != nil {
			return err
		}
		c := crowd{at: map[string]int{}}
		if p.Kind == transition.Leaders {
			err = c.teams(ctx, tx, organisation, today, members)
		} else {
			err = c.groups(ctx, tx, organisation, today, programme, members)
		}
		if err != nil {
			return err
		}
		structure, err := s.structure(ctx, tx, organisation)
		if err != nil {
			return err
		}
		zone, _, err := db.One(ctx, tx, db.Value[string], `SELECT zone FROM org_organisation WHERE organisation_id = $1`, organisation)
		if err != nil {
			return err
		}
		uses, err := s.uses(ctx, tx, organisation, &sp, members, c, today)
		sp.Spread = transition.NewSpread(c.heads, c.circles, uses, locations, unitPlaces(structure), s.Clock(zone))
		return err
	})
	sortTravelled(sp.Practices)
	return sp, err
}

// uses are when members of a programme worked by practices that they do not say were of no help,
// and, into sp, these practices with their ways.
func (s *Store) uses(ctx context.Context, tx *db.Tx, organisation string, sp *Spread, members []transition.Member, c crowd, today period.Day) (uses []transition.Use, err error) {
	practices, err := db.All(ctx, tx, scanPractice, practiceQuery+` AND p.shared_at > 0 ORDER BY p.shared_at, p.id`, organisation)
	if err != nil {
		return nil, err
	}
	taken, err := adoptions(ctx, tx, organisation, "")
	if err != nil {
		return nil, err
	}
	member, people := map[string]bool{}, []string{}
	for _, m := range members {
		member[m.Person.ID] = true
	}
	of := map[string][]transition.Adoption{}
	for _, a := range taken {
		of[a.Practice] = append(of[a.Practice], a)
		people = append(people, a.Writer.Person.ID)
	}
	found, err := orgdb.PeopleIn(ctx, tx, organisation, people, today)
	if err != nil {
		return nil, err
	}
	works := func(id string) bool { p, there := found[id]; return there && p.WorksOn(today) }
	sp.Practices, sp.First = nil, nil
	sizes := c.sizes()
	for _, p := range practices {
		ours := member[p.Writer.Person.ID]
		if ours && p.Outcome != transition.DidNot {
			uses = append(uses, transition.Use{Person: p.Writer.Person.ID, From: period.DayOf(p.Shared)})
		}
		for _, a := range of[p.ID] {
			if !member[a.Writer.Person.ID] {
				continue
			}
			ours, sp.First = true, append(sp.First, a)
			if a.Outcome != transition.DidNot {
				uses = append(uses, transition.Use{Person: a.Writer.Person.ID, From: a.Day, Until: a.Ended})
			}
		}
		if ours {
			sp.Practices = append(sp.Practices, travelled(p, of[p.ID], sizes, works, today))
		}
	}
	return uses, nil
}

func travelled(p transition.Practice, taken []transition.Adoption, size map[string]int, works func(string) bool, today period.Day) Travelled {
	t := Travelled{Practice: p, Stops: transition.Travel(p, taken, today)}
	if p.Outcome != transition.DidNot {
		t.People = size[p.Writer.Person.ID]
	}
	where := map[string]bool{p.Writer.Location: true}
	for _, a := range taken {
		if a.InUse(today) && works(a.Writer.Person.ID) {
			if t.InUse++; a.Outcome != transition.DidNot {
				t.People += size[a.Writer.Person.ID]
			}
			where[a.Writer.Location] = true
		}
	}
	t.Locations = len(where)
	return t
}

// crowd is who can be reached, and who looks after whom of them now.
type crowd struct {
	heads   []transition.Head
	at      map[string]int // by a person's id, or by location and unit of those who are counted
	circles []transition.Circle
}

func (c *crowd) add(key string, h transition.Head) {
	c.at[key] = len(c.heads)
	c.heads = append(c.heads, h)
}

func counted(location, unit string) string { return "counted " + location + " " + unit }

// look lets a coach look after some of a head, by its key, that is there.
func (c *crowd) look(circle *transition.Circle, key string, n int) {
	if i, there := c.at[key]; there && n > 0 {
		circle.Of = append(circle.Of, transition.Share{Head: i, N: n})
	}
}

// sizes are how many people each coach, by id, looks after.
func (c crowd) sizes() map[string]int {
	size := map[string]int{}
	for _, circle := range c.circles {
		for _, share := range circle.Of {
			size[circle.Coach] += min(share.N, c.heads[share.Head].N)
		}
	}
	return size
}

// groups are everybody at work, and the groups of the plan that holds, each as far as its people are
// still there.
func (c *crowd) groups(ctx context.Context, tx *db.Tx, organisation string, today period.Day, programme string, members []transition.Member) error {
	err := orgdb.EachPerson(ctx, tx, organisation, today, func(p org.Person) error {
		c.add(p.ID, transition.Head{Location: p.Location.Name, Unit: p.Unit.ID, N: 1})
		return nil
	})
	if err != nil {
		return err
	}
	names, err := locationNames(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	staff, err := orgdb.CountedIn(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	for _, g := range staff {
		c.add(counted(g.Location, g.Unit), transition.Head{Location: names[g.Location], Unit: g.Unit, N: int(math.Ceil(math.Round(g.FTE*1e6) / 1e6))})
	}
	found, err := db.All(ctx, tx, scanGroup, groupQuery+` AND coach_id <> '' ORDER BY id`, organisation, programme, Current)
	if err != nil {
		return err
	}
	for _, g := range found {
		at := slices.IndexFunc(members, func(m transition.Member) bool { return m.ID == g.Coach && m.Coaches() })
		if at < 0 {
			continue
		}
		circle := transition.Circle{Coach: members[at].Person.ID}
		for _, part := range g.Parts {
			for _, id := range part.People {
				c.look(&circle, id, 1)
			}
			c.look(&circle, counted(g.Location, part.Unit), part.Unnamed)
		}
		c.circles = append(c.circles, circle)
	}
	return nil
}

// teams are everybody who is on a management team, each once, and the teams that are led.
func (c *crowd) teams(ctx context.Context, tx *db.Tx, organisation string, today period.Day, members []transition.Member) error {
	teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	var ids []string
	for _, t := range teams {
		for _, m := range t.Members {
			ids = append(ids, m.Person.ID)
		}
	}
	slices.Sort(ids)
	people, err := orgdb.PeopleIn(ctx, tx, organisation, slices.Compact(ids), today)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		if p := people[id]; p.WorksOn(today) {
			c.add(id, transition.Head{Location: p.Location.Name, Unit: p.Unit.ID, N: 1})
		}
	}
	for _, m := range members {
		i := slices.IndexFunc(teams, func(t org.ManagementTeam) bool { return t.ID == m.Team.ID })
		if !m.Coaches() || i < 0 {
			continue
		}
		circle := transition.Circle{Coach: m.Person.ID}
		for _, one := range teams[i].Members {
			c.look(&circle, one.Person.ID, 1)
		}
		c.circles = append(c.circles, circle)
	}
	return nil
}

// locationNames are the names of today's locations, by id.
func locationNames(ctx context.Context, tx *db.Tx, organisation string, today period.Day) (map[string]string, error) {
	names := map[string]string{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id, name string
		err := row.Scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	}, `SELECT id, name FROM org_location WHERE organisation_id = $1 AND since <= $2 AND until > $2`, organisation, today)
	return names, err
}

// unitPlaces are the units with what they are called; where two have one name, with the name of the
// unit above.
func unitPlaces(structure *org.Structure) (all []transition.Place) {
	same := map[string]int{}
	for _, u := range structure.Units {
		same[u.Name]++
	}
	for _, u := range structure.Units {
		one := transition.Place{ID: u.ID, Name: u.Name}
		if same[u.Name] > 1 && u.Up >= 0 {
			one.Name += ", " + structure.Units[u.Up].Name
		}
		all = append(all, one)
	}
	return all
}

func sortTravelled(all []Travelled) {
	slices.SortStableFunc(all, func(a, b Travelled) int {
		return cmp.Or(b.People-a.People, b.InUse-a.InUse, a.Shared.Compare(b.Shared))
	})
}
