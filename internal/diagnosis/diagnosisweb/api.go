package diagnosisweb

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// Offer adds what diagnoses have found to the API. Each answer about a report is noted as seen.
func (p *Pages) Offer(a *rest.API) {
	op := func(path, name, summary string) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(ReadReport), Scope: "diagnosis:read", Name: name, Summary: summary, Area: "Diagnosis"}
	}
	rest.Offer(a, op("/diagnoses", "list-diagnoses", "The diagnoses that the token's owner leads or whose report is released to that person."), p.tellDiagnoses)
	rest.Offer(a, op("/diagnoses/{diagnosis}/report", "get-report", "What a published report says of the whole, what it asks, and how it counts."), p.tellReport)
	rest.Offer(a, op("/diagnoses/{diagnosis}/report/units", "list-report-units", "What it says of units, every unit before those under it."), p.tellReportUnits)
	rest.Offer(a, op("/diagnoses/{diagnosis}/report/groups", "list-report-groups", "What it says of groups by attributes, for who may read the whole."), p.tellReportGroups)
	rest.Offer(a, op("/diagnoses/{diagnosis}/report/focal-points", "list-focal-points", "The focal points that were decided."), p.tellFocal)
}

func (p *Pages) tellDiagnoses(ctx context.Context, in *struct{ rest.Page }) (*rest.List[listEntry], error) {
	seen, err := p.seen(ctx, web.From[org.Actor](ctx))
	return rest.Of(in.Page, listOf(seen)), err
}

// OfReport is of which diagnosis something is asked.
type OfReport struct {
	Diagnosis string `path:"diagnosis" doc:"its id"`
}

// saw notes that a part of a report was told to a program.
func (p *Pages) saw(ctx context.Context, rd *reading, page string) error {
	actor := web.From[org.Actor](ctx)
	return p.Store.Saw(ctx, actor.Organisation, rd.Diagnosis.ID, diagnosis.View{Account: actor.Account, Name: actor.Name, Page: "api/" + page})
}

type askedAnswer struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Of   []string `json:"characteristics,omitempty" doc:"of a factor: the ids of its characteristics"`
}

type reportAnswer struct {
	ID              string        `json:"id"`
	Name            string        `json:"name"`
	Closed          time.Time     `json:"closed"`
	Released        string        `json:"released" enum:"leads,executives,managers,everyone" doc:"to whom"`
	Minimum         int           `json:"minimum" doc:"people behind any figure"`
	ScaleMin        int           `json:"scale_min"`
	ScaleMax        int           `json:"scale_max"`
	Factors         []askedAnswer `json:"factors" nullable:"false"`
	Characteristics []askedAnswer `json:"characteristics" nullable:"false"`
	Whole           *unitEntry    `json:"whole,omitempty" doc:"of everybody; not there for who reads a part only"`
}

func (p *Pages) tellReport(ctx context.Context, _ *OfReport) (*reportAnswer, error) {
	rd, err := p.reading(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	if !rd.Whole && len(rd.roots()) == 0 && rd.home() == nil {
		return nil, fault.NotFoundf("there is no such page, or it is not for you")
	}
	told := &reportAnswer{ID: rd.Diagnosis.ID, Name: rd.Diagnosis.Name, Closed: rd.Diagnosis.ClosedAt, Released: cmp.Or(string(rd.Released), "leads"), Minimum: rd.Diagnosis.Minimum, ScaleMin: rd.Instrument.Scale.Min, ScaleMax: rd.Instrument.Scale.Max, Factors: []askedAnswer{}, Characteristics: []askedAnswer{}}
	for f, factor := range rd.Instrument.Factors {
		one := askedAnswer{ID: factor.ID, Name: rd.factor(f)}
		for _, i := range factor.Items {
			one.Of = append(one.Of, i.ID)
		}
		told.Factors = append(told.Factors, one)
	}
	for i, it := range rd.Instrument.Items() {
		told.Characteristics = append(told.Characteristics, askedAnswer{ID: it.ID, Name: rd.item(i)})
	}
	if rd.Whole {
		told.Whole = &rd.unitList([]int32{0})[0]
	}
	return told, p.saw(ctx, rd, "report")
}

func (p *Pages) tellReportUnits(ctx context.Context, in *struct {
	OfReport
	rest.Page
}) (*rest.List[unitEntry], error) {
	rd, err := p.reading(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	units := rest.Of(in.Page, rd.all())
	return &rest.List[unitEntry]{Items: rd.unitList(units.Items), Next: units.Next}, p.saw(ctx, rd, "units")
}

func (p *Pages) tellReportGroups(ctx context.Context, in *struct {
	OfReport
	rest.Page
}) (*rest.List[groupEntry], error) {
	rd, _, err := p.wholeReport(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	return rest.Of(in.Page, rd.groupList()), p.saw(ctx, rd, "groups")
}

func (p *Pages) tellFocal(ctx context.Context, _ *OfReport) (*rest.List[diagnosis.FocalPoint], error) {
	rd, err := p.reading(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	c, err := p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID)
	if err == nil && (c.Decided.IsZero() || !rd.Whole && len(rd.roots()) == 0) {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	if err != nil {
		return nil, err
	}
	return &rest.List[diagnosis.FocalPoint]{Items: append([]diagnosis.FocalPoint{}, c.Focal...)}, p.saw(ctx, rd, "focal-points")
}
