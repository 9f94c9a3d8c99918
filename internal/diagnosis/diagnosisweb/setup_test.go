package diagnosisweb

import (
	"slices"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
)

// The response is told of the units right below the one that is looked at, each with a way
// further down where there is one.
func TestTheResponseIsFollowedDownTheTree(t *testing.T) {
	f := openForm{Response: diagnosisdb.Response{Layout: diagnosis.Layout{
		Units: []diagnosis.LayoutUnit{{ID: "w", Name: "Whole", Parent: -1}, {ID: "n", Name: "North", Parent: 0}, {ID: "s", Name: "South", Parent: 0}, {ID: "t", Name: "Till", Parent: 1}},
	}}}
	for _, g := range []diagnosis.Group{{Table: diagnosis.Whole}, {Table: 0}, {Table: 0, Unit: 1}, {Table: 0, Unit: 2}, {Table: 0, Unit: 3}} {
		f.Response.Groups = append(f.Response.Groups, diagnosisdb.ResponseGroup{Group: g, Shown: true})
	}
	for below, want := range map[int32][]string{0: {"Whole", "North+", "South"}, 1: {"North", "Till"}, 3: {"Till"}} {
		f.Below = below
		var got []string
		for _, l := range f.lines(t.Context()) {
			name := l.Name
			if l.Below != "" {
				name += "+"
			}
			got = append(got, name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("below %d: %v, want %v", below, got, want)
		}
	}
}
