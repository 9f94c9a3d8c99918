package effortdb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
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
	return all, tx.ClaimMany(ctx, "effort_person", []string{"organisation_id", "person_id", "number"}, rows)
}

// Names are those of people, by their ids, as the newest roster that has them says; the key of one
// without a name.
func (s Store) Names(ctx context.Context, organisation string, people []string) (names map[string]org.Ref, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		names = map[string]org.Ref{}
		for some := range slices.Chunk(people, someIDs) {
			_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
				var p org.Ref
				err := row.Scan(&p.ID, &p.Key, &p.Name)
				p.Name = cmp.Or(p.Name, p.Key)
				names[p.ID] = p
				return struct{}{}, err
			}, `SELECT id, key, name FROM org_person WHERE organisation_id = $1 AND until > since AND id IN (`+db.Placeholders(2, len(some))+`) ORDER BY since, opened_by`, append([]any{organisation}, values(some)...)...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return names, err
}

// Called is whoever is called so on the roster of a day, among the people of units that may be entered for: by
// personnel number, mail address or name, and where people may be named by a part of these. It reports nobody,
// and several, with the names of those who may be named.
func (s Store) Called(ctx context.Context, organisation, text string, day period.Day, may, named func(unit string) bool) (org.Person, error) {
	orgs := orgdb.Store{DB: s.DB, Now: s.Now}
	if p, err := orgs.PersonByKey(ctx, organisation, text, day); fault.KindOf(err) != fault.NotFound && (err != nil || may(p.Unit.ID)) {
		return p, err
	}
	const most = 5
	found, err := orgs.Search(ctx, organisation, orgdb.SearchQuery{Day: day, Text: text, Limit: most, Person: func(unit, _ string) bool { return may(unit) }})
	if err != nil {
		return org.Person{}, err
	}
	people := slices.DeleteFunc(found.People, func(p org.Person) bool {
		return !named(p.Unit.ID) && !strings.EqualFold(p.Name, text) && !strings.EqualFold(p.Mail, text)
	})
	switch {
	case len(people) == 0:
		return org.Person{}, fault.Invalidf("nobody on the roster of %[1]s is called %[2]q: type a name, a mail address or a personnel number", string(day), text)
	case len(people) > 1:
		var names []string
		for _, p := range people {
			if named(p.Unit.ID) {
				names = append(names, p.Title()+" ("+p.Key+")")
			}
		}
		if len(names) == 0 {
			return org.Person{}, fault.Invalidf("several people are called so: type a personnel number")
		}
		return org.Person{}, fault.Invalidf("several people are called so: %s. Type a personnel number", strings.Join(names, ", "))
	default:
		return people[0], nil
	}
}
