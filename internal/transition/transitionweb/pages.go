// Package transitionweb holds the pages of the transition: programmes of leaders and coaches,
// who takes part, and who coaches whom. It parses, calls the store, renders.
package transitionweb

import (
	"context"
	_ "embed"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition/transitiondb"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// What the area's roles may do.
const (
	See      org.Act = "programme.see"      // that there are programmes, and what they work on
	Read     org.Act = "programme.read"     // who is in them, and who coaches whom
	Manage   org.Act = "programme.manage"   // begin, invite, plan
	Nominate org.Act = "programme.nominate" // people of the own part
	Coach    org.Act = "coach.own"          // the own groups
	Learn    org.Act = "practice.read"      // what was tried at work, and what came of it
	Confirm  org.Act = "programme.confirm"  // what members have learned to do
	Follow   org.Act = "action.read"        // what management teams and groups have decided to do
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	See:      {Roles: []org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive, org.Manager, org.Leader, org.Coach}},
	Read:     {Roles: []org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive}, Whole: true},
	Manage:   {Roles: []org.Role{org.ProgrammeManager}, Whole: true},
	Nominate: {Roles: []org.Role{org.ProgrammeManager, org.Manager}},
	Coach:    {Roles: []org.Role{org.Leader, org.Coach}},
	Learn:    {Roles: []org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive, org.Manager, org.Leader, org.Coach}},
	Follow:   {Roles: []org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive, org.Manager}},
	Confirm:  {Roles: []org.Role{org.ProgrammeManager, org.DiagnosisLead}, Whole: true},
}

