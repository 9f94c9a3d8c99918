package learning

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Competency is something that somebody can have: a skill, knowledge, an attitude.
type Competency struct {
	ID           string
	Framework    string // id
	Key          string // under which files of its framework know it
	URI          string // of its source, "" for one of our own
	Kind         string // as its source says it: cross-sector, Standard
	Name         string
	Note         string // what it means
	Alternatives []string
	Parent       string     // id of the one that it is a part of, "" for none
	Ended        period.Day // "" while it is used
}

const (
	mostStatement    = 1000 // characters of a competency's name: frameworks of schools state it in sentences
	mostAlternatives = 200
)

// Check brings a competency into order and reports what it lacks.
func (c *Competency) Check() error {
	c.Name, c.Note, c.Key, c.URI, c.Kind = line(c.Name), words(c.Note), strings.TrimSpace(c.Key), strings.TrimSpace(c.URI), line(c.Kind)
	switch {
	case c.Name == "" || tooLong(c.Name, mostStatement):
		return fault.Fieldf("name", "give it a name of at most %d characters", mostStatement)
	case tooLong(c.Note, mostNote):
		return fault.Fieldf("note", "this text has at most %d characters", mostNote)
	case len(c.Key) > 200:
		return fault.Fieldf("key", "this text has at most %d characters", 200)
	case len(c.URI) > 500:
		return fault.Fieldf("uri", "this text has at most %d characters", 500)
	case tooLong(c.Kind, 100):
		return fault.Fieldf("kind", "this text has at most %d characters", 100)
	}
	var kept []string
	for _, a := range c.Alternatives {
		if a = line(a); a != "" && a != c.Name && !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	if c.Alternatives = kept; len(kept) > mostAlternatives {
		return fault.Fieldf("alternatives", "it is called at most %d things", mostAlternatives)
	}
	if slices.ContainsFunc(kept, func(a string) bool { return tooLong(a, mostStatement) }) {
		return fault.Fieldf("alternatives", "this text has at most %d characters", mostStatement)
	}
	if c.Key == "" {
		c.Key = CleanKey(c.Name)
	}
	return nil
}

// CleanKey is a short name made of a longer one: letters and digits in lower case, hyphens between.
func CleanKey(name string) string {
	var b strings.Builder
	signs := strings.NewReplacer("+", " plus ", "#", " sharp ") // C, C++ and C# are three
	for _, word := range strings.FieldsFunc(signs.Replace(strings.ToLower(name)), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	}) {
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		if b.Len()+len(word) > 80 {
			break
		}
		b.WriteString(word)
	}
	return strings.Trim(b.String(), "-")
}
