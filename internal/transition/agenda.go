package transition

import (
	"strings"

	"throughline/internal/kit/fault"
)

// PartKind says what a part of an agenda is there for. Every part carries the focal point of
// its session.
type PartKind string

const (
	TheFramework  PartKind = "framework"   // what a high-performance organisation is
	LookAtOneself PartKind = "self"        // reflection
	MeetTheGroup  PartKind = "meet"        // getting to know it
	OwnRole       PartKind = "role"        // and intended results
	KeepGoing     PartKind = "support"     // the arrangements that follow
	InDetail      PartKind = "detail"      // one focal point
	Situations    PartKind = "situations"  // practical ones
	Reflecting    PartKind = "reflection"  // on what was tried
	Commitments   PartKind = "commitments" // until the next time
	OtherPart     PartKind = "other"
)

// PartKinds lists them.
var PartKinds = []PartKind{TheFramework, LookAtOneself, MeetTheGroup, OwnRole, KeepGoing, InDetail, Situations, Reflecting, Commitments, OtherPart}

// AgendaPart is a part of an agenda. What it is called and how it goes follow from its kind, the
// focal point and what is known of its characteristics, unless somebody has written it anew.
type AgendaPart struct {
	Kind    PartKind `json:"kind"`
	Minutes int      `json:"minutes"`
	Title   string   `json:"title,omitempty"`
	Text    string   `json:"text,omitempty"`
}

// The templates, in minutes of ninety.
var (
	firstSession = []AgendaPart{{Kind: TheFramework, Minutes: 15}, {Kind: LookAtOneself, Minutes: 15}, {Kind: MeetTheGroup, Minutes: 20}, {Kind: OwnRole, Minutes: 25}, {Kind: KeepGoing, Minutes: 15}}
	laterSession = []AgendaPart{{Kind: InDetail, Minutes: 25}, {Kind: Situations, Minutes: 30}, {Kind: Reflecting, Minutes: 15}, {Kind: Commitments, Minutes: 20}}
)

// Template is the agenda of a first or of a later session that takes so many minutes: each part
// in proportion, in steps of five where there are enough, the longest taking up the rest.
func Template(first bool, minutes int) []AgendaPart {
	parts := append([]AgendaPart(nil), laterSession...)
	if first {
		parts = append([]AgendaPart(nil), firstSession...)
	}
	step := 5
	if minutes < 5*len(parts) {
		step = 1
	}
	rest, longest := minutes, 0
	for i := range parts {
		if parts[i].Minutes > parts[longest].Minutes {
			longest = i
		}
	}
	for i := range parts {
		parts[i].Minutes = max(parts[i].Minutes*minutes/90/step*step, step)
		rest -= parts[i].Minutes
	}
	parts[longest].Minutes += rest
	return parts
}

const mostParts = 20

func checkAgenda(parts []AgendaPart) error {
	if len(parts) > mostParts {
		return fault.Fieldf("agenda", "an agenda has at most %d parts", mostParts)
	}
	for i := range parts {
		p := &parts[i]
		p.Title, p.Text = strings.TrimSpace(p.Title), strings.TrimSpace(p.Text)
		switch {
		case p.Minutes < 1 || p.Minutes > mostMinutes:
			return fault.Fieldf("agenda", "part %d of the agenda takes 1 minute or more, not %d", i+1, p.Minutes)
		case len(p.Title) > 200 || len(p.Text) > mostText:
			return fault.Fieldf("agenda", "part %d of the agenda is too long: at most 200 bytes for what it is called, and 8,000 for how it goes", i+1)
		case p.Kind == OtherPart && p.Title == "":
			return fault.Fieldf("agenda", "part %d of the agenda needs a name", i+1)
		}
	}
	return nil
}

// Length is how long an agenda takes, in minutes.
func Length(parts []AgendaPart) (minutes int) {
	for _, p := range parts {
		minutes += p.Minutes
	}
	return minutes
}
