package learning_test

import (
	"encoding/csv"
	"iter"
	"slices"
	"strings"
	"testing"

	"throughline/internal/learning"

	"github.com/google/go-cmp/cmp"
)

// table reads a small CSV as a file of competencies.
func table(t testing.TB, text string) iter.Seq2[learning.CatalogueItem, error] {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := rowsOf(records)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func rowsOf(records [][]string) (iter.Seq2[learning.CatalogueItem, error], error) {
	head := records[0]
	shape, err := learning.ShapeOf(func(h string) bool { return slices.Contains(head, h) })
	if err != nil {
		return nil, err
	}
	return func(yield func(learning.CatalogueItem, error) bool) {
		for n, record := range records[1:] {
			get := func(h string) string {
				if i := slices.Index(head, h); i >= 0 && i < len(record) {
					return record[i]
				}
				return ""
			}
			if it, err := shape.Item(n+2, get); !yield(it, err) {
				return
			}
		}
	}, nil
}

// said are the items of a catalogue, a line each.
func said(c learning.Catalogue) (lines []string) {
	for _, it := range c.Items {
		lines = append(lines, strings.Join([]string{it.Key, it.Name, it.Kind, it.Parent, strings.Join(it.Alternatives, "/")}, "|"))
	}
	return lines
}

func TestEveryShapeOfFileIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"ESCO": {"conceptUri,reuseLevel,preferredLabel,altLabels\nhttp://data.europa.eu/esco/skill/aa-1,transversal,show initiative,\"take the initiative\ngive impetus\nshow initiative\"\n",
			[]string{"aa-1|show initiative|transversal||take the initiative/give impetus"}},
		"O*NET": {"Element ID,Element Name,Description\n2.A.1.a,Reading Comprehension,Understanding sentences\n2.A,Basic Skills,\n2.A.1,Content,\n9,Alone,\n",
			[]string{"2.A|Basic Skills|||", "2.A.1|Content||2.A|", "2.A.1.a|Reading Comprehension||2.A.1|", "9|Alone|||"}},
		"CASE": {"CFItemType,fullStatement,humanCodingScheme,parent\nStandard,Demonstrate command,L.1,\nStandard,Use language,L.1.a,L.1\n",
			[]string{"L.1|Demonstrate command|Standard||", "L.1.a|Use language|Standard|L.1|"}},
		"plain": {"key,name,description,parent,alternatives\nb,Part,what it means,a,\na,Whole,,,all of it; everything\n,Made Key,,,\n",
			[]string{"a|Whole|||all of it/everything", "b|Part||a|", "made-key|Made Key|||"}},
	} {
		got, err := learning.Gather(table(t, c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, said(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Figures of O*NET's own layout: importance 1 to 5, level 0 to 7.
func TestWhatOccupationsRequireIsRead(t *testing.T) {
	file := `O*NET-SOC Code,Title,Element ID,Element Name,Scale ID,Data Value
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.A.1.b,Active Listening,IM,3.88
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.A.1.b,Active Listening,LV,3.62
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.B.3.a,Operations Analysis,IM,2.00
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.B.3.a,Operations Analysis,LV,1.38
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.B.3.l,Repairing,IM,1.00
41-1011.00,First-Line Supervisors of Retail Sales Workers,2.B.3.l,Repairing,LV,0.00
41-2011.00,Cashiers,2.A.1.b,Active Listening,IM,3.12
`
	got, err := learning.Gather(table(t, file))
	if err != nil {
		t.Fatal(err)
	}
	want := []learning.RoleItem{
		{Key: "41-1011.00", Name: "First-Line Supervisors of Retail Sales Workers", Requires: []learning.Required{{Key: "2.A.1.b", Level: 4, Essential: true}, {Key: "2.B.3.a", Level: 1}}},
		{Key: "41-2011.00", Name: "Cashiers", Requires: []learning.Required{{Key: "2.A.1.b", Level: 1, Essential: true}}},
	}
	if diff := cmp.Diff(want, got.Roles); diff != "" {
		t.Error(diff)
	}
	if len(got.Items) != 3 {
		t.Errorf("%d competencies", len(got.Items))
	}
}

func TestAFileSaysWhereItIsWrong(t *testing.T) {
	for want, file := range map[string]string{
		"line 3: give it a name":                                   "key,name\na,A\nb,\n",
		"line 4: a stands in line 2 already":                       "key,name\na,A\nb,B\na,C\n",
		"line 2: A is part of z, which is not in this file":        "key,name,parent\na,A,z\n",
		"line 3: B is part of A, which is part of it":              "key,name,parent\na,A,b\nb,B,a\n",
		"line 2: A is part of A, which is part of it":              "key,name,parent\na,A,a\n",
		"there is no competency in this file":                      "key,name\n",
		"line 2: the conceptUri is empty":                          "conceptUri,preferredLabel\n,show initiative\n",
		"line 2: the Data Value \"n/a\" is no figure":              "O*NET-SOC Code,Element ID,Element Name,Scale ID,Data Value\n41,2.A,Basic,IM,n/a\n",
		"line 3: 41 says twice how much of Basic":                  "O*NET-SOC Code,Element ID,Element Name,Scale ID,Data Value\n41,2.A,Basic,IM,3\n41,2.A,Basic,IM,4\n",
		"line 3: 2.A is called \"Other\", and \"Basic\" in line 2": "O*NET-SOC Code,Element ID,Element Name,Scale ID,Data Value\n41,2.A,Basic,IM,3\n42,2.A,Other,IM,4\n",
	} {
		if _, err := learning.Gather(table(t, file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := learning.ShapeOf(func(string) bool { return false }); err == nil {
		t.Error("a table without any known heading is recognised")
	}
}

const casePackage = `{"CFDocument": {"identifier": "d", "uri": "https://example.org/d", "title": "Retail skills", "version": "2", "language": "en"},
	"CFItems": [
		{"identifier": "i2", "uri": "https://example.org/i2", "fullStatement": "Answers what a customer asks, in the customer's words", "abbreviatedStatement": "Answers customers", "humanCodingScheme": "R.1.a", "CFItemType": "Competency"},
		{"identifier": "i1", "uri": "https://example.org/i1", "fullStatement": "Serves customers", "CFItemType": "Area"}],
	"CFAssociations": [
		{"associationType": "isChildOf", "originNodeURI": {"identifier": "i2"}, "destinationNodeURI": {"identifier": "i1"}},
		{"associationType": "isChildOf", "originNodeURI": {"identifier": "i1"}, "destinationNodeURI": {"identifier": "d"}},
		{"associationType": "isRelatedTo", "originNodeURI": {"identifier": "i1"}, "destinationNodeURI": {"identifier": "i2"}}]}`

func TestAPackageOfCASEIsRead(t *testing.T) {
	f, items, err := learning.CasePackage([]byte(casePackage))
	if err != nil || f.Name != "Retail skills" || f.Source != "https://example.org/d" || f.Version != "2" || f.Language != "en" {
		t.Fatalf("%+v, %v", f, err)
	}
	got, err := learning.Gather(items)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"i1|Serves customers|Area||", "i2|Answers customers|Competency|i1|R.1.a"}
	if diff := cmp.Diff(want, said(got)); diff != "" {
		t.Error(diff)
	}
	if got.Items[1].Note != "Answers what a customer asks, in the customer's words" {
		t.Errorf("the whole statement is lost: %q", got.Items[1].Note)
	}
	for _, wrong := range []string{"", "{}", "[]", `{"CFItems": 3}`} {
		if _, _, err := learning.CasePackage([]byte(wrong)); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}

// Whatever a file holds, it is read or refused in words, and what is read has every parent before its parts.
func FuzzCatalogue(f *testing.F) {
	f.Add("key,name,parent\na,A,b\nb,B,\n", false)
	f.Add("Element ID,Element Name\n2.A.1,X\n2.A,Y\n", false)
	f.Add(casePackage, true)
	f.Fuzz(func(t *testing.T, text string, json bool) {
		var rows iter.Seq2[learning.CatalogueItem, error]
		if json {
			var err error
			if _, rows, err = learning.CasePackage([]byte(text)); err != nil {
				return
			}
		} else {
			records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(records) == 0 {
				return
			}
			if rows, err = rowsOf(records); err != nil {
				return
			}
		}
		c, err := learning.Gather(rows)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, it := range c.Items {
			if it.Parent != "" && !seen[it.Parent] || seen[it.Key] || it.Name == "" {
				t.Fatalf("%+v, after %v", it, seen)
			}
			seen[it.Key] = true
		}
	})
}
