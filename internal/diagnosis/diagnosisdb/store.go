// Package diagnosisdb keeps diagnoses: instruments, invitations, responses and
// published sets. A method is one use; what counts, combines or is withheld the
// core decides.
package diagnosisdb

import (
	"sync"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/secret"
	"throughline/internal/org/orgdb"
)

// Store is the diagnosis part of a database, with the key files that lie outside
// it. Its zero fields but DB, Org and Keys may stay as they are.
type Store struct {
	DB   *db.DB
	Org  orgdb.Store
	Keys secret.Keys
	Now  func() time.Time // nil: the system's clock

	Lease time.Duration // that an outbox is kept without a sign of life; 0: a minute

	marks      marks
	reports    sync.Map // organisation/diagnosis -> *Published; a published set never changes
	unchanging sync.Map // organisation/diagnosis -> unchanging
	seen       sync.Map // organisation/diagnosis/account/page -> time.Time, the hour that is noted
	compared   sync.Map // organisation/diagnosis/earlier diagnosis -> *Compared
}

func (s *Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Published is the published set of a diagnosis with the instrument that it was
// made with.
type Published struct {
	Diagnosis  diagnosis.Diagnosis
	Instrument *diagnosis.Instrument
	Report     *diagnosis.Report
}
