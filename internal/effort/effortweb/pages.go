// Package effortweb holds the pages of the ledger of efforts. It parses, calls the store, renders.
package effortweb

import (
	"context"
	_ "embed"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// What the area's roles may do.
const (
	Read   org.Act = "effort.read"   // hours and costs of units
	Enter  org.Act = "effort.enter"  // by the form, for units
	Plan   org.Act = "effort.plan"   // what an initiative is meant to come to
	Manage org.Act = "effort.manage" // files, settings, changes of the learning function
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	Read:   {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}},
	Enter:  {Roles: []org.Role{org.HeadOfLearning, org.Manager}},
	Plan:   {Roles: []org.Role{org.HeadOfLearning, org.ProgrammeManager}, Whole: true},
	Manage: {Roles: []org.Role{org.HeadOfLearning}, Whole: true},
}

// Pages are the pages of the ledger.
type Pages struct {
	Store    effortdb.Store
	Org      orgdb.Store
	Strategy strategydb.Store
	Permits  org.Permits
	Works    *web.Works
	Follows  func(org.Actor) bool                                                 // says whether somebody may open every session and action
	Judged   func(ctx context.Context, organisation, change string) (bool, error) // says whether an effect is asked of a change
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	read, enter, manage := string(Read), string(Enter), string(Manage)
	return []web.Route{
		{Pattern: "GET /effort", Act: read, Handle: p.account},
		{Pattern: "GET /effort/split", Act: read, Handle: p.split},
		{Pattern: "GET /effort/efficiency", Act: read, Handle: p.efficiency},
		{Pattern: "POST /effort/efficiency/indicators", Act: manage, Handle: p.follow},

		{Pattern: "GET /effort/reports", Act: read, Handle: p.report},
		{Pattern: "POST /effort/reports/budget", Act: string(Plan), Handle: p.saveBudget},

		{Pattern: "GET /effort/entries", Act: read, Handle: p.entries},
		{Pattern: "POST /effort/entries", Act: enter, Handle: p.saveEntry},
		{Pattern: "GET /effort/entries/new", Act: enter, Handle: p.newEntry},
		{Pattern: "GET /effort/entries/{entry}", Act: enter, Handle: p.entry},
		{Pattern: "POST /effort/entries/{entry}", Act: enter, Handle: p.saveEntry},
		{Pattern: "POST /effort/entries/{entry}/deletion", Act: enter, Handle: p.deleteEntry},

		{Pattern: "GET /effort/import", Act: manage, Handle: p.importForm},
		{Pattern: "POST /effort/import", Act: manage, Files: true, Handle: p.importFile},
		{Pattern: "GET /effort/import/{feed}", Act: manage, Handle: p.feed},
		{Pattern: "POST /effort/import/{feed}/withdrawal", Act: manage, Handle: p.takeBack},

		{Pattern: "GET /effort/settings", Act: manage, Handle: p.settings},
		{Pattern: "POST /effort/settings", Act: manage, Handle: p.saveSetting},
		{Pattern: "POST /effort/settings/rates", Act: manage, Handle: p.saveRate},
		{Pattern: "POST /effort/settings/rates/deletion", Act: manage, Handle: p.deleteRate},

		{Pattern: "GET /effort/changes", Act: read, Handle: p.changes},
		{Pattern: "POST /effort/changes", Act: manage, Handle: p.saveChange},
		{Pattern: "GET /effort/changes/{change}", Act: manage, Handle: p.change},
		{Pattern: "POST /effort/changes/{change}", Act: manage, Handle: p.saveChange},
		{Pattern: "POST /effort/changes/{change}/deletion", Act: manage, Handle: p.deleteChange},
	}
}

// Cards lists what waits for an actor: the ledger's first hours.
func (p *Pages) Cards(ctx context.Context, a org.Actor) ([]web.Card, error) {
	if !p.Permits.MayAnywhere(a, Manage) {
		return nil, nil
	}
	today, err := p.Org.Today(ctx, a.Organisation)
	if err != nil {
		return nil, err
	}
	year := lastYear(today)
	months, err := p.Store.Tallies(ctx, a.Organisation, effort.Heading{Kind: effort.Whole}, year.From, period.Of(today, period.Monthly))
	if err != nil || len(months) > 0 {
		return nil, err
	}
	return []web.Card{{Heading: lang.T(ctx, "The first hours and costs"), Text: lang.T(ctx, "Say what was done, by whom and at what cost: the blend of learning and its costs are read from it."), Path: "/effort/import", Action: lang.T(ctx, "Import a file"), Now: web.Waits, Unmailed: true}}, nil
}
