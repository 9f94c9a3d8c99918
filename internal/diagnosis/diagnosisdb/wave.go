package diagnosisdb

import (
	"context"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

// Compared is a published set beside that of an earlier wave.
type Compared struct {
	diagnosis.Waves
	Then *Published

	merged map[string]string // where units of then went that are no more
}

const year = 365.25 * 24 // hours

// Earlier lists the closed diagnoses before a closed one that asked the same
// of the same part of the organisation, the newest first.
func (s *Store) Earlier(ctx context.Context, organisation, diagnosisID string) (list []diagnosis.Diagnosis, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = s.earlier(ctx, tx, organisation, diagnosisID)
		return err
	})
	return list, err
}

func (s *Store) earlier(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (list []diagnosis.Diagnosis, err error) {
	now, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, scanDiagnosis, `SELECT `+diagnosisColumns+` FROM diagnosis_diagnosis
		WHERE organisation_id = $1 AND state = 'closed' AND closed_at < $2 AND closed_at > 0
			AND EXISTS (SELECT 1 FROM diagnosis_report r WHERE r.organisation_id = $1 AND r.diagnosis_id = diagnosis_diagnosis.id)
		ORDER BY closed_at DESC`, organisation, now.ClosedAt.UnixMicro())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	in, _, err := s.frozen(ctx, tx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Unit() != now.Unit() {
			continue
		}
		then, _, err := s.frozen(ctx, tx, organisation, d.ID)
		if err != nil {
			return nil, err
		}
		if in.SameWording(then) == nil {
			list = append(list, d)
		}
	}
	return list, nil
}

// Compare tells what became of a published set since that of an earlier diagnosis; "" for
// the one before. It reports one of other wording, and, not found, that there is none.
func (s *Store) Compare(ctx context.Context, organisation, diagnosisID, with string) (*Compared, error) {
	now, err := s.Report(ctx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	if with == "" {
		earlier, err := s.Earlier(ctx, organisation, diagnosisID)
		if err != nil {
			return nil, err
		}
		if len(earlier) == 0 {
			return nil, fault.NotFoundf("no diagnosis before this one asked the same: there is nothing to compare it with")
		}
		with = earlier[0].ID
	}
	key := strings.Join([]string{organisation, diagnosisID, with}, "/")
	if c, ok := s.compared.Load(key); ok {
		return c.(*Compared), nil
	}
	then, err := s.Report(ctx, organisation, with)
	if err != nil {
		return nil, err
	}
	if err := now.Instrument.SameWording(then.Instrument); err != nil {
		return nil, err
	}
	if then.Diagnosis.Unit() != now.Diagnosis.Unit() {
		return nil, fault.Invalidf("a diagnosis is compared with one of the same part of the organisation")
	}
	if !then.Diagnosis.ClosedAt.Before(now.Diagnosis.ClosedAt) {
		return nil, fault.Invalidf("a diagnosis is compared with an earlier one")
	}
	merged, err := s.merged(ctx, organisation, then, now)
	if err != nil {
		return nil, err
	}
	years := now.Diagnosis.ClosedAt.Sub(then.Diagnosis.ClosedAt).Hours() / year
	c := &Compared{now.Instrument.Compare(then.Report, now.Report, merged, years), then, merged}
	s.compared.Store(key, c)
	return c, nil
}

// merged finds, for units of then that are no more, the unit in which more than half of
// the people whom they had then work now.
func (s *Store) merged(ctx context.Context, organisation string, then, now *Published) (map[string]string, error) {
	gone, still := map[string]bool{}, now.Report.Index()
	for _, u := range then.Report.Units {
		if _, ok := still[u.ID]; !ok {
			gone[u.ID] = true
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	had, went := map[string]int{}, map[string]map[string]int{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var from, to string // to is "" for who has left
			var n int
			err := row.Scan(&from, &to, &n)
			if gone[from] {
				had[from] += n
				if went[from] == nil {
					went[from] = map[string]int{}
				}
				went[from][to] = n
			}
			return struct{}{}, err
		}, `SELECT a.unit_id, COALESCE(b.unit_id, ''), COUNT(*) FROM org_person a
			LEFT JOIN org_person b ON b.organisation_id = a.organisation_id AND b.id = a.id AND b.since <= $3 AND b.until > $3
			WHERE a.organisation_id = $1 AND a.since <= $2 AND a.until > $2
			GROUP BY a.unit_id, b.unit_id`, organisation, then.Diagnosis.RosterDay, now.Diagnosis.RosterDay)
		return err
	})
	to := map[string]string{}
	for unit, where := range went {
		for other, n := range where {
			if other != "" && 2*n > had[unit] {
				to[unit] = other
			}
		}
	}
	return to, err
}
