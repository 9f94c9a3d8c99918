package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// offer describes what one learns by.
func (s *learns) offer(ctx context.Context) error {
	goals, err := s.Strategy.Top(ctx, s.organisation)
	if err != nil {
		return err
	}
	for _, g := range goals {
		s.goals[g.Name] = g.ID
	}
	store := s.then(s.day(firstRoster + 150))
	for _, one := range s.skills.Resources {
		r := learning.Resource{Key: one.Key, Name: one.Name, Note: one.Note, Modality: effort.Modality(one.Modality), Minutes: int(one.Hours * 60), Price: int64(one.Price * 100), Currency: "EUR", External: one.Provider != "", Provider: one.Provider, Capacity: one.Capacity, Approved: one.Approved, Since: s.began().First()}
		for _, text := range one.For {
			a := learning.Aim{Kind: effort.ForCompetency}
			key := ""
			if _, err := fmt.Sscanf(text, "%s %d", &key, &a.Level); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
			a.ID = s.competencies[key]
			r.Aims = append(r.Aims, a)
		}
		if one.Goal != "" {
			r.Aims = append(r.Aims, learning.Aim{Kind: effort.ForGoal, ID: s.goals[one.Goal]})
		}
		for _, of := range one.Touches {
			r.Aims = append(r.Aims, learning.Aim{Kind: effort.ForCharacteristic, ID: of})
		}
		for _, need := range one.Needs {
			r.Needs = append(r.Needs, s.resources[need])
		}
		id, err := store.SaveResource(ctx, s.organisation, r, s.by, s.by)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
		s.resources[one.Key] = id
	}
	return nil
}

// Days from now on which offerings begin, four of each: half of them are over.
const (
	planned     = -75
	firstBegins = -40
	nextBegins  = 20
)

// schedule says when what is learned together can be had, who asked for it and who came.
func (s *learns) schedule(ctx context.Context) error {
	people, err := s.Org.People(ctx, s.organisation, orgdb.PeopleQuery{Day: s.roster, Limit: 20_000})
	if err != nil {
		return err
	}
	employee, err := s.Org.PersonByKey(ctx, s.organisation, s.o.staff()[org.Employee].Key, s.roster)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p org.Person) bool { return p.Manager.Key == employee.Manager.Key }) // of these ask tells
	s.o.rand("offerings").Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	for n, key := range []string{"hear-out", "talk-and-listen", "rota-lab", "safe-lift", "fresh-visit"} {
		for m := range 4 {
			day := firstBegins + nextBegins*m + 3*n
			o := learning.Offering{Resource: s.resources[key], Begins: period.DayOf(s.day(day)), Ends: period.DayOf(s.day(day)), Place: []string{"Groningen", "Poznań", "Lille"}[(n+m)%3], Places: 12}
			if key == "hear-out" {
				o.Cost, o.Currency = 45_000, "EUR"
			}
			id, err := s.then(s.day(planned)).SaveOffering(ctx, s.organisation, o, s.by)
			if err != nil {
				return err
			}
			o.ID = id
			if err := s.attend(ctx, o, people, 40*m+8*n, day); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
	}
	return nil
}

// attend has some people ask for an offering from the first on, and, where it is over, says who came.
func (s *learns) attend(ctx context.Context, o learning.Offering, people []org.Person, first, day int) error {
	asking := s.then(s.day(min(day-8, -1)))
	for n := range 6 + first%9 {
		p := people[(first+n)%len(people)]
		q := learning.Request{Person: org.Ref{ID: p.ID}, Resource: o.Resource, Offering: o.ID, Needed: period.DayOf(s.day(day - 8 + n)), By: p.Manager.Name}
		if err := asking.Ask(ctx, s.organisation, q, org.TheManager); err != nil {
			return err
		}
	}
	if day >= -1 {
		return nil
	}
	v, err := asking.Offering(ctx, s.organisation, o.ID)
	if err != nil {
		return err
	}
	var came []learningdb.CameOf
	for n, q := range v.Asked {
		if q.State == learning.Placed {
			came = append(came, learningdb.CameOf{Request: q.ID, Completed: n%7 != 5})
		}
	}
	return s.then(s.day(day+1)).Note(ctx, s.organisation, o.ID, came, s.by)
}

