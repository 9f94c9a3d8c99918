package diagnosisdb

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
)

const interviewColumns = `i.id, i.day, i.level, i.place, i.held_by, i.shared, i.account_id,
	(SELECT COUNT(*) FROM diagnosis_note n WHERE n.organisation_id = i.organisation_id AND n.diagnosis_id = i.diagnosis_id AND n.interview_id = i.id)`

func scanInterview(account string) func(db.Scanner) (diagnosis.Interview, error) {
	return func(row db.Scanner) (i diagnosis.Interview, err error) {
		var by string
		err = row.Scan(&i.ID, &i.Day, &i.Level, &i.Place, &i.By, &i.Shared, &by, &i.Notes)
		i.Own = by == account
		return i, err
	}
}

// Interviews lists those whose notes an account may read: its own, and those that are
// shared; the newest first.
func (s *Store) Interviews(ctx context.Context, organisation, diagnosisID, account string) (list []diagnosis.Interview, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		list, err = db.All(ctx, tx, scanInterview(account), `SELECT `+interviewColumns+` FROM diagnosis_interview i
			WHERE i.organisation_id = $1 AND i.diagnosis_id = $2 AND (i.account_id = $3 OR i.shared) ORDER BY i.day DESC, i.id DESC`, organisation, diagnosisID, account)
		return err
	})
	return list, err
}

// Interview returns one that an account may read, with its notes in no order; not found
// where it may not.
func (s *Store) Interview(ctx context.Context, organisation, diagnosisID, interview, account string) (i diagnosis.Interview, notes []diagnosis.Note, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if i, err = readable(ctx, tx, organisation, diagnosisID, interview, account); err != nil {
			return err
		}
		notes, err = db.All(ctx, tx, scanNote, `SELECT id, items, text, quote FROM diagnosis_note
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND interview_id = $3 ORDER BY id`, organisation, diagnosisID, interview)
		return err
	})
	return i, notes, err
}

func scanNote(row db.Scanner) (n diagnosis.Note, err error) {
	var items string
	if err = row.Scan(&n.ID, &items, &n.Text, &n.Quote); err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(items), &n.Items)
}

func readable(ctx context.Context, tx *db.Tx, organisation, diagnosisID, interview, account string) (diagnosis.Interview, error) {
	i, found, err := db.One(ctx, tx, scanInterview(account), `SELECT `+interviewColumns+` FROM diagnosis_interview i
		WHERE i.organisation_id = $1 AND i.diagnosis_id = $2 AND i.id = $3 AND (i.account_id = $4 OR i.shared)`, organisation, diagnosisID, interview, account)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such interview, or its notes are not for you")
	}
	return i, err
}

// own is readable for who held the interview; for others it is forbidden.
func own(ctx context.Context, tx *db.Tx, organisation, diagnosisID, interview, account string) error {
	i, err := readable(ctx, tx, organisation, diagnosisID, interview, account)
	if err == nil && !i.Own {
		err = fault.Forbiddenf("only who held an interview changes its notes")
	}
	return err
}

// SaveInterview keeps an interview, a new one where it has no id, and returns its id. It
// reports a diagnosis without a report, and an interview of somebody else.
func (s *Store) SaveInterview(ctx context.Context, organisation, diagnosisID string, i diagnosis.Interview, account, by string) (string, error) {
	if err := i.Check(); err != nil {
		return "", err
	}
	made := cmp.Or(i.ID, id.New())
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if d.State != diagnosis.Closed {
			return fault.Conflictf("interviews follow the report: they are held once the diagnosis is closed")
		}
		if i.ID != "" {
			if err := own(ctx, tx, organisation, diagnosisID, i.ID, account); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE diagnosis_interview SET day = $4, level = $5, place = $6, shared = $7
				WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`, organisation, diagnosisID, i.ID, i.Day, i.Level, i.Place, i.Shared)
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_interview (organisation_id, diagnosis_id, id, day, level, place, account_id, held_by, shared)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, organisation, diagnosisID, made, i.Day, i.Level, i.Place, account, by, i.Shared)
		return err
	})
	return made, err
}

// DropInterview deletes an interview of the account's own with all its notes.
func (s *Store) DropInterview(ctx context.Context, organisation, diagnosisID, interview, account string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := own(ctx, tx, organisation, diagnosisID, interview, account); err != nil {
			return err
		}
		const of = ` WHERE organisation_id = $1 AND diagnosis_id = $2 AND `
		_, err := tx.Exec(ctx, `DELETE FROM diagnosis_note`+of+`interview_id = $3`, organisation, diagnosisID, interview)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM diagnosis_interview`+of+`id = $3`, organisation, diagnosisID, interview)
		}
		return err
	})
}

