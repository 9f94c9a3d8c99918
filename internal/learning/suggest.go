package learning

import (
	"cmp"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/strategy"
)

// Situation is what a plan can be suggested from.
type Situation struct {
	Gaps      []Gap           // by how much they matter
	OwnGoals  []strategy.Goal // of the person, that are worked on
	UnitGoals []strategy.Goal // of the unit and those above it, nearest first
	Focal     []FocalPoint    // that are worked on
	Resources []Resource      // that are offered
	Done      map[string]bool // ids of resources that the person has completed
	Items     []Item          // of the plan, open ones and others
	Asked     map[string]bool // ids of resources that the person has asked for
}

// FocalPoint is what a diagnosis was decided to be about.
type FocalPoint struct {
	ID, Theme string
	Items     []string // characteristics
}

// ReasonKind says from what a suggestion follows.
type ReasonKind string

const (
	FromGap       ReasonKind = "gap"        // a role requires a competency that is not there
	FromUnrated   ReasonKind = "unrated"    // a role requires it, and nobody has said how far it is there
	FromObjective ReasonKind = "objective"  // a learning objective of an own goal
	FromOwnGoal   ReasonKind = "own-goal"   // a resource serves an own goal's goal above
	FromUnitGoal  ReasonKind = "unit-goal"  // a resource serves a goal of the unit
	FromFocal     ReasonKind = "focalpoint" // a resource is for a characteristic of a focal point
)

// Suggestion is something that could stand in a plan, with the reason for it.
type Suggestion struct {
	Reason     ReasonKind
	Resource   *Resource // nil for an experience at work
	Modality   effort.Modality
	Objective  string // what is to be learned, of FromObjective
	Competency string // id
	Level      int    // to which
	Has        int    // where the person is
	Role       string // id of the one that requires it
	Goal       *strategy.Goal
	Focal      *FocalPoint
	First      []Resource // that come before the resource and are not completed
}

const mostSuggested = 12

// Suggest finds what could stand in somebody's plan, the most pressing first: essential gaps that were
// seen, then others, learning objectives of own goals, focal points, goals of the unit. A gap is closed by
// a resource that brings somebody to the level, or by the one that brings closest; where there is none, by
// doing it with somebody who can. What is in the plan already, was asked for or is completed is not suggested
// again.
func Suggest(s Situation) []Suggestion {
	g := suggesting{Situation: s, taken: map[string]bool{}, competencies: map[string]bool{}, objectives: map[string]bool{}}
	for _, i := range s.Items {
		g.taken[i.Resource] = true
		g.objectives[i.What] = true
		if i.Open() {
			g.competencies[i.Competency] = true
		}
	}
	g.gaps()
	g.ownGoals()
	g.focal()
	g.unitGoals()
	return g.all[:min(mostSuggested, len(g.all))]
}

type suggesting struct {
	Situation
	all          []Suggestion
	taken        map[string]bool // resources
	competencies map[string]bool // that an open item is to bring
	objectives   map[string]bool
}

func (g *suggesting) gaps() {
	for _, gap := range g.Gaps {
		if gap.Missing() == 0 || g.competencies[gap.Competency] {
			continue
		}
		g.competencies[gap.Competency] = true
		one := Suggestion{Reason: FromGap, Competency: gap.Competency, Level: gap.Required, Has: gap.Has(), Role: gap.Role, Modality: effort.PracticeAtWork}
		if !gap.Known() {
			one.Reason = FromUnrated
		}
		if r, level := g.best(gap); r != nil {
			one.Resource, one.Modality = r, r.Modality
			one.Level = cmp.Or(level, gap.Required)
		}
		g.add(one)
	}
}

// best is the resource for a competency that brings somebody to the level that is needed, or else the
// highest above where they are; of equal ones the shortest.
func (g *suggesting) best(gap Gap) (best *Resource, level int) {
	for n, r := range g.Resources {
		at := slices.IndexFunc(r.Aims, func(a Aim) bool { return a.Kind == effort.ForCompetency && a.ID == gap.Competency })
		if at < 0 || !g.free(r) {
			continue
		}
		to := cmp.Or(r.Aims[at].Level, gap.Required)
		if to <= gap.Has() {
			continue
		}
		to = min(to, gap.Required)
		if best == nil || to > level || to == level && r.Minutes < best.Minutes {
			best, level = &g.Resources[n], to
		}
	}
	return best, level
}

// free says whether a resource can be suggested.
func (g *suggesting) free(r Resource) bool {
	return r.Ended == "" && !g.taken[r.ID] && !g.Done[r.ID] && !g.Asked[r.ID]
}

func (g *suggesting) add(one Suggestion) {
	if one.Resource != nil {
		g.taken[one.Resource.ID] = true
		for _, need := range one.Resource.Needs {
			n := slices.IndexFunc(g.Resources, func(r Resource) bool { return r.ID == need })
			if n >= 0 && !g.Done[need] {
				one.First = append(one.First, g.Resources[n])
			}
		}
	}
	g.all = append(g.all, one)
}

func (g *suggesting) ownGoals() {
	for n, goal := range g.OwnGoals {
		for _, o := range goal.Objectives {
			if o.Done == "" && !g.objectives[o.What] {
				g.objectives[o.What] = true
				g.add(Suggestion{Reason: FromObjective, Objective: o.What, Goal: &g.OwnGoals[n], Modality: effort.PracticeAtWork})
			}
		}
		for _, l := range goal.Serves() {
			g.serving(l.Goal, FromOwnGoal, &g.OwnGoals[n])
		}
	}
}

func (g *suggesting) unitGoals() {
	for n, goal := range g.UnitGoals {
		g.serving(goal.ID, FromUnitGoal, &g.UnitGoals[n])
	}
}

// serving suggests the resources that serve a goal.
func (g *suggesting) serving(served string, why ReasonKind, goal *strategy.Goal) {
	for n, r := range g.Resources {
		if g.free(r) && slices.ContainsFunc(r.Aims, func(a Aim) bool { return a.Kind == effort.ForGoal && a.ID == served }) {
			g.add(Suggestion{Reason: why, Resource: &g.Resources[n], Modality: r.Modality, Goal: goal})
		}
	}
}

func (g *suggesting) focal() {
	for n, f := range g.Focal {
		for m, r := range g.Resources {
			if g.free(r) && slices.ContainsFunc(r.Aims, func(a Aim) bool { return a.Kind == effort.ForCharacteristic && slices.Contains(f.Items, a.ID) }) {
				g.add(Suggestion{Reason: FromFocal, Resource: &g.Resources[m], Modality: r.Modality, Focal: &g.Focal[n]})
			}
		}
	}
}
