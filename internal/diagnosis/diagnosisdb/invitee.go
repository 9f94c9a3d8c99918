package diagnosisdb

import (
	"context"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Invitee is somebody who is invited, or may be.
type Invitee struct {
	ID              string // of the invitation; of the person who is not invited yet
	Key, Name, Unit string
	Mail            string
	Shared          bool // they answer by the shared link of a unit
}

// Invitees finds people who are invited to an open diagnosis by name, key or mail address,
// at most so many; nobody for an empty text. Whether they have answered is not told.
func (s *Store) Invitees(ctx context.Context, organisation, diagnosisID, text string, most int) (list []Invitee, err error) {
	pattern := orgdb.Holding(text)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := running(ctx, tx, organisation, diagnosisID); err != nil || pattern == "" {
			return err
		}
		list, err = db.All(ctx, tx, func(row db.Scanner) (i Invitee, err error) {
			var shared string
			err = row.Scan(&i.ID, &i.Key, &i.Name, &i.Unit, &i.Mail, &shared)
			i.Shared = shared != ""
			return i, err
		}, `SELECT id, key, name, unit, mail, shared_id FROM diagnosis_invitation
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND (folded LIKE $3 ESCAPE '\' OR mail LIKE $3 ESCAPE '\')
			ORDER BY name, key LIMIT $4`, organisation, diagnosisID, pattern, most)
		return err
	})
	return list, err
}

// Newcomers finds people of today's roster who are not invited, at most so many; all of
// them for an empty text.
func (s *Store) Newcomers(ctx context.Context, organisation, diagnosisID, text string, most int) (list []Invitee, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := running(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		inside, err := s.inside(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		limit := most
		if inside != nil {
			limit = everybody
		}
		list, err = db.All(ctx, tx, func(row db.Scanner) (i Invitee, err error) {
			var unit string
			err = row.Scan(&i.ID, &i.Key, &i.Name, &i.Unit, &i.Mail, &unit)
			if inside != nil && !inside[unit] {
				i.ID = ""
			}
			return i, err
		}, `SELECT p.id, p.key, p.name, u.name, p.mail, p.unit_id FROM (SELECT organisation_id, id, key, name, mail, unit_id FROM org_person
				WHERE organisation_id = $1 AND since <= $3 AND until > $3
					AND (start_day = '' OR start_day <= $3) AND (end_day = '' OR end_day >= $3)
					AND ($4 = '' OR folded LIKE $4 ESCAPE '\')
					AND id NOT IN (SELECT person_id FROM diagnosis_invitation WHERE organisation_id = $1 AND diagnosis_id = $2)
				ORDER BY name, key, id LIMIT $5) p
			JOIN org_unit u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id AND u.since <= $3 AND u.until > $3
			ORDER BY p.name, p.key, p.id`, organisation, diagnosisID, s.Today(d), orgdb.Holding(text), limit)
		list = slices.DeleteFunc(list, func(i Invitee) bool { return i.ID == "" })
		list = list[:min(most, len(list))]
		return err
	})
	return list, err
}

const everybody = 1 << 30

// inside are the units, by id, that a diagnosis of a part asks today; nil for the whole.
func (s *Store) inside(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (map[string]bool, error) {
	if d.Unit() == "" {
		return nil, nil
	}
	structure, err := orgdb.StructureIn(ctx, tx, organisation, s.Today(d))
	if err != nil {
		return nil, err
	}
	units := map[string]bool{}
	if at, there := structure.Find(d.Unit()); there {
		for _, u := range structure.Subtree(at) {
			units[u.ID] = true
		}
	}
	return units, nil
}

// Today is the day it is for an organisation's clock.
func (s *Store) Today(d diagnosis.Diagnosis) period.Day {
	return period.DayOf(s.now().In(d.Closes.Location()))
}

// running returns a diagnosis that is open; any other is a conflict.
func running(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (diagnosis.Diagnosis, error) {
	d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
	if err == nil && d.State != diagnosis.Open {
		err = fault.Conflictf("people are invited, and links made, only while a diagnosis is open")
	}
	return d, err
}

// Invite invites people of today's roster to a diagnosis that is open, all or none. What
// was frozen stays: each gets a combination that others have. It reports who is invited
// already, and who would stand out.
func (s *Store) Invite(ctx context.Context, organisation, diagnosisID string, people []string, by string) error {
	if len(people) == 0 {
		return fault.Fieldf("person", "tick who is to be invited")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, key, err := s.linkable(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		if err := d.TakesLinks(); err != nil {
			return err
		}
		_, layout, err := s.frozen(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		today := s.Today(d)
		h, err := newHomes(ctx, tx, organisation, layout, today)
		if err != nil {
			return err
		}
		inside, err := s.inside(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		var rows [][]any
		var names []string
		for _, id := range people {
			p, err := orgdb.PersonIn(ctx, tx, organisation, id, today)
			if err != nil {
				return err
			}
			if inside != nil && !inside[p.Unit.ID] {
				return fault.Fieldf("person", "%[1]s does not work in %[2]s, which this diagnosis is of", p.Title(), d.Part)
			}
			unit, combination, ok := h.of(p)
			if !ok {
				return fault.Fieldf("person", "%s cannot be added: nobody who was invited shares a unit and attributes with them, so their answers would stand out", p.Title())
			}
			shared, err := joinShared(ctx, tx, layout, organisation, diagnosisID, unit)
			if err != nil {
				return err
			}
			rows, names = append(rows, newInvitation(organisation, diagnosisID, personOf(p), combination, shared, key)), append(names, p.Title())
		}
		err = tx.InsertMany(ctx, "diagnosis_invitation", invitationColumns, rows)
		if db.IsDuplicate(err) {
			return fault.Conflictf("somebody of these is invited already")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "people added to a diagnosis", Detail: d.Name + ": " + strings.Join(names, ", ")})
	})
}

// homes finds the combinations of people who come later.
type homes struct {
	layout    diagnosis.Layout
	structure *org.Structure // of the day on which they come
	country   map[string]string
}

func newHomes(ctx context.Context, tx *db.Tx, organisation string, l diagnosis.Layout, day period.Day) (h homes, err error) {
	h.layout = l
	if h.structure, err = orgdb.StructureIn(ctx, tx, organisation, day); err != nil {
		return h, err
	}
	h.country, err = countries(ctx, tx, organisation, day)
	return h, err
}

// of takes the lowest unit above a person that the diagnosis knows, and finds their
// combination from there.
func (h homes) of(p org.Person) (unit, combination int32, ok bool) {
	if at, ok := h.structure.Find(p.Unit.ID); ok {
		for _, above := range h.structure.Path(at) {
			if u, ok := h.layout.Find(above.ID); ok {
				unit = u
			}
		}
	}
	values := make([]int16, len(h.layout.Attributes))
	for a, attribute := range h.layout.Attributes {
		at, ok := slices.BinarySearch(attribute.Values, attributeOf(p, attribute.Name, h.country))
		if values[a] = int16(at); !ok {
			values[a] = diagnosis.NotKept
		}
	}
	combination, ok = h.layout.Home(unit, values)
	return unit, combination, ok
}

// CorrectAddress gives an invited person another mail address, for this diagnosis.
func (s *Store) CorrectAddress(ctx context.Context, organisation, diagnosisID, invitation, to, by string) error {
	if err := org.CheckMail(&to); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := running(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		if err := correctAddress(ctx, tx, organisation, diagnosisID, invitation, to); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "mail address corrected", Detail: to})
	})
}

