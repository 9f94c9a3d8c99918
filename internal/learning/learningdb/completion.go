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

// CompletionFeed is what a learning system hands in.
type CompletionFeed struct {
	Map      learning.CompletionMap
	Sources  []org.Source
	By       string
	Progress func(done, total int) // may be nil
}

// CompletionsCame says what it has brought.
type CompletionsCame struct {
	Registrations int // that the files hold, of people who are known
	Completed     int // of these
	NotDone       int
	Skipped       int // rows of people who are not in the roster
	Resources     int // that were made
	Posted        int // entries of the ledger: completions with hours or a price that are known
}

const completionsAtOnce = 1000

// ImportCompletions takes registrations and results: all of the files or nothing. What is said again of
// the same person, resource and run takes the place of what was said before, in the ledger too. Mistakes are
// the core's, and a resource that is not there where the map makes none.
func (s Store) ImportCompletions(ctx context.Context, organisation string, f CompletionFeed) (came CompletionsCame, err error) {
	var people []org.Career
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		people, err = orgdb.CareersIn(ctx, tx, organisation)
		return err
	})
	if err != nil {
		return came, err
	}
	all, skipped, err := learning.GatherCompletions(f.Map, people, f.Sources)
	if err != nil {
		return came, err
	}
	by := map[string]org.Ref{}
	for _, p := range people {
		by[p.ID] = p.Ref
	}
	err = s.DB.WriteInTurn(ctx, effortdb.LedgerOf(organisation), func(tx *db.Tx) error {
		came = CompletionsCame{Registrations: len(all), Skipped: skipped}
		if err := tx.PlanAnew(ctx); err != nil {
			return err
		}
		of, err := s.named(ctx, tx, organisation, all, f, &came)
		if err != nil {
			return err
		}
		units, err := s.unitNames(ctx, tx, organisation)
		if err != nil {
			return err
		}
		done := 0
		for some := range slices.Chunk(all, completionsAtOnce) {
			if err := s.keepCompletions(ctx, tx, organisation, some, of, by, units, f, &came); err != nil {
				return err
			}
			if done += len(some); f.Progress != nil {
				f.Progress(done, len(all))
			}
		}
		return s.record(ctx, tx, organisation, f.By, "completions imported", f.Sources[0].Name)
	})
	return came, err
}

// unitNames are units, also those that have left, by id.
func (s Store) unitNames(ctx context.Context, tx *db.Tx, organisation string) (map[string]org.Ref, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	structure, err := orgdb.UnitsIn(ctx, tx, organisation, today)
	if err != nil {
		return nil, err
	}
	units := map[string]org.Ref{}
	for _, u := range structure.Units {
		units[u.ID] = u.Ref()
	}
	return units, nil
}

// named finds the resources of completions by short name or name, and makes those that are not there.
func (s Store) named(ctx context.Context, tx *db.Tx, organisation string, all []learning.Completion, f CompletionFeed, came *CompletionsCame) (map[string]learning.Resource, error) {
	there, err := s.resources(ctx, tx, organisation, ResourceQuery{Ended: true}, "")
	if err != nil {
		return nil, err
	}
	of := map[string]learning.Resource{}
	for _, r := range there {
		of[r.Name] = r
	}
	for _, r := range there {
		of[r.Key] = r
	}
	since := map[string]period.Day{}
	for _, c := range all {
		if day := first(c.Registered, c.Done); since[c.Name] == "" || day != "" && day < since[c.Name] {
			since[c.Name] = day
		}
	}
	for _, c := range all {
		if _, known := of[c.Name]; known {
			continue
		}
		if f.Map.Modality == "" {
			return nil, fault.Invalidf("there is no resource %q: describe it first, or say in the map by which modality new ones are", c.Name)
		}
		r := learning.Resource{ID: id.New(), Key: c.Name, Name: c.Name, Modality: f.Map.Modality, Since: since[c.Name]}
		if err := s.saveResource(ctx, tx, organisation, &r, f.By); err != nil {
			return nil, err
		}
		of[c.Name] = r
		came.Resources++
	}
	return of, nil
}

// keepCompletions writes some, and into the ledger what they come to.
func (s Store) keepCompletions(ctx context.Context, tx *db.Tx, organisation string, some []learning.Completion, of map[string]learning.Resource, people, units map[string]org.Ref, f CompletionFeed, came *CompletionsCame) error {
	var references []any
	for _, c := range some {
		references = append(references, c.Reference(of[c.Name].ID))
	}
	was := map[string]string{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var request, reference string
		err := row.Scan(&request, &reference)
		was[reference] = request
		return struct{}{}, err
	}, `SELECT id, reference FROM learning_request WHERE organisation_id = $1 AND reference IN (`+db.Placeholders(2, len(references))+`)`, append([]any{organisation}, references...)...)
	if err != nil {
		return err
	}
	var rows [][]any
	var said []learning.Request
	entries, at := map[string][]effort.Entry{}, map[string]int{}
	for _, c := range some {
		r := of[c.Name]
		reference := c.Reference(r.ID)
		q := learning.Request{ID: was[reference], Person: people[c.Person], Unit: units[c.Unit], Resource: r.ID, Needed: first(c.Registered, c.Done), State: c.State, Access: c.Registered, Done: c.Done, Minutes: c.Minutes, Result: c.Result, Source: f.Sources[0].Name, Reference: reference, By: f.By, At: s.now()}
		if q.ID == "" {
			q.ID = id.New()
		}
		was[reference] = q.ID
		if n, twice := at[q.ID]; twice { // files may call one resource by two names: the last holds
			rows[n] = requestRow(organisation, q)
		} else {
			at[q.ID] = len(rows)
			rows = append(rows, requestRow(organisation, q))
		}
		said, entries[q.ID] = append(said, q), q.Effort(r)
		came.Posted += len(entries[q.ID])
		switch c.State {
		case learning.Completed:
			came.Completed++
		case learning.NotDone:
			came.NotDone++
		}
	}
	if err := tx.PutMany(ctx, "learning_request", requestFields, 2, rows); err != nil {
		return err
	}
	if err := (effortdb.Store{DB: s.DB, Now: s.Now}).RecordAll(ctx, tx, organisation, effort.OfCompletion, entries, f.By); err != nil {
		return err
	}
	return s.postItems(ctx, tx, organisation, said...)
}
