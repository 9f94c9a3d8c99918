package org

import (
	"strings"

	"throughline/internal/kit/fault"
)

// Finder finds units and people by what files call them: a unit by its key, or by a name that it
// alone has; a person by personnel number, or by a mail address that nobody else has.
type Finder struct {
	units  map[string]int // -1 for a name of several
	people map[string]int // -1 for an address of several
}

// NewFinder is over units, also those that have left, and people.
func NewFinder(units *Structure, people []Career) Finder {
	f := Finder{units: map[string]int{}, people: map[string]int{}}
	for i, u := range units.Units {
		if _, twice := f.units[u.Name]; twice {
			f.units[u.Name] = -1
		} else {
			f.units[u.Name] = i
		}
	}
	for i, u := range units.Units {
		if was, there := f.units[u.Key]; !there || u.Left == "" || was >= 0 && units.Units[was].Key != u.Key {
			f.units[u.Key] = i
		}
	}
	for i, p := range people {
		if _, twice := f.people[p.Mail]; twice {
			f.people[p.Mail] = -1
		} else if p.Mail != "" {
			f.people[p.Mail] = i
		}
	}
	for i, p := range people {
		f.people[p.Key] = i
	}
	return f
}

// Unit is the index of the unit that a text names. It reports one that is not there, and a name of
// several.
func (f Finder) Unit(text string) (int, error) {
	u, there := f.units[strings.TrimSpace(text)]
	switch {
	case !there:
		return 0, fault.Invalidf("there is no unit %q: write its key or its name as in the roster", text)
	case u < 0:
		return 0, fault.Invalidf("several units are called %s: write the key of the one that is meant", text)
	}
	return u, nil
}

// Person is the index of the person whom a text names. It reports one who is not there, and an
// address of several.
func (f Finder) Person(text string) (int, error) {
	clean := strings.TrimSpace(text)
	n, there := f.people[clean]
	if !there {
		n, there = f.people[strings.ToLower(clean)]
	}
	switch {
	case !there:
		return 0, fault.Invalidf("there is no person %q: write the personnel number or the mail address as in the roster", text)
	case n < 0:
		return 0, fault.Invalidf("several people have the mail address %s: write the personnel number of the one who is meant", text)
	}
	return n, nil
}
