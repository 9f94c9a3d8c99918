package transition

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func people(prefix string, n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s-%d", prefix, i))
	}
	return ids
}

func nobody(string) bool    { return false }
func everybody(string) bool { return true }

func sizes(groups []Group) (all []int) {
	for _, g := range groups {
		all = append(all, g.Size())
	}
	slices.Sort(all)
	return all
}

func TestTeamsStayWhole(t *testing.T) {
	teams := []Part{{Unit: "a", People: people("a", 30)}, {Unit: "b", People: people("b", 25)}, {Unit: "c", People: people("c", 20)}, {Unit: "d", People: people("d", 20)}}
	groups := FormGroups("leeds", Per, teams, nil, nobody)
	if got := sizes(groups); !slices.Equal(got, []int{45, 50}) {
		t.Errorf("sizes %v", got)
	}
	for _, g := range groups {
		for _, p := range g.Parts {
			if p.Size() < 20 {
				t.Errorf("unit %s is split", p.Unit)
			}
		}
	}
}

func TestATeamLargerThanAGroupIsSplitEvenly(t *testing.T) {
	groups := FormGroups("leeds", Per, []Part{{Unit: "a", People: people("a", 60), Unnamed: 10}}, nil, nobody)
	if got := sizes(groups); !slices.Equal(got, []int{35, 35}) {
		t.Errorf("sizes %v", got)
	}
}

func TestPartnersAreNotMixedWithoutNeed(t *testing.T) {
	teams := []Part{{Unit: "a", Partner: "x", People: people("a", 20)}, {Unit: "b", Partner: "y", People: people("b", 20)},
		{Unit: "c", Partner: "x", People: people("c", 20)}, {Unit: "d", Partner: "y", People: people("d", 20)}}
	for _, g := range FormGroups("leeds", Per, teams, nil, nobody) {
		if g.Size() != 40 || g.Parts[0].Partner != g.Parts[1].Partner {
			t.Errorf("%+v", g)
		}
	}
}

func TestWhoIsInAGroupStaysThere(t *testing.T) {
	before := FormGroups("leeds", Per, []Part{{Unit: "a", People: people("a", 40)}, {Unit: "b", People: people("b", 45)}}, nil, nobody)
	for i := range before {
		before[i].ID, before[i].Coach = fmt.Sprint(i), fmt.Sprint("coach ", i)
	}
	// One of a leaves, three join it, one of b moves to a, and a new team of 20 comes.
	a := append(people("a", 39), "new-1", "new-2", "new-3", "b-0")
	now := FormGroups("leeds", Per, []Part{{Unit: "a", People: a}, {Unit: "b", People: people("b", 45)[1:]}, {Unit: "c", People: people("c", 20)}}, before, everybody)
	if len(now) != 3 {
		t.Fatalf("%d groups: %v", len(now), sizes(now))
	}
	where := map[string]string{}
	for _, g := range now {
		for _, p := range g.Parts {
			for _, person := range p.People {
				where[person] = g.ID
			}
		}
	}
	for _, g := range before {
		for _, p := range g.Parts {
			for _, person := range p.People {
				if person != "a-39" && where[person] != g.ID {
					t.Errorf("%s was in %q and is in %q", person, g.ID, where[person])
				}
			}
		}
	}
	if where["new-1"] != where["a-0"] || where["c-0"] != "" || where["c-19"] != "" {
		t.Errorf("newcomers: %q with %q, the new team in %q", where["new-1"], where["a-0"], where["c-0"])
	}
}

