package learningdb_test

import (
	"context"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// offers makes a resource and returns its id.
func (w *world) offers(t testing.TB, r learning.Resource) string {
	t.Helper()
	id, err := w.SaveResource(context.Background(), w.organisation, r, "", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) asks(t testing.TB, key, resource, offering string, side org.Side) error {
	t.Helper()
	return w.Ask(context.Background(), w.organisation, learning.Request{Person: org.Ref{ID: w.person(t, key)}, Resource: resource, Offering: offering, By: key}, side)
}

// states are how far everybody's requests for a resource are, by name.
func (w *world) states(t testing.TB, offering string) string {
	t.Helper()
	v, err := w.Offering(context.Background(), w.organisation, offering)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, q := range v.Asked {
		all = append(all, q.Person.Name+" "+string(q.State))
	}
	return strings.Join(all, ", ")
}

func (w *world) request(t testing.TB, key, resource string) learning.Request {
	t.Helper()
	all, err := w.RequestsOf(context.Background(), w.organisation, w.person(t, key))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		if q.Resource == resource {
			return q.Request
		}
	}
	t.Fatalf("%s has not asked for it", key)
	return learning.Request{}
}

func TestPlacesGoToWhoAskedFirstAndFreeOnesToWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		course := w.offers(t, learning.Resource{Name: "Listening", Modality: effort.Classroom, Minutes: 240, Price: 5000, Currency: "EUR", External: true})
		june, err := w.SaveOffering(ctx, w.organisation, learning.Offering{Resource: course, Begins: "2026-06-15", Ends: "2026-06-16", Places: 1, Place: "Gent", Cost: 30000, Currency: "EUR"}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.SaveOffering(ctx, w.organisation, learning.Offering{Resource: course, Begins: "2026-06-16", Place: "Gent"}, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the same at the same time: %v", err)
		}
		for _, key := range []string{"2", "3"} {
			if err := w.asks(t, key, course, june, org.ThePerson); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(1)
		}
		if err := w.asks(t, "2", course, "", org.ThePerson); fault.KindOf(err) != fault.Conflict {
			t.Errorf("asked for twice: %v", err)
		}
		if got := w.states(t, june); got != "Eva placed, Edo waiting" {
			t.Errorf("one place for two: %s", got)
		}
		other := w.offers(t, learning.Resource{Name: "Tills", Modality: effort.Classroom})
		clash, err := w.SaveOffering(ctx, w.organisation, learning.Offering{Resource: other, Begins: "2026-06-16", Place: "Brugge"}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.asks(t, "2", other, clash, org.ThePerson); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "there is a place in Listening already") {
			t.Errorf("two places at once: %v", err)
		}
		if err := w.Withdraw(ctx, w.organisation, w.request(t, "2", course).ID); err != nil {
			t.Fatal(err)
		}
		if got := w.states(t, june); got != "Edo placed" {
			t.Errorf("the place that is free: %s", got)
		}
		edo := w.request(t, "3", course)
		if edo.Access != "2026-06-15" || edo.Unit.Name != "Gent" {
			t.Errorf("%+v", edo)
		}
		if err := w.asks(t, "2", course, june, org.ThePerson); err != nil {
			t.Fatal(err)
		}
		note := []learningdb.CameOf{{Request: edo.ID, Completed: true, Result: "8"}}
		if err := w.Note(ctx, w.organisation, june, note, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("before it has begun: %v", err)
		}
		w.now = w.now.AddDate(0, 0, 20)
		for range 2 { // noted again, it counts once
			if err := w.Note(ctx, w.organisation, june, note, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		july, err := w.SaveOffering(ctx, w.organisation, learning.Offering{Resource: course, Begins: "2026-07-15", Place: "Gent"}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if v, err := w.Offering(ctx, w.organisation, july); err != nil || len(v.Without) != 1 || v.Without[0].Person.Key != "2" {
			t.Errorf("who waited for one that has begun: %+v, %v", v.Without, err)
		}
		if err := w.Choose(ctx, w.organisation, w.request(t, "2", course).ID, july); err != nil {
			t.Fatal(err)
		}
		if got := w.states(t, july); got != "Eva placed" {
			t.Errorf("put into the next: %s", got)
		}
		ledger := effortdb.Store{DB: w.DB, Now: w.Now}
		sum, err := ledger.Totals(ctx, w.organisation, effort.Target{Kind: effort.ForResource, ID: course})
		if err != nil || sum.Participants != 240 || sum.People != 1 || len(sum.Costs) != 1 || sum.Costs[0] != (effort.Cost{Kind: effort.Supplier, Amount: 35000, Currency: "EUR"}) {
			t.Errorf("%+v, %v", sum, err)
		}
		v, err := w.Resource(ctx, w.organisation, course)
		if err != nil || v.Usage.Completed != 1 || v.Usage.People != 1 || *v.Usage.Filled() != 1 || v.Timely.Median == nil || *v.Timely.Median != 14 {
			t.Errorf("%+v, %+v, %v", v.Usage, v.Timely, err)
		}
		if err := w.Note(ctx, w.organisation, june, []learningdb.CameOf{{Request: edo.ID}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if sum, err = ledger.Totals(ctx, w.organisation, effort.Target{Kind: effort.ForResource, ID: course}); err != nil || sum.Participants != 0 || sum.Costs[0].Amount != 30000 {
			t.Errorf("not completed after all: %+v, %v", sum, err)
		}
		if _, err := w.SaveOffering(ctx, w.organisation, learning.Offering{ID: june, Begins: "2026-06-15", Ends: "2026-07-01", Places: 1, Place: "Gent", Cost: 40000, Currency: "EUR"}, "Ada"); err != nil {
			t.Fatal(err)
		}
		entries, err := ledger.Entries(ctx, w.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfOffering, ID: june}})
		if err != nil || len(entries) != 1 || entries[0].Costs[0].Amount != 40000 || entries[0].Day != "2026-06-21" {
			t.Errorf("the bill was higher, and it still goes on: %+v, %v", entries, err)
		}
	})
}

func TestAskingNeedsTheManagersYesWhereTheResourceSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		app := w.offers(t, learning.Resource{Name: "Language app", Modality: effort.SelfPaced, Capacity: 1, Approved: true, Minutes: 600})
		if err := w.asks(t, "2", app, "", org.ThePerson); err != nil {
			t.Fatal(err)
		}
		eva := w.request(t, "2", app)
		if eva.State != learning.Asked {
			t.Errorf("%+v", eva)
		}
		if err := w.Decide(ctx, w.organisation, eva.ID, false, "", "Mia"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("no without a word: %v", err)
		}
		if err := w.Decide(ctx, w.organisation, eva.ID, true, "", "Mia"); err != nil {
			t.Fatal(err)
		}
		if eva = w.request(t, "2", app); eva.State != learning.Placed || eva.Access != "2026-06-01" || eva.Decided != "Mia" {
			t.Errorf("access at once: %+v", eva)
		}
		if err := w.asks(t, "3", app, "", org.TheManager); err != nil {
			t.Fatal(err)
		}
		if edo := w.request(t, "3", app); edo.State != learning.Waiting {
			t.Errorf("one licence for two: %+v", edo)
		}
		w.now = w.now.AddDate(0, 0, 9)
		if err := w.Finish(ctx, w.organisation, eva.ID, true, 450, "", "Eva"); err != nil {
			t.Fatal(err)
		}
		if edo := w.request(t, "3", app); edo.State != learning.Placed || edo.Access != "2026-06-10" {
			t.Errorf("the licence that is free: %+v", edo)
		}
		entries, err := effortdb.Store{DB: w.DB}.Entries(ctx, w.organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfCompletion}})
		if err != nil || len(entries) != 1 || entries[0].Hours[0].Minutes != 450 || entries[0].Modality != effort.SelfPaced {
			t.Errorf("%+v, %v", entries, err)
		}
		if err := w.Finish(ctx, w.organisation, eva.ID, true, 450, "", "Eva"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("finished twice: %v", err)
		}
	})
}

