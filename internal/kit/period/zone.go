package period

import (
	"sync"
	"time"
	_ "time/tzdata" // the zones of the machine may be missing or old
)

var zones sync.Map // name -> *time.Location

// Zone returns a time zone by its name in the IANA database, such as
// "Europe/Amsterdam"; UTC for a name that is none.
func Zone(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil || !IsZone(name) {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

// IsZone says whether there is a time zone of that name. The machine's own, "Local",
// is none: it is another on each machine.
func IsZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

// Moment reads a stored instant, microseconds since 1970, as the clock of a zone
// showed it; the zero time for 0.
func Moment(micro int64, zone string) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).In(Zone(zone))
}
