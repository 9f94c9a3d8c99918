// Package impactdb keeps the questions about effects, what was found, and what it was worth, and
// gathers what an estimate is made from out of the other areas. What it comes to the core says.
package impactdb

import (
	"time"

	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition/transitiondb"
)

// Store is the area's part of a database.
type Store struct {
	DB         *db.DB
	Org        orgdb.Store
	Strategy   strategydb.Store
	Effort     effortdb.Store
	Transition *transitiondb.Store
	Learning   learningdb.Store
	Now        func() time.Time // nil: the system's clock
}

func (s Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
