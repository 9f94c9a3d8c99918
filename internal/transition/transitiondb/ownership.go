package transitiondb

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Conducts lists the steps of all diagnoses that were taken, with who ran them: as somebody has said,
// or else as the program knows it. The newest diagnosis comes first, its steps in their order.
func (s *Store) Conducts(ctx context.Context, organisation string) (all []transition.Conduct, err error) {
	diagnoses, err := s.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		said, err := conducts(ctx, tx, organisation)
		if err != nil {
			return err
		}
		talks, err := interviews(ctx, tx, organisation)
		if err != nil {
			return err
		}
		chosen, err := workshops(ctx, tx, organisation)
		if err != nil {
			return err
		}
		names, err := s.keyed(ctx, tx, organisation, diagnoses)
		if err != nil {
			return err
		}
		for _, d := range diagnoses {
			known := map[transition.DiagnosisStep]transition.Conduct{}
			if !d.OpenedAt.IsZero() {
				known[transition.StepOpen] = by(period.DayOf(d.OpenedAt), d.OpenedBy, names)
			}
			if d.State == diagnosis.Closed && !d.ClosedAt.IsZero() {
				known[transition.StepClose] = by(period.DayOf(d.ClosedAt), d.ClosedBy, names)
			}
			for step, of := range map[transition.DiagnosisStep]map[string]transition.Conduct{transition.StepInterview: talks, transition.StepChoose: chosen} {
				if c, there := of[d.ID]; there {
					known[step] = c
				}
			}
			for _, step := range transition.StepsOfDiagnosis {
				c, taken := known[step]
				if own, told := said[d.ID+" "+string(step)]; told {
					own.Day = cmp.Or(c.Day, known[transition.StepClose].Day, known[transition.StepOpen].Day)
					c, taken = own, own.Day != ""
				}
				if taken {
					c.Diagnosis, c.Name, c.Step = d.ID, d.Name, step
					all = append(all, c)
				}
			}
		}
		return nil
	})
	return all, err
}

// by is that somebody of the roster, by key, ran something on a day.
func by(day period.Day, key string, names map[string]string) transition.Conduct {
	c := transition.Conduct{Day: day}
	if key != "" {
		c.By, c.Who, c.Itself = transition.OwnPeople, cmp.Or(names[key], key), true
	}
	return c
}

func conducts(ctx context.Context, tx *db.Tx, organisation string) (map[string]transition.Conduct, error) {
	all := map[string]transition.Conduct{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var c transition.Conduct
		err := row.Scan(&of, &c.Step, &c.By, &c.Who)
		all[of+" "+string(c.Step)] = c
		return struct{}{}, err
	}, `SELECT diagnosis_id, step, run_by, who FROM transition_conduct WHERE organisation_id = $1`, organisation)
	return all, err
}

// interviews are, by diagnosis, who held them: own people where everybody who did is on the roster.
func interviews(ctx context.Context, tx *db.Tx, organisation string) (map[string]transition.Conduct, error) {
	all := map[string]transition.Conduct{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var last period.Day
		var held, own int
		err := row.Scan(&of, &last, &held, &own)
		c := transition.Conduct{Day: last}
		if own == held {
			c.By, c.Itself = transition.OwnPeople, true
		}
		all[of] = c
		return struct{}{}, err
	}, `SELECT i.diagnosis_id, MAX(i.day), COUNT(*), SUM(CASE WHEN a.person_id <> '' THEN 1 ELSE 0 END) FROM diagnosis_interview i
		LEFT JOIN org_account a ON a.organisation_id = i.organisation_id AND a.id = i.account_id WHERE i.organisation_id = $1 GROUP BY i.diagnosis_id`, organisation)
	return all, err
}

// workshops are, by diagnosis, the days on which focal points were decided.
func workshops(ctx context.Context, tx *db.Tx, organisation string) (map[string]transition.Conduct, error) {
	all := map[string]transition.Conduct{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var c transition.Conduct
		err := row.Scan(&of, &c.Day)
		all[of] = c
		return struct{}{}, err
	}, `SELECT diagnosis_id, day FROM diagnosis_workshop WHERE organisation_id = $1 AND decided_at > 0`, organisation)
	return all, err
}

// keyed are the names of who opened and closed diagnoses, by the roster's key.
func (s *Store) keyed(ctx context.Context, tx *db.Tx, organisation string, diagnoses []diagnosis.Diagnosis) (map[string]string, error) {
	names := map[string]string{}
	for _, d := range diagnoses {
		for _, key := range []string{d.OpenedBy, d.ClosedBy} {
			if _, seen := names[key]; key == "" || seen {
				continue
			}
			name, _, err := db.One(ctx, tx, db.Value[string], `SELECT name FROM org_person WHERE organisation_id = $1 AND key = $2 ORDER BY since DESC LIMIT 1`, organisation, key)
			if err != nil {
				return nil, err
			}
			names[key] = name
		}
	}
	return names, nil
}

