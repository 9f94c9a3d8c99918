package learningweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// profile is the page of what somebody has beside what the own roles require.
type profile struct {
	learningdb.Development
	Side  org.Side // for whom the reader looks
	Own   bool     // the reader's
	Typed rateTyped
	Err   error
}

// rateTyped is a rating as it stands in the form.
type rateTyped struct{ Competency, Level, RatedBy, Day, Note string }

// ownDevelopment leads to the reader's own; who is not on the roster reads why there is none.
func (p *Pages) ownDevelopment(w http.ResponseWriter, r *http.Request) error {
	self, err := p.Org.Self(r.Context(), web.From[org.Actor](r.Context()))
	if fault.KindOf(err) == fault.NotFound {
		return web.Page(w, r, http.StatusOK, nobodyPage())
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/development/"+self.ID)
}

// development is for the person and the line manager.
func (p *Pages) development(w http.ResponseWriter, r *http.Request) error {
	return p.showDevelopment(w, r, profile{})
}

// side says for whom the reader looks at somebody's development; whoever is neither the person nor the
// line manager does not find it.
func (p *Pages) side(r *http.Request) (org.Side, error) {
	return p.sideOf(r.Context(), r.PathValue("person"))
}

func (p *Pages) sideOf(ctx context.Context, person string) (org.Side, error) {
	_, side, err := p.Org.Side(ctx, web.From[org.Actor](ctx), person)
	if err == nil && side == "" || fault.KindOf(err) == fault.NotFound {
		err = fault.NotFoundf("there is no such person, or not for you")
	}
	return side, err
}

func (p *Pages) showDevelopment(w http.ResponseWriter, r *http.Request, v profile) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	side, err := p.side(r)
	if err != nil {
		return err
	}
	v.Side, v.Own = side, side == org.ThePerson
	if v.Development, err = p.Store.Development(ctx, actor.Organisation, r.PathValue("person")); err != nil {
		return err
	}
	if done, err := web.Exported(w, r, v.title(ctx), v.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(v.Err), developmentPage(v))
}

