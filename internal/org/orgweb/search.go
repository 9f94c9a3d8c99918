package orgweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const mostFound = 50

type searchPage struct {
	*sight
	Text  string
	Found orgdb.Found
}

// search looks for units and for people apart, because who may see a unit may
// not always see its people.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	page := searchPage{sight: s, Text: strings.TrimSpace(r.URL.Query().Get("q"))}
	page.Found, err = p.Store.Search(r.Context(), s.actor.Organisation, orgdb.SearchQuery{Day: s.Day, Text: page.Text, Limit: mostFound,
		Unit: func(unit string) bool {
			i, ok := s.Find(unit)
			return ok && s.may(org.ReadStructure, i)
		},
		Person: s.mayRead,
		Units:  !s.permits.MayAnywhere(s.actor, org.ReadPeople),
	})
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, searchView(page))
}

func (p searchPage) heading(ctx context.Context) string {
	n := len(p.Found.Units) + len(p.Found.People)
	switch {
	case p.Text == "":
		return lang.T(ctx, "What do you look for?")
	case n == 0:
		return lang.T(ctx, "Nothing is called “%s”.", p.Text)
	case p.Found.More:
		return lang.T(ctx, "More than %d are called “%s”.", n, p.Text)
	}
	return lang.N(ctx, n, "One is found", "%d are found")
}
