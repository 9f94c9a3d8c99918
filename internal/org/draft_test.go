package org_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"throughline/internal/org"
)

func people(fields func(s *org.Section)) org.Map {
	s := &org.Section{Key: column("Id"), Unit: column("Unit")}
	fields(s)
	return org.Map{People: s}
}

func TestEveryMistakeOfARowIsNamedByItsColumn(t *testing.T) {
	m := people(func(s *org.Section) {
		s.Name, s.Mail, s.Level, s.Start, s.End, s.FTE = column("Name"), column("Mail"), column("Level"), column("Start"), column("End"), column("FTE")
	})
	m.Dates = "dd/mm/yyyy"
	header := "Id,Unit,Name,Mail,Level,Start,End,FTE"
	for _, c := range []struct{ line, column, reason string }{
		{",A,Ann,a@x.org,employee,2020-01-01,,1", "Id", "empty"},
		{"1,,Ann,a@x.org,employee,2020-01-01,,1", "Unit", "empty"},
		{"1,A,Ann,no mail,employee,2020-01-01,,1", "Mail", `"no mail" is not a mail address`},
		{"1,A,Ann,,boss,2020-01-01,,1", "Level", `"boss" is not a level`},
		{"1,A,Ann,,,31-31-2020,,1", "Start", `"31-31-2020" is not a day: write it as 2026-01-31 or dd/mm/yyyy`},
		{"1,A,Ann,,,31/01/2020,30/01/2020,1", "End", "lies before the first day 2020-01-31"},
		{"1,A,Ann,,,,,-1", "FTE", "below zero"},
		{"1,A,Ann,,,,,many", "FTE", `"many" is not a number`},
		{"1,A,Ann,,,,,1.250", "FTE", "in one way only"},
		{"1,A," + strings.Repeat("n", 601) + ",,,,,1", "Name", "too long: it has 601 bytes"},
	} {
		_, _, bad := drafted(t, m, source("f.csv", header, c.line))
		if len(bad) != 1 || bad[0].Column != c.column || bad[0].Line != 2 || bad[0].File != "f.csv" || !strings.Contains(bad[0].Reason.Error(), c.reason) {
			t.Errorf("%s: got %v, want column %q and %q", c.line, bad, c.column, c.reason)
		}
	}
	if _, _, bad := drafted(t, m, source("f.csv", header, ",,Ann,no mail,,,,1")); len(bad) != 3 {
		t.Errorf("a row with three mistakes has %d: %v", len(bad), bad)
	}
}

func TestAPersonIsReadAsTheMapSays(t *testing.T) {
	m := org.Map{
		Dates: "dd-mm-yyyy", Decimals: "comma", NoSuperior: []string{"none"},
		People: &org.Section{
			Key: column("Id"), Mail: column("Mail"), UnitPath: column("Path"), Location: column("Site"), Country: org.Field{Constant: "NL"},
			Level: org.Field{Column: "Grade", Values: map[string]string{"9": "senior manager"}, Default: "employee"},
			Start: column("From"), FTE: column("FTE"), Manager: column("Boss"), OtherAttributes: true,
		},
	}
	m.Separator = " > "
	s := source("f.csv", "Id;Mail;Path;Site;Grade;From;FTE;Boss;Shift;Grade (attribute)", "")
	s.Header = strings.Split(s.Header[0], ";")
	s.Rows = rowsOf([][]string{
		{" 7 ", "Ann@X.org", "Acme > Stores >  Delft  7", "Delft", "9", "31-01-2020", "0,8", "None", "night", "G"},
		{"8", "", "Acme > Stores", "Delft", "", "", "", "7", "", ""},
	})
	d, people, bad := drafted(t, m, s)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	p := people[0]
	if p.Key != "7" || p.Mail != "ann@x.org" || p.Unit.Key != "Acme > Stores > Delft 7" || p.Level != org.LevelSeniorManager ||
		p.Start != "2020-01-31" || p.FTE != 0.8 || p.Manager.Key != "" || p.Attributes["Shift"] != "night" || p.Attributes["Grade"] != "G" {
		t.Errorf("read %+v", p)
	}
	if q := people[1]; q.Level != org.LevelEmployee || q.FTE != 1 || q.Attributes != nil || q.Manager.Key != "7" {
		t.Errorf("read %+v", q)
	}
	units, _, err := d.Units()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, u := range units {
		keys = append(keys, u.Key+" ("+u.Name+") under "+u.Parent.Key)
	}
	want := []string{"Acme (Acme) under ", "Acme > Stores (Stores) under Acme", "Acme > Stores > Delft 7 (Delft 7) under Acme > Stores"}
	if !slices.Equal(keys, want) {
		t.Errorf("units %q, want %q", keys, want)
	}
	if l := d.Locations(); len(l) != 1 || l[0] != (org.Location{Name: "Delft", Country: "NL"}) {
		t.Errorf("locations %v", l)
	}
}

