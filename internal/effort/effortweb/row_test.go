package effortweb_test

import (
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/effort/effortweb"
	"throughline/internal/kit/sheet"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, file string) (all []effort.Row, err error) {
	t.Helper()
	table, err := sheet.Open(strings.NewReader(file), "efforts.csv", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := effortweb.Rows(table)
	if err != nil {
		return nil, err
	}
	for row, err := range rows {
		if err != nil {
			return all, err
		}
		all = append(all, row)
	}
	return all, nil
}

func TestColumnsOfAFileOfEffortsAreFoundByTheirHeadings(t *testing.T) {
	got, err := read(t, "what,day,hours,cost_internal,cost_supplier,cost_tuition,kind,modality,side,person,unit,currency,external,managed,supplier,goal,initiative,resource,focal,reference\n"+
		"Course,2026-03-02,1.5,1,2,3,learning,classroom,staff,P1,U1,EUR,yes,local,School,G,I,R,F,r1\nBooks,2026-03-03,,,,,,,,,,,,,,,,,,\n")
	f := func(v float64) *float64 { return &v }
	want := []effort.Row{
		{Line: 2, Day: "2026-03-02", What: "Course", Kind: "learning", Modality: "classroom", Side: "staff", Person: "P1", Unit: "U1", Hours: f(1.5), Internal: f(1), Supplied: f(2), Tuition: f(3),
			Currency: "EUR", External: "yes", Managed: "local", Supplier: "School", Serves: [4]string{"G", "I", "R", "F"}, Reference: "r1"},
		{Line: 3, Day: "2026-03-03", What: "Books"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	for file, want := range map[string]string{"what,hours\nx,1\n": "day", "day,what,hours\nsoon,x,1\n": "Line 2", "day,what,hours\n2026-03-02,x,some\n": "Line 2"} {
		if _, err := read(t, file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// Whatever a file holds, its rows or a mistake come of it.
func FuzzRows(f *testing.F) {
	f.Add("day,what,hours\n2026-03-02,Course,1.5\n")
	f.Add("what;day;cost_tuition\nx;02-03-2026;1.200,50\n")
	f.Fuzz(func(t *testing.T, file string) {
		table, err := sheet.Open(strings.NewReader(file), "efforts.csv", sheet.Options{})
		if err != nil {
			return
		}
		rows, err := effortweb.Rows(table)
		if err != nil {
			return
		}
		for row, err := range rows {
			if err == nil && (row.Line < 2 || len(row.Day) != 0 && len(row.Day) != 10) {
				t.Errorf("%q: %+v", file, row)
			}
		}
	})
}
