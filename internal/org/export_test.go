package org_test

import (
	"slices"
	"testing"

	"throughline/internal/org"
)

func TestAnAttributeNamedLikeAColumnOfTheExportKeepsItsName(t *testing.T) {
	attributes := []string{"Grade", "Grade (attribute)", "Shift"}
	header := org.ExportHeader(attributes)
	if !org.IsExport(header) || org.IsExport(header[1:]) {
		t.Fatalf("headings %q", header)
	}
	p := org.Person{Key: "1", Unit: org.Ref{Key: "A"}, FTE: 0.125, Level: org.LevelSeniorManager,
		Attributes: map[string]string{"Grade": "g", "Grade (attribute)": "h", "Shift": "s"}}
	rows := [][]string{append(org.ExportUnit(org.Unit{Key: "A", Name: "Unit A"}), "", "", ""), org.ExportPerson(p, "", attributes)}
	_, people, bad := drafted(t, org.ExportMap(), org.Source{Name: "e.csv", Header: header, Rows: rowsOf(rows)})
	if len(bad) > 0 || len(people) != 1 {
		t.Fatalf("people %v, bad %v", people, bad)
	}
	if fields := people[0].Differs(p); len(fields) > 0 {
		t.Errorf("differs in %q: %+v", fields, people[0])
	}
	if slices.Contains(header[:18], "Shift") {
		t.Error("an attribute stands among the fixed columns")
	}
}
