package effortdb_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// world is one installation with one organisation: two countries with two stores each, and an office.
type world struct {
	effortdb.Store
	orgs         orgdb.Store
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
	w.orgs = orgdb.Store{DB: d, Now: clock}
	w.Store = effortdb.Store{DB: d, Now: clock}
	w.organisation = w.founded(t, "works")
	w.roster(t, w.organisation, "2026-01-01", stores...)
	return w
}

func (w *world) founded(t testing.TB, slug string) string {
	t.Helper()
	o, err := w.orgs.CreateOrganisation(context.Background(), org.Organisation{Slug: slug, Name: slug, Language: "en"}, org.Account{Mail: slug + "@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// roster has one person for each path, who has the last part of it as number.
func (w *world) roster(t testing.TB, organisation string, day period.Day, paths ...string) {
	t.Helper()
	m := org.Map{People: &org.Section{Key: org.Field{Column: "id"}, Name: org.Field{Column: "name"}, UnitPath: org.Field{Column: "unit"}}}
	source := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit"}, Rows: func(yield func(org.Row, error) bool) {
		for n, path := range paths {
			who, unit, _ := strings.Cut(path, "@")
			if unit == "" {
				unit, who = path, "p"+path[strings.LastIndex(path, "/")+1:]
			}
			if !yield(org.Row{Line: n + 2, Cells: []string{who, "Name of " + who, unit}}, nil) {
				return
			}
		}
	}}
	if _, err := w.orgs.ImportRoster(context.Background(), organisation, orgdb.Roster{Day: day, Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) units(t testing.TB) map[string]string {
	t.Helper()
	b, err := w.Book(context.Background(), w.organisation, effortdb.Feed{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, u := range b.Units.Units {
		all[u.Name] = u.ID
	}
	return all
}

func (w *world) people(t testing.TB) map[string]string {
	t.Helper()
	b, err := w.Book(context.Background(), w.organisation, effortdb.Feed{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range b.People {
		all[p.Key] = p.ID
	}
	return all
}

func of(v float64) *float64 { return &v }

func rows(all ...effort.Row) iter.Seq2[effort.Row, error] {
	return func(yield func(effort.Row, error) bool) {
		for n, row := range all {
			row.Line = n + 2
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (w *world) imports(t testing.TB, all ...effort.Row) effortdb.Came {
	t.Helper()
	came, err := w.Import(context.Background(), w.organisation, effortdb.Feed{Rows: rows(all...), Source: "efforts.csv", By: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	return came
}

func (w *world) entries(t testing.TB) []effort.Entry {
	t.Helper()
	all, err := w.Entries(context.Background(), w.organisation, effortdb.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// account is what a heading comes to over all months of the tests.
func (w *world) account(t testing.TB, of effort.Heading) effort.Account {
	t.Helper()
	months, err := w.Tallies(context.Background(), w.organisation, of, "2025-01", "2026-12")
	if err != nil {
		t.Fatal(err)
	}
	rates, err := w.Rates(context.Background(), w.organisation)
	if err != nil {
		t.Fatal(err)
	}
	return effort.AccountOf(rates, months)
}

func row(what, person, unit string, hours float64) effort.Row {
	r := effort.Row{Day: "2026-03-02", What: what, Person: person, Unit: unit, Modality: "classroom"}
	if hours != 0 {
		r.Hours = &hours
	}
	return r
}

// A file's rows count for the unit in which a person worked on the day, for all above it and for what they
// serve; a row that names its reference again takes the place of what it was; taken back, it is gone.
func TestAFileComesInIsSentAgainAndIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		unit := w.units(t)
		w.roster(t, w.organisation, "2026-03-01", "pGent@All/Poland/Lublin", "pBrugge@All/Belgium/Brugge", "pLublin@All/Poland/Lublin", "pRadom@All/Poland/Radom", "pOffice@All/Office", "pLeft@All/Belgium/Gent")
		moved, before := row("Course", "pGent", "", 2), row("Course", "pGent", "", 3)
		before.Day = "2026-02-27"
		paid := row("Course", "", "Gent", 1.5)
		paid.Supplied, paid.Reference, paid.Supplier, paid.Managed, paid.External = of(1200.50), "r1", "School", "Central", "yes"
		came := w.imports(t, moved, before, paid)
		if came != (effortdb.Came{Number: 1, Entries: 3}) {
			t.Errorf("%+v", came)
		}
		minutes := func(h effort.Heading) int64 { return w.account(t, h).Blend().Minutes }
		check := func(want map[effort.Heading]int64) {
			t.Helper()
			for h, m := range want {
				if got := minutes(h); got != m {
					t.Errorf("%+v: %d minutes, want %d", h, got, m)
				}
			}
		}
		own, tree := func(name string) effort.Heading { return effort.Heading{Kind: effort.OwnOf, ID: unit[name]} }, func(name string) effort.Heading { return effort.Heading{Kind: effort.TreeOf, ID: unit[name]} }
		check(map[effort.Heading]int64{own("Lublin"): 120, own("Gent"): 270, tree("Gent"): 270, tree("Belgium"): 270, tree("Poland"): 120, tree("All"): 390, {Kind: effort.Whole}: 390})
		if a := w.account(t, tree("Belgium")); a.Spending().Supplier != 120050 || a.Spending().Central != 120050 || a.Learners != 1 {
			t.Errorf("%+v", a)
		}
		if a := w.account(t, effort.Heading{Kind: effort.Whole}); a.Learners != 1 || a.Formal != 1 {
			t.Errorf("one person in two units: %+v", a)
		}
		paid.Supplied, paid.Hours = of(1000), of(1)
		if came := w.imports(t, paid); came != (effortdb.Came{Number: 2, Entries: 1, Replaced: 1}) {
			t.Errorf("again: %+v", came)
		}
		check(map[effort.Heading]int64{own("Gent"): 240, tree("All"): 360})
		if came := w.imports(t, paid); came != (effortdb.Came{Number: 3, Kept: 1}) {
			t.Errorf("the same again: %+v", came)
		}
		check(map[effort.Heading]int64{own("Gent"): 240, tree("All"): 360})
		if got := len(w.entries(t)); got != 3 {
			t.Errorf("%d entries", got)
		}
		if err := w.TakeBack(ctx, w.organisation, 2, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.TakeBack(ctx, w.organisation, 2, "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
		check(map[effort.Heading]int64{own("Gent"): 180, tree("All"): 300})
		if a := w.account(t, tree("All")); a.Spending().Direct() != 0 {
			t.Errorf("what was paid is still there: %+v", a.Spending())
		}
		feeds, err := w.Feeds(ctx, w.organisation)
		if err != nil || len(feeds) != 3 || feeds[1].State != effort.Gone || feeds[2].State != effort.There || feeds[2].Entries != 3 {
			t.Errorf("%+v, %v", feeds, err)
		}
	})
}

// Nothing of a file with a mistake stays, whatever came before it; what it would have replaced does.
func TestAFileWithAMistakeLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		kept := row("Course", "pGent", "", 2)
		kept.Reference = "r1"
		w.imports(t, kept)
		var many []effort.Row
		for n := range 5000 {
			r := row("Course", "pBrugge", "", 1)
			r.Reference = fmt.Sprint("r", n)
			many = append(many, r)
		}
		many[4998].Person, many[4999].Hours = "nobody", of(-1)
		_, err := w.Import(ctx, w.organisation, effortdb.Feed{Rows: rows(many...), Source: "bad.csv"})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "line 5000: there is no person") || !strings.Contains(err.Error(), "line 5001: hours lie") {
			t.Errorf("%v", err)
		}
		if all := w.entries(t); len(all) != 1 || all[0].Hours[0].Minutes != 120 {
			t.Errorf("%+v", all)
		}
		kept.Hours = of(3)
		if got := w.imports(t, kept); got.Replaced != 1 || got.Number != 2 {
			t.Errorf("%+v", got)
		}
	})
}

// A file that was cut off is read by nobody, and cleared away by who comes next.
func TestAFileThatIsCutOffIsClearedAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cut := context.WithCancel(context.Background())
		kept := row("Course", "pGent", "", 2)
		kept.Reference = "r4"
		w.imports(t, kept)
		var many []effort.Row
		for n := range 8000 {
			r := row("Course", "pBrugge", "", 1)
			r.Reference = fmt.Sprint("r", n)
			many = append(many, r)
		}
		_, err := w.Import(ctx, w.organisation, effortdb.Feed{Source: "half.csv", Rows: rows(many...), Progress: func(int, int) { cut() }})
		if err == nil {
			t.Fatal("it came in")
		}
		held := func() (n int) {
			t.Helper()
			if err := w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, _, err = db.One(t.Context(), tx, db.Value[int], `SELECT COUNT(*) FROM effort_entry WHERE organisation_id = $1`, w.organisation)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := held(); n < 5001 {
			t.Fatalf("only %d rows came before it was cut off: nothing is tried", n)
		}
		whole := func() int64 { return w.account(t, effort.Heading{Kind: effort.Whole}).Blend().Minutes }
		if all := w.entries(t); len(all) != 1 || whole() != 120 {
			t.Errorf("%d entries are read, %d minutes", len(all), whole())
		}
		if feeds, err := w.Feeds(t.Context(), w.organisation); err != nil || len(feeds) != 1 {
			t.Errorf("%+v, %v", feeds, err)
		}
		if err := w.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := held(); n != 1 || len(w.entries(t)) != 1 || whole() != 120 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// The same file a second time would count twice; with references it counts once.
func TestTheSameFileIsRefusedUnlessEveryRowHasAReference(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		feed := func(digest, reference string) error {
			r := row("Course", "pGent", "", 2)
			r.Reference = reference
			_, err := w.Import(context.Background(), w.organisation, effortdb.Feed{Rows: rows(r), Source: "a.csv", Digest: digest})
			return err
		}
		for _, err := range []error{feed("one", ""), feed("two", ""), feed("three", "r1"), feed("three", "r1")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := feed("one", ""); err == nil || !strings.Contains(err.Error(), "came in on 2026-04-15 already, as file 1") {
			t.Errorf("%v", err)
		}
		if err := w.TakeBack(context.Background(), w.organisation, 1, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := feed("one", ""); err != nil {
			t.Errorf("taken back: %v", err)
		}
		if n := len(w.entries(t)); n != 3 {
			t.Errorf("%d entries", n)
		}
	})
}

// What is typed can be changed and taken out; hours of a person are of the unit of the day.
func TestAnEntryIsTypedChangedAndTakenOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		unit, person := w.units(t), w.people(t)
		e := effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "Course", Modality: effort.Classroom, Hours: []effort.Hours{{Side: effort.Participant, Person: person["pGent"], Minutes: 60}}}
		save := func(e effort.Entry) error { return w.SaveEntry(ctx, w.organisation, "mine", e, "Ada") }
		if err := save(e); err != nil {
			t.Fatal(err)
		}
		e.Hours[0].Minutes = 90
		if err := save(e); err != nil {
			t.Fatal(err)
		}
		if a := w.account(t, effort.Heading{Kind: effort.TreeOf, ID: unit["Belgium"]}); a.Blend().Minutes != 90 || a.Learners != 1 {
			t.Errorf("%+v", a)
		}
		for want, change := range map[string]func(*effort.Entry){
			"not come yet":          func(e *effort.Entry) { e.Day = "2026-04-16" },
			"whose hours":           func(e *effort.Entry) { e.Hours = []effort.Hours{{Side: effort.Participant, Minutes: 5}} },
			"hours or a cost":       func(e *effort.Entry) { e.Hours = nil },
			"no rate for USD":       func(e *effort.Entry) { e.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: 5, Currency: "USD"}} },
			"not in the roster":     func(e *effort.Entry) { e.Hours = []effort.Hours{{Side: effort.Staff, Person: "x", Minutes: 5}} },
			"there is no such unit": func(e *effort.Entry) { e.Hours, e.Unit = nil, "x" },
		} {
			wrong := e
			if change(&wrong); save(wrong) == nil || !strings.Contains(save(wrong).Error(), want) {
				t.Errorf("%q: %v", want, save(wrong))
			}
		}
		if err := w.DeleteEntry(ctx, w.organisation, "mine", "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteEntry(ctx, w.organisation, "mine", "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
		if a := w.account(t, effort.Heading{Kind: effort.Whole}); len(a.Cells) != 0 || a.Learners != 0 {
			t.Errorf("afterwards: %+v", a)
		}
	})
}

// Costs are allocated exactly, and what was spent in another currency counts at the rate of its month, or
// stands apart.
func TestCostsFollowMinutesAndRates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		unit := w.units(t)
		e := effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "Course", Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 10000, Currency: "USD"}, {Kind: effort.Internal, Amount: 100, Currency: "EUR"}}}
		for _, name := range []string{"Gent", "Brugge", "Lublin"} {
			e.Hours = append(e.Hours, effort.Hours{Side: effort.Participant, Unit: unit[name], Minutes: 60})
		}
		err := w.DB.Write(ctx, func(tx *db.Tx) error {
			return w.Record(ctx, tx, w.organisation, effort.Source{Kind: effort.OfSession, ID: "s"}, []effort.Entry{e}, "Ada")
		})
		if err != nil {
			t.Fatal(err)
		}
		whole := effort.Heading{Kind: effort.Whole}
		if a := w.account(t, whole); a.Unrated["USD"] != 10000 || a.Spending().Direct() != 100 {
			t.Errorf("without a rate: %+v", a)
		}
		var internal []int64
		for _, name := range []string{"Gent", "Brugge", "Lublin", "Belgium"} {
			internal = append(internal, w.account(t, effort.Heading{Kind: effort.TreeOf, ID: unit[name]}).Spending().Internal)
		}
		if internal[0]+internal[1]+internal[2] != 100 || slices.Max(internal[:3]) != 34 || internal[3] != internal[0]+internal[1] {
			t.Errorf("100 by three: %v", internal)
		}
		for _, r := range []effort.Rate{{Currency: "USD", Month: "2026-02", Rate: .9}, {Currency: "USD", Month: "2026-04", Rate: 5}} {
			if err := w.SaveRate(ctx, w.organisation, r, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		if a := w.account(t, whole); len(a.Unrated) != 0 || a.Spending().Supplier != 9000 {
			t.Errorf("at .9: %+v", a)
		}
		if got := w.entries(t); len(got) != 1 || len(got[0].Costs) != 2 {
			t.Errorf("costs of units are those of the entry: %+v", got)
		}
		if err := w.SaveSetting(ctx, w.organisation, effort.Setting{Currency: "USD", Reference: 40, Function: []string{unit["Office"]}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if a := w.account(t, whole); a.Unrated["EUR"] != 100 || a.Spending().Supplier != 10000 {
			t.Errorf("in dollars: %+v", a)
		}
		if err := w.SaveRate(ctx, w.organisation, effort.Rate{Currency: "USD", Month: "2026-02", Rate: 1}, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a rate of the own currency: %v", err)
		}
		if err := w.DeleteRate(ctx, w.organisation, "USD", "2026-02", "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a rate of another own currency: %v", err)
		}
		if got, err := w.Setting(ctx, w.organisation); err != nil || got.Function[0] != unit["Office"] || got.Reference != 40 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// The ledger is read in pages, the newest first, however it is narrowed.
func TestTheLedgerIsReadInPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		var all []effort.Row
		for n := range 90 {
			r := row(fmt.Sprint("Effort ", n), []string{"pGent", "pBrugge", "pLublin"}[n%3], "", 1)
			r.Day = period.Day("2026-01-01").Add(n / 2)
			if n%10 == 0 {
				r.Kind = "job-tools"
			}
			if n%7 == 0 {
				r.Modality = "reading"
			}
			all = append(all, r)
		}
		w.imports(t, all...)
		unit, person := w.units(t), w.people(t)
		entries := w.entries(t)
		slices.Reverse(entries)
		for name, c := range map[string]struct {
			q    effortdb.LedgerQuery
			want func(effort.Entry) bool
		}{
			"all":     {effortdb.LedgerQuery{}, func(effort.Entry) bool { return true }},
			"unit":    {effortdb.LedgerQuery{Unit: unit["Belgium"]}, func(e effort.Entry) bool { return e.Hours[0].Unit != unit["Lublin"] }},
			"person":  {effortdb.LedgerQuery{Person: person["pLublin"]}, func(e effort.Entry) bool { return e.Hours[0].Unit == unit["Lublin"] }},
			"kind":    {effortdb.LedgerQuery{Kind: effort.JobTools, Source: effort.OfFile}, func(e effort.Entry) bool { return e.Kind == effort.JobTools }},
			"how":     {effortdb.LedgerQuery{Modality: effort.Reading}, func(e effort.Entry) bool { return e.Modality == effort.Reading }},
			"months":  {effortdb.LedgerQuery{From: "2026-02", Until: "2026-02"}, func(e effort.Entry) bool { return e.Day >= "2026-02-01" && e.Day <= "2026-02-28" }},
			"nothing": {effortdb.LedgerQuery{Serves: effort.Target{Kind: effort.ForGoal, ID: "x"}}, func(effort.Entry) bool { return false }},
		} {
			var want, got []effort.Entry
			for _, e := range entries {
				if c.want(e) {
					want = append(want, e)
				}
			}
			c.q.Limit = 7
			for {
				page, err := w.Ledger(ctx, w.organisation, c.q)
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, page...); len(page) < 7 {
					break
				}
				c.q.After = &page[6]
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if _, err := w.Ledger(ctx, w.organisation, effortdb.LedgerQuery{Unit: "x"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
	})
}

func TestChangesOfTheFunctionAreDated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		unit := w.units(t)
		made, err := w.SaveChange(ctx, w.organisation, effort.Change{Day: "2026-02-01", Text: "Courses are booked by the units", Units: []string{unit["Belgium"]}, Expected: "lower cost per hour"}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.SaveChange(ctx, w.organisation, effort.Change{ID: made, Day: "2026-03-01", Text: "Courses are booked by the units"}, "Bo"); err != nil {
			t.Fatal(err)
		}
		want := []effort.Change{{ID: made, Day: "2026-03-01", Text: "Courses are booked by the units", By: "Bo", At: w.now}}
		if got, err := w.Changes(ctx, w.organisation); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%v, %s", err, cmp.Diff(want, got))
		}
		if _, err := w.SaveChange(ctx, w.organisation, effort.Change{Day: "2026-03-01", Text: "x", Units: []string{"nowhere"}}, "Bo"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
		if err := w.DeleteChange(ctx, w.organisation, made); err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteChange(ctx, w.organisation, made); fault.KindOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
	})
}

// The learning function is the units named, each hour once; before any are named it is the whole. What a
// page rests on is of the same day.
func TestTheFunctionIsTheUnitsThatAreNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, row("A", "pGent", "", 1), row("B", "pBrugge", "", 2), row("C", "pLublin", "", 4))
		unit := w.units(t)
		minutes := func() int64 {
			t.Helper()
			months, err := w.FunctionTallies(ctx, w.organisation, "2026-01", "2026-04")
			if err != nil {
				t.Fatal(err)
			}
			return effort.AccountOf(effort.Rates{Own: "EUR"}, months).Blend().Minutes
		}
		if got := minutes(); got != 420 {
			t.Errorf("of the whole: %d", got)
		}
		if err := w.SaveSetting(ctx, w.organisation, effort.Setting{Currency: "EUR", Reference: 40, Function: []string{unit["Belgium"], unit["Gent"]}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if got := minutes(); got != 180 {
			t.Errorf("of Belgium, in which Gent lies: %d", got)
		}
		of, err := w.UnitTallies(ctx, w.organisation, []string{unit["Belgium"], unit["Lublin"], unit["Office"]}, "2026-01", "2026-04")
		if err != nil || len(of) != 2 || effort.AccountOf(effort.Rates{}, of[unit["Lublin"]]).Blend().Minutes != 240 || effort.AccountOf(effort.Rates{}, of[unit["Belgium"]]).Blend().Minutes != 180 {
			t.Errorf("%+v, %v", of, err)
		}
		b, err := w.Basis(ctx, w.organisation)
		if err != nil || b.Today != "2026-04-15" || b.Heads[unit["Belgium"]] != 2 || len(b.Setting.Function) != 2 || b.Rates.Own != "EUR" {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

// Whoever enters hours names people as the roster does, and only those who may be named there are found.
func TestPeopleAreFoundByWhatTheyAreCalled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		unit, person := w.units(t), w.people(t)
		anywhere := func(string) bool { return true }
		for _, text := range []string{"pGent", "name of pgent"} {
			if p, err := w.Called(ctx, w.organisation, text, "2026-04-01", anywhere, anywhere); err != nil || p.ID != person["pGent"] {
				t.Errorf("%s: %+v, %v", text, p, err)
			}
		}
		if _, err := w.Called(ctx, w.organisation, "Name", "2026-04-01", anywhere, anywhere); err == nil || !strings.Contains(err.Error(), "Name of pGent (pGent)") {
			t.Errorf("several: %v", err)
		}
		nowhere := func(string) bool { return false }
		if p, err := w.Called(ctx, w.organisation, "name of pgent", "2026-04-01", anywhere, nowhere); err != nil || p.ID != person["pGent"] {
			t.Errorf("a whole name, to who may read none: %+v, %v", p, err)
		}
		if _, err := w.Called(ctx, w.organisation, "Name", "2026-04-01", anywhere, nowhere); fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "pGent") {
			t.Errorf("a part of names, to who may read none: %v", err)
		}
		for _, text := range []string{"pGent", "Name of pGent"} {
			if _, err := w.Called(ctx, w.organisation, text, "2026-04-01", func(u string) bool { return u == unit["Lublin"] }, anywhere); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s of another unit: %v", text, err)
			}
		}
		if names, err := w.Names(ctx, w.organisation, []string{person["pGent"], "nobody"}); err != nil || len(names) != 1 || names[person["pGent"]].Name != "Name of pGent" {
			t.Errorf("%+v, %v", names, err)
		}
	})
}
