package diagnosisdb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/mail"
	"throughline/internal/org"
)

func invitationMail(w *world) diagnosis.Mailing {
	return diagnosis.Mailing{Kind: diagnosis.Invitation, At: w.now, Texts: map[string]diagnosis.MailText{"en": {Subject: "Hello", Body: "{name}: {link}"}}}
}

// postbox is a mail server that remembers who was mailed.
type postbox struct {
	mu      sync.Mutex
	to      []string
	secrets map[string]string
	answer  func(to string) error // nil: takes everything
}

func (p *postbox) post(_ context.Context, e diagnosisdb.Envelope) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		if err := p.answer(e.To); err != nil {
			return err
		}
	}
	if p.secrets == nil {
		p.secrets = map[string]string{}
	}
	p.to, p.secrets[e.To] = append(p.to, e.To), e.Secret
	return nil
}

// counts returns the counts of the newest mailing.
func (w *world) counts(t *testing.T, id string) diagnosisdb.MailingStatus {
	t.Helper()
	all, err := w.Mailings(context.Background(), w.organisation, id)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d mailings, %v", len(all), err)
	}
	return all[len(all)-1]
}

func (w *world) plan(t *testing.T, id string, m diagnosis.Mailing) string {
	t.Helper()
	mailing, err := w.PlanMailing(context.Background(), w.organisation, id, m, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	return mailing
}

func TestInvitationsAndRemindersReachWhomTheyShould(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		m := invitationMail(w)
		m.At = w.now.Add(time.Hour)
		w.plan(t, id, m)
		box := &postbox{}
		send := func() {
			t.Helper()
			if err := w.SendDue(ctx, box.post); err != nil {
				t.Fatal(err)
			}
		}
		if send(); len(box.to) > 0 {
			t.Fatalf("%d mails before their time", len(box.to))
		}
		w.now = w.now.Add(time.Hour)
		if send(); len(box.to) != 38 {
			t.Fatalf("%d of 38 people with an address are mailed", len(box.to))
		}
		if c := w.counts(t, id); c.State != diagnosis.Sent || c.Sent != 38 {
			t.Errorf("%+v", c)
		}
		w.plan(t, id, invitationMail(w))
		if send(); len(box.to) != 38 {
			t.Errorf("a second invitation reached %d who had one", len(box.to)-38)
		}
		// Ten of North have answered: one batch of marks or two, in which each is known.
		answered := 0
		for to, secret := range box.secrets {
			if q, err := w.Questionnaire(ctx, secret); err != nil || q.Answered {
				t.Fatalf("%s: %v, answered %v", to, err, q.Answered)
			}
			if answered < 25 {
				if err := w.Submit(ctx, secret, given(t, 6)); err != nil {
					t.Fatal(err)
				}
				answered++
			}
		}
		if err := w.Mark(ctx); err != nil {
			t.Fatal(err)
		}
		box.to = nil
		m.Kind, m.At = diagnosis.Reminder, w.now
		w.plan(t, id, m)
		send()
		if len(box.to) < 13 || len(box.to) >= 38 {
			t.Errorf("%d of 38 are reminded; 13 have not answered", len(box.to))
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		if c := w.counts(t, id); c.Sent != len(box.to) {
			t.Errorf("after closing %d of the %d reminders are told of", c.Sent, len(box.to))
		}
		if _, err := w.PlanMailing(ctx, w.organisation, id, m, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("planning for a closed one: %v", err)
		}
	})
}

func TestOneBadAddressStopsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		mailing := w.plan(t, id, invitationMail(w))
		box := &postbox{answer: func(to string) error {
			switch to {
			case "p3@shops.example":
				return fmt.Errorf("%w: 550 no such user", mail.ErrRefused)
			case "p4@shops.example":
				return fmt.Errorf("the line broke")
			}
			return nil
		}}
		if err := w.SendDue(ctx, box.post); err != nil {
			t.Fatal(err)
		}
		bad := []string{"p3@shops.example", "p4@shops.example"} // of the two people without an address neither is one of these
		with := 38
		for _, b := range bad {
			if !slices.Contains(box.to, b) {
				with--
			}
		}
		troubles, err := w.Troubles(ctx, w.organisation, id, 9)
		if err != nil || len(box.to) != with || len(troubles) != 38-with {
			t.Fatalf("%d mailed, %d troubles, %v", len(box.to), len(troubles), err)
		}
		for _, tr := range troubles {
			if tr.Doubt != (tr.Mail == "p4@shops.example") || tr.Mailing != mailing || tr.Reason == "" {
				t.Errorf("%+v", tr)
			}
			if err := w.Resend(ctx, w.organisation, id, mailing, tr.Invitation, "no address", "Ada"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("to no address: %v", err)
			}
			if tr.Doubt {
				err = w.Leave(ctx, w.organisation, id, mailing, tr.Invitation)
			} else {
				err = w.Resend(ctx, w.organisation, id, mailing, tr.Invitation, "New.Three@shops.example", "Ada")
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Leave(ctx, w.organisation, id, mailing, tr.Invitation); fault.KindOf(err) != fault.Conflict {
				t.Errorf("settled twice: %v", err)
			}
		}
		if err := w.SendDue(ctx, box.post); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(box.to, "p4@shops.example") || len(troubles) > 1 && !slices.Contains(box.to, "new.three@shops.example") {
			t.Errorf("after that: %v", box.to[with:])
		}
	})
}

