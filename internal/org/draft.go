package org

import (
	"math"
	"strings"

	"throughline/internal/kit/fault"
)

// Draft gathers what the rows of an import say, but for the people, who may be
// many: it hands each person back, to be kept elsewhere, and grows with the
// units, locations, partners, staff groups and teams only. (With a tree from
// reporting lines it also keeps each post's unit and superior.)
type Draft struct {
	m         Map
	sources   []Source
	files     [][]bound
	units     unitDraft
	locations map[string]*placed
	partners  map[string]bool
	groups    map[string]*StaffGroup
	teams     map[string]*teamDraft
	posts     map[string]post
	order     struct{ locations, partners, groups, teams []string }
}

type placed struct {
	Location
	where where
}

// NewDraft ties a map to the files of an import. It reports a map that says too
// little, and columns that no file has.
func NewDraft(m Map, sources []Source) (*Draft, error) {
	if len(sources) == 0 {
		return nil, fault.Invalidf("there is no file to import")
	}
	if err := m.Check(); err != nil {
		return nil, err
	}
	files, err := m.bindAll(sources)
	if err != nil {
		return nil, err
	}
	return &Draft{
		m: m, sources: sources, files: files, units: unitDraft{byKey: map[string]*unitLine{}},
		locations: map[string]*placed{}, partners: map[string]bool{}, groups: map[string]*StaffGroup{},
		teams: map[string]*teamDraft{}, posts: map[string]post{},
	}, nil
}

// Parsed is what one row says. Person is nil if the row is of nobody.
type Parsed struct {
	File   string
	Row    Row
	Person *Person

	units    []unitLine
	location Location
	group    *StaffGroup
	reports  string // the post that the group reports to
	heading  struct{ country, manager, team, person, chair string }
	team     string
	teamUnit string
	member   Member
}

// Parse reads a row of the file-th source. It changes nothing in the draft, so
// that a row can still be left out; bad are the mistakes in it.
func (d *Draft) Parse(file int, row Row) (parsed Parsed, bad []BadRow) {
	parsed = Parsed{File: d.sources[file].Name, Row: row}
	taken := false
	for _, b := range d.files[file] {
		if !b.takes(row.Cells) {
			continue
		}
		taken = true
		p := &parser{m: d.m, b: b, cells: row.Cells}
		p.section(&parsed)
		bad = append(bad, p.bad...)
	}
	if !taken {
		bad = append(bad, BadRow{Reason: fault.Invalidf("the row belongs to no section of the map: none of them takes the values that it has")})
	}
	for i := range bad {
		bad[i].File, bad[i].Line, bad[i].Cells = parsed.File, row.Line, row.Cells
	}
	return parsed, bad
}

func (p *parser) section(into *Parsed) {
	if p.b.section == TeamRows && p.b.text("team", p.cells) == "" {
		return // a column of teams beside people: this one is in none
	}
	unit := p.unit(&into.units)
	for field, into := range map[string]*string{"country": &into.heading.country, "manager": &into.heading.manager,
		"team": &into.heading.team, "person": &into.heading.person, "chair": &into.heading.chair} {
		if heading := p.b.heading(field); heading != "" {
			*into = heading
		}
	}
	switch p.b.section {
	case PeopleRows:
		into.Person = p.person(unit)
		into.location = Location{Name: into.Person.Location.Key, Country: p.text("country")}
	case GroupRows:
		into.group = &StaffGroup{Unit: unit, Grade: p.text("grade"), Job: p.text("job"), Location: Ref{Key: p.text("location")}}
		into.location = Location{Name: into.group.Location.Key, Country: p.text("country")}
		if into.reports = p.text("manager"); p.m.none(into.reports) {
			into.reports = ""
		}
		if text := p.required("fte"); text != "" {
			into.group.FTE = p.fte("fte", text)
		}
	case TeamRows:
		into.team, into.teamUnit = p.text("team"), unit.Key
		into.member = Member{Person: Ref{Key: p.required("person")}, Chair: p.yes("chair")}
	}
}

