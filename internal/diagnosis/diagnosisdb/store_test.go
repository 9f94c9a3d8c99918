package diagnosisdb_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world is one installation with one organisation: 40 people in a head office
// and three shops of 12, 12 and 6; each shop has a manager or two. Two people of
// East have no mail address.
type world struct {
	*diagnosisdb.Store
	organisation string
	now          time.Time
	instrument   string // of drafts; "" for the shipped one
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{now: start}
	clock := func() time.Time { return w.now }
	orgs := orgdb.Store{DB: d, Now: clock}
	w.Store = &diagnosisdb.Store{DB: d, Org: orgs, Keys: secret.Keys{Folder: filepath.Join(t.TempDir(), "keys")}, Now: clock}
	w.organisation = newOrganisation(t, orgs, "shops")
	return w
}

func newOrganisation(t *testing.T, orgs orgdb.Store, slug string) string {
	t.Helper()
	ctx := context.Background()
	organisation, err := orgs.CreateOrganisation(ctx, org.Organisation{Slug: slug, Name: slug, Language: "en"},
		org.Account{Mail: slug + "@example.org", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	roster(t, orgs, organisation, "2026-03-01")
	return organisation
}

// roster imports the forty people, and further ones, as of a day.
func roster(t *testing.T, orgs orgdb.Store, organisation string, day period.Day, further ...[]string) {
	t.Helper()
	imported(t, orgs, organisation, day, people(further))
}

// rosterOf imports the forty people as of a day, some of them in other units: move says
// which, "" for the same.
func (w *world) rosterOf(t *testing.T, day period.Day, move func(unit string) string) {
	t.Helper()
	imported(t, w.Org, w.organisation, day, func(yield func(org.Row, error) bool) {
		for row, err := range people(nil) {
			row.Cells[2] = cmp.Or(move(row.Cells[2]), row.Cells[2])
			if !yield(row, err) {
				return
			}
		}
	})
}

func imported(t *testing.T, orgs orgdb.Store, organisation string, day period.Day, rows iter.Seq2[org.Row, error]) {
	t.Helper()
	ctx := context.Background()
	column := func(name string) org.Field { return org.Field{Column: name} }
	m := org.Map{People: &org.Section{Key: column("id"), Name: column("name"), Mail: column("mail"), UnitPath: column("unit"), Level: column("level")}}
	source := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit", "level", "mail"}, Rows: rows}
	if _, err := orgs.ImportRoster(ctx, organisation, orgdb.Roster{Day: day, Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
}

// people are the forty, and further ones.
func people(further [][]string) iter.Seq2[org.Row, error] {
	return func(yield func(org.Row, error) bool) {
		n := 0
		for _, cells := range further {
			if !yield(org.Row{Line: 1, Cells: cells}, nil) {
				return
			}
		}
		for unit, size := range map[string]int{"All/Head office": 10, "All/North": 12, "All/South": 12, "All/East": 6} {
			for i := range size {
				level := "employee"
				if i < 2 {
					level = "manager"
				}
				n++
				mail := fmt.Sprintf("p%d@shops.example", n)
				if unit == "All/East" && i < 2 {
					mail = ""
				}
				if !yield(org.Row{Line: n, Cells: []string{fmt.Sprintf("%s-%d", unit, i), "Person " + strconv.Itoa(n), unit, level, mail}}, nil) {
					return
				}
			}
		}
	}
}

func (w *world) draft(t *testing.T) diagnosis.Diagnosis {
	t.Helper()
	d := diagnosis.Diagnosis{Name: "Spring", Instrument: w.instrument, RosterDay: "2026-03-01", Opens: start, Closes: start.AddDate(0, 0, 14),
		Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level}}}
	id, err := w.Draft(context.Background(), w.organisation, d, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	d.ID = id
	return d
}

// opened drafts and opens a diagnosis and returns everybody's secret.
func (w *world) opened(t *testing.T) (string, []string) {
	t.Helper()
	d := w.draft(t)
	if err := w.Open(context.Background(), w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	return d.ID, w.secrets(t, d.ID)
}

func (w *world) secrets(t *testing.T, id string) (all []string) {
	t.Helper()
	err := w.Links(context.Background(), w.organisation, id, func(l diagnosisdb.PersonalLink) error {
		all = append(all, l.Secret)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// given answers every statement: v, and one more on each third.
func given(t *testing.T, v int) map[string]string {
	t.Helper()
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i, it := range in.Items() {
		all[it.ID] = strconv.Itoa(min(v+i%3/2, it.Scale.Max))
	}
	return all
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

func TestADiagnosisRunsFromDraftToReport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		if len(secrets) != 40 {
			t.Fatalf("%d links for 40 people", len(secrets))
		}
		for i, s := range secrets[:30] {
			if err := w.Submit(ctx, s, given(t, 4+i%5)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.Response(ctx, w.organisation, id)
		if err != nil {
			t.Fatal(err)
		}
		if whole := r.Groups[0]; whole.Invited != 40 || whole.Answered != 30 {
			t.Errorf("response %+v", whole)
		}
		if _, err := w.Report(ctx, w.organisation, id); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a score before closing: %v", err)
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		p, err := w.Report(ctx, w.organisation, id)
		if err != nil {
			t.Fatal(err)
		}
		whole := p.Report.Groups[0]
		if whole.N != 30 || whole.Invited != 40 || whole.Overall == nil {
			t.Fatalf("the whole: %+v", whole)
		}
		// 4 to 8 equally often, and a third of the statements one higher.
		if got := *whole.Overall; got < 6.2 || got > 6.5 {
			t.Errorf("overall %g", got)
		}
		for _, g := range p.Report.Groups {
			if g.Verdict == diagnosis.Shown && g.N < 5 {
				t.Errorf("%s is shown with %d answers", p.Report.Label(&g), g.N)
			}
		}
	})
}

func TestALinkIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, secrets := w.opened(t)
		if err := w.Submit(ctx, secrets[0], given(t, 7)); err != nil {
			t.Fatal(err)
		}
		if err := w.Submit(ctx, secrets[0], given(t, 3)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second time: %v", err)
		}
		q, err := w.Questionnaire(ctx, secrets[0])
		if err != nil || !q.Answered {
			t.Errorf("the used link opens %+v, %v", q.Answered, err)
		}
		if err := w.Submit(ctx, "nolink", given(t, 3)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a link that is none: %v", err)
		}
	})
}

func TestAnswersAreTakenOnlyWhileItIsOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		w.now = start.Add(-time.Minute)
		if err := w.Submit(ctx, secrets[0], given(t, 7)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("before it opens: %v", err)
		}
		w.now = start.AddDate(0, 0, 14)
		if err := w.Submit(ctx, secrets[0], given(t, 7)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("after its last day: %v", err)
		}
		if err := w.CloseDue(ctx); err != nil {
			t.Fatal(err)
		}
		d, err := w.Diagnosis(ctx, w.organisation, id)
		if err != nil || d.State != diagnosis.Closed {
			t.Errorf("after its time it is %s, %v", d.State, err)
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); fault.KindOf(err) != fault.Conflict {
			t.Errorf("closing twice: %v", err)
		}
	})
}

func TestWhatIsOpenIsFrozen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.draft(t)
		d.Name = "Autumn"
		if err := w.Change(ctx, w.organisation, d); err != nil {
			t.Fatal(err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Change(ctx, w.organisation, d); fault.KindOf(err) != fault.Conflict {
			t.Errorf("changing an open one: %v", err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("opening twice: %v", err)
		}
	})
}

func TestAnOpenDiagnosisIsExtended(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		w.now = start.AddDate(0, 0, 13)
		if err := w.Extend(ctx, w.organisation, id, w.now.Add(-time.Minute), "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("to a time that is past: %v", err)
		}
		if err := w.Extend(ctx, w.organisation, id, start.AddDate(0, 0, 20), "Ada"); err != nil {
			t.Fatal(err)
		}
		w.now = start.AddDate(0, 0, 15)
		if err := w.CloseDue(ctx); err != nil {
			t.Fatal(err)
		}
		if err := w.Submit(ctx, secrets[0], given(t, 6)); err != nil {
			t.Errorf("after the first closing time: %v", err)
		}
		w.now = start.AddDate(0, 0, 21)
		if err := w.CloseDue(ctx); err != nil {
			t.Fatal(err)
		}
		if d, err := w.Diagnosis(ctx, w.organisation, id); err != nil || d.State != diagnosis.Closed {
			t.Errorf("it is %s, %v", d.State, err)
		}
		if err := w.Extend(ctx, w.organisation, id, start.AddDate(0, 0, 30), "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("once closed: %v", err)
		}
	})
}

func TestImportedAnswersCountOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		in, err := w.Instrument(ctx, w.organisation, id)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := in.Pack(given(t, 6))
		if err != nil {
			t.Fatal(err)
		}
		of := func(keys ...string) (all []diagnosis.Imported) {
			for _, k := range keys {
				all = append(all, diagnosis.Imported{Person: k, Packed: packed})
			}
			return all
		}
		if err := w.ImportAnswers(ctx, w.organisation, id, "Ada", of("All/North-1", "nobody")); fault.KindOf(err) != fault.Invalid {
			t.Errorf("somebody who is not invited: %v", err)
		}
		if err := w.ImportAnswers(ctx, w.organisation, id, "Ada", of("All/North-1", "All/North-2")); err != nil {
			t.Fatal(err)
		}
		if err := w.ImportAnswers(ctx, w.organisation, id, "Ada", of("All/North-3", "All/North-2")); fault.KindOf(err) != fault.Conflict {
			t.Errorf("somebody twice: %v", err)
		}
		r, err := w.Response(ctx, w.organisation, id)
		if err != nil || r.Groups[0].Answered != 2 {
			t.Errorf("%d answers, %v", r.Groups[0].Answered, err)
		}
	})
}

func TestAFileThatNamesNobodyIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		header, cells := []string{"Unit", "Level"}, []string{}
		for item, answer := range given(t, 6) {
			header, cells = append(header, item), append(cells, answer)
		}
		bring := func(who ...string) error {
			_, err := w.ImportFile(ctx, w.organisation, id, "Ada", header, func(yield func(diagnosis.Row, error) bool) {
				for i, unit := range who {
					if !yield(diagnosis.Row{Line: i + 2, Cells: append([]string{unit, "Employee"}, cells...)}, nil) {
						return
					}
				}
			})
			return err
		}
		for name, c := range map[string]struct {
			who  []string
			want string
		}{
			"no such unit":                   {[]string{"All/North", "West"}, `line 3: the roster of the diagnosis has no unit "West"`},
			"more than the roster has there": {slices.Repeat([]string{"North"}, 11), "11 answers come from North (employee), where the roster of the diagnosis has 10 people"},
		} {
			if err := bring(c.who...); fault.KindOf(err) != fault.Invalid || err.Error() != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := bring(slices.Concat(slices.Repeat([]string{"north"}, 10), slices.Repeat([]string{"All/South/"}, 9))...); err != nil {
			t.Fatal(err)
		}
		if err := bring("North"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second file: %v", err)
		}
		if r, err := w.Response(ctx, w.organisation, id); err != nil || r.Groups[0].Answered != 19 {
			t.Errorf("%d answers, %v", r.Groups[0].Answered, err)
		}
		if err := w.Submit(ctx, secrets[0], given(t, 5)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a link besides, by which somebody could count twice: %v", err)
		}
	})
}

func TestTheForecastSaysWhatASetupCosts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := w.draft(t)
		f, err := w.Forecast(context.Background(), w.organisation, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		// In no unit are there five managers, so all eight count at the top, and so do
		// the four employees of East.
		if f.People != 40 || f.Moved != 12 {
			t.Errorf("forecast %+v", f)
		}
		if units := f.Tables[0]; units.Shown == 0 || units.Groups < units.Shown {
			t.Errorf("units %+v", units)
		}
	})
}

func TestAnInterruptedCloseIsFinished(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		for _, s := range secrets[:8] {
			if err := w.Submit(ctx, s, given(t, 6)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		// As if the program had stopped before the key was destroyed.
		if _, err := w.Keys.Make("diagnosis-" + id); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Hour)
		if err := w.CloseDue(ctx); err != nil {
			t.Fatal(err)
		}
		if w.Keys.Has("diagnosis-" + id) {
			t.Error("the key is still there")
		}
	})
}
