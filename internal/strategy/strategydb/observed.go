package strategydb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Observed is what was observed of a unit itself.
type Observed struct {
	Unit   org.Unit
	Path   []string // ids from the root down to it
	Actual strategy.Total
}

// ObservedUnder is what was observed of an indicator in the units under one (or of it), each as it
// is: of those units of which anything was observed and under which there is none of that kind. Scores
// of diagnoses are those that were released to executives or further. Values of people are not told of
// units so.
func (s Store) ObservedUnder(ctx context.Context, organisation, indicator, under string) (i strategy.Indicator, all []Observed, err error) {
	var units *org.Structure
	var at int
	own := map[key]strategy.Series{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		defined, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(defined, func(one strategy.Indicator) bool { return one.ID == indicator })
		if n < 0 {
			return fault.NotFoundf("there is no such indicator")
		}
		i = defined[n]
		if units, err = s.units(ctx, tx, organisation); err != nil {
			return err
		}
		var there bool
		if at, there = units.Find(under); !there {
			return fault.NotFoundf("there is no such unit")
		}
		if i.Origin == "" && !i.OfPeople() {
			own, err = ofUnits.read(ctx, tx, organisation, indicator, idsOf(units.Subtree(at)))
		}
		return err
	})
	if err != nil || i.OfPeople() {
		return i, nil, err
	}
	figures := map[key]*strategy.Figures{}
	for _, node := range units.Subtree(at) {
		figures[key{i.ID, node.ID, ""}] = &strategy.Figures{Actual: strategy.TotalOf(strategy.SumOfUnits, false, own[key{i.ID, node.ID, strategy.Actual}], nil)}
	}
	if i.Origin != "" {
		released := func(d diagnosis.Diagnosis, _ org.Place) bool { return d.Released.Lets(org.Executive) }
		if _, err := s.come(ctx, organisation, []strategy.Indicator{i}, figures, idsOf(units.Subtree(at)), released); err != nil {
			return i, nil, err
		}
	}
	below := make([]bool, len(units.Units)) // something was observed under it
	for n, node := range slices.Backward(units.Units[at : at+units.Units[at].Size]) {
		n += at
		f := figures[key{i.ID, node.ID, ""}]
		if len(f.Actual) > 0 && !below[n] {
			all = append(all, Observed{Unit: node.Unit, Path: units.IDs(n), Actual: f.Actual})
		}
		if up := units.Units[n].Up; up >= 0 && (below[n] || len(f.Actual) > 0) {
			below[up] = true
		}
	}
	slices.Reverse(all)
	return i, all, nil
}

// ObservedPeople is what was observed of people in an indicator of them, in the periods that are published
// and as it stood then, each person as one of the unit of today or the last one; by id. So nothing that
// is made of it follows a value that is put right. Whoever reads it tells nobody more than what at least as
// many people come to as the indicator says.
func (s Store) ObservedPeople(ctx context.Context, organisation, indicator string) (all []ObservedPerson, err error) {
	b, err := s.Book(ctx, organisation)
	if err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		feeds, err := publishedBy(ctx, tx, organisation, indicator)
		if err != nil {
			return err
		}
		own, err := ofPeople.where(ctx, tx, `indicator_id = $2`, organisation, indicator)
		if err != nil {
			return err
		}
		then, err := replacedLater(ctx, tx, organisation, indicator, feeds)
		if err != nil {
			return err
		}
		all = nil
		for _, c := range b.People {
			series := then[c.ID]
			for _, p := range own[key{indicator, c.ID, strategy.Actual}] {
				if p.Feed <= feeds[p.Number] {
					series = append(series, p)
				}
			}
			if len(series) == 0 {
				continue
			}
			slices.SortFunc(series, func(a, b strategy.Point) int { return cmp.Compare(a.Number, b.Number) })
			u, _ := b.Units.Find(c.UnitOn(b.Today)) // 0, the root, for a unit that is not in the tree
			all = append(all, ObservedPerson{Person: c.ID, Path: append(b.Units.IDs(u), c.ID), Actual: strategy.FiguresOfPerson(series).Actual})
		}
		return nil
	})
	return all, err
}

// publishedBy is the number of the feed with which each period of an indicator of people was published, by
// the period's number.
func publishedBy(ctx context.Context, tx *db.Tx, organisation, indicator string) (map[int]int, error) {
	feeds := map[int]int{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var p period.Period
		var feed int
		err := row.Scan(&p, &feed)
		feeds[p.Number()] = feed
		return struct{}{}, err
	}, `SELECT period, feed FROM strategy_published WHERE organisation_id = $1 AND indicator_id = $2`, organisation, indicator)
	return feeds, err
}

// replacedLater are the values of people, by id, that stood when their period was published and do not any
// more.
func replacedLater(ctx context.Context, tx *db.Tx, organisation, indicator string, feeds map[int]int) (map[string]strategy.Series, error) {
	then := map[string]strategy.Series{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var p period.Period
		var point strategy.Point
		var by int
		err := row.Scan(&of, &p, &point.Value, &point.Feed, &by)
		point.Number = p.Number()
		if at, told := feeds[point.Number]; told && point.Feed <= at && at < by {
			then[of] = append(then[of], point)
		}
		return struct{}{}, err
	}, `SELECT person_id, period, value, feed, replaced_by FROM strategy_personrevision WHERE organisation_id = $1 AND indicator_id = $2 AND kind = $3`, organisation, indicator, strategy.Actual)
	return then, err
}

// ObservedPerson is what was observed of somebody.
type ObservedPerson struct {
	Person string   // id
	Path   []string // ids of the units from the root down, and the person's
	Actual strategy.Total
}

func idsOf(nodes []org.Node) (ids []string) {
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}
