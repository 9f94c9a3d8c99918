package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"

	"throughline/internal/app"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

// commands is the command line: every flag can stand in the environment too,
// as THROUGHLINE_DB and so on.
type commands struct {
	LogLevel slog.Level `help:"What is logged: debug, info, warn or error." default:"info"`

	Serve        serveCmd        `cmd:"" help:"Answer browsers."`
	Demo         demoCmd         `cmd:"" help:"Answer browsers with the demo organisation, made on the first run."`
	Diagnose     diagnoseCmd     `cmd:"" help:"Report on a file of answers, without a database."`
	Estimate     estimateCmd     `cmd:"" help:"Estimate from a file what came of a roll-out, without a database."`
	Coverage     coverageCmd     `cmd:"" help:"Count the coaches that a file of headcounts needs, without a database."`
	Import       importCmd       `cmd:"" help:"Import a roster, answers, observations, efforts or competencies."`
	TakeBack     takeBackCmd     `cmd:"" help:"Take back a file of efforts."`
	Ledger       ledgerCmd       `cmd:"" help:"Say what the ledger of efforts is reckoned in."`
	Publish      publishCmd      `cmd:"" help:"Publish what people come to in an indicator."`
	Export       exportCmd       `cmd:"" help:"Export a roster or a report on learning."`
	Migrate      migrateCmd      `cmd:"" help:"Bring a database's schema up to date."`
	Backup       backupCmd       `cmd:"" help:"Write the whole database to a file, while the program runs."`
	Restore      restoreCmd      `cmd:"" help:"Read a backup into an empty database."`
	Organisation organisationCmd `cmd:"" help:"Make or change an organisation."`
	Account      accountCmd      `cmd:"" help:"Let an account's owner in, or a program for that person."`
	Version      versionCmd      `cmd:"" help:"Say which version this is."`
}

// database is where the data lies.
type database struct {
	DB string `name:"db" help:"SQLite file, or postgres://user@host/database." default:"throughline.db" placeholder:"FILE|URL"`
}

func (d database) open(ctx context.Context, use func(*db.DB) error) error {
	opened, err := db.Open(ctx, d.DB)
	if err != nil {
		return err
	}
	defer opened.Close()
	return use(opened)
}

// openThere opens a database that must be there already.
func (d database) openThere(ctx context.Context, use func(*db.DB) error) error {
	if err := db.MustExist(d.DB); err != nil {
		return err
	}
	return d.open(ctx, use)
}

// installation is a database with what a running program needs besides.
type installation struct {
	database
	Addr    string `help:"Address to listen on." default:"127.0.0.1:8080"`
	Keys    string `help:"Folder of the key files, outside the database and its backups." placeholder:"FOLDER"`
	Public  string `help:"Address under which browsers reach the program." placeholder:"URL"`
	Proxied bool   `name:"behind-proxy" help:"A proxy of yours is in front; its X-Forwarded-For tells who calls."`
	SMTP    struct {
		Host     string `help:"Mail server; without one mail is written to the log."`
		Port     int    `help:"Its port."`
		User     string `help:"Name to sign in with."`
		Password string `help:"Password to sign in with; better in the environment."`
		From     string `help:"Sender of mail." default:"throughline@localhost"`
		TLS      string `help:"required, implicit or none." default:"required"`
	} `embed:"" prefix:"smtp-"`
}

func (i installation) config() app.Config {
	m := i.SMTP
	return app.Config{DB: i.DB, Addr: i.Addr, Keys: i.Keys, Public: i.Public, Proxied: i.Proxied,
		Mail: app.MailConfig{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password, From: m.From, TLS: m.TLS}}
}

func (i installation) open(ctx context.Context, use func(*app.App) error) error {
	if err := i.config().Check(); err != nil {
		return err
	}
	return opened(ctx, i.config(), use)
}

func opened(ctx context.Context, c app.Config, use func(*app.App) error) error {
	a, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	return use(a)
}

// openThere opens an installation whose database must be there already.
func (i installation) openThere(ctx context.Context, use func(*app.App) error) error {
	if err := db.MustExist(i.DB); err != nil {
		return err
	}
	return i.open(ctx, use)
}

// app migrates the database and builds the program's parts without a server, for what
// needs no key file.
func (d database) app(ctx context.Context, use func(*app.App) error) error {
	return opened(ctx, app.Config{DB: d.DB}, use)
}

type serveCmd struct{ installation }

func (c serveCmd) Run(ctx context.Context) error {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fault.Invalidf("cannot listen on %s: %v", c.Addr, err)
	}
	return c.open(ctx, func(a *app.App) error { return a.Serve(ctx, l) })
}

