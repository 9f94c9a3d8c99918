package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
)

// remindFirst decides, as the first reminder begins, of which combinations answers will say
// that they came after it. A later reminder decides nothing.
func remindFirst(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) error {
	before, err := reminders(ctx, tx, organisation, d.ID)
	if err != nil || before > 0 {
		return err
	}
	decided, err := reminded(ctx, tx, organisation, d.ID)
	if err != nil || len(decided) > 0 { // by one that reached nobody
		return err
	}
	came, err := countByCombination(ctx, tx, "diagnosis_response", organisation, d.ID)
	if err != nil {
		return err
	}
	left := map[int32]int{}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var combination int32
		var people int
		err := row.Scan(&combination, &people)
		left[combination] = people
		return struct{}{}, err
	}, `SELECT combination, COUNT(*) FROM diagnosis_invitation WHERE organisation_id = $1 AND diagnosis_id = $2 AND NOT answered AND shared_id = ''
		GROUP BY combination`, organisation, d.ID)
	if err != nil {
		return err
	}
	var rows [][]any
	for c, n := range left {
		if diagnosis.MayBeLate(came[c], n, d.Minimum) {
			rows = append(rows, []any{organisation, d.ID, c})
		}
	}
	return tx.InsertMany(ctx, "diagnosis_reminded", []string{"organisation_id", "diagnosis_id", "combination"}, rows)
}

// reminders counts the lines of reminders in the outbox.
func reminders(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (int, error) {
	n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM diagnosis_sending s
		JOIN diagnosis_mailing m ON m.organisation_id = s.organisation_id AND m.diagnosis_id = s.diagnosis_id AND m.id = s.mailing_id
		WHERE s.organisation_id = $1 AND s.diagnosis_id = $2 AND m.kind = $3`, organisation, diagnosisID, diagnosis.Reminder)
	return n, err
}

// unremind forgets what the first reminder decided if it was stopped before any of it left:
// nobody has answered after it.
func unremind(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	if n, err := reminders(ctx, tx, organisation, diagnosisID); err != nil || n > 0 {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE diagnosis_response SET late = FALSE WHERE organisation_id = $1 AND diagnosis_id = $2 AND late`, organisation, diagnosisID)
	if err != nil {
		return err
	}
	return forgetReminded(ctx, tx, organisation, diagnosisID)
}

// reminded lists the combinations whose answers say that they came after the first reminder.
func reminded(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (map[int32]bool, error) {
	all, err := db.All(ctx, tx, db.Value[int32], `SELECT combination FROM diagnosis_reminded WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	of := map[int32]bool{}
	for _, c := range all {
		of[c] = true
	}
	return of, err
}

// forgetReminded leaves nothing that says when an answer came: at closing, and when answers
// are imported, of which nobody knows.
func forgetReminded(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM diagnosis_reminded WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	return err
}
