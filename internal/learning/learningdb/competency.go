package learningdb

import (
	"context"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/learning"
)

const competencyColumns = `c.id, c.framework_id, c.key, c.uri, c.kind, c.name, c.note, c.alternatives, c.parent_id, c.ended`

func scanCompetency(row db.Scanner) (c learning.Competency, err error) {
	var alternatives string
	err = row.Scan(&c.ID, &c.Framework, &c.Key, &c.URI, &c.Kind, &c.Name, &c.Note, &alternatives, &c.Parent, &c.Ended)
	if alternatives != "" {
		c.Alternatives = strings.Split(alternatives, "\n")
	}
	return c, err
}

// competencyCells are the cells of a competency's row, as competencyFields names them.
func competencyCells(organisation string, c learning.Competency) []any {
	words := db.Words(strings.Join(append([]string{c.Name, c.Key}, c.Alternatives...), " "))
	return []any{organisation, c.ID, c.Framework, c.Key, c.URI, c.Kind, c.Name, c.Note, strings.Join(c.Alternatives, "\n"), c.Parent, words, c.Ended}
}

var competencyFields = []string{"organisation_id", "id", "framework_id", "key", "uri", "kind", "name", "note", "alternatives", "parent_id", "words", "ended"}

// CompetencyQuery narrows which competencies are listed.
type CompetencyQuery struct {
	Framework string // id, "" for all
	Text      string // words that begin words of a name
	Parent    string // id of the one that they are parts of; "" for any
	Ended     bool   // those that are not used any more too
	Limit     int    // 0 for all
}

// Competencies finds competencies, by name: those that are called as the text says first.
func (s Store) Competencies(ctx context.Context, organisation string, q CompetencyQuery) (all []learning.Competency, err error) {
	from, narrow, match := `learning_competency c`, "", s.DB.Engine.Match(q.Text)
	switch {
	case match == "" && strings.TrimSpace(q.Text) != "":
		return nil, nil
	case match == "":
	case s.DB.Engine == db.SQLite:
		from += ` JOIN learning_competency_search f ON f.organisation_id = c.organisation_id AND f.id = c.id`
		narrow = ` AND learning_competency_search MATCH $7`
	default:
		narrow = ` AND to_tsvector('simple', c.words) @@ to_tsquery('simple', $7)`
	}
	limit := q.Limit
	if limit == 0 {
		limit = 1 << 40
	}
	args := []any{organisation, q.Framework, q.Parent, q.Ended, limit, strings.TrimSpace(q.Text)}
	if match != "" {
		args = append(args, match)
	}
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM `+from+` WHERE c.organisation_id = $1 AND ($2 = '' OR c.framework_id = $2)
			AND ($3 = '' OR c.parent_id = $3) AND ($4 OR c.ended = '')`+narrow+` ORDER BY CASE WHEN c.name = $6 OR c.key = $6 THEN 0 ELSE 1 END, c.name, c.id LIMIT $5`, args...)
		return err
	})
	return all, err
}

// CompetencyView is a competency with what hangs on it.
type CompetencyView struct {
	learning.Competency
	Framework learning.Framework
	Above     []learning.Competency // that it is a part of, the outermost first
	Parts     []learning.Competency // at most mostParts
	Required  []RequiredBy
}

// RequiredBy is a role that requires a competency.
type RequiredBy struct {
	Role, Name string
	learning.Requirement
}

const (
	mostParts = 100
	mostAbove = 20
)

// Competency returns one.
func (s Store) Competency(ctx context.Context, organisation, competency string) (v CompetencyView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Competency, err = oneCompetency(ctx, tx, organisation, competency); err != nil {
			return err
		}
		f, err := oneFramework(ctx, tx, organisation, v.Competency.Framework)
		if err != nil {
			return err
		}
		v.Framework, v.Above = f.Framework, nil
		for up := v.Parent; up != "" && len(v.Above) < mostAbove; up = v.Above[0].Parent {
			above, err := oneCompetency(ctx, tx, organisation, up)
			if err != nil {
				return err
			}
			v.Above = append([]learning.Competency{above}, v.Above...)
		}
		v.Parts, err = db.All(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM learning_competency c WHERE c.organisation_id = $1 AND c.parent_id = $2 AND c.ended = '' ORDER BY c.name, c.id LIMIT $3`, organisation, competency, mostParts)
		if err != nil {
			return err
		}
		v.Required, err = db.All(ctx, tx, func(row db.Scanner) (b RequiredBy, err error) {
			b.Competency = competency
			err = row.Scan(&b.Role, &b.Name, &b.Level, &b.Essential)
			return b, err
		}, `SELECT r.id, r.name, q.level, q.essential FROM learning_requirement q JOIN learning_role r ON r.organisation_id = q.organisation_id AND r.id = q.role_id
			WHERE q.organisation_id = $1 AND q.competency_id = $2 AND r.ended = '' ORDER BY r.name, r.id`, organisation, competency)
		return err
	})
	return v, err
}

