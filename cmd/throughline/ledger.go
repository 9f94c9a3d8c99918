package main

import (
	"context"
	"os"

	"throughline/internal/app"
	"throughline/internal/effort"
	"throughline/internal/kit/db"
)

type ledgerCmd struct {
	Settings ledgerSettingsCmd `cmd:"" help:"Own currency, reference and learning function: change what is given, and say what holds."`
	Rate     ledgerRateCmd     `cmd:"" help:"Say what one of another currency is worth from a month on."`
}

type ledgerSettingsCmd struct {
	database
	Own          string   `help:"The organisation's own currency." placeholder:"EUR"`
	Reference    string   `help:"Per cent beside which the share of solutions that are no learning is shown." placeholder:"40"`
	Function     []string `help:"Keys or names of the units that are the learning function." placeholder:"UNIT"`
	Organisation string   `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c ledgerSettingsCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.LedgerSettings{Own: c.Own, Reference: c.Reference, Function: c.Function, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type ledgerRateCmd struct {
	database
	Currency     string  `arg:"" help:"Such as USD."`
	Month        string  `arg:"" help:"From this month on, such as 2026-01."`
	Rate         float64 `arg:"" help:"What one of it is worth in the own currency; 0 takes the rate of that month out."`
	Organisation string  `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c ledgerRateCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.LedgerRate{Currency: c.Currency, Month: c.Month, Rate: c.Rate, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type exportReportCmd struct {
	database
	Report       string `arg:"" help:"summary, operations or programme." enum:"summary,operations,programme"`
	File         string `arg:"" help:"The file to write, ending in .pdf, .xlsx or .csv."`
	Year         int    `help:"The present one when left out."`
	Unit         string `help:"Key or name of a unit; the whole when left out." placeholder:"UNIT"`
	Initiative   string `help:"Name of the initiative that a programme report is of; the first when left out." placeholder:"NAME"`
	Language     string `help:"en or nl; the organisation's when left out." placeholder:"LANGUAGE"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c exportReportCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.LearningReport{File: c.File, Kind: effort.Report(c.Report), Year: c.Year, Unit: c.Unit, Initiative: c.Initiative, Language: c.Language, Organisation: c.Organisation}.Run(ctx, a)
	})
}
