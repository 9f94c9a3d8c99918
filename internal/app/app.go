// Package app puts the areas together: it builds the stores, mounts the routes,
// starts the followers, and wires the commands that turn files into uses of a
// core or a store. It is the only package that sees every area.
package app

import (
	"context"
	"net/http"
	"slices"
	"time"

	"throughline/docs"
	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/diagnosis/diagnosisweb"
	"throughline/internal/effort/effortdb"
	"throughline/internal/effort/effortweb"
	"throughline/internal/impact/impactdb"
	"throughline/internal/impact/impactweb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/manual"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/secret"
	"throughline/internal/kit/web"
	"throughline/internal/kit/web/assets"
	"throughline/internal/learning/learningdb"
	"throughline/internal/learning/learningweb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/org/orgweb"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/strategy/strategyweb"
	"throughline/internal/transition/transitiondb"
	"throughline/internal/transition/transitionweb"

	"github.com/klauspost/compress/gzhttp"
)

// Config is what an installation can choose. Its zero value, with a database,
// is a program on the local machine that writes mail to its log.
type Config struct {
	DB     string // PostgreSQL address or SQLite file
	Addr   string // host:port to listen on
	Keys   string // folder of the key files; "" is the SQLite file's name with .keys
	Public string // address under which browsers reach it; "" is http:// and Addr
	Mail   MailConfig
	Now    func() time.Time // the clock of all stores and pages; nil is the system's. Sign-ins expire by the system's
	// Proxied says that a proxy is in front, whose X-Forwarded-For tells who calls.
	Proxied bool
}

// App is a running installation's parts.
type App struct {
	DB         *db.DB
	Org        orgdb.Store
	Diagnosis  *diagnosisdb.Store
	Transition *transitiondb.Store
	Strategy   strategydb.Store
	Effort     effortdb.Store
	Learning   learningdb.Store
	Impact     impactdb.Store
	Handler    http.Handler

	config     Config
	metrics    *metrics
	works      web.Works
	mails      *mailer
	digested   time.Time // the hour in which weekly mails were looked for last, by one follower
	pages      *orgweb.Pages
	diagnoses  *diagnosisweb.Pages
	programmes *transitionweb.Pages
	strategies *strategyweb.Pages
	learnings  *learningweb.Pages
	efforts    *effortweb.Pages
	impacts    *impactweb.Pages
	routes     []web.Route
	api        *rest.API
	directory  *orgweb.Directory
}

