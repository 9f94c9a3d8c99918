package sheet

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteOptions are how a table is written.
type WriteOptions struct {
	BOM       bool   // a CSV file begins with a byte order mark, without which Excel takes UTF-8 for Windows-1252
	Separator byte   // of a CSV file: ',' ';' or tab; 0 = comma
	Sheet     string // name of the first worksheet; "" = "Sheet1"
}

// Writer writes a table row by row. A cell is a string, float64, int or nil,
// which is an empty cell; NaN and infinities are empty too.
//
// Numbers stay numbers. A text that a spreadsheet would take for a formula
// (after leading spaces and quotes it begins with = + - @ or their full-width
// forms, or one of the leading spaces is a tab or line break) gets an
// apostrophe before it, which Reader takes off again: what was written is what
// is read. Only what neither format can hold, a zero byte, invalid UTF-8 and in a
// workbook U+FFFE and U+FFFF, becomes U+FFFD.
type Writer struct {
	format Format
	csv    *csvWriter
	xlsx   *xlsxWriter
	width  int
	cells  []any
}

// NewWriter begins a table with its headings. Close ends it. A name of a sheet
// has at most 31 characters and none of : \ / ? * [ ].
func NewWriter(w io.Writer, f Format, o WriteOptions, headings ...string) (*Writer, error) {
	t := &Writer{format: f}
	var err error
	switch f {
	case CSV:
		t.csv, err = newCSVWriter(w, o)
	case XLSX:
		t.xlsx, err = newXLSXWriter(w, o)
	default:
		return nil, fmt.Errorf("write a table: unknown format %q", f)
	}
	if err != nil {
		return nil, err
	}
	return t, t.headings(headings)
}

// Sheet ends the present worksheet and begins another with its own headings.
// Only a workbook has several.
func (w *Writer) Sheet(name string, headings ...string) error {
	if w.format != XLSX {
		return fmt.Errorf("write a table: only XLSX has several sheets")
	}
	if err := w.xlsx.sheet(name); err != nil {
		return err
	}
	return w.headings(headings)
}

// Write adds a row, one cell for each heading. A worksheet takes 1,048,575 rows
// and 32,767 characters in a cell; more is an error.
func (w *Writer) Write(cells ...any) error {
	if len(cells) != w.width {
		return fmt.Errorf("write a table: %d cells under %d headings", len(cells), w.width)
	}
	w.cells = w.cells[:0]
	for _, c := range cells {
		c, err := plain(c)
		if err != nil {
			return err
		}
		w.cells = append(w.cells, c)
	}
	if w.format == XLSX {
		return w.xlsx.row(w.cells, false)
	}
	return w.csv.row(w.cells)
}

// Close writes what is still held; without it a workbook is no whole file. It
// does not close the underlying writer.
func (w *Writer) Close() error {
	if w.format == XLSX {
		return w.xlsx.close()
	}
	return w.csv.close()
}

func (w *Writer) headings(names []string) error {
	w.width, w.cells = len(names), w.cells[:0]
	if w.width == 0 || w.width > maxColumns {
		return fmt.Errorf("write a table: %d headings; between 1 and %d are possible", w.width, maxColumns)
	}
	for _, h := range names {
		w.cells = append(w.cells, defused(h))
	}
	if w.format == XLSX {
		return w.xlsx.row(w.cells, true)
	}
	return w.csv.row(w.cells)
}

// plain is a cell as it is stored: a defused text, a finite float64, an int or
// nil.
func plain(cell any) (any, error) {
	switch c := cell.(type) {
	case nil, int:
		return c, nil
	case float64:
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return nil, nil
		}
		return c, nil
	case string:
		if c == "" {
			return nil, nil
		}
		return defused(c), nil
	}
	return nil, fmt.Errorf("write a table: a cell cannot be a %T", cell)
}

// csvWriter writes by RFC 4180, with CR LF.
type csvWriter struct {
	out       *bufio.Writer
	separator byte
}

func newCSVWriter(w io.Writer, o WriteOptions) (*csvWriter, error) {
	c := &csvWriter{out: bufio.NewWriter(w), separator: ','}
	if o.Separator != 0 {
		c.separator = o.Separator
	}
	if !strings.ContainsRune(",;\t", rune(c.separator)) {
		return nil, fmt.Errorf("write a table: %q cannot separate cells", c.separator)
	}
	if o.BOM {
		_, _ = c.out.WriteString("\ufeff") // bufio.Writer keeps its error for Flush
	}
	return c, nil
}

func (c *csvWriter) row(cells []any) error {
	for i, cell := range cells {
		if i > 0 {
			_ = c.out.WriteByte(c.separator)
		}
		switch v := cell.(type) {
		case int:
			_, _ = c.out.WriteString(strconv.Itoa(v))
		case float64:
			_, _ = c.out.WriteString(number64(v))
		case string:
			c.text(v)
		}
	}
	_, err := c.out.WriteString("\r\n")
	return err
}

// text quotes whatever holds any of the separators, since a reader may guess
// another one, and a zero byte would make the file binary.
func (c *csvWriter) text(s string) {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	if !strings.ContainsAny(s, ",;\t\"\r\n") && s == strings.TrimSpace(s) {
		_, _ = c.out.WriteString(s)
		return
	}
	_, _ = c.out.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
}

func (c *csvWriter) close() error { return c.out.Flush() }

// number64 writes digits without an exponent as far as that is legible, since
// not every program reads exponents.
func number64(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
