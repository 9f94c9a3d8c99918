package orgweb

import (
	"context"
	"net/http"
	"slices"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// placesOf returns where the people of the subtrees work, by country and name.
func (p *Pages) placesOf(r *http.Request, s *sight, tops ...int) ([]org.LocationCount, error) {
	units := []string{}
	for _, top := range tops {
		if top == 0 { // the root
			units = nil
			break
		}
		for _, u := range s.Subtree(top) {
			if u.Own != (org.Headcount{}) {
				units = append(units, u.ID)
			}
		}
	}
	return p.Store.LocationsOf(r.Context(), s.actor.Organisation, s.Day, units)
}

// countPlaces counts the locations and countries that have a name.
func countPlaces(places []org.LocationCount) (locations, countries int) {
	for i, l := range places {
		if l.Name != "" {
			locations++
		}
		if l.Country != "" && (i == 0 || places[i-1].Country != l.Country) {
			countries++
		}
	}
	return locations, countries
}

func hasGroups(places []org.LocationCount) bool {
	return slices.ContainsFunc(places, func(l org.LocationCount) bool { return l.GroupFTE > 0 })
}

type locationsPage struct {
	*sight
	Imports   []period.Day
	Countries []country
	Locations int
	Known     int // of how many it is known where they lie
	MayImport bool
	Err       error
}

type country struct {
	Name      string // "" for none stated
	Total     org.Headcount
	Locations []org.LocationCount
}

func (p *Pages) locations(w http.ResponseWriter, r *http.Request) error {
	return p.showLocations(w, r, nil)
}

func (p *Pages) showLocations(w http.ResponseWriter, r *http.Request, mistake error) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	places, err := p.placesOf(r, s, s.tops()...)
	if err != nil {
		return err
	}
	page := locationsPage{sight: s, MayImport: p.Permits.May(s.actor, org.ImportRoster, org.Place{}), Err: mistake}
	if page.Imports, err = p.importDays(r); err != nil {
		return err
	}
	page.Locations, _ = countPlaces(places)
	for _, l := range places {
		if n := len(page.Countries); n == 0 || page.Countries[n-1].Name != l.Country {
			page.Countries = append(page.Countries, country{Name: l.Country})
		}
		c := &page.Countries[len(page.Countries)-1]
		c.Total = c.Total.Plus(l.Headcount)
		c.Locations = append(c.Locations, l)
	}
	where, err := p.Store.Where(r.Context(), s.actor.Organisation)
	if err != nil {
		return err
	}
	for _, l := range places {
		if where[l.Name].Known {
			page.Known++
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), locationsView(page))
}

// heads says a headcount: people, full-time equivalents where they differ, and
// staff groups.
func heads(ctx context.Context, h org.Headcount) string {
	text := lang.N(ctx, h.People, "1 person", "%d people")
	if h.People > 0 && h.PeopleFTE != float64(h.People) {
		text = lang.T(ctx, "%s (%s FTE)", text, number(ctx, h.PeopleFTE))
	}
	switch {
	case h.GroupFTE == 0:
		return text
	case h.People == 0:
		return lang.T(ctx, "%s FTE in staff groups", number(ctx, h.GroupFTE))
	}
	return lang.T(ctx, "%s and %s FTE in staff groups", text, number(ctx, h.GroupFTE))
}

const (
	wholeNumber = "%.0f"
	hundredths  = "%.2f"
)

// number writes a number with its hundredths, if it has any.
func number(ctx context.Context, n float64) string {
	if rounded := lang.T(ctx, hundredths, n); rounded != lang.T(ctx, hundredths, float64(int64(n))) {
		return rounded
	}
	return lang.T(ctx, wholeNumber, n)
}
