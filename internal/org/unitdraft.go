package org

import (
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
)

// where is a place in a file, for messages: a row, and in it the column that says
// what is contradicted.
type where struct {
	file   string
	line   int
	column string
	cells  []string
}

func (w where) String() string { return w.file + ":" + strconv.Itoa(w.line) }

func (w where) wrong(reason error) BadRow {
	return BadRow{File: w.file, Line: w.line, Column: w.column, Reason: reason, Cells: w.cells}
}

// unitLine is a unit as rows name it.
type unitLine struct {
	key, name, parent string
	named             where            // where its name stands
	where             where            // of the row that first named it, then of the one that named its parent
	superiors         map[string]where // posts that its staff groups report to
	underNobody       bool             // a staff group of it reports to nobody
	above             string           // if no row of its own names it: a unit that hangs under it
}

func (u *unitLine) reportTo(superior string, at where) {
	if superior == "" {
		u.underNobody = true
		return
	}
	if u.superiors == nil {
		u.superiors = map[string]where{}
	}
	if _, known := u.superiors[superior]; !known {
		u.superiors[superior] = at
	}
}

// unit reads the row's unit, and the units above it that the row names.
func (p *parser) unit(into *[]unitLine) Ref {
	if _, path := p.b.fields["unit_path"]; path {
		return p.path(into)
	}
	key := p.required("unit")
	if key == "" {
		return Ref{}
	}
	*into = append(*into, unitLine{key: key, name: p.text("unit_name"), parent: p.text("parent_unit"), named: where{column: p.b.heading("unit_name")}, where: where{column: p.b.heading("parent_unit")}})
	return Ref{Key: key}
}

func (p *parser) path(into *[]unitLine) Ref {
	text := p.required("unit_path")
	if text == "" {
		return Ref{}
	}
	mark := p.m.Separator
	if mark == "" {
		mark = "/"
	}
	parent := ""
	for name := range strings.SplitSeq(text, mark) {
		if name = clean(name); name == "" {
			p.wrong("unit_path", fault.Invalidf("the path %q has an empty part: write one %q between two units", text, mark))
			return Ref{}
		}
		key := name
		if parent != "" {
			key = parent + mark + name
		}
		*into = append(*into, unitLine{key: key, name: name, parent: parent, where: where{column: p.b.heading("unit_path")}})
		parent = key
	}
	return Ref{Key: parent}
}

// unitDraft gathers units in the order in which rows name them.
type unitDraft struct {
	byKey map[string]*unitLine
	order []string
}

// add takes a unit in, or says where it contradicts what was said of it.
func (d *unitDraft) add(u unitLine) (where, error) {
	had := d.byKey[u.key]
	if had == nil {
		d.byKey[u.key] = &u
		d.order = append(d.order, u.key)
		return u.where, nil
	}
	switch {
	case had.name == "":
		had.name, had.named = u.name, u.named
	case u.name != "" && !strings.EqualFold(u.name, had.name):
		return u.named, fault.Invalidf("the unit %q is called %q here and %q at %s: a unit has one name", u.key, u.name, had.name, had.named.String())
	}
	switch {
	case u.parent == "" || u.parent == had.parent:
	case had.parent == "":
		had.parent, had.where = u.parent, u.where
	default:
		return u.where, fault.Invalidf("the unit %q hangs under %q here and under %q at %s: a unit hangs under one", u.key, u.parent, had.parent, had.where.String())
	}
	return u.where, nil
}

// Units returns the units as one tree, those above before those under them.
// Remarks say what was decided about units with several superiors. It reports a
// file without units; and, as Mistakes, a tree with a cycle or with several roots,
// and reporting lines that lead nowhere.
func (d *Draft) Units() (units []Unit, remarks []fault.Remark, err error) {
	if len(d.units.order) == 0 {
		return nil, nil, fault.Invalidf("there is nothing to import: no row names a unit")
	}
	if d.m.Tree == "reporting" {
		if remarks, err = d.hang(); err != nil {
			return nil, nil, err
		}
	}
	d.units.complete(clean(d.m.Root))
	units, err = d.units.tree()
	return units, remarks, err
}

// complete adds the parents that no row of their own names, and the root.
func (d *unitDraft) complete(root string) {
	for i := 0; i < len(d.order); i++ {
		parent := d.byKey[d.order[i]].parent
		if parent == "" && root != "" && d.order[i] != root {
			parent = root
			d.byKey[d.order[i]].parent = root
		}
		if parent != "" && d.byKey[parent] == nil {
			below := d.byKey[d.order[i]]
			d.byKey[parent] = &unitLine{key: parent, where: below.where, above: below.key}
			d.order = append(d.order, parent)
		}
	}
}

func (d *unitDraft) tree() ([]Unit, error) {
	below := map[string][]*unitLine{}
	for _, key := range d.order {
		u := d.byKey[key]
		below[u.parent] = append(below[u.parent], u)
	}
	if roots := below[""]; len(roots) > 1 {
		return nil, severalRoots(roots)
	}
	units := make([]Unit, 0, len(d.order))
	for queue := slices.Clone(below[""]); len(queue) > 0; queue = queue[1:] {
		u := queue[0]
		name := u.name
		if name == "" {
			name = u.key
		}
		units = append(units, Unit{Key: u.key, Name: name, Parent: Ref{Key: u.parent}})
		queue = append(queue, below[u.key]...)
	}
	if len(units) < len(d.order) {
		up := func(key string) string { return d.byKey[key].parent }
		return nil, circles(d.order, up, func(key string, c []string) BadRow {
			return d.byKey[key].where.wrong(fault.Invalidf("the tree of units goes round in a circle: %s: correct one of them", strings.Join(c, " → ")))
		})
	}
	return units, nil
}

// severalRoots reports each unit above which nothing stands. If a single one of them
// has a row of its own, that is taken for the root, and the others for misspelt.
func severalRoots(roots []*unitLine) Mistakes {
	keys, named := make([]string, len(roots)), 0
	for i, u := range roots {
		keys[i] = u.key
		if u.above == "" {
			named++
		}
	}
	var bad Mistakes
	for _, u := range roots {
		if u.above != "" {
			bad = append(bad, u.where.wrong(fault.Invalidf("no row says what %q hangs under, which here stands above %q, so the tree of units has %d roots: %s: correct the name, or give it a row of its own",
				u.key, u.above, len(roots), quoted(keys))))
		} else if named > 1 {
			bad = append(bad, u.where.wrong(fault.Invalidf("nothing stands above %q, and the tree of units has %d roots: %s: give all but one a unit above them, or name a common root in the map (root: …)",
				u.key, len(roots), quoted(keys))))
		}
	}
	return bad
}

// circles reports every place of every cycle that one comes to going up from keys.
func circles(keys []string, up func(string) string, wrong func(key string, circle []string) BadRow) (bad Mistakes) {
	told := map[string]bool{}
	for _, key := range keys {
		c := circle(key, up)
		if c == nil || told[c[0]] {
			continue
		}
		for _, on := range c[1:] {
			told[on] = true
			bad = append(bad, wrong(on, c))
		}
	}
	return bad
}

// circle follows up from start and returns the cycle it ends in, nil if it ends
// at "".
func circle(start string, up func(string) string) []string {
	seen := map[string]int{}
	var walk []string
	for at := start; at != ""; at = up(at) {
		if i, again := seen[at]; again {
			return append(walk[i:], at)
		}
		seen[at] = len(walk)
		walk = append(walk, at)
	}
	return nil
}
