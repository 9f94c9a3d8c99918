package transition

import (
	"strings"

	"throughline/internal/kit/fault"
)

// Kind says who takes part in a programme.
type Kind string

const (
	Leaders Kind = "leaders" // each coaches one management team
	Coaches Kind = "coaches" // each coaches groups at a location
)

// Programme is a group of leaders or of coaches who carry the focal points of a diagnosis.
type Programme struct {
	ID        string
	Name      string
	Kind      Kind
	Diagnosis string   // id
	Focal     []string // ids of its decided focal points
	Rule      Rule     // who can be nominated
	Per       int      // how many people a coach looks after
	Every     int      // months from one session to the next
	Reach     int      // kilometres to another location to which a coach can be asked to go; 0 for none
	Nudges    bool     // remind owners of actions by mail, at most once a week
	Closed    bool
}

// Quarter is how many months lie between two sessions unless a programme says otherwise.
const Quarter = 3

// Check brings a programme into order and reports, at its field, what it lacks.
func (p *Programme) Check() error {
	if p.Name = strings.Join(strings.Fields(p.Name), " "); p.Name == "" || len(p.Name) > 200 {
		return fault.Fieldf("name", "give the programme a name of at most 200 bytes, such as 'Leaders 2026'")
	}
	if p.Kind != Leaders && p.Kind != Coaches {
		return fault.Fieldf("kind", "choose whether it is a programme of leaders or of coaches")
	}
	if p.Diagnosis == "" || len(p.Focal) == 0 {
		return fault.Fieldf("focal", "choose the focal points that the programme works on: they are decided after a diagnosis")
	}
	if p.Every < 1 || p.Every > 24 {
		return fault.Fieldf("every", "choose 1 to 24 months from one session to the next, not %d", p.Every)
	}
	if p.Reach < 0 || p.Reach > 1000 {
		return fault.Fieldf("reach", "choose 0 to 1,000 kilometres, not %d", p.Reach)
	}
	if err := CheckPer(p.Per); err != nil {
		return err
	}
	return p.Rule.check()
}
