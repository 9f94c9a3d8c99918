package demo

import (
	"context"
	"time"

	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy/strategydb"
)

// profiled keeps the profile of a year and of half a year ago, attaches evidence, and says how the executive and
// the head of learning score some of it themselves.
func (l *loading) profiled(ctx context.Context) error {
	staff := l.o.staff()
	by := staff[org.HeadOfLearning].Name
	for _, days := range []int{-360, -180} {
		if err := l.impactAt(l.day(days)).KeepProfile(ctx, l.organisation, by); err != nil {
			return err
		}
	}
	store := l.impactAt(l.now)
	for _, a := range []struct {
		part, what, link, owner string
		days                    int
	}{
		{"involvement", "The board spent its autumn day at three stores and wrote down what it heard", "Minutes of the board, in the archive", staff[org.Executive].Key, -52},
		{"technology", "Registrations of the learning system arrive every night without anybody typing", "Operations manual, page 12", staff[org.Administrator].Key, -30},
		{"culture", "Exit interviews name learning among the reasons to stay, third year in a row", "Yearly report of personnel", staff[org.HeadOfLearning].Key, -75},
	} {
		one := impact.Attached{Part: a.part, What: a.what, Link: a.link, Day: period.DayOf(l.day(a.days))}
		if err := store.Attach(ctx, l.organisation, one, a.owner, by); err != nil {
			return err
		}
	}
	accounts := map[org.Role]string{}
	for _, s := range l.signIns {
		accounts[s.Role] = s.Account
	}
	for _, v := range []struct {
		role  org.Role
		part  string
		score int
		note  string
	}{
		{org.Executive, "culture", 3, "People ask for courses before we offer them."},
		{org.HeadOfLearning, "culture", 2, "Where the store manager learns, everybody does; elsewhere not."},
		{org.Executive, "link", 2, "I still hear of courses and not of what came of them."},
		{org.HeadOfLearning, "alignment", 3, ""},
	} {
		if err := store.SaveView(ctx, l.organisation, impact.OwnView{Part: v.part, Account: accounts[v.role], Name: staff[v.role].Name, Score: v.score, Note: v.note}); err != nil {
			return err
		}
	}
	return nil
}

// impactAt is the store with every clock set.
func (l *loading) impactAt(t time.Time) impactdb.Store {
	now := func() time.Time { return t }
	s := l.Impact
	s.Now, s.Org = now, l.orgAt(t)
	s.Effort = effortdb.Store{DB: l.Org.DB, Now: now, Catalogue: l.Impact.Effort.Catalogue}
	s.Strategy = strategydb.Store{DB: l.Org.DB, Org: s.Org, Diagnosis: l.Diagnosis, Sources: l.Strategy.Sources, Now: now}
	s.Learning, s.Transition = l.Learning, l.programmes(t)
	s.Learning.Org, s.Learning.Strategy, s.Learning.Now = s.Org, s.Strategy, now
	return s
}
