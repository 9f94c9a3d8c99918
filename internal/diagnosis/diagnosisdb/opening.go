package diagnosisdb

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// The attributes that every roster has; any further one goes by its own name.
const (
	Level    = diagnosis.LevelAttribute
	Location = "location"
	Country  = "country"
	Partner  = "partner"
)

// roster is who is asked, as the core's layout takes it.
type roster struct {
	people []invitedPerson
	shared []int32 // of each person, the unit whose shared link they have, or -1
	layout diagnosis.Layout
	of     []int32 // of each person, the combination
	cost   diagnosis.Cost
}

// Open freezes a draft: the instrument, the roster of its day, who is invited, the
// combinations and the tables. From then on answers are taken.
func (s *Store) Open(ctx context.Context, organisation, diagnosisID string, by org.By) error {
	if _, err := s.Diagnosis(ctx, organisation, diagnosisID); err != nil {
		return err // no key for what is not there
	}
	key, err := s.Keys.Make(keyOf(diagnosisID))
	if err != nil {
		return err
	}
	if _, err := s.Keys.Make(linkKeyOf(organisation)); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		now := s.now()
		switch d.State {
		case diagnosis.Open:
			return fault.Conflictf("this diagnosis is open already")
		case diagnosis.Closed:
			return fault.Conflictf("this diagnosis is closed: set up another one")
		}
		if !d.Closes.After(now) {
			return fault.Fieldf("closes", "the closing time is past: choose a later one")
		}
		source, err := instrumentSource(ctx, tx, organisation, d.Instrument)
		if err != nil {
			return err
		}
		r, err := loadRoster(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		layout, err := json.Marshal(r.layout)
		if err != nil {
			return err
		}
		in, err := diagnosis.ReadInstrument(source)
		if err != nil {
			return err
		}
		within, part, err := placed(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		before, err := s.predecessor(ctx, tx, organisation, d, in)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE diagnosis_diagnosis SET source = $3, layout = $4, state = $5, opened_at = $6, predecessor = $7, within = $8, part = $9, opened_by = $10
			WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID, string(source), string(layout), diagnosis.Open, now.UnixMicro(), before, within, part, by.Person)
		if err != nil {
			return err
		}
		if err := endTrial(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if err := r.invite(ctx, tx, organisation, diagnosisID, key); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by.Name, What: "diagnosis opened", Detail: d.Name})
	})
}

func keyOf(diagnosisID string) string { return "diagnosis-" + diagnosisID }

// invite writes an invitation for everybody, in random order.
func (r *roster) invite(ctx context.Context, tx *db.Tx, organisation, diagnosisID string, key []byte) error {
	links, err := r.share(ctx, tx, organisation, diagnosisID, key)
	if err != nil {
		return err
	}
	rows := make([][]any, len(r.people))
	for i, p := range rand.Perm(len(r.people)) {
		rows[i] = newInvitation(organisation, diagnosisID, r.people[p], r.of[p], links[r.shared[p]], key)
	}
	if err := tx.InsertMany(ctx, "diagnosis_invitation", invitationColumns, rows); err != nil {
		return err
	}
	return tx.Grown(ctx, "diagnosis_invitation")
}

var invitationColumns = []string{"organisation_id", "diagnosis_id", "id", "person_id", "key", "name", "folded", "mail", "unit_id", "unit", "language",
	"combination", "shared_id", "secret_hash", "code_hash", "answered"}

// newInvitation is a row for a person: with a personal link, unless they have a shared
// one.
func newInvitation(organisation, diagnosisID string, p invitedPerson, combination int32, shared string, key []byte) []any {
	invitation, link, code := id.Random(), "", ""
	if shared == "" {
		link, code = secret.Hash("i", secret.Derive(key, invitation)), secret.Hash("c", secret.Code(key, invitation))
	}
	return []any{organisation, diagnosisID, invitation, p.id, p.key, p.name, strings.ToLower(p.key + " " + p.name), p.mail, p.unitID, p.unit, p.language,
		combination, shared, link, code, false}
}

// invitedPerson is what an invitation keeps of a person.
type invitedPerson struct {
	id, key, name, mail, unitID, unit, language string
}

func personOf(p org.Person) invitedPerson {
	return invitedPerson{p.ID, p.Key, p.Title(), p.Mail, p.Unit.ID, p.Unit.Name, languageOf(p.Attributes)}
}

