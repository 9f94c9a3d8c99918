package impactdb

import "context"

// Judge answers an effect's question with what there is now and keeps the answer. progress may be nil.
// Its mistakes say why it cannot be answered as planned.
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
	found, err := study.Estimate(d, func(done, total int) error {
		if progress != nil {
			progress(done, total)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	return s.Keep(ctx, organisation, e.ID, study.Hash(d), found)
}
