package impactdb

import (
	"context"
	"encoding/json"
	"time"

	"throughline/internal/impact"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Definition is that of the profile: the organisation's own file, or the shipped one.
func (s Store) Definition(ctx context.Context, organisation string) (d impact.Definition, file []byte, own bool, err error) {
	file = impact.ProfileFile
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		text, there, err := db.One(ctx, tx, db.Value[string], `SELECT file FROM impact_definition WHERE organisation_id = $1`, organisation)
		if own = there; there {
			file = []byte(text)
		}
		return err
	})
	if err != nil {
		return d, nil, false, err
	}
	d, err = impact.ReadDefinition(file)
	return d, file, own, err
}

// SaveDefinition keeps a file in place of the shipped one; an empty one takes the own one out. Mistakes are the core's.
func (s Store) SaveDefinition(ctx context.Context, organisation string, file []byte, by string) error {
	event := org.Event{At: s.now(), Who: by, What: "definition of the profile changed"}
	if len(file) == 0 {
		event = org.Event{At: s.now(), Who: by, What: "own definition of the profile taken out"}
	} else if _, err := impact.ReadDefinition(file); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM impact_definition WHERE organisation_id = $1`, organisation); err != nil {
			return err
		}
		if len(file) > 0 {
			if _, err := tx.Exec(ctx, `INSERT INTO impact_definition (organisation_id, file, made_by, made_at) VALUES ($1, $2, $3, $4)`, organisation, string(file), by, s.now().UnixMicro()); err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// Profile scores the organisation as of today.
func (s Store) Profile(ctx context.Context, organisation string) ([]impact.Scored, error) {
	d, _, _, err := s.Definition(ctx, organisation)
	if err != nil {
		return nil, err
	}
	reached, err := s.Reached(ctx, organisation, d)
	return d.Profile(reached), err
}

// KeptProfile is a profile as it was kept on a day.
type KeptProfile struct {
	Day   period.Day
	By    string
	Parts map[string]KeptPart
}

// KeptPart is a part of it: its score, -1 where it was not known, and the values of the measures that were.
type KeptPart struct {
	Score    int
	Measures map[string]float64
}

// KeepProfile keeps the profile of today, in place of one of the same day, for later ones to stand beside.
func (s Store) KeepProfile(ctx context.Context, organisation, by string) error {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return err
	}
	all, err := s.Profile(ctx, organisation)
	if err != nil {
		return err
	}
	parts := map[string]KeptPart{}
	for _, p := range all {
		one := KeptPart{p.Score, map[string]float64{}}
		for n, r := range p.Reached {
			if r.Known {
				one.Measures[p.Measures[n].Measure] = r.Value
			}
		}
		parts[p.ID] = one
	}
	text, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.PutMany(ctx, "impact_profile", []string{"organisation_id", "day", "scores", "made_by", "made_at"}, 2, [][]any{{organisation, today, string(text), by, s.now().UnixMicro()}})
	})
}

// KeepDue keeps the profile of every organisation of which none was kept in this month.
func (s Store) KeepDue(ctx context.Context) error {
	organisations, err := s.Org.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		today, err := s.Org.Today(ctx, o)
		if err != nil {
			return err
		}
		kept, err := s.KeptProfiles(ctx, o)
		if err != nil {
			return err
		}
		if len(kept) > 0 && kept[0].Day >= period.Of(today, period.Monthly).First() {
			continue
		}
		if err := s.KeepProfile(ctx, o, ""); err != nil {
			return err
		}
	}
	return nil
}

// Known says whether any part of it was.
func (k KeptProfile) Known() bool {
	for _, p := range k.Parts {
		if p.Score >= 0 {
			return true
		}
	}
	return false
}

// KeptProfiles are those that were kept, the newest first.
func (s Store) KeptProfiles(ctx context.Context, organisation string) (all []KeptProfile, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (k KeptProfile, err error) {
			var text string
			if err = row.Scan(&k.Day, &text, &k.By); err == nil {
				err = json.Unmarshal([]byte(text), &k.Parts)
			}
			return k, err
		}, `SELECT day, scores, made_by FROM impact_profile WHERE organisation_id = $1 ORDER BY day DESC`, organisation)
		return err
	})
	return all, err
}

// Attach keeps evidence for a part, for which somebody of today's roster, as typed, stands.
func (s Store) Attach(ctx context.Context, organisation string, a impact.Attached, owner, by string) error {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return err
	}
	if err := s.checkPart(ctx, organisation, a.Part); err != nil {
		return err
	}
	if a.Owner, err = s.Org.OwnerOf(ctx, organisation, owner, today)(org.Ref{}); err != nil {
		return err
	}
	if err := a.Check(today); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO impact_evidence (organisation_id, id, part, what, link, owner_id, owner_key, owner_name, day, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			organisation, id.New(), a.Part, a.What, a.Link, a.Owner.ID, a.Owner.Key, a.Owner.Name, a.Day, by, s.now().UnixMicro())
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "evidence for the profile attached", Detail: a.Part})
	})
}

// checkPart reports a part that the definition does not have.
func (s Store) checkPart(ctx context.Context, organisation, part string) error {
	d, _, _, err := s.Definition(ctx, organisation)
	if err != nil {
		return err
	}
	for _, p := range d.Parts {
		if p.ID == part {
			return nil
		}
	}
	return fault.NotFoundf("the profile has no such part")
}

// Detach takes evidence out.
func (s Store) Detach(ctx context.Context, organisation, part, evidence, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM impact_evidence WHERE organisation_id = $1 AND part = $2 AND id = $3`, organisation, part, evidence)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such evidence")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "evidence for the profile taken out", Detail: part})
	})
}

// Attachments are what was attached, the newest first.
func (s Store) Attachments(ctx context.Context, organisation string) (all []impact.Attached, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (a impact.Attached, err error) {
			err = row.Scan(&a.ID, &a.Part, &a.What, &a.Link, &a.Owner.ID, &a.Owner.Key, &a.Owner.Name, &a.Day, &a.By)
			return a, err
		}, `SELECT id, part, what, link, owner_id, owner_key, owner_name, day, made_by FROM impact_evidence WHERE organisation_id = $1 ORDER BY day DESC, id DESC`, organisation)
		return err
	})
	return all, err
}

// SaveView keeps how somebody scores a part, in place of what that one thought before.
func (s Store) SaveView(ctx context.Context, organisation string, v impact.OwnView) error {
	if err := v.Check(); err != nil {
		return err
	}
	if err := s.checkPart(ctx, organisation, v.Part); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.PutMany(ctx, "impact_view", []string{"organisation_id", "part", "account_id", "name", "score", "note", "made_at"}, 3, [][]any{{organisation, v.Part, v.Account, v.Name, v.Score, v.Note, s.now().UnixMicro()}})
	})
}

// Views are how people score the parts, by part, the newest first.
func (s Store) Views(ctx context.Context, organisation string) (by map[string][]impact.OwnView, err error) {
	by = map[string][]impact.OwnView{}
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var v impact.OwnView
			var made int64
			err := row.Scan(&v.Part, &v.Account, &v.Name, &v.Score, &v.Note, &made)
			v.Day = period.DayOf(time.UnixMicro(made).UTC())
			by[v.Part] = append(by[v.Part], v)
			return struct{}{}, err
		}, `SELECT part, account_id, name, score, note, made_at FROM impact_view WHERE organisation_id = $1 ORDER BY made_at DESC, name`, organisation)
		return err
	})
	return by, err
}
