package diagnosisdb

import (
	"context"
	"iter"
	"math/rand/v2"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// ImportFile imports a file of answers to an open diagnosis; see
// diagnosis.Layout.ReadAnswers for its columns and ImportAnswers for the rest.
// It returns how many.
func (s *Store) ImportFile(ctx context.Context, organisation, diagnosisID, by string, header []string, rows iter.Seq2[diagnosis.Row, error]) (int, error) {
	var in *diagnosis.Instrument
	var l diagnosis.Layout
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if in, l, err = s.frozen(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		l, err = counted(ctx, tx, l, organisation, diagnosisID)
		return err
	})
	if err != nil {
		return 0, err
	}
	answers, err := l.ReadAnswers(in, header, rows)
	if err != nil {
		return 0, err
	}
	return len(answers), s.ImportAnswers(ctx, organisation, diagnosisID, by, answers)
}

// ImportAnswers stores answers that were given elsewhere, all or none, in random
// order, as if each had come by the person's own link: nobody counts twice. The
// person's key finds the combination and is not kept. Answers that name nobody are
// taken only while there are no others, since who of them has answered already could
// not be told. It reports a person who was not invited or has answered, and a
// diagnosis that takes no answers.
func (s *Store) ImportAnswers(ctx context.Context, organisation, diagnosisID, by string, answers []diagnosis.Imported) error {
	key, err := s.Keys.Read(keyOf(diagnosisID))
	if fault.KindOf(err) == fault.NotFound {
		return fault.Conflictf("answers are imported into a diagnosis that is open")
	}
	if err != nil {
		return err
	}
	var named []invited
	var minimum int
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		named = nil
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
		rows, unnamed := make([][]any, len(answers)), false
		for i, to := range rand.Perm(len(answers)) {
			a := answers[i]
			spent := id.Random()
			if a.Person == "" {
				unnamed = true
			} else if err := d.TakesLinks(); err != nil {
				return err
			} else {
				v, ok := invitations[a.Person]
				if !ok {
					return fault.Invalidf("%q is not among the people who were invited: nothing was imported", a.Person)
				}
				if v.shared {
					return fault.Invalidf("%q answers by the shared link of a unit, where nobody is named: nothing was imported", a.Person)
				}
				named = append(named, v)
				a.Combination, spent = v.combination, secret.Hash("a", secret.Derive(key, v.id))
			}
			l, err := s.importedLinkage(organisation, d, a)
			if err != nil {
				return err
			}
			rows[to] = []any{organisation, diagnosisID, id.Random(), spent, a.Combination, a.Packed, l.link, l.earlier}
		}
		if unnamed {
			n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM diagnosis_response WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
			if err != nil {
				return err
			}
			if n > 0 {
				return fault.Conflictf("answers that name nobody are taken only by a diagnosis that has none yet: who of them has answered already could not be told")
			}
			if _, err := tx.Exec(ctx, `UPDATE diagnosis_diagnosis SET unnamed = TRUE WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID); err != nil {
				return err
			}
		}
		err = tx.InsertMany(ctx, "diagnosis_response",
			[]string{"organisation_id", "diagnosis_id", "id", "spent_hash", "combination", "answers", "link", "earlier"}, rows)
		if err == nil {
			err = s.importComments(ctx, tx, organisation, diagnosisID, answers, invitations)
		}
		if db.IsDuplicate(err) {
			return fault.Conflictf("somebody in the file has answered already, or stands in it twice: nothing was imported")
		}
		if err == nil {
			err = forgetReminded(ctx, tx, organisation, diagnosisID)
		}
		if err == nil {
			err = tx.Grown(ctx, "diagnosis_response")
		}
		if err != nil {
			return err
		}
		minimum = d.Minimum
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "answers imported", Detail: d.Name})
	})
	if err == nil {
		for _, i := range named { // so that they are not reminded
			s.marks.add(i, minimum)
		}
	}
	return err
}

// importComments writes the comments of imported answers, in random order.
func (s *Store) importComments(ctx context.Context, tx *db.Tx, organisation, diagnosisID string, answers []diagnosis.Imported, invitations map[string]invited) error {
	in, _, err := s.frozen(ctx, tx, organisation, diagnosisID)
	if err != nil {
		return err
	}
	for _, i := range rand.Perm(len(answers)) {
		at := invited{organisation: organisation, diagnosis: diagnosisID, combination: answers[i].Combination}
		if v, ok := invitations[answers[i].Person]; ok {
			at.combination = v.combination
		}
		if err := keepComments(ctx, tx, in, at, answers[i].Comments); err != nil {
			return err
		}
	}
	return nil
}

// byPerson finds the invitation of everybody by the roster's key.
func byPerson(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (map[string]invited, error) {
	all := map[string]invited{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var key string
		i := invited{organisation: organisation, diagnosis: d.ID}
		err := row.Scan(&key, &i.id, &i.combination, &i.shared)
		all[key] = i
		return struct{}{}, err
	}, `SELECT key, id, combination, shared_id <> '' FROM diagnosis_invitation WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, d.ID)
	return all, err
}
