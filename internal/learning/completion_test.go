package learning_test

import (
	"strings"
	"testing"

	"throughline/internal/learning"
	"throughline/internal/org"

	"github.com/google/go-cmp/cmp"
)

// file is a file of lines with | between cells, the first of which are the headings.
func file(name string, lines ...string) org.Source {
	return org.Source{Name: name, Header: strings.Split(lines[0], "|"), Rows: func(yield func(org.Row, error) bool) {
		for n, line := range lines[1:] {
			if !yield(org.Row{Line: n + 2, Cells: strings.Split(line, "|")}, nil) {
				return
			}
		}
	}}
}

func column(name string) org.Field { return org.Field{Column: name} }

var careers = []org.Career{
	{Ref: org.Ref{ID: "ann", Key: "1"}, Mail: "ann@example.org", Stays: []org.Stay{{Since: "2026-01-01", Until: "2026-03-01", Unit: "gent"}, {Since: "2026-03-01", Until: "9999-12-31", Unit: "brugge"}}},
	{Ref: org.Ref{ID: "bo", Key: "2"}, Stays: []org.Stay{{Since: "2026-01-01", Until: "9999-12-31", Unit: "gent"}}},
}

func lmsMap() learning.CompletionMap {
	return learning.CompletionMap{Person: column("who"), Resource: column("course"), Run: column("run"), Registered: column("registered"), Done: column("days"), Result: column("result"), Hours: column("credits"),
		DayZero: org.Field{Column: "run", Values: map[string]string{"2026B": "2026-02-01"}}, HoursTimes: 10, Completed: []string{"Pass", "Distinction"}, NotCompleted: []string{"Fail"}}
}

// Registrations in one file, results in another, the length of a run in a third.
func TestWhatSeveralFilesSayOfOneCompletionComesTogether(t *testing.T) {
	got, skipped, err := learning.GatherCompletions(lmsMap(), careers, []org.Source{
		file("courses.csv", "course|run|days", "AAA|2026B|40"),
		file("registrations.csv", "course|run|who|registered", "AAA|2026B|1|-5.0", "AAA|2026B|2|3"),
		file("results.csv", "course|run|who|result|credits", "AAA|2026B|ann@example.org|Pass|0.5", "AAA|2026B|2||60"),
	})
	want := []learning.Completion{
		{Person: "ann", Unit: "brugge", Name: "AAA", Run: "2026B", Registered: "2026-01-27", Done: "2026-03-13", State: learning.Completed, Minutes: 300, Result: "Pass"},
		{Person: "bo", Unit: "gent", Name: "AAA", Run: "2026B", Registered: "2026-02-04", State: learning.Placed, Minutes: 36000},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || skipped != 0 {
		t.Errorf("%s %d %v", diff, skipped, err)
	}
}

func TestFilesOfCompletionsSayWhereTheyAreWrong(t *testing.T) {
	head := "course|run|who|registered|days|result|credits"
	for want, c := range map[string]struct {
		change func(*learning.CompletionMap)
		lines  []string
	}{
		`results.csv:2: there is no person "9"`:                     {nil, []string{"AAA|2026B|9|0|1|Pass|1"}},
		`results.csv:2: the result "Maybe"`:                         {nil, []string{"AAA|2026B|1|0|1|Maybe|1"}},
		`results.csv:2: "soon" is no number of days`:                {nil, []string{"AAA|2026B|1|soon|1|Pass|1"}},
		`results.csv:2: it is completed, and no day says when`:      {nil, []string{"AAA|2026B|1|0||Pass|1"}},
		`results.csv:2: "many" is no number of hours`:               {nil, []string{"AAA|2026B|1|0|1|Pass|many"}},
		`results.csv:2: "2026C" is not a day`:                       {nil, []string{"AAA|2026C|1|0|1|Pass|1"}},
		`results.csv:3: the same person, resource and run stand in`: {nil, []string{"AAA|2026B|1|0|1|Pass|1", "AAA|2026B|1|0|1|Fail|1"}},
		`results.csv:2: the person or the resource is empty`:        {nil, []string{"AAA|2026B||0|1|Pass|1"}},
		`no file has the column "mark"`:                             {func(m *learning.CompletionMap) { m.Hours = column("mark") }, []string{"AAA|2026B|1|0|1|Pass|1"}},
		`results.csv has no column "title"`:                         {func(m *learning.CompletionMap) { m.Resource = column("title") }, []string{"AAA|2026B|1|0|1|Pass|1"}},
		`which results are completions`:                             {func(m *learning.CompletionMap) { m.Completed = nil }, nil},
		`there is no row of a person`:                               {nil, nil},
		`there is no modality "dreaming"`:                           {func(m *learning.CompletionMap) { m.Modality = "dreaming" }, nil},
	} {
		m := lmsMap()
		if c.change != nil {
			c.change(&m)
		}
		if _, _, err := learning.GatherCompletions(m, careers, []org.Source{file("results.csv", append([]string{head}, c.lines...)...)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	m := lmsMap()
	m.UnknownPeople = "skip"
	if got, skipped, err := learning.GatherCompletions(m, careers, []org.Source{file("results.csv", head, "AAA|2026B|9|0|1|Pass|1", "AAA|2026B|1|0|1|Fail|1")}); err != nil || len(got) != 1 || skipped != 1 || got[0].State != learning.NotDone {
		t.Errorf("%+v, %d, %v", got, skipped, err)
	}
}
