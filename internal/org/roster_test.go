package org_test

import (
	"bytes"
	"encoding/csv"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"throughline/internal/kit/yaml"
	"throughline/internal/org"
)

// source makes a file of lines with cells between commas.
func source(name, header string, lines ...string) org.Source {
	return org.Source{Name: name, Header: strings.Split(header, ","), Rows: func(yield func(org.Row, error) bool) {
		for i, line := range lines {
			if !yield(org.Row{Line: i + 2, Cells: strings.Split(line, ",")}, nil) {
				return
			}
		}
	}}
}

// organogram reads one of the real files, or skips.
func organogram(t *testing.T, name string) org.Source {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	file := filepath.Join("roster", name+".csv")
	if folder == "" && os.Getenv("CI") == "true" {
		t.Fatalf("THROUGHLINE_DATA is not set: %s is missing", file)
	}
	if folder == "" {
		t.Skipf("THROUGHLINE_DATA is not set: %s is missing", file)
	}
	data, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("?"))
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return org.Source{Name: name, Header: records[0], Rows: rowsOf(records[1:])}
}

func rowsOf(records [][]string) iter.Seq2[org.Row, error] {
	return func(yield func(org.Row, error) bool) {
		for i, cells := range records {
			if !yield(org.Row{Line: i + 2, Cells: cells}, nil) {
				return
			}
		}
	}
}

func mapFile(t *testing.T, name string) org.Map {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../examples/rosters", name))
	if err != nil {
		t.Fatal(err)
	}
	var m org.Map
	if err := yaml.Decode(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// drafted reads sources whole and returns the draft with the people and the bad
// rows.
func drafted(t *testing.T, m org.Map, sources ...org.Source) (*org.Draft, []org.Person, []org.BadRow) {
	t.Helper()
	d, err := org.NewDraft(m, sources)
	if err != nil {
		t.Fatal(err)
	}
	var people []org.Person
	var bad []org.BadRow
	for i, s := range sources {
		for row := range s.Rows {
			parsed, wrong := d.Parse(i, row)
			if len(wrong) == 0 {
				wrong = d.Add(parsed)
			}
			bad = append(bad, wrong...)
			if parsed.Person != nil {
				people = append(people, *parsed.Person)
			}
		}
	}
	return d, people, bad
}

func column(heading string) org.Field { return org.Field{Column: heading} }
