package orgdb

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// personQuery joins the unit, which is always there, from the left, so that SQLite
// starts from the person.
const personQuery = `SELECT p.id, p.key, p.name, p.mail, p.unit_id, u.key, u.name, p.location_id, COALESCE(l.name, ''),
	COALESCE(l.country, ''), p.partner_id, COALESCE(a.name, ''), p.level, p.manager_key, p.start_day, p.end_day, p.fte, p.attributes
	FROM org_person p
	LEFT JOIN org_unit u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id AND u.since <= $2 AND u.until > $2
	LEFT JOIN org_location l ON l.organisation_id = p.organisation_id AND l.id = p.location_id AND l.since <= $2 AND l.until > $2
	LEFT JOIN org_partner a ON a.organisation_id = p.organisation_id AND a.id = p.partner_id AND a.since <= $2 AND a.until > $2
	WHERE p.organisation_id = $1 AND p.since <= $2 AND p.until > $2`

type located struct {
	org.Person
	country string
}

func scanPerson(row db.Scanner) (p located, err error) {
	var attributes string
	err = row.Scan(&p.ID, &p.Key, &p.Name, &p.Mail, &p.Unit.ID, &p.Unit.Key, &p.Unit.Name, &p.Location.ID, &p.Location.Key,
		&p.country, &p.Partner.ID, &p.Partner.Key, &p.Level, &p.Manager.Key, &p.Start, &p.End, &p.FTE, &attributes)
	if err != nil {
		return p, err
	}
	p.Location.Name, p.Partner.Name = p.Location.Key, p.Partner.Key
	return p, json.Unmarshal([]byte(attributes), &p.Attributes)
}

func scanPersonOnly(row db.Scanner) (org.Person, error) {
	p, err := scanPerson(row)
	return p.Person, err
}

// PeopleQuery asks for the people at work on a day, by name; what is "" does not
// narrow.
type PeopleQuery struct {
	Day      period.Day
	Unit     string // id: of the unit itself, not of those under it
	Location string // id
	Partner  string // id
	Level    org.Level
	Offset   int
	Limit    int
}

// People returns a page of people.
func (s Store) People(ctx context.Context, organisation string, q PeopleQuery) (people []org.Person, err error) {
	narrow, args := "", []any{organisation, q.Day, q.Limit, q.Offset}
	for column, id := range map[string]string{"unit_id": q.Unit, "location_id": q.Location, "partner_id": q.Partner, "level": string(q.Level)} {
		if id != "" {
			args = append(args, id)
			narrow += ` AND ` + column + ` = ` + db.Placeholders(len(args), 1)
		}
	}
	// The page is cut before names of places are joined to it.
	page := `SELECT id FROM org_person WHERE organisation_id = $1` + holds + atWork + narrow + ` ORDER BY name, key, id LIMIT $3 OFFSET $4`
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		people, err = db.All(ctx, tx, scanPersonOnly, personQuery+` AND p.id IN (`+page+`) ORDER BY p.name, p.key, p.id`, args...)
		return err
	})
	return people, err
}

// Since is from when on everybody who has ever been on a level was first on it, by the person's id.
func (s Store) Since(ctx context.Context, organisation string, level org.Level) (map[string]period.Day, error) {
	since := map[string]period.Day{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var id string
			var day period.Day
			err := row.Scan(&id, &day)
			since[id] = day
			return struct{}{}, err
		}, `SELECT id, MIN(since) FROM org_person WHERE organisation_id = $1 AND level = $2 AND until > since GROUP BY id`, organisation, level)
		return err
	})
	return since, err
}

// EachPerson calls each for everybody at work on a day, in an order that does
// not change, with flat memory; an error of each ends it and is returned.
func EachPerson(ctx context.Context, tx *db.Tx, organisation string, day period.Day, each func(org.Person) error) error {
	return eachPerson(ctx, tx, organisation, day, atWork, func(p located) error { return each(p.Person) })
}

// Traits is what the people at work on a day have, each trait once.
type Traits struct {
	Levels     []org.Level
	Locations  []org.Location
	Partners   []string
	Attributes []map[string]string // every set that somebody has
}

