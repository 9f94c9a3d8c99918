package diagnosisdb

import (
	"cmp"
	"context"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Release chooses who sees the published set of a closed diagnosis. It can be widened and
// narrowed; what was seen stays seen.
func (s *Store) Release(ctx context.Context, organisation, diagnosisID string, to diagnosis.Release, by string) error {
	if err := to.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err == nil && d.State != diagnosis.Closed {
			err = fault.Conflictf("a report is released once the diagnosis is closed")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE diagnosis_diagnosis SET released = $3 WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID, to); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "report released", Detail: d.Name + ": " + cmp.Or(string(to), "diagnosis leads")})
	})
}

// Saw notes that an account sees a page of a report, once an hour.
func (s *Store) Saw(ctx context.Context, organisation, diagnosisID string, v diagnosis.View) error {
	hour := s.now().Truncate(time.Hour)
	key := strings.Join([]string{organisation, diagnosisID, v.Account, v.Page}, "/")
	if last, ok := s.seen.Load(key); ok && last.(time.Time).Equal(hour) {
		return nil
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_view (organisation_id, diagnosis_id, account_id, page, hour, name)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation_id, diagnosis_id, account_id, page, hour) DO NOTHING`,
			organisation, diagnosisID, v.Account, v.Page, hour.UnixMicro(), v.Name)
		return err
	})
	if err == nil {
		s.seen.Store(key, hour)
	}
	return err
}

// Opened says whether an account has seen a report: its first page, which is that of the own unit for who reads a part, or the
// report for management; no page elsewhere that tells of its scores.
func (s *Store) Opened(ctx context.Context, organisation, diagnosisID, account string) (opened bool, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		_, opened, err = db.One(ctx, tx, db.Value[string], `SELECT page FROM diagnosis_view WHERE organisation_id = $1 AND diagnosis_id = $2 AND account_id = $3
			AND (page = '' OR page LIKE '?%' OR page LIKE 'units%' OR page LIKE 'management%') LIMIT 1`, organisation, diagnosisID, account)
		return err
	})
	return opened, err
}

// Views lists who saw what of a report, the newest first, at most so many.
func (s *Store) Views(ctx context.Context, organisation, diagnosisID string, most int) (list []diagnosis.View, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		list, err = db.All(ctx, tx, func(row db.Scanner) (v diagnosis.View, err error) {
			var hour int64
			err = row.Scan(&v.Account, &v.Name, &v.Page, &hour)
			v.Hour = time.UnixMicro(hour).In(d.Closes.Location())
			return v, err
		}, `SELECT account_id, name, page, hour FROM diagnosis_view WHERE organisation_id = $1 AND diagnosis_id = $2
			ORDER BY hour DESC, name, account_id, page LIMIT $3`, organisation, diagnosisID, most)
		return err
	})
	return list, err
}

// TookLinks notes in the record who saw personal links of a diagnosis, and how: e says so.
func (s *Store) TookLinks(ctx context.Context, organisation, diagnosisID string, e org.Event) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		e.At, e.Detail = s.now(), d.Name
		return orgdb.RecordEvent(ctx, tx, organisation, e)
	})
}
