package transitiondb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Nudge reminds somebody of actions that need a word: of those that they own, and of those of people
// whom they coach and who have no account.
type Nudge struct {
	Person  org.Person
	Actions []transition.Action // the earliest due first
	Today   period.Day
}

func nudgeHash(token string) string { return secret.Hash("n", token) }

const nudgeEvery = 7 * 24 * time.Hour

// PlanNudges puts a reminder into the outbox for each owner of actions that need a word, in
// programmes that remind: at most one a week for each person, and none for who wants none. It looks
// once an hour; several copies of the program may call it.
func (s *Store) PlanNudges(ctx context.Context) error {
	var organisations []org.Ref // their zone as the key
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		organisations, err = db.All(ctx, tx, func(row db.Scanner) (r org.Ref, err error) {
			err = row.Scan(&r.ID, &r.Key)
			return r, err
		}, `SELECT o.organisation_id, o.zone FROM org_organisation o WHERE EXISTS (SELECT 1 FROM transition_action a WHERE a.organisation_id = o.organisation_id AND a.state = 'open') ORDER BY o.organisation_id`)
		return err
	})
	for _, o := range organisations {
		now := s.now().In(period.Zone(o.Key))
		hour := now.Format("2006-01-02T15")
		if before, _ := s.nudged.Swap(o.ID, hour); before == hour || !mail.Hours(now) {
			continue
		}
		err = errors.Join(err, s.planNudges(ctx, o.ID, now))
	}
	return err
}

