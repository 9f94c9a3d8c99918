package strategydb_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// world is one installation with one organisation: two countries with two stores each, and an office.
type world struct {
	strategydb.Store
	organisation string
	now          time.Time
}

var stores = []string{"All/Belgium/Gent", "All/Belgium/Brugge", "All/Poland/Lublin", "All/Poland/Radom", "All/Office"}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	orgs := orgdb.Store{DB: d, Now: clock}
	w.Store = strategydb.Store{DB: d, Org: orgs, Now: clock}
	w.organisation = w.founded(t, "works")
	w.roster(t, w.organisation, "2026-01-01", stores...)
	return w
}

func (w *world) founded(t testing.TB, slug string) string {
	t.Helper()
	o, err := w.Org.CreateOrganisation(context.Background(), org.Organisation{Slug: slug, Name: slug, Language: "en"}, org.Account{Mail: slug + "@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// roster has one person for each path, which may name the unit and, behind a #, one of several in it.
func (w *world) roster(t testing.TB, organisation string, day period.Day, paths ...string) {
	t.Helper()
	m := org.Map{People: &org.Section{Key: org.Field{Column: "id"}, Name: org.Field{Column: "name"}, UnitPath: org.Field{Column: "unit"}}}
	source := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit"}, Rows: func(yield func(org.Row, error) bool) {
		for n, path := range paths {
			unit, _, _ := strings.Cut(path, "#")
			if !yield(org.Row{Line: n + 2, Cells: []string{"p" + path, "Person of " + path, unit}}, nil) {
				return
			}
		}
	}}
	if _, err := w.Org.ImportRoster(context.Background(), organisation, orgdb.Roster{Day: day, Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
}

func sum(name string) strategy.Indicator {
	return strategy.Indicator{Name: name, Direction: strategy.Higher, OverUnits: strategy.SumOfUnits, OverTime: strategy.SumOfPeriods, Grain: period.Monthly, Perspective: strategy.Financial}
}

func mean(name, weight string) strategy.Indicator {
	i := sum(name)
	i.OverUnits, i.OverTime, i.Weight, i.Perspective = strategy.MeanOfUnits, strategy.MeanOfPeriods, weight, strategy.Customer
	return i
}

func (w *world) defines(t testing.TB, i strategy.Indicator) string {
	t.Helper()
	made, err := w.SaveIndicator(context.Background(), w.organisation, i, "", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// feed reads lines of indicator, unit or the number of a person, period, value and plan, of which the last two may be "-".
func feed(lines ...string) strategydb.Feed {
	var rows iter.Seq2[strategy.Row, error] = func(yield func(strategy.Row, error) bool) {
		for n, line := range lines {
			cells := strings.Fields(line)
			row := strategy.Row{Line: n + 2, Indicator: cells[0], Unit: cells[1], Period: cells[2]}
			if strings.HasPrefix(row.Unit, "p") {
				row.Unit, row.Person = "", row.Unit
			}
			for i, to := range []**float64{&row.Value, &row.Plan, &row.Target} {
				if len(cells) > 3+i && cells[3+i] != "-" {
					var v float64
					fmt.Sscan(cells[3+i], &v)
					*to = &v
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return strategydb.Feed{Rows: rows, Source: "kpi.csv", By: "Ada"}
}

func (w *world) imports(t testing.TB, lines ...string) strategydb.Came {
	t.Helper()
	came, err := w.Import(context.Background(), w.organisation, feed(lines...))
	if err != nil {
		t.Fatal(err)
	}
	return came
}

func (w *world) unit(t testing.TB, name string) string {
	t.Helper()
	units, err := w.Units(context.Background(), w.organisation)
	if err != nil {
		t.Fatal(err)
	}
	n := slices.IndexFunc(units.Units, func(u org.Node) bool { return u.Name == name })
	if n < 0 {
		t.Fatalf("there is no unit %s", name)
	}
	return units.Units[n].ID
}

func (w *world) sheet(t testing.TB, unit, indicator string) strategydb.Sheet {
	t.Helper()
	sh, err := w.Sheet(context.Background(), w.organisation, w.unit(t, unit), indicator, 2026, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sh
}

func (w *world) card(t testing.TB, unit string) strategydb.Card {
	t.Helper()
	c, err := w.Card(context.Background(), w.organisation, w.unit(t, unit), 2026, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func value(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%g", *v)
}

func TestWhatIsImportedComesTogetherInEveryUnitAbove(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		customers := w.defines(t, sum("Customers"))
		happy := w.defines(t, mean("Happy", customers))
		own := w.defines(t, func() strategy.Indicator {
			i := mean("Own", "")
			i.OverUnits = strategy.NotOfUnits
			return i
		}())
		came := w.imports(t, "customers Gent 2026-01 100 120", "customers Brugge 2026-01 300 300", "customers Lublin 2026-01 50", "happy Gent 2026-01 70", "happy Brugge 2026-01 80 82", "happy Lublin 2026-01 90", "happy Radom 2026-01 10", "own Belgium 2026-01 5", "own Gent 2026-01 3", "customers All 2026 - - 900")
		if came.Number != 1 || came.Cells != 13 || came.Changed != 0 || came.Kept != 0 {
			t.Errorf("%+v", came)
		}
		for _, c := range []struct{ unit, indicator, want string }{
			{"Belgium", customers, "400"}, {"All", customers, "450"}, {"Gent", customers, "100"}, {"Radom", customers, "-"}, {"Office", customers, "-"},
			{"Belgium", happy, "77.5"}, {"Poland", happy, "90"}, {"All", happy, fmt.Sprintf("%g", (7000.+24000+4500)/450)}, {"Radom", happy, "10"},
			{"Belgium", own, "5"}, {"Gent", own, "3"}, {"All", own, "-"},
		} {
			if sh := w.sheet(t, c.unit, c.indicator); value(sh.Line.ToDate) != c.want {
				t.Errorf("%s of %s: %s, want %s", sh.Indicator.Name, c.unit, value(sh.Line.ToDate), c.want)
			}
		}
		card := w.card(t, "Belgium")
		var got []string
		for _, l := range card.Lines {
			got = append(got, fmt.Sprintf("%s %s/%s", l.Indicator.Name, value(l.ToDate), value(l.PlanToDate)))
		}
		if want := []string{"Customers 400/420", "Happy 77.5/82", "Own 5/-"}; !slices.Equal(got, want) || len(card.Under) != 2 || card.Path[0].Name != "All" {
			t.Errorf("%q of %+v, want %q", got, card, want)
		}
		under := w.sheet(t, "All", customers)
		if got := under.Line.Target; got == nil || got.Value != 900 || len(under.Under) != 3 || value(under.Under[0].ToDate) != "400" || under.Under[1].Known || value(under.Under[2].ToDate) != "50" {
			t.Errorf("%+v, %+v", got, under.Under)
		}
	})
}

// Where the office above has figures of its own, they are added to those of its stores.
func TestAValueOfAUnitAloneIsAddedToThoseBelow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alone := func(i strategy.Indicator) strategy.Indicator { i.Alone = true; return i }
		staff := w.defines(t, alone(sum("Staff")))
		ill := w.defines(t, alone(mean("Ill", staff)))
		w.imports(t, "staff Belgium 2026-01 10", "staff Gent 2026-01 30", "staff Brugge 2026-01 60", "ill Belgium 2026-01 1", "ill Gent 2026-01 5", "ill Brugge 2026-01 4")
		for _, c := range []struct{ unit, indicator, want string }{{"Belgium", staff, "100"}, {"All", staff, "100"}, {"Belgium", ill, "4"}, {"All", ill, "4"}, {"Gent", ill, "5"}} {
			if sh := w.sheet(t, c.unit, c.indicator); value(sh.Line.ToDate) != c.want {
				t.Errorf("%s of %s: %s, want %s", sh.Indicator.Name, c.unit, value(sh.Line.ToDate), c.want)
			}
		}
		changed := sum("Staff")
		changed.ID = staff
		if _, err := w.SaveIndicator(context.Background(), w.organisation, changed, "", "Ada"); err != nil {
			t.Fatal(err)
		}
		if got := value(w.sheet(t, "Belgium", staff).Line.ToDate); got != "10" {
			t.Errorf("of all of it: %s", got)
		}
	})
}

func TestWhatIsReplacedIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sales := w.defines(t, sum("Sales"))
		w.imports(t, "sales Gent 2026-01 100", "sales Gent 2026-02 110")
		came := w.imports(t, "sales Gent 2026-01 100", "sales Gent 2026-02 115", "sales Gent 2026-03 120")
		if came.Changed != 1 || came.Kept != 1 {
			t.Errorf("%+v", came)
		}
		if got := value(w.sheet(t, "All", sales).Line.ToDate); got != "335" {
			t.Errorf("all comes to %s", got)
		}
		w.now = w.now.Add(time.Hour)
		if _, err := w.TakeOut(ctx, w.organisation, sales, w.unit(t, "Gent"), strategy.Actual, "2026-01", "Bo"); err != nil {
			t.Fatal(err)
		}
		sh := w.sheet(t, "Gent", sales)
		var got []string
		for _, r := range sh.Revisions {
			got = append(got, fmt.Sprintf("%s %g of %s by %s", r.Period, r.Value, sh.Origins[r.Feed].Source, sh.Origins[r.By].By))
		}
		if want := []string{"2026-01 100 of kpi.csv by Bo", "2026-02 110 of kpi.csv by Ada"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if got := value(w.sheet(t, "All", sales).Line.ToDate); got != "235" || len(sh.Own[strategy.Actual]) != 2 {
			t.Errorf("without January all comes to %s", got)
		}
	})
}

func TestAFeedWithAMistakeLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sales := w.defines(t, sum("Sales"))
		_, err := w.Import(context.Background(), w.organisation, feed("sales Gent 2026-01 100", "sales Nowhere 2026-01 1"))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%v", err)
		}
		if sh := w.sheet(t, "All", sales); sh.Line.ToDate != nil || len(sh.Origins) != 0 {
			t.Errorf("%+v", sh)
		}
	})
}

// A store that moves takes its past along, one that has closed counts where it last was.
func TestANewRosterRestatesThePast(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sales := w.defines(t, sum("Sales"))
		w.imports(t, "sales Gent 2026-01 1", "sales Brugge 2026-01 10", "sales Lublin 2026-01 100", "sales Radom 2026-01 1000")
		read := func() string {
			return fmt.Sprintf("%s %s %s", value(w.sheet(t, "Belgium", sales).Line.ToDate), value(w.sheet(t, "Poland", sales).Line.ToDate), value(w.sheet(t, "All", sales).Line.ToDate))
		}
		if got := read(); got != "11 1100 1111" {
			t.Errorf("before: %s", got)
		}
		w.roster(t, w.organisation, "2026-04-10", "All/Belgium/Gent", "All/Poland/Lublin", "All/Poland/Radom", "All/Office") // Brugge has closed
		if err := w.Renew(ctx); err != nil {
			t.Fatal(err)
		}
		if got := read(); got != "11 1100 1111" {
			t.Errorf("after one closed: %s", got)
		}
		w.imports(t, "sales Brugge 2026-02 20")
		w.roster(t, w.organisation, "2026-04-12", "All/Belgium/Gent", "All/Belgium/Oostende", "All/Poland/Lublin", "All/Office")
		w.imports(t, "sales Oostende 2026-02 5")
		if got := read(); got != "36 1100 1136" {
			t.Errorf("a feed renews what a roster has made stale: %s", got)
		}
	})
}

