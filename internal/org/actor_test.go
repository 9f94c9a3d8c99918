package org

import "testing"

func TestAGrantReachesItsScopeAndNoFurther(t *testing.T) {
	p := Permits{"read": {Roles: []Role{Manager}}, "write": {Roles: []Role{Administrator}}, "govern": {Roles: []Role{Manager}, Whole: true}}
	in := func(role Role, kind ScopeKind, id string) Actor {
		return Actor{Grants: []Grant{{Role: role, Scope: Scope{kind, id}}}}
	}
	south := Place{Units: []string{"root", "nl", "south"}, Partner: "alpha"}
	for name, c := range map[string]struct {
		actor Actor
		act   Act
		at    Place
		want  bool
	}{
		"the whole organisation reaches a unit":          {in(Manager, WholeScope, ""), "read", south, true},
		"a unit reaches what is below it":                {in(Manager, UnitScope, "nl"), "read", south, true},
		"a unit reaches itself":                          {in(Manager, UnitScope, "south"), "read", south, true},
		"a unit does not reach its sibling":              {in(Manager, UnitScope, "north"), "read", south, false},
		"a unit does not reach the whole":                {in(Manager, UnitScope, "nl"), "read", Place{}, false},
		"a partner reaches its own units":                {in(Manager, PartnerScope, "alpha"), "read", south, true},
		"a partner does not reach another's":             {in(Manager, PartnerScope, "beta"), "read", south, false},
		"a partner without a name reaches nothing":       {in(Manager, PartnerScope, ""), "read", Place{}, false},
		"a role may not do what is permitted to others":  {in(Manager, WholeScope, ""), "write", south, false},
		"a part does not permit what is about the whole": {in(Manager, UnitScope, "nl"), "govern", south, false},
		"the whole permits what is about the whole":      {in(Manager, WholeScope, ""), "govern", Place{}, true},
		"nobody may do what no table names":              {in(Administrator, WholeScope, ""), "fly", south, false},
		"without a grant nothing is permitted":           {Actor{}, "read", south, false},
	} {
		if got := p.May(c.actor, c.act, c.at); got != c.want {
			t.Errorf("%s: May = %v", name, got)
		}
	}
}
