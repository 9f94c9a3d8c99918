// Package strategyweb holds the pages of indicators and scorecards. It parses, calls the store,
// renders.
package strategyweb

import (
	"context"
	_ "embed"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
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
	ReadCard  org.Act = "scorecard.read"     // figures of units
	Observe   org.Act = "observation.enter"  // values, plans, targets and notes of units
	Define    org.Act = "indicator.define"   // what is measured
	Import    org.Act = "observation.import" // files that speak of any unit
	ReadScore org.Act = "score.read"         // what diagnoses found, as far as it is released
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	ReadCard:  {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}},
	Observe:   {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager}},
	Define:    {Roles: []org.Role{org.HeadOfLearning, org.Executive}, Whole: true},
	Import:    {Roles: []org.Role{org.HeadOfLearning, org.Executive}, Whole: true},
	ReadScore: {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.DiagnosisLead}},
}

// Pages are the pages of the strategy.
type Pages struct {
	Store     strategydb.Store
	Diagnosis *diagnosisdb.Store
	Org       orgdb.Store
	Permits   org.Permits
	Works     *web.Works
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	read, observe, define := string(ReadCard), string(Observe), string(Define)
	return []web.Route{
		{Pattern: "GET /scorecards", Act: read, Handle: p.cards},
		{Pattern: "GET /scorecards/{unit}", Act: read, Handle: p.card},
		{Pattern: "POST /scorecards/{unit}/notes", Act: observe, Handle: p.addNote},
		{Pattern: "POST /scorecards/{unit}/notes/{note}/deletion", Act: observe, Handle: p.deleteNote},
		{Pattern: "GET /scorecards/{unit}/{indicator}", Act: read, Handle: p.sheet},
		{Pattern: "POST /scorecards/{unit}/{indicator}", Act: observe, Handle: p.enter},

		{Pattern: "GET /indicators", Act: read, Handle: p.indicators},
		{Pattern: "GET /indicators/new", Act: define, Handle: p.newIndicator},
		{Pattern: "POST /indicators", Act: define, Handle: p.saveIndicator},
		{Pattern: "POST /indicators/shipped", Act: define, Handle: p.takeShipped},
		{Pattern: "GET /indicators/{indicator}", Act: read, Handle: p.indicator},
		{Pattern: "POST /indicators/{indicator}", Act: define, Handle: p.saveIndicator},

		{Pattern: "GET /observations", Act: string(Import), Handle: p.importForm},
		{Pattern: "POST /observations", Act: string(Import), Files: true, Handle: p.importFile},
	}
}

// Cards lists what waits for an actor: the scorecard of the own unit.
func (p *Pages) Cards(ctx context.Context, a org.Actor) ([]web.Card, error) {
	if !p.Permits.MayAnywhere(a, ReadCard) {
		return nil, nil
	}
	all, err := p.Store.Indicators(ctx, a.Organisation)
	switch {
	case err != nil:
		return nil, err
	case len(all) > 0:
		return []web.Card{{Heading: lang.T(ctx, "Scorecard"), Text: lang.T(ctx, "What was planned, what has come, and where the year will end."), Path: "/scorecards", Action: lang.T(ctx, "Open it")}}, nil
	case p.Permits.MayAnywhere(a, Define):
		return []web.Card{{Heading: lang.T(ctx, "The first indicators"), Text: lang.T(ctx, "Say what shall be measured: a scorecard, and later every effect, is read from it."), Path: "/indicators", Action: lang.T(ctx, "Choose indicators")}}, nil
	}
	return nil, nil
}
