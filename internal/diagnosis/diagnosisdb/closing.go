package diagnosisdb

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Close ends a diagnosis: no answer is taken any more, the published set is
// computed once and stored, both tables are rewritten in random order without
// their marks, and the key of the links is destroyed. progress may be nil.
//
// First the door is shut in a transaction of its own, so that an answer is
// either in the set or was refused. The key goes last: as long as it is there, a
// close that was interrupted is finished by calling it, or CloseDue, again.
func (s *Store) Close(ctx context.Context, organisation, diagnosisID string, by org.By, progress func(done, total int)) error {
	return s.close(ctx, organisation, diagnosisID, by, false, progress)
}

func (s *Store) close(ctx context.Context, organisation, diagnosisID string, by org.By, due bool, progress func(done, total int)) error {
	published, err := s.shut(ctx, organisation, diagnosisID, by, due)
	if err != nil {
		return err
	}
	if published && !s.Keys.Has(keyOf(diagnosisID)) {
		return fault.Conflictf("this diagnosis is closed already")
	}
	if !published {
		if err := s.publish(ctx, organisation, diagnosisID, progress); err != nil {
			return err
		}
	}
	if err := s.DB.Forget(ctx, "diagnosis_invitation", "diagnosis_response", "diagnosis_sending", "diagnosis_draft", "diagnosis_comment"); err != nil {
		return err
	}
	return s.Keys.Destroy(keyOf(diagnosisID))
}

// publish computes and stores the published set and rewrites both tables.
func (s *Store) publish(ctx context.Context, organisation, diagnosisID string, progress func(done, total int)) error {
	all, err := s.snapshot(ctx, organisation, diagnosisID)
	if err != nil {
		return err
	}
	report, err := all.in.Report(all.layout, all.answers, all.minimum, rand.Uint64(), progress)
	if err != nil {
		return err
	}
	report.Comments = all.layout.PublishComments(all.comments, max(all.minimum, all.in.CommentMinimum), func(u int32) bool {
		g := report.Unit(u)
		return g != nil && g.Verdict == diagnosis.Shown
	})
	if report.Groups[0].Verdict == diagnosis.Shown {
		report.Linked = all.linked
		report.Lateness = all.in.Lateness(all.answers, all.reminded, all.minimum)
	}
	body, err := pack(report)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_report (organisation_id, diagnosis_id, body) VALUES ($1, $2, $3)`, organisation, diagnosisID, body)
		if db.IsDuplicate(err) {
			return fault.Conflictf("this diagnosis is closed already")
		}
		if err != nil {
			return err
		}
		if err := endMailings(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if err := errors.Join(forgetReminded(ctx, tx, organisation, diagnosisID), forgetLinks(ctx, tx, organisation, all.diagnosis)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM diagnosis_draft WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID); err != nil {
			return err
		}
		return errors.Join(shuffleInvitations(ctx, tx, organisation, diagnosisID), shuffleResponses(ctx, tx, organisation, diagnosisID),
			shuffleComments(ctx, tx, organisation, diagnosisID))
	})
}

// shut sets the state to closed, if it is not, and says whether the published set
// stands. One that is closed because it is due may have been extended meanwhile: a
// conflict.
func (s *Store) shut(ctx context.Context, organisation, diagnosisID string, by org.By, due bool) (published bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if d.State == diagnosis.Draft {
			return fault.Conflictf("this diagnosis was never opened")
		}
		if due && d.State == diagnosis.Open && d.Closes.After(s.now()) {
			return fault.Conflictf("this diagnosis has been extended")
		}
		_, published, err = db.One(ctx, tx, db.Value[string],
			`SELECT diagnosis_id FROM diagnosis_report WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
		if err != nil || d.State == diagnosis.Closed {
			return err
		}
		now := s.now()
		leads := by.Person
		if due {
			leads = d.OpenedBy
		}
		if _, err := tx.Exec(ctx, `UPDATE diagnosis_diagnosis SET state = $3, closed_at = $4, closed_by = $5 WHERE organisation_id = $1 AND id = $2`,
			organisation, diagnosisID, diagnosis.Closed, now.UnixMicro(), leads); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by.Name, What: "diagnosis closed", Detail: d.Name})
	})
	return published, err
}

// collected is what a diagnosis has brought in.
type collected struct {
	diagnosis diagnosis.Diagnosis
	in        *diagnosis.Instrument
	layout    diagnosis.Layout
	answers   *diagnosis.Answers
	comments  []diagnosis.Comment
	reminded  map[int32]bool // combinations
	linked    *diagnosis.Linked
	minimum   int
}

// snapshot reads every answer of a diagnosis, into columns, and every comment.
func (s *Store) snapshot(ctx context.Context, organisation, diagnosisID string) (c collected, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		c.diagnosis, c.minimum = d, d.Minimum
		if c.in, c.layout, err = s.frozen(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if c.layout, err = counted(ctx, tx, c.layout, organisation, diagnosisID); err != nil {
			return err
		}
		if c.answers, err = Answers(ctx, tx, c.in, organisation, diagnosisID); err != nil {
			return err
		}
		if c.linked, err = s.linked(ctx, tx, c.in, organisation, d); err != nil {
			return err
		}
		if c.reminded, err = reminded(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		c.comments, err = comments(ctx, tx, c.in, c.layout, organisation, diagnosisID)
		return err
	})
	return c, err
}

