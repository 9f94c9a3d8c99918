package impactdb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// mostExecutives are looked at.
const mostExecutives = 500

// comingDays is for how long ahead sessions are looked for that an executive could open.
const comingDays = 60

// Involvement is who of today's executives was seen to be involved in the last quarters, by what somebody wrote
// down, by sessions and by learning objectives in their own goals, and what is asked of each next, by the
// person's id.
func (s Store) Involvement(ctx context.Context, organisation string, quarters int) (v effort.Involvement, asks map[string][]impact.Ask, err error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return v, nil, err
	}
	executives, err := s.Org.People(ctx, organisation, orgdb.PeopleQuery{Day: today, Level: org.LevelExecutive, Limit: mostExecutives})
	if err != nil {
		return v, nil, err
	}
	since, err := s.Org.Since(ctx, organisation, org.LevelExecutive)
	if err != nil {
		return v, nil, err
	}
	empty := effort.InvolvementOf(executives, since, nil, today, quarters)
	var people []string
	for _, p := range executives {
		people = append(people, p.ID)
	}
	acts, err := s.Effort.Acts(ctx, organisation, people, empty.Quarters[0].First())
	if err != nil {
		return v, nil, err
	}
	goals, err := s.Strategy.LearningObjectives(ctx, organisation, people)
	if err != nil {
		return v, nil, err
	}
	for _, g := range goals {
		acts = append(acts, effort.Act{ID: g.ID, Person: g.Person, Kind: effort.Objective, Day: g.Begins, Origin: effort.Source{Kind: effort.ForGoal, ID: g.ID}})
	}
	v = effort.InvolvementOf(executives, since, acts, today, quarters)
	coming, err := s.Transition.Coming(ctx, organisation, s.now(), s.now().AddDate(0, 0, comingDays))
	if err != nil {
		return v, nil, err
	}
	initiatives, err := s.Effort.Initiatives(ctx, organisation)
	return v, impact.Asks(v, coming, initiatives, today), err
}
