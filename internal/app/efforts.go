package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"throughline/internal/effort/effortdb"
	"throughline/internal/effort/effortweb"
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
