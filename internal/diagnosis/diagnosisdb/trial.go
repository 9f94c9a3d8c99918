package diagnosisdb

import (
	"context"
	"encoding/json"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Trial is the test run of a diagnosis that is being set up.
type Trial struct {
	Instrument *diagnosis.Instrument
	Secret     string              // of the link; "" before it is begun
	Answers    []map[string]string // as they were sent, in that order: item or question id to answer
}

// BeginTrial makes a link by which anybody can answer a draft, for a test; nothing if
// there is one. What is answered by it is deleted when the diagnosis opens.
func (s *Store) BeginTrial(ctx context.Context, organisation, diagnosisID, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if d.State != diagnosis.Draft {
			return fault.Conflictf("a test run is for before the opening: this diagnosis is open, or closed")
		}
		_, begun, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_trial WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
		if err != nil || begun {
			return err
		}
		link := secret.Token()
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_trial (organisation_id, diagnosis_id, id, secret, secret_hash) VALUES ($1, $2, $3, $4, $5)`,
			organisation, diagnosisID, id.New(), link, secret.Hash("i", link))
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "test run begun", Detail: d.Name})
	})
}

// Trial returns the test run of a draft.
func (s *Store) Trial(ctx context.Context, organisation, diagnosisID string) (t Trial, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if t.Instrument, err = chosen(ctx, tx, organisation, d); err != nil {
			return err
		}
		t.Secret, _, err = db.One(ctx, tx, db.Value[string], `SELECT secret FROM diagnosis_trial WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
		if err != nil {
			return err
		}
		t.Answers, err = db.All(ctx, tx, func(row db.Scanner) (given map[string]string, err error) {
			var text string
			if err = row.Scan(&text); err == nil {
				err = json.Unmarshal([]byte(text), &given)
			}
			return given, err
		}, `SELECT given FROM diagnosis_trial_answer WHERE organisation_id = $1 AND diagnosis_id = $2 ORDER BY id`, organisation, diagnosisID)
		return err
	})
	return t, err
}

// chosen reads the instrument of a draft.
func chosen(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (*diagnosis.Instrument, error) {
	source, err := instrumentSource(ctx, tx, organisation, d.Instrument)
	if err != nil {
		return nil, err
	}
	return diagnosis.ReadInstrument(source)
}

// mostTrials bounds what a link that got about can fill.
const mostTrials = 1000

// try keeps what was answered for a test.
func (s *Store) try(ctx context.Context, q Questionnaire, token string, given map[string]string) error {
	text, err := json.Marshal(given)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO diagnosis_trial_answer (organisation_id, diagnosis_id, id, given)
			SELECT organisation_id, diagnosis_id, $4, $5 FROM diagnosis_trial WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3
			AND (SELECT COUNT(*) FROM diagnosis_trial_answer a WHERE a.organisation_id = $1 AND a.diagnosis_id = $2) < $6`,
			q.of.organisation, q.of.diagnosis, q.of.id, id.New(), string(text), mostTrials)
		if err == nil && n == 0 {
			err = fault.Conflictf("the test run has ended: what is answered now needs a link of the questionnaire itself")
		}
		if err != nil {
			return err
		}
		return dropDraft(ctx, tx, q.of, secret.Hash("a", token))
	})
}

// endTrial deletes the test run of a diagnosis, with what was saved in it.
func endTrial(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	for _, table := range []string{"diagnosis_trial", "diagnosis_trial_answer", "diagnosis_draft"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID); err != nil {
			return err
		}
	}
	return nil
}
