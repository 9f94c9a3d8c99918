package transitiondb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Questions lists what leaders and coaches have asked each other, the newest first, with the
// answers: of all practices and of none.
func (s *Store) Questions(ctx context.Context, organisation string) (all []transition.Question, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = questions(ctx, tx, organisation, "")
		return err
	})
	return all, err
}

// mostQuestions is how many are listed, the newest.
const mostQuestions = 200

const newest = `SELECT id FROM transition_question WHERE organisation_id = $1 AND above_id = '' AND ($2 = '' OR practice_id = $2) ORDER BY made_at DESC, id DESC LIMIT $3`

// questions are those of a practice, or all under "", the newest.
func questions(ctx context.Context, tx *db.Tx, organisation, practice string) ([]transition.Question, error) {
	type row struct {
		transition.Question
		above string
	}
	found, err := db.All(ctx, tx, func(r db.Scanner) (q row, err error) {
		var at int64
		var zone string
		err = r.Scan(&q.ID, &q.Practice, &q.Title, &q.above, &q.Writer.Person.Key, &q.Writer.Person.Name, &q.Writer.Location, &q.Text, &at, &zone)
		q.At = period.Moment(at, zone)
		return q, err
	}, `SELECT id, practice_id, COALESCE((SELECT p.title FROM transition_practice p WHERE p.organisation_id = $1 AND p.id = practice_id), ''), above_id, person_key, name, place, body, made_at, `+orgdb.Zone+`
		FROM transition_question q WHERE organisation_id = $1 AND ($2 = '' OR practice_id = $2)
			AND (id IN (`+newest+`) OR above_id IN (`+newest+`)) ORDER BY made_at DESC, id DESC`, organisation, practice, mostQuestions)
	if err != nil {
		return nil, err
	}
	var all []transition.Question
	at := map[string]int{}
	for _, q := range found {
		if q.above == "" {
			at[q.ID] = len(all)
			all = append(all, q.Question)
		}
	}
	for i := len(found) - 1; i >= 0; i-- { // answers the oldest first
		if of, there := at[found[i].above]; there && found[i].above != "" {
			all[of].Answers = append(all[of].Answers, found[i].Question)
		}
	}
	return all, nil
}

// Ask keeps a question of somebody, by the roster's key, of a practice or, under "", of anything;
// above is the question that it answers, "" for none. Asked twice in the same words it is one.
func (s *Store) Ask(ctx context.Context, organisation, key, practice, above, text string) error {
	if err := transition.CheckQuestion(&text); err != nil {
		return err
	}
	made := id.New()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		w, _, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		if practice != "" {
			p, err := onePractice(ctx, tx, organisation, practice)
			if err == nil && p.Shared.IsZero() {
				err = fault.NotFoundf("there is no such practice")
			}
			if err != nil {
				return err
			}
		}
		if above != "" {
			of, found, err := db.One(ctx, tx, db.Value[string], `SELECT practice_id FROM transition_question WHERE organisation_id = $1 AND id = $2 AND above_id = ''`, organisation, above)
			if err == nil && !found {
				err = fault.NotFoundf("there is no such question")
			}
			if err != nil {
				return err
			}
			practice = of
		}
		had, err := db.All(ctx, tx, db.Value[string], `SELECT body FROM transition_question WHERE organisation_id = $1 AND person_key = $2 AND practice_id = $3 AND above_id = $4 AND made_at > $5`,
			organisation, key, practice, above, s.now().AddDate(0, 0, -1).UnixMicro())
		if err != nil || slices.Contains(had, text) {
			return err
		}
		if len(had) >= transition.MostAsked {
			return fault.Fieldf("question", "%d in a day are many: wait for what the others say", transition.MostAsked)
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_question (organisation_id, id, practice_id, above_id, person_key, name, place, body, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			organisation, made, practice, above, w.Person.Key, w.Person.Name, w.Location, text, s.now().UnixMicro())
		return err
	})
}

// Unask deletes an own question that nobody has answered, or an own answer.
func (s *Store) Unask(ctx context.Context, organisation, key, question string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := s.writer(ctx, tx, organisation, key); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM transition_question WHERE organisation_id = $1 AND id = $2 AND person_key = $3
			AND NOT EXISTS (SELECT 1 FROM transition_question a WHERE a.organisation_id = $1 AND a.above_id = $2)`, organisation, question, key)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such question of yours, or somebody has answered it")
		}
		return err
	})
}

// RemoveQuestion deletes a question that should not stand there, with its answers, or an answer, for
// whoever leads programmes.
func (s *Store) RemoveQuestion(ctx context.Context, organisation, question, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		name, found, err := db.One(ctx, tx, db.Value[string], `SELECT name FROM transition_question WHERE organisation_id = $1 AND id = $2`, organisation, question)
		if err == nil && !found {
			err = fault.NotFoundf("there is no such question")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM transition_question WHERE organisation_id = $1 AND (id = $2 OR above_id = $2)`, organisation, question); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "question removed", Detail: name})
	})
}

// Waiting counts the questions that nobody has answered: of practices of somebody, by the roster's
// key, and of anything else that others have asked.
func (s *Store) Waiting(ctx context.Context, organisation, key string) (own, others int, err error) {
	all, err := s.Questions(ctx, organisation)
	if err != nil || key == "" {
		return 0, 0, err
	}
	mine, err := s.OwnPractices(ctx, organisation, key)
	for _, q := range all {
		switch {
		case len(q.Answers) > 0 || q.Writer.Person.Key == key:
		case slices.ContainsFunc(mine, func(p ListedPractice) bool { return p.ID == q.Practice }):
			own++
		default:
			others++
		}
	}
	return own, others, err
}
