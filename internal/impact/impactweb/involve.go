package impactweb

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// shownQuarters are those of which involvement is told.
const shownQuarters = 5

// involvement is the page of all executives.
type involvement struct {
	effort.Involvement
	Asks map[string][]impact.Ask
}

func (p *Pages) involved(w http.ResponseWriter, r *http.Request) error {
	v, asks, err := p.Store.Involvement(r.Context(), web.From[org.Actor](r.Context()).Organisation, shownQuarters)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, involvementPage(involvement{v, asks}))
}

// heading is the quarter in a sentence.
func (v involvement) heading(ctx context.Context) string {
	all, active := len(v.Of), v.Active()
	switch {
	case all == 0:
		return lang.T(ctx, "Nobody in the roster is an executive.")
	case active == 0:
		return lang.N(ctx, all, "The one executive was not seen to take part this quarter.", "None of %d executives was seen to take part this quarter.")
	case active == all:
		return lang.N(ctx, all, "The one executive was seen to take part this quarter.", "All %d executives were seen to take part this quarter.")
	}
	return lang.T(ctx, "%[1]d of %[2]d executives were seen to take part this quarter.", active, all)
}

// shade is the class of a number of acts.
func shade(acts int) string {
	switch {
	case acts == 0:
		return "w"
	case acts == 1:
		return "n h0"
	case acts < 4:
		return "n h1"
	}
	return "n h2"
}

// reached is the table of how many people acts reached, by quarter.
func (v involvement) reached(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Quarter"), lang.T(ctx, "Acts"), lang.T(ctx, "People reached, as far as counted")}}
	for n, q := range v.Quarters {
		acts := 0
		for _, i := range v.Of {
			acts += i.Counts[n]
		}
		t.Rows = append(t.Rows, []any{periodName(ctx, string(q)), acts, v.Reach[n]})
	}
	return t
}

// actKindName is in what way somebody was involved.
func actKindName(ctx context.Context, k effort.ActKind) string {
	switch k {
	case effort.Statement:
		return lang.T(ctx, "Said in public what it is worth")
	case effort.Facilitated:
		return lang.T(ctx, "Facilitated")
	case effort.Spoke:
		return lang.T(ctx, "Spoke")
	case effort.TookPart:
		return lang.T(ctx, "Took part")
	case effort.Sponsored:
		return lang.T(ctx, "Sponsored")
	}
	return lang.T(ctx, "Learning objective in the own goals")
}

// asked is what is asked of some executives.
type asked struct{ What, Of string }

// asked are what is asked, each once with all of whom it is asked; of one first.
func (v involvement) asked(ctx context.Context) (all []asked) {
	of := map[string][]string{}
	var texts []string
	for _, i := range v.Of {
		for _, a := range v.Asks[i.Person.ID] {
			text := askText(ctx, a)
			if of[text] == nil {
				texts = append(texts, text)
			}
			of[text] = append(of[text], i.Person.Title())
		}
	}
	slices.SortStableFunc(texts, func(a, b string) int { return cmp.Compare(len(of[a]), len(of[b])) })
	for _, text := range texts {
		all = append(all, asked{text, strings.Join(of[text], ", ")})
	}
	return all
}

// askText is what is asked of an executive.
func askText(ctx context.Context, a impact.Ask) string {
	switch a.Kind {
	case impact.AskSession:
		name := a.Session.Name
		if name == "" {
			name = a.Session.Theme
		}
		if name == "" {
			name = lang.T(ctx, "a session")
		}
		return lang.T(ctx, "Open ‘%[1]s’ on %[2]s, %[3]s.", name, string(period.DayOf(a.Session.Starts)), where(ctx, a.Session))
	case impact.AskSupport:
		return lang.T(ctx, "Say to people why ‘%s’ matters: no executive has been seen to support it.", a.Initiative.Name)
	}
	return lang.T(ctx, "Put a learning objective among the own goals.")
}

func where(ctx context.Context, s transition.Session) string {
	if s.Place == "" {
		return lang.T(ctx, "led by %s", s.Host.Name)
	}
	return lang.T(ctx, "%[1]s, led by %[2]s", s.Place, s.Host.Name)
}

