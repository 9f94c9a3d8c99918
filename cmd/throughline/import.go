package main

import (
	"context"
	"os"
	"time"

	"throughline/internal/app"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
	"throughline/internal/org/orgweb"
)

type importCmd struct {
	Roster  importRosterCmd  `cmd:"" help:"Import a roster from CSV or XLSX files."`
	Places  importPlacesCmd  `cmd:"" help:"Import where locations lie, in degrees."`
	Answers importAnswersCmd `cmd:"" help:"Import answers, given elsewhere, into an open diagnosis."`

	Observations importObservationsCmd `cmd:"" help:"Import values, plans and targets of indicators."`
	Effort       importEffortCmd       `cmd:"" help:"Import hours and costs into the ledger of efforts."`
	Starts       importStartsCmd       `cmd:"" help:"Say in which units, or for whom, an initiative begins, and when."`
	Resources    importResourcesCmd    `cmd:"" help:"Import what one learns by."`
	Completions  importCompletionsCmd  `cmd:"" help:"Import registrations and results of a learning system."`
	Competencies importCompetenciesCmd `cmd:"" help:"Import a framework of competencies: ESCO, O*NET, CASE or your own."`
}

type importResourcesCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX with the columns name and modality, and any of key, hours, price, competencies, roles, goals, needs and others." type:"existingfile"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importResourcesCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportResources{File: c.File, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type importCompletionsCmd struct {
	database
	Files        []string `arg:"" help:"CSV or XLSX files; what several say of one person, resource and run comes together." type:"existingfile"`
	Map          string   `help:"File that says which column is what; docs/learning.md describes it." required:"" type:"existingfile" placeholder:"FILE"`
	Organisation string   `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importCompletionsCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportCompletions{Files: c.Files, Map: c.Map, Organisation: c.Organisation, Progress: bar("written")}.Run(ctx, a, os.Stdout)
	})
}

type importCompetenciesCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX as ESCO, O*NET or OpenSALT write it, or with the column name; or a package of CASE as JSON." type:"existingfile"`
	Framework    string `help:"Name of the framework; the file's when left out." placeholder:"NAME"`
	Whole        bool   `help:"The file is the whole framework: what it no longer has is not used any more."`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importCompetenciesCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportCompetencies{File: c.File, Framework: c.Framework, Whole: c.Whole, Organisation: c.Organisation, Progress: bar("written")}.Run(ctx, a, os.Stdout)
	})
}

type importEffortCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX with the columns day and what, and any of kind, modality, person or unit, side, hours, costs and what they serve." type:"existingfile"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importEffortCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportEfforts{File: c.File, Organisation: c.Organisation, Progress: twoBars()}.Run(ctx, a, os.Stdout)
	})
}

type importStartsCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX with the columns unit or person, and day; an empty day strikes out what stands there." type:"existingfile"`
	Initiative   string `help:"Name of the initiative." required:"" placeholder:"NAME"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importStartsCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportStarts{File: c.File, Initiative: c.Initiative, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type importObservationsCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX with the columns indicator, unit or person, and period, and any of value, plan, target, baseline and target_to." type:"existingfile"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importObservationsCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.ImportObservations{File: c.File, Organisation: c.Organisation, Progress: twoBars()}.Run(ctx, a, os.Stdout)
	})
}

type takeBackCmd struct {
	Effort takeBackEffortCmd `cmd:"" help:"Take all that a file has brought out of the ledger of efforts."`
}

type takeBackEffortCmd struct {
	database
	Number       int    `arg:"" help:"Number of the file, as its import said."`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c takeBackEffortCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.TakeBackEfforts{Number: c.Number, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type publishCmd struct {
	Observations publishObservationsCmd `cmd:"" help:"Tell what people come to in an indicator of people, for each period that is over, once."`
}

type publishObservationsCmd struct {
	database
	Indicator    string `arg:"" help:"Short name of the indicator."`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c publishObservationsCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		return app.PublishObservations{Indicator: c.Indicator, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type importPlacesCmd struct {
	database
	File         string `arg:"" help:"CSV or XLSX." type:"existingfile"`
	Location     string `help:"Heading of the column with the location's name." default:"location" placeholder:"COL"`
	Latitude     string `help:"Heading of the column with the latitude." default:"latitude" placeholder:"COL"`
	Longitude    string `help:"Heading of the column with the longitude." default:"longitude" placeholder:"COL"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importPlacesCmd) Run(ctx context.Context) error {
	return c.openThere(ctx, func(d *db.DB) error {
		if _, err := d.Migrate(ctx); err != nil {
			return err
		}
		columns := orgweb.WhereColumns{Location: c.Location, Latitude: c.Latitude, Longitude: c.Longitude}
		return app.ImportPlaces{File: c.File, Columns: columns, Organisation: c.Organisation}.Run(ctx, orgdb.Store{DB: d}, os.Stdout)
	})
}

