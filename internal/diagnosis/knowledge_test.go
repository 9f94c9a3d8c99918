package diagnosis

import (
	"strings"
	"testing"

	"throughline/internal/kit/fault"

	"github.com/google/go-cmp/cmp"
)

// Each of the 35 characteristics has its knowledge in both languages, with the same shape:
// five questions, two exercises whose steps add up to an hour at most; each factor has an
// introduction of half an hour.
func TestShippedKnowledgeIsWholeInBothLanguages(t *testing.T) {
	in, err := ReadInstrument(HPOFile)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{} // every text, so that none stands at two characteristics
	once := func(where, text string) {
		t.Helper()
		if other, twice := said[text]; twice {
			t.Errorf("%s and %s say the same: %s", where, other, text)
		}
		if said[text] = where; strings.TrimSpace(text) == "" {
			t.Errorf("%s: a text is empty", where)
		}
	}
	n := 0
	for _, it := range in.Items() {
		if it.Factor < 0 {
			continue
		}
		n++
		var shape [2][]int
		for l, language := range KnowledgeLanguages {
			where := language + " " + it.ID
			k, ok := ShippedKnowledge(language, it.ID)
			if !ok || len(k.Questions) != 5 || len(k.Exercises) != 2 {
				t.Errorf("%s: %d questions, %d exercises", where, len(k.Questions), len(k.Exercises))
				continue
			}
			for _, text := range append([]string{k.Meaning, k.Strong, k.Weak, k.Exercises[0].Name, k.Exercises[1].Name}, k.Questions...) {
				once(where, text)
			}
			for _, e := range k.Exercises {
				if m := e.Minutes(); m < 15 || m > 60 || len(e.Steps) < 3 {
					t.Errorf("%s: %s takes %d minutes in %d steps", where, e.Name, m, len(e.Steps))
				}
				for _, s := range e.Steps {
					shape[l] = append(shape[l], s.Minutes)
				}
			}
			if err := k.Check(); err != nil {
				t.Errorf("%s: %v", where, err)
			}
			if again, err := ReadExercises(WriteExercises(k.Exercises)); err != nil || cmp.Diff(k.Exercises, again) != "" {
				t.Errorf("%s: the exercises cannot be edited: %v %s", where, err, cmp.Diff(k.Exercises, again))
			}
		}
		if diff := cmp.Diff(shape[0], shape[1]); diff != "" {
			t.Errorf("%s: the languages differ in their minutes: %s", it.ID, diff)
		}
	}
	if n != 35 {
		t.Errorf("%d characteristics", n)
	}
	for _, f := range in.Factors {
		for _, language := range KnowledgeLanguages {
			if m := minutes(Introduction(language, f.ID)); m != 30 {
				t.Errorf("%s %s: the introduction takes %d minutes", language, f.ID, m)
			}
		}
	}
}

func TestExercisesAreReadFromAForm(t *testing.T) {
	got, err := ReadExercises("Ten minutes\r\n5 Everybody writes\n 10  Talk in pairs \n\nThe walk\n20 Walk")
	want := []Exercise{{"Ten minutes", []Step{{5, "Everybody writes"}, {10, "Talk in pairs"}}}, {"The walk", []Step{{20, "Walk"}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for text, want := range map[string]string{
		"5 Talk":          "line 1: begin with the name",
		"Name\n0 Talk":    "line 2: a step takes 1 to 480 minutes",
		"Name\n5":         "line 2: say what is done",
		"Name":            "'Name' has no steps",
		"A\n5 x\n\nB\n\n": "'B' has no steps",
	} {
		if _, err := ReadExercises(text); fault.Of(err) == nil || fault.Of(err).Field != "exercises" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzExercisesAreReadAsTheyAreWritten(f *testing.F) {
	f.Add("Name\n5 Talk\n10 Walk\n\nOther\n7 Run")
	f.Add("5\n\n")
	f.Add("5 Talk\n10 Walk")
	f.Fuzz(func(t *testing.T, text string) {
		if steps, err := ReadSteps(text); err == nil {
			if again, err := ReadSteps(WriteSteps(steps)); err != nil || cmp.Diff(steps, again) != "" {
				t.Errorf("steps %q: %v, %v", text, again, err)
			}
		}
		all, err := ReadExercises(text)
		if err != nil {
			return
		}
		again, err := ReadExercises(WriteExercises(all))
		if err != nil || cmp.Diff(all, again) != "" {
			t.Errorf("%q: %v %s", text, err, cmp.Diff(all, again))
		}
	})
}
