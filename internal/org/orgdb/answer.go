package orgdb

import (
	"context"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

const (
	// AnswerLives is how long the answer to a request is kept for who sends it again.
	AnswerLives = 24 * time.Hour
	// answering is how long a request can take; after that it was given up, and can be begun anew.
	answering = 10 * time.Minute
)

// Answered is what a request was answered with.
type Answered struct {
	Status      int
	ContentType string
	Body        []byte
}

// BeginAnswer returns what a request of an account was answered with, by the caller's key for it. Where it
// was not, it is kept open for this caller, and the answer has no status. request tells what is asked for: another
// one under the same key is a mistake, one that is being answered a conflict.
func (s Store) BeginAnswer(ctx context.Context, organisation, account, key, request string) (a Answered, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		a = Answered{}
		now := s.now()
		n, err := tx.Exec(ctx, `INSERT INTO org_answer (organisation_id, account_id, key, request, status, content_type, body, made_at) VALUES ($1, $2, $3, $4, 0, '', $5, $6)
			ON CONFLICT (organisation_id, account_id, key) DO NOTHING`, organisation, account, key, request, []byte{}, now.UnixMicro())
		if err != nil || n == 1 {
			return err
		}
		var asked string
		var made int64
		_, _, err = db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&asked, &a.Status, &a.ContentType, &a.Body, &made)
		}, `SELECT request, status, content_type, body, made_at FROM org_answer WHERE organisation_id = $1 AND account_id = $2 AND key = $3`, organisation, account, key)
		switch {
		case err != nil:
			return err
		case asked != request:
			return fault.Fieldf("Idempotency-Key", "another request came under this key: a key names one request")
		case a.Status > 0:
			return nil
		case now.Sub(time.UnixMicro(made)) < answering:
			return fault.Conflictf("the request of this key is being answered: ask again in a moment")
		}
		_, err = tx.Exec(ctx, `UPDATE org_answer SET made_at = $4 WHERE organisation_id = $1 AND account_id = $2 AND key = $3`, organisation, account, key, now.UnixMicro())
		return err
	})
	return a, err
}

// KeepAnswer closes a request with its answer; one without a status can be sent anew.
func (s Store) KeepAnswer(ctx context.Context, organisation, account, key string, a Answered) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if a.Status == 0 {
			_, err := tx.Exec(ctx, `DELETE FROM org_answer WHERE organisation_id = $1 AND account_id = $2 AND key = $3 AND status = 0`, organisation, account, key)
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE org_answer SET status = $4, content_type = $5, body = $6 WHERE organisation_id = $1 AND account_id = $2 AND key = $3 AND status = 0`, organisation, account, key, a.Status, a.ContentType, a.Body)
		return err
	})
}

// ForgetAnswers deletes the answers of all organisations that have been kept long enough.
func (s Store) ForgetAnswers(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM org_answer WHERE made_at <= $1`, s.now().Add(-AnswerLives).UnixMicro())
		return err
	})
}
