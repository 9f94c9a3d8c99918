package orgdb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// A directory changes the roster day by day: each day stays as it was, one day is one import, and a later
// file goes on from there.
func TestWhatADirectorySaysHoldsFromItsDayOn(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, now := t.Context(), time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		t.Store.Now = func() time.Time { return now }
		t.load("2026-04-01", staff, table("april.csv", springStaff...))
		save := func(id string, d org.DirectoryPerson) string {
			t.Helper()
			d.UserName, d.Active = "cy@acme.example", true
			d.ID = id
			made, err := t.SaveDirectoryPerson(ctx, t.organisation, d, "it")
			if err != nil {
				t.Fatal(err)
			}
			return made
		}
		before, err := t.PersonByKey(ctx, t.organisation, "3", "2026-04-30")
		if err != nil {
			t.Fatal(err)
		}
		cy := save("", org.DirectoryPerson{Display: "Cy", Department: "Depot"})
		if cy != before.ID {
			t.Errorf("Cy is %s, was %s", cy, before.ID)
		}
		now = now.AddDate(0, 0, 4)
		save(cy, org.DirectoryPerson{Display: "Cyril", Department: "Depot"})
		save(cy, org.DirectoryPerson{Display: "Cyrille", Department: "Depot"}) // once more that day
		save(cy, org.DirectoryPerson{Display: "Cyrille", Department: "Depot"}) // and nothing new
		for day, want := range map[period.Day]string{"2026-04-30": "Cy One Gent", "2026-05-01": "Cy Depot Gent", "2026-05-04": "Cy Depot Gent", "2026-05-05": "Cyrille Depot Gent"} {
			p, err := t.Person(ctx, t.organisation, cy, day)
			if got := fmt.Sprint(p.Name, " ", p.Unit.Name, " ", p.Location.Name); err != nil || got != want || p.Key != "3" || p.Attributes["Shift"] != "night" || p.Manager.Key != "2" {
				t.Errorf("on %s %s, want %s: %+v, %v", day, got, want, p, err)
			}
		}
		history, err := t.PersonHistory(ctx, t.organisation, cy)
		if err != nil || len(history) != 3 {
			t.Errorf("%+v, %v", history, err)
		}
		imports, err := t.RosterImports(ctx, t.organisation)
		if err != nil || len(imports) != 3 || imports[0].Report.People.Changed != 2 || imports[1].Report.People.Moved != 1 {
			t.Errorf("%+v, %v", imports, err)
		}
		if _, found, err := t.LastRosterMap(ctx, t.organisation); err != nil || !found {
			t.Errorf("the map of the file is lost: %v", err)
		}
		now = now.AddDate(0, 0, 1)
		if err := t.DropDirectoryPerson(ctx, t.organisation, cy, "it"); err != nil {
			t.Fatal(err)
		}
		if _, err := t.Person(ctx, t.organisation, cy, "2026-05-06"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("after leaving: %v", err)
		}
		imports, _ = t.RosterImports(ctx, t.organisation)
		for range 2 { // the leaving, and the day before
			if err := t.TakeBackRoster(ctx, t.organisation, imports[0].ID, "it"); err != nil {
				t.Fatal(err)
			}
			imports = imports[1:]
		}
		if p, err := t.Person(ctx, t.organisation, cy, "2026-05-06"); err != nil || p.Name != "Cy" || p.Unit.Name != "Depot" {
			t.Errorf("taken back: %+v, %v", p, err)
		}
		t.load("2026-05-06", staff, table("may.csv", springStaff...))
		if p, err := t.Person(ctx, t.organisation, cy, "2026-05-06"); err != nil || p.Unit.Name != "One" {
			t.Errorf("a later file: %+v, %v", p, err)
		}
		t.load("2026-06-01", staff, table("june.csv", springStaff...))
		if _, err := t.SaveDirectoryPerson(ctx, t.organisation, org.DirectoryPerson{UserName: "new@acme.example", Active: true}, "it"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("under a roster of a later day: %v", err)
		}
	})
}

