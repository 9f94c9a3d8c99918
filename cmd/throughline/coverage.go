package main

import (
	"io"

	"throughline/internal/app"
)

type coverageCmd struct {
	Headcount string `help:"File of headcounts, CSV or XLSX; rows of one location are added together." required:"" placeholder:"FILE"`
	Location  string `help:"Heading of the column with the location." required:"" placeholder:"COL"`
	Count     string `help:"Heading of the column with how many work there." required:"" placeholder:"COL"`
	Per       int    `help:"How many people a coach looks after." default:"50" placeholder:"N"`
	Format    string `help:"json, csv or xlsx." enum:"json,csv,xlsx" default:"json"`
	Out       string `short:"o" help:"File to write; the screen when left out." placeholder:"FILE"`
}

func (c coverageCmd) Run() error {
	of := app.Coverage{Headcount: c.Headcount, Location: c.Location, Count: c.Count, Per: c.Per, Format: c.Format}
	return written(c.Out, func(out io.Writer) error { return of.Run(out) })
}
