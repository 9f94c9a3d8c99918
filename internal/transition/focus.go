package transition

import (
	"cmp"
	"slices"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/kit/stat"
)

// FocusMonth is how much of what was being done in a month serves a focal point.
type FocusMonth struct {
	Month string // 2026-01
	Open  int    // actions that were open at some time in it
	Tied  int    // of these, tied to a focal point
}

// Share is the part that serves a focal point; false where nothing was being done.
func (f FocusMonth) Share() (float64, bool) {
	if f.Open == 0 {
		return 0, false
	}
	return float64(f.Tied) / float64(f.Open), true
}

// mostMonths is how many months of focus are looked back on.
const mostMonths = 24

// FocusOver counts, month by month from the first decision until today, at most two years back,
// the actions that were open at some time in the month, and those among them that serve a focal
// point.
func FocusOver(actions []Action, today period.Day) (all []FocusMonth) {
	first := today
	for _, a := range actions {
		first = min(first, a.Decided)
	}
	if len(actions) == 0 || len(today) < len("2006-01") {
		return nil
	}
	end, err := time.Parse(time.DateOnly, string(today))
	if err != nil {
		return nil
	}
	month := time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 1-mostMonths, 0)
	for ; !month.After(end); month = month.AddDate(0, 1, 0) {
		from, until := period.DayOf(month), period.DayOf(month.AddDate(0, 1, -1))
		if until < first {
			continue
		}
		f := FocusMonth{Month: string(from)[:len("2006-01")]}
		for _, a := range actions {
			if a.openIn(from, until) {
				f.Open++
				if a.Focal != "" {
					f.Tied++
				}
			}
		}
		all = append(all, f)
	}
	return all
}

// Ages counts open actions by how they stand to their day.
type Ages struct {
	Open   int
	Later  int // due in more than a fortnight
	Soon   int // due within one
	Late   int // by at most a month
	Old    int // by more
	Silent int // of all open ones, not heard of for a month or more
	Median int // days since the decision
}

const (
	soon   = 14
	aMonth = 30
)

// AgesOf counts them.
func AgesOf(actions []Action, today period.Day) (g Ages) {
	var since []float64
	for _, a := range actions {
		if !a.Open() {
			continue
		}
		g.Open++
		since = append(since, float64(days(a.Decided, today)))
		switch late := a.Late(today); {
		case late > aMonth:
			g.Old++
		case late > 0:
			g.Late++
		case late >= -soon:
			g.Soon++
		default:
			g.Later++
		}
		if a.Silent(today) >= aMonth {
			g.Silent++
		}
	}
	if median, some := stat.Median(since); some {
		g.Median = int(median)
	}
	return g
}

// Needs says why the owner of an action should look at it.
type Needs string

const (
	NeedsOwner Needs = "owner"  // who owned it has left
	NeedsEnd   Needs = "late"   // it should have been done
	NeedsHelp  Needs = "stuck"  // as its last check-in says
	NeedsWord  Needs = "silent" // nobody has said anything of it for a month
	NeedsSoon  Needs = "soon"   // it is due within a week
)

const aWeek = 7

// Needs says what an action needs most; "" for nothing.
func (a Action) Needs(today period.Day) Needs {
	switch {
	case !a.Open():
		return ""
	case a.OwnerLeft:
		return NeedsOwner
	case a.Late(today) > 0:
		return NeedsEnd
	case a.Pace() == Stuck:
		return NeedsHelp
	case a.Silent(today) >= aMonth:
		return NeedsWord
	case a.Late(today) >= -aWeek:
		return NeedsSoon
	}
	return ""
}

// SortActions puts open actions first, the earliest due ones before the others; then those that have
// ended, the newest first.
func SortActions(all []Action) {
	slices.SortStableFunc(all, func(a, b Action) int {
		switch {
		case a.Open() && b.Open():
			return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID))
		case a.Open():
			return -1
		case b.Open():
			return 1
		}
		return cmp.Or(cmp.Compare(b.Ended, a.Ended), cmp.Compare(a.ID, b.ID))
	})
}

// Ask is something to ask a management team or group when it next meets.
type Ask struct {
	Needs  Needs  // of the action
	Action Action // zero for what is asked of the others
	Focus  Focus  // for AskNothing: the focal point of which nothing is being done
	N, Of  int    // for AskOff: how many open actions serve no focal point, of how many
}

const (
	AskNothing Needs = "nothing" // is being done about a focal point
	AskOff     Needs = "off"     // more than half of what is being done serves no focal point
)

const (
	mostAsks    = 6
	mostNothing = 2 // of these, focal points of which nothing is being done
)

// Asks lists what to ask next: of what nobody does anything about, of actions in the order of what
// they need, and of what is off focus.
func Asks(points []Focus, actions []Action, today period.Day) (all []Ask) {
	open, off := 0, 0
	for _, a := range actions {
		if a.Open() {
			open++
			if a.Focal == "" {
				off++
			}
		}
	}
	for _, f := range points {
		if len(all) < mostNothing && !slices.ContainsFunc(actions, func(a Action) bool { return a.Open() && a.Focal == f.ID }) {
			all = append(all, Ask{Needs: AskNothing, Focus: f})
		}
	}
	if 2*off > open {
		all = append([]Ask{{Needs: AskOff, N: off, Of: open}}, all...)
	}
	for _, needs := range []Needs{NeedsOwner, NeedsHelp, NeedsEnd, NeedsWord} {
		for _, a := range actions {
			if a.Needs(today) == needs {
				all = append(all, Ask{Needs: needs, Action: a})
			}
		}
	}
	return all[:min(len(all), mostAsks)]
}
