package web

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/sheet"
)

// Table is what a page shows as numbers: the page renders it, CSV and XLSX write it. A cell
// is a string, an int, a float64, a Figure, a Probability, a Link, or nil for what is withheld or not
// known.
type Table struct {
	Name   string
	Header []string
	Rows   [][]any
	Roomy  []string // columns that give way on a phone
}

// Probability is a cell that says so where it is less than can be written.
type Probability float64

// Figure is a number with decimals of its own, in a column of unlike ones.
type Figure struct {
	Value    float64
	Decimals int
}

// Without leaves out a column in which no row has anything; a file keeps it.
func (t Table) Without(heading string) Table {
	i := slices.Index(t.Header, heading)
	if i < 0 || slices.ContainsFunc(t.Rows, func(row []any) bool { return row[i] != nil && row[i] != "" }) {
		return t
	}
	shown := Table{Name: t.Name, Header: slices.Delete(slices.Clone(t.Header), i, i+1), Roomy: t.Roomy}
	for _, row := range t.Rows {
		shown.Rows = append(shown.Rows, slices.Delete(slices.Clone(row), i, i+1))
	}
	return shown
}

// Only keeps some columns, by their places.
func (t Table) Only(columns ...int) Table {
	out := Table{Name: t.Name, Roomy: t.Roomy}
	for _, c := range columns {
		out.Header = append(out.Header, t.Header[c])
	}
	for _, row := range t.Rows {
		var line []any
		for _, c := range columns {
			line = append(line, row[c])
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// Numeric says whether a column holds numbers.
func (t Table) Numeric(column int) bool {
	for _, row := range t.Rows {
		switch row[column].(type) {
		case int, float64, Figure, Probability:
			return true
		case string, Link:
			return false
		}
	}
	return true
}

func (t Table) roomy(column int) bool {
	return column > 0 && slices.Contains(t.Roomy, t.Header[column])
}

// Exported writes the table as the file that ?format= asks for; false when it asks for none.
func Exported(w http.ResponseWriter, r *http.Request, name string, t Table) (bool, error) {
	format := sheet.Format(r.URL.Query().Get("format"))
	switch format {
	case sheet.CSV:
		Attach(w, "text/csv; charset=utf-8", FileName(name, "csv"))
	case sheet.XLSX:
		Attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FileName(name, "xlsx"))
	default:
		return false, nil
	}
	return true, t.Write(w, format)
}

// Write writes the table as a file.
func (t Table) Write(w io.Writer, format sheet.Format) error {
	out, err := sheet.NewWriter(w, format, sheet.WriteOptions{BOM: true, Sheet: SheetName(t.Name)}, t.Header...)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		if err := out.Write(PlainCells(row)...); err != nil {
			return err
		}
	}
	return out.Close()
}

// PlainCells is a row without what a computer adds to differences of rounded figures.
func PlainCells(row []any) []any {
	out := slices.Clone(row)
	for i, v := range out {
		switch v := v.(type) {
		case float64:
			out[i] = Rounded(v, 6)
		case Figure:
			out[i] = Rounded(v.Value, v.Decimals)
		case Probability:
			out[i] = Rounded(float64(v), 6)
		case Link:
			out[i] = v.Text
		}
	}
	return out
}

// FileName keeps letters, digits and hyphens of a name.
func FileName(name, extension string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	return strings.Trim(clean, "-") + "." + extension
}

// SheetName is the nearest name that a sheet can have: 31 units of UTF-16, some signs not,
// and no quote at either end.
func SheetName(name string) string {
	name = strings.NewReplacer("/", "-", "\\", "-", "?", "", "*", "", "[", "(", "]", ")", ":", "").Replace(name)
	for len(utf16.Encode([]rune(name))) > 31 {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	if name = strings.Trim(name, "' "); name == "" {
		return "-"
	}
	return name
}

// Rounded rounds half away from zero, as people do: 7.05, which a computer has a little below,
// to 7.1. It never gives −0.
func Rounded(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(math.Round(v*scale*1e6)/1e6)/scale + 0
}

// Cell writes a cell of a table as a page shows it.
func Cell(ctx context.Context, v any, decimals int) string {
	switch v := v.(type) {
	case float64:
		v = Rounded(v, decimals)
		return strings.Replace(lang.T(ctx, fmt.Sprintf("%%.%df", decimals), v), "-", "−", 1)
	case Figure:
		return Cell(ctx, v.Value, v.Decimals)
	case Probability:
		if least := math.Pow10(-decimals); float64(v) < least {
			return "< " + lang.T(ctx, fmt.Sprintf("%%.%df", decimals), least)
		}
		return Cell(ctx, float64(v), decimals)
	case int:
		return lang.T(ctx, "%d", v)
	case string:
		return v
	case Link:
		return v.Text
	}
	return "–"
}

func textual(v any) bool {
	switch v.(type) {
	case string, Link:
		return true
	}
	return false
}

// brief is whether a text stays on its line, such as a day or an amount.
func brief(v any) bool {
	text, ok := v.(string)
	return ok && utf8.RuneCountInString(text) <= 12
}

// Broken breaks a text at its blanks into lines of about so many letters, and into so many lines at most.
func Broken(text string, letters, most int) (all []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > letters {
			all = append(all, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if all = append(all, line); len(all) > most {
		all = append(all[:most-1], all[most-1]+" …")
	}
	return all
}
