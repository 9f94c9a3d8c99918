package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"throughline/internal/kit/fault"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// A migration is for both engines, but one whose name ends in that of an engine: what each
// does in its own way has a file for each, of one number.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to date and returns its version. Several
// replicas may call it at once. A database that a newer program has migrated is
// refused, untouched.
func (d *DB) Migrate(ctx context.Context) (version int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	if last := Latest(); has > last {
		return has, fault.Conflictf("this database has schema %d and this program knows up to %d: use a newer program", has, last)
	}
	if _, err := p.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return p.GetDBVersion(ctx)
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if d.Engine == SQLite {
		others, err := fs.Glob(files, "*_postgres.sql")
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectSQLite3, d.write, files, goose.WithExcludeNames(others))
	}
	others, err := fs.Glob(files, "*_sqlite.sql")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, d.write, files, goose.WithSessionLocker(locker), goose.WithExcludeNames(others))
}

// Latest is the schema version that this program makes.
func Latest() int64 {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0
	}
	v, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		panic(err) // a migration's file name is ours
	}
	return v
}
