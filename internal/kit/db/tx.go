package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Tx is a running transaction. One SQL text serves both engines: $1
// placeholders, no date or JSON functions, close rows before the next query.
type Tx struct {
	Engine Engine
	runner runner
	kept   *statements
}

// runner is a transaction, or a pool.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// statement returns the kept statement of a query, tied to the transaction; nil for
// none.
func (t *Tx) statement(ctx context.Context, query string) *sql.Stmt {
	stmt := t.kept.find(query)
	if tx, ok := t.runner.(*sql.Tx); ok && stmt != nil {
		return tx.StmtContext(ctx, stmt)
	}
	return stmt
}

func (t *Tx) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	ctx = during(ctx, t.Engine)
	if stmt := t.statement(ctx, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return t.runner.ExecContext(ctx, query, args...)
}

func (t *Tx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	ctx = during(ctx, t.Engine)
	if stmt := t.statement(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return t.runner.QueryContext(ctx, query, args...)
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.exec(ctx, query, args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", short(query), err)
	}
	return r.RowsAffected()
}

// Query runs a query; the caller closes the rows.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := t.query(ctx, query, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", short(query), err)
	}
	return rows, nil
}

// QueryRow runs a query for one row; Scan gives sql.ErrNoRows when there is none.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = during(ctx, t.Engine)
	if stmt := t.statement(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return t.runner.QueryRowContext(ctx, query, args...)
}

// PlanAnew plans every query of this transaction for itself: for one that makes
// tables many times larger, in which a plan kept from its first queries would be bad.
func (t *Tx) PlanAnew(ctx context.Context) error {
	if t.Engine == SQLite {
		return nil
	}
	_, err := t.Exec(ctx, "SET LOCAL plan_cache_mode = force_custom_plan")
	return err
}

// PlanAsKept ends PlanAnew: for what comes after, such as the writing of many rows, planning each statement would take
// longer than it does.
func (t *Tx) PlanAsKept(ctx context.Context) error {
	if t.Engine == SQLite {
		return nil
	}
	_, err := t.Exec(ctx, "SET LOCAL plan_cache_mode = auto")
	return err
}

// Grown gathers what the planner should know of tables that this transaction has made
// many times larger, which also ends every plan that was kept for them.
func (t *Tx) Grown(ctx context.Context, tables ...string) error {
	if t.Engine == SQLite {
		return nil
	}
	_, err := t.Exec(ctx, "ANALYZE "+strings.Join(tables, ", "))
	return err
}

// Scanner is one row being read.
type Scanner interface{ Scan(dest ...any) error }

// All reads every row of a query with scan.
func All[T any](ctx context.Context, t *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", short(query), err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// One reads the one row of a query; found is false when there is none.
func One[T any](ctx context.Context, t *Tx, scan func(Scanner) (T, error), query string, args ...any) (v T, found bool, err error) {
	v, err = scan(t.QueryRow(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	if err != nil {
		return v, false, fmt.Errorf("%s: %w", short(query), err)
	}
	return v, true, nil
}

// Value scans a row of one column.
func Value[T any](s Scanner) (T, error) {
	var v T
	return v, s.Scan(&v)
}

// InsertMany inserts rows of as many values as there are columns, in as few
// statements as the engines' limits allow.
func (t *Tx) InsertMany(ctx context.Context, table string, columns []string, rows [][]any) error {
	return t.insert(ctx, table, columns, rows, "")
}

// PutMany is InsertMany in which a row takes the place of the one with its key, which is the
// first so many columns; no two of the rows have one key.
func (t *Tx) PutMany(ctx context.Context, table string, columns []string, key int, rows [][]any) error {
	var set []string
	for _, c := range columns[key:] {
		set = append(set, c+" = excluded."+c)
	}
	return t.insert(ctx, table, columns, rows, " ON CONFLICT ("+strings.Join(columns[:key], ", ")+") DO UPDATE SET "+strings.Join(set, ", "))
}

// ClaimMany is InsertMany of what others may take at the same time, such as numbers: where somebody has come between, the
// transaction runs anew.
func (t *Tx) ClaimMany(ctx context.Context, table string, columns []string, rows [][]any) error {
	return t.insert(ctx, table, columns, rows, claiming)
}

const claiming = " ON CONFLICT DO NOTHING"

// errBetween is that somebody has come between, who has what was to be claimed.
var errBetween = errors.New("somebody else has claimed it")

// Lock lets nobody else write a table until the transaction has ended; others read it. It comes first in a
// transaction, so that this sees what was written before. SQLite has one who writes as it is.
func (t *Tx) Lock(ctx context.Context, table string) error {
	if t.Engine != Postgres {
		return nil
	}
	_, err := t.Exec(ctx, `LOCK TABLE `+table+` IN EXCLUSIVE MODE`)
	return err
}

func (t *Tx) insert(ctx context.Context, table string, columns []string, rows [][]any, conflict string) error {
	if len(rows) == 0 {
		return nil
	}
	const parameters = 30_000 // SQLite allows 32,766 in a statement, PostgreSQL 65,535
	most := min(parameters/len(columns), 500)
	for len(rows) > 0 {
		n := min(most, len(rows))
		var q strings.Builder
		q.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
		args := make([]any, 0, n*len(columns))
		for i, row := range rows[:n] {
			if len(row) != len(columns) {
				return fmt.Errorf("insert into %s: %d values for %d columns", table, len(row), len(columns))
			}
			if i > 0 {
				q.WriteString(", ")
			}
			for j := range row {
				q.WriteString([]string{"(", ", "}[min(j, 1)] + t.placeholder(len(args)+j+1))
			}
			q.WriteString(")")
			args = append(args, row...)
		}
		q.WriteString(conflict)
		written, err := t.Exec(ctx, q.String(), args...)
		if err == nil && conflict == claiming && written < int64(n) {
			err = errBetween
		}
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Placeholders returns "$from, $from+1, ..." for n values.
func Placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// placeholder is $n, but ? on SQLite, which looks $n up by name: a statement would
// cost the square of its parameters.
func (t *Tx) placeholder(n int) string {
	if t.Engine == SQLite {
		return "?"
	}
	return "$" + strconv.Itoa(n)
}

func short(query string) string {
	query = strings.Join(strings.Fields(query), " ")
	if len(query) > 80 {
		query = query[:80] + "…"
	}
	return query
}
