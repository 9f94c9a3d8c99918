package db

import (
	"context"
	"errors"
	"time"
)

// Lease is the right to do a piece of work of an organisation that one of several copies of
// the program has. It lies in a table with the columns organisation_id, id, holder and until.
type Lease struct {
	Table  string
	ID     string        // of the work
	Holder string        // this copy
	For    time.Duration // how long it is kept without a sign of life; 0: a minute, longer than a mail takes
}

// Take takes or renews it; held is false while another copy has it.
func (l Lease) Take(ctx context.Context, tx *Tx, organisation string, now time.Time) (held bool, err error) {
	span := l.For
	if span <= 0 {
		span = time.Minute
	}
	n, err := tx.Exec(ctx, `INSERT INTO `+l.Table+` (organisation_id, id, holder, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (organisation_id, id) DO UPDATE SET holder = $3, until = $4
		WHERE `+l.Table+`.holder = $3 OR `+l.Table+`.until < $5`,
		organisation, l.ID, l.Holder, now.Add(span).UnixMicro(), now.UnixMicro())
	return n == 1, err
}

// Release gives it back.
func (l Lease) Release(ctx context.Context, tx *Tx, organisation string) error {
	_, err := tx.Exec(ctx, `DELETE FROM `+l.Table+` WHERE organisation_id = $1 AND id = $2 AND holder = $3`, organisation, l.ID, l.Holder)
	return err
}

// ErrLost is no error of anybody: the lease went to another copy of the program.
var ErrLost = errors.New("another copy of the program does this work now")

// Keep renews the lease inside the transaction of a step of the work; ErrLost says that
// another copy has it.
func (l Lease) Keep(ctx context.Context, tx *Tx, organisation string, now time.Time) error {
	held, err := l.Take(ctx, tx, organisation, now)
	if err == nil && !held {
		err = ErrLost
	}
	return err
}

// Alone does work while this copy has the lease, and gives it back; where another copy has it,
// that one does the work. begin runs in the transaction that takes it. Work that ends with
// ErrLost has ended well.
func (d *DB) Alone(ctx context.Context, l Lease, organisation string, now func() time.Time, begin func(tx *Tx) error, work func() error) error {
	err := d.Write(ctx, func(tx *Tx) error {
		if err := l.Keep(ctx, tx, organisation, now()); err != nil {
			return err
		}
		return begin(tx)
	})
	if errors.Is(err, ErrLost) {
		return nil
	}
	if err != nil {
		return err
	}
	if err = work(); errors.Is(err, ErrLost) {
		return nil
	}
	over := context.WithoutCancel(ctx)
	return errors.Join(err, d.Write(over, func(tx *Tx) error { return l.Release(over, tx, organisation) }))
}
