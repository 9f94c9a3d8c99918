package orgdb_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"

	"github.com/google/go-cmp/cmp"
)

// rosterFixture is an organisation in a fresh database.
type rosterFixture struct {
	*testing.T
	orgdb.Store
	organisation string
}

func eachRoster(t *testing.T, f func(t rosterFixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newRoster(t, d, "acme")) })
}

func newRoster(t *testing.T, d *db.DB, slug string) rosterFixture {
	t.Helper()
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	s := orgdb.Store{DB: d, Now: func() time.Time { return now }}
	id, err := s.CreateOrganisation(t.Context(), org.Organisation{Slug: slug, Name: slug, Language: "en"},
		org.Account{Mail: "admin@" + slug + ".example", Name: "Admin"})
	if err != nil {
		t.Fatal(err)
	}
	return rosterFixture{t, s, id}
}

// table makes a file of lines with cells between bars.
func table(name string, lines ...string) org.Source {
	return org.Source{Name: name, Header: strings.Split(lines[0], "|"), Rows: func(yield func(org.Row, error) bool) {
		for i, line := range lines[1:] {
			if !yield(org.Row{Line: i + 2, Cells: strings.Split(line, "|")}, nil) {
				return
			}
		}
	}}
}

func column(heading string) org.Field { return org.Field{Column: heading} }

// staff is the map of the small rosters of these tests.
var staff = org.Map{
	People: &org.Section{
		Key: column("Id"), Name: column("Name"), Mail: column("Mail"), UnitPath: column("Unit"), Location: column("Site"),
		Country: column("Country"), Level: column("Level"), Partner: column("Partner"), Manager: column("Boss"),
		Start: column("From"), End: column("To"), FTE: column("FTE"), OtherAttributes: true,
	},
	Teams: &org.Section{Team: column("Team"), Person: column("Id"), Chair: column("Chair"), UnitPath: column("Unit")},
}

const staffHeader = "Id|Name|Mail|Unit|Site|Country|Level|Partner|Boss|From|To|FTE|Shift|Team|Chair"

var springStaff = []string{
	staffHeader,
	"1|Ann Ng|ann@acme.example|Acme|Delft|NL|executive|||2010-01-01||1||Board|yes",
	"2|Bo_Lee|bo@acme.example|Acme/Shops|Delft|NL|manager||1|||0.8|day|Board|",
	"3|Cy|cy@acme.example|Acme/Shops/One|Gent|BE|employee|Frank Ltd|2|||1|night||",
	"4|Dee||Acme/Shops/One|Gent|BE|employee|Frank Ltd|2||2026-03-31|0.5|||",
	"5|Eli||Acme/Depot|Delft|NL|employee||1|2026-06-01||1|||",
}

