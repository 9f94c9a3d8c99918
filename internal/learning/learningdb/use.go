package learningdb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
)

// Uses is how what there is to learn by was used by people of units, each with all under it, or "" for the
// whole, by unit and month. A completion is of the unit in which somebody worked when it was asked for.
func (s Store) Uses(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, of []string, from, until period.Period) (map[string]map[period.Period]effort.Use, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	u := uses{units: units, from: from, until: until, today: today, all: map[string]map[period.Period]*effort.Use{}}
	for _, unit := range of {
		u.all[unit] = map[period.Period]*effort.Use{}
		for month := from; month <= until; month = month.Add(1) {
			u.all[unit][month] = &effort.Use{Had: map[string]int64{}}
		}
	}
	if u.resources, err = s.resourcesByID(ctx, tx, organisation); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context, *db.Tx, string) error{u.offerings, u.completions, u.waits, u.licences} {
		if err := read(ctx, tx, organisation); err != nil {
			return nil, err
		}
	}
	u.alone()
	uses := map[string]map[period.Period]effort.Use{}
	for unit, months := range u.all {
		uses[unit] = map[period.Period]effort.Use{}
		for month, use := range months {
			uses[unit][month] = *use
		}
	}
	return uses, nil
}

// uses gathers them.
type uses struct {
	units       *org.Structure
	from, until period.Period
	today       period.Day
	resources   map[string]learning.Resource
	all         map[string]map[period.Period]*effort.Use // by unit and month
}

// in are the uses of a month of those asked for that a unit lies in.
func (u uses) in(unit string, month period.Period) (some []*effort.Use) {
	add := func(of string) {
		if use := u.all[of][month]; use != nil {
			some = append(some, use)
		}
	}
	add("")
	at, there := u.units.Find(unit)
	for there && at >= 0 {
		add(u.units.Units[at].ID)
		at = u.units.Units[at].Up
	}
	return some
}

// had says that a resource could be had in a month.
func (u uses) had(resource string, month period.Period) {
	minutes := int64(u.resources[resource].Minutes)
	if minutes == 0 {
		return
	}
	if use := u.all[""][month]; use != nil { // it is of the whole
		use.Had[resource] = minutes
	}
}

// within are the months from one day to another that are asked for.
func (u uses) within(from, until period.Day) (first, last period.Period) {
	return max(u.from, period.Of(from, period.Monthly)), min(u.until, period.Of(until, period.Monthly))
}

// offerings are what was held with a limit, and in which months it could be had.
func (u uses) offerings(ctx context.Context, tx *db.Tx, organisation string) error {
	all, err := offerings(ctx, tx, organisation, `o.cancelled = FALSE AND o.ends >= $2 AND o.begins <= $3`, u.from.First(), u.until.Last())
	for _, o := range all {
		first, last := u.within(o.Begins, o.Ends)
		for month := first; month <= last; month = month.Add(1) {
			u.had(o.Resource, month)
		}
		if use := u.all[""][period.Of(o.Ends, period.Monthly)]; use != nil && o.Held && o.Places > 0 {
			use.Seats += o.Places
			use.Taken += min(o.Taken, o.Places)
		}
	}
	return err
}

// completions are what came to an end, by unit, month and resource.
func (u uses) completions(ctx context.Context, tx *db.Tx, organisation string) error {
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var unit, resource string
		var month period.Period
		var state learning.State
		var n int
		if err := row.Scan(&unit, &resource, &month, &state, &n); err != nil {
			return struct{}{}, err
		}
		minutes := int64(u.resources[resource].Minutes) * int64(n)
		for _, use := range u.in(unit, month) {
			if state == learning.Completed {
				use.Completed += n
				use.Minutes += minutes
			} else {
				use.NotDone += n
			}
		}
		if state == learning.Completed {
			u.had(resource, month)
		}
		return struct{}{}, nil
	}, `SELECT unit_id, resource_id, SUBSTR(done, 1, 7), state, COUNT(*) FROM learning_request
		WHERE organisation_id = $1 AND done >= $2 AND done <= $3 AND state IN ('completed', 'not-done') GROUP BY unit_id, resource_id, SUBSTR(done, 1, 7), state`, organisation, u.from.First(), u.until.Last())
	if err != nil {
		return err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var unit string
		var month period.Period
		var people int
		err := row.Scan(&unit, &month, &people)
		for _, use := range u.in(unit, month) {
			use.People += people
		}
		return struct{}{}, err
	}, `SELECT unit_id, SUBSTR(done, 1, 7), COUNT(DISTINCT person_id) FROM learning_request
		WHERE organisation_id = $1 AND done >= $2 AND done <= $3 AND state IN ('completed', 'not-done') GROUP BY unit_id, SUBSTR(done, 1, 7)`, organisation, u.from.First(), u.until.Last())
	return err
}

