package diagnosis

// The unit tree alone needs no search. Its shown units nest, so all that they tell
// is how the people of each shown unit answered who are in no shown unit below it:
// its rest. The rests have nobody in common, and whatever follows from the shown
// figures is a sum of whole rests. So a set is safe when every rest has nobody or
// at least the minimum.

// rests is what the units shown so far give away in one system.
type rests struct {
	cover   cover
	minimum int32
	people  []int32 // per unit, those below it too
	rest    []int32 // per shown unit
	shown   []bool  // per unit
	unit    int32   // under judgement
}

func newRests(c cover, s System, minimum int) *rests {
	r := &rests{
		cover: c, minimum: int32(minimum),
		people: make([]int32, len(c.parent)), rest: make([]int32, len(c.parent)), shown: make([]bool, len(c.parent)),
	}
	for cell, n := range s {
		r.people[c.unit[cell]] += n
	}
	for u := len(c.parent) - 1; u > 0; u-- {
		r.people[c.parent[u]] += r.people[u]
	}
	return r
}

// accepts says whether a unit may join those shown, of which it contains none.
func (r *rests) accepts(group int32) bool {
	r.unit = r.cover.groups[group].Unit
	above := r.above()
	if above < 0 || above == r.unit {
		return true
	}
	left := r.rest[above] - r.people[r.unit]
	return left == 0 || left >= r.minimum
}

// above is the lowest shown unit that contains the one under judgement, itself
// included; -1 if there is none.
func (r *rests) above() int32 {
	u := r.unit
	for u >= 0 && !r.shown[u] {
		u = r.cover.parent[u]
	}
	return u
}

func (r *rests) show() {
	switch above := r.above(); {
	case above == r.unit:
		return
	case above >= 0:
		r.rest[above] -= r.people[r.unit]
	}
	r.rest[r.unit], r.shown[r.unit] = r.people[r.unit], true
}

func (r *rests) forget() {}

// auditTree gives every cell to the lowest shown unit that contains it and returns
// the cells of one unit that got fewer people than the minimum, or nil.
func auditTree(c cover, shown func(group int) bool, people System, minimum int) []int32 {
	is := make([]bool, len(c.parent))
	for g, group := range c.groups {
		if shown(g) {
			is[group.Unit] = true
		}
	}
	of := make([]int32, len(people))
	got := make([]int, len(c.parent))
	for cell, n := range people {
		u := c.unit[cell]
		for u >= 0 && !is[u] {
			u = c.parent[u]
		}
		if of[cell] = u; u >= 0 {
			got[u] += int(n)
		}
	}
	for u, n := range got {
		if is[u] && n > 0 && n < minimum {
			var leak []int32
			for cell := range of {
				if of[cell] == int32(u) {
					leak = append(leak, int32(cell))
				}
			}
			return leak
		}
	}
	return nil
}
