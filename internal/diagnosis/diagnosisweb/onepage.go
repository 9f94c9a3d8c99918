package diagnosisweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// oneSheet is what a report says of a unit, on one sheet and in plain words.
type oneSheet struct {
	*reading
	Unit   int32
	Group  *diagnosis.ReportGroup // nil where nobody of the unit counts
	Change *diagnosis.UnitChange  // since the diagnosis before; nil without one
	Then   string                 // what that was called
	Focal  []diagnosis.FocalPoint // decided
}

const mostTold = 3 // of each kind, on one sheet

// onePage is a unit's sheet, for its manager to print or to put on the wall.
func (p *Pages) onePage(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	u, ok := rd.Report.Layout.Find(r.PathValue("unit"))
	if !ok || !rd.sees(u) {
		return fault.NotFoundf("there is no such unit in this report")
	}
	s, err := p.sheetOf(r.Context(), rd, u)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, onePagePage(s))
}

func (p *Pages) sheetOf(ctx context.Context, rd *reading, u int32) (s oneSheet, err error) {
	s = oneSheet{reading: rd, Unit: u, Group: rd.Report.Unit(u)}
	c, err := p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID)
	if err != nil {
		return s, err
	}
	if !c.Decided.IsZero() {
		s.Focal = c.Focal
	}
	if len(rd.Earlier) == 0 {
		return s, nil
	}
	compared, err := p.Store.Compare(ctx, rd.organisation, rd.Diagnosis.ID, rd.Earlier[0].ID)
	if err != nil {
		return s, err
	}
	s.Change, s.Then = &compared.Units[u], compared.Then.Diagnosis.Name
	return s, nil
}

