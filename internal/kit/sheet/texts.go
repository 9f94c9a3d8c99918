package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"throughline/internal/kit/fault"
)

// texts are the shared texts of a workbook, one after the other in one buffer:
// a workbook can have millions.
type texts struct {
	all  []byte
	ends []uint32
}

func (t *texts) get(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.all[from:t.ends[i]]), true
}

func (b *workbook) readTexts(name string) error {
	in, err := b.part(name)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(in)
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			return errDamaged // it ends before </sst>
		}
		if err != nil {
			return err
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if el.Name.Local == "si" {
				s, err := b.text(d, "si")
				if err != nil {
					return err
				}
				const most = 1 << 30
				if b.texts.all = append(b.texts.all, s...); len(b.texts.all) > most {
					return fault.Invalidf("The workbook %q unpacks to more than %s. Split it, or leave out columns that are not needed.", b.at.name, size(most))
				}
				b.texts.ends = append(b.texts.ends, uint32(len(b.texts.all)))
			}
		case xml.EndElement:
			if el.Name.Local == "sst" {
				return nil
			}
		}
	}
}

// text puts together the <t> elements up to the end of the named element. How
// a Japanese word is spoken (<rPh>) is no part of the text.
func (b *workbook) text(d *xml.Decoder, until string) (string, error) {
	var s strings.Builder
	inText, spoken := false, false
	for {
		tok, err := d.RawToken()
		if err != nil {
			return "", damaged(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			inText = el.Name.Local == "t"
			spoken = spoken || el.Name.Local == "rPh"
		case xml.EndElement:
			inText = false
			if el.Name.Local == "rPh" {
				spoken = false
			}
			if el.Name.Local == until {
				return unescaped(s.String()), nil
			}
		case xml.CharData:
			if inText && !spoken {
				s.Write(el)
				if s.Len() > b.maxCell {
					return "", b.tooLong()
				}
			}
		}
	}
}

func (b *workbook) tooLong() error {
	return fault.Invalidf("The workbook %q has a cell that is longer than %d bytes, in or after row %d.", b.at.name, b.maxCell, b.line)
}

// damaged is the end of a part where there should be more.
func damaged(err error) error {
	if err == io.EOF {
		return errDamaged
	}
	return err
}

// unescaped reads _x000D_ as the character of that code, by which workbooks
// write what XML cannot hold (ECMA-376 part 1, 22.9.2.19).
func unescaped(s string) string {
	const length = len("_x000D_")
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+length {
			break
		}
		n, err := strconv.ParseUint(s[i+2:i+length-1], 16, 16)
		if err != nil || s[i+length-1] != '_' || n == 0 || utf16.IsSurrogate(rune(n)) {
			out.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		out.WriteString(s[:i])
		out.WriteRune(rune(n))
		s = s[i+length:]
	}
	if out.Len() == 0 {
		return s
	}
	return out.String() + s
}
