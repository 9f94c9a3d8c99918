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
	"throughline/internal/strategy"
)

// Store is the strategy's part of a database.
type Store struct {
	DB        *db.DB
	Org       orgdb.Store
	Diagnosis *diagnosisdb.Store // whose scores are indicators too
	Sources   []Source           // that have values of other indicators
	Now       func() time.Time   // nil: the system's clock
}

// Source has values of indicators that come by themselves out of another area.
type Source interface {
	// Values are what is known of units, by unit and by the origin of an indicator, of those origins that are the
	// source's.
	Values(ctx context.Context, organisation string, origins, units []string) (map[string]map[string]strategy.Figures, error)
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
