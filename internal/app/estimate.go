package app

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"math"
	"path/filepath"
	"strings"

	"throughline/internal/impact"
	"throughline/internal/impact/impactweb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/sheet"
)

// Estimate is an estimate of what came of staggered starts from files, without a database.
type Estimate struct {
	Panel   string // file with a row per unit and period
	Units   string // file with a row per unit; "" for none
	Columns struct {
		Unit, Time, Outcome, Start string
		Cluster, Weight, Offset    string // "" for none
		Covariates                 []string
	}
	Never    string
	Absent   string // the outcome where there is no row; "" is missing
	Periods  string // FIRST..LAST; "" for all
	Question impact.Question
	Format   string // json or html
}

// Run reads, estimates and writes.
func (c Estimate) Run(ctx context.Context, out io.Writer) error {
	panel, offsets, remarks, err := c.read()
	if err != nil {
		return err
	}
	q := c.Question
	if q.Series.Counts && c.Columns.Offset != "" {
		q.Series.Offset = offsets
	}
	q.Checks = q.Checks || c.Format == "html"
	watch := q.Options.Watch
	q.Options.Watch = func(done, total int) error {
		if err := ctx.Err(); err != nil || watch == nil {
			return err
		}
		return watch(done, total)
	}
	answer, err := q.Answer(panel)
	if err != nil {
		return err
	}
	if c.Format == "html" {
		return impactweb.FileReport(c.Columns.Outcome, filepath.Base(c.Panel), answer, remarks).Render(ctx, out)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(impactweb.JSON(c.Columns.Outcome, answer, remarks))
}

func (c Estimate) read() (*impact.Panel, []float64, []fault.Remark, error) {
	reading := impact.Reading{Never: c.Never, Covariates: c.Columns.Covariates, Clustered: c.Columns.Cluster != "", Weighted: c.Columns.Weight != "", Offsets: c.Columns.Offset != ""}
	if c.Periods != "" {
		first, last, ok := strings.Cut(c.Periods, "..")
		if reading.First, reading.Last = strings.TrimSpace(first), strings.TrimSpace(last); !ok {
			return nil, nil, nil, fault.Invalidf("--periods is written FIRST..LAST, as in 1..72 or 2025-01..2026-12, not %q", c.Periods)
		}
	}
	if c.Absent != "" {
		v, err := sheet.ParseDecimal(c.Absent, sheet.Point)
		if err != nil {
			return nil, nil, nil, fault.Invalidf("--absent is the outcome where there is no row, such as 0, not %q", c.Absent)
		}
		reading.Absent = &v
	}
	table, closeTable, err := openTable(c.Panel)
	if err != nil {
		return nil, nil, nil, err
	}
	defer closeTable()
	var units *sheet.Reader
	var rows iter.Seq2[impact.Row, error]
	if c.Units != "" {
		opened, closeUnits, err := openTable(c.Units)
		if err != nil {
			return nil, nil, nil, err
		}
		defer closeUnits()
		units = opened
		if err := units.Need(c.Columns.Unit); err != nil {
			return nil, nil, nil, err
		}
		reading.Listed = units.Has(c.Columns.Start)
		rows = c.rows(units, nil, true)
	}
	if err := table.Need(c.Columns.Unit, c.Columns.Time, c.Columns.Outcome); err != nil {
		return nil, nil, nil, err
	}
	for _, name := range append([]string{c.Columns.Start, c.Columns.Cluster, c.Columns.Weight}, c.Columns.Covariates...) {
		if name != "" && (units == nil || !units.Has(name)) {
			if err := table.Need(name); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	if c.Columns.Offset != "" {
		if err := table.Need(c.Columns.Offset); err != nil {
			return nil, nil, nil, err
		}
	}
	panel, offsets, remarks, err := reading.Read(c.rows(table, units, false), rows)
	return panel, offsets, remarks, err
}

// rows reads a table; what a list of units has is not read from the panel again.
func (c Estimate) rows(table, listed *sheet.Reader, list bool) iter.Seq2[impact.Row, error] {
	has := func(name string) bool {
		return name != "" && table.Has(name) && (listed == nil || !listed.Has(name))
	}
	return func(yield func(impact.Row, error) bool) {
		for row, err := range table.Rows() {
			one := impact.Row{Line: row.Line, Outcome: math.NaN(), Weight: math.NaN(), Offset: math.NaN()}
			number := func(name string, to *float64) {
				if err == nil {
					*to, err = decimal(row, name)
				}
			}
			if err == nil {
				one.Unit = row.Get(c.Columns.Unit)
				if has(c.Columns.Start) {
					one.Start = row.Get(c.Columns.Start)
				}
				if has(c.Columns.Cluster) {
					one.Cluster = row.Get(c.Columns.Cluster)
				}
				if !list {
					one.Time = row.Get(c.Columns.Time)
					number(c.Columns.Outcome, &one.Outcome)
				}
				if has(c.Columns.Weight) {
					number(c.Columns.Weight, &one.Weight)
				}
				if has(c.Columns.Offset) {
					number(c.Columns.Offset, &one.Offset)
				}
				for _, name := range c.Columns.Covariates {
					v := math.NaN()
					if has(name) {
						number(name, &v)
					}
					one.Covariates = append(one.Covariates, v)
				}
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

// decimal is a number, NaN where the cell is empty or says that there is none.
func decimal(row sheet.Row, name string) (float64, error) {
	switch row.Get(name) {
	case "NA", "NaN", ".":
		return math.NaN(), nil
	}
	v, stated, err := row.Decimal(name, sheet.Unknown)
	if err != nil || !stated {
		return math.NaN(), err
	}
	return v, nil
}