// executivePage is what one executive was seen to do.
type executivePage struct {
	effort.Involved
	Quarters    []period.Period
	Asks        []impact.Ask
	Initiatives []effort.Initiative // that go on
	Typed       effort.Act          // in the form
	Fields      url.Values          // as typed, where the form came back
	Own         bool                // the reader is the executive
	For         bool                // the reader acts for the executive
	Writes      bool
	Sees        bool // all of them
	Today       period.Day
	Err         error
}

// mayWrite says whether an actor may write down acts of somebody: the own ones, those of whom one is the assistant, or all.
func (p *Pages) mayWrite(actor org.Actor, person org.Person) bool {
	return actor.Person != "" && actor.Person == person.Key || actor.Assists(person.ID) || p.Permits.May(actor, Log, org.Place{})
}

// executivePage reads the page of an executive; not found for who may neither see all nor write down what that one does.
func (p *Pages) executivePage(r *http.Request) (e executivePage, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	v, asks, err := p.Store.Involvement(ctx, actor.Organisation, shownQuarters)
	if err != nil {
		return e, err
	}
	n := slices.IndexFunc(v.Of, func(i effort.Involved) bool { return i.Person.ID == r.PathValue("person") })
	e.Sees = p.Permits.May(actor, Involved, org.Place{})
	if n < 0 || !e.Sees && !p.mayWrite(actor, v.Of[n].Person) {
		return e, fault.NotFoundf("there is no such executive, or the page is not for you")
	}
	e.Involved, e.Quarters, e.Asks = v.Of[n], v.Quarters, asks[v.Of[n].Person.ID]
	e.Own, e.For, e.Writes = actor.Person != "" && actor.Person == e.Person.Key, actor.Assists(e.Person.ID), p.mayWrite(actor, e.Person)
	all, err := p.Store.Effort.Initiatives(ctx, actor.Organisation)
	for _, i := range all {
		if i.Ended == "" {
			e.Initiatives = append(e.Initiatives, i)
		}
	}
	if err == nil {
		e.Today, err = p.Org.Today(ctx, actor.Organisation)
	}
	e.Typed = effort.Act{ID: id.New(), Kind: effort.Spoke, Day: e.Today}
	return e, err
}

func (p *Pages) executive(w http.ResponseWriter, r *http.Request) error {
	e, err := p.executivePage(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, executiveView(e))
}

