// Package db opens SQLite or PostgreSQL behind one handle, migrates it, and
// runs transactions with the same meaning on both: a write sees and leaves one
// consistent state, a read sees one moment. It is the only package that knows
// which of the two is running.
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"throughline/internal/kit/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Engine is the database system behind a handle.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. SQLite has one writing connection and several
// readers; PostgreSQL has one pool for both.
type DB struct {
	Engine Engine
	write  *sql.DB
	read   *sql.DB
	file   string                  // SQLite only
	opened os.FileInfo             // SQLite only: which file it is
	kept   map[*sql.DB]*statements // SQLite only

	together together
	turns    sync.Map // PostgreSQL only: of chan struct{}, by name
}

// Open opens where, a PostgreSQL URL or the name of a SQLite file (made when it
// is not there), and checks that it answers. It does not migrate.
func Open(ctx context.Context, where string) (*DB, error) {
	d, err := open(where)
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fault.Invalidf("the database %s does not answer: %v", redact(where), err)
	}
	if d.Engine == SQLite {
		d.opened, err = os.Stat(d.file)
	}
	return d, err
}

func open(where string) (*DB, error) {
	if IsPostgres(where) {
		config, err := pgx.ParseConfig(where)
		if err != nil {
			return nil, fault.Invalidf("%s is not a PostgreSQL address", redact(where))
		}
		pool := stdlib.OpenDB(*config)
		pool.SetMaxOpenConns(20)
		pool.SetMaxIdleConns(20)
		pool.SetConnMaxIdleTime(5 * time.Minute)
		return &DB{Engine: Postgres, write: pool, read: pool}, nil
	}
	if where == "" || strings.Contains(where, "://") {
		return nil, fault.Invalidf("%q is neither a file name nor a postgres:// address", redact(where))
	}
	// A new file is for its owner alone; its log takes after it. What is wrong with the name, SQLite says.
	if f, err := os.OpenFile(where, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		f.Close()
	}
	dsn := func(extra string) string { // each connection keeps 16 MB of pages at most
		return "file:" + (&url.URL{Path: where}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)" +
			"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_pragma=cache_size(-16000)" + extra
	}
	write, err := sql.Open("sqlite", dsn("&_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn("&_pragma=query_only(1)"))
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	kept := map[*sql.DB]*statements{write: newStatements(), read: newStatements()}
	return &DB{Engine: SQLite, write: write, read: read, file: where, kept: kept,
		together: together{turn: make(chan struct{}, 1)}}, nil
}

// MustExist reports a SQLite file that is not there, which Open would make.
func MustExist(where string) error {
	if IsPostgres(where) {
		return nil
	}
	if _, err := os.Stat(where); err != nil {
		return fault.NotFoundf("there is no database %s: correct --db, or make one with 'throughline organisation create' or 'throughline migrate'", where)
	}
	return nil
}

// IsPostgres says whether a database is named by a PostgreSQL address, not by a file.
func IsPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Remove deletes the SQLite file behind a closed handle, with its log.
func (d *DB) Remove() error {
	if d.Engine != SQLite {
		return nil
	}
	var err error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(d.file + suffix); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

func redact(where string) string {
	if u, err := url.Parse(where); err == nil && u.User != nil {
		return u.Redacted()
	}
	return where
}

// Close ends all connections.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Ping says whether the database answers and takes writes, as a standby does not, and whether the
// file that is open is still the one of that name.
func (d *DB) Ping(ctx context.Context) error {
	if d.Engine == SQLite {
		if now, err := os.Stat(d.file); err != nil || !os.SameFile(now, d.opened) {
			return errors.Join(fault.Conflictf("the file %s was taken away or replaced", d.file), err)
		}
	}
	if d.Engine == Postgres {
		var only string
		err := d.read.QueryRowContext(ctx, `SELECT current_setting('transaction_read_only')`).Scan(&only)
		if err == nil && only == "on" {
			err = errors.New("the database only reads: it is a standby")
		}
		return err
	}
	return d.read.PingContext(ctx)
}

// Write runs f in a serializable transaction and commits if f returns nil. On
// PostgreSQL f runs again when another transaction came between, so it must not
// change anything but the database and what it assigns anew each time.
func (d *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	return d.again(ctx, d.isolation(), "", f)
}

// WriteInTurn is Write for those who change the same few rows: one after the other, by the name of what they change, also
// where other copies of the program do.
func (d *DB) WriteInTurn(ctx context.Context, name string, f func(tx *Tx) error) error {
	if d.Engine != Postgres { // one writes at a time as it is
		return d.Write(ctx, f)
	}
	queue, _ := d.turns.LoadOrStore(name, make(chan struct{}, 1)) // of this copy one alone waits with a connection
	turn := queue.(chan struct{})
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-turn }()
	return d.again(ctx, d.isolation(), name, f)
}

// WriteAside is Write for many rows that nobody else reads or writes yet: it and others who write do not come between
// each other. What it reads beside these rows may change while it runs.
func (d *DB) WriteAside(ctx context.Context, f func(tx *Tx) error) error {
	isolation := d.isolation()
	if d.Engine == Postgres {
		isolation = sql.LevelReadCommitted
	}
	return d.again(ctx, isolation, "", f)
}

// again runs f, and runs it anew while others come between; where a turn is named, when it comes.
func (d *DB) again(ctx context.Context, isolation sql.IsolationLevel, turn string, f func(tx *Tx) error) error {
	var err error
	for try := range 20 {
		err = d.run(ctx, d.write, &sql.TxOptions{Isolation: isolation}, turn, f)
		if !cameBetween(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(1+rand.IntN(2<<min(try, 7))) * time.Millisecond): // at random, so that those who met do not meet again
		}
	}
	return err
}

// Read runs f on one consistent moment of the database; f cannot write.
func (d *DB) Read(ctx context.Context, f func(tx *Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return d.run(ctx, d.read, opts, "", f)
}

// Look runs f, which asks one thing that one query answers, without a transaction
// around it: nothing to begin and to end. f cannot write on SQLite, and must not.
func (d *DB) Look(ctx context.Context, f func(tx *Tx) error) error {
	kept := d.kept[d.read]
	kept.prepare(ctx, d.read)
	return f(&Tx{runner: d.read, Engine: d.Engine, kept: kept})
}

// during is the context in which the engine works on a statement. SQLite's driver
// guards each with a goroutine that may interrupt it, which takes as long as a short
// statement does: there a statement that has begun is let end, and none begins after
// ctx is done.
func during(ctx context.Context, e Engine) context.Context {
	if e == SQLite && ctx.Err() == nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (d *DB) isolation() sql.IsolationLevel {
	if d.Engine == Postgres {
		return sql.LevelSerializable
	}
	return sql.LevelDefault // SQLite transactions are serializable
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, turn string, f func(tx *Tx) error) error {
	kept := d.kept[pool]
	kept.prepare(ctx, pool)
	conn, err := pool.Conn(ctx) // a wait for one ends with ctx
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Close()
	if turn != "" { // before the transaction: what was written in the turns before is then seen
		if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, turn); err != nil {
			return fmt.Errorf("waiting for a turn: %w", err)
		}
		defer over(conn, turn)
	}
	tx, err := conn.BeginTx(during(ctx, d.Engine), opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if err := f(&Tx{runner: tx, Engine: d.Engine, kept: kept}); err != nil {
		return err
	}
	return tx.Commit()
}

// over ends a turn; a connection that cannot say so is given up, which ends it too.
func over(conn *sql.Conn, turn string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, turn); err != nil {
		conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}

func cameBetween(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, errBetween) || errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// IsDuplicate says whether err is a refused second row under a unique key.
func IsDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isNoTable says whether err is that a query names a table that is not there.
func isNoTable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "42P01"
	}
	return err != nil && strings.Contains(err.Error(), "no such table")
}

// Statement runs one statement outside any transaction.
func (d *DB) Statement(ctx context.Context, query string) error {
	_, err := d.write.ExecContext(ctx, query)
	return err
}

// Checkpoint moves SQLite's write-ahead log into the file and empties it, so
// that no trace of the order of past writes is left beside it. On PostgreSQL,
// whose log belongs to the server, it does nothing.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.Engine == Postgres {
		return nil
	}
	return d.Statement(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// Unsynced lets a SQLite file that is open not wait for the disk at commits, until it is closed: for one that is made
// from nothing, which nobody relies on before it is whole and synced. PostgreSQL waits as it is told to.
func (d *DB) Unsynced(ctx context.Context) error {
	if d.Engine == Postgres {
		return nil
	}
	return d.Statement(ctx, "PRAGMA synchronous = OFF") // of the one connection that writes
}

// Forget removes what is left of the former rows of tables: on SQLite the freed
// pages and the log, on PostgreSQL the dead rows, whose transaction numbers tell
// an order. PostgreSQL's own log is kept by its server.
func (d *DB) Forget(ctx context.Context, tables ...string) error {
	if d.Engine == Postgres {
		return d.Statement(ctx, "VACUUM FULL "+strings.Join(tables, ", "))
	}
	if err := d.Statement(ctx, "VACUUM"); err != nil {
		return err
	}
	return d.Checkpoint(ctx)
}
