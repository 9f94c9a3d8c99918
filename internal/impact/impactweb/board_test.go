package impactweb

import (
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/lang"

	"golang.org/x/text/language"
)

// foundOf is an effect of an initiative with what it was found to do.
func foundOf(initiative string, f impact.Finding) line {
	return line{Initiative: effort.Initiative{ID: initiative, Name: initiative}, Kept: &impactdb.Kept{Estimated: &impact.Estimated{Finding: f}}}
}

// Each initiative counts once, by what was asked of it first: 100 of 400 went to what works, 50 to what nobody has
// looked at. The question is about the costliest that goes on and of which nothing is told to work.
func TestTheBoardCountsEachInitiativeOnce(t *testing.T) {
	ended := foundOf("ended", impact.NoEffect)
	ended.Initiative.Ended = "2026-01-01"
	change := foundOf("change", impact.Works)
	change.Change = true
	b := board{portfolio: portfolio{Accounts: true, Currency: "EUR",
		Lines:    []line{foundOf("both", impact.Works), foundOf("both", impact.NoEffect), foundOf("late", impact.CannotTell), foundOf("late", impact.Works), ended, foundOf("idle", impact.NoEffect), foundOf("free", impact.Harms), change},
		Spent:    map[string]impactdb.Spent{"both": {Direct: 100_00}, "late": {Direct: 80_00}, "ended": {Direct: 110_00}, "idle": {Direct: 60_00}, "open": {Direct: 50_00}},
		Unjudged: []impactdb.Cause{{Initiative: effort.Initiative{ID: "open"}}},
	}}
	ctx := lang.With(t.Context(), language.English)
	if got, want := b.moneyText(ctx), "What is told to work (1) took 25 % of the money. For 13 % nobody has looked yet."; got != want {
		t.Errorf("%s\nnot %s", got, want)
	}
	if got := b.costQuestion(ctx); len(got) != 1 || !strings.HasPrefix(got[0], "‘idle’ cost EUR 60, and an effect that matters is ruled out.") {
		t.Errorf("the question is %q", got)
	}
	b.Unjudged = nil
	if got, want := b.moneyText(ctx), "What is told to work (1) took 29 % of the money."; got != want {
		t.Errorf("%s\nnot %s", got, want)
	}
	b.Accounts = false
	if got := b.costQuestion(ctx); len(got) != 0 {
		t.Errorf("who may not read costs is told %q", got)
	}
}
