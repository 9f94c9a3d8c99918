package effortdb_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"path/filepath"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"

	"github.com/google/go-cmp/cmp"
)

// before is a backup of a ledger of the schema in which costs had no unit.
func before(t *testing.T) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	lines := json.NewEncoder(z)
	rows := 0
	table := func(name string, columns []string, all ...[]any) {
		lines.Encode(map[string]any{"table": name, "columns": columns})
		for _, row := range all {
			lines.Encode(row)
			rows++
		}
	}
	lines.Encode(map[string]any{"archive": "throughline 1", "schema": 42})
	table("org_organisation", []string{"organisation_id", "slug", "name", "language", "simulated", "zone", "made_at"}, []any{"o", "works", "Works", "en", false, "UTC", 1})
	entry := func(id string) []any {
		return []any{"o", id, "2026-03-02", "learning", "Session", "session", id, false, "Ada", 1}
	}
	table("effort_entry", []string{"organisation_id", "id", "day", "kind", "what", "source", "source_id", "external", "made_by", "made_at"}, entry("thirds"), entry("staff"), entry("nobody"))
	table("effort_hours", []string{"organisation_id", "entry_id", "side", "unit_id", "person_id", "minutes"},
		[]any{"o", "thirds", "participant", "a", "1", 60}, []any{"o", "thirds", "participant", "b", "2", 30}, []any{"o", "thirds", "participant", "b", "3", 30}, []any{"o", "thirds", "participant", "c", "", 60}, []any{"o", "thirds", "staff", "hq", "4", 600},
		[]any{"o", "staff", "staff", "hq", "4", 60})
	table("effort_cost", []string{"organisation_id", "entry_id", "kind", "currency", "amount"},
		[]any{"o", "thirds", "supplier", "EUR", 100}, []any{"o", "thirds", "internal", "EUR", 1}, []any{"o", "staff", "supplier", "USD", 50}, []any{"o", "nobody", "internal", "EUR", 7})
	lines.Encode(map[string]any{"rows": rows})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

// Costs that had no unit go to the units of the hours, as those of a new entry do, and to the cent.
func TestCostsOfAnOlderLedgerGoToUnits(t *testing.T) {
	for engine, address := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "throughline.db") },
		"postgres": func(t *testing.T) string { return dbtest.EmptyPostgres(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			d, err := db.Open(t.Context(), address(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Restore(t.Context(), before(t)); err != nil {
				t.Fatal(err)
			}
			s := effortdb.Store{DB: d}
			entries, err := s.Entries(t.Context(), "o", effortdb.Query{})
			if err != nil || len(entries) != 3 {
				t.Fatalf("%d entries, %v", len(entries), err)
			}
			want := map[string]bool{}
			for _, e := range entries {
				for _, share := range e.Shares() {
					want[e.ID+" "+share.Unit+" "+string(share.Kind)+" "+share.Currency+" "+string(rune('0'+share.Amount))] = true
				}
			}
			got := map[string]bool{}
			err = d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := db.All(t.Context(), tx, func(row db.Scanner) (struct{}, error) {
					var id, unit, kind, currency, day string
					var amount int64
					err := row.Scan(&id, &unit, &kind, &currency, &amount, &day)
					got[id+" "+unit+" "+kind+" "+currency+" "+string(rune('0'+amount))] = day == "2026-03-02"
					return struct{}{}, err
				}, `SELECT entry_id, unit_id, kind, currency, amount, day FROM effort_cost WHERE organisation_id = $1`, "o")
				return err
			})
			if diff := cmp.Diff(want, got); err != nil || diff != "" || len(got) != 6 {
				t.Errorf("%v, %s", err, diff)
			}
			months, err := s.Tallies(t.Context(), "o", effort.Heading{Kind: effort.OwnOf, ID: "c"}, "2026-03", "2026-03")
			if a := effort.AccountOf(effort.Rates{Own: "EUR"}, months); err != nil || a.Spending().Supplier != 33 || a.Blend().Minutes != 60 {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}