func (p *parser) person(unit Ref) *Person {
	person := &Person{
		Key: p.required("key"), Name: p.text("name"), Mail: p.mail("mail"), Unit: unit,
		Location: Ref{Key: p.text("location")}, Partner: Ref{Key: p.text("partner")}, Level: p.level("level"),
		Manager: Ref{Key: p.text("manager")}, Start: p.day("start"), End: p.day("end"), FTE: 1,
	}
	if p.m.none(person.Manager.Key) {
		person.Manager.Key = ""
	}
	if text := p.text("fte"); text != "" {
		person.FTE = p.fte("fte", text)
	}
	if person.Start != "" && person.End != "" && person.End < person.Start {
		p.wrong("end", fault.Invalidf("the last day %s lies before the first day %s", string(person.End), string(person.Start)))
	}
	for name, c := range p.b.attributes {
		if text := p.short(c.Column, c.text(p.cells), longestAttribute); text != "" {
			if person.Attributes == nil {
				person.Attributes = map[string]string{}
			}
			person.Attributes[name] = text
		}
	}
	return person
}

// none says whether a superior stands for nobody.
func (m Map) none(superior string) bool {
	if superior == "" {
		return true
	}
	for _, none := range m.NoSuperior {
		if strings.EqualFold(clean(none), superior) {
			return true
		}
	}
	return false
}

// Add takes a parsed row into the draft; bad are contradictions with earlier
// rows.
func (d *Draft) Add(p Parsed) (bad []BadRow) {
	at := func(column string) where { return where{p.File, p.Row.Line, column, p.Row.Cells} }
	wrong := func(at where, err error) {
		if err != nil {
			bad = append(bad, at.wrong(err))
		}
	}
	for _, u := range p.units {
		u.where, u.named = at(u.where.column), at(u.named.column)
		wrong(d.units.add(u))
	}
	wrong(at(p.heading.country), d.addLocation(p.location, at(p.heading.country)))
	if p.Person != nil {
		if key := p.Person.Partner.Key; key != "" && !d.partners[key] {
			d.partners[key] = true
			d.order.partners = append(d.order.partners, key)
		}
		if d.m.Tree == "reporting" {
			d.posts[p.Person.Key] = post{unit: p.Person.Unit.Key, superior: p.Person.Manager.Key, where: at(p.heading.manager)}
		}
	}
	if p.group != nil {
		d.addGroup(*p.group, p.reports, at(p.heading.manager))
	}
	if p.team != "" {
		bad = append(bad, d.addMember(p, at)...)
	}
	return bad
}

func (d *Draft) addLocation(l Location, at where) error {
	if l.Name == "" {
		return nil
	}
	had := d.locations[l.Name]
	switch {
	case had == nil:
		d.locations[l.Name] = &placed{l, at}
		d.order.locations = append(d.order.locations, l.Name)
	case had.Country == "":
		had.Country, had.where = l.Country, at
	case l.Country != "" && l.Country != had.Country:
		return fault.Invalidf("the location %q stands in %s here and in %s at %s: give two places two names", l.Name, l.Country, had.Country, had.where.String())
	}
	return nil
}

func (d *Draft) addGroup(g StaffGroup, reports string, at where) {
	if had := d.groups[g.Key()]; had != nil {
		had.FTE += g.FTE
	} else {
		d.groups[g.Key()] = &g
		d.order.groups = append(d.order.groups, g.Key())
	}
	if d.m.Tree == "reporting" {
		d.units.byKey[g.Unit.Key].reportTo(reports, at)
	}
}

// Locations returns the locations that rows name, in the order of the rows.
func (d *Draft) Locations() []Location {
	all := make([]Location, len(d.order.locations))
	for i, name := range d.order.locations {
		all[i] = d.locations[name].Location
	}
	return all
}

// Partners returns the partners that rows name, in the order of the rows.
func (d *Draft) Partners() []Partner {
	all := make([]Partner, len(d.order.partners))
	for i, name := range d.order.partners {
		all[i] = Partner{Name: name}
	}
	return all
}

// Groups returns the staff groups: rows with the same unit, grade, job and
// location are one, their full-time equivalents summed.
func (d *Draft) Groups() []StaffGroup {
	all := make([]StaffGroup, len(d.order.groups))
	for i, key := range d.order.groups {
		all[i] = *d.groups[key]
		all[i].FTE = math.Round(all[i].FTE*1e6) / 1e6 // whatever the order of the rows
	}
	return all
}
