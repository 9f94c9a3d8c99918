package impact

import (
	"cmp"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/transition"
)

// AskKind is what an executive can be asked for.
type AskKind string

const (
	AskObjective AskKind = "objective" // a learning objective among the own performance goals
	AskSession   AskKind = "session"   // to open a session that comes
	AskSupport   AskKind = "support"   // to stand for an initiative that no executive has been seen to support
)

// Ask is what can be asked of an executive next.
type Ask struct {
	Kind       AskKind
	Session    transition.Session // of a session
	Initiative effort.Initiative  // of an initiative
}

const (
	objectiveFor = 365 // days for which a learning objective counts as one of today
	askedOf      = 2   // things that are asked of one at most
)

// Asks are what is asked of each executive next, by the person's id: of whoever has no learning objective one;
// of those with fewest acts first to open one of the sessions that come, each session once, and to stand for
// an initiative that goes on and that none of them has supported, likewise.
func Asks(v effort.Involvement, coming []transition.Session, initiatives []effort.Initiative, today period.Day) map[string][]Ask {
	asks := map[string][]Ask{}
	fewest := slices.Clone(v.Of)
	slices.SortStableFunc(fewest, func(a, b effort.Involved) int {
		return cmp.Or(cmp.Compare(a.Counts[len(a.Counts)-1], b.Counts[len(b.Counts)-1]), cmp.Compare(len(a.Acts), len(b.Acts)), cmp.Compare(a.Person.Title(), b.Person.Title()))
	})
	supported := map[string]bool{}
	for _, one := range fewest {
		for _, a := range one.Acts {
			supported[a.Initiative] = true
		}
		if !slices.ContainsFunc(one.Acts, func(a effort.Act) bool {
			return a.Kind == effort.Objective && a.Day > today.Add(-objectiveFor)
		}) {
			asks[one.Person.ID] = append(asks[one.Person.ID], Ask{Kind: AskObjective})
		}
	}
	var waiting []effort.Initiative
	for _, i := range initiatives {
		if i.Ended == "" && !supported[i.ID] {
			waiting = append(waiting, i)
		}
	}
	for _, one := range fewest {
		id := one.Person.ID
		if n := slices.IndexFunc(coming, func(s transition.Session) bool { return s.Host.Person.ID != id }); n >= 0 && len(asks[id]) < askedOf {
			asks[id] = append(asks[id], Ask{Kind: AskSession, Session: coming[n]})
			coming = slices.Concat(coming[:n], coming[n+1:])
		}
		if len(waiting) > 0 && len(asks[id]) < askedOf {
			asks[id], waiting = append(asks[id], Ask{Kind: AskSupport, Initiative: waiting[0]}), waiting[1:]
		}
	}
	return asks
}