// changeDevelopment takes ratings from the person or the line manager, or takes one back.
func (p *Pages) changeDevelopment(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, person := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("person")
	side, err := p.side(r)
	if err != nil {
		return err
	}
	typed := rateTyped{Competency: r.FormValue("competency"), Level: r.FormValue("level"), RatedBy: r.FormValue("rated-by"), Day: r.FormValue("day"), Note: r.FormValue("note")}
	switch do, what, _ := strings.Cut(r.FormValue("do"), " "); do {
	case "rate":
		err = p.rateAll(r, side)
	case "rate-one":
		err = p.rateOne(ctx, actor, person, side, typed)
	case "unrate":
		err = p.Store.Unrate(ctx, actor.Organisation, person, what, side)
	}
	if web.Retry(err) {
		return p.showDevelopment(w, r, profile{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/development/"+person)
}

// rateAll takes a level for each competency for which one is chosen, of today.
func (p *Pages) rateAll(r *http.Request, side org.Side) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	today, err := p.Org.Today(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	var given []learning.Rating
	for field, values := range r.PostForm {
		competency, is := strings.CutPrefix(field, "level-")
		if !is || len(values) == 0 || values[0] == "" {
			continue
		}
		level, err := strconv.Atoi(values[0])
		if err != nil {
			return fault.Fieldf("level", "choose a level that the framework has, or none of them")
		}
		given = append(given, learning.Rating{Person: r.PathValue("person"), Competency: competency, Level: level, RatedBy: learning.RatesAs(side)[0], Day: today, By: actor.Name})
	}
	if len(given) == 0 {
		return fault.Fieldf("level", "choose a level for at least one competency")
	}
	return p.Store.Rate(ctx, actor.Organisation, given...)
}

// rateOne takes one rating of any competency.
func (p *Pages) rateOne(ctx context.Context, actor org.Actor, person string, side org.Side, typed rateTyped) error {
	c, err := p.Store.Find(ctx, actor.Organisation, "", typed.Competency)
	if err != nil {
		return err
	}
	level, err := strconv.Atoi(typed.Level)
	if err != nil {
		return fault.Fieldf("level", "choose a level that the framework has, or none of them")
	}
	by := learning.RatedBy(typed.RatedBy)
	if may := learning.RatesAs(side); !slices.Contains(may, by) {
		by = may[0]
	}
	return p.Store.Rate(ctx, actor.Organisation, learning.Rating{Person: person, Competency: c.ID, Level: level, RatedBy: by, Day: period.Day(typed.Day), Note: typed.Note, By: actor.Name})
}

// people is the page of those who report to the reader.
func (p *Pages) people(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	all, err := p.Store.Reports(r.Context(), actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, peoplePage(all))
}

func (v profile) title(ctx context.Context) string {
	if v.Own {
		return lang.T(ctx, "Your development")
	}
	return lang.T(ctx, "Development of %s", v.Person.Title())
}

// missing counts gaps, and those of them that were seen.
func missing(gaps []learning.Gap) (all, seen int) {
	for _, g := range gaps {
		if g.Missing() > 0 {
			all++
			if g.Known() {
				seen++
			}
		}
	}
	return all, seen
}

func (v profile) heading(ctx context.Context) string {
	all, seen := missing(v.Gaps)
	switch {
	case len(v.Roles) == 0 && v.Own:
		return lang.T(ctx, "No role is yours yet.")
	case len(v.Roles) == 0:
		return lang.T(ctx, "%s has no role yet.", v.Person.Title())
	case len(v.Gaps) == 0:
		return lang.T(ctx, "%s: the role requires nothing yet.", v.roles())
	case all == 0:
		return lang.T(ctx, "Everything that the role requires is there.")
	case all == len(v.Gaps) && seen == 0:
		return lang.N(ctx, all, "Nobody has said yet how far the one competency is there that the role requires.", "Nobody has said yet how far the competencies are there that the role requires: %d of them.")
	case seen == 0:
		return lang.N(ctx, all, "What is rated is there; of one competency nobody has said it yet.", "What is rated is there; of %d competencies nobody has said it yet.")
	case seen == all:
		return lang.T(ctx, "Not there yet: %[1]d of %[2]d competencies that the role requires.", seen, len(v.Gaps))
	}
	return lang.T(ctx, "Not there yet: %[1]d of %[2]d competencies that the role requires; of %[3]d nobody has said it.", seen, len(v.Gaps), all-seen)
}

// roles is what the roles are called.
func (v profile) roles() string {
	var names []string
	for _, r := range v.Roles {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

func (v profile) name(competency string) string { return v.Competencies[competency].Name }

func (v profile) framework(competency string) learning.Framework {
	return v.Frameworks[v.Competencies[competency].Framework]
}

// own is the newest rating that the reader's side gave of a competency; -1 for none.
func (v profile) own(competency string) int {
	by := learning.RatesAs(v.Side)[0]
	n := slices.IndexFunc(v.Ratings, func(r learning.Rating) bool { return r.Competency == competency && r.RatedBy == by })
	if n < 0 {
		return -1
	}
	return v.Ratings[n].Level
}

// gapText says in words how far somebody is.
func (v profile) gapText(ctx context.Context, g learning.Gap) string {
	f := v.framework(g.Competency)
	need := lang.T(ctx, "needed: %s", levelText(ctx, f, g.Required))
	if g.Counted == nil {
		return lang.T(ctx, "not rated yet; %s", need)
	}
	return lang.T(ctx, "%[1]s; %[2]s", levelText(ctx, f, g.Has()), need)
}

func (v profile) countedText(ctx context.Context, g learning.Gap) string {
	if g.Counted == nil {
		return ""
	}
	return lang.T(ctx, "%[1]s, %[2]s", ratedByText(ctx, g.Counted.RatedBy), string(g.Counted.Day))
}

func (v profile) table(ctx context.Context) web.Table {
	t := web.Table{Name: v.title(ctx), Header: []string{lang.T(ctx, "Competency"), lang.T(ctx, "Required"), lang.T(ctx, "There"), lang.T(ctx, "Levels missing"), lang.T(ctx, "Weight"), lang.T(ctx, "What counts"), lang.T(ctx, "Role")}}
	for _, g := range v.Gaps {
		f := v.framework(g.Competency)
		row := []any{v.name(g.Competency), levelText(ctx, f, g.Required), lang.T(ctx, "not rated yet"), g.Missing(), essentialText(ctx, g.Essential), v.countedText(ctx, g), v.role(g.Role)}
		if g.Known() {
			row[2] = levelText(ctx, f, g.Has())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v profile) role(role string) string {
	n := slices.IndexFunc(v.Roles, func(r learning.Role) bool { return r.ID == role })
	if n < 0 {
		return ""
	}
	return v.Roles[n].Name
}

// others are ratings of competencies that no role of the person requires.
func (v profile) others() []learning.Rating {
	return slices.DeleteFunc(slices.Clone(v.Ratings), func(r learning.Rating) bool {
		return slices.ContainsFunc(v.Gaps, func(g learning.Gap) bool { return g.Competency == r.Competency })
	})
}

// day is the day that stands in the form.
func (v profile) day() string {
	if v.Typed.Day != "" {
		return v.Typed.Day
	}
	return string(v.Today)
}

// gapsText says in a line how far somebody is.
func gapsText(ctx context.Context, one learningdb.PersonGaps) string {
	all, seen := missing(one.Gaps)
	var parts []string
	for _, r := range one.Roles {
		parts = append(parts, r.Name)
	}
	switch {
	case len(one.Roles) == 0:
		parts = append(parts, lang.T(ctx, "no role yet"))
	case len(one.Gaps) == 0:
	case all == 0:
		parts = append(parts, lang.T(ctx, "everything is there"))
	default:
		parts = append(parts, lang.T(ctx, "%[1]d of %[2]d not there yet", seen, len(one.Gaps)))
		if all > seen {
			parts = append(parts, lang.N(ctx, all-seen, "one not rated", "%d not rated"))
		}
	}
	waiting := 0
	for _, i := range one.Items {
		if waits(i, org.TheManager) || i.Stage() == learning.Reported {
			waiting++
		}
	}
	switch {
	case waiting > 0:
		parts = append(parts, lang.N(ctx, waiting, "one item of the plan waits for you", "%d items of the plan wait for you"))
	case len(one.Items) > 0:
		parts = append(parts, lang.N(ctx, len(one.Items), "one item in the plan", "%d items in the plan"))
	default:
		parts = append(parts, lang.T(ctx, "no plan yet"))
	}
	return strings.Join(parts, " · ")
}
