package org

import (
	"cmp"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Structure is the tree of units on one day, from the root down: every unit
// stands before those under it, sisters by name.
type Structure struct {
	Day   period.Day
	Units []Node
	index map[string]int // by ID
}

// Node is a unit in its place in the tree.
type Node struct {
	Unit
	Up    int       // index of the unit above, -1 for the root
	Depth int       // 0 for the root
	Size  int       // how many units the subtree has, this one included
	Own   Headcount // of the unit itself
	Total Headcount // of the whole subtree
}

// NewStructure orders units, given in any order with identifiers, into the tree
// of a day, and sums what count says about each. It reports a tree that is not
// one.
func NewStructure(day period.Day, units []Unit, count map[string]Headcount) (*Structure, error) {
	below := map[string][]Unit{}
	for _, u := range units {
		below[u.Parent.ID] = append(below[u.Parent.ID], u)
	}
	for _, sisters := range below {
		slices.SortFunc(sisters, func(a, b Unit) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	}
	s := &Structure{Day: day, Units: make([]Node, 0, len(units)), index: make(map[string]int, len(units))}
	var add func(u Unit, up, depth int)
	add = func(u Unit, up, depth int) {
		i := len(s.Units)
		if up >= 0 {
			u.Parent = s.Units[up].Ref()
		}
		s.index[u.ID] = i
		s.Units = append(s.Units, Node{Unit: u, Up: up, Depth: depth, Own: count[u.ID], Total: count[u.ID]})
		for _, under := range below[u.ID] {
			add(under, i, depth+1)
			s.Units[i].Total = s.Units[i].Total.Plus(s.Units[s.index[under.ID]].Total)
		}
		s.Units[i].Size = len(s.Units) - i
	}
	for _, root := range below[""] {
		add(root, -1, 0)
	}
	if len(s.Units) != len(units) || len(below[""]) > 1 {
		return nil, fault.Conflictf("the %d units of %s do not form one tree", len(units), string(day))
	}
	return s, nil
}

// WithLeft joins units that are there with such as have left, in any order, where these last were:
// under one that is there, or under one that has left and is itself placed so; a former root under
// the present one. What hangs in a circle is left out.
func WithLeft(there, left []Unit) []Unit {
	placed, root := map[string]bool{}, ""
	for _, u := range there {
		placed[u.ID] = true
		if u.Parent.ID == "" {
			root = u.ID
		}
	}
	gone := map[string]Unit{}
	for _, u := range left {
		if u.Parent.ID == "" {
			u.Parent.ID = root
		}
		gone[u.ID] = u
	}
	var place func(id string, steps int) bool
	place = func(id string, steps int) bool {
		u, known := gone[id]
		return placed[id] || known && steps > 0 && place(u.Parent.ID, steps-1)
	}
	all := slices.Clone(there)
	for _, u := range left {
		if !placed[u.ID] && place(u.ID, len(left)) {
			all = append(all, gone[u.ID])
		}
	}
	return all
}

// Ref points at the unit.
func (u Unit) Ref() Ref { return Ref{ID: u.ID, Key: u.Key, Name: u.Name} }

// Find returns the index of the unit with the identifier.
func (s *Structure) Find(id string) (i int, ok bool) {
	i, ok = s.index[id]
	return i, ok
}

// Subtree returns the unit at i and all units under it.
func (s *Structure) Subtree(i int) []Node { return s.Units[i : i+s.Units[i].Size] }

// Children returns the indexes of the units directly under the one at i.
func (s *Structure) Children(i int) []int {
	var under []int
	for j := i + 1; j < i+s.Units[i].Size; j += s.Units[j].Size {
		under = append(under, j)
	}
	return under
}

// Path returns the units from the root down to the one at i, itself included.
func (s *Structure) Path(i int) []Ref {
	var path []Ref
	for ; i >= 0; i = s.Units[i].Up {
		path = append(path, s.Units[i].Ref())
	}
	slices.Reverse(path)
	return path
}

// Common is the last step that all paths from a root share; it reports paths that share none.
func Common[T comparable](paths [][]T) (last T, ok bool) {
	for i := 0; ; i++ {
		for _, path := range paths {
			if i == len(path) || path[i] != paths[0][i] {
				return last, i > 0
			}
		}
		if len(paths) == 0 {
			return last, false
		}
		last = paths[0][i]
	}
}

// IDs lists the ids of Path.
func (s *Structure) IDs(i int) []string {
	var ids []string
	for _, u := range s.Path(i) {
		ids = append(ids, u.ID)
	}
	return ids
}
