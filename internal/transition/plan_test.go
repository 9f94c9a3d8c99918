package transition

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"throughline/internal/org"
)

func planned(t *testing.T, a Assigner, groups ...Group) Plan {
	t.Helper()
	p := a.Assign(groups, nil)
	if !p.Best {
		t.Fatalf("%+v", p)
	}
	return p
}

func group(location, unit, partner string, n int, before string) Group {
	return Group{Location: location, Before: before, Parts: []Part{{Unit: unit, Partner: partner, People: people(unit, n)}}}
}

func TestOwnUnitAndPartnerComeFirst(t *testing.T) {
	a := Assigner{Coaches: []Coach{{ID: "other", Location: "l", Unit: "u3", Partner: "y", Room: 50}, {ID: "partner", Location: "l", Unit: "u2", Partner: "x", Room: 50}, {ID: "own", Location: "l", Unit: "u1", Partner: "x", Room: 50}}}
	if p := planned(t, a, group("l", "u1", "x", 40, "")); p.Groups[0].Coach != "own" {
		t.Error(p.Groups[0].Coach)
	}
	a.Coaches = a.Coaches[:2]
	if p := planned(t, a, group("l", "u1", "x", 40, "")); p.Groups[0].Coach != "partner" {
		t.Error(p.Groups[0].Coach)
	}
}

func TestNobodyHasMoreThanThereIsRoomFor(t *testing.T) {
	a := Assigner{Coaches: []Coach{{ID: "half", Location: "l", Unit: "u1", Room: 25}, {ID: "two", Location: "l", Unit: "u9", Room: 90}}}
	p := planned(t, a, group("l", "u1", "", 40, ""), group("l", "u2", "", 45, ""), group("l", "u3", "", 20, ""))
	for i, want := range []string{"two", "two", "half"} {
		if p.Groups[i].Coach != want {
			t.Errorf("group %d has %q, want %q", i, p.Groups[i].Coach, want)
		}
	}
}

func TestNoSecondGroupWhileAnotherHasNone(t *testing.T) {
	a := Assigner{Coaches: []Coach{{ID: "c1", Location: "l", Unit: "u1", Room: 100}, {ID: "c2", Location: "l", Unit: "u1", Room: 100}}}
	p := planned(t, a, group("l", "u1", "", 40, ""), group("l", "u1", "", 45, ""))
	if p.Groups[0].Coach == p.Groups[1].Coach {
		t.Error(p.Groups[0].Coach, "has both")
	}
}

func TestFewChangeTheirCoach(t *testing.T) {
	a := Assigner{Coaches: []Coach{{ID: "c1", Location: "l", Unit: "u2", Partner: "y", Room: 50}, {ID: "c2", Location: "l", Unit: "u1", Partner: "x", Room: 50}}}
	p := planned(t, a, group("l", "u1", "x", 40, "c1"), group("l", "u2", "y", 45, "c2"))
	if d := p.Against(); d != (Difference{Stay: 2}) {
		t.Errorf("%+v", d)
	}
	// Another group needs the place of somebody who has to move: covering comes first.
	a = Assigner{Coaches: []Coach{{ID: "c1", Location: "l", Room: 50}, {ID: "c2", Location: "l", Room: 20}}}
	p = planned(t, a, group("l", "u1", "", 20, "c1"), group("l", "u2", "", 45, ""))
	if d := p.Against(); d != (Difference{Change: 1, New: 1, People: 20}) {
		t.Errorf("%+v", d)
	}
}

func TestACoachGoesOnlyWhereReachAllows(t *testing.T) {
	leeds, bath := org.Where{Latitude: 53.8008, Longitude: -1.5491, Known: true}, org.Where{Latitude: 51.3811, Longitude: -2.3590, Known: true}
	a := Assigner{Coaches: []Coach{{ID: "c", Location: "leeds", Room: 50}}, Where: map[string]org.Where{"leeds": leeds, "bath": bath}}
	for reach, want := range map[int]string{0: "", 200: "", 300: "c"} {
		a.Reach = reach
		if p := planned(t, a, group("bath", "u", "", 30, "")); p.Groups[0].Coach != want {
			t.Errorf("reach %d: %q", reach, p.Groups[0].Coach)
		}
	}
}

