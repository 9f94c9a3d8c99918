package org

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/text"
)

// Token lets a program ask for what its owner may see and do, as far as its scopes reach.
type Token struct {
	ID        string
	Account   string // id of the owner's
	Owner     string // mail address of the owner
	Name      string // what it is for
	Scopes    []string
	MadeBy    string
	MadeAt    time.Time
	Expires   time.Time
	Used      time.Time // to the hour; zero for never
	Withdrawn time.Time // zero while it holds
}

// TokenDays are the days for which a token can be made.
var TokenDays = []int{30, 90, 365}

// Check brings a token into order and reports what it lacks: a name, scopes of those there are, an end
// within a year.
func (t *Token) Check(scopes []string, now time.Time) error {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	slices.Sort(t.Scopes)
	t.Scopes = slices.Compact(t.Scopes)
	switch {
	case !text.Visible(t.Name) || len(t.Name) > 100:
		return fault.Fieldf("name", "say in at most %d bytes what the token is for", 100)
	case len(t.Scopes) == 0:
		return fault.Fieldf("scope", "choose what the token is for")
	case !t.Expires.After(now) || t.Expires.After(now.AddDate(1, 0, 1)):
		return fault.Fieldf("days", "a token holds for at most a year")
	}
	for _, s := range t.Scopes {
		if !slices.Contains(scopes, s) {
			return fault.Fieldf("scope", "there is no scope %q", s)
		}
	}
	return nil
}

// Holds says whether it lets anybody in.
func (t Token) Holds(now time.Time) bool { return t.Withdrawn.IsZero() && now.Before(t.Expires) }
