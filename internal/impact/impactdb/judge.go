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
	if err = s.mayTell(ctx, organisation, d); err == nil {
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
	err = s.keep(ctx, organisation, e.ID, study.Hash(d), found, func(tx *db.Tx) error { return s.tell(ctx, tx, organisation, d) })
	if why := fault.Of(err); why != nil { // told meanwhile
		err = errors.Join(err, s.refuse(ctx, organisation, e.ID, study.Hash(d), why))
	}
	return err
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
