package transitiondb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/mail"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

func TestAProgrammeNeedsDecidedFocalPoints(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for name, spoil := range map[string]func(p *transition.Programme){
			"focal": func(p *transition.Programme) { p.Focal = []string{"x"} },
			"kind":  func(p *transition.Programme) { p.Kind = transition.Leaders },
			"per":   func(p *transition.Programme) { p.Per = 0 },
			"every": func(p *transition.Programme) { p.Every = 0 },
			"name":  func(p *transition.Programme) { p.Name = " " },
			"unit":  func(p *transition.Programme) { p.Rule.Unit = "x" },
		} {
			q := p
			spoil(&q)
			if _, err := w.SaveProgramme(ctx, w.organisation, q, "Ada"); fault.Of(err) == nil || fault.Of(err).Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		p.Name, p.Closed = "Coaches of 2026", true
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Ada"); err != nil {
			t.Fatal(err)
		}
		all, err := w.Programmes(ctx, w.organisation)
		if err != nil || len(all) != 1 || all[0].Name != p.Name || !slices.Equal(all[0].Focal, p.Focal) || all[0].Rule.Levels[0] != org.LevelTeamLeader {
			t.Errorf("%+v, %v", all, err)
		}
		if err := w.Nominate(ctx, w.organisation, p.ID, []string{w.people["Depot-0"]}, nil, "Mo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("into a programme that has ended: %v", err)
		}
	})
}

func TestWhoMeetsTheRuleCanBeNominatedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		all, err := w.Eligible(ctx, w.organisation, p, transitiondb.CandidateQuery{Limit: 3})
		if err != nil || all.Found != 6 || len(all.People) != 3 || !all.More {
			t.Fatalf("%d found, %d listed, %v", all.Found, len(all.People), err)
		}
		w.joins(t, p.ID, "Repairs-0")
		own := func(at org.Place) bool { return at.Partner == all.People[0].Partner.ID }
		some, err := w.Eligible(ctx, w.organisation, p, transitiondb.CandidateQuery{Limit: 9, May: own})
		if err != nil || some.Found != 4 {
			t.Errorf("of one partner: %d found, %v", some.Found, err)
		}
		// The next roster: one team leader has left, one leaves at the end of the month.
		rows := slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Stores-1" })
		roster(t, w.Org, w.organisation, "2026-03-02", rows)
		for key, want := range map[string]string{"Repairs-0": "does not follow", "Stores-1": "not on today's roster", "Depot-7": "does not meet the rule"} {
			err := w.Nominate(ctx, w.organisation, p.ID, []string{w.people["Depot-0"], w.people[key]}, nil, "Mo")
			if fault.Of(err) == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", key, err)
			}
		}
		members, err := w.Members(ctx, w.organisation, p.ID)
		if err != nil || len(members) != 1 {
			t.Errorf("half of a nomination was kept: %d members, %v", len(members), err)
		}
		for _, key := range []string{"Depot-0", "Depot-7"} {
			if err := w.Nominate(ctx, w.organisation, p.ID, []string{w.people[key]}, func(org.Place) bool { return false }, "Mo"); fault.KindOf(err) != fault.NotFound || strings.Contains(err.Error(), "Depot") {
				t.Errorf("%s, outside the own scope: %v", key, err)
			}
		}
	})
}

func TestAnInvitationIsAnsweredByItsLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		yes, no := w.joins(t, p.ID, "Repairs-0"), w.joins(t, p.ID, "Stores-0")
		nowhere := w.joins(t, p.ID, "Depot-1")
		if err := w.Invite(ctx, w.organisation, p.ID, []string{yes, nowhere}, "", "Mo"); fault.Of(err) == nil || fault.Of(err).Field != "member" {
			t.Errorf("somebody without a mail address: %v", err)
		}
		if err := w.Invite(ctx, w.organisation, p.ID, []string{yes, no}, "Do join us", "Mo"); err != nil {
			t.Fatal(err)
		}
		links := map[string]string{}
		var sent []transitiondb.Envelope
		post := func(_ context.Context, e transitiondb.Envelope) error {
			links[e.Member.ID] = e.Secret
			sent = append(sent, e)
			return nil
		}
		if err := w.SendDue(ctx, post); err != nil || len(sent) != 2 {
			t.Fatalf("%d sent, %v", len(sent), err)
		}
		if e := sent[0]; e.Note != "Do join us" || e.Programme.Name != "Coaches" || len(e.Focal) != 2 || e.Member.Person.Mail == "" || e.Organisation.Name != "Works" {
			t.Errorf("%+v", e)
		}
		if err := w.SendDue(ctx, post); err != nil || len(sent) != 2 {
			t.Errorf("sent twice: %d, %v", len(sent), err)
		}
		in, err := w.Invitation(ctx, links[yes])
		if err != nil || in.Member.ID != yes || in.Organisation.ID != w.organisation {
			t.Fatalf("%+v, %v", in, err)
		}
		for _, none := range []string{"", "x", strings.ToUpper(links[yes])} {
			if _, err := w.Invitation(ctx, none); fault.KindOf(err) != fault.NotFound {
				t.Errorf("link %q: %v", none, err)
			}
		}
		if err := w.Answer(ctx, links[no], false, ""); fault.Of(err) == nil || fault.Of(err).Field != "reason" {
			t.Errorf("declined without a reason: %v", err)
		}
		w.now = w.now.Add(time.Hour)
		if err := w.Answer(ctx, links[yes], true, "ignored"); err != nil {
			t.Fatal(err)
		}
		if err := w.Answer(ctx, links[no], false, "no time"); err != nil {
			t.Fatal(err)
		}
		if err := w.Answer(ctx, links[yes], true, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("answered twice: %v", err)
		}
		m := w.memberOf(t, p.ID, "Repairs-0")
		if m.Status != transition.Accepted || len(m.Steps) != 3 || m.Steps[2].By != "Person Repairs-0" || !m.Since.Equal(w.now) {
			t.Errorf("%+v", m)
		}
		if m := w.memberOf(t, p.ID, "Stores-0"); m.Status != transition.Declined || m.Steps[2].Reason != "no time" {
			t.Errorf("%+v", m)
		}
	})
}

func TestWhoAcceptsGetsTheRoleAndWhoStopsLosesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		other := w.coaches(t)
		roles := func() (all []org.Role) {
			accounts, err := w.Org.Accounts(ctx, w.organisation)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range accounts {
				if a.Person == "Repairs-0" {
					for _, g := range a.Grants {
						all = append(all, g.Role)
					}
				}
			}
			return all
		}
		m := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		n := w.joins(t, other.ID, "Repairs-0", transition.Accepted)
		if got := roles(); !slices.Equal(got, []org.Role{org.Coach}) {
			t.Errorf("roles %v", got)
		}
		if err := w.Take(ctx, w.organisation, p.ID, m, transition.Alumnus, "moves on", "Mo"); err != nil {
			t.Fatal(err)
		}
		if got := roles(); !slices.Equal(got, []org.Role{org.Coach}) {
			t.Errorf("the other programme still needs the role: %v", got)
		}
		if err := w.Take(ctx, w.organisation, other.ID, n, transition.Alumnus, "moves on", "Mo"); err != nil {
			t.Fatal(err)
		}
		if got := roles(); len(got) != 0 {
			t.Errorf("roles %v", got)
		}
		if again := w.joins(t, p.ID, "Repairs-0"); again != m {
			t.Error("who comes back is somebody else")
		}
	})
}

