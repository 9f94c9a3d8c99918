package effortdb_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// past is a ledger to which anything happens.
type past struct {
	*world
	*rand.Rand
	t     *testing.T
	units []string // ids, with one that is in no tree and none
	keys  []string // of people
}

func (p *past) pick(some ...string) string { return some[p.IntN(len(some))] }

func (p *past) day() period.Day { return period.Day("2026-01-15").Add(p.IntN(80)) }

func (p *past) entry() effort.Entry {
	e := effort.Entry{Day: p.day(), Kind: effort.Kinds[p.IntN(2)], What: "x", Modality: effort.Modality(p.pick("", "classroom", "mentoring")), External: p.IntN(2) == 0, Unit: p.pick(p.units...)}
	people := p.people(p.t)
	for range p.IntN(4) {
		e.Hours = append(e.Hours, effort.Hours{Side: effort.Side(p.pick("participant", "participant", "staff")), Unit: p.pick(p.units...), Person: p.pick("", people[p.pick(p.keys...)], people[p.pick(p.keys...)]), Minutes: 1 + p.IntN(90)})
	}
	for range p.IntN(3) {
		e.Costs = append(e.Costs, effort.Cost{Kind: effort.CostKinds[p.IntN(3)], Amount: int64(p.IntN(1000)), Currency: p.pick("EUR", "USD")})
	}
	if p.IntN(2) == 0 {
		e.Serves = []effort.Target{{Kind: effort.ForGoal, ID: p.pick("g1", "g2")}, {Kind: effort.ForProgramme, ID: "p"}}
	}
	return e
}

func (p *past) row(reference bool) effort.Row {
	r := row("x", p.pick(p.keys...), "", float64(1+p.IntN(9))/4)
	r.Day, r.Modality, r.Kind, r.Serves[2] = p.day(), p.pick("", "classroom", "mentoring"), p.pick("learning", "job-tools"), p.pick("", "lesson")
	if p.IntN(3) == 0 {
		r.Supplied = of(float64(p.IntN(1000)) / 100)
	}
	if reference {
		r.Reference = fmt.Sprint("r", p.IntN(6))
	}
	return r
}

// happens does one thing that a ledger knows.
func (p *past) happens() (what string, err error) {
	ctx := context.Background()
	switch p.IntN(9) {
	case 0, 1:
		var some []effort.Entry
		for range p.IntN(3) {
			some = append(some, p.entry())
		}
		source := effort.Source{Kind: effort.OfSession, ID: p.pick("s1", "s2", "s3")}
		return "record", p.DB.Write(ctx, func(tx *db.Tx) error { return p.Record(ctx, tx, p.organisation, source, some, "Ada") })
	case 2:
		e := p.entry()
		e.Unit, e.Costs, e.Hours = "", nil, []effort.Hours{{Side: effort.Participant, Person: p.people(p.t)[p.pick(p.keys...)], Minutes: 30}}
		err := p.SaveEntry(ctx, p.organisation, p.pick("f1", "f2"), e, "Ada")
		if fault.KindOf(err) == fault.NotFound { // before the roster
			err = nil
		}
		return "save", err
	case 3:
		err := p.DeleteEntry(ctx, p.organisation, p.pick("f1", "f2"), "Ada")
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return "delete", err
	case 4, 5:
		var some []effort.Row
		seen := map[string]bool{}
		for range 1 + p.IntN(5) {
			if r := p.row(p.IntN(2) == 0); r.Reference == "" || !seen[r.Reference] {
				some, seen[r.Reference] = append(some, r), true
			}
		}
		_, err := p.Import(ctx, p.organisation, effortdb.Feed{Rows: rows(some...), Source: "x.csv", Names: map[string]effort.Names{effort.ForResource: {"lesson": "l"}}})
		return "import", err
	case 6:
		bad := p.row(true)
		bad.Hours = of(-1)
		if _, err := p.Import(ctx, p.organisation, effortdb.Feed{Rows: rows(p.row(false), bad), Source: "bad.csv", Names: map[string]effort.Names{effort.ForResource: {"lesson": "l"}}}); fault.KindOf(err) != fault.Invalid {
			return "bad import", fmt.Errorf("it came in: %w", err)
		}
		return "bad import", nil
	case 7:
		feeds, err := p.Feeds(ctx, p.organisation)
		if err == nil && len(feeds) > 0 {
			err = p.TakeBack(ctx, p.organisation, feeds[p.IntN(len(feeds))].Number, "Ada")
		}
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return "take back", err
	}
	p.now = p.now.AddDate(0, 0, 1)
	var paths []string
	for _, key := range p.keys {
		paths = append(paths, key+"@"+p.pick("All/Belgium/Gent", "All/Belgium/Brugge", "All/Poland/Lublin", "All/Poland/Gdansk", "All/Office/Desk", "All/Office"))
	}
	p.roster(p.t, p.organisation, period.DayOf(p.now), paths...)
	return "roster", nil
}

