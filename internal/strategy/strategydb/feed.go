package strategydb

import (
	"context"
	"iter"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Came says what a feed has brought.
type Came struct {
	Number  int // of the feed
	Cells   int // values and targets that it brought
	Changed int // of these, in place of another
	Kept    int // of these, the same as stood there
}

// Feed is what is handed in.
type Feed struct {
	Rows     iter.Seq2[strategy.Row, error]
	Source   string // name of the file, "" for a form
	By       string
	Progress func(done, total int) // called now and then, first with the rows read and no total; may be nil
}

func (f Feed) progress(done, total int) {
	if f.Progress != nil {
		f.Progress(done, total)
	}
}

// Book is what a feed may speak of today.
func (s Store) Book(ctx context.Context, organisation string) (b strategy.Book, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if b.Indicators, err = indicators(ctx, tx, organisation); err != nil {
			return err
		}
		if b.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if b.Units, err = orgdb.UnitsIn(ctx, tx, organisation, b.Today); err != nil {
			return err
		}
		if slices.ContainsFunc(b.Indicators, strategy.Indicator.OfPeople) {
			b.People, err = orgdb.CareersIn(ctx, tx, organisation)
		}
		return err
	})
	return b, err
}

// Import takes observations, plans and targets: all of them or none. A value for a cell that has
// one takes its place, and what stood there is kept as a revision. Mistakes are the core's.
func (s Store) Import(ctx context.Context, organisation string, f Feed) (Came, error) {
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return Came{}, err
	}
	read, err := strategy.Gather(b, f.counted())
	if err != nil {
		return Came{}, err
	}
	return s.keep(ctx, organisation, b, read, f)
}

func (f Feed) counted() iter.Seq2[strategy.Row, error] {
	return func(yield func(strategy.Row, error) bool) {
		n := 0
		for row, err := range f.Rows {
			if n++; n%5000 == 0 {
				f.progress(n, 0)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// TakeOut removes what stands for a period of an indicator of a unit: it is missing then.
func (s Store) TakeOut(ctx context.Context, organisation, indicator, unit string, kind strategy.Kind, p period.Period, by string) (Came, error) {
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return Came{}, err
	}
	u, there := b.Units.Find(unit)
	if !there {
		return Came{}, fault.NotFoundf("there is no such unit")
	}
	cell, err := b.Out(indicator, u, kind, p)
	if err == nil && kind == strategy.Actual && b.Indicators[cell.Indicator].OfPeople() {
		err = fault.Conflictf("what people come to is published once, and stays")
	}
	if err != nil {
		return Came{}, err
	}
	return s.keep(ctx, organisation, b, strategy.Feed{Cells: []strategy.Cell{cell}}, Feed{By: by})
}

// TakeOutOf removes what stands for a period of an indicator of a person, by the id; what has been
// published with it stays.
func (s Store) TakeOutOf(ctx context.Context, organisation, indicator, person string, p period.Period, by string) (Came, error) {
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return Came{}, err
	}
	n := slices.IndexFunc(b.People, func(c org.Career) bool { return c.ID == person })
	if n < 0 {
		return Came{}, fault.NotFoundf("there is no such person, or not for you")
	}
	cell, err := b.Out(indicator, n, strategy.Actual, p)
	if err != nil {
		return Came{}, err
	}
	return s.keep(ctx, organisation, b, strategy.Feed{People: []strategy.Cell{cell}}, Feed{By: by})
}

// keep writes what was read.
func (s Store) keep(ctx context.Context, organisation string, b strategy.Book, read strategy.Feed, f Feed) (c Came, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err = s.keepIn(ctx, tx, organisation, b, read, f)
		return err
	})
	return c, err
}

func (s Store) keepIn(ctx context.Context, tx *db.Tx, organisation string, b strategy.Book, read strategy.Feed, f Feed) (Came, error) {
	c := Came{Cells: len(read.Cells) + len(read.People) + len(read.Targets)}
	if err := tx.PlanAnew(ctx); err != nil {
		return c, err
	}
	last, _, err := db.One(ctx, tx, db.Value[int], `SELECT COALESCE(MAX(number), 0) FROM strategy_feed WHERE organisation_id = $1`, organisation)
	if err != nil {
		return c, err
	}
	c.Number = last + 1
	w := writing{Came: &c, organisation: organisation, book: b, feed: f, changed: map[string]touched{}}
	if err := w.cells(ctx, tx, ofUnits, read.Cells); err != nil {
		return c, err
	}
	if err := w.cells(ctx, tx, ofPeople, read.People); err != nil {
		return c, err
	}
	if err := w.targets(ctx, tx, read.Targets); err != nil {
		return c, err
	}
	if err := s.renewAfter(ctx, tx, w); err != nil {
		return c, err
	}
	return c, s.keepFeed(ctx, tx, organisation, f, c)
}

