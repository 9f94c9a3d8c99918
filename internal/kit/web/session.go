package web

import (
	"context"
	"net/http"
	"time"

	"throughline/internal/kit/db"

	"github.com/alexedwards/scs/v2"
)

// Sessions keeps who is signed in: a random token in a cookie, the rest in the
// database, so that every replica knows it. Only a hash of the token is stored.
// Secure keeps the cookie to https.
func Sessions(d *db.DB, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{d}
	m.HashTokenInStore = true
	m.Lifetime = 12 * time.Hour
	m.Cookie.Name = "throughline"
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = secure
	m.ErrorFunc = Fail
	return m
}

type sessionStore struct{ db *db.DB }

func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		data, found, err = db.One(ctx, tx, db.Value[[]byte], `SELECT data FROM kit_session WHERE token = $1 AND expires_at > $2`,
			token, time.Now().UnixMicro())
		return err
	})
	return data, found, err
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO kit_session (token, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, token, data, expiry.UnixMicro())
		return err
	})
}

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM kit_session WHERE token = $1`, token)
		return err
	})
}

// ForgetSessions deletes the sessions that have ended.
func ForgetSessions(ctx context.Context, d *db.DB, now time.Time) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM kit_session WHERE expires_at <= $1`, now.UnixMicro())
		return err
	})
}

// The interface without a context; scs calls the methods above.

func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
