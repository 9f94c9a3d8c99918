package effortdb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"

	"github.com/google/go-cmp/cmp"
)

// A file of two parts comes in, comes in again with changes, and is taken back, while two people type one entry after the
// other as fast as they can: nothing fails, and the sums are those of the entries.
func TestFilesComeAndGoWhileOthersType(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		person := w.people(t)
		typed := make(chan error)
		for _, who := range []string{"pGent", "pRadom"} {
			go func() {
				for n := 1; ctx.Err() == nil; n++ {
					e := effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "Course", Hours: []effort.Hours{{Side: effort.Participant, Person: person[who], Minutes: n%50 + 1}}}
					if err := w.SaveEntry(context.Background(), w.organisation, who, e, "Ada"); err != nil {
						typed <- err
						return
					}
				}
				typed <- nil
			}()
		}
		feed := func(hours float64) effortdb.Feed {
			return effortdb.Feed{Source: "efforts.csv", By: "Ada", Rows: func(yield func(effort.Row, error) bool) {
				for n := range 6_000 {
					r := row("Course", []string{"pGent", "pBrugge", "pLublin", "pRadom", "pOffice"}[n%5], "", 1)
					if r.Line, r.Reference = n+2, fmt.Sprint("r", n); n%10 == 0 {
						r.Hours = &hours
					}
					if !yield(r, nil) {
						return
					}
				}
			}}
		}
		for n, hours := range []float64{1, 2} {
			came, err := w.Import(ctx, w.organisation, feed(hours))
			if want := []int{6_000, 600}[n]; err != nil || came.Entries != want {
				t.Errorf("%+v, %v", came, err)
			}
		}
		if err := w.TakeBack(ctx, w.organisation, 1, "Ada"); err != nil {
			t.Error(err)
		}
		cancel()
		for range 2 {
			if err := <-typed; err != nil {
				t.Error(err)
			}
		}
		months, err := w.Tallies(context.Background(), w.organisation, effort.Heading{Kind: effort.Whole}, "2026-01", "2026-04")
		if err != nil || len(months) != 1 {
			t.Fatalf("%d months, %v", len(months), err)
		}
		sum := effort.Sum(w.entries(t))
		kept := effort.AccountOf(effort.Rates{Own: "EUR"}, months)
		if diff := cmp.Diff([2]int{sum.Participants, sum.People}, [2]int{int(kept.Blend().Minutes), kept.Learners}); diff != "" || sum.Entries != 602 {
			t.Errorf("%d entries: %s", sum.Entries, diff)
		}
	})
}

// An import that stands still while it adds up is taken for cut off by who clears up: it says so, and nothing is left of it.
func TestAnImportThatWasClearedAwaySaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		named := func(hours float64) effort.Row {
			r := row("Course", "pGent", "", hours)
			r.Reference = "a"
			return r
		}
		w.imports(t, named(1))
		feed := effortdb.Feed{Source: "again.csv", Rows: rows(named(2)), Progress: func(_, total int) {
			if total > 0 {
				w.now = w.now.Add(6 * time.Minute)
				if err := w.Renew(ctx); err != nil {
					t.Error(err)
				}
			}
		}}
		if _, err := w.Import(ctx, w.organisation, feed); fault.KindOf(err) != fault.Conflict {
			t.Errorf("it came in: %v", err)
		}
		months, err := w.Tallies(ctx, w.organisation, effort.Heading{Kind: effort.Whole}, "2026-01", "2026-04")
		if err != nil || len(months) != 1 || effort.AccountOf(effort.Rates{Own: "EUR"}, months).Blend().Minutes != 60 {
			t.Errorf("%+v, %v", months, err)
		}
	})
}
