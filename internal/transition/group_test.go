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

func sizes(groups []Group) (all []int) {
	for _, g := range groups {
		all = append(all, g.Size())
	}
	slices.Sort(all)
	return all
}

func TestTeamsStayWhole(t *testing.T) {
	teams := []Part{{Unit: "a", People: people("a", 30)}, {Unit: "b", People: people("b", 25)}, {Unit: "c", People: people("c", 20)}, {Unit: "d", People: people("d", 20)}}
	groups := FormGroups("leeds", Per, teams, nil)
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
	groups := FormGroups("leeds", Per, []Part{{Unit: "a", People: people("a", 60), Unnamed: 10}}, nil)
	if got := sizes(groups); !slices.Equal(got, []int{35, 35}) {
		t.Errorf("sizes %v", got)
	}
}

func TestPartnersAreNotMixedWithoutNeed(t *testing.T) {
	teams := []Part{{Unit: "a", Partner: "x", People: people("a", 20)}, {Unit: "b", Partner: "y", People: people("b", 20)},
		{Unit: "c", Partner: "x", People: people("c", 20)}, {Unit: "d", Partner: "y", People: people("d", 20)}}
	for _, g := range FormGroups("leeds", Per, teams, nil) {
		if g.Size() != 40 || g.Parts[0].Partner != g.Parts[1].Partner {
			t.Errorf("%+v", g)
		}
	}
}

func TestWhoIsInAGroupStaysThere(t *testing.T) {
	before := FormGroups("leeds", Per, []Part{{Unit: "a", People: people("a", 40)}, {Unit: "b", People: people("b", 45)}}, nil)
	for i := range before {
		before[i].ID, before[i].Coach = fmt.Sprint(i), fmt.Sprint("coach ", i)
	}
	// One of a leaves, three join it, one of b moves to a, and a new team of 12 comes.
	a := append(people("a", 39), "new-1", "new-2", "new-3", "b-0")
	now := FormGroups("leeds", Per, []Part{{Unit: "a", People: a}, {Unit: "b", People: people("b", 45)[1:]}, {Unit: "c", People: people("c", 12)}}, before)
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
	if where["new-1"] != where["a-0"] || where["c-0"] != "" || where["c-11"] != "" {
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
		before := FormGroups("here", per, then, nil)
		check(before, then)
		if len(before) != Need(float64(total), per) {
			t.Fatalf("%d groups for %d people", len(before), total)
		}
		now, _ := roster("now")
		check(FormGroups("here", per, now, before), now)
	})
}
