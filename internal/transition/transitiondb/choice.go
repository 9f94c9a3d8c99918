package transitiondb

import (
	"context"
	"maps"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Teams lists today's management teams, by name.
func (s *Store) Teams(ctx context.Context, organisation string) (teams []org.ManagementTeam, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err == nil {
			teams, err = orgdb.TeamsIn(ctx, tx, organisation, today)
		}
		return err
	})
	return teams, err
}

// TeamsOf says on which management teams, by id, somebody is whom a programme's rule finds.
func (s *Store) TeamsOf(ctx context.Context, organisation string, p transition.Programme) (map[string]bool, error) {
	sc, err := s.scene(ctx, organisation, p)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, c := range sc.eligible {
		found[c.Key] = true
	}
	teams := map[string]bool{}
	for _, t := range sc.teams {
		teams[t.ID] = slices.ContainsFunc(t.Members, func(m org.Member) bool { return found[m.Person.Key] })
	}
	return teams, nil
}

// Choices are what a rule can ask of today's roster.
type Choices struct {
	Levels     []org.Level
	Countries  []string
	Partners   []string
	Units      *org.Structure
	Attributes map[string][]string // by name, their values
	Teams      bool                // there are management teams
}

// mostValues is how many values an attribute has at most to be asked for: one of more is a
// name or a number of somebody.
const mostValues = 30

// Choices returns them.
func (s *Store) Choices(ctx context.Context, organisation string) (c Choices, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		traits, err := orgdb.TraitsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		if c.Units, err = orgdb.TreeIn(ctx, tx, organisation, today); err != nil {
			return err
		}
		c.Teams = len(teams) > 0
		c.Partners = slices.Sorted(slices.Values(traits.Partners))
		c.Levels = nil
		for _, l := range org.Levels {
			if slices.Contains(traits.Levels, l) {
				c.Levels = append(c.Levels, l)
			}
		}
		countries := map[string]bool{}
		for _, l := range traits.Locations {
			if l.Country != "" {
				countries[l.Country] = true
			}
		}
		c.Countries = slices.Sorted(maps.Keys(countries))
		values := map[string]map[string]bool{}
		for _, set := range traits.Attributes {
			for name, value := range set {
				if values[name] == nil {
					values[name] = map[string]bool{}
				}
				values[name][value] = true
			}
		}
		c.Attributes = map[string][]string{}
		for name, of := range values {
			if len(of) <= mostValues {
				c.Attributes[name] = slices.Sorted(maps.Keys(of))
			}
		}
		return nil
	})
	return c, err
}
