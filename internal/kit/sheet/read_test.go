package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/sheet"
)

// result is what a test looks at: headings, rows, and mistakes in order.
type result struct {
	Headings []string
	Rows     [][]string
	Lines    []int
	Mistakes []string
}

func read(t *testing.T, in io.Reader, o sheet.Options) result {
	t.Helper()
	var got result
	note := func(err error) {
		if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "\n") {
			t.Fatalf("not a sentence for a caller: %v", err)
		}
		got.Mistakes = append(got.Mistakes, err.Error())
	}
	r, err := sheet.Open(in, "people.csv", o)
	if err != nil {
		note(err)
		return got
	}
	got.Headings = r.Headings()
	for row, err := range r.Rows() {
		if err != nil {
			note(err)
			continue
		}
		got.Rows = append(got.Rows, row.Cells)
		got.Lines = append(got.Lines, row.Line)
	}
	return got
}

func TestTextFilesAreRead(t *testing.T) {
	h := []string{"Name", "Unit"}
	for name, c := range map[string]struct {
		in   string
		want result
	}{
		"comma":                 {"Name,Unit\nAnn,North\nBo,South\n", result{h, [][]string{{"Ann", "North"}, {"Bo", "South"}}, []int{2, 3}, nil}},
		"semicolon":             {"Name;Unit\nAnn, dr;3,5\n", result{h, [][]string{{"Ann, dr", "3,5"}}, []int{2}, nil}},
		"tab":                   {"Name\tUnit\nAnn, dr\ta;b\n", result{h, [][]string{{"Ann, dr", "a;b"}}, []int{2}, nil}},
		"declared separator":    {"sep=;\r\nName;Unit\r\nAnn;1,5\r\n", result{h, [][]string{{"Ann", "1,5"}}, []int{3}, nil}},
		"separators in quotes":  {"Name,Unit\n\"a;b;c\",1\n\"d;e;f\",2\n", result{h, [][]string{{"a;b;c", "1"}, {"d;e;f", "2"}}, []int{2, 3}, nil}},
		"cells over lines":      {"Name,Unit\n\"An\nn\r\nx\",N\nBo,S", result{h, [][]string{{"An\nn\r\nx", "N"}, {"Bo", "S"}}, []int{2, 5}, nil}},
		"old Mac lines":         {"Name,Unit\rAnn,N\r\rBo,S\r", result{h, [][]string{{"Ann", "N"}, {"Bo", "S"}}, []int{2, 4}, nil}},
		"quotes":                {"Name,Unit\n\"a \"\"b\"\" c\",d \"e\" f\n\"\",x\n", result{h, [][]string{{`a "b" c`, `d "e" f`}, {"", "x"}}, []int{2, 3}, nil}},
		"blank rows":            {"\n,,\nName,Unit\n\n,\nAnn,N\n,,,\n\n", result{h, [][]string{{"Ann", "N"}}, []int{6}, nil}},
		"empty columns at end":  {"Name,Unit,,\nAnn,N,,\nBo,S,\nCy,W\n", result{h, [][]string{{"Ann", "N"}, {"Bo", "S"}, {"Cy", "W"}}, []int{2, 3, 4}, nil}},
		"one column":            {"Name\nAnn\nBo\n", result{[]string{"Name"}, [][]string{{"Ann"}, {"Bo"}}, []int{2, 3}, nil}},
		"only headings":         {"Name,Unit\n", result{Headings: h}},
		"unnamed and repeated":  {",a,a, b  c\u00a0d ,,\"a\nb\",a\n1,2,3,4,5,6,7\n", result{[]string{"(A)", "a", "a (C)", "b c d", "(E)", "a b", "a (G)"}, [][]string{{"1", "2", "3", "4", "5", "6", "7"}}, []int{3}, nil}},
		"names that are taken":  {"a,a,a (B),(E),,x\n1,2,3,4,5,6\n", result{[]string{"a", "a (B) (B)", "a (B)", "(E)", "(E) (E)", "x"}, [][]string{{"1", "2", "3", "4", "5", "6"}}, []int{2}, nil}},
		"defused":               {"Name,Unit\n'=1+1,'-5\n'tis,''\n", result{h, [][]string{{"=1+1", "-5"}, {"'tis", "''"}}, []int{2, 3}, nil}},
		"byte order mark":       {"\xef\xbb\xbf\"Name\",Unit\nÅsa,é\n", result{h, [][]string{{"Åsa", "é"}}, []int{2}, nil}},
		"Windows-1252":          {"Name,Unit\n\xc5sa,caf\xe9 \x80 \x93x\x94\n", result{h, [][]string{{"Åsa", "café € “x”"}}, []int{2}, nil}},
		"first byte decides":    {"Name,Unit\n\x93CAF\xc9\x94,\xc9\x93\n", result{h, [][]string{{"“CAFÉ”", "É“"}}, []int{2}, nil}},
		"too few cells":         {"Name,Unit\nAnn\nBo,S\n", result{h, [][]string{{"Bo", "S"}}, []int{3}, []string{`Line 2 of "people.csv" has 1 cells, but there are 2 headings. Check the separators and quotes of that line.`}}},
		"too many cells":        {"Name,Unit\nAnn,N,x\nBo,S\n", result{h, [][]string{{"Bo", "S"}}, []int{3}, []string{`Line 2 of "people.csv" has 3 cells, but there are 2 headings. Check the separators and quotes of that line.`}}},
		"open quote":            {"Name,Unit\nAnn,N\nBo,\"S\nCy,W\n", result{h, [][]string{{"Ann", "N"}}, []int{2}, []string{`Line 3, column "Unit": the quote that opens the cell is never closed.`}}},
		"open quote in heading": {"Name,\"Unit\nAnn,N\n", result{Mistakes: []string{`Line 1, column "B": the quote that opens the cell is never closed.`}}},
		"text after quote":      {"Name,Unit\n\"Ann\" x,N\n", result{h, nil, nil, []string{`Line 2, column "Name": after the closing quote of the cell there is more text. Write a quote within a quoted cell twice.`}}},
		"two encodings":         {"Name,Unit\nÅsa,N\n\xc5sa,S\n", result{h, [][]string{{"Åsa", "N"}}, []int{2}, []string{`The file "people.csv" mixes two encodings: at line 3 it is no longer UTF-8. Save it once more as UTF-8.`}}},
		"zero byte":             {"Name,Unit\nA\x00,N\n", result{h, nil, nil, []string{`The file "people.csv" is not a table: line 2 holds bytes that no text has. Save the table as XLSX or CSV.`}}},
		"empty":                 {"", result{Mistakes: []string{`The file "people.csv" is empty.`}}},
		"only a mark":           {"\xef\xbb\xbf", result{Mistakes: []string{`The file "people.csv" is empty.`}}},
		"only blanks":           {"\n\n ,,\n", result{Mistakes: []string{`The file "people.csv" is empty.`}}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, read(t, strings.NewReader(c.in), sheet.Options{})); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.want, read(t, iotest.OneByteReader(strings.NewReader(c.in)), sheet.Options{})); d != "" {
				t.Errorf("byte by byte: %s", d)
			}
		})
	}
}

