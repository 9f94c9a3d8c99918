package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"throughline/internal/kit/fault"
)

// glance is how much of a text file is looked at before it is read.
const glance = 64 << 10

func (r *Reader) openText(in io.Reader, head []byte, o Options) error {
	src := &records{
		in: bufio.NewReaderSize(decoded(in, head), glance), at: r.at,
		separator: o.Separator, maxCell: o.MaxCell, line: 1,
	}
	r.format, r.src = CSV, src
	ahead, err := src.in.Peek(glance)
	whole := err == io.EOF
	if err != nil && fault.Of(err) != nil {
		return err
	}
	if mark, n := declared(ahead); n > 0 {
		if src.separator == 0 {
			src.separator = mark
		}
		_, _ = src.in.Discard(n)
		src.line, ahead = 2, ahead[n:]
	}
	if src.separator == 0 {
		src.separator = separator(ahead, whole)
	}
	r.fallback = Point
	if src.separator == ';' {
		r.fallback = Unknown
	}
	r.marks = marks(sample(ahead, src.separator, whole, 1000))
	return nil
}

// declared reads a first line "sep=;", which Excel takes for the separator.
func declared(ahead []byte) (mark byte, length int) {
	line, end := ahead, len(ahead)
	if i := bytes.IndexAny(ahead, "\r\n"); i >= 0 {
		line, end = ahead[:i], i+1
		if bytes.HasPrefix(ahead[i:], []byte("\r\n")) {
			end++
		}
	}
	s := strings.Trim(string(line[:min(len(line), 8)]), `"`)
	if len(s) == 5 && len(line) <= 7 && strings.EqualFold(s[:4], "sep=") && strings.Contains(",;\t|", s[4:]) {
		return s[4], end
	}
	return 0, 0
}

// separator is the one of tab, semicolon and comma by which most of the first
// rows have as many cells as the heading row; of equals, the one that makes
// more cells, then the one that is rarer in texts.
func separator(ahead []byte, whole bool) byte {
	best, agree, width := byte(','), 0, 1
	for _, candidate := range []byte{'\t', ';', ','} {
		rows := sample(ahead, candidate, whole, 50)
		if len(rows) == 0 || len(rows[0]) < 2 {
			continue
		}
		n := 0
		for _, row := range rows {
			if len(row) == len(rows[0]) {
				n++
			}
		}
		if n > agree || n == agree && len(rows[0]) > width {
			best, agree, width = candidate, n, len(rows[0])
		}
	}
	return best
}

// sample reads the first rows that are not blank. The last one is left out when
// it may be cut off.
func sample(ahead []byte, separator byte, whole bool, most int) [][]string {
	src := &records{
		in: bufio.NewReader(bytes.NewReader(ahead)), at: &place{},
		separator: separator, maxCell: len(ahead), line: 1,
	}
	var rows [][]string
	for len(rows) <= most {
		rec, err := src.next()
		if err == io.EOF && !whole && len(rows) > 1 {
			return rows[:len(rows)-1]
		}
		if err != nil {
			break
		}
		if !blank(rec.cells) {
			rows = append(rows, rec.cells)
		}
	}
	return rows[:min(len(rows), most)]
}

// marks are the decimal marks that the rows below the first show, by column.
func marks(rows [][]string) []Mark {
	if len(rows) < 2 {
		return nil
	}
	found := make([]Mark, len(rows[0]))
	column := make([]string, 0, len(rows))
	for i := range found {
		column = column[:0]
		for _, row := range rows[1:] {
			if i < len(row) {
				column = append(column, undefused(row[i]))
			}
		}
		found[i] = MarkOf(column)
	}
	return found
}
