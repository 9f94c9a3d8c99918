package diagnosisdb

import (
	"context"
	"encoding/json"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// References lists the reference lines for an instrument, by the id in its file, the
// newest first.
func (s *Store) References(ctx context.Context, organisation, instrument string) (list []diagnosis.Reference, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = db.All(ctx, tx, func(row db.Scanner) (r diagnosis.Reference, err error) {
			var means string
			if err = row.Scan(&r.ID, &r.Instrument, &r.Name, &r.Source, &r.Day, &means); err == nil {
				err = json.Unmarshal([]byte(means), &r.Means)
			}
			return r, err
		}, `SELECT id, instrument, name, source, day, means FROM diagnosis_reference
			WHERE organisation_id = $1 AND instrument = $2 ORDER BY day DESC, id DESC`, organisation, instrument)
		return err
	})
	return list, err
}

// KeepReference keeps a reference line.
func (s *Store) KeepReference(ctx context.Context, organisation string, r diagnosis.Reference, by string) error {
	if err := r.Check(); err != nil {
		return err
	}
	means, err := json.Marshal(r.Means)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now := s.now()
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_reference (organisation_id, id, instrument, name, source, day, means, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, organisation, id.New(), r.Instrument, r.Name, r.Source, r.Day, string(means), now.UnixMicro())
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "reference line kept", Detail: r.Name})
	})
}

// DropReference deletes a reference line.
func (s *Store) DropReference(ctx context.Context, organisation, reference, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM diagnosis_reference WHERE organisation_id = $1 AND id = $2`, organisation, reference)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such reference line")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "reference line deleted"})
	})
}
