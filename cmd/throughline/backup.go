package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

type backupCmd struct {
	database
	File string `arg:"" help:"The file to write; it must not be there yet."`
}

// Run writes beside the file first, so that a backup that failed never looks
// like one.
func (c backupCmd) Run(ctx context.Context) error {
	if _, err := os.Stat(c.File); err == nil {
		return fault.Conflictf("%s is there already: name a new file", c.File)
	}
	return c.openThere(ctx, func(d *db.DB) error {
		f, err := os.CreateTemp(filepath.Dir(c.File), ".backup-*")
		if err != nil {
			return fault.Invalidf("cannot write to the folder of %s: %v", c.File, err)
		}
		defer os.Remove(f.Name())
		if err := errors.Join(d.Backup(ctx, f), f.Sync(), f.Close()); err != nil {
			return err
		}
		return os.Rename(f.Name(), c.File)
	})
}

type restoreCmd struct {
	database
	File string `arg:"" help:"The backup to read." type:"existingfile"`
}

// Run leaves no empty file where there was none.
func (c restoreCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	made := db.MustExist(c.DB) != nil
	var into *db.DB
	err = c.open(ctx, func(d *db.DB) error {
		into = d
		return d.Restore(ctx, f)
	})
	if err != nil && made && into != nil {
		err = errors.Join(err, into.Remove())
	}
	if err == nil {
		fmt.Fprintln(os.Stderr, "A backup holds no keys. Without the key folder beside it, links of an open diagnosis can be neither made nor sent again; those that were sent go on working.")
	}
	return err
}
