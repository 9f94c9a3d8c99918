package diagnosisdb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// Questionnaire is what the holder of a personal link sees. It names nobody.
type Questionnaire struct {
	Organisation org.Organisation
	Diagnosis    diagnosis.Diagnosis
	Instrument   *diagnosis.Instrument
	Answered     bool              // the link has been used
	Given        map[string]string // saved before, item id to answer
}

// invited is the invitation that a secret belongs to.
type invited struct {
	organisation, diagnosis, id string
	combination                 int32
}

func invitation(ctx context.Context, tx *db.Tx, token string) (invited, error) {
	i, found, err := db.One(ctx, tx, func(row db.Scanner) (i invited, err error) {
		err = row.Scan(&i.organisation, &i.diagnosis, &i.id, &i.combination)
		return i, err
	}, `SELECT organisation_id, diagnosis_id, id, combination FROM diagnosis_invitation WHERE secret_hash = $1`, secret.Hash("i", token))
	if err == nil && !found {
		err = fault.NotFoundf("this link is not known: check that all of it was copied")
	}
	return i, err
}

// Questionnaire returns what a personal link opens; not found for a link that is
// none.
func (s *Store) Questionnaire(ctx context.Context, token string) (q Questionnaire, err error) {
	var i invited
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if i, err = invitation(ctx, tx, token); err != nil {
			return err
		}
		if q.Diagnosis, err = oneDiagnosis(ctx, tx, i.organisation, i.diagnosis); err != nil {
			return err
		}
		if q.Instrument, _, err = s.frozen(ctx, tx, i.organisation, i.diagnosis); err != nil {
			return err
		}
		_, q.Answered, err = db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_response
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND spent_hash = $3`, i.organisation, i.diagnosis, secret.Hash("a", token))
		if err != nil || q.Answered {
			return err
		}
		q.Given, err = draft(ctx, tx, q.Instrument, i, token)
		return err
	})
	if err != nil {
		return q, err
	}
	q.Organisation, err = s.Org.Organisation(ctx, i.organisation)
	return q, err
}

// Submit stores a respondent's answers, item or question id to answer. When it returns nil
// they are on the disk. A link that was used is a conflict, as is a diagnosis
// that is not open; an answer off the scale is invalid, at its item.
//
// The answers and the spent hash are one transaction that touches no invitation;
// that somebody has answered is marked later, among others.
func (s *Store) Submit(ctx context.Context, token string, given map[string]string) error {
	var i invited
	var in *diagnosis.Instrument
	var minimum int
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if i, err = invitation(ctx, tx, token); err != nil {
			return err
		}
		d, err := oneDiagnosis(ctx, tx, i.organisation, i.diagnosis)
		if err != nil {
			return err
		}
		minimum = d.Minimum
		in, _, err = s.frozen(ctx, tx, i.organisation, i.diagnosis)
		return err
	})
	if err != nil {
		return err
	}
	given, comments, err := in.Comments(given)
	if err != nil {
		return err
	}
	answers, err := in.Pack(given)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(answers, func(b byte) bool { return b != diagnosis.NotAnswered }) {
		return fault.Invalidf("nothing is answered yet: answer at least one statement before you send")
	}
	if err := s.store(ctx, in, i, secret.Hash("a", token), answers, comments); err != nil {
		return err
	}
	s.marks.add(i, minimum)
	return nil
}

func (s *Store) store(ctx context.Context, in *diagnosis.Instrument, i invited, spent string, answers []byte, comments []diagnosis.Comment) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, i.organisation, i.diagnosis)
		if err != nil {
			return err
		}
		if err := d.TakesAnswers(s.now()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_response (organisation_id, diagnosis_id, id, spent_hash, combination, answers)
			VALUES ($1, $2, $3, $4, $5, $6)`, i.organisation, i.diagnosis, id.Random(), spent, i.combination, answers)
		if db.IsDuplicate(err) {
			return fault.Conflictf("this link has been used: your answers are in, and each person answers once")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM diagnosis_draft WHERE organisation_id = $1 AND diagnosis_id = $2 AND secret_hash = $3`,
			i.organisation, i.diagnosis, spent)
		if err != nil {
			return err
		}
		return keepComments(ctx, tx, in, i, comments)
	})
}
