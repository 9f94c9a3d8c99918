package org

import (
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Report says what an import changes, or would change.
type Report struct {
	Import    string // identifier of the saved import, "" for a preview
	Day       period.Day
	Units     Changes
	Locations Changes
	Partners  Changes
	People    Changes
	Groups    Changes
	Teams     Changes
	Remarks   []fault.Remark `json:",omitempty"`
	Bad       []BadRow       `json:",omitempty"` // mistakes, and rows left out as the map asks
}

// Mistakes is how many of the bad rows stop the import.
func (r *Report) Mistakes() int {
	n := 0
	for _, b := range r.Bad {
		if !b.Dropped {
			n++
		}
	}
	return n
}

// Changed says whether the import changes anything.
func (r *Report) Changed() bool {
	for _, c := range []Changes{r.Units, r.Locations, r.Partners, r.People, r.Groups, r.Teams} {
		if c.Added+c.Changed+c.Moved+c.Left > 0 {
			return true
		}
	}
	return false
}

// Kind of change that an import makes to something.
type ChangeKind string

const (
	Added   ChangeKind = "added"
	Changed ChangeKind = "changed" // something other than its unit
	Moved   ChangeKind = "moved"   // to another unit, or under another unit
	Left    ChangeKind = "left"
)

// Change is one thing that an import changes.
type Change struct {
	Kind     ChangeKind
	Key      string
	Name     string
	Fields   []string `json:",omitempty"` // that differ
	From, To string   // the unit before and after, if moved
}

// FirstChanges is how many changes of each kind a report shows.
const FirstChanges = 20

// Changes counts what happens to all things of one sort. What keeps its key is
// the same, changed or moved; the rest has left or is added.
type Changes struct {
	Before  int // how many there were
	Added   int
	Changed int
	Moved   int
	Left    int
	First   []Change `json:",omitempty"` // the first of each kind
}

// Kept is how many keep their key.
func (c Changes) Kept() int { return c.Before - c.Left }

// After is how many there are.
func (c Changes) After() int { return c.Before - c.Left + c.Added }

// Add counts a change.
func (c *Changes) Add(change Change) {
	counter := map[ChangeKind]*int{Added: &c.Added, Changed: &c.Changed, Moved: &c.Moved, Left: &c.Left}[change.Kind]
	if *counter++; *counter <= FirstChanges {
		c.First = append(c.First, change)
	}
}

// RosterImport is an import that was made.
type RosterImport struct {
	ID        string
	Day       period.Day // since when what it says holds
	MadeAt    time.Time
	By        string // the account's name; "" for the command line
	Source    string // names of the files
	Report    Report // counts only
	TakenBack bool
}