func TestATreeThatIsNoneIsRefusedByName(t *testing.T) {
	m := people(func(s *org.Section) { s.UnitName, s.ParentUnit = column("Name"), column("Parent") })
	header := "Id,Unit,Name,Parent"
	for _, c := range []struct {
		name, root string
		lines      []string
		mistake    string
		at         []int // lines of the rows that are told
	}{
		{"two roots", "", []string{"1,A,,", "2,B,,"}, `nothing stands above "A", and the tree of units has 2 roots: "A", "B"`, []int{2, 3}},
		{"two roots that no row names", "", []string{"1,A,,X", "2,B,,Y"}, `2 roots: "X", "Y"`, []int{2, 3}},
		{"a misspelt parent", "", []string{"1,A,,", "2,B,,A", "3,C,,AA"}, `no row says what "AA" hangs under, which here stands above "C"`, []int{4}},
		{"a circle", "", []string{"1,R,,", "2,A,,B", "3,B,,C", "4,C,,A"}, "in a circle: A → B → C → A", []int{4, 5, 3}},
		{"two circles", "", []string{"1,R,,", "2,A,,B", "3,B,,A", "4,C,,D", "5,D,,C"}, "in a circle: A → B → A", []int{4, 3, 6, 5}},
		{"itself", "", []string{"1,R,,", "2,A,,A"}, "in a circle: A → A", []int{3}},
		{"no unit", "", nil, "no row names a unit", nil},
		{"two roots under one of the map", "Acme", []string{"1,A,,", "2,B,,"}, "", nil},
		{"a root of the map that a row names", "A", []string{"1,A,,", "2,B,,A", "3,C,,"}, "", nil},
		{"a parent that no row names", "", []string{"1,A,,X", "2,B,,X"}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := m
			m.Root = c.root
			d, _, bad := drafted(t, m, source("f.csv", header, c.lines...))
			units, _, err := d.Units()
			if len(bad) > 0 || (err == nil) != (c.mistake == "") || err != nil && !strings.Contains(err.Error(), c.mistake) {
				t.Fatalf("got %v and %v, want %q", bad, err, c.mistake)
			}
			if err == nil && len(units) != 3 {
				t.Errorf("%d units, want 3: %v", len(units), units)
			}
			var told org.Mistakes
			errors.As(err, &told)
			var at []int
			for _, b := range told {
				at = append(at, b.Line)
				if b.File != "f.csv" || b.Column != "Parent" || len(b.Cells) != 4 {
					t.Errorf("told at %+v", b)
				}
			}
			if !slices.Equal(at, c.at) {
				t.Errorf("told at lines %v, want %v", at, c.at)
			}
		})
	}
}

func TestContradictionsBetweenRowsNameBoth(t *testing.T) {
	m := people(func(s *org.Section) {
		s.ParentUnit, s.UnitName, s.Location, s.Country = column("Parent"), column("Title"), column("Site"), column("Country")
	})
	for _, c := range []struct {
		lines           []string
		column, mistake string
	}{
		{[]string{"1,A,R,,,", "2,A,S,,,"}, "Parent", `the unit "A" hangs under "S" here and under "R" at f.csv:2`},
		{[]string{"1,A,R,Delft,NL,", "2,A,R,Delft,BE,"}, "Country", `the location "Delft" stands in BE here and in NL at f.csv:2`},
		{[]string{"1,A,R,Delft,,", "2,A,,Delft,BE,"}, "", ""},
		{[]string{"1,A,R,,,Alpha", "2,A,R,,,Beta"}, "Title", `the unit "A" is called "Beta" here and "Alpha" at f.csv:2`},
		{[]string{"1,A,R,,,", "2,A,R,,,ALPHA", "3,A,R,,,Alpha"}, "", ""},
	} {
		_, _, bad := drafted(t, m, source("f.csv", "Id,Unit,Parent,Site,Country,Title", c.lines...))
		if c.mistake == "" && len(bad) > 0 || c.mistake != "" && (len(bad) != 1 || bad[0].Line != 3 || bad[0].Column != c.column || bad[0].Reason.Error()[:len(c.mistake)] != c.mistake) {
			t.Errorf("%v: got %v, want %q", c.lines, bad, c.mistake)
		}
	}
}

func TestATeamHasOneChairWhoseUnitItIs(t *testing.T) {
	m := people(func(s *org.Section) {})
	m.Teams = &org.Section{Team: column("Team"), Person: column("Id"), Chair: column("Chair"), Unit: column("Unit")}
	const header = "Id,Unit,Team,Chair"
	d, _, bad := drafted(t, m, source("f.csv", header, "1,A,,", "2,B,Board,", "3,A,Board,yes"))
	teams, err := d.Teams()
	if err != nil || len(bad) > 0 || len(teams) != 1 || teams[0].Unit.Key != "A" || teams[0].Chair().Key != "3" || len(teams[0].Members) != 2 {
		t.Errorf("teams %v, %v, %v", teams, bad, err)
	}
	d, _, _ = drafted(t, m, source("f.csv", header, "2,B,Board,"))
	if _, err := d.Teams(); err == nil || !strings.Contains(err.Error(), `f.csv:2: the team "Board" has no chair`) {
		t.Errorf("a team without a chair: %v", err)
	}
	for line, want := range map[string]string{"3,A,Board,yes": `two chairs, "1" and "3"`, "1,A,Board,": `"1" is in the team "Board" twice`, "3,A,Board,perhaps": "neither yes nor no"} {
		if _, _, bad := drafted(t, m, source("f.csv", header, "1,A,Board,yes", line)); len(bad) != 1 || !strings.Contains(bad[0].Reason.Error(), want) {
			t.Errorf("%s: got %v, want %q", line, bad, want)
		}
	}
}

