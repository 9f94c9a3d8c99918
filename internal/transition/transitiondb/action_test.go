package transitiondb_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// groupsOf are the groups of the coaches of Repairs and Stores, with the programme, whose
// reminders are on.
func (w *world) groupsOf(t *testing.T) (p transition.Programme, repairs, stores string) {
	t.Helper()
	ctx := context.Background()
	p = w.coaches(t)
	p.Nudges = true
	if _, err := w.SaveProgramme(ctx, w.organisation, p, "Mo"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"Repairs-0", "Stores-0"} {
		w.joins(t, p.ID, key, transition.Accepted, transition.Active)
	}
	w.planned(t, p.ID)
	for key, group := range map[string]*string{"Repairs-0": &repairs, "Stores-0": &stores} {
		bodies, err := w.BodiesOf(ctx, w.organisation, key)
		if err != nil || len(bodies) == 0 {
			t.Fatalf("%s: %v, %v", key, bodies, err)
		}
		*group = bodies[0].ID
	}
	return p, repairs, stores
}

// asks is an action of the group of Repairs, owned by its coach and due in 20 days.
func (w *world) asks(t *testing.T) transition.Action {
	t.Helper()
	return transition.Action{ID: id.New(), What: "Two questions at hand-over", Focal: w.focal[0], Item: "dialogue", Kind: effort.Coaching, Owner: org.Ref{ID: w.people["Repairs-0"]},
		Decided: period.DayOf(w.now), Due: period.DayOf(w.now.AddDate(0, 0, 20))}
}

