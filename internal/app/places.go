package app

import (
	"context"
	"fmt"
	"io"

	"throughline/internal/org/orgdb"
	"throughline/internal/org/orgweb"
)

// ImportPlaces is an import of where locations lie by command.
type ImportPlaces struct {
	File         string
	Columns      orgweb.WhereColumns
	Organisation string // short name; "" for the only one
}

// Run reads the file, keeps what it says, and tells of how many it is.
func (c ImportPlaces) Run(ctx context.Context, s orgdb.Store, out io.Writer) error {
	o, err := s.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	table, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	where, err := orgweb.ReadWhere(table, c.Columns)
	if err != nil {
		return err
	}
	if err := s.SaveWhere(ctx, o.ID, where, ""); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "It is known now where %d locations lie.\n", len(where))
	return err
}
