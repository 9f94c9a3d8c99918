// Package diagnosisweb holds the pages of diagnoses: setting one up, answering,
// and reading the published report. It parses, calls the store, renders.
package diagnosisweb

import (
	"context"
	_ "embed"
	"sync"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"

	"github.com/a-h/templ"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// What the area's roles may do.
const (
	Manage      org.Act = "diagnosis.manage"  // set up, open, close, hand out links: of the whole, or of the own part
	Instruments org.Act = "instrument.manage" // questionnaires and what figures are compared with
	ReadReport  org.Act = "report.read"
	ReadSummary org.Act = "summary.read" // what is released to everyone
	ReadViews   org.Act = "views.read"   // who saw what of a report
	ReadThemes  org.Act = "themes.read"  // what is known about the characteristics
	EditThemes  org.Act = "themes.edit"
)

// Permits is the area's table of acts and roles.
var Permits = org.Permits{
	Manage:      {Roles: []org.Role{org.DiagnosisLead}},
	Instruments: {Roles: []org.Role{org.DiagnosisLead}, Whole: true},
	ReadReport:  {Roles: []org.Role{org.DiagnosisLead, org.Manager, org.Executive}},
	ReadSummary: {Roles: org.Roles},
	ReadThemes:  {Roles: []org.Role{org.DiagnosisLead, org.ProgrammeManager, org.Leader, org.Coach, org.Manager, org.Executive}},
	EditThemes:  {Roles: []org.Role{org.DiagnosisLead, org.ProgrammeManager}, Whole: true},
	ReadViews:   {Roles: []org.Role{org.DiagnosisLead, org.PrivacyOfficer}, Whole: true},
}

// Pages are the diagnosis pages.
type Pages struct {
	Store   *diagnosisdb.Store
	Org     orgdb.Store
	Permits org.Permits
	Works   *web.Works
	Public  string // address under which browsers reach the program
	Mails   bool   // a mail server is configured
	Serves  []Serves

	sheets   sync.Map // what is told on an answering page -> web.Kept
	words    sync.Map // organisation/diagnosis -> words of its comments
	matchers sync.Map // languages of an instrument -> language.Matcher
}

// now is the moment by the store's clock.
func (p *Pages) now() time.Time {
	if p.Store.Now == nil {
		return time.Now()
	}
	return p.Store.Now()
}

// Serves draws what areas that build on diagnoses know of what was done about a focal point, as far
// as somebody may read it; nil for nothing.
type Serves func(ctx context.Context, actor org.Actor, diagnosisID string, f diagnosis.FocalPoint) (templ.Component, error)

// Routes lists the area's addresses.
func (p *Pages) Routes() []web.Route {
	manage, read := string(Manage), string(ReadReport)
	return []web.Route{
		{Pattern: "GET /r", Act: web.Public, Handle: p.code},
		{Pattern: "POST /r", Act: web.Public, Handle: p.byCode},
		{Pattern: "GET /r/{secret}", Act: web.Public, Handle: p.questionnaire},
		{Pattern: "POST /r/{secret}", Act: web.Public, Handle: p.submit},

		{Pattern: "GET /vote/{code}", Act: web.Public, Handle: p.ballot},
		{Pattern: "POST /vote/{code}", Act: web.Public, Handle: p.vote},

		{Pattern: "GET /diagnoses", Act: read, Handle: p.list},
		{Pattern: "GET /diagnoses/new", Act: manage, Handle: p.newDraft},
		{Pattern: "POST /diagnoses", Act: manage, Handle: p.draft},
		{Pattern: "GET /diagnoses/{diagnosis}", Act: manage, Handle: p.diagnosis},
		{Pattern: "POST /diagnoses/{diagnosis}", Act: manage, Handle: p.change},
		{Pattern: "GET /diagnoses/{diagnosis}/trial", Act: manage, Handle: p.trial},
		{Pattern: "POST /diagnoses/{diagnosis}/trial", Act: manage, Handle: p.beginTrial},
		{Pattern: "GET /diagnoses/{diagnosis}/forecast", Act: manage, Handle: p.forecast},
		{Pattern: "POST /diagnoses/{diagnosis}/opening", Act: manage, Handle: p.open},
		{Pattern: "GET /diagnoses/{diagnosis}/links", Act: manage, Handle: p.links},
		{Pattern: "GET /diagnoses/{diagnosis}/letters", Act: manage, Handle: p.letters},
		{Pattern: "GET /diagnoses/{diagnosis}/posters", Act: manage, Handle: p.posters},
		{Pattern: "GET /diagnoses/{diagnosis}/mail", Act: manage, Handle: p.mail},
		{Pattern: "POST /diagnoses/{diagnosis}/mail", Act: manage, Handle: p.planMail},
		{Pattern: "POST /diagnoses/{diagnosis}/mail/{mailing}/stop", Act: manage, Handle: p.stopMail},
		{Pattern: "POST /diagnoses/{diagnosis}/mail/{mailing}/{invitation}", Act: manage, Handle: p.settleMail},
		{Pattern: "GET /diagnoses/{diagnosis}/people", Act: manage, Handle: p.invitees},
		{Pattern: "POST /diagnoses/{diagnosis}/people", Act: manage, Handle: p.invite},
		{Pattern: "POST /diagnoses/{diagnosis}/people/{invitation}", Act: manage, Handle: p.attend},
		{Pattern: "POST /diagnoses/{diagnosis}/answers", Act: manage, Files: true, Handle: p.importAnswers},
		{Pattern: "POST /diagnoses/{diagnosis}/extension", Act: manage, Handle: p.extend},
		{Pattern: "POST /diagnoses/{diagnosis}/closure", Act: manage, Handle: p.close},

		{Pattern: "GET /diagnoses/{diagnosis}/report", Act: read, Handle: p.watched(p.overview)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/management", Act: read, Handle: p.watched(p.managementReport)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/kit", Act: read, Handle: p.watched(p.kit)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/release", Act: manage, Handle: p.release},
		{Pattern: "GET /diagnoses/{diagnosis}/report/views", Act: string(ReadViews), Handle: p.views},
		{Pattern: "GET /diagnoses/{diagnosis}/report/change", Act: read, Handle: p.watched(p.waves)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/units", Act: read, Handle: p.watched(p.units)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/units/{unit}", Act: read, Handle: p.watched(p.unit)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/units/{unit}/sheet", Act: read, Handle: p.watched(p.onePage)},
		{Pattern: "GET /diagnoses/{diagnosis}/summary", Act: string(ReadSummary), Handle: p.watched(p.summary)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/characteristics", Act: read, Handle: p.watched(p.characteristics)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/groups", Act: read, Handle: p.watched(p.groups)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/outcomes", Act: read, Handle: p.watched(p.outcomes)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/comments", Act: read, Handle: p.watched(p.comments)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/comments", Act: manage, Handle: p.groupComments},
		{Pattern: "GET /diagnoses/{diagnosis}/report/focal-points", Act: read, Handle: p.watched(p.focalPoints)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/focal-points", Act: manage, Handle: p.makeFocal},
		{Pattern: "GET /diagnoses/{diagnosis}/report/focal-points/minutes", Act: read, Handle: p.watched(p.minutes)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/focal-points/minutes", Act: manage, Handle: p.keepMinutes},
		{Pattern: "GET /diagnoses/{diagnosis}/report/focal-points/votes", Act: manage, Handle: p.watched(p.votes)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/focal-points/votes", Act: manage, Handle: p.keepVotes},
		{Pattern: "GET /diagnoses/{diagnosis}/report/focal-points/{focal}", Act: manage, Handle: p.watched(p.editFocal)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/focal-points/{focal}", Act: manage, Handle: p.saveFocal},
		{Pattern: "GET /diagnoses/{diagnosis}/report/interviews", Act: manage, Handle: p.watched(p.interviews)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/interviews", Act: manage, Handle: p.beginInterview},
		{Pattern: "GET /diagnoses/{diagnosis}/report/interviews/guide", Act: manage, Handle: p.watched(p.guide)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/interviews/{interview}", Act: manage, Handle: p.watched(p.interview)},
		{Pattern: "POST /diagnoses/{diagnosis}/report/interviews/{interview}", Act: manage, Handle: p.keepInterview},
		{Pattern: "POST /diagnoses/{diagnosis}/report/interviews/{interview}/notes", Act: manage, Handle: p.keepNote},
		{Pattern: "GET /diagnoses/{diagnosis}/report/promises", Act: read, Handle: p.watched(p.promises)},
		{Pattern: "GET /diagnoses/{diagnosis}/report/method", Act: read, Handle: p.watched(p.method)},

		{Pattern: "GET /themes", Act: string(ReadThemes), Handle: p.themes},
		{Pattern: "GET /themes/{item}", Act: string(ReadThemes), Handle: p.theme},
		{Pattern: "POST /themes/{item}", Act: string(EditThemes), Handle: p.keepTheme},

		{Pattern: "GET /instruments", Act: string(Instruments), Handle: p.instruments},
		{Pattern: "POST /instruments", Act: string(Instruments), Files: true, Handle: p.keepInstrument},
		{Pattern: "GET /instruments/{instrument}", Act: string(Instruments), Handle: p.instrument},
		{Pattern: "POST /instruments/{instrument}/references", Act: string(Instruments), Files: true, Handle: p.keepReference},
		{Pattern: "POST /instruments/{instrument}/references/{reference}/deletion", Act: string(Instruments), Files: true, Handle: p.dropReference},
	}
}

// reportCard leads to a report: who has never opened it should, and who leads the diagnosis should release it and have focal
// points chosen.
func (p *Pages) reportCard(ctx context.Context, a org.Actor, d diagnosis.Diagnosis, manages bool) (web.Card, error) {
	path := "/diagnoses/" + d.ID + "/report"
	card := web.Card{Heading: d.Name, Text: lang.T(ctx, "The report of this diagnosis stands."), Path: path, Action: lang.T(ctx, "Read the report")}
	opened, err := p.Store.Opened(ctx, a.Organisation, d.ID, a.Account)
	if err != nil {
		return card, err
	}
	if !opened {
		card.Text, card.Now = lang.T(ctx, "The report of this diagnosis stands, and you have not opened it yet."), web.Waits
		return card, nil
	}
	if !manages {
		return card, nil
	}
	if d.Released == diagnosis.ToLeads {
		card.Text, card.Path, card.Action, card.Now = lang.T(ctx, "Its report is released to nobody yet."), path, lang.T(ctx, "Release it"), web.Waits
		return card, nil
	}
	chosen, err := p.Store.Focal(ctx, a.Organisation, d.ID)
	if err == nil && chosen.Decided.IsZero() {
		card.Text, card.Path, card.Action, card.Now = lang.T(ctx, "Its focal points are not decided yet."), path+"/focal-points", lang.T(ctx, "Choose them"), web.Waits
	}
	return card, err
}

// Cards lists what waits for an actor: drafts and open diagnoses for who manages
// them, the newest report for who may read it.
func (p *Pages) Cards(ctx context.Context, a org.Actor) (cards []web.Card, err error) {
	all, err := p.Store.Diagnoses(ctx, a.Organisation)
	if err != nil {
		return nil, err
	}
	if !p.Permits.MayAnywhere(a, ReadReport) {
		for _, d := range all {
			if d.State == diagnosis.Closed && p.Permits.MayAnywhere(a, ReadViews) {
				cards = append(cards, web.Card{Heading: d.Name, Text: lang.T(ctx, "Who has seen the report of this diagnosis."), Path: "/diagnoses/" + d.ID + "/report/views", Action: lang.T(ctx, "Who saw what")})
			}
		}
		for _, d := range all {
			reads, err := p.readsSummary(ctx, a, d)
			if err != nil {
				return nil, err
			}
			if reads {
				cards = append(cards, web.Card{Heading: d.Name, Text: lang.T(ctx, "What all of you said together."), Path: "/diagnoses/" + d.ID + "/summary", Action: lang.T(ctx, "Read the summary")})
				break
			}
		}
		return cards, nil
	}
	reported := map[string]bool{} // by unit
	for _, d := range all {
		if d.Unit() != "" && p.Permits.May(a, ReadReport, org.Place{}) && !p.Permits.May(a, Manage, d.Place()) {
			continue // of a part: in the list of all
		}
		manages := p.Permits.May(a, Manage, d.Place())
		reads, err := p.reads(ctx, a, d)
		if err != nil {
			return nil, err
		}
		path := "/diagnoses/" + d.ID
		switch {
		case d.State == diagnosis.Draft && manages:
			cards = append(cards, web.Card{Heading: d.Name, Text: lang.T(ctx, "This diagnosis is being set up."), Path: path, Action: lang.T(ctx, "Go on"), Now: web.Waits})
		case d.State == diagnosis.Open && manages:
			cards = append(cards, web.Card{Heading: d.Name, Text: lang.T(ctx, "This diagnosis is open until %s.", until(ctx, d)), Path: path, Action: lang.T(ctx, "Watch the response")})
		case d.State == diagnosis.Closed && !reported[d.Unit()] && reads:
			reported[d.Unit()] = true
			card, err := p.reportCard(ctx, a, d, manages)
			if err != nil {
				return nil, err
			}
			cards = append(cards, card)
		}
	}
	if len(all) == 0 && p.Permits.MayAnywhere(a, Manage) {
		cards = append(cards, web.Card{Heading: lang.T(ctx, "The first diagnosis"), Text: lang.T(ctx, "With a roster imported, a diagnosis can be set up in a few minutes."), Path: "/diagnoses/new", Action: lang.T(ctx, "Set up a diagnosis"), Now: web.Waits, Unmailed: true})
	}
	return cards, nil
}
