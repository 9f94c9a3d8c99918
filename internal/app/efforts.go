package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/effort/effortweb"
	"throughline/internal/kit/fault"
	"throughline/internal/transition/transitionweb"
)

// ImportEfforts is an import of hours and costs into the ledger by command.
type ImportEfforts struct {
	File         string
	Organisation string                // short name; "" for the only one
	Progress     func(done, total int) // rows kept and no total, then how far they are added up; may be nil
}

// Run imports all of the file or nothing, and tells what came of it.
func (c ImportEfforts) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	digest, err := digestOf(c.File)
	if err != nil {
		return err
	}
	table, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	rows, err := effortweb.Rows(table)
	if err != nil {
		return err
	}
	came, err := a.Effort.Import(ctx, o.ID, effortdb.Feed{Rows: rows, Source: filepath.Base(c.File), Digest: digest, Progress: c.Progress})
	if err == nil {
		_, err = fmt.Fprintf(out, "%d efforts came in as file %d: %d in place of another. %d stood there already.\n", came.Entries, came.Number, came.Replaced, came.Kept)
	}
	return err
}

// ImportStarts says by command in which units, or for whom, an initiative begins.
type ImportStarts struct {
	File         string
	Initiative   string // its name
	Organisation string // short name; "" for the only one
}

// Run takes in all of the file or nothing, and says how many starts it has.
func (c ImportStarts) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	all, err := a.Effort.Initiatives(ctx, o.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(i effort.Initiative) bool { return i.Name != strings.TrimSpace(c.Initiative) })
	switch {
	case len(all) == 0:
		return fault.NotFoundf("there is no initiative %q: write its name as its page has it", c.Initiative)
	case len(all) > 1:
		return fault.Conflictf("several initiatives are called %q: give one of them another name first", c.Initiative)
	}
	table, closeTable, err := openTable(c.File)
	if err != nil {
		return err
	}
	defer closeTable()
	rows, err := transitionweb.StartRows(table)
	if err != nil {
		return err
	}
	came, err := a.Effort.ImportStarts(ctx, o.ID, all[0].ID, "", rows)
	if err == nil {
		_, err = fmt.Fprintf(out, "%s: %d starts came in.\n", all[0].Name, came)
	}
	return err
}

// TakeBackEfforts takes back, by command, all that a file has brought into the ledger.
type TakeBackEfforts struct {
	Number       int    // of the file, as its import said
	Organisation string // short name; "" for the only one
}

// Run takes it back.
func (c TakeBackEfforts) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	if err := a.Effort.TakeBack(ctx, o.ID, c.Number, ""); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "File %d is taken back.\n", c.Number)
	return err
}

// digestOf is the SHA-256 of a file's content, in hexadecimal.
func digestOf(name string) (string, error) {
	f, err := openFile(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