type importAnswersCmd struct {
	database
	Keys         string `help:"Folder of the key files." placeholder:"FOLDER"`
	File         string `arg:"" help:"CSV or XLSX: a column for each item, and 'person' with the roster's key, or 'unit' and each reported attribute." type:"existingfile"`
	Diagnosis    string `help:"Its name, where several are open." placeholder:"NAME"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c importAnswersCmd) Run(ctx context.Context) error {
	return installation{database: c.database, Keys: c.Keys}.openThere(ctx, func(a *app.App) error {
		return app.ImportAnswers{File: c.File, Diagnosis: c.Diagnosis, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

// twoBars count rows while they are read, then show how far they are written; nil when nobody looks.
func twoBars() func(done, total int) {
	reading, writing := counter("rows"), bar("written")
	if reading == nil {
		return nil
	}
	return func(done, total int) {
		if total == 0 {
			reading(done)
		} else {
			writing(done, total)
		}
	}
}

// rosterOf is whose roster, and of which day.
type rosterOf struct {
	database
	Day          string `help:"Day of the roster; today when left out." placeholder:"2026-01-31"`
	Organisation string `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (r rosterOf) open(ctx context.Context, use func(orgdb.Store, period.Day) error) error {
	day, err := period.ParseDay(r.Day)
	if err != nil {
		return err
	}
	if day == "" {
		day = period.DayOf(time.Now())
	}
	return r.database.openThere(ctx, func(d *db.DB) error {
		if _, err := d.Migrate(ctx); err != nil {
			return err
		}
		return use(orgdb.Store{DB: d}, day)
	})
}

type importRosterCmd struct {
	rosterOf
	Files       []string `arg:"" name:"file" help:"Files that belong together." type:"existingfile"`
	Map         string   `help:"Map file that says which column is what; that of the last import when left out." type:"existingfile" placeholder:"FILE"`
	OnDuplicate string   `help:"People with one key: stop, or keep the first; as the map says when left out." enum:",stop,first" default:"" placeholder:"stop|first"`
	DryRun      bool     `help:"Say what would change, and save nothing."`
	Errors      string   `help:"File to write bad rows to." placeholder:"FILE"`
}

func (c importRosterCmd) Run(ctx context.Context) error {
	return c.open(ctx, func(s orgdb.Store, day period.Day) error {
		return app.ImportRoster{Files: c.Files, Map: c.Map, Day: day, Organisation: c.Organisation, OnDuplicate: c.OnDuplicate,
			DryRun: c.DryRun, Errors: c.Errors, Progress: counter("rows")}.Run(ctx, s, os.Stdout)
	})
}

type exportCmd struct {
	Roster exportRosterCmd `cmd:"" help:"Write the roster of a day to a file that imports unchanged."`
	Report exportReportCmd `cmd:"" help:"Write a standard report on learning."`
}

type exportRosterCmd struct {
	rosterOf
	File string `arg:"" help:"The file to write, ending in .csv or .xlsx."`
}

func (c exportRosterCmd) Run(ctx context.Context) error {
	return c.open(ctx, func(s orgdb.Store, day period.Day) error {
		return app.ExportRoster{File: c.File, Day: day, Organisation: c.Organisation}.Run(ctx, s)
	})
}
