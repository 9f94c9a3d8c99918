package learning

import (
	"maps"
	"math"
	"slices"

	"throughline/internal/kit/fault"
)

// EssentialFrom is the importance, on O*NET's scale from 1 to 5, from which a competency is essential to
// a role (3 is 'important'). Our choice.
const EssentialFrom = 3

// roleSeen is a role of a file, while it is read.
type roleSeen struct {
	name  string
	needs map[string]*needSeen // by key of a competency
}

type needSeen struct{ importance, level float64 }

// need takes in what a line says that a role requires.
func (g *gathering) need(it CatalogueItem) error {
	if it.Needed.Role == "" {
		return nil
	}
	r := g.roles[it.Needed.Role]
	if r == nil {
		r = &roleSeen{name: first(it.Needed.Title, it.Needed.Role), needs: map[string]*needSeen{}}
		g.roles[it.Needed.Role] = r
	}
	n := r.needs[it.Key]
	if n == nil {
		n = &needSeen{importance: math.NaN(), level: math.NaN()}
		r.needs[it.Key] = n
	}
	var into *float64
	switch it.Needed.Scale {
	case Importance:
		into = &n.importance
	case LevelNeeded:
		into = &n.level
	default:
		return nil // O*NET rates other things by scales of their own
	}
	if !math.IsNaN(*into) {
		return fault.Invalidf("%[1]s says twice how much of %[2]s it requires", it.Needed.Role, it.Name)
	}
	*into = it.Needed.Value
	return nil
}

// required are the roles of a file with what they require: every competency that is rated at least at
// level 1, rounded, or that is essential.
func (g *gathering) required() (roles []RoleItem) {
	for _, key := range slices.Sorted(maps.Keys(g.roles)) {
		r := RoleItem{Key: key, Name: g.roles[key].name}
		for _, of := range slices.Sorted(maps.Keys(g.roles[key].needs)) {
			n := g.roles[key].needs[of]
			essential := n.importance >= EssentialFrom
			level := int(math.Round(n.level))
			if math.IsNaN(n.level) {
				level = 0
			}
			if level < 1 && !essential {
				continue
			}
			r.Requires = append(r.Requires, Required{Key: of, Level: max(level, 1), Essential: essential})
		}
		roles = append(roles, r)
	}
	return roles
}

// ONETLevels are the levels of O*NET's scale from 0 to 7. Its anchors are of each element its own, so
// these have numbers for names.
var ONETLevels = []Level{{Name: "1"}, {Name: "2"}, {Name: "3"}, {Name: "4"}, {Name: "5"}, {Name: "6"}, {Name: "7"}}
