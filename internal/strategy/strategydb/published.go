package strategydb

import (
	"context"
	"slices"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Publication is what was told of a period of an indicator of people, or, before it is, what would be.
type Publication struct {
	Period   period.Period
	Minimum  int // people behind any figure
	People   int // that had a value
	Units    int // of which something is told
	Withheld int // units of which nothing is, though somebody in them or under them had a value
	By       string
	At       time.Time // zero before it is published
}

// Publishing is where the publishing of an indicator of people stands.
type Publishing struct {
	Indicator strategy.Indicator
	Done      []Publication // the newest period first
	Waiting   []Publication // periods that are over and have values, likewise
}

// Publishing reads it; an indicator with values of units is a conflict.
func (s Store) Publishing(ctx context.Context, organisation, indicator string) (p Publishing, err error) {
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := s.telling(ctx, tx, organisation, b, indicator)
		if err != nil {
			return err
		}
		p.Indicator, p.Done, p.Waiting = t.indicator, t.done, nil
		for _, of := range t.waiting() {
			one, _, err := t.of(of)
			if err != nil {
				return err
			}
			p.Waiting = append(p.Waiting, one)
		}
		return nil
	})
	return p, err
}

// Publish tells what people come to in some periods, for each unit of which it may be told. It is done
// once: figures of a period that were told again, with a value put right, would tell what that value
// is. A period that is not over, has no values or is published already is a mistake of the caller's.
func (s Store) Publish(ctx context.Context, organisation, indicator string, periods []period.Period, by string) (all []Publication, err error) {
	if len(periods) == 0 {
		return nil, fault.Fieldf("period", "choose the periods that are to be published")
	}
	chosen, err := distinct(periods)
	if err != nil {
		return nil, err
	}
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := s.telling(ctx, tx, organisation, b, indicator)
		if err != nil {
			return err
		}
		all = nil
		var feed strategy.Feed
		for _, p := range chosen {
			one, cells, err := t.of(p)
			if err != nil {
				return err
			}
			one.By, one.At = by, s.now()
			all, feed.Cells = append(all, one), append(feed.Cells, cells...)
		}
		feed.Order()
		came, err := s.keepIn(ctx, tx, organisation, b, feed, Feed{By: by})
		if err != nil {
			return err
		}
		return s.keepPublished(ctx, tx, organisation, t.indicator, came.Number, all)
	})
	return all, err
}

// distinct are periods in the one way in which each is written, and none of them twice.
func distinct(periods []period.Period) (all []period.Period, err error) {
	for _, p := range periods {
		p, err := period.Parse(string(p))
		if err != nil {
			return nil, err
		}
		if slices.Contains(all, p) {
			return nil, fault.Fieldf("period", "%s is named twice", string(p))
		}
		all = append(all, p)
	}
	return all, nil
}

func (s Store) keepPublished(ctx context.Context, tx *db.Tx, organisation string, i strategy.Indicator, feed int, all []Publication) error {
	var rows [][]any
	for _, p := range all {
		rows = append(rows, []any{organisation, i.ID, p.Period, p.Minimum, p.People, p.Units, p.Withheld, feed, p.By, p.At.UnixMicro()})
		event := org.Event{At: p.At, Who: p.By, What: "figures of people published", Detail: i.Name + " " + string(p.Period)}
		if err := orgdb.RecordEvent(ctx, tx, organisation, event); err != nil {
			return err
		}
	}
	return tx.InsertMany(ctx, "strategy_published", []string{"organisation_id", "indicator_id", "period", "minimum", "people", "units", "withheld", "feed", "made_by", "made_at"}, rows)
}

// telling is all that publishing an indicator reads.
type telling struct {
	book      strategy.Book
	indicator strategy.Indicator
	at        int // index of the indicator in the book
	own       map[key]strategy.Series
	done      []Publication
}

