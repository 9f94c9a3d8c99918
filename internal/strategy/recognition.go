package strategy

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Visible is who sees a recognition, as whoever it is of has chosen.
type Visible string

const (
	ToOwner  Visible = "owner"    // whoever it is of, and who gave it
	ToUnit   Visible = "unit"     // also the people of the unit
	ToAnyone Visible = "everyone" // everybody who is signed in
)

// Visibles lists them, the narrowest first.
var Visibles = []Visible{ToOwner, ToUnit, ToAnyone}

// Recognition is that somebody was recognised for a result.
type Recognition struct {
	ID      string
	Goal    string  // id of the goal whose result it is for
	For     string  // what that is called
	Unit    org.Ref // whose, or where the person works
	Person  org.Ref // zero for the unit
	What    string  // how it was recognised
	Visible Visible
	By      org.By
	At      time.Time
}

// Check brings a recognition into order and reports one that says nothing.
func (r *Recognition) Check() error {
	r.What = strings.TrimSpace(r.What)
	switch {
	case !text.Visible(r.What) || len(r.What) > 300:
		return fault.Fieldf("recognition", "say in at most %d bytes how it is recognised", 300)
	case !slices.Contains(Visibles, r.Visible):
		return fault.Fieldf("visible", "choose who sees it")
	}
	return nil
}

// SeenBy says whether somebody sees it: by the key of the person and the path of that one's unit.
func (r Recognition) SeenBy(person string, path []string) bool {
	own := person != "" && (r.Person.Key == person || r.By.Person == person)
	switch r.Visible {
	case ToAnyone:
		return true
	case ToUnit:
		return own || slices.Contains(path, r.Unit.ID)
	}
	return own || r.Person.ID == "" && len(path) > 0 && path[len(path)-1] == r.Unit.ID
}