func TestAGroupWhoseCoachHasStoppedHasNone(t *testing.T) {
	p := Plan{Groups: []Group{{ID: "1", Coach: "a"}, {ID: "2", Coach: "b"}, {ID: "3", Coach: "c"}, {ID: "4"}}}
	held := p.Held([]Member{{ID: "a", Status: Active}, {ID: "b", Status: Alumnus}, {ID: "c", Status: Active, Left: true}})
	for i, want := range []string{"a", "", "", ""} {
		if held.Groups[i].Coach != want {
			t.Errorf("group %d has %q", i+1, held.Groups[i].Coach)
		}
	}
	if held.Groups[1].Before != "b" || p.Groups[1].Coach != "b" {
		t.Error("what was is lost")
	}
}

func TestWhoHasNoCoachIsToldWhy(t *testing.T) {
	p := Plan{Groups: []Group{group("a", "u1", "", 40, ""), group("a", "u2", "", 30, ""), group("a", "u3", "", 20, ""), group("a", "u6", "", 8, ""), group("b", "u4", "", 10, ""), {Location: "a", Coach: "c"}, group("c", "u5", "", 5, "")}}
	got := p.Explain(map[string]Waiting{"a": {Active: 1, Forms: 1, Invited: 1, Declined: 1}, "c": {Candidates: 3, Declined: 1}})
	want := map[Why]int{WhyForms: 40, WhyInvited: 30, WhyDeclined: 20, WhyRoom: 8, WhyNobody: 10, WhyCandidate: 5}
	for _, u := range got {
		if want[u.Why] != u.People {
			t.Errorf("%s: %d people", u.Why, u.People)
		}
		delete(want, u.Why)
	}
	if len(want) > 0 {
		t.Error("not told:", want)
	}
}

// A large organisation: 100,000 people, 900 locations, 2,000 coaches, who can go to
// locations in reach; spread over a country as large as Britain, or as dense as the
// Netherlands.
func BenchmarkALargeOrganisationIsPlanned(b *testing.B) {
	b.Run("wide", func(b *testing.B) { benchPlan(b, 8, 7) })
	b.Run("dense", func(b *testing.B) { benchPlan(b, 2.7, 3.5) })
}

func benchPlan(b *testing.B, north, east float64) {
	r := rand.New(rand.NewPCG(7, 7))
	a := Assigner{Reach: 20, Where: map[string]org.Where{}}
	teams := map[string][]Part{}
	n := 0
	for l := range 900 {
		at := fmt.Sprint("l", l)
		a.Where[at] = org.Where{Latitude: 51 + north*r.Float64(), Longitude: 3.5 + east*r.Float64(), Known: true}
		for left := 1 + int(r.ExpFloat64()*110); left > 0; n++ {
			size := min(left, 3+r.IntN(25))
			teams[at] = append(teams[at], Part{Unit: fmt.Sprint("u", n), Partner: fmt.Sprint("p", n%5), People: people(fmt.Sprint(n), size)})
			left -= size
		}
	}
	for c := range 2000 {
		at := fmt.Sprint("l", r.IntN(900))
		of := teams[at][r.IntN(len(teams[at]))]
		a.Coaches = append(a.Coaches, Coach{ID: fmt.Sprint("c", c), Location: at, Unit: of.Unit, Partner: of.Partner, Room: 50 + 50*(c%4/3)})
	}
	for b.Loop() {
		var groups []Group
		size, without := 0, 0
		for l := range 900 {
			groups = append(groups, FormGroups(fmt.Sprint("l", l), Per, teams[fmt.Sprint("l", l)], nil, nobody)...)
		}
		p := a.Assign(groups, nil)
		for _, g := range p.Groups {
			size += g.Size()
			if g.Coach == "" {
				without += g.Size()
			}
		}
		b.ReportMetric(float64(size), "people")
		b.ReportMetric(float64(len(groups)), "groups")
		b.ReportMetric(float64(without), "without")
		b.ReportMetric(float64(p.Near), "near")
	}
}

func TestWhoHasLostTheCoachIsNotPutBehindOthers(t *testing.T) {
	a := Assigner{Coaches: []Coach{{ID: "c", Location: "l", Unit: "u", Room: 50}}}
	p := planned(t, a, group("l", "u", "", 45, "gone"), group("l", "v", "", 45, ""))
	if p.Groups[0].Coach != "c" {
		t.Errorf("%+v", p.Groups)
	}
	a = Assigner{Coaches: []Coach{{ID: "c", Location: "l", Unit: "x", Partner: "q", Room: 1000}}}
	var many []Group
	for i := range 60 {
		many = append(many, group("l", fmt.Sprint("u", i), "p", 4, ""))
	}
	for _, g := range planned(t, a, many...).Groups {
		if g.Coach == "" {
			t.Fatal("a group is left without a coach who has room")
		}
	}
}
