// Package transitiondb keeps programmes, their members and plans. A method is one use; who
// is eligible, what may follow on what and who covers whom the core decides.
package transitiondb

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Store is the transition's part of a database. Its zero fields but DB, Org and Diagnosis
// may stay as they are.
type Store struct {
	DB        *db.DB
	Org       orgdb.Store
	Diagnosis *diagnosisdb.Store
	Now       func() time.Time // nil: the system's clock

	Lease time.Duration // that an outbox is kept without a sign of life; 0: a minute

	scenes sync.Map // organisation/programme -> *scene
	nudged sync.Map // organisation -> the hour in which reminders were planned last
}

func (s *Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Clock is now in a time zone.
func (s *Store) Clock(zone string) time.Time { return s.now().In(period.Zone(zone)) }

// today is the day in the organisation's time zone.
func (s *Store) today(ctx context.Context, tx *db.Tx, organisation string) (period.Day, error) {
	return orgdb.Today(ctx, tx, organisation, s.now())
}

// packed is a value as JSON.
func packed(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// unpack reads JSON; nothing was kept under "".
func unpack(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}