// plan writes the learning strategy of the year, with who signed it.
func (s *learns) plan(ctx context.Context) error {
	units, err := s.Strategy.Units(ctx, s.organisation)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, u := range units.Units {
		ids[u.Key] = u.ID
	}
	staff, at, met := s.o.staff(), s.then(s.day(-50)), map[string]bool{}
	for _, one := range s.skills.Priorities {
		if ids[one.Unit] == "" {
			continue
		}
		p := learning.Priority{Unit: org.Ref{ID: ids[one.Unit]}, Year: s.now.Year(), Name: one.Name, Why: one.Why, Goal: s.goals[one.Goal], Hours: one.Hours, Budget: one.Budget * 100, Currency: "EUR"}
		for _, key := range one.Competencies {
			p.Competencies = append(p.Competencies, s.competencies[key])
		}
		for _, key := range one.Resources {
			p.Resources = append(p.Resources, s.resources[key])
		}
		for _, text := range one.Solutions {
			kind, what, _ := strings.Cut(text, ": ")
			p.Solutions = append(p.Solutions, learning.Solution{Kind: effort.Kind(kind), What: what})
		}
		id, err := at.SavePriority(ctx, s.organisation, p, staff[org.Role(one.Owner)].Key, s.by)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
		head := staff[org.Executive].Name
		if one.Unit != Root {
			head = staff[org.Manager].Name
		}
		review := learning.Review{Unit: p.Unit, Year: p.Year, Day: period.DayOf(s.day(-55)), With: head + ", " + s.by, Decisions: "Fewer courses, more of it beside a colleague.\nThe card at the till comes before the course.", Next: period.DayOf(s.day(120))}
		if review.Day.Time().Year() != p.Year {
			review.Year = review.Day.Time().Year()
		}
		if !met[p.Unit.ID] {
			if err := at.Meet(ctx, s.organisation, review, s.by); err != nil {
				return err
			}
			met[p.Unit.ID] = true
		}
		if err := at.Sign(ctx, s.organisation, id, true, s.by); err != nil {
			return err
		}
		if one.Signed == "both" {
			if err := at.Sign(ctx, s.organisation, id, false, head); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask gives those who work with the demo's employee plans and requests: some agreed and worked on, one
// that is done and confirmed, one that waits for a yes.
func (s *learns) ask(ctx context.Context) error {
	employee, today := s.o.staff()[org.Employee], period.DayOf(s.now)
	self, err := s.Org.PersonByKey(ctx, s.organisation, employee.Key, today)
	if err != nil {
		return err
	}
	people, err := s.then(s.now).Reports(ctx, s.organisation, self.Manager.Key)
	if err != nil {
		return err
	}
	for n, p := range people {
		v, err := s.then(s.now).Development(ctx, s.organisation, p.Person.ID)
		if err != nil {
			return err
		}
		for m, one := range v.Suggestions[:min(3, len(v.Suggestions))] {
			if err := s.intoPlan(ctx, p.Person, self.Manager.Name, one, n, m); err != nil {
				return err
			}
		}
		if n%3 == 1 && p.Person.Key != employee.Key {
			q := learning.Request{Person: org.Ref{ID: p.Person.ID}, Resource: s.resources["talk-and-listen"], Needed: today, Why: "I shall lead a team from spring on.", By: p.Person.Title()}
			if err := s.then(s.now).Ask(ctx, s.organisation, q, org.ThePerson); err != nil {
				return err
			}
		}
	}
	return nil
}

// intoPlan takes a suggestion over, some weeks ago.
func (s *learns) intoPlan(ctx context.Context, p org.Person, manager string, one learning.Suggestion, n, m int) error {
	i := learning.Item{Person: org.Ref{ID: p.ID}, What: one.Objective, Why: "Talked over in autumn.", Modality: one.Modality, Competency: one.Competency, Level: one.Level, Due: period.DayOf(s.day(30 + 25*m - 8*n%40))}
	switch {
	case one.Resource != nil:
		i.What, i.Resource = one.Resource.Name, one.Resource.ID
	case i.What == "":
		i.What = "An hour a week beside somebody who can"
	}
	if one.Goal != nil {
		i.Goal = one.Goal.ID
	}
	at := s.then(s.day(-45 + 5*m))
	id, err := at.SaveItem(ctx, s.organisation, i, org.ThePerson, p.Title())
	if err != nil || (n+m)%4 == 3 {
		return err
	}
	if err := at.AgreeItem(ctx, s.organisation, p.ID, id, org.TheManager, manager); err != nil {
		return err
	}
	step := learning.Step{Evidence: m == 0}
	step.What = "Twice with a colleague, once alone."
	if err := s.then(s.day(-20)).AddStep(ctx, s.organisation, p.ID, id, step, p.Title()); err != nil {
		return err
	}
	if (n+m)%4 != 1 || i.Resource != "" {
		return nil
	}
	if err := s.then(s.day(-6)).ReportItem(ctx, s.organisation, p.ID, id, "I do it alone now, and have shown it to the newcomer.", 360, p.Title()); err != nil {
		return err
	}
	return s.then(s.day(-3)).ConfirmItem(ctx, s.organisation, p.ID, id, true, i.Level, manager)
}