type migrateCmd struct{ database }

func (c migrateCmd) Run(ctx context.Context) error {
	return c.open(ctx, func(d *db.DB) error {
		version, err := d.Migrate(ctx)
		if err == nil {
			fmt.Printf("schema %d\n", version)
		}
		return err
	})
}

type organisationCmd struct {
	Create createOrganisationCmd `cmd:"" help:"Make an organisation with its first administrator."`
	Change changeOrganisationCmd `cmd:"" help:"Give an organisation another name, language or time zone."`
}

type createOrganisationCmd struct {
	database
	Slug     string `arg:"" help:"Short name: lower-case letters, digits and hyphens."`
	Name     string `arg:"" help:"Name."`
	Mail     string `help:"Mail address of the first administrator." required:""`
	By       string `name:"administrator" help:"Name of the first administrator." required:""`
	Language string `help:"en or nl." default:"en"`
	Zone     string `help:"Time zone, whose clock opening and closing times are of." default:"UTC" placeholder:"Europe/Amsterdam"`
}

func (c createOrganisationCmd) Run(ctx context.Context) error {
	return c.app(ctx, func(a *app.App) error {
		_, err := a.Org.CreateOrganisation(ctx, org.Organisation{Slug: c.Slug, Name: c.Name, Language: c.Language, Zone: c.Zone},
			org.Account{Mail: c.Mail, Name: c.By, Language: c.Language})
		if err == nil {
			fmt.Printf("%s is made. '%s' signs in with the link that 'throughline account link --mail %s' prints.\n", c.Name, c.By, c.Mail)
		}
		return err
	})
}

type changeOrganisationCmd struct {
	database
	Slug     string  `arg:"" help:"Short name of the organisation."`
	Name     *string `help:"Its new name."`
	Language *string `help:"en or nl, for who has not chosen."`
	Zone     *string `help:"Time zone, such as Europe/Amsterdam."`
	Digests  *bool   `negatable:"" help:"Whether people get the weekly mail with what waits for them."`
}

func (c changeOrganisationCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return c.app(ctx, func(a *app.App) error {
		o, err := a.Org.OrganisationBySlug(ctx, c.Slug)
		if err != nil {
			return err
		}
		for to, from := range map[*string]*string{&o.Name: c.Name, &o.Language: c.Language, &o.Zone: c.Zone} {
			if from != nil {
				*to = *from
			}
		}
		err = a.Org.ChangeOrganisation(ctx, o, "")
		if err == nil && c.Digests != nil {
			err = a.Org.SetQuiet(ctx, o.ID, !*c.Digests, "")
		}
		if err == nil {
			fmt.Printf("%s: %s, language %s, time zone %s.\n", o.Slug, o.Name, o.Language, o.Zone)
		}
		return err
	})
}

type accountCmd struct {
	Link  accountLinkCmd  `cmd:"" help:"Print a one-time link with which an account's owner signs in."`
	Token accountTokenCmd `cmd:"" help:"Print a new token with which a program asks the API for an account's owner."`
}

type accountLinkCmd struct {
	installation
	Mail string `help:"The account's mail address." required:""`
}

func (c accountLinkCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return opened(ctx, c.config(), func(a *app.App) error { // needs no key file
		links, err := a.Org.MakeLinks(ctx, c.Mail)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			return fault.NotFoundf("%s has no account", c.Mail)
		}
		for _, l := range links {
			fmt.Printf("%s: %s\n", l.Organisation.Name, a.SignInAddress(l.Secret))
		}
		return nil
	})
}

type accountTokenCmd struct {
	installation
	Mail         string   `help:"The account's mail address." required:""`
	For          string   `help:"What the token is for." required:"" placeholder:"WORDS"`
	Scope        []string `help:"What it may do, such as strategy:write; several times for several." required:""`
	Days         int      `help:"For how many days it holds, at most 365." default:"90"`
	Organisation string   `help:"Short name of the organisation, where there are several." placeholder:"SLUG"`
}

func (c accountTokenCmd) Run(ctx context.Context) error {
	if err := db.MustExist(c.DB); err != nil {
		return err
	}
	return opened(ctx, c.config(), func(a *app.App) error { // needs no key file
		return app.MakeToken{Mail: c.Mail, For: c.For, Scopes: c.Scope, Days: c.Days, Organisation: c.Organisation}.Run(ctx, a, os.Stdout)
	})
}

type versionCmd struct{}

func (versionCmd) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this build does not say which version it is")
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			version += " " + s.Value
		}
	}
	fmt.Printf("throughline %s, schema %d, %s\n", version, db.Latest(), info.GoVersion)
	return nil
}