func TestAnIndicatorKeepsWhatItsFiguresRestOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		customers := w.defines(t, sum("Customers"))
		happy := w.defines(t, mean("Happy", customers))
		save := func(i strategy.Indicator) error {
			_, err := w.SaveIndicator(ctx, w.organisation, i, "", "Ada")
			return err
		}
		for name, i := range map[string]strategy.Indicator{
			"a short name that is taken": sum("customers"),
			"a weight that is not there": mean("Other", "nothing"),
			"a weight that is a mean":    mean("Other", happy),
			"a weight by the quarter":    func() strategy.Indicator { i := mean("Other", customers); i.Grain = period.Quarterly; return i }(),
			"nothing called so":          sum(" "),
			"a weight that shall be a mean": func() strategy.Indicator {
				i := mean("Customers", "")
				i.ID = customers
				return i
			}(),
		} {
			if err := save(i); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.imports(t, "customers Gent 2026-01 100", "customers Brugge 2026-01 300", "happy Gent 2026-01 70", "happy Brugge 2026-01 80")
		i := mean("Happy", customers)
		i.ID, i.Grain = happy, period.Yearly
		if err := save(i); fault.KindOf(err) != fault.Invalid {
			t.Errorf("another grain: %v", err)
		}
		if got := value(w.sheet(t, "Belgium", happy).Line.ToDate); got != "77.5" {
			t.Errorf("weighted: %s", got)
		}
		i.Grain, i.Weight = period.Monthly, ""
		if err := save(i); err != nil {
			t.Fatal(err)
		}
		if got := value(w.sheet(t, "Belgium", happy).Line.ToDate); got != "75" {
			t.Errorf("every unit alike: %s", got)
		}
	})
}

func TestShippedDefinitionsAreTakenOverTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		shipped, err := strategy.Shipped("nl")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Define(ctx, w.organisation, strategy.Chosen(shipped, nil, []string{"turnover"}), "Ada"); err != nil {
			t.Fatal(err)
		}
		all, err := w.Indicators(ctx, w.organisation)
		if err != nil || len(all) != 2 || all[0].Key != "staff" || all[1].Key != "turnover" || all[1].Weight != all[0].ID || all[1].Name != "Verloop" {
			t.Errorf("%+v, %v", all, err)
		}
		alone := slices.DeleteFunc(shipped, func(i strategy.Indicator) bool {
			return i.Key == "hours-worked" || i.Key == "turnover" || i.Key == "staff"
		})
		if err := w.Define(ctx, w.organisation, alone, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without what weights them: %v", err)
		}
		if all, err := w.Indicators(ctx, w.organisation); err != nil || len(all) != 2 {
			t.Errorf("half of them are there: %+v, %v", all, err)
		}
	})
}

func TestNotesStandWithTheFiguresOfAllUnitsUnderThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sales, costs := w.defines(t, sum("Sales")), w.defines(t, sum("Costs"))
		note := func(unit, indicator, what string, day period.Day) error {
			return w.AddNote(ctx, w.organisation, strategy.Note{Indicator: indicator, Unit: org.Ref{ID: w.unit(t, unit)}, Day: day, What: what, By: "Ada"})
		}
		for _, err := range []error{note("Belgium", "", "the survey moved", "2026-02-01"), note("Gent", sales, "refurbished", "2026-03-01"), note("Poland", "", "elsewhere", "2026-03-01"), note("Gent", costs, "a new meter", "2026-01-01")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, err := range map[string]error{"no day": note("Gent", "", "x", ""), "nothing said": note("Gent", "", " ", "2026-01-01"), "far ahead": note("Gent", "", "x", "2029-01-01")} {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		whats := func(notes []strategy.Note) (all []string) {
			for _, n := range notes {
				all = append(all, n.What+" at "+n.Unit.Name)
			}
			return all
		}
		if got, want := whats(w.sheet(t, "Gent", sales).Notes), []string{"refurbished at Gent", "the survey moved at Belgium"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		card := w.card(t, "Gent")
		if got := whats(card.Notes); len(got) != 3 {
			t.Errorf("%q", got)
		}
		if err := w.DeleteNote(ctx, w.organisation, w.unit(t, "Belgium"), card.Notes[0].ID, "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a note of another unit: %v", err)
		}
		if err := w.DeleteNote(ctx, w.organisation, w.unit(t, "Gent"), card.Notes[0].ID, "Ada"); err != nil || len(w.card(t, "Gent").Notes) != 2 {
			t.Errorf("deleted: %v", err)
		}
	})
}