// saveAct writes an act down.
func (p *Pages) saveAct(w http.ResponseWriter, r *http.Request) error {
	e, err := p.executivePage(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	if !e.Writes {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	a := effort.Act{ID: r.FormValue("id"), Person: org.Ref{ID: e.Person.ID}, Kind: effort.ActKind(r.FormValue("kind")), Day: period.Day(r.FormValue("day")), What: r.FormValue("what"),
		Audience: r.FormValue("audience"), Reach: typedNumber(r, "reach", 0), Evidence: r.FormValue("evidence"), Minutes: typedNumber(r, "minutes", 0), Initiative: r.FormValue("initiative"), Account: actor.Account}
	err = p.Store.Effort.SaveAct(r.Context(), actor.Organisation, a, actor.Name)
	if web.Retry(err) {
		e.Typed, e.Fields, e.Err = a, r.PostForm, err
		return web.Page(w, r, web.StatusOf(err), executiveView(e))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/involvement/"+e.Person.ID)
}

func (p *Pages) deleteAct(w http.ResponseWriter, r *http.Request) error {
	e, err := p.executivePage(r)
	if err != nil {
		return err
	}
	if !e.Writes {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.Effort.DeleteAct(r.Context(), actor.Organisation, e.Person.ID, r.PathValue("act"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/involvement/"+e.Person.ID)
}

// heading is what the executive was seen to do, in a sentence.
func (e executivePage) heading(ctx context.Context) string {
	now := e.Counts[len(e.Counts)-1]
	if e.Own {
		if now == 0 {
			return lang.T(ctx, "You were not seen to take part this quarter yet.")
		}
		return lang.N(ctx, now, "You were seen to take part once this quarter.", "You were seen to take part %d times this quarter.")
	}
	if now == 0 {
		return lang.T(ctx, "%s was not seen to take part this quarter yet.", e.Person.Title())
	}
	if now == 1 {
		return lang.T(ctx, "%s was seen to take part once this quarter.", e.Person.Title())
	}
	return lang.T(ctx, "%[1]s was seen to take part %[2]d times this quarter.", e.Person.Title(), now)
}

// numberField is a number of the form, empty for 0.
func (e executivePage) numberField(name string, v int) string {
	if e.Fields.Has(name) {
		return e.Fields.Get(name)
	}
	if v == 0 {
		return ""
	}
	return fmt.Sprint(v)
}

// audienceText says who an act was before.
func audienceText(ctx context.Context, a effort.Act) string {
	var parts []string
	if a.Audience != "" {
		parts = append(parts, a.Audience)
	}
	if a.Reach > 0 {
		parts = append(parts, lang.N(ctx, a.Reach, "one person", "%d people"))
	}
	return strings.Join(parts, " · ")
}

// evidenceLink is the evidence where it is an address of the web.
func evidenceLink(text string) (string, bool) {
	u, err := url.Parse(text)
	return text, err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(text, " \n\t")
}

// originPath is where an act that came by itself stands, "" where the reader may not open it.
func (e executivePage) originPath(a effort.Act) string {
	switch {
	case a.Origin.Kind == effort.OfSession && e.Sees:
		return "/sessions/" + a.Origin.ID
	case a.Origin.Kind == effort.ForGoal && e.Own:
		return "/goals/" + a.Origin.ID
	}
	return ""
}

// unjudgedCard says of how many initiatives nobody has asked what came of them.
func (p *Pages) unjudgedCard(ctx context.Context, actor org.Actor) ([]web.Card, error) {
	causes, err := p.Store.Causes(ctx, actor.Organisation)
	if err != nil {
		return nil, err
	}
	asked, err := p.Store.Effects(ctx, actor.Organisation, "")
	if err != nil {
		return nil, err
	}
	causes = slices.DeleteFunc(causes, func(c impactdb.Cause) bool {
		return c.Change || len(c.Starts) == 0 || slices.ContainsFunc(asked, func(e impact.Effect) bool { return e.Cause == c.ID })
	})
	if len(causes) == 0 {
		return nil, nil
	}
	card := web.Card{Heading: lang.T(ctx, "Of ‘%s’ nobody has asked what came of it", causes[0].Name), Text: lang.T(ctx, "It has begun, and what is to be proved is not written down."), Path: "/effects", Action: lang.T(ctx, "Ask"), Now: web.Waits}
	if len(causes) > 1 {
		card.Heading, card.Text = lang.T(ctx, "Of %d initiatives nobody has asked what came of them", len(causes)), lang.T(ctx, "One of them is ‘%s’.", causes[0].Name)
	}
	return []web.Card{card}, nil
}

// Cards say to an executive who was not seen this quarter what is asked, and to an assistant for whom to write
// down what was done.
func (p *Pages) Cards(ctx context.Context, actor org.Actor) (cards []web.Card, err error) {
	if p.Permits.May(actor, ReadBoard, org.Place{}) {
		cards = append(cards, web.Card{Heading: lang.T(ctx, "The page for the board"), Text: lang.T(ctx, "Every figure of the organisation on one sheet, and three questions to ask."), Path: "/board", Action: lang.T(ctx, "Read it")})
	}
	if p.Permits.May(actor, Plan, org.Place{}) {
		card, err := p.unjudgedCard(ctx, actor)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card...)
	}
	assisted := actor.Assisted()
	if len(assisted) == 0 && (actor.Person == "" || !p.Permits.May(actor, Involved, org.Place{})) {
		return cards, nil
	}
	v, asks, err := p.Store.Involvement(ctx, actor.Organisation, shownQuarters)
	if err != nil {
		return nil, err
	}
	for _, i := range v.Of {
		switch {
		case i.Person.Key == actor.Person && i.Lacks() && len(asks[i.Person.ID]) > 0:
			cards = append(cards, web.Card{Heading: lang.T(ctx, "You were not seen to take part this quarter yet."), Text: askText(ctx, asks[i.Person.ID][0]), Path: "/involvement/" + i.Person.ID, Action: lang.T(ctx, "Write down what you did"), Now: web.Waits})
		case slices.Contains(assisted, i.Person.ID):
			cards = append(cards, web.Card{Heading: lang.T(ctx, "What %s was seen to do", i.Person.Title()), Text: lang.N(ctx, i.Counts[len(i.Counts)-1], "One act this quarter.", "%d acts this quarter."), Path: "/involvement/" + i.Person.ID, Action: lang.T(ctx, "Write something down")})
		}
	}
	return cards, nil
}
