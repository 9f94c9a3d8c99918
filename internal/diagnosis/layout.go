package diagnosis

import "slices"

// Layout is what a diagnosis freezes when it opens: the tree, the attributes and
// their values, the combinations that responses carry, and what is reported.
type Layout struct {
	Units        []LayoutUnit      `json:"units"` // the whole first, every unit behind the one above it
	Attributes   []LayoutAttribute `json:"attributes,omitempty"`
	Combinations []Combination     `json:"combinations,omitempty"` // sorted by unit and values
	Tables       []Table           `json:"tables"`
	Simple       []int             `json:"simple"`           // indices of the tables that show characteristics too
	Roster       bool              `json:"roster"`           // who was invited is known
	Shared       []int32           `json:"shared,omitempty"` // units whose people answer by one link
}

// LayoutUnit is a unit as it stood on the diagnosis's roster day.
type LayoutUnit struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent int32  `json:"parent"` // index, -1 for the whole
}

// LayoutAttribute is a reported attribute and the values that occur.
type LayoutAttribute struct {
	Name   string   `json:"name"`
	Values []string `json:"values"` // "" is 'not stated'
}

// Cells are the layout's combinations as withholding takes them.
func (l Layout) Cells() Cells {
	c := Cells{Parent: l.Parents()}
	for _, k := range l.Combinations {
		c.Unit = append(c.Unit, k.Unit)
		c.Value = append(c.Value, k.Values)
	}
	return c
}

// Parents is the tree alone.
func (l Layout) Parents() []int32 {
	parent := make([]int32, len(l.Units))
	for u := range l.Units {
		parent[u] = l.Units[u].Parent
	}
	return parent
}

// Invited is how many people were invited, per combination.
func (l Layout) Invited() System {
	s := make(System, len(l.Combinations))
	for i, k := range l.Combinations {
		s[i] = int32(k.Invited)
	}
	return s
}

// Home returns the combination of somebody who was not there when the combinations were
// made, going Combine's way: up from the unit, then, at the top, without attributes from
// the last one on; or to that of a shared link. A value is NotKept where nobody had it
// then. It reports that nobody invited has what they have.
func (l Layout) Home(unit int32, values []int16) (combination int32, ok bool) {
	values = slices.Clone(values)
	if shared, ok := l.SharedBy(unit); ok {
		unit = shared
		for a := range values {
			values[a] = NotKept
		}
		return l.combination(unit, values)
	}
	kept := len(values)
	if a := slices.Index(values, NotKept); a >= 0 {
		kept, unit = a, 0
	}
	for u := unit; u >= 0 && kept == len(values); u = l.Units[u].Parent {
		if c, ok := l.combination(u, values); ok {
			return c, true
		}
	}
	for ; kept >= 0; kept-- {
		for a := kept; a < len(values); a++ {
			values[a] = NotKept
		}
		if c, ok := l.combination(0, values); ok {
			return c, true
		}
	}
	return 0, false
}

func (l Layout) combination(unit int32, values []int16) (int32, bool) {
	c, ok := slices.BinarySearchFunc(l.Combinations, Combination{Unit: unit, Values: values}, compareCombinations)
	return int32(c), ok
}

// Path lists the units from the whole down to unit u, u included.
func (l Layout) Path(u int32) []int32 {
	if u < 0 {
		return nil
	}
	return append(l.Path(l.Units[u].Parent), u)
}

// IDs lists the ids of Path.
func (l Layout) IDs(u int32) (ids []string) {
	for _, v := range l.Path(u) {
		ids = append(ids, l.Units[v].ID)
	}
	return ids
}

// Find returns the index of the unit with an id.
func (l Layout) Find(id string) (int32, bool) {
	for u := range l.Units {
		if l.Units[u].ID == id {
			return int32(u), true
		}
	}
	return 0, false
}

// Index finds every unit by its id.
func (l Layout) Index() map[string]int32 {
	index := make(map[string]int32, len(l.Units))
	for u := range l.Units {
		index[l.Units[u].ID] = int32(u)
	}
	return index
}

// Value says an attribute's value; "" for one that is not stated or not kept.
func (l Layout) Value(attribute int, value int16) string {
	if value == NotKept {
		return ""
	}
	return l.Attributes[attribute].Values[value]
}
