package learningdb

import (
	"context"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const requestQuery = `SELECT q.id, q.person_id, q.person_key, q.person_name, q.unit_id, q.unit_key, q.unit_name, q.resource_id, q.offering_id, q.needed, q.why, q.state, q.decided, q.answer,
	q.access, q.done, q.minutes, q.result, q.source, q.reference, q.made_by, q.made_at, o.zone
	FROM learning_request q JOIN org_organisation o ON o.organisation_id = q.organisation_id WHERE q.organisation_id = $1`

// requests reads those that where narrows, whose values begin at $2, in the order of asking.
func requests(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Request, error) {
	return db.All(ctx, tx, func(row db.Scanner) (q learning.Request, err error) {
		var made int64
		var zone string
		err = row.Scan(&q.ID, &q.Person.ID, &q.Person.Key, &q.Person.Name, &q.Unit.ID, &q.Unit.Key, &q.Unit.Name, &q.Resource, &q.Offering, &q.Needed, &q.Why, &q.State, &q.Decided, &q.Answer,
			&q.Access, &q.Done, &q.Minutes, &q.Result, &q.Source, &q.Reference, &q.By, &made, &zone)
		q.At = period.Moment(made, zone)
		return q, err
	}, requestQuery+` AND `+where+` ORDER BY q.made_at, q.id`, append([]any{organisation}, values...)...)
}

func oneRequest(ctx context.Context, tx *db.Tx, organisation, request string) (learning.Request, error) {
	all, err := requests(ctx, tx, organisation, `q.id = $2`, request)
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such request")
	}
	if err != nil {
		return learning.Request{}, err
	}
	return all[0], nil
}

var requestFields = []string{"organisation_id", "id", "person_id", "person_key", "person_name", "unit_id", "unit_key", "unit_name", "resource_id", "offering_id", "needed", "why", "state", "decided", "answer", "access", "done", "minutes", "result", "source", "reference", "made_by", "made_at"}

func requestRow(organisation string, q learning.Request) []any {
	return []any{organisation, q.ID, q.Person.ID, q.Person.Key, q.Person.Name, q.Unit.ID, q.Unit.Key, q.Unit.Name, q.Resource, q.Offering, q.Needed, q.Why, q.State, q.Decided, q.Answer, q.Access, q.Done, q.Minutes, q.Result, q.Source, q.Reference, q.By, q.At.UnixMicro()}
}

func saveRequest(ctx context.Context, tx *db.Tx, organisation string, q learning.Request) error {
	return tx.PutMany(ctx, "learning_request", requestFields, 2, [][]any{requestRow(organisation, q)})
}

// Ask keeps that somebody of today's roster, by the id, needs a resource: with a yes of the manager where
// that is who asks, or where none is needed; with a place or access at once where there is one.
func (s Store) Ask(ctx context.Context, organisation string, q learning.Request, side org.Side) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		p, err := orgdb.PersonIn(ctx, tx, organisation, q.Person.ID, today)
		if err != nil {
			return err
		}
		of, err := oneResource(ctx, tx, organisation, q.Resource)
		if err != nil {
			return err
		}
		open, err := requests(ctx, tx, organisation, `q.person_id = $2 AND q.state IN ('asked', 'waiting', 'placed')`, p.ID)
		if err != nil {
			return err
		}
		if err := q.Check(of, open, today); err != nil {
			return err
		}
		q.ID, q.At, q.Person, q.Unit = id.New(), s.now(), org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, p.Unit
		if q.State = learning.Waiting; of.Approved && side != org.TheManager {
			q.State = learning.Asked
		}
		if side == org.TheManager {
			q.Decided = q.By
		}
		if err := s.checkOffering(ctx, tx, organisation, q); err != nil {
			return err
		}
		if err := saveRequest(ctx, tx, organisation, q); err != nil {
			return err
		}
		return s.place(ctx, tx, organisation, q, of, today)
	})
}

