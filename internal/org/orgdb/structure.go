package orgdb

import (
	"context"
	"maps"
	"sync"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// holds is the condition under which a version holds on the day $2.
const holds = ` AND since <= $2 AND until > $2`

// atWork is the condition under which a person is at work on the day $2.
const atWork = ` AND (start_day = '' OR start_day <= $2) AND (end_day = '' OR end_day >= $2)`

// Structure returns the tree of units as it was on a day, with the headcount of
// each unit and subtree: people whose first and last day include the day, and
// staff groups. Before the first import it has no units.
func (s Store) Structure(ctx context.Context, organisation string, day period.Day) (structure *org.Structure, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		structure, err = StructureIn(ctx, tx, organisation, day)
		return err
	})
	return structure, err
}

// StructureIn is Structure inside another transaction.
func StructureIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (*org.Structure, error) {
	count, err := headcounts(ctx, tx, "unit_id", organisation, day)
	if err != nil {
		return nil, err
	}
	return treeIn(ctx, tx, organisation, day, count)
}

// TreeIn is StructureIn, but nobody is counted.
func TreeIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (*org.Structure, error) {
	return treeIn(ctx, tx, organisation, day, nil)
}

func treeIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day, count map[string]org.Headcount) (*org.Structure, error) {
	units, err := db.All(ctx, tx, func(row db.Scanner) (u org.Unit, err error) {
		err = row.Scan(&u.ID, &u.Key, &u.Name, &u.Parent.ID)
		return u, err
	}, `SELECT id, key, name, parent_id FROM org_unit WHERE organisation_id = $1`+holds, organisation, day)
	if err != nil {
		return nil, err
	}
	return org.NewStructure(day, units, count)
}

// UnitsIn is the tree of units on a day, and in it, where they last were, those that have left;
// nobody is counted.
func UnitsIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (*org.Structure, error) {
	var there, left []org.Unit
	at := map[string]int{} // in left, the newest version last
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var u org.Unit
		err := row.Scan(&u.ID, &u.Key, &u.Name, &u.Parent.ID, &u.Left)
		if u.Left > day {
			u.Left = ""
			there = append(there, u)
		} else if i, again := at[u.ID]; again {
			left[i] = u
		} else {
			at[u.ID] = len(left)
			left = append(left, u)
		}
		return struct{}{}, err
	}, `SELECT id, key, name, parent_id, until FROM org_unit WHERE organisation_id = $1 AND since <= $2 ORDER BY since, opened_by`, organisation, day)
	if err != nil {
		return nil, err
	}
	return org.NewStructure(day, org.WithLeft(there, left), nil)
}

// heads keeps how many work in each unit and under it: a roster is read once for all pages that
// ask.
var heads sync.Map // of headsKey -> map[string]int

type headsKey struct {
	db           *db.DB
	organisation string
}

type headsOf struct {
	stamp string
	day   period.Day
	count map[string]int
}

// HeadsIn is how many people work in each unit and under it on a day, by the unit's id.
func (s Store) HeadsIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (map[string]int, error) {
	stamp, err := UnitsStamp(ctx, tx, organisation, day)
	if err != nil {
		return nil, err
	}
	k := headsKey{s.DB, organisation}
	if was, ok := heads.Load(k); ok && was.(headsOf).stamp == stamp && was.(headsOf).day == day {
		return was.(headsOf).count, nil
	}
	structure, err := StructureIn(ctx, tx, organisation, day)
	if err != nil {
		return nil, err
	}
	of := headsOf{stamp, day, map[string]int{}}
	for _, u := range structure.Units {
		of.count[u.ID] = u.Total.People
	}
	heads.Store(k, of)
	return of.count, nil
}

// headcountsOf keeps, of an organisation's roster, how many worked in each unit on days that were asked for.
type headcountsOf struct {
	stamp string
	days  map[period.Day]map[string]org.Headcount
}

var headcountsKept sync.Map // of headsKey -> headcountsOf, which is not changed

