package org_test

import (
	"strings"
	"testing"

	"throughline/internal/org"
)

func TestFilesNameUnitsAndPeople(t *testing.T) {
	root := org.Ref{ID: "r"}
	units, err := org.NewStructure("2026-04-15", []org.Unit{{ID: "r", Key: "NM", Name: "Noord"}, {ID: "a", Key: "S1", Name: "Gent", Parent: root},
		{ID: "b", Key: "S2", Name: "Brugge", Parent: root}, {ID: "c", Key: "S3", Name: "Brugge", Parent: root}, {ID: "d", Key: "S1", Name: "Old Gent", Parent: root, Left: "2025-01-01"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := org.NewFinder(units, []org.Career{{Ref: org.Ref{ID: "1", Key: "P1"}, Mail: "ann@example.org"}, {Ref: org.Ref{ID: "2", Key: "P2"}, Mail: "shop@example.org"}, {Ref: org.Ref{ID: "3", Key: "P3"}, Mail: "shop@example.org"}})
	for text, want := range map[string]string{"NM": "r", " Gent ": "a", "S1": "a", "S3": "c", "Old Gent": "d", "Brugge": "several units", "Lier": "no unit"} {
		if i, err := f.Unit(text); err != nil && !strings.Contains(err.Error(), want) || err == nil && units.Units[i].ID != want {
			t.Errorf("%q: %d, %v", text, i, err)
		}
	}
	for text, want := range map[string]string{"P2": "", "Ann@Example.org": "", "shop@example.org": "several people", "p1": "no person"} {
		if _, err := f.Person(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