// TraitsIn reads them without reading everybody: each set of traits that somebody has is
// read once, in one pass.
func TraitsIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) (t Traits, err error) {
	type traits struct {
		level                         org.Level
		location, partner, attributes string
	}
	all, err := db.All(ctx, tx, func(row db.Scanner) (p traits, err error) {
		err = row.Scan(&p.level, &p.location, &p.partner, &p.attributes)
		return p, err
	}, `SELECT DISTINCT level, location_id, partner_id, attributes FROM org_person WHERE organisation_id = $1`+holds+atWork, organisation, day)
	if err != nil {
		return t, err
	}
	seen := map[string]bool{}
	first := func(kind, value string) bool {
		before := seen[kind+value]
		seen[kind+value] = true
		return !before && value != ""
	}
	for _, p := range all {
		if first("level ", string(p.level)) {
			t.Levels = append(t.Levels, p.level)
		}
		if first("attributes ", p.attributes) {
			var set map[string]string
			if err := json.Unmarshal([]byte(p.attributes), &set); err != nil {
				return t, err
			}
			t.Attributes = append(t.Attributes, set)
		}
		seen["location "+p.location], seen["partner "+p.partner] = true, true
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var l org.Location
		err := row.Scan(&l.ID, &l.Name, &l.Country)
		if seen["location "+l.ID] {
			t.Locations = append(t.Locations, l)
		}
		return struct{}{}, err
	}, `SELECT id, name, country FROM org_location WHERE organisation_id = $1`+holds, organisation, day)
	if err != nil {
		return t, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id, name string
		err := row.Scan(&id, &name)
		if seen["partner "+id] {
			t.Partners = append(t.Partners, name)
		}
		return struct{}{}, err
	}, `SELECT id, name FROM org_partner WHERE organisation_id = $1`+holds, organisation, day)
	return t, err
}

// Values are the attributes with the values that somebody has, in order.
func (t Traits) Values() map[string][]string {
	seen := map[string]map[string]bool{}
	for _, set := range t.Attributes {
		for name, value := range set {
			if seen[name] == nil {
				seen[name] = map[string]bool{}
			}
			seen[name][value] = true
		}
	}
	all := map[string][]string{}
	for name, values := range seen {
		all[name] = slices.Sorted(maps.Keys(values))
	}
	return all
}

// Posts are the people at work who have one level and one set of attributes.
type Posts struct {
	Level      org.Level
	Attributes map[string]string
	People     int
}

// PostsIn counts the people at work on a day by level and attributes, inside another transaction.
func PostsIn(ctx context.Context, tx *db.Tx, organisation string, day period.Day) ([]Posts, error) {
	return db.All(ctx, tx, func(row db.Scanner) (p Posts, err error) {
		var attributes string
		if err = row.Scan(&p.Level, &attributes, &p.People); err == nil {
			err = json.Unmarshal([]byte(attributes), &p.Attributes)
		}
		return p, err
	}, `SELECT level, attributes, COUNT(*) FROM org_person WHERE organisation_id = $1`+holds+atWork+` GROUP BY level, attributes ORDER BY level, attributes`, organisation, day)
}

func eachPerson(ctx context.Context, tx *db.Tx, organisation string, day period.Day, condition string, each func(located) error) error {
	for after := ""; ; {
		page, err := db.All(ctx, tx, scanPerson, personQuery+condition+` AND p.id > $3 ORDER BY p.id LIMIT $4`, organisation, day, after, 1000)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			if err := each(p); err != nil {
				return err
			}
		}
		after = page[len(page)-1].ID
	}
}

// Person returns somebody of the roster as on a day, with the manager's id and
// name where the manager is in the roster.
func (s Store) Person(ctx context.Context, organisation, person string, day period.Day) (p org.Person, err error) {
	return s.person(ctx, organisation, `p.id`, person, day)
}

// PersonByKey is Person by the roster's own key.
func (s Store) PersonByKey(ctx context.Context, organisation, key string, day period.Day) (p org.Person, err error) {
	return s.person(ctx, organisation, `p.key`, key, day)
}

// Self is the actor as today's roster has them; who is not tied to it is not found.
func (s Store) Self(ctx context.Context, actor org.Actor) (org.Person, error) {
	today, err := s.Today(ctx, actor.Organisation)
	if err != nil {
		return org.Person{}, err
	}
	if actor.Person == "" {
		return org.Person{}, fault.NotFoundf("your account is not tied to anybody of the roster")
	}
	return s.PersonByKey(ctx, actor.Organisation, actor.Person, today)
}

// Side is somebody of today's roster, by the id, and for whom the actor speaks in what is that
// person's own.
func (s Store) Side(ctx context.Context, actor org.Actor, person string) (org.Person, org.Side, error) {
	today, err := s.Today(ctx, actor.Organisation)
	if err != nil {
		return org.Person{}, "", err
	}
	one, err := s.Person(ctx, actor.Organisation, person, today)
	return one, actor.SideOf(one), err
}

// PersonIn is Person inside another transaction, without the manager's id and name.
func PersonIn(ctx context.Context, tx *db.Tx, organisation, person string, day period.Day) (org.Person, error) {
	return personBy(ctx, tx, organisation, `p.id`, person, day)
}

