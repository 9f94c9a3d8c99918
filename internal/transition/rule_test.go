package transition

import (
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

func TestARuleFindsWhoHasAllOfItsTraits(t *testing.T) {
	rule := Rule{Levels: []org.Level{org.LevelTeamLeader, org.LevelManager}, Countries: []string{"Belgium", "Spain"}, Partners: []string{"Aldgate"}, Unit: "ops",
		Team: true, Months: 12, Attributes: []Trait{{"potential", []string{"high"}}}}
	good := Candidate{Person: org.Person{Level: org.LevelManager, Partner: org.Ref{Key: "Aldgate"}, Start: "2025-01-31", Attributes: map[string]string{"potential": "high"}},
		Country: "Spain", Units: []string{"root", "ops", "shop"}, Team: true}
	const day = "2026-01-31"
	if !rule.Finds(good, day) || !(Rule{}).Finds(Candidate{}, day) {
		t.Error("not found")
	}
	for name, spoil := range map[string]func(c *Candidate){
		"level":     func(c *Candidate) { c.Level = org.LevelEmployee },
		"country":   func(c *Candidate) { c.Country = "France" },
		"partner":   func(c *Candidate) { c.Partner.Key = "" },
		"unit":      func(c *Candidate) { c.Units = []string{"root"} },
		"team":      func(c *Candidate) { c.Team = false },
		"months":    func(c *Candidate) { c.Start = "2025-02-01" },
		"attribute": func(c *Candidate) { c.Attributes = nil },
	} {
		c := good
		if spoil(&c); rule.Finds(c, day) {
			t.Errorf("found with another %s", name)
		}
	}
}

func TestMonthsBeforeADayAreThoseOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		day    period.Day
		months int
		want   period.Day
	}{{"2026-03-31", 1, "2026-02-28"}, {"2024-03-31", 1, "2024-02-29"}, {"2026-01-15", 13, "2024-12-15"}, {"2026-05-31", 12, "2025-05-31"}} {
		if got := monthsBefore(c.day, c.months); got != c.want {
			t.Errorf("%d months before %s: %s, want %s", c.months, c.day, got, c.want)
		}
	}
}

func TestAStatusFollowsOnAnother(t *testing.T) {
	why := Step{Reason: "no time"}
	for _, c := range []struct {
		from, to Status
		left, ok bool
	}{{Nominated, Invited, false, true}, {Invited, Accepted, false, true}, {Invited, Declined, false, true}, {Accepted, Active, false, true}, {Active, Alumnus, false, true},
		{Declined, Nominated, false, true}, {Alumnus, Nominated, false, true}, {Nominated, Active, false, false}, {Declined, Accepted, false, false}, {Active, Invited, false, false},
		{Nominated, Invited, true, false}, {Active, Alumnus, true, true}, {Invited, Accepted, true, false}} {
		s := why
		s.Status = c.to
		if err := (Member{Status: c.from, Left: c.left}).Take(s); (err == nil) != c.ok {
			t.Errorf("%s to %s, left %v: %v", c.from, c.to, c.left, err)
		}
	}
	if err := (Member{Status: Invited}).Take(Step{Status: Declined, Reason: " "}); fault.Of(err) == nil || fault.Of(err).Field != "reason" {
		t.Error(err)
	}
}

func TestFormingFollowsTheMonths(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	members := []Member{
		{Steps: []Step{{Status: Nominated, At: at("2025-11-20")}, {Status: Accepted, At: at("2025-12-01")}, {Status: Active, At: at("2026-01-31")}}},
		{Steps: []Step{{Status: Active, At: at("2025-12-31")}, {Status: Alumnus, At: at("2026-02-01")}}},
	}
	got := Forming(members, at("2026-02-10"))
	want := []Formed{{"2025-11", 0, 0}, {"2025-12", 1, 1}, {"2026-01", 2, 0}, {"2026-02", 1, 0}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
	if Forming(nil, at("2026-01-01")) != nil {
		t.Error("something formed of nobody")
	}
}