// plain is what all entries come to, added up one by one.
func (p *past) plain() effort.Tallies {
	p.t.Helper()
	numbers := map[string]uint32{}
	b, err := p.Book(context.Background(), p.organisation, effortdb.Feed{})
	if err == nil {
		err = p.DB.Read(context.Background(), func(tx *db.Tx) error {
			_, err := db.All(context.Background(), tx, func(row db.Scanner) (struct{}, error) {
				var person string
				var n uint32
				err := row.Scan(&person, &n)
				numbers[person] = n
				return struct{}{}, err
			}, `SELECT person_id, number FROM effort_person WHERE organisation_id = $1`, p.organisation)
			return err
		})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	all := effort.Tallies{}
	for _, e := range p.entries(p.t) {
		all.Post(e, func(person string) uint32 {
			if numbers[person] == 0 {
				p.t.Errorf("%s learned and has no number", person)
			}
			return numbers[person]
		})
	}
	all.Climb(b.Units)
	return all
}

// kept is what stands in the database.
func (p *past) kept() effort.Tallies {
	p.t.Helper()
	all := effort.Tallies{}
	err := p.DB.Read(context.Background(), func(tx *db.Tx) error {
		_, err := db.All(context.Background(), tx, func(row db.Scanner) (struct{}, error) {
			var at effort.At
			var packed []byte
			if err := row.Scan(&at.Kind, &at.ID, &at.Month, &packed); err != nil {
				return struct{}{}, err
			}
			one, err := effort.UnpackTally(packed)
			all[at] = &one
			return struct{}{}, err
		}, `SELECT subject, subject_id, month, packed FROM effort_tally WHERE organisation_id = $1`, p.organisation)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

var alike = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b *roaring.Bitmap) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equals(b)
})}

// Whatever is recorded, put right, taken out, imported, sent again, taken back or moved in the roster: what
// is kept added up, of every unit, of the whole and of everything that is served, in every month, is what
// the entries add up to one by one.
func TestWhatIsKeptIsWhatTheEntriesAddUpTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for seed := range uint64(6) {
			w.now = time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)
			w.organisation = w.founded(t, fmt.Sprint("works-", seed))
			if seed > 0 { // the first has no roster for a while
				w.roster(t, w.organisation, "2026-01-01", stores...)
			}
			p := &past{world: w, Rand: rand.New(rand.NewPCG(seed, 1)), t: t, units: []string{"", "nowhere"}, keys: []string{"pGent", "pBrugge", "pLublin", "pRadom", "pOffice"}}
			if seed == 0 {
				w.roster(t, w.organisation, "2026-04-01", "pGent@All", "pBrugge@All", "pLublin@All", "pRadom@All", "pOffice@All")
			}
			for _, id := range w.units(t) {
				p.units = append(p.units, id)
			}
			var story []string
			for range 25 {
				what, err := p.happens()
				if story = append(story, what); err != nil {
					t.Fatalf("seed %d, %v: %v", seed, story, err)
				}
				want := p.plain()
				months, err := w.Tallies(context.Background(), w.organisation, effort.Heading{Kind: effort.Whole}, "2026-01", "2026-04")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, p.kept(), alike); diff != "" {
					t.Fatalf("seed %d, %v: %s", seed, story, diff)
				}
				for _, m := range months {
					if diff := cmp.Diff(*want[effort.At{Heading: effort.Heading{Kind: effort.Whole}, Month: m.Month}], m.Tally, alike); diff != "" {
						t.Fatalf("seed %d, %v: %s", seed, story, diff)
					}
				}
			}
		}
	})
}

// A ledger that was written before anything was kept added up is added up when it is first read.
func TestAnOlderLedgerIsAddedUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.imports(t, row("Course", "pGent", "", 2), row("Course", "pBrugge", "", 1))
		p := &past{world: w, t: t}
		want := p.kept()
		err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
			for _, table := range []string{"effort_tally", "effort_tree", "effort_person"} {
				if _, err := tx.Exec(t.Context(), `DELETE FROM `+table+` WHERE organisation_id = $1`, w.organisation); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.kept(), alike); diff != "" || len(want) == 0 {
			t.Errorf("%d kept: %s", len(want), diff)
		}
	})
}

