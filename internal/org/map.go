package org

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Map says which column of a roster file is what. Each section takes its rows
// from every file that has all the columns it names.
type Map struct {
	Root        string        `yaml:"root,omitempty" json:"root,omitempty"`                 // a unit put above all that have none above them
	Separator   string        `yaml:"separator,omitempty" json:"separator,omitempty"`       // between the units of a path; "/" if empty
	Dates       period.Format `yaml:"dates,omitempty" json:"dates,omitempty"`               // how days are written, beside 2026-01-31
	Decimals    string        `yaml:"decimals,omitempty" json:"decimals,omitempty"`         // "point", "comma", or "" to recognise them
	OnDuplicate string        `yaml:"on_duplicate,omitempty" json:"on_duplicate,omitempty"` // people with one key: "stop" (also "") or keep the "first"
	Tree        string        `yaml:"tree,omitempty" json:"tree,omitempty"`                 // "reporting": units hang where their posts report to
	NoSuperior  []string      `yaml:"no_superior,omitempty" json:"no_superior,omitempty"`   // what stands for "reports to nobody", beside an empty cell

	Units  *Section `yaml:"units,omitempty" json:"units,omitempty"`
	People *Section `yaml:"people,omitempty" json:"people,omitempty"`
	Groups *Section `yaml:"groups,omitempty" json:"groups,omitempty"`
	Teams  *Section `yaml:"teams,omitempty" json:"teams,omitempty"`
}

// Section maps the columns of one sort of row.
type Section struct {
	Where      map[string]string `yaml:"where,omitempty" json:"where,omitempty"` // only rows with these values in these columns
	Key        Field             `yaml:"key,omitempty" json:"key,omitzero"`
	Name       Field             `yaml:"name,omitempty" json:"name,omitzero"`
	Mail       Field             `yaml:"mail,omitempty" json:"mail,omitzero"`
	Unit       Field             `yaml:"unit,omitempty" json:"unit,omitzero"`
	UnitName   Field             `yaml:"unit_name,omitempty" json:"unit_name,omitzero"`
	ParentUnit Field             `yaml:"parent_unit,omitempty" json:"parent_unit,omitzero"`
	UnitPath   Field             `yaml:"unit_path,omitempty" json:"unit_path,omitzero"`
	Location   Field             `yaml:"location,omitempty" json:"location,omitzero"`
	Country    Field             `yaml:"country,omitempty" json:"country,omitzero"`
	Level      Field             `yaml:"level,omitempty" json:"level,omitzero"`
	Partner    Field             `yaml:"partner,omitempty" json:"partner,omitzero"`
	Manager    Field             `yaml:"manager,omitempty" json:"manager,omitzero"`
	Start      Field             `yaml:"start,omitempty" json:"start,omitzero"`
	End        Field             `yaml:"end,omitempty" json:"end,omitzero"`
	FTE        Field             `yaml:"fte,omitempty" json:"fte,omitzero"`
	Grade      Field             `yaml:"grade,omitempty" json:"grade,omitzero"`
	Job        Field             `yaml:"job,omitempty" json:"job,omitzero"`
	Team       Field             `yaml:"team,omitempty" json:"team,omitzero"`
	Person     Field             `yaml:"person,omitempty" json:"person,omitzero"`
	Chair      Field             `yaml:"chair,omitempty" json:"chair,omitzero"`

	Attributes      map[string]Field `yaml:"attributes,omitempty" json:"attributes,omitempty"`
	OtherAttributes bool             `yaml:"other_columns_are_attributes,omitempty" json:"other_columns_are_attributes,omitempty"`
}

// Field says where a value comes from. In YAML a plain text is the column.
type Field struct {
	Column   string            `yaml:"column,omitempty" json:"column,omitempty"`
	Constant string            `yaml:"constant,omitempty" json:"constant,omitempty"` // the same for every row, in place of a column
	Default  string            `yaml:"default,omitempty" json:"default,omitempty"`   // where the cell is empty
	Values   map[string]string `yaml:"values,omitempty" json:"values,omitempty"`     // what a cell's text means; other texts stay as they are
}

// UnmarshalYAML accepts a column's heading in place of the whole mapping.
func (f *Field) UnmarshalYAML(decode func(any) error) error {
	if decode(&f.Column) == nil {
		return nil
	}
	type plain Field
	return decode((*plain)(f))
}

// IsZero says whether nothing is mapped.
func (f Field) IsZero() bool { return f.Column == "" && f.Constant == "" }

// SectionName is one of the four sorts of rows.
type SectionName string

const (
	UnitRows   SectionName = "units"
	PeopleRows SectionName = "people"
	GroupRows  SectionName = "groups"
	TeamRows   SectionName = "teams"
)

