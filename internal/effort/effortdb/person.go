package effortdb

import (
	"context"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
)

// known are the numbers of people who learn.
type known map[string]uint32

func (k known) of(person string) uint32 { return k[person] }

// numbers finds the numbers of those who learn in entries, and gives one to each who has none; had are
// some that are known already, which stay as they are.
func numbers(ctx context.Context, tx *db.Tx, organisation string, entries []effort.Entry, had known) (known, error) {
	all, people := known{}, []string{}
	for _, e := range entries {
		for _, h := range e.Hours {
			if _, again := all[h.Person]; !again && e.Learns(h) {
				if all[h.Person] = had[h.Person]; all[h.Person] == 0 {
					people = append(people, h.Person)
				}
			}
		}
	}
	for some := range slices.Chunk(people, someIDs) {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var person string
			var n uint32
			err := row.Scan(&person, &n)
			all[person] = n
			return struct{}{}, err
		}, `SELECT person_id, number FROM effort_person WHERE organisation_id = $1 AND person_id IN (`+db.Placeholders(2, len(some))+`)`, append([]any{organisation}, values(some)...)...)
		if err != nil {
			return nil, err
		}
	}
	people = slices.DeleteFunc(people, func(p string) bool { return all[p] > 0 })
	if len(people) == 0 {
		return all, nil
	}
	last, _, err := db.One(ctx, tx, db.Value[uint32], `SELECT COALESCE(MAX(number), 0) FROM effort_person WHERE organisation_id = $1`, organisation)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, p := range people {
		last++
		all[p] = last
		rows = append(rows, []any{organisation, p, last})
	}
	return all, tx.InsertMany(ctx, "effort_person", []string{"organisation_id", "person_id", "number"}, rows)
}
