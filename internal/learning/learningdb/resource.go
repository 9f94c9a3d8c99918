package learningdb

import (
	"context"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

const resourceColumns = `r.id, r.key, r.name, r.note, r.uri, r.modality, r.form, r.external, r.provider, r.owner_id, r.owner_key, r.owner_name, r.language, r.minutes, r.price, r.currency, r.capacity, r.approved, r.since, r.ended`

func scanResource(row db.Scanner) (r learning.Resource, err error) {
	err = row.Scan(&r.ID, &r.Key, &r.Name, &r.Note, &r.URI, &r.Modality, &r.Form, &r.External, &r.Provider, &r.Owner.ID, &r.Owner.Key, &r.Owner.Name, &r.Language, &r.Minutes, &r.Price, &r.Currency, &r.Capacity, &r.Approved, &r.Since, &r.Ended)
	return r, err
}

// ResourceQuery narrows which resources are listed.
type ResourceQuery struct {
	Text     string // words that begin words of it
	Modality effort.Modality
	Form     effort.Form
	Aim      learning.Aim // by kind and id; zero for any
	Ended    bool         // those that are not offered any more too
	Limit    int          // 0 for all
}

// Resources finds resources with what they are for, by name.
func (s Store) Resources(ctx context.Context, organisation string, q ResourceQuery) (all []learning.Resource, err error) {
	match := s.DB.Engine.Match(q.Text)
	if match == "" && strings.TrimSpace(q.Text) != "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = s.resources(ctx, tx, organisation, q, match)
		return err
	})
	return all, err
}

func (s Store) resources(ctx context.Context, tx *db.Tx, organisation string, q ResourceQuery, match string) ([]learning.Resource, error) {
	from, narrow := `learning_resource r`, ""
	args := []any{organisation, q.Modality, q.Aim.Kind, q.Aim.ID, q.Ended, 1 << 40}
	if q.Limit > 0 {
		args[5] = q.Limit
	}
	switch {
	case match == "":
	case s.DB.Engine == db.SQLite:
		from += ` JOIN learning_resource_search f ON f.organisation_id = r.organisation_id AND f.id = r.id`
		narrow, args = ` AND learning_resource_search MATCH $7`, append(args, match)
	default:
		narrow, args = ` AND to_tsvector('simple', r.words) @@ to_tsquery('simple', $7)`, append(args, match)
	}
	all, err := db.All(ctx, tx, scanResource, `SELECT `+resourceColumns+` FROM `+from+` WHERE r.organisation_id = $1 AND ($2 = '' OR r.modality = $2)
		AND ($3 = '' OR EXISTS (SELECT 1 FROM learning_aim a WHERE a.organisation_id = r.organisation_id AND a.resource_id = r.id AND a.kind = $3 AND a.target_id = $4))
		AND ($5 OR r.ended = '')`+narrow+` ORDER BY r.name, r.id LIMIT $6`, args...)
	if err != nil {
		return nil, err
	}
	if q.Form != "" {
		all = slices.DeleteFunc(all, func(r learning.Resource) bool { return r.FormOf() != q.Form })
	}
	return all, readAims(ctx, tx, organisation, all)
}

// readAims reads what resources are for and what comes before them.
func readAims(ctx context.Context, tx *db.Tx, organisation string, all []learning.Resource) error {
	at, one := map[string]int{}, ""
	for n, r := range all {
		at[r.ID] = n
	}
	if len(all) == 1 {
		one = all[0].ID
	}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var a learning.Aim
		err := row.Scan(&of, &a.Kind, &a.ID, &a.Level)
		if n, there := at[of]; there {
			all[n].Aims = append(all[n].Aims, a)
		}
		return struct{}{}, err
	}, `SELECT resource_id, kind, target_id, level FROM learning_aim WHERE organisation_id = $1 AND ($2 = '' OR resource_id = $2) ORDER BY resource_id, kind, target_id`, organisation, one)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of, need string
		err := row.Scan(&of, &need)
		if n, there := at[of]; there {
			all[n].Needs = append(all[n].Needs, need)
		}
		return struct{}{}, err
	}, `SELECT resource_id, needed_id FROM learning_need WHERE organisation_id = $1 AND ($2 = '' OR resource_id = $2) ORDER BY resource_id, needed_id`, organisation, one)
	return err
}

