package strategydb_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

const (
	benchUnits      = 2000
	benchIndicators = 80
	benchMonths     = 60
)

// ledger fills one organisation: 2,000 stores in 200 regions of 10 countries, 80 indicators of which
// half are means weighted by another, 60 months; 9.6 million observations, in feeds of some months.
func ledger(b *testing.B, address string) (w *world, units []string) {
	b.Helper()
	d, err := db.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	w = newWorld(b, d)
	var paths []string
	for n := range benchUnits {
		paths = append(paths, fmt.Sprintf("All/Country %d/Region %d/Store %d", n%10, n%200, n))
		units = append(units, fmt.Sprint("Store ", n))
	}
	w.now = time.Date(2026, 12, 15, 9, 0, 0, 0, time.UTC)
	w.roster(b, w.organisation, "2026-02-01", paths...)
	for n := range benchIndicators {
		i := sum(fmt.Sprint("Indicator ", n))
		if n%2 == 1 {
			all, err := w.Indicators(context.Background(), w.organisation)
			if err != nil {
				b.Fatal(err)
			}
			for _, other := range all {
				if other.Name == fmt.Sprint("Indicator ", n-1) {
					i = mean(i.Name, other.ID)
				}
			}
		}
		w.defines(b, i)
	}
	return w, units
}

// block is the rows of some months for every unit and indicator.
func block(units []string, first period.Period, months, most int) iter.Seq2[strategy.Row, error] {
	return func(yield func(strategy.Row, error) bool) {
		line := 1
		for m := range months {
			p := string(first.Add(m))
			for u, unit := range units {
				for n := range benchIndicators {
					if line++; line > most+1 {
						return
					}
					v := 100 + float64((u*31+n*17+m*7)%50)
					if !yield(strategy.Row{Line: line, Indicator: fmt.Sprint("indicator-", n), Unit: unit, Period: p, Value: &v}, nil) {
						return
					}
				}
			}
		}
	}
}

const million = 1_000_000

// BenchmarkLedger imports a million observations on top of 8.6 million, reads scorecards of the
// whole and of a store, and does the same with plain tables of the same database.
func BenchmarkLedger(b *testing.B) {
	for engine, address := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			w, units := ledger(b, address(b))
			for m := 0; m < benchMonths-6; m += 6 {
				if _, err := w.Import(b.Context(), w.organisation, strategydb.Feed{Rows: block(units, period.Period("2022-01").Add(m), 6, 1<<40)}); err != nil {
					b.Fatal(err)
				}
			}
			b.Run("import", func(b *testing.B) {
				for b.Loop() {
					came, err := w.Import(b.Context(), w.organisation, strategydb.Feed{Rows: block(units, "2026-06", 7, million), Source: "kpi.csv"})
					if err != nil || came.Cells != million {
						b.Fatalf("%+v, %v", came, err)
					}
				}
				b.ReportMetric(float64(million*b.N)/b.Elapsed().Seconds(), "rows/s")
			})
			for _, unit := range []string{"All", "Region 7", "Store 7"} {
				at := w.unit(b, unit)
				b.Run("card of "+unit, func(b *testing.B) {
					for b.Loop() {
						c, err := w.Card(b.Context(), w.organisation, at, 2026, nil)
						if err != nil || len(c.Lines) != benchIndicators {
							b.Fatalf("%d lines, %v", len(c.Lines), err)
						}
					}
				})
			}
			all, err := w.Indicators(b.Context(), w.organisation)
			if err != nil {
				b.Fatal(err)
			}
			for _, unit := range []string{"All", "Region 7"} {
				at := w.unit(b, unit)
				b.Run("sheet of "+unit, func(b *testing.B) {
					for b.Loop() {
						if _, err := w.Sheet(b.Context(), w.organisation, at, all[1].ID, 2026, nil); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			one := func(v float64) strategydb.Feed {
				return strategydb.Feed{By: "feed", Rows: func(yield func(strategy.Row, error) bool) {
					yield(strategy.Row{Line: 1, Indicator: "indicator-0", Unit: "Store 7", Period: "2026-05", Value: &v}, nil)
				}}
			}
			b.Run("one value", func(b *testing.B) {
				n := 0.0
				for b.Loop() {
					n++
					if _, err := w.Import(b.Context(), w.organisation, one(n)); err != nil {
						b.Fatal(err)
					}
				}
			})
			bare(b, w.DB, units)
		})
	}
}

// bare is what the same rows cost the database alone: a plain table with one row an observation.
func bare(b *testing.B, d *db.DB, units []string) {
	ctx := b.Context()
	if err := d.Statement(ctx, `CREATE TABLE bare_observation (organisation_id TEXT NOT NULL, indicator_id TEXT NOT NULL, unit_id TEXT NOT NULL, period TEXT NOT NULL, value DOUBLE PRECISION NOT NULL, PRIMARY KEY (organisation_id, unit_id, indicator_id, period))`); err != nil {
		b.Fatal(err)
	}
	ids := map[string]string{}
	named := func(name string) string {
		if ids[name] == "" {
			ids[name] = id.New()
		}
		return ids[name]
	}
	organisation := id.New()
	write := func(rows iter.Seq2[strategy.Row, error]) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			var some [][]any
			flush := func() error {
				err := tx.InsertMany(ctx, "bare_observation", []string{"organisation_id", "indicator_id", "unit_id", "period", "value"}, some)
				some = some[:0]
				return err
			}
			for row := range rows {
				if some = append(some, []any{organisation, named(row.Indicator), named(row.Unit), row.Period, *row.Value}); len(some) == 5000 {
					if err := flush(); err != nil {
						return err
					}
				}
			}
			return flush()
		})
	}
	for m := 0; m < benchMonths-6; m += 6 {
		if err := write(block(units, period.Period("2022-01").Add(m), 6, 1<<40)); err != nil {
			b.Fatal(err)
		}
	}
	if err := write(block(units, "2026-01", 5, 1<<40)); err != nil { // so that the year has months
		b.Logf("%v", err)
	}
	b.Run("bare import", func(b *testing.B) {
		for b.Loop() {
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM bare_observation WHERE organisation_id = $1 AND period >= '2026-06'`, organisation)
				return err
			}); err != nil {
				b.Fatal(err)
			}
			start := time.Now()
			if err := write(block(units, "2026-06", 7, million)); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(million)/time.Since(start).Seconds(), "rows/s")
		}
	})
	read := func(b *testing.B, where string, args ...any) {
		for b.Loop() {
			err := d.Read(ctx, func(tx *db.Tx) error {
				all, err := db.All(ctx, tx, func(row db.Scanner) (v float64, err error) {
					var indicator, p string
					err = row.Scan(&indicator, &p, &v)
					return v, err
				}, `SELECT indicator_id, period, SUM(value) FROM bare_observation WHERE organisation_id = $1 AND period >= '2025-01' AND `+where+` GROUP BY indicator_id, period`, append([]any{organisation}, args...)...)
				if err == nil && len(all) == 0 {
					err = fmt.Errorf("nothing is read")
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("bare card of All", func(b *testing.B) { read(b, `unit_id <> ''`) })
	b.Run("bare card of Store 7", func(b *testing.B) { read(b, `unit_id = $2`, named("Store 7")) })
}
