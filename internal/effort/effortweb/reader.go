package effortweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// reader is somebody who reads the ledger, and what the readings rest on.
type reader struct {
	effortdb.Basis
	actor   org.Actor
	permits org.Permits
}

func (p *Pages) reader(ctx context.Context) (reader, error) {
	actor := web.From[org.Actor](ctx)
	b, err := p.Store.Basis(ctx, actor.Organisation)
	return reader{b, actor, p.Permits}, err
}

// may says whether an act is permitted for a unit; "" is the whole, and what no unit is known of.
func (r reader) may(act org.Act, unit string) bool {
	at := org.Place{}
	if n, there := r.Units.Find(unit); there {
		at.Units = r.Units.IDs(n)
	}
	return r.permits.May(r.actor, act, at)
}

func (r reader) whole(act org.Act) bool { return r.may(act, "") }

// tops are the highest units for which an act is permitted.
func (r reader) tops(act org.Act) []org.Ref { return r.permits.Tops(r.actor, act, r.Units) }

// at is the index of the unit that is asked for, -1 for the whole. Where none is named it is the whole,
// for who reads that, or else the highest unit that the reader reads.
func (r reader) at(unit string) (int, error) {
	if unit == "" && r.whole(Read) {
		return -1, nil
	}
	if tops := r.tops(Read); unit == "" && len(tops) > 0 {
		unit = tops[0].ID
	} else if unit == "" {
		return 0, fault.NotFoundf("hours and costs are read by unit, and your role holds for none")
	}
	at, there := r.Units.Find(unit)
	if !there || !r.may(Read, unit) {
		return 0, fault.NotFoundf("there is no such unit")
	}
	return at, nil
}

// unitID is the id of the unit at an index, "" for the whole.
func (r reader) unitID(at int) string {
	if at < 0 {
		return ""
	}
	return r.Units.Units[at].ID
}

// nameOf calls a unit as pages do.
func (r reader) nameOf(ctx context.Context, unit string) string {
	at, there := r.Units.Find(unit)
	switch {
	case !there:
		return lang.T(ctx, "no unit")
	case r.Units.Units[at].Left != "":
		return lang.T(ctx, "%[1]s, closed on %[2]s", r.Units.Units[at].Name, string(r.Units.Units[at].Left))
	}
	return r.Units.Units[at].Name
}

// path is the way down to the unit at an index, as far as the reader reads it.
func (r reader) path(ctx context.Context, at int) []web.Link { return r.pathTo(ctx, "/effort", at) }

// pathTo is the way down on another page of the ledger.
func (r reader) pathTo(ctx context.Context, page string, at int) (steps []web.Link) {
	if r.whole(Read) {
		steps = append(steps, web.Link{Path: page, Text: lang.T(ctx, "The whole organisation")})
	}
	if at < 0 {
		return steps
	}
	for n, u := range r.Units.Path(at) {
		if n > 0 && r.may(Read, u.ID) || n == 0 && !r.whole(Read) && r.may(Read, u.ID) {
			steps = append(steps, web.Link{Path: page + "?unit=" + url.QueryEscape(u.ID), Text: u.Name})
		}
	}
	return steps
}

// under are the units directly under the one at an index, or under the root.
func (r reader) under(at int) []int {
	if len(r.Units.Units) == 0 {
		return nil
	}
	return r.Units.Children(max(at, 0))
}

// mayReadFunction says whether somebody may read the hours of the learning function.
func (r reader) mayReadFunction() bool {
	tops := r.Setting.Tops(r.Units)
	if len(r.Setting.Function) == 0 || len(tops) == 0 {
		return r.whole(Read)
	}
	return !slices.ContainsFunc(tops, func(unit string) bool { return !r.may(Read, unit) })
}

// span is the months that are read.
type span struct {
	From, Until period.Period
	usual       bool // nothing else was asked for
}

// lastYear is the last twelve whole months.
func lastYear(today period.Day) span {
	until := period.Of(today, period.Monthly).Add(-1)
	return span{until.Add(-11), until, true}
}

const mostMonths = 240 // that a page reads

// readSpan reads from when until when: years, quarters or months, the last twelve whole months where
// neither is given. It reports what is no period, and more than twenty years.
func readSpan(r *http.Request, today period.Day) (span, error) {
	return spanOf(r.FormValue("from"), r.FormValue("until"), today)
}