// Pages are the pages of the transition.
type Pages struct {
	Store     *transitiondb.Store
	Diagnosis *diagnosisdb.Store
	Org       orgdb.Store
	Efforts   effortdb.Store
	Strategy  strategydb.Store
	Permits   org.Permits
	Works     *web.Works
	Public    string // address under which browsers reach the program
	Mails     bool   // a mail server is configured
	From      string // whose mails these are: a mail address
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	see, read, manage, nominate := string(See), string(Read), string(Manage), string(Nominate)
	return []web.Route{
		{Pattern: "GET /invited/{secret}", Act: web.Public, Handle: p.invitation},
		{Pattern: "POST /invited/{secret}", Act: web.Public, Handle: p.answer},

		{Pattern: "GET /session/{secret}", Act: web.Public, Handle: p.session},
		{Pattern: "POST /session/{secret}", Act: web.Public, Handle: p.changeSession},
		{Pattern: "GET /session/{secret}/calendar", Act: web.Public, Handle: p.calendarFile},
		{Pattern: "GET /calendar/{token}", Act: web.Public, Handle: p.feed},

		{Pattern: "GET /sessions", Act: string(org.SignedIn), Handle: p.mySessions},
		{Pattern: "POST /sessions/calendar", Act: string(org.SignedIn), Handle: p.keepFeed},
		{Pattern: "GET /sessions/{session}", Act: string(org.SignedIn), Handle: p.session},
		{Pattern: "POST /sessions/{session}", Act: string(org.SignedIn), Handle: p.changeSession},
		{Pattern: "GET /sessions/{session}/calendar", Act: string(org.SignedIn), Handle: p.calendarFile},
		{Pattern: "GET /sessions/{session}/edit", Act: string(org.SignedIn), Handle: p.editSession},
		{Pattern: "POST /sessions/{session}/edit", Act: string(org.SignedIn), Handle: p.saveSession},

		{Pattern: "GET /programmes", Act: see, Handle: p.list},
		{Pattern: "GET /programmes/new", Act: manage, Handle: p.newProgramme},
		{Pattern: "POST /programmes", Act: manage, Handle: p.saveProgramme},
		{Pattern: "GET /programmes/{programme}", Act: read, Handle: p.programme},
		{Pattern: "GET /programmes/{programme}/setup", Act: manage, Handle: p.setup},
		{Pattern: "POST /programmes/{programme}/setup", Act: manage, Handle: p.saveProgramme},
		{Pattern: "GET /programmes/{programme}/nominations", Act: nominate, Handle: p.nominations},
		{Pattern: "POST /programmes/{programme}/nominations", Act: nominate, Handle: p.nominate},
		{Pattern: "GET /programmes/{programme}/people", Act: read, Handle: p.people},
		{Pattern: "POST /programmes/{programme}/people", Act: manage, Handle: p.invite},
		{Pattern: "GET /programmes/{programme}/people/{member}", Act: read, Handle: p.member},
		{Pattern: "POST /programmes/{programme}/people/{member}", Act: manage, Handle: p.take},
		{Pattern: "POST /programmes/{programme}/people/{member}/place", Act: manage, Handle: p.place},
		{Pattern: "POST /programmes/{programme}/people/{member}/record", Act: string(Confirm), Handle: p.changeRecord},
		{Pattern: "GET /programmes/{programme}/expertise", Act: read, Handle: p.experts},
		{Pattern: "GET /programmes/{programme}/effort", Act: read, Handle: p.ledger},
		{Pattern: "GET /programmes/{programme}/sessions", Act: read, Handle: p.sessions},
		{Pattern: "GET /programmes/{programme}/sessions/new", Act: manage, Handle: p.newSession},
		{Pattern: "POST /programmes/{programme}/sessions", Act: manage, Handle: p.planSession},
		{Pattern: "GET /programmes/{programme}/locations", Act: read, Handle: p.location},
		{Pattern: "GET /programmes/{programme}/plan", Act: read, Handle: p.plan},
		{Pattern: "POST /programmes/{programme}/plan", Act: manage, Handle: p.changePlan},
		{Pattern: "POST /programmes/{programme}/plan/{group}", Act: manage, Handle: p.giveGroup},

		{Pattern: "GET /programmes/{programme}/focus", Act: read, Handle: p.focus},
		{Pattern: "GET /programmes/{programme}/spread", Act: read, Handle: p.spread},

		{Pattern: "GET /teams/{team}", Act: string(org.SignedIn), Handle: p.team},
		{Pattern: "POST /teams/{team}", Act: string(org.SignedIn), Handle: p.decide},
		{Pattern: "GET /groups/{group}", Act: string(org.SignedIn), Handle: p.team},
		{Pattern: "POST /groups/{group}", Act: string(org.SignedIn), Handle: p.decide},
		{Pattern: "GET /actions", Act: string(org.SignedIn), Handle: p.actions},
		{Pattern: "POST /actions/reminders", Act: string(org.SignedIn), Handle: p.keepNudges},
		{Pattern: "GET /actions/{action}", Act: string(org.SignedIn), Handle: p.action},
		{Pattern: "POST /actions/{action}", Act: string(org.SignedIn), Handle: p.changeAction},
		{Pattern: "GET /reminders/{secret}", Act: web.Public, Handle: p.nudged},
		{Pattern: "POST /reminders/{secret}", Act: web.Public, Handle: p.endNudges},
		{Pattern: "GET /ownership", Act: read, Handle: p.ownership},
		{Pattern: "POST /ownership", Act: string(Confirm), Handle: p.sayConduct},
		{Pattern: "GET /initiatives", Act: see, Handle: p.initiatives},
		{Pattern: "POST /initiatives", Act: manage, Handle: p.saveInitiative},
		{Pattern: "GET /initiatives/{initiative}", Act: string(org.SignedIn), Handle: p.initiative},
		{Pattern: "POST /initiatives/{initiative}", Act: string(org.SignedIn), Handle: p.saveInitiative},
		{Pattern: "POST /initiatives/{initiative}/starts", Act: string(org.SignedIn), Files: true, Handle: p.importStarts},

		{Pattern: "GET /practices", Act: string(Learn), Handle: p.practices},
		{Pattern: "POST /practices", Act: string(Coach), Handle: p.savePractice},
		{Pattern: "GET /practices/new", Act: string(Coach), Handle: p.newPractice},
		{Pattern: "GET /practices/questions", Act: string(Learn), Handle: p.questions},
		{Pattern: "POST /practices/questions", Act: string(Coach), Handle: p.askQuestion},
		{Pattern: "POST /practices/questions/removal", Act: manage, Handle: p.removeQuestion},
		{Pattern: "GET /practices/{practice}", Act: string(Learn), Handle: p.practice},
		{Pattern: "POST /practices/{practice}", Act: string(Coach), Handle: p.changePractice},
		{Pattern: "POST /practices/{practice}/removal", Act: manage, Handle: p.removePractice},
		{Pattern: "GET /practices/{practice}/edit", Act: string(Coach), Handle: p.editPractice},

		{Pattern: "GET /coaching", Act: string(Coach), Handle: p.coaching},
		{Pattern: "POST /coaching/hours", Act: string(Coach), Handle: p.keepCoached},
		{Pattern: "GET /coaching/{programme}/sessions/new", Act: string(Coach), Handle: p.ownSession},
		{Pattern: "POST /coaching/{programme}/sessions", Act: string(Coach), Handle: p.planOwn},
		{Pattern: "GET /coaching/record", Act: string(Coach), Handle: p.ownRecord},
		{Pattern: "POST /coaching/record", Act: string(Coach), Handle: p.keepOwnRecord},
	}
}

