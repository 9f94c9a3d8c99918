package db_test

import (
	"strings"
	"testing"

	"throughline/internal/kit/db"
)

func TestWordsAreFoldedAlike(t *testing.T) {
	for text, want := range map[string]string{
		"Questions before answers.": "questions before answers", "Gdańsk: Łódź – ÜBER 5S!": "gdansk lodz uber 5s", "a\"b*c:d & e|f": "a b c d e f", "  ": "", "ﬁx №3": "fix no3", "don't": "don t",
	} {
		if got := db.Words(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := db.SQLite.Match(`night "team" OR *`); got != `"night"* "team"* "or"*` {
		t.Error(got)
	}
	if got := db.Postgres.Match(`night 'team' & !`); got != "night:* & team:*" {
		t.Error(got)
	}
	if got := db.SQLite.Match(" ?! "); got != "" {
		t.Error(got)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Questions before answers.")
	f.Add("\xff\"'*:&|!()")
	f.Fuzz(func(t *testing.T, text string) {
		words := db.Words(text)
		if strings.ContainsAny(words, "\"'*:&|!()<>\\") || strings.Contains(words, "  ") || strings.TrimSpace(words) != words {
			t.Errorf("%q: %q", text, words)
		}
	})
}
