package period

import (
	"testing"
	"time"
)

func TestMomentIsThatOfTheZonesClock(t *testing.T) {
	at := time.Date(2026, 7, 1, 16, 30, 0, 0, time.UTC).UnixMicro()
	for zone, want := range map[string]string{
		"Europe/Amsterdam": "2026-07-01 18:30", "Asia/Kolkata": "2026-07-01 22:00", "UTC": "2026-07-01 16:30",
		"Nowhere": "2026-07-01 16:30", "": "2026-07-01 16:30", "Local": "2026-07-01 16:30",
	} {
		if got := Moment(at, zone).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	if !Moment(0, "UTC").IsZero() || IsZone("Local") || IsZone("") || IsZone("Nowhere") || !IsZone("America/New_York") {
		t.Error("zones or the zero moment are off")
	}
}
