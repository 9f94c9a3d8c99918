package diagnosisweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// reading is a published report in the hands of somebody who may read all or a
// part of it.
type reading struct {
	*diagnosisdb.Published
	Path         string // of the report
	Tag          string // language of names
	Whole        bool   // may read everything
	Released     diagnosis.Release
	Earlier      []diagnosis.Diagnosis // that it can be compared with
	focalDecided bool                  // asked for who reads a part only

	organisation string
	Reference    *diagnosis.Reference // the newest for the instrument, nil where there is none
	sees         func(unit int32) bool
	partner      []string // names of the partners that may be read
}

// reading opens a report for the person who asks. Parts of it that the person's
// scope does not reach are not found.
func (p *Pages) reading(r *http.Request) (*reading, error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	d, err := p.Store.Diagnosis(ctx, actor.Organisation, r.PathValue("diagnosis"))
	if err != nil {
		return nil, err
	}
	if reads, err := p.reads(ctx, actor, d); err != nil || !reads {
		return nil, cmp.Or(err, fault.NotFoundf("there is no such page, or it is not for you"))
	}
	actor = d.Seen(actor)
	published, err := p.Store.Report(ctx, actor.Organisation, d.ID)
	if err != nil {
		return nil, err
	}
	rd := &reading{Published: published, Path: "/diagnoses/" + published.Diagnosis.ID + "/report", Tag: lang.Tag(ctx).String()}
	rd.organisation = actor.Organisation
	rd.Released = d.Released
	if rd.Earlier, err = p.earlierFor(ctx, actor, d); err != nil {
		return nil, err
	}
	rd.hideLinked()
	references, err := p.Store.References(ctx, actor.Organisation, published.Instrument.ID)
	if err != nil {
		return nil, err
	}
	if len(references) > 0 {
		rd.Reference = &references[0]
	}
	rd.Whole = p.Permits.May(actor, ReadReport, d.Place())
	rd.sees = func(u int32) bool {
		return p.Permits.May(actor, ReadReport, d.PlaceOf(published.Report.IDs(u)))
	}
	if !rd.Whole {
		chosen, err := p.Store.Focal(ctx, actor.Organisation, published.Diagnosis.ID)
		if err != nil {
			return nil, err
		}
		rd.focalDecided = !chosen.Decided.IsZero()
	}
	rd.partner, err = p.partners(ctx, actor, published)
	return rd, err
}

// hideLinked leaves out what the report says of the same people where the reader may not see
// the diagnosis before.
func (rd *reading) hideLinked() {
	l := rd.Report.Linked
	if l == nil || slices.ContainsFunc(rd.Earlier, func(e diagnosis.Diagnosis) bool { return e.ID == l.Since }) {
		return
	}
	report, published := *rd.Report, *rd.Published
	report.Linked, published.Report = nil, &report
	rd.Published = &published
}

// partners names the partners that an actor's scope is.
func (p *Pages) partners(ctx context.Context, actor org.Actor, published *diagnosisdb.Published) (names []string, err error) {
	var ids []string
	for _, s := range p.Permits.Scopes(actor, ReadReport) {
		if s.Kind == org.PartnerScope {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := p.Org.Partners(ctx, actor.Organisation, published.Diagnosis.RosterDay)
	for _, partner := range all {
		if slices.Contains(ids, partner.ID) {
			names = append(names, partner.Name)
		}
	}
	return names, err
}

// home is the group that the person's overview is about: the whole, else the own
// partner; nil when it is a unit.
func (rd *reading) home() *diagnosis.ReportGroup {
	if rd.Whole {
		return &rd.Report.Groups[0]
	}
	table := rd.Report.OneWay(diagnosisdb.Partner)
	if table < 0 || len(rd.partner) == 0 {
		return nil
	}
	for _, g := range rd.Report.Of(table) {
		if rd.Report.Label(g) == rd.partner[0] {
			return g
		}
	}
	return nil
}

// roots are the uppermost units that the person may read.
func (rd *reading) roots() (units []int32) {
	for u := range rd.Report.Units {
		parent := rd.Report.Units[u].Parent
		if rd.sees(int32(u)) && (parent < 0 || !rd.sees(parent)) {
			units = append(units, int32(u))
		}
	}
	return units
}

// below lists the units right below one, those that the person may read.
func (rd *reading) below(unit int32) (units []int32) {
	for u := range rd.Report.Units {
		if rd.Report.Units[u].Parent == unit && rd.sees(int32(u)) {
			units = append(units, int32(u))
		}
	}
	return units
}

// only reports pages that are about the whole to those who may read a part.
func (rd *reading) only() error {
	if !rd.Whole {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	return nil
}

// tab is an entry of the report's own navigation.
type tab struct{ Path, Text string }

func (rd *reading) tabs(ctx context.Context) []tab {
	if !rd.Whole {
		tabs := []tab{{rd.Path, lang.T(ctx, "Overview")}, {rd.Path + "/units", lang.T(ctx, "Units")}}
		if len(rd.Earlier) > 0 && len(rd.roots()) > 0 {
			tabs = append(tabs, tab{rd.Path + "/change", lang.T(ctx, "Change")})
		}
		if len(rd.Instrument.Questions) > 0 && len(rd.roots()) > 0 {
			tabs = append(tabs, tab{rd.Path + "/comments", lang.T(ctx, "Comments")})
		}
		if rd.focalDecided && len(rd.roots()) > 0 {
			tabs = append(tabs, tab{rd.Path + "/focal-points", lang.T(ctx, "Focal points")})
		}
		return tabs
	}
	tabs := []tab{
		{rd.Path, lang.T(ctx, "Overview")},
		{rd.Path + "/units", lang.T(ctx, "Units")},
		{rd.Path + "/characteristics", lang.T(ctx, "Characteristics")},
		{rd.Path + "/groups", lang.T(ctx, "Levels and groups")},
		{rd.Path + "/focal-points", lang.T(ctx, "Focal points")},
		{rd.Path + "/method", lang.T(ctx, "Method")},
	}
	if len(rd.Earlier) > 0 {
		tabs = slices.Insert(tabs, 1, tab{rd.Path + "/change", lang.T(ctx, "Change")})
	}
	if len(rd.Report.Drivings) > 0 {
		tabs = slices.Insert(tabs, len(tabs)-2, tab{rd.Path + "/outcomes", lang.T(ctx, "Outcomes")})
	}
	if len(rd.Instrument.Questions) > 0 {
		tabs = slices.Insert(tabs, len(tabs)-2, tab{rd.Path + "/comments", lang.T(ctx, "Comments")})
	}
	return tabs
}

func (rd *reading) factor(f int) string { return rd.Instrument.Factors[f].Name.In(rd.Tag) }

func (rd *reading) item(i int) string { return rd.Instrument.Items()[i].Name.In(rd.Tag) }

// outcome names an outcome by its id.
func (rd *reading) outcome(id string) string {
	for i, it := range rd.Instrument.Items() {
		if it.ID == id {
			return rd.item(i)
		}
	}
	return id
}

// score of a factor in a group; nil where it is withheld.
func factorScore(g *diagnosis.ReportGroup, f int) *diagnosis.Score {
	if g == nil || f >= len(g.Factors) {
		return nil
	}
	return g.Factors[f]
}

func itemScore(g *diagnosis.ReportGroup, i int) *diagnosis.Score {
	if g == nil || i >= len(g.Items) {
		return nil
	}
	return g.Items[i]
}