func (s Store) telling(ctx context.Context, tx *db.Tx, organisation string, b strategy.Book, indicator string) (t telling, err error) {
	t.book, t.at = b, slices.IndexFunc(b.Indicators, func(i strategy.Indicator) bool { return i.ID == indicator })
	if t.at < 0 {
		return t, fault.NotFoundf("there is no such indicator")
	}
	if t.indicator = b.Indicators[t.at]; !t.indicator.OfPeople() {
		return t, fault.Conflictf("%s has values of units: there is nothing to be published", t.indicator.Name)
	}
	if t.own, err = ofPeople.where(ctx, tx, `indicator_id = $2`, organisation, indicator); err != nil {
		return t, err
	}
	t.done, err = db.All(ctx, tx, func(row db.Scanner) (p Publication, err error) {
		var made int64
		var zone string
		err = row.Scan(&p.Period, &p.Minimum, &p.People, &p.Units, &p.Withheld, &p.By, &made, &zone)
		p.At = period.Moment(made, zone)
		return p, err
	}, `SELECT period, minimum, people, units, withheld, made_by, made_at, `+orgdb.Zone+` FROM strategy_published WHERE organisation_id = $1 AND indicator_id = $2 ORDER BY period DESC`, organisation, indicator)
	return t, err
}

// waiting are the periods with values that can be published, the newest first.
func (t telling) waiting() (periods []period.Period) {
	seen := map[int]bool{}
	for _, series := range t.own {
		for _, p := range series {
			seen[p.Number] = true
		}
	}
	for n := range seen {
		p := period.At(t.indicator.Grain, n)
		if t.indicator.CheckPublishing(p, t.book.Today) == nil && !t.published(p) {
			periods = append(periods, p)
		}
	}
	slices.Sort(periods)
	slices.Reverse(periods)
	return periods
}

func (t telling) published(p period.Period) bool {
	return slices.ContainsFunc(t.done, func(d Publication) bool { return d.Period == p })
}

// of is what a period comes to, and the values of units that are told.
func (t telling) of(p period.Period) (one Publication, cells []strategy.Cell, err error) {
	if err := t.indicator.CheckPublishing(p, t.book.Today); err != nil {
		return one, nil, err
	}
	if t.published(p) {
		return one, nil, fault.Conflictf("%s is published already: told again, with a value put right, it would tell what that value is", string(p))
	}
	var held []strategy.Held
	people := make([]bool, len(t.book.Units.Units)) // somebody in the unit or under it has a value
	for _, c := range t.book.People {
		point, there := t.own[key{t.indicator.ID, c.ID, strategy.Actual}].At(p.Number())
		if !there {
			continue
		}
		u, _ := t.book.Units.Find(c.UnitOn(p.Last())) // 0, the root, for a unit that is not in the tree
		held = append(held, strategy.Held{Unit: u, Value: point.Value})
		for ; u >= 0 && !people[u]; u = t.book.Units.Units[u].Up {
			people[u] = true
		}
	}
	if len(held) == 0 {
		return one, nil, fault.Fieldf("period", "nobody has a value of %[1]s in %[2]s", t.indicator.Name, string(p))
	}
	come, err := t.indicator.Together(t.book.Units, held)
	one = Publication{Period: p, Minimum: t.indicator.Minimum, People: len(held), Units: len(come)}
	for _, some := range people {
		if some {
			one.Withheld++
		}
	}
	one.Withheld -= len(come)
	for _, c := range come {
		cells = append(cells, strategy.Cell{Indicator: t.at, Of: c.Unit, Kind: strategy.Actual, Point: strategy.Point{Number: p.Number(), Value: c.Value}})
	}
	return one, cells, err
}

// newestPublished is the number of the newest period of which each indicator of people was published.
func newestPublished(ctx context.Context, tx *db.Tx, organisation string) (map[string]int, error) {
	newest := map[string]int{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var indicator string
		var p period.Period
		err := row.Scan(&indicator, &p)
		newest[indicator] = p.Number()
		return struct{}{}, err
	}, `SELECT indicator_id, MAX(period) FROM strategy_published WHERE organisation_id = $1 GROUP BY indicator_id`, organisation)
	return newest, err
}
