package transitiondb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

const practiceColumns = `p.id, p.person_id, p.person_key, p.name, p.unit, p.location, p.partner, p.title, p.theme, p.problem, p.tried, p.outcome, p.result, p.evidence, p.made_at, p.shared_at`

func scanPractice(row db.Scanner) (p transition.Practice, err error) {
	l, err := scanListed(row, nil)
	return l.Practice, err
}

func scanListed(row db.Scanner, more []any) (l ListedPractice, err error) {
	var made, shared int64
	var zone string
	w, p := &l.Writer, &l.Practice
	err = row.Scan(append([]any{&p.ID, &w.Person.ID, &w.Person.Key, &w.Person.Name, &w.Unit, &w.Location, &w.Partner, &p.Title, &p.Theme, &p.Problem, &p.Tried, &p.Outcome, &p.Result, &p.Evidence, &made, &shared, &zone}, more...)...)
	p.Made, p.Shared = period.Moment(made, zone), period.Moment(shared, zone)
	return l, err
}

const practiceQuery = `SELECT ` + practiceColumns + `, o.zone FROM transition_practice p JOIN org_organisation o ON o.organisation_id = p.organisation_id WHERE p.organisation_id = $1`

func onePractice(ctx context.Context, tx *db.Tx, organisation, practice string) (transition.Practice, error) {
	p, found, err := db.One(ctx, tx, scanPractice, practiceQuery+` AND p.id = $2`, organisation, practice)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such practice")
	}
	return p, err
}

// writer is somebody of today's roster who writes, by key.
func (s *Store) writer(ctx context.Context, tx *db.Tx, organisation, key string) (w transition.Writer, today period.Day, err error) {
	if today, err = s.today(ctx, tx, organisation); err != nil {
		return w, today, err
	}
	id, found, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1 AND key = $2 AND since <= $3 AND until > $3`, organisation, key, today)
	if err == nil && (!found || key == "") {
		err = fault.NotFoundf("the roster does not know you: ask an administrator to join your account to it")
	}
	if err != nil {
		return w, today, err
	}
	people, err := s.working(ctx, tx, organisation, []string{id})
	if err != nil {
		return w, today, err
	}
	p := people[0]
	return transition.Writer{Person: org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, Unit: p.Unit.Name, Location: p.Location.Name, Partner: p.Partner.Name}, today, nil
}

// SavePractice keeps a practice of somebody, by the roster's key, under an id that the caller has
// made, as a draft or to share it; what is shared is kept only as shared. words are what each
// characteristic is called, in all languages. It reports one of somebody else.
func (s *Store) SavePractice(ctx context.Context, organisation, key string, p transition.Practice, share bool, words map[string]string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		w, _, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		was, err := onePractice(ctx, tx, organisation, p.ID)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			was = transition.Practice{Made: s.now()}
		case err != nil:
			return err
		case was.Writer.Person.ID != w.Person.ID:
			return fault.NotFoundf("there is no such practice")
		}
		if err := id.CheckMade(p.ID); err != nil {
			return err
		}
		if !was.Shared.IsZero() {
			if w = was.Writer; !share {
				return fault.Conflictf("others read this: it is not kept as you type, but when you say so")
			}
		}
		if err := p.Check(share, func(theme string) bool { return words[theme] != "" }); err != nil {
			return err
		}
		shared := int64(0)
		if share {
			if shared = was.Shared.UnixMicro(); was.Shared.IsZero() {
				shared = s.now().UnixMicro()
			}
		}
		found := db.Words(strings.Join([]string{p.Title, p.Problem, p.Tried, p.Result, p.Evidence, words[p.Theme], w.Unit, w.Location, w.Partner}, " "))
		_, err = tx.Exec(ctx, `INSERT INTO transition_practice (organisation_id, id, person_id, person_key, name, unit, location, partner, title, theme, problem, tried, outcome, result, evidence, words, made_at, shared_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (organisation_id, id)
			DO UPDATE SET title = $9, theme = $10, problem = $11, tried = $12, outcome = $13, result = $14, evidence = $15, words = $16, shared_at = $18`,
			organisation, p.ID, w.Person.ID, w.Person.Key, w.Person.Name, w.Unit, w.Location, w.Partner, p.Title, p.Theme, p.Problem, p.Tried, p.Outcome, p.Result, p.Evidence, found, was.Made.UnixMicro(), shared)
		if err == nil && share && was.Shared.IsZero() {
			err = orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: w.Person.Name, What: "practice shared"})
		}
		return err
	})
}

// DropPractice deletes an own draft, or takes back an own practice that nobody has taken up.
func (s *Store) DropPractice(ctx context.Context, organisation, key, practice string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		w, _, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		p, err := onePractice(ctx, tx, organisation, practice)
		if err == nil && p.Writer.Person.ID != w.Person.ID {
			err = fault.NotFoundf("there is no such practice")
		}
		if err != nil {
			return err
		}
		taken, err := adoptions(ctx, tx, organisation, practice)
		if err == nil && len(taken) > 0 {
			err = fault.Conflictf("others have worked by this: it stays, change its words instead")
		}
		if err != nil {
			return err
		}
		return s.dropPractice(ctx, tx, organisation, p, w.Person.Name)
	})
}

// RemovePractice deletes a shared practice that should not stand there, with who took it up, for whoever
// leads programmes.
func (s *Store) RemovePractice(ctx context.Context, organisation, practice, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := onePractice(ctx, tx, organisation, practice)
		if err == nil && p.Shared.IsZero() {
			err = fault.NotFoundf("there is no such practice")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM transition_adoption WHERE organisation_id = $1 AND practice_id = $2`, organisation, practice); err != nil {
			return err
		}
		return s.dropPractice(ctx, tx, organisation, p, by)
	})
}

