package demo

import (
	"slices"

	"throughline/internal/org"
)

// between is how many years lie between the two waves.
const between = 1.5

// left is the share of a level that leaves between two waves.
var left = map[org.Level]float64{
	org.LevelExecutive: 0, org.LevelSeniorManager: 0.08, org.LevelManager: 0.1, org.LevelTeamLeader: 0.12, org.LevelEmployee: 0.22,
}

const moved = 0.05 // share of a store's employees who move to another store of the region

// later returns people and teams of the second wave: some have left and been
// replaced in their posts, some employees have moved to another store, the
// country that scored lowest has another managing director.
func (b *builder) later() ([]Person, []Team) {
	units := map[string]Unit{}
	stores := map[string][]string{} // by region
	for _, u := range b.o.units {
		units[u.Key] = u
		if u.Workplace == Store {
			stores[u.Parent] = append(stores[u.Parent], u.Key)
		}
	}
	heads := map[string]string{} // of each unit, who was hired first
	for _, p := range b.people {
		if heads[p.Unit] == "" {
			heads[p.Unit] = p.Key
		}
	}
	second := make([]Person, len(b.people))
	now := map[string]string{}
	for i, p := range b.people {
		u, chance := units[p.Unit], b.rng.Float64()
		switch sisters := stores[u.Parent]; {
		case chance < left[p.Level] || p.Level == org.LevelExecutive && u.Country == lowest:
			q := b.newcomer(u, p.Level, p.Manager)
			q.Years = b.rng.Float64() * between
			now[p.Key], p = q.Key, q
		case p.Level == org.LevelEmployee && chance > 1-moved && len(sisters) > 1:
			p.Unit = sisters[b.rng.IntN(len(sisters))]
			if p.Unit != u.Key {
				p.Manager = heads[p.Unit]
			}
			p.Years += between
		default:
			p.Years += between
		}
		second[i] = p
	}
	is := func(key string) string {
		if new, gone := now[key]; gone {
			return new
		}
		return key
	}
	for i := range second {
		second[i].Manager = is(second[i].Manager)
	}
	teams := slices.Clone(b.teams)
	for i := range teams {
		teams[i].Chair = is(teams[i].Chair)
		teams[i].Members = slices.Clone(teams[i].Members)
		for j, m := range teams[i].Members {
			teams[i].Members[j] = is(m)
		}
	}
	return second, teams
}