// SayConduct says who ran a step of a diagnosis; that nobody has said it, with NotSaid and no words.
func (s *Store) SayConduct(ctx context.Context, organisation string, c transition.Conduct, by string) error {
	if err := c.Check(); err != nil {
		return err
	}
	d, err := s.Diagnosis.Diagnosis(ctx, organisation, c.Diagnosis)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM transition_conduct WHERE organisation_id = $1 AND diagnosis_id = $2 AND step = $3`, organisation, d.ID, c.Step); err != nil {
			return err
		}
		if c.By != transition.NotSaid || c.Who != "" {
			_, err := tx.Exec(ctx, `INSERT INTO transition_conduct (organisation_id, diagnosis_id, step, run_by, who, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				organisation, d.ID, c.Step, c.By, c.Who, by, s.now().UnixMicro())
			if err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "said who ran a step of a diagnosis", Detail: d.Name})
	})
}

// Deeds are what was run and by whom: steps of diagnoses, sessions that were held, actions that were
// decided.
func (s *Store) Deeds(ctx context.Context, organisation string) (all []transition.Deed, err error) {
	steps, err := s.Conducts(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, c := range steps {
		all = append(all, transition.Deed{Kind: transition.DeedStep, Day: c.Day, By: c.By})
	}
	run := func(external bool) transition.RunBy {
		if external {
			return transition.Outside
		}
		return transition.OwnPeople
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		sessions, err := db.All(ctx, tx, scanSession, sessionQuery+` AND held_at > 0 AND cancelled = FALSE`, organisation)
		if err != nil {
			return err
		}
		actions, err := db.All(ctx, tx, scanAction, actionQuery, organisation)
		for _, one := range sessions {
			all = append(all, transition.Deed{Kind: transition.DeedSession, Day: period.DayOf(one.Starts), By: run(one.Host.External)})
		}
		for _, a := range actions {
			all = append(all, transition.Deed{Kind: transition.DeedAction, Day: a.Decided, By: run(a.External)})
		}
		return err
	})
	return all, err
}

// Runners are the people at work who can run a diagnosis, by country of where they work.
type Runners struct {
	Country string
	People  int // at work there
	Able    []transition.Runner
}

