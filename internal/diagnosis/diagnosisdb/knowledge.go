package diagnosisdb

import (
	"context"
	"encoding/json"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Known is what is known about a characteristic; Own says that the organisation has written it.
type Known struct {
	diagnosis.Knowledge
	Own bool
}

// CurrentInstrument is the instrument of the newest diagnosis that has opened, else the shipped
// one.
func (s *Store) CurrentInstrument(ctx context.Context, organisation string) (*diagnosis.Instrument, error) {
	all, err := s.Diagnoses(ctx, organisation)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(d diagnosis.Diagnosis) bool { return d.State != diagnosis.Draft })
	if i < 0 {
		return diagnosis.ReadInstrument(diagnosis.HPOFile)
	}
	return s.Instrument(ctx, organisation, all[i].ID)
}

// Knowledge returns what is known in a language about the characteristics of an instrument, by
// their ids: what the organisation has written, else what the program brings.
func (s *Store) Knowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language string) (map[string]Known, error) {
	all := map[string]Known{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		clear(all)
		for _, it := range in.Items() {
			if k, ok := diagnosis.ShippedKnowledge(language, it.ID); ok && in.ID == diagnosis.ShippedID && it.Factor >= 0 {
				all[it.ID] = Known{Knowledge: k}
			}
		}
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var item, body string
			if err := row.Scan(&item, &body); err != nil {
				return struct{}{}, err
			}
			k := Known{Own: true}
			err := json.Unmarshal([]byte(body), &k.Knowledge)
			k.ID = item
			all[item] = k
			return struct{}{}, err
		}, `SELECT item, body FROM diagnosis_knowledge WHERE organisation_id = $1 AND instrument = $2 AND language = $3 AND item NOT LIKE $4`, organisation, in.ID, language, introduces("%"))
		return err
	})
	return all, err
}

// KeepKnowledge keeps what an organisation has written about a characteristic, in a language.
func (s *Store) KeepKnowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language string, k diagnosis.Knowledge, by string) error {
	if err := k.Check(); err != nil {
		return err
	}
	if !slices.ContainsFunc(in.Items(), func(it diagnosis.PlacedItem) bool { return it.ID == k.ID && it.Factor >= 0 }) {
		return fault.NotFoundf("the instrument has no such characteristic")
	}
	return s.keepKnowledge(ctx, organisation, in, language, k.ID, k, org.Event{Who: by, What: "text about a characteristic kept", Detail: k.ID})
}

func (s *Store) keepKnowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language, subject string, text any, event org.Event) error {
	if !slices.Contains(diagnosis.KnowledgeLanguages, language) {
		return fault.Invalidf("%q is no language of the interface", language)
	}
	body, err := json.Marshal(text)
	if err != nil {
		return err
	}
	event.At = s.now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_knowledge (organisation_id, instrument, item, language, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (organisation_id, instrument, item, language) DO UPDATE SET body = $5, made_at = $6, made_by = $7`,
			organisation, in.ID, subject, language, string(body), event.At.UnixMicro(), event.Who)
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// introduces is under what the introduction of a factor is kept, apart from what is known about an item.
func introduces(factor string) string { return "factor/" + factor }

// Introduction returns the talk that introduces a factor of an instrument, in a language: what the
// organisation has written, else what the program brings.
func (s *Store) Introduction(ctx context.Context, organisation string, in *diagnosis.Instrument, language, factor string) (steps []diagnosis.Step, own bool, err error) {
	var body string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		body, own, err = db.One(ctx, tx, db.Value[string], `SELECT body FROM diagnosis_knowledge WHERE organisation_id = $1 AND instrument = $2 AND item = $3 AND language = $4`, organisation, in.ID, introduces(factor), language)
		return err
	})
	switch {
	case err != nil:
	case own:
		err = json.Unmarshal([]byte(body), &steps)
	case in.ID == diagnosis.ShippedID:
		steps = diagnosis.Introduction(language, factor)
	}
	return steps, own, err
}

// KeepIntroduction keeps the talk that an organisation has written about a factor, in a language.
func (s *Store) KeepIntroduction(ctx context.Context, organisation string, in *diagnosis.Instrument, language, factor string, steps []diagnosis.Step, by string) error {
	if !slices.ContainsFunc(in.Factors, func(f diagnosis.Factor) bool { return f.ID == factor }) {
		return fault.NotFoundf("the instrument has no such factor")
	}
	return s.keepKnowledge(ctx, organisation, in, language, introduces(factor), steps, org.Event{Who: by, What: "introduction of a factor kept", Detail: factor})
}

// DropIntroduction goes back to what the program brings.
func (s *Store) DropIntroduction(ctx context.Context, organisation string, in *diagnosis.Instrument, language, factor, by string) error {
	return s.dropKnowledge(ctx, organisation, in, language, introduces(factor), org.Event{Who: by, What: "introduction of a factor deleted", Detail: factor})
}

// DropKnowledge goes back to what the program brings.
func (s *Store) DropKnowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language, item, by string) error {
	return s.dropKnowledge(ctx, organisation, in, language, item, org.Event{Who: by, What: "text about a characteristic deleted", Detail: item})
}

func (s *Store) dropKnowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language, subject string, event org.Event) error {
	event.At = s.now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM diagnosis_knowledge WHERE organisation_id = $1 AND instrument = $2 AND item = $3 AND language = $4`, organisation, in.ID, subject, language)
		if err != nil || n == 0 {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}