func TestABadAddressStopsNothingAndAServerThatIsDownWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		bad, good := w.joins(t, p.ID, "Repairs-0"), w.joins(t, p.ID, "Repairs-1")
		if err := w.Invite(ctx, w.organisation, p.ID, []string{bad, good}, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		down := func(context.Context, transitiondb.Envelope) error {
			return fmt.Errorf("%w: no route", mail.ErrUnreachable)
		}
		if err := w.SendDue(ctx, down); err == nil {
			t.Error("nobody says that the server is down")
		}
		var sent []string
		post := func(_ context.Context, e transitiondb.Envelope) error {
			if e.Member.ID == bad {
				return fmt.Errorf("%w: 550 no such user", mail.ErrRefused)
			}
			sent = append(sent, e.Member.ID)
			return nil
		}
		if err := w.SendDue(ctx, post); err != nil || !slices.Equal(sent, []string{good}) {
			t.Errorf("sent %v, %v", sent, err)
		}
		troubles, err := w.Troubles(ctx, w.organisation, p.ID)
		if err != nil || len(troubles) != 1 || troubles[bad].Doubt || !strings.Contains(troubles[bad].Reason, "550") {
			t.Errorf("%+v, %v", troubles, err)
		}
		// The program stops in the middle of a mail: it is in doubt and not sent again by itself.
		if err := w.Invite(ctx, w.organisation, p.ID, []string{good}, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() { recover() }()
			w.SendDue(ctx, func(context.Context, transitiondb.Envelope) error { panic("stopped") })
		}()
		w.now = w.now.Add(2 * time.Minute)
		if err := w.SendDue(ctx, post); err != nil || len(sent) != 1 {
			t.Errorf("sent %v, %v", sent, err)
		}
		if troubles, err = w.Troubles(ctx, w.organisation, p.ID); err != nil || !troubles[good].Doubt {
			t.Errorf("%+v, %v", troubles, err)
		}
		// Inviting again settles it, and who is not asked any more is not mailed.
		if err := w.Invite(ctx, w.organisation, p.ID, []string{good, bad}, "", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.Take(ctx, w.organisation, p.ID, bad, transition.Declined, "was told in person", "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.SendDue(ctx, post); err != nil || !slices.Equal(sent, []string{good, good}) {
			t.Errorf("sent %v, %v", sent, err)
		}
		if troubles, err = w.Troubles(ctx, w.organisation, p.ID); err != nil || troubles[good].Member != "" {
			t.Errorf("%+v, %v", troubles, err)
		}
	})
}

func TestARoleGrantedByHandStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		person, err := w.Org.PersonByKey(ctx, w.organisation, "Repairs-0", "2026-03-02")
		if err != nil {
			t.Fatal(err)
		}
		grant := org.Grant{Role: org.Coach, Scope: org.Scope{Kind: org.UnitScope, ID: person.Unit.ID}}
		id, err := w.Org.CreateAccount(ctx, w.organisation, org.Account{Mail: person.Mail, Name: person.Name, Person: person.Key, Grants: []org.Grant{grant}}, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		w.joins(t, p.ID, "Repairs-0", transition.Declined)
		w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Alumnus)
		if a, err := w.Org.Account(ctx, w.organisation, id); err != nil || len(a.Grants) != 1 {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestAProgrammeThatEndsTakesItsRolesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, other := w.coaches(t), w.coaches(t)
		w.joins(t, p.ID, "Repairs-0", transition.Accepted)
		m := w.joins(t, other.ID, "Repairs-0", transition.Accepted)
		coaches := func() (n int) {
			accounts, err := w.Org.Accounts(ctx, w.organisation)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range accounts {
				for _, g := range a.Grants {
					if g.Role == org.Coach {
						n++
					}
				}
			}
			return n
		}
		save := func(closed bool) {
			p.Closed = closed
			if _, err := w.SaveProgramme(ctx, w.organisation, p, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		save(true)
		if coaches() != 1 {
			t.Error("the other programme's role is gone")
		}
		if err := w.Take(ctx, w.organisation, other.ID, m, transition.Alumnus, "moves on", "Mo"); err != nil {
			t.Fatal(err)
		}
		if coaches() != 0 {
			t.Error("the role outlives its programmes")
		}
		save(false)
		if coaches() != 1 {
			t.Error("the programme goes on without the role")
		}
	})
}