func oneResource(ctx context.Context, tx *db.Tx, organisation, resource string) (learning.Resource, error) {
	r, found, err := db.One(ctx, tx, scanResource, `SELECT `+resourceColumns+` FROM learning_resource r WHERE r.organisation_id = $1 AND r.id = $2`, organisation, resource)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such resource")
	}
	if err != nil {
		return r, err
	}
	all := []learning.Resource{r}
	err = readAims(ctx, tx, organisation, all)
	return all[0], err
}

// ResourceView is a resource with what it speaks of.
type ResourceView struct {
	learning.Resource
	Today     period.Day
	Names     map[learning.Aim]string // what it is for, by kind and id
	Before    []learning.Resource     // that come before it
	Offerings []learning.Offering     // that are to come or go on first, then the newest
	Usage     Usage
	Timely    learning.Timely // over the last year
}

// Usage is how far a resource is used, over a year.
type Usage struct {
	Since     period.Day
	Asked     int // requests
	Completed int
	NotDone   int
	People    int // who completed it
	Open      int // with access, and not done yet
	Seats     int // of offerings that were held, with a limit
	Taken     int // of these
}

// Completion is the share of those who were through with it and completed it; nil where nobody was.
func (u Usage) Completion() *float64 {
	return effort.Ratio(int64(u.Completed), int64(u.Completed+u.NotDone))
}

// Filled is the share of seats that were taken; nil where there were none with a limit.
func (u Usage) Filled() *float64 { return effort.Ratio(int64(u.Taken), int64(u.Seats)) }

// Resource returns one, with how it was used in the last year.
func (s Store) Resource(ctx context.Context, organisation, resource string) (v ResourceView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Resource, err = oneResource(ctx, tx, organisation, resource); err != nil {
			return err
		}
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		v.Before = nil
		for _, need := range v.Needs {
			before, err := oneResource(ctx, tx, organisation, need)
			if err != nil {
				return err
			}
			v.Before = append(v.Before, before)
		}
		if v.Names, err = aimNames(ctx, tx, organisation, v.Aims); err != nil {
			return err
		}
		if v.Offerings, err = offerings(ctx, tx, organisation, `o.resource_id = $2`, resource); err != nil {
			return err
		}
		slices.SortStableFunc(v.Offerings, func(a, b learning.Offering) int { return coming(a, b, v.Today) })
		v.Usage, v.Timely, err = s.usage(ctx, tx, organisation, v.Resource, v.Offerings, v.Today)
		return err
	})
	return v, err
}

// coming orders offerings: what is to come by day, then what is past, the newest first.
func coming(a, b learning.Offering, today period.Day) int {
	past := func(o learning.Offering) bool { return o.Ends < today || o.Cancelled }
	switch {
	case past(a) != past(b):
		if past(a) {
			return 1
		}
		return -1
	case past(a):
		return strings.Compare(string(b.Begins), string(a.Begins))
	}
	return strings.Compare(string(a.Begins), string(b.Begins))
}

