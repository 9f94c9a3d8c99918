package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

// Coding says which characteristics the published comments of a diagnosis are about.
func (s *Store) Coding(ctx context.Context, organisation, diagnosisID string) (coding diagnosis.Coding, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		coding = diagnosis.Coding{}
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var comment int
			var item string
			err := row.Scan(&comment, &item)
			coding[comment] = append(coding[comment], item)
			return struct{}{}, err
		}, `SELECT comment, item FROM diagnosis_coding WHERE organisation_id = $1 AND diagnosis_id = $2 ORDER BY comment, item`, organisation, diagnosisID)
		return err
	})
	return coding, err
}

// Code groups comments, by their places in the published set, under a characteristic, or,
// where about is false, takes them out of it.
func (s *Store) Code(ctx context.Context, organisation, diagnosisID string, comments []int, item string, about bool) error {
	published, err := s.Report(ctx, organisation, diagnosisID)
	if err != nil {
		return err
	}
	if len(comments) == 0 {
		return fault.Fieldf("comment", "tick the comments that belong together")
	}
	if err := published.Instrument.Knows(item); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, c := range comments {
			if c < 0 || c >= len(published.Report.Comments) {
				return fault.NotFoundf("there is no such comment")
			}
			query := `INSERT INTO diagnosis_coding (organisation_id, diagnosis_id, comment, item) VALUES ($1, $2, $3, $4)
				ON CONFLICT (organisation_id, diagnosis_id, comment, item) DO NOTHING`
			if !about {
				query = `DELETE FROM diagnosis_coding WHERE organisation_id = $1 AND diagnosis_id = $2 AND comment = $3 AND item = $4`
			}
			if _, err := tx.Exec(ctx, query, organisation, diagnosisID, c, item); err != nil {
				return err
			}
		}
		return nil
	})
}
