package learningdb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Profile is what somebody has beside what the own roles require.
type Profile struct {
	Person       org.Person
	Today        period.Day
	Roles        []learning.Role
	Gaps         []learning.Gap
	Ratings      []learning.Rating // the newest first
	Rule         learning.CountingRule
	Competencies map[string]learning.Competency // that are spoken of, by id
	Frameworks   map[string]learning.Framework  // by id
}

// Profile reads that of somebody of today's roster, by the id.
func (s Store) Profile(ctx context.Context, organisation, person string) (v Profile, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v, err = s.profile(ctx, tx, organisation, person)
		return err
	})
	return v, err
}

func (s Store) profile(ctx context.Context, tx *db.Tx, organisation, person string) (v Profile, err error) {
	if v.Today, err = s.today(ctx, tx, organisation); err != nil {
		return v, err
	}
	if v.Person, err = orgdb.PersonIn(ctx, tx, organisation, person, v.Today); err != nil {
		return v, err
	}
	if v.Roles, err = rolesOf(ctx, tx, organisation, v.Person); err != nil {
		return v, err
	}
	if v.Rule, err = rule(ctx, tx, organisation); err != nil {
		return v, err
	}
	if v.Ratings, err = ratings(ctx, tx, organisation, `person_id = $2`, person); err != nil {
		return v, err
	}
	v.Gaps = learning.Gaps(v.Roles, v.Ratings, v.Rule, v.Today)
	if v.Competencies, v.Frameworks, err = spoken(ctx, tx, organisation, v.Roles...); err != nil {
		return v, err
	}
	var others []string
	for _, r := range v.Ratings {
		if _, there := v.Competencies[r.Competency]; !there {
			others = append(others, r.Competency)
		}
	}
	more, err := competenciesIn(ctx, tx, organisation, others)
	for of, c := range more {
		v.Competencies[of] = c
	}
	return v, err
}

// rolesOf are the roles in use that somebody has, by the rule or because it was said.
func rolesOf(ctx context.Context, tx *db.Tx, organisation string, p org.Person) ([]learning.Role, error) {
	of, err := rolesOfAll(ctx, tx, organisation, p)
	return of[p.ID], err
}

// rolesOfAll are those of several, by the person's id.
func rolesOfAll(ctx context.Context, tx *db.Tx, organisation string, people ...org.Person) (map[string][]learning.Role, error) {
	type holder struct{ person, role string }
	said := map[holder]bool{}
	for some := range slices.Chunk(people, atOnce) {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var h holder
			err := row.Scan(&h.person, &h.role)
			said[h] = true
			return struct{}{}, err
		}, `SELECT person_id, role_id FROM learning_holder WHERE organisation_id = $1 AND person_id IN (`+db.Placeholders(2, len(some))+`)`, append([]any{organisation}, idsOf(some)...)...)
		if err != nil {
			return nil, err
		}
	}
	all, err := roles(ctx, tx, organisation, `ended = $2`, "")
	of := map[string][]learning.Role{}
	for _, p := range people {
		for _, r := range all {
			if r.Rule.Fits(p.Level, p.Attributes) || said[holder{p.ID, r.ID}] {
				of[p.ID] = append(of[p.ID], r)
			}
		}
	}
	return of, err
}

func idsOf(people []org.Person) (ids []any) {
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids
}

func ratings(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Rating, error) {
	return db.All(ctx, tx, func(row db.Scanner) (r learning.Rating, err error) {
		var made int64
		var zone string
		err = row.Scan(&r.ID, &r.Person, &r.Competency, &r.Level, &r.RatedBy, &r.Day, &r.Note, &r.By, &made, &zone)
		r.At = period.Moment(made, zone)
		return r, err
	}, `SELECT id, person_id, competency_id, level, rated_by, day, note, made_by, made_at, `+orgdb.Zone+` FROM learning_rating
		WHERE organisation_id = $1 AND `+where+` ORDER BY day DESC, made_at DESC, id DESC`, append([]any{organisation}, values...)...)
}

