package diagnosis

import (
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Interview is a talk that brings up the stories behind the figures. Who was interviewed is
// not kept, but for the level.
type Interview struct {
	ID     string
	Day    period.Day
	Level  string // of the person, as the roster calls it; "" for not stated
	Place  string // where, in the interviewer's words; shown to who may read the notes only
	By     string // name of who held it
	Shared bool   // its notes are for everybody who may hold interviews, not for its interviewer alone
	Own    bool   // the reader held it
	Notes  int    // how many
}

// Note is one thing that was said, coded to the characteristics that it is about.
type Note struct {
	ID    string
	Items []string // ids of characteristics; none: about something else
	Text  string
	Quote bool // the person's own words, which the person agreed to have shown without a name
}

// Evidence is what interviews say about a characteristic.
type Evidence struct {
	Notes      int     `json:"notes"`
	Interviews int     `json:"interviews"` // in which it came up
	Quotes     []Quote `json:"quotes,omitempty"`
}

// Quote is somebody's words. The level is told where enough people of it were interviewed.
type Quote struct {
	Text  string `json:"text"`
	Level string `json:"level,omitempty"`
}

const (
	mostNote  = 4000 // bytes
	mostCoded = 6    // characteristics of a note
)

// Check brings an interview into order and reports what it lacks.
func (i *Interview) Check() error {
	i.Place = strings.TrimSpace(i.Place)
	if i.Day == "" {
		return fault.Fieldf("day", "say on which day the interview was")
	}
	if len(i.Place) > 200 {
		return fault.Fieldf("place", "say where in at most 200 bytes")
	}
	return nil
}

// Check brings a note into order and reports what it lacks.
func (n *Note) Check(in *Instrument) error {
	if n.Text = strings.TrimSpace(n.Text); n.Text == "" {
		return fault.Fieldf("text", "write down what was said")
	}
	if len(n.Text) > mostNote {
		return fault.Fieldf("text", "a note has at most 4,000 bytes: make two of it")
	}
	if len(n.Items) > mostCoded {
		return fault.Fieldf("item", "a note is about at most %d characteristics: make two of it", mostCoded)
	}
	return in.knows(n.Items)
}

// Coded is a note with the interview that it is from.
type Coded struct {
	Interview, Level string
	Note
}

// Gather joins notes by characteristic. A quote tells the level where at least so many
// interviews of that level were held; levels counts them.
func Gather(notes []Coded, levels map[string]int, minimum int) map[string]Evidence {
	all, heard := map[string]Evidence{}, map[[2]string]bool{}
	for _, n := range notes {
		for _, id := range n.Items {
			e := all[id]
			e.Notes++
			if at := [2]string{id, n.Interview}; !heard[at] {
				heard[at] = true
				e.Interviews++
			}
			if n.Quote {
				q := Quote{Text: n.Text}
				if levels[n.Level] >= minimum {
					q.Level = n.Level
				}
				e.Quotes = append(e.Quotes, q)
			}
			all[id] = e
		}
	}
	return all
}