// A group decides, its day moves, words come with hours, and it ends; the ledger holds all of it, and
// another group takes it over.
func TestAnActionIsDecidedFollowedAndEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, repairs, stores := w.groupsOf(t)
		b, err := w.Body(ctx, w.organisation, transition.GroupBody, repairs)
		if err != nil || !b.Runs("Repairs-0") || b.Runs("Stores-0") || b.Runs("Repairs-5") || len(b.Focal) != 2 || b.Programme != p.ID || !b.Nudges || !strings.HasPrefix(b.Name, "Leeds") || len(b.People) < 30 {
			t.Fatalf("%+v, %v", b, err)
		}
		a := w.asks(t)
		decide := func(kind transition.BodyKind, body string, a transition.Action) error {
			return w.Decide(ctx, w.organisation, kind, body, a, "Person Repairs-0")
		}
		if err := decide(transition.GroupBody, "nowhere", a); fault.KindOf(err) != fault.NotFound {
			t.Errorf("of a group that is none: %v", err)
		}
		stranger := a
		stranger.Owner.ID = w.people["Depot-3"]
		if err := decide(transition.GroupBody, repairs, stranger); fault.KindOf(err) != fault.Invalid {
			t.Errorf("owned by somebody of another group: %v", err)
		}
		for range 2 { // sent twice
			if err := decide(transition.GroupBody, repairs, a); err != nil {
				t.Fatal(err)
			}
		}
		other := a
		other.Owner.ID = w.people["Stores-0"]
		if err := decide(transition.GroupBody, stores, other); fault.KindOf(err) != fault.Conflict {
			t.Errorf("another under the same id: %v", err)
		}
		read := func() transition.Action {
			t.Helper()
			now, err := w.Action(ctx, w.organisation, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			return now
		}
		if now := read(); now.Programme != p.ID || now.Theme != "Theme 0" || now.Body.Name != b.Name || !now.Open() || now.OwnerLeft {
			t.Errorf("%+v", now)
		}
		later := read()
		later.Due = period.DayOf(w.now.AddDate(0, 0, 30))
		if err := w.ChangeAction(ctx, w.organisation, later, "Person Repairs-0"); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 0, 10)
		word := transition.CheckIn{ID: id.New(), Pace: transition.Slower, Text: "Two were ill.", Minutes: 150}
		for range 2 { // sent twice
			if err := w.CheckIn(ctx, w.organisation, a.ID, word, "Person Repairs-0"); err != nil {
				t.Fatal(err)
			}
		}
		wrong := transition.CheckIn{ID: id.New(), Pace: transition.OnTrack, Minutes: 6000}
		if err := w.CheckIn(ctx, w.organisation, a.ID, wrong, "Person Repairs-1"); err != nil {
			t.Fatal(err)
		}
		if err := w.StrikeWord(ctx, w.organisation, a.ID, wrong.ID, "Person Repairs-0"); err != nil {
			t.Error(err)
		}
		if err := w.StrikeWord(ctx, w.organisation, a.ID, read().CheckIns[0].ID, "Person Repairs-0"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("that its day moved is struck out: %v", err)
		}
		elsewhere := read()
		elsewhere.Focal, elsewhere.Item, elsewhere.OffFocus = "", "", "Later"
		if err := w.ChangeAction(ctx, w.organisation, elsewhere, "Person Repairs-0"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("what has been worked on is off focus now: %v", err)
		}
		if err := w.DropAction(ctx, w.organisation, a.ID, "Person Repairs-0"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("deleted with a word on it: %v", err)
		}
		bad := transition.CheckIn{Text: "x", Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 5, Currency: "euro"}}}
		if err := w.EndAction(ctx, w.organisation, a.ID, transition.ActionDone, transition.Helped, bad, "Person Repairs-0"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a cost that is none: %v", err)
		}
		end := transition.CheckIn{Text: "They ask back now.", Minutes: 60, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 45000, Currency: "EUR"}}}
		if err := w.EndAction(ctx, w.organisation, a.ID, transition.ActionDone, transition.Helped, end, "Person Repairs-0"); err != nil {
			t.Fatal(err)
		}
		now := read()
		if now.State != transition.ActionDone || now.Ended != "2026-03-12" || now.Promised != "2026-03-22" || now.Due != "2026-04-01" || now.Came != "They ask back now." || len(now.CheckIns) != 3 || now.CheckIns[0].Pace != transition.Moved {
			t.Errorf("%+v", now)
		}
		ledger := effortdb.Store{DB: w.DB}
		for _, target := range []effort.Target{{Kind: effort.ForAction, ID: a.ID}, {Kind: effort.ForProgramme, ID: p.ID}, {Kind: effort.ForFocal, ID: w.focal[0]}, {Kind: effort.ForCharacteristic, ID: "dialogue"}} {
			if sum, err := ledger.Totals(ctx, w.organisation, target); err != nil || sum.Entries != 2 || sum.Participants != 210 || len(sum.Costs) != 1 || sum.Costs[0].Amount != 45000 {
				t.Errorf("%v: %+v, %v", target, sum, err)
			}
		}
		again := w.asks(t)
		again.From = a.ID
		if err := decide(transition.GroupBody, repairs, again); err != nil {
			t.Fatal(err)
		}
		if own, err := w.Action(ctx, w.organisation, again.ID); err != nil || own.From != "" {
			t.Errorf("taken over from oneself: %+v, %v", own, err)
		}
		over := w.asks(t)
		over.From, over.Owner.ID = a.ID, w.people["Stores-0"]
		if err := decide(transition.GroupBody, stores, over); err != nil {
			t.Fatal(err)
		}
		if theirs, err := w.Action(ctx, w.organisation, over.ID); err != nil || theirs.From != a.ID {
			t.Errorf("taken over: %+v, %v", theirs, err)
		}
		if err := w.ReopenAction(ctx, w.organisation, a.ID, "Person Repairs-0"); err != nil || !read().Open() {
			t.Errorf("opened again: %v", err)
		}
		if err := w.EndAction(ctx, w.organisation, a.ID, transition.ActionStopped, "", transition.CheckIn{Text: "Enough of it."}, "Person Repairs-0"); err != nil || read().Outcome != "" {
			t.Errorf("stopped: %v, %+v", err, read())
		}
		acting, err := w.Acting(ctx, w.organisation, p.ID, false)
		counts := map[string]int{}
		for _, one := range acting {
			counts[one.ID] = len(one.Actions)
		}
		if err != nil || counts[repairs] != 2 || counts[stores] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}

// Who has left is named, and does not come back into the form; the group keeps its name when the
// plan is made anew without it.
func TestAnActionOutlivesItsOwnerAndItsGroup(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, repairs, _ := w.groupsOf(t)
		a := w.asks(t)
		b, err := w.Body(ctx, w.organisation, transition.GroupBody, repairs)
		if err != nil {
			t.Fatal(err)
		}
		owner := b.People[3]
		a.Owner.ID = owner.ID
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, a, "Mo"); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 0, 5)
		rows := staff()
		for i := range rows {
			if rows[i].key == owner.Key {
				rows = append(rows[:i:i], rows[i+1:]...)
				break
			}
		}
		roster(t, w.Org, w.organisation, period.DayOf(w.now), rows)
		now, err := w.Action(ctx, w.organisation, a.ID)
		if err != nil || !now.OwnerLeft || now.Owner.Name != owner.Title() || now.Needs(period.DayOf(w.now)) != transition.NeedsOwner {
			t.Errorf("%+v, %v", now, err)
		}
		if err := w.ChangeAction(ctx, w.organisation, now, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("kept by who has left: %v", err)
		}
		p.Closed = true
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Mo"); err != nil {
			t.Fatal(err)
		}
		if b, err := w.Body(ctx, w.organisation, transition.GroupBody, repairs); err != nil || len(b.People) != 0 || b.Name != now.Body.Name || b.Runs("Repairs-0") {
			t.Errorf("when the programme has ended: %+v, %v", b, err)
		}
	})
}

