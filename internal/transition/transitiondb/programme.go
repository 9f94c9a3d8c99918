package transitiondb

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

const programmeQuery = `SELECT id, name, kind, diagnosis_id, focal, rule, per, every, reach, nudges, closed FROM transition_programme WHERE organisation_id = $1`

func scanProgramme(row db.Scanner) (p transition.Programme, err error) {
	var focal, rule string
	if err = row.Scan(&p.ID, &p.Name, &p.Kind, &p.Diagnosis, &focal, &rule, &p.Per, &p.Every, &p.Reach, &p.Nudges, &p.Closed); err != nil {
		return p, err
	}
	if err = json.Unmarshal([]byte(focal), &p.Focal); err == nil {
		err = json.Unmarshal([]byte(rule), &p.Rule)
	}
	return p, err
}

// Programmes lists the programmes, the newest first.
func (s *Store) Programmes(ctx context.Context, organisation string) (all []transition.Programme, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanProgramme, programmeQuery+` ORDER BY made_at DESC, id DESC`, organisation)
		return err
	})
	return all, err
}

// Programme returns a programme.
func (s *Store) Programme(ctx context.Context, organisation, programme string) (p transition.Programme, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = oneProgramme(ctx, tx, organisation, programme)
		return err
	})
	return p, err
}

func oneProgramme(ctx context.Context, tx *db.Tx, organisation, programme string) (transition.Programme, error) {
	p, found, err := db.One(ctx, tx, scanProgramme, programmeQuery+` AND id = $2`, organisation, programme)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such programme")
	}
	return p, err
}

// running returns a programme that goes on; one that has ended is a conflict.
func running(ctx context.Context, tx *db.Tx, organisation, programme string) (transition.Programme, error) {
	p, err := oneProgramme(ctx, tx, organisation, programme)
	if err == nil && p.Closed {
		err = fault.Conflictf("this programme has ended")
	}
	return p, err
}

// SaveProgramme keeps a programme, a new one where it has no id, and returns its id. It
// reports focal points that its diagnosis has not decided. The kind of a programme stays.
func (s *Store) SaveProgramme(ctx context.Context, organisation string, p transition.Programme, by string) (string, error) {
	if err := p.Check(); err != nil {
		return "", err
	}
	focal, err := s.Focal(ctx, organisation, p.Diagnosis)
	if err != nil {
		return "", err
	}
	was, err := s.wasProgramme(ctx, organisation, p.ID)
	if err != nil {
		return "", err
	}
	for _, one := range p.Focal {
		if was.Diagnosis == p.Diagnosis && slices.Contains(was.Focal, one) {
			continue // may have been reopened since
		}
		if !slices.ContainsFunc(focal, func(f diagnosis.FocalPoint) bool { return f.ID == one }) {
			return "", fault.Fieldf("focal", "choose the focal points that the programme works on: they are decided after a diagnosis")
		}
	}
	focals, err := packed(p.Focal)
	if err != nil {
		return "", err
	}
	rule, err := packed(p.Rule)
	if err != nil {
		return "", err
	}
	made := cmp.Or(p.ID, id.New())
	return made, s.DB.Write(ctx, func(tx *db.Tx) error {
		event, was := org.Event{What: "programme begun"}, p
		if p.ID != "" {
			var err error
			was, err = oneProgramme(ctx, tx, organisation, p.ID)
			if err != nil {
				return err
			}
			if event = (org.Event{What: "programme changed"}); was.Kind != p.Kind {
				return fault.Fieldf("kind", "a programme of leaders stays one, and so does one of coaches: begin another")
			}
		}
		if p.Rule.Unit != "" {
			structure, err := s.structure(ctx, tx, organisation)
			if err != nil {
				return err
			}
			at, there := structure.Find(p.Rule.Unit)
			if !there {
				return fault.Fieldf("unit", "choose a unit of today's roster")
			}
			p.Rule.UnitName = structure.Units[at].Name
			if rule, err = packed(p.Rule); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO transition_programme (organisation_id, id, name, kind, diagnosis_id, focal, rule, per, every, reach, closed, made_at, nudges)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (organisation_id, id)
			DO UPDATE SET name = $3, diagnosis_id = $5, focal = $6, rule = $7, per = $8, every = $9, reach = $10, closed = $11, nudges = $13`,
			organisation, made, p.Name, p.Kind, p.Diagnosis, focals, rule, p.Per, p.Every, p.Reach, p.Closed, s.now().UnixMicro(), p.Nudges)
		if err != nil {
			return err
		}
		if was.Per != p.Per { // who had the usual room has it still
			if _, err := tx.Exec(ctx, `UPDATE transition_member SET room = $3 WHERE organisation_id = $1 AND programme_id = $2 AND room = $4`, organisation, made, p.Per, was.Per); err != nil {
				return err
			}
		}
		if was.Closed != p.Closed {
			if err := s.roles(ctx, tx, organisation, p, by); err != nil {
				return err
			}
		}
		event.At, event.Who, event.Detail = s.now(), by, p.Name
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// wasProgramme is a programme as it is kept; the zero one for one that is new.
func (s *Store) wasProgramme(ctx context.Context, organisation, programme string) (transition.Programme, error) {
	if programme == "" {
		return transition.Programme{}, nil
	}
	return s.Programme(ctx, organisation, programme)
}

// roles takes the roles back that a programme gave when it ends, and gives them again when it
// goes on after all.
func (s *Store) roles(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, by string) error {
	members, err := s.members(ctx, tx, organisation, p.ID, "")
	if err != nil {
		return err
	}
	for _, m := range members {
		switch in := m.Status == transition.Active || m.Status == transition.Accepted; {
		case in && p.Closed: // who has left has the role still
			err = s.putOut(ctx, tx, organisation, p.ID, m, by)
		case in && !m.Left:
			err = s.letIn(ctx, tx, organisation, p.ID, m, by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Focal returns the focal points that a diagnosis has decided; none where it has not.
func (s *Store) Focal(ctx context.Context, organisation, diagnosisID string) ([]diagnosis.FocalPoint, error) {
	chosen, err := s.Diagnosis.Focal(ctx, organisation, diagnosisID)
	if err != nil || chosen.Decided.IsZero() {
		return nil, err
	}
	return chosen.Focal, nil
}

// FocalOf returns those that a programme works on, as far as they are still decided.
func (s *Store) FocalOf(ctx context.Context, organisation string, p transition.Programme) ([]diagnosis.FocalPoint, error) {
	all, err := s.Focal(ctx, organisation, p.Diagnosis)
	return slices.DeleteFunc(slices.Clone(all), func(f diagnosis.FocalPoint) bool { return !slices.Contains(p.Focal, f.ID) }), err
}

func (s *Store) structure(ctx context.Context, tx *db.Tx, organisation string) (*org.Structure, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	return orgdb.TreeIn(ctx, tx, organisation, today)
}
