package transitionweb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// material is what the diagnosis says of the people of a session.
type material struct {
	*transition.Material
	Diagnosis diagnosis.Diagnosis
	Name      string
	Items     []materialRow // the characteristics of the focal point
	Factors   []materialRow
	Unread    bool // the report is not released to the reader yet
	Unshown   bool // not even the whole is shown
}

type materialRow struct {
	ID, Name   string
	Own, Whole *diagnosis.Score
}

// saw notes who saw figures of a diagnosis on the page of a session.
func (p *Pages) saw(ctx context.Context, organisation string, f sessionForm) error {
	v := diagnosis.View{Account: "person " + f.Own.Person.ID, Name: f.Own.Person.Title(), Page: "session"}
	if !f.Pass {
		actor := web.From[org.Actor](ctx)
		v.Account, v.Name = actor.Account, actor.Name
	}
	return p.sawFigures(ctx, organisation, f.Material, v)
}

// sawFigures notes who saw the figures of a group, if any are shown.
func (p *Pages) sawFigures(ctx context.Context, organisation string, m *material, v diagnosis.View) error {
	if m == nil || m.Unread || m.Unshown {
		return nil
	}
	if m.Value == "" && m.Unit > 0 {
		v.Page += "?unit=" + m.Report.Units[m.Unit].ID
	}
	return p.Diagnosis.Saw(ctx, organisation, m.Diagnosis.ID, v)
}

// material finds what the published report says of the smallest group with all of a session's
// people in it.
// Who leads it, and members of a programme, see them once the report is released to managers; the
// people of a group or team once it is to everyone.
func (p *Pages) material(ctx context.Context, organisation string, m transitiondb.Meeting, runs bool) (*material, error) {
	reader := org.Manager
	if m.Of != "" && !runs {
		reader = org.Employee
	}
	var people []org.Person
	for _, a := range m.Attendees {
		if !a.Left {
			people = append(people, a.Person)
		}
	}
	return p.figures(ctx, organisation, m.Session.Diagnosis, m.Focal.Items, people, reader)
}

// figures finds what the published report of a diagnosis says of some characteristics in the
// smallest group with all of some people in it, as far as a role may see it yet.
func (p *Pages) figures(ctx context.Context, organisation, diagnosisID string, items []string, people []org.Person, reader org.Role) (*material, error) {
	d, err := p.Diagnosis.Diagnosis(ctx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	if !d.Released.Lets(reader) {
		return &material{Diagnosis: d, Unread: true}, nil
	}
	published, err := p.Diagnosis.Report(ctx, organisation, diagnosisID)
	if err != nil {
		return nil, err
	}
	var units, locations []string
	for _, one := range people {
		units, locations = append(units, one.Unit.ID), append(locations, one.Location.Name)
	}
	found := transition.Smallest(published.Report, units, locations, diagnosisdb.Location, d.Unit() != "")
	if found == nil {
		return &material{Diagnosis: d, Unshown: true}, nil
	}
	one := &material{Material: found, Diagnosis: d, Name: cmp.Or(found.Value, published.Report.Units[found.Unit].Name)}
	tag, whole := lang.Tag(ctx).String(), &published.Report.Groups[0]
	for i, it := range published.Instrument.Items() {
		if slices.Contains(items, it.ID) && i < len(found.Group.Items) {
			one.Items = append(one.Items, materialRow{it.ID, it.Name.In(tag), found.Group.Items[i], whole.Items[i]})
		}
	}
	for i, f := range published.Instrument.Factors {
		if i < len(found.Group.Factors) {
			one.Factors = append(one.Factors, materialRow{f.ID, f.Name.In(tag), found.Group.Factors[i], whole.Factors[i]})
		}
	}
	return one, nil
}

func (m *material) table(ctx context.Context, rows []materialRow) web.Table {
	t := web.Table{Name: lang.T(ctx, "Figures"), Header: []string{lang.T(ctx, "Characteristic or factor"), m.Name, published(ctx, m.Diagnosis)}}
	for _, row := range rows {
		cells := []any{row.Name, nil, nil}
		for i, score := range []*diagnosis.Score{row.Own, row.Whole} {
			if score != nil {
				cells[i+1] = score.Mean
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	if m.Group.Table == diagnosis.Whole {
		return t.Only(0, 1)
	}
	return t
}

// published is what the whole of a diagnosis is called: the part that it asked, or everybody.
func published(ctx context.Context, d diagnosis.Diagnosis) string {
	if d.Part != "" {
		return d.Part
	}
	return lang.T(ctx, "Whole organisation")
}

// nameText says whose figures these are.
func (m *material) nameText(ctx context.Context) string {
	switch {
	case m.Group.Table == diagnosis.Whole:
		return lang.T(ctx, "No smaller group with everybody who is asked is shown: these are the figures of the whole, %d answers.", m.Group.N)
	case m.Value != "":
		return lang.T(ctx, "The smallest group that is shown with everybody who is asked is the location %[1]s, %[2]d answers.", m.Name, m.Group.N)
	}
	return lang.T(ctx, "The smallest group that is shown with everybody who is asked is the unit %[1]s, %[2]d answers.", m.Name, m.Group.N)
}
