package effortdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/org"
)

// Served is what entries can serve that has a name here.
type Served struct {
	Names map[effort.Target]string
	Focal []effort.Target // focal points of the diagnosis that was closed last, as far as managers may read of them
}

// Served returns goals of units, initiatives and focal points.
func (s Store) Served(ctx context.Context, organisation string) (served Served, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		served = Served{Names: map[effort.Target]string{}}
		for kind, query := range map[string]string{
			effort.ForGoal:       `SELECT id, name FROM strategy_goal WHERE organisation_id = $1 AND person_id = ''`,
			effort.ForInitiative: `SELECT id, name FROM effort_initiative WHERE organisation_id = $1`,
		} {
			_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
				t, name := effort.Target{Kind: kind}, ""
				err := row.Scan(&t.ID, &name)
				served.Names[t] = name
				return struct{}{}, err
			}, query, organisation)
			if err != nil {
				return err
			}
		}
		newest := ""
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			t, of, theme := effort.Target{Kind: effort.ForFocal}, "", ""
			var released diagnosis.Release
			if err := row.Scan(&t.ID, &of, &theme, &released); err != nil || !released.Lets(org.Manager) {
				return struct{}{}, err
			}
			if served.Names[t] = theme; newest == "" || newest == of {
				newest, served.Focal = of, append(served.Focal, t)
			}
			return struct{}{}, nil
		}, `SELECT f.id, d.id, f.theme, d.released FROM diagnosis_focal f JOIN diagnosis_diagnosis d ON d.organisation_id = f.organisation_id AND d.id = f.diagnosis_id
			JOIN diagnosis_workshop w ON w.organisation_id = d.organisation_id AND w.diagnosis_id = d.id
			WHERE f.organisation_id = $1 AND w.decided_at > 0 ORDER BY d.closed_at DESC, d.id DESC, f.id`, organisation)
		return err
	})
	return served, err
}
