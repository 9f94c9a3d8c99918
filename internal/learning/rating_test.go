package learning_test

import (
	"strings"
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
)

func rating(by learning.RatedBy, day string, level int) learning.Rating {
	return learning.Rating{Competency: "c", RatedBy: by, Day: period.Day(day), Level: level}
}

func TestTheMostTrustedOfTheRecentRatingsCounts(t *testing.T) {
	self, manager, test, evidence := rating(learning.BySelf, "2026-05-01", 4), rating(learning.ByManager, "2026-04-01", 3), rating(learning.ByAssessment, "2024-07-01", 2), rating(learning.ByEvidence, "2025-12-01", 1)
	older := rating(learning.ByManager, "2026-01-01", 5)
	for name, c := range map[string]struct {
		rule    learning.CountingRule
		ratings []learning.Rating
		want    int // level, -1 for none
	}{
		"an assessment comes first":              {learning.CountingRule{}, []learning.Rating{self, manager, test, evidence}, 2},
		"one that is too old does not count":     {learning.CountingRule{Months: 12}, []learning.Rating{self, manager, test, evidence}, 1},
		"of one sort the newest":                 {learning.DefaultRule, []learning.Rating{older, manager, self}, 3},
		"the manager's word before the own":      {learning.DefaultRule, []learning.Rating{self, older}, 5},
		"the newest, where that is the rule":     {learning.CountingRule{Newest: true}, []learning.Rating{test, manager, self}, 4},
		"nothing at all":                         {learning.DefaultRule, nil, -1},
		"all too old":                            {learning.CountingRule{Months: 1}, []learning.Rating{test}, -1},
		"one of a day to come does not count":    {learning.DefaultRule, []learning.Rating{rating(learning.ByAssessment, "2026-07-01", 1), self}, 4},
		"the last day of its time still counts":  {learning.CountingRule{Months: 2}, []learning.Rating{manager}, 3},
		"the day after, it does not count any m": {learning.CountingRule{Months: 1}, []learning.Rating{manager}, -1},
	} {
		got, found := c.rule.Counts(c.ratings, "2026-06-01")
		if c.want < 0 && found || c.want >= 0 && (!found || got.Level != c.want) {
			t.Errorf("%s: %+v, %v", name, got, found)
		}
	}
}

func TestGapsAreWhatRolesRequireAndSomebodyLacks(t *testing.T) {
	roles := []learning.Role{
		{ID: "seller", Requires: []learning.Requirement{{Competency: "listen", Level: 3, Essential: true}, {Competency: "count", Level: 2}, {Competency: "rest", Level: 1}}},
		{ID: "lead", Requires: []learning.Requirement{{Competency: "count", Level: 4}, {Competency: "plan", Level: 2, Essential: true}}},
	}
	ratings := []learning.Rating{{Competency: "listen", RatedBy: learning.BySelf, Day: "2026-05-01", Level: 1}, {Competency: "count", RatedBy: learning.BySelf, Day: "2026-05-01", Level: 1}, {Competency: "rest", RatedBy: learning.BySelf, Day: "2026-05-01", Level: 2}}
	var got []string
	for _, g := range learning.Gaps(roles, ratings, learning.DefaultRule, "2026-06-01") {
		got = append(got, strings.Join([]string{g.Competency, g.Role, string(rune('0' + g.Missing())), map[bool]string{true: "known", false: "unknown"}[g.Known()]}, " "))
	}
	if want := "listen seller 2 known, plan lead 2 unknown, count lead 3 known, rest seller 0 known"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func TestARuleSaysWhoHasARole(t *testing.T) {
	store := map[string]string{"workplace": "store"}
	for name, c := range map[string]struct {
		rule learning.HolderRule
		fits bool
	}{
		"no rule is nobody":        {learning.HolderRule{}, false},
		"a level":                  {learning.HolderRule{Levels: []org.Level{org.LevelManager}}, true},
		"another level":            {learning.HolderRule{Levels: []org.Level{org.LevelEmployee}}, false},
		"an attribute":             {learning.HolderRule{Attribute: "workplace", Values: []string{"depot", "store"}}, true},
		"both":                     {learning.HolderRule{Levels: []org.Level{org.LevelManager}, Attribute: "workplace", Values: []string{"store"}}, true},
		"a level, not the value":   {learning.HolderRule{Levels: []org.Level{org.LevelManager}, Attribute: "workplace", Values: []string{"depot"}}, false},
		"an attribute nobody has":  {learning.HolderRule{Attribute: "union", Values: []string{"x"}}, false},
		"an attribute not decided": {learning.HolderRule{Attribute: "union", Values: nil}, false},
	} {
		if got := c.rule.Fits(org.LevelManager, store); got != c.fits {
			t.Errorf("%s: %v", name, got)
		}
	}
	for want, r := range map[string]learning.Role{
		"give it a name":       {},
		"choose the attribute": {Name: "Seller", Rule: learning.HolderRule{Values: []string{"x"}}},
		"say which values":     {Name: "Seller", Rule: learning.HolderRule{Attribute: "workplace", Values: []string{" "}}},
		"no level":             {Name: "Seller", Rule: learning.HolderRule{Levels: []org.Level{"king"}}},
	} {
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestARatingSaysWhatItLacks(t *testing.T) {
	for want, change := range map[string]func(*learning.Rating){
		"from where":               func(r *learning.Rating) { r.RatedBy = "rumour" },
		"choose a level":           func(r *learning.Rating) { r.Level = 5 },
		"choose the day":           func(r *learning.Rating) { r.Day = "soon" },
		"has not come":             func(r *learning.Rating) { r.Day = "2026-06-02" },
		"which assessment or evid": func(r *learning.Rating) { r.RatedBy, r.Note = learning.ByAssessment, "  " },
	} {
		r := rating(learning.BySelf, "2026-05-01", 4)
		if err := r.Check(4, "2026-06-01"); err != nil {
			t.Fatal(err)
		}
		change(&r)
		if err := r.Check(4, "2026-06-01"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
