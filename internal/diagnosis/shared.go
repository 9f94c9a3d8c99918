package diagnosis

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// A unit with a shared link: its people, and those of the units under it, answer by one
// link that all of them have. Their answers carry the unit and no attribute.

const mostShared = 200

// cleanShared brings the written names of such units into order.
func cleanShared(written []string) (units []string, err error) {
	for _, name := range written {
		if name = strings.TrimSpace(name); name != "" {
			units = append(units, name)
		}
	}
	if len(units) > mostShared {
		return nil, fault.Fieldf("shared", "at most %d units can have a shared link", mostShared)
	}
	return units, nil
}

// Share finds the units that are written, by path or by a name that only one has, and
// keeps them in the layout. It reports a unit that is not there, and one under another.
func (l *Layout) Share(written []string) error {
	p := newPlaces(*l)
	for _, name := range written {
		u, ok := p.written(name)
		switch {
		case ok && slices.Contains(l.Shared, u):
			continue
		case ok && u == several:
			return fault.Fieldf("shared", "several units are called %q; give its path, with / between the names", clip(name))
		case !ok:
			return fault.Fieldf("shared", "the roster of the diagnosis has no unit %q", clip(name))
		}
		for _, other := range l.Shared {
			if l.lies(u, other) || l.lies(other, u) {
				return fault.Fieldf("shared", "%[1]s and %[2]s lie one under the other: people would have two links", l.Units[other].Name, l.Units[u].Name)
			}
		}
		l.Shared = append(l.Shared, u)
	}
	return nil
}

// written finds a unit as somebody wrote it: by its name, or by its path, of which the
// marks may have blanks around them.
func (p places) written(name string) (int32, bool) {
	path := strings.Split(strings.Trim(name, "/ "), "/")
	for i := range path {
		path[i] = fold(path[i])
	}
	for _, as := range []string{fold(name), fold(strings.Trim(name, "/ ")), strings.Join(path, "/")} {
		if u, ok := p.unit[as]; ok {
			return u, true
		}
	}
	return 0, false
}

func (l Layout) lies(u, under int32) bool {
	for ; u >= 0; u = l.Units[u].Parent {
		if u == under {
			return true
		}
	}
	return false
}

// SharedBy returns the unit with a shared link that a unit is or lies under.
func (l Layout) SharedBy(unit int32) (shared int32, ok bool) {
	for _, s := range l.Shared {
		if l.lies(unit, s) {
			return s, true
		}
	}
	return 0, false
}
