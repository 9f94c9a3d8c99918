package orgweb

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

type personPage struct {
	*sight
	Person     org.Person
	Said       period.Day // the day of which the page tells
	Left       bool       // the person is not in the roster of the day asked for
	MayUnit    bool
	MayManager bool
	History    []orgdb.PersonVersion // as far as it may be read
}

func (p *Pages) person(w http.ResponseWriter, r *http.Request) error {
	s, err := p.sight(r)
	if err != nil {
		return err
	}
	id := r.PathValue("person")
	history, err := p.Store.PersonHistory(r.Context(), s.actor.Organisation, id)
	if err != nil {
		return err
	}
	page := personPage{sight: s}
	for _, v := range history {
		if s.mayRead(v.Unit.ID, v.Partner.ID) {
			page.History = append(page.History, v)
		}
	}
	if len(page.History) == 0 {
		return fault.NotFoundf("there is no such person, or the person is not for you")
	}
	page.Said, page.Left = sayDay(page.History, s.Day)
	if page.Person, err = p.Store.Person(r.Context(), s.actor.Organisation, id, page.Said); err != nil {
		return err
	}
	if i, ok := s.Find(page.Person.Unit.ID); ok {
		page.MayUnit = s.may(org.ReadStructure, i)
	}
	if boss := page.Person.Manager.ID; boss != "" {
		manager, err := p.Store.Person(r.Context(), s.actor.Organisation, boss, page.Said)
		if err != nil {
			return err
		}
		page.MayManager = s.mayRead(manager.Unit.ID, manager.Partner.ID)
	}
	return web.Page(w, r, http.StatusOK, personView(page))
}

// sayDay is the day of which a page tells that is asked for a day: the day
// itself, or, where nothing holds then, the first day of the newest version.
func sayDay(history []orgdb.PersonVersion, day period.Day) (said period.Day, left bool) {
	for _, v := range history {
		if v.Since <= day && day < v.Until {
			return day, false
		}
	}
	return history[0].Since, true
}

func attributes(p org.Person) []string { return slices.Sorted(maps.Keys(p.Attributes)) }

func levelName(ctx context.Context, l org.Level) string {
	if l == "" {
		return ""
	}
	return lang.T(ctx, l.Name())
}

// stay says from when until when something held.
func stay(ctx context.Context, since, until period.Day) string {
	if until == period.Open {
		return lang.T(ctx, "since %s", string(since))
	}
	return lang.T(ctx, "%s to %s", string(since), string(until.Add(-1)))
}

// summary says in a line where somebody worked.
func summary(ctx context.Context, p org.Person) string {
	words := []string{p.Unit.Name, levelName(ctx, p.Level), p.Location.Name, p.Partner.Name}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}
