package orgdb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/org"
)

// idsByKey holds the id of everything of one sort that ever was in a roster, by
// its key, and the way back.
type idsByKey struct {
	id  map[string]string
	key map[string]string
}

func (r *rosterRun) loadIDs(ctx context.Context, table, column string) (idsByKey, error) {
	ids := idsByKey{map[string]string{}, map[string]string{}}
	_, err := db.All(ctx, r.tx, func(row db.Scanner) (struct{}, error) {
		var key, id string
		err := row.Scan(&key, &id)
		ids.id[key], ids.key[id] = id, key
		return struct{}{}, err
	}, `SELECT `+column+`, id FROM `+table+` WHERE organisation_id = $1`, r.organisation)
	return ids, err
}

// of returns the id for a key, a new one if there was none; "" for "".
func (i idsByKey) of(key string) string {
	if key == "" || i.id[key] != "" {
		return i.id[key]
	}
	made := id.New()
	i.id[key], i.key[made] = made, key
	return made
}

// kind says how things of one sort are compared and stored.
type kind[T any] struct {
	table   string
	columns []string // after the ones that every version has
	key     func(T) string
	change  func(T) org.Change // key and name, for what is added or has left
	compare func(was, is T) (org.Change, bool)
	values  func(T) []any
	id      func(T) string // of something that is there or is to be added
}

var versionColumns = []string{"organisation_id", "id", "opened_by", "closed_by", "since", "until"}

// merge makes is what holds from the import's day on, where had held until then.
func merge[T any](ctx context.Context, r *rosterRun, k kind[T], had, is []T, changes *org.Changes) error {
	changes.Before = len(had)
	before := make(map[string]T, len(had))
	for _, t := range had {
		before[k.key(t)] = t
	}
	var closed []string
	var opened [][]any
	for _, t := range is {
		was, known := before[k.key(t)]
		delete(before, k.key(t))
		c := k.change(t)
		c.Kind = org.Added
		if known {
			var same bool
			if c, same = k.compare(was, t); same {
				continue
			}
			closed = append(closed, k.id(was))
		}
		changes.Add(c)
		opened = append(opened, r.version(k.id(t), k.values(t)))
	}
	for _, t := range had {
		if _, left := before[k.key(t)]; left {
			c := k.change(t)
			c.Kind = org.Left
			changes.Add(c)
			closed = append(closed, k.id(t))
		}
	}
	if err := r.close(ctx, k.table, closed); err != nil {
		return err
	}
	return r.tx.InsertMany(ctx, k.table, append(append([]string{}, versionColumns...), k.columns...), opened)
}

func (r *rosterRun) version(id string, values []any) []any {
	return append([]any{r.organisation, id, r.id, "", r.in.Day, "9999-12-31"}, values...)
}

// close ends the present versions with these ids.
func (r *rosterRun) close(ctx context.Context, table string, ids []string) error {
	for len(ids) > 0 {
		n := min(len(ids), stageBatch)
		if _, err := r.tx.Exec(ctx, `UPDATE `+table+` SET until = $2, closed_by = $3
			WHERE organisation_id = $1 AND until = '9999-12-31' AND id IN (`+db.Placeholders(4, n)+`)`,
			arguments(ids[:n], r.organisation, r.in.Day, r.id)...); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}
