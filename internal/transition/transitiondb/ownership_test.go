package transitiondb_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// asked runs a diagnosis of everybody today, in which all answer 5, or up for one characteristic,
// every second one more, and releases it to managers.
func (w *world) asked(t *testing.T, name, item string, up int) (id string) {
	t.Helper()
	ctx, s := context.Background(), w.Diagnosis
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d := diagnosis.Diagnosis{Name: name, RosterDay: period.DayOf(w.now), Opens: w.now, Closes: w.now.AddDate(0, 0, 14), Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level}}}
	id, err := s.Draft(ctx, w.organisation, d, "Ada")
	check(err)
	check(s.Open(ctx, w.organisation, id, org.By{Name: "Ada"}))
	in, err := s.Instrument(ctx, w.organisation, id)
	check(err)
	var secrets []string
	check(s.Links(ctx, w.organisation, id, func(l diagnosisdb.PersonalLink) error {
		secrets = append(secrets, l.Secret)
		return nil
	}))
	for n, one := range secrets {
		answers := map[string]string{}
		for i, it := range in.Items() {
			answer := 5 + (i+n)%2
			if it.ID == item {
				answer += up - 5
			}
			answers[it.ID] = strconv.Itoa(answer)
		}
		check(s.Submit(ctx, one, answers))
	}
	check(s.Close(ctx, w.organisation, id, org.By{Name: "Repairs-0", Person: "Repairs-0"}, nil))
	check(s.Release(ctx, w.organisation, id, diagnosis.ToManagers, "Ada"))
	return id
}

