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
			made, err := t.SaveDirectoryPerson(ctx, t.organisation, id, said(d), "it")
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
		if _, err := t.SaveDirectoryPerson(ctx, t.organisation, "", said(org.DirectoryPerson{UserName: "new@acme.example", Active: true}), "it"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("under a roster of a later day: %v", err)
		}
	})
}

// said is a change to what a directory says of somebody, whatever it was.
func said(d org.DirectoryPerson) func(org.DirectoryPerson) (org.DirectoryPerson, error) {
	return func(org.DirectoryPerson) (org.DirectoryPerson, error) { return d, nil }
}

// Nobody takes over from somebody else what hangs on a number or an address.
func TestADirectoryTakesNobodyForSomebodyElse(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, now := t.Context(), time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		t.Store.Now = func() time.Time { return now }
		m := org.Map{People: &org.Section{Key: column("Id"), Name: column("Name"), Mail: column("Mail"), UnitPath: column("Unit")}}
		stay := []string{"Id|Name|Mail|Unit", "E1|Ann|ann@acme.example|All", "E3|Till one|till@acme.example|All", "E4|Till two|till@acme.example|All"}
		t.load("2026-03-01", m, table("march.csv", append(slices.Clone(stay), "E12|John Old|john@acme.example|All")...))
		t.load("2026-04-01", m, table("april.csv", stay...))
		save := func(name, number string) (string, error) {
			return t.SaveDirectoryPerson(ctx, t.organisation, "", said(org.DirectoryPerson{UserName: name + "@acme.example", Number: number, Active: true}), "it")
		}
		key := func(id string) string {
			p, err := t.Person(ctx, t.organisation, id, period.DayOf(now))
			if err != nil {
				t.Error(err)
			}
			return p.Key
		}
		for name, number := range map[string]string{"ann": "E9", "till": ""} {
			if _, err := save(name, number); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s with the number %q: %v", name, number, err)
			}
		}
		known, err := save("ann", "")
		if err != nil || key(known) != "E1" {
			t.Errorf("%s is known by the address: %v", known, err)
		}
		now = now.AddDate(0, 0, 1)
		if eve, err := save("eve", "E1"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s has Ann's number: %v", eve, err)
		}
		old, err := t.PersonByKey(ctx, t.organisation, "E12", "2026-03-15")
		if err == nil {
			_, err = t.CreateAccount(ctx, t.organisation, org.Account{Mail: "john@acme.example", Name: "John Old", Person: "E12"}, "it")
		}
		if err != nil {
			t.Fatal(err)
		}
		if door, err := t.Welcome(ctx, t.organisation, org.SignOn{}, org.Identity{Subject: "new john", Mail: "john@acme.example", Verified: true}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a new John is let in with the account of the old one: %+v, %v", door, err)
		}
		for _, number := range []string{"E77", ""} {
			made, err := save("john", number)
			if err != nil || made == old.ID || key(made) == "E12" {
				t.Errorf("a new John with the number %q is %s: %v", number, made, err)
			}
			if err := t.DropDirectoryPerson(ctx, t.organisation, made, "it"); err != nil {
				t.Error(err)
			}
		}
		if again, err := save("john.old", "E12"); err != nil || again != old.ID {
			t.Errorf("who comes back with the number is %s, was %s: %v", again, old.ID, err)
		}
		lo, err := save("lo", "")
		if err != nil || key(lo) != "lo@acme.example" {
			t.Error(err)
		}
		if err := t.DropDirectoryPerson(ctx, t.organisation, lo, "it"); err != nil {
			t.Error(err)
		}
		if other, err := save("lo", ""); err != nil || other == lo || key(other) == "lo@acme.example" {
			t.Errorf("a user name given anew: %s, was %s: %v", other, lo, err)
		}
	})
}

