package effortdb_test

import (
	"context"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What a source writes replaces what it wrote before, is read by what it serves, and is nobody
// else's; a mistake leaves the ledger as it was.
func TestASourceWritesItsEntriesAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		s, orgs := effortdb.Store{DB: d, Now: clock}, orgdb.Store{DB: d, Now: clock}
		var ids []string
		for _, slug := range []string{"works", "strangers"} {
			o, err := orgs.CreateOrganisation(ctx, org.Organisation{Slug: slug, Name: slug, Language: "en"}, org.Account{Mail: slug + "@example.org", Name: "Ada"})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, o)
		}
		first, second := effort.Source{Kind: effort.OfSession, ID: "one"}, effort.Source{Kind: effort.OfSession, ID: "two"}
		record := func(organisation string, source effort.Source, entries ...effort.Entry) error {
			return d.Write(ctx, func(tx *db.Tx) error { return s.Record(ctx, tx, organisation, source, entries, "Ada") })
		}
		focal := effort.Target{Kind: effort.ForFocal, ID: "f"}
		session := effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "First session", External: true, Serves: []effort.Target{focal},
			Hours: []effort.Hours{{Side: effort.Participant, Unit: "north", Person: "ann", Minutes: 90}, {Side: effort.Staff, Unit: "hq", Person: "cy", Minutes: 120}}, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 45000, Currency: "EUR"}}}
		for _, source := range []effort.Source{first, second} {
			if err := record(ids[0], source, session); err != nil {
				t.Fatal(err)
			}
		}
		session.Hours[0].Minutes = 60
		if err := record(ids[0], first, session); err != nil {
			t.Fatal(err)
		}
		if err := record(ids[1], first); err != nil { // another organisation's of the same id
			t.Fatal(err)
		}
		wrong := session
		wrong.What = ""
		if err := record(ids[0], first, session, wrong); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a mistake: %v", err)
		}
		read := func(organisation string, q effortdb.Query) []effort.Entry {
			t.Helper()
			all, err := s.Entries(ctx, organisation, q)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		got := read(ids[0], effortdb.Query{Source: first})
		want := session
		want.Source, want.By, want.At = first, "Ada", now
		if diff := cmp.Diff([]effort.Entry{want}, got, cmpopts.IgnoreFields(effort.Entry{}, "ID")); diff != "" {
			t.Error(diff)
		}
		for n, q := range map[int]effortdb.Query{2: {Serves: focal, Source: effort.Source{Kind: effort.OfSession}, From: "2026-03-02", Until: "2026-03-02"}, 0: {From: "2026-03-03"}} {
			if got := read(ids[0], q); len(got) != n {
				t.Errorf("%+v: %d entries", q, len(got))
			}
		}
		if got := read(ids[1], effortdb.Query{Serves: focal}); len(got) != 0 {
			t.Errorf("another organisation reads %+v", got)
		}
		if got := effort.Sum(read(ids[0], effortdb.Query{})); got.Participants != 150 || got.Staff != 240 || got.External != 2 || got.Costs[0].Amount != 90000 {
			t.Errorf("%+v", got)
		}
		sum := effort.Sum(read(ids[0], effortdb.Query{Serves: focal}))
		if got, err := s.Totals(ctx, ids[0], focal); err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(sum, got); diff != "" {
			t.Error(diff)
		}
		if got := read(ids[0], effortdb.Query{Staff: "cy", Newest: 1}); len(got) != 1 || got[0].Source != second && got[0].Source != first {
			t.Errorf("the newest that cy led: %+v", got)
		}
		if got := read(ids[0], effortdb.Query{Staff: "ann"}); len(got) != 0 {
			t.Errorf("that ann led: %+v", got)
		}
		if err := record(ids[0], first); err != nil || len(read(ids[0], effortdb.Query{})) != 1 {
			t.Errorf("out of the ledger: %v", err)
		}
	})
}
