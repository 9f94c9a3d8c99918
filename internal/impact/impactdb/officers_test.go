package impactdb_test

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// table reads one of the real files; the rows without their heading.
func table(t testing.TB, name string) [][]string {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	f, err := os.Open(filepath.Join(folder, "staggered", name))
	if folder == "" || err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing: %v", name, err)
		}
		t.Skipf("THROUGHLINE_DATA has no staggered/%s", name)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

const firstMonth, officerMonths = period.Period("2011-01"), 72

// The training of 7,785 officers as the ledgers have it: each officer a unit, complaints an indicator, the
// training an initiative. The published effect comes out of the database too.
func TestTheTrainingOfTheOfficersComesOutOfTheLedgers(t *testing.T) {
	ctx := context.Background()
	trained, months := table(t, "officers.csv"), table(t, "nonzero_officer_months.csv")
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "officers.db")) // on one engine: half a million values
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Date(2017, 2, 1, 9, 0, 0, 0, time.UTC) }
	orgs := orgdb.Store{DB: d, Now: clock}
	s := impactdb.Store{DB: d, Org: orgs, Strategy: strategydb.Store{DB: d, Org: orgs, Now: clock}, Effort: effortdb.Store{DB: d, Now: clock}, Now: clock}
	o, err := orgs.CreateOrganisation(ctx, org.Organisation{Slug: "police", Name: "Police", Language: "en"}, org.Account{Mail: "ada@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	people := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit"}, Rows: func(yield func(org.Row, error) bool) {
		for n, row := range trained {
			if !yield(org.Row{Line: n + 2, Cells: []string{row[0], "Officer " + row[0], "Police/" + row[0]}}, nil) {
				return
			}
		}
	}}
	if _, err := orgs.ImportRoster(ctx, o, orgdb.Roster{Day: "2010-12-01", Sources: []org.Source{people}, Map: org.Map{People: &org.Section{Key: org.Field{Column: "id"}, Name: org.Field{Column: "name"}, UnitPath: org.Field{Column: "unit"}}}}); err != nil {
		t.Fatal(err)
	}
	indicator, err := s.Strategy.SaveIndicator(ctx, o, strategy.Indicator{Name: "Complaints", Direction: strategy.Lower, OverUnits: strategy.SumOfUnits, OverTime: strategy.SumOfPeriods, Grain: period.Monthly, Perspective: strategy.Process}, "", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Strategy.Import(ctx, o, strategydb.Feed{Rows: complaints(t, trained, months), Source: "complaints.csv", By: "Ada"}); err != nil {
		t.Fatal(err)
	}
	units, err := s.Strategy.Units(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	unit := map[string]string{}
	for _, u := range units.Units {
		unit[u.Name] = u.ID
	}
	training := id.New()
	err = s.Effort.SaveInitiative(ctx, o, training, "Officer "+trained[0][0], "Ada", func(i *effort.Initiative) {
		i.Name, i.Kind, i.RollOut = "Procedural justice training", effort.Learning, effort.RollOut{Order: effort.ByLot, Reason: "In random order, as published"}
		for _, row := range trained {
			month, err := strconv.Atoi(row[1])
			if err != nil {
				t.Fatal(err)
			}
			i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: unit[row[0]]}, Day: firstMonth.Add(month - 1).First()})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	e := impact.Effect{ID: id.New(), Cause: training, Indicator: indicator, Plan: impact.Plan{Scope: unit["Police"], First: firstMonth, Method: impact.GroupTime, Controls: impact.NotYet}}
	if err := s.Write(ctx, o, e, "Ada"); err != nil {
		t.Fatal(err)
	}
	e, _, err = s.Effect(ctx, o, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Data(ctx, o, e)
	if err != nil {
		t.Fatal(err)
	}
	study, err := data.Study()
	if err != nil {
		t.Fatal(err)
	}
	got, err := impact.ATT(study.Panel, e.Question(0).Options)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Simple.ATT - -0.005176818) > 5e-10 || got.Treated != 7772 {
		t.Errorf("%.9f of %d officers", got.Simple.ATT, got.Treated)
	}
}

// complaints has a row for each officer and month; where the file has none there was none.
func complaints(t testing.TB, trained, months [][]string) func(yield func(strategy.Row, error) bool) {
	counts := map[[2]string]float64{}
	for _, row := range months {
		n, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		counts[[2]string{row[0], row[1]}] = n
	}
	return func(yield func(strategy.Row, error) bool) {
		line := 1
		for _, row := range trained {
			for m := range officerMonths {
				line++
				v := counts[[2]string{row[0], strconv.Itoa(m + 1)}]
				if !yield(strategy.Row{Line: line, Indicator: "complaints", Unit: row[0], Period: string(firstMonth.Add(m)), Value: &v}, nil) {
					return
				}
			}
		}
	}
}
