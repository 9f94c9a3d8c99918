package effortdb

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Feed is what is handed in.
type Feed struct {
	Rows     iter.Seq2[effort.Row, error]
	Source   string                  // name of the file
	Digest   string                  // SHA-256 of its content, in hexadecimal
	Names    map[string]effort.Names // by kind of target: what a file may name beside goals, initiatives and focal points
	By       string
	Progress func(done, total int) // called now and then: rows kept and no total, then how far they are added up; may be nil
}

func (f Feed) progress(done, total int) {
	if f.Progress != nil {
		f.Progress(done, total)
	}
}

// Came says what a feed has brought.
type Came struct {
	Number   int // of the feed
	Entries  int
	Replaced int // entries of earlier feeds, whose place it took
}

const (
	atOnce    = 5000    // entries that are written in one transaction, so that others come in between
	inOrder   = 250_000 // entries that are brought into the order of units and people before they are written: what lies together is written together
	forgotten = 5 * time.Minute
)

// hold is the right to change feeds, which one import or taking back at a time has.
func hold() db.Lease {
	return db.Lease{Table: "effort_lease", ID: "feed", Holder: id.New(), For: forgotten}
}

// Import takes a file: all of it or nothing. It is written in parts that nobody reads; the last step
// makes them count, and takes out the entries of earlier files whose reference they have. Mistakes are
// the core's; another file that is coming in is a conflict.
func (s Store) Import(ctx context.Context, organisation string, f Feed) (c Came, err error) {
	err = s.alone(ctx, organisation, func(lease db.Lease) error {
		if err := errors.Join(s.clear(ctx, organisation, lease), s.renew(ctx, organisation)); err != nil {
			return err
		}
		b, err := s.Book(ctx, organisation, f)
		if err != nil {
			return err
		}
		in := importing{store: s, organisation: organisation, feed: f, lease: lease, added: effort.Tallies{}, again: map[effort.At]bool{}, known: known{}}
		if err := in.begin(ctx); err != nil {
			return err
		}
		err = in.read(ctx, effort.Gather(b, f.Rows))
		if err == nil {
			err = in.end(ctx)
		}
		if err != nil && ctx.Err() == nil {
			return errors.Join(err, s.drop(ctx, organisation, lease, in.Number))
		}
		c = in.Came
		if err == nil {
			err = s.sweep(ctx, organisation, lease)
		}
		return err
	})
	return c, err
}

// alone does work on feeds that nobody else does.
func (s Store) alone(ctx context.Context, organisation string, work func(db.Lease) error) error {
	lease, held := hold(), false
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		held, err = lease.Take(ctx, tx, organisation, s.now())
		return err
	})
	switch {
	case err != nil:
		return err
	case !held:
		return fault.Conflictf("another file is coming in or being taken back: wait until that is done")
	}
	err = work(lease)
	over := context.WithoutCancel(ctx)
	return errors.Join(err, s.DB.Write(over, func(tx *db.Tx) error { return lease.Release(over, tx, organisation) }))
}

// step is a transaction of work on feeds.
func (s Store) step(ctx context.Context, organisation string, lease db.Lease, f func(tx *db.Tx) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lease.Keep(ctx, tx, organisation, s.now()); err != nil {
			return err
		}
		return f(tx)
	})
}

// Book is what a feed may speak of today.
func (s Store) Book(ctx context.Context, organisation string, f Feed) (b effort.Book, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if b.Today, err = orgdb.Today(ctx, tx, organisation, s.now()); err != nil {
			return err
		}
		if b.Units, err = orgdb.UnitsIn(ctx, tx, organisation, b.Today); err != nil {
			return err
		}
		if b.People, err = orgdb.CareersIn(ctx, tx, organisation); err != nil {
			return err
		}
		if b.Rates, err = ratesIn(ctx, tx, organisation); err != nil {
			return err
		}
		if b.Names, err = namesIn(ctx, tx, organisation); err != nil {
			return err
		}
		maps.Copy(b.Names, f.Names)
		feeds, err := feedsIn(ctx, tx, organisation)
		for _, was := range feeds {
			if was.Digest == f.Digest && was.Digest != "" && was.State == effort.There {
				b.Came = was
			}
		}
		return err
	})
	return b, err
}