// PeopleIn returns, by their ids, those of some people who are in the roster of a day, inside
// another transaction.
func PeopleIn(ctx context.Context, tx *db.Tx, organisation string, people []string, day period.Day) (map[string]org.Person, error) {
	found := make(map[string]org.Person, len(people))
	for some := range slices.Chunk(people, peopleAtOnce) {
		args := []any{organisation, day}
		for _, p := range some {
			args = append(args, p)
		}
		all, err := db.All(ctx, tx, scanPersonOnly, personQuery+` AND p.id IN (`+db.Placeholders(3, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			found[p.ID] = p
		}
	}
	return found, nil
}

const peopleAtOnce = 500 // in one query

func personBy(ctx context.Context, tx *db.Tx, organisation, column, value string, day period.Day) (org.Person, error) {
	p, found, err := db.One(ctx, tx, scanPersonOnly, personQuery+` AND `+column+` = $3`, organisation, day, value)
	if err == nil && !found {
		err = fault.NotFoundf("nobody in the roster of %s is this person", string(day))
	}
	return p, err
}

func (s Store) person(ctx context.Context, organisation, column, value string, day period.Day) (p org.Person, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = personBy(ctx, tx, organisation, column, value, day); err != nil {
			return err
		}
		manager, found, err := db.One(ctx, tx, scanPersonOnly, personQuery+` AND p.key = $3`, organisation, day, p.Manager.Key)
		if found {
			p.Manager.ID, p.Manager.Name = manager.ID, manager.Title()
		}
		return err
	})
	return p, err
}

// PersonVersion is what the roster said of a person for a while.
type PersonVersion struct {
	Since, Until period.Day // Until is the first day on which it no longer holds; period.Open while it does
	org.Person
}

// PersonHistory returns what the roster said of a person through time, the
// newest first.
func (s Store) PersonHistory(ctx context.Context, organisation, person string) (versions []PersonVersion, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		days, err := db.All(ctx, tx, func(row db.Scanner) (v PersonVersion, err error) {
			err = row.Scan(&v.Since, &v.Until)
			return v, err
		}, `SELECT since, until FROM org_person WHERE organisation_id = $1 AND id = $2 AND until > since ORDER BY since DESC`, organisation, person)
		if err != nil {
			return err
		}
		versions = nil
		for _, v := range days {
			var found bool
			if v.Person, found, err = db.One(ctx, tx, scanPersonOnly, personQuery+` AND p.id = $3`, organisation, v.Since, person); err != nil {
				return err
			}
			if found {
				versions = append(versions, v)
			}
		}
		return nil
	})
	return versions, err
}

// CareersIn lists everybody that the roster has ever had, those who have left too.
func CareersIn(ctx context.Context, tx *db.Tx, organisation string) (all []org.Career, err error) {
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var c org.Career
		var s org.Stay
		err := row.Scan(&c.ID, &c.Key, &c.Name, &c.Mail, &s.Unit, &s.Since, &s.Until)
		if c.Name == "" {
			c.Name = c.Key
		}
		if n := len(all) - 1; n >= 0 && all[n].ID == c.ID {
			c.Stays = all[n].Stays
			all = all[:n]
		}
		c.Stays = append(c.Stays, s)
		all = append(all, c)
		return struct{}{}, err
	}, `SELECT id, key, name, mail, unit_id, since, until FROM org_person WHERE organisation_id = $1 AND until > since ORDER BY id, since, opened_by`, organisation)
	return all, err
}

// Holding is the pattern for LIKE, with the escape '\', of a column 'folded' that holds a
// text; "" for a text without any word.
func Holding(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Found is what a search found.
type Found struct {
	Units  []org.Ref
	People []org.Person
	More   bool // there is more than was asked for
}

// SearchQuery asks for what holds a text on a day, at most Limit of each kind; case does
// not matter.
type SearchQuery struct {
	Day    period.Day
	Text   string
	Limit  int
	Unit   func(unit string) bool          // whether a unit may be seen; nil: every one
	Person func(unit, partner string) bool // whether somebody of a unit and a partner may be; nil: everybody
	Units  bool                            // units alone
}

// Search returns units whose name or key, and people whose name, mail address or key,
// hold the text, by name.
func (s Store) Search(ctx context.Context, organisation string, q SearchQuery) (found Found, err error) {
	pattern := Holding(q.Text)
	if pattern == "" {
		return found, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found = Found{}
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var u org.Ref
			err := row.Scan(&u.ID, &u.Key, &u.Name)
			if len(found.Units) < q.Limit && (q.Unit == nil || q.Unit(u.ID)) {
				found.Units = append(found.Units, u)
			}
			return struct{}{}, err
		}, `SELECT id, key, name FROM org_unit WHERE organisation_id = $1`+holds+` AND folded LIKE $3 ESCAPE '\' ORDER BY name, id`,
			organisation, q.Day, pattern)
		if err != nil || q.Units {
			return err
		}
		found.People, found.More, err = searchPeople(ctx, tx, organisation, pattern, q)
		return err
	})
	return found, err
}

