package diagnosis

import (
	"cmp"
	"slices"
)

// NotKept is the value of an attribute that a combination had to drop.
const NotKept int16 = -1

// Combination is what a response carries of the person who gave it: a unit, which
// may lie above the own one, and the value of each reported attribute.
type Combination struct {
	Unit    int32   `json:"u"`
	Values  []int16 `json:"v"` // an index into the attribute's values, or NotKept
	Invited int     `json:"n"`
}

// Cost is what keeping every combination common costs.
type Cost struct {
	People  int // everybody invited
	Moved   int // people who count at a unit above their own
	Dropped int // people of whom an attribute is not kept
	Shared  int // people who answer by a shared link
}

// Combine gives every invited person a combination that at least minimum invited
// people share. Persons with a rarer one count at the lowest unit above theirs
// where, with all who moved there, it is common enough; those who are still too
// few at the top lose attributes from the last one on; should even that leave
// fewer than the minimum, the smallest combination nearest to the top joins them
// there. It looks at units and attributes only, and its result does not depend on the order
// of the people. Combinations come sorted; of is each person's.
func Combine(parent, unit []int32, values [][]int16, minimum int) (combinations []Combination, of []int32, cost Cost) {
	c := combiner{parent: parent, minimum: minimum, at: map[string][]int{}}
	cost.People = len(unit)
	c.unit, c.values = slices.Clone(unit), make([][]int16, len(unit))
	for p := range unit {
		c.values[p] = slices.Clone(values[p])
		c.add(p)
	}
	c.moveUp()
	c.dropAttributes()
	for p := range unit {
		if c.unit[p] != unit[p] {
			cost.Moved++
		}
		if !slices.Equal(c.values[p], values[p]) {
			cost.Dropped++
		}
	}
	combinations, of = c.number()
	return combinations, of, cost
}

type combiner struct {
	parent  []int32
	minimum int
	unit    []int32          // of each person, as it stands
	values  [][]int16        // likewise
	at      map[string][]int // people by combination
}

func (c *combiner) add(p int) {
	k := combinationKey(c.unit[p], c.values[p])
	c.at[k] = append(c.at[k], p)
}

func combinationKey(unit int32, values []int16) string {
	b := make([]byte, 0, 4+2*len(values))
	b = append(b, byte(unit>>24), byte(unit>>16), byte(unit>>8), byte(unit))
	for _, v := range values {
		b = append(b, byte(uint16(v)>>8), byte(v))
	}
	return string(b)
}

// moveUp works from the deepest unit on: children stand behind their parents, so
// by descending number everybody who can arrive at a unit has.
func (c *combiner) moveUp() {
	byUnit := make([][]string, len(c.parent))
	for k, people := range c.at {
		u := c.unit[people[0]]
		byUnit[u] = append(byUnit[u], k)
	}
	for u := len(c.parent) - 1; u > 0; u-- {
		for _, k := range byUnit[u] {
			people := c.at[k]
			if len(people) >= c.minimum {
				continue
			}
			delete(c.at, k)
			for _, p := range people {
				c.unit[p] = c.parent[u]
			}
			to := combinationKey(c.parent[u], c.values[people[0]])
			if _, known := c.at[to]; !known {
				byUnit[c.parent[u]] = append(byUnit[c.parent[u]], to)
			}
			c.at[to] = append(c.at[to], people...)
		}
	}
}

func (c *combiner) dropAttributes() {
	if len(c.unit) == 0 {
		return
	}
	for a := len(c.values[0]) - 1; a >= 0; a-- {
		for k, people := range c.rare() {
			delete(c.at, k)
			for _, p := range people {
				c.values[p][a] = NotKept
				c.add(p)
			}
		}
	}
	c.absorb()
}

// absorb lets those who are still too few, by now one combination without any
// attribute at the top, take in the smallest combination nearest to the top: it
// loses its unit and attributes, but nobody is given what is not theirs.
func (c *combiner) absorb() {
	for top, few := range c.rare() {
		nearest := ""
		for k, people := range c.at {
			if k != top && (nearest == "" || c.nearer(k, len(people), nearest, len(c.at[nearest]))) {
				nearest = k
			}
		}
		if nearest == "" {
			return // the whole organisation is smaller than the minimum
		}
		for _, p := range c.at[nearest] {
			c.unit[p], c.values[p] = 0, slices.Clone(c.values[few[0]])
		}
		c.at[top] = append(few, c.at[nearest]...)
		delete(c.at, nearest)
	}
}

func (c *combiner) nearer(a string, m int, b string, n int) bool {
	depth := func(k string) (d int) {
		for u := c.unit[c.at[k][0]]; u > 0; u = c.parent[u] {
			d++
		}
		return d
	}
	return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(m, n), cmp.Compare(a, b)) < 0
}

// rare are the combinations that are too small; after moveUp they stand at the top.
func (c *combiner) rare() map[string][]int {
	rare := map[string][]int{}
	for k, people := range c.at {
		if len(people) < c.minimum {
			rare[k] = people
		}
	}
	return rare
}

func compareCombinations(a, b Combination) int {
	return cmp.Or(cmp.Compare(a.Unit, b.Unit), slices.Compare(a.Values, b.Values))
}

func (c *combiner) number() ([]Combination, []int32) {
	var all []Combination
	people := map[string][]int{}
	for _, ps := range c.at {
		k := Combination{Unit: c.unit[ps[0]], Values: c.values[ps[0]], Invited: len(ps)}
		all = append(all, k)
		people[combinationKey(k.Unit, k.Values)] = ps
	}
	slices.SortFunc(all, compareCombinations)
	of := make([]int32, len(c.unit))
	for i, k := range all {
		for _, p := range people[combinationKey(k.Unit, k.Values)] {
			of[p] = int32(i)
		}
	}
	return all, of
}
