package org

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// post is a person's place in the reporting lines.
type post struct {
	unit, superior string // superior "" reports to nobody
	where          where
}

// hang derives each unit's place from reporting lines: it hangs under the unit
// of the post that its own posts report to outside it, or, if only staff groups
// name it, under the unit of the post that these report to. With several such
// units it hangs under that of their lowest common superior outside it, and a
// remark says so.
func (d *Draft) hang() ([]fault.Remark, error) {
	root, err := d.checkPosts()
	if err != nil {
		return nil, err
	}
	superiors := map[string][]string{}
	hasPosts := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(d.posts)) {
		p := d.posts[key]
		hasPosts[p.unit] = true
		if p.superior != "" && d.posts[p.superior].unit != p.unit && !slices.Contains(superiors[p.unit], p.superior) {
			superiors[p.unit] = append(superiors[p.unit], p.superior)
		}
	}
	var remarks []fault.Remark
	var bad Mistakes
	for _, key := range d.units.order {
		u := d.units.byKey[key]
		if key == d.posts[root].unit {
			continue
		}
		above := superiors[key]
		if !hasPosts[key] {
			above = slices.Sorted(maps.Keys(u.superiors))
		}
		if len(above) == 0 && u.underNobody {
			u.parent = d.posts[root].unit
			remarks = append(remarks, fault.Remarkf("no post and no staff group of %q reports to a post: it was put under %q, the unit of the head", key, u.parent))
			continue
		}
		if len(above) == 0 {
			bad = append(bad, u.where.wrong(fault.Invalidf("the unit %q has neither a post nor a staff group that reports to one, so its place is unknown", key)))
			continue
		}
		units := d.unitsOf(above)
		parent := units[0]
		if len(units) > 1 {
			parent = d.posts[d.common(key, above)].unit
			remarks = append(remarks, fault.Remarkf("%q reports to posts of %d units (%s): it was put under %q, the unit of their lowest common superior", key, len(units), quoted(units), parent))
		}
		u.parent = parent
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return remarks, nil
}

func (d *Draft) unitsOf(posts []string) []string {
	units := map[string]bool{}
	for _, key := range posts {
		units[d.posts[key].unit] = true
	}
	return slices.Sorted(maps.Keys(units))
}

// common is the lowest post outside the unit that all the posts are or report
// to. There is one: the root post, which is not in the unit.
func (d *Draft) common(unit string, posts []string) string {
	lines := make([][]string, len(posts))
	for i, key := range posts {
		for ; key != ""; key = d.posts[key].superior {
			lines[i] = append(lines[i], key)
		}
	}
	for _, key := range lines[0] {
		shared := !slices.ContainsFunc(lines, func(line []string) bool { return !slices.Contains(line, key) })
		if shared && d.posts[key].unit != unit {
			return key
		}
	}
	return ""
}

// checkPosts returns the one post that reports to nobody, and reports, as Mistakes,
// lines that lead to no post, go round in a circle, or end at several posts.
func (d *Draft) checkPosts() (root string, err error) {
	keys := slices.SortedFunc(maps.Keys(d.posts), func(a, b string) int {
		x, y := d.posts[a].where, d.posts[b].where
		return cmp.Or(cmp.Compare(x.file, y.file), cmp.Compare(x.line, y.line))
	})
	var roots []string
	var bad Mistakes
	for _, key := range keys {
		p := d.posts[key]
		if p.superior == "" {
			roots = append(roots, key)
		} else if _, known := d.posts[p.superior]; !known {
			bad = append(bad, p.where.wrong(fault.Invalidf("the post %q reports to %q, which is no post of the file", key, p.superior)))
		}
	}
	for _, unit := range d.units.order {
		for _, superior := range slices.Sorted(maps.Keys(d.units.byKey[unit].superiors)) {
			if _, known := d.posts[superior]; !known {
				bad = append(bad, d.units.byKey[unit].superiors[superior].wrong(fault.Invalidf("a staff group of %q reports to %q, which is no post of the file", unit, superior)))
			}
		}
	}
	if len(bad) == 0 {
		bad = circles(keys, func(key string) string { return d.posts[key].superior }, func(key string, c []string) BadRow {
			return d.posts[key].where.wrong(fault.Invalidf("the reporting lines go round in a circle: %s: correct one of them", strings.Join(c, " → ")))
		})
	}
	if len(bad) == 0 && len(roots) != 1 {
		if len(roots) == 0 {
			return "", fault.Invalidf("no post reports to nobody: exactly one must, the head of the organisation")
		}
		for _, root := range roots {
			bad = append(bad, d.posts[root].where.wrong(fault.Invalidf("%d posts report to nobody (%s): exactly one must, the head of the organisation", len(roots), quoted(roots))))
		}
	}
	if len(bad) > 0 {
		return "", bad
	}
	return roots[0], nil
}

// ManagerMissing remarks that the manager of somebody is not in the roster.
func ManagerMissing(person, manager string) fault.Remark {
	return fault.Remarkf("somebody reports to a person who is not in the roster: %q to %q, and perhaps others", person, manager)
}