// Rate keeps how well somebody has competencies: all that are given, or none.
func (s Store) Rate(ctx context.Context, organisation string, given ...learning.Rating) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		levels := map[string]int{}
		for _, r := range given {
			if err := s.rate(ctx, tx, organisation, r, levels); err != nil {
				return err
			}
		}
		return nil
	})
}

// rate keeps one; levels are how many there are of competencies that were rated in the transaction before.
func (s Store) rate(ctx context.Context, tx *db.Tx, organisation string, r learning.Rating, levels map[string]int) error {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return err
	}
	if _, err := orgdb.PersonIn(ctx, tx, organisation, r.Person, today); err != nil {
		return err
	}
	if _, known := levels[r.Competency]; !known {
		c, err := oneCompetency(ctx, tx, organisation, r.Competency)
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Fieldf("competency", "choose a competency")
		}
		if err != nil {
			return err
		}
		f, err := oneFramework(ctx, tx, organisation, c.Framework)
		if err != nil {
			return err
		}
		levels[r.Competency] = len(f.Levels)
	}
	if err := r.Check(levels[r.Competency], today); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO learning_rating (organisation_id, id, person_id, competency_id, level, rated_by, day, note, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, organisation, id.New(), r.Person, r.Competency, r.Level, r.RatedBy, r.Day, r.Note, r.By, s.now().UnixMicro())
	return err
}

// Unrate takes back a rating of somebody, by whoever speaks for the side that gave it.
func (s Store) Unrate(ctx context.Context, organisation, person, rating string, side org.Side) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		given, err := ratings(ctx, tx, organisation, `person_id = $2 AND id = $3`, person, rating)
		if err == nil && (len(given) == 0 || !slices.Contains(learning.RatesAs(side), given[0].RatedBy)) {
			err = fault.NotFoundf("there is no such rating of yours")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM learning_rating WHERE organisation_id = $1 AND id = $2`, organisation, rating)
		return err
	})
}

// PersonGaps is somebody with what the own roles require.
type PersonGaps struct {
	Person org.Person
	Roles  []learning.Role
	Gaps   []learning.Gap
	Items  []learning.Item // open ones of the plan
}

// Reports lists those who report to somebody, by the key, with their gaps.
func (s Store) Reports(ctx context.Context, organisation, manager string) (all []PersonGaps, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		people, err := orgdb.ReportsIn(ctx, tx, organisation, manager, today)
		if err != nil {
			return err
		}
		counting, err := rule(ctx, tx, organisation)
		if err != nil {
			return err
		}
		held, err := rolesOfAll(ctx, tx, organisation, people...)
		if err != nil {
			return err
		}
		given, planned := map[string][]learning.Rating{}, map[string][]learning.Item{}
		for some := range slices.Chunk(people, atOnce) {
			theirs := `person_id IN (` + db.Placeholders(2, len(some)) + `)`
			rated, err := ratings(ctx, tx, organisation, theirs, idsOf(some)...)
			if err != nil {
				return err
			}
			for _, r := range rated {
				given[r.Person] = append(given[r.Person], r)
			}
		}
		open, err := openItems(ctx, tx, organisation, people)
		if err != nil {
			return err
		}
		for _, i := range open {
			planned[i.Person.ID] = append(planned[i.Person.ID], i)
		}
		for _, p := range people {
			all = append(all, PersonGaps{Person: p, Roles: held[p.ID], Gaps: learning.Gaps(held[p.ID], given[p.ID], counting, today), Items: planned[p.ID]})
		}
		return nil
	})
	return all, err
}

// Assess keeps what assessments found, all of it or nothing; each names its person by personnel number
// or mail address. It reports, by its row, what cannot be kept.
func (s Store) Assess(ctx context.Context, organisation string, given []learning.Rating) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		levels := map[string]int{}
		for n, r := range given {
			if r.Person, err = orgdb.CalledIn(ctx, tx, organisation, r.Person, today); err == nil {
				err = s.rate(ctx, tx, organisation, r, levels)
			}
			if fault.Of(err) != nil {
				err = fault.Invalidf("row %[1]d: %[2]s", n+1, err)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
