package diagnosisdb

import (
	"context"
	"errors"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// Questionnaire is what the holder of a link sees. It names nobody.
type Questionnaire struct {
	Organisation org.Organisation
	Diagnosis    diagnosis.Diagnosis
	Instrument   *diagnosis.Instrument
	Shared       string            // the unit whose people have the link; "" for a personal one
	Trial        bool              // a test run: nothing counts
	Full         bool              // as many answers have come by the shared link as people have it
	Ticket       bool              // answers can be given: a shared link needs one
	Linkable     bool              // a code can be kept
	Answered     bool              // the link, or the ticket, has been used
	Given        map[string]string // saved before, item id to answer

	of invited
}

// invited is the invitation, or the shared link, that a secret belongs to.
type invited struct {
	organisation, diagnosis, id string
	combination                 int32
	shared, trial               bool
}

// The queries behind a personal link, a shared one and one for a test.
var (
	personalQuery = questionnaireQuery("diagnosis_invitation", "i.combination, '', 0")
	sharedQuery   = questionnaireQuery("diagnosis_shared", "i.combination, i.unit, CASE WHEN i.answered < i.people THEN 0 ELSE 1 END")
	trialQuery    = questionnaireQuery("diagnosis_trial", "-1, '', 0")
)

func questionnaireQuery(table, columns string) string {
	return `SELECT d.id, d.name, d.instrument_id, d.roster_day, d.opens_at, d.closes_at, d.setup, d.state, d.opened_at, d.closed_at, d.unnamed, d.released, d.predecessor, d.within, d.part, d.opened_by, d.closed_by, o.zone,
			i.organisation_id, i.id, ` + columns + `,
			(SELECT COUNT(*) FROM diagnosis_response r
				WHERE r.organisation_id = i.organisation_id AND r.diagnosis_id = i.diagnosis_id AND r.spent_hash = $2),
			(SELECT f.sealed FROM diagnosis_draft f
				WHERE f.organisation_id = i.organisation_id AND f.diagnosis_id = i.diagnosis_id AND f.secret_hash = $2),
			o.slug, o.name, o.language, o.simulated, o.zone
		FROM ` + table + ` i
		JOIN diagnosis_diagnosis d ON d.organisation_id = i.organisation_id AND d.id = i.diagnosis_id
		JOIN org_organisation o ON o.organisation_id = i.organisation_id
		WHERE i.secret_hash = $1`
}

// Questionnaire returns what a personal link, or a ticket of another one, opens; not
// found for a link that is none. All of it is one query: a whole office may come at once.
func (s *Store) Questionnaire(ctx context.Context, token string) (q Questionnaire, err error) {
	link, ticket := linkOf(token)
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		var sealed []byte
		var answered, full int
		read := func(row db.Scanner) (_ struct{}, err error) {
			o := &q.Organisation
			q.Diagnosis, err = scanDiagnosis(also{row, []any{&q.of.organisation, &q.of.id, &q.of.combination, &q.Shared, &full, &answered, &sealed,
				&o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone}})
			return struct{}{}, err
		}
		found := false
		if !ticket {
			_, found, err = db.One(ctx, tx, read, personalQuery, secret.Hash("i", link), secret.Hash("a", token))
		}
		if err == nil && !found {
			_, found, err = db.One(ctx, tx, read, sharedQuery, secret.Hash("i", link), secret.Hash("a", token))
			q.of.shared = found
		}
		if err == nil && !found {
			_, found, err = db.One(ctx, tx, read, trialQuery, secret.Hash("i", link), secret.Hash("a", token))
			q.of.trial = found
		}
		if err == nil && !found {
			err = fault.NotFoundf("this link is not known: check that all of it was copied")
		}
		if err != nil {
			return err
		}
		q.of.diagnosis, q.Organisation.ID, q.Answered, q.Full = q.Diagnosis.ID, q.of.organisation, answered > 0, full > 0
		q.Linkable = !q.of.trial && s.Keys.Has(linkKeyOf(q.of.organisation))
		q.Trial, q.Ticket = q.of.trial, ticket || !q.of.shared && !q.of.trial
		if q.Trial {
			q.Instrument, err = chosen(ctx, tx, q.of.organisation, q.Diagnosis)
		} else {
			q.Instrument, _, err = s.frozen(ctx, tx, q.of.organisation, q.of.diagnosis)
		}
		if err == nil && len(sealed) > 0 {
			q.Given, err = unsealed(q.Instrument, token, sealed)
		}
		return err
	})
	return q, err
}

