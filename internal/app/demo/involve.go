package demo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// seenActs are what executives of the demo organisations do, by kind, with how many see it.
var seenActs = []struct {
	kind     effort.ActKind
	what     string
	audience string
	reach    int
	minutes  int
	evidence string
}{
	{effort.Statement, "Letter to all: what we learned from the last diagnosis", "everybody by mail", 0, 40, "Letter of the month, in the archive of communication"},
	{effort.Statement, "Interview in the staff magazine about practice at work", "readers", 1800, 60, "Staff magazine, page 4"},
	{effort.Spoke, "Opened the day for new team leaders", "new team leaders", 45, 30, "Programme of the day"},
	{effort.Spoke, "Answered questions about the focal points", "a canteen at noon", 80, 60, "Photograph and list of questions on the intranet"},
	{effort.Facilitated, "Led the second module of the course for managers", "managers of the course", 16, 180, "List of who came"},
	{effort.Facilitated, "Led a dialogue session", "a team", 11, 90, "Notes of the session"},
	{effort.TookPart, "Stood a morning at the work with a coach", "", 0, 180, "Note of the coach"},
	{effort.TookPart, "Sat in the course on giving feedback", "", 0, 240, "List of who came"},
	{effort.Sponsored, "Gave the pilot its hours and its money", "", 0, 20, "Minutes of the management team"},
}

// seenQuarters is for how many quarters back there are acts.
const seenQuarters = 8

// seenAct is an act and who writes it down.
type seenAct struct {
	effort.Act
	by string
}

// involved writes down what executives were seen to do, day by day: some much, some hardly anything. The chief
// executive's assistant writes for that one, the head of learning for the others.
func (l *loading) involved(ctx context.Context) error {
	people, err := l.orgAt(l.now).People(ctx, l.organisation, orgdb.PeopleQuery{Day: period.DayOf(l.now), Level: org.LevelExecutive, Limit: 100})
	if err != nil {
		return err
	}
	initiatives, err := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}.Initiatives(ctx, l.organisation)
	if err != nil {
		return err
	}
	var acts []seenAct
	for _, p := range people {
		some, err := l.actsOf(ctx, p, initiatives)
		if err != nil {
			return err
		}
		acts = append(acts, some...)
	}
	slices.SortStableFunc(acts, func(a, b seenAct) int { return cmp.Compare(a.Day, b.Day) })
	for _, a := range acts {
		store := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return earlier(l.dayOf(a.Day.Add(1)), l.now) }}
		if err := store.SaveAct(ctx, l.organisation, a.Act, a.by); err != nil {
			return err
		}
	}
	return nil
}

// actsOf are the acts of an executive.
func (l *loading) actsOf(ctx context.Context, p org.Person, initiatives []effort.Initiative) (acts []seenAct, err error) {
	today, staff, rng := period.DayOf(l.now), l.o.staff(), l.o.rand("involved", p.Key)
	rate := 2.4 * math.Pow(rng.Float64(), 2)
	by := staff[org.HeadOfLearning].Name
	if p.Key == staff[org.Executive].Key {
		rate, by = 2.6, staff[org.Assistant].Name
	}
	for n := range seenQuarters {
		first := period.Of(today, period.Quarterly).Add(n - seenQuarters + 1).First()
		for range int(rate + rng.Float64()) {
			one, day := pick(rng, seenActs), period.DayOf(workday(first.Add(rng.IntN(85)).Time().Add(9*time.Hour)))
			if day > today {
				continue
			}
			if _, err := l.Org.Person(ctx, l.organisation, p.ID, day); fault.KindOf(err) == fault.NotFound {
				continue // not there yet
			} else if err != nil {
				return nil, err
			}
			a := effort.Act{ID: id.New(), Person: org.Ref{ID: p.ID}, Kind: one.kind, Day: day, What: one.what, Audience: one.audience, Reach: one.reach, Minutes: one.minutes, Evidence: one.evidence}
			if one.kind == effort.Sponsored && len(initiatives) > 0 {
				supported := pick(rng, initiatives)
				a.Initiative, a.What = supported.ID, fmt.Sprintf("Gave ‘%s’ its hours and its money", supported.Name)
			}
			acts = append(acts, seenAct{a, by})
		}
	}
	return acts, nil
}
