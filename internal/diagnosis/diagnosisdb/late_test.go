package diagnosisdb_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/mail"
	"throughline/internal/org"
)

// Of 100 people in two units 50 answer, are reminded, and 40 more answer, two points lower.
func TestWhoAnswersAfterTheFirstReminderIsComparedWithWhoAnswersBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		var further [][]string
		for i := range 60 {
			further = append(further, []string{fmt.Sprintf("F%d", i), "Further", "All/North", "employee", fmt.Sprintf("f%d@shops.example", i)})
		}
		roster(t, w.Org, w.organisation, "2026-03-02", further...)
		d := w.draft(t)
		d.RosterDay, d.Attributes = "2026-03-02", nil
		if err := w.Change(ctx, w.organisation, d); err != nil {
			t.Fatal(err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		secrets := map[string][]string{}
		err := w.Links(ctx, w.organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
			secrets[l.Unit] = append(secrets[l.Unit], l.Secret)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		answer := func(secrets []string, v int) {
			for i, s := range secrets {
				if err := w.Submit(ctx, s, given(t, v+i%2)); err != nil {
					t.Fatal(err)
				}
				if err := w.Mark(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.mailed(t, d.ID, diagnosis.Invitation)
		answer(secrets["North"][:35], 7)
		answer(secrets["East"][:4], 7) // too few before the reminder: its answers do not tell
		w.now = w.now.Add(time.Hour)
		w.mailed(t, d.ID, diagnosis.Reminder)
		answer(secrets["North"][35:70], 5)
		answer(secrets["East"][4:], 5)
		w.now = w.now.Add(time.Hour)
		w.mailed(t, d.ID, diagnosis.Reminder) // a second one changes nothing
		if err := w.Close(ctx, w.organisation, d.ID, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		p, err := w.Report(ctx, w.organisation, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		l := p.Report.Lateness
		if l == nil || l.Late != .5 || l.Told != .92 { // 70 of 76
			t.Fatalf("%+v", l)
		}
		for f, of := range l.Factors {
			if of.Difference != -2 || !of.Clear {
				t.Errorf("factor %d: %+v", f, of)
			}
		}
	})
}

// A first reminder that is stopped before any of it left decides nothing.
func TestAReminderThatNobodyGotIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		w.mailed(t, id, diagnosis.Invitation)
		for _, s := range secrets[:30] {
			if err := w.Submit(ctx, s, given(t, 5)); err != nil {
				t.Fatal(err)
			}
		}
		m := invitationMail(w)
		m.Kind = diagnosis.Reminder
		for range 2 { // the second time as if it were the first
			mailing, err := w.PlanMailing(ctx, w.organisation, id, m, "Ada")
			if err != nil {
				t.Fatal(err)
			}
			down := func(context.Context, diagnosisdb.Envelope) error { return mail.ErrUnreachable }
			if err := w.SendDue(ctx, down); !errors.Is(err, mail.ErrUnreachable) {
				t.Fatal(err)
			}
			if n := remindedRows(t, w.Store.DB); n == 0 {
				t.Fatal("nothing is decided: the test looks at nothing")
			}
			if err := w.StopMailing(ctx, w.organisation, id, mailing, "Ada"); err != nil {
				t.Fatal(err)
			}
			if n := remindedRows(t, w.Store.DB); n > 0 {
				t.Errorf("a reminder that nobody got has decided on %d combinations", n)
			}
		}
		w.mailed(t, id, diagnosis.Reminder)
	})
}