// Runners lists every country where somebody works, by name.
func (s *Store) Runners(ctx context.Context, organisation string) (all []Runners, err error) {
	var able []transition.Runner
	var today period.Day
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		members, err := db.All(ctx, tx, scanRef, `SELECT DISTINCT person_id, person_key, '' FROM transition_member WHERE organisation_id = $1`, organisation)
		if err != nil {
			return err
		}
		recorded, err := records(ctx, tx, organisation, members)
		if err != nil {
			return err
		}
		able = nil
		if able, err = s.led(ctx, tx, organisation, today, recorded); err != nil {
			return err
		}
		people, err := orgdb.PeopleIn(ctx, tx, organisation, slices.Sorted(maps.Keys(recorded)), today)
		for id, r := range recorded {
			if p, there := people[id]; there && p.WorksOn(today) && r.Runs() {
				able = append(able, transition.Runner{Person: p, Step: r.Step()})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(able, func(a, b transition.Runner) int {
		return cmp.Or(cmp.Compare(a.Person.Title(), b.Person.Title()), cmp.Compare(a.Person.Key, b.Person.Key))
	})
	locations, err := s.Org.LocationsOf(ctx, organisation, today, nil)
	if err != nil {
		return nil, err
	}
	country, at := map[string]string{}, map[string]int{}
	for _, l := range locations {
		country[l.ID] = l.Country
		i, there := at[l.Country]
		if !there {
			i = len(all)
			at[l.Country], all = i, append(all, Runners{Country: l.Country})
		}
		all[i].People += int(l.People)
	}
	for _, r := range able {
		if i, there := at[country[r.Person.Location.ID]]; there {
			all[i].Able = append(all[i].Able, r)
		}
	}
	slices.SortFunc(all, func(a, b Runners) int { return cmp.Compare(a.Country, b.Country) })
	return all, nil
}

// led are those at work who have closed a diagnosis and never were in a programme.
func (s *Store) led(ctx context.Context, tx *db.Tx, organisation string, today period.Day, members map[string]transition.Record) (able []transition.Runner, err error) {
	ids, err := db.All(ctx, tx, db.Value[string], `SELECT DISTINCT p.id FROM diagnosis_diagnosis d JOIN org_person p ON p.organisation_id = d.organisation_id AND p.key = d.closed_by AND p.since <= $2 AND p.until > $2
		WHERE d.organisation_id = $1 AND d.state = 'closed' AND d.closed_by <> '' ORDER BY p.id`, organisation, today)
	if err != nil {
		return nil, err
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	for _, id := range ids {
		if _, member := members[id]; !member && people[id].WorksOn(today) {
			able = append(able, transition.Runner{Person: people[id], Step: transition.Led})
		}
	}
	return able, err
}

// Learned is how well what was decided got done between two diagnoses, in all and by the units right
// below the whole.
type Learned struct {
	From, To diagnosis.Diagnosis // zero: before the first; since the last
	All      transition.Implementation
	Units    []UnitLearned
}

// UnitLearned is that of a unit.
type UnitLearned struct {
	Name string // "" for groups of several units
	transition.Implementation
}

// Implementing follows it from diagnosis to diagnosis of the whole, the newest time first.
func (s *Store) Implementing(ctx context.Context, organisation string) (all []Learned, err error) {
	diagnoses, err := s.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return nil, err
	}
	diagnoses = slices.DeleteFunc(diagnoses, func(d diagnosis.Diagnosis) bool { return d.State != diagnosis.Closed || d.Unit() != "" })
	slices.SortFunc(diagnoses, func(a, b diagnosis.Diagnosis) int { return a.ClosedAt.Compare(b.ClosedAt) })
	actions, err := s.Actions(ctx, organisation, ActionQuery{})
	if err != nil || len(actions) == 0 {
		return nil, err
	}
	up, err := s.up(ctx, organisation, actions)
	if err != nil {
		return nil, err
	}
	var structure *org.Structure
	var today period.Day
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if today, err = s.today(ctx, tx, organisation); err == nil {
			structure, err = s.structure(ctx, tx, organisation)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := len(diagnoses); i >= 0; i-- {
		one, from, until := Learned{}, period.Day(""), today
		if i > 0 {
			one.From, from = diagnoses[i-1], period.DayOf(diagnoses[i-1].ClosedAt)
		}
		if i < len(diagnoses) {
			one.To, until = diagnoses[i], period.DayOf(diagnoses[i].ClosedAt)
		}
		units := map[string][]transition.Action{}
		var some []transition.Action
		for _, a := range actions {
			if a.Decided >= from && (i == len(diagnoses) || a.Decided < until) {
				some = append(some, a)
				name := below(structure, a.Body.Unit)
				units[name] = append(units[name], a)
			}
		}
		if len(some) == 0 {
			continue
		}
		one.All = transition.Implement(some, until, up)
		for _, name := range slices.Sorted(maps.Keys(units)) {
			one.Units = append(one.Units, UnitLearned{name, transition.Implement(units[name], until, up)})
		}
		all = append(all, one)
	}
	return all, nil
}

// below is the name of the unit right below the whole that a unit belongs to today; its own where it
// is no more.
func below(structure *org.Structure, unit org.Ref) string {
	at, there := structure.Find(unit.ID)
	if !there {
		return unit.Name
	}
	path := structure.Path(at)
	return path[min(1, len(path)-1)].Name
}

// up says, by the action's id, whether the characteristic that it was to move is clearly up in its
// unit in the first diagnosis after the decision that managers may read, as they may that of the focal
// point; an action of which nobody can tell is not in it. What is compared between two diagnoses is
// judged together.
func (s *Store) up(ctx context.Context, organisation string, actions []transition.Action) (map[string]bool, error) {
	type waves struct{ then, now string }
	asked, of := map[waves][]diagnosis.Asked{}, map[waves][]string{}
	read := map[string][]diagnosis.Diagnosis{} // by diagnosis, those after it, the newest first
	for _, a := range actions {
		if a.Item == "" {
			continue
		}
		later, known := read[a.Diagnosis]
		if !known {
			var err error
			if later, err = s.readable(ctx, organisation, a.Diagnosis); err != nil {
				return nil, err
			}
			read[a.Diagnosis] = later
		}
		for _, d := range slices.Backward(later) {
			if period.DayOf(d.ClosedAt) > a.Decided {
				w := waves{a.Diagnosis, d.ID}
				asked[w], of[w] = append(asked[w], diagnosis.Asked{Unit: a.Body.Unit.ID, Items: []string{a.Item}}), append(of[w], a.ID)
				break
			}
		}
	}
	up := map[string]bool{}
	for w, some := range asked {
		moved, err := s.Diagnosis.Moved(ctx, organisation, w.now, w.then, some)
		if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Conflict {
			continue // of other wording, or of another part
		}
		if err != nil {
			return nil, err
		}
		for i, m := range moved {
			if m.Movement != diagnosis.CannotTell {
				up[of[w][i]] = m.Movement == diagnosis.Up
			}
		}
	}
	return up, nil
}

// readable are the diagnoses after another that managers may read, where they may read that one too.
func (s *Store) readable(ctx context.Context, organisation, diagnosisID string) ([]diagnosis.Diagnosis, error) {
	then, err := s.Diagnosis.Diagnosis(ctx, organisation, diagnosisID)
	if err != nil || !then.Released.Lets(org.Manager) {
		return nil, err
	}
	later, err := s.later(ctx, organisation, diagnosisID)
	return slices.DeleteFunc(later, func(d diagnosis.Diagnosis) bool { return !d.Released.Lets(org.Manager) }), err
}
