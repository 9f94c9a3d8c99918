package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"throughline/internal/strategy/strategydb"
	"throughline/internal/strategy/strategyweb"
)

// ImportObservations is an import of values, plans and targets of indicators by command.
type ImportObservations struct {
	File         string
	Organisation string                // short name; "" for the only one
	Progress     func(done, total int) // rows read and no total, then how far they are written; may be nil
}

// Run imports all of the file or nothing, and tells what came of it.
func (c ImportObservations) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	table, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	rows, err := strategyweb.Rows(table)
	if err != nil {
		return err
	}
	came, err := a.Strategy.Import(ctx, o.ID, strategydb.Feed{Rows: rows, Source: filepath.Base(c.File), Progress: c.Progress})
	if err == nil {
		_, err = fmt.Fprintf(out, "%d figures came in: %d in place of another, which is kept, and %d that stood there already.\n", came.Cells, came.Changed, came.Kept)
	}
	return err
}
