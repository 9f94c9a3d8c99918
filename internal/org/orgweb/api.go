package orgweb

import (
	"context"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const scopeRead = "organisation:read"

// Offer adds the organisation's operations to the API.
func (p *Pages) Offer(a *rest.API) {
	op := func(path, name, summary string, act org.Act) rest.Operation {
		return rest.Operation{Method: "GET", Path: path, Act: string(act), Scope: scopeRead, Name: name, Summary: summary, Area: "Organisation"}
	}
	rest.Offer(a, op("/organisation", "get-organisation", "The organisation, and for whom the token speaks.", org.SignedIn), p.tellOrganisation)
	rest.Offer(a, op("/units", "list-units", "The units of a day, every unit before those under it.", org.ReadStructure), p.tellUnits)
	rest.Offer(a, op("/units/{unit}", "get-unit", "One unit of a day.", org.ReadStructure), p.tellUnit)
	rest.Offer(a, op("/people", "list-people", "The people at work on a day, by name.", org.ReadPeople), p.tellPeople)
	rest.Offer(a, op("/people/{person}", "get-person", "One person of a day.", org.ReadPeople), p.tellPerson)
	rest.Offer(a, op("/locations", "list-locations", "The locations of a day, with how many work there.", org.ReadPeople), p.tellLocations)
}

type organisationAnswer struct {
	Name      string   `json:"name"`
	ShortName string   `json:"short_name"`
	Language  string   `json:"language"`
	Zone      string   `json:"zone" doc:"time zone by its IANA name"`
	Today     string   `json:"today" format:"date"`
	Simulated bool     `json:"simulated,omitempty"`
	Owner     string   `json:"owner" doc:"name of the account that the token is of"`
	Scopes    []string `json:"scopes" nullable:"false"`
	Expires   string   `json:"expires" format:"date-time" doc:"until when the token holds"`
}

func (p *Pages) tellOrganisation(ctx context.Context, _ *rest.Nothing) (*organisationAnswer, error) {
	actor, token := web.From[org.Actor](ctx), web.From[org.Token](ctx)
	o, err := p.Store.Organisation(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	today, err := p.Store.Today(ctx, actor.Organisation)
	return &organisationAnswer{Name: o.Name, ShortName: o.Slug, Language: o.Language, Zone: o.Zone, Today: string(today), Simulated: o.Simulated, Owner: actor.Name, Scopes: token.Scopes, Expires: token.Expires.Format(time.RFC3339)}, err
}

type unitAnswer struct {
	ID     string  `json:"id"`
	Key    string  `json:"key" doc:"what the roster calls it"`
	Name   string  `json:"name"`
	Above  string  `json:"above,omitempty" doc:"id of the unit above"`
	Depth  int     `json:"depth" doc:"0 at the top"`
	People int     `json:"people" doc:"at work in it and under it"`
	FTE    float64 `json:"fte" doc:"of these"`
	Own    int     `json:"own" doc:"at work in the unit itself"`
}

func unitOf(n org.Node) unitAnswer {
	return unitAnswer{ID: n.ID, Key: n.Key, Name: n.Name, Above: n.Parent.ID, Depth: n.Depth, People: n.Total.People, FTE: n.Total.FTE(), Own: n.Own.People}
}

// OfDay is of which day of the roster something is asked.
type OfDay struct {
	Day string `query:"day" doc:"a day, such as 2026-01-31; today where it is left out"`
}

func (p *Pages) tellUnits(ctx context.Context, in *struct {
	OfDay
	rest.Page
}) (*rest.List[unitAnswer], error) {
	s, err := p.sight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	var all []unitAnswer
	for _, top := range s.tops() {
		for _, n := range s.Subtree(top) {
			all = append(all, unitOf(n))
		}
	}
	return rest.Of(in.Page, all), nil
}

func (p *Pages) tellUnit(ctx context.Context, in *struct {
	OfDay
	Unit string `path:"unit" doc:"its id"`
}) (*unitAnswer, error) {
	s, err := p.sight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	i, there := s.Find(in.Unit)
	if !there || !s.may(org.ReadStructure, i) {
		return nil, fault.NotFoundf("there is no such unit")
	}
	one := unitOf(s.Units[i])
	return &one, nil
}

type personAnswer struct {
	ID         string            `json:"id"`
	Key        string            `json:"key" doc:"the roster's number"`
	Name       string            `json:"name"`
	Mail       string            `json:"mail,omitempty"`
	Unit       string            `json:"unit" doc:"id"`
	Location   string            `json:"location,omitempty" doc:"name"`
	Partner    string            `json:"partner,omitempty" doc:"name"`
	Level      string            `json:"level,omitempty"`
	Manager    string            `json:"manager,omitempty" doc:"number of the person reported to"`
	FTE        float64           `json:"fte"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

func personOf(p org.Person) personAnswer {
	return personAnswer{ID: p.ID, Key: p.Key, Name: p.Name, Mail: p.Mail, Unit: p.Unit.ID, Location: p.Location.Name, Partner: p.Partner.Name, Level: string(p.Level), Manager: p.Manager.Key, FTE: p.FTE, Attributes: p.Attributes}
}

func (p *Pages) tellPeople(ctx context.Context, in *struct {
	OfDay
	rest.Page
	Unit string `query:"unit" doc:"id of the unit they work in, not under it; needed by who reads a part of the organisation"`
}) (*rest.List[personAnswer], error) {
	s, err := p.sight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	if in.Unit == "" && !p.Permits.May(s.actor, org.ReadPeople, org.Place{}) {
		return nil, fault.Fieldf("unit", "name a unit whose people you may read")
	}
	if in.Unit != "" && !s.mayRead(in.Unit, "") {
		return nil, fault.NotFoundf("there is no such unit")
	}
	people, err := p.Store.People(ctx, s.actor.Organisation, orgdb.PeopleQuery{Day: s.Day, Unit: in.Unit, Offset: in.Offset, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	l := &rest.List[personAnswer]{Items: []personAnswer{}}
	for n, one := range people {
		if n == in.Limit {
			l.Next = in.Offset + in.Limit
			break
		}
		l.Items = append(l.Items, personOf(one))
	}
	return l, nil
}

func (p *Pages) tellPerson(ctx context.Context, in *struct {
	OfDay
	Person string `path:"person" doc:"its id"`
}) (*personAnswer, error) {
	s, err := p.sight(rest.Request(ctx))
	if err != nil {
		return nil, err
	}
	one, err := p.Store.Person(ctx, s.actor.Organisation, in.Person, s.Day)
	if fault.KindOf(err) == fault.NotFound || err == nil && !s.mayRead(one.Unit.ID, one.Partner.ID) {
		return nil, fault.NotFoundf("there is no such person, or not for you")
	}
	if err != nil {
		return nil, err
	}
	told := personOf(one)
	return &told, nil
}

type locationAnswer struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Country string  `json:"country,omitempty"`
	People  int     `json:"people"`
	FTE     float64 `json:"fte"`
}

func (p *Pages) tellLocations(ctx context.Context, in *struct {
	OfDay
	rest.Page
}) (*rest.List[locationAnswer], error) {
	actor := web.From[org.Actor](ctx)
	if !p.Permits.May(actor, org.ReadPeople, org.Place{}) {
		return nil, fault.NotFoundf("there is no such page, or it is not for you")
	}
	day, err := period.ParseDay(in.Day)
	if err == nil && day == "" {
		day, err = p.Store.Today(ctx, actor.Organisation)
	}
	if err != nil {
		return nil, err
	}
	places, err := p.Store.Locations(ctx, actor.Organisation, day)
	var all []locationAnswer
	for _, l := range places {
		all = append(all, locationAnswer{ID: l.ID, Name: l.Name, Country: l.Country, People: l.People, FTE: l.FTE()})
	}
	return rest.Of(in.Page, all), err
}
