package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// xlsxWriter writes worksheets one after the other, straight into the zip
// file. It writes by itself because excelize's stream writer rounds numbers to
// 15 digits and replaces control characters: what is read back would be
// something else. Texts are stored as texts, never as formulas.
type xlsxWriter struct {
	zip   *zip.Writer
	out   *bufio.Writer // of the present worksheet
	names []string
	rows  int
}

func newXLSXWriter(w io.Writer, o WriteOptions) (*xlsxWriter, error) {
	x := &xlsxWriter{zip: zip.NewWriter(w)}
	if o.Sheet == "" {
		o.Sheet = "Sheet1"
	}
	return x, x.sheet(o.Sheet)
}

// sheet ends the present worksheet, if any, and begins the next.
func (x *xlsxWriter) sheet(name string) error {
	if err := x.nameable(name); err != nil {
		return err
	}
	if err := x.end(); err != nil {
		return err
	}
	x.names, x.rows = append(x.names, name), 0
	part, err := x.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.names)))
	if err != nil {
		return err
	}
	x.out = bufio.NewWriter(part)
	_, err = x.out.WriteString(xml.Header + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultColWidth="16" defaultRowHeight="15"/><sheetData>`)
	return err
}

// nameable: Excel calls a workbook damaged whose sheets are named otherwise.
func (x *xlsxWriter) nameable(name string) error {
	if n := len(utf16.Encode([]rune(name))); n == 0 || n > 31 || strings.ContainsAny(name, `:\/?*[]`) ||
		strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'") || strings.ContainsFunc(name, unwritable) {
		return fmt.Errorf("write a table: %q cannot name a sheet", name)
	}
	for _, n := range x.names {
		if strings.EqualFold(n, name) {
			return fmt.Errorf("write a table: there is a sheet %q already", n)
		}
	}
	return nil
}

// row writes a row of plain cells. bufio.Writer keeps its error for Flush.
func (x *xlsxWriter) row(cells []any, bold bool) error {
	if x.rows++; x.rows > maxLine {
		return fmt.Errorf("write a table: a worksheet holds %d rows; write CSV", maxLine)
	}
	for _, c := range cells {
		if s, ok := c.(string); ok && len(s) > maxCharacters && len(utf16.Encode([]rune(s))) > maxCharacters {
			return fmt.Errorf("write a table: a worksheet's cell holds %d characters; write CSV", maxCharacters)
		}
	}
	number := strconv.Itoa(x.rows)
	x.put(`<row r="`, number, `">`)
	for i, c := range cells {
		if c == nil {
			continue
		}
		x.put(`<c r="`, letters(i), number, `"`)
		if bold {
			x.put(` s="1"`)
		}
		switch v := c.(type) {
		case int:
			x.put(`><v>`, strconv.Itoa(v), `</v></c>`)
		case float64:
			x.put(`><v>`, strconv.FormatFloat(v, 'g', -1, 64), `</v></c>`)
		case string:
			x.put(` t="inlineStr"><is><t xml:space="preserve">`)
			x.text(v)
			x.put(`</t></is></c>`)
		}
	}
	_, err := x.out.WriteString("</row>")
	return err
}

func (x *xlsxWriter) put(parts ...string) {
	for _, p := range parts {
		_, _ = x.out.WriteString(p)
	}
}

// text writes what XML cannot hold, and what would be read as such, the way
// unescaped reads it.
func (x *xlsxWriter) text(s string) {
	for i, r := range s {
		switch {
		case r == '<':
			x.put("&lt;")
		case r == '>':
			x.put("&gt;")
		case r == '&':
			x.put("&amp;")
		case r == '_' && strings.HasPrefix(s[i:], "_x"):
			x.put("_x005F_")
		case r == 0 || r == 0xfffe || r == 0xffff:
			x.put(string(utf8.RuneError))
		case unwritable(r):
			x.put(fmt.Sprintf("_x%04X_", r))
		default:
			_, _ = x.out.WriteRune(r)
		}
	}
}

// unwritable are characters that XML forbids, and CR, which it reads as LF.
func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff
}

func (x *xlsxWriter) end() error {
	if x.out == nil {
		return nil
	}
	x.put("</sheetData></worksheet>")
	return x.out.Flush()
}

// close ends the last worksheet and adds the parts that list them.
func (x *xlsxWriter) close() error {
	err := x.end()
	for _, p := range bookParts(x.names) {
		part, e := x.zip.Create(p.name)
		if e == nil {
			_, e = io.WriteString(part, xml.Header+p.content)
		}
		err = errors.Join(err, e)
	}
	return errors.Join(err, x.zip.Close())
}
