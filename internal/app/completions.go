package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/yaml"
	"throughline/internal/learning/learningdb"
	"throughline/internal/learning/learningweb"
)

// ImportCompletions is an import of registrations and results of a learning system by command.
type ImportCompletions struct {
	Files        []string
	Map          string              // map file
	Organisation string              // short name; "" for the only one
	Progress     func(done, all int) // may be nil
}

// Run imports all of the files or nothing, and tells what came of it.
func (c ImportCompletions) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	feed := learningdb.CompletionFeed{Progress: c.Progress}
	text, err := os.ReadFile(c.Map)
	if err != nil {
		return fault.Invalidf("%s cannot be read: %v", c.Map, err)
	}
	if err := yaml.Decode(text, &feed.Map); err != nil {
		return fault.Invalidf("%s: %s", filepath.Base(c.Map), err.Error())
	}
	for _, name := range c.Files {
		source, err := fileSource(name)
		if err != nil {
			return err
		}
		feed.Sources = append(feed.Sources, source)
	}
	came, err := a.Learning.ImportCompletions(ctx, o.ID, feed)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d registrations: %d completed, %d not completed, %d open. %d hours or costs went into the ledger; %d resources were made, %d rows of people who are not in the roster were skipped.\n",
		came.Registrations, came.Completed, came.NotDone, came.Registrations-came.Completed-came.NotDone, came.Posted, came.Resources, came.Skipped)
	return err
}

// ImportResources is an import of resources by command.
type ImportResources struct {
	File         string
	Organisation string // short name; "" for the only one
}

// Run imports all of the file or nothing, and tells what came of it.
func (c ImportResources) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	table, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	rows, err := learningweb.ResourceRows(table)
	if err != nil {
		return err
	}
	came, err := a.Learning.ImportResources(ctx, o.ID, learningdb.ResourceFeed{Rows: rows, Source: filepath.Base(c.File)})
	if err == nil {
		_, err = fmt.Fprintf(out, "%d new resources, %d brought up to date, %d that stood there already.\n", came.Fresh, came.Changed, came.Same)
	}
	return err
}
