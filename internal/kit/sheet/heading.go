package sheet

import (
	"io"
	"slices"
	"strings"
)

// readHeadings takes the first row that is not blank as the headings.
func (r *Reader) readHeadings() error {
	for {
		rec, err := r.src.next()
		if err == io.EOF {
			return empty(r.at.name)
		}
		if err != nil {
			return ours(err)
		}
		if rec.fault != nil {
			return rec.fault
		}
		if blank(rec.cells) {
			continue
		}
		for i, c := range rec.cells {
			rec.cells[i] = evened(undefused(c))
		}
		for len(rec.cells) > 0 && rec.cells[len(rec.cells)-1] == "" {
			rec.cells = rec.cells[:len(rec.cells)-1]
		}
		if len(rec.cells) == 0 { // nothing but spaces
			continue
		}
		r.written = slices.Clone(rec.cells)
		r.at.headings, r.columns = named(rec.cells)
		return nil
	}
}

// named makes every heading one of a kind.
func named(cells []string) ([]string, map[string]int) {
	columns := make(map[string]int, len(cells))
	for i, h := range cells {
		if h == "" {
			continue
		}
		if _, taken := columns[h]; !taken {
			columns[h] = i
		}
	}
	for i, h := range cells {
		if first, ok := columns[h]; ok && first == i {
			continue
		}
		for {
			h = strings.TrimPrefix(h+" ("+letters(i)+")", " ")
			if _, taken := columns[h]; !taken {
				break
			}
		}
		cells[i], columns[h] = h, i
	}
	return cells, columns
}

// index finds a column by its heading.
func (r *Reader) index(heading string) (int, bool) {
	if i, ok := r.columns[heading]; ok {
		return i, true
	}
	i, ok := r.columns[evened(heading)]
	return i, ok
}

// evened puts single spaces for any run of spaces and line breaks.
func evened(s string) string { return strings.Join(strings.Fields(s), " ") }

// letters names a column as spreadsheets do: A, B, ... Z, AA. The first is 0.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}