// searchPeople looks first who is found and may be seen, and joins names of places for
// those alone.
func searchPeople(ctx context.Context, tx *db.Tx, organisation, pattern string, q SearchQuery) (people []org.Person, more bool, err error) {
	var ids []any
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id, unit, partner string
		err := row.Scan(&id, &unit, &partner)
		if len(ids) <= q.Limit && (q.Person == nil || q.Person(unit, partner)) {
			ids = append(ids, id)
		}
		return struct{}{}, err
	}, `SELECT id, unit_id, partner_id FROM org_person WHERE organisation_id = $1`+holds+` AND folded LIKE $3 ESCAPE '\' ORDER BY name, key, id`, organisation, q.Day, pattern)
	if err != nil || len(ids) == 0 {
		return nil, false, err
	}
	if more = len(ids) > q.Limit; more {
		ids = ids[:q.Limit]
	}
	people, err = db.All(ctx, tx, scanPersonOnly, personQuery+` AND p.id IN (`+db.Placeholders(3, len(ids))+`) ORDER BY p.name, p.key, p.id`,
		append([]any{organisation, q.Day}, ids...)...)
	return people, more, err
}

// ReportsIn lists who reports to somebody, by that one's key, and is at work on a day, by name.
func ReportsIn(ctx context.Context, tx *db.Tx, organisation, manager string, day period.Day) ([]org.Person, error) {
	if manager == "" {
		return nil, nil
	}
	people, err := db.All(ctx, tx, scanPersonOnly, personQuery+` AND p.manager_key = $3 ORDER BY p.name, p.key, p.id`, organisation, day, manager)
	return slices.DeleteFunc(people, func(p org.Person) bool { return !p.WorksOn(day) }), err
}

// CalledIn is the id of whoever has a personnel number or a mail address on the roster of a day. It
// reports one that nobody has, and an address of several.
func CalledIn(ctx context.Context, tx *db.Tx, organisation, called string, day period.Day) (string, error) {
	called = strings.TrimSpace(called)
	ids, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1`+holds+` AND key = $3`, organisation, day, called)
	if err == nil && len(ids) == 0 && called != "" {
		ids, err = db.All(ctx, tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1`+holds+` AND mail = $3`, organisation, day, org.CleanMail(called))
	}
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", fault.NotFoundf("there is no person %q: write the personnel number or the mail address as in the roster", called)
	case len(ids) > 1:
		return "", fault.Invalidf("several people have the mail address %s: write the personnel number of the one who is meant", called)
	}
	return ids[0], nil
}

// Owner finds whoever is to answer for something on the roster of a day, by personnel number, mail
// address or name; nobody for "". It reports, at the field owner, a name of nobody and one of several.
func (s Store) Owner(ctx context.Context, organisation, text string, day period.Day) (org.Person, error) {
	if text == "" {
		return org.Person{}, nil
	}
	if p, err := s.PersonByKey(ctx, organisation, text, day); fault.KindOf(err) != fault.NotFound {
		return p, err
	}
	const most = 5
	found, err := s.Search(ctx, organisation, SearchQuery{Day: day, Text: text, Limit: most})
	if err != nil {
		return org.Person{}, err
	}
	switch {
	case len(found.People) == 0:
		return org.Person{}, fault.Fieldf("owner", "nobody on today's roster is called %q: type a name, a mail address or a personnel number", text)
	case len(found.People) > 1:
		var names []string
		for _, p := range found.People {
			names = append(names, p.Title()+" ("+p.Key+")")
		}
		if found.More {
			names = append(names, "…")
		}
		return org.Person{}, fault.Fieldf("owner", "several people are called so: %s. Type a personnel number", strings.Join(names, ", "))
	}
	return found.People[0], nil
}

// OwnerOf is Owner as it is kept: whoever answers for it already does so on under the name that stands there,
// though others be called so too, or nobody any more.
func (s Store) OwnerOf(ctx context.Context, organisation, text string, day period.Day) func(was org.Ref) (org.Ref, error) {
	found, err := s.Owner(ctx, organisation, text, day)
	return func(was org.Ref) (org.Ref, error) {
		if text != "" && text == was.Name {
			return was, nil
		}
		return org.Ref{ID: found.ID, Key: found.Key, Name: found.Title()}, err
	}
}