// dropPractice deletes one that nobody works by. What others have asked of it stays, as asked of
// nothing in particular.
func (s *Store) dropPractice(ctx context.Context, tx *db.Tx, organisation string, p transition.Practice, by string) error {
	if _, err := tx.Exec(ctx, `UPDATE transition_question SET practice_id = '' WHERE organisation_id = $1 AND practice_id = $2`, organisation, p.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM transition_practice WHERE organisation_id = $1 AND id = $2`, organisation, p.ID); err != nil || p.Shared.IsZero() {
		return err
	}
	return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "practice removed", Detail: p.Writer.Person.Name})
}

// PracticeQuery narrows which practices are listed.
type PracticeQuery struct {
	Text    string // words that begin words of it
	Theme   string
	Outcome transition.Outcome
	Limit   int // 0 for all
}

// ListedPractice is a practice in a list.
type ListedPractice struct {
	transition.Practice
	InUse int // by how many others
}

// inUse counts who works by a practice p on the day $2, its writer and who has left apart.
const inUse = `(SELECT COUNT(*) FROM transition_adoption a JOIN org_person w ON w.organisation_id = a.organisation_id AND w.id = a.person_id AND w.since <= $2 AND w.until > $2
		AND (w.start_day = '' OR w.start_day <= $2) AND (w.end_day = '' OR w.end_day >= $2)
	WHERE a.organisation_id = p.organisation_id AND a.practice_id = p.id AND a.ended = '')`

// Practices finds what is shared: what most work by first, then the newest. The text is looked up
// by the engine's own full-text search.
func (s *Store) Practices(ctx context.Context, organisation string, q PracticeQuery) (all []ListedPractice, err error) {
	from, narrow, match := `transition_practice p`, "", s.DB.Engine.Match(q.Text)
	switch {
	case match == "" && strings.TrimSpace(q.Text) != "":
		return nil, nil
	case match == "":
	case s.DB.Engine == db.SQLite:
		from += ` JOIN transition_practice_search f ON f.organisation_id = p.organisation_id AND f.id = p.id`
		narrow = ` AND transition_practice_search MATCH $6`
	default:
		narrow = ` AND to_tsvector('simple', p.words) @@ to_tsquery('simple', $6)`
	}
	limit := q.Limit
	if limit == 0 {
		limit = 1 << 40
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		args := []any{organisation, today, q.Theme, q.Outcome, limit}
		if match != "" {
			args = append(args, match)
		}
		all, err = db.All(ctx, tx, scanUsed, `SELECT `+practiceColumns+`, o.zone, `+inUse+` FROM `+from+` JOIN org_organisation o ON o.organisation_id = p.organisation_id
			WHERE p.organisation_id = $1 AND p.shared_at > 0 AND ($3 = '' OR p.theme = $3) AND ($4 = '' OR p.outcome = $4)`+narrow+` ORDER BY `+inUse+` DESC, p.shared_at DESC, p.id LIMIT $5`, args...)
		return err
	})
	return all, err
}

func scanUsed(row db.Scanner) (ListedPractice, error) {
	n := 0
	l, err := scanListed(row, []any{&n})
	l.InUse = n
	return l, err
}

// OwnPractices lists what somebody, by the roster's key, has written, drafts first.
func (s *Store) OwnPractices(ctx context.Context, organisation, key string) (all []ListedPractice, err error) {
	if key == "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		all, err = db.All(ctx, tx, scanUsed, `SELECT `+practiceColumns+`, o.zone, `+inUse+` FROM transition_practice p JOIN org_organisation o ON o.organisation_id = p.organisation_id
			WHERE p.organisation_id = $1 AND p.person_key = $3 ORDER BY CASE WHEN p.shared_at = 0 THEN 0 ELSE 1 END, p.made_at DESC, p.id`, organisation, today, key)
		return err
	})
	return all, err
}

// Shown is a practice with who has taken it up and what was asked of it.
type Shown struct {
	transition.Practice
	Adoptions []transition.Adoption
	InUse     int // by how many others who are at work
	Questions []transition.Question
}

// Practice returns one that is shared, or an own draft.
func (s *Store) Practice(ctx context.Context, organisation, key, practice string) (p Shown, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Practice, err = onePractice(ctx, tx, organisation, practice); err != nil {
			return err
		}
		if p.Shared.IsZero() && (key == "" || p.Writer.Person.Key != key) {
			return fault.NotFoundf("there is no such practice")
		}
		if p.Adoptions, err = adoptions(ctx, tx, organisation, practice); err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		var users []string
		for _, a := range p.Adoptions {
			if a.InUse(today) {
				users = append(users, a.Writer.Person.ID)
			}
		}
		here, err := orgdb.PeopleIn(ctx, tx, organisation, users, today)
		if err != nil {
			return err
		}
		p.InUse = 0
		for _, one := range here {
			if one.WorksOn(today) {
				p.InUse++
			}
		}
		p.Questions, err = questions(ctx, tx, organisation, practice)
		return err
	})
	return p, err
}

// adoptions are those of a practice, or of all under "".
func adoptions(ctx context.Context, tx *db.Tx, organisation, practice string) ([]transition.Adoption, error) {
	return db.All(ctx, tx, func(row db.Scanner) (a transition.Adoption, err error) {
		w := &a.Writer
		err = row.Scan(&a.Practice, &w.Person.ID, &w.Person.Key, &w.Person.Name, &w.Unit, &w.Location, &w.Partner, &a.Day, &a.Outcome, &a.Note, &a.Via, &a.Ended)
		return a, err
	}, `SELECT practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended FROM transition_adoption
		WHERE organisation_id = $1 AND ($2 = '' OR practice_id = $2) ORDER BY day, made_at, person_id`, organisation, practice)
}

// Adopt says that somebody, by the roster's key, has taken a practice up, and how it goes. Said
// again while they work by it, it replaces what was said; said after it was given up, it begins anew.
func (s *Store) Adopt(ctx context.Context, organisation, key string, a transition.Adoption) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		w, today, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		p, err := onePractice(ctx, tx, organisation, a.Practice)
		if err != nil {
			return err
		}
		all, err := adoptions(ctx, tx, organisation, a.Practice)
		if err != nil {
			return err
		}
		a.Writer = w
		if err := a.Check(p, all, today); err != nil {
			return err
		}
		if open := transition.Open(all, w.Person.ID); open != nil {
			if _, err := tx.Exec(ctx, `DELETE FROM transition_adoption WHERE organisation_id = $1 AND practice_id = $2 AND person_id = $3 AND day = $4`, organisation, a.Practice, w.Person.ID, open.Day); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_adoption (organisation_id, practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13) ON CONFLICT (organisation_id, practice_id, person_id, day)
			DO UPDATE SET unit = $6, location = $7, partner = $8, outcome = $10, note = $11, via_id = $12, ended = ''`,
			organisation, a.Practice, w.Person.ID, w.Person.Key, w.Person.Name, w.Unit, w.Location, w.Partner, a.Day, a.Outcome, a.Note, a.Via, s.now().UnixMicro())
		return err
	})
}

// GiveUp says that somebody does not work by a practice any more, and, where it is said, what came of
// it in the end.
func (s *Store) GiveUp(ctx context.Context, organisation, key, practice string, outcome transition.Outcome, note string) error {
	if err := transition.CheckText(&note, "note"); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		w, today, err := s.writer(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		all, err := adoptions(ctx, tx, organisation, practice)
		if err != nil {
			return err
		}
		open := transition.Open(all, w.Person.ID)
		if open == nil {
			return fault.NotFoundf("you do not work by this practice")
		}
		if slices.Contains(transition.Outcomes, outcome) {
			open.Outcome = outcome
		}
		_, err = tx.Exec(ctx, `UPDATE transition_adoption SET ended = $5, outcome = $6, note = $7 WHERE organisation_id = $1 AND practice_id = $2 AND person_id = $3 AND day = $4`,
			organisation, practice, w.Person.ID, open.Day, today, open.Outcome, cmp.Or(note, open.Note))
		return err
	})
}