// checkOffering reports an offering of something else, one that has begun, and one at the time of another
// in which the person has a place or waits for one.
func (s Store) checkOffering(ctx context.Context, tx *db.Tx, organisation string, q learning.Request) error {
	if q.Offering == "" {
		return nil
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return err
	}
	o, err := oneOffering(ctx, tx, organisation, q.Offering)
	if err == nil && (o.Resource != q.Resource || !o.Open(today)) {
		err = fault.Fieldf("offering", "choose an offering that is still to come")
	}
	if err != nil {
		return err
	}
	return s.checkBooking(ctx, tx, organisation, o, q)
}

// checkBooking reports an offering at the time of another that the same person waits for or has a place in,
// by another request than this.
func (s Store) checkBooking(ctx context.Context, tx *db.Tx, organisation string, o learning.Offering, q learning.Request) error {
	booked, err := offerings(ctx, tx, organisation, `o.id IN (SELECT q.offering_id FROM learning_request q WHERE q.organisation_id = $1 AND q.person_id = $2 AND q.id <> $3
		AND q.state IN ('waiting', 'placed'))`, q.Person.ID, q.ID)
	if err != nil || len(booked) == 0 {
		return err
	}
	of, err := s.resourcesByID(ctx, tx, organisation)
	if err != nil {
		return err
	}
	return learning.CheckBooking(o, booked, func(resource string) string { return of[resource].Name })
}

// place gives a request that waits a place or access, where there is one.
func (s Store) place(ctx context.Context, tx *db.Tx, organisation string, q learning.Request, of learning.Resource, today period.Day) error {
	switch {
	case q.State != learning.Waiting:
		return nil
	case q.Offering != "":
		return s.moveUp(ctx, tx, organisation, q.Offering)
	case !of.Alone():
		return nil
	}
	return s.admit(ctx, tx, organisation, of, today)
}

