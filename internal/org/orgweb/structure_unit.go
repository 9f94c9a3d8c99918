package orgweb

import (
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

type unitPage struct {
	*sight
	At        int
	Above     []int // indexes from the root down that may be seen
	Places    []org.LocationCount
	Groups    []org.StaffGroup
	Teams     []org.ManagementTeam
	MayPeople bool
	People    peoplePage
}

func (u unitPage) unit() org.Node { return u.Units[u.At] }

// peoplePage is a part of a list of people; From counts from 0.
type peoplePage struct {
	*sight
	Path   string
	People []org.Person
	From   int
	More   bool
}

const peopleOnPage = 50

func (p *Pages) unit(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	at, ok := s.Find(r.PathValue("unit"))
	if !ok || !s.may(org.ReadStructure, at) {
		return fault.NotFoundf("there is no such unit on %s, or it is not for you", string(s.Day))
	}
	page := unitPage{sight: s, At: at, MayPeople: s.may(org.ReadPeople, at)}
	for _, above := range s.Path(at) {
		if i, ok := s.Find(above.ID); ok && i != at && s.may(org.ReadStructure, i) {
			page.Above = append(page.Above, i)
		}
	}
	if page.Places, err = p.placesOf(r, s, at); err != nil {
		return err
	}
	unit := s.Units[at].ID
	if page.Groups, err = p.Store.Groups(r.Context(), s.actor.Organisation, unit, s.Day); err != nil {
		return err
	}
	if page.MayPeople {
		if page.Teams, err = p.Store.Teams(r.Context(), s.actor.Organisation, unit, s.Day); err != nil {
			return err
		}
		if page.People, err = p.people(r, s, orgdb.PeopleQuery{Unit: unit}); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, unitView(page))
}

// people returns the part of a list that ?from= asks for.
func (p *Pages) people(r *http.Request, s *sight, q orgdb.PeopleQuery) (page peoplePage, err error) {
	page = peoplePage{sight: s, Path: r.URL.Path, From: max(0, web.Number(r, "from", 0))}
	q.Day, q.Offset, q.Limit = s.Day, page.From, peopleOnPage+1
	page.People, err = p.Store.People(r.Context(), s.actor.Organisation, q)
	if page.More = len(page.People) > peopleOnPage; page.More {
		page.People = page.People[:peopleOnPage]
	}
	return page, err
}

type partnerPage struct {
	org.Partner
	People peoplePage
}

func (p *Pages) partner(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	partners, err := p.Store.Partners(r.Context(), s.actor.Organisation, s.Day)
	if err != nil {
		return err
	}
	for _, partner := range partners {
		if partner.ID == r.PathValue("partner") && s.mayRead("", partner.ID) {
			people, err := p.people(r, s, orgdb.PeopleQuery{Partner: partner.ID})
			if err != nil {
				return err
			}
			return web.Page(w, r, http.StatusOK, partnerView(partnerPage{partner, people}))
		}
	}
	return fault.NotFoundf("there is no such partner on %s, or it is not for you", string(s.Day))
}
