// Package impactweb shows what came of what was done: estimates as pages, files and JSON.
package impactweb

import (
	_ "embed"

	"throughline/internal/impact/impactdb"
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
	Read   org.Act = "impact.read"   // what came of initiatives
	Plan   org.Act = "impact.plan"   // write down what is to be proved, and draw the order of a roll-out
	Export org.Act = "impact.export" // every unit's values behind an estimate

	Involved org.Act = "involvement.read" // what executives were seen to do
	Log      org.Act = "involvement.log"  // write it down for any of them

	ReadBoard     org.Act = "board.read"    // the one page of executives
	ReadTimeline  org.Act = "timeline.read" // what happened in a unit, what was promised and what came
	ReadProfile   org.Act = "profile.read"
	ManageProfile org.Act = "profile.manage" // evidence, the file by which it is scored, what is kept
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	Read:   {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}},
	Plan:   {Roles: []org.Role{org.HeadOfLearning, org.ProgrammeManager}, Whole: true},
	Export: {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.ProgrammeManager}, Whole: true},

	Involved: {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.ProgrammeManager}, Whole: true},
	Log:      {Roles: []org.Role{org.HeadOfLearning}, Whole: true},

	ReadBoard:     {Roles: []org.Role{org.Executive, org.HeadOfLearning, org.ProgrammeManager}, Whole: true},
	ReadTimeline:  {Roles: []org.Role{org.Manager, org.Executive, org.HeadOfLearning, org.ProgrammeManager, org.DiagnosisLead}},
	ReadProfile:   {Roles: []org.Role{org.HeadOfLearning, org.Executive, org.ProgrammeManager}, Whole: true},
	ManageProfile: {Roles: []org.Role{org.HeadOfLearning}, Whole: true},
}

// Pages are the area's pages.
type Pages struct {
	Store   impactdb.Store
	Org     orgdb.Store
	Permits org.Permits
	Works   *web.Works

	Scores   func(org.Actor) bool            // says whether somebody may read the released scores of every unit
	Figures  func(org.Actor, org.Place) bool // says whether somebody may read what was observed of a unit
	Accounts func(org.Actor) bool            // says whether somebody may read what everything has cost
	Begins   func(org.Actor) bool            // says whether somebody may begin an initiative
	Reports  func(org.Actor) bool            // says whether somebody opens the reports of diagnoses

	Sees       func(org.Actor) strategydb.Sees // says which scores of diagnoses somebody may see
	Acts       func(org.Actor, org.Place) bool // says whether somebody may read what management teams and groups decided
	Programmes func(org.Actor) bool            // says whether somebody opens initiatives
}

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	read, plan := string(Read), string(Plan)
	return []web.Route{
		{Pattern: "GET /effects", Act: read, Handle: p.effects},
		{Pattern: "POST /effects", Act: plan, Handle: p.saveEffect},
		{Pattern: "GET /effects/new", Act: plan, Handle: p.newEffect},
		{Pattern: "GET /effects/{effect}", Act: read, Handle: p.effect},
		{Pattern: "POST /effects/{effect}", Act: plan, Handle: p.saveEffect},
		{Pattern: "GET /effects/{effect}/plan", Act: plan, Handle: p.plan},
		{Pattern: "POST /effects/{effect}/estimate", Act: read, Handle: p.estimate},
		{Pattern: "POST /effects/{effect}/estimate/cancellation", Act: read, Handle: p.cancel},
		{Pattern: "POST /effects/{effect}/money", Act: plan, Handle: p.saveMoney},
		{Pattern: "POST /effects/{effect}/opinions", Act: plan, Handle: p.saveOpinion},
		{Pattern: "POST /effects/{effect}/opinions/{opinion}/deletion", Act: plan, Handle: p.deleteOpinion},
		{Pattern: "GET /effects/{effect}/data", Act: string(Export), Handle: p.export},
		{Pattern: "GET /rollouts/{initiative}", Act: plan, Handle: p.rollOut},
		{Pattern: "POST /rollouts/{initiative}", Act: plan, Handle: p.saveRollOut},

		{Pattern: "GET /timeline", Act: string(ReadTimeline), Handle: p.timelines},
		{Pattern: "GET /timeline/{unit}", Act: string(ReadTimeline), Handle: p.timeline},

		{Pattern: "GET /board", Act: string(ReadBoard), Handle: p.board},

		{Pattern: "GET /profile", Act: string(ReadProfile), Handle: p.profile},
		{Pattern: "POST /profile", Act: string(ManageProfile), Handle: p.keepProfile},
		{Pattern: "GET /profile/definition", Act: string(ReadProfile), Handle: p.definition},
		{Pattern: "POST /profile/definition", Act: string(ManageProfile), Files: true, Handle: p.saveDefinition},
		{Pattern: "GET /profile/parts/{part}", Act: string(ReadProfile), Handle: p.part},
		{Pattern: "POST /profile/parts/{part}/evidence", Act: string(ManageProfile), Handle: p.attach},
		{Pattern: "POST /profile/parts/{part}/evidence/{evidence}/deletion", Act: string(ManageProfile), Handle: p.detach},
		{Pattern: "POST /profile/parts/{part}/view", Act: string(ReadProfile), Handle: p.saveView},

		{Pattern: "GET /involvement", Act: string(Involved), Handle: p.involved},
		{Pattern: "GET /involvement/{person}", Act: string(org.SignedIn), Handle: p.executive},
		{Pattern: "POST /involvement/{person}", Act: string(org.SignedIn), Handle: p.saveAct},
		{Pattern: "POST /involvement/{person}/{act}/deletion", Act: string(org.SignedIn), Handle: p.deleteAct},
	}
}
