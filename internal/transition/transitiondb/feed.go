package transitiondb

import (
	"context"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/transition"
)

func feedHash(token string) string { return secret.Hash("f", token) }

// MakeFeed makes a calendar of somebody, by the roster's key, to subscribe to, and returns what
// opens it. One that there was opens nothing any more.
func (s *Store) MakeFeed(ctx context.Context, organisation, key string) (token string, err error) {
	token = secret.Token()
	return token, s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		person, found, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1 AND key = $2 AND since <= $3 AND until > $3`, organisation, key, today)
		if err == nil && (!found || key == "") {
			err = fault.NotFoundf("the roster does not know you: ask an administrator to join your account to it")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_feed (organisation_id, person_id, person_key, secret_hash, made_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (organisation_id, person_id) DO UPDATE SET person_key = $3, secret_hash = $4, made_at = $5`, organisation, person, key, feedHash(token), s.now().UnixMicro())
		return err
	})
}

// EndFeed ends it.
func (s *Store) EndFeed(ctx context.Context, organisation, key string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM transition_feed WHERE organisation_id = $1 AND person_key = $2`, organisation, key)
		return err
	})
}

// Feed is a calendar that somebody subscribes to.
type Feed struct {
	Organisation org.Organisation
	Person       org.Person
	Sessions     []transition.Session
	Names        map[string]transition.Programme // by id
}

// feedFrom is how many days back a feed reaches.
const feedFrom = 90

// Feed returns what a token opens; not found for one that is none, or of somebody who has left.
func (s *Store) Feed(ctx context.Context, token string) (f Feed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var person, key string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			o := &f.Organisation
			return struct{}{}, row.Scan(&person, &key, &o.ID, &o.Name, &o.Language, &o.Zone)
		}, `SELECT f.person_id, f.person_key, o.organisation_id, o.name, o.language, o.zone FROM transition_feed f
			JOIN org_organisation o ON o.organisation_id = f.organisation_id WHERE f.secret_hash = $1`, feedHash(token))
		if err != nil {
			return err
		}
		gone := fault.NotFoundf("this calendar does not exist any more")
		if !found || token == "" {
			return gone
		}
		people, err := s.working(ctx, tx, f.Organisation.ID, []string{person})
		if fault.KindOf(err) == fault.Invalid {
			return gone
		}
		if err != nil {
			return err
		}
		f.Person = people[0]
		if f.Sessions, err = sessionsOf(ctx, tx, f.Organisation.ID, key, s.now().Add(-feedFrom*24*time.Hour)); err != nil {
			return err
		}
		f.Names = map[string]transition.Programme{}
		for _, one := range f.Sessions {
			if f.Names[one.Programme], err = oneProgramme(ctx, tx, f.Organisation.ID, one.Programme); err != nil {
				return err
			}
		}
		return nil
	})
	return f, err
}

// HasFeed says whether somebody, by the roster's key, has one.
func (s *Store) HasFeed(ctx context.Context, organisation, key string) (has bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		_, has, err = db.One(ctx, tx, db.Value[string], `SELECT person_id FROM transition_feed WHERE organisation_id = $1 AND person_key = $2`, organisation, key)
		return err
	})
	return has, err
}