func (t rosterFixture) load(day period.Day, m org.Map, sources ...org.Source) *org.Report {
	t.Helper()
	report, err := t.ImportRoster(t.Context(), t.organisation, orgdb.Roster{Day: day, Map: m, Sources: sources, By: "Admin"})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (t rosterFixture) structureOn(day period.Day) *org.Structure {
	t.Helper()
	s, err := t.Structure(t.Context(), t.organisation, day)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drawn is a structure in a few characters: name, people and FTE of each subtree.
func drawn(s *org.Structure) string {
	var b strings.Builder
	for _, u := range s.Units {
		fmt.Fprintf(&b, "%s%s %d/%g+%g ", strings.Repeat(">", u.Depth), u.Name, u.Total.People, u.Total.PeopleFTE, u.Total.GroupFTE)
	}
	return strings.TrimSpace(b.String())
}

// counted is a change in a few characters.
func counted(c org.Changes) string {
	return fmt.Sprintf("%d: +%d ~%d >%d -%d", c.Before, c.Added, c.Changed, c.Moved, c.Left)
}

func TestASecondImportIsADatedChange(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		first := t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		if got := counted(first.People) + "; " + counted(first.Units) + "; " + counted(first.Teams); got != "0: +5 ~0 >0 -0; 0: +4 ~0 >0 -0; 0: +1 ~0 >0 -0" {
			t.Errorf("first: %s", got)
		}
		second := t.load("2026-04-01", staff, table("apr.csv", staffHeader,
			"1|Ann Ng|ann@acme.example|Acme|Delft|NL|executive|||2010-01-01||1||Board|yes", // the same
			"2|Bo Lee|bo@acme.example|Acme/Shops|Delft|NL|manager||1|||0.8|day||",          // changed, left the team
			"3|Cy|cy@acme.example|Acme/Shops|Gent|BE|employee|Frank Ltd|2|||1|night||",     // moved
			"5|Eli||Acme/Depot|Delft|NL|employee||1|2026-06-01||1|||",
			"6|Flo||Acme/Depot|Delft|NL|employee||1|||1|||"))
		if got := counted(second.People) + "; " + counted(second.Units) + "; " + counted(second.Teams); got != "5: +1 ~1 >1 -1; 4: +0 ~0 >0 -1; 1: +0 ~1 >0 -0" {
			t.Errorf("second: %s", got)
		}
		if second.Units.Kept() != 3 || second.People.After() != 5 {
			t.Errorf("kept %d units, %d people after", second.Units.Kept(), second.People.After())
		}
		for _, c := range second.People.First {
			if c.Kind == org.Moved && (c.Key != "3" || c.From != "Acme/Shops/One" || c.To != "Acme/Shops" || strings.Join(c.Fields, " ") != "unit") {
				t.Errorf("moved: %+v", c)
			}
		}
		for day, want := range map[period.Day]string{
			"2025-12-31": "",
			"2026-03-31": "Acme 4/3.3+0 >Depot 0/0+0 >Shops 3/2.3+0 >>One 2/1.5+0",
			"2026-04-01": "Acme 4/3.8+0 >Depot 1/1+0 >Shops 2/1.8+0",
			"2026-06-01": "Acme 5/4.8+0 >Depot 2/2+0 >Shops 2/1.8+0",
		} {
			if got := drawn(t.structureOn(day)); got != want {
				t.Errorf("%s: %s, want %s", day, got, want)
			}
		}
		p, err := t.PersonByKey(t.Context(), t.organisation, "2", "2026-03-31")
		if err != nil || p.Name != "Bo_Lee" || p.Unit.Name != "Shops" || p.Manager.Name != "Ann Ng" || p.Attributes["Shift"] != "day" {
			t.Errorf("in March: %+v, %v", p, err)
		}
		history, err := t.PersonHistory(t.Context(), t.organisation, p.ID)
		if err != nil || len(history) != 2 || history[0].Name != "Bo Lee" || history[1].Until != "2026-04-01" {
			t.Errorf("history: %+v, %v", history, err)
		}
	})
}

func TestWhoComesBackIsTheSamePerson(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := org.Map{People: &org.Section{Key: column("Id"), Unit: column("Unit")}}
		t.load("2026-01-01", m, table("f.csv", "Id|Unit", "1|A", "2|A"))
		before, err := t.PersonByKey(t.Context(), t.organisation, "2", "2026-01-01")
		if err != nil {
			t.Fatal(err)
		}
		t.load("2026-02-01", m, table("f.csv", "Id|Unit", "1|A"))
		if _, err := t.PersonByKey(t.Context(), t.organisation, "2", "2026-02-01"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who has left is found: %v", err)
		}
		t.load("2026-03-01", m, table("f.csv", "Id|Unit", "1|A", "2|A"))
		after, err := t.PersonByKey(t.Context(), t.organisation, "2", "2026-03-01")
		if err != nil || after.ID != before.ID {
			t.Errorf("came back as %q, was %q: %v", after.ID, before.ID, err)
		}
	})
}

func TestAnImportOnTheDayOfTheLastReplacesWhatItSaid(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := org.Map{People: &org.Section{Key: column("Id"), Unit: column("Unit")}}
		t.load("2026-01-01", m, table("f.csv", "Id|Unit", "1|A", "2|A"))
		second := t.load("2026-01-01", m, table("f.csv", "Id|Unit", "1|B"))
		if got := drawn(t.structureOn("2026-01-01")); got != "B 1/1+0" {
			t.Errorf("got %s", got)
		}
		if err := t.TakeBackRoster(t.Context(), t.organisation, second.Import, "Admin"); err != nil {
			t.Fatal(err)
		}
		if got := drawn(t.structureOn("2026-01-01")); got != "A 2/2+0" {
			t.Errorf("taken back: %s", got)
		}
	})
}