// waits are the days from need to access of what was asked for here.
func (u uses) waits(ctx context.Context, tx *db.Tx, organisation string) error {
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var q learning.Request
		err := row.Scan(&q.Person.ID, &q.Unit.ID, &q.Needed, &q.Access, &q.State)
		days, access := q.Wait()
		for _, use := range u.in(q.Unit.ID, period.Of(q.Needed, period.Monthly)) {
			if access {
				use.Waits, use.Waited = append(use.Waits, days), with(use.Waited, q.Person.ID)
			} else if q.State == learning.Asked || q.State == learning.Waiting {
				use.Waiting, use.Waiters = use.Waiting+1, with(use.Waiters, q.Person.ID)
			}
		}
		return struct{}{}, err
	}, `SELECT person_id, unit_id, needed, access, state FROM learning_request WHERE organisation_id = $1 AND needed >= $2 AND needed <= $3 AND source = ''`, organisation, u.from.First(), u.until.Last())
	return err
}

// licences are how many there are of what is learned alone and has a limit, and how many of them somebody had, at
// the ends of months.
func (u uses) licences(ctx context.Context, tx *db.Tx, organisation string) error {
	if u.all[""] == nil {
		return nil
	}
	of := map[string]bool{}
	for id, r := range u.resources {
		of[id] = r.Alone() && r.Capacity > 0
	}
	for id, is := range of {
		for month, use := range u.all[""] {
			if r := u.resources[id]; is && u.offered(r, min(month.Last(), u.today)) {
				use.Licences += r.Capacity
			}
		}
	}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var resource string
		var access, done period.Day
		err := row.Scan(&resource, &access, &done)
		for month, use := range u.all[""] {
			if day := min(month.Last(), u.today); of[resource] && access <= day && (done == "" || done > day) && u.offered(u.resources[resource], day) {
				use.InUse++
			}
		}
		return struct{}{}, err
	}, `SELECT q.resource_id, q.access, q.done FROM learning_request q JOIN learning_resource r ON r.organisation_id = q.organisation_id AND r.id = q.resource_id
		WHERE q.organisation_id = $1 AND r.capacity > 0 AND q.access <> '' AND q.access <= $2 AND (q.done = '' OR q.done >= $3) AND q.state IN ('placed', 'completed', 'not-done')`, organisation, u.until.Last(), u.from.First())
	return err
}

// offered says whether a resource could be had on a day, as far as it is said.
func (u uses) offered(r learning.Resource, day period.Day) bool {
	return r.Since <= day && (r.Ended == "" || r.Ended > day)
}

// alone are the months in which what needs no offering could be had.
func (u uses) alone() {
	for id, r := range u.resources {
		if !r.Alone() {
			continue
		}
		first, last := u.within(max(r.Since, u.from.First()), min(u.until.Last(), u.today))
		if r.Ended != "" {
			last = min(last, period.Of(r.Ended.Add(-1), period.Monthly))
		}
		for month := first; month <= last; month = month.Add(1) {
			u.had(id, month)
		}
	}
}

func with(people map[string]bool, person string) map[string]bool {
	if people == nil {
		people = map[string]bool{}
	}
	people[person] = true
	return people
}