// Reminders come on weekdays in working hours, at most once a week for each, name what needs a
// word, and end by the link in the mail.
func TestOwnersAreRemindedAtMostOnceAWeek(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, repairs, stores := w.groupsOf(t)
		w.delivered(t)
		for group, owner := range map[string]string{repairs: "Repairs-0", stores: "Stores-0"} {
			a := w.asks(t)
			a.Owner.ID = w.people[owner]
			if err := w.Decide(ctx, w.organisation, transition.GroupBody, group, a, "Mo"); err != nil {
				t.Fatal(err)
			}
		}
		b, err := w.Body(ctx, w.organisation, transition.GroupBody, repairs)
		if err != nil {
			t.Fatal(err)
		}
		of := w.asks(t) // owned by somebody without an account: the coach is reminded of it
		of.What, of.Owner.ID, of.Due = "Ask those at the till", b.People[5].ID, period.DayOf(w.now.AddDate(0, 0, 21))
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, of, "Mo"); err != nil {
			t.Fatal(err)
		}
		reminded := func(at time.Time) map[string]transitiondb.Envelope {
			t.Helper()
			w.now = at
			other := &transitiondb.Store{DB: w.DB, Org: w.Org, Diagnosis: w.Diagnosis, Now: w.Now}
			for _, copy := range []*transitiondb.Store{w.Store, other} {
				if err := copy.PlanNudges(ctx); err != nil {
					t.Fatal(err)
				}
			}
			return w.delivered(t)
		}
		monday := time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC) // six days before it is due
		for name, at := range map[string]time.Time{"too early for it": monday.AddDate(0, 0, -3), "on a Sunday": monday.AddDate(0, 0, -1), "at night": monday.Add(-4 * time.Hour)} {
			if got := reminded(at); len(got) != 0 {
				t.Errorf("%s: %v", name, got)
			}
		}
		p, err := w.Programmes(ctx, w.organisation)
		if err != nil {
			t.Fatal(err)
		}
		for _, nudges := range []bool{false, true} {
			p[0].Nudges = nudges
			if _, err := w.SaveProgramme(ctx, w.organisation, p[0], "Mo"); err != nil {
				t.Fatal(err)
			}
			if !nudges {
				if got := reminded(monday.Add(-time.Hour)); len(got) != 0 {
					t.Errorf("of a programme that does not remind: %v", got)
				}
			}
		}
		got := reminded(monday)
		mine := got["repairs-0@works.example"]
		if len(got) != 2 || mine.Nudge == nil || len(mine.Nudge.Actions) != 2 || mine.Nudge.Actions[0].What != "Two questions at hand-over" || mine.Nudge.Actions[1].What != "Ask those at the till" {
			t.Fatalf("%d mails, %+v", len(got), mine.Nudge)
		}
		if got := reminded(monday.AddDate(0, 0, 4)); len(got) != 0 {
			t.Errorf("four days later: %v", got)
		}
		n, err := w.NudgedBy(ctx, mine.Secret)
		if err != nil || n.Off || n.Organisation.ID != w.organisation {
			t.Fatalf("%+v, %v", n, err)
		}
		if _, err := w.NudgedBy(ctx, "nothing"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a link that is none: %v", err)
		}
		if err := w.Nudges(ctx, n.Organisation.ID, n.Person, true); err != nil {
			t.Fatal(err)
		}
		if _, wants, err := w.Wants(ctx, w.organisation, "Repairs-0"); err != nil || wants {
			t.Errorf("still wanted: %v", err)
		}
		if got := reminded(monday.AddDate(0, 0, 7).Add(time.Minute)); len(got) != 1 || got["stores-0@works.example"].Nudge == nil {
			t.Errorf("a week later: %v", got)
		}
		// What could not leave for weeks leaves once, and not at night; what is done meanwhile not at all.
		for day := 15; day < 40; day += 7 {
			w.now = monday.AddDate(0, 0, day)
			if err := w.PlanNudges(ctx); err != nil {
				t.Fatal(err)
			}
			if err := w.SendDue(ctx, func(context.Context, transitiondb.Envelope) error { return mail.ErrUnreachable }); !errors.Is(err, mail.ErrUnreachable) {
				t.Fatal(err)
			}
		}
		w.now = monday.AddDate(0, 0, 41).Add(-6 * time.Hour)
		if got := w.delivered(t); len(got) != 0 {
			t.Errorf("at night: %v", got)
		}
		n2, err := w.count(t)
		if err != nil || n2 != 1 {
			t.Errorf("%d reminders wait, %v", n2, err)
		}
		all, err := w.ActionsOf(ctx, w.organisation, "Stores-0")
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		if err := w.EndAction(ctx, w.organisation, all[0].ID, transition.ActionDone, transition.Partly, transition.CheckIn{}, "Mo"); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(6 * time.Hour)
		if got := w.delivered(t); len(got) != 0 {
			t.Errorf("of what is done: %v", got)
		}
	})
}