func (s *Store) planNudges(ctx context.Context, organisation string, now time.Time) error {
	var due map[string][]transition.Action
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = s.needing(ctx, tx, organisation, period.DayOf(now))
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	year, week := now.ISOWeek()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		quiet, err := db.All(ctx, tx, db.Value[string], `SELECT person_id FROM transition_unnudged WHERE organisation_id = $1 UNION SELECT person_id FROM transition_nudge WHERE organisation_id = $1 AND made_at > $2 AND state NOT IN ($3, $4)`,
			organisation, now.Add(-nudgeEvery).UnixMicro(), mail.Waiting, mail.Left)
		if err != nil {
			return err
		}
		for _, person := range slices.Sorted(maps.Keys(due)) {
			if slices.Contains(quiet, person) {
				continue
			}
			// What could not leave, or need not, is not added to; two copies that plan at once plan the same one.
			if _, err := tx.Exec(ctx, `DELETE FROM transition_nudge WHERE organisation_id = $1 AND person_id = $2 AND state IN ($3, $4)`, organisation, person, mail.Waiting, mail.Left); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO transition_nudge (organisation_id, id, person_id, secret_hash, state, reason, made_at) VALUES ($1, $2, $3, '', $4, '', $5) ON CONFLICT (organisation_id, id) DO NOTHING`,
				organisation, fmt.Sprintf("%s-%d-%02d", person, year, week), person, mail.Waiting, now.UnixMicro())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// needing are the open actions that need a word, of management teams and groups that a programme that
// reminds coaches now, by the id of whom to remind: the owner, or, where that one has no account in
// which to say it, who coaches them.
func (s *Store) needing(ctx context.Context, tx *db.Tx, organisation string, today period.Day) (map[string][]transition.Action, error) {
	all, err := s.actions(ctx, tx, organisation, ActionQuery{Open: true})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	coaches := map[string][]org.Ref{} // by management team or group
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var body string
		var coach org.Ref
		err := row.Scan(&body, &coach.ID, &coach.Key)
		coaches[body] = append(coaches[body], coach)
		return struct{}{}, err
	}, `SELECT m.team_id, m.person_id, m.person_key FROM transition_member m JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
		WHERE m.organisation_id = $1 AND p.nudges = TRUE AND p.closed = FALSE AND m.status = 'active' AND m.team_id <> ''
		UNION SELECT g.id, m.person_id, m.person_key FROM transition_group g JOIN transition_programme p ON p.organisation_id = g.organisation_id AND p.id = g.programme_id
			JOIN transition_member m ON m.organisation_id = g.organisation_id AND m.programme_id = g.programme_id AND m.id = g.coach_id
		WHERE g.organisation_id = $1 AND p.nudges = TRUE AND p.closed = FALSE AND g.state = 'current' AND m.status = 'active'`, organisation)
	if err != nil {
		return nil, err
	}
	accounts, err := db.All(ctx, tx, db.Value[string], `SELECT person_id FROM org_account WHERE organisation_id = $1 AND person_id <> '' AND closed_at = 0`, organisation)
	signsIn, due := map[string]bool{}, map[string][]transition.Action{}
	for _, key := range accounts {
		signsIn[key] = true
	}
	for _, a := range all {
		of := coaches[a.Body.ID]
		if a.Needs(today) == "" || len(of) == 0 {
			continue
		}
		if !a.OwnerLeft && signsIn[a.Owner.Key] {
			of = []org.Ref{a.Owner}
		}
		for _, one := range of {
			if signsIn[one.Key] {
				due[one.ID] = append(due[one.ID], a)
			}
		}
	}
	return due, err
}

// nextNudge is the next reminder, with a link by which they end.
func nextNudge(ctx context.Context, o *outbox) (e Envelope, one string, left bool, err error) {
	token := secret.Token()
	err = o.DB.Write(ctx, func(tx *db.Tx) error {
		one, left = "", false
		if err := o.lease.Keep(ctx, tx, o.organisation, o.now()); err != nil {
			return err
		}
		n := &Nudge{}
		var person string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&one, &person, &e.Organisation.Name, &e.Organisation.Language, &e.Organisation.Zone)
		}, `SELECT n.id, n.person_id, o.name, o.language, o.zone FROM transition_nudge n JOIN org_organisation o ON o.organisation_id = n.organisation_id
			WHERE n.organisation_id = $1 AND n.state = $2 AND NOT EXISTS (SELECT 1 FROM transition_unnudged u WHERE u.organisation_id = $1 AND u.person_id = n.person_id)
			ORDER BY n.reason, n.made_at, n.id LIMIT 1`, o.organisation, mail.Waiting)
		if err != nil || !found {
			return err
		}
		if !mail.Hours(o.now().In(period.Zone(e.Organisation.Zone))) {
			one = ""
			return nil
		}
		if n.Today, err = o.today(ctx, tx, o.organisation); err != nil {
			return err
		}
		people, err := orgdb.PeopleIn(ctx, tx, o.organisation, []string{person}, n.Today)
		if err != nil {
			return err
		}
		n.Person = people[person]
		if n.Actions = o.due[person]; o.due == nil { // read once for all that leave together
			if o.due, err = o.needing(ctx, tx, o.organisation, n.Today); err != nil {
				return err
			}
			n.Actions = o.due[person]
		}
		e.Organisation.ID, e.Secret, e.Nudge = o.organisation, token, n
		if left = len(n.Actions) == 0 || n.Person.Mail == ""; left { // done meanwhile, or nobody to write to
			return nil
		}
		if _, err := tx.Exec(ctx, `UPDATE transition_nudge SET secret_hash = $3, made_at = $4 WHERE organisation_id = $1 AND id = $2`, o.organisation, one, nudgeHash(token), o.now().UnixMicro()); err != nil {
			return err
		}
		return o.set(ctx, tx, one, mail.Trying, "")
	})
	return e, one, left, err
}

// Nudged is what the link in a reminder opens.
type Nudged struct {
	Organisation org.Organisation
	Person       string // id
	Off          bool   // wants none
}

// NudgedBy returns it; not found for a link that is none.
func (s *Store) NudgedBy(ctx context.Context, token string) (n Nudged, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			o := &n.Organisation
			return struct{}{}, row.Scan(&n.Person, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
		}, `SELECT n.person_id, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone FROM transition_nudge n
			JOIN org_organisation o ON o.organisation_id = n.organisation_id WHERE n.secret_hash = $1`, nudgeHash(token))
		if err == nil && (!found || token == "") {
			err = fault.NotFoundf("this link does not open anything any more")
		}
		if err != nil {
			return err
		}
		n.Off, err = unnudged(ctx, tx, n.Organisation.ID, n.Person)
		return err
	})
	return n, err
}

func unnudged(ctx context.Context, tx *db.Tx, organisation, person string) (bool, error) {
	_, off, err := db.One(ctx, tx, db.Value[string], `SELECT person_id FROM transition_unnudged WHERE organisation_id = $1 AND person_id = $2`, organisation, person)
	return off, err
}

// Nudges switches reminders of somebody, by id, off or on again.
func (s *Store) Nudges(ctx context.Context, organisation, person string, off bool) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if !off {
			_, err := tx.Exec(ctx, `DELETE FROM transition_unnudged WHERE organisation_id = $1 AND person_id = $2`, organisation, person)
			return err
		}
		_, known, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1 AND id = $2 LIMIT 1`, organisation, person)
		if err != nil || !known {
			if err == nil {
				err = fault.NotFoundf("there is no such person")
			}
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM transition_nudge WHERE organisation_id = $1 AND person_id = $2 AND state = $3`, organisation, person, mail.Waiting); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_unnudged (organisation_id, person_id, made_at) VALUES ($1, $2, $3) ON CONFLICT (organisation_id, person_id) DO NOTHING`, organisation, person, s.now().UnixMicro())
		return err
	})
}

// Wants says whether somebody, by the roster's key, is reminded, and their id.
func (s *Store) Wants(ctx context.Context, organisation, key string) (person string, wants bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		w, _, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		person = w.Person.ID
		off, err := unnudged(ctx, tx, organisation, person)
		wants = !off
		return err
	})
	return person, wants, err
}
