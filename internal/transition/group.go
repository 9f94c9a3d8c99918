package transition

import (
	"cmp"
	"slices"
)

// Part is people of one unit who are in one group.
type Part struct {
	Unit    string   `json:"unit"`              // id
	Partner string   `json:"partner,omitempty"` // id, "" for none
	People  []string `json:"people,omitempty"`  // ids
	Unnamed int      `json:"unnamed,omitempty"` // counted in the roster and not named
}

// Size is how many they are.
func (p Part) Size() int { return len(p.People) + p.Unnamed }

// Group is people at one location whom one coach looks after, at most as many as the
// programme says.
type Group struct {
	ID       string // "" for a new one
	Location string // id
	Parts    []Part
	Coach    string // id of the member, "" for nobody
	Before   string // the coach in the plan before
}

// Size is how many people the group has.
func (g Group) Size() int {
	n := 0
	for _, p := range g.Parts {
		n += p.Size()
	}
	return n
}

// Partner is the partner of most of the group's people, "" where most have none.
func (g Group) Partner() string {
	count := map[string]int{}
	most, best := 0, ""
	for _, p := range g.Parts {
		count[p.Partner] += p.Size()
	}
	for _, p := range g.Parts {
		if n := count[p.Partner]; n > most {
			most, best = n, p.Partner
		}
	}
	return best
}

// in is how many of the group are of a unit.
func (g Group) in(unit string) int {
	n := 0
	for _, p := range g.Parts {
		if p.Unit == unit {
			n += p.Size()
		}
	}
	return n
}

// add puts people into the group, to those of their unit.
func (g *Group) add(part Part) {
	if part.Size() == 0 {
		return
	}
	for i := range g.Parts {
		if p := &g.Parts[i]; p.Unit == part.Unit && p.Partner == part.Partner {
			p.People = append(slices.Clip(p.People), part.People...)
			p.Unnamed += part.Unnamed
			return
		}
	}
	g.Parts = append(g.Parts, part)
}

// cut takes n people off a part, those without a name last.
func (p Part) cut(n int) (off, rest Part) {
	off, rest = p, p
	named := min(n, len(p.People))
	off.People, rest.People = p.People[:named], p.People[named:]
	off.Unnamed = n - named
	rest.Unnamed = p.Unnamed - off.Unnamed
	return off, rest
}

// FormGroups puts the people of one location into groups of at most per. teams are all who
// work there, a part for each unit and partner, as the roster stands; were are the location's
// groups until now, and coaches says who still coaches.
//
// Who is in a group stays there, and newcomers join their unit's group where there is room,
// so that few change their coach; no more new groups are formed than are needed. Groups that
// nobody coaches are dissolved while there are more than are needed. The rest form as few new
// groups as can hold them: whole teams, the largest first, with others of their partner where
// that is possible; a team is split only where it is larger than a group or fits nowhere.
func FormGroups(location string, per int, teams []Part, were []Group, coaches func(string) bool) []Group {
	groups, rest := keep(per, teams, were)
	total := 0
	for _, t := range teams {
		total += t.Size()
	}
	need := Need(float64(total), per)
	groups, dissolved := dissolve(groups, need, coaches)
	rest = join(per, groups, append(rest, dissolved...))
	rest = spread(per, groups, rest, need)
	return append(groups, form(location, per, rest)...)
}

