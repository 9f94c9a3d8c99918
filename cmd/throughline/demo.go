package main

import (
	"context"
	"errors"
	"net"
	"os"

	"throughline/internal/app"
	"throughline/internal/app/demo"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
)

type demoCmd struct {
	DB   string `name:"db" help:"SQLite file or PostgreSQL address; kept between runs." default:"throughline-demo.db" placeholder:"FILE|URL"`
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080"`
	Keys string `help:"Folder of the key files." placeholder:"FOLDER"`
	Size int    `help:"About how many people; a database that has the organisation already keeps it." default:"12000"`
}

func (c demoCmd) Run(ctx context.Context) error {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fault.Invalidf("cannot listen on %s: %v", c.Addr, err)
	}
	var i installation
	i.DB, i.Addr, i.Keys = c.DB, c.Addr, c.Keys
	if err := c.make(ctx, i); err != nil {
		return err
	}
	return i.open(ctx, func(a *app.App) error {
		if err := a.Demo(ctx, demo.Size(c.Size), os.Stdout); err != nil {
			return err
		}
		return a.Serve(ctx, l)
	})
}

// make makes the SQLite file of the demo organisations, unless it is there, under another
// name first: one that was stopped in the middle is never taken for the whole, so that it
// need not reach the disk before it is whole.
func (c demoCmd) make(ctx context.Context, i installation) error {
	if _, err := os.Stat(c.DB); err == nil || db.IsPostgres(c.DB) {
		return nil
	}
	i.DB = c.DB + ".making"
	for _, left := range []string{i.DB, i.DB + "-wal", i.DB + "-shm", i.DB + ".keys"} {
		if err := os.RemoveAll(left); err != nil {
			return err
		}
	}
	err := i.open(ctx, func(a *app.App) error {
		if err := a.DB.Unsynced(ctx); err != nil {
			return err
		}
		return a.MakeDemo(ctx, demo.Size(c.Size), os.Stdout)
	})
	if err == nil {
		err = synced(i.DB)
	}
	if err == nil && i.Keys == "" {
		err = os.RemoveAll(c.DB + ".keys")
		if err == nil {
			err = os.Rename(i.DB+".keys", c.DB+".keys")
		}
	}
	if err != nil {
		return err
	}
	return os.Rename(i.DB, c.DB)
}

// synced waits until a file has reached the disk.
func synced(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
