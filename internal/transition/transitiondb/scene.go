package transitiondb

import (
	"cmp"
	"context"
	"math"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// scene is what today's roster says for a programme. It is read once for each roster, day,
// rule and size of group, as it takes a look at everybody.
type scene struct {
	stamp    string
	day      period.Day
	sites    []transition.Site            // nobody coaches yet
	eligible []transition.Candidate       // whom the rule finds, by name
	teams    []org.ManagementTeam         // by name
	people   map[string]int               // location's id -> place in sites
	parts    map[string][]transition.Part // by location's id; only when asked for
}

// scene returns it.
func (s *Store) scene(ctx context.Context, organisation string, p transition.Programme) (*scene, error) {
	stamp, day, err := s.stamp(ctx, organisation, p)
	if err != nil {
		return nil, err
	}
	key := organisation + "/" + p.ID
	if kept, ok := s.scenes.Load(key); ok && kept.(*scene).stamp == stamp {
		return kept.(*scene), nil
	}
	sc, err := s.look(ctx, organisation, p, day, false)
	if err != nil {
		return nil, err
	}
	if sc.stamp = stamp; p.ID != "" {
		s.scenes.Store(key, sc)
	}
	return sc, nil
}

// stamp changes when a scene does.
func (s *Store) stamp(ctx context.Context, organisation string, p transition.Programme) (stamp string, day period.Day, err error) {
	rule, err := packed(p.Rule)
	if err != nil {
		return "", "", err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if day, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		roster, err := orgdb.RosterStamp(ctx, tx, organisation)
		stamp, err = packed([]any{day, roster, rule, p.Per, p.Kind})
		return err
	})
	return stamp, day, err
}

// look reads the roster of a day; parts are kept only for a plan.
func (s *Store) look(ctx context.Context, organisation string, p transition.Programme, day period.Day, parts bool) (*scene, error) {
	sc := &scene{day: day, people: map[string]int{}, parts: map[string][]transition.Part{}}
	locations, err := s.Org.LocationsOf(ctx, organisation, day, nil)
	if err != nil {
		return nil, err
	}
	for _, l := range locations {
		sc.people[l.ID] = len(sc.sites)
		sc.sites = append(sc.sites, transition.Site{Location: l.Location, People: l.People, Unnamed: l.GroupFTE})
	}
	if sc.teams, err = s.Org.Teams(ctx, organisation, "", day); err != nil {
		return nil, err
	}
	onTeam := map[string]bool{}
	for _, t := range sc.teams {
		for _, m := range t.Members {
			onTeam[m.Person.Key] = true
		}
	}
	partners := make([]map[string]int, len(sc.sites))
	part := map[[3]string]int{} // location, unit, partner -> place in the location's parts, one more
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		structure, err := orgdb.TreeIn(ctx, tx, organisation, day)
		if err != nil {
			return err
		}
		sc.eligible = nil
		clear(sc.parts)
		clear(part)
		clear(partners)
		if parts {
			counted, err := orgdb.CountedIn(ctx, tx, organisation, day)
			if err != nil {
				return err
			}
			for _, c := range counted {
				sc.part(c.Location, c.Unit, "", part).Unnamed = int(math.Ceil(math.Round(c.FTE*1e6) / 1e6))
			}
		}
		return orgdb.EachPerson(ctx, tx, organisation, day, func(one org.Person) error {
			i, there := sc.people[one.Location.ID]
			if there && one.Partner.Key != "" {
				if partners[i] == nil {
					partners[i] = map[string]int{}
				}
				partners[i][one.Partner.Key]++
			}
			if parts {
				of := sc.part(one.Location.ID, one.Unit.ID, one.Partner.ID, part)
				of.People = append(of.People, one.ID)
			}
			c := transition.Candidate{Person: one, Team: onTeam[one.Key]}
			if there {
				c.Country = sc.sites[i].Location.Country
			}
			c.Units = placeOf(structure, one).Units
			if p.Rule.Finds(c, day) {
				sc.eligible = append(sc.eligible, c)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	for i := range sc.sites {
		site := &sc.sites[i]
		site.Need = transition.Need(site.Headcount(), p.Per)
		for name, n := range partners[i] {
			if most := partners[i][site.Partner]; n > most || n == most && name < site.Partner {
				site.Partner = name
			}
		}
	}
	slices.SortFunc(sc.eligible, func(a, b transition.Candidate) int {
		return cmp.Or(cmp.Compare(a.Title(), b.Title()), cmp.Compare(a.Key, b.Key))
	})
	return sc, nil
}

// part is who works at a location for a unit and a partner; places says where it stands.
func (sc *scene) part(location, unit, partner string, places map[[3]string]int) *transition.Part {
	at := [3]string{location, unit, partner}
	if places[at] == 0 {
		sc.parts[location] = append(sc.parts[location], transition.Part{Unit: unit, Partner: partner})
		places[at] = len(sc.parts[location])
	}
	return &sc.parts[location][places[at]-1]
}