func TestUTF16IsReadWithAndWithoutMark(t *testing.T) {
	want := result{[]string{"Name", "Unit"}, [][]string{{"Åsa", "€ 𝛼"}, {"Bo", "South"}}, []int{2, 3}, nil}
	units := utf16.Encode([]rune("\ufeffName;Unit\r\nÅsa;€ 𝛼\r\nBo;South\r\n"))
	for _, bigEndian := range []bool{false, true} {
		var file []byte
		for _, u := range units {
			if bigEndian {
				file = append(file, byte(u>>8), byte(u))
			} else {
				file = append(file, byte(u), byte(u>>8))
			}
		}
		for _, mark := range []bool{true, false} {
			t.Run(fmt.Sprintf("big endian %t, mark %t", bigEndian, mark), func(t *testing.T) {
				in := file
				if !mark {
					in = file[2:]
				}
				if d := cmp.Diff(want, read(t, bytes.NewReader(in), sheet.Options{})); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

func TestOtherDocumentsAreRefusedInASentence(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"old workbook": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", `The file "people.csv" is an old Excel workbook (.xls) or one that is locked with a password. Save it as XLSX or CSV without a password.`},
		"PDF":          {"%PDF-1.7\n", `The file "people.csv" is not a table but another kind of document. Save the table as XLSX or CSV.`},
		"web page":     {"  <html><table>", `The file "people.csv" is a web page or XML, even if it is named otherwise. Open it in a spreadsheet program and save it as XLSX or CSV.`},
		"zip":          {archive(t, "readme.txt", "hello"), `The file "people.csv" is a zip file but no XLSX workbook. Unpack it, or save the table as XLSX or CSV.`},
		"OpenDocument": {archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), `The file "people.csv" is an OpenDocument file. Save it as XLSX or CSV.`},
		"half a zip":   {archive(t, "readme.txt", "hello")[:40], `The file "people.csv" is damaged or cut short: its zip directory cannot be read. Save or upload it again.`},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(result{Mistakes: []string{c.want}}, read(t, strings.NewReader(c.in), sheet.Options{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// endless is a file of any length that counts what was read of it.
type endless struct {
	row  string
	read int64
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.row[e.read%int64(len(e.row))]
		e.read++
	}
	return len(p), nil
}

func TestReadingStopsAtTheLimit(t *testing.T) {
	const limit = 3 << 20
	file := &endless{row: "Ann,North\n"}
	got := read(t, file, sheet.Options{MaxBytes: limit})
	if want := `The file "people.csv" is larger than 3 MB. Split it, or leave out columns that are not needed.`; len(got.Mistakes) != 1 || got.Mistakes[0] != want {
		t.Errorf("got %q", got.Mistakes)
	}
	if file.read > limit+1 {
		t.Errorf("%d bytes were read", file.read)
	}
	whole := "Name,Unit\nAnn,N\n"
	if got := read(t, strings.NewReader(whole), sheet.Options{MaxBytes: int64(len(whole))}); len(got.Mistakes) > 0 {
		t.Errorf("a file of just that size: %q", got.Mistakes)
	}
	if got := read(t, strings.NewReader(whole), sheet.Options{MaxBytes: int64(len(whole)) - 1}); len(got.Mistakes) == 0 {
		t.Error("a file of one byte more was taken")
	}
}

func TestLongCellsAndWideRowsAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":  {"a,b\n1," + strings.Repeat("x", 21), `Line 2, column "b": the cell is longer than 20 bytes. Perhaps a quote that opens there is never closed.`},
		"quoted": {"a,b\n1,\"x\n" + strings.Repeat("x", 21), `Line 2, column "b": the cell is longer than 20 bytes. Perhaps a quote that opens there is never closed.`},
		"wide":   {"a,b\n" + strings.Repeat(",", 17_000), `Line 2 of "people.csv" has more than 16384 cells.`},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, strings.NewReader(c.in), sheet.Options{MaxCell: 20})
			if len(got.Mistakes) != 1 || got.Mistakes[0] != c.want {
				t.Errorf("got %q", got.Mistakes)
			}
		})
	}
}

func TestAFailingReaderIsNoMistakeOfTheCaller(t *testing.T) {
	_, err := sheet.Open(iotest.ErrReader(io.ErrClosedPipe), "people.csv", sheet.Options{})
	if err == nil || fault.Of(err) != nil {
		t.Errorf("got %v", err)
	}
	r, err := sheet.Open(io.MultiReader(strings.NewReader("a,b\n"+strings.Repeat("1,2\n", 100_000)), iotest.ErrReader(io.ErrClosedPipe)), "people.csv", sheet.Options{})
	must(t, err)
	for row, e := range r.Rows() {
		if err = e; e == nil && row.Get("b") != "2" {
			t.Errorf("got %q", row.Cells)
		}
	}
	if err == nil || fault.Of(err) != nil {
		t.Errorf("got %v", err)
	}
}

func TestColumnsAreFoundByHeading(t *testing.T) {
	r, err := sheet.Open(strings.NewReader("Post  Reference,Unit \n 7 ,N\n"), "people.csv", sheet.Options{})
	must(t, err)
	must(t, r.Need("Unit", "Post Reference", " Post  Reference"))
	want := `The file "people.csv" has no column "Level". Its columns are: Post Reference, Unit.`
	if err := r.Need("Unit", "Level"); err == nil || err.Error() != want || fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	for row, err := range r.Rows() {
		must(t, err)
		if row.Get("Post  Reference") != "7" || row.Get("Unit") != "N" || row.Get("Level") != "" || row.Cells[0] != " 7 " {
			t.Errorf("got %q", row.Cells)
		}
	}
}
