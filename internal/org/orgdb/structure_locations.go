package orgdb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

const unitsAtOnce = 1000 // whose people are counted in one query

// LocationsOf returns where the people and staff groups of units work on a day,
// by country and name; nil is every unit, and quicker than naming each. The zero
// Location stands for those for whom none is stated.
func (s Store) LocationsOf(ctx context.Context, organisation string, day period.Day, units []string) (locations []org.LocationCount, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		count := map[string]org.Headcount{}
		if units == nil {
			if err := countLocations(ctx, tx, organisation, day, nil, count); err != nil {
				return err
			}
		}
		for some := range slices.Chunk(units, unitsAtOnce) {
			if err := countLocations(ctx, tx, organisation, day, some, count); err != nil {
				return err
			}
		}
		named, err := db.All(ctx, tx, func(row db.Scanner) (l org.Location, err error) {
			err = row.Scan(&l.ID, &l.Name, &l.Country)
			return l, err
		}, `SELECT id, name, country FROM org_location WHERE organisation_id = $1`+holds, organisation, day)
		locations = nil
		for _, l := range append(named, org.Location{}) {
			if h, some := count[l.ID]; some {
				locations = append(locations, org.LocationCount{Location: l, Headcount: h})
			}
		}
		return err
	})
	slices.SortFunc(locations, func(a, b org.LocationCount) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Name, b.Name))
	})
	return locations, err
}

// countLocations adds up, by location's id, who of the units works there; of all
// units for nil.
func countLocations(ctx context.Context, tx *db.Tx, organisation string, day period.Day, units []string, count map[string]org.Headcount) error {
	args := []any{organisation, day}
	for _, u := range units {
		args = append(args, u)
	}
	add := func(row db.Scanner) (struct{}, error) {
		var id string
		var h org.Headcount
		err := row.Scan(&id, &h.People, &h.PeopleFTE, &h.GroupFTE)
		count[id] = count[id].Plus(h)
		return struct{}{}, err
	}
	where := ` WHERE organisation_id = $1` + holds
	if len(units) > 0 {
		where += ` AND unit_id IN (` + db.Placeholders(3, len(units)) + `)`
	}
	if _, err := db.All(ctx, tx, add, `SELECT location_id, COUNT(*), SUM(fte), 0.0 FROM org_person`+where+atWork+` GROUP BY location_id`, args...); err != nil {
		return err
	}
	_, err := db.All(ctx, tx, add, `SELECT location_id, 0, 0.0, SUM(fte) FROM org_staff`+where+` GROUP BY location_id`, args...)
	return err
}

// Counted are people of a unit at a location who are counted and not named.
type Counted struct {
	Location, Unit string // ids
	FTE            float64
}

// CountedIn lists them for a day, inside another transaction.
func CountedIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) ([]Counted, error) {
	return db.All(ctx, tx, func(row db.Scanner) (c Counted, err error) {
		err = row.Scan(&c.Location, &c.Unit, &c.FTE)
		return c, err
	}, `SELECT location_id, unit_id, SUM(fte) FROM org_staff WHERE organisation_id = $1`+holds+` GROUP BY location_id, unit_id ORDER BY location_id, unit_id`, organisation, day)
}
