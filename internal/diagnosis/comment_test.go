package diagnosis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"

	"pgregory.net/rapid"
)

func TestCommentsAreTakenApartFromAnswers(t *testing.T) {
	in := &Instrument{Questions: []Question{{ID: "keep"}, {ID: "change"}}}
	answers, comments, err := in.Comments(map[string]string{"trust": "7", "change": "  more light \xff ", "keep": " "})
	if err != nil || len(answers) != 1 || !slices.Equal(comments, []Comment{{Question: 1, Text: "more light \ufffd"}}) {
		t.Errorf("%v, %v, %v", answers, comments, err)
	}
	if _, _, err := in.Comments(map[string]string{"keep": strings.Repeat("é", mostComment+1)}); fault.Of(err) == nil || fault.Of(err).Field != "keep" {
		t.Errorf("one that is too long: %v", err)
	}
}

// Whoever reads all lists, of every unit, never finds those of one to nine people by
// taking one from another.
func TestNoListOfCommentsLeavesThoseOfFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Layout{Units: []LayoutUnit{{Parent: -1}}}
		for u := range int32(rapid.IntRange(0, 8).Draw(t, "units")) {
			l.Units = append(l.Units, LayoutUnit{Parent: rapid.Int32Range(0, u).Draw(t, "parent")})
		}
		hidden := rapid.Int32Range(-1, int32(len(l.Units)-1)).Draw(t, "hidden")
		var all []Comment
		for i := range rapid.IntRange(0, 120).Draw(t, "comments") {
			all = append(all, Comment{rapid.IntRange(0, 1).Draw(t, "question"), rapid.Int32Range(0, int32(len(l.Units)-1)).Draw(t, "unit"), fmt.Sprint(i)})
		}
		r := Report{Layout: l, Comments: l.PublishComments(all, 10, func(u int32) bool { return u != hidden })}
		for q := range 2 {
			rest := map[int32]int{}
			for _, c := range r.Comments {
				if c.Question == q {
					rest[c.Unit]++
				}
			}
			for u, n := range rest {
				if n < 10 {
					t.Fatalf("question %d: %d comments are told of unit %d alone", q, n, u)
				}
				if u == hidden {
					t.Fatalf("unit %d is not shown, its comments are", u)
				}
				if got := len(r.CommentsOf(u, q)); got < n {
					t.Fatalf("the list of unit %d has %d of at least %d", u, got, n)
				}
			}
		}
		if len(all) >= 20 && hidden != 0 && len(r.Comments) < len(all)-18 {
			t.Fatalf("%d of %d comments are shown of the whole", len(r.Comments), len(all))
		}
	})
}
