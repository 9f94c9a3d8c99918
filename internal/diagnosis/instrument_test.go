package diagnosis

import (
	"os"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/yaml"
)

func TestShippedInstrumentHasThirtyFiveCharacteristicsInTwoLanguages(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	// Structure of the published model: 12, 6, 5, 8 and 4 characteristics.
	want := []int{12, 6, 5, 8, 4}
	if len(in.Factors) != len(want) {
		t.Fatalf("%d factors, want %d", len(in.Factors), len(want))
	}
	for f, n := range want {
		if got := len(in.Factors[f].Items); got != n {
			t.Errorf("factor %s has %d items, want %d", in.Factors[f].ID, got, n)
		}
	}
	if len(in.Outcomes) != 2 || len(in.Items()) != 37 {
		t.Errorf("%d outcomes and %d items, want 2 and 37", len(in.Outcomes), len(in.Items()))
	}
	if *in.Threshold != 8.5 || in.MinimumGroup != 5 || in.CommentMinimum != 10 || *in.MinAnswered != 0.8 {
		t.Errorf("rules are %v %v %v %v", *in.Threshold, in.MinimumGroup, in.CommentMinimum, *in.MinAnswered)
	}
	if strings.Join(in.Languages, " ") != "en nl" {
		t.Errorf("languages are %v", in.Languages)
	}
	for _, words := range []string{"own wording", "not the licensed HPO questionnaire", "cannot be compared"} {
		if !strings.Contains(in.Notice["en"], words) {
			t.Errorf("the notice does not say %q", words)
		}
	}
	seen := map[string]string{}
	for _, it := range in.Items() {
		for lang, text := range it.Text {
			if first, ok := seen[text]; ok {
				t.Errorf("%s and %s have the same statement in %s", first, it.ID, lang)
			}
			seen[text] = it.ID
		}
	}
}

func TestExampleInstrumentsAreSound(t *testing.T) {
	tafe := example(t, "tafe.yaml")
	if from, to := tafe.Span(1); from != 13 || to != 30 {
		t.Errorf("WorkUnitViews is items %d-%d, want 13-30", from, to)
	}
	bhr := example(t, "bhr2000.yaml")
	if hours := bhr.Items()[11]; hours.Factor != -1 || hours.Scale.Min != 6 || hours.Scale.Max != 16 {
		t.Errorf("HRS is %+v", hours)
	}
}

func TestTheDocumentedInstrumentIsSound(t *testing.T) {
	page, err := os.ReadFile("../../docs/instruments.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	if in := decodeInstrument(t, []byte(block)); in.ID != "pulse" {
		t.Errorf("the first example is %q", in.ID)
	}
}

func TestWhatTheFileLeavesOutIsFilledIn(t *testing.T) {
	in := decodeInstrument(t, []byte(`
id: least
version: "1"
languages: [en]
name: {en: Least}
scale: {min: 1, max: 5}
factors: [{id: f, name: {en: F}, items: [{id: a, name: {en: A}, text: {en: A.}}]}]
`))
	if in.MinimumGroup != 5 || in.CommentMinimum != 10 || *in.MinAnswered != 0.8 || in.Threshold != nil {
		t.Errorf("got %d %d %v %v", in.MinimumGroup, in.CommentMinimum, *in.MinAnswered, in.Threshold)
	}
	if it := in.Items()[0]; it.Column != "a" || it.Scale != &in.Scale {
		t.Errorf("the item is placed as %+v", it)
	}
}