func (s Store) usage(ctx context.Context, tx *db.Tx, organisation string, r learning.Resource, all []learning.Offering, today period.Day) (u Usage, t learning.Timely, err error) {
	u.Since = period.DayOf(today.Time().AddDate(-1, 0, 1))
	asked, err := requests(ctx, tx, organisation, `q.resource_id = $2 AND (q.needed >= $3 OR q.done >= $3 OR q.done = '')`, r.ID, u.Since)
	if err != nil {
		return u, t, err
	}
	people := map[string]bool{}
	var needed []learning.Request
	for _, q := range asked {
		if q.Needed >= u.Since && q.Source == "" {
			needed = append(needed, q)
			u.Asked++
		}
		switch {
		case q.State == learning.Completed && q.Done >= u.Since:
			u.Completed++
			people[q.Person.ID] = true
		case q.State == learning.NotDone && q.Done >= u.Since:
			u.NotDone++
		case q.State == learning.Placed && q.Access <= today:
			u.Open++
		}
	}
	for _, o := range all {
		if o.Held && o.Ends >= u.Since && o.Places > 0 {
			u.Seats += o.Places
			u.Taken += min(o.Taken, o.Places)
		}
	}
	u.People = len(people)
	return u, learning.TimelyOf(needed, today), nil
}

// aimNames are what things are called that something is for: competencies, roles, results, goals of units.
func aimNames(ctx context.Context, tx *db.Tx, organisation string, aims []learning.Aim) (map[learning.Aim]string, error) {
	names := map[learning.Aim]string{}
	for _, a := range aims {
		var err error
		name, found := "", true
		switch a.Kind {
		case effort.ForCompetency:
			var c learning.Competency
			c, err = oneCompetency(ctx, tx, organisation, a.ID)
			name = c.Name
		case learning.AimRole:
			name, found, err = db.One(ctx, tx, db.Value[string], `SELECT name FROM learning_role WHERE organisation_id = $1 AND id = $2`, organisation, a.ID)
		case learning.AimResult:
			name, found, err = db.One(ctx, tx, db.Value[string], `SELECT what FROM learning_result WHERE organisation_id = $1 AND id = $2`, organisation, a.ID)
		case effort.ForGoal:
			var goals map[string]strategy.Goal
			goals, err = strategydb.GoalsIn(ctx, tx, organisation, a.ID)
			name, found = goals[a.ID].Name, goals[a.ID].ID != "" && !goals[a.ID].Personal()
		case effort.ForCharacteristic:
			name, found = a.ID, a.ID != "" // the instrument knows what it is called
		default:
			found = false
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if found && err == nil {
			names[learning.Aim{Kind: a.Kind, ID: a.ID}] = name
		}
	}
	return names, nil
}

// SaveResource keeps a resource, the one of its id or a new one, and returns the id. owner is typed: a
// personnel number, a mail address or a name of today's roster; as it stands for the one who is owner
// already. It reports a short name that is taken, what it is for that is not there, and what comes
// before itself.
func (s Store) SaveResource(ctx context.Context, organisation string, r learning.Resource, owner, by string) (string, error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return "", err
	}
	ownerOf := s.Org.OwnerOf(ctx, organisation, owner, today)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "resource changed"
		var was learning.Resource
		if r.ID == "" {
			r.ID, what = id.New(), "resource made"
		} else if was, err = oneResource(ctx, tx, organisation, r.ID); err != nil {
			return err
		}
		if r.Ended = was.Ended; r.Since == "" && what == "resource made" {
			r.Since = today
		} else if r.Since == "" {
			r.Since = was.Since
		}
		if r.Owner, err = ownerOf(was.Owner); err != nil {
			return err
		}
		if err := s.saveResource(ctx, tx, organisation, &r, by); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, r.Name)
	})
	return r.ID, err
}

