package transitionweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// ownership is the page of whose the change is: who runs it, who can run the next diagnosis, and
// how well what is decided gets done.
type ownership struct {
	Quarters []transition.OwnedIn
	Steps    []transition.Conduct
	Runners  []transitiondb.Runners
	Learned  []transitiondb.Learned
	Says     bool // may say who ran a step
	Typed    transition.Conduct
	Err      error
}

func (p *Pages) ownership(w http.ResponseWriter, r *http.Request) error {
	return p.showOwnership(w, r, ownership{})
}

func (p *Pages) showOwnership(w http.ResponseWriter, r *http.Request, o ownership) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	o.Says = p.Permits.May(actor, Confirm, org.Place{})
	deeds, err := p.Store.Deeds(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	o.Quarters = transition.Ownership(deeds)
	if o.Steps, err = p.Store.Conducts(ctx, actor.Organisation); err != nil {
		return err
	}
	if o.Runners, err = p.Store.Runners(ctx, actor.Organisation); err != nil {
		return err
	}
	if o.Learned, err = p.Store.Implementing(ctx, actor.Organisation); err != nil {
		return err
	}
	table := o.quarterTable(ctx)
	switch r.FormValue("table") {
	case "learning":
		table = o.learnedTable(ctx)
	case "steps":
		table = o.stepTable(ctx)
	case "runners":
		table = o.runnerTable(ctx)
	}
	if done, err := web.Exported(w, r, table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(o.Err), ownershipPage(o))
}

// sayConduct keeps who ran a step of a diagnosis.
func (p *Pages) sayConduct(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	d, step, cut := strings.Cut(r.FormValue("step"), " ")
	c := transition.Conduct{Diagnosis: d, Step: transition.DiagnosisStep(step), By: transition.RunBy(r.FormValue("by")), Who: r.FormValue("who")}
	err := p.Store.SayConduct(r.Context(), actor.Organisation, c, actor.Name)
	if !cut {
		err = fault.Fieldf("step", "choose the step of the diagnosis")
	}
	if web.Retry(err) {
		return p.showOwnership(w, r, ownership{Typed: c, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/ownership")
}

// all is what was run over the whole time.
func (o ownership) all() (sum transition.Owned) {
	for _, q := range o.Quarters {
		a := q.All()
		sum.Own, sum.Outside, sum.Unsaid = sum.Own+a.Own, sum.Outside+a.Outside, sum.Unsaid+a.Unsaid
	}
	return sum
}

// last is the newest quarter in which anything is known of.
func (o ownership) last() (q transition.OwnedIn, share float64, some bool) {
	for i := len(o.Quarters) - 1; i >= 0; i-- {
		if share, some := o.Quarters[i].All().Share(); some {
			return o.Quarters[i], share, true
		}
	}
	return q, 0, false
}

func (o ownership) heading(ctx context.Context) string {
	last, share, some := o.last()
	if !some {
		return lang.T(ctx, "Nothing has been run yet of which it is known by whom.")
	}
	return lang.T(ctx, "In %[1]s, own people ran %[2]s of it.", last.Quarter, percent(ctx, share))
}

// lede says how it was in the beginning, and who can run the next diagnosis.
func (o ownership) lede(ctx context.Context) string {
	var text string
	for _, q := range o.Quarters {
		if share, some := q.All().Share(); some {
			if last, _, _ := o.last(); last.Quarter != q.Quarter {
				text = lang.T(ctx, "In %[1]s it was %[2]s.", q.Quarter, percent(ctx, share)) + " "
			}
			break
		}
	}
	able, countries := 0, 0
	for _, r := range o.Runners {
		able += len(r.Able)
		if len(r.Able) > 0 {
			countries++
		}
	}
	if able == 0 {
		return text + lang.T(ctx, "Nobody at work can run the next diagnosis yet.")
	}
	return text + lang.T(ctx, "The next diagnosis can be run by %[1]s, in %[2]d of %[3]d countries.", peopleText(ctx, able), countries, len(o.Runners))
}

func (o ownership) quarterTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Ownership"), Header: []string{lang.T(ctx, "Quarter"), lang.T(ctx, "Share of own people")}}
	for _, kind := range []string{lang.T(ctx, "Steps of diagnoses"), lang.T(ctx, "Sessions"), lang.T(ctx, "Actions")} {
		t.Header = append(t.Header, lang.T(ctx, "%s: own people", kind), lang.T(ctx, "%s: external", kind))
	}
	t.Header = append(t.Header, lang.T(ctx, "Not said"))
	for _, q := range o.Quarters {
		var share any
		if s, some := q.All().Share(); some {
			share = percent(ctx, s)
		}
		row := []any{q.Quarter, share}
		for _, k := range q.Kinds {
			row = append(row, k.Own, k.Outside)
		}
		t.Rows = append(t.Rows, append(row, q.All().Unsaid))
	}
	return t
}

func (o ownership) stepTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Steps of diagnoses"), Header: []string{lang.T(ctx, "Diagnosis"), lang.T(ctx, "Step"), lang.T(ctx, "Day"), lang.T(ctx, "Run by"), lang.T(ctx, "Who")}, Roomy: []string{lang.T(ctx, "Day"), lang.T(ctx, "Who")}}
	for _, c := range o.Steps {
		t.Rows = append(t.Rows, []any{c.Name, stepText(ctx, c.Step), string(c.Day), runByText(ctx, c.By), c.Who})
	}
	return t
}

func (o ownership) runnerTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Who can run the next diagnosis"), Header: []string{lang.T(ctx, "Country"), lang.T(ctx, "People"), lang.T(ctx, "Can run it"), lang.T(ctx, "Who")}}
	for _, r := range o.Runners {
		var names []string
		for _, one := range r.Able {
			names = append(names, one.Person.Title()+" ("+stepWord(ctx, one.Step)+")")
		}
		t.Rows = append(t.Rows, []any{countryName(ctx, r.Country), r.People, len(r.Able), strings.Join(names, ", ")})
	}
	return t
}

