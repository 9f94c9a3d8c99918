package transitiondb_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world is one installation with one organisation: 120 people of two units and two partners
// in Leeds, 40 in Bath and 4 in Wells. Of each unit the first two are team leaders, and the
// last team leader of Bath has no mail address. The board's three people are in Leeds.
type world struct {
	*transitiondb.Store
	organisation string
	now          time.Time
	diagnosis    string
	focal        []string
	people       map[string]string // id by key
}

type row struct{ key, unit, location, partner, level, mail, start string }

// staff are the people of the world.
func staff() (rows []row) {
	for _, u := range []struct {
		unit, location, partner string
		n                       int
	}{{"Repairs", "Leeds", "Aldgate", 70}, {"Stores", "Leeds", "Brennan", 50}, {"Depot", "Bath", "Brennan", 40}, {"Yard", "Wells", "Brennan", 4}} {
		for i := range u.n {
			r := row{fmt.Sprintf("%s-%d", u.unit, i), "All/" + u.unit, u.location, u.partner, "employee", fmt.Sprintf("%s-%d@works.example", u.unit, i), "2020-01-01"}
			if i < 2 && u.unit != "Yard" {
				r.level = "team leader"
			}
			if u.unit == "Depot" && i == 1 {
				r.mail = ""
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func roster(t *testing.T, orgs orgdb.Store, organisation string, day period.Day, rows []row) {
	t.Helper()
	column := func(name string) org.Field { return org.Field{Column: name} }
	header := []string{"id", "name", "unit", "location", "partner", "level", "mail", "start", "team", "chair", "country"}
	m := org.Map{
		People: &org.Section{Key: column("id"), Name: column("name"), UnitPath: column("unit"), Location: column("location"), Country: column("country"), Partner: column("partner"), Level: column("level"), Mail: column("mail"), Start: column("start")},
	}
	source := org.Source{Name: "roster.csv", Header: header, Rows: func(yield func(org.Row, error) bool) {
		for i, r := range rows {
			if !yield(org.Row{Line: i + 2, Cells: []string{r.key, "Person " + r.key, r.unit, r.location, r.partner, r.level, r.mail, r.start, "", "", "UK"}}, nil) {
				return
			}
		}
	}}
	if _, err := orgs.ImportRoster(context.Background(), organisation, orgdb.Roster{Day: day, Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{now: start, people: map[string]string{}}
	clock := func() time.Time { return w.now }
	orgs := orgdb.Store{DB: d, Now: clock}
	diagnoses := &diagnosisdb.Store{DB: d, Org: orgs, Keys: secret.Keys{Folder: filepath.Join(t.TempDir(), "keys")}, Now: clock}
	w.Store = &transitiondb.Store{DB: d, Org: orgs, Diagnosis: diagnoses, Now: clock}
	organisation, err := orgs.CreateOrganisation(ctx, org.Organisation{Slug: "works", Name: "Works", Language: "en"}, org.Account{Mail: "ada@works.example", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	w.organisation = organisation
	roster(t, orgs, organisation, "2026-03-01", staff())
	w.diagnosis, w.focal = decided(t, diagnoses, organisation)
	people, err := orgs.People(ctx, organisation, orgdb.PeopleQuery{Day: "2026-03-02", Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		w.people[p.Key] = p.ID
	}
	return w
}

// decided runs a diagnosis and decides three focal points.
func decided(t *testing.T, s *diagnosisdb.Store, organisation string) (id string, focal []string) {
	t.Helper()
	ctx := context.Background()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d := diagnosis.Diagnosis{Name: "Spring", RosterDay: "2026-03-01", Opens: start, Closes: start.AddDate(0, 0, 14), Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level}}}
	id, err := s.Draft(ctx, organisation, d, "Ada")
	check(err)
	check(s.Open(ctx, organisation, id, org.By{Name: "Ada"}))
	in, err := s.Instrument(ctx, organisation, id)
	check(err)
	n := 0
	var secrets []string
	check(s.Links(ctx, organisation, id, func(l diagnosisdb.PersonalLink) error {
		secrets = append(secrets, l.Secret)
		return nil
	}))
	for _, one := range secrets[:12] {
		answers := map[string]string{}
		for i, it := range in.Items() {
			answers[it.ID] = strconv.Itoa(3 + (i+n)%5)
		}
		n++
		check(s.Submit(ctx, one, answers))
	}
	check(s.Close(ctx, organisation, id, org.By{Name: "Ada"}, nil))
	for i, items := range [][]string{{"dialogue"}, {"coaching"}, {"trust"}} {
		f, err := s.SaveFocal(ctx, organisation, id, diagnosis.FocalPoint{Theme: fmt.Sprint("Theme ", i), Wording: "It is otherwise", Items: items}, "Repairs-0", "Ada")
		check(err)
		focal = append(focal, f)
	}
	check(s.SaveWorkshop(ctx, organisation, id, diagnosis.Workshop{Day: "2026-04-01", Present: "The board"}))
	check(s.DecideFocal(ctx, organisation, id, "Ada"))
	return id, focal
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

// coaches begins a programme of coaches for team leaders.
func (w *world) coaches(t *testing.T) transition.Programme {
	t.Helper()
	p := transition.Programme{Name: "Coaches", Kind: transition.Coaches, Diagnosis: w.diagnosis, Focal: w.focal[:2], Per: transition.Per, Every: 1,
		Rule: transition.Rule{Levels: []org.Level{org.LevelTeamLeader}}}
	id, err := w.SaveProgramme(context.Background(), w.organisation, p, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	p.ID = id
	return p
}

// joins takes somebody to a status, by the roster's key, and returns the member's id.
func (w *world) joins(t *testing.T, programme, key string, steps ...transition.Status) string {
	t.Helper()
	ctx := context.Background()
	if err := w.Nominate(ctx, w.organisation, programme, []string{w.people[key]}, nil, "Mo"); err != nil {
		t.Fatal(err)
	}
	m := w.memberOf(t, programme, key)
	for _, s := range steps {
		if err := w.Take(ctx, w.organisation, programme, m.ID, s, "because", "Mo"); err != nil {
			t.Fatal(err)
		}
	}
	return m.ID
}

func (w *world) memberOf(t *testing.T, programme, key string) transition.Member {
	t.Helper()
	members, err := w.Members(context.Background(), w.organisation, programme)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.Person.Key == key {
			return m
		}
	}
	t.Fatalf("%s is not in the programme", key)
	return transition.Member{}
}

// planned gives the groups of a programme to its coaches.
func (w *world) planned(t *testing.T, programme string) {
	t.Helper()
	ctx := context.Background()
	if err := w.DraftPlan(ctx, w.organisation, programme, "Mo", nil); err != nil {
		t.Fatal(err)
	}
	draft, err := w.Plan(ctx, w.organisation, programme, transitiondb.Draft)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AcceptPlan(ctx, w.organisation, programme, draft.Made, "Mo"); err != nil {
		t.Fatal(err)
	}
}