// errNoTicket is no mistake that a browser makes: it is sent on to a ticket first.
var errNoTicket = fault.Invalidf("open the link again, and answer on the page that it leads to")

// also scans further columns behind those that a function scans.
type also struct {
	db.Scanner
	further []any
}

func (a also) Scan(into ...any) error { return a.Scanner.Scan(append(into, a.further...)...) }

// Submit stores a respondent's answers, item or question id to answer. When it returns nil
// they are on the disk. A link that was used is a conflict, as is a diagnosis
// that is not open; an answer off the scale is invalid, at its item.
//
// The answers and the spent hash are one transaction that touches no invitation;
// that somebody has answered is marked later, among others.
func (s *Store) Submit(ctx context.Context, token string, given map[string]string) error {
	q, err := s.Questionnaire(ctx, token)
	if err != nil {
		return err
	}
	return s.SubmitTo(ctx, q, token, given, "")
}

// SubmitTo is Submit for a questionnaire that the link has just opened. code is what the
// person keeps so that the answers can be linked with those of another diagnosis; "" where
// the person does not want it.
func (s *Store) SubmitTo(ctx context.Context, q Questionnaire, token string, given map[string]string, code string) error {
	if !q.Ticket {
		return errNoTicket
	}
	items, comments, err := q.Instrument.Comments(given)
	if err != nil {
		return err
	}
	answers, err := q.Instrument.Pack(items)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(answers, func(b byte) bool { return b != diagnosis.NotAnswered }) {
		return fault.Invalidf("nothing is answered yet: answer at least one statement before you send")
	}
	if q.Trial {
		return s.try(ctx, q, token, given)
	}
	l, err := s.linkage(q.of.organisation, q.Diagnosis, code)
	if err != nil {
		return err
	}
	if err := s.store(ctx, q.Instrument, q.of, secret.Hash("a", token), answers, comments, l); err != nil {
		return err
	}
	if !q.of.shared {
		s.marks.add(q.of, q.Diagnosis.Minimum)
	}
	return nil
}

func (s *Store) store(ctx context.Context, in *diagnosis.Instrument, i invited, spent string, answers []byte, comments []diagnosis.Comment, l linkage) error {
	return s.DB.WriteTogether(ctx, func(tx *db.Tx) error {
		now := s.now()
		taken, err := tx.Exec(ctx, `INSERT INTO diagnosis_response (organisation_id, diagnosis_id, id, spent_hash, combination, answers, link, earlier, late)
			SELECT organisation_id, id, $3, $4, $5, $6, $8, $9, EXISTS (SELECT 1 FROM diagnosis_reminded r
				WHERE r.organisation_id = $1 AND r.diagnosis_id = $2 AND r.combination = $5) FROM diagnosis_diagnosis
			WHERE organisation_id = $1 AND id = $2 AND state = 'open' AND NOT unnamed AND opens_at <= $7 AND closes_at > $7`,
			i.organisation, i.diagnosis, id.Random(), spent, i.combination, answers, now.UnixMicro(), l.link, l.earlier)
		if db.IsDuplicate(err) {
			return fault.Conflictf("this link has been used: your answers are in, and each person answers once")
		}
		if err != nil {
			return err
		}
		if taken == 0 {
			d, err := oneDiagnosis(ctx, tx, i.organisation, i.diagnosis)
			return errors.Join(err, d.TakesAnswers(now), d.TakesLinks())
		}
		if i.shared {
			if err := punch(ctx, tx, i); err != nil {
				return err
			}
		}
		if err := dropDraft(ctx, tx, i, spent); err != nil {
			return err
		}
		return keepComments(ctx, tx, in, i, comments)
	})
}