// HeadcountsIn is how many worked in each unit itself on each of some days, by the unit's id; of a day of
// which no roster speaks there is nothing.
func (s Store) HeadcountsIn(ctx context.Context, tx *db.Tx, organisation string, days []period.Day) (map[period.Day]map[string]org.Headcount, error) {
	stamp, err := RosterStamp(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	of := headcountsOf{stamp, map[period.Day]map[string]org.Headcount{}}
	k := headsKey{s.DB, organisation}
	if was, ok := headcountsKept.Load(k); ok && was.(headcountsOf).stamp == stamp {
		maps.Copy(of.days, was.(headcountsOf).days)
	}
	var missing []period.Day
	for _, day := range days {
		if of.days[day] == nil {
			missing = append(missing, day)
			of.days[day] = map[string]org.Headcount{}
		}
	}
	if len(missing) > 0 {
		if err := countOn(ctx, tx, organisation, missing, of.days); err != nil {
			return nil, err
		}
		headcountsKept.Store(k, of)
	}
	asked := map[period.Day]map[string]org.Headcount{}
	for _, day := range days {
		if len(of.days[day]) > 0 {
			asked[day] = of.days[day]
		}
	}
	return asked, nil
}

// countOn counts who worked in each unit on some days, in one pass over the roster's versions.
func countOn(ctx context.Context, tx *db.Tx, organisation string, days []period.Day, into map[period.Day]map[string]org.Headcount) error {
	add := func(unit string, since, until, start, end period.Day, h org.Headcount) {
		for _, day := range days {
			if since <= day && until > day && (start == "" || start <= day) && (end == "" || end >= day) {
				into[day][unit] = into[day][unit].Plus(h)
			}
		}
	}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var unit string
		var since, until, start, end period.Day
		h := org.Headcount{People: 1}
		err := row.Scan(&unit, &since, &until, &start, &end, &h.PeopleFTE)
		add(unit, since, until, start, end, h)
		return struct{}{}, err
	}, `SELECT unit_id, since, until, start_day, end_day, fte FROM org_person WHERE organisation_id = $1 AND until > since`, organisation)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var unit string
		var since, until period.Day
		var h org.Headcount
		err := row.Scan(&unit, &since, &until, &h.GroupFTE)
		add(unit, since, until, "", "", h)
		return struct{}{}, err
	}, `SELECT unit_id, since, until, fte FROM org_staff WHERE organisation_id = $1 AND until > since`, organisation)
	return err
}

// headcounts counts who is at work on a day, by unit_id or location_id.
func headcounts(ctx context.Context, tx *db.Tx, by, organisation string, day period.Day) (map[string]org.Headcount, error) {
	count := map[string]org.Headcount{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id string
		var h org.Headcount
		err := row.Scan(&id, &h.People, &h.PeopleFTE)
		count[id] = h
		return struct{}{}, err
	}, `SELECT `+by+`, COUNT(*), SUM(fte) FROM org_person WHERE organisation_id = $1`+holds+atWork+` GROUP BY `+by, organisation, day)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id string
		var fte float64
		err := row.Scan(&id, &fte)
		h := count[id]
		h.GroupFTE = fte
		count[id] = h
		return struct{}{}, err
	}, `SELECT `+by+`, SUM(fte) FROM org_staff WHERE organisation_id = $1`+holds+` GROUP BY `+by, organisation, day)
	return count, err
}

// Locations returns the locations of a day with how many work there, by country
// and name.
func (s Store) Locations(ctx context.Context, organisation string, day period.Day) (locations []org.LocationCount, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		locations, err = db.All(ctx, tx, func(row db.Scanner) (l org.LocationCount, err error) {
			err = row.Scan(&l.ID, &l.Name, &l.Country)
			return l, err
		}, `SELECT id, name, country FROM org_location WHERE organisation_id = $1`+holds+` ORDER BY country, name`, organisation, day)
		if err != nil {
			return err
		}
		count, err := headcounts(ctx, tx, "location_id", organisation, day)
		for i := range locations {
			locations[i].Headcount = count[locations[i].ID]
		}
		return err
	})
	return locations, err
}