// SaveNote keeps a note of an interview of the account's own, a new one where it has no id.
func (s *Store) SaveNote(ctx context.Context, organisation, diagnosisID, interview string, n diagnosis.Note, account string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := own(ctx, tx, organisation, diagnosisID, interview, account); err != nil {
			return err
		}
		in, _, err := s.frozen(ctx, tx, organisation, diagnosisID)
		if err == nil {
			err = n.Check(in)
		}
		if err != nil {
			return err
		}
		if n.Items == nil {
			n.Items = []string{}
		}
		items, err := json.Marshal(n.Items)
		if err != nil {
			return err
		}
		if n.ID == "" {
			_, err = tx.Exec(ctx, `INSERT INTO diagnosis_note (organisation_id, diagnosis_id, interview_id, id, items, text, quote)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, organisation, diagnosisID, interview, id.Random(), string(items), n.Text, n.Quote)
			return err
		}
		changed, err := tx.Exec(ctx, `UPDATE diagnosis_note SET items = $5, text = $6, quote = $7
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND interview_id = $3 AND id = $4`, organisation, diagnosisID, interview, n.ID, string(items), n.Text, n.Quote)
		return foundNote(changed, err)
	})
}

// DropNote deletes a note of an interview of the account's own.
func (s *Store) DropNote(ctx context.Context, organisation, diagnosisID, interview, note, account string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := own(ctx, tx, organisation, diagnosisID, interview, account); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM diagnosis_note WHERE organisation_id = $1 AND diagnosis_id = $2 AND interview_id = $3 AND id = $4`,
			organisation, diagnosisID, interview, note)
		return foundNote(n, err)
	})
}

func foundNote(n int64, err error) error {
	if err == nil && n == 0 {
		err = fault.NotFoundf("there is no such note")
	}
	return err
}

// Heard is what the interviews of a diagnosis say, and how many there were by level.
type Heard struct {
	ByItem map[string]diagnosis.Evidence
	Levels map[string]int
}

// Total is how many interviews were held.
func (h Heard) Total() (n int) {
	for _, of := range h.Levels {
		n += of
	}
	return n
}

// Evidence joins what all interviews say, by characteristic: numbers, and the words that
// may be shown. Other notes stay with who may read them.
func (s *Store) Evidence(ctx context.Context, organisation, diagnosisID string) (h Heard, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		held, err := db.All(ctx, tx, db.Value[string], `SELECT level FROM diagnosis_interview WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
		if err != nil {
			return err
		}
		h.Levels = map[string]int{}
		for _, level := range held {
			h.Levels[level]++
		}
		notes, err := db.All(ctx, tx, func(row db.Scanner) (c diagnosis.Coded, err error) {
			var items string
			if err = row.Scan(&c.Interview, &c.Level, &c.ID, &items, &c.Text, &c.Quote); err != nil {
				return c, err
			}
			return c, json.Unmarshal([]byte(items), &c.Items)
		}, `SELECT n.interview_id, i.level, n.id, n.items, n.text, n.quote FROM diagnosis_note n
			JOIN diagnosis_interview i ON i.organisation_id = n.organisation_id AND i.diagnosis_id = n.diagnosis_id AND i.id = n.interview_id
			WHERE n.organisation_id = $1 AND n.diagnosis_id = $2 ORDER BY n.id`, organisation, diagnosisID)
		notes = slices.DeleteFunc(notes, func(c diagnosis.Coded) bool { return len(c.Items) == 0 })
		h.ByItem = diagnosis.Gather(notes, h.Levels, d.Minimum)
		return err
	})
	return h, err
}