// namesIn finds goals of units and initiatives by name, focal points by theme and wording, the newest
// first, and all of them by id.
func namesIn(ctx context.Context, tx *db.Tx, organisation string) (map[string]effort.Names, error) {
	all := map[string]effort.Names{}
	for kind, query := range map[string]string{
		effort.ForGoal:       `SELECT id, name, id FROM strategy_goal WHERE organisation_id = $1 AND person_id = ''`,
		effort.ForInitiative: `SELECT id, name, id FROM effort_initiative WHERE organisation_id = $1`,
		effort.ForFocal:      `SELECT id, theme, wording FROM diagnosis_focal WHERE organisation_id = $1 ORDER BY diagnosis_id DESC, id`,
	} {
		names := effort.Names{}
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var is string
			var called [2]string
			err := row.Scan(&is, &called[0], &called[1])
			for _, name := range append(called[:], is) {
				if _, newer := names[name]; kind != effort.ForFocal || !newer {
					names.Add(name, is)
				}
			}
			return struct{}{}, err
		}, query, organisation)
		if err != nil {
			return nil, err
		}
		all[kind] = names
	}
	return all, nil
}

// importing is a feed that is coming in.
type importing struct {
	Came
	store        Store
	organisation string
	feed         Feed
	lease        db.Lease
	known        known
	added        effort.Tallies
	again        map[effort.At]bool // where it takes the place of others
}

func (in *importing) begin(ctx context.Context) error {
	return in.store.step(ctx, in.organisation, in.lease, func(tx *db.Tx) error {
		last, _, err := db.One(ctx, tx, db.Value[int], `SELECT COALESCE(MAX(number), 0) FROM effort_feed WHERE organisation_id = $1`, in.organisation)
		if err != nil {
			return err
		}
		in.Number = last + 1
		_, err = tx.Exec(ctx, `INSERT INTO effort_feed (organisation_id, number, source, digest, state, entries, replaced, made_by, made_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7)`,
			in.organisation, in.Number, in.feed.Source, in.feed.Digest, effort.Coming, in.feed.By, in.store.now().UnixMicro())
		return err
	})
}

// read writes the entries in parts, up to the first mistake, and joins all mistakes.
func (in *importing) read(ctx context.Context, entries iter.Seq2[effort.Entry, error]) error {
	var some []effort.Entry
	var mistakes []error
	for e, err := range entries {
		if err != nil {
			mistakes = append(mistakes, err)
		}
		if len(mistakes) > 0 {
			continue
		}
		e.Feed, e.By, e.At = in.Number, in.feed.By, in.store.now()
		if some = append(some, e); len(some) == inOrder {
			if err := in.write(ctx, some); err != nil {
				return err
			}
			some = some[:0]
		}
	}
	if len(mistakes) > 0 {
		return errors.Join(mistakes...)
	}
	return in.write(ctx, some)
}

