package transitiondb_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/mail"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// series plans sessions of a programme a week from now.
func (w *world) series(p transition.Programme, count int) transition.Series {
	return transition.Series{Session: transition.Session{Starts: w.now.AddDate(0, 0, 7), Minutes: 90, Place: "Canteen 2", Host: transition.Host{Name: "Pat", External: true}},
		Every: p.Every, Count: count, Focal: p.Focal}
}

// delivered sends what waits and returns it, by mail address.
func (w *world) delivered(t *testing.T, refuse ...string) map[string]transitiondb.Envelope {
	t.Helper()
	all := map[string]transitiondb.Envelope{}
	err := w.SendDue(context.Background(), func(_ context.Context, e transitiondb.Envelope) error {
		to := ""
		if e.Nudge != nil {
			to = e.Nudge.Person.Mail
		} else {
			to = e.Notice.Person.Mail
		}
		if slices.Contains(refuse, to) {
			return mail.ErrRefused
		}
		all[to] = e
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestASeriesIsPlannedToldChangedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		if _, err := w.PlanSeries(ctx, w.organisation, p.ID, w.series(p, 2), "Mo"); err == nil || !strings.Contains(err.Error(), "nobody takes part") {
			t.Errorf("without members: %v", err)
		}
		for _, key := range []string{"Repairs-0", "Stores-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		ids, err := w.PlanSeries(ctx, w.organisation, p.ID, w.series(p, 3), "Mo")
		if err != nil || len(ids) != 3 {
			t.Fatalf("%v, %v", ids, err)
		}
		overlaps := w.series(p, 1)
		overlaps.Starts = overlaps.Starts.Add(time.Hour)
		if _, err := w.PlanSeries(ctx, w.organisation, p.ID, overlaps, "Mo"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "1 more are asked to another session at this time") {
			t.Errorf("an overlapping series: %v", err)
		}
		all, err := w.Sessions(ctx, w.organisation, p.ID)
		if err != nil || len(all) != 3 || !all[0].First || all[1].First || all[0].Asked != 2 || all[0].Session.Focal == all[1].Session.Focal || all[0].Theme == "" {
			t.Fatalf("%+v, %v", all, err)
		}
		n, err := w.InviteToSession(ctx, w.organisation, ids[0])
		if err != nil || n != 2 {
			t.Errorf("%d mails, %v", n, err)
		}
		if again, err := w.InviteToSession(ctx, w.organisation, ids[0]); err != nil || again != 2 {
			t.Errorf("pressed twice: %d mails wait, %v", again, err)
		}
		mails := w.delivered(t, "stores-0@works.example")
		first := mails["repairs-0@works.example"]
		if len(mails) != 1 || first.Notice.Session.ID != ids[0] || first.Notice.Version != 0 || first.Secret == "" {
			t.Fatalf("%+v", mails)
		}
		m, err := w.Meeting(ctx, w.organisation, ids[0])
		if err != nil || len(m.Troubles) != 1 || m.Troubles[w.people["Stores-0"]].Doubt {
			t.Errorf("a mail that bounced: %+v, %v", m.Troubles, err)
		}

		// Who joins later is asked with the next invitation; nobody is mailed twice.
		w.joins(t, p.ID, "Depot-0", transition.Accepted)
		if m, err = w.Meeting(ctx, w.organisation, ids[0]); err != nil || len(m.Joined) != 1 {
			t.Errorf("%v, %v", m.Joined, err)
		}
		if n, err = w.InviteToSession(ctx, w.organisation, ids[0]); err != nil || n != 2 {
			t.Errorf("the new one and the one that bounced: %d mails, %v", n, err)
		}
		w.delivered(t)
		if n, err := w.Remind(ctx, w.organisation, ids[0]); err != nil || n != 3 {
			t.Errorf("%d reminders, %v", n, err)
		}
		if mails := w.delivered(t); len(mails) != 3 || !mails["depot-0@works.example"].Notice.Reminder || mails["depot-0@works.example"].Notice.Version != 0 {
			t.Errorf("reminded: %+v", mails)
		}

		// Another room: who was told is told again, with the next version; another agenda alone tells nobody.
		change := m.Session
		change.Agenda = []transition.AgendaPart{{Kind: transition.InDetail, Minutes: 90}}
		if err := w.ChangeSession(ctx, w.organisation, change, nil, "Mo"); err != nil {
			t.Fatal(err)
		}
		if mails := w.delivered(t); len(mails) != 0 {
			t.Errorf("an agenda: %+v", mails)
		}
		change.Place = "Room 5"
		if err := w.ChangeSession(ctx, w.organisation, change, nil, "Mo"); err != nil {
			t.Fatal(err)
		}
		if mails = w.delivered(t); len(mails) != 3 || mails["depot-0@works.example"].Notice.Session.Version != 1 || mails["depot-0@works.example"].Notice.Session.Place != "Room 5" {
			t.Errorf("another room: %+v", mails)
		}
		if pass, err := w.Pass(ctx, first.Secret); err != nil || pass.Person.Key != "Repairs-0" || pass.Session != ids[0] {
			t.Errorf("the link of the first mail: %+v, %v", pass, err)
		}
		past := change
		past.Starts = w.now.Add(-time.Hour)
		if err := w.ChangeSession(ctx, w.organisation, past, nil, "Mo"); fault.Of(err) == nil || fault.Of(err).Field != "starts" {
			t.Errorf("moved into the past: %v", err)
		}
		if err := w.SayWhether(ctx, w.organisation, ids[0], "Repairs-0", transition.Yes, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.CancelSession(ctx, w.organisation, ids[0], " ", "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		if err := w.CancelSession(ctx, w.organisation, ids[0], "The line stands still.", "Mo"); err != nil {
			t.Fatal(err)
		}
		if mails = w.delivered(t); len(mails) != 3 || !mails["repairs-0@works.example"].Notice.Session.Cancelled {
			t.Errorf("cancelled: %+v", mails)
		}
		for what, err := range map[string]error{
			"answering": w.SayWhether(ctx, w.organisation, ids[0], "Repairs-0", transition.No, ""), "inviting": second(w.InviteToSession(ctx, w.organisation, ids[0])),
			"noting who came": w.Attend(ctx, w.organisation, ids[0], transitiondb.Attendance{}, "Mo"), "before it begins": w.Attend(ctx, w.organisation, ids[1], transitiondb.Attendance{}, "Mo"),
			"of itself": w.CancelSession(ctx, w.organisation, ids[0], "again", "Mo"),
		} {
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := w.PlanSeries(ctx, w.organisation, p.ID, overlaps, "Mo"); err != nil {
			t.Errorf("in place of the cancelled one: %v", err)
		}
	})
}

// Who joins later and is asked to another session at the time is named, and not invited.
func TestWhoJoinsLaterAndIsBusyIsNotInvited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for _, key := range []string{"Repairs-0", "Stores-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		series := w.series(p, 1)
		ids, err := w.PlanSeries(ctx, w.organisation, p.ID, series, "Mo")
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"Repairs-1", "Depot-0", "Stores-1"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		pair := transition.Session{Programme: p.ID, Kind: transition.Buddies, Starts: series.Starts.Add(time.Hour), Minutes: 45, Place: "By phone", Host: transition.Host{Name: "Pat"}, Role: transition.LookAfter}
		if _, err := w.PlanSession(ctx, w.organisation, pair, []string{w.people["Repairs-1"], w.people["Depot-0"]}, "Mo"); err != nil {
			t.Fatal(err)
		}
		m, err := w.Meeting(ctx, w.organisation, ids[0])
		if err != nil || len(m.Busy) != 2 || len(m.Joined) != 1 || m.Joined[0].Key != "Stores-1" {
			t.Errorf("busy %+v, joined %+v, %v", m.Busy, m.Joined, err)
		}
		if n, err := w.InviteToSession(ctx, w.organisation, ids[0]); err != nil || n != 3 {
			t.Errorf("%d mails, %v", n, err)
		}
		if m, err = w.Meeting(ctx, w.organisation, ids[0]); err != nil || len(m.Attendees) != 3 || len(m.Busy) != 2 || len(m.Joined) != 0 {
			t.Errorf("asked %+v, busy %+v, %v", m.Attendees, m.Busy, err)
		}
	})
}

func second(_ int, err error) error { return err }

// The coach's own group of the plan: who comes, the hours in the ledger, what is written and who
// reads it, and the next session, which looks at the statement again.
func TestASessionIsHeldAndWrittenOf(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		coach := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		if err := w.DraftPlan(ctx, w.organisation, p.ID, "Mo", nil); err != nil {
			t.Fatal(err)
		}
		draft, err := w.Plan(ctx, w.organisation, p.ID, transitiondb.Draft)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.AcceptPlan(ctx, w.organisation, p.ID, draft.Made, "Mo"); err != nil {
			t.Fatal(err)
		}
		host := transition.Host{Person: org.Ref{ID: w.people["Repairs-0"], Key: "Repairs-0"}, Name: "Person Repairs-0"}
		own := transition.Session{Programme: p.ID, Kind: transition.Meeting, Of: coach, Starts: w.now.AddDate(0, 0, 1), Minutes: 60, Place: "Line 2", Host: host, Focal: p.Focal[0]}
		id, err := w.PlanSession(ctx, w.organisation, own, nil, "Repairs-0")
		if err != nil {
			t.Fatal(err)
		}
		if coming, err := w.Coming(ctx, w.organisation, w.now, w.now.AddDate(1, 0, 0)); err != nil || len(coming) != 0 {
			t.Errorf("a session of one group is told to all: %v %v", coming, err)
		}
		m, err := w.Meeting(ctx, w.organisation, id)
		if err != nil || !m.First || len(m.Attendees) < 30 || len(m.Joined) != 0 {
			t.Fatalf("%d attendees, %v", len(m.Attendees), err)
		}
		key := func(i int) string { return m.Attendees[i].Person.Key }
		if err := w.Commit(ctx, w.organisation, id, key(0), transition.Commitment{Text: "Ask one open question", Due: "2026-03-10"}); err != nil {
			t.Fatal(err)
		}
		if err := w.SayOf(ctx, w.organisation, id, key(0), transition.Feedback{Useful: 4}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("feedback before it begins: %v", err)
		}
		w.now = w.now.AddDate(0, 0, 2)
		var came []string
		for _, a := range m.Attendees[:12] {
			came = append(came, a.Person.ID)
		}
		held := transitiondb.Attendance{Came: came, Prepared: 45, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 2500, Currency: "GBP"}}, Name: "First session: trust"}
		for range 2 { // noting it again replaces what was noted
			if err := w.Attend(ctx, w.organisation, id, held, "Repairs-0"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Attend(ctx, w.organisation, id, transitiondb.Attendance{Came: []string{w.people["Yard-1"]}}, "Mo"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who is not asked: %v", err)
		}
		if err := w.Coached(ctx, w.organisation, p.ID, "Repairs-0", transition.Coached{Day: "2026-03-04", Minutes: 30, People: 3, Focal: p.Focal[0], What: "Hand-over"}, "Repairs-0"); err != nil {
			t.Fatal(err)
		}
		ledger, err := w.Ledger(ctx, w.organisation, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		sum := effort.Sum(ledger)
		if sum.Entries != 2 || sum.Participants != 12*60+90 || sum.Staff != 105+30 || sum.People != 12 || sum.External != 0 || len(sum.Costs) != 1 || sum.Costs[0].Amount != 2500 {
			t.Errorf("the ledger: %+v", sum)
		}

		written := func(key string, all bool) transitiondb.Written {
			t.Helper()
			got, err := w.Written(ctx, w.organisation, id, key, all)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		for i, shared := range []bool{false, true} {
			if err := w.Reflect(ctx, w.organisation, id, key(i), "I talk more than I listen.", shared); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.State(ctx, w.organisation, id, key(0), "I run the shift.", "Two questions a day."); err != nil {
			t.Fatal(err)
		}
		if got := written("Repairs-0", true); len(got.Shared) != 1 || got.Shared[0].Person.Key != key(1) || got.Own.Text != "" || len(got.Statements) != 1 || len(got.Commitments) != 1 {
			t.Errorf("the host reads %+v", got)
		}
		if got := written(key(0), false); got.Own.Text == "" || len(got.Shared) != 1 || len(got.Statements) != 1 || len(got.Commitments) != 1 {
			t.Errorf("the writer reads %+v", got)
		}
		if got := written(key(2), false); got.Own.Text != "" || len(got.Statements) != 0 || len(got.Commitments) != 0 {
			t.Errorf("another reads %+v", got)
		}
		if err := w.Reflect(ctx, w.organisation, id, "Yard-1", "x", false); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who is not asked: %v", err)
		}
		for i := range 5 {
			if got := written("Repairs-0", true); got.Said != nil {
				t.Errorf("feedback of %d is shown", i)
			}
			if err := w.SayOf(ctx, w.organisation, id, key(i), transition.Feedback{Useful: 1 + i, Text: "Good"}); err != nil {
				t.Fatal(err)
			}
		}
		if got := written("Repairs-0", true); got.Said == nil || got.Said.N != 5 || got.Said.Mean != 3 || len(got.Said.Texts) != 5 {
			t.Errorf("feedback of five: %+v", got.Said)
		}
		due, err := w.CommitmentsOf(ctx, w.organisation, key(0), w.now)
		if err != nil || len(due) != 1 {
			t.Fatalf("%+v, %v", due, err)
		}
		if err := w.Fulfil(ctx, w.organisation, id, key(1), due[0].ID, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("of somebody else: %v", err)
		}
		if err := w.Fulfil(ctx, w.organisation, id, key(0), due[0].ID, "They asked back."); err != nil {
			t.Fatal(err)
		}
		own.Starts = w.now.AddDate(0, 1, 0)
		next, err := w.PlanSession(ctx, w.organisation, own, nil, "Repairs-0")
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Written(ctx, w.organisation, next, key(0), false)
		if err != nil || len(again.Statements) != 1 || again.Statements[0].Session != id {
			t.Errorf("the next session looks at %+v, %v", again.Statements, err)
		}
	})
}

// The links and the calendar of who leaves open nothing any more; who has taken part in no
// arrangement is listed.
func TestWhoLeavesSeesNoSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for _, key := range []string{"Repairs-0", "Repairs-1", "Stores-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		pair := transition.Session{Programme: p.ID, Kind: transition.Buddies, Starts: w.now.AddDate(0, 0, 3), Minutes: 45, Place: "By phone", Host: transition.Host{Name: "Pat"}, Role: transition.LookAfter}
		if _, err := w.PlanSession(ctx, w.organisation, pair, nil, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a pair of nobody: %v", err)
		}
		id, err := w.PlanSession(ctx, w.organisation, pair, []string{w.people["Repairs-0"], w.people["Repairs-1"]}, "Mo")
		if err != nil {
			t.Fatal(err)
		}
		without, err := w.Without(ctx, w.organisation, p.ID)
		if err != nil || len(without) != 1 || without[0].Person.Key != "Stores-0" {
			t.Errorf("without an arrangement: %+v, %v", without, err)
		}
		if _, err := w.InviteToSession(ctx, w.organisation, id); err != nil {
			t.Fatal(err)
		}
		pass := w.delivered(t)["repairs-0@works.example"].Secret
		old, err := w.MakeFeed(ctx, w.organisation, "Repairs-0")
		if err != nil {
			t.Fatal(err)
		}
		token, err := w.MakeFeed(ctx, w.organisation, "Repairs-0")
		if err != nil {
			t.Fatal(err)
		}
		if f, err := w.Feed(ctx, token); err != nil || len(f.Sessions) != 1 || f.Person.Key != "Repairs-0" {
			t.Errorf("%+v, %v", f, err)
		}
		if _, err := w.Feed(ctx, old); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the calendar before: %v", err)
		}
		roster(t, w.Org, w.organisation, "2026-03-03", staff()[1:]) // Repairs-0 has left
		w.now = w.now.AddDate(0, 0, 2)
		if _, err := w.Feed(ctx, token); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the calendar of a leaver: %v", err)
		}
		if _, err := w.Pass(ctx, pass); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the link of a leaver: %v", err)
		}
		if _, err := w.MakeFeed(ctx, w.organisation, "Repairs-0"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a new one: %v", err)
		}
		pair.Starts, pair.Kind = pair.Starts.AddDate(0, 0, 1), transition.Visit
		if _, err := w.PlanSession(ctx, w.organisation, pair, []string{w.people["Repairs-0"]}, "Mo"); err == nil || !strings.Contains(err.Error(), "not at work any more") {
			t.Errorf("asking a leaver: %v", err)
		}
		mails := w.delivered(t)
		if err := w.CancelSession(ctx, w.organisation, id, "No time", "Mo"); err != nil {
			t.Fatal(err)
		}
		if mails = w.delivered(t); len(mails) != 1 || mails["repairs-1@works.example"].Secret == "" {
			t.Errorf("told of the end: %+v", mails)
		}
		if err := w.EndFeed(ctx, w.organisation, "Repairs-0"); err != nil {
			t.Fatal(err)
		}
	})
}

