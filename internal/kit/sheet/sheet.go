// Package sheet turns CSV and XLSX files into rows and rows into such files.
// It recognises encoding, separator, decimal mark and days, says where a file
// is wrong in words, and keeps text from becoming a formula in a spreadsheet.
// It refuses to know what a column means and what a row is about.
package sheet

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// Format is how a table is stored.
type Format string

const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Options set limits and settle what a file leaves open. The zero value is
// right for a file of which nothing is known.
type Options struct {
	MaxBytes  int64  // of the file; 0 = 200 MB. A workbook may unpack to ten times as much
	MaxCell   int    // bytes of UTF-8 in one cell; 0 = 131,068 (Excel's 32,767 characters)
	Sheet     string // of a workbook, by its name; "" = the first visible one
	Separator byte   // of a text file; 0 = recognise comma, semicolon or tab
}

const (
	megabyte   = 1 << 20
	maxColumns = 16_384    // Excel's own limits
	maxLine    = 1_048_576 // rows of a worksheet
)

func (o Options) filled() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 200 * megabyte
	}
	if o.MaxCell <= 0 {
		o.MaxCell = 4 * 32_767
	}
	return o
}

// Reader is a table that is being read: its headings, then its rows once. It
// holds one row at a time and, of a workbook, the shared texts. It opens
// nothing that would have to be closed.
type Reader struct {
	at       *place
	format   Format
	src      source
	columns  map[string]int
	written  []string
	marks    []Mark // of a text file: what the first rows show, by column
	fallback Mark   // for a column that shows nothing
}

// source yields the records of a table, blank ones included, then io.EOF.
// There are two: text and workbook.
type source interface {
	next() (record, error)
}

// record is one row as it stands in the file.
type record struct {
	line  int
	cells []string
	kinds []kind // nil: all text
	fault error  // a mistake in this row alone
}

// place is what a sentence needs to say where something stands.
type place struct {
	name     string // of the file
	headings []string
}

// column names a column by its heading, or by its letter while there is none.
func (p *place) column(i int) string {
	if i < len(p.headings) {
		return p.headings[i]
	}
	return letters(i)
}

// Open begins to read a table and reads as far as its heading row, the first
// row that is not blank. What the file is, is recognised by its content; name
// only stands in sentences. A workbook needs a file that can be read anywhere:
// when r is an io.ReaderAt and io.Seeker at its start (a file, an upload, a
// bytes.Reader) it is used as such, else it is first read into memory.
//
// Empty headings are named by their column letter in brackets, "(C)"; of equal
// headings every later one has it added, "Remarks (D)". Spaces in headings are
// evened out. Empty columns after the last heading are dropped.
//
// Mistakes: a file that is empty, too large, cut short, neither text nor XLSX.
func Open(r io.Reader, name string, o Options) (*Reader, error) {
	o = o.filled()
	rd := &Reader{at: &place{name: name}}
	in := bufio.NewReaderSize(&limited{r: r, left: o.MaxBytes, max: o.MaxBytes, at: rd.at}, 8192)
	head, err := in.Peek(4096)
	if err != nil && err != io.EOF {
		return nil, ours(err)
	}
	if err := recognise(head, name); err != nil {
		return nil, err
	}
	if strings.HasPrefix(string(head), "PK\x03\x04") || strings.HasPrefix(string(head), "PK\x05\x06") {
		err = rd.openWorkbook(r, in, o)
	} else {
		err = rd.openText(in, head, o)
	}
	if err != nil {
		return nil, err
	}
	return rd, rd.readHeadings()
}

// Format says what the file turned out to be.
func (r *Reader) Format() Format { return r.format }

// Headings are the names of the columns, in order; no two are equal. The slice
// is the caller's own.
func (r *Reader) Headings() []string { return slices.Clone(r.at.headings) }

// Written are the headings as they stand in the file, by which two columns, or more,
// may be called the same, and some nothing.
func (r *Reader) Written() []string { return slices.Clone(r.written) }

// Has tells whether there is a column of that heading; spaces are evened out.
func (r *Reader) Has(heading string) bool {
	_, ok := r.index(heading)
	return ok
}

// Need reports the first of the headings that the table lacks.
func (r *Reader) Need(headings ...string) error {
	for _, h := range headings {
		if !r.Has(h) {
			return fault.Invalidf("The file %q has no column %q. Its columns are: %s.", r.at.name, h, r.listed())
		}
	}
	return nil
}

// listed are the headings for a sentence, cut off where no one reads on.
func (r *Reader) listed() string {
	const most = 30
	h := r.at.headings
	if len(h) > most {
		return strings.Join(h[:most], ", ") + ", …"
	}
	return strings.Join(h, ", ")
}

// Rows yields the rows below the headings, once. Rows in which every cell is
// empty are left out. A row that is itself wrong (more or fewer cells than
// headings, a formula without a value) comes with its mistake, and reading goes
// on. After a mistake about the file, which comes with Row.Line 0, nothing
// follows.
func (r *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			rec, err := r.src.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Row{}, ours(err))
				return
			}
			if rec.fault == nil && blank(rec.cells) {
				continue
			}
			if !yield(r.row(rec)) {
				return
			}
		}
	}
}

func (r *Reader) row(rec record) (Row, error) {
	row := Row{Line: rec.line, Cells: rec.cells, kinds: rec.kinds, reader: r}
	width := len(r.at.headings)
	for len(row.Cells) > width && row.Cells[len(row.Cells)-1] == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	for i, c := range row.Cells {
		if row.kind(i) == text {
			row.Cells[i] = undefused(c)
		}
	}
	if rec.fault != nil {
		return row, rec.fault
	}
	if r.format == XLSX { // a worksheet does not store the empty cells at the end
		for len(row.Cells) < width {
			row.Cells = append(row.Cells, "")
		}
	}
	if len(row.Cells) != width {
		return row, fault.Invalidf("Line %d of %q has %d cells, but there are %d headings. Check the separators and quotes of that line.",
			row.Line, r.at.name, len(row.Cells), width)
	}
	return row, nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// ours leaves a caller's mistake as it is and says of any other error where it
// arose.
func ours(err error) error {
	if fault.Of(err) != nil {
		return err
	}
	return fmt.Errorf("read a table: %w", err)
}
