package demo

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// deed is an action of the demo.
type deed struct {
	what, came string
	kind       effort.Kind
}

var (
	deeds = []deed{
		{"Every meeting ends with three minutes: what was decided, who does it, until when", "Decisions are not taken twice any more.", effort.OrganisationalChange},
		{"Each of us visits one site a week, and asks two questions there", "We hear of problems a fortnight earlier.", effort.Coaching},
		{"The figures of the week go out on Monday with one sentence on what they mean", "Half of the sites talk about them in the morning round.", effort.KnowledgeManagement},
		{"Half a day for all managers: giving feedback within the week", "Eleven of fourteen tried it and told the others.", effort.Learning},
		{"Strike out a third of our reports, and ask who misses one", "Nobody missed any of the nine.", effort.ProcessAnalysis},
		{"A board at each site: you asked, we did", "Answers now take four days.", effort.JobTools},
		{"Talk with everybody who was overlooked for a promotion", "Two of five stay who wanted to leave.", effort.TalentManagement},
		{"Go through the way of an order together, and take one step out", "Two hand-overs fewer.", effort.ProcessAnalysis},
		{"Agree with each manager on one goal that people will notice", "Not all goals were written so that one could tell.", effort.PerformanceManagement},
		{"Thank somebody each week in front of the others, with the reason", "It feels less odd each week.", effort.Motivation},
	}
	asides = []deed{
		{"Renew the look of the offices", "Done, and nobody works differently.", effort.JobTools},
		{"Choose another supplier of cars", "", effort.ProcessAnalysis},
		{"Write the handbook of forms anew", "", effort.KnowledgeManagement},
	}
	whyNot = "It was planned before the diagnosis."
	words  = []string{"The first two weeks are done.", "Two of us have begun, the others follow.", "The partner has not answered.", "Slower than we thought: two were ill.", "It goes by itself now."}
	pauses = []string{"Nobody could find the time, and it moved nothing.", "The next diagnosis showed that it was not the point."}
)

// act lets those whom a programme coaches decide on some actions each, from one day until another:
// in the beginning much is off focus, later little.
func (l *loading) act(ctx context.Context, p transition.Programme, from, until, most int) error {
	bodies, err := l.programmes(l.day(until)).Acting(ctx, l.organisation, p.ID, true)
	if err != nil {
		return err
	}
	bodies = slices.DeleteFunc(bodies, func(a transitiondb.Acting) bool { return a.Kind == transition.TeamBody && a.Unit.ID == "" })
	var helped []transition.Action
	for i, body := range bodies {
		rng := l.o.rand("actions", body.Name)
		for n := range 1 + rng.IntN(most) {
			day := from + (until-from)*n/(most+1) + rng.IntN(max(1, (until-from)/7))
			done, err := l.deed(ctx, body.Body, rng, day, i+n, helped)
			if err != nil {
				return err
			}
			if done.Outcome == transition.Helped {
				helped = append(helped, done)
			}
		}
	}
	return nil
}

// deed decides on an action on a day and lets it run until today.
func (l *loading) deed(ctx context.Context, b transition.Body, rng *rand.Rand, day, n int, helped []transition.Action) (transition.Action, error) {
	store := l.programmes(l.day(day))
	now, err := store.Body(ctx, l.organisation, b.Kind, b.ID)
	if err != nil || len(now.People) == 0 || len(now.Focal) == 0 {
		return transition.Action{}, nil // not there yet on that day
	}
	owner := pick(rng, now.Candidates())
	one, what := transition.Action{ID: id.New(), Owner: org.Ref{ID: owner.ID}, Decided: period.DayOf(l.day(day)), Due: period.DayOf(l.day(day + 25 + rng.IntN(80)))}, deeds[n%len(deeds)]
	if rng.Float64() < 0.1+0.6*float64(-day)/-firstRoster {
		what, one.OffFocus = asides[n%len(asides)], whyNot
	} else {
		point := pick(rng, now.Focal)
		one.Focal, one.Item = point.ID, pick(rng, point.Items)
		one.Effect = "People notice it within a quarter."
	}
	if len(helped) > 0 && one.Focal != "" && rng.Float64() < 0.35 {
		from := pick(rng, helped)
		if _, there := now.Point(from.Focal); there && from.Body.ID != b.ID {
			what, one.From, one.Focal, one.Item = deed{from.What, "It works here too.", from.Kind}, from.ID, from.Focal, from.Item
		}
	}
	one.What, one.Kind, one.External = what.what, what.kind, rng.Float64() < 0.4*float64(-day)/-firstRoster
	one.Initiative = l.initiative[one.Kind]
	if err := store.Decide(ctx, l.organisation, b.Kind, b.ID, one, now.Candidates()[0].Title()); err != nil {
		return one, err
	}
	return l.run(ctx, one, owner.Title(), what.came, rng, day)
}

