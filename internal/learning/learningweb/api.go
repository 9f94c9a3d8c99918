package learningweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

const (
	scopeRead  = "learning:read"
	scopeWrite = "learning:write"
)

// Offer adds the operations of learning to the API.
func (p *Pages) Offer(a *rest.API) {
	get := func(path, name, summary string) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(org.SignedIn), Scope: scopeRead, Name: name, Summary: summary, Area: "Learning"}
	}
	post := func(path, name, summary string, act org.Act) rest.Operation {
		return rest.Operation{Method: http.MethodPost, Path: path, Act: string(act), Scope: scopeWrite, Name: name, Summary: summary, Area: "Learning", Status: http.StatusCreated}
	}
	rest.Offer(a, get("/competencies", "list-competencies", "Competencies that are used, by name."), p.tellCompetencies)
	feed := post("/competencies", "feed-competencies", "Takes a framework of competencies, all of it or nothing. A competency whose key is there is brought up to date.", Manage)
	feed.Most = 64 << 20
	rest.Offer(a, feed, p.takeCompetencies)
	rest.Offer(a, get("/roles", "list-roles", "Roles with what they require and what good performance produces."), p.tellRoles)
	rest.Offer(a, get("/people/{person}/competencies", "list-competencies-of-person", "What the roles of somebody require and what of it is there, for that person and the line manager."), p.tellProfile)
	rest.Offer(a, get("/resources", "list-resources", "What one learns by, by name."), p.tellResources)
	rest.Offer(a, get("/offerings", "list-offerings", "When it can be had: offerings that begin today or later, by the day."), p.tellOfferings)
	plans := get("/priorities", "list-priorities", "Priorities of the learning strategy of a year, of the units whose plans the caller reads.")
	plans.Act = string(ReadStrategy)
	rest.Offer(a, plans, p.tellPriorities)
	rest.Offer(a, post("/assessments", "feed-assessments", "Takes what assessments found, of anybody, all of it or nothing.", Assess), p.takeAssessments)
	p.offerPlans(a)
}

type competencyAnswer struct {
	ID           string   `json:"id"`
	Framework    string   `json:"framework" doc:"its name"`
	Key          string   `json:"key" doc:"under which its source knows it"`
	URI          string   `json:"uri,omitempty"`
	Kind         string   `json:"kind,omitempty"`
	Name         string   `json:"name"`
	Description  string   `json:"description,omitempty"`
	Alternatives []string `json:"alternatives,omitempty" doc:"what it is called otherwise"`
	Parent       string   `json:"parent,omitempty" doc:"id of the one that it is a part of"`
}

func (p *Pages) tellCompetencies(ctx context.Context, in *struct {
	rest.Page
	Framework string `query:"framework" doc:"name of a framework; every one where it is left out"`
	Text      string `query:"text" doc:"words that begin words of a name"`
}) (*rest.List[competencyAnswer], error) {
	o := web.From[org.Actor](ctx).Organisation
	frameworks, err := p.Store.Frameworks(ctx, o)
	if err != nil {
		return nil, err
	}
	q, names := learningdb.CompetencyQuery{Text: in.Text}, map[string]string{}
	for _, f := range frameworks {
		names[f.ID] = f.Name
		if f.Name == in.Framework && in.Framework != "" {
			q.Framework = f.ID
		}
	}
	if in.Framework != "" && q.Framework == "" {
		return nil, fault.NotFoundf("there is no such framework")
	}
	all, err := p.Store.Competencies(ctx, o, q)
	var told []competencyAnswer
	for _, c := range all {
		told = append(told, competencyAnswer{c.ID, names[c.Framework], c.Key, c.URI, c.Kind, c.Name, c.Note, c.Alternatives, c.Parent})
	}
	return rest.Of(in.Page, told), err
}

type itemBody struct {
	Key          string   `json:"key,omitempty" doc:"made of the name where it is left out"`
	Name         string   `json:"name"`
	Description  string   `json:"description,omitempty"`
	URI          string   `json:"uri,omitempty"`
	Kind         string   `json:"kind,omitempty"`
	Parent       string   `json:"parent,omitempty" doc:"key of the one that it is a part of"`
	Alternatives []string `json:"alternatives,omitempty"`
}

type levelBody struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning,omitempty" doc:"what one sees of it"`
}

type catalogueAnswer struct {
	Fresh   int `json:"fresh" doc:"competencies that were not there"`
	Changed int `json:"changed" doc:"that were brought up to date"`
	Same    int `json:"same" doc:"that stood there already"`
	Ended   int `json:"ended" doc:"that are not used any more"`
}