func TestWhoComesBackAfterAnImportWasTakenBackIsTheSame(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		first := t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		person, err := t.PersonByKey(t.Context(), t.organisation, "3", "2026-01-01")
		if err != nil {
			t.Fatal(err)
		}
		if err := t.TakeBackRoster(t.Context(), t.organisation, first.Import, "Admin"); err != nil {
			t.Fatal(err)
		}
		if got := drawn(t.structureOn("2026-01-01")); got != "" {
			t.Errorf("taken back: %s", got)
		}
		err = t.DB.Read(t.Context(), func(tx *db.Tx) error {
			kept, err := db.All(t.Context(), tx, db.Value[string], `SELECT name || mail || folded || manager_key || attributes FROM org_person WHERE organisation_id = $1`, t.organisation)
			for _, text := range kept {
				if text != "{}" {
					t.Errorf("of a person is kept: %s", text)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		t.load("2026-02-01", staff, table("feb.csv", springStaff...))
		again, err := t.PersonByKey(t.Context(), t.organisation, "3", "2026-02-01")
		if err != nil || again.ID != person.ID || again.Unit.ID != person.Unit.ID || again.Location.ID != person.Location.ID || again.Partner.ID != person.Partner.ID {
			t.Errorf("was %+v, came back as %+v, %v", person, again, err)
		}
	})
}

func TestAnImportCanBeTakenBackUntilTheNext(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		first := t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		before := t.exported("2026-04-01")
		second := t.load("2026-04-01", staff, table("apr.csv", staffHeader,
			"1|Ann||New|Paris|FR|executive||||||||", "9|Zoe||New|Paris|FR|||||||||"))
		if err := t.TakeBackRoster(t.Context(), t.organisation, first.Import, "Admin"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the one before the last: %v", err)
		}
		if err := t.TakeBackRoster(t.Context(), t.organisation, second.Import, "Admin"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, t.exported("2026-04-01")); diff != "" {
			t.Errorf("not as before (-before +after):\n%s", diff)
		}
		if err := t.TakeBackRoster(t.Context(), t.organisation, second.Import, "Admin"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second time: %v", err)
		}
		imports, err := t.RosterImports(t.Context(), t.organisation)
		if err != nil || len(imports) != 2 || !imports[0].TakenBack || imports[1].TakenBack || imports[1].Report.People.Added != 5 || imports[0].By != "Admin" {
			t.Errorf("imports: %+v, %v", imports, err)
		}
		m, found, err := t.LastRosterMap(t.Context(), t.organisation)
		if err != nil || !found || m.People.Mail.Column != "Mail" {
			t.Errorf("remembered map: %+v, %v, %v", m, found, err)
		}
	})
}

func TestTheExportImportsUnchanged(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := staff
		m.Groups = &org.Section{Unit: column("Group unit"), Grade: column("Grade"), Job: column("Job"), Location: column("Place"), FTE: column("Number")}
		t.load("2026-01-01", m, table("jan.csv", springStaff...), table("groups.csv", "Group unit|Grade|Job|Place|Number",
			"Acme/Shops|A|Cook|Delft|0.1", "Acme/Shops|A|Cook|Delft|0.2", "Acme/Depot|B||Ghent|3.75"))
		rows := t.exported("2026-01-01")
		if !org.IsExport(rows[0]) {
			t.Fatalf("headings %q", rows[0])
		}
		source := org.Source{Name: "export.csv", Header: rows[0], Rows: rowsOf(rows[1:])}
		report := t.load("2026-02-01", org.ExportMap(), source)
		if report.Changed() || len(report.Remarks) > 0 {
			t.Errorf("changed: %+v", report)
		}
		if diff := cmp.Diff(rows, t.exported("2026-02-01")); diff != "" {
			t.Errorf("exported anew (-first +second):\n%s", diff)
		}
		other := newRoster(t.T, t.DB, "other")
		other.load("2026-02-01", org.ExportMap(), source)
		for i, row := range other.exported("2026-02-01") {
			if strings.Join(row, "|") != strings.Join(rows[i], "|") {
				t.Errorf("in another organisation row %d is %q, was %q", i, row, rows[i])
			}
		}
	})
}

func TestAPreviewSavesNothing(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		in := orgdb.Roster{Day: "2026-01-01", Map: staff, Sources: []org.Source{table("jan.csv", springStaff...)}}
		report, err := t.PreviewRoster(t.Context(), t.organisation, in)
		if err != nil || report.Import != "" || counted(report.People) != "0: +5 ~0 >0 -0" || len(report.People.First) != 5 {
			t.Errorf("preview: %+v, %v", report, err)
		}
		if s := t.structureOn("2026-01-01"); len(s.Units) != 0 {
			t.Errorf("after the preview there are %s", drawn(s))
		}
		if imports, err := t.RosterImports(t.Context(), t.organisation); err != nil || len(imports) != 0 {
			t.Errorf("after the preview there are imports: %v, %v", imports, err)
		}
	})
}