// dissolve takes groups that nobody coaches apart, the smallest first, while there are more
// than are needed.
func dissolve(groups []Group, need int, coaches func(string) bool) (left []Group, people []Part) {
	left = groups
	for len(left) > need {
		at := -1
		for i, g := range left {
			if (g.Before == "" || !coaches(g.Before)) && (at < 0 || g.Size() < left[at].Size()) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		people = append(people, left[at].Parts...)
		left = slices.Delete(slices.Clone(left), at, at+1)
	}
	return left, people
}

// spread puts so many people into groups with room that few enough are left for the new groups
// that are needed, and returns the rest: small teams first, and split where they must be.
func spread(per int, groups []Group, people []Part, need int) (rest []Part) {
	excess := (len(groups) - need) * per
	for _, t := range people {
		excess += t.Size()
	}
	people = slices.Clone(people)
	slices.SortStableFunc(people, func(a, b Part) int { return cmp.Compare(a.Size(), b.Size()) })
	for _, t := range people {
		for excess > 0 && t.Size() > 0 {
			to := roomiest(per, groups, t)
			if to < 0 {
				break
			}
			n := min(t.Size(), per-groups[to].Size(), excess)
			var off Part
			off, t = t.cut(n)
			groups[to].add(off)
			excess -= n
		}
		if t.Size() > 0 {
			rest = append(rest, t)
		}
	}
	return rest
}

// keep leaves in each group who is still there, and returns those who are in none.
func keep(per int, teams []Part, were []Group) (groups []Group, rest []Part) {
	type place struct{ unit, partner string }
	team := map[string]place{} // of each person
	unnamed := map[place]int{}
	for _, t := range teams {
		at := place{t.Unit, t.Partner}
		for _, p := range t.People {
			team[p] = at
		}
		unnamed[at] += t.Unnamed
	}
	placed := map[string]bool{}
	for _, was := range were {
		g := Group{ID: was.ID, Location: was.Location, Before: was.Coach}
		for _, p := range was.Parts {
			for _, person := range p.People {
				if at, there := team[person]; there && !placed[person] && g.Size() < per {
					g.add(Part{Unit: at.unit, Partner: at.partner, People: []string{person}})
					placed[person] = true
				}
			}
			at := place{p.Unit, p.Partner}
			n := min(p.Unnamed, unnamed[at], per-g.Size())
			g.add(Part{Unit: p.Unit, Partner: p.Partner, Unnamed: n})
			unnamed[at] -= n
		}
		if len(g.Parts) > 0 {
			groups = append(groups, g)
		}
	}
	for _, t := range teams {
		at := place{t.Unit, t.Partner}
		left := Part{Unit: t.Unit, Partner: t.Partner, Unnamed: unnamed[at]}
		unnamed[at] = 0
		for _, p := range t.People {
			if !placed[p] {
				left.People = append(left.People, p)
			}
		}
		if left.Size() > 0 {
			rest = append(rest, left)
		}
	}
	return groups, rest
}

// join puts newcomers into groups with room for all of their team: the one that has
// most of the team already, else one of their partner.
func join(per int, groups []Group, newcomers []Part) (rest []Part) {
	for _, part := range newcomers {
		best, worth := -1, 0
		for i, g := range groups {
			if g.Size()+part.Size() > per {
				continue
			}
			w := 1 + 2*g.in(part.Unit)
			if g.Partner() == part.Partner {
				w++
			}
			if w > worth {
				best, worth = i, w
			}
		}
		if best < 0 {
			rest = append(rest, part)
			continue
		}
		groups[best].add(part)
	}
	return rest
}

// form makes as few groups as can hold the teams.
func form(location string, per int, teams []Part) []Group {
	total := 0
	var whole []Part
	groups := []Group{}
	for _, t := range teams {
		total += t.Size()
	}
	n := Need(float64(total), per)
	for _, t := range teams {
		for t.Size() > per {
			var off Part
			off, t = t.cut(per)
			groups = append(groups, Group{Location: location, Parts: []Part{off}})
		}
		if t.Size() > 0 {
			whole = append(whole, t)
		}
	}
	for len(groups) < n {
		groups = append(groups, Group{Location: location})
	}
	slices.SortStableFunc(whole, func(a, b Part) int { return cmp.Compare(b.Size(), a.Size()) })
	for _, t := range whole {
		for t.Size() > 0 {
			to := roomiest(per, groups, t)
			var off Part
			off, t = t.cut(min(t.Size(), per-groups[to].Size()))
			groups[to].add(off)
		}
	}
	even(groups)
	return groups
}

// roomiest is the group that a team goes to: where it fits, one that has others of its
// partner, the fullest of these, so that large teams find room later; an empty one rather
// than one of another partner. Where it fits nowhere, the one with most room.
func roomiest(per int, groups []Group, t Part) int {
	best, worth := -1, -1
	for i := range groups {
		size := groups[i].Size()
		w := 0
		switch room := per - size; {
		case t.Size() > room:
			w = room
		case size > 0 && groups[i].Partner() == t.Partner:
			w = 3*per + size
		case size == 0:
			w = 2*per + 1
		default:
			w = per + size
		}
		if w > worth && size < per {
			best, worth = i, w
		}
	}
	return best
}

// even moves people of teams that are split anyhow, and then whole teams, from fuller groups
// to emptier ones.
func even(groups []Group) {
	for range 10 * len(groups) {
		moved := false
		for i := range groups {
			for j := range groups {
				if groups[i].Size() > groups[j].Size()+1 && shift(&groups[i], &groups[j]) {
					moved = true
				}
			}
		}
		if !moved {
			return
		}
	}
}

// shift moves people from one group to another where that makes the two more alike and splits
// no team that is not split between them.
func shift(from, to *Group) bool {
	spare := (from.Size() - to.Size()) / 2
	for i, p := range from.Parts {
		n := 0
		if has := slices.ContainsFunc(to.Parts, func(q Part) bool { return q.Unit == p.Unit && q.Partner == p.Partner }); has {
			n = min(spare, p.Size())
		} else if p.Size() <= spare && p.Partner == to.Partner() {
			n = p.Size()
		}
		if n == 0 {
			continue
		}
		off, rest := p.cut(n)
		from.Parts[i] = rest
		if rest.Size() == 0 {
			from.Parts = slices.Delete(from.Parts, i, i+1)
		}
		to.add(off)
		return true
	}
	return false
}
