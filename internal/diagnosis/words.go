package diagnosis

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The values that a form posts, and a file may use, for an answer that is none.
const (
	CannotJudgeValue   = "cannot_judge"
	NotApplicableValue = "not_applicable"
)

// words turns the text of an answer into its packed byte, for one scale of one instrument.
type words struct {
	scale *Scale
	known map[string]byte
}

// offered tells whether the instrument knows this abstention at all.
func (a *Abstention) offered() bool { return len(a.Label) > 0 || len(a.Words) > 0 }

// sayings lists every text that means the abstention.
func (a *Abstention) sayings(value string) []string {
	if !a.offered() {
		return nil
	}
	return append(labelWords(a.Label, a.Words), value)
}

// sayings lists every text that means the answer.
func (a *ScaleAnswer) sayings() []string { return labelWords(a.Label, a.Words) }

func labelWords(label Text, further []string) []string {
	all := make([]string, 0, len(label)+len(further)+1)
	for _, l := range slices.Sorted(maps.Keys(label)) {
		all = append(all, label[l])
	}
	return append(all, further...)
}

func newWords(in *Instrument, scale *Scale) words {
	w := words{scale: scale, known: map[string]byte{}}
	for i := range scale.Answers {
		a := &scale.Answers[i]
		for _, s := range a.sayings() {
			w.known[fold(s)] = byte(a.Value - scale.Min + 1)
		}
	}
	for _, s := range in.CannotJudge.sayings(CannotJudgeValue) {
		w.known[fold(s)] = Abstained
	}
	for _, s := range in.NotApplicable.sayings(NotApplicableValue) {
		w.known[fold(s)] = Abstained
	}
	return w
}

// read returns the packed byte of text; false when it is no answer on the scale.
func (w words) read(text string) (byte, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return NotAnswered, true
	}
	if b, ok := w.known[text]; ok {
		return b, true
	}
	if b, ok := w.known[fold(text)]; ok {
		return b, true
	}
	v, ok := whole(text)
	if !ok || v < w.scale.Min || v > w.scale.Max {
		return 0, false
	}
	return byte(v - w.scale.Min + 1), true
}

// fold makes two spellings of a word equal that differ only in case and spaces.
func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// whole reads a whole number, also one that a spreadsheet wrote with decimals (7.0 or 7,00).
func whole(s string) (int, bool) {
	if i := strings.IndexAny(s, ".,"); i > 0 && strings.Trim(s[i+1:], "0") == "" {
		s = s[:i]
	}
	v, err := strconv.Atoi(s)
	return v, err == nil
}

// clip shortens a text from a file so that it can be quoted in a sentence.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
