package orgweb

import (
	"net/http"
	"net/url"

	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"

	"github.com/a-h/templ"
)

func (p *Pages) structureRoutes() []web.Route {
	read, people, roster := string(org.ReadStructure), string(org.ReadPeople), string(org.ImportRoster)
	return []web.Route{
		{Pattern: "GET /units", Act: read, Handle: p.units},
		{Pattern: "GET /units/{unit}", Act: read, Handle: p.unit},
		{Pattern: "GET /locations", Act: read, Handle: p.locations},
		{Pattern: "POST /locations", Act: string(org.ImportRoster), Files: true, Handle: p.keepWhere},
		{Pattern: "GET /search", Act: read, Handle: p.search},
		{Pattern: "GET /people/{person}", Act: people, Handle: p.person},
		{Pattern: "GET /partners/{partner}", Act: people, Handle: p.partner},
		{Pattern: "GET /roster", Act: roster, Handle: acting(p.roster)},
		{Pattern: "GET /roster/export", Act: roster, Handle: acting(p.exportRoster)},
		{Pattern: "POST /roster/imports/{import}/withdrawal", Act: roster, Handle: acting(p.takeBackRoster)},
		{Pattern: "POST /roster/files", Act: roster, Files: true, Handle: acting(p.upload)},
		{Pattern: "GET /roster/files/{upload}", Act: roster, Handle: acting(p.rosterMap)},
		{Pattern: "GET /roster/files/{upload}/map.yaml", Act: roster, Handle: acting(p.mapFile)},
		{Pattern: "POST /roster/files/{upload}/map", Act: roster, Handle: acting(p.setMap)},
		{Pattern: "GET /roster/files/{upload}/preview", Act: roster, Handle: acting(p.previewRoster)},
		{Pattern: "GET /roster/files/{upload}/errors.csv", Act: roster, Handle: acting(p.errorFile)},
		{Pattern: "POST /roster/files/{upload}/import", Act: roster, Handle: acting(p.importRoster)},
		{Pattern: "GET /roster/files/{upload}/import", Act: roster, Handle: acting(p.imported)},
		{Pattern: "POST /roster/files/{upload}/deletion", Act: roster, Handle: acting(p.deleteUpload)},
	}
}

// acting hands the actor to a handler.
func acting(next func(http.ResponseWriter, *http.Request, org.Actor) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return next(w, r, web.From[org.Actor](r.Context()))
	}
}

// sight is the organisation on a day as far as somebody may see it.
type sight struct {
	*org.Structure
	permits org.Permits
	actor   org.Actor
	today   period.Day
}

// sight reads the day from ?day=; without one it is today.
func (p *Pages) sight(r *http.Request) (*sight, error) {
	day, err := period.ParseDay(r.URL.Query().Get("day"))
	if err != nil {
		return nil, err
	}
	s := &sight{permits: p.Permits, actor: web.From[org.Actor](r.Context()), today: period.DayOf(p.now())}
	if day == "" {
		day = s.today
	}
	s.Structure, err = p.Store.Structure(r.Context(), s.actor.Organisation, day)
	return s, err
}

func (s *sight) place(i int) org.Place {
	var place org.Place
	for _, u := range s.Path(i) {
		place.Units = append(place.Units, u.ID)
	}
	return place
}

// may says whether the act is permitted at the unit at i.
func (s *sight) may(act org.Act, i int) bool { return s.permits.May(s.actor, act, s.place(i)) }

// mayRead says whether somebody of a unit and a partner may be read.
func (s *sight) mayRead(unit, partner string) bool {
	place := org.Place{Partner: partner}
	if i, ok := s.Find(unit); ok {
		place.Units = s.place(i).Units
	}
	return s.permits.May(s.actor, org.ReadPeople, place)
}

// tops returns the highest units that may be seen; all under them may be, too.
func (s *sight) tops() []int {
	var tops []int
	for i := 0; i < len(s.Units); {
		if s.may(org.ReadStructure, i) {
			tops = append(tops, i)
			i += s.Units[i].Size
		} else {
			i++
		}
	}
	return tops
}

// link leads to a page of the same day; more are pairs of name and value.
func (s *sight) link(path string, more ...string) templ.SafeURL {
	q := url.Values{}
	if s.Day != s.today {
		q.Set("day", string(s.Day))
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return templ.SafeURL(path)
}

// mostBranches is about how many units one page draws; deeper ones wait behind
// a unit's own page.
const mostBranches = 2000

type treePage struct {
	*sight
	Tops      []int
	Count     int
	Total     org.Headcount
	Locations int
	Countries int
	Deepest   int          // units under this depth are not drawn
	Imports   []period.Day // days from which an import holds, the newest first
	Partners  []org.Partner
}

func (p *Pages) units(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	page := treePage{sight: s, Tops: s.tops()}
	for _, top := range page.Tops {
		page.Count += s.Units[top].Size
		page.Total = page.Total.Plus(s.Units[top].Total)
	}
	page.Deepest = s.deepest(page.Tops)
	if page.Imports, err = p.importDays(r); err != nil {
		return err
	}
	places, err := p.placesOf(r, s, page.Tops...)
	if err != nil {
		return err
	}
	page.Locations, page.Countries = countPlaces(places)
	partners, err := p.Store.Partners(r.Context(), s.actor.Organisation, s.Day)
	if err != nil {
		return err
	}
	for _, partner := range partners {
		if s.mayRead("", partner.ID) {
			page.Partners = append(page.Partners, partner)
		}
	}
	return web.Page(w, r, http.StatusOK, unitsView(page))
}

// importDays returns the days from which an import holds, the newest first.
func (p *Pages) importDays(r *http.Request) ([]period.Day, error) {
	imports, err := p.Store.RosterImports(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	var days []period.Day
	for _, i := range imports {
		if n := len(days); !i.TakenBack && (n == 0 || days[n-1] != i.Day) {
			days = append(days, i.Day)
		}
	}
	return days, err
}

// deepest is the depth down to which the subtrees can be drawn on one page.
func (s *sight) deepest(tops []int) int {
	byDepth := map[int]int{}
	for _, top := range tops {
		for _, u := range s.Subtree(top) {
			byDepth[u.Depth]++
		}
	}
	drawn, depth := 0, 0
	for len(byDepth) > 0 {
		drawn += byDepth[depth]
		delete(byDepth, depth)
		if drawn > mostBranches {
			break
		}
		depth++
	}
	return depth
}
