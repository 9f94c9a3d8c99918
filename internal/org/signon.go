package org

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/text"
)

// SignOn is how the people of an organisation sign in at a provider of its own, by OpenID Connect.
type SignOn struct {
	Name     string // on the button
	Issuer   string // address of the provider
	Client   string // what it calls this program
	Secret   string // of the client; "" for a public one
	Scopes   []string
	Claim    string // that says groups or roles, "" for none
	Rules    []SignOnRule
	Trusts   bool // its mail addresses are verified though it does not say so
	Makes    bool // an account is made for who has none and is on the roster, or has a role by the rules
	LocalOff bool // nobody signs in by password or mailed link
}

// SignOnRule grants a role to who has a value in the claim.
type SignOnRule struct {
	Value string
	Role  Role
	Unit  Ref // zero for the whole
}

// Grant is what the rule gives.
func (r SignOnRule) Grant() Grant {
	if r.Unit.ID != "" {
		return Grant{Role: r.Role, Scope: Scope{Kind: UnitScope, ID: r.Unit.ID}}
	}
	return Grant{Role: r.Role, Scope: Scope{Kind: WholeScope}}
}

// Identity is who a provider says that somebody is.
type Identity struct {
	Issuer, Subject string
	Mail            string
	Verified        bool // the provider says that the address is the person's
	Name            string
	Values          []string // of the claim
}

// mostRules is how many there can be.
const mostRules = 200

// Check brings it into order and reports what it lacks. The issuer's address is looked at by the caller.
func (s *SignOn) Check() error {
	s.Name, s.Client, s.Claim = strings.Join(strings.Fields(s.Name), " "), strings.TrimSpace(s.Client), strings.TrimSpace(s.Claim)
	s.Issuer = strings.TrimSpace(s.Issuer)
	switch {
	case !text.Visible(s.Name) || len(s.Name) > 60:
		return fault.Fieldf("name", "say in at most %d bytes what stands on the button", 60)
	case s.Client == "" || len(s.Client) > 300:
		return fault.Fieldf("client", "write what the provider calls this program (client id)")
	case len(s.Rules) > 0 && s.Claim == "":
		return fault.Fieldf("claim", "name the claim whose values the rules are about")
	case len(s.Rules) > mostRules:
		return fault.Fieldf("rules", "there can be at most %d rules", mostRules)
	}
	for n, r := range s.Rules {
		if r.Value == "" {
			return fault.Fieldf("rules", "line %d: write a value, a comma and a role", n+1)
		}
		if !slices.Contains(Roles, r.Role) || r.Role == Assistant { // whose, no claim says
			return fault.Fieldf("rules", "line %[1]d: there is no role %[2]q", n+1, string(r.Role))
		}
	}
	return nil
}

// Grants are what the rules give to who has some values, each once.
func (s SignOn) Grants(values []string) (grants []Grant) {
	for _, r := range s.Rules {
		if g := r.Grant(); slices.Contains(values, r.Value) && !slices.Contains(grants, g) {
			grants = append(grants, g)
		}
	}
	return grants
}

// RulesText is the rules as a form shows them: value, role and the unit's key, one a line.
func (s SignOn) RulesText() string {
	var b strings.Builder
	for _, r := range s.Rules {
		b.WriteString(r.Value + ", " + string(r.Role))
		if r.Unit.Key != "" {
			b.WriteString(", " + r.Unit.Key)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// ReadRules reads what RulesText shows; a unit has its key alone then.
func ReadRules(form string) (rules []SignOnRule) {
	for line := range strings.Lines(form) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		value, rest, _ := strings.Cut(line, ",")
		role, unit, _ := strings.Cut(rest, ",")
		rules = append(rules, SignOnRule{Value: strings.TrimSpace(value), Role: Role(strings.TrimSpace(role)), Unit: Ref{Key: strings.TrimSpace(unit)}})
	}
	return rules
}
