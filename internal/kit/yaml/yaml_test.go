package yaml_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/yaml"
)

type scale struct {
	From   int            `yaml:"from"`
	To     int            `yaml:"to"`
	Labels map[string]int `yaml:"labels"`
}

type instrument struct {
	ID        string   `yaml:"id"`
	Threshold *float64 `yaml:"threshold"`
	Scale     scale    `yaml:"scale"`
	Items     []string `yaml:"items"`
	Open      bool     `yaml:"open"`
}

func TestWholeDocumentIsDecoded(t *testing.T) {
	var got instrument
	err := yaml.Decode([]byte("\ufeff---\n# ours\nid: hpo\nthreshold: 8.5\nscale:\n  from: 1\n  to: 10\n  labels: {\"never\": 1, 'always': 10}\nitems:\n  - one\n  - |\n    two\n    lines\nopen: true\n"), &got)
	if err != nil {
		t.Fatal(err)
	}
	line := 8.5
	want := instrument{ID: "hpo", Threshold: &line, Scale: scale{1, 10, map[string]int{"never": 1, "always": 10}}, Items: []string{"one", "two\nlines\n"}, Open: true}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMistakesNameLineAndColumn(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for name, c := range map[string]struct{ in, want string }{
		"unknown key":       {"id: hpo\ntreshold: 8\n", `Line 2, column 1 of the YAML file: the key "treshold" is not known here. The line is: treshold: 8`},
		"repeated key":      {"id: a\nopen: true\nid: b\n", `Line 3, column 1 of the YAML file: the key "id" stands there twice. The line is: id: b`},
		"wrong kind":        {"scale:\n  from: high\n", "Line 2, column 9 of the YAML file: a text stands where a whole number belongs. The line is: from: high"},
		"a fraction":        {"scale:\n  from: 1.5\n", "Line 2, column 9 of the YAML file: a number stands where a whole number belongs. The line is: from: 1.5"},
		"list for a group":  {"scale: [1, 2]\n", "Line 1, column 8 of the YAML file: a list stands where a group of keys belongs"},
		"broken syntax":     {"id: \"hpo\nopen: true\n", "Line 1, column 5 of the YAML file: "},
		"tab":               {"scale:\n\tfrom: 1\n", "Line 2, "},
		"anchor":            {"id: &a hpo\n", "Line 1, column 5 of the YAML file: anchors and aliases are not accepted; write the value out. The line is: id: &a hpo"},
		"alias bomb":        {"a: &a [x,x,x]\nb: &b [*a,*a,*a]\n", "Line 1, column 4 of the YAML file: anchors"},
		"merge":             {"scale:\n  <<: {from: 1}\n", "Line 2, column 3 of the YAML file: anchors"},
		"two documents":     {"id: a\n---\nid: b\n", "Line 2, column 1 of the YAML file: the file may hold one document only"},
		"two headers":       {"---\nid: a\n---\nid: b\n", "Line 3, column 1 of the YAML file: the file may hold one document only"},
		"empty":             {"", "The YAML file is empty."},
		"only comments":     {"# nothing\n---\n", "The YAML file is empty."},
		"not UTF-8":         {"id: caf\xe9\n", "The YAML file is not text in UTF-8. Save it as UTF-8."},
		"binary":            {"id: \x00\n", "The YAML file is not text in UTF-8. Save it as UTF-8."},
		"escaped zero":      {"id: \"a\\0b\"\n", "Line 1, column 5 of the YAML file: a character stands there that no text has"},
		"too large":         {"id: " + strings.Repeat("x", 1<<20), "The YAML file is larger than 1048576 bytes."},
		"deep brackets":     {"items: " + deep, "Line 1, column 58 of the YAML file: the nesting is too deep"},
		"deep dashes":       {strings.Repeat("- ", 5000), "Line 1, column 101 of the YAML file: the nesting is too deep"},
		"number with words": {"threshold: 8.5 or so\n", "Line 1, column 12 of the YAML file: a text stands where a number belongs"},
	} {
		t.Run(name, func(t *testing.T) {
			var into instrument
			err := yaml.Decode([]byte(c.in), &into)
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("got %v, want a mistake", err)
			}
			if got := err.Error(); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEncodedIsDecodedBack(t *testing.T) {
	line := -0.25
	for _, want := range []instrument{
		{},
		{ID: "yes", Threshold: &line, Items: []string{"", " ", "a: b", "- x", "#c", "two\nlines", "two\nlines\n", "null", "1.5", "é “q”", "'", `"`, "=1+1", "<<", "&a", "*b", "!t", "%d", "@", "`"}},
		{ID: "\t\\", Scale: scale{Labels: map[string]int{"": 1, "true": 2, "a b": 3, "ja, zeker": 4}}},
	} {
		data, err := yaml.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		var got instrument
		if err := yaml.Decode(data, &got); err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if len(want.Items) == 0 {
			want.Items, got.Items = nil, nil
		}
		if len(want.Scale.Labels) == 0 {
			want.Scale.Labels, got.Scale.Labels = nil, nil
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s\n%s", d, data)
		}
	}
}

func TestNeedsAPointer(t *testing.T) {
	if err := yaml.Decode([]byte("id: a"), instrument{}); err == nil || fault.Of(err) != nil {
		t.Errorf("got %v, want an error of ours", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"id: hpo\nthreshold: 8.5\nscale: {from: 1, to: 10}\nitems:\n- a\n- |\n  b\n", "a: &a [*a]", "- - - ? x", "---\n...\n%YAML 1.2\n",
		"? {a: b}\n: c", "!!binary aGVsbG8=", "\"\\u00", "a: >-\n\n  b\n", "{", "[]]", "<<: 1", "id: 2006-01-02",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, into := range []any{new(instrument), new(map[string]any), new(any), new([]scale)} {
			// A decoder that does not end would not be noticed otherwise.
			watch := time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("no end: %q", data)) })
			err := yaml.Decode(data, into)
			watch.Stop()
			if err != nil {
				if fault.KindOf(err) != fault.Invalid || strings.Contains(strings.TrimRight(err.Error(), "\n"), "\n") {
					t.Errorf("%q: %v", data, err)
				}
			}
		}
	})
}
