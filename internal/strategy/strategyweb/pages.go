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
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/a-h/templ"
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
	SetGoals  org.Act = "goal.set"           // of units
	ReadScore org.Act = "score.read"         // what diagnoses found, as far as it is released
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	ReadCard:  {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}},
	Observe:   {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager}},
	Define:    {Roles: []org.Role{org.HeadOfLearning, org.Executive}, Whole: true},
	Import:    {Roles: []org.Role{org.HeadOfLearning, org.Executive}, Whole: true},
	SetGoals:  {Roles: []org.Role{org.Executive, org.Manager}},
	ReadScore: {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.DiagnosisLead}},
}

// Serves draws what an area above knows of what was done for a goal, as far as somebody may read it; nil
// where that is nothing.
type Serves func(ctx context.Context, actor org.Actor, g strategy.Goal) (templ.Component, error)

// Learns draws what of somebody's plan serves some goals, as far as somebody may read it.
type Learns func(ctx context.Context, actor org.Actor, person org.Person, goals []string) (templ.Component, error)

// Pages are the pages of the strategy.
type Pages struct {
	Store     strategydb.Store
	Diagnosis *diagnosisdb.Store
	Org       orgdb.Store
	Permits   org.Permits
	Works     *web.Works
	Serves    []Serves
	Learns    Learns // nil where there are no plans
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	read, observe, define := string(ReadCard), string(Observe), string(Define)
	return []web.Route{
		{Pattern: "GET /scorecards", Act: read, Handle: p.cards},
		{Pattern: "GET /scorecards/{unit}", Act: read, Handle: p.card},
		{Pattern: "POST /scorecards/{unit}/notes", Act: observe, Handle: p.addNote},
		{Pattern: "POST /scorecards/{unit}/notes/{note}/deletion", Act: observe, Handle: p.deleteNote},
		{Pattern: "POST /scorecards/{unit}/results", Act: observe, Handle: p.signOff},
		{Pattern: "GET /scorecards/{unit}/results/{signoff}", Act: read, Handle: p.signedOff},
		{Pattern: "POST /scorecards/learning/seat", Act: define, Handle: p.saySeat},
		{Pattern: "GET /scorecards/{unit}/{indicator}", Act: read, Handle: p.sheet},
		{Pattern: "POST /scorecards/{unit}/{indicator}", Act: observe, Handle: p.enter},

		{Pattern: "GET /indicators", Act: read, Handle: p.indicators},
		{Pattern: "GET /indicators/new", Act: define, Handle: p.newIndicator},
		{Pattern: "POST /indicators", Act: define, Handle: p.saveIndicator},
		{Pattern: "POST /indicators/shipped", Act: define, Handle: p.takeShipped},
		{Pattern: "GET /indicators/{indicator}", Act: read, Handle: p.indicator},
		{Pattern: "POST /indicators/{indicator}", Act: define, Handle: p.saveIndicator},
		{Pattern: "POST /indicators/{indicator}/publication", Act: define, Handle: p.publish},

		{Pattern: "GET /figures", Act: string(org.SignedIn), Handle: p.ownFigures},
		{Pattern: "GET /figures/{person}", Act: string(org.SignedIn), Handle: p.figures},
		{Pattern: "POST /figures/{person}", Act: string(org.SignedIn), Handle: p.enterFigure},

		{Pattern: "GET /goals", Act: string(org.SignedIn), Handle: p.goalHome},
		{Pattern: "POST /goals", Act: string(org.SignedIn), Handle: p.saveGoal},
		{Pattern: "GET /goals/new", Act: string(org.SignedIn), Handle: p.newGoal},
		{Pattern: "GET /goals/people", Act: string(org.SignedIn), Handle: p.peopleGoals},
		{Pattern: "GET /goals/units/{unit}", Act: string(org.SignedIn), Handle: p.unitGoals},
		{Pattern: "GET /goals/units/{unit}/orphans", Act: read, Handle: p.orphans},
		{Pattern: "GET /goals/{goal}", Act: string(org.SignedIn), Handle: p.goal},
		{Pattern: "POST /goals/{goal}", Act: string(org.SignedIn), Handle: p.changeGoal},
		{Pattern: "GET /line-of-sight", Act: string(org.SignedIn), Handle: p.ownSight},
		{Pattern: "GET /line-of-sight/{person}", Act: string(org.SignedIn), Handle: p.sight},

		{Pattern: "GET /observations", Act: string(Import), Handle: p.importForm},
		{Pattern: "POST /observations", Act: string(Import), Files: true, Handle: p.importFile},
	}
}

// Cards lists what waits for an actor: the scorecard of the own unit.
func (p *Pages) Cards(ctx context.Context, a org.Actor) ([]web.Card, error) {
	cards, err := p.goalCards(ctx, a)
	if err != nil || !p.Permits.MayAnywhere(a, ReadCard) {
		return cards, err
	}
	all, err := p.Store.Indicators(ctx, a.Organisation)
	switch {
	case err != nil:
		return nil, err
	case len(all) > 0:
		return append(cards, web.Card{Heading: lang.T(ctx, "Scorecard"), Text: lang.T(ctx, "What was planned, what has come, and where the year will end."), Path: "/scorecards", Action: lang.T(ctx, "Open it")}), nil
	case p.Permits.MayAnywhere(a, Define):
		return append(cards, web.Card{Heading: lang.T(ctx, "The first indicators"), Text: lang.T(ctx, "Say what shall be measured: a scorecard, and later every effect, is read from it."), Path: "/indicators", Action: lang.T(ctx, "Choose indicators"), Now: web.Waits, Unmailed: true}), nil
	}
	return cards, nil
}

// goalCards lists goals that wait for the reader's yes, and the own line of sight.
func (p *Pages) goalCards(ctx context.Context, a org.Actor) (cards []web.Card, err error) {
	if a.Person == "" {
		return nil, nil
	}
	w, err := p.Store.Waiting(ctx, a.Organisation, a.Person)
	if err != nil || !w.Any {
		return nil, err
	}
	if w.Own > 0 {
		cards = append(cards, web.Card{Heading: lang.N(ctx, w.Own, "A goal of yours waits for your yes", "%d goals of yours wait for your yes"), Text: lang.T(ctx, "Your manager has written it down: agree to it, or change it."), Path: "/goals/" + w.First, Action: lang.T(ctx, "Look"), Now: web.Waits})
	}
	if w.Others > 0 {
		cards = append(cards, web.Card{Heading: lang.N(ctx, w.Others, "A goal of your people waits for your yes", "%d goals of your people wait for your yes"), Text: lang.T(ctx, "They have written it down: agree to it, or change it together."), Path: "/goals/people", Action: lang.T(ctx, "Look"), Now: web.Waits})
	}
	return append(cards, web.Card{Heading: lang.T(ctx, "Your line of sight"), Text: lang.T(ctx, "From the goals of the whole to your own, one sentence for each step."), Path: "/line-of-sight", Action: lang.T(ctx, "Look")}), nil
}