// Cards lists what waits for an actor: the next session, the own groups, and programmes that the actor can do
// something for.
func (p *Pages) Cards(ctx context.Context, a org.Actor) (cards []web.Card, err error) {
	if cards, err = p.sessionCard(ctx, a); err != nil {
		return nil, err
	}
	own, err := p.actionCard(ctx, a)
	if err != nil {
		return nil, err
	}
	if cards = append(cards, own...); p.Permits.MayAnywhere(a, Coach) {
		asked, others, err := p.Store.Waiting(ctx, a.Organisation, a.Person)
		switch {
		case err != nil:
			return nil, err
		case asked > 0:
			cards = append(cards, web.Card{Heading: lang.N(ctx, asked, "One question waits for you", "%d questions wait for you"), Text: lang.T(ctx, "Others have asked about what you shared."), Path: "/practices/questions", Action: lang.T(ctx, "Answer"), Now: web.Waits})
		case others > 0:
			cards = append(cards, web.Card{Heading: lang.N(ctx, others, "One question is open", "%d questions are open"), Text: lang.T(ctx, "Other leaders and coaches have asked something: perhaps you know."), Path: "/practices/questions", Action: lang.T(ctx, "Look")})
		}
	}
	if p.Permits.MayAnywhere(a, Coach) {
		cards = append(cards, web.Card{Heading: lang.T(ctx, "Your coaching"), Text: lang.T(ctx, "The people whom you look after."), Path: "/coaching", Action: lang.T(ctx, "Open it")})
	}
	if !p.Permits.MayAnywhere(a, Read) && !p.Permits.MayAnywhere(a, Nominate) {
		return cards, nil
	}
	all, err := p.Store.Programmes(ctx, a.Organisation)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		switch {
		case one.Closed:
		case p.Permits.MayAnywhere(a, Read):
			card := web.Card{Heading: one.Name, Text: kindText(ctx, one.Kind), Path: "/programmes/" + one.ID, Action: lang.T(ctx, "See how far it is")}
			if p.Permits.MayAnywhere(a, Manage) {
				if err := p.waits(ctx, a.Organisation, one, &card); err != nil {
					return nil, err
				}
			}
			cards = append(cards, card)
		default:
			cards = append(cards, web.Card{Heading: one.Name, Text: lang.T(ctx, "You can nominate people of your units."), Path: "/programmes/" + one.ID + "/nominations", Action: lang.T(ctx, "Nominate")})
		}
	}
	if len(all) == 0 && p.Permits.MayAnywhere(a, Manage) {
		cards = append(cards, web.Card{Heading: lang.T(ctx, "The first programme"), Text: lang.T(ctx, "Leaders or coaches carry the focal points of a diagnosis into the work."), Path: "/programmes/new", Action: lang.T(ctx, "Begin a programme"), Now: web.Waits, Unmailed: true})
	}
	return cards, nil
}
