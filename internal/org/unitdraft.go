package org

import (
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
)

// where is a place in a file, for messages.
type where struct {
	file string
	line int
}

func (w where) String() string { return w.file + ":" + strconv.Itoa(w.line) }

// unitLine is a unit as rows name it.
type unitLine struct {
	key, name, parent string
	where             where            // of the row that first named it, then of the one that named its parent
	superiors         map[string]where // posts that its staff groups report to
	underNobody       bool             // a staff group of it reports to nobody
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
	*into = append(*into, unitLine{key: key, name: p.text("unit_name"), parent: p.text("parent_unit")})
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
		*into = append(*into, unitLine{key: key, name: name, parent: parent})
		parent = key
	}
	return Ref{Key: parent}
}

// unitDraft gathers units in the order in which rows name them.
type unitDraft struct {
	byKey map[string]*unitLine
	order []string
}

func (d *unitDraft) add(u unitLine) error {
	had := d.byKey[u.key]
	if had == nil {
		d.byKey[u.key] = &u
		d.order = append(d.order, u.key)
		return nil
	}
	if had.name == "" {
		had.name = u.name
	}
	switch {
	case u.parent == "" || u.parent == had.parent:
	case had.parent == "":
		had.parent, had.where = u.parent, u.where
	default:
		return fault.Invalidf("the unit %q hangs under %q here and under %q at %s: a unit hangs under one", u.key, u.parent, had.parent, had.where.String())
	}
	return nil
}

// Units returns the units as one tree, those above before those under them.
// Remarks say what was decided about units with several superiors. It reports a
// file without units, a tree with a cycle or with several roots, and reporting
// lines that lead nowhere.
func (d *Draft) Units() (units []Unit, remarks []Remark, err error) {
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
			d.byKey[parent] = &unitLine{key: parent, where: d.byKey[d.order[i]].where}
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
		keys := make([]string, len(roots))
		for i, u := range roots {
			keys[i] = u.key
		}
		return nil, fault.Invalidf("the tree of units has %d roots: %s: give all but one a unit above them, or name a common root in the map (root: …)", len(roots), quoted(keys))
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
		return nil, fault.Invalidf("the tree of units goes round in a circle: %s: correct one of them", strings.Join(d.circle(), " → "))
	}
	return units, nil
}

// circle names the units of one cycle, the first again at the end. There must be one.
func (d *unitDraft) circle() []string {
	for _, key := range d.order {
		if c := circle(key, func(k string) string { return d.byKey[k].parent }); c != nil {
			return c
		}
	}
	return nil
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
