package text

import "testing"

func TestWhatShowsNothingIsNotVisible(t *testing.T) {
	for _, blank := range []string{"", "  \n", "\u200b", "\u3164 \u00ad", "\u202e"} {
		if Visible(blank) {
			t.Errorf("%q is visible", blank)
		}
	}
	for _, shown := range []string{"a", "…", "5", "喂", "👍", "\u200bx"} {
		if !Visible(shown) {
			t.Errorf("%q is not visible", shown)
		}
	}
	if got := Straight("a\u202eb\u2066c"); got != "abc" {
		t.Errorf("%q", got)
	}
}
