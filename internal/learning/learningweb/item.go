package learningweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"

	"github.com/a-h/templ"
)

// itemForm is the page on which an item of a plan is written.
type itemForm struct {
	learningdb.Development
	Item       learning.Item
	Competency string // as typed
	Own        bool
	Of         []learning.Resource
	Err        error
}

// newItem shows the form, filled from a suggestion where one is named.
func (p *Pages) newItem(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if _, err := p.side(r); err != nil {
		return err
	}
	v, err := p.Store.Development(ctx, actor.Organisation, r.PathValue("person"))
	if err != nil {
		return err
	}
	f := itemForm{Item: learning.Item{Due: v.Today.Add(90)}}
	if n, err := strconv.Atoi(r.FormValue("from")); err == nil && n >= 0 && n < len(v.Suggestions) {
		f.fill(ctx, profile{Development: v}, v.Suggestions[n])
	}
	return p.showItemForm(w, r, f)
}

// fill takes a suggestion over.
func (f *itemForm) fill(ctx context.Context, v profile, s learning.Suggestion) {
	f.Item.What, f.Item.Why, f.Item.Modality, f.Item.Level = v.suggestionText(ctx, s), v.reasonText(ctx, s), s.Modality, s.Level
	if s.Resource != nil {
		f.Item.Resource = s.Resource.ID
	}
	if s.Competency != "" {
		f.Competency = v.name(s.Competency)
	}
	if s.Goal != nil {
		f.Item.Goal = s.Goal.ID
	}
	if s.Focal != nil {
		f.Item.Focal, f.Item.Theme = s.Focal.ID, s.Focal.Theme
	}
}

// editItem shows the form of one that is there.
func (p *Pages) editItem(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.side(r); err != nil {
		return err
	}
	v, err := p.Store.Item(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("person"), r.PathValue("item"))
	if err != nil {
		return err
	}
	return p.showItemForm(w, r, itemForm{Item: v.Item, Competency: v.Competency.Name})
}

func (p *Pages) showItemForm(w http.ResponseWriter, r *http.Request, f itemForm) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	side, err := p.side(r)
	if err != nil {
		return err
	}
	if f.Own = side == org.ThePerson; err == nil {
		f.Development, err = p.Store.Development(ctx, actor.Organisation, r.PathValue("person"))
	}
	if err != nil {
		return err
	}
	if f.Of, err = p.Store.Resources(ctx, actor.Organisation, learningdb.ResourceQuery{}); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), itemFormPage(f))
}

// saveItem keeps a new item or a changed one.
func (p *Pages) saveItem(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	side, err := p.side(r)
	if err != nil {
		return err
	}
	f := itemForm{Competency: r.FormValue("competency")}
	f.Item = learning.Item{ID: r.PathValue("item"), Person: org.Ref{ID: r.PathValue("person")}, What: r.FormValue("what"), Why: r.FormValue("why"), Modality: effort.Modality(r.FormValue("modality")), Resource: r.FormValue("resource"), Goal: r.FormValue("goal"), Due: period.Day(r.FormValue("due"))}
	f.Item.Focal, f.Item.Theme, _ = strings.Cut(r.FormValue("focal"), " ")
	if f.Item.Level, err = countTyped(r.FormValue("level"), "level"); err == nil && strings.TrimSpace(f.Competency) != "" {
		var c learning.Competency
		c, err = p.Store.Find(ctx, actor.Organisation, "", f.Competency)
		f.Item.Competency = c.ID
	}
	made := ""
	if err == nil {
		made, err = p.Store.SaveItem(ctx, actor.Organisation, f.Item, side, actor.Name)
	}
	if f.Err = err; web.Retry(err) {
		return p.showItemForm(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, itemPath(r.PathValue("person"), made))
}

func itemPath(person, item string) string { return "/development/" + person + "/items/" + item }

// itemPage is one item of a plan.
type itemPage struct {
	learningdb.ItemView
	Side  org.Side
	Typed struct{ Step, Came, Hours string }
	Do    string
	Err   error
}

func (p *Pages) item(w http.ResponseWriter, r *http.Request) error {
	return p.showItem(w, r, itemPage{})
}

func (p *Pages) showItem(w http.ResponseWriter, r *http.Request, v itemPage) (err error) {
	if v.Side, err = p.side(r); err != nil {
		return err
	}
	if v.ItemView, err = p.Store.Item(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("person"), r.PathValue("item")); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(v.Err), itemView(v))
}

