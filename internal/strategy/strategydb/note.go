package strategydb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// notes are those of a unit and of the units above it; of one indicator alone where it is named.
func (s Store) notes(ctx context.Context, tx *db.Tx, organisation, indicator string, path []org.Ref) ([]strategy.Note, error) {
	names := map[string]org.Ref{}
	values := []any{organisation, indicator}
	for _, u := range path {
		names[u.ID] = u
		values = append(values, u.ID)
	}
	return db.All(ctx, tx, func(row db.Scanner) (n strategy.Note, err error) {
		var made int64
		var zone string
		err = row.Scan(&n.ID, &n.Indicator, &n.Unit.ID, &n.Day, &n.What, &n.By, &made, &zone)
		n.Unit, n.At = names[n.Unit.ID], period.Moment(made, zone)
		return n, err
	}, `SELECT id, indicator_id, unit_id, day, what, made_by, made_at, `+orgdb.Zone+` FROM strategy_note
		WHERE organisation_id = $1 AND ($2 = '' OR indicator_id = '' OR indicator_id = $2) AND unit_id IN (`+db.Placeholders(3, len(path))+`) ORDER BY day DESC, id DESC`, values...)
}

// AddNote keeps a note about an indicator of a unit, or about all of them.
func (s Store) AddNote(ctx context.Context, organisation string, n strategy.Note) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := n.Check(today); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		if _, there := units.Find(n.Unit.ID); !there {
			return fault.NotFoundf("there is no such unit")
		}
		if n.Indicator != "" {
			all, err := indicators(ctx, tx, organisation)
			if err != nil {
				return err
			}
			if _, err := find(all, n.Indicator); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO strategy_note (organisation_id, id, indicator_id, unit_id, day, what, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			organisation, id.New(), n.Indicator, n.Unit.ID, n.Day, n.What, n.By, s.now().UnixMicro())
		return err
	})
}

// DeleteNote deletes a note of a unit.
func (s Store) DeleteNote(ctx context.Context, organisation, unit, note, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		what, there, err := db.One(ctx, tx, db.Value[string], `SELECT what FROM strategy_note WHERE organisation_id = $1 AND id = $2 AND unit_id = $3`, organisation, note, unit)
		if err != nil {
			return err
		}
		if !there {
			return fault.NotFoundf("there is no such note")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM strategy_note WHERE organisation_id = $1 AND id = $2`, organisation, note); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "note on figures deleted", Detail: what})
	})
}