func TestABadFileChangesNothing(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		before := t.exported("2026-04-01")
		with := func(lines ...string) []org.Source {
			return []org.Source{table("f.csv", append([]string{staffHeader}, lines...)...)}
		}
		const fine = "1|Ann||Acme||||||||||||"
		for name, c := range map[string]struct {
			day     period.Day
			sources []org.Source
			mistake string
			bad     int
		}{
			"a bad row":             {"2026-04-01", with(fine, "2|Bo|mail|Acme||||||x|||||"), `because of 2 bad rows; the first: f.csv, line 3, column "Mail": "mail" is not a mail address`, 2},
			"a key twice":           {"2026-04-01", with(fine, "2|Bo||Acme|||||||||||", fine), `line 4, column "Id": the key "1" stands already on line 2 of f.csv`, 1},
			"no rows":               {"2026-04-01", with(), "f.csv has headings but no rows", 0},
			"no files":              {"2026-04-01", nil, "no file", 0},
			"a column too few":      {"2026-04-01", []org.Source{table("f.csv", "Id|Unit", "1|A")}, "which the section people of the map names", 0},
			"two roots":             {"2026-04-01", with(fine, "2|Bo||Other|||||||||||"), `because of 2 bad rows; the first: f.csv, line 2, column "Unit": nothing stands above "Acme", and the tree of units has 2 roots: "Acme", "Other"`, 2},
			"a day before the last": {"2025-12-31", with(fine), "the last import holds from 2026-01-01", 0},
			"no day":                {"1 May", with(fine), `"1 May" is not the day of an import`, 0},
		} {
			report, err := t.ImportRoster(t.Context(), t.organisation, orgdb.Roster{Day: c.day, Map: staff, Sources: c.sources})
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.mistake) {
				t.Errorf("%s: got %v, want %q", name, err, c.mistake)
			}
			if c.bad > 0 && (report == nil || report.Mistakes() != c.bad) {
				t.Errorf("%s: report %+v, want %d bad rows", name, report, c.bad)
			}
			if diff := cmp.Diff(before, t.exported("2026-04-01")); diff != "" {
				t.Errorf("%s changed (-before +after):\n%s", name, diff)
			}
		}
	})
}

func TestTheFirstOfTwoIsKeptWhereTheMapSaysSo(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := org.Map{OnDuplicate: "first", People: &org.Section{Key: column("Id"), Name: column("Name"), Unit: column("Unit")}}
		report := t.load("2026-01-01", m, table("f.csv", "Id|Name|Unit", "1|Ann|A", "1|Anna|Ghost unit", "2|Bo|A"))
		if len(report.Bad) != 1 || !report.Bad[0].Dropped || report.Bad[0].Line != 3 || report.Mistakes() != 0 || report.Bad[0].Cells[1] != "Anna" {
			t.Errorf("dropped: %+v", report.Bad)
		}
		if got := drawn(t.structureOn("2026-01-01")); got != "A 2/2+0" {
			t.Errorf("got %s", got)
		}
	})
}

func TestReadingStopsAtAnErrorOfTheFile(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := org.Map{People: &org.Section{Key: column("Id"), Unit: column("Unit")}}
		broken := func(row org.Row, err error) org.Source {
			return org.Source{Name: "f.csv", Header: []string{"Id", "Unit"}, Rows: func(yield func(org.Row, error) bool) {
				_ = yield(org.Row{Line: 2, Cells: []string{"1", "A"}}, nil) && yield(row, err)
			}}
		}
		in := orgdb.Roster{Day: "2026-01-01", Map: m, Sources: []org.Source{broken(org.Row{}, fault.Invalidf("the file is cut short"))}}
		if _, err := t.ImportRoster(t.Context(), t.organisation, in); err == nil || err.Error() != "the file is cut short" {
			t.Errorf("got %v", err)
		}
		in.Sources[0] = broken(org.Row{Line: 3, Cells: []string{"x"}}, fault.Invalidf("too few cells"))
		report, err := t.ImportRoster(t.Context(), t.organisation, in)
		if err == nil || report.Mistakes() != 1 || report.Bad[0].Line != 3 {
			t.Errorf("got %+v, %v", report, err)
		}
	})
}

