package learning

import (
	"cmp"
	"maps"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/strategy"
)

// Map is what is there to be aligned: what is wanted, what people need for it, and what they learn by.
type Map struct {
	Goals        []strategy.Goal // of units, that are worked on
	Roles        []Role          // that are used
	Competencies map[string]Competency
	Resources    []Resource     // that are offered
	Priorities   []Priority     // of the year
	Planned      map[string]int // people whose development plan has an open item for a competency; not there where they are too few to be told
}

// Tie says that a competency or a resource serves a goal, or a resource a competency.
type Tie struct {
	From, To string // ids: what is served, and what serves it
	By       TieKind
}

// TieKind is by what one knows of a tie.
type TieKind string

const (
	ByPriority TieKind = "priority" // a priority names both
	ByModel    TieKind = "model"    // a result that the goal's indicator shows rests on it
	ByAim      TieKind = "aim"      // the resource says that it is for it
)

// Alignment is what serves what, and what is left over (the learning strategy that maps resources to
// competencies, development plans, roles, models of performance and goals).
type Alignment struct {
	GoalToCompetency     []Tie
	CompetencyToResource []Tie
	GoalToResource       []Tie // directly

	Served       []string // goals that something serves, in the order given
	Unserved     []string // goals that nothing serves
	Competencies []string // that serve a goal, are required or have a resource, by name
	Unmet        []string // competencies that serve a goal or that a role requires, and no resource is for: gaps
	Unplanned    []string // competencies that serve a goal or that a role requires, and hardly anybody's plan has: too few to be told, or none
	Idle         []string // resources that serve no goal, directly or over a competency: orphans
	Unasked      []string // competencies that a resource is for, and neither a goal nor a role needs
}

// Align finds what serves what. A competency serves a goal where a priority names both, or where a
// result of a performance model that the goal's indicator shows rests on it. A resource serves a goal that it
// is for, that a priority names with it, or that a competency serves which it is for.
func Align(m Map) Alignment {
	a := aligning{Map: m, goals: map[string]bool{}, toCompetency: map[Tie]bool{}, toResource: map[Tie]bool{}, direct: map[Tie]bool{}, required: map[string]bool{}}
	for _, g := range m.Goals {
		a.goals[g.ID] = true
	}
	a.priorities()
	a.models()
	a.aims()
	return a.finish()
}

type aligning struct {
	Map
	goals                            map[string]bool
	toCompetency, toResource, direct map[Tie]bool
	required                         map[string]bool // competencies, by a role
}

func (a *aligning) priorities() {
	offered := map[string]bool{}
	for _, r := range a.Resources {
		offered[r.ID] = true
	}
	for _, p := range a.Priorities {
		if !a.goals[p.Goal] {
			continue
		}
		for _, c := range p.Competencies {
			a.toCompetency[Tie{p.Goal, c, ByPriority}] = true
		}
		for _, r := range p.Resources {
			if offered[r] {
				a.direct[Tie{p.Goal, r, ByPriority}] = true
			}
		}
	}
}

func (a *aligning) models() {
	for _, r := range a.Roles {
		for _, q := range r.Requires {
			a.required[q.Competency] = true
		}
		for _, made := range r.Results {
			for _, g := range a.Goals {
				if made.Indicator == "" || made.Indicator != g.Indicator {
					continue
				}
				for _, c := range made.Competencies {
					a.toCompetency[Tie{g.ID, c, ByModel}] = true
				}
			}
		}
	}
}

func (a *aligning) aims() {
	byResult := map[string][]string{} // goals, by result
	for _, r := range a.Roles {
		for _, made := range r.Results {
			for _, g := range a.Goals {
				if made.Indicator != "" && made.Indicator == g.Indicator {
					byResult[made.ID] = append(byResult[made.ID], g.ID)
				}
			}
		}
	}
	for _, r := range a.Resources {
		for _, aim := range r.Aims {
			switch aim.Kind {
			case effort.ForGoal:
				if a.goals[aim.ID] {
					a.direct[Tie{aim.ID, r.ID, ByAim}] = true
				}
			case effort.ForCompetency:
				a.toResource[Tie{aim.ID, r.ID, ByAim}] = true
			case AimResult:
				for _, g := range byResult[aim.ID] {
					a.direct[Tie{g, r.ID, ByModel}] = true
				}
			}
		}
	}
}

func (a *aligning) finish() Alignment {
	out := Alignment{GoalToCompetency: a.sorted(a.toCompetency), CompetencyToResource: a.sorted(a.toResource), GoalToResource: a.sorted(a.direct)}
	served, needed, has, serves := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, t := range out.GoalToCompetency {
		needed[t.To] = true
	}
	for _, t := range out.CompetencyToResource {
		has[t.From] = true
		if needed[t.From] {
			serves[t.To] = true
		}
	}
	for _, t := range out.GoalToCompetency {
		if has[t.To] {
			served[t.From] = true
		}
	}
	for _, t := range out.GoalToResource {
		served[t.From], serves[t.To] = true, true
	}
	for _, p := range a.Priorities {
		if len(p.Solutions) > 0 {
			served[p.Goal] = true // by something that is no learning
		}
	}
	for _, g := range a.Goals {
		if served[g.ID] {
			out.Served = append(out.Served, g.ID)
		} else {
			out.Unserved = append(out.Unserved, g.ID)
		}
	}
	for _, r := range a.Resources {
		if !serves[r.ID] {
			out.Idle = append(out.Idle, r.ID)
		}
	}
	for c := range a.Map.Competencies {
		switch {
		case (needed[c] || a.required[c]) && !has[c]:
			out.Unmet = append(out.Unmet, c)
		case has[c] && !needed[c] && !a.required[c]:
			out.Unasked = append(out.Unasked, c)
		}
		if _, planned := a.Planned[c]; (needed[c] || a.required[c]) && !planned {
			out.Unplanned = append(out.Unplanned, c)
		}
		if needed[c] || a.required[c] || has[c] {
			out.Competencies = append(out.Competencies, c)
		}
	}
	for _, list := range [][]string{out.Competencies, out.Unmet, out.Unplanned, out.Unasked} {
		slices.SortFunc(list, func(x, y string) int {
			return cmp.Or(cmp.Compare(a.Map.Competencies[x].Name, a.Map.Competencies[y].Name), cmp.Compare(x, y))
		})
	}
	return out
}

// sorted are ties, each pair once: what a priority says before what a model or an aim does.
func (a *aligning) sorted(all map[Tie]bool) (ties []Tie) {
	rank := map[TieKind]int{ByPriority: 0, ByAim: 1, ByModel: 2}
	for t := range maps.Keys(all) {
		ties = append(ties, t)
	}
	slices.SortFunc(ties, func(x, y Tie) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(rank[x.By], rank[y.By]))
	})
	return slices.CompactFunc(ties, func(x, y Tie) bool { return x.From == y.From && x.To == y.To })
}
