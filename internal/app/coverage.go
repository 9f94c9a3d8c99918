package app

import (
	"encoding/json"
	"io"
	"iter"

	"throughline/internal/kit/sheet"
	"throughline/internal/transition"
)

// Coverage counts the coaches that a file of headcounts needs, without a database.
type Coverage struct {
	Headcount string // file
	Location  string // heading of the location's column
	Count     string // heading of the column with how many work there
	Per       int    // people that a coach looks after
	Format    string // json, csv or xlsx
}

// Run reads, counts and writes.
func (c Coverage) Run(out io.Writer) error {
	table, closeTable, err := openTable(c.Headcount)
	if err != nil {
		return err
	}
	defer closeTable()
	if err := table.Need(c.Location, c.Count); err != nil {
		return err
	}
	h, err := transition.CountHeads(c.rows(table), c.Per)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(h)
	}
	w, err := sheet.NewWriter(out, sheet.Format(c.Format), sheet.WriteOptions{Sheet: "Coverage", BOM: true}, "Location", "Headcount", "Need")
	if err != nil {
		return err
	}
	for _, r := range h.Rows {
		if err := w.Write(r.Location, r.People, r.Need); err != nil {
			return err
		}
	}
	return w.Close()
}

func (c Coverage) rows(table *sheet.Reader) iter.Seq2[transition.Count, error] {
	return func(yield func(transition.Count, error) bool) {
		for row, err := range table.Rows() {
			one := transition.Count{Line: row.Line}
			if err == nil {
				one.Location = row.Get(c.Location)
				one.People, one.Stated, err = row.Decimal(c.Count, sheet.Unknown)
			}
			if !yield(one, err) {
				return
			}
		}
	}
}
