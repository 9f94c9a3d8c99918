package diagnosisdb_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/id"
)

// million is a million responses to the shipped instrument, from 10,000 units in a
// six-level tree with people in each, and a database file that holds them.
type million struct {
	in     *diagnosis.Instrument
	layout diagnosis.Layout
	file   string
}

const (
	millionPeople = 1_000_000
	millionUnits  = 10_000
	millionID     = "million"
)

func newMillion(b *testing.B) million {
	b.Helper()
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		b.Fatal(err)
	}
	m := million{in: in, file: dbtest.SQLite(b)}
	m.layout.Tables, m.layout.Simple = []diagnosis.Table{{Units: true}}, []int{0}
	for u := range int32(millionUnits) {
		parent := (u - 1) / 7
		if u == 0 {
			parent = -1
		}
		m.layout.Units = append(m.layout.Units, diagnosis.LayoutUnit{ID: fmt.Sprint(u), Name: fmt.Sprint("Unit ", u), Parent: parent})
		m.layout.Combinations = append(m.layout.Combinations, diagnosis.Combination{Unit: u})
	}
	d := m.open(b)
	defer d.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	err = d.Write(b.Context(), func(tx *db.Tx) error {
		for _, s := range []string{
			`INSERT INTO org_organisation (organisation_id, slug, name, language, simulated, made_at) VALUES ('big', 'big', 'Big', 'en', true, 0)`,
			`INSERT INTO diagnosis_diagnosis (organisation_id, id, name, instrument_id, source, roster_day, opens_at, closes_at, setup, layout, state, made_at, opened_at, closed_at)
				VALUES ('big', '` + millionID + `', '', '', '', '', 0, 0, '', '', 'open', 0, 0, 0)`,
		} {
			if _, err := tx.Exec(b.Context(), s); err != nil {
				return err
			}
		}
		items := len(in.Items())
		for range millionPeople / 10_000 {
			var rows [][]any
			for range 10_000 {
				row := make([]byte, items)
				for i := range row {
					if row[i] = byte(1 + rng.IntN(10)); rng.IntN(50) == 0 {
						row[i] = diagnosis.NotAnswered
					}
				}
				rows = append(rows, []any{"big", millionID, id.Random(), id.Random(), rng.IntN(millionUnits), row})
			}
			if err := tx.InsertMany(b.Context(), "diagnosis_response", []string{"organisation_id", "diagnosis_id", "id", "spent_hash", "combination", "answers"}, rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func (m million) open(b *testing.B) *db.DB {
	b.Helper()
	d, err := db.Open(b.Context(), m.file)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func (m million) snapshot(b *testing.B, d *db.DB) (a *diagnosis.Answers) {
	b.Helper()
	err := d.Read(b.Context(), func(tx *db.Tx) (err error) {
		a, err = diagnosisdb.Answers(b.Context(), tx, m.in, "big", millionID)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// figures is all histograms, means and withholding of every unit of the tree.
func (m million) figures(b *testing.B, a *diagnosis.Answers) diagnosis.Report {
	b.Helper()
	r, err := m.in.Figures(m.layout, diagnosis.Count(m.in, a, millionUnits), 5, 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// wide is a database with a column an item, of the same answers, and the query for
// the mean of each by the unit that people belong to.
type wide struct {
	*db.DB
	means string
}

func newWide(b *testing.B, d *db.DB, items int, a *diagnosis.Answers) wide {
	b.Helper()
	b.Cleanup(func() { d.Close() })
	columns, means := []string{"unit"}, []string{"unit"}
	for i := range items {
		columns = append(columns, fmt.Sprintf("i%d", i))
		means = append(means, fmt.Sprintf("avg(i%d)", i))
	}
	if err := d.Statement(b.Context(), "CREATE TABLE wide ("+strings.Join(columns, " SMALLINT, ")+" SMALLINT)"); err != nil {
		b.Fatal(err)
	}
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		var rows [][]any
		packed := make([]byte, items)
		for r := range a.Len() {
			a.Row(r, packed)
			row := []any{int64(a.Cell[r])}
			for _, v := range packed {
				if v == diagnosis.NotAnswered {
					row = append(row, nil)
				} else {
					row = append(row, int64(v))
				}
			}
			if rows = append(rows, row); len(rows) == 10_000 || r+1 == a.Len() {
				if err := tx.InsertMany(b.Context(), "wide", columns, rows); err != nil {
					return err
				}
				rows = rows[:0]
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := d.Statement(b.Context(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	return wide{d, "SELECT " + strings.Join(means, ", ") + " FROM wide GROUP BY unit"}
}

// mean runs the query and returns the mean of one item in one unit.
func (w wide) mean(b *testing.B, items int, unit int64, item int) (mean float64) {
	b.Helper()
	err := w.Read(b.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(b.Context(), w.means)
		if err != nil {
			return err
		}
		defer rows.Close()
		var u int64
		v := make([]float64, items)
		into := []any{&u}
		for i := range v {
			into = append(into, &v[i])
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return err
			}
			if u == unit {
				mean = v[item]
			}
		}
		return rows.Err()
	})
	if err != nil {
		b.Fatal(err)
	}
	return mean
}

// BenchmarkMillion takes turns, so that a busy machine is busy for all of them, and
// reports medians and their ratios: all histograms, means and withholding of every
// unit of the tree from the snapshot in memory; the databases' plain means by own
// unit; and from a file that was just opened, the same figures beside merely
// reading the answers.
func BenchmarkMillion(b *testing.B) {
	m := newMillion(b)
	d := m.open(b)
	a := m.snapshot(b, d)
	d.Close()
	items := len(m.in.Items())

	empty, err := db.Open(b.Context(), dbtest.SQLite(b))
	if err != nil {
		b.Fatal(err)
	}
	lite := newWide(b, empty, items, a)
	address := dbtest.Postgres(b)
	if empty, err = db.Open(b.Context(), address); err != nil {
		b.Fatal(err)
	}
	postgres := newWide(b, empty, items, a)

	const leaf = millionUnits - 1
	r := m.figures(b, a)
	for _, got := range []float64{lite.mean(b, items, leaf, 3), postgres.mean(b, items, leaf, 3)} {
		if want := r.Unit(leaf).Items[3].Mean; math.Abs(got-want) > 1e-9 {
			b.Fatalf("the mean of a leaf is %v in SQL, %v here", got, want)
		}
	}

	took := map[string][]float64{}
	timed := func(name string, do func()) {
		began := time.Now()
		do()
		took[name] = append(took[name], time.Since(began).Seconds())
	}
	for b.Loop() {
		timed("figures", func() { m.figures(b, a) })
		timed("postgres", func() { postgres.mean(b, items, leaf, 3) })
		timed("sqlite", func() { lite.mean(b, items, leaf, 3) })
		timed("figures", func() { m.figures(b, a) })
		timed("blobs", func() { m.blobs(b) })
		timed("cold", func() {
			d := m.open(b)
			defer d.Close()
			m.figures(b, m.snapshot(b, d))
		})
		timed("report", func() {
			if _, err := m.in.Report(m.layout, a, 5, 1, nil); err != nil {
				b.Fatal(err)
			}
		})
	}
	median := func(name string) float64 {
		slices.Sort(took[name])
		return took[name][len(took[name])/2]
	}
	for _, name := range []string{"figures", "postgres", "sqlite", "blobs", "cold", "report"} {
		b.ReportMetric(1000*median(name), name+"-ms")
	}
	b.ReportMetric(median("sqlite")/median("figures"), "times-sqlite")
	b.ReportMetric(median("postgres")/median("figures"), "times-postgres")
	b.ReportMetric(median("cold")/median("blobs"), "times-reading")
}

// blobs reads the answers and does nothing with them.
func (m million) blobs(b *testing.B) {
	b.Helper()
	d := m.open(b)
	defer d.Close()
	err := d.Read(b.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT combination, answers FROM diagnosis_response WHERE organisation_id = $1 AND diagnosis_id = $2`, "big", millionID)
		if err != nil {
			return err
		}
		defer rows.Close()
		var combination int32
		var packed []byte
		n := 0
		for rows.Next() {
			if err := rows.Scan(&combination, &packed); err != nil {
				return err
			}
			n++
		}
		if n != millionPeople {
			b.Fatalf("%d answers", n)
		}
		return rows.Err()
	})
	if err != nil {
		b.Fatal(err)
	}
}
