// Package strategydb keeps indicators, what was observed of them, plans and targets. A method is
// one use; what may come in and what it comes to the core says.
package strategydb

import (
	"context"
	"time"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Store is the strategy's part of a database.
type Store struct {
	DB        *db.DB
	Org       orgdb.Store
	Diagnosis *diagnosisdb.Store // whose scores are indicators too
	Now       func() time.Time   // nil: the system's clock
}

func (s Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s Store) today(ctx context.Context, tx *db.Tx, organisation string) (period.Day, error) {
	return orgdb.Today(ctx, tx, organisation, s.now())
}

// Clock is now in a time zone.
func (s Store) Clock(zone string) time.Time { return s.now().In(period.Zone(zone)) }
