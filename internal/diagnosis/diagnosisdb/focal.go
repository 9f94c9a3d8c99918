package diagnosisdb

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Chosen is what has been chosen of a diagnosis: its focal points, the workshop and the
// votes.
type Chosen struct {
	diagnosis.Workshop
	Focal   []diagnosis.FocalPoint // as they were made
	Votes   map[string]int         // by id of a characteristic
	Ballots int
}

// Focal returns what has been chosen of a diagnosis; nothing, where nothing has.
func (s *Store) Focal(ctx context.Context, organisation, diagnosisID string) (c Chosen, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		c, err = focal(ctx, tx, organisation, diagnosisID)
		return err
	})
	return c, err
}

func focal(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (c Chosen, err error) {
	if c.Workshop, err = workshop(ctx, tx, organisation, diagnosisID); err != nil {
		return c, err
	}
	c.Focal, err = db.All(ctx, tx, func(row db.Scanner) (f diagnosis.FocalPoint, err error) {
		var items, recommendations string
		if err = row.Scan(&f.ID, &f.Theme, &f.Wording, &items, &f.OwnerID, &f.Owner, &f.Promise, &recommendations); err != nil {
			return f, err
		}
		if err = json.Unmarshal([]byte(items), &f.Items); err == nil {
			err = json.Unmarshal([]byte(recommendations), &f.Recommendations)
		}
		return f, err
	}, `SELECT id, theme, wording, items, owner_id, owner, promise, recommendations FROM diagnosis_focal
		WHERE organisation_id = $1 AND diagnosis_id = $2 ORDER BY id`, organisation, diagnosisID)
	if err != nil {
		return c, err
	}
	ballots, err := db.All(ctx, tx, db.Value[string], `SELECT items FROM diagnosis_ballot WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	c.Votes, c.Ballots = map[string]int{}, len(ballots)
	for _, b := range ballots {
		var items []string
		if err := json.Unmarshal([]byte(b), &items); err != nil {
			return c, err
		}
		for _, it := range items {
			c.Votes[it]++
		}
	}
	return c, err
}

func workshop(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (diagnosis.Workshop, error) {
	w, _, err := db.One(ctx, tx, func(row db.Scanner) (w diagnosis.Workshop, err error) {
		var decided int64
		err = row.Scan(&w.Day, &w.Present, &w.Notes, &w.Voters, &w.Voting, &w.Code, &decided, &w.DecidedBy)
		if decided > 0 {
			w.Decided = time.UnixMicro(decided)
		}
		return w, err
	}, `SELECT day, present, notes, voters, voting, code, decided_at, decided_by FROM diagnosis_workshop
		WHERE organisation_id = $1 AND diagnosis_id = $2`, organisation, diagnosisID)
	return w, err
}

// choosing returns a diagnosis whose focal points can be changed, with its instrument and
// what has been chosen. It reports one without a report, and one that is decided.
func (s *Store) choosing(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (d diagnosis.Diagnosis, in *diagnosis.Instrument, c Chosen, err error) {
	if d, err = oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
		return d, nil, c, err
	}
	if d.State != diagnosis.Closed {
		return d, nil, c, fault.Conflictf("focal points are chosen once the diagnosis is closed and its report stands")
	}
	if in, _, err = s.frozen(ctx, tx, organisation, diagnosisID); err != nil {
		return d, nil, c, err
	}
	if c, err = focal(ctx, tx, organisation, diagnosisID); err == nil && !c.Decided.IsZero() {
		err = fault.Conflictf("the focal points are decided: take the decision back to change them")
	}
	return d, in, c, err
}

// SaveFocal keeps a focal point, a new one where it has no id, and returns its id. The
// owner is found by personnel number, mail address or name on today's roster; as it stands
// for the one who is owner already, "" for nobody.
func (s *Store) SaveFocal(ctx context.Context, organisation, diagnosisID string, f diagnosis.FocalPoint, owner, by string) (string, error) {
	owner = strings.TrimSpace(owner)
	d, err := s.Diagnosis(ctx, organisation, diagnosisID)
	if err != nil {
		return "", err
	}
	ownerOf := s.Org.OwnerOf(ctx, organisation, owner, s.Today(d))
	made := cmp.Or(f.ID, id.New())
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, in, c, err := s.choosing(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		was := slices.IndexFunc(c.Focal, func(other diagnosis.FocalPoint) bool { return other.ID == f.ID })
		switch {
		case f.ID != "" && was < 0:
			return fault.NotFoundf("there is no such focal point")
		case f.ID == "" && len(c.Focal) >= diagnosis.MostFocal:
			return fault.Invalidf("there are %d focal points already: more are not kept in focus", len(c.Focal))
		}
		var before org.Ref
		if was >= 0 {
			before = org.Ref{ID: c.Focal[was].OwnerID, Name: c.Focal[was].Owner}
		}
		answers, err := ownerOf(before)
		if err != nil {
			return err
		}
		f.OwnerID, f.Owner = answers.ID, answers.Name
		if err := f.Check(in); err != nil {
			return err
		}
		kept := f
		kept.ID, kept.Recommendations = made, slices.Clone(f.Recommendations)
		for i := range kept.Recommendations {
			r := &kept.Recommendations[i]
			if was < 0 || !slices.ContainsFunc(c.Focal[was].Recommendations, func(of diagnosis.Recommendation) bool { return of.ID == r.ID }) {
				r.ID = id.New()
			}
		}
		return s.writeFocal(ctx, tx, organisation, diagnosisID, kept, by)
	})
	return made, err
}

func (s *Store) writeFocal(ctx context.Context, tx *db.Tx, organisation, diagnosisID string, f diagnosis.FocalPoint, by string) error {
	items, err := json.Marshal(f.Items)
	if err != nil {
		return err
	}
	recommendations, err := json.Marshal(f.Recommendations)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO diagnosis_focal (organisation_id, diagnosis_id, id, theme, wording, items, owner_id, owner, promise, recommendations)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (organisation_id, diagnosis_id, id)
		DO UPDATE SET theme = $4, wording = $5, items = $6, owner_id = $7, owner = $8, promise = $9, recommendations = $10`,
		organisation, diagnosisID, f.ID, f.Theme, f.Wording, string(items), f.OwnerID, f.Owner, f.Promise, string(recommendations))
	if err != nil {
		return err
	}
	return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "focal point kept", Detail: f.Theme})
}

