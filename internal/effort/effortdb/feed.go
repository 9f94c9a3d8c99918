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
	Kept     int // rows that say what stands there already, with the feed that brought it
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
		if errors.Is(err, db.ErrLost) {
			return fault.Conflictf("the import stood still for so long that it was taken for cut off, and was cleared away: hand it in again")
		}
		if err != nil && ctx.Err() == nil {
			return errors.Join(err, s.drop(ctx, organisation, lease, in.Number))
		}
		c = in.Came
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

// aside is a transaction in which entries are written or deleted that do not count: as many as there are at once come
// between nobody.
func (s Store) aside(ctx context.Context, organisation string, lease db.Lease, f func(tx *db.Tx) error) error {
	return s.DB.WriteAside(ctx, func(tx *db.Tx) error {
		if err := lease.Keep(ctx, tx, organisation, s.now()); err != nil {
			return err
		}
		return f(tx)
	})
}

// LedgerOf names what those who write hours and costs of an organisation change one after the other: the sums of a month
// and of the whole are in every one of these.
func LedgerOf(organisation string) string { return "effort " + organisation }

// turn is a transaction in which a file, or a month of one, begins to count, or counts no more: others who write hours and
// costs wait for it.
func (s Store) turn(ctx context.Context, organisation string, lease db.Lease, f func(tx *db.Tx) error) error {
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "effort_tally"); err != nil {
			return err
		}
		if err := lease.Keep(ctx, tx, organisation, s.now()); err != nil {
			return err
		}
		return f(tx)
	})
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

