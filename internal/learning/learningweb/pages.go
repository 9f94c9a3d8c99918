// Package learningweb holds the pages of learning: competencies, roles and what people have of them.
// It parses, calls the store, renders.
package learningweb

import (
	"context"
	_ "embed"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// What the area's roles may do.
const (
	Manage org.Act = "learning.manage" // competencies, roles, which rating counts
	Assess org.Act = "learning.assess" // hand in what assessments found, of anybody

	ReadStrategy org.Act = "learning.strategy" // priorities and what serves what
	SignPlan     org.Act = "learning.sign"     // for a unit
)

// Permits is the area's table of acts and roles. Competencies and roles are read by everybody; what
// somebody has of them is for that person and the line manager.
var Permits = org.Permits{
	Manage: {Roles: []org.Role{org.HeadOfLearning}, Whole: true},
	Assess: {Roles: []org.Role{org.HeadOfLearning}, Whole: true},

	ReadStrategy: {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}},
	SignPlan:     {Roles: []org.Role{org.Executive, org.Manager}},
}

// Pages are the pages of learning.
type Pages struct {
	Store     learningdb.Store
	Efforts   effortdb.Store
	Diagnosis *diagnosisdb.Store
	Org       orgdb.Store
	Permits   org.Permits
	Works     *web.Works
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	read, manage := string(org.SignedIn), string(Manage)
	return []web.Route{
		{Pattern: "GET /learning", Act: read, Handle: p.home},
		{Pattern: "POST /learning/rule", Act: manage, Handle: p.setRule},

		{Pattern: "GET /learning/strategy", Act: string(ReadStrategy), Handle: p.strategy},
		{Pattern: "GET /learning/strategy/{unit}", Act: string(ReadStrategy), Handle: p.plan},
		{Pattern: "POST /learning/strategy/{unit}", Act: string(ReadStrategy), Handle: p.changePlan},
		{Pattern: "GET /learning/alignment", Act: string(ReadStrategy), Handle: p.alignment},

		{Pattern: "GET /competencies", Act: read, Handle: p.competencies},
		{Pattern: "GET /competencies/new", Act: manage, Handle: p.newCompetency},
		{Pattern: "POST /competencies", Act: manage, Handle: p.saveCompetency},
		{Pattern: "GET /competencies/import", Act: manage, Handle: p.importForm},
		{Pattern: "POST /competencies/import", Act: manage, Files: true, Handle: p.importFile},
		{Pattern: "GET /competencies/{competency}", Act: read, Handle: p.competency},
		{Pattern: "POST /competencies/{competency}", Act: manage, Handle: p.saveCompetency},
		{Pattern: "GET /frameworks/new", Act: manage, Handle: p.newFramework},
		{Pattern: "POST /frameworks", Act: manage, Handle: p.saveFramework},
		{Pattern: "GET /frameworks/{framework}", Act: manage, Handle: p.framework},
		{Pattern: "POST /frameworks/{framework}", Act: manage, Handle: p.saveFramework},

		{Pattern: "GET /roles", Act: read, Handle: p.roles},
		{Pattern: "GET /roles/new", Act: manage, Handle: p.newRole},
		{Pattern: "POST /roles", Act: manage, Handle: p.saveRole},
		{Pattern: "GET /roles/{role}", Act: read, Handle: p.role},
		{Pattern: "GET /roles/{role}/edit", Act: manage, Handle: p.editRole},
		{Pattern: "POST /roles/{role}", Act: manage, Handle: p.changeRole},

		{Pattern: "GET /resources", Act: read, Handle: p.resources},
		{Pattern: "GET /resources/new", Act: manage, Handle: p.newResource},
		{Pattern: "POST /resources", Act: manage, Handle: p.saveResource},
		{Pattern: "GET /resources/import", Act: manage, Handle: p.importResourcesForm},
		{Pattern: "POST /resources/import", Act: manage, Files: true, Handle: p.importResources},
		{Pattern: "GET /resources/{resource}", Act: read, Handle: p.resource},
		{Pattern: "GET /resources/{resource}/edit", Act: read, Handle: p.editResource},
		{Pattern: "POST /resources/{resource}", Act: read, Handle: p.changeResource},
		{Pattern: "GET /offerings", Act: read, Handle: p.coming},
		{Pattern: "GET /offerings/{offering}", Act: read, Handle: p.offering},
		{Pattern: "POST /offerings/{offering}", Act: read, Handle: p.changeOffering},
		{Pattern: "GET /requests", Act: read, Handle: p.requests},
		{Pattern: "POST /requests/{request}", Act: read, Handle: p.changeRequest},

		{Pattern: "GET /development", Act: read, Handle: p.ownDevelopment},
		{Pattern: "GET /development/people", Act: read, Handle: p.people},
		{Pattern: "GET /development/{person}", Act: read, Handle: p.development},
		{Pattern: "POST /development/{person}", Act: read, Handle: p.changeDevelopment},
		{Pattern: "GET /development/{person}/items/new", Act: read, Handle: p.newItem},
		{Pattern: "POST /development/{person}/items", Act: read, Handle: p.saveItem},
		{Pattern: "GET /development/{person}/items/{item}", Act: read, Handle: p.item},
		{Pattern: "GET /development/{person}/items/{item}/edit", Act: read, Handle: p.editItem},
		{Pattern: "POST /development/{person}/items/{item}", Act: read, Handle: p.changeItem},
	}
}