// DropFocal deletes a focal point.
func (s *Store) DropFocal(ctx context.Context, organisation, diagnosisID, focal, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, _, err := s.choosing(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM diagnosis_focal WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`, organisation, diagnosisID, focal)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such focal point")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "focal point deleted"})
	})
}

// SaveWorkshop keeps what is known of the workshop, and lets voting begin or end; the first
// time it begins the address of the ballots is made. Minutes can still be mended once the
// focal points are decided.
func (s *Store) SaveWorkshop(ctx context.Context, organisation, diagnosisID string, w diagnosis.Workshop) error {
	if err := w.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, _, c, err := s.choosing(ctx, tx, organisation, diagnosisID)
		decided := !c.Decided.IsZero()
		if err != nil && !(decided && !w.Voting) {
			return err
		}
		w.Code, w.Decided, w.DecidedBy = c.Code, c.Decided, c.DecidedBy
		if w.Voting && w.Code == "" {
			w.Code = id.Random()
		}
		return writeWorkshop(ctx, tx, organisation, diagnosisID, w)
	})
}

func writeWorkshop(ctx context.Context, tx *db.Tx, organisation, diagnosisID string, w diagnosis.Workshop) error {
	decided := int64(0)
	if !w.Decided.IsZero() {
		decided = w.Decided.UnixMicro()
	}
	_, err := tx.Exec(ctx, `INSERT INTO diagnosis_workshop (organisation_id, diagnosis_id, day, present, notes, voters, voting, code, decided_at, decided_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (organisation_id, diagnosis_id)
		DO UPDATE SET day = $3, present = $4, notes = $5, voters = $6, voting = $7, code = $8, decided_at = $9, decided_by = $10`,
		organisation, diagnosisID, w.Day, w.Present, w.Notes, w.Voters, w.Voting, w.Code, decided, w.DecidedBy)
	return err
}

// DecideFocal decides the focal points as they stand, and ends voting. It reports what they
// lack.
func (s *Store) DecideFocal(ctx context.Context, organisation, diagnosisID, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, _, c, err := s.choosing(ctx, tx, organisation, diagnosisID)
		if err == nil {
			err = c.Ready(c.Focal)
		}
		if err != nil {
			return err
		}
		c.Decided, c.DecidedBy, c.Voting = s.now(), by, false
		if err := writeWorkshop(ctx, tx, organisation, diagnosisID, c.Workshop); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "focal points decided", Detail: d.Name})
	})
}

// ReopenFocal takes the decision back, so that focal points can be changed.
func (s *Store) ReopenFocal(ctx context.Context, organisation, diagnosisID, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		w, err := workshop(ctx, tx, organisation, diagnosisID)
		if err == nil && w.Decided.IsZero() {
			err = fault.Conflictf("the focal points are not decided yet")
		}
		if err != nil {
			return err
		}
		w.Decided, w.DecidedBy = time.Time{}, ""
		if err := writeWorkshop(ctx, tx, organisation, diagnosisID, w); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "decision on focal points taken back", Detail: d.Name})
	})
}

// Election is what somebody with the address of the ballots sees.
type Election struct {
	Organisation org.Organisation
	Diagnosis    diagnosis.Diagnosis
	Instrument   *diagnosis.Instrument
	Open         bool
	Given        []string // what this browser has voted for

	organisation string
	voters       int
}

// Election returns what an address of ballots opens; not found for one that is none. voter
// is what the browser has, "" for nothing.
func (s *Store) Election(ctx context.Context, code, voter string) (e Election, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		e, err = s.election(ctx, tx, code)
		if err != nil || voter == "" {
			return err
		}
		given, found, err := db.One(ctx, tx, db.Value[string], `SELECT items FROM diagnosis_ballot WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`,
			e.organisation, e.Diagnosis.ID, secret.Hash("v", voter))
		if err != nil || !found {
			return err
		}
		return json.Unmarshal([]byte(given), &e.Given)
	})
	return e, err
}

func (s *Store) election(ctx context.Context, tx *db.Tx, code string) (e Election, err error) {
	var diagnosisID string
	_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&e.organisation, &diagnosisID, &e.Open, &e.voters, &e.Organisation.Slug, &e.Organisation.Name, &e.Organisation.Language, &e.Organisation.Simulated)
	}, `SELECT w.organisation_id, w.diagnosis_id, w.voting, w.voters, o.slug, o.name, o.language, o.simulated FROM diagnosis_workshop w
		JOIN org_organisation o ON o.organisation_id = w.organisation_id WHERE w.code = $1`, code)
	if err == nil && (!found || code == "") {
		err = fault.NotFoundf("there is no vote at this address: compare it with the one that you were given")
	}
	if err != nil {
		return e, err
	}
	if e.Diagnosis, err = oneDiagnosis(ctx, tx, e.organisation, diagnosisID); err != nil {
		return e, err
	}
	e.Instrument, _, err = s.frozen(ctx, tx, e.organisation, diagnosisID)
	return e, err
}

// Vote takes a ballot, or another one in the place of what the same browser gave before. It
// reports that voting is over, and that as many have voted as may.
func (s *Store) Vote(ctx context.Context, code, voter string, items []string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := s.election(ctx, tx, code)
		if err == nil && !e.Open {
			err = fault.Conflictf("voting is over: your choice can no longer be taken")
		}
		if err == nil {
			err = e.Instrument.Ballot(items)
		}
		if err != nil {
			return err
		}
		body, err := json.Marshal(items)
		if err != nil {
			return err
		}
		ballot := secret.Hash("v", voter)
		if _, err = tx.Exec(ctx, `INSERT INTO diagnosis_ballot (organisation_id, diagnosis_id, id, items) VALUES ($1, $2, $3, $4)
			ON CONFLICT (organisation_id, diagnosis_id, id) DO UPDATE SET items = $4`, e.organisation, e.Diagnosis.ID, ballot, string(body)); err != nil {
			return err
		}
		n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM diagnosis_ballot WHERE organisation_id = $1 AND diagnosis_id = $2`, e.organisation, e.Diagnosis.ID)
		if err == nil && n > e.voters {
			err = fault.Conflictf("as many have voted as take part: ask who leads the workshop to let one more in")
		}
		return err
	})
}

