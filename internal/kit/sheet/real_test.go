package sheet_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"throughline/internal/kit/sheet"
)

// realFiles names the files of the folder in THROUGHLINE_DATA that match.
func realFiles(t *testing.T, pattern string) []string {
	t.Helper()
	fail := t.Skipf
	if os.Getenv("CI") == "true" {
		fail = t.Fatalf
	}
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" {
		fail("THROUGHLINE_DATA is not set; %s is missed", pattern)
	}
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	must(t, err)
	if len(files) == 0 {
		fail("%s is missed in %s", pattern, folder)
	}
	return files
}

// The counts are Python's csv module's; encoding/csv must agree on every cell.
func TestRealFilesAreReadAsTheStandardLibraryDoes(t *testing.T) {
	for pattern, want := range map[string]struct{ files, rows, columns int }{
		"roster/*-junior.csv":           {4, 1681 + 1132 + 4214 + 4095, 11},
		"roster/*-senior.csv":           {4, 72 + 71 + 85 + 77, 13},
		"exit_survey/tafe_survey.csv":   {1, 702, 72},
		"competency/esco_skills_en.csv": {1, 4199, 4},
		"lms/studentInfo.csv":           {1, 32_593, 12},
		"lms/studentAssessment.csv":     {1, 173_912, 5},
		"work_units/bh1996.csv":         {1, 7382, 13},
		"sites/hospital_sites.csv":      {1, 1231, 12},
	} {
		t.Run(pattern, func(t *testing.T) {
			files, rows := realFiles(t, pattern), 0
			for _, name := range files {
				rows += compare(t, name, want.columns)
			}
			if len(files) != want.files || rows != want.rows {
				t.Errorf("%d files, %d rows, want %d, %d", len(files), rows, want.files, want.rows)
			}
		})
	}
}

func compare(t *testing.T, name string, columns int) (rows int) {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) // as encoding/csv does within cells
	standard := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	_, err = standard.Read()
	must(t, err)
	r, err := sheet.Open(bytes.NewReader(data), filepath.Base(name), sheet.Options{})
	must(t, err)
	if got := len(r.Headings()); got != columns {
		t.Errorf("%s: %d headings", name, got)
	}
	for row, err := range r.Rows() {
		must(t, err)
		want, err := standard.Read()
		must(t, err)
		line, _ := standard.FieldPos(0)
		if line != row.Line {
			t.Fatalf("%s: line %d, want %d", name, row.Line, line)
		}
		for i, cell := range want {
			if row.Cells[i] != cell {
				t.Fatalf("%s line %d column %d: %q, want %q", name, line, i, row.Cells[i], cell)
			}
		}
		rows++
	}
	if _, err := standard.Read(); err != io.EOF {
		t.Errorf("%s: rows are left: %v", name, err)
	}
	return rows
}

// Every number of bh1996 is written with a decimal point, whole ones without.
func TestRealDecimalsAreReadWithoutADeclaration(t *testing.T) {
	for _, name := range realFiles(t, "work_units/bh1996.csv") {
		f, err := os.Open(name)
		must(t, err)
		defer f.Close()
		r, err := sheet.Open(f, "bh1996.csv", sheet.Options{})
		must(t, err)
		sum, n := 0.0, 0
		for row, err := range r.Rows() {
			must(t, err)
			v, ok, err := row.Decimal("LEAD", sheet.Unknown)
			must(t, err)
			if ok {
				sum, n = sum+v, n+1
			}
		}
		// Python's csv and float give 2.8906647951823956.
		if mean := sum / float64(n); n != 7382 || math.Abs(mean-2.8906647951823956) > 1e-12 {
			t.Errorf("%d values, mean %v", n, mean)
		}
	}
}
