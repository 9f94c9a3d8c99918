package transition

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"throughline/internal/kit/fault"

	"github.com/google/go-cmp/cmp"
)

func TestNeedIsOneForEveryGroupAndOneForTheRest(t *testing.T) {
	for _, c := range []struct {
		people float64
		want   int
	}{{0, 0}, {0.4, 1}, {1, 1}, {50, 1}, {50.01, 2}, {51, 2}, {100, 2}, {49.1 + 0.3 + 0.3 + 0.3, 1}} {
		if got := Need(c.people, Per); got != c.want {
			t.Errorf("%v people need %d coaches, want %d", c.people, got, c.want)
		}
	}
}

func counts(rows ...Count) iter.Seq2[Count, error] {
	return func(yield func(Count, error) bool) {
		for i, r := range rows {
			r.Line = i + 2
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestHeadsOfALocationAreAddedTogether(t *testing.T) {
	got, err := CountHeads(counts(Count{Location: "Leeds", People: 49.5, Stated: true}, Count{Location: "Bath", People: 0, Stated: true},
		Count{Location: " Leeds ", People: 1, Stated: true}), Per)
	want := &Headcounts{Locations: 2, People: 50.5, Need: 2, Rows: []Headcount{{"Bath", 0, 0}, {"Leeds", 50.5, 2}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestBadHeadcountsAreNamedByLine(t *testing.T) {
	broken := func(yield func(Count, error) bool) {
		if yield(Count{Line: 2, Location: "Leeds", People: 5, Stated: true}, nil) {
			yield(Count{}, fault.Invalidf("line 3: %q is no number", "many"))
		}
	}
	for want, rows := range map[string]iter.Seq2[Count, error]{
		"line 2: the location is empty":             counts(Count{People: 1, Stated: true}),
		"line 2: the headcount of Leeds is missing": counts(Count{Location: "Leeds"}),
		"line 2: the headcount of Leeds is -1":      counts(Count{Location: "Leeds", People: -1, Stated: true}),
		"the file has no headcounts":                counts(),
		`line 3: "many" is no number`:               broken,
		"reading stopped after 100 mistakes":        counts(make([]Count, 200)...),
	} {
		if h, err := CountHeads(rows, Per); h != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := CountHeads(counts(), 1); fault.Of(err) == nil || errors.Unwrap(err) != nil {
		t.Error(err)
	}
}

func TestCoachesFillNoGapElsewhere(t *testing.T) {
	c := Cover([]Site{{People: 120, Need: 3, Have: 1, Forms: 1}, {People: 20, Need: 1, Have: 2}, {People: 30, Need: 1, Forms: 1}, {People: 10, Need: 1}, {}})
	if full, forming, short, empty := c.Locations(); full != 1 || forming != 1 || short != 2 || empty != 1 {
		t.Error(full, forming, short, empty)
	}
	if c.Need != 6 || c.Have != 3 || c.Gap() != 4 || c.Missing() != 2 || c.Headcount() != 180 {
		t.Errorf("%+v, gap %d, missing %d", c.Site, c.Gap(), c.Missing())
	}
}
