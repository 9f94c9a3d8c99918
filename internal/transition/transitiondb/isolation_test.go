package transitiondb_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// Every method of the store is called for an organisation with the ids of another's
// programme: it finds nothing. A method that is not in the table fails the test.
func TestNoMethodSeesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		member := w.joins(t, p.ID, "Repairs-0")
		stranger, err := w.Org.CreateOrganisation(ctx, org.Organisation{Slug: "strangers", Name: "Strangers", Language: "en"}, org.Account{Mail: "eve@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		roster(t, w.Org, stranger, "2026-03-01", staff())
		taught := transition.Experience{Kind: transition.OfTheme, Subject: "trust", Depth: transition.Teaches, Day: "2026-03-01"}
		if err := w.Note(ctx, w.organisation, "Repairs-0", taught, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		own, err := w.OwnRecord(ctx, w.organisation, "Repairs-0")
		if err != nil || len(own.Experiences) != 1 {
			t.Fatalf("%+v, %v", own, err)
		}
		entry := own.Experiences[0].ID
		w.joins(t, p.ID, "Repairs-1", transition.Accepted)
		pair := transition.Session{Programme: p.ID, Kind: transition.Visit, Starts: w.now.AddDate(0, 0, 3), Minutes: 45, Place: "By phone", Host: transition.Host{Name: "Pat"}, Role: transition.LookAfter}
		session, err := w.PlanSession(ctx, w.organisation, pair, []string{w.people["Repairs-1"]}, "Mo")
		if err != nil {
			t.Fatal(err)
		}
		practice := transition.Practice{ID: "06h26e5kktv5f9kttuaan0ja1s", Title: "Questions", Theme: "trust", Problem: "x", Tried: "x", Outcome: transition.Helped}
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", practice, true, map[string]string{"trust": "Trust"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Ask(ctx, w.organisation, "Repairs-0", practice.ID, "", "Who tried it at night?"); err != nil {
			t.Fatal(err)
		}
		open, err := w.Questions(ctx, w.organisation)
		if err != nil || len(open) != 1 {
			t.Fatalf("%+v, %v", open, err)
		}
		asked := open[0].ID
		_, acting, _ := w.groupsOf(t)
		act := w.asks(t)
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, acting, act, "Mo"); err != nil {
			t.Fatal(err)
		}
		notFound := map[string]func() error{
			"Body":         func() error { _, err := w.Body(ctx, stranger, transition.GroupBody, acting); return err },
			"Decide":       func() error { return w.Decide(ctx, stranger, transition.GroupBody, acting, act, "Eve") },
			"Action":       func() error { _, err := w.Action(ctx, stranger, act.ID); return err },
			"Acting":       func() error { _, err := w.Acting(ctx, stranger, p.ID, false); return err },
			"ChangeAction": func() error { return w.ChangeAction(ctx, stranger, act, "Eve") },
			"CheckIn": func() error {
				return w.CheckIn(ctx, stranger, act.ID, transition.CheckIn{ID: act.ID, Pace: transition.OnTrack}, "Eve")
			},
			"EndAction": func() error {
				return w.EndAction(ctx, stranger, act.ID, transition.ActionDone, transition.Helped, transition.CheckIn{}, "Eve")
			},
			"Serves": func() error {
				_, err := w.Serves(ctx, stranger, w.diagnosis, diagnosis.FocalPoint{ID: w.focal[0]})
				return err
			},
			"SayConduct": func() error {
				return w.SayConduct(ctx, stranger, transition.Conduct{Diagnosis: w.diagnosis, Step: transition.StepOpen, By: transition.Outside}, "Eve")
			},
			"StrikeWord":    func() error { return w.StrikeWord(ctx, stranger, act.ID, "x", "Eve") },
			"ReopenAction":  func() error { return w.ReopenAction(ctx, stranger, act.ID, "Eve") },
			"DropAction":    func() error { return w.DropAction(ctx, stranger, act.ID, "Eve") },
			"Nudges":        func() error { return w.Nudges(ctx, stranger, w.people["Repairs-0"], true) },
			"Programme":     func() error { _, err := w.Programme(ctx, stranger, p.ID); return err },
			"SaveProgramme": func() error { _, err := w.SaveProgramme(ctx, stranger, p, "Eve"); return err },
			"Focal":         func() error { _, err := w.Focal(ctx, stranger, w.diagnosis); return err },
			"FocalOf":       func() error { _, err := w.FocalOf(ctx, stranger, p); return err },
			"Members":       func() error { _, err := w.Members(ctx, stranger, p.ID); return err },
			"Member":        func() error { _, err := w.Member(ctx, stranger, p.ID, member); return err },
			"Eligible": func() error {
				_, err := w.Eligible(ctx, stranger, p, transitiondb.CandidateQuery{Limit: 9})
				return err
			},
			"Nominate": func() error { return w.Nominate(ctx, stranger, p.ID, []string{w.people["Stores-0"]}, nil, "Eve") },
			"Take":     func() error { return w.Take(ctx, stranger, p.ID, member, transition.Declined, "x", "Eve") },
			"Place":    func() error { return w.Place(ctx, stranger, p.ID, member, "", 50, "Eve") },
			"Invite":   func() error { return w.Invite(ctx, stranger, p.ID, []string{member}, "", "Eve") },
			"Coverage": func() error { _, err := w.Coverage(ctx, stranger, p.ID); return err },
			"MembersWithin": func() error {
				_, err := w.MembersWithin(ctx, stranger, p.ID, func(org.Place) bool { return true })
				return err
			},
			"GroupsAt":     func() error { _, err := w.GroupsAt(ctx, stranger, p.ID, "x"); return err },
			"Plan":         func() error { _, err := w.Plan(ctx, stranger, p.ID, transitiondb.Current); return err },
			"DraftPlan":    func() error { return w.DraftPlan(ctx, stranger, p.ID, "Eve", nil) },
			"AcceptPlan":   func() error { return w.AcceptPlan(ctx, stranger, p.ID, w.now, "Eve") },
			"TakeBackPlan": func() error { return w.TakeBackPlan(ctx, stranger, p.ID, "Eve") },
			"DiscardDraft": func() error { return w.DiscardDraft(ctx, stranger, p.ID) },
			"Records":      func() error { _, err := w.Records(ctx, stranger, p.ID); return err },
			"OwnRecord":    func() error { _, err := w.OwnRecord(ctx, stranger, "Repairs-0"); return err },
			"Note":         func() error { return w.Note(ctx, stranger, "Repairs-0", taught, org.By{Name: "Eve"}) },
			"NoteOf":       func() error { return w.NoteOf(ctx, stranger, p.ID, member, taught, org.By{Name: "Eve"}) },
			"Confirm":      func() error { return w.Confirm(ctx, stranger, p.ID, member, entry, org.By{Name: "Eve"}) },
			"Strike":       func() error { return w.Strike(ctx, stranger, p.ID, member, entry, org.By{Name: "Eve"}) },
			"StrikeOwn":    func() error { return w.StrikeOwn(ctx, stranger, "Repairs-0", entry) },
			"MakeLead":     func() error { return w.MakeLead(ctx, stranger, p.ID, member, "Eve") },
			"EndLead":      func() error { return w.EndLead(ctx, stranger, p.ID, member, "", "Eve") },
			"Meeting":      func() error { _, err := w.Meeting(ctx, stranger, session); return err },
			"Sessions":     func() error { _, err := w.Sessions(ctx, stranger, p.ID); return err },
			"Ledger":       func() error { _, err := w.Ledger(ctx, stranger, p.ID); return err },
			"PlanSeries":   func() error { _, err := w.PlanSeries(ctx, stranger, p.ID, w.series(p, 1), "Eve"); return err },
			"PlanSession": func() error {
				_, err := w.PlanSession(ctx, stranger, pair, []string{w.people["Repairs-0"]}, "Eve")
				return err
			},
			"ChangeSession":   func() error { pair.ID = session; return w.ChangeSession(ctx, stranger, pair, nil, "Eve") },
			"ChangeSeries":    func() error { pair.ID = session; return w.ChangeSeries(ctx, stranger, pair, "Eve") },
			"CancelSeries":    func() error { return w.CancelSeries(ctx, stranger, session, "x", "Eve") },
			"CancelSession":   func() error { return w.CancelSession(ctx, stranger, session, "x", "Eve") },
			"InviteToSession": func() error { return second(w.InviteToSession(ctx, stranger, session)) },
			"Remind":          func() error { _, err := w.Remind(ctx, stranger, session); return err },
			"Attend":          func() error { return w.Attend(ctx, stranger, session, transitiondb.Attendance{}, "Eve") },
			"SayWhether":      func() error { return w.SayWhether(ctx, stranger, session, "Repairs-0", transition.No, "") },
			"KeepMinuted":     func() error { return w.KeepMinuted(ctx, stranger, session, "x", "Eve") },
			"Coached": func() error {
				return w.Coached(ctx, stranger, p.ID, "Repairs-0", transition.Coached{Day: "2026-03-01", Minutes: 9, People: 1, What: "x"}, "Eve")
			},
			"StrikeCoached": func() error { return w.StrikeCoached(ctx, stranger, "Repairs-0", "x") },
			"Written":       func() error { _, err := w.Written(ctx, stranger, session, "Repairs-0", true); return err },
			"Reflect":       func() error { return w.Reflect(ctx, stranger, session, "Repairs-0", "x", true) },
			"State":         func() error { return w.State(ctx, stranger, session, "Repairs-0", "x", "x") },
			"Commit": func() error {
				return w.Commit(ctx, stranger, session, "Repairs-0", transition.Commitment{Text: "x", Due: "2027-01-01"})
			},
			"Fulfil":       func() error { return w.Fulfil(ctx, stranger, session, "Repairs-0", "x", "") },
			"SayOf":        func() error { return w.SayOf(ctx, stranger, session, "Repairs-0", transition.Feedback{Useful: 1}) },
			"Spread":       func() error { _, err := w.Spread(ctx, stranger, p.ID); return err },
			"Practice":     func() error { _, err := w.Practice(ctx, stranger, "Repairs-0", practice.ID); return err },
			"DropPractice": func() error { return w.DropPractice(ctx, stranger, "Repairs-0", practice.ID) },
			"Adopt": func() error {
				return w.Adopt(ctx, stranger, "Stores-0", transition.Adoption{Practice: practice.ID, Day: "2026-03-01", Outcome: transition.Helped})
			},
			"GiveUp":         func() error { return w.GiveUp(ctx, stranger, "Stores-0", practice.ID, "", "") },
			"RemovePractice": func() error { return w.RemovePractice(ctx, stranger, practice.ID, "Eve") },
			"RemoveQuestion": func() error { return w.RemoveQuestion(ctx, stranger, asked, "Eve") },
			"Ask":            func() error { return w.Ask(ctx, stranger, "Stores-0", practice.ID, "", "Who?") },
			"Unask":          func() error { return w.Unask(ctx, stranger, "Repairs-0", asked) },
			"GiveGroup":      func() error { return w.GiveGroup(ctx, stranger, p.ID, "x", member, "Eve") },
		}
		for name, call := range notFound {
			if err := call(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := w.Programmes(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Programmes: %v, %v", all, err)
		}
		if all, err := w.Troubles(ctx, stranger, p.ID); err != nil || len(all) != 0 {
			t.Errorf("Troubles: %v, %v", all, err)
		}
		if c, err := w.Choices(ctx, stranger); err != nil || len(c.Partners) != 2 {
			t.Errorf("Choices: %v, %v", c, err)
		}
		if all, err := w.Teams(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Teams: %v, %v", all, err)
		}
		if all, err := w.TeamsOf(ctx, stranger, p); err != nil || len(all) != 0 {
			t.Errorf("TeamsOf: %v, %v", all, err)
		}
		if all, err := w.Coaching(ctx, stranger, "Repairs-0"); err != nil || len(all) != 0 {
			t.Errorf("Coaching: %v, %v", all, err)
		}
		group := []transition.Group{{ID: "x", Coach: member, Parts: []transition.Part{{Unit: "u", People: []string{w.people["Repairs-0"]}}}}}
		if all, err := w.Named(ctx, stranger, p.ID, group); err != nil || all[0].CoachName != "" || all[0].Units[0].Unit.Name != "" {
			t.Errorf("Named: %+v, %v", all, err)
		}
		if all, err := w.Without(ctx, stranger, p.ID); err != nil || len(all) != 0 {
			t.Errorf("Without: %v, %v", all, err)
		}
		if all, err := w.SessionsOf(ctx, stranger, "Repairs-0", w.now); err != nil || len(all) != 0 {
			t.Errorf("SessionsOf: %v, %v", all, err)
		}
		if all, err := w.CommitmentsOf(ctx, stranger, "Repairs-0", w.now); err != nil || len(all) != 0 {
			t.Errorf("CommitmentsOf: %v, %v", all, err)
		}
		theirs := practice
		theirs.Title = "Theirs"
		if err := w.SavePractice(ctx, stranger, "Repairs-0", theirs, true, map[string]string{"trust": "Trust"}); err != nil { // of the same id, and another organisation's
			t.Errorf("SavePractice: %v", err)
		}
		for organisation, title := range map[string]string{stranger: "Theirs", w.organisation: "Questions"} {
			if all, err := w.Practices(ctx, organisation, transitiondb.PracticeQuery{Text: "trust", Limit: 9}); err != nil || len(all) != 1 || all[0].Title != title {
				t.Errorf("Practices: %+v, %v", all, err)
			}
			if all, err := w.OwnPractices(ctx, organisation, "Repairs-0"); err != nil || len(all) != 1 || all[0].Title != title {
				t.Errorf("OwnPractices: %+v, %v", all, err)
			}
		}
		if all, err := w.Questions(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Questions: %v, %v", all, err)
		}
		if own, others, err := w.Waiting(ctx, stranger, "Repairs-0"); err != nil || own+others != 0 {
			t.Errorf("Waiting: %d, %d, %v", own, others, err)
		}
		if all, err := w.LedgerOf(ctx, stranger, session); err != nil || len(all) != 0 {
			t.Errorf("LedgerOf: %v, %v", all, err)
		}
		if all, err := w.CoachedBy(ctx, stranger, w.people["Repairs-0"], 9); err != nil || len(all) != 0 {
			t.Errorf("CoachedBy: %v, %v", all, err)
		}
		if sum, err := w.Spent(ctx, stranger, p.ID); err != nil || sum.Entries != 0 {
			t.Errorf("Spent: %v, %v", sum, err)
		}
		token, err := w.MakeFeed(ctx, w.organisation, "Repairs-0")
		if err != nil {
			t.Fatal(err)
		}
		if has, err := w.HasFeed(ctx, stranger, "Repairs-0"); err != nil || has {
			t.Errorf("HasFeed: %v, %v", has, err)
		}
		if err := w.EndFeed(ctx, stranger, "Repairs-0"); err != nil {
			t.Errorf("EndFeed: %v", err)
		}
		if f, err := w.Feed(ctx, token); err != nil || f.Organisation.ID != w.organisation {
			t.Errorf("Feed: %+v, %v", f, err)
		}
		if theirs, err := w.MakeFeed(ctx, stranger, "Repairs-0"); err != nil {
			t.Errorf("MakeFeed: %v", err)
		} else if f, err := w.Feed(ctx, theirs); err != nil || f.Organisation.ID != stranger || len(f.Sessions) != 0 {
			t.Errorf("Feed: %+v, %v", f, err)
		}
		if all, err := w.Actions(ctx, stranger, transitiondb.ActionQuery{}); err != nil || len(all) != 0 {
			t.Errorf("Actions: %v, %v", all, err)
		}
		if all, err := w.Conducts(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Conducts: %v, %v", all, err)
		}
		if all, err := w.Deeds(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Deeds: %v, %v", all, err)
		}
		if all, err := w.Runners(ctx, stranger); err != nil || len(all) != 1 || len(all[0].Able) != 0 {
			t.Errorf("Runners: %v, %v", all, err)
		}
		if all, err := w.Implementing(ctx, stranger); err != nil || len(all) != 0 {
			t.Errorf("Implementing: %v, %v", all, err)
		}
		if all, err := w.ActionsOf(ctx, stranger, "Repairs-0"); err != nil || len(all) != 0 {
			t.Errorf("ActionsOf: %v, %v", all, err)
		}
		if all, err := w.BodiesOf(ctx, stranger, "Repairs-0"); err != nil || len(all) != 0 {
			t.Errorf("BodiesOf: %v, %v", all, err)
		}
		if all, now, err := w.FocusEver(ctx, stranger); err != nil || len(all)+len(now) != 0 {
			t.Errorf("FocusEver: %v, %v, %v", all, now, err)
		}
		if _, there, err := w.Later(ctx, stranger, w.diagnosis, org.DiagnosisLead); err != nil || there {
			t.Errorf("Later: %v, %v", there, err)
		}
		if all, err := w.Coming(ctx, stranger, time.Unix(0, 0), time.Now().AddDate(50, 0, 0)); err != nil || len(all) != 0 {
			t.Errorf("Coming: %v, %v", all, err)
		}
		if ours, err := w.Actions(ctx, w.organisation, transitiondb.ActionQuery{}); err != nil {
			t.Fatal(err)
		} else {
			for _, a := range ours {
				if all, done, err := w.DecidedFor(ctx, stranger, a.Focal); err != nil || all+done != 0 {
					t.Errorf("DecidedFor: %d %d, %v", all, done, err)
				}
			}
		}
		if person, _, err := w.Wants(ctx, stranger, "Repairs-0"); err != nil || person == w.people["Repairs-0"] {
			t.Errorf("Wants: %v, %v", person, err)
		}
		// These take no organisation: a link names one member, a follower works for all.
		without := []string{"Clock", "Programmes", "Troubles", "Invitation", "Answer", "SendDue", "Unanswered", "Choices", "Teams", "TeamsOf", "Coaching", "Named", "Without", "SessionsOf", "Coming", "DecidedFor", "CommitmentsOf", "HasFeed", "EndFeed", "MakeFeed", "Feed", "Pass", "SavePractice", "Practices", "OwnPractices", "Questions", "Waiting", "LedgerOf", "CoachedBy", "Spent", "Actions", "ActionsOf", "BodiesOf", "FocusEver", "Later", "Wants", "PlanNudges", "NudgedBy", "Conducts", "Deeds", "Runners", "Implementing"}
		for i := range reflect.TypeFor[*transitiondb.Store]().NumMethod() {
			name := reflect.TypeFor[*transitiondb.Store]().Method(i).Name
			if notFound[name] == nil && !slices.Contains(without, name) {
				t.Errorf("%s is not in the table", name)
			}
		}
		if m := w.memberOf(t, p.ID, "Repairs-0"); m.Status != transition.Nominated {
			t.Errorf("%+v", m)
		}
	})
}
