package orgdb_test

import (
	"fmt"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// crowd makes a file of n people in 500 units; in the second wave one in 50 has
// changed unit, one in 100 has left and as many have come.
func crowd(n, wave int) org.Source {
	s := org.Source{Name: "crowd.csv", Header: []string{"Id", "Name", "Mail", "Unit", "Site", "Country", "Level", "Boss", "Shift"}}
	s.Rows = func(yield func(org.Row, error) bool) {
		for i := range n {
			id, unit := i, i%500
			if wave > 0 && i%50 == 0 {
				unit = (unit + 1) % 500
			}
			if wave > 0 && i%100 == 1 {
				id += n
			}
			key := strconv.Itoa(id)
			cells := []string{key, "Person " + key, "p" + key + "@acme.example", fmt.Sprintf("Acme/Region %d/Shop %d", unit%10, unit),
				fmt.Sprintf("Town %d", unit%60), "NL", "employee", strconv.Itoa(i % 500), "day"}
			if !yield(org.Row{Line: i + 2, Cells: cells}, nil) {
				return
			}
		}
	}
	return s
}

var crowdMap = org.Map{People: &org.Section{
	Key: column("Id"), Name: column("Name"), Mail: column("Mail"), UnitPath: column("Unit"), Location: column("Site"),
	Country: column("Country"), Level: column("Level"), Manager: column("Boss"), Attributes: map[string]org.Field{"Shift": column("Shift")},
}}

// BenchmarkImportRoster imports a roster into a fresh database and then a second
// one upon it. peak-MB is the most heap in use at any moment: it must not
// grow with the people.
func BenchmarkImportRoster(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("sqlite/people=%d", n), func(b *testing.B) { benchImport(b, n, dbtest.SQLite(b)) })
		b.Run(fmt.Sprintf("postgres/people=%d", n), func(b *testing.B) { benchImport(b, n, dbtest.Postgres(b)) })
	}
}

func benchImport(b *testing.B, n int, address string) {
	d, err := db.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	s := orgdb.Store{DB: d}
	runs := 0
	for b.Loop() {
		b.StopTimer()
		runs++
		organisation, err := s.CreateOrganisation(b.Context(), org.Organisation{Slug: fmt.Sprint("acme-", runs), Name: "Acme", Language: "en"},
			org.Account{Mail: "admin@acme.example", Name: "Admin"})
		if err != nil {
			b.Fatal(err)
		}
		peak := watchHeap()
		b.StartTimer()
		for wave, day := range []period.Day{"2026-01-01", "2026-02-01"} {
			start := time.Now()
			report, err := s.ImportRoster(b.Context(), organisation, orgdb.Roster{Day: day, Map: crowdMap, Sources: []org.Source{crowd(n, wave)}})
			if err != nil || report.People.After() != n {
				b.Fatalf("%+v, %v", report, err)
			}
			b.ReportMetric(time.Since(start).Seconds(), fmt.Sprintf("s-import-%d", wave+1))
		}
		b.ReportMetric(peak(), "peak-MB")
	}
}

// watchHeap samples the heap in use until the function it returns is called,
// which returns the most there was, in MB.
func watchHeap() (peak func() float64) {
	runtime.GC()
	var most atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-stopped
		return float64(most.Load()) / (1 << 20)
	}
}

// BenchmarkReadRoster reads what pages show of an organisation of 12,000.
func BenchmarkReadRoster(b *testing.B) {
	d, err := db.Open(b.Context(), dbtest.SQLite(b))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	s := orgdb.Store{DB: d}
	ctx, day := b.Context(), period.Day("2026-02-01")
	organisation, err := s.CreateOrganisation(ctx, org.Organisation{Slug: "acme", Name: "Acme", Language: "en"}, org.Account{Mail: "a@acme.example", Name: "A"})
	if err != nil {
		b.Fatal(err)
	}
	for wave, day := range []period.Day{"2026-01-01", day} {
		if _, err := s.ImportRoster(ctx, organisation, orgdb.Roster{Day: day, Map: crowdMap, Sources: []org.Source{crowd(12_000, wave)}}); err != nil {
			b.Fatal(err)
		}
	}
	p, err := s.PersonByKey(ctx, organisation, "77", day)
	if err != nil {
		b.Fatal(err)
	}
	for name, read := range map[string]func() error{
		"Structure": func() error { _, err := s.Structure(ctx, organisation, day); return err },
		"Locations": func() error { _, err := s.Locations(ctx, organisation, day); return err },
		"Search": func() error {
			_, err := s.Search(ctx, organisation, orgdb.SearchQuery{Day: day, Text: "son 119", Limit: 20})
			return err
		},
		"Person": func() error { _, err := s.Person(ctx, organisation, p.ID, day); return err },
		"People of a unit": func() error {
			_, err := s.People(ctx, organisation, orgdb.PeopleQuery{Day: day, Unit: p.Unit.ID, Limit: 50})
			return err
		},
		"People of all": func() error {
			_, err := s.People(ctx, organisation, orgdb.PeopleQuery{Day: day, Limit: 50})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