func (o ownership) learnedTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Learning to implement"), Header: append([]string{lang.T(ctx, "Between")}, learnedHeader(ctx)...)}
	for _, l := range o.Learned {
		for _, row := range learnedRows(ctx, l) {
			t.Rows = append(t.Rows, append([]any{betweenText(ctx, l)}, row...))
		}
	}
	return t
}

// between is the table of one time between two diagnoses.
func between(ctx context.Context, l transitiondb.Learned) web.Table {
	t := web.Table{Name: betweenText(ctx, l), Header: learnedHeader(ctx), Rows: learnedRows(ctx, l)}
	t.Roomy = []string{t.Header[3], t.Header[4], t.Header[6]}
	return t
}

func learnedHeader(ctx context.Context) []string {
	return []string{lang.T(ctx, "Unit"), lang.T(ctx, "Actions decided"), lang.T(ctx, "Done by their first day"), lang.T(ctx, "Days from decision to done, median"), lang.T(ctx, "Stopped, with a reason"), lang.T(ctx, "Whose characteristic is clearly up"), lang.T(ctx, "Taken over from another unit")}
}

func learnedRows(ctx context.Context, l transitiondb.Learned) [][]any {
	row := func(name string, m transition.Implementation) []any {
		var took any
		if m.Done > 0 {
			took = int(m.Days + 0.5)
		}
		return []any{name, m.Decided, ofText(ctx, m.OnTime, m.Due), took, ofText(ctx, m.Stopped, m.Decided), ofText(ctx, m.Moved, m.Expected), ofText(ctx, m.Adopted, m.Decided)}
	}
	rows := [][]any{row(lang.T(ctx, "All"), l.All)}
	for _, u := range l.Units {
		name := u.Name
		if name == "" {
			name = lang.T(ctx, "groups of several units")
		}
		rows = append(rows, row(name, u.Implementation))
	}
	return rows
}

// ofText is a share with what it is of; nothing where there is nothing to be a share of.
func ofText(ctx context.Context, n, of int) any {
	if of == 0 {
		return nil
	}
	return lang.T(ctx, "%[1]s (%[2]d of %[3]d)", percent(ctx, float64(n)/float64(of)), n, of)
}

func betweenText(ctx context.Context, l transitiondb.Learned) string {
	switch {
	case l.From.ID == "" && l.To.ID == "":
		return lang.T(ctx, "Until now")
	case l.From.ID == "":
		return lang.T(ctx, "Before %s", l.To.Name)
	case l.To.ID == "":
		return lang.T(ctx, "Since %s", l.From.Name)
	}
	return lang.T(ctx, "Between %[1]s and %[2]s", l.From.Name, l.To.Name)
}

func stepText(ctx context.Context, s transition.DiagnosisStep) string {
	switch s {
	case transition.StepOpen:
		return lang.T(ctx, "set up and opened")
	case transition.StepInterview:
		return lang.T(ctx, "interviews")
	case transition.StepClose:
		return lang.T(ctx, "closed, and the report read")
	}
	return lang.T(ctx, "focal points chosen")
}

func runByText(ctx context.Context, by transition.RunBy) string {
	switch by {
	case transition.OwnPeople:
		return lang.T(ctx, "own people")
	case transition.Outside:
		return lang.T(ctx, "external")
	}
	return lang.T(ctx, "not said")
}

func countryName(ctx context.Context, country string) string {
	if country == "" {
		return lang.T(ctx, "no country stated")
	}
	return country
}

// ownedPicture has a bar for each quarter: what own people ran, below what others did.
type ownedPicture struct {
	Width, Height int
	Full          float64
	Bars          []ownedBar
}

type ownedBar struct {
	X, Width, Y float64
	Known       bool
	Label, Text string
}

func drawOwned(quarters []transition.OwnedIn) *ownedPicture {
	p := &ownedPicture{Width: 520, Height: 154, Full: 130}
	step := float64(p.Width) / float64(max(4, len(quarters)))
	for i, q := range quarters {
		share, known := q.All().Share()
		all := q.All()
		p.Bars = append(p.Bars, ownedBar{X: web.Rounded((float64(i)+.15)*step, 1), Width: web.Rounded(step*.7, 1), Y: web.Rounded(p.Full*(1-share), 1), Known: known, Label: q.Quarter[2:], Text: fmt.Sprintf("%s: %d / %d", q.Quarter, all.Own, all.Own+all.Outside)})
	}
	return p
}