func TestALinkAnswersOnceAndMailStopsWithTheProgramme(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		m := w.joins(t, p.ID, "Repairs-0")
		invite := func() {
			t.Helper()
			if err := w.Invite(ctx, w.organisation, p.ID, []string{m, m}, "", "Mo"); err != nil {
				t.Fatal(err)
			}
		}
		invite()
		link, sent := "", 0
		post := func(_ context.Context, e transitiondb.Envelope) error {
			link, sent = e.Secret, sent+1
			return nil
		}
		if err := w.SendDue(ctx, post); err != nil || sent != 1 {
			t.Fatalf("%d mails, %v", sent, err)
		}
		if err := w.Answer(ctx, link, true, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.Answer(ctx, link, false, "no"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("no after yes: %v", err)
		}
		// Declined while the mail was tried: it is not sent later, and the link of then is worth nothing.
		if err := w.Take(ctx, w.organisation, p.ID, m, transition.Declined, "told in person", "Mo"); err != nil {
			t.Fatal(err)
		}
		w.joins(t, p.ID, "Repairs-0")
		invite()
		down := func(_ context.Context, e transitiondb.Envelope) error {
			link = e.Secret
			if err := w.Take(ctx, w.organisation, p.ID, m, transition.Declined, "told in person", "Mo"); err != nil {
				t.Fatal(err)
			}
			return mail.ErrUnreachable
		}
		w.SendDue(ctx, down)
		if err := w.SendDue(ctx, post); err != nil || sent != 1 {
			t.Errorf("%d mails, %v", sent, err)
		}
		w.joins(t, p.ID, "Repairs-0")
		if err := w.Answer(ctx, link, true, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nominated, not invited: %v", err)
		}
		invite()
		p.Closed = true
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SendDue(ctx, post); err != nil || sent != 1 {
			t.Errorf("after the end: %d mails, %v", sent, err)
		}
	})
}

func TestAProgrammeCanEndWhenItsFocalPointsAreReopened(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		usual, own := w.joins(t, p.ID, "Repairs-0"), w.joins(t, p.ID, "Repairs-1")
		if err := w.Place(ctx, w.organisation, p.ID, own, "", 25, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.Diagnosis.ReopenFocal(ctx, w.organisation, w.diagnosis, "Ada"); err != nil {
			t.Fatal(err)
		}
		if focal, err := w.FocalOf(ctx, w.organisation, p); err != nil || len(focal) != 0 {
			t.Errorf("%v, %v", focal, err)
		}
		p.Per, p.Closed = 80, true
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Ada"); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]int{usual: 80, own: 25} {
			if m, err := w.Member(ctx, w.organisation, p.ID, id); err != nil || m.Room != want {
				t.Errorf("room for %d, want %d, %v", m.Room, want, err)
			}
		}
		p.Focal = append(p.Focal, w.focal[2])
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("another that is not decided: %v", err)
		}
	})
}

// Somebody who moved between two programmes has a role from each; both end with them, and that of
// who has left ends with the programme.
func TestARoleEndsWithTheProgrammeThatGaveIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		grants := func(key string) (some []org.Grant) {
			t.Helper()
			accounts, err := w.Org.Accounts(ctx, w.organisation)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range accounts {
				if a.Person == key {
					some = append(some, a.Grants...)
				}
			}
			return some
		}
		one := w.coaches(t)
		first := w.joins(t, one.ID, "Repairs-0", transition.Accepted, transition.Active)
		rows := staff()
		rows[0].unit = "All/Stores"
		w.now = start.AddDate(0, 1, 0)
		roster(t, w.Org, w.organisation, "2026-04-01", rows)
		two := w.coaches(t)
		second := w.joins(t, two.ID, "Repairs-0", transition.Accepted, transition.Active)
		w.joins(t, two.ID, "Stores-0", transition.Accepted, transition.Active)
		if got := grants("Repairs-0"); len(got) != 2 {
			t.Fatalf("in both: %v", got)
		}
		for programme, member := range map[string]string{one.ID: first, two.ID: second} {
			if err := w.Take(ctx, w.organisation, programme, member, transition.Alumnus, "done", "Mo"); err != nil {
				t.Fatal(err)
			}
		}
		if got := grants("Repairs-0"); len(got) != 0 {
			t.Errorf("in no programme any more, and still: %v", got)
		}
		w.now = start.AddDate(0, 2, 0)
		roster(t, w.Org, w.organisation, "2026-05-01", slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Stores-0" }))
		two.Closed = true
		if _, err := w.SaveProgramme(ctx, w.organisation, two, "Mo"); err != nil {
			t.Fatal(err)
		}
		if got := grants("Stores-0"); len(got) != 0 {
			t.Errorf("has left, the programme has ended, and still: %v", got)
		}
	})
}