// namesIn finds goals of units and initiatives by name, focal points that were decided by theme and wording, those of
// the newest diagnosis that has one called so, and all of them by id.
func namesIn(ctx context.Context, tx *db.Tx, organisation string) (map[string]effort.Names, error) {
	all := map[string]effort.Names{}
	for kind, query := range map[string]string{
		effort.ForGoal:       `SELECT id, name, id, '' FROM strategy_goal WHERE organisation_id = $1 AND person_id = ''`,
		effort.ForInitiative: `SELECT id, name, id, '' FROM effort_initiative WHERE organisation_id = $1`,
		effort.ForFocal: `SELECT f.id, f.theme, f.wording, f.diagnosis_id FROM diagnosis_focal f JOIN diagnosis_workshop w ON w.organisation_id = f.organisation_id AND w.diagnosis_id = f.diagnosis_id
			WHERE f.organisation_id = $1 AND w.decided_at > 0 ORDER BY f.diagnosis_id DESC, f.id`,
	} {
		names, of := effort.Names{}, map[string]string{} // of: the newest diagnosis with one called so
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var is, diagnosis string
			var called [2]string
			err := row.Scan(&is, &called[0], &called[1], &diagnosis)
			for _, name := range append(called[:], is) {
				if newest, there := of[name]; !there || newest == diagnosis {
					of[name] = diagnosis
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
	planned      int                // entries of the feed when the planner last learned how large the ledger is
}

func (in *importing) begin(ctx context.Context) error {
	return in.store.step(ctx, in.organisation, in.lease, func(tx *db.Tx) error {
		last, _, err := db.One(ctx, tx, db.Value[int], `SELECT COALESCE(MAX(number), 0) FROM effort_feed WHERE organisation_id = $1`, in.organisation)
		if err != nil {
			return err
		}
		in.Number = last + 1
		_, err = tx.Exec(ctx, `INSERT INTO effort_feed (organisation_id, number, source, digest, state, entries, replaced, taken, made_by, made_at) VALUES ($1, $2, $3, $4, $5, 0, 0, '', $6, $7)`,
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
	var fresh, replaced []effort.Entry
	var number known
	named := slices.ContainsFunc(part, func(e effort.Entry) bool { return e.Source.ID != "" }) // rows with references
	err := in.store.aside(ctx, in.organisation, in.lease, func(tx *db.Tx) (err error) {
		if err = in.coming(tx); err == nil && named {
			err = tx.PlanAnew(ctx)
		}
		if err != nil {
			return err
		}
		if fresh, replaced, err = in.replace(ctx, tx, part); err != nil {
			return err
		}
		if err = tx.PlanAsKept(ctx); err != nil {
			return err
		}
		if number, err = numbers(ctx, tx, in.organisation, fresh, in.known); err != nil {
			return err
		}
		if err = add(ctx, tx, in.organisation, fresh); err != nil || in.Entries+len(fresh) < 4*in.planned {
			return err
		}
		return tx.Grown(ctx, "effort_entry", "effort_hours", "effort_cost", "effort_serves", "effort_feed")
	})
	if err != nil {
		return err
	}
	if in.Entries+len(fresh) >= 4*in.planned {
		in.planned = in.Entries + len(fresh)
	}
	maps.Copy(in.known, number)
	for _, e := range fresh {
		in.added.Post(e, number.of)
	}
	maps.Copy(in.again, touched(replaced))
	in.Entries, in.Replaced, in.Kept = in.Entries+len(fresh), in.Replaced+len(replaced), in.Kept+len(part)-len(fresh)
	in.feed.progress(in.Entries+in.Kept, 0)
	return nil
}

// replace finds the entries of earlier feeds that have a reference of these and marks those that say
// something else; fresh are the rows to be written. A row without a reference gets an id in its place.
func (in *importing) replace(ctx context.Context, tx *db.Tx, part []effort.Entry) (fresh, replaced []effort.Entry, err error) {
	at, references := map[string]int{}, []string{}
	for n := range part {
		if part[n].Source.ID == "" {
			part[n].Source.ID = id.New()
		} else {
			at[part[n].Source.ID], references = n, append(references, part[n].Source.ID)
		}
	}
	same := map[string]bool{}
	for some := range slices.Chunk(references, someIDs) {
		n := narrow{args: []any{in.organisation}}
		n.and(`e.source = ` + n.arg(effort.OfFile) + ` AND e.source_id IN (` + n.arg(values(some)...) + `)`)
		found, err := entriesOf(ctx, tx, n.query(`e.id`, `effort_entry e`), n.args...)
		if err != nil {
			return nil, nil, err
		}
		gone := []any{in.organisation, in.Number}
		for _, was := range found {
			if part[at[was.Source.ID]].Same(was) {
				same[was.Source.ID] = true
			} else {
				replaced, gone = append(replaced, was), append(gone, was.ID)
			}
		}
		if len(gone) == 2 {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE effort_entry SET replaced_by = $2 WHERE organisation_id = $1 AND id IN (`+db.Placeholders(3, len(gone)-2)+`)`, gone...); err != nil {
			return nil, nil, err
		}
	}
	for _, e := range part {
		if !same[e.Source.ID] {
			fresh = append(fresh, e)
		}
	}
	return fresh, replaced, nil
}

// coming reports that another copy of the program has cleared the feed away, which took this one for cut off.
func (in *importing) coming(tx *db.Tx) error {
	_, there, err := db.One(context.Background(), tx, db.Value[int], `SELECT 1 FROM effort_feed WHERE organisation_id = $1 AND number = $2 AND state = 'coming'`, in.organisation, in.Number)
	if err == nil && !there {
		err = db.ErrLost
	}
	return err
}

// atOneLook is how many tallies are added up anew in one look at the database.
const atOneLook = 200

// renewed adds up what comes of the ledger with the feed where it takes the place of entries. That can take long, and
// holds up nobody: it only reads. The stamps are those of what is kept there.
func (in *importing) renewed(ctx context.Context) (made effort.Tallies, was stamps, err error) {
	made, was = effort.Tallies{}, stamps{}
	all := slices.Collect(maps.Keys(in.again))
	for some := range slices.Chunk(all, atOneLook) {
		in.feed.progress(len(made), len(all)+1)
		if err := in.store.aside(ctx, in.organisation, in.lease, in.coming); err != nil { // it is still ours
			return nil, nil, err
		}
		err := in.store.DB.Read(ctx, func(tx *db.Tx) (err error) {
			part := effort.Tallies{}
			for _, at := range some {
				if part[at], err = remade(ctx, tx, in.organisation, at, nobodys, in.Number); err != nil {
					return err
				}
			}
			maps.Copy(made, part)
			_, err = readAll(ctx, tx, in.organisation, part, was)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return made, was, nil
}

// end makes the feed count.
func (in *importing) end(ctx context.Context) error {
	made, was, err := in.renewed(ctx)
	if err != nil {
		return err
	}
	in.feed.progress(len(in.again), len(in.again)+1)
	defer in.feed.progress(len(in.again)+1, len(in.again)+1)
	return in.store.turn(ctx, in.organisation, in.lease, func(tx *db.Tx) error {
		if err := errors.Join(in.coming(tx), tx.PlanAnew(ctx)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE effort_feed SET state = $3, entries = $4, replaced = $5 WHERE organisation_id = $1 AND number = $2`, in.organisation, in.Number, effort.There, in.Entries, in.Replaced)
		if err != nil {
			return err
		}
		c, err := sinceThen(ctx, tx, in.organisation, made, was)
		if err != nil {
			return err
		}
		c.added = in.added
		if err := in.store.changed(ctx, tx, in.organisation, c); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, in.organisation, org.Event{At: in.store.now(), Who: in.feed.By, What: "efforts imported", Detail: in.feed.Source})
	})
}