// changeItem does one thing to an item.
func (p *Pages) changeItem(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, person, item := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("person"), r.PathValue("item")
	side, err := p.side(r)
	if err != nil {
		return err
	}
	v := itemPage{Do: r.FormValue("do")}
	v.Typed.Step, v.Typed.Came, v.Typed.Hours = r.FormValue("step"), r.FormValue("came"), r.FormValue("hours")
	switch o := actor.Organisation; {
	case v.Do == "save":
		return p.saveItem(w, r)
	case v.Do == "agree":
		err = p.Store.AgreeItem(ctx, o, person, item, side, actor.Name)
	case v.Do == "drop":
		err = p.Store.DropItem(ctx, o, person, item, actor.Name)
	case v.Do == "step" || v.Do == "evidence":
		err = p.Store.AddStep(ctx, o, person, item, learning.Step{What: v.Typed.Step, Evidence: v.Do == "evidence"}, actor.Name)
	case v.Do == "report" && side == org.ThePerson:
		minutes := 0
		if minutes, err = minutesTyped(v.Typed.Hours); err == nil {
			err = p.Store.ReportItem(ctx, o, person, item, v.Typed.Came, minutes, actor.Name)
		}
	case (v.Do == "confirm" || v.Do == "back") && side == org.TheManager:
		err = p.Store.ConfirmItem(ctx, o, person, item, v.Do == "confirm", web.Number(r, "level", 0), actor.Name)
	}
	if v.Err = err; web.Retry(err) {
		return p.showItem(w, r, v)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, itemPath(person, item))
}

func (f itemForm) title(ctx context.Context) string {
	if f.Item.ID == "" {
		return lang.T(ctx, "Into the plan")
	}
	return lang.T(ctx, "Change the item")
}

func (f itemForm) action() templ.SafeURL {
	path := "/development/" + f.Person.ID + "/items"
	if f.Item.ID != "" {
		path += "/" + f.Item.ID
	}
	return templ.SafeURL(path)
}

func stageText(ctx context.Context, s learning.Stage) string {
	switch s {
	case learning.Working:
		return lang.T(ctx, "agreed, worked on")
	case learning.Reported:
		return lang.T(ctx, "done, waits to be confirmed")
	case learning.Proven:
		return lang.T(ctx, "confirmed")
	case learning.GivenUp:
		return lang.T(ctx, "given up")
	}
	return lang.T(ctx, "waits for a yes")
}

// dueText says by when, and whether that is past.
func dueText(ctx context.Context, i learning.Item, today period.Day) string {
	switch {
	case i.Late(today):
		return lang.T(ctx, "late: by %s", string(i.Due))
	case i.Confirmed != "":
		return lang.T(ctx, "confirmed on %s", string(i.Confirmed))
	}
	return lang.T(ctx, "by %s", string(i.Due))
}

// waits says whether an item waits for a side's yes.
func waits(i learning.Item, side org.Side) bool {
	if !i.Open() || i.Done != "" {
		return false
	}
	return side == org.ThePerson && i.Agreed.Person.IsZero() || side == org.TheManager && i.Agreed.Manager.IsZero()
}

// suggestionText says what is suggested.
func (v profile) suggestionText(ctx context.Context, s learning.Suggestion) string {
	switch {
	case s.Resource != nil:
		return s.Resource.Name
	case s.Objective != "":
		return s.Objective
	}
	return lang.T(ctx, "Do it with somebody who can: %s", v.name(s.Competency))
}

