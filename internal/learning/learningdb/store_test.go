package learningdb_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
)

// world is one installation with one organisation: a store with a manager and two employees, and an
// office with one of each.
type world struct {
	learningdb.Store
	organisation string
	now          time.Time
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{now: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}
		clock := func() time.Time { return w.now }
		orgs := orgdb.Store{DB: d, Now: clock}
		w.Store = learningdb.Store{DB: d, Org: orgs, Strategy: strategydb.Store{DB: d, Org: orgs, Now: clock}, Now: clock}
		w.organisation = w.founded(t, "works")
		f(t, w)
	})
}

func (w *world) founded(t testing.TB, slug string) string {
	t.Helper()
	o, err := w.Org.CreateOrganisation(context.Background(), org.Organisation{Slug: slug, Name: slug, Language: "en"}, org.Account{Mail: slug + "@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	w.bring(t, o, "2026-01-01", "1,Mia,All/Gent,manager,store,", "2,Eva,All/Gent,employee,store,1", "3,Edo,All/Gent,employee,store,1", "4,Max,All/Office,manager,office,", "5,Ole,All/Office,employee,office,4")
	return o
}

// bring takes a roster.
func (w *world) bring(t testing.TB, organisation string, day period.Day, rows ...string) {
	t.Helper()
	col := func(heading string) org.Field { return org.Field{Column: heading} }
	m := org.Map{People: &org.Section{Key: col("id"), Name: col("name"), UnitPath: col("unit"), Level: col("level"), Manager: col("manager"), Attributes: map[string]org.Field{"workplace": col("workplace")}}}
	source := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit", "level", "workplace", "manager"}, Rows: func(yield func(org.Row, error) bool) {
		for n, row := range rows {
			if !yield(org.Row{Line: n + 2, Cells: strings.Split(row, ",")}, nil) {
				return
			}
		}
	}}
	if _, err := w.Org.ImportRoster(context.Background(), organisation, orgdb.Roster{Day: day, Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) person(t testing.TB, key string) string {
	t.Helper()
	p, err := w.Org.PersonByKey(context.Background(), w.organisation, key, "2026-06-01")
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

var levels = []learning.Level{{Name: "with help"}, {Name: "alone"}, {Name: "teaches it"}}

// catalogue is a file of competencies: key, name and the key of the parent.
func catalogue(name string, lines ...string) learningdb.Catalogue {
	c := learningdb.Catalogue{Source: "skills.csv", By: "Ada"}
	c.Framework = learning.Framework{Name: name, Levels: levels}
	for n, line := range lines {
		cells := append(strings.Split(line, "|"), "", "")
		c.Items = append(c.Items, learning.CatalogueItem{Line: n + 2, Key: cells[0], Name: cells[1], Parent: cells[2]})
	}
	return c
}

func (w *world) imports(t testing.TB, c learningdb.Catalogue) learningdb.Came {
	t.Helper()
	came, err := w.Import(context.Background(), w.organisation, c)
	if err != nil {
		t.Fatal(err)
	}
	came.Framework = map[bool]string{true: "made"}[came.Framework != ""]
	return came
}

// find is the id of the one competency that words find.
func (w *world) find(t testing.TB, words string) string {
	t.Helper()
	all, err := w.Competencies(context.Background(), w.organisation, learningdb.CompetencyQuery{Text: words})
	if err != nil || len(all) != 1 {
		t.Fatalf("%q finds %+v, %v", words, all, err)
	}
	return all[0].ID
}

func TestAFrameworkComesInAgainAndKeepsWhatHangsOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if came := w.imports(t, catalogue("Ours", "a|Serving customers", "b|Listening to customers|a", "c|Counting")); came != (learningdb.Came{Framework: "made", Fresh: 3}) {
			t.Errorf("%+v", came)
		}
		listening := w.find(t, "listen")
		v, err := w.Competency(ctx, w.organisation, listening)
		if err != nil || len(v.Above) != 1 || v.Above[0].Name != "Serving customers" || v.Framework.LevelName(2) != "alone" {
			t.Errorf("%+v, %v", v, err)
		}
		next := catalogue("Ours", "a|Serving customers", "b|Listening|a", "d|Planning")
		next.Whole, next.Framework.Version = true, "2"
		if came := w.imports(t, next); came != (learningdb.Came{Framework: "made", Fresh: 1, Changed: 1, Same: 1, Ended: 1}) {
			t.Errorf("%+v", came)
		}
		if w.find(t, "Listening") != listening {
			t.Error("a competency that is known has another id")
		}
		if all, err := w.Competencies(ctx, w.organisation, learningdb.CompetencyQuery{Text: "counting"}); err != nil || len(all) != 0 {
			t.Errorf("what has ended is found: %+v, %v", all, err)
		}
		if came := w.imports(t, catalogue("Ours", "c|Counting")); came.Changed != 1 || came.Ended != 0 {
			t.Errorf("what had ended comes back: %+v", came)
		}
		all, err := w.Frameworks(ctx, w.organisation)
		if err != nil || len(all) != 1 || all[0].Competencies != 4 || all[0].Version != "2" {
			t.Errorf("%+v, %v", all, err)
		}
		if all, err := w.Competencies(ctx, w.founded(t, "others"), learningdb.CompetencyQuery{Text: "listening"}); err != nil || len(all) != 0 {
			t.Errorf("another organisation finds %+v, %v", all, err)
		}
		if all, err := w.Competencies(ctx, w.organisation, learningdb.CompetencyQuery{Text: "..."}); err != nil || len(all) != 0 {
			t.Errorf("a question without words finds %+v, %v", all, err)
		}
	})
}