// Between two diagnoses a group decides on three actions: one on what then rises clearly, one on what
// does not, one that is stopped. Whose unit is no more is told of by the whole.
func TestWhatIsLearnedOfImplementing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.now = start.AddDate(0, 1, 0)
		first := w.asked(t, "Summer", "", 5)
		var focal []string
		for i, item := range []string{"dialogue", "coaching", "trust"} {
			f, err := w.Diagnosis.SaveFocal(ctx, w.organisation, first, diagnosis.FocalPoint{Theme: "Point " + strconv.Itoa(i), Wording: "It is otherwise", Items: []string{item}}, "Repairs-0", "Ada")
			if err != nil {
				t.Fatal(err)
			}
			focal = append(focal, f)
		}
		if err := w.Diagnosis.SaveWorkshop(ctx, w.organisation, first, diagnosis.Workshop{Day: period.DayOf(w.now), Present: "The board"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Diagnosis.DecideFocal(ctx, w.organisation, first, "Ada"); err != nil {
			t.Fatal(err)
		}
		w.diagnosis, w.focal = first, focal
		_, repairs, _ := w.groupsOf(t)
		w.now = w.now.AddDate(0, 0, 1)
		var ids []string
		for i, item := range []string{"dialogue", "coaching", "dialogue"} {
			a := w.asks(t)
			a.Focal, a.Item, a.External = focal[i%2], item, i == 2
			if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, a, "Mo"); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, a.ID)
		}
		w.now = w.now.AddDate(0, 0, 12)
		for i, one := range ids {
			state, outcome := transition.ActionDone, transition.Helped
			if i == 2 {
				state, outcome = transition.ActionStopped, ""
			}
			if err := w.EndAction(ctx, w.organisation, one, state, outcome, transition.CheckIn{Text: "Enough."}, "Mo"); err != nil {
				t.Fatal(err)
			}
		}
		learned, err := w.Implementing(ctx, w.organisation)
		if err != nil || len(learned) != 1 || learned[0].From.ID != first || learned[0].All.Expected != 0 || learned[0].All.Done != 2 {
			t.Errorf("before the next diagnosis: %+v, %v", learned, err)
		}
		rows := staff()
		for i := range rows {
			rows[i].unit = strings.Replace(rows[i].unit, "Repairs", "Works", 1)
		}
		w.now = w.now.AddDate(0, 6, 0)
		roster(t, w.Org, w.organisation, period.DayOf(w.now), rows)
		second := w.asked(t, "Winter", "dialogue", 7)
		learned, err = w.Implementing(ctx, w.organisation)
		want := transition.Implementation{Decided: 3, Due: 3, OnTime: 2, Done: 2, Days: 12, Stopped: 1, Expected: 2, Moved: 1}
		if err != nil || len(learned) != 1 || learned[0].To.ID != second || learned[0].All != want || len(learned[0].Units) != 1 || learned[0].Units[0].Name != "Repairs" {
			t.Errorf("%+v, %v", learned, err)
		}
		if err := w.Diagnosis.Release(ctx, w.organisation, second, diagnosis.ToLeads, "Ada"); err != nil {
			t.Fatal(err)
		}
		if learned, err = w.Implementing(ctx, w.organisation); err != nil || learned[0].All.Expected != 0 {
			t.Errorf("of a report that managers do not read: %+v, %v", learned, err)
		}

		// Who ran it: the program knows who closed it, of the roster; the rest somebody says.
		c := transition.Conduct{Diagnosis: second, Step: transition.StepOpen, By: transition.Outside, Who: "The bureau"}
		if err := w.SayConduct(ctx, w.organisation, c, "Mo"); err != nil {
			t.Fatal(err)
		}
		c.Step = "dance"
		if err := w.SayConduct(ctx, w.organisation, c, "Mo"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("of no step: %v", err)
		}
		steps, err := w.Conducts(ctx, w.organisation)
		var said []string
		for _, c := range steps {
			if c.Diagnosis != second {
				continue
			}
			said = append(said, string(c.Step)+" "+string(c.By)+" "+c.Who)
		}
		if err != nil || strings.Join(said, "|") != "open external The bureau|close own Person Repairs-0" {
			t.Errorf("%v, %v", said, err)
		}
		deeds, err := w.Deeds(ctx, w.organisation)
		sum := transition.Owned{}
		for _, q := range transition.Ownership(deeds) {
			a := q.Kinds[transition.DeedAction]
			sum.Own, sum.Outside = sum.Own+a.Own, sum.Outside+a.Outside
		}
		if err != nil || sum.Own != 2 || sum.Outside != 1 {
			t.Errorf("%+v, %v", sum, err)
		}
		runners, err := w.Runners(ctx, w.organisation)
		if err != nil || len(runners) != 1 || runners[0].Country != "UK" || runners[0].People != 164 || len(runners[0].Able) != 1 || runners[0].Able[0].Step != transition.Led {
			t.Errorf("%+v, %v", runners, err)
		}

		// What is decided after a diagnosis is not judged by it.
		if err := w.Diagnosis.Release(ctx, w.organisation, second, diagnosis.ToManagers, "Ada"); err != nil {
			t.Fatal(err)
		}
		late := w.asks(t)
		late.Focal, late.Item = focal[1], "coaching"
		if err := w.Decide(ctx, w.organisation, transition.GroupBody, repairs, late, "Mo"); err != nil {
			t.Fatal(err)
		}
		if err := w.EndAction(ctx, w.organisation, late.ID, transition.ActionDone, transition.Helped, transition.CheckIn{Text: "Enough."}, "Mo"); err != nil {
			t.Fatal(err)
		}
		learned, err = w.Implementing(ctx, w.organisation)
		if i := slices.IndexFunc(learned, func(l transitiondb.Learned) bool { return l.From.ID == second }); err != nil || i < 0 || learned[i].All.Done != 1 || learned[i].All.Expected != 0 {
			t.Errorf("after the second: %+v, %v", learned, err)
		}

		// Who closes a diagnosis can run the next, in no programme too.
		w.now = w.now.AddDate(0, 0, 1)
		third, err := w.Diagnosis.Draft(ctx, w.organisation, diagnosis.Diagnosis{Name: "Pulse", RosterDay: period.DayOf(w.now), Opens: w.now, Closes: w.now.AddDate(0, 0, 14), Setup: diagnosis.Setup{Minimum: 5, Attributes: []string{diagnosisdb.Level}}}, "Ada")
		if err == nil {
			err = w.Diagnosis.Open(ctx, w.organisation, third, org.By{Name: "Ada"})
		}
		if err == nil {
			err = w.Diagnosis.Close(ctx, w.organisation, third, org.By{Name: "Stores-9", Person: "Stores-9"}, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		if runners, err = w.Runners(ctx, w.organisation); err != nil || len(runners[0].Able) != 2 || runners[0].Able[1].Person.Key != "Stores-9" || runners[0].Able[1].Step != transition.Led {
			t.Errorf("who closed one: %+v, %v", runners, err)
		}

		served, err := w.Serves(ctx, w.organisation, first, diagnosis.FocalPoint{ID: focal[0], Items: []string{"dialogue"}})
		if err != nil || len(served.Actions) != 2 || len(served.Sessions) != 0 || served.Spent.Entries != 1 {
			t.Errorf("%+v, %v", served, err)
		}
	})
}