func correctAddress(ctx context.Context, tx *db.Tx, organisation, diagnosisID, invitation, to string) error {
	n, err := tx.Exec(ctx, `UPDATE diagnosis_invitation SET mail = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`,
		organisation, diagnosisID, invitation, to)
	if err == nil && n == 0 {
		err = fault.NotFoundf("nobody is invited by this invitation")
	}
	return err
}

// MailAgain sends somebody the invitation that was mailed last. It reports that none was,
// and who has no address.
func (s *Store) MailAgain(ctx context.Context, organisation, diagnosisID, invitation, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		l, err := s.link(ctx, tx, organisation, diagnosisID, invitation)
		if err != nil {
			return err
		}
		if l.Mail == "" {
			return fault.Fieldf("mail", "%s has no mail address: give one, or hand the link over", l.Name)
		}
		mailing, found, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_mailing
			WHERE organisation_id = $1 AND diagnosis_id = $2 AND kind = 'invitation' AND EXISTS (SELECT 1 FROM diagnosis_sending s
				WHERE s.organisation_id = $1 AND s.diagnosis_id = $2 AND s.mailing_id = diagnosis_mailing.id AND s.state IN ('sent', 'left'))
			ORDER BY at DESC, id DESC LIMIT 1`, organisation, diagnosisID)
		if err == nil && !found {
			err = fault.Conflictf("no invitation has been mailed yet: plan one first, its text is what is sent")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_sending (organisation_id, diagnosis_id, mailing_id, invitation_id, state, reason)
			VALUES ($1, $2, $3, $4, 'waiting', '') ON CONFLICT (organisation_id, diagnosis_id, mailing_id, invitation_id)
			DO UPDATE SET state = 'waiting', reason = '' WHERE diagnosis_sending.state <> 'trying'`, organisation, diagnosisID, mailing, invitation)
		if err != nil {
			return err
		}
		if err := takeUp(ctx, tx, organisation, diagnosisID, mailing); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "mail sent again", Detail: l.Name})
	})
}

// Link returns the link of one who is invited, to hand it over; that it was looked at
// stands in the record.
func (s *Store) Link(ctx context.Context, organisation, diagnosisID, invitation, by string) (l PersonalLink, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if l, err = s.link(ctx, tx, organisation, diagnosisID, invitation); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "personal link looked at", Detail: l.Name})
	})
	return l, err
}

func (s *Store) link(ctx context.Context, tx *db.Tx, organisation, diagnosisID, invitation string) (PersonalLink, error) {
	_, key, err := s.linkable(ctx, tx, organisation, diagnosisID)
	if err != nil {
		return PersonalLink{}, err
	}
	l, found, err := db.One(ctx, tx, scanLink(key), linkQuery+` AND id = $3`, organisation, diagnosisID, invitation)
	if err == nil && !found {
		err = fault.NotFoundf("nobody has a personal link by this invitation")
	}
	return l, err
}

// counted returns a layout with how many are invited now.
func counted(ctx context.Context, tx *db.Tx, l diagnosis.Layout, organisation, diagnosisID string) (diagnosis.Layout, error) {
	n, err := countByCombination(ctx, tx, "diagnosis_invitation", organisation, diagnosisID)
	l.Combinations = slices.Clone(l.Combinations)
	for c := range l.Combinations {
		l.Combinations[c].Invited = n[int32(c)]
	}
	return l, err
}

// countByCombination counts a diagnosis's rows of a table.
func countByCombination(ctx context.Context, tx *db.Tx, table, organisation, diagnosisID string) (map[int32]int, error) {
	n := map[int32]int{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var combination int32
		var rows int
		err := row.Scan(&combination, &rows)
		n[combination] = rows
		return struct{}{}, err
	}, `SELECT combination, COUNT(*) FROM `+table+` WHERE organisation_id = $1 AND diagnosis_id = $2 GROUP BY combination`, organisation, diagnosisID)
	return n, err
}