// admit gives access to a resource that one uses alone, as far as there are licences, in the order of
// asking.
func (s Store) admit(ctx context.Context, tx *db.Tx, organisation string, of learning.Resource, today period.Day) error {
	if !of.Alone() {
		return nil
	}
	used, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM learning_request WHERE organisation_id = $1 AND resource_id = $2 AND state = 'placed'`, organisation, of.ID)
	if err != nil {
		return err
	}
	waiting, err := requests(ctx, tx, organisation, `q.resource_id = $2 AND q.state = 'waiting' AND q.offering_id = ''`, of.ID)
	for _, q := range waiting {
		if err != nil || of.Capacity > 0 && used >= of.Capacity {
			return err
		}
		q.State, q.Access = learning.Placed, today
		err = saveRequest(ctx, tx, organisation, q)
		used++
	}
	return err
}

// Decide says the manager's yes or no to a request. With a yes, one for an offering that is not to be had any
// more waits for another.
func (s Store) Decide(ctx context.Context, organisation, request string, yes bool, answer, by string) error {
	return s.changeRequest(ctx, organisation, request, func(ctx context.Context, tx *db.Tx, q *learning.Request) error {
		if q.State != learning.Asked {
			return fault.Conflictf("this is decided already")
		}
		if q.Decided, q.Answer, q.State = by, answer, learning.Waiting; !yes {
			q.State = learning.Refused
		}
		if !yes && answer == "" {
			return fault.Fieldf("answer", "say in a sentence why not")
		}
		err := s.checkOffering(ctx, tx, organisation, *q)
		if fault.KindOf(err) == fault.Invalid {
			q.Offering, err = "", nil
		}
		return err
	})
}

// Choose puts a request that waits, or has a place, into an offering, or into none.
func (s Store) Choose(ctx context.Context, organisation, request, offering string) error {
	return s.changeRequest(ctx, organisation, request, func(ctx context.Context, tx *db.Tx, q *learning.Request) error {
		if !q.State.Open() {
			return fault.Conflictf("this is closed already")
		}
		if q.Offering = offering; q.State == learning.Placed {
			q.State, q.Access = learning.Waiting, ""
		}
		return s.checkOffering(ctx, tx, organisation, *q)
	})
}

// Withdraw takes a request back; its place goes to who waits.
func (s Store) Withdraw(ctx context.Context, organisation, request string) error {
	return s.changeRequest(ctx, organisation, request, func(_ context.Context, _ *db.Tx, q *learning.Request) error {
		if !q.State.Open() {
			return fault.Conflictf("this is closed already")
		}
		q.State = learning.Withdrawn
		return nil
	})
}

// changeRequest changes a request, and gives places that are free then.
func (s Store) changeRequest(ctx context.Context, organisation, request string, change func(ctx context.Context, tx *db.Tx, q *learning.Request) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		q, err := oneRequest(ctx, tx, organisation, request)
		if err != nil {
			return err
		}
		was := q
		if err := change(ctx, tx, &q); err != nil {
			return err
		}
		if err := saveRequest(ctx, tx, organisation, q); err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		of, err := oneResource(ctx, tx, organisation, q.Resource)
		if err != nil {
			return err
		}
		for _, offering := range []string{was.Offering, q.Offering} {
			if offering == "" {
				continue
			}
			if err := s.moveUp(ctx, tx, organisation, offering); err != nil {
				return err
			}
		}
		return s.admit(ctx, tx, organisation, of, today)
	})
}

// CameOf is what is noted of one place.
type CameOf struct {
	Request   string
	Completed bool
	Result    string
}

// Note says who of an offering was through with it: each who is named completed it, or did not; who has a
// place and is not named stays as they are. It goes into the ledger of efforts, in place of what was said
// before.
func (s Store) Note(ctx context.Context, organisation, offering string, all []CameOf, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := oneOffering(ctx, tx, organisation, offering)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		switch {
		case err != nil:
			return err
		case o.Cancelled:
			return fault.Conflictf("this offering was cancelled")
		case o.Begins > today:
			return fault.Conflictf("it begins on %s: who came is noted then", string(o.Begins))
		}
		of, err := oneResource(ctx, tx, organisation, o.Resource)
		if err != nil {
			return err
		}
		for _, one := range all {
			q, err := oneRequest(ctx, tx, organisation, one.Request)
			if err == nil && (q.Offering != offering || !slices.Contains([]learning.State{learning.Placed, learning.Completed, learning.NotDone}, q.State)) {
				err = fault.NotFoundf("there is no such request")
			}
			if err != nil {
				return err
			}
			if q.State, q.Done, q.Result = learning.NotDone, min(o.Ends, today), one.Result; one.Completed {
				q.State = learning.Completed
			}
			if err := saveRequest(ctx, tx, organisation, q); err != nil {
				return err
			}
			if err := s.post(ctx, tx, organisation, q, of, by); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_offering SET held = TRUE WHERE organisation_id = $1 AND id = $2`, organisation, offering); err != nil {
			return err
		}
		return s.postOffering(ctx, tx, organisation, o, of, today, by)
	})
}

// Finish says, for what somebody does alone, that it is completed, or that it is given up.
func (s Store) Finish(ctx context.Context, organisation, request string, completed bool, minutes int, result, by string) error {
	return s.changeRequest(ctx, organisation, request, func(ctx context.Context, tx *db.Tx, q *learning.Request) error {
		today, err := s.today(ctx, tx, organisation)
		switch {
		case err != nil:
			return err
		case q.State != learning.Placed || q.Offering != "":
			return fault.Conflictf("this is closed already")
		case minutes < 0 || minutes > 365*24*60:
			return fault.Fieldf("hours", "it takes up to a year; leave the hours out where they are not known")
		}
		if q.State, q.Done, q.Minutes, q.Result = learning.NotDone, today, minutes, result; completed {
			q.State = learning.Completed
		}
		of, err := oneResource(ctx, tx, organisation, q.Resource)
		if err != nil {
			return err
		}
		if err := saveRequest(ctx, tx, organisation, *q); err != nil {
			return err
		}
		return s.post(ctx, tx, organisation, *q, of, by)
	})
}