// However the roster is and was, everybody is in exactly one group of at most per, of people
// of one location; anew there are as many groups as are needed.
func TestEverybodyIsInOneGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		per := rapid.IntRange(2, 12).Draw(t, "per")
		roster := func(label string) (teams []Part, total int) {
			for u := range rapid.IntRange(0, 5).Draw(t, label+" units") {
				n := rapid.IntRange(0, 30).Draw(t, label+" people")
				from := rapid.IntRange(0, 5).Draw(t, label+" from")
				p := Part{Unit: fmt.Sprint("u", u), Partner: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "partner"), Unnamed: rapid.IntRange(0, 9).Draw(t, label+" unnamed")}
				for i := range n {
					p.People = append(p.People, fmt.Sprintf("u%d-%d", u, from+i))
				}
				total += p.Size()
				teams = append(teams, p)
			}
			return teams, total
		}
		check := func(groups []Group, teams []Part) {
			count, unnamed := map[string]int{}, 0
			for _, g := range groups {
				if g.Size() > per || g.Size() == 0 || g.Location != "here" {
					t.Fatalf("a group of %d of %d at %q", g.Size(), per, g.Location)
				}
				for _, p := range g.Parts {
					unnamed += p.Unnamed
					for _, person := range p.People {
						count[person]++
					}
				}
			}
			named := 0
			for _, p := range teams {
				unnamed -= p.Unnamed
				for _, person := range p.People {
					if named++; count[person] != 1 {
						t.Fatalf("%s is in %d groups", person, count[person])
					}
				}
			}
			if unnamed != 0 || named != len(count) {
				t.Fatalf("%d unnamed too many, %d named in place of %d", unnamed, len(count), named)
			}
		}
		then, total := roster("then")
		before := FormGroups("here", per, then, nil, nobody)
		check(before, then)
		if len(before) != Need(float64(total), per) {
			t.Fatalf("%d groups for %d people", len(before), total)
		}
		now, total := roster("now")
		for i := range before {
			before[i].Coach = rapid.SampledFrom([]string{"", "stays", "left"}).Draw(t, "coach")
		}
		after := FormGroups("here", per, now, before, func(c string) bool { return c == "stays" })
		check(after, now)
		kept := 0
		for _, g := range after {
			if g.Before == "stays" {
				kept++
			}
		}
		if len(after) > max(Need(float64(total), per), kept) {
			t.Fatalf("%d groups for %d people, %d of them coached before", len(after), total, kept)
		}
	})
}

func TestNoMoreGroupsAreFormedThanAreNeeded(t *testing.T) {
	three := []Group{{ID: "1", Coach: "a", Parts: []Part{{Unit: "u", People: people("u", 30)}}}, {ID: "2", Coach: "b", Parts: []Part{{Unit: "v", People: people("v", 30)}}}, {ID: "3", Coach: "c", Parts: []Part{{Unit: "w", People: people("w", 30)}}}}
	teams := []Part{three[0].Parts[0], three[1].Parts[0], three[2].Parts[0]}
	if now := FormGroups("", Per, teams, three, everybody); len(now) != 3 {
		t.Errorf("groups with their coaches are dissolved: %v", sizes(now))
	}
	if now := FormGroups("", Per, teams, three, func(c string) bool { return c != "b" }); !slices.Equal(sizes(now), []int{40, 50}) && !slices.Equal(sizes(now), []int{45, 45}) {
		t.Errorf("a group without a coach, of three where two are needed: %v", sizes(now))
	}
	teams = append(teams[:2:2], Part{Unit: "new", People: people("new", 26)})
	if now := FormGroups("", Per, teams, three[:2], everybody); len(now) != 2 {
		t.Errorf("86 people, two groups with room: %v", sizes(now))
	}
}

func TestAGroupIsOfThePartnerOfMost(t *testing.T) {
	for _, c := range []struct {
		parts []Part
		want  string
	}{
		{[]Part{{Unit: "a", People: people("a", 30)}, {Unit: "b", Partner: "x", People: people("b", 20)}}, ""},
		{[]Part{{Unit: "a", People: people("a", 10)}, {Unit: "b", Partner: "x", People: people("b", 20)}}, "x"},
		{[]Part{{Unit: "a", Partner: "y", Unnamed: 15}, {Unit: "b", Partner: "x", Unnamed: 10}, {Unit: "c", Partner: "x", Unnamed: 10}}, "x"},
		{nil, ""},
	} {
		if got := (Group{Parts: c.parts}).Partner(); got != c.want {
			t.Errorf("%v: %q, want %q", c.parts, got, c.want)
		}
	}
}