func TestACompetencyHasOnePlaceInOneFramework(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "a|Serving", "b|Listening|a"))
		w.imports(t, catalogue("Theirs", "x|Selling"))
		serving, listening, selling := w.find(t, "serving"), w.find(t, "listening"), w.find(t, "selling")
		one, err := w.Competency(ctx, w.organisation, serving)
		if err != nil {
			t.Fatal(err)
		}
		for want, change := range map[string]func(*learning.Competency){
			"a part of itself":       func(c *learning.Competency) { c.Parent = listening },
			"of the same framework":  func(c *learning.Competency) { c.Parent = selling },
			"give it a name":         func(c *learning.Competency) { c.Name = " " },
			"a competency called so": func(c *learning.Competency) { c.ID, c.Key, c.Name = "", "", "b" },
		} {
			c := one.Competency
			change(&c)
			if _, err := w.SaveCompetency(ctx, w.organisation, c, "Ada"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
				t.Errorf("want %q, got %v", want, err)
			}
		}
		own := learning.Competency{Framework: one.Competency.Framework, Name: "Opening the shop", Parent: serving, Alternatives: []string{"unlocking"}}
		if _, err := w.SaveCompetency(ctx, w.organisation, own, "Ada"); err != nil {
			t.Fatal(err)
		}
		w.find(t, "unlock")
		f := one.Framework
		if f.Levels = f.Levels[:1]; true {
			if err := w.Rate(ctx, w.organisation, learning.Rating{Person: w.person(t, "2"), Competency: serving, Level: 3, RatedBy: learning.BySelf, Day: "2026-05-01", By: "Eva"}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.SaveFramework(ctx, w.organisation, f, "Ada"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("a level that somebody is rated at is taken away: %v", err)
			}
		}
	})
}

