package diagnosisdb

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const diagnosisColumns = `id, name, instrument_id, roster_day, opens_at, closes_at, setup, state, opened_at, closed_at, unnamed, released, predecessor, within, part, opened_by, closed_by, ` + orgdb.Zone

func scanDiagnosis(row db.Scanner) (d diagnosis.Diagnosis, err error) {
	var opens, closes, opened, closed int64
	var setup, within, zone string
	if err := row.Scan(&d.ID, &d.Name, &d.Instrument, &d.RosterDay, &opens, &closes, &setup, &d.State, &opened, &closed, &d.Unnamed, &d.Released, &d.Predecessor,
		&within, &d.Part, &d.OpenedBy, &d.ClosedBy, &zone); err != nil {
		return d, err
	}
	if within != "" {
		d.Within = strings.Split(within, "/")
	}
	d.Opens, d.Closes, d.OpenedAt, d.ClosedAt = period.Moment(opens, zone), period.Moment(closes, zone), period.Moment(opened, zone), period.Moment(closed, zone)
	return d, json.Unmarshal([]byte(setup), &d.Setup)
}

// Diagnoses lists an organisation's diagnoses, the newest first.
func (s *Store) Diagnoses(ctx context.Context, organisation string) (list []diagnosis.Diagnosis, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = db.All(ctx, tx, scanDiagnosis,
			`SELECT `+diagnosisColumns+` FROM diagnosis_diagnosis WHERE organisation_id = $1 ORDER BY id DESC`, organisation)
		return err
	})
	return list, err
}

// Diagnosis returns one diagnosis.
func (s *Store) Diagnosis(ctx context.Context, organisation, diagnosisID string) (d diagnosis.Diagnosis, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err = oneDiagnosis(ctx, tx, organisation, diagnosisID)
		return err
	})
	return d, err
}

func oneDiagnosis(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (diagnosis.Diagnosis, error) {
	d, found, err := db.One(ctx, tx, scanDiagnosis,
		`SELECT `+diagnosisColumns+` FROM diagnosis_diagnosis WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such diagnosis")
	}
	return d, err
}

// Draft begins a diagnosis and returns its id.
func (s *Store) Draft(ctx context.Context, organisation string, d diagnosis.Diagnosis, by string) (string, error) {
	if err := d.Check(); err != nil {
		return "", err
	}
	setup, err := json.Marshal(d.Setup)
	if err != nil {
		return "", err
	}
	d.ID = id.New()
	return d.ID, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := fits(ctx, tx, organisation, d); err != nil {
			return err
		}
		within, part, err := placed(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		now := s.now()
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_diagnosis (organisation_id, id, name, instrument_id, source, roster_day,
			opens_at, closes_at, setup, layout, state, made_at, opened_at, closed_at, within, part)
			VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, '', $9, $10, 0, 0, $11, $12)`, organisation, d.ID, d.Name, d.Instrument, d.RosterDay,
			d.Opens.UnixMicro(), d.Closes.UnixMicro(), string(setup), diagnosis.Draft, now.UnixMicro(), within, part)
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "diagnosis begun", Detail: d.Name})
	})
}

// Change replaces what was chosen for a draft. One that is open is frozen: a
// conflict.
func (s *Store) Change(ctx context.Context, organisation string, d diagnosis.Diagnosis) error {
	if err := d.Check(); err != nil {
		return err
	}
	setup, err := json.Marshal(d.Setup)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := fits(ctx, tx, organisation, d); err != nil {
			return err
		}
		within, part, err := placed(ctx, tx, organisation, d)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE diagnosis_diagnosis
			SET name = $3, instrument_id = $4, roster_day = $5, opens_at = $6, closes_at = $7, setup = $8, within = $10, part = $11
			WHERE organisation_id = $1 AND id = $2 AND state = $9`, organisation, d.ID, d.Name, d.Instrument, d.RosterDay,
			d.Opens.UnixMicro(), d.Closes.UnixMicro(), string(setup), diagnosis.Draft, within, part)
		if err == nil && n == 0 {
			return fault.Conflictf("this diagnosis is open: what was chosen is frozen")
		}
		return err
	})
}

// placed is where in the tree of its roster's day the unit stands that a diagnosis asks, as it
// is stored, and its name; "" for the whole.
func placed(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) (within, part string, err error) {
	if d.Unit() == "" {
		return "", "", nil
	}
	structure, err := orgdb.StructureIn(ctx, tx, organisation, d.RosterDay)
	if err != nil {
		return "", "", err
	}
	at, ok := structure.Find(d.Unit())
	if !ok {
		return "", "", fault.Fieldf("unit", "the roster of %s does not have this unit: choose another, or another day", string(d.RosterDay))
	}
	return strings.Join(structure.IDs(at), "/"), structure.Units[at].Name, nil
}

// Asks says whether one of the units that an open or closed diagnosis froze is one.
func (s *Store) Asks(ctx context.Context, organisation, diagnosisID string, is func(unit string) bool) (asks bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		_, layout, err := s.frozen(ctx, tx, organisation, diagnosisID)
		asks = slices.ContainsFunc(layout.Units, func(u diagnosis.LayoutUnit) bool { return is(u.ID) })
		return err
	})
	return asks, err
}

// Extend gives an open diagnosis another closing time. What else was chosen is frozen.
func (s *Store) Extend(ctx context.Context, organisation, diagnosisID string, closes time.Time, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		now := s.now()
		switch {
		case d.State != diagnosis.Open:
			return fault.Conflictf("the closing time changes only while a diagnosis is open")
		case !closes.After(now) || !closes.After(d.Opens):
			return fault.Fieldf("closes", "the closing time is past: choose a later one")
		}
		_, err = tx.Exec(ctx, `UPDATE diagnosis_diagnosis SET closes_at = $3 WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID, closes.UnixMicro())
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "closing time changed", Detail: d.Name + ", " + closes.Format("2006-01-02 15:04")})
	})
}

// unchanging is what an open or closed diagnosis froze.
type unchanging struct {
	in     *diagnosis.Instrument
	layout diagnosis.Layout
}

// frozen returns what an open or closed diagnosis froze. It is read once and shared:
// who gets it changes nothing in it.
func (s *Store) frozen(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (*diagnosis.Instrument, diagnosis.Layout, error) {
	key := organisation + "/" + diagnosisID
	if known, ok := s.unchanging.Load(key); ok {
		u := known.(unchanging)
		return u.in, u.layout, nil
	}
	var u unchanging
	type row struct{ source, layout string }
	f, found, err := db.One(ctx, tx, func(r db.Scanner) (f row, err error) {
		err = r.Scan(&f.source, &f.layout)
		return f, err
	}, `SELECT source, layout FROM diagnosis_diagnosis WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID)
	if err != nil {
		return nil, u.layout, err
	}
	if !found || f.layout == "" {
		return nil, u.layout, fault.NotFoundf("there is no such diagnosis, or it is not open yet")
	}
	if err := json.Unmarshal([]byte(f.layout), &u.layout); err != nil {
		return nil, u.layout, err
	}
	if u.in, err = diagnosis.ReadInstrument([]byte(f.source)); err != nil {
		return nil, u.layout, err
	}
	s.unchanging.Store(key, u)
	return u.in, u.layout, nil
}

// Instrument returns the instrument that an open or closed diagnosis froze.
func (s *Store) Instrument(ctx context.Context, organisation, diagnosisID string) (in *diagnosis.Instrument, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		in, _, err = s.frozen(ctx, tx, organisation, diagnosisID)
		return err
	})
	return in, err
}