func (p *Pages) takeCompetencies(ctx context.Context, in *struct {
	rest.Once
	Body struct {
		Framework string      `json:"framework" minLength:"1" maxLength:"200" doc:"its name; made where it is not there"`
		Source    string      `json:"source,omitempty" doc:"where it comes from"`
		Version   string      `json:"version,omitempty"`
		Levels    []levelBody `json:"levels,omitempty" maxItems:"12" doc:"of a new framework, the lowest first; four usual ones where they are left out"`
		Whole     bool        `json:"whole,omitempty" doc:"what is left out is not used any more"`
		Items     []itemBody  `json:"items" minItems:"1" maxItems:"100000"`
	}
}) (*catalogueAnswer, error) {
	actor := web.From[org.Actor](ctx)
	c, err := learning.Gather(func(yield func(learning.CatalogueItem, error) bool) {
		for n, it := range in.Body.Items {
			if !yield(learning.CatalogueItem{Line: n + 1, Key: it.Key, Name: it.Name, Note: it.Description, URI: it.URI, Kind: it.Kind, Parent: it.Parent, Alternatives: it.Alternatives}, nil) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	c.Framework = learning.Framework{Name: in.Body.Framework, Source: in.Body.Source, Version: in.Body.Version, Levels: UsualLevels(ctx)}
	if len(in.Body.Levels) > 0 {
		c.Framework.Levels = nil
	}
	for _, l := range in.Body.Levels {
		c.Framework.Levels = append(c.Framework.Levels, learning.Level{Name: l.Name, Meaning: l.Meaning})
	}
	came, err := p.Store.Import(ctx, actor.Organisation, learningdb.Catalogue{Catalogue: c, Whole: in.Body.Whole, Source: in.Body.Source, By: actor.Name})
	return &catalogueAnswer{came.Fresh, came.Changed, came.Same, came.Ended}, err
}

type requirementAnswer struct {
	Competency string `json:"competency" doc:"id"`
	Level      int    `json:"level"`
	Essential  bool   `json:"essential"`
}

type resultAnswer struct {
	What         string   `json:"what" doc:"that is produced"`
	Good         string   `json:"good,omitempty" doc:"how one sees that it is good"`
	Indicator    string   `json:"indicator,omitempty" doc:"id of the one that shows it"`
	Competencies []string `json:"competencies,omitempty" doc:"ids of those on which it rests"`
}

type roleAnswer struct {
	ID       string              `json:"id"`
	Key      string              `json:"key"`
	Name     string              `json:"name"`
	Note     string              `json:"note,omitempty"`
	Holders  int                 `json:"holders" doc:"people who have it today"`
	Requires []requirementAnswer `json:"requires" nullable:"false"`
	Results  []resultAnswer      `json:"results" nullable:"false" doc:"its performance model"`
	Ended    string              `json:"ended,omitempty" format:"date"`
}

func (p *Pages) tellRoles(ctx context.Context, in *struct{ rest.Page }) (*rest.List[roleAnswer], error) {
	all, err := p.Store.Roles(ctx, web.From[org.Actor](ctx).Organisation)
	var told []roleAnswer
	for _, r := range all {
		one := roleAnswer{ID: r.ID, Key: r.Key, Name: r.Name, Note: r.Note, Holders: r.Holders, Requires: []requirementAnswer{}, Results: []resultAnswer{}, Ended: string(r.Ended)}
		for _, q := range r.Requires {
			one.Requires = append(one.Requires, requirementAnswer{q.Competency, q.Level, q.Essential})
		}
		for _, made := range r.Results {
			one.Results = append(one.Results, resultAnswer{made.What, made.Good, made.Indicator, made.Competencies})
		}
		told = append(told, one)
	}
	return rest.Of(in.Page, told), err
}

type gapAnswer struct {
	Competency string `json:"competency" doc:"id"`
	Name       string `json:"name"`
	Role       string `json:"role" doc:"id of the one that requires most of it"`
	Required   int    `json:"required" doc:"level"`
	Essential  bool   `json:"essential"`
	There      *int   `json:"there,omitempty" doc:"the level that counts; not there where nobody has rated it"`
	RatedBy    string `json:"rated_by,omitempty" enum:"self,manager,assessment,evidence"`
	Day        string `json:"day,omitempty" format:"date"`
}

func (p *Pages) tellProfile(ctx context.Context, in *struct {
	rest.Page
	Person string `path:"person" doc:"id"`
}) (*rest.List[gapAnswer], error) {
	if _, err := p.side(rest.Request(ctx)); err != nil {
		return nil, err
	}
	v, err := p.Store.Profile(ctx, web.From[org.Actor](ctx).Organisation, in.Person)
	var told []gapAnswer
	for _, g := range v.Gaps {
		one := gapAnswer{Competency: g.Competency, Name: v.Competencies[g.Competency].Name, Role: g.Role, Required: g.Required, Essential: g.Essential}
		if c := g.Counted; c != nil {
			one.There, one.RatedBy, one.Day = &c.Level, string(c.RatedBy), string(c.Day)
		}
		told = append(told, one)
	}
	return rest.Of(in.Page, told), err
}

type assessmentBody struct {
	Person     string `json:"person" doc:"personnel number or mail address"`
	Competency string `json:"competency" doc:"its id, its key or its whole name"`
	Level      int    `json:"level" minimum:"0" maximum:"12" doc:"0: does not have it"`
	Day        string `json:"day" format:"date"`
	Note       string `json:"note" doc:"which assessment it is"`
}

type assessmentAnswer struct {
	Taken int `json:"taken"`
}

func (p *Pages) takeAssessments(ctx context.Context, in *struct {
	rest.Once
	Body struct {
		Assessments []assessmentBody `json:"assessments" minItems:"1" maxItems:"10000"`
	}
}) (*assessmentAnswer, error) {
	actor := web.From[org.Actor](ctx)
	var given []learning.Rating
	for n, b := range in.Body.Assessments {
		c, err := p.Store.Find(ctx, actor.Organisation, "", b.Competency)
		if err != nil {
			return nil, fault.Invalidf("row %[1]d: %[2]s", n+1, err)
		}
		given = append(given, learning.Rating{Person: strings.TrimSpace(b.Person), Competency: c.ID, Level: b.Level, RatedBy: learning.ByAssessment, Day: period.Day(b.Day), Note: b.Note, By: actor.Name})
	}
	err := p.Store.Assess(ctx, actor.Organisation, given)
	return &assessmentAnswer{len(given)}, err
}
