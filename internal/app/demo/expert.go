package demo

import (
	"context"
	"slices"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// learn writes down what the members of a programme have learned until now: of the themes of
// its focal points most, and of diagnoses. What is of the last month mostly waits to be
// confirmed.
func (l *loading) learn(ctx context.Context, p transition.Programme, diagnoses ...string) error {
	store := l.programmes(l.now)
	points, err := store.FocalOf(ctx, l.organisation, p)
	if err != nil {
		return err
	}
	var themes []string
	for _, f := range points {
		themes = append(themes, f.Items...)
	}
	for _, it := range l.in.Items() {
		if it.Factor >= 0 {
			themes = append(themes, it.ID)
		}
	}
	members, err := store.Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !m.Coaches() {
			continue
		}
		rng := l.o.rand("learn", m.Person.Key)
		days := int(l.now.Sub(m.Since).Hours() / 24)
		var had []transition.Experience
		for i := range min(1+days/60, 9) {
			theme := themes[min(i+rng.IntN(4), len(themes)-1)]
			for depth := transition.Explains; depth <= transition.Explains+transition.Depth(rng.IntN(3)) && depth <= transition.Teaches; depth++ {
				had = append(had, transition.Experience{Kind: transition.OfTheme, Subject: theme, Depth: depth})
			}
		}
		for i, kind := range []transition.ExperienceKind{transition.Observed, transition.CoRan} {
			if rng.Float64() < []float64{0.4, 0.5}[i] {
				had = append(had, transition.Experience{Kind: kind, Subject: diagnoses[len(diagnoses)-1]})
				continue
			}
			break
		}
		if err := l.noteAll(ctx, p, m, had, days); err != nil {
			return err
		}
	}
	return nil
}

// noteAll writes experiences down, spread over the last days.
func (l *loading) noteAll(ctx context.Context, p transition.Programme, m transition.Member, had []transition.Experience, days int) error {
	done := map[transition.Experience]bool{}
	for i, e := range had {
		if done[e] {
			continue
		}
		done[e] = true
		ago := days * (len(had) - i) / (len(had) + 1)
		day := l.now.AddDate(0, 0, -ago)
		if e.Day = period.DayOf(day); e.Kind != transition.OfTheme {
			e.Day = period.DayOf(l.day(l.o.first[Waves-1] + opened + i%7))
		}
		var err error
		if ago < 30 && e.Kind == transition.OfTheme {
			err = l.programmes(day).Note(ctx, l.organisation, m.Person.Key, e, org.By{Name: m.Person.Title(), Person: m.Person.Key})
		} else {
			err = l.programmes(day).NoteOf(ctx, l.organisation, p.ID, m.ID, e, org.By{Name: l.lead()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ownDiagnosis lets the first coach who has run a diagnosis together with others, and whose
// unit is large enough, lead one of it.
func (l *loading) ownDiagnosis(ctx context.Context, p transition.Programme) error {
	store := l.programmes(l.day(-60))
	members, err := store.Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	records, err := store.Records(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(members, func(m transition.Member) bool {
		inside, err := l.orgAt(l.day(-60)).People(ctx, l.organisation, orgdb.PeopleQuery{Day: l.roster, Unit: m.Person.Unit.ID, Limit: 100})
		return err == nil && len(inside) >= 2*l.in.MinimumGroup && records[m.Person.ID].Runs() && m.Coaches()
	})
	if i < 0 {
		return nil
	}
	coach := members[i]
	if err := store.MakeLead(ctx, l.organisation, p.ID, coach.ID, l.programmeManager()); err != nil {
		return err
	}
	by := org.By{Name: coach.Person.Title(), Person: coach.Person.Key}
	opens := l.day(-50)
	d := diagnosis.Diagnosis{Name: coach.Person.Unit.Name + ", " + season(opens), RosterDay: l.roster, Opens: opens, Closes: l.day(-36), Within: []string{coach.Person.Unit.ID},
		Setup: diagnosis.Setup{Minimum: l.in.MinimumGroup}}
	id, err := l.at(l.day(-55)).Draft(ctx, l.organisation, d, by.Name)
	if err != nil {
		return err
	}
	if err := l.at(opens).Open(ctx, l.organisation, id, by); err != nil {
		return err
	}
	if err := l.answerAll(ctx, id, opens.AddDate(0, 0, 7), by.Name); err != nil {
		return err
	}
	return l.at(l.day(-36)).Close(ctx, l.organisation, id, by, nil)
}

// answerAll gives the answers of everybody who is invited and would answer.
func (l *loading) answerAll(ctx context.Context, id string, at time.Time, by string) error {
	invited := map[string]bool{}
	err := l.at(at).Links(ctx, l.organisation, id, func(link diagnosisdb.PersonalLink) error {
		invited[link.Key] = true
		return nil
	})
	if err != nil {
		return err
	}
	answers, err := l.packed(Waves, len(l.o.People(Waves)), "")
	if err != nil {
		return err
	}
	answers = slices.DeleteFunc(answers, func(a diagnosis.Imported) bool { return !invited[a.Person] })
	for i := range answers {
		answers[i].Code = ""
	}
	return l.at(at).ImportAnswers(ctx, l.organisation, id, by, answers)
}
