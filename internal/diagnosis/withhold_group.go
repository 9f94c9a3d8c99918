package diagnosis

import (
	"fmt"
	"slices"

	"throughline/internal/kit/fault"
)

// MaxAttributes is how many attributes one reported table may cross.
const MaxAttributes = 4

// Whole is the Table of the one group that is everybody.
const Whole = -1

// Cells are the finest sets of people that the reported attributes tell
// apart: own unit crossed with every reported attribute. The staff of an inner
// unit form cells too. Two cells with the same unit and values are allowed and
// count as what they are together.
type Cells struct {
	Parent []int32   // the unit tree: Parent[0] = -1 (the whole organisation), else Parent[u] < u
	Unit   []int32   // of each cell: the unit its people belong to directly
	Value  [][]int16 // of each cell: its value of each reported attribute, an index into that attribute's values
}

// A Table is one family of groups that is reported: a group per unit, per
// combination of the values of some attributes, or per both.
type Table struct {
	Units      bool  `json:"units,omitzero"` // a group per unit and combination; else of the whole only
	Depth      int   `json:"depth,omitzero"` // with Units: the deepest level of the tree that is reported, the whole being 0; 0 means all
	Attributes []int `json:"attributes,omitzero"`
}

// A Group is one line of a table. It is comparable, so that it can be the key
// of a map.
type Group struct {
	Table  int32                `json:"t,omitzero"` // index of its table, or Whole
	Unit   int32                `json:"u,omitzero"`
	Values [MaxAttributes]int16 `json:"v,omitzero"` // in the order of the table's attributes; the rest 0
}

// Groups lists the groups of the tables that have a cell, the whole first, then
// by table, unit and values, and the cells of each. The order depends on the
// groups alone.
func Groups(cells Cells, tables []Table) ([]Group, [][]int32) {
	c := enumerate(cells, tables)
	return c.groups, c.members
}

// cover is every reported group with its cells and its place in the order.
type cover struct {
	groups  []Group
	members [][]int32
	rank    []int
}

func enumerate(cells Cells, tables []Table) cover {
	depth := depths(cells.Parent)
	members := map[Group][]int32{}
	for c, unit := range cells.Unit {
		for t, table := range tables {
			g := Group{Table: int32(t)}
			for i, a := range table.Attributes {
				g.Values[i] = cells.Value[c][a]
			}
			if !table.Units {
				members[g] = append(members[g], int32(c))
				continue
			}
			for u := unit; u >= 0; u = cells.Parent[u] {
				if table.Depth == 0 || depth[u] <= table.Depth {
					g.Unit = u
					members[g] = append(members[g], int32(c))
				}
			}
		}
	}
	whole := Group{Table: Whole}
	for c := range cells.Unit {
		members[whole] = append(members[whole], int32(c))
	}
	var all cover
	for g := range members {
		all.groups = append(all.groups, g)
	}
	slices.SortFunc(all.groups, compareGroups)
	for _, g := range all.groups {
		all.members = append(all.members, members[g])
		all.rank = append(all.rank, rankOf(g, tables))
	}
	return all
}

func compareGroups(a, b Group) int {
	if a.Table != b.Table {
		return int(a.Table) - int(b.Table)
	}
	if a.Unit != b.Unit {
		return int(a.Unit) - int(b.Unit)
	}
	return slices.Compare(a.Values[:], b.Values[:])
}

// rankOf: the whole, units, one-way tables of the whole, crossings. A unit
// below the whole counts as one more attribute of a crossing.
func rankOf(g Group, tables []Table) int {
	if g.Table == Whole {
		return -1
	}
	n := len(tables[g.Table].Attributes)
	if n > 0 && g.Unit > 0 {
		n++
	}
	return n
}

// people counts those of a system in a group.
func (c cover) people(s System, group int) int {
	n := 0
	for _, cell := range c.members[group] {
		n += int(s[cell])
	}
	return n
}

// only keeps the groups of some tables, and the whole.
func (c cover) only(order []int32, tables []int) []int32 {
	var kept []int32
	for _, g := range order {
		if t := c.groups[g].Table; t == Whole || slices.Contains(tables, int(t)) {
			kept = append(kept, g)
		}
	}
	return kept
}

// plainTables are those without attributes: the unit tree.
func plainTables(tables []Table) []int {
	var plain []int
	for t, table := range tables {
		if len(table.Attributes) == 0 {
			plain = append(plain, t)
		}
	}
	return plain
}

// inOrder sorts the cells by unit and values, so that their order in the input
// has no influence at all.
func inOrder(cells Cells, joint []System, own []OwnSystem) (Cells, []System, []OwnSystem) {
	order := make([]int, len(cells.Unit))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if cells.Unit[a] != cells.Unit[b] {
			return int(cells.Unit[a]) - int(cells.Unit[b])
		}
		return slices.Compare(cells.Value[a], cells.Value[b])
	})
	sorted := Cells{Parent: cells.Parent, Unit: permuted(cells.Unit, order), Value: permuted(cells.Value, order)}
	var systems []System
	for _, s := range joint {
		systems = append(systems, permuted(s, order))
	}
	own = slices.Clone(own)
	for i := range own {
		own[i].People = permuted(own[i].People, order)
	}
	return sorted, systems, own
}

func permuted[S ~[]E, E any](s S, order []int) S {
	out := make(S, len(s))
	for i, from := range order {
		out[i] = s[from]
	}
	return out
}

func depths(parent []int32) []int {
	depth := make([]int, len(parent))
	for u := 1; u < len(parent); u++ {
		depth[u] = depth[parent[u]] + 1
	}
	return depth
}

func checkWithholding(cells Cells, tables []Table, joint []System, own []OwnSystem, minimum int) error {
	if minimum < 2 {
		return fault.Invalidf("The smallest group that is shown must be at least 2 people, not %d.", minimum)
	}
	if err := cells.check(); err != nil {
		return err
	}
	attributes := 0
	if len(cells.Value) > 0 {
		attributes = len(cells.Value[0])
	}
	for _, t := range tables {
		if len(t.Attributes) > MaxAttributes {
			return fault.Invalidf("A crossing can have at most %d attributes, not %d: leave some out.", MaxAttributes, len(t.Attributes))
		}
		for _, a := range t.Attributes {
			if len(cells.Unit) > 0 && (a < 0 || a >= attributes) {
				return fmt.Errorf("withholding: table of attribute %d of %d", a, attributes)
			}
		}
	}
	if len(joint) == 0 {
		return fmt.Errorf("withholding: no joint system")
	}
	systems := slices.Clone(joint)
	for _, o := range own {
		systems = append(systems, o.People)
	}
	for i, s := range systems {
		if len(s) != len(cells.Unit) || slices.ContainsFunc(s, func(n int32) bool { return n < 0 }) {
			return fmt.Errorf("withholding: system %d needs a count for each of %d cells", i, len(cells.Unit))
		}
	}
	return nil
}

func (c Cells) check() error {
	if len(c.Parent) == 0 || c.Parent[0] != -1 || len(c.Value) != len(c.Unit) {
		return fmt.Errorf("withholding: cells need a tree with a root and as many values as units")
	}
	for u := 1; u < len(c.Parent); u++ {
		if c.Parent[u] < 0 || int(c.Parent[u]) >= u {
			return fmt.Errorf("withholding: unit %d stands before its parent %d", u, c.Parent[u])
		}
	}
	for i, u := range c.Unit {
		if u < 0 || int(u) >= len(c.Parent) || len(c.Value[i]) != len(c.Value[0]) {
			return fmt.Errorf("withholding: cell %d has no such unit or not every attribute", i)
		}
	}
	return nil
}
