package transition

import (
	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

// Material is a published group of a diagnosis that a session's people belong to.
type Material struct {
	Report *diagnosis.Report
	Group  *diagnosis.ReportGroup
	Unit   int32  // of the report's tree; 0 for the whole
	Value  string // of the location; "" for a unit or the whole
}

// Smallest finds, among what is published, the smallest group with all people of a session in
// it: the lowest unit above all of theirs, a unit above that, their location, or the whole.
// Nothing is computed: what is withheld is passed over. locations is the attribute that names
// them in the report. It is nil where not even the whole is shown, or, of a
// diagnosis of a part of the organisation, where somebody is of another.
func Smallest(r *diagnosis.Report, units, locations []string, attribute string, part bool) *Material {
	var best *Material
	consider := func(g *diagnosis.ReportGroup, unit int32, value string) {
		if g != nil && g.Verdict == diagnosis.Shown && (best == nil || g.N < best.Group.N) {
			best = &Material{r, g, unit, value}
		}
	}
	common, inside := common(r, units)
	if part && !inside {
		return nil // somebody is of another part of the organisation
	}
	consider(&r.Groups[0], 0, "")
	if inside {
		for _, u := range r.Path(common)[1:] {
			consider(r.Unit(u), u, "")
		}
	}
	if table := r.OneWay(attribute); table >= 0 && len(locations) > 0 {
		for _, g := range r.Of(table) {
			if same(locations, r.Label(g)) {
				consider(g, 0, locations[0])
			}
		}
	}
	return best
}

func same(all []string, value string) bool {
	for _, one := range all {
		if one != value {
			return false
		}
	}
	return value != ""
}

// common is the lowest unit above all of some; it reports a unit that the report does not know.
func common(r *diagnosis.Report, units []string) (lowest int32, ok bool) {
	index := r.Index()
	paths := make([][]int32, len(units))
	for i, id := range units {
		u, known := index[id]
		if !known {
			return 0, false
		}
		paths[i] = r.Path(u)
	}
	return org.Common(paths)
}
