package learningdb

import (
	"context"
	"iter"
	"reflect"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// ResourceFeed is what is handed in.
type ResourceFeed struct {
	Rows   iter.Seq2[learning.ResourceRow, error]
	Source string // name of the file
	By     string
}

// ResourcesCame says what a file of resources has brought.
type ResourcesCame struct{ Fresh, Changed, Same int }

// ImportResources takes resources: all of the file or nothing. One whose short name is there is brought
// up to date, and keeps its id. Mistakes are the core's.
func (s Store) ImportResources(ctx context.Context, organisation string, f ResourceFeed) (came ResourcesCame, err error) {
	goals, err := s.Strategy.Worked(ctx, organisation)
	if err != nil {
		return came, err
	}
	setting, err := effortdb.Store{DB: s.DB}.Setting(ctx, organisation)
	if err != nil {
		return came, err
	}
	characteristics, err := s.characteristics(ctx, organisation)
	if err != nil {
		return came, err
	}
	rows := held(f.Rows)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		came = ResourcesCame{}
		b, err := s.book(ctx, tx, organisation, goals, setting.Currency)
		if err != nil {
			return err
		}
		b.Names[effort.ForCharacteristic] = characteristics
		read, err := learning.GatherResources(b, rows)
		if err != nil {
			return err
		}
		if err := s.keepResources(ctx, tx, organisation, b, read, f, &came); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, f.By, "resources imported", f.Source)
	})
	return came, err
}

// book is what a file of resources may speak of.
func (s Store) book(ctx context.Context, tx *db.Tx, organisation string, goals []strategy.Goal, currency string) (learning.Book, error) {
	b := learning.Book{Currency: currency, Levels: map[string]int{}, Names: map[string]effort.Names{effort.ForCompetency: {}, learning.AimRole: {}, effort.ForGoal: {}}}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return b, err
	}
	b.Today = today
	b.Owner = func(called string) (org.Ref, error) { return owner(ctx, tx, organisation, called, today) }
	if b.Resources, err = s.resources(ctx, tx, organisation, ResourceQuery{Ended: true}, ""); err != nil {
		return b, err
	}
	frameworks, err := frameworksIn(ctx, tx, organisation)
	if err != nil {
		return b, err
	}
	competencies, err := db.All(ctx, tx, scanCompetency, `SELECT `+competencyColumns+` FROM learning_competency c WHERE c.organisation_id = $1 AND c.ended = ''`, organisation)
	if err != nil {
		return b, err
	}
	for _, c := range competencies {
		b.Levels[c.ID] = len(frameworks[c.Framework].Levels)
		for _, name := range []string{c.Name, c.Key} {
			b.Names[effort.ForCompetency].Add(name, c.ID)
		}
	}
	all, err := roles(ctx, tx, organisation, `ended = $2`, "")
	for _, r := range all {
		for _, name := range []string{r.Name, r.Key} {
			b.Names[learning.AimRole].Add(name, r.ID)
		}
	}
	for _, g := range goals {
		b.Names[effort.ForGoal].Add(g.Name, g.ID)
		b.Names[effort.ForGoal].Add(g.ID, g.ID)
	}
	return b, err
}

// owner is whoever has a personnel number or a mail address.
func owner(ctx context.Context, tx *db.Tx, organisation, called string, today period.Day) (org.Ref, error) {
	person, err := orgdb.CalledIn(ctx, tx, organisation, called, today)
	if err != nil {
		return org.Ref{}, err
	}
	p, err := orgdb.PersonIn(ctx, tx, organisation, person, today)
	return org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, err
}

// held reads a file once, so that what is made of it can be made again.
func held(rows iter.Seq2[learning.ResourceRow, error]) iter.Seq2[learning.ResourceRow, error] {
	type read struct {
		row learning.ResourceRow
		err error
	}
	var all []read
	for row, err := range rows {
		all = append(all, read{row, err})
	}
	return func(yield func(learning.ResourceRow, error) bool) {
		for _, one := range all {
			if !yield(one.row, one.err) {
				return
			}
		}
	}
}

func (s Store) keepResources(ctx context.Context, tx *db.Tx, organisation string, b learning.Book, read []learning.Resource, f ResourceFeed, came *ResourcesCame) error {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return err
	}
	was, ids := map[string]learning.Resource{}, map[string]string{}
	for _, r := range b.Resources {
		was[r.Key], ids[r.Key] = r, r.ID
	}
	for n := range read {
		if read[n].ID == "" {
			read[n].ID = id.New()
		}
		ids[read[n].Key] = read[n].ID
	}
	for _, r := range read {
		for n, key := range r.Needs {
			r.Needs[n] = ids[key]
		}
		before, known := was[r.Key]
		switch {
		case !known:
			came.Fresh++
		case alike(before, r):
			came.Same++
			continue
		default:
			came.Changed++
		}
		if err := writeResource(ctx, tx, organisation, r, f.By, s.now().UnixMicro()); err != nil {
			return err
		}
		if err := s.admit(ctx, tx, organisation, r, today); err != nil {
			return err
		}
	}
	return nil
}

// alike says whether two resources say the same, in whatever order.
func alike(a, b learning.Resource) bool {
	set := func(r *learning.Resource) (map[learning.Aim]bool, map[string]bool) {
		aims, needs := map[learning.Aim]bool{}, map[string]bool{}
		for _, aim := range r.Aims {
			aims[aim] = true
		}
		for _, need := range r.Needs {
			needs[need] = true
		}
		r.Aims, r.Needs = nil, nil
		return aims, needs
	}
	aimsOfA, needsOfA := set(&a)
	aimsOfB, needsOfB := set(&b)
	return reflect.DeepEqual(a, b) && reflect.DeepEqual(aimsOfA, aimsOfB) && reflect.DeepEqual(needsOfA, needsOfB)
}

// characteristics are those of the present instrument, by id and English name.
func (s Store) characteristics(ctx context.Context, organisation string) (effort.Names, error) {
	names := effort.Names{}
	if s.Diagnosis == nil {
		return names, nil
	}
	in, err := s.Diagnosis.CurrentInstrument(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, it := range in.Items() {
		names.Add(it.ID, it.ID)
		names.Add(it.Name.In("en"), it.ID)
	}
	return names, nil
}
