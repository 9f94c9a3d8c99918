package orgweb

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// FileSource is a CSV file or workbook as a source of a roster. Name stands in
// sentences about it. It reports a file that is no table.
func FileSource(file, name string) (org.Source, error) {
	f, err := os.Open(file)
	if err != nil {
		return org.Source{}, err
	}
	defer f.Close()
	table, err := sheet.Open(f, name, sheet.Options{})
	if err != nil {
		return org.Source{}, err
	}
	return org.Source{Name: name, Header: table.Headings(), Rows: func(yield func(org.Row, error) bool) {
		f, err := os.Open(file)
		if err != nil {
			yield(org.Row{}, err)
			return
		}
		defer f.Close()
		table, err := sheet.Open(f, name, sheet.Options{})
		if err != nil {
			yield(org.Row{}, err)
			return
		}
		rowsOf(table)(yield)
	}}, nil
}

// rowsOf are a table's rows, which can be read once.
func rowsOf(table *sheet.Reader) iter.Seq2[org.Row, error] {
	return func(yield func(org.Row, error) bool) {
		for row, err := range table.Rows() {
			if !yield(org.Row{Line: row.Line, Cells: row.Cells}, err) {
				return
			}
		}
	}
}

// sources copies an upload's files to this machine; done deletes the copies.
func (p *Pages) sources(ctx context.Context, organisation string, u orgdb.Upload) (sources []org.Source, done func(), err error) {
	var copies []string
	done = func() {
		for _, name := range copies {
			os.Remove(name)
		}
	}
	for i, f := range u.Files {
		local, err := os.CreateTemp("", "throughline-roster-*")
		if err != nil {
			return nil, done, err
		}
		copies = append(copies, local.Name())
		if err := errors.Join(p.Store.CopyUpload(ctx, organisation, u.ID, i, local), local.Close()); err != nil {
			return nil, done, err
		}
		source, err := FileSource(local.Name(), f.Name)
		if err != nil {
			return nil, done, err
		}
		sources = append(sources, source)
	}
	return sources, done, nil
}

// WriteRoster writes the roster of a day as a file that imports unchanged. It
// reports a day without a roster.
func WriteRoster(ctx context.Context, s orgdb.Store, organisation string, day period.Day, f sheet.Format, to io.Writer) error {
	var table *sheet.Writer
	rows := 0
	err := s.ExportRoster(ctx, organisation, day, func(cells []string) (err error) {
		if table == nil {
			table, err = sheet.NewWriter(to, f, sheet.WriteOptions{BOM: true}, cells...)
			return err
		}
		rows++
		values := make([]any, len(cells))
		for i, cell := range cells {
			values[i] = cell
		}
		return table.Write(values...)
	})
	if err != nil {
		return err
	}
	if rows == 0 {
		return fault.NotFoundf("there is no roster of %s: choose a day from the first import on", string(day))
	}
	return table.Close()
}

// WriteErrors writes the bad rows of an import as a file: where and why, then
// the row itself.
func WriteErrors(to io.Writer, sources []org.Source, bad []org.BadRow, say func(error) string) error {
	header, rows := org.ErrorTable(sources, bad, say)
	table, err := sheet.NewWriter(to, sheet.CSV, sheet.WriteOptions{BOM: true}, header...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = cell
		}
		if err := table.Write(cells...); err != nil {
			return err
		}
	}
	return table.Close()
}