// What nobody may see of another organisation, nobody sees.
func TestNoOrganisationSeesTheLedgerOfAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, row("Course", "pGent", "", 2))
		unit, person := w.units(t), w.people(t)
		if err := w.SaveEntry(ctx, w.organisation, "mine", effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "x", Hours: []effort.Hours{{Side: effort.Participant, Person: person["pGent"], Minutes: 5}}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		change, err := w.SaveChange(ctx, w.organisation, effort.Change{Day: "2026-03-02", Text: "x"}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SaveRate(ctx, w.organisation, effort.Rate{Currency: "USD", Month: "2026-01", Rate: .9}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveSetting(ctx, w.organisation, effort.Setting{Currency: "EUR", Reference: 10}, "Ada"); err != nil {
			t.Fatal(err)
		}
		initiative := id.New()
		begin := func(i *effort.Initiative) { i.Name, i.Kind = "Checklists", effort.JobTools }
		if err := w.SaveInitiative(ctx, w.organisation, initiative, "pGent", "Ada", begin); err != nil {
			t.Fatal(err)
		}
		stranger := w.founded(t, "strangers")
		notFound := map[string]func() error{
			"DeleteEntry":  func() error { return w.DeleteEntry(ctx, stranger, "mine", "Eve") },
			"TakeBack":     func() error { return w.TakeBack(ctx, stranger, 1, "Eve") },
			"DeleteChange": func() error { return w.DeleteChange(ctx, stranger, change) },
			"DeleteRate":   func() error { return w.DeleteRate(ctx, stranger, "USD", "2026-01", "Eve") },
			"SaveSetting": func() error {
				return w.SaveSetting(ctx, stranger, effort.Setting{Currency: "EUR", Function: []string{unit["Gent"]}}, "Eve")
			},
			"Ledger": func() error { _, err := w.Ledger(ctx, stranger, effortdb.LedgerQuery{Unit: unit["Gent"]}); return err },
			"Days":   func() error { _, err := w.Days(ctx, stranger, effortdb.LedgerQuery{Unit: unit["Gent"]}); return err },
			"SaveEntry": func() error {
				return w.SaveEntry(ctx, stranger, "mine", effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "x", Hours: []effort.Hours{{Side: effort.Participant, Person: person["pGent"], Minutes: 5}}}, "Eve")
			},
			"SaveChange": func() error {
				_, err := w.SaveChange(ctx, stranger, effort.Change{ID: change, Day: "2026-03-02", Text: "y"}, "Eve")
				return err
			},
			"SaveBudget": func() error {
				return w.SaveBudget(ctx, stranger, effort.Budget{Initiative: initiative, Year: 2026}, "Eve")
			},
			"Initiative": func() error { _, err := w.Initiative(ctx, stranger, initiative); return err },
			"SaveAct": func() error {
				return w.SaveAct(ctx, stranger, effort.Act{ID: id.New(), Person: org.Ref{ID: person["pGent"]}, Kind: effort.Spoke, Day: "2026-03-02", What: "x"}, "Eve")
			},
			"DeleteAct": func() error { return w.DeleteAct(ctx, stranger, person["pGent"], "x", "Eve") },
			"ImportStarts": func() error {
				_, err := w.ImportStarts(ctx, stranger, initiative, "Eve", func(func(effort.StartRow, error) bool) {})
				return err
			},
		}
		for name, call := range notFound {
			if err := call(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Import(ctx, stranger, effortdb.Feed{Rows: rows(row("x", "pGent", "", 1))}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Import: %v", err)
		}
		if months, err := w.Tallies(ctx, stranger, effort.Heading{Kind: effort.TreeOf, ID: unit["Gent"]}, "2026-01", "2026-04"); err != nil || len(months) > 0 {
			t.Errorf("Tallies: %+v, %v", months, err)
		}
		if months, err := w.UnitTallies(ctx, stranger, []string{unit["Gent"], unit["Belgium"]}, "2026-01", "2026-04"); err != nil || len(months) > 0 {
			t.Errorf("UnitTallies: %+v, %v", months, err)
		}
		if months, err := w.FunctionTallies(ctx, stranger, "2026-01", "2026-04"); err != nil || len(months) > 0 {
			t.Errorf("FunctionTallies: %+v, %v", months, err)
		}
		if all, err := w.Footings(ctx, stranger, []string{unit["Gent"]}, "2026-03", "2026-03"); err != nil || len(all) != 1 || !all[unit["Gent"]][0].Empty() || all[unit["Gent"]][0].Staff.People > 0 {
			t.Errorf("Footings: %+v, %v", all, err)
		}
		budget := effort.Budget{Initiative: initiative, Year: 2026, People: 3}
		if err := w.SaveBudget(ctx, w.organisation, budget, "Ada"); err != nil {
			t.Fatal(err)
		}
		if b, err := w.Budget(ctx, w.organisation, initiative, 2026); err != nil || b != budget {
			t.Errorf("Budget: %+v, %v", b, err)
		}
		if b, err := w.Budget(ctx, stranger, initiative, 2026); err != nil || !b.Empty() {
			t.Errorf("Budget of another: %+v, %v", b, err)
		}
		if all, err := w.TargetTallies(ctx, stranger, effort.ForInitiative, []string{initiative}, "2026-01", "2026-04"); err != nil || len(all) > 0 {
			t.Errorf("TargetTallies: %+v, %v", all, err)
		}
		if all, err := w.Values(ctx, stranger, []string{effort.Measures[0].Origin()}, []string{unit["Gent"]}); err != nil || len(all) > 0 {
			t.Errorf("Values: %+v, %v", all, err)
		}
		if b, err := w.Basis(ctx, stranger); err != nil || len(b.Units.Units)+len(b.Heads)+len(b.Rates.All) > 0 || b.Setting.Reference != 40 {
			t.Errorf("Basis: %+v, %v", b, err)
		}
		if all, err := w.Acts(ctx, stranger, []string{person["pGent"]}, "2020-01-01"); err != nil || len(all) > 0 {
			t.Errorf("Acts: %+v, %v", all, err)
		}
		if by, err := w.Arrivals(ctx, stranger, "2020-01-01", "2030-01-01"); err != nil || len(by) > 0 {
			t.Errorf("Arrivals: %+v, %v", by, err)
		}
		if serving, all, err := w.MinutesFor(ctx, stranger, "2020-01-01", "2030-01-01", []string{initiative}); err != nil || serving+all > 0 {
			t.Errorf("MinutesFor: %d %d, %v", serving, all, err)
		}
		if first, begun, err := w.FirstUse(ctx, stranger, "2026-04"); err != nil || len(first) > 0 || begun != "" {
			t.Errorf("FirstUse: %v %v, %v", first, begun, err)
		}
		if names, err := w.Names(ctx, stranger, []string{person["pGent"]}); err != nil || len(names) > 0 {
			t.Errorf("Names: %+v, %v", names, err)
		}
		if _, err := w.Called(ctx, stranger, "pGent", "2026-04-01", func(string) bool { return true }, func(string) bool { return true }); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Called: %v", err)
		}
		if served, err := w.Served(ctx, stranger); err != nil || len(served.Names)+len(served.Focal) > 0 {
			t.Errorf("Served: %+v, %v", served, err)
		}
		if all, err := w.Feeds(ctx, stranger); err != nil || len(all) > 0 {
			t.Errorf("Feeds: %+v, %v", all, err)
		}
		if all, err := w.Changes(ctx, stranger); err != nil || len(all) > 0 {
			t.Errorf("Changes: %+v, %v", all, err)
		}
		if r, err := w.Rates(ctx, stranger); err != nil || len(r.All) > 0 {
			t.Errorf("Rates: %+v, %v", r, err)
		}
		if got, err := w.Setting(ctx, stranger); err != nil || got.Reference != 40 {
			t.Errorf("Setting: %+v, %v", got, err)
		}
		if all, err := w.Initiatives(ctx, stranger); err != nil || len(all) > 0 {
			t.Errorf("Initiatives: %+v, %v", all, err)
		}
		if err := w.SaveInitiative(ctx, stranger, initiative, "pGent", "Eve", begin); err == nil {
			t.Error("SaveInitiative: somebody of another roster answers for it")
		}
		if err := w.SaveRate(ctx, stranger, effort.Rate{Currency: "USD", Month: "2026-01", Rate: 7}, "Eve"); err != nil {
			t.Fatal(err)
		}
		if r, err := w.Rates(ctx, w.organisation); err != nil || len(r.All) != 1 || r.All[0].Rate != .9 {
			t.Errorf("SaveRate: %+v, %v", r, err)
		}
		without := []string{"Acts", "Arrivals", "MinutesFor", "FirstUse", "Entries", "Totals", "Record", "RecordAll", // TestASourceWritesItsEntriesAnew
			"Basis", "Book", "Footings", "Values", "Budget", "TargetTallies", "Called", "Changes", "Feeds", "FunctionTallies", "Import", "Initiatives", "Names", "Rates", "SaveInitiative", "SaveRate", "Served", "Setting", "Tallies", "UnitTallies", "Renew"} // here, or for all
		for i := range reflect.TypeFor[effortdb.Store]().NumMethod() {
			if name := reflect.TypeFor[effortdb.Store]().Method(i).Name; notFound[name] == nil && !slices.Contains(without, name) {
				t.Errorf("%s is not in the table", name)
			}
		}
		if b, err := w.Book(ctx, stranger, effortdb.Feed{}); err != nil || len(b.People)+len(b.Units.Units) > 0 {
			t.Errorf("Book: %+v, %v", b, err)
		}
	})
}
