package learning

import (
	"cmp"
	"slices"

	"throughline/internal/kit/period"
)

// Gap is what a role of somebody requires, beside what that person has.
type Gap struct {
	Role       string // id
	Competency string // id
	Required   int
	Essential  bool
	Counted    *Rating // that counts; nil where nobody has rated it
}

// Has is the level that counts; 0 where nothing is known.
func (g Gap) Has() int {
	if g.Counted == nil {
		return 0
	}
	return g.Counted.Level
}

// Missing is how many levels are missing; 0 where the requirement is met.
func (g Gap) Missing() int { return max(0, g.Required-g.Has()) }

// Known says whether anybody has rated the competency, so that the gap is one that was seen.
func (g Gap) Known() bool { return g.Counted != nil }

// Gaps compares what roles require with the ratings of one person. A competency that several roles
// require stands once, at the highest level. Essential ones come first, then the larger gaps; what
// was seen comes before what nobody has rated.
func Gaps(roles []Role, ratings []Rating, rule CountingRule, today period.Day) []Gap {
	of := map[string][]Rating{}
	for _, r := range ratings {
		of[r.Competency] = append(of[r.Competency], r)
	}
	at := map[string]int{}
	var all []Gap
	for _, role := range roles {
		for _, q := range role.Requires {
			n, there := at[q.Competency]
			if !there {
				g := Gap{Role: role.ID, Competency: q.Competency, Required: q.Level, Essential: q.Essential}
				if r, found := rule.Counts(of[q.Competency], today); found {
					g.Counted = &r
				}
				at[q.Competency] = len(all)
				all = append(all, g)
				continue
			}
			if g := &all[n]; q.Level > g.Required {
				g.Role, g.Required = role.ID, q.Level
			}
			all[n].Essential = all[n].Essential || q.Essential
		}
	}
	slices.SortStableFunc(all, func(a, b Gap) int {
		return cmp.Or(-cmp.Compare(b2i(a.Essential && a.Missing() > 0), b2i(b.Essential && b.Missing() > 0)),
			-cmp.Compare(b2i(a.Known() && a.Missing() > 0), b2i(b.Known() && b.Missing() > 0)), -cmp.Compare(a.Missing(), b.Missing()))
	})
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