// However values come in, in whatever order and with whatever corrections, every unit comes to the
// plain sum over what stands.
func TestTotalsEqualThePlainSum(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sales := w.defines(t, sum("Sales"))
		customers := w.defines(t, sum("Customers"))
		happy := w.defines(t, mean("Happy", customers))
		keys := map[string]string{"sales": sales, "customers": customers, "happy": happy}
		leaves := []string{"Gent", "Brugge", "Lublin", "Radom", "Office"}
		stands := map[string]map[string]float64{"sales": {}, "customers": {}, "happy": {}}
		rng := rand.New(rand.NewPCG(1, 2))
		for range 12 {
			lines := map[string]bool{}
			for range 1 + rng.IntN(8) {
				key, leaf, v := []string{"sales", "customers", "happy"}[rng.IntN(3)], leaves[rng.IntN(5)], float64(1+rng.IntN(50))
				cell := fmt.Sprintf("%s %s 2026-0%d", key, leaf, 1+rng.IntN(2))
				if _, twice := lines[cell]; twice {
					continue
				}
				lines[cell] = true
				parts := strings.Fields(cell)
				stands[key][parts[1]+parts[2]] = v
				w.imports(t, fmt.Sprintf("%s %g", cell, v))
			}
		}
		for unit, of := range map[string][]string{"Belgium": leaves[:2], "Poland": leaves[2:4], "All": leaves} {
			for key, indicator := range keys {
				sh := w.sheet(t, unit, indicator)
				for _, month := range []period.Period{"2026-01", "2026-02"} {
					var total, weight float64
					for _, leaf := range of {
						v, there := stands[key][leaf+string(month)]
						by := 1.0
						if key == "happy" {
							by = stands["customers"][leaf+string(month)]
						}
						if there {
							total, weight = total+v*by, weight+by
						}
					}
					want := total
					if key == "happy" && weight > 0 {
						want = total / weight
					}
					m, there := sh.Line.Actual.At(month.Number())
					if there != (weight > 0) || there && (m.Value()-want > 1e-9 || want-m.Value() > 1e-9) {
						t.Errorf("%s of %s in %s: %+v, want %g", key, unit, month, m, want)
					}
				}
			}
		}
	})
}

