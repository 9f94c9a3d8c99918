package diagnosis

import (
	"encoding/csv"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"throughline/internal/kit/yaml"
)

// dataFile returns a file of the folder of real data, or skips the test without it.
func dataFile(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("THROUGHLINE_DATA is not set, so %s is missing", name)
		}
		t.Skipf("THROUGHLINE_DATA is not set; this test reads %s", name)
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(data), "\ufeff")
}

// csvRows is the heading row of a CSV text and what follows it.
func csvRows(t testing.TB, text string) ([]string, iter.Seq2[Row, error]) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	return header, func(yield func(Row, error) bool) {
		for {
			cells, err := r.Read()
			if err == io.EOF {
				return
			}
			line := 0
			if err == nil {
				line, _ = r.FieldPos(0)
			}
			if !yield(Row{Line: line, Cells: cells}, err) {
				return
			}
		}
	}
}

// decodeInstrument decodes and checks an instrument's file.
func decodeInstrument(t testing.TB, data []byte) *Instrument {
	t.Helper()
	var in Instrument
	if err := yaml.Decode(data, &in); err != nil {
		t.Fatal(err)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return &in
}

func example(t testing.TB, name string) *Instrument {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../examples/instruments", name))
	if err != nil {
		t.Fatal(err)
	}
	return decodeInstrument(t, data)
}

// small is an instrument of two factors, one item of which is reversed, and an
// outcome on a scale of its own.
const small = `
id: small
version: "1"
languages: [en, nl]
name: {en: Small, nl: Klein}
scale: {min: 1, max: 10, low: {en: bad, nl: slecht}, high: {en: good, nl: goed}}
cannot_judge: {label: {en: Cannot judge, nl: Geen oordeel}, words: ["?"]}
not_applicable: {words: [n/a]}
respondent: Who
attributes:
  - name: Team
  - {name: Sex, column: What is your sex?}
threshold: 8.5
min_answered: 0.5
factors:
  - id: lead
    name: {en: Lead, nl: Leiding}
    items:
      - {id: trust, name: {en: Trust, nl: Vertrouwen}, text: {en: I trust them., nl: Ik vertrouw ze.}, column: Trust}
      - {id: fear, name: {en: Fear, nl: Angst}, text: {en: I fear them., nl: Ik ben bang.}, reversed: true}
      - {id: help, name: {en: Help, nl: Hulp}, text: {en: They help., nl: Ze helpen.}}
  - id: work
    name: {en: Work, nl: Werk}
    items:
      - {id: fun, name: {en: Fun, nl: Plezier}, text: {en: It is fun., nl: Het is leuk.}}
outcomes:
  - id: hours
    name: {en: Hours, nl: Uren}
    text: {en: Hours a day?, nl: Uren per dag?}
    scale: {min: 6, max: 16, answers: [{value: 8, label: {en: eight, nl: acht}, words: [full day]}]}
`

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %.9f, want %.9f", what, got, want)
	}
}

func nearPointer(t *testing.T, what string, got *float64, want, within float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s = nil, want %.9f", what, want)
		return
	}
	near(t, what, *got, want, within)
}

func sqrt(n int) float64 { return math.Sqrt(float64(n)) }
