package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
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
	var count map[int32]int
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if d, err = oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if _, r.Layout, err = s.frozen(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if r.Layout, err = counted(ctx, tx, r.Layout, organisation, diagnosisID); err != nil {
			return err
		}
		count, err = countByCombination(ctx, tx, "diagnosis_response", organisation, diagnosisID)
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