func TestOrganisationsDoNotSeeEachOther(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, day := t.Context(), period.Day("2026-02-01")
		imported := t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		other := newRoster(t.T, t.DB, "other")
		unit := t.structureOn(day).Units[0].ID
		ann, err := t.PersonByKey(ctx, t.organisation, "1", day)
		if err != nil {
			t.Fatal(err)
		}
		for method, see := range map[string]func() (int, error){
			"Structure":   func() (int, error) { s, err := t.Structure(ctx, other.organisation, day); return len(s.Units), err },
			"Locations":   func() (int, error) { l, err := t.Locations(ctx, other.organisation, day); return len(l), err },
			"LocationsOf": func() (int, error) { l, err := t.LocationsOf(ctx, other.organisation, day, nil); return len(l), err },
			"Partners":    func() (int, error) { l, err := t.Partners(ctx, other.organisation, day); return len(l), err },
			"Groups":      func() (int, error) { l, err := t.Groups(ctx, other.organisation, unit, day); return len(l), err },
			"Teams":       func() (int, error) { l, err := t.Teams(ctx, other.organisation, "", day); return len(l), err },
			"People": func() (int, error) {
				l, err := t.People(ctx, other.organisation, orgdb.PeopleQuery{Day: day, Unit: unit, Limit: 9})
				return len(l), err
			},
			"Owner": func() (int, error) {
				p, err := t.Owner(ctx, other.organisation, "1", day)
				if fault.KindOf(err) == fault.Invalid { // nobody is called so
					err = nil
				}
				return len(p.ID), err
			},
			"Search": func() (int, error) {
				f, err := t.Search(ctx, other.organisation, orgdb.SearchQuery{Day: day, Text: "a", Limit: 9})
				return len(f.Units) + len(f.People), err
			},
			"Since":   func() (int, error) { l, err := t.Since(ctx, other.organisation, ann.Level); return len(l), err },
			"History": func() (int, error) { l, err := t.PersonHistory(ctx, other.organisation, ann.ID); return len(l), err },
			"Imports": func() (int, error) { l, err := t.RosterImports(ctx, other.organisation); return len(l), err },
			"Export":  func() (int, error) { return len(other.exported(day)) - 1, nil },
			"LastRosterMap": func() (int, error) {
				_, found, err := t.LastRosterMap(ctx, other.organisation)
				return map[bool]int{true: 1}[found], err
			},
			"TraitsIn": func() (n int, err error) {
				err = t.DB.Read(ctx, func(tx *db.Tx) error {
					traits, err := orgdb.TraitsIn(ctx, tx, other.organisation, day)
					n = len(traits.Levels) + len(traits.Locations) + len(traits.Partners) + len(traits.Attributes)
					return err
				})
				return n, err
			},
			"PostsIn": func() (n int, err error) {
				err = t.DB.Read(ctx, func(tx *db.Tx) error {
					posts, err := orgdb.PostsIn(ctx, tx, other.organisation, day)
					n = len(posts)
					return err
				})
				return n, err
			},
			"EachPerson": func() (n int, err error) {
				err = t.DB.Read(ctx, func(tx *db.Tx) error {
					return orgdb.EachPerson(ctx, tx, other.organisation, day, func(org.Person) error { n++; return nil })
				})
				return n, err
			},
		} {
			if n, err := see(); n != 0 || err != nil {
				t.Errorf("%s sees %d things of the other organisation: %v", method, n, err)
			}
		}
		stranger := org.Actor{Organisation: other.organisation, Person: ann.Key}
		if _, err := t.Self(ctx, stranger); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Self: %v", err)
		}
		if _, side, err := t.Side(ctx, stranger, ann.ID); fault.KindOf(err) != fault.NotFound || side != "" {
			t.Errorf("Side: %q, %v", side, err)
		}
		err = t.DB.Read(ctx, func(tx *db.Tx) error {
			_, err := orgdb.CalledIn(ctx, tx, other.organisation, ann.Key, day)
			return err
		})
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("CalledIn: %v", err)
		}
		if _, err := t.Person(ctx, other.organisation, ann.ID, day); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Person: %v", err)
		}
		if _, err := t.PersonByKey(ctx, other.organisation, "1", day); fault.KindOf(err) != fault.NotFound {
			t.Errorf("PersonByKey: %v", err)
		}
		if err := t.TakeBackRoster(ctx, other.organisation, imported.Import, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("TakeBackRoster: %v", err)
		}
		before := t.exported(day)
		report := other.load(day, staff, table("f.csv", staffHeader, "1|Otto||Acme||||||||||||"))
		if counted(report.People) != "0: +1 ~0 >0 -0" {
			t.Errorf("the other's import: %s", counted(report.People))
		}
		if diff := cmp.Diff(before, t.exported(day)); diff != "" {
			t.Errorf("the other's import changed this organisation:\n%s", diff)
		}
	})
}

func rowsOf(records [][]string) iter.Seq2[org.Row, error] {
	return func(yield func(org.Row, error) bool) {
		for i, cells := range records {
			if !yield(org.Row{Line: i + 2, Cells: cells}, nil) {
				return
			}
		}
	}
}

func (t rosterFixture) exported(day period.Day) (rows [][]string) {
	t.Helper()
	err := t.ExportRoster(t.Context(), t.organisation, day, func(cells []string) error {
		rows = append(rows, cells)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