// languageOf is the language of a person whose roster has an attribute of that name.
func languageOf(attributes map[string]string) string {
	for name, value := range attributes {
		if strings.EqualFold(name, "language") {
			base, _, _ := strings.Cut(strings.ToLower(value), "-")
			return base
		}
	}
	return ""
}

// loadRoster reads the roster of a diagnosis's day and combines it.
func loadRoster(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (*roster, error) {
	structure, err := orgdb.StructureIn(ctx, tx, organisation, d.RosterDay)
	if err != nil {
		return nil, err
	}
	if len(structure.Units) == 0 {
		return nil, fault.Fieldf("roster", "there is no roster for %s: import one first", string(d.RosterDay))
	}
	top := 0
	if d.Unit() != "" {
		var ok bool
		if top, ok = structure.Find(d.Unit()); !ok {
			return nil, fault.Fieldf("roster", "the roster of %[1]s does not have %[2]s: choose another unit, or another day", string(d.RosterDay), d.Part)
		}
	}
	r := &roster{layout: diagnosis.Layout{Roster: true}}
	for _, n := range structure.Subtree(top) {
		r.layout.Units = append(r.layout.Units, diagnosis.LayoutUnit{ID: n.ID, Name: n.Name, Parent: int32(max(n.Up-top, -1))})
	}
	index := r.layout.Index()
	if err := r.layout.Share(d.Shared); err != nil {
		return nil, err
	}
	country, err := countries(ctx, tx, organisation, d.RosterDay)
	if err != nil {
		return nil, err
	}
	var unit []int32
	values := make([][]string, len(d.Attributes))
	err = orgdb.EachPerson(ctx, tx, organisation, d.RosterDay, func(p org.Person) error {
		at, ok := index[p.Unit.ID]
		if !ok {
			return nil
		}
		shared, ok := r.layout.SharedBy(at)
		if !ok {
			shared = -1
		}
		r.people, unit, r.shared = append(r.people, personOf(p)), append(unit, at), append(r.shared, shared)
		for i, a := range d.Attributes {
			values[i] = append(values[i], attributeOf(p, a, country))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(r.people) < d.Minimum {
		return nil, fault.Fieldf("roster", "the roster of %s has fewer people there than the smallest group that is shown", string(d.RosterDay))
	}
	r.combine(d, unit, values)
	return r, r.enoughShare(d.Minimum)
}

// enoughShare reports a shared link of too few people to be a group.
func (r *roster) enoughShare(minimum int) error {
	for _, u := range r.layout.Shared {
		n := 0
		for _, shared := range r.shared {
			if shared == u {
				n++
			}
		}
		if n < minimum {
			return fault.Fieldf("shared", "%[1]d people of %[2]s would share a link: at least %[3]d must, so that none stands out", n, r.layout.Units[u].Name, minimum)
		}
	}
	return nil
}

func (r *roster) combine(d diagnosis.Diagnosis, unit []int32, values [][]string) {
	index := make([][]int16, len(unit))
	for i, a := range d.Attributes {
		names := slices.Compact(slices.Sorted(slices.Values(values[i])))
		r.layout.Attributes = append(r.layout.Attributes, diagnosis.LayoutAttribute{Name: a, Values: names})
		for p, v := range values[i] {
			at, _ := slices.BinarySearch(names, v)
			if r.shared[p] >= 0 {
				at = int(diagnosis.NotKept)
			}
			index[p] = append(index[p], int16(at))
		}
	}
	shared := 0
	for p, u := range r.shared {
		if u >= 0 {
			unit[p] = u
			shared++
		}
	}
	r.layout.Tables, r.layout.Simple = d.Setup.Tables()
	r.layout.Combinations, r.of, r.cost = diagnosis.Combine(r.layout.Parents(), unit, index, d.Minimum)
	r.cost.Shared = shared
}

func countries(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (map[string]string, error) {
	of := map[string]string{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var location, country string
		err := row.Scan(&location, &country)
		of[location] = country
		return struct{}{}, err
	}, `SELECT id, country FROM org_location WHERE organisation_id = $1 AND since <= $2 AND until > $2`, organisation, day)
	return of, err
}

func attributeOf(p org.Person, name string, country map[string]string) string {
	switch name {
	case Level:
		if p.Level == "" {
			return ""
		}
		return p.Level.Name()
	case Location:
		return p.Location.Name
	case Country:
		return country[p.Location.ID]
	case Partner:
		return p.Partner.Name
	}
	return p.Attributes[name]
}
