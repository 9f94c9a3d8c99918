package main

import (
	"context"
	"io"

	"throughline/internal/app"
	"throughline/internal/impact"
)

type estimateCmd struct {
	Panel   string `help:"File with a row per unit and period, CSV or XLSX." required:"" placeholder:"FILE"`
	Unit    string `help:"Heading of the column with the unit." required:"" placeholder:"COL"`
	Time    string `help:"Heading of the column with the period: whole numbers, or years, quarters or months." required:"" placeholder:"COL"`
	Outcome string `help:"Heading of the column with the outcome." required:"" placeholder:"COL"`
	Start   string `help:"Heading of the column with the period in which the unit starts; empty or 0: never." required:"" placeholder:"COL"`

	Never      string   `help:"What else stands there for a unit that never starts." placeholder:"VALUE"`
	Units      string   `help:"File with a row per unit, whose columns go before those of the panel." placeholder:"FILE"`
	Covariates []string `help:"Headings of columns with what sets units apart before they start." placeholder:"COL,..."`
	Cluster    string   `help:"Heading of the column with what varies together; each unit by itself when left out." placeholder:"COL"`
	Weight     string   `help:"Heading of the column with a unit's weight." placeholder:"COL"`
	Absent     string   `help:"The outcome where there is no row; missing when left out." placeholder:"VALUE"`
	Periods    string   `help:"The periods that count." placeholder:"FIRST..LAST"`

	Method       impact.Method   `help:"cs (group-time effects), imputation, twfe (two-way fixed effects, as an explanation), sdid (synthetic difference-in-differences) or its (interrupted time series)." enum:"cs,imputation,twfe,sdid,its" default:"cs"`
	Controls     impact.Controls `help:"Compare with units that never start (never) or also with those that have not started yet (notyet)." enum:"never,notyet" default:"never"`
	Base         impact.Base     `help:"Compare a period before the start with the one before it (varying) or with the last one before the start (universal)." enum:"varying,universal" default:"varying"`
	Anticipation int             `help:"Periods before the start in which it may already work." default:"0" placeholder:"N"`
	Level        float64         `help:"Confidence of intervals and bands." default:"0.95"`
	Draws        int             `help:"Draws of the bootstrap behind bands, or of placebos." default:"1000" placeholder:"N"`
	Seed         uint64          `help:"Seed of the draws." default:"1" placeholder:"N"`
	Lots         int             `help:"The starts were drawn by lot: deal them out again so often and say how often the estimate is as far from 0 (permutation)." placeholder:"N"`
	Checks       bool            `help:"Try what would overturn the estimate; an HTML report always does."`

	Impact impact.Impact `help:"Of a time series, how the start is expected to show: level, slope or level-slope." enum:"level,slope,level-slope" default:"level-slope"`
	Season int           `help:"Of a time series, periods of a year, for seasons." placeholder:"N"`
	Counts bool          `help:"Of a time series, the outcome is a count (quasi-Poisson)."`
	Offset string        `help:"Of counts, heading of the column with what they are out of." placeholder:"COL"`

	Format string `help:"json or html." enum:"json,html" default:"json"`
	Out    string `short:"o" help:"File to write; the screen when left out." placeholder:"FILE"`
}

func (c estimateCmd) Run(ctx context.Context) error {
	e := app.Estimate{Panel: c.Panel, Units: c.Units, Never: c.Never, Absent: c.Absent, Periods: c.Periods, Format: c.Format}
	e.Columns.Unit, e.Columns.Time, e.Columns.Outcome, e.Columns.Start = c.Unit, c.Time, c.Outcome, c.Start
	e.Columns.Cluster, e.Columns.Weight, e.Columns.Offset, e.Columns.Covariates = c.Cluster, c.Weight, c.Offset, c.Covariates
	e.Question = impact.Question{
		Method:  c.Method,
		Options: impact.Options{Controls: c.Controls, Base: c.Base, Anticipation: c.Anticipation, Level: c.Level, Draws: c.Draws, Seed: c.Seed},
		Series:  impact.SeriesOptions{Impact: c.Impact, Season: c.Season, Counts: c.Counts},
		Checks:  c.Checks,
		Lots:    c.Lots,
	}
	if err := e.Question.Check(); err != nil {
		return err
	}
	if move := bar("estimating"); move != nil {
		e.Question.Options.Watch = func(done, total int) error { move(done, total); return nil }
	}
	return written(c.Out, func(out io.Writer) error { return e.Run(ctx, out) })
}