func TestWhatComesBeforeAResourceNeverComesBeforeItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		a := w.offers(t, learning.Resource{Name: "A", Modality: effort.Classroom})
		b := w.offers(t, learning.Resource{Name: "B", Modality: effort.Classroom, Needs: []string{a}})
		v, err := w.Resource(ctx, w.organisation, a)
		if err != nil {
			t.Fatal(err)
		}
		r := v.Resource
		r.Needs = []string{b}
		if _, err := w.SaveResource(ctx, w.organisation, r, "", "Ada"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "A comes before B already") {
			t.Errorf("%v", err)
		}
		r.Needs, r.Aims = nil, []learning.Aim{{Kind: effort.ForGoal, ID: "nothing"}}
		if _, err := w.SaveResource(ctx, w.organisation, r, "", "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("for a goal that is not there: %v", err)
		}
		others := w.founded(t, "others")
		for _, ask := range []func() error{
			func() error { _, err := w.Resource(ctx, others, a); return err },
			func() error {
				_, err := w.SaveOffering(ctx, others, learning.Offering{Resource: a, Begins: "2026-07-01"}, "Eve")
				return err
			},
			func() error { return w.EndResource(ctx, others, a, true, "Eve") },
		} {
			if err := ask(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("another organisation: %v", err)
			}
		}
		if all, err := w.Resources(ctx, others, learningdb.ResourceQuery{}); err != nil || len(all) != 0 {
			t.Errorf("another organisation: %+v, %v", all, err)
		}
	})
}