func oneCompetency(ctx context.Context, tx *db.Tx, organisation, competency string) (learning.Competency, error) {
	c, found, err := db.One(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM learning_competency c WHERE c.organisation_id = $1 AND c.id = $2`, organisation, competency)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such competency")
	}
	return c, err
}

// competenciesIn reads competencies by their ids.
func competenciesIn(ctx context.Context, tx *db.Tx, organisation string, ids []string) (map[string]learning.Competency, error) {
	found := map[string]learning.Competency{}
	for n := 0; n < len(ids); n += atOnce {
		args := []any{organisation}
		for _, one := range ids[n:min(n+atOnce, len(ids))] {
			args = append(args, one)
		}
		all, err := db.All(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM learning_competency c WHERE c.organisation_id = $1 AND c.id IN (`+db.Placeholders(2, len(args)-1)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			found[c.ID] = c
		}
	}
	return found, nil
}

// SaveCompetency keeps a competency, the one of its id or a new one, and returns the id. It reports a
// parent of another framework, or one that is a part of it.
func (s Store) SaveCompetency(ctx context.Context, organisation string, c learning.Competency, by string) (string, error) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "competency changed"
		if c.ID == "" {
			c.ID, what = id.New(), "competency made"
		} else {
			was, err := oneCompetency(ctx, tx, organisation, c.ID)
			if err != nil {
				return err
			}
			c.Framework, c.Key, c.URI, c.Kind = was.Framework, was.Key, was.URI, was.Kind
		}
		if _, err := oneFramework(ctx, tx, organisation, c.Framework); err != nil {
			return err
		}
		if err := c.Check(); err != nil {
			return err
		}
		if err := checkPlace(ctx, tx, organisation, c); err != nil {
			return err
		}
		if err := tx.PutMany(ctx, "learning_competency", competencyFields, 2, [][]any{competencyCells(organisation, c)}); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, c.Name)
	})
	return c.ID, err
}

// checkPlace reports a key that is taken, and a place in the tree that a competency cannot have.
func checkPlace(ctx context.Context, tx *db.Tx, organisation string, c learning.Competency) error {
	_, taken, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM learning_competency WHERE organisation_id = $1 AND framework_id = $2 AND key = $3 AND id <> $4`, organisation, c.Framework, c.Key, c.ID)
	if err == nil && taken {
		err = fault.Fieldf("name", "the framework has a competency called so")
	}
	for up, n := c.Parent, 0; err == nil && up != ""; n++ {
		var above learning.Competency
		if above, err = oneCompetency(ctx, tx, organisation, up); err != nil {
			return fault.Fieldf("parent", "choose a competency of the same framework")
		}
		switch up = above.Parent; {
		case above.Framework != c.Framework:
			err = fault.Fieldf("parent", "choose a competency of the same framework")
		case above.ID == c.ID || n == mostAbove:
			err = fault.Fieldf("parent", "a competency cannot be a part of itself")
		}
	}
	return err
}

// Find is the one competency in use that is called as somebody types it: by its id, its name, its key,
// or words that only it has; of a framework, or, under "", of all. It reports, at the field competency, one that
// is not there and words that several have.
func (s Store) Find(ctx context.Context, organisation, framework, typed string) (learning.Competency, error) {
	typed = strings.Join(strings.Fields(typed), " ")
	const most = 5
	var one learning.Competency
	err := s.DB.Look(ctx, func(tx *db.Tx) (err error) {
		one, err = oneCompetency(ctx, tx, organisation, typed)
		return err
	})
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return one, err
	}
	found, err := s.Competencies(ctx, organisation, CompetencyQuery{Framework: framework, Text: typed, Limit: most + 1})
	if err != nil {
		return learning.Competency{}, err
	}
	called := slices.DeleteFunc(slices.Clone(found), func(c learning.Competency) bool {
		return !strings.EqualFold(c.Name, typed) && c.Key != typed
	})
	switch {
	case len(called) == 1:
		return called[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return learning.Competency{}, fault.Fieldf("competency", "no competency is called %q: type its name, or look for it among the competencies", typed)
	}
	var names []string
	for _, c := range found[:min(most, len(found))] {
		names = append(names, c.Name)
	}
	if len(found) > most {
		names = append(names, "…")
	}
	return learning.Competency{}, fault.Fieldf("competency", "several competencies are called so: %s. Type the whole name", strings.Join(names, "; "))
}
