package effortdb_test

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
)

const (
	million        = 1_000_000
	benchStores    = 2000
	benchPeople    = 50 // in each
	benchResources = 500
	benchFeeds     = 9 // of a million, before the one that is measured
	benchDays      = 730
)

// full is an organisation of 2,000 stores in 200 regions of 10 countries with 100,000 people.
func full(b *testing.B, address string) *world {
	b.Helper()
	d, err := db.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	w := newWorld(b, d)
	w.now = time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC)
	var paths []string
	for n := range benchStores * benchPeople {
		store := n / benchPeople
		paths = append(paths, fmt.Sprintf("p%d@All/Country %d/Region %d/Store %d", n, store%10, store%200, store))
	}
	w.roster(b, w.organisation, "2026-01-02", paths...)
	return w
}

// block is a million rows: two thirds learning, each tenth of staff, each fifth with a cost, half of them
// serving one of 500 resources, over the days of its share of two years.
func block(feed int) effortdb.Feed {
	resources := effort.Names{}
	for n := range benchResources {
		resources.Add(fmt.Sprint("resource ", n), fmt.Sprint("r", n))
	}
	var rows iter.Seq2[effort.Row, error] = func(yield func(effort.Row, error) bool) {
		hours, cost := 1.5, 40.25
		for i := range million {
			n := feed*million + i
			r := effort.Row{Line: i + 2, Day: period.Day("2025-01-01").Add(n * benchDays / ((benchFeeds + 1) * million)), What: fmt.Sprint("Effort ", n%1000), Person: fmt.Sprint("p", n*7919%(benchStores*benchPeople)), Hours: &hours,
				Modality: string(effort.Modalities[n%len(effort.Modalities)].Modality)}
			if n%3 == 0 {
				r.Kind, r.Modality = string(effort.Kinds[n%len(effort.Kinds)]), ""
			}
			if n%10 == 1 {
				r.Side = "staff"
			}
			if n%5 == 0 {
				r.Supplied, r.Managed = &cost, "central"
			}
			if n%2 == 0 {
				r.Serves[2] = fmt.Sprint("resource ", n%benchResources)
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	return effortdb.Feed{Rows: rows, Source: "efforts.csv", Names: map[string]effort.Names{effort.ForResource: resources}}
}

// BenchmarkLedger imports a million efforts on top of nine, and reads two years of what they add up to of
// the whole, a region, a store and a resource, and pages of the ledger; beside it, the database's own sum
// over the same rows.
func BenchmarkLedger(b *testing.B) {
	for engine, address := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			w := full(b, address(b))
			ctx := b.Context()
			load := func(b *testing.B, feed int) {
				start := time.Now()
				came, err := w.Import(ctx, w.organisation, block(feed))
				if err != nil || came.Entries != million {
					b.Fatalf("%+v, %v", came, err)
				}
				b.Logf("feed %d: %s", feed, time.Since(start).Round(time.Second/10))
			}
			for feed := range benchFeeds {
				load(b, feed)
			}
			b.Run("import", func(b *testing.B) {
				start, done := time.Now(), false
				for b.Loop() {
					if !done {
						load(b, benchFeeds)
						b.ReportMetric(million/time.Since(start).Seconds(), "rows/s")
						done = true
					}
				}
			})
			unit, person := w.units(b), w.people(b)
			for name, of := range map[string]effort.Heading{"the whole": {Kind: effort.Whole}, "All": {Kind: effort.TreeOf, ID: unit["All"]}, "a region": {Kind: effort.TreeOf, ID: unit["Region 7"]},
				"a store": {Kind: effort.TreeOf, ID: unit["Store 7"]}, "a resource": {Kind: effort.ForResource, ID: "r10"}} {
				b.Run("account of "+name, func(b *testing.B) {
					for b.Loop() {
						months, err := w.Tallies(ctx, w.organisation, of, "2025-01", "2026-12")
						if err != nil || len(months) != 24 {
							b.Fatalf("%d months, %v", len(months), err)
						}
						if a := effort.AccountOf(effort.Rates{Own: "EUR"}, months); a.Learners == 0 || a.Spending().Direct() == 0 {
							b.Fatalf("%+v", a)
						}
					}
				})
			}
			b.Run("measures of the whole and countries", func(b *testing.B) {
				of := []string{""}
				for n := range 10 {
					of = append(of, unit[fmt.Sprint("Country ", n)])
				}
				for b.Loop() {
					all, err := w.Footings(ctx, w.organisation, of, "2025-01", "2026-12")
					if err != nil || len(all) != len(of) {
						b.Fatal(err)
					}
					for _, months := range all {
						if effort.EfficiencyOf(effort.Rates{Own: "EUR"}, months).Direct() == 0 {
							b.Fatal("nothing")
						}
					}
				}
			})
			b.Run("scorecard of the whole", func(b *testing.B) {
				var origins []string
				for _, m := range effort.Measures {
					origins = append(origins, m.Origin())
				}
				for b.Loop() {
					all, err := w.Values(ctx, w.organisation, origins, []string{unit["All"]})
					if err != nil || len(all[unit["All"]]) != len(origins) {
						b.Fatal(err)
					}
				}
			})
			for name, q := range map[string]effortdb.LedgerQuery{"All": {Unit: unit["All"]}, "a store": {Unit: unit["Store 7"]}, "a person": {Person: person["p7"]}, "a resource": {Serves: effort.Target{Kind: effort.ForResource, ID: "r10"}}} {
				b.Run("page of "+name, func(b *testing.B) {
					for b.Loop() {
						page, err := w.Ledger(ctx, w.organisation, q)
						if err != nil || len(page) == 0 {
							b.Fatalf("%d entries, %v", len(page), err)
						}
					}
				})
			}
			e := effort.Entry{Day: "2026-06-01", Kind: effort.Learning, What: "Course", Hours: []effort.Hours{{Side: effort.Participant, Person: person["p7"], Minutes: 60}}}
			b.Run("one entry in and out", func(b *testing.B) {
				for b.Loop() {
					if err := w.SaveEntry(ctx, w.organisation, "mine", e, "Ada"); err != nil {
						b.Fatal(err)
					}
					if err := w.DeleteEntry(ctx, w.organisation, "mine", "Ada"); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("plain sum of the whole", func(b *testing.B) {
				for b.Loop() {
					plain(b, w)
				}
			})
			b.Run("a million taken back", func(b *testing.B) {
				if b.N > 1 {
					b.Skip("once")
				}
				if err := w.TakeBack(ctx, w.organisation, benchFeeds, "Ada"); err != nil {
					b.Fatal(err)
				}
			})
			b.Run("a million sent again with changes", func(b *testing.B) {
				if b.N > 1 {
					b.Skip("once")
				}
				for n, hours := range []float64{1.5, 2} {
					start, waited := time.Now(), make(chan time.Duration)
					done := make(chan bool)
					go func() { waited <- longest(b, w, person["p9"], done) }()
					came, err := w.Import(ctx, w.organisation, again(block(benchFeeds), hours))
					close(done)
					if err != nil || came.Entries+came.Kept != million {
						b.Fatalf("%+v, %v", came, err)
					}
					b.Logf("time %d: %s, %d new or changed, %d the same; one who types meanwhile waits %s at most", n+1, time.Since(start).Round(time.Second/10), came.Entries, came.Kept, (<-waited).Round(time.Millisecond))
				}
			})
		})
	}
}

// again is a file whose rows have references, with other hours in each tenth.
func again(f effortdb.Feed, hours float64) effortdb.Feed {
	rows := f.Rows
	f.Rows = func(yield func(effort.Row, error) bool) {
		for row, err := range rows {
			if row.Reference = fmt.Sprint("row-", row.Line); row.Line%10 == 0 {
				row.Hours = &hours
			}
			if !yield(row, err) {
				return
			}
		}
	}
	return f
}

// longest is how long somebody who types one entry after the other waits for it at most.
func longest(b *testing.B, w *world, person string, done chan bool) (most time.Duration) {
	e := effort.Entry{Day: "2026-06-01", Kind: effort.Learning, What: "Course", Hours: []effort.Hours{{Side: effort.Participant, Person: person, Minutes: 60}}}
	for {
		select {
		case <-done:
			return most
		case <-time.After(time.Second / 5):
			start := time.Now()
			if err := w.SaveEntry(b.Context(), w.organisation, "typed", e, "Ada"); err != nil {
				b.Error(err)
				return most
			}
			most = max(most, time.Since(start))
			e.Hours[0].Minutes++
		}
	}
}

// plain adds up hours by kind, modality and side in the database, and counts who learned.
func plain(b *testing.B, w *world) {
	b.Helper()
	err := w.DB.Read(b.Context(), func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT e.kind, SUM(h.minutes) FROM effort_hours h JOIN effort_entry e ON e.organisation_id = h.organisation_id AND e.id = h.entry_id WHERE h.organisation_id = $1 GROUP BY e.kind, e.modality, h.side`,
			`SELECT e.kind, COUNT(DISTINCT h.person_id) FROM effort_hours h JOIN effort_entry e ON e.organisation_id = h.organisation_id AND e.id = h.entry_id WHERE h.organisation_id = $1 AND e.kind = 'learning' AND h.side = 'participant' GROUP BY e.kind`,
		} {
			all, err := db.All(b.Context(), tx, func(row db.Scanner) (n int64, err error) {
				var kind string
				err = row.Scan(&kind, &n)
				return n, err
			}, query, w.organisation)
			if err != nil || len(all) == 0 {
				return fmt.Errorf("%d sums, %w", len(all), err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
