package learningdb_test

import (
	"context"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// What a learning system says becomes hours; said again otherwise, the ledger says it otherwise.
func TestCompletionsOfALearningSystemBecomeHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.offers(t, learning.Resource{Name: "Tills", Modality: effort.Classroom, Minutes: 120, Price: 1000, Currency: "EUR"})
		feed := func(modality effort.Modality, lines ...string) learningdb.CompletionFeed {
			column := func(name string) org.Field { return org.Field{Column: name} }
			return learningdb.CompletionFeed{By: "Ada", Map: learning.CompletionMap{Person: column("who"), Resource: column("course"), Done: column("day"), Result: column("result"), Hours: column("hours"), Completed: []string{"yes"}, NotCompleted: []string{"no"}, Modality: modality},
				Sources: []org.Source{{Name: "lms.csv", Header: []string{"who", "course", "day", "result", "hours"}, Rows: func(yield func(org.Row, error) bool) {
					for n, line := range lines {
						if !yield(org.Row{Line: n + 2, Cells: strings.Split(line, ",")}, nil) {
							return
						}
					}
				}}}}
		}
		if _, err := w.ImportCompletions(ctx, w.organisation, feed("", "2,Tills,2026-03-01,yes,", "2,Safety,2026-03-01,yes,1")); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), `there is no resource "Safety"`) {
			t.Errorf("a resource that is not there: %v", err)
		}
		came, err := w.ImportCompletions(ctx, w.organisation, feed(effort.SelfPaced, "2,Tills,2026-03-01,yes,", "3,tills,2026-03-01,no,", "3,Safety,2026-03-02,yes,1.5", "4,Safety,,,"))
		if err != nil || came != (learningdb.CompletionsCame{Registrations: 4, Completed: 2, NotDone: 1, Resources: 1, Posted: 2}) {
			t.Errorf("%+v, %v", came, err)
		}
		total := func() (minutes int, cents int64) {
			t.Helper()
			all, err := effortdb.Store{DB: w.DB}.Entries(ctx, w.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfCompletion}})
			if err != nil {
				t.Fatal(err)
			}
			sum := effort.Sum(all)
			for _, c := range sum.Costs {
				cents += c.Amount
			}
			return sum.Participants, cents
		}
		if minutes, cents := total(); minutes != 120+90 || cents != 1000 {
			t.Errorf("%d minutes, %d cents", minutes, cents)
		}
		if came, err = w.ImportCompletions(ctx, w.organisation, feed("", "2,Tills,2026-03-01,no,", "3,Safety,2026-03-02,yes,2")); err != nil || came.Resources != 0 {
			t.Errorf("%+v, %v", came, err)
		}
		if minutes, cents := total(); minutes != 120 || cents != 0 {
			t.Errorf("said otherwise: %d minutes, %d cents", minutes, cents)
		}
		months, err := effortdb.Store{DB: w.DB, Now: w.Now}.Tallies(ctx, w.organisation, effort.Heading{Kind: effort.Whole}, "2026-01", "2026-12")
		if err != nil || len(months) != 1 {
			t.Fatalf("%+v, %v", months, err)
		}
		if blend := effort.AccountOf(effort.Rates{Own: "EUR"}, months).Blend(); blend.Minutes != 120 || blend.Modality[effort.SelfPaced] != 120 {
			t.Errorf("kept added up: %+v", blend)
		}
		if _, err := w.ImportCompletions(ctx, w.founded(t, "others"), feed("", "2,Tills,2026-03-01,yes,")); fault.KindOf(err) != fault.Invalid {
			t.Errorf("another organisation: %v", err)
		}
	})
}
