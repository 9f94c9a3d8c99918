package sheet_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/sheet"
)

// FuzzRead reads anything, as it is and as the rows of a workbook: no panic, no
// mistake but in a sentence, and where the standard library reads the same
// bytes as plain CSV, the same cells.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"Name,Unit\nAnn,N\n", "sep=;\na;b\n1,5;2\n", "\xef\xbb\xbfa,b\n\"x\n\",'=1\n", "a\tb\r\n\xc5\t1.234\r", "\xff\xfea\x00,\x00b\x00", "a,\"",
		heading + `<row r="3"><c r="B3" s="1"><v>45292</v></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>`,
		heading + `<row><c><f>A1</f></c></row><row r="1048576"><c r="XFD1" t="s"><v>2</v></c></row>`,
		`<sheetData><row><c><v>1e308</v></c><c t="d"><v>2024-01-01</v></c><c t="b"/></row>`,
	} {
		f.Add([]byte(s))
	}
	f.Add([]byte(book(f, heading+`<row><c><v>1</v></c></row></sheetData>`)))
	f.Add(write(f, sheet.XLSX, sheet.WriteOptions{}, []string{"a", "b"}, []any{"=x", 1.5}))
	f.Fuzz(func(t *testing.T, data []byte) {
		// A reader that does not end would not be noticed otherwise.
		watch := time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("no end: %q", data)) })
		defer watch.Stop()
		o := sheet.Options{MaxBytes: 1 << 20}
		got := readAny(t, data, o)
		readAny(t, []byte(book(t, string(data))), o)
		if got != nil {
			agree(t, data, got)
		}
	})
}

// readAny returns the rows below the headings of a text file without mistakes.
func readAny(t *testing.T, data []byte, o sheet.Options) (rows [][]string) {
	sentence := func(err error) {
		if fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%q: %v", data, err)
		}
	}
	r, err := sheet.Open(bytes.NewReader(data), "f", o)
	if err != nil {
		sentence(err)
		return nil
	}
	heading, clean := r.Headings()[0], true
	for row, err := range r.Rows() {
		if err != nil {
			sentence(err)
			clean = false
		}
		if _, _, err := row.Decimal(heading, sheet.Unknown); err != nil {
			sentence(err)
		}
		if _, _, err := row.Day(heading, sheet.Unsure); err != nil {
			sentence(err)
		}
		rows = append(rows, row.Cells)
	}
	if !clean || r.Format() != sheet.CSV {
		return nil
	}
	return rows
}

func agree(t *testing.T, data []byte, got [][]string) {
	if bytes.ContainsAny(data, ";\t\r'\v\f\x85\xa0") || bytes.HasPrefix(bytes.ToLower(data), []byte("sep=")) || strings.ContainsFunc(string(data), func(r rune) bool { return r > 0x7e }) {
		return // what the standard library reads otherwise on purpose
	}
	standard := csv.NewReader(bytes.NewReader(data))
	standard.FieldsPerRecord = -1
	all, err := standard.ReadAll()
	if err != nil {
		return
	}
	var want [][]string
	for _, row := range all {
		if strings.Join(row, "") != "" {
			want = append(want, row)
		}
	}
	for len(want) > 0 && strings.TrimSpace(strings.Join(want[0], "")) == "" { // no headings
		want = want[1:]
	}
	if len(want) != len(got)+1 {
		t.Fatalf("%q: %d rows, want %d", data, len(got), len(want)-1)
	}
	for i, row := range want[1:] {
		for j, cell := range row {
			if j < len(got[i]) && got[i][j] != cell || j >= len(got[i]) && cell != "" {
				t.Fatalf("%q: row %d is %q, want %q", data, i, got[i], row)
			}
		}
	}
}
