package learningdb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
)

// Require says what a role requires of a competency, in place of what it required of it before.
func (s Store) Require(ctx context.Context, organisation, role string, q learning.Requirement, by string) error {
	return s.changeRole(ctx, organisation, role, by, func(ctx context.Context, tx *db.Tx, r *learning.Role) error {
		c, err := oneCompetency(ctx, tx, organisation, q.Competency)
		if err != nil {
			return fault.Fieldf("competency", "choose a competency")
		}
		f, err := oneFramework(ctx, tx, organisation, c.Framework)
		if err != nil {
			return err
		}
		return r.Require(q, len(f.Levels))
	})
}

// Unrequire takes out what a role required of a competency.
func (s Store) Unrequire(ctx context.Context, organisation, role, competency, by string) error {
	return s.changeRole(ctx, organisation, role, by, func(_ context.Context, _ *db.Tx, r *learning.Role) error {
		r.Requires = slices.DeleteFunc(r.Requires, func(q learning.Requirement) bool { return q.Competency == competency })
		return nil
	})
}

// Produce keeps a result of a role's performance model, the one of its id or a new one. It reports an
// indicator or a competency that is not there.
func (s Store) Produce(ctx context.Context, organisation, role string, made learning.Result, by string) error {
	if made.Indicator != "" {
		if _, err := s.Strategy.Indicator(ctx, organisation, made.Indicator); err != nil {
			return fault.Fieldf("indicator", "choose an indicator that there is, or none")
		}
	}
	if made.ID == "" {
		made.ID = id.New()
	}
	return s.changeRole(ctx, organisation, role, by, func(ctx context.Context, tx *db.Tx, r *learning.Role) error {
		found, err := competenciesIn(ctx, tx, organisation, made.Competencies)
		if err == nil && slices.ContainsFunc(made.Competencies, func(c string) bool { return found[c].ID == "" }) {
			err = fault.Fieldf("competencies", "choose a competency")
		}
		if err != nil {
			return err
		}
		return r.Produce(made)
	})
}

// Unproduce takes a result out of a performance model.
func (s Store) Unproduce(ctx context.Context, organisation, role, result, by string) error {
	return s.changeRole(ctx, organisation, role, by, func(_ context.Context, _ *db.Tx, r *learning.Role) error {
		r.Results = slices.DeleteFunc(r.Results, func(made learning.Result) bool { return made.ID == result })
		return nil
	})
}

// EndRole says that a role is not used any more, or that it is again.
func (s Store) EndRole(ctx context.Context, organisation, role string, ended bool, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := oneRole(ctx, tx, organisation, role)
		if err != nil {
			return err
		}
		day, what := period.Day(""), "role used again"
		if ended {
			what = "role ended"
			if day, err = s.today(ctx, tx, organisation); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_role SET ended = $3 WHERE organisation_id = $1 AND id = $2`, organisation, role, day); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, r.Name)
	})
}

// Hold says that somebody has a role though no rule says so; typed is a personnel number, a mail
// address or a name of today's roster.
func (s Store) Hold(ctx context.Context, organisation, role, typed, by string) error {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return err
	}
	p, err := s.Org.Owner(ctx, organisation, typed, today)
	if err == nil && p.ID == "" {
		err = fault.Fieldf("owner", "type a name, a mail address or a personnel number")
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := oneRole(ctx, tx, organisation, role)
		if err != nil {
			return err
		}
		row := []any{organisation, role, p.ID, p.Key, p.Title(), by, s.now().UnixMicro()}
		if err := tx.PutMany(ctx, "learning_holder", []string{"organisation_id", "role_id", "person_id", "person_key", "person_name", "made_by", "made_at"}, 3, [][]any{row}); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "role given", r.Name+": "+p.Title())
	})
}

// Unhold takes back that it was said.
func (s Store) Unhold(ctx context.Context, organisation, role, person, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := oneRole(ctx, tx, organisation, role)
		if err != nil {
			return err
		}
		said, err := saidHolders(ctx, tx, organisation)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(said[role], func(p org.Ref) bool { return p.ID == person })
		if n < 0 {
			return fault.NotFoundf("there is no such person, or not for you")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM learning_holder WHERE organisation_id = $1 AND role_id = $2 AND person_id = $3`, organisation, role, person); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "role taken back", r.Name+": "+said[role][n].Name)
	})
}
