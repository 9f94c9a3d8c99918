package learning

import (
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Offering is when and where a resource can be had.
type Offering struct {
	ID, Resource string
	Begins, Ends period.Day
	Place        string
	Places       int   // 0 for no limit
	Cost         int64 // of the offering itself, beside what each participant costs; in the currency's smallest unit
	Currency     string
	Cancelled    bool
	Held         bool // it is noted who came
	Taken        int  // places that are given
	Waiting      int  // who wait for one
}

// Check brings an offering into order and reports what it lacks.
func (o *Offering) Check() error {
	begins, err := period.ParseDay(string(o.Begins))
	ends, endErr := period.ParseDay(string(o.Ends))
	if o.Place = line(o.Place); ends == "" {
		ends = begins
	}
	switch {
	case err != nil || begins == "":
		return fault.Fieldf("begins", "choose the day on which it begins")
	case endErr != nil || ends < begins:
		return fault.Fieldf("ends", "choose the day on which it ends: that on which it begins, or a later one")
	case tooLong(o.Place, mostName):
		return fault.Fieldf("place", "this text has at most %d characters", mostName)
	case o.Places < 0 || o.Places > mostSeats:
		return fault.Fieldf("places", "it has at most %d places; 0 is no limit", mostSeats)
	case o.Cost < 0 || o.Cost > mostPrice:
		return fault.Fieldf("cost", "a price is 0 or more, and at most ten million")
	}
	o.Begins, o.Ends = begins, ends
	return nil
}

// Overlaps says whether two offerings have a day in common.
func (o Offering) Overlaps(other Offering) bool {
	return !o.Cancelled && !other.Cancelled && o.ID != other.ID && o.Begins <= other.Ends && other.Begins <= o.Ends
}

// CheckBeside reports an offering that is of the same resource, at the same place and at the same time
// as another: it would be the same one twice.
func (o Offering) CheckBeside(others []Offering) error {
	for _, other := range others {
		if o.Resource == other.Resource && o.Place == other.Place && o.Overlaps(other) {
			return fault.Fieldf("begins", "it is offered there from %[1]s to %[2]s already: choose other days or another place", string(other.Begins), string(other.Ends))
		}
	}
	return nil
}

// Free is how many places are left; -1 for no limit.
func (o Offering) Free() int {
	if o.Places == 0 {
		return -1
	}
	return max(0, o.Places-o.Taken)
}

// Open says whether somebody can still be placed on a day.
func (o Offering) Open(today period.Day) bool { return !o.Cancelled && !o.Held && o.Begins >= today }
