package diagnosisdb

import (
	"context"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/org"
)

// DecidedDiagnosis is a diagnosis after which focal points are decided.
type DecidedDiagnosis struct {
	ID, Within string // Within is the key of the unit that it asked, "" for everybody
	Released   diagnosis.Release
}

// Decided are the diagnoses after which focal points are decided and that managers may read, the
// newest first.
func (s *Store) Decided(ctx context.Context, organisation string) (all []DecidedDiagnosis, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (d DecidedDiagnosis, err error) {
			err = row.Scan(&d.ID, &d.Within, &d.Released)
			d.Within = d.Within[strings.LastIndex(d.Within, "/")+1:]
			return d, err
		}, `SELECT d.id, d.within, d.released FROM diagnosis_diagnosis d JOIN diagnosis_workshop w ON w.organisation_id = d.organisation_id AND w.diagnosis_id = d.id
			WHERE d.organisation_id = $1 AND w.decided_at > 0 ORDER BY d.closed_at DESC, d.id DESC`, organisation)
		all = slices.DeleteFunc(all, func(d DecidedDiagnosis) bool { return !d.Released.Lets(org.Manager) })
		return err
	})
	return all, err
}