// New builds an installation on an open, migrated database.
func New(d *db.DB, c Config) (*App, error) {
	a := &App{DB: d, Org: orgdb.Store{DB: d, Now: c.Now, Keys: secret.Keys{Folder: c.keyFolder()}}, config: c, metrics: newMetrics()}
	a.Diagnosis = &diagnosisdb.Store{DB: d, Org: a.Org, Now: c.Now, Keys: secret.Keys{Folder: c.keyFolder()}}
	var err error
	if a.mails, err = newMailer(c.Mail); err != nil {
		return nil, err
	}
	a.diagnoses = &diagnosisweb.Pages{Store: a.Diagnosis, Org: a.Org, Permits: permits, Works: &a.works, Public: c.public(), Mails: a.mails.client != nil}
	a.Transition = &transitiondb.Store{DB: d, Org: a.Org, Diagnosis: a.Diagnosis, Now: c.Now}
	a.Effort = effortdb.Store{DB: d, Now: c.Now, Catalogue: learningdb.Store{DB: d, Now: c.Now}}
	a.Strategy = strategydb.Store{DB: d, Org: a.Org, Diagnosis: a.Diagnosis, Sources: []strategydb.Source{a.Effort}, Now: c.Now}
	a.programmes = &transitionweb.Pages{Store: a.Transition, Diagnosis: a.Diagnosis, Org: a.Org, Efforts: a.Effort, Strategy: a.Strategy, Permits: permits, Works: &a.works, Public: c.public(), Mails: a.mails.client != nil, From: c.Mail.From}
	a.strategies = &strategyweb.Pages{Store: a.Strategy, Diagnosis: a.Diagnosis, Org: a.Org, Permits: permits, Works: &a.works}
	a.Learning = learningdb.Store{DB: d, Org: a.Org, Diagnosis: a.Diagnosis, Strategy: a.Strategy, Now: c.Now}
	a.learnings = &learningweb.Pages{Store: a.Learning, Efforts: a.Effort, Diagnosis: a.Diagnosis, Org: a.Org, Permits: permits, Works: &a.works}
	a.strategies.Serves, a.strategies.Learns = []strategyweb.Serves{a.programmes.Helps, a.learnings.Serves}, a.learnings.Sight
	a.efforts = &effortweb.Pages{Store: a.Effort, Org: a.Org, Strategy: a.Strategy, Permits: permits, Works: &a.works, Follows: func(actor org.Actor) bool { return permits.May(actor, transitionweb.Read, org.Place{}) }}
	a.Impact = impactdb.Store{DB: d, Org: a.Org, Strategy: a.Strategy, Effort: a.Effort, Transition: a.Transition, Learning: a.Learning, Now: c.Now}
	a.impacts = &impactweb.Pages{Store: a.Impact, Org: a.Org, Permits: permits, Works: &a.works,
		Scores: func(actor org.Actor) bool {
			released := diagnosis.Diagnosis{Released: diagnosis.ToExecutives}
			return permits.May(released.Seen(actor), strategyweb.ReadScore, org.Place{})
		},
		Figures:  func(actor org.Actor, at org.Place) bool { return permits.May(actor, strategyweb.ReadCard, at) },
		Accounts: func(actor org.Actor) bool { return permits.May(actor, effortweb.Read, org.Place{}) },
		Begins:   func(actor org.Actor) bool { return permits.May(actor, transitionweb.Manage, org.Place{}) },
		Reports:  func(actor org.Actor) bool { return permits.MayAnywhere(actor, diagnosisweb.ReadReport) },

		Sees:       a.strategies.Sees,
		Acts:       func(actor org.Actor, at org.Place) bool { return permits.May(actor, transitionweb.Follow, at) },
		Programmes: func(actor org.Actor) bool { return permits.MayAnywhere(actor, transitionweb.See) },
	}
	a.efforts.Judged = a.Impact.Judged
	a.diagnoses.Serves = []diagnosisweb.Serves{a.programmes.Serves, a.impacts.Served}
	a.strategies.Serves = append(a.strategies.Serves, a.impacts.Reaches)
	pages := &orgweb.Pages{
		Store:    a.Org,
		Permits:  permits,
		Sessions: web.Sessions(d, c.secure()),
		Works:    &a.works,
		Nav:      navigation,
		Cards:    []orgweb.Cards{a.diagnoses.Cards, a.programmes.Cards, a.strategies.Cards, a.learnings.Cards, a.efforts.Cards, a.impacts.Cards},
		Tour:     a.tour,
		Mail:     a.mails.send,
		Public:   c.public(),
	}
	a.pages = pages
	a.api = a.newAPI(pages, a.diagnoses, a.programmes, a.strategies, a.learnings, a.efforts, a.impacts)
	a.directory = (&orgweb.Directory{Store: a.Org, Guard: tokens{a.Org}, Public: c.public()}).Begin()
	pages.Scopes = a.scopes
	help, err := manual.New(docs.Files, "/help", sections)
	if err != nil {
		return nil, err
	}
	a.routes = slices.Concat(help.Routes(), pages.Routes(), a.diagnoses.Routes(), a.programmes.Routes(), a.strategies.Routes(), a.learnings.Routes(), a.efforts.Routes(), a.impacts.Routes())
	mux := http.NewServeMux()
	for _, r := range a.routes {
		mux.Handle(r.Pattern, named(r.Pattern, pages.Require(r.Act, r.Checked())))
	}
	mux.Handle("/", pages.Require(web.Public, nowhere))
	a.Handler = a.around(pages.Sessions.LoadAndSave(mux))
	return a, nil
}

