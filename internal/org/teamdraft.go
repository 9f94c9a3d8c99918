package org

import (
	"cmp"
	"slices"

	"throughline/internal/kit/fault"
)

// teamDraft is a management team as rows name it, one member a row.
type teamDraft struct {
	ManagementTeam
	where   where
	members map[string]where
}

func (d *Draft) addMember(p Parsed, at func(column string) where) Mistakes {
	t := d.teams[p.team]
	if t == nil {
		t = &teamDraft{ManagementTeam: ManagementTeam{Name: p.team}, where: at(p.heading.chair), members: map[string]where{}}
		d.teams[p.team] = t
		d.order.teams = append(d.order.teams, p.team)
	}
	key := p.member.Person.Key
	if had, twice := t.members[key]; twice {
		return Mistakes{at(p.heading.person).wrong(fault.Invalidf("%q is in the team %q twice: first at %s", key, p.team, had.String()))}
	}
	if p.member.Chair {
		if chair := t.Chair().Key; chair != "" {
			return Mistakes{at(p.heading.chair).wrong(fault.Invalidf("the team %q has two chairs, %q and %q: a team has one", p.team, chair, key))}
		}
		t.Unit.Key = p.teamUnit
	}
	t.members[key] = at(p.heading.person)
	t.Members = append(t.Members, p.member)
	return nil
}

// Teams returns the management teams; a team's unit is the one on its chair's
// row. It reports teams without a chair, as Mistakes.
func (d *Draft) Teams() ([]ManagementTeam, error) {
	all := make([]ManagementTeam, len(d.order.teams))
	var bad Mistakes
	for i, name := range d.order.teams {
		t := d.teams[name]
		if t.Chair().Key == "" {
			bad = append(bad, t.where.wrong(fault.Invalidf("the team %q has no chair: mark one of its people", name)))
		}
		slices.SortFunc(t.Members, func(a, b Member) int { return cmp.Compare(a.Person.Key, b.Person.Key) })
		all[i] = t.ManagementTeam
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return all, nil
}

// NotOnRoster is the mistake that a team names somebody who is not in the roster.
func (d *Draft) NotOnRoster(team, person string) BadRow {
	return d.teams[team].members[person].wrong(fault.Invalidf("the team %q names the person %q, who is not in the roster", team, person))
}
