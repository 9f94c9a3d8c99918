package db

import (
	"cmp"
	"context"
	"errors"
	"sync"
)

// together gathers short writes that wait for the one writing connection, so that
// they share a commit and its wait for the disk. SQLite only: PostgreSQL does this
// itself.
type together struct {
	turn    chan struct{} // held by the one who commits for all that wait
	mu      sync.Mutex
	waiting []*joined
}

type joined struct {
	ctx  context.Context
	f    func(tx *Tx) error
	done chan error
}

var errNotRun = errors.New("another write of the same commit broke off")

// WriteTogether is Write for a short f that many run at once: those that wait for one
// another share a commit. An error of one undoes that one alone.
func (d *DB) WriteTogether(ctx context.Context, f func(tx *Tx) error) error {
	if d.Engine == Postgres {
		return d.Write(ctx, f)
	}
	j, t := &joined{ctx, f, make(chan error, 1)}, &d.together
	t.mu.Lock()
	t.waiting = append(t.waiting, j)
	t.mu.Unlock()
	select {
	case err := <-j.done:
		return err
	case t.turn <- struct{}{}:
	}
	d.writeAll(t.take())
	return <-j.done // at the latest now: whoever had the turn before has told it
}

func (t *together) take() []*joined {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.waiting
	t.waiting = nil
	return all
}

// writeAll commits all in one transaction, tells each its error and gives up the turn.
func (d *DB) writeAll(all []*joined) {
	errs := make([]error, len(all))
	err := errNotRun // unless it is run to its end: f may panic
	defer func() {
		for i, j := range all {
			j.done <- cmp.Or(errs[i], err)
		}
		<-d.together.turn
	}()
	if len(all) == 0 {
		return
	}
	if len(all) == 1 {
		err = d.Write(all[0].ctx, all[0].f)
		return
	}
	err = d.Write(context.Background(), func(tx *Tx) error {
		for i, j := range all {
			if errs[i] = j.ctx.Err(); errs[i] != nil {
				continue
			}
			if _, err := tx.Exec(context.Background(), "SAVEPOINT one"); err != nil {
				return err
			}
			if errs[i] = j.f(tx); errs[i] != nil {
				if _, err := tx.Exec(context.Background(), "ROLLBACK TO one"); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(context.Background(), "RELEASE one"); err != nil {
				return err
			}
		}
		return nil
	})
}
