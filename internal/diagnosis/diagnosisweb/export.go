package diagnosisweb

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
)

// table is what a page shows as numbers: the page renders it, CSV and XLSX write
// it. A cell is a string, an int, a float64, or nil for what is withheld.
type table struct {
	Name   string
	Header []string
	Rows   [][]any
}

// without leaves out a column in which no row has anything; a file keeps it.
func (t table) without(heading string) table {
	i := slices.Index(t.Header, heading)
	if i < 0 || slices.ContainsFunc(t.Rows, func(row []any) bool { return row[i] != nil && row[i] != "" }) {
		return t
	}
	shown := table{Name: t.Name, Header: slices.Delete(slices.Clone(t.Header), i, i+1)}
	for _, row := range t.Rows {
		shown.Rows = append(shown.Rows, slices.Delete(slices.Clone(row), i, i+1))
	}
	return shown
}

// exported writes the table as the file that ?format= asks for; false when it
// asks for none.
func exported(w http.ResponseWriter, r *http.Request, name string, t table) (bool, error) {
	format := sheet.Format(r.URL.Query().Get("format"))
	switch format {
	case sheet.CSV:
		web.Attach(w, "text/csv; charset=utf-8", fileName(name, "csv"))
	case sheet.XLSX:
		web.Attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", fileName(name, "xlsx"))
	default:
		return false, nil
	}
	out, err := sheet.NewWriter(w, format, sheet.WriteOptions{BOM: true, Sheet: sheetName(t.Name)}, t.Header...)
	if err != nil {
		return true, err
	}
	for _, row := range t.Rows {
		if err := out.Write(plain(row)...); err != nil {
			return true, err
		}
	}
	return true, out.Close()
}

// plain is a row without what a computer adds to differences of rounded figures.
func plain(row []any) []any {
	out := slices.Clone(row)
	for i, v := range out {
		switch v := v.(type) {
		case float64:
			out[i] = rounded(v, 6)
		case probability:
			out[i] = rounded(float64(v), 6)
		}
	}
	return out
}

// fileName keeps letters, digits and hyphens of a name.
func fileName(name, extension string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	return strings.Trim(clean, "-") + "." + extension
}

// sheetName is the nearest name that a sheet can have: 31 units of UTF-16, some signs not,
// and no quote at either end.
func sheetName(name string) string {
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
