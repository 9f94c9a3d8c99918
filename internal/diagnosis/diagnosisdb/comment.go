package diagnosisdb

import (
	"context"
	"math/rand/v2"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
)

// keepComments writes somebody's comments beside the answers, in the same transaction:
// what was acknowledged is all there.
func keepComments(ctx context.Context, tx *db.Tx, in *diagnosis.Instrument, i invited, comments []diagnosis.Comment) error {
	var rows [][]any
	for _, c := range comments {
		rows = append(rows, []any{i.organisation, i.diagnosis, id.Random(), in.Questions[c.Question].ID, i.combination, c.Text})
	}
	return tx.InsertMany(ctx, "diagnosis_comment",
		[]string{"organisation_id", "diagnosis_id", "id", "question", "combination", "text"}, rows)
}

// comments reads the comments of a diagnosis with the units that their writers count
// in, in random order.
func comments(ctx context.Context, tx *db.Tx, in *diagnosis.Instrument, l diagnosis.Layout, organisation, diagnosisID string) (all []diagnosis.Comment, err error) {
	all, err = db.All(ctx, tx, func(row db.Scanner) (c diagnosis.Comment, err error) {
		var question string
		var combination int32
		err = row.Scan(&question, &combination, &c.Text)
		c.Question = slices.IndexFunc(in.Questions, func(q diagnosis.Question) bool { return q.ID == question })
		c.Unit = l.Combinations[combination].Unit
		return c, err
	}, `SELECT question, combination, text FROM diagnosis_comment WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, err
}
