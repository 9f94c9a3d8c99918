// Package dbtest gives a test a fresh, migrated database on each engine.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
)

// Variable names the environment variable with the PostgreSQL address of the
// tests: a server on which databases may be made and dropped. Set but
// unreachable fails; unset skips, but not under CI=true.
const Variable = "THROUGHLINE_TEST_POSTGRES"

// Each runs f once on SQLite and once on PostgreSQL.
func Each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) { f(t, open(t, address)) })
}

// EachAddress is Each for a test that opens the database itself, perhaps more
// than once: f gets the address of a migrated database.
func EachAddress(t *testing.T, f func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite returns the name of a fresh, migrated SQLite file.
func SQLite(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "throughline.db")
	if err := os.WriteFile(file, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "throughline")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "template.db")
	if err := migrate(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// Postgres returns the address of a fresh, migrated PostgreSQL database.
func Postgres(t testing.TB) string {
	t.Helper()
	need(t)
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return fresh(t, " TEMPLATE "+template)
}

// EmptyPostgres returns the address of a PostgreSQL database without a schema.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	need(t)
	return fresh(t, "")
}

func need(t testing.TB) {
	t.Helper()
	switch {
	case os.Getenv(Variable) != "":
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not set, and under CI=true no test skips", Variable)
	default:
		t.Skipf("%s is not set: not tried on PostgreSQL", Variable)
	}
}

func fresh(t testing.TB, how string) string {
	t.Helper()
	name := "t_" + id.Random()
	if err := admin("CREATE DATABASE " + name + how); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address(name)
}

var postgresTemplate = sync.OnceValues(func() (string, error) {
	name := "tmpl_" + id.Random()
	if err := admin("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	return name, migrate(address(name))
})

func address(database string) string {
	server, options, _ := strings.Cut(os.Getenv(Variable), "?")
	at := strings.LastIndex(server, "/")
	return server[:at+1] + database + map[bool]string{true: "?" + options}[options != ""]
}

func admin(statement string) error {
	d, err := db.Open(context.Background(), os.Getenv(Variable))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Statement(context.Background(), statement)
}

func migrate(address string) error {
	d, err := db.Open(context.Background(), address)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Migrate(context.Background()); err != nil {
		return fmt.Errorf("migrating the template: %w", err)
	}
	return d.Checkpoint(context.Background())
}

func open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
