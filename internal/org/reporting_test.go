package org_test

import (
	"math"
	"strings"
	"testing"

	"throughline/internal/org"
)

var posts = org.Map{
	Tree: "reporting", NoSuperior: []string{"XX"},
	People: &org.Section{Key: column("Post"), Unit: column("Unit"), Manager: column("Reports to")},
	Groups: &org.Section{Unit: column("Team"), Manager: column("Reporting post"), Grade: column("Grade"), FTE: column("FTE")},
}

// Counted apart with Python's csv module. The published files' own sums of
// full-time equivalents are 65,467.49 and 64,196.57 for the prison service.
func TestTheRealOrganogramsFormOneTree(t *testing.T) {
	const noms, cps = "national_offender_management_service-", "crown_prosecution_service-"
	for _, c := range []struct {
		file, yaml        string
		units, groupUnits int
		fte               float64
		root              string
		several, under    string // a unit that reports to several, and where it was put
		remarks           int
	}{
		{noms + "2011-03-31", "noms.yaml", 244, 222, 65467.49, "Chief Executive Officer's Unit", "Partnerships/Pathway Delivery", "Chief Executive Officer's Unit", 3},
		{noms + "2011-09-30", "noms.yaml", 232, 220, 64196.57, "Chief Operating Officers Office", "Business Change Group", "ICT", 3},
		{cps + "2011-03-31", "cps.yaml", 57, 55, 7634.51, "HQ Private Office", "HQ Strategy and Policy Directorate", "HQ Private Office", 1},
		{cps + "2011-09-30", "cps.yaml", 29, 26, 7110.28, "Private Office", "LONDON", "London Operations Centre", 1},
	} {
		t.Run(c.file, func(t *testing.T) {
			d, _, bad := drafted(t, mapFile(t, c.yaml), organogram(t, c.file+"-senior"), organogram(t, c.file+"-junior"))
			if len(bad) > 0 {
				t.Fatalf("bad rows: %v", bad)
			}
			units, remarks, err := d.Units()
			if err != nil {
				t.Fatal(err)
			}
			if len(units) != c.units || units[0].Key != c.root || len(remarks) != c.remarks {
				t.Errorf("%d units under %q and %d remarks, want %d under %q and %d", len(units), units[0].Key, len(remarks), c.units, c.root, c.remarks)
			}
			for _, u := range units {
				if u.Key == c.several && u.Parent.Key != c.under {
					t.Errorf("%q hangs under %q, want %q", u.Key, u.Parent.Key, c.under)
				}
			}
			sum, groupUnits := 0.0, map[string]bool{}
			for _, g := range d.Groups() {
				sum += g.FTE
				groupUnits[g.Unit.Key] = true
			}
			if math.Abs(sum-c.fte) > 1e-6 || len(groupUnits) != c.groupUnits {
				t.Errorf("groups of %d units with %.4f FTE, want %d with %.2f", len(groupUnits), sum, c.groupUnits, c.fte)
			}
		})
	}
}

func TestAUnitHangsWhereItsPostsReportTo(t *testing.T) {
	senior := func(lines ...string) org.Source { return source("senior.csv", "Post,Unit,Reports to", lines...) }
	junior := func(lines ...string) org.Source {
		return source("junior.csv", "Team,Reporting post,Grade,FTE", lines...)
	}
	chain := []string{"1,Head,XX", "2,A,1", "3,A,2", "4,B,1"}
	for _, c := range []struct {
		name    string
		senior  org.Source
		junior  org.Source
		unit    string
		under   string
		mistake string
	}{
		{"its own posts' superior outside it", senior(chain...), junior("A,3,x,1"), "A", "Head", ""},
		{"its own posts before its groups", senior(chain...), junior("A,4,x,1"), "A", "Head", ""},
		{"the superior of its groups if it has no posts", senior(chain...), junior("T,3,x,1"), "T", "A", ""},
		{"two superiors in one unit", senior("1,Head,XX", "2,A,1", "3,A,1"), junior("T,2,x,1", "T,3,x,1"), "T", "A", ""},
		{"superiors in two units", senior(chain...), junior("T,3,x,1", "T,4,x,1"), "T", "Head", ""},
		{"a superior above the other", senior("1,Head,XX", "2,A,1", "3,B,2"), junior("T,3,x,1", "T,2,x,1"), "T", "A", ""},
		{"a group that reports to nobody", senior(chain...), junior("T,XX,x,1"), "T", "Head", ""},
		{"two heads", senior("1,Head,XX", "2,A,"), junior("A,2,x,1"), "", "", `2 posts report to nobody ("1", "2"): exactly one must`},
		{"no head", senior("1,A,2", "2,B,1"), junior("A,2,x,1"), "", "", "go round in a circle: 1 → 2 → 1"},
		{"a superior who is no post", senior("1,Head,XX", "2,A,9"), junior("A,2,x,1"), "", "", `senior.csv:3: the post "2" reports to "9"`},
		{"a group's superior who is no post", senior("1,Head,XX"), junior("A,7,x,1"), "", "", `junior.csv:2: a staff group of "A" reports to "7"`},
		{"a superior below another of the unit's superiors", senior("1,Head,XX", "2,A,1", "3,B,2", "4,C,3", "5,B,4"), junior("A,2,x,1"), "B", "A", ""},
		{"two units that report to each other", senior("1,Head,XX", "2,M,1", "3,A,2", "4,B,3", "5,B,2", "6,A,5"), junior("M,2,x,1"), "A", "M", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _, bad := drafted(t, posts, c.senior, c.junior)
			units, _, err := d.Units()
			if len(bad) > 0 || (err == nil) != (c.mistake == "") {
				t.Fatalf("got %v and %v, want %q", bad, err, c.mistake)
			}
			if err != nil && !strings.Contains(err.Error(), c.mistake) {
				t.Fatalf("got %q, want %q", err, c.mistake)
			}
			for _, u := range units {
				if u.Key == c.unit && u.Parent.Key != c.under {
					t.Errorf("%q hangs under %q, want %q", u.Key, u.Parent.Key, c.under)
				}
			}
		})
	}
}
