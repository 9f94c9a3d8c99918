package learningdb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
)

const offeringQuery = `SELECT o.id, o.resource_id, o.begins, o.ends, o.place, o.places, o.cost, o.currency, o.cancelled, o.held,
	(SELECT COUNT(*) FROM learning_request q WHERE q.organisation_id = o.organisation_id AND q.offering_id = o.id AND q.state IN ('placed', 'completed', 'not-done')),
	(SELECT COUNT(*) FROM learning_request q WHERE q.organisation_id = o.organisation_id AND q.offering_id = o.id AND q.state = 'waiting')
	FROM learning_offering o WHERE o.organisation_id = $1`

// offerings reads those that where narrows, whose values begin at $2, by the day on which they begin.
func offerings(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Offering, error) {
	return db.All(ctx, tx, func(row db.Scanner) (o learning.Offering, err error) {
		err = row.Scan(&o.ID, &o.Resource, &o.Begins, &o.Ends, &o.Place, &o.Places, &o.Cost, &o.Currency, &o.Cancelled, &o.Held, &o.Taken, &o.Waiting)
		return o, err
	}, offeringQuery+` AND `+where+` ORDER BY o.begins, o.id`, append([]any{organisation}, values...)...)
}

func oneOffering(ctx context.Context, tx *db.Tx, organisation, offering string) (learning.Offering, error) {
	all, err := offerings(ctx, tx, organisation, `o.id = $2`, offering)
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such offering")
	}
	if err != nil {
		return learning.Offering{}, err
	}
	return all[0], nil
}

// Coming are the offerings that begin on a day or later, with their resources by id.
func (s Store) Coming(ctx context.Context, organisation string) (all []learning.Offering, of map[string]learning.Resource, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if all, err = offerings(ctx, tx, organisation, `o.begins >= $2 AND o.cancelled = FALSE`, today); err != nil {
			return err
		}
		of, err = s.resourcesByID(ctx, tx, organisation)
		return err
	})
	return all, of, err
}

func (s Store) resourcesByID(ctx context.Context, tx *db.Tx, organisation string) (map[string]learning.Resource, error) {
	all, err := s.resources(ctx, tx, organisation, ResourceQuery{Ended: true}, "")
	of := map[string]learning.Resource{}
	for _, r := range all {
		of[r.ID] = r
	}
	return of, err
}

// OfferingView is an offering with whoever has or waits for a place.
type OfferingView struct {
	learning.Offering
	Of      learning.Resource
	Today   period.Day
	Asked   []learning.Request // with a place first, then who waits, in the order of asking
	Without []learning.Request // of the resource, who waits without an offering, or for one that has begun
}

// Offering returns one.
func (s Store) Offering(ctx context.Context, organisation, offering string) (v OfferingView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Offering, err = oneOffering(ctx, tx, organisation, offering); err != nil {
			return err
		}
		if v.Of, err = oneResource(ctx, tx, organisation, v.Offering.Resource); err != nil {
			return err
		}
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if v.Asked, err = requests(ctx, tx, organisation, `q.offering_id = $2 AND q.state <> 'withdrawn' AND q.state <> 'refused'`, offering); err != nil {
			return err
		}
		slices.SortStableFunc(v.Asked, func(a, b learning.Request) int {
			return map[learning.State]int{learning.Waiting: 1, learning.Asked: 2}[a.State] - map[learning.State]int{learning.Waiting: 1, learning.Asked: 2}[b.State]
		})
		v.Without, err = requests(ctx, tx, organisation, `q.resource_id = $2 AND q.state = 'waiting' AND q.offering_id <> $3
			AND (q.offering_id = '' OR EXISTS (SELECT 1 FROM learning_offering o WHERE o.organisation_id = q.organisation_id AND o.id = q.offering_id AND o.begins < $4))`, v.Of.ID, offering, v.Today)
		return err
	})
	return v, err
}