// Every method is called for an organisation with the ids of another's.
func TestNoMethodSeesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sales := w.defines(t, sum("Sales"))
		w.imports(t, "sales Gent 2026-01 100")
		gent := w.unit(t, "Gent")
		if err := w.AddNote(ctx, w.organisation, strategy.Note{Unit: org.Ref{ID: gent}, Day: "2026-03-01", What: "refurbished"}); err != nil {
			t.Fatal(err)
		}
		note := w.card(t, "Gent").Notes[0].ID
		stranger := w.founded(t, "strangers")
		w.roster(t, stranger, "2026-01-01", "Theirs/One")
		changed := sum("Sales")
		changed.ID = sales
		notFound := map[string]func() error{
			"Indicator":     func() error { _, err := w.Indicator(ctx, stranger, sales); return err },
			"SaveIndicator": func() error { _, err := w.SaveIndicator(ctx, stranger, changed, "", "Eve"); return err },
			"Card":          func() error { _, err := w.Card(ctx, stranger, gent, 2026, nil); return err },
			"Sheet":         func() error { _, err := w.Sheet(ctx, stranger, gent, sales, 2026, nil); return err },
			"AddNote": func() error {
				return w.AddNote(ctx, stranger, strategy.Note{Unit: org.Ref{ID: gent}, Day: "2026-03-01", What: "x"})
			},
			"DeleteNote":    func() error { return w.DeleteNote(ctx, stranger, gent, note, "Eve") },
			"ObservedUnder": func() error { _, _, err := w.ObservedUnder(ctx, stranger, sales, gent); return err },
			"TakeOut": func() error {
				_, err := w.TakeOut(ctx, stranger, sales, gent, strategy.Actual, "2026-01", "Eve")
				return err
			},
		}
		for name, call := range notFound {
			if err := call(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Import(ctx, stranger, feed("sales Gent 2026-01 5")); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Import: %v", err)
		}
		if all, err := w.Indicators(ctx, stranger); err != nil || len(all) > 0 {
			t.Errorf("Indicators: %v, %v", all, err)
		}
		if b, err := w.Book(ctx, stranger); err != nil || len(b.Indicators) > 0 || len(b.Units.Units) != 2 {
			t.Errorf("Book: %+v, %v", b, err)
		}
		if units, err := w.Units(ctx, stranger); err != nil || len(units.Units) != 2 {
			t.Errorf("Units: %v", err)
		}
		without := []string{"Agree", "CheckIn", "EndGoal", "Goal", "Goals", "Learn", "Orphans", "OwnGoals", "ReopenGoal", "Reports", "Reaching", "Recognise", "Recognitions", "SaveGoal", "SaySeat", "Seats", "ShowRecognition", "SignOff", "SignOffs", "SignedOff", "Sight", "Top", "Waiting", "Worked", "PersonFigures", "ObservedPeople", "LearningObjectives", "Publish", "Publishing", "TakeOutOf", // in a test of their own
			"Clock", "Define", "Import", "Indicators", "Book", "Units", "Renew"} // below, or for all
		for i := range reflect.TypeFor[strategydb.Store]().NumMethod() {
			if name := reflect.TypeFor[strategydb.Store]().Method(i).Name; notFound[name] == nil && !slices.Contains(without, name) {
				t.Errorf("%s is not in the table", name)
			}
		}
		if got := value(w.sheet(t, "All", sales).Line.ToDate); got != "100" {
			t.Errorf("afterwards all comes to %s", got)
		}
	})
}
