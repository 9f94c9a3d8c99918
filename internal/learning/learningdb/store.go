// Package learningdb keeps competencies, roles, models of performance and ratings. A method is one
// use; what may come in and what it comes to the core says.
package learningdb

import (
	"context"
	"encoding/json"
	"time"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
)

// Store is the learning's part of a database.
type Store struct {
	DB        *db.DB
	Org       orgdb.Store
	Diagnosis *diagnosisdb.Store // nil where nothing is diagnosed
	Strategy  strategydb.Store
	Now       func() time.Time // nil: the system's clock
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

// record writes into the record what somebody did.
func (s Store) record(ctx context.Context, tx *db.Tx, organisation, by, what, detail string) error {
	return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: what, Detail: detail})
}

const atOnce = 500 // ids in one query

// list is a list as a column holds it.
func list[T any](all []T) (string, error) {
	if all == nil {
		all = []T{}
	}
	text, err := json.Marshal(all)
	return string(text), err
}

// Rule is how it is told which of several ratings counts.
func (s Store) Rule(ctx context.Context, organisation string) (c learning.CountingRule, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		c, err = rule(ctx, tx, organisation)
		return err
	})
	return c, err
}

func rule(ctx context.Context, tx *db.Tx, organisation string) (learning.CountingRule, error) {
	c, found, err := db.One(ctx, tx, func(row db.Scanner) (c learning.CountingRule, err error) {
		err = row.Scan(&c.Newest, &c.Months)
		return c, err
	}, `SELECT newest, months FROM learning_setting WHERE organisation_id = $1`, organisation)
	if !found {
		c = learning.DefaultRule
	}
	return c, err
}

// SetRule changes it.
func (s Store) SetRule(ctx context.Context, organisation string, c learning.CountingRule, by string) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.PutMany(ctx, "learning_setting", []string{"organisation_id", "newest", "months"}, 1, [][]any{{organisation, c.Newest, c.Months}}); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "rule for ratings changed", "")
	})
}