// told lists the unit's characteristics that are shown, the highest first.
func (s oneSheet) told() (items []int) {
	for i, it := range s.Instrument.Items() {
		if it.Factor >= 0 && itemScore(s.Group, i) != nil {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int { return cmp.Compare(s.Group.Items[b].Mean, s.Group.Items[a].Mean) })
	return items
}

// best and worst are the characteristics at either end, none of them at both.
func (s oneSheet) best() []int {
	all := s.told()
	return all[:min(mostTold, len(all)/2)]
}

func (s oneSheet) worst() []int {
	all := s.told()
	slices.Reverse(all)
	return all[:min(mostTold, len(all)/2)]
}

// apart lists the characteristics in which the unit differs clearly from the whole, the
// widest difference first.
func (s oneSheet) apart() (items []int) {
	if s.Unit == 0 {
		return nil
	}
	for _, i := range s.told() {
		if whole := itemScore(&s.reading.Report.Groups[0], i); whole != nil && s.clear(s.Group, s.Group.Items[i], whole) {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int { return cmp.Compare(abs(s.difference(b)), abs(s.difference(a))) })
	return items[:min(mostTold, len(items))]
}

func (s oneSheet) difference(item int) float64 {
	return s.Group.Items[item].Mean - s.reading.Report.Groups[0].Items[item].Mean
}

func abs(v float64) float64 { return max(v, -v) }

// apartText says a difference from the whole in plain words.
func (s oneSheet) apartText(ctx context.Context, item int) string {
	d := s.difference(item)
	if d < 0 {
		return lang.T(ctx, "%[1]s is %[2]s lower here than in the whole organisation (%[3]s against %[4]s).", s.item(item), one(ctx, -d), one(ctx, s.Group.Items[item].Mean), one(ctx, s.Group.Items[item].Mean-d))
	}
	return lang.T(ctx, "%[1]s is %[2]s higher here than in the whole organisation (%[3]s against %[4]s).", s.item(item), one(ctx, d), one(ctx, s.Group.Items[item].Mean), one(ctx, s.Group.Items[item].Mean-d))
}

// since says in plain words what has moved clearly; one sentence says that nothing has.
func (s oneSheet) since(ctx context.Context) (lines []string) {
	if s.Change == nil {
		return nil
	}
	known, still := 0, []string{}
	for f, c := range s.Change.Factors {
		switch c.Movement {
		case diagnosis.Up:
			lines = append(lines, lang.T(ctx, "%[1]s has risen by %[2]s, to %[3]s.", s.factor(f), one(ctx, *c.Diff), one(ctx, *c.Now)))
		case diagnosis.Down:
			lines = append(lines, lang.T(ctx, "%[1]s has fallen by %[2]s, to %[3]s.", s.factor(f), one(ctx, -*c.Diff), one(ctx, *c.Now)))
		case diagnosis.CannotTell:
			continue
		default:
			still = append(still, s.factor(f))
		}
		known++
	}
	if len(lines) > 0 && len(still) > 0 {
		lines = append(lines, lang.T(ctx, "No clear change: %s.", strings.Join(still, ", ")))
	}
	switch {
	case known == 0:
		return []string{lang.T(ctx, "Nobody can tell: there were too few answers then or now, or the unit was another one.")}
	case len(lines) == 0:
		return []string{lang.T(ctx, "No factor has moved by more than chance and %s.", one(ctx, diagnosis.LeastMove))}
	}
	return lines
}

// own are the unit's scores of a focal point's characteristics in plain words; "" where none
// is shown.
func (s oneSheet) ownText(ctx context.Context, f diagnosis.FocalPoint) string {
	text := ""
	for _, id := range f.Items {
		if score := itemScore(s.Group, s.itemAt(id)); score != nil {
			if text != "" {
				text += ", "
			}
			text += s.outcome(id) + " " + one(ctx, score.Mean)
		}
	}
	return text
}

// summary is for everybody with an account once a report is released to everyone: the
// whole, and the own unit on one sheet.
func (p *Pages) summary(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	d, err := p.Store.Diagnosis(ctx, actor.Organisation, r.PathValue("diagnosis"))
	if err != nil {
		return err
	}
	if reads, err := p.readsSummary(ctx, actor, d); err != nil || !reads {
		return cmp.Or(err, fault.NotFoundf("there is no such page, or it is not for you"))
	}
	published, err := p.Store.Report(ctx, actor.Organisation, d.ID)
	if err != nil {
		return err
	}
	rd := &reading{Published: published, Tag: lang.Tag(ctx).String(), organisation: actor.Organisation, sees: func(int32) bool { return false }}
	if rd.Earlier, err = p.earlierFor(ctx, actor, d); err != nil {
		return err
	}
	whole, err := p.sheetOf(ctx, rd, 0)
	if err != nil {
		return err
	}
	own, err := p.ownUnit(ctx, actor, rd)
	if err != nil {
		return err
	}
	if own <= 0 {
		return web.Page(w, r, http.StatusOK, summaryPage(whole, nil))
	}
	unit, err := p.sheetOf(ctx, rd, own)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, summaryPage(whole, &unit))
}

// readsSummary says whether somebody reads the summary of a diagnosis: everybody of the part
// that it asked once it is released to everyone, who reads the whole report before.
func (p *Pages) readsSummary(ctx context.Context, a org.Actor, d diagnosis.Diagnosis) (bool, error) {
	switch {
	case d.State != diagnosis.Closed:
		return false, nil
	case p.Permits.May(d.Seen(a), ReadReport, d.Place()):
		return true, nil
	case !d.Released.Lets(org.Employee) || d.Unit() == "":
		return d.Released.Lets(org.Employee), nil
	}
	own, err := p.unitOf(ctx, a, d)
	if err != nil || own == "" {
		return false, err
	}
	return p.Store.Asks(ctx, a.Organisation, d.ID, func(unit string) bool { return unit == own })
}

// unitOf is the unit in which somebody worked on the day of a diagnosis's roster; "" for who
// was not there.
func (p *Pages) unitOf(ctx context.Context, actor org.Actor, d diagnosis.Diagnosis) (string, error) {
	if actor.Person == "" {
		return "", nil
	}
	person, err := p.Org.PersonByKey(ctx, actor.Organisation, actor.Person, d.RosterDay)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return person.Unit.ID, err
}

// ownUnit is the lowest unit above somebody whose figures are shown; 0 or less for none
// but the whole.
func (p *Pages) ownUnit(ctx context.Context, actor org.Actor, rd *reading) (int32, error) {
	unit, err := p.unitOf(ctx, actor, rd.Diagnosis)
	if err != nil {
		return -1, err
	}
	u, ok := rd.Report.Layout.Find(unit)
	if !ok {
		return -1, nil
	}
	for ; u > 0; u = rd.Report.Units[u].Parent {
		if g := rd.Report.Unit(u); g != nil && g.Verdict == diagnosis.Shown {
			return u, nil
		}
	}
	return -1, nil
}

// earlierFor lists the diagnoses with which somebody may compare one: those of which each of
// the roles by which this one is read is let read too.
func (p *Pages) earlierFor(ctx context.Context, actor org.Actor, d diagnosis.Diagnosis) ([]diagnosis.Diagnosis, error) {
	all, err := p.Store.Earlier(ctx, actor.Organisation, d.ID)
	return slices.DeleteFunc(all, func(e diagnosis.Diagnosis) bool {
		return slices.ContainsFunc(d.Seen(actor).Grants, func(g org.Grant) bool { return !e.Released.Lets(g.Role) })
	}), err
}

// closedOn writes when a diagnosis closed.
func closedOn(d diagnosis.Diagnosis) string { return string(period.DayOf(d.ClosedAt)) }
