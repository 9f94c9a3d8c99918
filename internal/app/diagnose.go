package app

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisweb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/sheet"
)

// Diagnose is a diagnosis of a file of answers, without a database.
type Diagnose struct {
	Instrument string     // instrument file; "" is the shipped one
	Answers    string     // file of answers
	By         [][]string // breakdowns, each of up to four attributes
	MinGroup   int        // 0: the instrument's
	Format     string     // json, csv, xlsx or html
	Progress   func(done, total int)
}

// Run reads, scores, withholds and writes the report.
func (c Diagnose) Run(ctx context.Context, out io.Writer) error {
	in, err := readInstrument(c.Instrument)
	if err != nil {
		return err
	}
	table, closeTable, err := openTable(c.Answers)
	if err != nil {
		return err
	}
	defer closeTable()
	var attributes []string
	for _, names := range c.By {
		attributes = append(attributes, names...)
	}
	reading, err := diagnosis.ReadRows(in, table.Written(), diagnosisweb.Rows(table), attributes...)
	if err != nil {
		return err
	}
	minimum := c.MinGroup
	if minimum == 0 {
		minimum = in.MinimumGroup
	}
	report, err := in.FileReport(reading, c.By, minimum, rand.Uint64(), c.Progress)
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(report)
	case "html":
		return diagnosisweb.FileReport(in.Name.In("en"), filepath.Base(c.Answers), report).Render(ctx, out)
	}
	return writeFileReport(out, sheet.Format(c.Format), report)
}

// readInstrument reads an instrument file, or the shipped one for "".
func readInstrument(file string) (*diagnosis.Instrument, error) {
	if file == "" {
		return diagnosis.ReadInstrument(diagnosis.HPOFile)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Invalidf("%s cannot be read: %v", file, err)
	}
	in, err := diagnosis.ReadInstrument(source)
	if e := fault.Of(err); e != nil {
		return nil, fault.Invalidf("%s: %s", filepath.Base(file), e.Error())
	}
	return in, err
}

func openFile(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Invalidf("%s cannot be read: %v", name, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fault.Invalidf("%s is a folder, not a file", name)
	}
	return f, nil
}

// openTable opens a file of rows; the caller closes it.
func openTable(name string) (table *sheet.Reader, closeTable func() error, err error) {
	f, err := openFile(name)
	if err != nil {
		return nil, nil, err
	}
	if table, err = sheet.Open(f, filepath.Base(name), sheet.Options{}); err != nil {
		f.Close()
		return nil, nil, err
	}
	return table, f.Close, nil
}

// writeFileReport writes the report as one table with a row per figure, or as a
// workbook with a sheet for each kind.
func writeFileReport(out io.Writer, format sheet.Format, r *diagnosis.FileReport) error {
	parts := fileParts(r)
	if format == sheet.CSV {
		parts = []part{fileFigures(r)}
	}
	w, err := sheet.NewWriter(out, format, sheet.WriteOptions{Sheet: parts[0].name, BOM: true}, parts[0].header...)
	if err != nil {
		return err
	}
	for i, p := range parts {
		if i > 0 {
			if err := w.Sheet(p.name, p.header...); err != nil {
				return err
			}
		}
		for _, row := range p.rows {
			if err := w.Write(row...); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

type part struct {
	name   string
	header []string
	rows   [][]any
}

func fileParts(r *diagnosis.FileReport) []part {
	groups := part{name: "Groups", header: []string{"By", "Group", "N", "Withheld because"}}
	whole := []any{"", "whole", r.Counted, nil}
	for _, f := range r.Factors {
		groups.header = append(groups.header, f.ID)
		whole = append(whole, cell(f.Mean))
	}
	groups.rows = append(groups.rows, whole)
	for _, g := range r.Groups {
		row := []any{strings.Join(g.By, " × "), strings.Join(g.Key, " × "), cell(g.N), cell(g.Reason)}
		for _, f := range r.Factors {
			row = append(row, cell(g.Factors[f.ID]))
		}
		groups.rows = append(groups.rows, row)
	}
	factors := part{name: "Factors", header: []string{"Factor", "Name", "N", "Mean", "SD", "Alpha", "Omega"}}
	for _, f := range r.Factors {
		factors.rows = append(factors.rows, []any{f.ID, f.Name, cell(f.N), cell(f.Mean), cell(f.SD), cell(f.Alpha), cell(f.Omega)})
	}
	items := part{name: "Items", header: []string{"Item", "Name", "Factor", "N", "Mean", "SD"}}
	for _, i := range slices.Concat(r.Items, r.Outcomes) {
		items.rows = append(items.rows, []any{i.ID, i.Name, i.Factor, cell(i.N), cell(i.Mean), cell(i.SD)})
	}
	agreement := part{name: "Agreement", header: []string{"By", "Figure", "ICC(1)", "ICC(2)", "Mean rwg(j)"}}
	for _, a := range r.Agreement {
		agreement.rows = append(agreement.rows, []any{strings.Join(a.By, " × "), a.Factor, cell(a.ICC1), cell(a.ICC2), cell(a.RwgJMean)})
	}
	return []part{groups, factors, items, agreement}
}

// fileFigures is the whole report as one table: a factor, item or outcome over
// everybody, a factor of a group, or the agreement within the groups of a breakdown.
func fileFigures(r *diagnosis.FileReport) part {
	p := part{header: []string{"Table", "By", "Group", "Figure", "Name", "N", "Mean", "SD", "Alpha", "Omega", "ICC(1)", "ICC(2)", "Mean rwg(j)", "Withheld because"}}
	name := map[string]string{}
	add := func(table, by, group, figure string, values ...any) {
		row := append([]any{table, by, group, figure, name[figure]}, values...)
		p.rows = append(p.rows, append(row, make([]any, len(p.header)-len(row))...))
	}
	for _, f := range r.Factors {
		name[f.ID] = f.Name
		add("factors", "", "", f.ID, cell(f.N), cell(f.Mean), cell(f.SD), cell(f.Alpha), cell(f.Omega))
	}
	for _, items := range []struct {
		table string
		all   []diagnosis.FileItem
	}{{"items", r.Items}, {"outcomes", r.Outcomes}} {
		for _, i := range items.all {
			name[i.ID] = i.Name
			add(items.table, "", "", i.ID, cell(i.N), cell(i.Mean), cell(i.SD))
		}
	}
	for _, g := range r.Groups {
		for _, f := range r.Factors {
			add("groups", strings.Join(g.By, " × "), strings.Join(g.Key, " × "), f.ID, cell(g.N), cell(g.Factors[f.ID]), nil, nil, nil, nil, nil, nil, cell(g.Reason))
		}
	}
	for _, a := range r.Agreement {
		add("agreement", strings.Join(a.By, " × "), "", a.Factor, nil, nil, nil, nil, nil, cell(a.ICC1), cell(a.ICC2), cell(a.RwgJMean))
	}
	return p
}

// cell is a figure of a table; what is withheld is empty.
func cell[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
