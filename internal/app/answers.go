package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisweb"
	"throughline/internal/kit/fault"
)

// ImportAnswers is an import of answers, given elsewhere, into an open diagnosis by
// command.
type ImportAnswers struct {
	File         string
	Diagnosis    string // name; "" for the only one that is open
	Organisation string // short name; "" for the only one
}

// Run imports all of the file or nothing.
func (c ImportAnswers) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	d, err := c.find(ctx, a, o.ID)
	if err != nil {
		return err
	}
	rows, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	n, err := a.Diagnosis.ImportFile(ctx, o.ID, d.ID, "", rows.Written(), diagnosisweb.Rows(rows))
	if err == nil {
		fmt.Fprintf(out, "%d answers are imported into %s.\n", n, d.Name)
	}
	return err
}

func (c ImportAnswers) find(ctx context.Context, a *App, organisation string) (diagnosis.Diagnosis, error) {
	open, err := a.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return diagnosis.Diagnosis{}, err
	}
	open = slices.DeleteFunc(open, func(d diagnosis.Diagnosis) bool {
		return d.State != diagnosis.Open || c.Diagnosis != "" && !strings.EqualFold(d.Name, c.Diagnosis)
	})
	switch {
	case len(open) == 1:
		return open[0], nil
	case c.Diagnosis != "" && len(open) == 0:
		return diagnosis.Diagnosis{}, fault.NotFoundf("no diagnosis named %q is open", c.Diagnosis)
	case len(open) == 0:
		return diagnosis.Diagnosis{}, fault.NotFoundf("no diagnosis is open: set one up in the browser, then import its answers")
	}
	return diagnosis.Diagnosis{}, fault.Invalidf("%d diagnoses are open: say with --diagnosis NAME which of them", len(open))
}
