package transitionweb

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// programmeList is the page of all programmes.
type programmeList struct {
	All     []transition.Programme
	Manages bool
	Reads   bool                              // the whole
	path    func(transition.Programme) string // what an actor sees of one, "" for nothing
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	all, err := p.Store.Programmes(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	if web.WantsJSON(r) {
		rows := []programmeAnswer{}
		for _, one := range all {
			rows = append(rows, programmeOf(one))
		}
		return web.JSON(w, rows)
	}
	l := programmeList{All: all, Manages: p.Permits.May(actor, Manage, org.Place{}), Reads: p.Permits.May(actor, Read, org.Place{}), path: func(one transition.Programme) string {
		switch {
		case p.Permits.May(actor, Read, org.Place{}):
			return "/programmes/" + one.ID
		case p.Permits.MayAnywhere(actor, Nominate):
			return "/programmes/" + one.ID + "/nominations"
		case p.Permits.MayAnywhere(actor, Coach):
			return "/coaching"
		}
		return ""
	}}
	return web.Page(w, r, http.StatusOK, listPage(l))
}

// programmeForm is the page on which a programme is set up.
type programmeForm struct {
	transition.Programme
	transitiondb.Choices
	Diagnoses []diagnosis.Diagnosis // that have decided on focal points, the newest first
	Points    []diagnosis.FocalPoint
	Found     *int // whom the rule finds; nil until asked for
	Err       error
}

func (p *Pages) newProgramme(w http.ResponseWriter, r *http.Request) error {
	kind := transition.Kind(r.FormValue("kind"))
	if kind != transition.Leaders {
		kind = transition.Coaches
	}
	one := transition.Programme{Kind: kind, Diagnosis: r.FormValue("diagnosis"), Per: transition.Per, Every: transition.Quarter, Nudges: true}
	if choices, err := p.Store.Choices(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	} else if slices.Contains(choices.Levels, org.LevelTeamLeader) {
		one.Rule.Levels = []org.Level{org.LevelTeamLeader}
	}
	if kind == transition.Leaders {
		one.Rule = transition.Rule{Team: true}
	}
	return p.showProgramme(w, r, one, false, nil)
}

func (p *Pages) setup(w http.ResponseWriter, r *http.Request) error {
	one, _, err := p.one(r)
	if err != nil {
		return err
	}
	if other := r.FormValue("diagnosis"); other != "" && other != one.Diagnosis {
		one.Diagnosis, one.Focal = other, nil
	}
	return p.showProgramme(w, r, one, true, nil)
}

// one is the programme that a request names.
func (p *Pages) one(r *http.Request) (transition.Programme, org.Actor, error) {
	actor := web.From[org.Actor](r.Context())
	one, err := p.Store.Programme(r.Context(), actor.Organisation, r.PathValue("programme"))
	return one, actor, err
}

func (p *Pages) showProgramme(w http.ResponseWriter, r *http.Request, one transition.Programme, count bool, mistake error) (err error) {
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	f := programmeForm{Programme: one, Err: mistake}
	if f.Choices, err = p.Store.Choices(ctx, organisation); err != nil {
		return err
	}
	if f.Diagnoses, err = p.decided(ctx, organisation); err != nil {
		return err
	}
	if f.Diagnosis == "" && len(f.Diagnoses) > 0 {
		f.Diagnosis = f.Diagnoses[0].ID
	}
	if f.Diagnosis != "" {
		if f.Points, err = p.Store.Focal(ctx, organisation, f.Diagnosis); err != nil {
			return err
		}
	}
	f.complete()
	if count {
		e, err := p.Store.Eligible(ctx, organisation, transition.Programme{Rule: one.Rule, Kind: one.Kind, Per: cmp.Or(one.Per, transition.Per)}, transitiondb.CandidateQuery{})
		if err != nil {
			return err
		}
		f.Found = &e.Found
	}
	return web.Page(w, r, web.StatusOf(mistake), setupPage(f))
}

// decided lists the diagnoses that have decided on focal points, the newest first.
func (p *Pages) decided(ctx context.Context, organisation string) (some []diagnosis.Diagnosis, err error) {
	all, err := p.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.State != diagnosis.Closed {
			continue
		}
		points, err := p.Store.Focal(ctx, organisation, d.ID)
		if err != nil {
			return nil, err
		}
		if len(points) > 0 {
			some = append(some, d)
		}
	}
	slices.SortStableFunc(some, func(a, b diagnosis.Diagnosis) int { return b.ClosedAt.Compare(a.ClosedAt) })
	return some, nil
}