// count counts the reminders that wait.
func (w *world) count(t *testing.T) (n int, err error) {
	t.Helper()
	err = w.DB.Read(context.Background(), func(tx *db.Tx) error {
		n, _, err = db.One(context.Background(), tx, db.Value[int], `SELECT COUNT(*) FROM transition_nudge WHERE state = 'waiting'`)
		return err
	})
	return n, err
}

// An initiative begins in units, is part of actions, and is nobody else's.
func TestAnInitiativeRunsOverActions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, repairs, _ := w.groupsOf(t)
		ledger := effortdb.Store{DB: w.DB, Now: func() time.Time { return w.now }}
		structure, err := w.Org.Structure(ctx, w.organisation, period.DayOf(w.now))
		if err != nil {
			t.Fatal(err)
		}
		made := id.New()
		begin := func(owner, unit string) error {
			return ledger.SaveInitiative(ctx, w.organisation, made, owner, "Mo", func(i *effort.Initiative) {
				i.Name, i.Kind, i.Serves = "Hand-overs that ask", effort.OrganisationalChange, []effort.Target{{Kind: effort.ForFocal, ID: w.focal[0]}}
				i.Starts = []effort.Start{{Of: effort.OfUnit, Ref: org.Ref{ID: unit}, Day: "2026-04-01"}}
				i.RollOut = effort.RollOut{Order: effort.ByLot, Reason: " drawn by a notary ", Decided: "2026-03-02"}
			})
		}
		if err := begin("Nobody", structure.Units[1].ID); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "nobody on today's roster") {
			t.Errorf("owned by nobody: %v", err)
		}
		if err := begin("Repairs-0", "x"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("in no unit: %v", err)
		}
		for range 2 { // sent twice
			if err := begin("Repairs-0", structure.Units[1].ID); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := ledger.Initiatives(ctx, w.organisation); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		var together sync.WaitGroup
		for _, unit := range structure.Units[2:5] { // three at once
			together.Go(func() {
				err := ledger.SaveInitiative(ctx, w.organisation, made, "Person Repairs-0", "Mo", func(i *effort.Initiative) {
					i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: unit.Ref(), Day: "2026-05-01"})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		read, err := ledger.Initiative(ctx, w.organisation, made)
		if err != nil || read.Owner.ID != w.people["Repairs-0"] || len(read.Starts) != 4 || read.Starts[0].Ref.Name != structure.Units[1].Name || read.Left || read.RollOut != (effort.RollOut{Order: effort.ByLot, Reason: "drawn by a notary", Decided: "2026-03-02"}) {
			t.Errorf("%+v, %v", read, err)
		}
		a := w.asks(t)
		a.Initiative = "x"
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, a, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("part of nothing: %v", err)
		}
		a.Initiative = made
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, a, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.CheckIn(ctx, w.organisation, a.ID, transition.CheckIn{ID: id.New(), Pace: transition.OnTrack, Minutes: 30}, "Mo"); err != nil {
			t.Fatal(err)
		}
		if sum, err := ledger.Totals(ctx, w.organisation, effort.Target{Kind: effort.ForInitiative, ID: made}); err != nil || sum.Participants != 30 {
			t.Errorf("%+v, %v", sum, err)
		}
		if all, err := w.Actions(ctx, w.organisation, transitiondb.ActionQuery{Initiative: made}); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		if err := ledger.SaveInitiative(ctx, w.organisation, made, read.Owner.Name, "Mo", func(i *effort.Initiative) { i.Ended, i.Came = "2026-03-10", "Half of them ask" }); err != nil {
			t.Error(err)
		}
		late := w.asks(t)
		late.Initiative = made
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, late, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("part of what has ended: %v", err)
		}
		stranger, err := w.Org.CreateOrganisation(ctx, org.Organisation{Slug: "strangers", Name: "Strangers", Language: "en"}, org.Account{Mail: "eve@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Initiative(ctx, stranger, made); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger reads it: %v", err)
		}
		if all, err := ledger.Initiatives(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}
