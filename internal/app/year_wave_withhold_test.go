package app

import (
	"cmp"
	"slices"
	"strings"
)

// tabled is a table that a diagnosis reports: of units, of values, or of both.
type tabled struct {
	units bool
	depth int // of the units; 0 is all
	by    []int
}

// place is what answers carry of somebody: a unit, which may lie above the own one, and the values that are
// reported of people, "" where one is not kept.
type place struct {
	unit string
	of   [4]string
}

// group is a line of a table: those of a unit, of some values, or of both. All people are in one of table -1.
type group struct {
	table int
	unit  string
	of    [4]string
}

// declare says what a wave reports: the units, each attribute, and crossings, as the form was sent.
func (w *wave) declare(by []string, crossings ...tabled) {
	w.by, w.tables = by, []tabled{{units: true}}
	for a := range by {
		w.tables = append(w.tables, tabled{by: []int{a}})
	}
	w.tables = append(w.tables, crossings...)
}

// value is what the roster says of somebody who works in a unit.
func (y *year) value(w *worker, attribute, unit string) string {
	switch attribute {
	case "country":
		return "UK"
	case "level":
		return w.level
	case "location":
		return y.unit(unit).place
	}
	return w.shift()
}

// standAll finds the place of everybody who was asked. Five share it at least: those of a rarer one go up to the lowest
// unit where, with all who went there, they are enough; at the top values are dropped, the last one first.
func (y *year) standAll(w *wave) {
	y.t.Helper()
	w.stood = map[string]place{}
	for _, one := range y.people {
		if in := one.in(w.day); in != "" {
			p := place{unit: in}
			for a, name := range w.by {
				p.of[a] = y.value(one, name, in)
			}
			w.stood[one.key] = p
		}
	}
	rare := func(unit string, change func(*place)) {
		n := map[place]int{}
		for _, p := range w.stood {
			n[p]++
		}
		for key, p := range w.stood {
			if p.unit == unit && n[p] < 5 {
				change(&p)
				w.stood[key] = p
			}
		}
	}
	for _, u := range slices.Backward(y.units[1:]) { // those below before those above
		rare(u.name, func(p *place) { p.unit = u.under })
	}
	for a := range slices.Backward(w.by) {
		rare("House", func(p *place) { p.of[a] = "" })
	}
	rare("House", func(p *place) { y.t.Fatalf("%s: fewer than five are left over", w.name) })
	places := map[place]bool{}
	for _, p := range w.stood {
		if !places[p] {
			places[p] = true
			w.places = append(w.places, p)
		}
	}
}

// inTree lists the units as they stand in the tree: each before those under it, sisters by name.
func (y *year) inTree(under string) (all []string) {
	var sisters []string
	for _, u := range y.units {
		if u.under == under {
			sisters = append(sisters, u.name)
		}
	}
	slices.Sort(sisters)
	for _, name := range sisters {
		all = append(append(all, name), y.inTree(name)...)
	}
	return all
}

// depth is how many units stand above one.
func (y *year) depth(unit string) (n int) {
	for ; unit != "House"; unit = y.unit(unit).under {
		n++
	}
	return n
}

// groups are those that a place is in.
func (y *year) groups(w *wave, p place) []group {
	all := []group{{table: -1}}
	for t, d := range w.tables {
		g := group{table: t}
		for i, a := range d.by {
			g.of[i] = p.of[a]
		}
		if !d.units {
			all = append(all, g)
			continue
		}
		for g.unit = p.unit; g.unit != ""; g.unit = y.unit(g.unit).under {
			if d.depth == 0 || y.depth(g.unit) <= d.depth {
				all = append(all, g)
			}
		}
	}
	return all
}

// people counts those of a set of people at each place.
func (w *wave) people(keys []string) []int {
	n := make([]int, len(w.places))
	for _, key := range keys {
		n[slices.Index(w.places, w.stood[key])]++
	}
	return n
}

// inside says which places are in a group.
func (y *year) inside(w *wave, g group) []bool {
	in := make([]bool, len(w.places))
	for i, p := range w.places {
		in[i] = slices.Contains(y.groups(w, p), g)
	}
	return in
}

// within is how many of a set of people are in some places.
func within(people []int, in []bool) (n int) {
	for i, yes := range in {
		if yes {
			n += people[i]
		}
	}
	return n
}

