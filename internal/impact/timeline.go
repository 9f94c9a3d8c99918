package impact

import (
	"throughline/internal/diagnosis"
	"throughline/internal/kit/period"
	"throughline/internal/transition"
)

// Wave is a diagnosis on the time line of a unit.
type Wave struct {
	Diagnosis diagnosis.Diagnosis
	Day       period.Day // on which it closed, or will
	Seen      bool       // the reader sees its scores, though they may be withheld
	Overall   *float64   // mean of the unit's factor means; nil where it is not told
	Factors   []*float64 // in the order of the instrument's
	In        *diagnosis.Instrument
}

// Promised is a focal point with what was promised of it, and what came of it in a unit by the next diagnosis
// that asked the same.
type Promised struct {
	diagnosis.FocalPoint
	Diagnosis string     // id of that by which it was chosen
	Decided   period.Day // when it was
	Next      string     // id of the diagnosis by which it is judged, "" for none yet
	Judged    period.Day // when that closed
	Keeping   diagnosis.Keeping
	Moved     *diagnosis.Change // in the smallest unit, from this one upwards, of which both tell it; nil for not told
	In        string            // name of that unit, "" for the unit itself
}

// Keep is how actions stand to what was promised of them.
type Keep struct {
	Due    int // were to be done by now, as was promised first
	Done   int // of these, done at all
	InTime int // of these, by the day that was promised first
}

// KeepOf counts actions by the day that was promised first. What was stopped was promised too.
func KeepOf(actions []transition.Action, today period.Day) (k Keep) {
	for _, a := range actions {
		if a.Promised == "" || a.Promised > today {
			continue
		}
		k.Due++
		if a.State == transition.ActionDone {
			if k.Done++; a.Ended <= a.Promised {
				k.InTime++
			}
		}
	}
	return k
}

// Keepings counts focal points that have been judged, and those of which came what was promised.
func Keepings(all []Promised) (judged, kept int) {
	for _, p := range all {
		switch p.Keeping {
		case diagnosis.PromiseKept:
			judged, kept = judged+1, kept+1
		case diagnosis.PromisePartly, diagnosis.PromiseNotKept, diagnosis.PromiseTurned:
			judged++
		}
	}
	return judged, kept
}
