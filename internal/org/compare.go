package org

// ComparePerson says what happened to a person between two records with one
// key; same is true if nothing did.
func ComparePerson(was, is Person) (c Change, same bool) {
	return change(is.Key, is.Title(), was.Unit, is.Unit, was.Differs(is))
}

// CompareUnit says what happened to a unit between two records with one key.
func CompareUnit(was, is Unit) (c Change, same bool) {
	var fields []string
	if was.Name != is.Name {
		fields = append(fields, "name")
	}
	if was.Parent.Key != is.Parent.Key {
		fields = append(fields, "unit")
	}
	return change(is.Key, is.Name, was.Parent, is.Parent, fields)
}

// CompareLocation says what happened to a location between two records with one
// name.
func CompareLocation(was, is Location) (c Change, same bool) {
	if was.Country == is.Country {
		return Change{}, true
	}
	return Change{Kind: Changed, Key: is.Name, Name: is.Name, Fields: []string{"country"}}, false
}

// CompareGroup says what happened to a staff group between two records with one
// key.
func CompareGroup(was, is StaffGroup) (c Change, same bool) {
	if was.FTE == is.FTE {
		return Change{}, true
	}
	return Change{Kind: Changed, Key: is.Key(), Name: is.Title(), Fields: []string{"fte"}}, false
}

// CompareTeam says what happened to a team between two records with one name.
func CompareTeam(was, is ManagementTeam) (c Change, same bool) {
	return change(is.Name, is.Name, was.Unit, is.Unit, was.Differs(is))
}

func change(key, name string, was, is Ref, fields []string) (Change, bool) {
	if len(fields) == 0 {
		return Change{}, true
	}
	c := Change{Kind: Changed, Key: key, Name: name, Fields: fields}
	if was.Key != is.Key {
		c.Kind, c.From, c.To = Moved, was.Key, is.Key
	}
	return c, false
}