// run lets the owner say something of an action now and then, and ends most.
func (l *loading) run(ctx context.Context, one transition.Action, owner, came string, rng *rand.Rand, day int) (transition.Action, error) {
	ends := day + 20 + rng.IntN(110)
	for at := day + 14 + rng.IntN(20); at < min(ends, 0); at += 30 + rng.IntN(30) {
		c := transition.CheckIn{ID: id.New(), Pace: pick(rng, []transition.Pace{transition.OnTrack, transition.OnTrack, transition.Slower, transition.Stuck}), Text: pick(rng, words), Minutes: 60 * rng.IntN(9)}
		if err := l.programmes(l.day(at)).CheckIn(ctx, l.organisation, one.ID, c, owner); err != nil {
			return one, err
		}
	}
	if ends >= 0 {
		return one, nil
	}
	state, outcome, said := transition.ActionDone, pick(rng, []transition.Outcome{transition.Helped, transition.Helped, transition.Partly, transition.DidNot, transition.TooEarly}), came
	if rng.Float64() < 0.15 {
		state, outcome, said = transition.ActionStopped, "", pick(rng, pauses)
	}
	c := transition.CheckIn{Text: said, Minutes: 60 * (1 + rng.IntN(12))}
	if one.External {
		c.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: int64(800+100*rng.IntN(30)) * 100, Currency: "EUR"}}
	}
	if err := l.programmes(l.day(ends)).EndAction(ctx, l.organisation, one.ID, state, outcome, c, owner); err != nil {
		return one, err
	}
	one.Outcome = outcome
	return l.programmes(l.now).Action(ctx, l.organisation, one.ID)
}

// begin begins the initiatives of which actions are a part.
func (l *loading) begin(ctx context.Context, p transition.Programme, day int, names map[effort.Kind]string) error {
	t := l.day(day)
	store := effortdb.Store{DB: l.Transition.DB, Now: func() time.Time { return t }}
	structure, err := l.orgAt(t).Structure(ctx, l.organisation, period.DayOf(t))
	if err != nil {
		return err
	}
	l.initiative = map[effort.Kind]string{}
	for kind, name := range names {
		members, err := l.programmes(l.now).Members(ctx, l.organisation, p.ID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(members, func(m transition.Member) bool { return m.Coaches() })
		if at < 0 {
			continue
		}
		l.initiative[kind] = id.New()
		err = store.SaveInitiative(ctx, l.organisation, l.initiative[kind], members[at].Person.Key, l.programmeManager(), func(i *effort.Initiative) {
			i.Name, i.Kind, i.Note = name, kind, "Begins in one part after the other."
			i.Expected, i.Due = "Half a point on its focal points where it has begun.", period.DayOf(t.AddDate(1, 0, 0))
			i.Serves = served(p)
			for n, child := range structure.Children(0) {
				if n < 4 {
					i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: structure.Units[child].ID}, Day: period.DayOf(l.day(day + 30*n))})
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// served are what an initiative of a programme serves: its first two focal points.
func served(p transition.Programme) (all []effort.Target) {
	for _, focal := range p.Focal[:min(2, len(p.Focal))] {
		all = append(all, effort.Target{Kind: effort.ForFocal, ID: focal})
	}
	return all
}

// goOn lets the initiatives serve the focal points that a programme works on now; the one of knowledge
// has ended.
func (l *loading) goOn(ctx context.Context, p transition.Programme, day int) error {
	t := l.day(day)
	store := effortdb.Store{DB: l.Transition.DB, Now: func() time.Time { return t }}
	for _, kind := range slices.Sorted(maps.Keys(l.initiative)) {
		one, err := store.Initiative(ctx, l.organisation, l.initiative[kind])
		if err != nil {
			return err
		}
		err = store.SaveInitiative(ctx, l.organisation, one.ID, one.Owner.Name, l.programmeManager(), func(i *effort.Initiative) {
			if kind == effort.KnowledgeManagement {
				i.Ended, i.Came = period.DayOf(t), "Figures are read, and asked about; in depots less than in stores."
				return
			}
			i.Serves, i.Due = served(p), period.DayOf(t.AddDate(1, 0, 0))
		})
		if err != nil {
			return err
		}
	}
	delete(l.initiative, effort.KnowledgeManagement)
	return nil
}

// conduct says who ran the steps of a diagnosis: the first with a bureau, the later ones by own people.
func (l *loading) conduct(ctx context.Context, wave int, diagnosisID string) error {
	by, who := transition.Outside, "the bureau that helped with the first diagnosis"
	if wave > 1 {
		by, who = transition.OwnPeople, l.o.staff()[org.DiagnosisLead].Name
	}
	steps := []transition.DiagnosisStep{transition.StepOpen, transition.StepChoose}
	if wave == 1 {
		steps = append(steps, transition.StepClose)
	}
	for _, step := range steps {
		if err := l.programmes(l.now).SayConduct(ctx, l.organisation, transition.Conduct{Diagnosis: diagnosisID, Step: step, By: by, Who: who}, l.programmeManager()); err != nil {
			return err
		}
	}
	return nil
}
