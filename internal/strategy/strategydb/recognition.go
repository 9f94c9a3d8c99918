package strategydb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const recognitionQuery = `SELECT r.id, r.goal_id, g.name, r.unit_id, r.unit_name, r.person_id, r.person_key, r.person_name, r.what, r.visible, r.made_by, r.made_by_key, r.made_at, o.zone
	FROM strategy_recognition r JOIN strategy_goal g ON g.organisation_id = r.organisation_id AND g.id = r.goal_id JOIN org_organisation o ON o.organisation_id = r.organisation_id
	WHERE r.organisation_id = $1`

func scanRecognition(row db.Scanner) (r strategy.Recognition, err error) {
	var made int64
	var zone string
	err = row.Scan(&r.ID, &r.Goal, &r.For, &r.Unit.ID, &r.Unit.Name, &r.Person.ID, &r.Person.Key, &r.Person.Name, &r.What, &r.Visible, &r.By.Name, &r.By.Person, &made, &zone)
	r.At = period.Moment(made, zone)
	return r, err
}

// Recognise keeps that a goal's result was recognised: of the person whose goal it is, who alone sees
// it until that person chooses otherwise, or of the unit, which sees it.
func (s Store) Recognise(ctx context.Context, organisation, goal, what string, by org.By) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		g, err := oneGoal(ctx, tx, organisation, goal)
		if err != nil {
			return err
		}
		r := strategy.Recognition{ID: id.New(), Goal: goal, Unit: g.Unit, Person: g.Person, What: what, Visible: strategy.ToUnit, By: by}
		if g.Personal() {
			r.Visible = strategy.ToOwner
		}
		if err := r.Check(); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO strategy_recognition (organisation_id, id, goal_id, unit_id, unit_name, person_id, person_key, person_name, what, visible, made_by, made_by_key, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			organisation, r.ID, goal, r.Unit.ID, r.Unit.Name, r.Person.ID, r.Person.Key, r.Person.Name, r.What, r.Visible, by.Name, by.Person, s.now().UnixMicro())
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by.Name, What: "result recognised", Detail: r.Unit.Name})
	})
}

// ShowRecognition chooses who sees a recognition of a goal.
func (s Store) ShowRecognition(ctx context.Context, organisation, goal, recognition string, to strategy.Visible) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, there, err := db.One(ctx, tx, scanRecognition, recognitionQuery+` AND r.id = $2 AND r.goal_id = $3`, organisation, recognition, goal)
		if err == nil && !there {
			err = fault.NotFoundf("there is no such recognition")
		}
		if err != nil {
			return err
		}
		if r.Visible = to; r.Check() != nil {
			return r.Check()
		}
		_, err = tx.Exec(ctx, `UPDATE strategy_recognition SET visible = $3 WHERE organisation_id = $1 AND id = $2`, organisation, recognition, to)
		return err
	})
}

// RecognitionQuery narrows which recognitions are read: those for a goal, of a person, or of a unit and
// its people, by ids.
type RecognitionQuery struct{ Goal, Person, Unit string }

// Recognitions lists them, the newest first. Who sees which the core says.
func (s Store) Recognitions(ctx context.Context, organisation string, q RecognitionQuery) (all []strategy.Recognition, err error) {
	column, value := "r.goal_id", q.Goal
	switch {
	case q.Person != "":
		column, value = "r.person_id", q.Person
	case q.Unit != "":
		column, value = "r.unit_id", q.Unit
	}
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanRecognition, recognitionQuery+` AND `+column+` = $2 ORDER BY r.made_at DESC, r.id DESC LIMIT 100`, organisation, value)
		return err
	})
	return all, err
}
