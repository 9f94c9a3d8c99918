package diagnosisdb

import (
	"context"
	"math/rand/v2"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// ImportedAnswer is one person's answers out of a file, packed as the instrument
// packs them. The person's key finds the combination and is not kept.
type ImportedAnswer struct {
	Person string
	Packed []byte
}

// ImportAnswers stores answers that were given elsewhere, all or none, in random
// order, as if each had come by the person's own link: nobody counts twice. It
// reports a person who was not invited or has answered, and a diagnosis that
// takes no answers.
func (s *Store) ImportAnswers(ctx context.Context, organisation, diagnosisID string, answers []ImportedAnswer) error {
	key, err := s.Keys.Read(keyOf(diagnosisID))
	if fault.KindOf(err) == fault.NotFound {
		return fault.Conflictf("answers are imported into a diagnosis that is open")
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if err := d.TakesAnswers(s.now()); err != nil {
			return err
		}
		invitations, err := byPerson(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		rows := make([][]any, len(answers))
		for i, to := range rand.Perm(len(answers)) {
			v, ok := invitations[answers[i].Person]
			if !ok {
				return fault.Invalidf("%q is not among the people who were invited: nothing was imported", answers[i].Person)
			}
			spent := secret.Hash("a", secret.Derive(key, v.id))
			rows[to] = []any{organisation, diagnosisID, id.Random(), spent, v.combination, answers[i].Packed}
		}
		err = tx.InsertMany(ctx, "diagnosis_response",
			[]string{"organisation_id", "diagnosis_id", "id", "spent_hash", "combination", "answers"}, rows)
		if db.IsDuplicate(err) {
			return fault.Conflictf("somebody in the file has answered already, or stands in it twice: nothing was imported")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), What: "answers imported", Detail: d.Name})
	})
}

// byPerson finds the invitation of everybody by the roster's key.
func byPerson(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (map[string]invited, error) {
	all := map[string]invited{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var key string
		i := invited{organisation: organisation, diagnosis: d.ID}
		err := row.Scan(&key, &i.id, &i.combination)
		all[key] = i
		return struct{}{}, err
	}, `SELECT p.key, i.id, i.combination FROM diagnosis_invitation i
		JOIN org_person p ON p.organisation_id = i.organisation_id AND p.id = i.person_id AND p.since <= $3 AND p.until > $3
		WHERE i.organisation_id = $1 AND i.diagnosis_id = $2`, organisation, d.ID, d.RosterDay)
	return all, err
}
