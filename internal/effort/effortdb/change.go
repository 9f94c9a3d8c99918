package effortdb

import (
	"cmp"
	"context"
	"encoding/json"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Changes lists the dated changes of how the learning function works, the newest first.
func (s Store) Changes(ctx context.Context, organisation string) (all []effort.Change, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (c effort.Change, err error) {
			var units, zone string
			var at int64
			if err = row.Scan(&c.ID, &c.Day, &c.Text, &units, &c.Expected, &c.By, &at, &zone); err == nil {
				err = json.Unmarshal([]byte(units), &c.Units)
			}
			c.At = period.Moment(at, zone)
			return c, err
		}, `SELECT id, day, what, units, expected, made_by, made_at, `+orgdb.Zone+` FROM effort_change WHERE organisation_id = $1 ORDER BY day DESC, id DESC`, organisation)
		return err
	})
	return all, err
}

// SaveChange keeps a change, a new one where it has no id, and returns the id. It reports what the core
// reports, a unit that is not there, and a change that is not.
func (s Store) SaveChange(ctx context.Context, organisation string, c effort.Change, by string) (string, error) {
	if err := c.Check(); err != nil {
		return "", err
	}
	units, err := json.Marshal(c.Units)
	if err != nil {
		return "", err
	}
	made := cmp.Or(c.ID, id.New())
	return made, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.checkUnits(ctx, tx, organisation, c.Units); err != nil {
			return err
		}
		if c.ID == "" {
			_, err := tx.Exec(ctx, `INSERT INTO effort_change (organisation_id, id, day, what, units, expected, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				organisation, made, c.Day, c.Text, string(units), c.Expected, by, s.now().UnixMicro())
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE effort_change SET day = $3, what = $4, units = $5, expected = $6, made_by = $7, made_at = $8 WHERE organisation_id = $1 AND id = $2`,
			organisation, made, c.Day, c.Text, string(units), c.Expected, by, s.now().UnixMicro())
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such change")
		}
		return err
	})
}

// DeleteChange takes one out.
func (s Store) DeleteChange(ctx context.Context, organisation, change string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM effort_change WHERE organisation_id = $1 AND id = $2`, organisation, change)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such change")
		}
		return err
	})
}
