package transitiondb

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

const groupQuery = `SELECT id, location_id, coach_id, before_id, parts FROM transition_group WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`

func scanGroup(row db.Scanner) (g transition.Group, err error) {
	var parts string
	if err = row.Scan(&g.ID, &g.Location, &g.Coach, &g.Before, &parts); err == nil {
		err = json.Unmarshal([]byte(parts), &g.Parts)
	}
	return g, err
}

// GiveGroup gives a group of the plan that holds to a coach, or, with "", to nobody; a draft,
// which does not know of it, is thrown away. It reports a group that has a coach already, and a coach without room for it.
func (s *Store) GiveGroup(ctx context.Context, organisation, programme, group, coach, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		g, found, err := db.One(ctx, tx, scanGroup, groupQuery+` AND id = $4`, organisation, programme, Current, group)
		if err == nil && !found {
			err = fault.NotFoundf("there is no such group in the plan")
		}
		if err != nil {
			return err
		}
		if coach != "" {
			if err := s.hasRoom(ctx, tx, organisation, programme, g, coach); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE transition_group SET coach_id = $5 WHERE organisation_id = $1 AND programme_id = $2 AND state = $3 AND id = $4`,
			organisation, programme, Current, group, coach); err != nil {
			return err
		}
		if err := dropPlan(ctx, tx, organisation, programme, Draft); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "coach of a group changed", Detail: p.Name})
	})
}

// hasRoom reports why a coach cannot have a group.
func (s *Store) hasRoom(ctx context.Context, tx *db.Tx, organisation, programme string, g transition.Group, coach string) error {
	m, err := s.member(ctx, tx, organisation, programme, coach)
	if err != nil {
		return err
	}
	if !m.Coaches() {
		return fault.Fieldf("coach", "%s does not coach in this programme now: choose somebody who does", m.Person.Title())
	}
	if g.Coach != "" && g.Coach != coach {
		has, err := s.member(ctx, tx, organisation, programme, g.Coach)
		if err != nil {
			return err
		}
		if !has.Coaches() {
			return s.roomFor(ctx, tx, organisation, programme, g, m)
		}
		return fault.Fieldf("coach", "%s coaches this group: a group has one coach, so take it back first", has.Person.Title())
	}
	return s.roomFor(ctx, tx, organisation, programme, g, m)
}

func (s *Store) roomFor(ctx context.Context, tx *db.Tx, organisation, programme string, g transition.Group, m transition.Member) error {
	had, err := lookedAfter(ctx, tx, organisation, programme, m.ID, g.ID)
	if err == nil && had+g.Size() > m.Room {
		err = fault.Fieldf("coach", "%s has room for %d people and looks after %d: this group of %d is too many", m.Person.Title(), m.Room, had, g.Size())
	}
	return err
}

// lookedAfter is how many people a coach has in the plan that holds, but for a group.
func lookedAfter(ctx context.Context, tx *db.Tx, organisation, programme, coach, but string) (int, error) {
	n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COALESCE(SUM(size), 0) FROM transition_group
		WHERE organisation_id = $1 AND programme_id = $2 AND state = $3 AND coach_id = $4 AND id <> $5`, organisation, programme, Current, coach, but)
	return n, err
}

// Group is a group of a plan with the names of what is in it.
type Group struct {
	transition.Group
	CoachName string
	Unit      org.Ref // the lowest with all of Units in it
	Units     []UnitPart
	People    []org.Person // by name; only where they are asked for
}

// UnitPart is how many people of a unit are in a group.
type UnitPart struct {
	Unit org.Ref
	N    int
}

// GroupsAt returns the groups of the plan that holds at a location, with the people in them;
// nil where there is no plan.
func (s *Store) GroupsAt(ctx context.Context, organisation, programme, location string) (groups []Group, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		found, err := db.All(ctx, tx, scanGroup, groupQuery+` AND location_id = $4 ORDER BY id`, organisation, programme, Current, location)
		if err != nil {
			return err
		}
		groups, err = s.named(ctx, tx, organisation, programme, found, true)
		return err
	})
	return groups, err
}

// Named gives the groups of a plan their names.
func (s *Store) Named(ctx context.Context, organisation, programme string, of []transition.Group) (groups []Group, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		groups, err = s.named(ctx, tx, organisation, programme, of, false)
		return err
	})
	return groups, err
}

