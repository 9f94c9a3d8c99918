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
		}, `SELECT item, body FROM diagnosis_knowledge WHERE organisation_id = $1 AND instrument = $2 AND language = $3`, organisation, in.ID, language)
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
	if !slices.Contains(diagnosis.KnowledgeLanguages, language) {
		return fault.Invalidf("%q is no language of the interface", language)
	}
	body, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO diagnosis_knowledge (organisation_id, instrument, item, language, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (organisation_id, instrument, item, language) DO UPDATE SET body = $5, made_at = $6, made_by = $7`,
			organisation, in.ID, k.ID, language, string(body), s.now().UnixMicro(), by)
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "text about a characteristic kept", Detail: k.ID})
	})
}

// DropKnowledge goes back to what the program brings.
func (s *Store) DropKnowledge(ctx context.Context, organisation string, in *diagnosis.Instrument, language, item, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM diagnosis_knowledge WHERE organisation_id = $1 AND instrument = $2 AND item = $3 AND language = $4`, organisation, in.ID, item, language)
		if err != nil || n == 0 {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "text about a characteristic deleted", Detail: item})
	})
}
