package sheet

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
)

// next reads the following <row>.
func (b *workbook) next() (record, error) {
	if b.done {
		return record{}, io.EOF
	}
	for {
		tok, err := b.xml.RawToken()
		if err != nil {
			return record{}, b.explain(damaged(err))
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if el.Name.Local == "row" {
				rec, err := b.row(el)
				return rec, b.explain(err)
			}
		case xml.EndElement:
			if el.Name.Local == "sheetData" || el.Name.Local == "worksheet" {
				b.done = true
				return record{}, io.EOF
			}
		}
	}
}

func (b *workbook) row(start xml.StartElement) (record, error) {
	b.line++
	if s := attribute(start, "r"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return record{}, errDamaged
		}
		b.line = n
	}
	if b.line > maxLine {
		return record{}, errDamaged
	}
	rec := record{line: b.line}
	if n := len(b.at.headings); n > 0 {
		rec.cells, rec.kinds = make([]string, 0, n), make([]kind, 0, n)
	}
	for {
		tok, err := b.xml.RawToken()
		if err != nil {
			return record{}, damaged(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if el.Name.Local == "c" {
				if err := b.cell(el, &rec); err != nil {
					return record{}, err
				}
			}
		case xml.EndElement:
			if el.Name.Local == "row" {
				return rec, nil
			}
		}
	}
}

// cell reads a <c> to its place in the record.
func (b *workbook) cell(start xml.StartElement, rec *record) error {
	i := len(rec.cells)
	if at := attribute(start, "r"); at != "" {
		i = columnOf(at)
	}
	if i < 0 || i >= maxColumns {
		return errDamaged
	}
	value, formula, err := b.value()
	if err != nil {
		return err
	}
	if formula && value == nil {
		rec.fault = fault.Invalidf("Line %d, column %q: the formula has no stored value. Open the workbook in a spreadsheet program and save it again.",
			rec.line, b.at.column(i))
	}
	s, k := "", text
	if value != nil {
		if s, k, err = b.typed(*value, attribute(start, "t"), attribute(start, "s")); err != nil {
			return err
		}
	}
	if s == "" && i >= len(rec.cells) {
		return nil // only formatted
	}
	for len(rec.cells) <= i {
		rec.cells, rec.kinds = append(rec.cells, ""), append(rec.kinds, text)
	}
	rec.cells[i], rec.kinds[i] = s, k
	return nil
}

// value reads up to </c>; nil when there is none.
func (b *workbook) value() (value *string, formula bool, err error) {
	var s strings.Builder
	inValue := false
	for {
		tok, err := b.xml.RawToken()
		if err != nil {
			return nil, false, damaged(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			switch el.Name.Local {
			case "v":
				inValue = true
			case "f":
				formula = true
			case "is":
				inline, err := b.text(b.xml, "is")
				if err != nil {
					return nil, false, err
				}
				value = &inline
			}
		case xml.EndElement:
			switch el.Name.Local {
			case "v":
				v := s.String()
				value, inValue = &v, false
			case "c":
				return value, formula, nil
			}
		case xml.CharData:
			if inValue {
				s.Write(el)
				if s.Len() > b.maxCell {
					return nil, false, b.tooLong()
				}
			}
		}
	}
}

// typed gives a stored value its reading: ECMA-376 part 1, 18.18.11.
func (b *workbook) typed(v, t, style string) (string, kind, error) {
	switch t {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		s, ok := b.texts.get(i)
		if err != nil || !ok {
			return "", text, errDamaged
		}
		return s, text, nil
	case "b":
		if v == "1" || v == "true" {
			return "TRUE", text, nil
		}
		return "FALSE", text, nil
	case "inlineStr", "e":
		return v, text, nil
	case "str":
		return unescaped(v), text, nil
	case "d":
		return v, day, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return v, text, nil
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] && n >= 1 && n < 2_958_466 {
		at := serialTime(n, b.from1904)
		if n == math.Trunc(n) {
			return at.Format("2006-01-02"), day, nil
		}
		return at.Format("2006-01-02T15:04:05"), day, nil
	}
	return number64(n), number, nil
}

func attribute(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf is the column of a cell's name such as AB12, the first is 0; -1 for
// what is no such name.
func columnOf(name string) int {
	n := 0
	for i := range len(name) {
		c := name[i] &^ 0x20 // upper case
		if c < 'A' || c > 'Z' {
			if i == 0 || !digits(name[i:]) {
				return -1
			}
			break
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return -1
		}
	}
	return n - 1
}
