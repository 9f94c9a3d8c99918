package learningweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// alignmentPage is what serves what.
type alignmentPage struct {
	learningdb.Aligned
	Units []org.Ref // that can be chosen: the topmost ones that the reader reads
	names map[string]string
}

func (p *Pages) alignment(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	units, err := p.Store.Strategy.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	v := alignmentPage{Units: p.Permits.Tops(actor, ReadStrategy, units)}
	unit := r.FormValue("unit")
	if unit == "" && len(v.Units) > 0 {
		unit = v.Units[0].ID
	}
	if !p.readsPlan(actor, units, unit) {
		return fault.NotFoundf("there is no such unit")
	}
	if v.Aligned, err = p.Store.Alignment(ctx, actor.Organisation, unit); err != nil {
		return err
	}
	v.names = map[string]string{}
	for _, g := range v.Map.Goals {
		v.names[g.ID] = g.Name
	}
	for _, r := range v.Map.Resources {
		v.names[r.ID] = r.Name
	}
	for of, c := range v.Map.Competencies {
		v.names[of] = c.Name
	}
	if done, err := web.Exported(w, r, lang.T(ctx, "What serves what"), v.matrix(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, alignmentView(v))
}

func (v alignmentPage) heading(ctx context.Context) string {
	switch {
	case len(v.Map.Goals) == 0:
		return lang.T(ctx, "There is no goal yet to which learning could be aligned.")
	case len(v.Unserved)+len(v.Unmet)+len(v.Idle) == 0:
		return lang.T(ctx, "Every goal is served, every need has a resource, and every resource serves a goal.")
	case len(v.Unserved) == 0:
		return lang.T(ctx, "Every goal is served; %[1]d needs have no resource, and %[2]d resources serve no goal.", len(v.Unmet), len(v.Idle))
	}
	return lang.T(ctx, "%[1]d of %[2]d goals are served by nothing; %[3]d needs have no resource, and %[4]d resources serve no goal.", len(v.Unserved), len(v.Map.Goals), len(v.Unmet), len(v.Idle))
}

// of are what serves something by ties.
func of(ties []learning.Tie, from string) (to []string) {
	for _, t := range ties {
		if t.From == from {
			to = append(to, t.To)
		}
	}
	return to
}

// matrix is goals by competencies: how many resources there are for each pair that belongs together.
func (v alignmentPage) matrix(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "What serves what"), Header: []string{lang.T(ctx, "Competency")}}
	for _, g := range v.Map.Goals {
		t.Header = append(t.Header, g.Name)
	}
	t.Header = append(t.Header, lang.T(ctx, "Resources"), lang.T(ctx, "Roles that require it"), lang.T(ctx, "In plans of people"))
	for _, c := range v.Alignment.Competencies {
		resources := of(v.CompetencyToResource, c)
		row := []any{web.Link{Path: "/competencies/" + c, Text: v.names[c]}}
		for _, g := range v.Map.Goals {
			if slices.Contains(of(v.GoalToCompetency, g.ID), c) {
				row = append(row, len(resources))
			} else {
				row = append(row, nil)
			}
		}
		roles := 0
		for _, r := range v.Map.Roles {
			if slices.ContainsFunc(r.Requires, func(q learning.Requirement) bool { return q.Competency == c }) {
				roles++
			}
		}
		var planned any = lang.T(ctx, "fewer than %d", effort.Fewest)
		if n, told := v.Map.Planned[c]; told {
			planned = lang.T(ctx, "about %d", n)
		}
		t.Rows = append(t.Rows, append(row, len(resources), roles, planned))
	}
	return t
}

// flow is the picture from goals over competencies to resources.
type flow struct {
	Height int
	Nodes  []flowNode
	Lines  []flowLine
}

type flowNode struct {
	X, Y   int
	Text   []string
	Path   string
	Lonely bool // nothing serves it
}

type flowLine struct{ Path, Kind string }

const (
	flowWide, flowHigh = 270, 44 // a node
	flowGap            = 10
	flowColumn         = 375 // from one column to the next
	flowMost           = 14  // goals that a picture shows
	flowText           = 36  // letters in a line
)

// draw is nil where there is nothing to be drawn, or too much.
func (v alignmentPage) draw() *flow {
	if len(v.Map.Goals) == 0 || len(v.Map.Goals) > flowMost || len(v.GoalToCompetency)+len(v.GoalToResource) == 0 {
		return nil
	}
	columns := [3][]string{}
	add := func(column int, id string) {
		if !slices.Contains(columns[column], id) {
			columns[column] = append(columns[column], id)
		}
	}
	for _, g := range v.Map.Goals {
		add(0, g.ID)
		for _, c := range of(v.GoalToCompetency, g.ID) {
			add(1, c)
			for _, r := range of(v.CompetencyToResource, c) {
				add(2, r)
			}
		}
		for _, r := range of(v.GoalToResource, g.ID) {
			add(2, r)
		}
	}
	f, at := &flow{}, map[string][2]int{}
	for n, column := range columns {
		for m, id := range column {
			at[id] = [2]int{n * flowColumn, m * (flowHigh + flowGap)}
			f.Height = max(f.Height, m*(flowHigh+flowGap)+flowHigh)
			f.Nodes = append(f.Nodes, flowNode{X: at[id][0], Y: at[id][1], Text: web.Broken(v.names[id], flowText, 2), Path: []string{"/goals/", "/competencies/", "/resources/"}[n] + id, Lonely: v.lonely(n, id)})
		}
	}
	join := func(ties []learning.Tie, kind string) {
		for _, t := range ties {
			from, there := at[t.From]
			to, also := at[t.To]
			if there && also {
				f.Lines = append(f.Lines, flowLine{curve(from[0]+flowWide, from[1]+flowHigh/2, to[0], to[1]+flowHigh/2), kind})
			}
		}
	}
	join(v.GoalToResource, "direct")
	join(v.GoalToCompetency, "over")
	join(v.CompetencyToResource, "over")
	return f
}

func (v alignmentPage) lonely(column int, id string) bool {
	switch column {
	case 0:
		return slices.Contains(v.Unserved, id)
	case 1:
		return slices.Contains(v.Unmet, id)
	}
	return false
}

func curve(x1, y1, x2, y2 int) string {
	middle := (x1 + x2) / 2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, middle, y1, middle, y2, x2, y2)
}

// textAt is where a line of a node's text stands, of so many.
func textAt(lines, line int) int {
	if lines == 1 {
		return 27
	}
	return 19 + 17*line
}