func TestAMailServerThatIsAwayIsTriedAgainLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		mailing := w.plan(t, id, invitationMail(w))
		n := 0
		box := &postbox{answer: func(string) error {
			if n++; n > 5 {
				return fmt.Errorf("%w: no route", mail.ErrUnreachable)
			}
			return nil
		}}
		if err := w.SendDue(ctx, box.post); err == nil || !strings.Contains(err.Error(), "no route") || len(box.to) != 5 {
			t.Fatalf("%d mailed, %v", len(box.to), err)
		}
		if c := w.counts(t, id); c.Sent != 5 || c.Waiting != 33 || c.Doubt+c.Failed > 0 || c.State != diagnosis.Sending {
			t.Errorf("%+v", c)
		}
		box.answer = nil
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 38 {
			t.Errorf("%d mailed, %v", len(box.to), err)
		}
		if err := w.StopMailing(ctx, w.organisation, id, mailing, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("stopping what has left: %v", err)
		}
		first := ""
		w.plan(t, id, diagnosis.Mailing{Kind: diagnosis.Reminder, At: w.now, Texts: invitationMail(w).Texts})
		box = &postbox{answer: func(to string) error {
			if first == "" || first == to {
				first = to
				return fmt.Errorf("%w: later", mail.ErrUnreachable)
			}
			return nil
		}}
		w.SendDue(ctx, box.post)
		if w.SendDue(ctx, box.post); len(box.to) != 37 {
			t.Errorf("one address that is put off holds up the others: %d mailed", len(box.to))
		}
	})
}

func TestAMailingIsStoppedInTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		mailing := w.plan(t, id, invitationMail(w))
		box := &postbox{}
		n := 0
		err := w.SendDue(ctx, func(ctx context.Context, e diagnosisdb.Envelope) error {
			if n++; n == 4 {
				if err := w.StopMailing(ctx, w.organisation, id, mailing, "Ada"); err != nil {
					t.Error(err)
				}
			}
			return box.post(ctx, e)
		})
		if c := w.counts(t, id); err != nil || len(box.to) != 4 || c.State != diagnosis.Stopped || c.Waiting > 0 {
			t.Errorf("%d mailed, %+v, %v", len(box.to), c, err)
		}
		w.plan(t, id, invitationMail(w))
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 38 {
			t.Errorf("a later invitation: %d have one, %v", len(box.to), err)
		}
		w.plan(t, id, invitationMail(w))
		w.now = start.AddDate(0, 0, 15)
		if err := w.SendDue(ctx, box.post); err != nil || w.counts(t, id).State != diagnosis.Planned {
			t.Errorf("after the closing time: %+v, %v", w.counts(t, id), err)
		}
	})
}

// Several copies of the program work at one database: a lease lets one send.
func TestNobodyIsMailedTwiceByTwoCopies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.opened(t)
		w.plan(t, id, invitationMail(w))
		box := &postbox{}
		var copies sync.WaitGroup
		for range 3 {
			one := &diagnosisdb.Store{DB: w.DB, Org: w.Org, Keys: w.Keys, Now: w.Now}
			copies.Go(func() {
				if err := one.SendDue(t.Context(), box.post); err != nil {
					t.Error(err)
				}
			})
		}
		copies.Wait()
		slices.Sort(box.to)
		if n := len(slices.Compact(slices.Clone(box.to))); n != len(box.to) || n != 38 {
			t.Errorf("%d mails to %d people", len(box.to), n)
		}
	})
}

// The clocks of copies differ by minutes: a lease may be taken early, and still nobody is
// mailed twice, and nobody left out.
func TestNobodyIsMailedTwiceByCopiesWhoseClocksDiffer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.opened(t)
		w.plan(t, id, invitationMail(w))
		box := &postbox{}
		var copies sync.WaitGroup
		for _, off := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
			now := func() time.Time { return w.now.Add(off) }
			one := &diagnosisdb.Store{DB: w.DB, Org: w.Org, Keys: w.Keys, Now: now}
			copies.Go(func() {
				for range 3 {
					if err := one.SendDue(t.Context(), box.post); err != nil {
						t.Error(err)
					}
				}
			})
		}
		copies.Wait()
		slices.Sort(box.to)
		if n := len(slices.Compact(slices.Clone(box.to))); n != len(box.to) || n != 38 {
			t.Errorf("%d mails to %d people", len(box.to), n)
		}
	})
}

// A copy dies while it speaks to the mail server: what it was trying is in doubt, is
// listed, and is not sent again by itself; the rest goes on once its lease is over.
func TestWhatADeadCopyWasTryingIsInDoubt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		mailing := w.plan(t, id, invitationMail(w))
		box := &postbox{}
		func() {
			defer func() { recover() }()
			w.SendDue(ctx, func(ctx context.Context, e diagnosisdb.Envelope) error {
				if len(box.to) == 7 {
					panic("the program dies here")
				}
				return box.post(ctx, e)
			})
		}()
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 7 {
			t.Fatalf("while its lease lasts another copy sends: %d, %v", len(box.to), err)
		}
		w.now = w.now.Add(2 * time.Minute)
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 37 {
			t.Fatalf("%d mailed, %v", len(box.to), err)
		}
		troubles, err := w.Troubles(ctx, w.organisation, id, 9)
		if err != nil || len(troubles) != 1 || !troubles[0].Doubt || slices.Contains(box.to, troubles[0].Mail) {
			t.Fatalf("%+v, %v", troubles, err)
		}
		if err := w.Resend(ctx, w.organisation, id, mailing, troubles[0].Invitation, "", "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 38 || box.to[37] != troubles[0].Mail {
			t.Errorf("%d mailed, %v", len(box.to), err)
		}
	})
}