// Judged is what became of the focal points of an earlier diagnosis.
type Judged struct {
	diagnosis.Judged
	Then  *Published
	Years float64
}

// Judge judges the focal points of an earlier diagnosis on the report of this one. It
// reports one of other wording, and, not found, that it decided none.
func (s *Store) Judge(ctx context.Context, organisation, diagnosisID, with string) (*Judged, error) {
	compared, err := s.Compare(ctx, organisation, diagnosisID, with)
	if err != nil {
		return nil, err
	}
	c, err := s.Focal(ctx, organisation, compared.Then.Diagnosis.ID)
	if err != nil {
		return nil, err
	}
	if c.Decided.IsZero() {
		return nil, fault.NotFoundf("no diagnosis before this one that asked the same has decided on focal points")
	}
	now, err := s.Report(ctx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	j := now.Instrument.Judge(c.Focal, compared.Then.Report, now.Report, compared.merged, compared.Years)
	return &Judged{Judged: j, Then: compared.Then, Years: compared.Years}, nil
}

// Moved is what became of characteristics in units since an earlier diagnosis that asked the same.
func (s *Store) Moved(ctx context.Context, organisation, diagnosisID, with string, asked []diagnosis.Asked) ([]diagnosis.Moved, error) {
	compared, err := s.Compare(ctx, organisation, diagnosisID, with)
	if err != nil {
		return nil, err
	}
	now, err := s.Report(ctx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	return now.Instrument.Moved(asked, compared.Then.Report, now.Report, compared.merged, compared.Years), nil
}