// saveProgramme keeps a programme, or only counts whom its rule finds.
func (p *Pages) saveProgramme(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	one, err := readProgramme(r)
	if err != nil {
		return err
	}
	if one.ID != "" {
		was, err := p.Store.Programme(r.Context(), actor.Organisation, one.ID)
		if err != nil {
			return err
		}
		one.Kind = was.Kind
	}
	if r.FormValue("do") == "count" {
		return p.showProgramme(w, r, one, true, nil)
	}
	id, err := p.Store.SaveProgramme(r.Context(), actor.Organisation, one, actor.Name)
	if web.Retry(err) {
		return p.showProgramme(w, r, one, false, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/programmes/"+id)
}

const attributeField = "attribute-"

// readProgramme takes a programme off its form.
func readProgramme(r *http.Request) (one transition.Programme, err error) {
	if err := r.ParseForm(); err != nil {
		return one, fault.Invalidf("the form could not be read: send it again")
	}
	one = transition.Programme{ID: r.PathValue("programme"), Name: r.FormValue("name"), Kind: transition.Kind(r.FormValue("kind")), Diagnosis: r.FormValue("diagnosis"),
		Focal: r.Form["focal"], Per: web.Number(r, "per", 0), Every: web.Number(r, "every", 0), Reach: web.Number(r, "reach", 0), Nudges: r.FormValue("nudges") != "", Closed: r.FormValue("closed") != ""}
	if one.Kind == transition.Leaders {
		one.Per = cmp.Or(one.Per, transition.Per)
	}
	one.Rule = transition.Rule{Countries: r.Form["country"], Partners: r.Form["partner"], Unit: r.FormValue("unit"), Team: r.FormValue("team") != "", Months: web.Number(r, "months", 0)}
	for _, l := range r.Form["level"] {
		one.Rule.Levels = append(one.Rule.Levels, org.Level(l))
	}
	for _, field := range slices.Sorted(maps.Keys(r.Form)) {
		if name, ok := strings.CutPrefix(field, attributeField); ok {
			one.Rule.Attributes = append(one.Rule.Attributes, transition.Trait{Name: name, Values: r.Form[field]})
		}
	}
	return one, nil
}

// asks says whether a rule asks for a value of an attribute.
func (f programmeForm) asks(name, value string) bool {
	return slices.ContainsFunc(f.Rule.Attributes, func(t transition.Trait) bool { return t.Name == name && slices.Contains(t.Values, value) })
}

// complete offers what the rule asks for even where today's roster does not have it, so that
// nothing is lost from a form that is sent back.
func (f *programmeForm) complete() {
	for _, l := range f.Rule.Levels {
		if !slices.Contains(f.Choices.Levels, l) {
			f.Choices.Levels = append(f.Choices.Levels, l)
		}
	}
	with := func(all *[]string, some []string) {
		for _, v := range some {
			if !slices.Contains(*all, v) {
				*all = append(*all, v)
			}
		}
	}
	with(&f.Choices.Countries, f.Rule.Countries)
	with(&f.Choices.Partners, f.Rule.Partners)
	for _, t := range f.Rule.Attributes {
		values := f.Choices.Attributes[t.Name]
		with(&values, t.Values)
		f.Choices.Attributes[t.Name] = values
	}
	if at, known := f.Units.Find(f.Rule.Unit); known {
		f.Rule.UnitName = f.Units.Units[at].Name
	}
}

// reopened are focal points of the programme whose decision has been taken back.
func (f programmeForm) reopened() []string {
	return slices.DeleteFunc(slices.Clone(f.Focal), func(id string) bool {
		return f.ID == "" || slices.ContainsFunc(f.Points, func(one diagnosis.FocalPoint) bool { return one.ID == id })
	})
}

// asked says whether a rule asks for an attribute at all.
func (f programmeForm) asked(name string) bool {
	return slices.ContainsFunc(f.Rule.Attributes, func(t transition.Trait) bool { return t.Name == name })
}

func setupAction(f programmeForm) string {
	if f.ID == "" {
		return "/programmes"
	}
	return "/programmes/" + f.ID + "/setup"
}

// instead leads to the form with the focal points of another diagnosis.
func (f programmeForm) instead(diagnosisID string) string {
	if f.ID == "" {
		return "/programmes/new?kind=" + string(f.Kind) + "&diagnosis=" + diagnosisID
	}
	return setupAction(f) + "?diagnosis=" + diagnosisID
}

func valueText(ctx context.Context, value string) string {
	if value == "" {
		return lang.T(ctx, "not stated")
	}
	return value
}