func (s Store) saveResource(ctx context.Context, tx *db.Tx, organisation string, r *learning.Resource, by string) error {
	if err := r.Check(); err != nil {
		return err
	}
	_, taken, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM learning_resource WHERE organisation_id = $1 AND key = $2 AND id <> $3`, organisation, r.Key, r.ID)
	if err == nil && taken {
		err = fault.Fieldf("key", "there is another resource called so in files: choose another short name")
	}
	if err != nil {
		return err
	}
	if len(r.Needs) > 0 {
		all, err := s.resources(ctx, tx, organisation, ResourceQuery{Ended: true}, "")
		if err != nil {
			return err
		}
		byID := map[string]learning.Resource{}
		for _, other := range all {
			byID[other.ID] = other
		}
		if err := learning.CheckNeeds(*r, byID); err != nil {
			return err
		}
	}
	names, err := aimNames(ctx, tx, organisation, r.Aims)
	if err != nil {
		return err
	}
	for _, a := range r.Aims {
		if _, there := names[learning.Aim{Kind: a.Kind, ID: a.ID}]; !there {
			return fault.Fieldf("aims", "what it is for is not there")
		}
		if err := checkLevel(ctx, tx, organisation, a); err != nil {
			return err
		}
	}
	if err := writeResource(ctx, tx, organisation, *r, by, s.now().UnixMicro()); err != nil {
		return err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return err
	}
	return s.admit(ctx, tx, organisation, *r, today) // there may be more licences now
}

// checkLevel reports a level to which a resource brings somebody and that the competency's framework does not have.
func checkLevel(ctx context.Context, tx *db.Tx, organisation string, a learning.Aim) error {
	if a.Kind != effort.ForCompetency || a.Level == 0 {
		return nil
	}
	c, err := oneCompetency(ctx, tx, organisation, a.ID)
	if err != nil {
		return err
	}
	f, err := oneFramework(ctx, tx, organisation, c.Framework)
	if err == nil && a.Level > len(f.Levels) {
		err = fault.Fieldf("competency", "choose a level that the framework has: 1 to %d", len(f.Levels))
	}
	return err
}

var resourceFields = []string{"organisation_id", "id", "key", "name", "note", "uri", "modality", "form", "external", "provider", "owner_id", "owner_key", "owner_name", "language", "minutes", "price", "currency", "capacity", "approved", "words", "since", "ended", "made_by", "made_at"}

func writeResource(ctx context.Context, tx *db.Tx, organisation string, r learning.Resource, by string, now int64) error {
	words := db.Words(strings.Join([]string{r.Name, r.Key, r.Note, r.Provider}, " "))
	row := []any{organisation, r.ID, r.Key, r.Name, r.Note, r.URI, r.Modality, r.Form, r.External, r.Provider, r.Owner.ID, r.Owner.Key, r.Owner.Name, r.Language, r.Minutes, r.Price, r.Currency, r.Capacity, r.Approved, words, r.Since, r.Ended, by, now}
	if err := tx.PutMany(ctx, "learning_resource", resourceFields, 2, [][]any{row}); err != nil {
		return err
	}
	for _, table := range []string{`DELETE FROM learning_aim`, `DELETE FROM learning_need`} {
		if _, err := tx.Exec(ctx, table+` WHERE organisation_id = $1 AND resource_id = $2`, organisation, r.ID); err != nil {
			return err
		}
	}
	var aims, needs [][]any
	for _, a := range r.Aims {
		aims = append(aims, []any{organisation, r.ID, a.Kind, a.ID, a.Level})
	}
	for _, need := range r.Needs {
		needs = append(needs, []any{organisation, r.ID, need})
	}
	if err := tx.InsertMany(ctx, "learning_aim", []string{"organisation_id", "resource_id", "kind", "target_id", "level"}, aims); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "learning_need", []string{"organisation_id", "resource_id", "needed_id"}, needs)
}

// EndResource says that a resource is not offered any more, or that it is again.
func (s Store) EndResource(ctx context.Context, organisation, resource string, ended bool, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := oneResource(ctx, tx, organisation, resource)
		if err != nil {
			return err
		}
		day, what := period.Day(""), "resource offered again"
		if ended {
			what = "resource ended"
			if day, err = orgdb.Today(ctx, tx, organisation, s.now()); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE learning_resource SET ended = $3 WHERE organisation_id = $1 AND id = $2`, organisation, resource, day); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, r.Name)
	})
}
