// Package learning is what people learn and by what: competencies with their levels, roles that
// require them, models of what good performance produces, ratings, and what of it is missing. It
// computes only, and knows nothing of how a file or a table holds it.
package learning

import (
	"strings"
	"unicode/utf8"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
)

// Framework is a list of competencies of one origin, with the levels at which somebody has one.
type Framework struct {
	ID       string
	Name     string
	Source   string // address or title of where it comes from
	Version  string // as its source calls it
	Language string // of its words, such as "en"; "" where it is not said
	Note     string
	Levels   []Level    // the lowest first; Levels[0] is level 1, and 0 is not to have it
	Ended    period.Day // "" while it is used
}

// Level is how well somebody has a competency.
type Level struct {
	Name    string
	Meaning string // what one sees of it
}

// MostLevels is how many levels a framework can have.
const MostLevels = 12

const (
	mostName = 200  // characters of a name
	mostNote = 4000 // characters of a longer text
)

// line brings a text of one line into order; "" for one of which nothing is seen.
func line(s string) string {
	s = strings.Join(strings.Fields(text.Straight(s)), " ")
	if !text.Visible(s) {
		return ""
	}
	return s
}

// words brings a text of several lines into order.
func words(s string) string {
	s = strings.TrimSpace(s)
	if !text.Visible(s) {
		return ""
	}
	return s
}

func tooLong(s string, most int) bool { return utf8.RuneCountInString(s) > most }

// Check brings a framework into order and reports what it lacks.
func (f *Framework) Check() error {
	f.Name, f.Source, f.Version, f.Language, f.Note = line(f.Name), line(f.Source), line(f.Version), line(f.Language), words(f.Note)
	switch {
	case f.Name == "" || tooLong(f.Name, mostName):
		return fault.Fieldf("name", "give it a name of at most %d characters", mostName)
	case tooLong(f.Source, 500):
		return fault.Fieldf("source", "this text has at most %d characters", 500)
	case tooLong(f.Version, 60):
		return fault.Fieldf("version", "this text has at most %d characters", 60)
	case tooLong(f.Language, 20):
		return fault.Fieldf("language", "this text has at most %d characters", 20)
	case tooLong(f.Note, mostNote):
		return fault.Fieldf("note", "this text has at most %d characters", mostNote)
	}
	var kept []Level
	for _, l := range f.Levels {
		l.Name, l.Meaning = line(l.Name), words(l.Meaning)
		switch {
		case l.Name == "" && l.Meaning == "":
			continue
		case l.Name == "" || tooLong(l.Name, 60):
			return fault.Fieldf("levels", "give every level a name of at most %d characters", 60)
		case tooLong(l.Meaning, 500):
			return fault.Fieldf("levels", "say in at most %d characters what one sees at a level", 500)
		}
		kept = append(kept, l)
	}
	if f.Levels = kept; len(kept) < 1 || len(kept) > MostLevels {
		return fault.Fieldf("levels", "a framework has 1 to %d levels", MostLevels)
	}
	return nil
}

// LevelName is what a level is called: its number where the framework has none of it, and "" for 0.
func (f Framework) LevelName(level int) string {
	if level < 1 || level > len(f.Levels) {
		return ""
	}
	return f.Levels[level-1].Name
}
