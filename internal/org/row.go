package org

import (
	"iter"
	"slices"
	"strconv"
)

// Row is one line of a file.
type Row struct {
	Line  int // as a text editor or spreadsheet counts
	Cells []string
}

// Source is a file of a roster. An import may read Rows more than once, from
// the start each time; an error ends it.
type Source struct {
	Name   string // the file's name, for messages
	Header []string
	Rows   iter.Seq2[Row, error]
}

// BadRow is a mistake in a row, or a row that was left out.
type BadRow struct {
	File    string
	Line    int
	Column  string   // its heading; "" if the mistake is about the whole row
	Reason  error    // a fault: a sentence for a person
	Cells   []string // the row as it stands in the file
	Dropped bool     // left out as the map asks, which stops nothing
}

// Mistakes are the bad rows because of which something cannot be imported.
type Mistakes []BadRow

// Error says the first of them.
func (m Mistakes) Error() string {
	return m[0].File + ":" + strconv.Itoa(m[0].Line) + ": " + m[0].Reason.Error()
}

// ErrorTable is the file of bad rows that a person downloads: where and why,
// then the row itself under its own headings. say words a reason in the reader's
// language.
func ErrorTable(sources []Source, bad []BadRow, say func(error) string) (header []string, rows [][]string) {
	header = []string{"File", "Line", "Column", "Reason"}
	column := map[string]int{}
	headings := map[string][]string{}
	for _, s := range sources {
		headings[s.Name] = s.Header
		for _, h := range s.Header {
			if _, known := column[h]; !known {
				column[h] = len(header)
				header = append(header, h)
			}
		}
	}
	for _, b := range bad {
		row := slices.Grow([]string{b.File, strconv.Itoa(b.Line), b.Column, say(b.Reason)}, len(header))[:len(header)]
		for i, cell := range b.Cells {
			if i < len(headings[b.File]) {
				row[column[headings[b.File][i]]] = cell
			}
		}
		rows = append(rows, row)
	}
	return header, rows
}
