package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"throughline/internal/learning/learningdb"
	"throughline/internal/learning/learningweb"
)

// ImportCompetencies is an import of a framework of competencies by command.
type ImportCompetencies struct {
	File         string
	Framework    string              // its name; "" for what the file says
	Whole        bool                // what the file no longer has is not used any more
	Organisation string              // short name; "" for the only one
	Progress     func(done, all int) // may be nil
}

// Run imports all of the file or nothing, and tells what came of it.
func (c ImportCompetencies) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	read, err := learningweb.ReadCatalogue(f, filepath.Base(c.File), c.Framework, learningweb.UsualLevels(ctx))
	if err != nil {
		return err
	}
	came, err := a.Learning.Import(ctx, o.ID, learningdb.Catalogue{Catalogue: read, Whole: c.Whole, Source: filepath.Base(c.File), Progress: c.Progress})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d new competencies, %d brought up to date, %d that stood there already, %d not used any more.\n", read.Framework.Name, came.Fresh, came.Changed, came.Same, came.Ended)
	if err == nil && came.Roles > 0 {
		_, err = fmt.Fprintf(out, "%d roles say what they require.\n", came.Roles)
	}
	return err
}
