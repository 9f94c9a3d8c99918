package learning

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
)

// Shape is how a table of competencies is laid out. It is told by its headings.
type Shape string

const (
	ESCO       Shape = "ESCO"        // skills_en.csv of the European classification
	ONET       Shape = "O*NET"       // elements of the content model: Element ID, Element Name, Description
	ONETRating Shape = "O*NET roles" // what occupations require: O*NET-SOC Code, Element ID, Scale ID, Data Value
	CASETable  Shape = "CASE"        // a table of CFItems, as OpenSALT exports
	Plain      Shape = "plain"       // our own: name, and what else there is of key, description, parent, kind, uri, alternatives
)

// headings by which a shape is known.
var shapes = []struct {
	Shape
	headings []string
}{
	{ESCO, []string{"conceptUri", "preferredLabel"}},
	{ONETRating, []string{"O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value"}},
	{ONET, []string{"Element ID", "Element Name"}},
	{CASETable, []string{"fullStatement"}},
	{Plain, []string{"name"}},
}

// ShapeOf recognises a table; it reports one that has the headings of none.
func ShapeOf(has func(heading string) bool) (Shape, error) {
	for _, s := range shapes {
		if !slices.ContainsFunc(s.headings, func(h string) bool { return !has(h) }) {
			return s.Shape, nil
		}
	}
	return "", fault.Invalidf("this table has none of the headings of competencies: name; or conceptUri and preferredLabel (ESCO); or Element ID and Element Name (O*NET); or fullStatement (CASE)")
}

// Item reads a line of a table of this shape; get is the cell under a heading, "" where there is none.
func (s Shape) Item(line int, get func(heading string) string) (CatalogueItem, error) {
	it := CatalogueItem{Line: line}
	switch s {
	case ESCO:
		it.URI = get("conceptUri")
		it.Key = it.URI[strings.LastIndexByte(it.URI, '/')+1:]
		it.Name, it.Note = get("preferredLabel"), first(get("description"), get("definition"), get("scopeNote"))
		it.Kind = first(get("reuseLevel"), get("skillType"))
		it.Alternatives = strings.Split(get("altLabels"), "\n")
		if it.Key == "" {
			return it, fault.Invalidf("line %d: the conceptUri is empty", line)
		}
	case ONET:
		it.Key, it.Name, it.Note, it.Dotted = get("Element ID"), get("Element Name"), get("Description"), true
	case ONETRating:
		it.Key, it.Name, it.Again, it.Dotted = get("Element ID"), get("Element Name"), true, true
		value, err := strconv.ParseFloat(strings.Replace(get("Data Value"), ",", ".", 1), 64)
		if err != nil || math.IsNaN(value) || value < 0 || value > 7 {
			return it, fault.Invalidf("line %[1]d: the Data Value %[2]q is no figure from 0 to 7", line, get("Data Value"))
		}
		it.Needed = Need{Role: get("O*NET-SOC Code"), Title: get("Title"), Scale: Scale(strings.ToUpper(get("Scale ID"))), Value: value}
		if it.Needed.Role == "" {
			return it, fault.Invalidf("line %d: the O*NET-SOC Code is empty", line)
		}
	case CASETable:
		it.Key, it.URI, it.Kind, it.Note = first(get("identifier"), get("humanCodingScheme")), get("uri"), get("CFItemType"), get("notes")
		it.Name, it.Parent = first(get("abbreviatedStatement"), get("fullStatement")), get("parent")
		if it.Note == "" && it.Name != get("fullStatement") {
			it.Note = get("fullStatement")
		}
	case Plain:
		it.Key, it.Name, it.Note = get("key"), get("name"), get("description")
		it.Parent, it.Kind, it.URI = get("parent"), get("kind"), get("uri")
		it.Alternatives = strings.FieldsFunc(get("alternatives"), func(r rune) bool { return r == '\n' || r == '|' || r == ';' })
	}
	return it, nil
}

// first is the first of some texts that says something.
func first(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