func TestARoleRequiresAndItsHoldersHaveGaps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "a|Listening", "b|Counting"))
		listening, counting := w.find(t, "listening"), w.find(t, "counting")
		role, err := w.SaveRole(ctx, w.organisation, learning.Role{Name: "Seller", Rule: learning.HolderRule{Levels: []org.Level{org.LevelEmployee}, Attribute: "workplace", Values: []string{"store"}}}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []learning.Requirement{{Competency: listening, Level: 3, Essential: true}, {Competency: counting, Level: 1}, {Competency: counting, Level: 2}} {
			if err := w.Require(ctx, w.organisation, role, q, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		for _, wrong := range []learning.Requirement{{Competency: listening, Level: 4}, {Competency: "nothing", Level: 1}} {
			if err := w.Require(ctx, w.organisation, role, wrong, "Ada"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if err := w.Produce(ctx, w.organisation, role, learning.Result{What: "Customers who come back", Good: "Complaints are answered the same day", Competencies: []string{listening}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.Produce(ctx, w.organisation, role, learning.Result{What: "x", Indicator: "none"}, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a result that is shown by no indicator: %v", err)
		}
		if err := w.Hold(ctx, w.organisation, role, "Ole", "Ada"); err != nil {
			t.Fatal(err)
		}
		v, err := w.Role(ctx, w.organisation, role)
		if err != nil || v.Holders != 3 || len(v.Said) != 1 || v.Said[0].Name != "Ole" || len(v.Requires) != 2 || v.Requires[1].Level != 2 || len(v.Results) != 1 || !slices.Equal(v.Attributes["workplace"], []string{"office", "store"}) {
			t.Errorf("%+v, %v", v, err)
		}
		eva := w.person(t, "2")
		for _, r := range []learning.Rating{{Competency: listening, Level: 2, RatedBy: learning.BySelf}, {Competency: listening, Level: 1, RatedBy: learning.ByManager}} {
			r.Person, r.Day, r.By = eva, "2026-05-01", "somebody"
			if err := w.Rate(ctx, w.organisation, r); err != nil {
				t.Fatal(err)
			}
		}
		p, err := w.Profile(ctx, w.organisation, eva)
		if err != nil || len(p.Roles) != 1 || len(p.Gaps) != 2 || p.Gaps[0].Competency != listening || p.Gaps[0].Missing() != 2 || p.Gaps[1].Known() || len(p.Ratings) != 2 {
			t.Errorf("%+v, %v", p, err)
		}
		if err := w.SetRule(ctx, w.organisation, learning.CountingRule{Newest: true}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.Unrate(ctx, w.organisation, eva, p.Ratings[0].ID, org.ThePerson); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the manager's rating is taken back by the person: %v", err)
		}
		if p, err = w.Profile(ctx, w.organisation, w.person(t, "4")); err != nil || len(p.Roles) != 0 || !p.Rule.Newest {
			t.Errorf("a manager of the office: %+v, %v", p, err)
		}
		if err := w.Unhold(ctx, w.organisation, role, w.person(t, "5"), "Ada"); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Roles(ctx, w.organisation); err != nil || len(all) != 1 || all[0].Holders != 2 {
			t.Errorf("%+v, %v", all, err)
		}
		if err := w.EndRole(ctx, w.organisation, role, true, "Ada"); err != nil {
			t.Fatal(err)
		}
		if p, err = w.Profile(ctx, w.organisation, eva); err != nil || len(p.Roles) != 0 {
			t.Errorf("with a role that has ended: %+v, %v", p, err)
		}
		others := w.founded(t, "others")
		for _, ask := range []func() error{
			func() error { _, err := w.Role(ctx, others, role); return err },
			func() error { _, err := w.Competency(ctx, others, listening); return err },
			func() error { _, err := w.Profile(ctx, others, eva); return err },
			func() error {
				return w.Require(ctx, others, role, learning.Requirement{Competency: listening, Level: 1}, "Ada")
			},
			func() error {
				return w.Rate(ctx, others, learning.Rating{Person: eva, Competency: listening, Level: 1, RatedBy: learning.BySelf, Day: "2026-05-01"})
			},
		} {
			if err := ask(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("another organisation: %v", err)
			}
		}
	})
}

func TestAFileOfOccupationsMakesRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := catalogue("O*NET", "2.A|Listening", "2.B|Counting")
		c.Roles = []learning.RoleItem{{Key: "41-2011.00", Name: "Cashiers", Requires: []learning.Required{{Key: "2.A", Level: 7, Essential: true}, {Key: "2.B", Level: 1}}}}
		if came := w.imports(t, c); came.Roles != 1 {
			t.Errorf("%+v", came)
		}
		c.Roles[0].Requires = c.Roles[0].Requires[:1]
		w.imports(t, c)
		all, err := w.Roles(ctx, w.organisation)
		if err != nil || len(all) != 1 || len(all[0].Requires) != 1 || all[0].Requires[0].Level != len(levels) || !all[0].Requires[0].Essential {
			t.Errorf("%+v, %v", all, err)
		}
	})
}