// post writes into the ledger what one completion comes to, in place of what a plan has brought there of the same resource;
// nothing of what was not completed.
func (s Store) post(ctx context.Context, tx *db.Tx, organisation string, q learning.Request, of learning.Resource, by string) error {
	if err := (effortdb.Store{DB: s.DB, Now: s.Now}).Record(ctx, tx, organisation, effort.Source{Kind: effort.OfCompletion, ID: q.ID}, q.Effort(of), by); err != nil {
		return err
	}
	return s.postItems(ctx, tx, organisation, q)
}

// postOffering writes what the offering itself cost.
func (s Store) postOffering(ctx context.Context, tx *db.Tx, organisation string, o learning.Offering, of learning.Resource, today period.Day, by string) error {
	came, err := requests(ctx, tx, organisation, `q.offering_id = $2 AND q.state = 'completed'`, o.ID)
	if err != nil {
		return err
	}
	return effortdb.Store{DB: s.DB, Now: s.Now}.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfOffering, ID: o.ID}, o.Effort(of, came, today), by)
}

// RequestView is a request with what it is for.
type RequestView struct {
	learning.Request
	Of    learning.Resource
	Where learning.Offering // zero for none
}

// RequestsOf are those of somebody, by the person's id: those that are open first, then the newest.
func (s Store) RequestsOf(ctx context.Context, organisation, person string) ([]RequestView, error) {
	return s.requestViews(ctx, organisation, `q.person_id = $2`, person)
}

// RequestsOfPeople are the open ones of those who report to somebody, by the key.
func (s Store) RequestsOfPeople(ctx context.Context, organisation, manager string) (all []RequestView, err error) {
	var people []any
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		reports, err := orgdb.ReportsIn(ctx, tx, organisation, manager, today)
		people = nil
		for _, p := range reports {
			people = append(people, p.ID)
		}
		return err
	})
	for some := range slices.Chunk(people, atOnce) {
		if err != nil {
			break
		}
		var part []RequestView
		part, err = s.requestViews(ctx, organisation, `q.state IN ('asked', 'waiting', 'placed') AND q.person_id IN (`+db.Placeholders(2, len(some))+`)`, some...)
		all = append(all, part...)
	}
	return all, err
}

// ItemsOfPeople are the open items of the plans of those who report to a manager, by the roster's key.
func (s Store) ItemsOfPeople(ctx context.Context, organisation, manager string) (all []learning.Item, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		people, err := orgdb.ReportsIn(ctx, tx, organisation, manager, today)
		if err != nil {
			return err
		}
		all, err = openItems(ctx, tx, organisation, people)
		return err
	})
	return all, err
}

// openItems are those of people's plans that are neither confirmed nor given up.
func openItems(ctx context.Context, tx *db.Tx, organisation string, people []org.Person) (all []learning.Item, err error) {
	for some := range slices.Chunk(people, atOnce) {
		open, err := items(ctx, tx, organisation, `person_id IN (`+db.Placeholders(2, len(some))+`) AND dropped = '' AND confirmed = ''`, idsOf(some)...)
		if err != nil {
			return nil, err
		}
		all = append(all, open...)
	}
	return all, nil
}

func (s Store) requestViews(ctx context.Context, organisation, where string, values ...any) (all []RequestView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		found, err := requests(ctx, tx, organisation, where, values...)
		if err != nil || len(found) == 0 {
			return err
		}
		of, err := s.resourcesByID(ctx, tx, organisation)
		if err != nil {
			return err
		}
		for _, q := range found {
			v := RequestView{Request: q, Of: of[q.Resource]}
			if q.Offering != "" {
				if v.Where, err = oneOffering(ctx, tx, organisation, q.Offering); err != nil {
					return err
				}
			}
			all = append(all, v)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b RequestView) int {
		if a.State.Open() != b.State.Open() {
			if a.State.Open() {
				return -1
			}
			return 1
		}
		return b.At.Compare(a.At)
	})
	return all, err
}

// Request returns one.
func (s Store) Request(ctx context.Context, organisation, request string) (q learning.Request, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		q, err = oneRequest(ctx, tx, organisation, request)
		return err
	})
	return q, err
}