// What a file of resources says is there after it, and again it changes nothing but what has changed.
func TestAFileOfResourcesComesInAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.imports(t, catalogue("Ours", "listen|Listening"))
		rows := func(second string) learningdb.ResourceFeed {
			return learningdb.ResourceFeed{Source: "resources.csv", By: "Ada", Rows: func(yield func(learning.ResourceRow, error) bool) {
				_ = yield(learning.ResourceRow{Line: 2, Name: "Second", Key: "second", Modality: "classroom", Needs: "First", Note: second}, nil) &&
					yield(learning.ResourceRow{Line: 3, Name: "First", Key: "first", Modality: "self-paced", Competencies: "listen@2"}, nil)
			}}
		}
		for n, want := range []learningdb.ResourcesCame{{Fresh: 2}, {Same: 2}} {
			if came, err := w.ImportResources(ctx, w.organisation, rows("")); err != nil || came != want {
				t.Errorf("%d: %+v, %v", n, came, err)
			}
		}
		if came, err := w.ImportResources(ctx, w.organisation, rows("with a word")); err != nil || came != (learningdb.ResourcesCame{Same: 1, Changed: 1}) {
			t.Errorf("%+v, %v", came, err)
		}
		all, err := w.Resources(ctx, w.organisation, learningdb.ResourceQuery{Text: "sec"})
		if err != nil || len(all) != 1 || len(all[0].Needs) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		v, err := w.Resource(ctx, w.organisation, all[0].Needs[0])
		if err != nil || v.Name != "First" || v.Aims[0].Level != 2 || v.Names[learning.Aim{Kind: effort.ForCompetency, ID: v.Aims[0].ID}] != "Listening" {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// What changes after somebody has asked gives nobody two places at once, and leaves nobody waiting for what
// does not come.
func TestWhatIsAskedForKeepsUpWithWhatChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		offer := func(o learning.Offering) string {
			t.Helper()
			id, err := w.SaveOffering(ctx, w.organisation, o, "Ada")
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		ask := func(key, resource, offering string) {
			t.Helper()
			if err := w.asks(t, key, resource, offering, org.ThePerson); err != nil {
				t.Fatal(err)
			}
		}
		tills := w.offers(t, learning.Resource{Name: "Tills", Modality: effort.Classroom, Approved: true})
		talks := w.offers(t, learning.Resource{Name: "Talks", Modality: effort.Classroom})
		first, same := offer(learning.Offering{Resource: tills, Begins: "2026-06-15", Place: "Gent"}), offer(learning.Offering{Resource: talks, Begins: "2026-06-15", Place: "Brugge"})
		ask("2", tills, first)
		ask("2", talks, same)
		if err := w.Decide(ctx, w.organisation, w.request(t, "2", tills).ID, true, "", "Mia"); err != nil {
			t.Fatal(err)
		}
		if q := w.request(t, "2", tills); q.State != learning.Waiting || q.Offering != "" {
			t.Errorf("a yes gives a second place on the day: %+v", q)
		}
		later := offer(learning.Offering{Resource: tills, Begins: "2026-06-22", Place: "Gent"})
		if err := w.Choose(ctx, w.organisation, w.request(t, "2", tills).ID, later); err != nil {
			t.Fatal(err)
		}
		if _, err := w.SaveOffering(ctx, w.organisation, learning.Offering{ID: later, Resource: tills, Begins: "2026-06-15", Place: "Kortrijk"}, "Ada"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "Eva: ") {
			t.Errorf("moved onto a day on which Eva is elsewhere: %v", err)
		}
		offer(learning.Offering{ID: later, Resource: tills, Begins: "2026-06-24", Place: "Gent"})
		if q := w.request(t, "2", tills); q.Access != "2026-06-24" {
			t.Errorf("access after the day was moved: %s", q.Access)
		}
		ask("3", tills, later)
		if err := w.Cancel(ctx, w.organisation, later, "Ada"); err != nil {
			t.Fatal(err)
		}
		if q := w.request(t, "3", tills); q.State != learning.Asked || q.Offering != "" {
			t.Errorf("asked for what is cancelled: %+v", q)
		}
		if _, err := w.SaveOffering(ctx, w.organisation, learning.Offering{ID: later, Begins: "2026-06-25"}, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a cancelled one comes back: %v", err)
		}
		film := w.offers(t, learning.Resource{Name: "Film", Modality: effort.SelfPaced, Capacity: 1})
		ask("2", film, "")
		ask("3", film, "")
		if err := w.EndResource(ctx, w.organisation, film, true, "Ada"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.SaveResource(ctx, w.organisation, learning.Resource{ID: film, Name: "Film", Modality: effort.SelfPaced, Capacity: 2, Needs: []string{talks, talks}}, "", "Ada"); err != nil {
			t.Fatal(err)
		}
		if v, err := w.Resource(ctx, w.organisation, film); err != nil || v.Ended == "" || len(v.Needs) != 1 {
			t.Errorf("changed, it is offered again: %+v, %v", v.Resource, err)
		}
		if q := w.request(t, "3", film); q.State != learning.Placed {
			t.Errorf("a licence more: %+v", q)
		}
	})
}
