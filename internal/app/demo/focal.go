package demo

import (
	"context"
	"fmt"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// story is what the management of an organisation chose after each wave, and who was there.
type story struct {
	present string
	focal   [Waves][]diagnosis.FocalPoint
}

// What came of the first three is planted: openness has not moved, the rest has gained half a point.
var retailStory = story{"The board, the managing directors of the countries, two managers and four employees of stores and depots.", [Waves][]diagnosis.FocalPoint{
	{
		{Theme: "Dialogue", Wording: "We talk with each other before we decide, on every floor and every shift.", Promise: 0.6,
			Items: []string{"dialogue", "involvement", "knowledge_sharing"},
			Recommendations: []diagnosis.Recommendation{
				advice("Every store begins the week with ten minutes of talk in which employees speak first.", 0.6, "dialogue"),
				advice("Ask those at the till before the till is changed.", 0.4, "involvement"),
			}},
		{Theme: "Fewer steps", Wording: "Ordering, planning and delivery take half as many steps, in depots first.", Promise: 0.4,
			Items: []string{"process_simplification", "process_alignment", "process_improvement"},
			Recommendations: []diagnosis.Recommendation{
				advice("Depot and stores plan the week together.", 0.4, "process_alignment"),
			}},
		{Theme: "We hold each other to it", Wording: "What was agreed is done, and who does not do it hears so the same week.", Promise: 0.8,
			Items: []string{"non_performance", "accountability", "coaching"}},
	},
	{
		{Theme: "Dialogue, now in earnest", Wording: "Store managers are coached in talking with their people; it is on every agenda of the management team.", Promise: 0.6,
			Items: []string{"dialogue", "involvement", "room_for_mistakes"},
			Recommendations: []diagnosis.Recommendation{
				advice("Every HPO Leader attends one Monday talk a month, and says there what was heard.", 0.6, "dialogue"),
			}},
		{Theme: "From figures to improving", Wording: "Every team sees its own figures and improves one thing a month with them.", Promise: 0.5,
			Items: []string{"sharing_figures", "process_simplification"}},
		{Theme: "Say it the same week", Wording: "Nobody waits a year to hear that the work is not good enough, or that it is.", Promise: 0.5,
			Items: []string{"non_performance", "coaching"}},
	},
}}

var partnershipStory = story{"The board of the partnership, the management teams of three partners and six employees of yards and offices.", [Waves][]diagnosis.FocalPoint{
	{
		{Theme: "One conversation", Wording: "Partners talk about the work with those who do it, before it is decided and on the spot.", Promise: 0.6,
			Items: []string{"dialogue", "involvement", "knowledge_sharing"},
			Recommendations: []diagnosis.Recommendation{
				advice("A hand-over ends with one question from each side.", 0.6, "dialogue"),
			}},
		{Theme: "One way of working", Wording: "A piece of work is handed from partner to partner once, and signed for once.", Promise: 0.4,
			Items: []string{"process_simplification", "process_alignment", "process_improvement"},
			Recommendations: []diagnosis.Recommendation{
				advice("Two partners draw each hand-over together, and take one signature out.", 0.4, "process_simplification"),
			}},
		{Theme: "A promise between partners", Wording: "What partners promise each other has a name and a day, and is looked at every month.", Promise: 0.8,
			Items: []string{"non_performance", "accountability", "coaching"}},
	},
	{
		{Theme: "Coaches on every site", Wording: "Wherever people of the partnership work, a colleague coaches them in talking before deciding.", Promise: 0.6,
			Items: []string{"dialogue", "involvement", "room_for_mistakes"},
			Recommendations: []diagnosis.Recommendation{
				advice("Each group of fifty has a coach of its own site within a year.", 0.6, "dialogue"),
			}},
		{Theme: "Learn from the other yard", Wording: "What one site has found out about a figure, the next one uses within a quarter.", Promise: 0.5,
			Items: []string{"sharing_figures", "process_simplification"}},
		{Theme: "Say it on the day", Wording: "Whoever sees that a promise slips says so on the same day, whichever partner it is.", Promise: 0.5,
			Items: []string{"non_performance", "coaching"}},
	},
}}

func advice(text string, promise float64, item string) diagnosis.Recommendation {
	return diagnosis.Recommendation{Text: text, Items: []string{item}, Promise: promise}
}

// voters is how many people are in the workshop of the demo.
const voters = 14

// choose holds the workshop of a wave: it votes, chooses and decides.
func (l *loading) choose(ctx context.Context, wave int, id string, t time.Time) error {
	store, executives := l.at(t), l.o.executives(wave)
	w := diagnosis.Workshop{Day: period.DayOf(t), Voters: voters, Voting: true,
		Present: l.o.story.present,
		Notes:   "Everybody read the report beforehand. After the vote the themes were put into words in three groups, and each group named who answers for it."}
	if err := store.SaveWorkshop(ctx, l.organisation, id, w); err != nil {
		return err
	}
	c, err := store.Focal(ctx, l.organisation, id)
	if err != nil {
		return err
	}
	for v := range voters {
		if err := store.Vote(ctx, c.Code, fmt.Sprint("voter ", v), l.o.ballot(wave, v)); err != nil {
			return err
		}
	}
	w.Voting = false
	if err := store.SaveWorkshop(ctx, l.organisation, id, w); err != nil {
		return err
	}
	for i, f := range l.o.story.focal[wave-1] {
		if _, err := store.SaveFocal(ctx, l.organisation, id, f, executives[i%len(executives)].Key, l.lead()); err != nil {
			return err
		}
	}
	if err := store.DecideFocal(ctx, l.organisation, id, l.lead()); err != nil {
		return err
	}
	return l.conduct(ctx, wave, id)
}

// ballot is what somebody in the workshop votes for: mostly what was chosen.
func (o *Organisation) ballot(wave, voter int) (items []string) {
	rng := o.rand("ballot", fmt.Sprint(wave), fmt.Sprint(voter))
	var all []string
	for _, f := range o.story.focal[wave-1] {
		all = append(all, f.Items...)
	}
	all = append(all, "trust", "customer_service", "own_ranks", "safe_workplace")
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:2+rng.IntN(diagnosis.MostVotes-1)]
}

// executives are those of a wave, in the order of the roster.
func (o *Organisation) executives(wave int) (all []Person) {
	for _, p := range o.People(wave) {
		if p.Level == org.LevelExecutive {
			all = append(all, p)
		}
	}
	return all
}
