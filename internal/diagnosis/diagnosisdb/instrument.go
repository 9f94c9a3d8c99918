package diagnosisdb

import (
	"context"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// InstrumentEntry is a kept instrument in a list.
type InstrumentEntry struct {
	ID, Name, Version string
}

// Instruments lists the instruments that an organisation keeps, the newest first;
// the shipped one, which every organisation has, is not among them.
func (s *Store) Instruments(ctx context.Context, organisation string) (list []InstrumentEntry, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = db.All(ctx, tx, func(row db.Scanner) (e InstrumentEntry, err error) {
			err = row.Scan(&e.ID, &e.Name, &e.Version)
			return e, err
		}, `SELECT id, name, version FROM diagnosis_instrument WHERE organisation_id = $1 ORDER BY id DESC`, organisation)
		return err
	})
	return list, err
}

// InstrumentSource returns the file of a kept instrument, of the shipped one for "".
func (s *Store) InstrumentSource(ctx context.Context, organisation, instrument string) (source []byte, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		source, err = instrumentSource(ctx, tx, organisation, instrument)
		return err
	})
	return source, err
}

func instrumentSource(ctx context.Context, tx *db.Tx, organisation, instrument string) ([]byte, error) {
	if instrument == "" {
		return diagnosis.HPOFile, nil
	}
	source, found, err := db.One(ctx, tx, db.Value[string],
		`SELECT source FROM diagnosis_instrument WHERE organisation_id = $1 AND id = $2`, organisation, instrument)
	if err == nil && !found {
		return nil, fault.NotFoundf("there is no such instrument")
	}
	return []byte(source), err
}

// fits reports a diagnosis that its instrument does not let be as it is.
func fits(ctx context.Context, tx *db.Tx, organisation string, d diagnosis.Diagnosis) error {
	in, err := chosen(ctx, tx, organisation, d)
	if err != nil {
		return err
	}
	return d.Fits(in)
}

// KeepInstrument checks an instrument file and keeps it; a kept one never changes,
// a new version is another. It reports a version that is kept already.
func (s *Store) KeepInstrument(ctx context.Context, organisation string, source []byte, by string) (string, error) {
	in, err := diagnosis.ReadInstrument(source)
	if err != nil {
		return "", err
	}
	instrument := id.New()
	return instrument, s.DB.Write(ctx, func(tx *db.Tx) error {
		now := s.now()
		if err := oneWording(ctx, tx, organisation, in, source); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_instrument (organisation_id, id, name, version, source, made_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, organisation, instrument, in.Name.In("en"), in.Version, string(source), now.UnixMicro())
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "instrument kept", Detail: in.Name.In("en")})
	})
}

// oneWording reports an instrument of which this version is kept already.
func oneWording(ctx context.Context, tx *db.Tx, organisation string, in *diagnosis.Instrument, source []byte) error {
	kept, err := db.All(ctx, tx, db.Value[string], `SELECT source FROM diagnosis_instrument WHERE organisation_id = $1 AND version = $2`, organisation, in.Version)
	if err != nil {
		return err
	}
	for _, text := range append(kept, string(diagnosis.HPOFile)) {
		other, err := diagnosis.ReadInstrument([]byte(text))
		switch {
		case err != nil:
			return err
		case other.ID != in.ID || other.Version != in.Version:
		case text == string(source):
			return fault.Conflictf("%[1]s %[2]s is kept already, in these words", in.ID, in.Version)
		default:
			return fault.Conflictf("%[1]s %[2]s is kept already, in other words: give these another version, so that the two are never compared as one", in.ID, in.Version)
		}
	}
	return nil
}