// Many changes at once, of people and of units, are done one after the other.
func TestADirectoryMaySayManyThingsAtOnce(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		done := make(chan error)
		for n := range 12 {
			go func() {
				_, err := t.SaveDirectoryPerson(ctx, t.organisation, org.DirectoryPerson{UserName: fmt.Sprintf("p%d@acme.example", n), Department: []string{"North", "South"}[n%2], Active: true}, "it")
				done <- err
			}()
		}
		for range 12 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		units := t.structureOn("2026-05-01").Units
		if len(units) != 3 || units[0].Total.People != 12 || units[1].Total.People != 6 {
			t.Errorf("%+v", units)
		}
		imports, err := t.RosterImports(ctx, t.organisation)
		if err != nil || len(imports) != 1 || imports[0].Report.People.Added != 12 || imports[0].Report.Units.Added != 3 {
			t.Errorf("%+v, %v", imports, err)
		}
	})
}

// BenchmarkDirectory is a directory beside 100,000 people: finding one by name, listing, and changing one.
func BenchmarkDirectory(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchDirectory(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchDirectory(b, dbtest.Postgres(b)) })
}

func benchDirectory(b *testing.B, address string) {
	ctx := b.Context()
	d, err := db.Open(ctx, address)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	s := orgdb.Store{DB: d}
	o, err := s.CreateOrganisation(ctx, org.Organisation{Slug: "many", Name: "many", Language: "en"}, org.Account{Mail: "a@many.example", Name: "A"})
	if err != nil {
		b.Fatal(err)
	}
	rows := func(yield func(org.Row, error) bool) {
		for n := range 100_000 {
			if !yield(org.Row{Line: n + 2, Cells: []string{fmt.Sprint(n), fmt.Sprint("Person ", n), fmt.Sprintf("p%d@many.example", n), fmt.Sprintf("All/%d/%d", n%40, n%2000)}}, nil) {
				return
			}
		}
	}
	m := org.Map{People: &org.Section{Key: column("Id"), Name: column("Name"), Mail: column("Mail"), UnitPath: column("Unit")}}
	if _, err := s.ImportRoster(ctx, o, orgdb.Roster{Day: period.DayOf(time.Now()), Map: m, Sources: []org.Source{{Name: "many.csv", Header: []string{"Id", "Name", "Mail", "Unit"}, Rows: rows}}}); err != nil {
		b.Fatal(err)
	}
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if all, err := s.DirectoryPeople(ctx, o, orgdb.DirectoryQuery{UserName: "p5000@many.example"}); err != nil || len(all) != 1 {
				b.Fatal(len(all), err)
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			if all, total, err := s.DirectoryPage(ctx, o, 50_000, 200); err != nil || len(all) != 200 || total != 100_000 {
				b.Fatal(len(all), total, err)
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if all, err := s.DirectoryPeople(ctx, o, orgdb.DirectoryQuery{}); err != nil || len(all) != 100_000 {
				b.Fatal(len(all), err)
			}
		}
	})
	n := 0
	b.Run("change", func(b *testing.B) {
		for b.Loop() {
			n++
			if _, err := s.SaveDirectoryPerson(ctx, o, org.DirectoryPerson{UserName: fmt.Sprintf("p%d@many.example", n), Display: fmt.Sprint("Changed ", n), Active: true}, "it"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestADirectoryPersonIsReadAsTheRosterHasIt(t *testing.T) {
	was := org.Person{ID: "1", Key: "K", Name: "Old", Level: org.LevelManager, FTE: .5, Attributes: map[string]string{"Shift": "night"}}
	d := org.DirectoryPerson{UserName: "a@x.org", Given: "A", Family: "B", Number: "other", Language: "nl", Level: "Team Leader"}
	p := d.Person(was)
	if p.Key != "K" || p.Name != "A B" || p.Mail != "a@x.org" || p.Level != org.LevelTeamLeader || p.FTE != .5 || p.Attributes["language"] != "nl" || p.Attributes["Shift"] != "night" || len(was.Attributes) != 1 {
		t.Errorf("%+v", p)
	}
	if p := (org.DirectoryPerson{UserName: "ab"}).Person(org.Person{}); p.Key != "ab" || p.Mail != "" || p.FTE != 1 {
		t.Errorf("%+v", p)
	}
	if !slices.Contains(org.Levels, p.Level) {
		t.Error(p.Level)
	}
}
