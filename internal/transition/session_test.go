package transition_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/org"
	"throughline/internal/transition"

	"pgregory.net/rapid"
)

var programme = transition.Programme{ID: "p", Kind: transition.Leaders, Focal: []string{"dialogue", "trust"}}

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("", 3600))
	if err != nil {
		panic(err)
	}
	return t
}

func series() transition.Series {
	return transition.Series{Session: transition.Session{Starts: at("2026-08-31 13:30"), Minutes: 90, Place: "Canteen 2", Host: transition.Host{Name: "Ann"}}, Every: 3, Count: 4, Focal: []string{"dialogue", "trust"}}
}

// A session each quarter on the month's last day where it has no 31st; focal points take turns;
// the first one alone is a first session.
func TestASeriesTakesTurns(t *testing.T) {
	all, err := series().Sessions(programme, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all {
		line := s.Starts.Format("2006-01-02 15:04") + " " + s.Focal
		if s.First {
			line += " first"
		}
		got = append(got, line)
	}
	want := []string{"2026-08-31 13:30 dialogue first", "2026-11-30 13:30 trust", "2027-02-28 13:30 dialogue", "2027-05-31 13:30 trust"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if all[0].Agenda[0].Kind != transition.TheFramework || all[1].Agenda[0].Kind != transition.InDetail {
		t.Errorf("%+v", all[:2])
	}
	for want, change := range map[string]func(*transition.Series){
		"1 to 24 sessions":  func(s *transition.Series) { s.Count = 0 },
		"1 to 24 months":    func(s *transition.Series) { s.Every = 25 },
		"choose the focal":  func(s *transition.Series) { s.Focal = nil },
		"of this programme": func(s *transition.Series) { s.Focal = []string{"courage"} },
		"10 minutes to a":   func(s *transition.Series) { s.Minutes = 5 },
		"where: a room":     func(s *transition.Series) { s.Place = " " },
		"who leads it":      func(s *transition.Series) { s.Host.Name = "" },
		"the day and the":   func(s *transition.Series) { s.Starts = time.Time{} },
	} {
		s := series()
		change(&s)
		if _, err := s.Sessions(programme, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// Every template fills its time, whatever that is.
func TestAnAgendaFillsItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(10, 24*60).Draw(t, "minutes")
		for _, first := range []bool{true, false} {
			parts := transition.Template(first, minutes)
			if transition.Length(parts) != minutes {
				t.Fatalf("%d minutes of %d: %+v", transition.Length(parts), minutes, parts)
			}
			for _, p := range parts {
				if p.Minutes < 1 {
					t.Fatalf("%+v", parts)
				}
			}
		}
	})
	if got := transition.Template(true, 90); got[3].Minutes != 25 || got[0].Minutes != 15 {
		t.Errorf("%+v", got)
	}
}

func TestWhoIsAskedTwiceAtATimeIsNamed(t *testing.T) {
	a := transition.Session{ID: "a", Starts: at("2026-03-02 13:30"), Minutes: 90}
	for start, want := range map[string]int{"2026-03-02 12:00": 0, "2026-03-02 12:31": 1, "2026-03-02 14:59": 1, "2026-03-02 15:00": 0} {
		b := transition.Session{ID: "b", Starts: at(start), Minutes: 90}
		if got := a.Clash([]string{"ann", "bob"}, b, []string{"bob", "cy"}); len(got) != want {
			t.Errorf("%s: %v", start, got)
		}
		b.Cancelled = true
		if got := a.Clash([]string{"bob"}, b, []string{"bob"}); got != nil {
			t.Errorf("with a cancelled one: %v", got)
		}
	}
}

// By hand: two participants of ninety minutes, the host with thirty more to prepare.
func TestWhatASessionPutsIntoTheLedger(t *testing.T) {
	s := transition.Session{ID: "a", Programme: "p", Focal: "dialogue", Starts: at("2026-03-02 13:30"), Minutes: 90, Prepared: 30, Host: transition.Host{Person: org.Ref{ID: "ann"}, Name: "Ann", External: true},
		Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 45000, Currency: "EUR"}}}
	units := map[string]string{"ann": "hq", "bob": "north", "cy": "north"}
	if got := s.Effort("First session", []string{"bob"}, units); got != nil {
		t.Errorf("before it was held: %+v", got)
	}
	s.Held = at("2026-03-02 16:00")
	all := s.Effort("First session", []string{"ann", "bob", "cy"}, units)
	if len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	e := all[0]
	e.Source = effort.Source{Kind: effort.OfSession, ID: s.ID}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	got := effort.Sum([]effort.Entry{e})
	if got.Participants != 180 || got.Staff != 120 || got.People != 2 || got.External != 1 || got.Costs[0].Amount != 45000 || len(e.Serves) != 2 {
		t.Errorf("%+v", got)
	}
	c := transition.Coached{Day: "2026-03-02", Minutes: 45, People: 4, Focal: "dialogue", What: "Hand-over"}
	if err := c.Check("2026-03-02"); err != nil {
		t.Fatal(err)
	}
	e = c.Effort(programme, org.Person{ID: "ann", Unit: org.Ref{ID: "hq"}})
	if got := effort.Sum([]effort.Entry{e}); got.Participants != 180 || got.Staff != 45 || e.Kind != effort.Coaching {
		t.Errorf("%+v", got)
	}
	for want, change := range map[string]func(*transition.Coached){"choose the day": func(c *transition.Coached) { c.Day = "" }, "has not come yet": func(c *transition.Coached) { c.Day = "2026-03-03" },
		"1 to 1,440": func(c *transition.Coached) { c.Minutes = 0 }, "how many people": func(c *transition.Coached) { c.People = 0 }, "at most 300": func(c *transition.Coached) { c.What = "" }} {
		wrong := c
		change(&wrong)
		if err := wrong.Check("2026-03-02"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// The report of a whole of 100, with North of 40 (Till of 12, and Shed, withheld) and South, and
// the locations Leeds of 30 and Bath.
func TestTheSmallestPublishedGroupIsFound(t *testing.T) {
	r := &diagnosis.Report{Layout: diagnosis.Layout{
		Units:      []diagnosis.LayoutUnit{{ID: "w", Name: "Whole", Parent: -1}, {ID: "n", Name: "North", Parent: 0}, {ID: "t", Name: "Till", Parent: 1}, {ID: "h", Name: "Shed", Parent: 1}, {ID: "s", Name: "South", Parent: 0}},
		Attributes: []diagnosis.LayoutAttribute{{Name: "location", Values: []string{"Bath", "Leeds"}}},
		Tables:     []diagnosis.Table{{Units: true}, {Attributes: []int{0}}}}}
	add := func(n int, g diagnosis.Group, verdict diagnosis.Verdict) {
		r.Groups = append(r.Groups, diagnosis.ReportGroup{Group: g, N: n, Verdict: verdict})
	}
	location := func(v int16) (g diagnosis.Group) {
		g.Table, g.Values[0] = 1, v
		return g
	}
	add(100, diagnosis.Group{Table: diagnosis.Whole}, diagnosis.Shown)
	add(100, diagnosis.Group{}, diagnosis.Shown)
	add(40, diagnosis.Group{Unit: 1}, diagnosis.Shown)
	add(12, diagnosis.Group{Unit: 2}, diagnosis.Shown)
	add(0, diagnosis.Group{Unit: 3}, diagnosis.TooFew)
	add(60, diagnosis.Group{Unit: 4}, diagnosis.Shown)
	add(0, location(0), diagnosis.TooFew)
	add(30, location(1), diagnosis.Shown)
	for want, of := range map[string][2][]string{
		"Till 12":   {{"t", "t"}, {"Leeds", "Leeds"}},
		"Leeds 30":  {{"t", "h"}, {"Leeds", "Leeds"}},
		"North 40":  {{"t", "h"}, {"Leeds", "Bath"}},
		"Whole 100": {{"t", "s"}, {"Bath", "Bath"}},
		"Leeds 30 ": {{"h"}, {"Leeds"}},
	} {
		m := transition.Smallest(r, of[0], of[1], "location", false)
		name := r.Units[m.Unit].Name
		if m.Value != "" {
			name = m.Value
		}
		n := map[int]string{12: "12", 30: "30", 40: "40", 100: "100"}[m.Group.N]
		if got := name + " " + n; got != strings.TrimSpace(want) {
			t.Errorf("%v: %s, want %s", of, got, want)
		}
	}
	if m := transition.Smallest(r, []string{"new"}, []string{""}, "location", false); m.Group.N != 100 {
		t.Errorf("of a unit that the report does not know: %+v", m.Group)
	}
	if m := transition.Smallest(r, []string{"t", "new"}, []string{""}, "location", true); m != nil {
		t.Errorf("of a diagnosis of a part, with somebody of another: %+v", m.Group)
	}
	r.Groups[0].Verdict = diagnosis.TooFew
	if m := transition.Smallest(r, nil, nil, "location", false); m != nil {
		t.Errorf("where nothing is shown: %+v", m.Group)
	}
}
