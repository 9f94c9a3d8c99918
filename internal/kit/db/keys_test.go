package db_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
)

// Sessions belong to browsers; goose's table is goose's. What lies behind a full-text search on
// SQLite (x_search_...) is FTS5's.
var withoutOrganisation = []string{"kit_session", "goose_db_version"}

// Every primary and every unique key begins with the organisation, so that one
// organisation's rows can lie apart from another's.
func TestEveryKeyBeginsWithTheOrganisation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := uniqueKeys(t, d)
		if len(keys) < 15 {
			t.Fatalf("only %d keys found: the search is broken", len(keys))
		}
		for _, k := range keys {
			if !slices.Contains(withoutOrganisation, k.table) && !strings.Contains(k.table, "_search_") && k.columns[0] != "organisation_id" {
				t.Errorf("%s has a unique key (%s) that does not begin with the organisation", k.table, strings.Join(k.columns, ", "))
			}
		}
	})
}

type uniqueKey struct {
	table   string
	columns []string
}

func uniqueKeys(t *testing.T, d *db.DB) (keys []uniqueKey) {
	t.Helper()
	ctx := context.Background()
	query := map[db.Engine]string{
		db.SQLite: `SELECT m.name, il.name, ii.name FROM sqlite_master m, pragma_index_list(m.name) il, pragma_index_info(il.name) ii
			WHERE m.type = 'table' AND il."unique" = 1 AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, il.name, ii.seqno`,
		db.Postgres: `SELECT t.relname, i.relname, a.attname
			FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
			JOIN pg_namespace n ON n.oid = t.relnamespace
			CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(attnum, place)
			JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
			WHERE x.indisunique AND n.nspname = 'public' ORDER BY t.relname, i.relname, k.place`,
	}[d.Engine]
	last := ""
	err := d.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var table, index, column string
			err := row.Scan(&table, &index, &column)
			if index != last {
				keys = append(keys, uniqueKey{table: table})
				last = index
			}
			keys[len(keys)-1].columns = append(keys[len(keys)-1].columns, column)
			return struct{}{}, err
		}, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
