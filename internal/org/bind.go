package org

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// column finds a field's value in the rows of one file.
type column struct {
	Field
	at int // -1: there is no column
}

// bound is a section tied to the columns of one file.
type bound struct {
	section    SectionName
	where      map[int]string
	fields     map[string]column
	attributes map[string]column
}

// bind ties a section to a file's headings; missing are the columns that the
// file lacks.
func (s *Section) bind(section SectionName, header []string) (b bound, missing []string) {
	b = bound{section: section, where: map[int]string{}, fields: map[string]column{}, attributes: map[string]column{}}
	named := map[int]bool{}
	find := func(heading string) int {
		i := findHeading(header, heading)
		if i < 0 && !slices.Contains(missing, heading) {
			missing = append(missing, heading)
		}
		named[i] = true
		return i
	}
	for heading, value := range s.Where {
		b.where[find(heading)] = clean(value)
	}
	tie := func(into map[string]column, name string, f Field) {
		c := column{f, -1}
		if f.Column != "" {
			c.at = find(f.Column)
		}
		into[name] = c
	}
	for _, name := range sectionFields[section] {
		if f := s.Field(name); !f.IsZero() {
			tie(b.fields, name, *f)
		}
	}
	for name, f := range s.Attributes {
		tie(b.attributes, name, f)
	}
	if s.OtherAttributes {
		for i, heading := range header {
			if !named[i] {
				b.attributes[attributeName(clean(heading))] = column{Field{Column: heading}, i}
			}
		}
	}
	slices.Sort(missing)
	return b, missing
}

func findHeading(header []string, heading string) int {
	heading = clean(heading)
	if i := slices.IndexFunc(header, func(h string) bool { return clean(h) == heading }); i >= 0 {
		return i
	}
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(clean(h), heading) })
}

// clean trims a text and makes any white space inside it one space.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// takes says whether a row is of this section.
func (b bound) takes(cells []string) bool {
	for at, value := range b.where {
		if at >= len(cells) || clean(cells[at]) != value {
			return false
		}
	}
	return true
}

// text is what the field says in a row; "" if it is not mapped or empty.
func (c column) text(cells []string) string {
	text := c.Constant
	if c.Column != "" {
		text = ""
		if c.at < len(cells) {
			text = clean(cells[c.at])
		}
		if meaning, ok := c.Values[text]; ok {
			text = clean(meaning)
		}
	}
	if text == "" {
		return c.Default
	}
	return text
}

// In is how a field is read in rows with these headings; found is false where its column is not among
// them.
func (f Field) In(header []string) (read func(cells []string) string, found bool) {
	c := column{f, -1}
	if f.Column != "" {
		c.at = findHeading(header, f.Column)
	}
	return c.text, f.Column == "" || c.at >= 0
}

func (b bound) text(field string, cells []string) string {
	c, mapped := b.fields[field]
	if !mapped {
		return ""
	}
	return c.text(cells)
}

// heading is the column that a mistake in the field is shown at.
func (b bound) heading(field string) string { return b.fields[field].Column }

// bindAll ties the map's sections to each file. Every section must find a file
// with all its columns, and every file a section.
func (m Map) bindAll(sources []Source) (files [][]bound, err error) {
	files = make([][]bound, len(sources))
	for _, name := range m.Sections() {
		found, nearest, lacks := false, 0, []string(nil)
		for i, s := range sources {
			b, missing := m.Section(name).bind(name, s.Header)
			if len(missing) == 0 {
				files[i] = append(files[i], b)
				found = true
			} else if lacks == nil || len(missing) < len(lacks) {
				nearest, lacks = i, missing
			}
		}
		if !found {
			return nil, fault.Invalidf("%s has no column %s, which the section %s of the map names; its columns are: %s",
				sources[nearest].Name, quoted(lacks), string(name), quoted(sources[nearest].Header))
		}
	}
	for i, s := range sources {
		if len(files[i]) == 0 {
			return nil, fault.Invalidf("%s has the columns of no section of the map; its columns are: %s", s.Name, quoted(s.Header))
		}
	}
	return files, nil
}

func quoted(words []string) string {
	const most = 40
	var b strings.Builder
	for i, w := range words {
		if i == most {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + w + `"`)
	}
	return b.String()
}
