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

// cover is every reported group with its cells and its place in the order. The
// groups of one table are a forest: that of a unit contains those of the units
// below it with the same values.
type cover struct {
	groups  []Group
	members [][]int32 // the cells of each
	rank    []int
	above   []int32   // the smallest group of the same table that contains each, which stands before it; -1 if none
	own     [][]int32 // per table, the whole first: the smallest group that each cell is in, -1 if none
	parent  []int32   // the unit tree
	unit    []int32   // of each cell
}

func enumerate(cells Cells, tables []Table) cover {
	all := cover{parent: cells.Parent, unit: cells.Unit}
	if len(cells.Unit) > 0 {
		all.groups, all.above = []Group{{Table: Whole}}, []int32{-1}
	}
	all.own = [][]int32{make([]int32, len(cells.Unit))}
	depth := depths(cells.Parent)
	for t, table := range tables {
		all.table(int32(t), table, cells, depth)
	}
	for _, g := range all.groups {
		all.rank = append(all.rank, rankOf(g, tables))
	}
	all.gather()
	return all
}

// table adds the groups of one table.
func (c *cover) table(number int32, table Table, cells Cells, depth []int) {
	group := map[Group]int32{} // as they are met
	var met []Group
	find := func(g Group) (int32, bool) {
		i, ok := group[g]
		if !ok {
			i = int32(len(met))
			group[g] = i
			met = append(met, g)
		}
		return i, !ok
	}
	own := make([]int32, len(cells.Unit))
	for cell, unit := range cells.Unit {
		g := Group{Table: number}
		for i, a := range table.Attributes {
			g.Values[i] = cells.Value[cell][a]
		}
		if table.Units {
			g.Unit = unit
			for table.Depth > 0 && depth[g.Unit] > table.Depth {
				g.Unit = cells.Parent[g.Unit]
			}
		}
		var fresh bool
		own[cell], fresh = find(g)
		for fresh && g.Unit > 0 {
			g.Unit = cells.Parent[g.Unit]
			_, fresh = find(g)
		}
	}
	order := make([]int32, len(met))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return compareGroups(met[a], met[b]) })
	first := int32(len(c.groups))
	place := make([]int32, len(met))
	for i, m := range order {
		place[m] = first + int32(i)
		c.groups = append(c.groups, met[m])
	}
	for _, m := range order {
		g, above := met[m], int32(-1)
		if g.Unit > 0 {
			g.Unit = cells.Parent[g.Unit]
			above = place[group[g]]
		}
		c.above = append(c.above, above)
	}
	for cell := range own {
		own[cell] = place[own[cell]]
	}
	c.own = append(c.own, own)
}

// gather lists the cells of every group.
func (c *cover) gather() {
	size := make([]int, len(c.groups))
	total := 0
	c.each(func(cell int, g int32) { size[g]++; total++ })
	room := make([]int32, total)
	c.members = make([][]int32, len(c.groups))
	for g, n := range size {
		c.members[g], room = room[:0:n], room[n:]
	}
	c.each(func(cell int, g int32) { c.members[g] = append(c.members[g], int32(cell)) })
}

// each calls f with every cell and every group that it is in.
func (c *cover) each(f func(cell int, group int32)) {
	for _, own := range c.own {
		for cell, g := range own {
			for ; g >= 0; g = c.above[g] {
				f(cell, g)
			}
		}
	}
}

// people counts those of a system in each group.
func (c cover) people(s System) []int {
	n := make([]int, len(c.groups))
	for _, own := range c.own {
		for cell, g := range own {
			n[g] += int(s[cell])
		}
	}
	for g := len(n) - 1; g >= 0; g-- {
		if c.above[g] >= 0 {
			n[c.above[g]] += n[g]
		}
	}
	return n
}

// compareGroups orders the groups of one table.
func compareGroups(a, b Group) int {
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

// only keeps the groups of some tables, and the whole.
func (c cover) only(order []int32, tables []int) []int32 {
	in := make([]bool, len(c.own)) // by table, the whole first
	in[0] = true
	for _, t := range tables {
		in[t+1] = true
	}
	kept := make([]int32, 0, len(order))
	for _, g := range order {
		if in[c.groups[g].Table+1] {
			kept = append(kept, g)
		}
	}
	return kept
}

// nested says whether all these groups are units and none stands before one that
// contains it.
func (c cover) nested(order []int32) bool {
	return !slices.ContainsFunc(order, func(g int32) bool { return c.rank[g] > 0 })
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
	compare := func(a, b int) int {
		if cells.Unit[a] != cells.Unit[b] {
			return int(cells.Unit[a]) - int(cells.Unit[b])
		}
		return slices.Compare(cells.Value[a], cells.Value[b])
	}
	if slices.IsSortedFunc(order, compare) {
		return cells, joint, own
	}
	slices.SortStableFunc(order, compare)
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
