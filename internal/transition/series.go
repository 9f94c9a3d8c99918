package transition

import (
	"slices"
	"time"

	"throughline/internal/kit/fault"
)

// Series plans sessions of a programme at equal distances, each built around one of its focal
// points, which take turns.
type Series struct {
	Session          // what all of them have; its Starts is that of the first
	Every   int      // months from one to the next
	Count   int      // how many
	Focal   []string // ids, in their order
}

const mostSessions = 24

// Dates are when its sessions start: at the same time of the day, on the same day of the month,
// or on the month's last where it has no such day.
func (s Series) Dates() (dates []time.Time) {
	from := s.Starts
	for i := range s.Count {
		month := time.Date(from.Year(), from.Month()+time.Month(i*s.Every), 1, from.Hour(), from.Minute(), 0, 0, from.Location())
		last := time.Date(month.Year(), month.Month()+1, 0, 0, 0, 0, 0, from.Location()).Day()
		dates = append(dates, time.Date(month.Year(), month.Month(), min(from.Day(), last), from.Hour(), from.Minute(), 0, 0, from.Location()))
	}
	return dates
}

// Sessions are those of a series. first says that these people have had none yet.
func (s Series) Sessions(p Programme, first bool) ([]Session, error) {
	if s.Count < 1 || s.Count > mostSessions {
		return nil, fault.Fieldf("count", "plan 1 to %d sessions at once, not %d", mostSessions, s.Count)
	}
	if s.Every < 1 || s.Every > 24 {
		return nil, fault.Fieldf("every", "choose 1 to 24 months from one session to the next, not %d", s.Every)
	}
	if len(s.Focal) == 0 {
		return nil, fault.Fieldf("focal", "choose the focal points that the sessions are built around")
	}
	for _, f := range s.Focal {
		if !slices.Contains(p.Focal, f) {
			return nil, fault.Fieldf("focal", "choose focal points of this programme")
		}
	}
	var all []Session
	for i, at := range s.Dates() {
		one := s.Session
		one.Kind, one.Programme, one.Starts, one.First, one.Agenda = Meeting, p.ID, at, first && i == 0, nil
		one.Focal = s.Focal[i%len(s.Focal)]
		if err := one.Check(p.Kind); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Follow is a later session of a series as it is when an earlier one changes: as many days later or
// sooner, at the same time of the day, as long, at the same place and led by the same host. Its focal
// point, name and own agenda stay.
func (s Session) Follow(was, now Session) Session {
	at, from, to := s.Starts, was.Starts, now.Starts
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	later := int(day(to).Sub(day(from)).Hours() / 24)
	s.Starts = time.Date(at.Year(), at.Month(), at.Day()+later, to.Hour(), to.Minute(), 0, 0, to.Location())
	s.Minutes, s.Place, s.Host = now.Minutes, now.Place, now.Host
	return s
}