func (in *importing) write(ctx context.Context, some []effort.Entry) error {
	slices.SortFunc(some, func(a, b effort.Entry) int {
		var first [2]effort.Hours // a row has those of one
		copy(first[:1], a.Hours)
		copy(first[1:], b.Hours)
		return cmp.Or(cmp.Compare(first[0].Unit, first[1].Unit), cmp.Compare(first[0].Person, first[1].Person), cmp.Compare(a.Day, b.Day))
	})
	for part := range slices.Chunk(some, atOnce) {
		if err := in.writePart(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (in *importing) writePart(ctx context.Context, part []effort.Entry) error {
	var replaced []effort.Entry
	var number known
	err := in.store.step(ctx, in.organisation, in.lease, func(tx *db.Tx) (err error) {
		if replaced, err = in.replace(ctx, tx, part); err != nil {
			return err
		}
		if number, err = numbers(ctx, tx, in.organisation, part, in.known); err != nil {
			return err
		}
		return add(ctx, tx, in.organisation, part)
	})
	if err != nil {
		return err
	}
	maps.Copy(in.known, number)
	for _, e := range part {
		in.added.Post(e, number.of)
	}
	maps.Copy(in.again, touched(replaced))
	in.Entries, in.Replaced = in.Entries+len(part), in.Replaced+len(replaced)
	in.feed.progress(in.Entries, 0)
	return nil
}

// replace finds the entries of earlier feeds that have a reference of these and marks them; a row without
// one gets an id in its place.
func (in *importing) replace(ctx context.Context, tx *db.Tx, part []effort.Entry) (was []effort.Entry, err error) {
	var references []string
	for n := range part {
		if part[n].Source.ID == "" {
			part[n].Source.ID = id.New()
		} else {
			references = append(references, part[n].Source.ID)
		}
	}
	for some := range slices.Chunk(references, someIDs) {
		same := `SELECT e.id FROM effort_entry e WHERE e.organisation_id = $1 AND e.source = $2 AND e.feed <> $3 AND e.source_id IN (` + db.Placeholders(4, len(some)) + `)` + visible
		args := append([]any{in.organisation, effort.OfFile, in.Number}, values(some)...)
		found, err := entriesOf(ctx, tx, same, args...)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, `UPDATE effort_entry SET replaced_by = $3 WHERE organisation_id = $1 AND id IN (`+same+`)`, args...); err != nil {
			return nil, err
		}
		was = append(was, found...)
	}
	return was, nil
}

// end makes the feed count.
func (in *importing) end(ctx context.Context) error {
	in.feed.progress(0, 1)
	defer in.feed.progress(1, 1)
	return in.store.step(ctx, in.organisation, in.lease, func(tx *db.Tx) error {
		if err := tx.PlanAnew(ctx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE effort_feed SET state = $3, entries = $4, replaced = $5 WHERE organisation_id = $1 AND number = $2`, in.organisation, in.Number, effort.There, in.Entries, in.Replaced)
		if err != nil {
			return err
		}
		if err := in.store.changed(ctx, tx, in.organisation, change{in.added, in.again}); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, in.organisation, org.Event{At: in.store.now(), Who: in.feed.By, What: "efforts imported", Detail: in.feed.Source})
	})
}

// TakeBack takes all that a feed has brought out of the ledger, a month after the other; what it took the
// place of does not come back. It reports a feed that is not there.
func (s Store) TakeBack(ctx context.Context, organisation string, number int, by string) error {
	return s.alone(ctx, organisation, func(lease db.Lease) error {
		err := s.step(ctx, organisation, lease, func(tx *db.Tx) error {
			source, there, err := db.One(ctx, tx, db.Value[string], `SELECT source FROM effort_feed WHERE organisation_id = $1 AND number = $2 AND state = 'there'`, organisation, number)
			if err == nil && !there {
				err = fault.NotFoundf("there is no such file, or it has been taken back")
			}
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE effort_feed SET state = $3 WHERE organisation_id = $1 AND number = $2`, organisation, number, effort.Going); err != nil {
				return err
			}
			return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "efforts taken back", Detail: source})
		})
		if err != nil {
			return err
		}
		return s.empty(ctx, organisation, lease, number)
	})
}

// empty takes out the entries of a feed that is going.
func (s Store) empty(ctx context.Context, organisation string, lease db.Lease, number int) error {
	for more := true; more; {
		err := s.step(ctx, organisation, lease, func(tx *db.Tx) error {
			first, _, err := db.One(ctx, tx, db.Value[period.Day], `SELECT COALESCE(MIN(day), '') FROM effort_entry WHERE organisation_id = $1 AND feed = $2`, organisation, number)
			if more = first != ""; err != nil {
				return err
			}
			if !more {
				_, err = tx.Exec(ctx, `UPDATE effort_feed SET state = $3 WHERE organisation_id = $1 AND number = $2`, organisation, number, effort.Gone)
				return err
			}
			const month = ` WHERE e.organisation_id = $1 AND e.feed = $2 AND e.day <= $3`
			last := period.Of(first, period.Monthly).Last()
			going, err := entriesOf(ctx, tx, `SELECT e.id FROM effort_entry e`+month, organisation, number, last)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM effort_entry WHERE organisation_id = $1 AND feed = $2 AND day <= $3`, organisation, number, last); err != nil {
				return err
			}
			return s.changed(ctx, tx, organisation, change{again: touched(going)})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// drop clears away what has come of a feed that does not come whole.
func (s Store) drop(ctx context.Context, organisation string, lease db.Lease, number int) error {
	for _, query := range []string{
		`UPDATE effort_entry SET replaced_by = 0 WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry WHERE organisation_id = $1 AND replaced_by = $3 AND replaced_by > 0 LIMIT $2)`,
		`DELETE FROM effort_entry WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry WHERE organisation_id = $1 AND feed = $3 LIMIT $2)`,
	} {
		if err := s.inParts(ctx, organisation, lease, query, number); err != nil {
			return err
		}
	}
	return s.step(ctx, organisation, lease, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM effort_feed WHERE organisation_id = $1 AND number = $2 AND state = 'coming'`, organisation, number)
		return err
	})
}

