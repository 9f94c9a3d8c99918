package learning

import (
	"cmp"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/stat"
	"throughline/internal/org"
)

// State is how far a request is.
type State string

const (
	Asked     State = "asked"     // and waits for the manager's yes
	Refused   State = "refused"   // by the manager
	Waiting   State = "waiting"   // for a place
	Placed    State = "placed"    // in an offering, or with access
	Completed State = "completed" // what was asked for is done
	NotDone   State = "not-done"  // it was begun or missed, and not completed
	Withdrawn State = "withdrawn" // by who asked
)

// States lists them.
var States = []State{Asked, Waiting, Placed, Completed, NotDone, Refused, Withdrawn}

// Open says whether anything is still to come of a request.
func (s State) Open() bool { return s == Asked || s == Waiting || s == Placed }

// Request is that somebody wants, or was given, a place with a resource, and what came of it.
type Request struct {
	ID       string
	Person   org.Ref
	Unit     org.Ref // where they worked when it was asked for
	Resource string
	Offering string // "" where none is chosen, or none is needed
	Needed   period.Day
	Why      string
	State    State
	Decided  string // who said yes or no
	Answer   string // why not
	Access   period.Day
	Done     period.Day // when it was completed, or noted that it was not
	Minutes  int        // that it took; of the resource where it is not said
	Result   string     // as it was said: Pass, 8 of 10
	Source   string     // name of the file that it came with, "" for one that was asked for here
	By       string     // who asked
	At       time.Time

	Reference string // by which the file knows it
}

// Check brings a new request into order and reports what it lacks. open are those of the same person
// that are open.
func (r *Request) Check(of Resource, open []Request, today period.Day) error {
	needed, err := period.ParseDay(string(r.Needed))
	if r.Why = words(r.Why); needed == "" {
		needed = today
	}
	switch {
	case of.Ended != "":
		return fault.Conflictf("%[1]s is not offered any more since %[2]s", of.Name, string(of.Ended))
	case err != nil:
		return fault.Fieldf("needed", "choose the day from which it is needed")
	case needed < today:
		return fault.Fieldf("needed", "choose today or a later day: how long somebody waits is counted from it")
	case tooLong(r.Why, mostNote):
		return fault.Fieldf("why", "this text has at most %d characters", mostNote)
	case slices.ContainsFunc(open, func(o Request) bool { return o.Resource == r.Resource }):
		return fault.Conflictf("%s is asked for already", of.Name)
	}
	r.Needed = needed
	return nil
}

// CheckBooking reports a place in an offering for somebody who has one at the same time already.
func CheckBooking(o Offering, others []Offering, names func(resource string) string) error {
	for _, other := range others {
		if o.Overlaps(other) {
			return fault.Fieldf("offering", "from %[1]s to %[2]s there is a place in %[3]s already", string(other.Begins), string(other.Ends), names(other.Resource))
		}
	}
	return nil
}

// Wait is the days from need to access: 0 where access came before the need. ok is false while there is
// no access.
func (r Request) Wait() (days int, ok bool) {
	if r.Access == "" {
		return 0, false
	}
	return max(0, int(r.Access.Time().Sub(r.Needed.Time()).Hours()/24)), true
}

// Timely is timely access: the median days from need to access (design/measures 3), over the requests
// that have access, with how many still wait. Median is nil where nobody has access yet.
type Timely struct {
	Median   *float64
	Accesses int
	Waiting  int
	Longest  int // days that somebody who still waits has waited
}

// TimelyOf reads it from requests that were needed in a period.
func TimelyOf(all []Request, today period.Day) (t Timely) {
	var days []float64
	for _, r := range all {
		if n, ok := r.Wait(); ok {
			days = append(days, float64(n))
			continue
		}
		if r.State == Asked || r.State == Waiting {
			t.Waiting++
			t.Longest = max(t.Longest, int(today.Time().Sub(r.Needed.Time()).Hours()/24))
		}
	}
	if m, any := stat.Median(days); any {
		t.Median, t.Accesses = &m, len(days)
	}
	return t
}

// Effort is what a completion comes to in the ledger: the hours of the person and the price; nothing of
// what was not completed, or takes and costs nothing that is known.
func (r Request) Effort(of Resource) []effort.Entry {
	minutes := cmp.Or(r.Minutes, of.Minutes)
	if r.State != Completed || minutes == 0 && of.Price == 0 {
		return nil
	}
	e := of.effort(r.Done)
	if minutes > 0 {
		e.Hours = []effort.Hours{{Side: effort.Participant, Unit: r.Unit.ID, Person: r.Person.ID, Minutes: minutes}}
	} else {
		e.Unit = r.Unit.ID
	}
	if of.Price > 0 {
		e.Costs = []effort.Cost{{Kind: of.costKind(), Amount: of.Price, Currency: of.Currency}}
	}
	return []effort.Entry{e}
}

// Effort is what an offering itself cost, borne by the units of those who completed it alike, a smallest unit more by those
// who asked first; nothing of one that cost nothing. It is of the day on which it ends, or of today while it goes on.
func (o Offering) Effort(of Resource, came []Request, today period.Day) []effort.Entry {
	if o.Cost == 0 {
		return nil
	}
	var all []effort.Entry
	share, over := o.Cost, int64(0)
	if n := int64(len(came)); n > 0 {
		share, over = o.Cost/n, o.Cost%n
	}
	pay := func(unit string, amount int64) {
		if amount > 0 {
			e := of.effort(min(o.Ends, today))
			e.Unit, e.Costs = unit, []effort.Cost{{Kind: of.costKind(), Amount: amount, Currency: o.Currency}}
			all = append(all, e)
		}
	}
	if len(came) == 0 {
		pay("", share)
	}
	for n, q := range came {
		amount := share
		if int64(n) < over {
			amount++
		}
		pay(q.Unit.ID, amount)
	}
	return all
}

// effort is what every entry of a resource says.
func (r Resource) effort(day period.Day) effort.Entry {
	e := effort.Entry{Day: day, Kind: effort.Learning, What: r.Name, Modality: r.Modality, External: r.External, Managed: effort.Centrally, Supplier: r.Provider, Serves: []effort.Target{{Kind: effort.ForResource, ID: r.ID}}}
	for _, a := range r.Aims {
		if a.Kind == effort.ForGoal || a.Kind == effort.ForCompetency {
			e.Serves = append(e.Serves, effort.Target{Kind: a.Kind, ID: a.ID})
		}
	}
	return e
}

// costKind is on what its price is spent.
func (r Resource) costKind() effort.CostKind {
	if r.External {
		return effort.Supplier
	}
	return effort.Internal
}
