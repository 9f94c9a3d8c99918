package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
)

// Row is one row of a table. It may be kept: the next row does not change it.
type Row struct {
	Line   int      // of the file on which the row begins; of a workbook the row's number
	Cells  []string // as they stand there, one for each heading unless the row came with a mistake
	kinds  []kind
	reader *Reader
}

// kind is what a workbook says a cell is. A text file says nothing.
type kind byte

const (
	text kind = iota
	number
	day
)

func (r Row) kind(i int) kind {
	if i < len(r.kinds) {
		return r.kinds[i]
	}
	return text
}

// Get is the text under a heading without spaces around it; "" when the cell is
// empty or there is no such column (see Reader.Need). A number of a workbook is
// written with a point and no grouping, a date as 2006-01-02, with a time
// 2006-01-02T15:04:05, a truth value as TRUE or FALSE.
func (r Row) Get(heading string) string {
	s, _ := r.cell(heading)
	return s
}

// Decimal is the number under a heading; ok is false when the cell is empty.
// mark declares the column's decimal mark. With Unknown it is what the column
// shows in the first 64 kB of the file; where that shows nothing, "1.234" is
// read with a decimal point unless the file is separated by semicolons, as
// programs write it where the decimal comma is in use.
//
// Mistakes name line and column: not a number, can be read in two ways, has
// another mark than its column.
func (r Row) Decimal(heading string, mark Mark) (v float64, ok bool, err error) {
	s, i := r.cell(heading)
	if s == "" {
		return 0, false, nil
	}
	if r.kind(i) == number {
		mark = Point
	} else if mark == Unknown {
		mark = r.reader.mark(i)
	}
	v, p := decimal(s, mark)
	switch p {
	case fine:
		return v, true, nil
	case twoWays:
		return 0, false, fault.Invalidf("Line %d, column %q: %q can be read in two ways. Say which decimal mark the column has.", r.Line, heading, s)
	case otherMark:
		return 0, false, fault.Invalidf("Line %d, column %q: %q has another decimal mark than the column.", r.Line, heading, s)
	}
	return 0, false, fault.Invalidf("Line %d, column %q: %q is not a number.", r.Line, heading, s)
}

// Day is the day under a heading, at midnight UTC; ok is false when the cell is
// empty. A date cell of a workbook is taken as it is, and so is a bare number
// there when it lies in the range of Excel's serial days from 1927 on; lower
// ones are rather years or ages. Text is read by ParseDay.
//
// Mistakes name line and column: not a day, can be read in two ways.
func (r Row) Day(heading string, order Order) (d time.Time, ok bool, err error) {
	s, i := r.cell(heading)
	if s == "" {
		return time.Time{}, false, nil
	}
	var p problem
	if r.kind(i) == number {
		d, p = r.serial(s)
	} else {
		d, p = parseDay(s, order)
	}
	switch p {
	case fine:
		return d, true, nil
	case twoWays:
		return time.Time{}, false, fault.Invalidf("Line %d, column %q: %q can be read in two ways. Write it as 2006-01-31, or say whether day or month comes first.", r.Line, heading, s)
	}
	return time.Time{}, false, fault.Invalidf("Line %d, column %q: %q is not a day. Write it as 2006-01-31.", r.Line, heading, s)
}

func (r Row) serial(s string) (time.Time, problem) {
	const from, upTo = 10_000, 2_958_466 // 1927-05-18 to 9999-12-31
	n, err := strconv.ParseFloat(s, 64)
	if err == nil && n >= 19_000_101 && n == math.Trunc(n) {
		return parseDay(s, Unsure) // 20060131 typed as a number
	}
	if err != nil || n < from || n >= upTo {
		return time.Time{}, malformed
	}
	book, _ := r.reader.src.(*workbook)
	return serialTime(n, book != nil && book.from1904), fine
}

func (r Row) cell(heading string) (string, int) {
	if r.reader == nil {
		return "", -1
	}
	i, ok := r.reader.index(heading)
	if !ok || i >= len(r.Cells) {
		return "", -1
	}
	return strings.TrimSpace(r.Cells[i]), i
}