// inParts runs a statement for as many entries as may be changed at once, until there are none.
func (s Store) inParts(ctx context.Context, organisation string, lease db.Lease, query string, args ...any) error {
	for n := int64(1); n > 0; {
		err := s.step(ctx, organisation, lease, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(ctx, query, append([]any{organisation, atOnce}, args...)...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep clears away entries whose place others have taken: nobody reads them.
func (s Store) sweep(ctx context.Context, organisation string, lease db.Lease) error {
	return s.inParts(ctx, organisation, lease, `DELETE FROM effort_entry WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry e WHERE e.organisation_id = $1 AND e.replaced_by > 0
		AND e.replaced_by IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state <> 'coming') LIMIT $2)`)
}

// clear clears away what was cut off: a feed that came in halfway, and one that was half taken back.
func (s Store) clear(ctx context.Context, organisation string, lease db.Lease) error {
	var feeds []effort.Feed
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		feeds, err = feedsIn(ctx, tx, organisation)
		return err
	})
	for _, f := range feeds {
		switch {
		case err != nil:
			return err
		case f.State == effort.Coming:
			err = s.drop(ctx, organisation, lease, f.Number)
		case f.State == effort.Going:
			err = s.empty(ctx, organisation, lease, f.Number)
		}
	}
	if err != nil {
		return err
	}
	return s.sweep(ctx, organisation, lease)
}

// Feeds lists what has come in, the newest first, and what was taken back.
func (s Store) Feeds(ctx context.Context, organisation string) (all []effort.Feed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = feedsIn(ctx, tx, organisation)
		return err
	})
	return slices.DeleteFunc(all, func(f effort.Feed) bool { return f.State == effort.Coming }), err
}

func feedsIn(ctx context.Context, tx *db.Tx, organisation string) ([]effort.Feed, error) {
	return db.All(ctx, tx, func(row db.Scanner) (f effort.Feed, err error) {
		var at int64
		var zone string
		err = row.Scan(&f.Number, &f.Source, &f.Digest, &f.State, &f.Entries, &f.Replaced, &f.By, &at, &zone)
		f.At = period.Moment(at, zone)
		return f, err
	}, `SELECT number, source, digest, state, entries, replaced, made_by, made_at, `+orgdb.Zone+` FROM effort_feed WHERE organisation_id = $1 ORDER BY number DESC`, organisation)
}

// Renew follows what the ledger rests on: it clears away files that were cut off, and makes anew what the
// entries come to where the tree of units is another than that was made with, after a roster, say.
func (s Store) Renew(ctx context.Context) error {
	organisations, err := orgdb.Store{DB: s.DB, Now: s.Now}.Organisations(ctx)
	for _, o := range organisations {
		if err == nil {
			err = s.renewOrganisation(ctx, o)
		}
	}
	return err
}

func (s Store) renewOrganisation(ctx context.Context, organisation string) error {
	state, left := fresh, false
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if state, err = s.treeIn(ctx, tx, organisation); err != nil {
			return err
		}
		_, left, err = db.One(ctx, tx, db.Value[int], `SELECT 1 WHERE EXISTS (SELECT 1 FROM effort_feed WHERE organisation_id = $1 AND state IN ('coming', 'going'))
			OR EXISTS (SELECT 1 FROM effort_entry WHERE organisation_id = $1 AND replaced_by > 0)`, organisation)
		return err
	})
	if err == nil && state != fresh {
		err = s.renew(ctx, organisation)
	}
	if err != nil || !left {
		return err
	}
	err = s.alone(ctx, organisation, func(lease db.Lease) error { return s.clear(ctx, organisation, lease) })
	if fault.KindOf(err) == fault.Conflict || errors.Is(err, db.ErrLost) {
		return nil // whoever works on feeds now does it
	}
	return err
}
