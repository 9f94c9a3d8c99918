package strategydb_test

import (
	"fmt"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const benchPeople = 100_000

// BenchmarkGoals reads goals among 100,000 people in 2,000 stores: four goals of the whole, two of each
// region and store, and one of every tenth person.
func BenchmarkGoals(b *testing.B) {
	for engine, address := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			d, err := db.Open(b.Context(), address(b))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { d.Close() })
			w := newWorld(b, d)
			w.crowd(b)
			sales := w.defines(b, sum("Sales"))
			w.imports(b, "sales All 2026-01 10")
			aim := 900.0
			top := w.aims(b, "All", "", "Grow", func(g *strategy.Goal) { g.Indicator, g.Aim = sales, &aim })
			country := w.aims(b, "Country 7", "", "Grow here", nil, top)
			w.aims(b, "Store 7", "", "Sell more", nil, country)
			person, err := w.Org.PersonByKey(b.Context(), w.organisation, "p7", "2026-04-15")
			if err != nil {
				b.Fatal(err)
			}
			g := strategy.Goal{Name: "Ask", Perspective: strategy.Customer, Begins: "2026-01-01", Ends: "2026-12-31", Person: org.Ref{ID: person.ID}}
			w.fill(b, top, sales)
			for name, read := range map[string]func() error{
				"line of sight": func() error {
					v, err := w.Sight(b.Context(), w.organisation, person.ID, nil)
					if err == nil && len(v.Chains) == 0 {
						err = fmt.Errorf("nothing is seen")
					}
					return err
				},
				"goals of the whole": func() error { _, err := w.Goals(b.Context(), w.organisation, w.top(b), nil); return err },
				"goals of a store":   func() error { _, err := w.Goals(b.Context(), w.organisation, g.Unit.ID, nil); return err },
				"goal of the whole":  func() error { _, err := w.Goal(b.Context(), w.organisation, top, nil); return err },
				"people who report":  func() error { _, err := w.Reports(b.Context(), w.organisation, "p0"); return err },
				"what waits":         func() error { _, err := w.Waiting(b.Context(), w.organisation, "p0"); return err },
				"goals without a tie, of the whole": func() error {
					_, err := w.Orphans(b.Context(), w.organisation, w.top(b), 100)
					return err
				},
			} {
				g.Unit.ID = person.Unit.ID
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						if err := read(); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// top is the id of the whole.
func (w *world) top(b *testing.B) string {
	units, err := w.Units(b.Context(), w.organisation)
	if err != nil {
		b.Fatal(err)
	}
	return units.Units[0].ID
}

// crowd imports 100,000 people, of whom each fiftieth has the others reporting to them.
func (w *world) crowd(b *testing.B) {
	b.Helper()
	m := org.Map{People: &org.Section{Key: org.Field{Column: "id"}, Name: org.Field{Column: "name"}, UnitPath: org.Field{Column: "unit"}, Manager: org.Field{Column: "boss"}}}
	source := org.Source{Name: "crowd.csv", Header: []string{"id", "name", "unit", "boss"}, Rows: func(yield func(org.Row, error) bool) {
		for n := range benchPeople {
			unit := n % benchUnits
			cells := []string{fmt.Sprint("p", n), fmt.Sprint("Person ", n), fmt.Sprintf("All/Country %d/Region %d/Store %d", unit%10, unit%200, unit), fmt.Sprint("p", n/50*50)}
			if !yield(org.Row{Line: n + 2, Cells: cells}, nil) {
				return
			}
		}
	}}
	if _, err := w.Org.ImportRoster(b.Context(), w.organisation, orgdb.Roster{Day: "2026-02-01", Map: m, Sources: []org.Source{source}}); err != nil {
		b.Fatal(err)
	}
}

// fill writes two more goals for every unit, that serve one, and one for every tenth person.
func (w *world) fill(b *testing.B, serves, indicator string) {
	b.Helper()
	columns := []string{"organisation_id", "id", "unit_id", "unit_key", "unit_name", "person_id", "person_key", "person_name", "name", "why", "perspective", "begins", "ends", "owner_id", "owner_key", "owner_name", "indicator_id", "weight", "agreed_person", "agreed_manager", "manager_name", "ended", "outcome", "came", "made_by", "made_at", "aim"}
	var goals, links [][]any
	add := func(unit, person org.Ref, serves string) string {
		made := id.New()
		goals = append(goals, []any{w.organisation, made, unit.ID, unit.Key, unit.Name, person.ID, person.Key, person.Name, "A goal", "", "customer", "2026-01-01", "2026-12-31", "", "", "", indicator, 0, 1, 1, "", "", "", "", "", 1, 1.5})
		links = append(links, []any{w.organisation, made, serves, 0, "contributes", "because"})
		return made
	}
	units, err := w.Units(b.Context(), w.organisation)
	if err != nil {
		b.Fatal(err)
	}
	first := map[string]string{} // goal by unit
	for _, u := range units.Units {
		first[u.ID] = add(u.Ref(), org.Ref{}, serves)
		add(u.Ref(), org.Ref{}, serves)
	}
	units0, links0 := len(goals), len(links)
	err = w.DB.Write(b.Context(), func(tx *db.Tx) error {
		n := 0
		goals, links = goals[:units0], links[:links0]
		err := orgdb.EachPerson(b.Context(), tx, w.organisation, "2026-04-15", func(p org.Person) error {
			if n++; n%10 == 0 {
				add(p.Unit, org.Ref{ID: p.ID, Key: p.Key, Name: p.Name}, first[p.Unit.ID])
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := tx.InsertMany(b.Context(), "strategy_goal", columns, goals); err != nil {
			return err
		}
		if err := tx.InsertMany(b.Context(), "strategy_link", []string{"organisation_id", "goal_id", "to_id", "place", "how", "because"}, links); err != nil {
			return err
		}
		return tx.Grown(b.Context(), "strategy_goal", "strategy_link") // as the server does by itself after a while
	})
	if err != nil {
		b.Fatal(err)
	}
}