func spanOf(from, until string, today period.Day) (s span, err error) {
	if from == "" && until == "" {
		return lastYear(today), nil
	}
	var first, last period.Period
	if from != "" {
		if first, err = period.Parse(from); err != nil {
			return s, err
		}
	}
	if until != "" {
		if last, err = period.Parse(until); err != nil {
			return s, err
		}
	}
	switch {
	case first == "": // the year that ends so
		s.Until = period.Of(last.Last(), period.Monthly)
		s.From = s.Until.Add(-11)
	case last == "" && first.Grain() == period.Monthly:
		s.From = first
		s.Until = max(first, period.Of(today, period.Monthly))
	case last == "":
		s.From, s.Until = period.Of(first.First(), period.Monthly), period.Of(first.Last(), period.Monthly)
	default:
		s.From, s.Until = period.Of(first.First(), period.Monthly), period.Of(last.Last(), period.Monthly)
	}
	if n := s.Until.Number() - s.From.Number(); n < 0 || n >= mostMonths {
		return s, fault.Fieldf("from", "say from which month to which, such as 2026-01 to 2026-06, within %d years", mostMonths/12)
	}
	return s, nil
}

// grain is that in which a series over the months is shown.
func (s span) grain() period.Grain {
	switch n := s.Until.Number() - s.From.Number() + 1; {
	case n <= 15:
		return period.Monthly
	case n <= 72:
		return period.Quarterly
	}
	return period.Yearly
}

// cut says of which periods at the ends a series holds a part of their months alone, "" for none.
func cut(ctx context.Context, periods []period.Period, from, until period.Period) string {
	var parts []string
	if first := periods[0]; period.Of(first.First(), period.Monthly) < from {
		parts = append(parts, lang.T(ctx, "%[1]s begins with %[2]s.", string(first), string(from)))
	}
	if last := periods[len(periods)-1]; period.Of(last.Last(), period.Monthly) > until {
		parts = append(parts, lang.T(ctx, "%[1]s goes up to %[2]s.", string(last), string(until)))
	}
	return strings.Join(parts, " ")
}

// query is the months for an address, nothing where they are the usual ones.
func (s span) query() url.Values {
	if s.usual {
		return url.Values{}
	}
	return url.Values{"from": {string(s.From)}, "until": {string(s.Until)}}
}

// text says when, as a part of a sentence.
func (s span) text(ctx context.Context) string {
	switch {
	case s.usual:
		return lang.T(ctx, "in the last year")
	case s.From.Year() == s.Until.Year() && s.Until.Number()-s.From.Number() == 11:
		return lang.T(ctx, "in %s", strconv.Itoa(s.From.Year()))
	case s.From == s.Until:
		return lang.T(ctx, "in %s", string(s.From))
	}
	return lang.T(ctx, "from %[1]s to %[2]s", string(s.From), string(s.Until))
}

// concerning are the changes of a unit within some months, the oldest first.
func (r reader) concerning(all []effort.Change, at int, from, until period.Period) (some []effort.Change) {
	for _, c := range slices.Backward(all) {
		if c.Day >= from.First() && c.Day <= until.Last() && c.Concerns(r.Units, at) {
			some = append(some, c)
		}
	}
	return some
}

// tabs are the pages of the ledger that the reader has; their texts are English.
func (r reader) tabs() []web.Link {
	all := []web.Link{{Path: "/effort", Text: "Blend, reach and cost"}}
	if r.mayReadFunction() {
		all = append(all, web.Link{Path: "/effort/split", Text: "Learning and the rest"})
	}
	all = append(all, web.Link{Path: "/effort/efficiency", Text: "Efficiency"}, web.Link{Path: "/effort/reports", Text: "Reports"}, web.Link{Path: "/effort/entries", Text: "Entries"}, web.Link{Path: "/effort/changes", Text: "Changes"})
	if r.whole(Manage) {
		all = append(all, web.Link{Path: "/effort/import", Text: "Files"}, web.Link{Path: "/effort/settings", Text: "Settings"})
	}
	return all
}

// mayEnter says whether the reader enters hours of any unit.
func (r reader) mayEnter() bool { return r.whole(Enter) || len(r.tops(Enter)) > 0 }

// yearLink is the address of a page over some months.
func yearLink(path, unit string, s span) string {
	query := s.query()
	query.Set("unit", unit)
	return address(path, query)
}
