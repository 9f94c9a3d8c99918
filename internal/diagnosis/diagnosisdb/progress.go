package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
)

// Response is how many of those invited have answered, in the groups that may be
// told of while a diagnosis is open.
type Response struct {
	Layout diagnosis.Layout
	Groups []ResponseGroup // the whole first
}

// ResponseGroup is one group's response; a group that is not shown has no numbers.
type ResponseGroup struct {
	diagnosis.Group
	Shown    bool
	Invited  int
	Answered int
}

// Response counts the answers of an open diagnosis. A group is told of only when
// at least the minimum of people are invited in it and its count, with the
// others, gives away none of fewer people.
func (s *Store) Response(ctx context.Context, organisation, diagnosisID string) (r Response, err error) {
	var d diagnosis.Diagnosis
	count := map[int32]int{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if d, err = oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if _, r.Layout, err = frozen(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var combination int32
			var n int
			err := row.Scan(&combination, &n)
			count[combination] = n
			return struct{}{}, err
		}, `SELECT combination, COUNT(*) FROM diagnosis_response WHERE organisation_id = $1 AND diagnosis_id = $2 GROUP BY combination`,
			organisation, diagnosisID)
		return err
	})
	if err != nil {
		return r, err
	}
	tables := make([]diagnosis.Table, len(r.Layout.Simple))
	for i, t := range r.Layout.Simple {
		tables[i] = r.Layout.Tables[t]
	}
	set, err := diagnosis.Publish(r.Layout.Cells(), tables, []diagnosis.System{r.Layout.Invited()}, nil, d.Minimum, 1, nil)
	if err != nil {
		return r, err
	}
	groups, members := diagnosis.Groups(r.Layout.Cells(), tables)
	for g := range groups {
		one := ResponseGroup{Group: groups[g], Shown: set.GroupShown(g)}
		for _, c := range members[g] {
			if one.Shown {
				one.Invited += r.Layout.Combinations[c].Invited
				one.Answered += count[c]
			}
		}
		r.Groups = append(r.Groups, one)
	}
	return r, nil
}

// PersonalLink is somebody's way to the questionnaire.
type PersonalLink struct {
	Key, Name, Mail, Unit string
	Secret                string
}

// Links calls each for everybody invited to an open diagnosis, by name. Once the
// key is destroyed, at closing, there are none: a conflict.
func (s *Store) Links(ctx context.Context, organisation, diagnosisID string, each func(PersonalLink) error) error {
	var links []PersonalLink
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if d.State != diagnosis.Open {
			return fault.Conflictf("there are links only while a diagnosis is open")
		}
		key, err := s.Keys.Read(keyOf(diagnosisID))
		if err != nil {
			return err
		}
		links, err = db.All(ctx, tx, func(row db.Scanner) (l PersonalLink, err error) {
			var invitation string
			err = row.Scan(&invitation, &l.Key, &l.Name, &l.Mail, &l.Unit)
			l.Secret = secret.Derive(key, invitation)
			return l, err
		}, `SELECT i.id, p.key, p.name, p.mail, u.name
			FROM diagnosis_invitation i
			JOIN org_person p ON p.organisation_id = i.organisation_id AND p.id = i.person_id AND p.since <= $3 AND p.until > $3
			JOIN org_unit u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id AND u.since <= $3 AND u.until > $3
			WHERE i.organisation_id = $1 AND i.diagnosis_id = $2 ORDER BY p.name, p.key`, organisation, diagnosisID, d.RosterDay)
		return err
	})
	for _, l := range links {
		if err == nil {
			err = each(l)
		}
	}
	return err
}
