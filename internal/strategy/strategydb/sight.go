package strategydb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Sight is somebody's line of sight: from the top, over the goals of units, to the own ones.
type Sight struct {
	Person  org.Person
	Path    []org.Ref // of the unit
	Today   period.Day
	Chains  []Chain
	Figures bool           // there are indicators of people
	Shared  map[string]int // people who share a goal of a unit, by the unit's id

	Diagnoses []string // ids of those whose scores are shown
}

// Chain is the way from the top to one own goal, or, for somebody without an own goal, to a goal
// of the nearest unit that has one.
type Chain struct {
	Steps []Measured      // the top first; the last is the own goal, if there is one
	Links []strategy.Link // Links[i] leads from Steps[i+1] up to Steps[i]
	Own   bool            // the last step is the person's
}

// Sight reads the line of sight of somebody of today's roster, by the id. sees says which scores of
// diagnoses are shown; nil: none.
func (s Store) Sight(ctx context.Context, organisation, person string, sees Sees) (v Sight, err error) {
	var all []strategy.Indicator
	figures := map[key]*strategy.Figures{}
	var read []string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if v.Person, err = orgdb.PersonIn(ctx, tx, organisation, person, v.Today); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, v.Today)
		if err != nil {
			return err
		}
		at, there := units.Find(v.Person.Unit.ID)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		v.Path = units.Path(at)
		if err := s.readChains(ctx, tx, organisation, units, &v); err != nil {
			return err
		}
		if all, err = indicators(ctx, tx, organisation); err != nil {
			return err
		}
		v.Figures = slices.ContainsFunc(all, strategy.Indicator.OfPeople)
		if read, err = readSteps(ctx, tx, organisation, all, units, v.Chains, figures); err != nil {
			return err
		}
		v.Shared, err = s.Org.HeadsIn(ctx, tx, organisation, v.Today)
		return err
	})
	if err != nil {
		return v, err
	}
	var steps []Measured
	for _, c := range v.Chains {
		steps = append(steps, c.Steps...)
	}
	if v.Diagnoses, err = s.come(ctx, organisation, measuring(all, steps), figures, read, sees); err != nil {
		return v, err
	}
	for _, c := range v.Chains {
		for n := range c.Steps {
			c.Steps[n].measure(all, figures, v.Today)
		}
	}
	return v, nil
}

// readChains reads the goals of the person, or, where there is none, those of the nearest unit, and
// what they serve.
func (s Store) readChains(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, v *Sight) error {
	ends, err := readGoals(ctx, tx, organisation, `person_id = $2 AND ended = ''`, v.Person.ID)
	if err != nil {
		return err
	}
	for n := len(v.Path) - 1; n >= 0 && len(ends) == 0; n-- {
		if ends, err = readGoals(ctx, tx, organisation, `person_id = '' AND unit_id = $2 AND ended = ''`, v.Path[n].ID); err != nil {
			return err
		}
	}
	tree, err := above(ctx, tx, organisation, units, ends)
	if err != nil {
		return err
	}
	for _, end := range ends {
		links, goals := tree.Chain(end)
		c := Chain{Own: end.Personal(), Links: links, Steps: []Measured{{Goal: end}}}
		for _, g := range goals {
			c.Steps = append(c.Steps, Measured{Goal: g})
		}
		slices.Reverse(c.Steps)
		slices.Reverse(c.Links)
		v.Chains = append(v.Chains, c)
	}
	return nil
}

// readSteps reads the figures of every unit with a goal that has an indicator.
func readSteps(ctx context.Context, tx *db.Tx, organisation string, all []strategy.Indicator, units *org.Structure, chains []Chain, figures map[key]*strategy.Figures) (read []string, err error) {
	for _, c := range chains {
		for _, step := range c.Steps {
			at, there := units.Find(step.Unit.ID)
			if !there || step.Indicator == "" || slices.Contains(read, step.Unit.ID) {
				continue
			}
			of, err := readFigures(ctx, tx, organisation, all, units, at)
			if err != nil {
				return nil, err
			}
			for k, f := range of {
				figures[k] = f
			}
			read = append(read, step.Unit.ID)
		}
		if err := readOwn(ctx, tx, organisation, all, c.Steps, figures); err != nil {
			return nil, err
		}
	}
	return read, nil
}