// Answers reads the responses of a diagnosis into the columns that scoring reads.
func Answers(ctx context.Context, tx *db.Tx, in *diagnosis.Instrument, organisation, diagnosisID string) (*diagnosis.Answers, error) {
	rows, err := tx.Query(ctx, `SELECT combination, answers, late FROM diagnosis_response WHERE organisation_id = $1 AND diagnosis_id = $2`,
		organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	a := diagnosis.NewAnswers(in, 0)
	var combination int32
	var packed []byte
	var late bool
	for rows.Next() {
		if err := rows.Scan(&combination, &packed, &late); err != nil {
			return nil, err
		}
		if err := a.Append(packed, combination); err != nil {
			return nil, err
		}
		a.Late = append(a.Late, late)
	}
	return a, rows.Err()
}

// shuffleInvitations writes all invitations anew and forgets who has answered, and how
// people are called.
func shuffleInvitations(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	return shuffle(ctx, tx, "diagnosis_invitation", organisation, diagnosisID, "id, person_id, combination, secret_hash, answered", func(row db.Scanner) ([]any, error) {
		var invitation, person, hash string
		var combination int32
		var answered bool
		err := row.Scan(&invitation, &person, &combination, &hash, &answered)
		return []any{organisation, diagnosisID, invitation, person, combination, hash, false}, err
	})
}

// shuffleResponses writes all responses anew. The hash of the link that was spent
// gives way to a random one: from then on not even who has the link can find its
// answers. Nothing says any more when they came, nor
// which answers to the diagnosis before are the same person's.
func shuffleResponses(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	return shuffle(ctx, tx, "diagnosis_response", organisation, diagnosisID, "id, spent_hash, combination, answers, link", func(row db.Scanner) ([]any, error) {
		var response, spent, link string
		var combination int32
		var answers []byte
		err := row.Scan(&response, &spent, &combination, &answers, &link)
		return []any{organisation, diagnosisID, id.Random(), id.Random(), combination, answers, link}, err
	})
}

// shuffleComments writes all comments anew, under new ids.
func shuffleComments(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	return shuffle(ctx, tx, "diagnosis_comment", organisation, diagnosisID, "id, question, combination, text", func(row db.Scanner) ([]any, error) {
		var comment, question, text string
		var combination int32
		err := row.Scan(&comment, &question, &combination, &text)
		return []any{organisation, diagnosisID, id.Random(), question, combination, text}, err
	})
}

// shuffle writes a diagnosis's rows of a table anew, in random order: scan makes of
// each row, of which it gets the columns, what takes its place, the organisation and
// the diagnosis before them.
func shuffle(ctx context.Context, tx *db.Tx, table, organisation, diagnosisID, columns string, scan func(db.Scanner) ([]any, error)) error {
	const of = ` WHERE organisation_id = $1 AND diagnosis_id = $2`
	rows, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM `+table+of, organisation, diagnosisID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM `+table+of, organisation, diagnosisID); err != nil {
		return err
	}
	rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return tx.InsertMany(ctx, table, append([]string{"organisation_id", "diagnosis_id"}, strings.Split(columns, ", ")...), rows)
}

func pack(r diagnosis.Report) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(r); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Report returns the published set of a closed diagnosis; a conflict before.
func (s *Store) Report(ctx context.Context, organisation, diagnosisID string) (*Published, error) {
	key := organisation + "/" + diagnosisID
	if p, ok := s.reports.Load(key); ok {
		return p.(*Published), nil
	}
	p := &Published{Report: new(diagnosis.Report)}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Diagnosis, err = oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		body, found, err := db.One(ctx, tx, db.Value[[]byte],
			`SELECT body FROM diagnosis_report WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if !found && p.Diagnosis.State == diagnosis.Closed {
			return fault.Conflictf("the report is being computed: look again in a moment")
		}
		if !found {
			return fault.Conflictf("the report stands once the diagnosis is closed; before, no score exists")
		}
		if p.Instrument, _, err = s.frozen(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return err
		}
		return json.NewDecoder(z).Decode(p.Report)
	})
	if err != nil {
		return nil, err
	}
	s.reports.Store(key, p)
	return p, nil
}

// CloseDue closes every diagnosis of every organisation whose time is over, and
// finishes those whose closing was interrupted.
func (s *Store) CloseDue(ctx context.Context) error {
	type due struct {
		organisation, diagnosis string
		state                   diagnosis.State
		closed                  int64
		published               bool
	}
	var all []due
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, func(row db.Scanner) (d due, err error) {
			err = row.Scan(&d.organisation, &d.diagnosis, &d.state, &d.closed, &d.published)
			return d, err
		}, `SELECT organisation_id, id, state, closed_at, EXISTS (SELECT 1 FROM diagnosis_report r
				WHERE r.organisation_id = d.organisation_id AND r.diagnosis_id = d.id)
			FROM diagnosis_diagnosis d WHERE (state = 'open' AND closes_at <= $1) OR state = 'closed'`, s.now().UnixMicro())
		return err
	})
	patience := s.now().Add(-10 * time.Minute).UnixMicro() // somebody may be closing it right now
	for _, d := range all {
		if d.state == diagnosis.Closed && (d.closed > patience || d.published && !s.Keys.Has(keyOf(d.diagnosis))) {
			continue
		}
		if closed := s.close(ctx, d.organisation, d.diagnosis, org.By{}, true, nil); fault.KindOf(closed) != fault.Conflict {
			err = errors.Join(err, closed)
		}
	}
	return err
}
