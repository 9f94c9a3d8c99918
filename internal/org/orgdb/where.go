package orgdb

import (
	"context"
	"maps"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/org"
)

// SaveWhere keeps where locations lie, by their names, in place of what was known of these.
func (s Store) SaveWhere(ctx context.Context, organisation string, where map[string]org.Where, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(where)) {
			_, err := tx.Exec(ctx, `INSERT INTO org_where (organisation_id, location, latitude, longitude) VALUES ($1, $2, $3, $4)
				ON CONFLICT (organisation_id, location) DO UPDATE SET latitude = $3, longitude = $4`, organisation, name, where[name].Latitude, where[name].Longitude)
			if err != nil {
				return err
			}
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "coordinates imported"})
	})
}

// Where returns where locations lie, by their names.
func (s Store) Where(ctx context.Context, organisation string) (map[string]org.Where, error) {
	where := map[string]org.Where{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		clear(where)
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var name string
			w := org.Where{Known: true}
			err := row.Scan(&name, &w.Latitude, &w.Longitude)
			where[name] = w
			return struct{}{}, err
		}, `SELECT location, latitude, longitude FROM org_where WHERE organisation_id = $1`, organisation)
		return err
	})
	return where, err
}
