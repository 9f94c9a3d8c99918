package diagnosisdb

import (
	"bytes"
	"context"
	"encoding/json"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
)

// draftBlock is what the length of a draft is rounded up to, so that it does not tell
// how much is answered.
const draftBlock = 8 << 10

// SaveDraft keeps what the holder of a link has answered so far, item id to answer,
// instead of what was kept before. Only the link opens it again. It reports a link that
// is none, that was used, and a diagnosis that takes no answers.
func (s *Store) SaveDraft(ctx context.Context, token string, given map[string]string) error {
	q, err := s.Questionnaire(ctx, token)
	if err != nil {
		return err
	}
	return s.SaveDraftTo(ctx, q, token, given)
}

// SaveDraftTo is SaveDraft for a questionnaire that the link has just opened.
func (s *Store) SaveDraftTo(ctx context.Context, q Questionnaire, token string, given map[string]string) error {
	if !q.Ticket {
		return errNoTicket
	}
	text, err := json.Marshal(given)
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte(" "), draftBlock-len(text)%draftBlock)...)
	i := q.of
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, i.organisation, i.diagnosis)
		if err != nil {
			return err
		}
		if err := d.Takes(s.now(), i.trial); err != nil {
			return err
		}
		_, used, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_response
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND spent_hash = $3`, i.organisation, i.diagnosis, secret.Hash("a", token))
		if err == nil && used {
			err = fault.Conflictf("this link has been used: your answers are in, and each person answers once")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_draft (organisation_id, diagnosis_id, secret_hash, sealed) VALUES ($1, $2, $3, $4)
			ON CONFLICT (organisation_id, diagnosis_id, secret_hash) DO UPDATE SET sealed = $4`,
			i.organisation, i.diagnosis, secret.Hash("a", token), secret.Seal("draft", token, text))
		return err
	})
}

// dropDraft forgets what was saved by a link, by the hash of its token.
func dropDraft(ctx context.Context, tx *db.Tx, i invited, spent string) error {
	_, err := tx.Exec(ctx, `DELETE FROM diagnosis_draft WHERE organisation_id = $1 AND diagnosis_id = $2 AND secret_hash = $3`,
		i.organisation, i.diagnosis, spent)
	return err
}

// unsealed reads a draft. Answers that the instrument does not know are left out.
func unsealed(in *diagnosis.Instrument, token string, sealed []byte) (map[string]string, error) {
	text, err := secret.Unseal("draft", token, sealed)
	if err != nil {
		return nil, err
	}
	var given map[string]string
	if err := json.Unmarshal(text, &given); err != nil {
		return nil, err
	}
	return in.Known(given), nil
}
