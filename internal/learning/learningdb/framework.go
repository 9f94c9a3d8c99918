package learningdb

import (
	"context"
	"encoding/json"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/learning"
)

// Counted is a framework with how many competencies it has.
type Counted struct {
	learning.Framework
	Competencies int
}

const frameworkQuery = `SELECT f.id, f.name, f.source, f.version, f.language, f.note, f.levels, f.ended,
	(SELECT COUNT(*) FROM learning_competency c WHERE c.organisation_id = f.organisation_id AND c.framework_id = f.id AND c.ended = '')
	FROM learning_framework f WHERE f.organisation_id = $1`

func scanFramework(row db.Scanner) (f Counted, err error) {
	var levels string
	if err = row.Scan(&f.ID, &f.Name, &f.Source, &f.Version, &f.Language, &f.Note, &levels, &f.Ended, &f.Competencies); err == nil {
		err = json.Unmarshal([]byte(levels), &f.Levels)
	}
	return f, err
}

// Frameworks lists them, those in use first, by name.
func (s Store) Frameworks(ctx context.Context, organisation string) (all []Counted, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanFramework, frameworkQuery+` ORDER BY CASE WHEN f.ended = '' THEN 0 ELSE 1 END, f.name, f.id`, organisation)
		return err
	})
	return all, err
}

// Framework returns one.
func (s Store) Framework(ctx context.Context, organisation, framework string) (f Counted, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		f, err = oneFramework(ctx, tx, organisation, framework)
		return err
	})
	return f, err
}

func oneFramework(ctx context.Context, tx *db.Tx, organisation, framework string) (Counted, error) {
	f, found, err := db.One(ctx, tx, scanFramework, frameworkQuery+` AND f.id = $2`, organisation, framework)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such framework")
	}
	return f, err
}

// SaveFramework keeps a framework, the one of its id or a new one, and returns the id. Levels above
// one that somebody is rated at, or that a role requires, stay.
func (s Store) SaveFramework(ctx context.Context, organisation string, f learning.Framework, by string) (string, error) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "framework changed"
		if f.ID == "" {
			f.ID, what = id.New(), "framework made"
		} else if _, err := oneFramework(ctx, tx, organisation, f.ID); err != nil {
			return err
		}
		if err := s.saveFramework(ctx, tx, organisation, &f, by); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, f.Name)
	})
	return f.ID, err
}

func (s Store) saveFramework(ctx context.Context, tx *db.Tx, organisation string, f *learning.Framework, by string) error {
	if err := f.Check(); err != nil {
		return err
	}
	_, taken, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM learning_framework WHERE organisation_id = $1 AND name = $2 AND id <> $3`, organisation, f.Name, f.ID)
	if err == nil && taken {
		err = fault.Fieldf("name", "there is another framework of this name: choose another")
	}
	if err != nil {
		return err
	}
	used, _, err := db.One(ctx, tx, db.Value[int], `SELECT COALESCE(MAX(level), 0) FROM (
			SELECT q.level FROM learning_requirement q JOIN learning_competency c ON c.organisation_id = q.organisation_id AND c.id = q.competency_id WHERE q.organisation_id = $1 AND c.framework_id = $2
			UNION ALL SELECT r.level FROM learning_rating r JOIN learning_competency c ON c.organisation_id = r.organisation_id AND c.id = r.competency_id WHERE r.organisation_id = $1 AND c.framework_id = $2
		) AS used`, organisation, f.ID)
	if err == nil && used > len(f.Levels) {
		err = fault.Fieldf("levels", "level %d is required of a role or given to somebody: it stays", used)
	}
	if err != nil {
		return err
	}
	levels, err := list(f.Levels)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO learning_framework (organisation_id, id, name, source, version, language, note, levels, ended, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (organisation_id, id)
		DO UPDATE SET name = $3, source = $4, version = $5, language = $6, note = $7, levels = $8, ended = $9`,
		organisation, f.ID, f.Name, f.Source, f.Version, f.Language, f.Note, levels, f.Ended, by, s.now().UnixMicro())
	return err
}
