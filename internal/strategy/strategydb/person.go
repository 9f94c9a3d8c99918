package strategydb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// PersonFigures is what is known of somebody in the indicators of people, for that person and the
// line manager.
type PersonFigures struct {
	Person     org.Person
	Today      period.Day
	Year       int
	Of         []PersonFigure       // of those in which there is a value, by name
	Indicators []strategy.Indicator // all of people that are measured, by name
	Origins    map[int]Origin       // of what came in, by the feed's number
}

// PersonFigure is one of them.
type PersonFigure struct {
	strategy.Line
	Own       strategy.Series // as it came in
	Revisions []Replaced      // the newest first
}

// PersonFigures reads them, by the id of somebody of today's roster; year 0 is the newest in which there
// is a value.
func (s Store) PersonFigures(ctx context.Context, organisation, person string, year int) (f PersonFigures, err error) {
	if err := period.CheckYear(year); err != nil {
		return f, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if f.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if f.Person, err = orgdb.PersonIn(ctx, tx, organisation, person, f.Today); err != nil {
			return err
		}
		all, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		own, err := ofPeople.where(ctx, tx, `person_id = $2`, organisation, person)
		if err != nil {
			return err
		}
		replaced, err := ofPeople.replaced(ctx, tx, organisation, person, "")
		if err != nil {
			return err
		}
		f.read(all, own, replaced, year)
		var stand []strategy.Series
		for _, one := range f.Of {
			stand = append(stand, one.Own)
		}
		f.Origins, err = origins(ctx, tx, organisation, replaced, stand...)
		return err
	})
	return f, err
}

func (f *PersonFigures) read(all []strategy.Indicator, own map[key]strategy.Series, replaced []Replaced, year int) {
	figures := map[string]strategy.Figures{}
	for k, series := range own {
		figures[k.Indicator] = strategy.FiguresOfPerson(series)
	}
	if f.Year = year; year == 0 {
		f.Year = strategy.NewestYear(all, figures, f.Today.Time().Year())
	}
	for _, i := range all {
		if i.OfPeople() && i.Ended == "" {
			f.Indicators = append(f.Indicators, i)
		}
		one := PersonFigure{Own: own[key{i.ID, f.Person.ID, strategy.Actual}]}
		one.Line, _ = figures[i.ID].Line(i, f.Year)
		for _, r := range replaced {
			if r.Indicator == i.ID {
				one.Revisions = append(one.Revisions, r)
			}
		}
		if len(one.Own)+len(one.Revisions) > 0 {
			f.Of = append(f.Of, one)
		}
	}
}

// readOwn puts people's own values beside the figures of units, for the goals of people that read them.
func readOwn(ctx context.Context, tx *db.Tx, organisation string, all []strategy.Indicator, goals []Measured, figures map[key]*strategy.Figures) error {
	for _, g := range goals {
		i, err := find(all, g.Indicator)
		if err != nil || !g.Personal() || !i.OfPeople() {
			continue
		}
		own, err := ofPeople.where(ctx, tx, `indicator_id = $2 AND person_id = $3`, organisation, i.ID, g.Person.ID)
		if err != nil {
			return err
		}
		f := strategy.FiguresOfPerson(own[key{i.ID, g.Person.ID, strategy.Actual}])
		figures[key{i.ID, g.Person.ID, ""}] = &f
	}
	return nil
}

// subject is whose figures a goal reads: the person's own, where its indicator is of people, else those
// of the unit.
func (m Measured) subject(i strategy.Indicator) string {
	if m.Personal() && i.OfPeople() {
		return m.Person.ID
	}
	return m.Unit.ID
}
