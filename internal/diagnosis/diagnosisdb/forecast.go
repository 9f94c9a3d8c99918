package diagnosisdb

import (
	"context"
	"math/rand/v2"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Forecast is what a setup costs, before opening: with everybody answering, how
// many groups of each table would be shown.
type Forecast struct {
	diagnosis.Cost
	Combinations int
	Tables       []TableForecast
}

// TableForecast counts the groups of one reported table.
type TableForecast struct {
	Groups, Shown, TooFew, Workable int
}

// Forecast computes what a draft's setup costs. Nothing is saved.
func (s *Store) Forecast(ctx context.Context, organisation string, d diagnosis.Diagnosis, progress func(done, total int)) (f Forecast, err error) {
	if err := d.Check(); err != nil {
		return f, err
	}
	var r *roster
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = loadRoster(ctx, tx, organisation, d)
		return err
	})
	if err != nil {
		return f, err
	}
	f.Cost, f.Combinations = r.cost, len(r.layout.Combinations)
	f.Tables = make([]TableForecast, len(r.layout.Tables))
	set, err := diagnosis.Publish(r.layout.Cells(), r.layout.Tables, []diagnosis.System{r.layout.Invited()}, nil, d.Minimum, rand.Uint64(), progress)
	if err != nil {
		return f, err
	}
	for g, group := range set.Groups {
		if group.Table == diagnosis.Whole {
			continue
		}
		t := &f.Tables[group.Table]
		t.Groups++
		switch set.Verdicts[g] {
		case diagnosis.Shown:
			t.Shown++
		case diagnosis.TooFew:
			t.TooFew++
		default:
			t.Workable++
		}
	}
	return f, nil
}

// Attributes lists what can be reported by on a day: the standard attributes that
// occur, then the roster's own, each with how many values it has.
func (s *Store) Attributes(ctx context.Context, organisation string, day period.Day) (names []string, values map[string]int, err error) {
	distinct := map[string]map[string]bool{}
	note := func(name, value string) {
		if value == "" {
			return
		}
		if distinct[name] == nil {
			distinct[name] = map[string]bool{}
		}
		distinct[name][value] = true
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		traits, err := orgdb.TraitsIn(ctx, tx, organisation, day)
		if err != nil {
			return err
		}
		for _, l := range traits.Levels {
			if l != "" {
				note(Level, l.Name())
			}
		}
		for _, l := range traits.Locations {
			note(Location, l.Name)
			note(Country, l.Country)
		}
		for _, name := range traits.Partners {
			note(Partner, name)
		}
		for _, set := range traits.Attributes {
			for a, v := range set {
				note(a, v)
			}
		}
		return nil
	})
	values = map[string]int{}
	for _, a := range []string{Level, Country, Location, Partner} {
		if len(distinct[a]) > 1 {
			names = append(names, a)
		}
	}
	own := []string{}
	for a, vs := range distinct {
		values[a] = len(vs)
		if !slices.Contains([]string{Level, Country, Location, Partner}, a) && len(vs) > 1 {
			own = append(own, a)
		}
	}
	slices.Sort(own)
	return append(names, own...), values, err
}