// Partners returns the partners of a day by name.
func (s Store) Partners(ctx context.Context, organisation string, day period.Day) (partners []org.Partner, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		partners, err = db.All(ctx, tx, func(row db.Scanner) (p org.Partner, err error) {
			err = row.Scan(&p.ID, &p.Name)
			return p, err
		}, `SELECT id, name FROM org_partner WHERE organisation_id = $1`+holds+` ORDER BY name`, organisation, day)
		return err
	})
	return partners, err
}

// Groups returns the staff groups of a unit on a day, by grade and job.
func (s Store) Groups(ctx context.Context, organisation, unit string, day period.Day) (groups []org.StaffGroup, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		groups, err = db.All(ctx, tx, scanGroup, groupQuery+` AND g.unit_id = $3 ORDER BY g.grade, g.job, g.id`, organisation, day, unit)
		return err
	})
	return groups, err
}

const groupQuery = `SELECT g.id, g.unit_id, u.key, u.name, g.grade, g.job, g.location_id, COALESCE(l.name, ''), COALESCE(l.country, ''), g.fte
	FROM org_staff g
	JOIN org_unit u ON u.organisation_id = g.organisation_id AND u.id = g.unit_id AND u.since <= $2 AND u.until > $2
	LEFT JOIN org_location l ON l.organisation_id = g.organisation_id AND l.id = g.location_id AND l.since <= $2 AND l.until > $2
	WHERE g.organisation_id = $1 AND g.since <= $2 AND g.until > $2`

func scanGroup(row db.Scanner) (org.StaffGroup, error) {
	g, _, err := scanGroupCountry(row)
	return g, err
}

func scanGroupCountry(row db.Scanner) (g org.StaffGroup, country string, err error) {
	err = row.Scan(&g.ID, &g.Unit.ID, &g.Unit.Key, &g.Unit.Name, &g.Grade, &g.Job, &g.Location.ID, &g.Location.Key, &country, &g.FTE)
	g.Location.Name = g.Location.Key
	return g, country, err
}

// Teams returns the management teams of a day by name, with their members; unit
// "" is every unit.
func (s Store) Teams(ctx context.Context, organisation, unit string, day period.Day) (teams []org.ManagementTeam, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		teams, err = TeamsIn(ctx, tx, organisation, day)
		return err
	})
	if unit == "" {
		return teams, err
	}
	var of []org.ManagementTeam
	for _, t := range teams {
		if t.Unit.ID == unit {
			of = append(of, t)
		}
	}
	return of, err
}

// TeamsIn is Teams of every unit inside another transaction.
func TeamsIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (teams []org.ManagementTeam, err error) {
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var t org.ManagementTeam
		var m org.Member
		err := row.Scan(&t.ID, &t.Name, &t.Unit.ID, &t.Unit.Key, &t.Unit.Name, &m.Person.Key, &m.Chair, &m.Person.ID, &m.Person.Name)
		if n := len(teams); n == 0 || teams[n-1].ID != t.ID {
			teams = append(teams, t)
		}
		last := &teams[len(teams)-1]
		last.Members = append(last.Members, m)
		return struct{}{}, err
	}, `SELECT t.id, t.name, t.unit_id, u.key, u.name, m.person_key, m.chair, COALESCE(p.id, ''), COALESCE(p.name, '')
		FROM org_team t
		JOIN org_unit u ON u.organisation_id = t.organisation_id AND u.id = t.unit_id AND u.since <= $2 AND u.until > $2
		JOIN org_team_member m ON m.organisation_id = t.organisation_id AND m.team_id = t.id AND m.opened_by = t.opened_by
		LEFT JOIN org_person p ON p.organisation_id = t.organisation_id AND p.key = m.person_key AND p.since <= $2 AND p.until > $2
		WHERE t.organisation_id = $1 AND t.since <= $2 AND t.until > $2 ORDER BY t.name, t.id, m.person_key`, organisation, day)
	return teams, err
}