// The fields that each section may map, in the order of a form.
var sectionFields = map[SectionName][]string{
	UnitRows:   {"unit", "unit_name", "parent_unit", "unit_path"},
	PeopleRows: {"key", "name", "mail", "unit", "unit_name", "parent_unit", "unit_path", "location", "country", "level", "partner", "manager", "start", "end", "fte"},
	GroupRows:  {"unit", "unit_name", "parent_unit", "unit_path", "grade", "job", "fte", "location", "country", "manager"},
	TeamRows:   {"team", "person", "chair", "unit", "unit_name", "parent_unit", "unit_path"},
}

var requiredFields = map[SectionName][]string{
	PeopleRows: {"key"}, GroupRows: {"fte"}, TeamRows: {"team", "person", "chair"},
}

// FieldNames lists the fields that a section may map, in the order of a form.
func FieldNames(section SectionName) []string { return slices.Clone(sectionFields[section]) }

// Field returns the named field of the section, to read or to set; nil if there
// is no field of that name.
func (s *Section) Field(name string) *Field { return s.fields()[name] }

func (s *Section) fields() map[string]*Field {
	return map[string]*Field{
		"key": &s.Key, "name": &s.Name, "mail": &s.Mail, "unit": &s.Unit, "unit_name": &s.UnitName,
		"parent_unit": &s.ParentUnit, "unit_path": &s.UnitPath, "location": &s.Location, "country": &s.Country,
		"level": &s.Level, "partner": &s.Partner, "manager": &s.Manager, "start": &s.Start, "end": &s.End,
		"fte": &s.FTE, "grade": &s.Grade, "job": &s.Job, "team": &s.Team, "person": &s.Person, "chair": &s.Chair,
	}
}

// Sections returns the sections that the map has, in a fixed order.
func (m Map) Sections() []SectionName {
	var names []SectionName
	for _, name := range []SectionName{UnitRows, PeopleRows, GroupRows, TeamRows} {
		if m.Section(name) != nil {
			names = append(names, name)
		}
	}
	return names
}

// Section returns a section, nil if the map does not have it.
func (m Map) Section(name SectionName) *Section {
	switch name {
	case UnitRows:
		return m.Units
	case PeopleRows:
		return m.People
	case GroupRows:
		return m.Groups
	case TeamRows:
		return m.Teams
	}
	return nil
}

// Check reports a map that says too little, or two things at once.
func (m Map) Check() error {
	if m.People == nil && m.Groups == nil {
		return fault.Invalidf("the map has neither a section people nor a section groups: add one")
	}
	if m.Dates != "" && !m.Dates.Known() {
		return fault.Invalidf("dates: %q is not a way to write days: use one of yyyy-mm-dd, dd-mm-yyyy, dd/mm/yyyy, dd.mm.yyyy, mm/dd/yyyy, yyyymmdd", string(m.Dates))
	}
	if !slices.Contains([]string{"", "point", "comma"}, m.Decimals) {
		return fault.Invalidf("decimals: %q is not known: use point or comma, or leave it out", m.Decimals)
	}
	if !slices.Contains([]string{"", "stop", "first"}, m.OnDuplicate) {
		return fault.Invalidf("on_duplicate: %q is not known: use stop or first", m.OnDuplicate)
	}
	if !slices.Contains([]string{"", "reporting"}, m.Tree) {
		return fault.Invalidf("tree: %q is not known: use reporting, or leave it out", m.Tree)
	}
	if m.Tree == "reporting" && (m.People == nil || m.People.Manager.IsZero()) {
		return fault.Invalidf("tree: reporting needs the column manager in the section people")
	}
	for _, name := range m.Sections() {
		if err := m.Section(name).check(name, m.Tree); err != nil {
			return err
		}
	}
	return nil
}

func (s *Section) check(section SectionName, tree string) error {
	for name, f := range s.fields() {
		if !slices.Contains(sectionFields[section], name) && !f.IsZero() {
			return fault.Invalidf("the section %s of the map has no field %s: take it out", string(section), name)
		}
	}
	if section != PeopleRows && (len(s.Attributes) > 0 || s.OtherAttributes) {
		return fault.Invalidf("the section %s of the map cannot have attributes: only people have", string(section))
	}
	for _, name := range requiredFields[section] {
		if s.Field(name).IsZero() {
			return fault.Invalidf("the section %s of the map must say which column is %s", string(section), name)
		}
	}
	switch path, key := !s.UnitPath.IsZero(), !s.Unit.IsZero(); {
	case path && (key || !s.UnitName.IsZero() || !s.ParentUnit.IsZero()):
		return fault.Invalidf("the section %s of the map must have either unit_path or unit, unit_name and parent_unit, not both", string(section))
	case !path && !key:
		return fault.Invalidf("the section %s of the map must say which column is unit or unit_path", string(section))
	case tree == "reporting" && (path || !s.ParentUnit.IsZero()):
		return fault.Invalidf("with tree: reporting the section %s of the map cannot have unit_path or parent_unit", string(section))
	}
	for name, f := range s.Attributes {
		if strings.TrimSpace(name) == "" || f.IsZero() {
			return fault.Invalidf("the attribute %q of the map needs a name and a column", name)
		}
	}
	return nil
}