// SaveOffering keeps an offering, the one of its id or a new one, and returns the id. Places that are
// added go to who waits; what one that was held has cost is put right in the ledger. It reports one that would be the same as another, and fewer places than are
// given.
func (s Store) SaveOffering(ctx context.Context, organisation string, o learning.Offering, by string) (string, error) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "offering changed"
		if o.ID == "" {
			o.ID, what = id.New(), "offering made"
			o.Taken, o.Waiting = 0, 0
		} else {
			was, err := oneOffering(ctx, tx, organisation, o.ID)
			if err == nil && was.Cancelled {
				err = fault.Conflictf("this offering was cancelled")
			}
			if err != nil {
				return err
			}
			o.Resource, o.Held, o.Taken, o.Waiting = was.Resource, was.Held, was.Taken, was.Waiting
		}
		r, err := oneResource(ctx, tx, organisation, o.Resource)
		if err != nil {
			return err
		}
		if err := o.Check(); err != nil {
			return err
		}
		if o.Places > 0 && o.Places < o.Taken {
			return fault.Fieldf("places", "%d places are given already", o.Taken)
		}
		others, err := offerings(ctx, tx, organisation, `o.resource_id = $2`, o.Resource)
		if err != nil {
			return err
		}
		if err := o.CheckBeside(others); err != nil {
			return err
		}
		row := []any{organisation, o.ID, o.Resource, o.Begins, o.Ends, o.Place, o.Places, o.Cost, o.Currency, o.Cancelled, o.Held, by, s.now().UnixMicro()}
		if err := tx.PutMany(ctx, "learning_offering", []string{"organisation_id", "id", "resource_id", "begins", "ends", "place", "places", "cost", "currency", "cancelled", "held", "made_by", "made_at"}, 2, [][]any{row}); err != nil {
			return err
		}
		if err := s.moved(ctx, tx, organisation, o); err != nil {
			return err
		}
		if err := s.moveUp(ctx, tx, organisation, o.ID); err != nil {
			return err
		}
		if o.Held {
			today, err := s.today(ctx, tx, organisation)
			if err != nil {
				return err
			}
			if err := s.postOffering(ctx, tx, organisation, o, r, today, by); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, organisation, by, what, r.Name+", "+string(o.Begins))
	})
	return o.ID, err
}

// moved says on which day those who have a place in an offering have access, and reports one of them who has
// another place at that time.
func (s Store) moved(ctx context.Context, tx *db.Tx, organisation string, o learning.Offering) error {
	placed, err := requests(ctx, tx, organisation, `q.offering_id = $2 AND q.state = 'placed' AND q.access <> $3`, o.ID, o.Begins)
	for _, q := range placed {
		if err != nil {
			return err
		}
		if err := s.checkBooking(ctx, tx, organisation, o, q); fault.KindOf(err) == fault.Invalid {
			return fault.Fieldf("begins", "%[1]s: %[2]s", q.Person.Name, err)
		} else if err != nil {
			return err
		}
		q.Access = o.Begins
		err = saveRequest(ctx, tx, organisation, q)
	}
	return err
}

// Cancel takes an offering back: who has a place in it waits for another.
func (s Store) Cancel(ctx context.Context, organisation, offering, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := oneOffering(ctx, tx, organisation, offering)
		if err != nil {
			return err
		}
		if o.Held {
			return fault.Conflictf("it is noted already who came")
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_offering SET cancelled = TRUE WHERE organisation_id = $1 AND id = $2`, organisation, offering); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_request SET state = 'waiting', offering_id = '', access = '' WHERE organisation_id = $1 AND offering_id = $2 AND state IN ('placed', 'waiting')`, organisation, offering); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_request SET offering_id = '' WHERE organisation_id = $1 AND offering_id = $2 AND state = 'asked'`, organisation, offering); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "offering cancelled", string(o.Begins))
	})
}

// moveUp gives places that are free in an offering to who waits for it, in the order of asking.
func (s Store) moveUp(ctx context.Context, tx *db.Tx, organisation, offering string) error {
	o, err := oneOffering(ctx, tx, organisation, offering)
	if err != nil {
		return err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil || !o.Open(today) {
		return err
	}
	waiting, err := requests(ctx, tx, organisation, `q.offering_id = $2 AND q.state = 'waiting'`, offering)
	for _, q := range waiting {
		if err != nil || o.Free() == 0 {
			return err
		}
		q.State, q.Access = learning.Placed, o.Begins
		err = saveRequest(ctx, tx, organisation, q)
		o.Taken++
	}
	return err
}
