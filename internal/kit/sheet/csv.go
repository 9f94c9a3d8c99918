package sheet

import (
	"bufio"
	"errors"
	"io"

	"throughline/internal/kit/fault"
)

// records reads a text file by the rules of RFC 4180. Lines may end with LF,
// CR LF or CR. A quote within an unquoted cell is an ordinary character, after
// the closing quote of a cell only a separator or line end may follow.
type records struct {
	in        *bufio.Reader // UTF-8 without a byte order mark
	at        *place
	separator byte
	maxCell   int

	line  int  // of the next byte
	cr    bool // the last byte was CR
	buf   []byte
	ends  []int // where each cell ends in buf
	began int   // line on which the present cell begins
}

// next returns a record whose cells do not change later.
func (t *records) next() (record, error) {
	t.buf, t.ends = t.buf[:0], t.ends[:0]
	if t.cr { // a CR has ended the last record; an LF after it belongs to it
		if b, err := t.in.Peek(1); err == nil && b[0] == '\n' {
			_, _ = t.in.Discard(1)
		}
		t.cr = false
	}
	line := t.line
	for {
		more, err := t.cell()
		if err == io.EOF && len(t.ends) == 0 && len(t.buf) == 0 && t.began == line {
			return record{}, io.EOF
		}
		if err != nil && err != io.EOF {
			return record{}, t.explain(err)
		}
		t.ends = append(t.ends, len(t.buf))
		if len(t.ends) > maxColumns {
			return record{}, fault.Invalidf("Line %d of %q has more than %d cells.", line, t.at.name, maxColumns)
		}
		if !more || err == io.EOF {
			return record{line: line, cells: t.cells()}, nil
		}
	}
}

func (t *records) cells() []string {
	all, from := string(t.buf), 0
	cells := make([]string, len(t.ends))
	for i, end := range t.ends {
		cells[i], from = all[from:end], end
	}
	return cells
}

// cell reads one cell into buf and what ends it; more says that a separator
// did. It returns io.EOF when the file ended it.
func (t *records) cell() (more bool, err error) {
	t.began = t.line
	start := len(t.buf)
	c, err := t.byte()
	if err == nil && c == '"' {
		if c, err = t.quoted(); err == nil && c != t.separator && c != '\n' && c != '\r' {
			return false, fault.Invalidf("Line %d, column %q: after the closing quote of the cell there is more text. Write a quote within a quoted cell twice.",
				t.line, t.at.column(len(t.ends)))
		}
	}
	for err == nil && c != t.separator && c != '\n' && c != '\r' {
		t.buf = append(t.buf, c)
		if len(t.buf)-start > t.maxCell {
			return false, t.tooLong()
		}
		c, err = t.byte()
	}
	return c == t.separator, err
}

// quoted reads on from an opening quote and returns the byte after the closing
// one.
func (t *records) quoted() (byte, error) {
	start := len(t.buf)
	for {
		c, err := t.byte()
		if err == io.EOF {
			return 0, fault.Invalidf("Line %d, column %q: the quote that opens the cell is never closed.", t.began, t.at.column(len(t.ends)))
		}
		if err == nil && c == '"' {
			if c, err = t.byte(); err != nil || c != '"' {
				return c, err
			}
		}
		if err != nil {
			return 0, err
		}
		t.buf = append(t.buf, c)
		if len(t.buf)-start > t.maxCell {
			return 0, t.tooLong()
		}
	}
}

func (t *records) tooLong() error {
	return fault.Invalidf("Line %d, column %q: the cell is longer than %d bytes. Perhaps a quote that opens there is never closed.",
		t.began, t.at.column(len(t.ends)), t.maxCell)
}

var errBinary = errors.New("a zero byte")

// byte reads one byte and counts lines.
func (t *records) byte() (byte, error) {
	c, err := t.in.ReadByte()
	if err != nil {
		return 0, err
	}
	switch c {
	case 0:
		return 0, errBinary
	case '\n':
		if !t.cr {
			t.line++
		}
	case '\r':
		t.line++
	}
	t.cr = c == '\r'
	return c, nil
}

func (t *records) explain(err error) error {
	switch {
	case errors.Is(err, errBinary):
		return fault.Invalidf("The file %q is not a table: line %d holds bytes that no text has. Save the table as XLSX or CSV.", t.at.name, t.line)
	case errors.Is(err, errMixed):
		return fault.Invalidf("The file %q mixes two encodings: at line %d it is no longer UTF-8. Save it once more as UTF-8.", t.at.name, t.line)
	}
	return err
}
