package transitionweb

import (
	"context"
	"net/http"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// focusForm is the page of what a programme's management teams or groups are doing about the focal
// points.
type focusForm struct {
	transition.Programme
	themes
	All    []transitiondb.Acting
	Ages   transition.Ages
	Months []transition.FocusMonth
	Late   []transition.Action // the oldest first
	Points []focusPoint
	Today  period.Day
}

// focusPoint is what is being done about one focal point.
type focusPoint struct {
	Theme         string
	Open, Ended   int
	Late, Helped  int
	ID, Diagnosis string
}

func (p *Pages) focus(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	f := focusForm{Programme: one}
	if f.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.Today, err = p.today(ctx, actor.Organisation); err != nil {
		return err
	}
	if f.All, err = p.Store.Acting(ctx, actor.Organisation, one.ID, false); err != nil {
		return err
	}
	points, err := p.Store.FocalOf(ctx, actor.Organisation, one)
	if err != nil {
		return err
	}
	for _, point := range points {
		f.Points = append(f.Points, focusPoint{Theme: point.Theme, ID: point.ID, Diagnosis: one.Diagnosis})
	}
	f.count()
	if done, err := web.Exported(w, r, one.Name+"-actions", actionTable(ctx, f.themes, f.actions(), f.Today)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, focusPage(f))
}

func (f focusForm) actions() (all []transition.Action) {
	for _, one := range f.All {
		all = append(all, one.Actions...)
	}
	transition.SortActions(all)
	return all
}

func (f *focusForm) count() {
	all := f.actions()
	f.Ages, f.Months = transition.AgesOf(all, f.Today), transition.FocusOver(all, f.Today)
	for _, a := range all {
		if a.Late(f.Today) > 0 {
			f.Late = append(f.Late, a)
		}
		for i := range f.Points {
			point := &f.Points[i]
			switch {
			case point.ID != a.Focal:
			case a.Open():
				point.Open++
				if a.Late(f.Today) > 0 {
					point.Late++
				}
			default:
				point.Ended++
				if a.Outcome == transition.Helped || a.Outcome == transition.Partly {
					point.Helped++
				}
			}
		}
	}
}

func (f focusForm) heading(ctx context.Context) string {
	if len(f.Months) == 0 {
		return lang.T(ctx, "No action has been decided on yet.")
	}
	share, some := f.Months[len(f.Months)-1].Share()
	if !some {
		return lang.T(ctx, "Nothing is being done now.")
	}
	return lang.T(ctx, "%s of what is being done serves a focal point.", percent(ctx, share))
}

// table has a row for each management team or group.
func (f focusForm) table(ctx context.Context) web.Table {
	name, coach := lang.T(ctx, "Group"), lang.T(ctx, "Coach")
	if f.Kind == transition.Leaders {
		name, coach = lang.T(ctx, "Management team"), lang.T(ctx, "Leader")
	}
	t := web.Table{Name: lang.T(ctx, "Focus"), Header: []string{name, coach, lang.T(ctx, "Open"), lang.T(ctx, "Serve a focal point"), lang.T(ctx, "Late"), lang.T(ctx, "Not heard of for a month"), lang.T(ctx, "Done"), lang.T(ctx, "Stopped")}}
	for _, one := range f.All {
		ages, tied, done, stopped := transition.AgesOf(one.Actions, f.Today), 0, 0, 0
		for _, a := range one.Actions {
			switch {
			case a.Open() && a.Focal != "":
				tied++
			case a.State == transition.ActionDone:
				done++
			case a.State == transition.ActionStopped:
				stopped++
			}
		}
		t.Rows = append(t.Rows, []any{web.Link{Text: one.Name, Path: bodyPath(one.Body)}, one.Coach, ages.Open, tied, ages.Late + ages.Old, ages.Silent, done, stopped})
	}
	return t
}

func (f focusForm) pointTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Focal points"), Header: []string{lang.T(ctx, "Focal point"), lang.T(ctx, "Open"), lang.T(ctx, "Late"), lang.T(ctx, "Ended"), lang.T(ctx, "Of these helped, at least in part")}}
	for _, point := range f.Points {
		t.Rows = append(t.Rows, []any{point.Theme, point.Open, point.Late, point.Ended, point.Helped})
	}
	return t
}

// without counts the management teams or groups that do nothing now.
func (f focusForm) without() (n int) {
	for _, one := range f.All {
		if transition.AgesOf(one.Actions, f.Today).Open == 0 {
			n++
		}
	}
	return n
}

// ageTable counts open actions by how they stand to their day.
func ageTable(ctx context.Context, g transition.Ages) web.Table {
	return web.Table{Name: lang.T(ctx, "Open actions"), Header: []string{lang.T(ctx, "Due"), lang.T(ctx, "Actions")}, Rows: [][]any{
		{lang.T(ctx, "in more than a fortnight"), g.Later}, {lang.T(ctx, "within a fortnight"), g.Soon}, {lang.T(ctx, "late, by at most a month"), g.Late}, {lang.T(ctx, "late, by more"), g.Old},
	}}
}
