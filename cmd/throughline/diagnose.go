package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"throughline/internal/app"
	"throughline/internal/kit/fault"
)

type diagnoseCmd struct {
	Instrument string   `help:"Instrument file; the shipped one when left out." type:"existingfile" placeholder:"FILE"`
	Answers    string   `help:"File of answers, CSV or XLSX." required:"" placeholder:"FILE"`
	By         []string `help:"Report by an attribute, or by several at once with commas between; can be given again. What is withheld is decided for one run: ask in one run for all that will be seen together, or figures of two can be subtracted." sep:"none" placeholder:"COL[,COL...]"`
	MinGroup   *int     `help:"Fewest people behind a figure; the instrument's when left out." placeholder:"N"`
	Format     string   `help:"json, csv, xlsx or html." enum:"json,csv,xlsx,html" default:"json"`
	Out        string   `short:"o" help:"File to write; the screen when left out." placeholder:"FILE"`
}

func (c diagnoseCmd) Run(ctx context.Context) error {
	d := app.Diagnose{Instrument: c.Instrument, Answers: c.Answers, Format: c.Format, Progress: bar("withholding")}
	if c.MinGroup != nil {
		if d.MinGroup = *c.MinGroup; d.MinGroup < 2 {
			return fault.Invalidf("--min-group must be at least 2, not %d", d.MinGroup)
		}
	}
	for _, names := range c.By {
		var by []string
		for _, name := range strings.Split(names, ",") {
			if name = strings.TrimSpace(name); name == "" {
				return fault.Invalidf("--by %q has an empty name between its commas", names)
			}
			by = append(by, name)
		}
		d.By = append(d.By, by)
	}
	return written(c.Out, func(out io.Writer) error { return d.Run(ctx, out) })
}

// written gives a file what write writes, whole or not at all; "" is the screen.
func written(file string, write func(io.Writer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	if file == "" {
		_, err := out.WriteTo(os.Stdout)
		return err
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return fault.Invalidf("%s cannot be written: %v", file, err)
	}
	return nil
}
