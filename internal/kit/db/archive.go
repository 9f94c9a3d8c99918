package db

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// An archive is JSON lines in gzip, the same for both engines: a line with the
// schema's version, then for every table a line with its name and columns and a
// line for each row, and at the end how many rows there were, so that an archive
// that was cut short is noticed.
type archiveHead struct {
	Archive string `json:"archive"`
	Schema  int64  `json:"schema"`
}

type archiveTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type archiveEnd struct {
	Rows int64 `json:"rows"`
}

const archiveName = "throughline 1"

// Backup writes everything but sessions to w, as of one moment, while others
// read and write. It reports a database that has not this program's schema.
func (d *DB) Backup(ctx context.Context, w io.Writer) error {
	if err := d.hasSchema(ctx); err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	out := json.NewEncoder(z)
	out.SetEscapeHTML(false)
	err := d.Read(ctx, func(tx *Tx) error {
		if err := out.Encode(archiveHead{archiveName, Latest()}); err != nil {
			return err
		}
		var end archiveEnd
		for _, table := range tables() {
			n, err := tx.dump(ctx, table, out)
			if err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
			end.Rows += n
		}
		return out.Encode(end)
	})
	return errors.Join(err, z.Close())
}

func (d *DB) hasSchema(ctx context.Context) error {
	var has int64
	err := d.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&has)
	if err != nil && !isNoTable(err) {
		return err
	}
	switch {
	case has == 0:
		return fault.NotFoundf("this database has nothing of Throughline in it: correct --db")
	case has != Latest():
		return fault.Conflictf("this database has schema %d and this program makes %d: bring it up to date with 'throughline migrate', or use the program that made it", has, Latest())
	}
	return nil
}

func (t *Tx) dump(ctx context.Context, table string, out *json.Encoder) (n int64, err error) {
	rows, err := t.Query(ctx, `SELECT * FROM `+table) // an archive holds every column there is
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	if err := out.Encode(archiveTable{table, columns}); err != nil {
		return 0, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = base64.StdEncoding.EncodeToString(b)
			}
		}
		if err := out.Encode(values); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// Restore reads an archive into a database without a schema, brings it up to
// date, and leaves nothing when the archive is damaged.
func (d *DB) Restore(ctx context.Context, r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return errNoArchive()
	}
	lines := bufio.NewReaderSize(z, 1<<20)
	var head archiveHead
	if err := next(lines, &head); err != nil || head.Archive != archiveName {
		return errNoArchive()
	}
	if head.Schema > Latest() {
		return fault.Conflictf("the backup has schema %d and this program knows up to %d: use a newer program", head.Schema, Latest())
	}
	p, err := d.provider()
	if err != nil {
		return err
	}
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if has != 0 {
		return fault.Conflictf("a backup is restored into a new database only, and this one is in use")
	}
	if _, err := p.UpTo(ctx, head.Schema); err != nil {
		return err
	}
	// Not Write: what has been read from the archive cannot be read again.
	load := func(tx *Tx) error { return tx.load(ctx, lines) }
	if err := d.run(ctx, d.write, &sql.TxOptions{}, "", load); err != nil {
		_, down := p.DownTo(ctx, 0)
		return errors.Join(err, down)
	}
	_, err = d.Migrate(ctx)
	return err
}

func errNoArchive() error { return fault.Invalidf("this file is not a backup of Throughline") }

func errCut() error {
	return fault.Invalidf("the backup is damaged or was cut short: nothing was restored")
}

func next(lines *bufio.Reader, v any) error {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return errCut()
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if d.Decode(v) != nil {
		return errCut()
	}
	return nil
}

func (t *Tx) load(ctx context.Context, lines *bufio.Reader) error {
	var into archiveTable
	var kinds []string
	var batch [][]any
	var rows int64
	flush := func() error {
		err := t.InsertMany(ctx, into.Table, into.Columns, batch)
		rows, batch = rows+int64(len(batch)), batch[:0]
		return err
	}
	known := tables()
	for {
		var line any
		if err := next(lines, &line); err != nil {
			return err
		}
		row, isRow := line.([]any)
		if isRow && len(row) == len(kinds) && len(row) > 0 {
			if err := restored(row, kinds); err != nil {
				return err
			}
			if batch = append(batch, row); len(batch) == 500 {
				if err := flush(); err != nil {
					return err
				}
			}
			continue
		}
		head, ok := line.(map[string]any)
		if !ok {
			return errCut()
		}
		if err := flush(); err != nil {
			return err
		}
		if n, ok := head["rows"].(json.Number); ok {
			if n.String() != fmt.Sprint(rows) {
				return errCut()
			}
			return nil
		}
		b, _ := json.Marshal(head)
		if json.Unmarshal(b, &into) != nil || !slices.Contains(known, into.Table) {
			return errCut()
		}
		var err error
		if kinds, err = t.kinds(ctx, into); err != nil {
			return err
		}
	}
}

// kinds returns the declared type of each column of an archived table.
func (t *Tx) kinds(ctx context.Context, a archiveTable) ([]string, error) {
	rows, err := t.Query(ctx, `SELECT * FROM `+a.Table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	kind := map[string]string{}
	for _, c := range types {
		kind[c.Name()] = strings.ToUpper(c.DatabaseTypeName())
	}
	kinds := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		if kinds[i] = kind[c]; kinds[i] == "" {
			return nil, errCut()
		}
	}
	return kinds, nil
}

// restored turns a row of JSON values into those of the columns.
func restored(row []any, kinds []string) error {
	for i, v := range row {
		var err error
		switch v := v.(type) {
		case json.Number:
			if strings.HasPrefix(kinds[i], "DOUBLE") || strings.HasPrefix(kinds[i], "FLOAT") {
				row[i], err = v.Float64()
			} else {
				row[i], err = v.Int64()
			}
			if kinds[i] == "BOOLEAN" || kinds[i] == "BOOL" {
				row[i] = v.String() != "0"
			}
		case string:
			if kinds[i] == "BYTEA" {
				row[i], err = base64.StdEncoding.DecodeString(v)
			}
		}
		if err != nil {
			return errCut()
		}
	}
	return nil
}

var created = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// tables lists the tables in the order in which the migrations first make them, so
// that what a row refers to comes before it. Sessions are left out.
func tables() []string {
	names, _ := fs.Glob(migrations, "migrations/*.sql")
	var all []string
	for _, n := range names {
		text, _ := migrations.ReadFile(n)
		for _, m := range created.FindAllSubmatch(text, -1) {
			if name := string(m[1]); name != "kit_session" && !slices.Contains(all, name) { // a later migration can make one anew
				all = append(all, name)
			}
		}
	}
	return all
}
