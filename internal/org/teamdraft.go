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
	members map[string]bool
}

func (d *Draft) addMember(p Parsed) error {
	t := d.teams[p.team]
	if t == nil {
		t = &teamDraft{ManagementTeam: ManagementTeam{Name: p.team}, where: where{p.File, p.Row.Line}, members: map[string]bool{}}
		d.teams[p.team] = t
		d.order.teams = append(d.order.teams, p.team)
	}
	key := p.member.Person.Key
	if t.members[key] {
		return fault.Invalidf("%q is in the team %q twice", key, p.team)
	}
	if p.member.Chair {
		if chair := t.Chair().Key; chair != "" {
			return fault.Invalidf("the team %q has two chairs, %q and %q: a team has one", p.team, chair, key)
		}
		t.Unit.Key = p.teamUnit
	}
	t.members[key] = true
	t.Members = append(t.Members, p.member)
	return nil
}

// Teams returns the management teams; a team's unit is the one on its chair's
// row. It reports a team without a chair.
func (d *Draft) Teams() ([]ManagementTeam, error) {
	all := make([]ManagementTeam, len(d.order.teams))
	for i, name := range d.order.teams {
		t := d.teams[name]
		if t.Chair().Key == "" {
			return nil, fault.Invalidf("the team %q (%s) has no chair: mark one of its people", name, t.where.String())
		}
		slices.SortFunc(t.Members, func(a, b Member) int { return cmp.Compare(a.Person.Key, b.Person.Key) })
		all[i] = t.ManagementTeam
	}
	return all, nil
}