// order is that in which groups are decided on: the whole, units, values, crossings by how many attributes they have,
// a unit below the whole being one; the larger first; then as they stand in the report.
func (y *year) order(w *wave, counted []int) (order []group) {
	w.in = map[group][]bool{}
	for _, p := range w.places {
		for _, g := range y.groups(w, p) {
			if w.in[g] == nil {
				w.in[g] = y.inside(w, g)
				order = append(order, g)
			}
		}
	}
	tree := y.inTree("")
	rank := func(g group) int {
		if g.table < 0 {
			return -1
		}
		n := len(w.tables[g.table].by)
		if n > 0 && g.unit != "" && g.unit != "House" {
			n++
		}
		return n
	}
	slices.SortFunc(order, func(a, b group) int {
		return cmp.Or(rank(a)-rank(b), within(counted, w.in[b])-within(counted, w.in[a]), a.table-b.table,
			slices.Index(tree, a.unit)-slices.Index(tree, b.unit), strings.Compare(strings.Join(a.of[:], "\x00"), strings.Join(b.of[:], "\x00")))
	})
	return order
}

// decide takes groups in order and shows each of which, in every set of people, at least so many stand behind it, and
// after which nothing about fewer can be worked out.
func (w *wave) decide(order []group, sets [][]int, least int) map[group]bool {
	shown, all := map[group]bool{}, make([]hidden, len(sets))
	for i, people := range sets {
		all[i] = hide(people)
	}
	for _, g := range order {
		next, safe := make([]hidden, len(sets)), true
		for i := range all {
			if safe = safe && within(sets[i], w.in[g]) >= least; safe {
				var news bool
				next[i], news = all[i].show(w.in[g])
				safe = !news || !next[i].tells(least)
			}
		}
		if safe {
			shown[g], all = true, next
		}
	}
	return shown
}

// hidden is what nobody knows of a set of people: the ways in which what stands behind each place can change without
// any shown figure changing. Every other such way is a sum of multiples of these.
type hidden struct {
	people []int     // at each place
	ways   [][]int64 // a number for each place
}

// hide begins with nothing shown.
func hide(people []int) hidden {
	h := hidden{people: people}
	for i, n := range people {
		if n > 0 {
			way := make([]int64, len(people))
			way[i] = 1
			h.ways = append(h.ways, way)
		}
	}
	return h
}

// show is what is hidden once the sum over some places is shown, and whether that is less.
func (h hidden) show(in []bool) (after hidden, news bool) {
	after.people = h.people
	var gone []int64
	var seenGone int64
	for _, way := range h.ways {
		seen := int64(0)
		for i, yes := range in {
			if yes {
				seen += way[i]
			}
		}
		switch {
		case seen == 0:
			after.ways = append(after.ways, way)
		case gone == nil:
			gone, seenGone = way, seen
		default:
			after.ways = append(after.ways, without(way, seenGone, gone, seen))
		}
	}
	return after, gone != nil
}

// without is a by one factor less b by another, as short as it can be written.
func without(a []int64, by int64, b []int64, other int64) []int64 {
	c, common := make([]int64, len(a)), int64(0)
	for i := range a {
		c[i] = by*a[i] - other*b[i]
		for x, y := c[i], common; ; x, y = y, x%y {
			if common = max(x, -x); y == 0 {
				break
			}
		}
	}
	for i := range c {
		c[i] /= max(common, 1)
	}
	return c
}

// tells says whether something about fewer than so many people can be worked out: whether there are places with so few
// whose changes hang together in every way. That is tried for all of them.
func (h hidden) tells(least int) bool {
	var try func(from, left int, rows [][]int64) bool
	try = func(from, left int, rows [][]int64) bool {
		for i := from; i < len(h.people); i++ {
			if n := h.people[i]; n == 0 || n > left {
				continue
			}
			row := make([]int64, len(h.ways))
			for w, way := range h.ways {
				row[w] = way[i]
			}
			for _, other := range rows {
				if at := leading(other); row[at] != 0 {
					row = without(row, other[at], other, row[at])
				}
			}
			if leading(row) < 0 || try(i+1, left-h.people[i], append(rows[:len(rows):len(rows)], row)) {
				return true
			}
		}
		return false
	}
	return try(0, least-1, nil)
}

// leading is the first number that is not 0; -1 for none.
func leading(row []int64) int { return slices.IndexFunc(row, func(v int64) bool { return v != 0 }) }
