package diagnosis

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// FocalPoint is a theme over one or several characteristics that people chose to work on
// until the next diagnosis.
type FocalPoint struct {
	ID              string           `json:"id"`
	Theme           string           `json:"theme"`   // what it is called, such as 'Dialogue'
	Wording         string           `json:"wording"` // what shall be different, in the organisation's own words
	Items           []string         `json:"characteristics"`
	OwnerID         string           `json:"owner_id"` // person who answers for it; "" for nobody yet
	Owner           string           `json:"owner"`    // that person's name
	Promise         float64          `json:"promise"`  // points by which the characteristics together shall rise until the next diagnosis; 0: nothing promised
	Recommendations []Recommendation `json:"recommendations"`
}

// Recommendation is one thing to do about a focal point.
type Recommendation struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Items   []string `json:"characteristics,omitempty"` // of the focal point's; none: all of them
	Promise float64  `json:"promise,omitzero"`          // as for a focal point
}

// Workshop is the meeting that chooses the focal points, and its minutes.
type Workshop struct {
	Day       period.Day // "" when not yet known
	Present   string     // who was there
	Notes     string     // what was said and agreed
	Voters    int        // how many ballots are taken
	Voting    bool       // they are taken now
	Code      string     // of the address at which they are given; "" before voting first began
	Decided   time.Time  // zero: not yet
	DecidedBy string
}

// Ours: three to five, as the method has it (the fewest and the most), and what keeps a
// theme one theme.
const (
	FewestFocal = 3
	MostFocal   = 5
	mostThemed  = 8 // characteristics of a focal point
	mostAdvice  = 6 // recommendations of a focal point
	MostVotes   = 5 // characteristics of a ballot
	mostVoters  = 1000
)

// Check brings a focal point into order and reports what it lacks.
func (f *FocalPoint) Check(in *Instrument) error {
	f.Theme, f.Wording = strings.TrimSpace(f.Theme), strings.TrimSpace(f.Wording)
	switch {
	case f.Theme == "" || len(f.Theme) > 100:
		return fault.Fieldf("theme", "give the focal point a name of at most 100 bytes, such as 'Dialogue'")
	case len(f.Wording) > 1000:
		return fault.Fieldf("wording", "say what shall be different in at most 1,000 bytes")
	case len(f.Items) == 0 || len(f.Items) > mostThemed:
		return fault.Fieldf("item", "a focal point is about one to %d characteristics", mostThemed)
	}
	if err := in.knows(f.Items); err != nil {
		return err
	}
	if err := in.checkPromise(f.Promise); err != nil {
		return err
	}
	f.Recommendations = slices.DeleteFunc(f.Recommendations, func(r Recommendation) bool { return strings.TrimSpace(r.Text) == "" })
	if len(f.Recommendations) > mostAdvice {
		return fault.Fieldf("recommendation", "a focal point has at most %d recommendations", mostAdvice)
	}
	for i := range f.Recommendations {
		r := &f.Recommendations[i]
		if r.Text = strings.TrimSpace(r.Text); len(r.Text) > 500 {
			return fault.Fieldf("recommendation", "a recommendation has at most 500 bytes")
		}
		r.Items = slices.DeleteFunc(r.Items, func(id string) bool { return !slices.Contains(f.Items, id) })
		if err := in.checkPromise(r.Promise); err != nil {
			return err
		}
	}
	return nil
}

// Knows reports an id that is no characteristic of a factor.
func (in *Instrument) Knows(id string) error { return in.knows([]string{id}) }

// knows reports an id that is no characteristic of a factor, or stands twice.
func (in *Instrument) knows(ids []string) error {
	items := in.Items()
	for i, id := range ids {
		at := slices.IndexFunc(items, func(it PlacedItem) bool { return it.ID == id && it.Factor >= 0 })
		if at < 0 || slices.Contains(ids[:i], id) {
			return fault.Fieldf("item", "%q is no characteristic of this diagnosis, or is ticked twice", clip(id))
		}
	}
	return nil
}

func (in *Instrument) checkPromise(points float64) error {
	if most := float64(in.Scale.Max - in.Scale.Min); !(points >= 0 && points <= most) {
		return fault.Fieldf("promise", "a promise is a rise of 0 to %.0f points; leave it empty for none", most)
	}
	return nil
}

// Check brings a workshop into order and reports what cannot be.
func (w *Workshop) Check() error {
	w.Present, w.Notes = strings.TrimSpace(w.Present), strings.TrimSpace(w.Notes)
	switch {
	case len(w.Present) > 2000:
		return fault.Fieldf("present", "say who was there in at most 2,000 bytes")
	case len(w.Notes) > 20_000:
		return fault.Fieldf("notes", "the minutes have at most 20,000 bytes")
	case w.Voters < 0 || w.Voters > mostVoters:
		return fault.Fieldf("voters", "at most %d people vote", mostVoters)
	case w.Voting && w.Voters == 0:
		return fault.Fieldf("voters", "say how many people vote: more ballots are not taken")
	}
	return nil
}

// Ready reports focal points that cannot be decided as they are.
func (w *Workshop) Ready(all []FocalPoint) error {
	if len(all) < FewestFocal || len(all) > MostFocal {
		return fault.Invalidf("three to five focal points are decided; there are %d", len(all))
	}
	for _, f := range all {
		if f.Wording == "" {
			return fault.Invalidf("%q says not yet what shall be different: give it a wording", f.Theme)
		}
		if f.OwnerID == "" {
			return fault.Invalidf("%q has no owner yet: nobody answers for it", f.Theme)
		}
	}
	if w.Day == "" {
		return fault.Fieldf("day", "say on which day it was decided")
	}
	return nil
}

// Ballot reports votes that cannot be counted.
func (in *Instrument) Ballot(items []string) error {
	if len(items) == 0 || len(items) > MostVotes {
		return fault.Fieldf("item", "choose one to %d characteristics", MostVotes)
	}
	return in.knows(items)
}
