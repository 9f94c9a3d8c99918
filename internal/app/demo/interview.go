package demo

import (
	"context"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// said is one thing that somebody says in an interview.
type said struct {
	about []string // characteristics
	words string
	quote bool
}

// talk is an interview of the demo.
type talk struct {
	level org.Level
	place string
	said  []said
}

// talks are the interviews after the second diagnosis.
var talks = []talk{
	{org.LevelEmployee, "a store in Gdańsk", []said{
		{[]string{"dialogue", "involvement"}, "New shelves came on a Tuesday. Nobody had asked where they would fit, and on Wednesday we moved them all again.", true},
		{[]string{"trust"}, "Trusts the team leader without question; 'the office' is another matter.", false},
	}},
	{org.LevelEmployee, "a store in Utrecht", []said{
		{[]string{"dialogue"}, "We get told. That is not the same as being asked.", true},
		{[]string{"room_for_mistakes"}, "A wrong price is put right and forgotten; a wrong order follows you for a year.", true},
	}},
	{org.LevelEmployee, "the depot in Lyon", []said{
		{[]string{"process_simplification", "process_alignment"}, "Every pallet is typed in three times: at the gate, in the hall, at the truck.", true},
		{[]string{"dialogue"}, "The Monday talk was begun last year and stopped after two months, when the manager changed.", false},
	}},
	{org.LevelEmployee, "a store in Leuven", []said{
		{[]string{"non_performance"}, "Two people do the work of three, everybody knows which two.", true},
		{[]string{"inspiration"}, "Speaks warmly of the store manager, who works the till on Saturdays.", false},
	}},
	{org.LevelEmployee, "a store in Brno", []said{
		{[]string{"involvement"}, "I had an idea for the bakery. I wrote it down, I handed it in. That was in March.", true},
	}},
	{org.LevelTeamLeader, "a depot in the north", []said{
		{[]string{"dialogue", "decision_speed"}, "Would talk more with the team if there were an hour for it in the week's plan; there is none.", false},
		{[]string{"process_alignment"}, "The stores plan on Thursday, we plan on Wednesday. So we plan twice.", true},
	}},
	{org.LevelManager, "a store in Hamburg", []said{
		{[]string{"sharing_figures", "measuring"}, "The board by the canteen changed more than any training did: people argue about the figures now.", true},
		{[]string{"dialogue"}, "Thinks that everybody is asked; names the yearly meeting as the place.", false},
	}},
	{org.LevelManager, "a store in Warsaw", []said{
		{[]string{"non_performance", "coaching"}, "Has never been shown how to tell somebody that it is not good enough, and puts it off.", false},
	}},
	{org.LevelSeniorManager, "the head office", []said{
		{[]string{"dialogue", "involvement"}, "We decide in the head office what we could ask about on the floor. It is quicker, until it is not.", true},
	}},
}

// interview holds the talks after a diagnosis; the lead shares the notes.
func (l *loading) interview(ctx context.Context, id string, from time.Time) error {
	account := ""
	for _, s := range l.signIns {
		if s.Role == org.DiagnosisLead {
			account = s.Account
		}
	}
	for n, t := range talks {
		at := from.AddDate(0, 0, n/2)
		store := l.at(at)
		i := diagnosis.Interview{Day: period.DayOf(at), Level: t.level.Name(), Place: t.place, Shared: true}
		interview, err := store.SaveInterview(ctx, l.organisation, id, i, account, l.lead())
		if err != nil {
			return err
		}
		for _, s := range t.said {
			note := diagnosis.Note{Items: s.about, Quote: s.quote}
			note.Text = s.words
			if err := store.SaveNote(ctx, l.organisation, id, interview, note, account); err != nil {
				return err
			}
		}
	}
	return nil
}
