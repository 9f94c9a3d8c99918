package impactdb

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"

	"throughline/internal/impact"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

// Judge answers an effect's question with what there is now and keeps the answer. progress may be nil.
// Its mistakes say why it cannot be answered as planned; they are kept too.
func (s Store) Judge(ctx context.Context, organisation, effect string, progress func(done, total int)) error {
	e, _, err := s.Effect(ctx, organisation, effect)
	if err != nil {
		return err
	}
	d, err := s.Data(ctx, organisation, e)
	if err != nil {
		return err
	}
	study, err := d.Study()
	if err != nil {
		return err
	}
	var found *impact.Estimated
	if err = s.onceAPeriod(ctx, organisation, d, study); err == nil {
		found, err = study.Estimate(d, func(done, total int) error {
			if progress != nil {
				progress(done, total)
			}
			return ctx.Err()
		})
	}
	if why := fault.Of(err); why != nil {
		return errors.Join(err, s.refuse(ctx, organisation, e.ID, study.Hash(d), why))
	}
	if err != nil {
		return err
	}
	return s.Keep(ctx, organisation, e.ID, study.Hash(d), found)
}

// onceAPeriod reports that what came of something in an indicator of people has been told up to the newest
// period already: two estimates that differ in one person's start would tell of that person.
func (s Store) onceAPeriod(ctx context.Context, organisation string, d impact.Data, study *impact.Study) error {
	if !d.Indicator.OfPeople() {
		return nil
	}
	asked, err := s.Effects(ctx, organisation, d.Effect.Cause)
	if err != nil {
		return err
	}
	kept, err := s.Estimates(ctx, organisation, "")
	if err != nil {
		return err
	}
	last := study.Periods[len(study.Periods)-1]
	for _, e := range asked {
		k := kept[e.ID]
		if e.Indicator != d.Indicator.ID || k == nil || len(k.Periods) == 0 {
			continue
		}
		if told := k.Periods[len(k.Periods)-1]; told >= string(last) {
			return fault.Conflictf("%[1]s has been told up to %[2]s, and of people that is done once: publish the next period first", d.Indicator.Name, told)
		}
	}
	return nil
}

// refuse keeps why an effect cannot be estimated from what a hash stands for.
func (s Store) refuse(ctx context.Context, organisation, effect, hash string, why *fault.Error) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(why); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.PutMany(ctx, "impact_refusal", []string{"organisation_id", "effect_id", "hash", "why"}, 2, [][]any{{organisation, effect, hash, b.Bytes()}})
	})
}

// Refused is why an effect could not be estimated from what a hash stands for; nil where nobody has
// tried, or it could.
func (s Store) Refused(ctx context.Context, organisation, effect, hash string) (mistake error, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		body, there, err := db.One(ctx, tx, func(row db.Scanner) (b []byte, err error) {
			err = row.Scan(&b)
			return b, err
		}, `SELECT why FROM impact_refusal WHERE organisation_id = $1 AND effect_id = $2 AND hash = $3`, organisation, effect, hash)
		why := &fault.Error{}
		if there && gob.NewDecoder(bytes.NewReader(body)).Decode(why) == nil { // an earlier edition's may not be readable
			mistake = why
		}
		return err
	})
	return mistake, err
}