// reasonText says why it is suggested.
func (v profile) reasonText(ctx context.Context, s learning.Suggestion) string {
	switch s.Reason {
	case learning.FromGap:
		f := v.framework(s.Competency)
		return lang.T(ctx, "%[1]s requires %[2]s; it is there at: %[3]s.", v.role(s.Role), v.name(s.Competency), levelText(ctx, f, s.Has))
	case learning.FromUnrated:
		return lang.T(ctx, "%[1]s requires %[2]s, and nobody has said yet how far it is there.", v.role(s.Role), v.name(s.Competency))
	case learning.FromObjective:
		return lang.T(ctx, "It is to be learned for the goal “%s”.", s.Goal.Name)
	case learning.FromOwnGoal:
		return lang.T(ctx, "It serves what the goal “%s” is for.", s.Goal.Name)
	case learning.FromFocal:
		return lang.T(ctx, "It is for the focal point “%s”.", s.Focal.Theme)
	}
	return lang.T(ctx, "It serves the goal “%[1]s” of %[2]s.", s.Goal.Name, s.Goal.Unit.Name)
}

// lead is what the plan comes to in a sentence.
func (v profile) lead(ctx context.Context) string {
	open, late, waiting := 0, 0, 0
	for _, i := range v.Items {
		if i.Open() {
			open++
		}
		if i.Late(v.Today) {
			late++
		}
		if waits(i, v.Side) || i.Stage() == learning.Reported && v.Side == org.TheManager {
			waiting++
		}
	}
	switch {
	case len(v.Items) == 0 && v.Own:
		return lang.T(ctx, "There is no plan yet: take over a suggestion, or write down what you want to learn.")
	case len(v.Items) == 0:
		return lang.T(ctx, "There is no plan yet: build it together, from the suggestions or from what you talk about.")
	case waiting > 0:
		return lang.N(ctx, waiting, "One item of the plan waits for you.", "%d items of the plan wait for you.")
	case late > 0:
		return lang.N(ctx, late, "One item of the plan is late.", "%d items of the plan are late.")
	case open == 0:
		return lang.T(ctx, "Everything in the plan is done.")
	}
	return lang.N(ctx, open, "One item of the plan is worked on.", "%d items of the plan are worked on.")
}

// sightPlan is what of somebody's plan is part of the line of sight.
type sightPlan struct {
	Person string
	Items  []learning.Item
	Own    bool
}

// Sight draws, for the line of sight of a person, what of the plan serves one of some goals; under each
// it says the next thing to be learned. It is for who may read the plan.
func (p *Pages) Sight(ctx context.Context, actor org.Actor, person org.Person, goals []string) (templ.Component, error) {
	side := actor.SideOf(person)
	if side == "" {
		return nil, nil
	}
	all, err := p.Store.ItemsFor(ctx, actor.Organisation, person.ID)
	if err != nil {
		return nil, err
	}
	serving := slices.DeleteFunc(slices.Clone(all), func(i learning.Item) bool { return !slices.Contains(goals, i.Goal) })
	if len(serving) == 0 {
		serving = all
	}
	return sightPlanView(sightPlan{person.ID, serving, side == org.ThePerson}), nil
}

// agreedText says who has said yes.
func agreedText(ctx context.Context, i learning.Item) string {
	var parts []string
	if !i.Agreed.Person.IsZero() {
		parts = append(parts, i.Person.Name)
	}
	if !i.Agreed.Manager.IsZero() {
		parts = append(parts, i.Agreed.ManagerName)
	}
	if len(parts) == 0 {
		return lang.T(ctx, "nobody yet")
	}
	return strings.Join(parts, ", ")
}

func levelTyped(level int) string {
	if level == 0 {
		return ""
	}
	return strconv.Itoa(level)
}
