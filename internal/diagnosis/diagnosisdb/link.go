package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
)

// PersonalLink is somebody's way to the questionnaire.
type PersonalLink struct {
	Key, Name, Mail string
	Unit, UnitID    string
	Language        string // of the roster's attribute of that name; "" if it has none
	Secret          string
	Code            string // to be typed off paper
}

const linkQuery = `SELECT id, key, name, mail, language, unit_id, unit FROM diagnosis_invitation
	WHERE organisation_id = $1 AND diagnosis_id = $2 AND shared_id = ''`

const byUnitAndName = ` ORDER BY unit, name, key`

func scanLink(key []byte) func(db.Scanner) (PersonalLink, error) {
	return func(row db.Scanner) (l PersonalLink, err error) {
		var invitation string
		err = row.Scan(&invitation, &l.Key, &l.Name, &l.Mail, &l.Language, &l.UnitID, &l.Unit)
		l.Secret, l.Code = secret.Derive(key, invitation), secret.Code(key, invitation)
		return l, err
	}
}

// linkable returns an open diagnosis and the key of its links. Once the key is
// destroyed, at closing, there are none: a conflict.
func (s *Store) linkable(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (d diagnosis.Diagnosis, key []byte, err error) {
	if d, err = running(ctx, tx, organisation, diagnosisID); err != nil {
		return d, nil, err
	}
	key, err = s.Keys.Read(keyOf(diagnosisID))
	if fault.KindOf(err) == fault.NotFound {
		err = fault.Conflictf("the key of this diagnosis is not in the key folder: no link can be made, those that were sent go on working")
	}
	return d, key, err
}

// Links calls each for everybody invited to an open diagnosis, by unit and name.
func (s *Store) Links(ctx context.Context, organisation, diagnosisID string, each func(PersonalLink) error) error {
	var links []PersonalLink
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, key, err := s.linkable(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		links, err = db.All(ctx, tx, scanLink(key), linkQuery+byUnitAndName, organisation, diagnosisID)
		return err
	})
	for _, l := range links {
		if err == nil {
			err = each(l)
		}
	}
	return err
}

// UnitLetters is how many people of a unit letters are for.
type UnitLetters struct {
	ID, Name string
	People   int
}

// LetterUnits counts, by unit, the people without a mail address, or all.
func (s *Store) LetterUnits(ctx context.Context, organisation, diagnosisID string, all bool) (units []UnitLetters, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, _, err := s.linkable(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		units, err = db.All(ctx, tx, func(row db.Scanner) (u UnitLetters, err error) {
			err = row.Scan(&u.ID, &u.Name, &u.People)
			return u, err
		}, `SELECT unit_id, unit, COUNT(*) FROM diagnosis_invitation
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND shared_id = '' AND ($3 OR mail = '') GROUP BY unit_id, unit ORDER BY unit`, organisation, diagnosisID, all)
		return err
	})
	return units, err
}

// Letters returns the links of the people of a unit who have no mail address, or of
// all of them, by name; of every unit for "". most bounds how many.
func (s *Store) Letters(ctx context.Context, organisation, diagnosisID, unit string, all bool, most int) (links []PersonalLink, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		_, key, err := s.linkable(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		narrow, args := "", []any{organisation, diagnosisID, all, most}
		if unit != "" {
			narrow, args = ` AND unit_id = $5`, append(args, unit)
		}
		links, err = db.All(ctx, tx, scanLink(key), linkQuery+` AND ($3 OR mail = '')`+narrow+byUnitAndName+` LIMIT $4`, args...)
		return err
	})
	return links, err
}

// ByCode returns the secret of the link that a printed code stands for; not found for
// a code that is none. A code has 80 bits, so tries need not be counted.
func (s *Store) ByCode(ctx context.Context, typed string) (link string, err error) {
	unknown := fault.Fieldf("code", "this code is not known, or its questionnaire has closed: compare it with the one on paper, four letters at a time")
	code := secret.CleanCode(typed)
	if code == "" {
		return "", unknown
	}
	var i invited
	var found bool
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		for _, table := range []string{"diagnosis_invitation", "diagnosis_shared"} {
			i, found, err = db.One(ctx, tx, func(row db.Scanner) (i invited, err error) {
				err = row.Scan(&i.diagnosis, &i.id)
				return i, err
			}, `SELECT diagnosis_id, id FROM `+table+` WHERE code_hash = $1`, secret.Hash("c", code))
			if err != nil || found {
				break
			}
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if !found {
		return "", unknown
	}
	key, err := s.Keys.Read(keyOf(i.diagnosis))
	if fault.KindOf(err) == fault.NotFound {
		return "", unknown
	}
	return secret.Derive(key, i.id), err
}