func TestEveryMistakeInAnInstrumentIsNamedByItsPlace(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"item id twice", "id: help", "id: trust", `factors[lead].items[trust]: the id "trust" already stands at factors[lead].items[trust]; rename one`},
		{"factor id as item id", "id: work", "id: fear", `the id "fear" already stands at factors[lead].items[fear]`},
		{"id with a space", "id: fun", "id: so fun", `factors[work].items[so fun]: "so fun" cannot be an id`},
		{"instrument id missing", "id: small", "id: ''", `id: "" cannot be an id`},
		{"version missing", `version: "1"`, "", "version: it is missing"},
		{"language missing in a text", "text: {en: They help., nl: Ze helpen.}", "text: {en: They help.}", "factors[lead].items[help].text: the wording in language nl is missing"},
		{"language not declared", "nl: Ze helpen.", "nl: Ze helpen., de: Sie helfen.", `factors[lead].items[help].text: the language "de" is not among`},
		{"no language", "languages: [en, nl]", "languages: []", "languages: name at least one"},
		{"language written out", "languages: [en, nl]", "languages: [English]", `languages: "English" is not a language tag`},
		{"language twice", "languages: [en, nl]", "languages: [en, nl, en]", "languages: en stands there twice"},
		{"scale the wrong way", "min: 1, max: 10", "min: 10, max: 1", "scale: min 10 must be below max 1"},
		{"scale of one answer", "min: 6, max: 16", "min: 6, max: 6", "outcomes[hours].scale: min 6 must be below max 6"},
		{"scale too long", "min: 6, max: 16", "min: 6, max: 256", "outcomes[hours].scale: 6-256 has too many answers; a scale may have at most 250"},
		{"scale that overflows", "min: 6, max: 16", "min: -9223372036854775808, max: 9223372036854775807", "is out of range"},
		{"answer off the scale", "value: 8", "value: 17", "outcomes[hours].scale.answers[17]: the value is not on the scale 6-16"},
		{"answer twice", "words: [full day]}", "words: [full day]}, {value: 8, words: [day]}", "answers[8]: the value stands there twice"},
		{"word with two meanings", "words: [full day]", "words: [n/a]", `the word "n/a" already means outcomes[hours].scale.answers[8]`},
		{"word that is another number", "words: [full day]", `words: ["9"]`, `the word "9" would mean two things`},
		{"abstention that is a number", `words: ["?"]`, `words: ["7"]`, `cannot_judge: the word "7" would mean two things`},
		{"empty word", "words: [full day]", "words: [' ']", "a word is empty"},
		{"two ranges in one factor", "nl: Ze helpen.}", "nl: Ze helpen.}, scale: {min: 1, max: 5}", "factors[lead].items[help].scale: 1-5 differs from 1-10"},
		{"threshold above the scale", "threshold: 8.5", "threshold: 85", `threshold: 85 is not on the scale 1-10 of factor "lead"`},
		{"threshold not a number", "threshold: 8.5", "threshold: .nan", "threshold: NaN is not on the scale"},
		{"threshold over two scales", "nl: Het is leuk.}", "nl: Het is leuk.}, scale: {min: 1, max: 9}", "threshold: the factors have different scales"},
		{"share above one", "min_answered: 0.5", "min_answered: 50", "min_answered: 50 is no share"},
		{"minimum too small", "min_answered: 0.5", "minimum_group: 2", "minimum_group: 2 is too small"},
		{"minimum negative", "min_answered: 0.5", "minimum_group: -5", "minimum_group: -5 is too small"},
		{"comments below the minimum", "min_answered: 0.5", "comment_minimum: 4", "comment_minimum: 4 is below minimum_group"},
		{"two items from one column", "column: Trust", "column: fun", `factors[work].items[fun].column: the column "fun" is already read for factors[lead].items[trust].column`},
		{"answer as attribute", "name: Team", "name: Trust", `attributes[1].column: the column "Trust" is already read`},
		{"attribute twice", "name: Team", "name: sex", `attributes[2]: the name "Sex" stands there twice`},
		{"attribute without name", "name: Team", "name: ''", "attributes[1]: the name is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(small, c.old) {
				t.Fatalf("%q does not stand in the instrument", c.old)
			}
			var in Instrument
			if err := yaml.Decode([]byte(strings.Replace(small, c.old, c.new, 1)), &in); err != nil {
				t.Fatal(err)
			}
			err := in.Check()
			if err == nil {
				t.Fatal("no mistake reported")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("reported %q, want %q", err, c.want)
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind is %q", fault.KindOf(err))
			}
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	var in Instrument
	if err := yaml.Decode([]byte(strings.NewReplacer("id: small", "id: 1", "min: 1, max: 10", "min: 3, max: 2", "nl: Klein", "").Replace(small)), &in); err != nil {
		t.Fatal(err)
	}
	err := in.Check()
	for _, want := range []string{"id: ", "scale: min 3", "name: the wording in language nl"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among: %v", want, err)
		}
	}
}

func TestTextFallsBackToBaseLanguageThenEnglish(t *testing.T) {
	for _, c := range []struct {
		text       Text
		lang, want string
	}{
		{Text{"en": "e", "nl": "n"}, "nl", "n"},
		{Text{"en": "e", "nl": "n"}, "nl-BE", "n"},
		{Text{"en": "e", "nl": "n"}, "fr", "e"},
		{Text{"nl": "n", "de": "d"}, "fr", "d"},
		{nil, "en", ""},
	} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%v in %s is %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

func TestEndsOfTheScaleAreLabelled(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	hours := in.Items()[4].Scale
	for _, c := range []struct {
		scale *Scale
		value int
		want  string
	}{{&in.Scale, 1, "slecht"}, {&in.Scale, 10, "goed"}, {&in.Scale, 5, ""}, {hours, 8, "acht"}, {hours, 6, ""}} {
		if got := c.scale.Label(c.value, "nl"); got != c.want {
			t.Errorf("label of %d is %q, want %q", c.value, got, c.want)
		}
	}
}

func FuzzInstrument(f *testing.F) {
	f.Add([]byte(small))
	f.Add(HPOFile)
	f.Add([]byte("factors: [{items: []}]\nscale: {min: -9223372036854775808, max: 9223372036854775807}"))
	f.Add([]byte("factors: [{id: a, items: [{scale: {answers: [{value: -1}]}}]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in Instrument
		if yaml.Decode(data, &in) != nil || in.Check() != nil {
			return
		}
		a := NewAnswers(&in, 1)
		row, err := in.Pack(map[string]string{in.Items()[0].ID: ""})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			for i, it := range in.Items() {
				row[i] = byte(it.Scale.Points())
			}
			if err := a.Append(row, 0); err != nil {
				t.Fatal(err)
			}
		}
		tally := Count(&in, a, 1)
		if got := tally.Factor(0, 0); got.N != 2 || !got.Alike {
			t.Errorf("two like answers score %+v", got)
		}
		Reliabilities(&in, a)
		in.Agreements(tally, nil)
	})
}
