package org

import (
	"slices"
	"strconv"
	"strings"
)

// exportHeader is the roster export's fixed headings. The headings of people's
// attributes stand behind them.
var exportHeader = []string{
	"Row", "Key", "Name", "Mail", "Unit", "Parent unit", "Location", "Country", "Level", "Partner", "Manager",
	"Start", "End", "FTE", "Grade", "Job", "Team", "Chair",
}

// ExportMap is the map with which a roster's own export imports unchanged.
func ExportMap() Map {
	col := func(heading string) Field { return Field{Column: heading} }
	row := func(kind string) map[string]string { return map[string]string{"Row": kind} }
	return Map{
		Decimals: "point",
		Units:    &Section{Where: row("unit"), Unit: col("Key"), UnitName: col("Name"), ParentUnit: col("Parent unit")},
		People: &Section{
			Where: row("person"), Key: col("Key"), Name: col("Name"), Mail: col("Mail"), Unit: col("Unit"),
			Location: col("Location"), Country: col("Country"), Level: col("Level"), Partner: col("Partner"),
			Manager: col("Manager"), Start: col("Start"), End: col("End"), FTE: col("FTE"), OtherAttributes: true,
		},
		Groups: &Section{
			Where: row("group"), Unit: col("Unit"), Grade: col("Grade"), Job: col("Job"), Location: col("Location"),
			Country: col("Country"), FTE: col("FTE"),
		},
		Teams: &Section{Where: row("member"), Team: col("Team"), Unit: col("Unit"), Person: col("Key"), Chair: col("Chair")},
	}
}

// IsExport says whether a file's headings are those of a roster's own export.
func IsExport(header []string) bool {
	return len(header) >= len(exportHeader) && slices.Equal(header[:len(exportHeader)], exportHeader)
}

// ExportHeader returns the export's headings for people with these attributes.
func ExportHeader(attributes []string) []string {
	header := slices.Clone(exportHeader)
	for _, name := range attributes {
		header = append(header, attributeHeading(name))
	}
	return header
}

// marker tells an attribute "Grade" from the export's own column "Grade".
const marker = " (attribute)"

func needsMarker(name string) bool {
	for strings.HasSuffix(name, marker) {
		name = strings.TrimSuffix(name, marker)
	}
	return slices.Contains(exportHeader, name)
}

func attributeHeading(name string) string {
	if needsMarker(name) {
		return name + marker
	}
	return name
}

// attributeName is the inverse of attributeHeading.
func attributeName(heading string) string {
	if strings.HasSuffix(heading, marker) && needsMarker(heading) {
		return strings.TrimSuffix(heading, marker)
	}
	return heading
}

// exported makes a row of the export from the values that it has.
func exported(values map[string]string, extra int) []string {
	row := make([]string, len(exportHeader), len(exportHeader)+extra)
	for i, heading := range exportHeader {
		row[i] = values[heading]
	}
	return row
}

// ExportUnit returns a unit's row of the export.
func ExportUnit(u Unit) []string {
	return exported(map[string]string{"Row": "unit", "Key": u.Key, "Name": u.Name, "Parent unit": u.Parent.Key}, 0)
}

// ExportPerson returns a person's row of the export; country is the location's.
func ExportPerson(p Person, country string, attributes []string) []string {
	row := exported(map[string]string{
		"Row": "person", "Key": p.Key, "Name": p.Name, "Mail": p.Mail, "Unit": p.Unit.Key, "Location": p.Location.Key,
		"Country": country, "Level": p.Level.text(), "Partner": p.Partner.Key, "Manager": p.Manager.Key,
		"Start": string(p.Start), "End": string(p.End), "FTE": decimal(p.FTE),
	}, len(attributes))
	for _, name := range attributes {
		row = append(row, p.Attributes[name])
	}
	return row
}

// ExportGroup returns a staff group's row of the export; country is the
// location's.
func ExportGroup(g StaffGroup, country string) []string {
	return exported(map[string]string{
		"Row": "group", "Unit": g.Unit.Key, "Grade": g.Grade, "Job": g.Job, "Location": g.Location.Key,
		"Country": country, "FTE": decimal(g.FTE),
	}, 0)
}

// ExportTeam returns a management team's rows of the export, one a member.
func ExportTeam(t ManagementTeam) [][]string {
	var rows [][]string
	for _, m := range t.Members {
		chair := map[bool]string{true: "yes", false: "no"}[m.Chair]
		rows = append(rows, exported(map[string]string{"Row": "member", "Key": m.Person.Key, "Unit": t.Unit.Key, "Team": t.Name, "Chair": chair}, 0))
	}
	return rows
}

func (l Level) text() string {
	if l == "" {
		return ""
	}
	return l.Name()
}

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
