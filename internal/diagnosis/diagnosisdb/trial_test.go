package diagnosisdb_test

import (
	"context"
	"testing"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

func TestATestRunIsWipedAtOpening(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.draft(t)
		for range 2 { // beginning twice is once
			if err := w.BeginTrial(ctx, w.organisation, d.ID, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		trial, err := w.Trial(ctx, w.organisation, d.ID)
		if err != nil || trial.Secret == "" || len(trial.Answers) > 0 {
			t.Fatalf("%+v, %v", trial, err)
		}
		if q, err := w.Questionnaire(ctx, trial.Secret); err != nil || !q.Trial || q.Ticket {
			t.Fatalf("%+v, %v", q, err)
		}
		ticket, later := diagnosisdb.Ticket(trial.Secret), diagnosisdb.Ticket(trial.Secret)
		for _, token := range []string{ticket, later} {
			if err := w.SaveDraft(ctx, token, given(t, 4)); err != nil {
				t.Fatal(err)
			}
		}
		q, err := w.Questionnaire(ctx, ticket)
		if err != nil || !q.Trial || !q.Ticket || len(q.Given) == 0 {
			t.Fatalf("%+v, %v", q, err)
		}
		answers := given(t, 5)
		answers["change"] = "Louder music."
		for range 2 { // a tester may answer again
			if err := w.Submit(ctx, ticket, answers); err != nil {
				t.Fatal(err)
			}
		}
		answers[q.Instrument.Items()[0].ID] = "11"
		if err := w.Submit(ctx, ticket, answers); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an answer off the scale: %v", err)
		}
		trial, err = w.Trial(ctx, w.organisation, d.ID)
		if err != nil || len(trial.Answers) != 2 || trial.Answers[0]["change"] != "Louder music." || trial.Answers[1][q.Instrument.Items()[0].ID] != "5" {
			t.Fatalf("%+v, %v", trial.Answers, err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"diagnosis_trial", "diagnosis_trial_answer", "diagnosis_draft", "diagnosis_response", "diagnosis_comment"} {
			err := w.DB.Read(ctx, func(tx *db.Tx) error {
				n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM `+table)
				if n != 0 {
					t.Errorf("%s still has %d rows", table, n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.SubmitTo(ctx, q, ticket, given(t, 5), ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a test answer that comes when the diagnosis has opened: %v", err)
		}
		if _, err := w.Questionnaire(ctx, ticket); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the link of the test run: %v", err)
		}
		if err := w.BeginTrial(ctx, w.organisation, d.ID, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a test run of an open one: %v", err)
		}
	})
}
