package db_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"

	"github.com/google/go-cmp/cmp"
)

func organisation(ctx context.Context, d *db.DB, id, name string, simulated bool) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO org_organisation (organisation_id, slug, name, language, simulated, made_at)
			VALUES ($1, $1, $2, 'en', $3, 9007199254740993)`, id, name, simulated)
		return err
	})
}

func organisations(t *testing.T, d *db.DB) (all [][]any) {
	t.Helper()
	ctx := context.Background()
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, func(row db.Scanner) ([]any, error) {
			var id, name string
			var simulated bool
			var at int64
			err := row.Scan(&id, &name, &simulated, &at)
			return []any{id, name, simulated, at}, err
		}, `SELECT organisation_id, name, simulated, made_at FROM org_organisation ORDER BY organisation_id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFileThatWasTakenAwayIsNotReady(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.db")
	d, err := db.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name, name+".away"); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("ready without its file")
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("ready with another file")
	}
}

func TestANewFileIsForItsOwnerAlone(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new.db")
	d, err := db.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(name + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", suffix, info.Mode())
		}
	}
}

// A standby says of every transaction that it only reads, as this database does.
func TestADatabaseThatOnlyReadsIsNotReady(t *testing.T) {
	address := dbtest.Postgres(t)
	for setting, ready := range map[string]bool{"off": true, "on": false} {
		d, err := db.Open(t.Context(), address+"&default_transaction_read_only="+setting)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Ping(t.Context()); (err == nil) != ready {
			t.Errorf("default_transaction_read_only %s: %v", setting, err)
		}
	}
}

func TestOnlyWhoIsUnsyncedDoesNotWaitForTheDisk(t *testing.T) {
	name, ctx := filepath.Join(t.TempDir(), "a.db"), t.Context()
	for n, unsynced := range []bool{false, true, false} {
		d, err := db.Open(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		if unsynced {
			err = d.Unsynced(ctx)
		}
		level := -1
		if err == nil {
			err = d.Write(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, `PRAGMA synchronous`).Scan(&level) })
		}
		if err := errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		if (level == 0) != unsynced {
			t.Errorf("time %d: synchronous is %d", n, level)
		}
	}
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.Background(), errors.New("stop")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := tx.InsertMany(ctx, "org_organisation", []string{"organisation_id", "slug", "name", "language", "simulated", "made_at"},
				[][]any{{"a", "a", "A", "en", false, 1}}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := organisations(t, d); len(got) > 0 {
			t.Errorf("left behind: %v", got)
		}
	})
}

func TestAReadCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM org_organisation`)
			return err
		})
		if err == nil {
			t.Error("a read deleted rows")
		}
	})
}

// Ten writers count up one row; on PostgreSQL they come between each other.
func TestWritesThatComeBetweenAreRunAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := organisation(ctx, d, "a", "", false); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					name, _, err := db.One(ctx, tx, db.Value[string], `SELECT name FROM org_organisation WHERE organisation_id = 'a'`)
					if err != nil {
						return err
					}
					_, err = tx.Exec(ctx, `UPDATE org_organisation SET name = $1 WHERE organisation_id = 'a'`, name+"x")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := organisations(t, d)[0][1]; got != strings.Repeat("x", 10) {
			t.Errorf("ten writes left %q", got)
		}
	})
}

func TestADuplicateIsKnownAsOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := organisation(ctx, d, "a", "", false); err != nil {
			t.Fatal(err)
		}
		if err := organisation(ctx, d, "a", "", false); !db.IsDuplicate(err) {
			t.Errorf("a second row under one key: %v", err)
		}
	})
}

// What one engine backs up, either restores, to the last bit.
func TestABackupOfEitherEngineRestoresOnEither(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, o := range []string{"ä\n\"", "b"} {
			if err := organisation(ctx, d, o, o+" <&>", o == "b"); err != nil {
				t.Fatal(err)
			}
		}
		var archive bytes.Buffer
		if err := d.Backup(ctx, &archive); err != nil {
			t.Fatal(err)
		}
		for name, address := range map[string]func(testing.TB) string{
			"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "restored.db") },
			"postgres": dbtest.EmptyPostgres,
		} {
			t.Run("on "+name, func(t *testing.T) {
				into, err := db.Open(ctx, address(t))
				if err != nil {
					t.Fatal(err)
				}
				defer into.Close()
				cut := archive.Bytes()[:archive.Len()-archive.Len()/3]
				if err := into.Restore(ctx, bytes.NewReader(cut)); fault.KindOf(err) != fault.Invalid {
					t.Fatalf("a backup that was cut short: %v", err)
				}
				if err := into.Restore(ctx, bytes.NewReader(archive.Bytes())); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(organisations(t, d), organisations(t, into)); diff != "" {
					t.Error(diff)
				}
				if err := into.Restore(ctx, bytes.NewReader(archive.Bytes())); fault.KindOf(err) != fault.Conflict {
					t.Errorf("restoring over data: %v", err)
				}
			})
		}
	})
}

func TestWhatIsNoBackupIsRefused(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Restore(ctx, strings.NewReader("hello")); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestAnAddressThatIsNoneIsRefusedWithoutItsPassword(t *testing.T) {
	for _, where := range []string{"", "mysql://me:geheim@host/x", "postgres://me:geheim@127.0.0.1:1/x"} {
		_, err := db.Open(context.Background(), where)
		if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", where, err)
		}
	}
}