func TestGroupsOfOneUnitGradeAndJobAreSummed(t *testing.T) {
	m := org.Map{Groups: &org.Section{Unit: column("Unit"), Grade: column("Grade"), Job: column("Job"), FTE: column("FTE")}}
	d, _, bad := drafted(t, m, source("f.csv", "Unit,Grade,Job,FTE", "A,1,Cook,0.1", "A,1,Cook,0.2", "A,2,Cook,1", "A,1,Cook,0"))
	groups := d.Groups()
	if len(bad) > 0 || len(groups) != 2 || groups[0].FTE != 0.3 || groups[1].FTE != 1 {
		t.Errorf("groups %v, %v", groups, bad)
	}
	if _, _, bad := drafted(t, m, source("f.csv", "Unit,Grade,Job,FTE", "A,1,Cook,")); len(bad) != 1 || bad[0].Column != "FTE" {
		t.Errorf("a group without a number: %v", bad)
	}
}

func TestARowGoesToTheSectionThatTakesIt(t *testing.T) {
	m := org.Map{
		People: &org.Section{Where: map[string]string{"Kind": "p"}, Key: column("Id"), Unit: column("Unit")},
		Groups: &org.Section{Where: map[string]string{"Kind": "g"}, FTE: column("Id"), Unit: column("Unit")},
	}
	d, people, bad := drafted(t, m, source("f.csv", "Kind,Id,Unit", "p,1,A", "g,3,A", "x,3,A"))
	if len(people) != 1 || len(d.Groups()) != 1 || len(bad) != 1 || bad[0].Line != 4 || !strings.Contains(bad[0].Reason.Error(), "no section") {
		t.Errorf("people %v, groups %v, bad %v", people, d.Groups(), bad)
	}
}

func TestTheErrorFileHoldsTheRowsUnderTheirOwnHeadings(t *testing.T) {
	a, b := source("a.csv", "Id,Unit"), source("b.csv", "Unit,FTE")
	header, rows := org.ErrorTable([]org.Source{a, b}, []org.BadRow{
		{File: "a.csv", Line: 3, Column: "Unit", Reason: errorText("empty"), Cells: []string{"7", ""}},
		{File: "b.csv", Line: 9, Reason: errorText("odd"), Cells: []string{"U", "2", "more"}},
	}, error.Error)
	if got := strings.Join(header, "|"); got != "File|Line|Column|Reason|Id|Unit|FTE" {
		t.Errorf("header %q", got)
	}
	if got := strings.Join(rows[0], "|") + "\n" + strings.Join(rows[1], "|"); got != "a.csv|3|Unit|empty|7||\nb.csv|9||odd||U|2" {
		t.Errorf("rows %q", got)
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }

func TestNumbersAreReadInOneWayOnly(t *testing.T) {
	for _, c := range []struct {
		text, mark string
		want       float64 // -1: a mistake
	}{
		{"1", "", 1}, {"0.8", "", 0.8}, {"0,8", "", 0.8}, {"12,25", "", 12.25}, {"0.125", "", 0.125}, {"0,125", "", 0.125},
		{"1.234,5", "", 1234.5}, {"1,234.5", "", 1234.5}, {"1.234.567", "", 1234567}, {"1 234,5", "", 1234.5}, {"1234.567", "", 1234.567},
		{"1,234", "", -1}, {"1.234", "", -1}, {"1,234", "comma", 1.234}, {"1,234", "point", 1234}, {"1.234", "comma", 1234},
		{"1.5", "comma", -1}, {"1,5", "point", -1}, {"1.23.45", "", -1}, {"1e3", "", -1}, {"0x1", "", -1}, {"-", "", -1}, {".", "", -1},
		{"Inf", "", -1}, {"NaN", "", -1}, {"12 FTE", "", -1}, {"1_0", "", -1},
	} {
		m := people(func(s *org.Section) { s.FTE = column("FTE") })
		m.Decimals = c.mark
		s := source("f.csv", "Id,Unit,FTE")
		s.Rows = rowsOf([][]string{{"1", "A", c.text}})
		_, got, bad := drafted(t, m, s)
		if c.want < 0 && len(bad) != 1 || c.want >= 0 && (len(bad) > 0 || got[0].FTE != c.want) {
			t.Errorf("%q with decimals %q: %v, %v, want %v", c.text, c.mark, got[0].FTE, bad, c.want)
		}
	}
}
