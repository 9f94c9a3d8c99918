package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
)

// Of many that write at once one in four fails, one panics and one is given up: each is
// told so, and all others are in.
func TestWritesThatShareACommitFailEachForItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stop := errors.New("stop")
		insert := func(ctx context.Context, i int) error {
			return d.WriteTogether(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO org_organisation (organisation_id, slug, name, language, simulated, made_at)
					VALUES ($1, $1, 'A', 'en', FALSE, 0)`, fmt.Sprint(i))
				if i%4 == 0 && err == nil {
					err = stop
				}
				return err
			})
		}
		given, up := context.WithCancel(t.Context())
		up()
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				switch err := insert(t.Context(), i); {
				case i%4 == 0 && !errors.Is(err, stop), i%4 != 0 && err != nil:
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Go(func() {
			if err := insert(given, 1000); !errors.Is(err, context.Canceled) {
				t.Errorf("given up: %v", err)
			}
		})
		all.Wait()
		if n := len(organisations(t, d)); n != 150 {
			t.Errorf("%d are in", n)
		}
		if err := insert(t.Context(), 1); !db.IsDuplicate(err) {
			t.Errorf("the same again: %v", err)
		}
		func() {
			defer func() { recover() }()
			d.WriteTogether(t.Context(), func(*db.Tx) error { panic("broken") })
		}()
		if err := insert(t.Context(), 2001); err != nil {
			t.Errorf("after a panic: %v", err)
		}
	})
}

// A query that is kept ready says the same when its table has changed under it.
func TestAKeptQueryFollowsItsTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Statement(ctx, `CREATE TABLE kept (organisation_id TEXT)`); err != nil {
			t.Fatal(err)
		}
		count := func() (n int) {
			err := d.Look(ctx, func(tx *db.Tx) (err error) {
				n, _, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM kept WHERE organisation_id = $1`, "a")
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return n
		}
		for i := range 20 {
			if n := count(); n != i {
				t.Errorf("%d rows, %d counted", i, n)
			}
			if err := d.Statement(ctx, `INSERT INTO kept (organisation_id) VALUES ('a')`); err != nil {
				t.Fatal(err)
			}
			if i == 10 {
				if err := d.Statement(ctx, `ALTER TABLE kept ADD COLUMN further TEXT`); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
