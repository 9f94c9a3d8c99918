package effortdb

import (
	"context"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// An entry that is changed from one person to another who is in the file too, with the same minutes, between adding up what
// is left of a month without the file and taking it out: the sums are as they were, and what is left is not.
func TestWhatIsLeftIsAddedUpAgainWhenTheLedgerHasChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := context.Background(), func() time.Time { return time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC) }
		orgs, s := orgdb.Store{DB: d, Now: now}, Store{DB: d, Now: now}
		o, err := orgs.CreateOrganisation(ctx, org.Organisation{Slug: "works", Name: "Works", Language: "en"}, org.Account{Mail: "ada@example.org", Name: "Ada"})
		if err != nil {
			t.Fatal(err)
		}
		column := func(name string) org.Field { return org.Field{Column: name} }
		m := org.Map{People: &org.Section{Key: column("id"), Name: column("id"), UnitPath: column("unit")}}
		roster := org.Source{Name: "roster.csv", Header: []string{"id", "unit"}, Rows: func(yield func(org.Row, error) bool) {
			_ = yield(org.Row{Line: 2, Cells: []string{"ann", "All"}}, nil) && yield(org.Row{Line: 3, Cells: []string{"bob", "All"}}, nil)
		}}
		if _, err := orgs.ImportRoster(ctx, o, orgdb.Roster{Day: "2026-01-01", Map: m, Sources: []org.Source{roster}}); err != nil {
			t.Fatal(err)
		}
		hours := 1.0
		_, err = s.Import(ctx, o, Feed{Source: "both.csv", Rows: func(yield func(effort.Row, error) bool) {
			row := func(line int, who string) effort.Row {
				return effort.Row{Line: line, Day: "2026-03-02", What: "Course", Person: who, Hours: &hours}
			}
			_ = yield(row(2, "ann"), nil) && yield(row(3, "bob"), nil)
		}})
		if err != nil {
			t.Fatal(err)
		}
		typed := func(who string) {
			p, err := orgs.PersonByKey(ctx, o, who, "2026-03-02")
			if err == nil {
				err = s.SaveEntry(ctx, o, "typed", effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "Alone", Hours: []effort.Hours{{Side: effort.Participant, Person: p.ID, Minutes: 60}}}, "Ada")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		typed("ann")
		g, err := s.goingNext(ctx, o, 1)
		if err != nil || g.month != "2026-03" {
			t.Fatalf("%+v, %v", g, err)
		}
		typed("bob")
		err = d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE effort_feed SET state = 'going' WHERE organisation_id = $1`, o); err != nil {
				return err
			}
			return s.take(ctx, tx, o, g)
		})
		if err != nil {
			t.Fatal(err)
		}
		var kept, plain effort.Tally
		err = d.Read(ctx, func(tx *db.Tx) error {
			units, err := s.unitsIn(ctx, tx, o)
			if err != nil {
				return err
			}
			at := effort.At{Heading: effort.Heading{Kind: effort.OwnOf, ID: units.Units[0].ID}, Month: "2026-03"}
			all, err := read(ctx, tx, o, page{at.Kind, at.Month}, nil, nil)
			if err != nil {
				return err
			}
			kept = *all[at]
			left, err := remade(ctx, tx, o, at, nobodys, nobodys)
			plain = *left
			return err
		})
		if err != nil || !kept.Learners.Equals(plain.Learners) || kept.Learners.GetCardinality() != 1 {
			t.Errorf("kept %v, the entries say %v, %v", kept.Learners, plain.Learners, err)
		}
	})
}