func (s Store) keepFeed(ctx context.Context, tx *db.Tx, organisation string, f Feed, c Came) error {
	_, err := tx.Exec(ctx, `INSERT INTO strategy_feed (organisation_id, number, source, cells, changed, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		organisation, c.Number, f.Source, c.Cells, c.Changed, f.By, s.now().UnixMicro())
	if err != nil || f.Source == "" {
		return err
	}
	return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: f.By, What: "observations imported", Detail: f.Source})
}

// renewAfter makes anew what units come to after a feed; all of it where the tree of units is
// another than it was made with.
func (s Store) renewAfter(ctx context.Context, tx *db.Tx, w writing) error {
	stale, err := s.staleIn(ctx, tx, w.organisation)
	if err != nil {
		return err
	}
	done, all := w.done, len(w.changed)
	t := totals{organisation: w.organisation, indicators: w.book.Indicators, units: w.book.Units, progress: func() { done++; w.feed.progress(done, done+all) }}
	if stale {
		for _, i := range w.book.Indicators {
			w.changed[i.ID] = nil
		}
		if err := s.keepStamp(ctx, tx, w.organisation); err != nil {
			return err
		}
	}
	return t.renew(ctx, tx, w.changed)
}

// writing is a feed being written.
type writing struct {
	*Came
	organisation string
	book         strategy.Book
	feed         Feed
	changed      map[string]touched // by indicator
	done         int                // indicators written
}

// ledger is where series of one kind of subject lie, and what was replaced in them.
type ledger struct{ series, revisions, subject string }

var (
	ofUnits  = ledger{"strategy_series", "strategy_revision", "unit_id"}
	ofPeople = ledger{"strategy_person", "strategy_personrevision", "person_id"}
)

// id is that of a cell's subject.
func (l ledger) id(b strategy.Book, c strategy.Cell) string {
	if l == ofPeople {
		return b.People[c.Of].ID
	}
	return b.Units.Units[c.Of].ID
}

// cells writes the cells of one indicator after the other.
func (w *writing) cells(ctx context.Context, tx *db.Tx, l ledger, cells []strategy.Cell) error {
	total := w.done
	for n := range cells {
		if n == 0 || cells[n].Indicator != cells[n-1].Indicator {
			total += 2 // to be written, and what comes of it
		}
	}
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].Indicator == cells[0].Indicator {
			n++
		}
		if err := w.indicator(ctx, tx, l, w.book.Indicators[cells[0].Indicator], cells[:n]); err != nil {
			return err
		}
		cells = cells[n:]
		w.done++
		w.feed.progress(w.done, total)
	}
	return nil
}

func (w *writing) indicator(ctx context.Context, tx *db.Tx, l ledger, i strategy.Indicator, cells []strategy.Cell) error {
	subjects, ids := touched{}, []string{}
	for n, c := range cells {
		if n == 0 || c.Of != cells[n-1].Of {
			ids = append(ids, l.id(w.book, c))
		}
	}
	all, err := l.read(ctx, tx, w.organisation, i.ID, ids)
	if err != nil {
		return err
	}
	var rows, revisions [][]any
	for len(cells) > 0 {
		first := cells[0]
		n := 0
		for n < len(cells) && cells[n].Of == first.Of && cells[n].Kind == first.Kind {
			cells[n].Feed = w.Number
			n++
		}
		id := l.id(w.book, first)
		merged, was := all[key{i.ID, id, first.Kind}].Merge(cells[:n])
		for _, p := range was {
			revisions = append(revisions, []any{w.organisation, i.ID, id, first.Kind, period.At(i.Grain, p.Number), w.Number, p.Value, p.Feed})
		}
		if fresh := fresh(merged, w.Number); fresh > 0 || len(was) > 0 {
			subjects[first.Of] = true
			rows = append(rows, []any{w.organisation, i.ID, id, first.Kind, merged.Pack()})
			w.Kept += n - max(fresh, len(was))
		} else {
			w.Kept += n
		}
		w.Changed += len(was)
		cells = cells[n:]
	}
	if len(subjects) > 0 && l == ofUnits {
		w.changed[i.ID] = subjects
	}
	if err := tx.InsertMany(ctx, l.revisions, []string{"organisation_id", "indicator_id", l.subject, "kind", "period", "replaced_by", "value", "feed"}, revisions); err != nil {
		return err
	}
	return tx.PutMany(ctx, l.series, []string{"organisation_id", "indicator_id", l.subject, "kind", "points"}, 4, rows)
}

// fresh is how many points came with a feed.
func fresh(s strategy.Series, feed int) (n int) {
	for _, p := range s {
		if p.Feed == feed {
			n++
		}
	}
	return n
}

func (w *writing) targets(ctx context.Context, tx *db.Tx, targets []strategy.TargetCell) error {
	var rows [][]any
	for _, t := range targets {
		rows = append(rows, []any{w.organisation, w.book.Units.Units[t.Unit].ID, w.book.Indicators[t.Indicator].ID, t.Year, t.Baseline, t.Value, t.High, w.Number})
	}
	return tx.PutMany(ctx, "strategy_target", []string{"organisation_id", "unit_id", "indicator_id", "year", "baseline", "value", "high", "feed"}, 4, rows)
}