func (s *Store) named(ctx context.Context, tx *db.Tx, organisation, programme string, of []transition.Group, people bool) ([]Group, error) {
	groups, err := s.placed(ctx, tx, organisation, of)
	if err != nil {
		return nil, err
	}
	members, err := s.members(ctx, tx, organisation, programme, "")
	if err != nil {
		return nil, err
	}
	coach := map[string]string{}
	for _, m := range members {
		coach[m.ID] = m.Person.Title()
	}
	for i := range groups {
		groups[i].CoachName = coach[groups[i].Coach]
		if !people {
			continue
		}
		if groups[i].People, err = s.peopleOf(ctx, tx, organisation, groups[i].Group); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// peopleOf are the people of a group by name; who has left since the plan was made is not in it.
func (s *Store) peopleOf(ctx context.Context, tx *db.Tx, organisation string, g transition.Group) ([]org.Person, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, part := range g.Parts {
		ids = append(ids, part.People...)
	}
	there, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	return slices.SortedFunc(maps.Values(there), func(a, b org.Person) int {
		return cmp.Or(cmp.Compare(a.Title(), b.Title()), cmp.Compare(a.Key, b.Key))
	}), err
}

// placed gives groups the names of their units.
func (s *Store) placed(ctx context.Context, tx *db.Tx, organisation string, of []transition.Group) ([]Group, error) {
	structure, err := s.structure(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	groups := make([]Group, len(of))
	for i, g := range of {
		groups[i] = Group{Group: g}
		var paths [][]org.Ref
		for _, part := range g.Parts {
			u := UnitPart{Unit: org.Ref{ID: part.Unit}, N: part.Size()}
			if at, known := structure.Find(part.Unit); known {
				u.Unit = structure.Units[at].Ref()
				paths = append(paths, structure.Path(at))
			}
			groups[i].Units = append(groups[i].Units, u)
		}
		groups[i].Unit, _ = org.Common(paths)
	}
	return groups, nil
}

// Own is what somebody does in a programme.
type Own struct {
	transition.Programme
	Member transition.Member
	Team   org.ManagementTeam // of a leader; zero for none
	Groups []Group            // of a coach
}

// Coaching returns what somebody, by the roster's key, does in the programmes that go on.
func (s *Store) Coaching(ctx context.Context, organisation, person string) (all []Own, err error) {
	if person == "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		type place struct{ programme, member string }
		places, err := db.All(ctx, tx, func(row db.Scanner) (p place, err error) {
			err = row.Scan(&p.programme, &p.member)
			return p, err
		}, `SELECT m.programme_id, m.id FROM transition_member m
			JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
			WHERE m.organisation_id = $1 AND m.person_key = $2 AND m.status IN ($3, $4) AND p.closed = FALSE ORDER BY p.made_at DESC`,
			organisation, person, transition.Accepted, transition.Active)
		if err != nil {
			return err
		}
		for _, at := range places {
			own, err := s.own(ctx, tx, organisation, at.programme, at.member)
			if err != nil {
				return err
			}
			if !own.Member.Left {
				all = append(all, own)
			}
		}
		return nil
	})
	return all, err
}

func (s *Store) own(ctx context.Context, tx *db.Tx, organisation, programme, member string) (own Own, err error) {
	if own.Programme, err = oneProgramme(ctx, tx, organisation, programme); err != nil {
		return own, err
	}
	if own.Member, err = s.member(ctx, tx, organisation, programme, member); err != nil {
		return own, err
	}
	if own.Kind == transition.Leaders {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return own, err
		}
		teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
		if err != nil {
			return own, err
		}
		if i := slices.IndexFunc(teams, func(t org.ManagementTeam) bool { return t.ID == own.Member.Team.ID }); i >= 0 {
			own.Team = teams[i]
		}
		return own, nil
	}
	if !own.Member.Coaches() {
		return own, nil
	}
	found, err := db.All(ctx, tx, scanGroup, groupQuery+` AND coach_id = $4 ORDER BY id`, organisation, programme, Current, member)
	if err != nil {
		return own, err
	}
	own.Groups, err = s.named(ctx, tx, organisation, programme, found, true)
	return own, err
}
