package learningdb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
)

// Catalogue is what is handed in.
type Catalogue struct {
	learning.Catalogue
	Whole    bool   // what it no longer has is not used any more
	Source   string // name of the file
	By       string
	Progress func(done, total int) // may be nil
}

// Came says what a file of competencies has brought.
type Came struct {
	Framework string // id
	Fresh     int
	Changed   int
	Same      int
	Ended     int // that the file no longer has
	Roles     int // that it states, with what they require
}

// Import takes a framework: all of the file or nothing. A competency whose key is there already is
// brought up to date, and keeps its id, with all that hangs on it; one that had ended is used again.
// The framework is the one of the catalogue's name, with its levels, or a new one. Roles of the file
// are found by their keys; what they require of this framework is as the file says.
func (s Store) Import(ctx context.Context, organisation string, c Catalogue) (came Came, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		came = Came{}
		f, err := s.framework(ctx, tx, organisation, c)
		if err != nil {
			return err
		}
		came.Framework = f.ID
		ids, err := s.items(ctx, tx, organisation, f, c, &came)
		if err != nil {
			return err
		}
		if err := s.roleItems(ctx, tx, organisation, f, c, ids, &came); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, c.By, "competencies imported", c.Source)
	})
	return came, err
}

// framework finds or makes the one that a file speaks of.
func (s Store) framework(ctx context.Context, tx *db.Tx, organisation string, c Catalogue) (learning.Framework, error) {
	f := c.Framework
	was, there, err := db.One(ctx, tx, scanFramework, frameworkQuery+` AND f.name = $2`, organisation, strings.Join(strings.Fields(f.Name), " "))
	if err != nil {
		return f, err
	}
	if there {
		was.Version, was.Ended = first(f.Version, was.Version), ""
		was.Source, was.Language, was.Note = first(f.Source, was.Source), first(f.Language, was.Language), first(f.Note, was.Note)
		f = was.Framework
	} else {
		f.ID = id.New()
	}
	return f, s.saveFramework(ctx, tx, organisation, &f, c.By)
}

func first[T ~string](texts ...T) T {
	n := slices.IndexFunc(texts, func(t T) bool { return t != "" })
	return texts[max(n, 0)]
}

// items writes the competencies and returns their ids by key.
func (s Store) items(ctx context.Context, tx *db.Tx, organisation string, f learning.Framework, c Catalogue, came *Came) (map[string]string, error) {
	all, err := db.All(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM learning_competency c WHERE c.organisation_id = $1 AND c.framework_id = $2`, organisation, f.ID)
	if err != nil {
		return nil, err
	}
	there, ids := map[string]learning.Competency{}, map[string]string{}
	for _, was := range all {
		there[was.Key], ids[was.Key] = was, was.ID
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	seen := map[string]bool{}
	for n, it := range c.Items {
		was, known := there[it.Key]
		one := learning.Competency{ID: was.ID, Framework: f.ID, Key: it.Key, URI: it.URI, Kind: it.Kind, Name: it.Name, Note: it.Note, Alternatives: it.Alternatives, Parent: ids[it.Parent]}
		if known && it.Again { // such a file tells of a competency no more than what it is called
			one.URI, one.Kind, one.Note, one.Alternatives, one.Parent = was.URI, was.Kind, was.Note, was.Alternatives, was.Parent
		}
		if !known {
			one.ID = id.New()
			ids[it.Key] = one.ID
		}
		switch seen[it.Key] = true; {
		case !known:
			came.Fresh++
		case same(was, one):
			came.Same++
			continue
		default:
			came.Changed++
		}
		rows = append(rows, competencyCells(organisation, one))
		if n%2000 == 1999 && c.Progress != nil {
			c.Progress(n+1, len(c.Items))
		}
	}
	if c.Whole {
		rows = append(rows, ending(organisation, there, seen, today, came)...)
	}
	return ids, tx.PutMany(ctx, "learning_competency", competencyFields, 2, rows)
}

// ending are the rows of competencies that a whole file no longer has.
func ending(organisation string, there map[string]learning.Competency, seen map[string]bool, today period.Day, came *Came) (rows [][]any) {
	for _, key := range slices.Sorted(maps.Keys(there)) {
		if was := there[key]; !seen[key] && was.Ended == "" {
			was.Ended = today
			came.Ended++
			rows = append(rows, competencyCells(organisation, was))
		}
	}
	return rows
}

func same(a, b learning.Competency) bool {
	return a.URI == b.URI && a.Kind == b.Kind && a.Name == b.Name && a.Note == b.Note && a.Parent == b.Parent && a.Ended == b.Ended && slices.Equal(a.Alternatives, b.Alternatives)
}

// roleItems writes the roles of a file and what they require of its framework; the levels of an O*NET
// file are those of its framework, or the highest that there is.
func (s Store) roleItems(ctx context.Context, tx *db.Tx, organisation string, f learning.Framework, c Catalogue, ids map[string]string, came *Came) error {
	for _, item := range c.Roles {
		r, there, err := roleByKey(ctx, tx, organisation, item.Key)
		if err != nil {
			return err
		}
		if !there {
			r = learning.Role{ID: id.New(), Key: item.Key}
		}
		r.Name, r.Ended = item.Name, ""
		r.Requires = slices.DeleteFunc(r.Requires, func(q learning.Requirement) bool {
			return slices.ContainsFunc(c.Items, func(it learning.CatalogueItem) bool { return ids[it.Key] == q.Competency })
		})
		for _, q := range item.Requires {
			if err := r.Require(learning.Requirement{Competency: ids[q.Key], Level: min(q.Level, len(f.Levels)), Essential: q.Essential}, len(f.Levels)); err != nil {
				return err
			}
		}
		if err := s.saveRole(ctx, tx, organisation, &r, c.By); err != nil {
			return err
		}
		came.Roles++
	}
	return nil
}