// Cards lists what waits for an actor: the own plan, and requests of people who report to them.
func (p *Pages) Cards(ctx context.Context, a org.Actor) (cards []web.Card, err error) {
	if a.Person == "" {
		return nil, nil
	}
	self, err := p.Org.Self(ctx, a)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := p.Store.Development(ctx, a.Organisation, self.ID)
	if err != nil {
		return nil, err
	}
	if card := (profile{Development: v}).waits(ctx); card.Now > web.WayIn {
		cards = append(cards, card)
	}
	if len(v.Gaps)+len(v.Items) > 0 {
		cards = append(cards, web.Card{Heading: lang.T(ctx, "Your development"), Text: profile{Development: v, Side: org.ThePerson, Own: true}.lead(ctx), Path: "/development", Action: lang.T(ctx, "Look")})
	}
	waiting, err := p.Store.RequestsOfPeople(ctx, a.Organisation, a.Person)
	if n := (requestList{People: waiting}).waits(); n > 0 {
		cards = append(cards, web.Card{Heading: lang.N(ctx, n, "One request waits for your yes.", "%d requests wait for your yes."), Text: lang.T(ctx, "Somebody of your people wants to learn by something: say yes or no."), Path: "/requests", Action: lang.T(ctx, "Look"), Now: web.Waits})
	}
	if err != nil {
		return nil, err
	}
	theirs, err := p.Store.ItemsOfPeople(ctx, a.Organisation, a.Person)
	n := 0
	for _, i := range theirs {
		if i.Stage() == learning.Reported || i.Stage() == learning.Proposed && i.Agreed.Manager.IsZero() {
			n++
		}
	}
	if n > 0 {
		cards = append(cards, web.Card{Heading: lang.N(ctx, n, "One plan of your people waits for your word", "%d items in plans of your people wait for your word"), Text: lang.T(ctx, "Agree to what they want to do, or confirm what they have done."), Path: "/development/people", Action: lang.T(ctx, "Look"), Now: web.Waits})
	}
	return cards, err
}

// waits is what the own plan needs of its owner: a yes to what the manager has written down, or a word on what should have
// been done; a way in where it needs nothing.
func (p profile) waits(ctx context.Context) (card web.Card) {
	asked, late := 0, 0
	for _, i := range p.Items {
		if i.Stage() == learning.Proposed && i.Agreed.Person.IsZero() {
			asked++
		}
		if i.Late(p.Today) {
			late++
		}
	}
	card = web.Card{Path: "/development", Action: lang.T(ctx, "Look")}
	switch {
	case late > 0:
		card.Heading, card.Text, card.Now = lang.N(ctx, late, "One item of your plan should have been done", "%d items of your plan should have been done"), lang.T(ctx, "Say what came of it, or choose another day together."), web.Late
	case asked > 0:
		card.Heading, card.Text, card.Now = lang.N(ctx, asked, "One item of your plan waits for your yes", "%d items of your plan wait for your yes"), lang.T(ctx, "Your manager has written it down: agree to it, or change it."), web.Waits
	}
	return card
}
