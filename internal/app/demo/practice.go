package demo

import (
	"context"
	"slices"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// situation is a practice of the demo.
type situation struct {
	title, theme, problem, tried, result, evidence string
	outcome                                        transition.Outcome
	appeal                                         float64 // how readily others take it up, 0 to 1
	question, answer                               string
}

var situations = []situation{
	{"Questions before answers", "dialogue", "At hand-over the night team gets a list, and asks nothing back.", "I ask two questions before I say what has to be done.", "They name what is unclear while we still stand together.", "Returned jobs fell from nine to four a week.", transition.Helped, 0.5, "Does it work where the teams never meet?", "We do it by phone, five minutes before the shift."},
	{"You asked, we did", "action_speed", "Ideas from the floor go up and nothing comes back.", "Every question goes on a board, with an answer and a name within five working days.", "The board is full each Friday and empty each Wednesday.", "", transition.Helped, 0.42, "", ""},
	{"Ten minutes without slides", "dialogue", "In the monthly meeting the managers talk, the others listen.", "The meeting starts with ten minutes in which only the team may speak.", "Quiet at first; in the third month three people had prepared something.", "", transition.Partly, 0.35, "What do you do when nobody says anything?", "I wait. The second time it took forty seconds."},
	{"The figure and the story", "sharing_figures", "Figures hang on the wall and nobody looks.", "Once a week one of us says in two minutes what one figure means for our own work.", "People ask for the next one.", "", transition.Helped, 0.3, "", ""},
	{"Say it the same week", "non_performance", "What goes wrong is spoken of at the yearly talk, nine months late.", "I say it within the week, alone, with an example.", "Two hard talks, and the tension in the team is gone.", "", transition.Helped, 0.28, "", ""},
	{"One step less", "process_simplification", "Every pallet is typed in three times.", "We walked the way of one pallet together and crossed out what nobody uses.", "One of the three is gone; the second waits for the partner.", "Eleven minutes a truck.", transition.Helped, 0.33, "Who decided to leave it out?", "The three shift leaders, on the spot. We told the office afterwards."},
	{"The mistake of the week", "room_for_mistakes", "A wrong order follows you for a year.", "On Friday I begin with my own mistake of the week, and what I learned.", "In the fifth week somebody else began.", "", transition.Partly, 0.25, "", ""},
	{"Who decides what", "involvement", "Small things wait for the manager's return.", "We listed twelve decisions and wrote a name behind each.", "Nine of them are ours now.", "", transition.Helped, 0.22, "", ""},
	{"A thank-you with a reason", "coaching", "Praise is a word in passing.", "Once a day I say to one person what they did and what it changed.", "Too early, but I see more since I look for it.", "", transition.TooEarly, 0.15, "", ""},
	{"The open Monday", "trust", "Questions to the site lead take a fortnight.", "An hour on Monday in the canteen, for whoever comes.", "Nobody came after the second month.", "", transition.DidNot, 0.06, "", ""},
}

// share lets members of a programme share what they tried, each situation some weeks after the
// other from a day on, and others take it up from those whom they meet.
func (l *loading) share(ctx context.Context, p transition.Programme, from int, most int) error {
	members, err := l.programmes(l.now).Members(ctx, l.organisation, p.ID)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(m transition.Member) bool { return !m.Coaches() })
	themes := map[string]string{}
	for _, it := range l.in.Items() {
		themes[it.ID] = it.Name.In("en")
	}
	rng := l.o.rand("practices", p.Name)
	order := rng.Perm(len(members))
	if len(order) == 0 {
		return nil
	}
	for i, s := range situations[:min(most, len(situations), len(members))] {
		author := members[order[i]]
		shared := l.day(from + i*int(-float64(from)*0.75/float64(len(situations))))
		if author.Since.After(shared) {
			shared = author.Since.AddDate(0, 0, 20)
		}
		if shared.After(l.now) {
			shared = l.day(-2)
		}
		one := transition.Practice{ID: "demo-" + p.ID[:8] + "-" + string(rune('a'+i)), Title: s.title, Theme: s.theme, Problem: s.problem, Tried: s.tried, Result: s.result, Evidence: s.evidence, Outcome: s.outcome}
		if themes[s.theme] == "" {
			one.Theme = "dialogue"
		}
		if err := l.programmes(shared).SavePractice(ctx, l.organisation, author.Person.Key, one, true, themes); err != nil {
			return err
		}
		if err := l.travel(ctx, one, s, author, members, shared); err != nil {
			return err
		}
	}
	return nil
}

// travel lets a practice pass from one to the next: whoever works by it meets others, those of the
// own partner more often.
func (l *loading) travel(ctx context.Context, one transition.Practice, s situation, author transition.Member, members []transition.Member, shared time.Time) error {
	rng := l.o.rand("travel", one.Title, author.Person.Key)
	from := []transition.Member{author}
	when := map[string]time.Time{author.ID: shared}
	asked := false
	for i := 0; i < len(from); i++ {
		for range 9 {
			next := members[rng.IntN(len(members))]
			chance := s.appeal
			if next.Person.Partner.ID != from[i].Person.Partner.ID {
				chance *= 0.6
			}
			day := when[from[i].ID].AddDate(0, 0, 14+rng.IntN(75))
			if _, has := when[next.ID]; has || rng.Float64() > chance || day.After(l.now) || day.Before(next.Since) {
				continue
			}
			a := transition.Adoption{Practice: one.ID, Day: period.DayOf(day), Outcome: pick(rng, []transition.Outcome{s.outcome, s.outcome, transition.Helped, transition.Partly, transition.TooEarly}), Via: from[i].Person.ID}
			if rng.Float64() < 0.4 {
				a.Note = pick(rng, []string{"With us it stands on the whiteboard.", "We moved it to the end of the shift.", "Shorter: once a week.", "The team leader does it in turns."})
			}
			store := l.programmes(day)
			if err := store.Adopt(ctx, l.organisation, next.Person.Key, a); err != nil {
				return err
			}
			when[next.ID] = day
			from = append(from, next)
			if s.question != "" && !asked {
				asked = true
				if err := l.ask(ctx, store, one.ID, next.Person.Key, author.Person.Key, s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *loading) ask(ctx context.Context, store *transitiondb.Store, practice, asks, answers string, s situation) error {
	if err := store.Ask(ctx, l.organisation, asks, practice, "", s.question); err != nil {
		return err
	}
	shown, err := store.Practice(ctx, l.organisation, asks, practice)
	if err != nil || len(shown.Questions) == 0 {
		return err
	}
	return store.Ask(ctx, l.organisation, answers, practice, shown.Questions[0].ID, s.answer)
}