// A change made of what is known is of what is known when it is kept.
func TestADirectoryLosesNoChange(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		one, err := t.SaveDirectoryPerson(ctx, t.organisation, "", said(org.DirectoryPerson{UserName: "ann@acme.example", Active: true}), "it")
		if err != nil {
			t.Fatal(err)
		}
		unit, err := t.SaveDirectoryUnit(ctx, t.organisation, "", func(u org.DirectoryUnit) (org.DirectoryUnit, error) { u.Name = "North"; return u, nil }, "it")
		if err != nil {
			t.Fatal(err)
		}
		const many = 12
		done := make(chan error)
		for n := range many {
			go func() {
				_, err := t.SaveDirectoryPerson(ctx, t.organisation, one, func(d org.DirectoryPerson) (org.DirectoryPerson, error) {
					if d.Title += "x"; n == 3 {
						d.Active = false
					}
					return d, nil
				}, "it")
				if err == nil {
					var member string
					member, err = t.SaveDirectoryPerson(ctx, t.organisation, "", said(org.DirectoryPerson{UserName: fmt.Sprintf("p%d@acme.example", n), Active: true}), "it")
					if err == nil {
						_, err = t.SaveDirectoryUnit(ctx, t.organisation, unit, func(u org.DirectoryUnit) (org.DirectoryUnit, error) {
							u.People = append(u.People, member)
							return u, nil
						}, "it")
					}
				}
				done <- err
			}()
		}
		for range many {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if d, err := t.DirectoryPerson(ctx, t.organisation, one); err != nil || len(d.Title) != many || d.Active {
			t.Errorf("%+v, %v", d, err)
		}
		if units, err := t.DirectoryUnits(ctx, t.organisation, unit); err != nil || len(units[0].People) != many {
			t.Errorf("%+v, %v", units, err)
		}
	})
}

// An account is open while the person is active, whatever becomes of the roster in between, and an
// administrator's own closing stays.
func TestAnAccountIsOpenWhileThePersonIsActive(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		set := func(person string, active bool) string {
			t.Helper()
			saved, err := t.SaveDirectoryPerson(ctx, t.organisation, person, said(org.DirectoryPerson{UserName: "ann@acme.example", Number: "E1", Active: active}), "it")
			if err != nil {
				t.Fatal(err)
			}
			return saved
		}
		person := set("", true)
		var accounts []string
		for mail, number := range map[string]string{"ann@acme.example": "", "ann2@acme.example": "E1", "ann3@acme.example": "E1"} {
			made, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: mail, Name: "Ann", Person: number}, "it")
			if err != nil {
				t.Fatal(err)
			}
			accounts = append(accounts, made)
		}
		if err := t.CloseAccount(ctx, t.organisation, accounts[2], "Ada"); err != nil {
			t.Fatal(err)
		}
		expect := func(when string, closed bool) {
			t.Helper()
			for n, id := range accounts {
				a, err := t.Account(ctx, t.organisation, id)
				if err != nil || a.Closed != (closed || n == 2) {
					t.Errorf("%s: account %d: %+v, %v", when, n, a, err)
				}
			}
		}
		set(person, false)
		expect("not active", true)
		imports, err := t.RosterImports(ctx, t.organisation)
		if err == nil {
			err = t.TakeBackRoster(ctx, t.organisation, imports[0].ID, "it")
		}
		if err != nil {
			t.Fatal(err)
		}
		set(person, true)
		expect("active again, the day taken back", false)
		if err := t.DropDirectoryPerson(ctx, t.organisation, person, "it"); err != nil {
			t.Fatal(err)
		}
		expect("dropped", true)
		if again := set("", true); again != person {
			t.Errorf("%s comes back as %s", person, again)
		}
		expect("back", false)
	})
}

// Many changes at once, of people and of units, are done one after the other.
func TestADirectoryMaySayManyThingsAtOnce(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		done := make(chan error)
		for n := range 12 {
			go func() {
				_, err := t.SaveDirectoryPerson(ctx, t.organisation, "", said(org.DirectoryPerson{UserName: fmt.Sprintf("p%d@acme.example", n), Department: []string{"North", "South"}[n%2], Active: true}), "it")
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
			if _, err := s.SaveDirectoryPerson(ctx, o, "", said(org.DirectoryPerson{UserName: fmt.Sprintf("p%d@many.example", n), Display: fmt.Sprint("Changed ", n), Active: true}), "it"); err != nil {
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