// sections are those of the manual.
var sections = []manual.Section{
	{Text: "For you", Pages: []string{"guides/"}},
	{Text: "How it works", Pages: []string{"diagnoses", "programmes", "goals", "indicators", "effort", "learning", "effects", "profile", "privacy"}},
	{Text: "Files and programs", Pages: []string{"rosters", "instruments", "api"}},
	{Text: "Running it", Pages: []string{"operations", "sign-on", "speed"}},
	{Text: "Why it is so", Pages: []string{"decisions/"}},
}

var permits = org.Merge(org.OrgPermits, diagnosisweb.Permits, transitionweb.Permits, strategyweb.Permits, learningweb.Permits, effortweb.Permits, impactweb.Permits)

// navigation lists the pages of the bar, for whom they are.
var navigation = []orgweb.Entry{
	{Link: web.Link{Path: "/", Text: "Home"}, Act: org.SignedIn},
	{Link: web.Link{Path: "/diagnoses", Text: "Diagnose"}, Act: diagnosisweb.ReadReport},
	{Link: web.Link{Path: "/programmes", Text: "Transition"}, Act: transitionweb.See},
	{Link: web.Link{Path: "/coaching", Text: "Coaching"}, Act: transitionweb.Coach},
	{Link: web.Link{Path: "/actions", Text: "Actions"}, Act: transitionweb.See},
	{Link: web.Link{Path: "/practices", Text: "Practices"}, Act: transitionweb.Learn},
	{Link: web.Link{Path: "/goals", Text: "Goals"}, Act: org.SignedIn},
	{Link: web.Link{Path: "/scorecards", Text: "Scorecards"}, Act: strategyweb.ReadCard},
	{Link: web.Link{Path: "/timeline", Text: "Time line"}, Act: impactweb.ReadTimeline},
	{Link: web.Link{Path: "/learning", Text: "Learning"}, Act: org.SignedIn},
	{Link: web.Link{Path: "/effort", Text: "Effort"}, Act: effortweb.Read},
	{Link: web.Link{Path: "/effects", Text: "Effects"}, Act: impactweb.Read},
	{Link: web.Link{Path: "/themes", Text: "Themes"}, Act: diagnosisweb.ReadThemes},
	{Link: web.Link{Path: "/units", Text: "Organisation"}, Act: org.ReadStructure},
	{Link: web.Link{Path: "/roster", Text: "Roster"}, Act: org.ImportRoster},
	{Link: web.Link{Path: "/accounts", Text: "Accounts"}, Act: org.ManageAccounts},
	{Link: web.Link{Path: "/record", Text: "Record"}, Act: org.ReadRecord},
}

// Forms are small, files have a limit of their own; this is the largest body that
// is read at all.
const maxBody = 210 << 20

func (a *App) around(pages http.Handler) http.Handler {
	outer := http.NewServeMux()
	for pattern, h := range map[string]http.Handler{
		"GET /assets/": assets.Handler(),
		"GET /healthz": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) }),
		"GET /readyz":  http.HandlerFunc(a.ready),
		"GET /metrics": a.metrics.handler(),
	} {
		outer.Handle(pattern, h)
		a.routes = append(a.routes, web.Route{Pattern: pattern, Act: web.Public})
	}
	outer.Handle("/api/", web.Language(a.api))
	outer.Handle(orgweb.ScimBase+"/", web.Language(a.directory))
	outer.Handle("/", web.Language(pages))
	all := a.metrics.count(web.Guard(compress(outer), maxBody))
	if a.config.Proxied {
		all = web.Proxied(all)
	}
	return all
}

func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		http.Error(w, "the database does not answer, or takes no writes", http.StatusServiceUnavailable)
		return
	}
	w.Write([]byte("ready\n"))
}

// compress packs answers for browsers that take it, with a random few bytes more
// so that the size does not tell what is in them.
var compress = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1000), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		panic(err) // the options are ours
	}
	return wrap
}()