// Who stops is asked to no session of the programme any more and told so; who takes part in an
// arrangement can be changed; somebody else of the programme may have come; nobody leads two at a time.
func TestWhoStopsIsAskedNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		host := transition.Host{Person: org.Ref{ID: w.people["Repairs-1"], Key: "Repairs-1"}, Name: "Person Repairs-1"}
		stops := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		for _, key := range []string{"Repairs-1", "Stores-0", "Stores-1"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		series := w.series(p, 1)
		series.Host = host
		ids, err := w.PlanSeries(ctx, w.organisation, p.ID, series, "Mo")
		if err != nil {
			t.Fatal(err)
		}
		visit := transition.Session{Programme: p.ID, Kind: transition.Visit, Starts: series.Starts, Minutes: 45, Place: "Bath", Host: host, Role: transition.LookAfter}
		if _, err := w.PlanSession(ctx, w.organisation, visit, []string{w.people["Depot-0"]}, "Mo"); err == nil || !strings.Contains(err.Error(), "does not take part in this programme") {
			t.Errorf("somebody of no programme: %v", err)
		}
		w.joins(t, p.ID, "Depot-0", transition.Accepted, transition.Active)
		if _, err := w.PlanSession(ctx, w.organisation, visit, []string{w.people["Depot-0"]}, "Mo"); err == nil || !strings.Contains(err.Error(), "Person Repairs-1 is asked to another session") {
			t.Errorf("leading two at a time: %v", err)
		}
		visit.Starts = visit.Starts.AddDate(0, 0, 1)
		pair, err := w.PlanSession(ctx, w.organisation, visit, []string{w.people["Repairs-0"], w.people["Stores-0"]}, "Mo")
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{ids[0], pair} {
			if _, err := w.InviteToSession(ctx, w.organisation, id); err != nil {
				t.Fatal(err)
			}
			w.delivered(t)
		}
		visit.ID = pair
		if err := w.ChangeSession(ctx, w.organisation, visit, []string{w.people["Repairs-0"], w.people["Stores-1"]}, "Mo"); err != nil {
			t.Fatal(err)
		}
		if mails := w.delivered(t); len(mails) != 1 || !mails["stores-0@works.example"].Notice.Gone {
			t.Errorf("taken off: %+v", mails)
		}
		if err := w.Take(ctx, w.organisation, p.ID, stops, transition.Alumnus, "another post", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.SendDue(ctx, func(_ context.Context, e transitiondb.Envelope) error {
			if e.Notice.Person.Key != "Repairs-0" || !e.Notice.Gone {
				t.Errorf("%+v", e.Notice)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		m, err := w.Meeting(ctx, w.organisation, ids[0])
		if _, asked := m.Attendee("Repairs-0"); err != nil || asked || len(m.Attendees) != 4 {
			t.Errorf("%d are asked, %v", len(m.Attendees), err)
		}
		if all, err := w.SessionsOf(ctx, w.organisation, "Repairs-0", w.now); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		w.joins(t, p.ID, "Depot-1", transition.Accepted, transition.Active)
		w.now = w.now.AddDate(0, 0, 8)
		if err := w.Attend(ctx, w.organisation, ids[0], transitiondb.Attendance{Came: []string{w.people["Stores-0"], w.people["Depot-1"]}, Name: "x"}, "Mo"); err != nil {
			t.Errorf("somebody else of the programme came: %v", err)
		}
		if m, err = w.Meeting(ctx, w.organisation, ids[0]); err != nil || m.Came() != 2 || len(m.Attendees) != 5 {
			t.Errorf("%d came of %d, %v", m.Came(), len(m.Attendees), err)
		}
	})
}

// A series is moved and cancelled from one session on: those after it follow, in its time of the day and
// its place, with their own focal points; who was told is told of each, once.
func TestASeriesFollowsItsSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for _, key := range []string{"Repairs-0", "Stores-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		ids, err := w.PlanSeries(ctx, w.organisation, p.ID, w.series(p, 4), "Mo")
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range ids[1:3] {
			if _, err := w.InviteToSession(ctx, w.organisation, one); err != nil {
				t.Fatal(err)
			}
		}
		w.delivered(t)
		read := func() (all []transition.Session) {
			t.Helper()
			listed, err := w.Sessions(ctx, w.organisation, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range listed {
				all = append(all, l.Session)
			}
			return all
		}
		before := read()
		soon := 0
		for _, one := range before {
			if one.Starts.Before(w.now.AddDate(0, 7, 0)) {
				soon++
			}
		}
		if coming, err := w.Coming(ctx, w.organisation, w.now, w.now.AddDate(0, 7, 0)); err != nil || len(coming) != soon || soon == 0 || coming[0].ID != before[0].ID {
			t.Errorf("%d of %d sessions come: %v", len(coming), soon, err)
		}
		to := before[1]
		to.Starts, to.Place, to.Minutes = to.Starts.AddDate(0, 0, 28).Add(90*time.Minute), "Canteen 3", 60 // into the day on which the next was
		if err := w.ChangeSeries(ctx, w.organisation, to, "Mo"); err != nil {
			t.Fatal(err)
		}
		mails := 0
		err = w.SendDue(ctx, func(_ context.Context, e transitiondb.Envelope) error {
			if mails++; e.Notice.Session.Place != "Canteen 3" || !e.Notice.Again {
				t.Errorf("%+v", e.Notice.Session)
			}
			return nil
		})
		if err != nil || mails != 4 {
			t.Errorf("%d mails, %v", mails, err)
		}
		after := read()
		for i := range after {
			moved := before[i].Starts
			if i > 0 {
				moved = moved.AddDate(0, 0, 28).Add(90 * time.Minute)
			}
			if !after[i].Starts.Equal(moved) || (after[i].Place == "Canteen 3") != (i > 0) || after[i].Focal != before[i].Focal {
				t.Errorf("%d: %v in %s, was %v", i, after[i].Starts, after[i].Place, before[i].Starts)
			}
		}
		if err := w.CancelSeries(ctx, w.organisation, ids[2], "The line stands still.", "Mo"); err != nil {
			t.Fatal(err)
		}
		for i, one := range read() {
			if one.Cancelled != (i > 1) {
				t.Errorf("%d is cancelled: %v", i, one.Cancelled)
			}
		}
	})
}
