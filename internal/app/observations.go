package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
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

// PublishObservations tells, by command, what people come to in every period of an indicator of people
// that is over and has not been published.
type PublishObservations struct {
	Indicator    string // short name
	Organisation string // short name; "" for the only one
}

// Run publishes them and says for how many units something is told.
func (c PublishObservations) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	all, err := a.Strategy.Indicators(ctx, o.ID)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(all, func(i strategy.Indicator) bool { return i.Key == strategy.CleanKey(c.Indicator) })
	if n < 0 {
		return fault.NotFoundf("there is no indicator %q", c.Indicator)
	}
	p, err := a.Strategy.Publishing(ctx, o.ID, all[n].ID)
	if err != nil {
		return err
	}
	if len(p.Waiting) == 0 {
		_, err = fmt.Fprintln(out, "No period waits: one does once it is over and somebody has a value in it.")
		return err
	}
	var periods []period.Period
	for _, w := range p.Waiting {
		periods = append(periods, w.Period)
	}
	done, err := a.Strategy.Publish(ctx, o.ID, all[n].ID, periods, "")
	for _, d := range done {
		if err == nil {
			_, err = fmt.Fprintf(out, "%s: %d people have a value; %d units are shown, %d are withheld.\n", d.Period, d.People, d.Units, d.Withheld)
		}
	}
	return err
}
