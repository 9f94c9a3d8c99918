package app

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"
)

// handIn uploads files, given as pairs of name and content, and follows the
// answer; the file map.yaml is the map.
func (c *client) handIn(day string, files ...string) answer {
	c.t.Helper()
	return c.upload("/roster/files", url.Values{"day": {day}}, files...)
}

// bring takes a file through upload, columns, preview and confirmation.
func (c *client) bring(day string, files ...string) {
	c.t.Helper()
	a := c.handIn(day, files...)
	if !strings.HasSuffix(a.at, "/preview") {
		a = c.sendForm(a, "/map", nil)
	}
	if !strings.HasSuffix(a.at, "/preview") {
		c.t.Fatalf("no preview at %s: %s", a.at, a.said())
	}
	if a := c.sendForm(a, "/import", nil); a.status != http.StatusOK || !strings.HasPrefix(a.at, "/units?day="+day) {
		c.t.Fatalf("import: %d at %s: %s", a.status, a.at, a.said())
	}
}

const january = `Personeelsnummer;Naam;E-mail;Afdelingspad;Vestiging;Land;Level;Partner;Leidinggevende;FTE;Ploeg;Management team;Chair
1;Ann Ng;ann@acme.example;Acme;Delft;NL;executive;;;1;;Board;yes
2;Bo Lee;bo@acme.example;Acme/Shops;Delft;NL;manager;;1;0,8;dag;Board;
3;Cy =1+1;cy@acme.example;Acme/Shops/One;Gent;BE;employee;Frank Ltd;2;1;nacht;;
4;Dee;;Acme/Depot;Gent;BE;employee;Frank Ltd;1;0,5;;;
`

var april = strings.NewReplacer("4;Dee;;Acme/Depot;Gent;BE;employee;Frank Ltd;1;0,5;;;\n", "5;Eli;;Acme/Shops/One;Gent;BE;employee;;2;1;;;\n",
	"3;Cy =1+1;cy@acme.example;Acme/Shops/One", "3;Cy =1+1;cy@acme.example;Acme/Shops").Replace(january)

func TestARosterIsHandedInMappedPreviewedConfirmedAndTakenBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		if a := lead.get("/units"); !strings.Contains(a.said(), "There is no roster yet.") {
			t.Errorf("before the first import: %s", a.said())
		}
		a := lead.handIn("2026-01-01", "jan.csv", january)
		mapped := a.page()
		for id, want := range map[string]string{
			"people.key": "Personeelsnummer", "people.name": "Naam", "people.mail": "E-mail", "people.unit_path": "Afdelingspad",
			"people.location": "Vestiging", "people.manager": "Leidinggevende", "teams.person": "Personeelsnummer", "people.unit": "",
		} {
			if got := mapped.Find(`select[name="`+id+`"] option[selected]`).AttrOr("value", ""); got != want {
				t.Errorf("%s is recognised as %q, want %q", id, got, want)
			}
		}
		preview := lead.sendForm(a, "/map", url.Values{"attribute": {"Ploeg"}})
		if text := preview.said(); !strings.Contains(text, "The first roster: 4 people in 4 units") {
			t.Fatalf("preview: %s", text)
		}
		if a := lead.get("/units?day=2026-01-01"); !strings.Contains(a.said(), "There is no roster yet.") {
			t.Error("the preview has saved something")
		}
		if a := lead.get(a.at + "/map.yaml"); a.status != http.StatusOK || !strings.Contains(a.body, "key:") || !strings.Contains(a.body, "Ploeg") {
			t.Errorf("map file: %d %s", a.status, a.body)
		}
		a = lead.sendForm(preview, "/import", nil)
		if want := "Acme 4 people (3.30 FTE) 3 units below Depot 1 person (0.50 FTE) Shops 2 people (1.80 FTE) one unit below One 1 person"; a.status != http.StatusOK || a.at != "/units?day=2026-01-01" || a.tree() != want {
			t.Fatalf("import: %d at %s: %s", a.status, a.at, a.said())
		}
		if a := lead.sendForm(preview, "/import", nil); a.status == http.StatusOK {
			t.Error("one upload was imported twice")
		}

		// The second file has the same headings: the map is remembered.
		a = lead.handIn("2026-04-01", "apr.csv", april)
		if a.page().Find(`input[name="attribute"][value="Ploeg"][checked]`).Length() != 1 {
			t.Error("the chosen attribute is not remembered")
		}
		a = lead.sendForm(a, "/map", nil)
		if text := a.said(); !strings.Contains(text, "People: 1 new, 0 changed, 1 moved, 1 gone") || !strings.Contains(text, "Units kept: 3 of 4; gone: 1; new: 0.") ||
			!strings.Contains(text, "from Acme/Shops/One to Acme/Shops") {
			t.Fatalf("second preview: %s", text)
		}
		lead.sendForm(a, "/import", nil)
		for day, want := range map[string]string{
			"2026-04-01": "Acme 4 people (3.80 FTE) 2 units below Shops 3 people (2.80 FTE) one unit below One 1 person",
			"2026-03-31": "Acme 4 people (3.30 FTE) 3 units below Depot 1 person (0.50 FTE) Shops 2 people (1.80 FTE) one unit below One 1 person",
			"2025-12-31": "",
		} {
			if a := lead.get("/units?day=" + day); a.tree() != want {
				t.Errorf("%s: %s, want %s", day, a.tree(), want)
			}
		}

		if a := lead.sendForm(lead.get("/roster"), "/withdrawal", nil); !strings.Contains(a.said(), "The import is taken back") {
			t.Errorf("take back: %s", a.said())
		}
		if a := lead.get("/units?day=2026-04-01"); !strings.Contains(a.tree(), "Depot") {
			t.Errorf("after taking back: %s", a.tree())
		}

		for _, format := range []string{"csv", "xlsx"} {
			file := lead.get("/roster/export?day=2026-05-01&format=" + format)
			if file.status != http.StatusOK {
				t.Fatalf("export: %d %s", file.status, file.body)
			}
			a := lead.handIn("2026-05-01", "export."+format, file.body)
			if a = lead.sendForm(a, "/map", nil); !strings.Contains(a.said(), "These files say what the roster says already.") {
				t.Errorf("the %s export imported again: %s", format, a.said())
			}
		}
	})
}

func TestUnitsWrittenAsPathsAreRecognised(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		for unit, field := range map[string]string{"Acme/Shops": "people.unit_path", "Acme": "people.unit"} {
			a := lead.handIn("2026-01-01", "a.csv", "Id,Unit\n1,"+unit+"\n2,Acme/Depot\n3,"+unit+"\n")
			if got := a.page().Find(`select[name="`+field+`"] option[selected]`).AttrOr("value", ""); got != "Unit" {
				t.Errorf("with %s, %s is %q: %s", unit, field, got, a.said())
			}
		}
	})
}

// zipped is a workbook's kind of file that is none.
func zipped(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "xl/workbook.xml", "yl/workbook.xml")
}

func TestBadFilesGetASentenceAndChangeNothing(t *testing.T) {
	const people = "map.yaml"
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		lead.bring("2026-01-01", "jan.csv", january)
		before := lead.get("/units?day=2026-06-01")
		tooDeep := "people: {key: Id, unit: Unit, parent_unit: Parent}"
		for name, c := range map[string]struct {
			files []string
			want  string
		}{
			"an unknown column":    {[]string{"a.csv", "Id,Unit\n1,A\n", people, "people: {key: Nummer, unit: Unit}"}, `a.csv has no column "Nummer"`},
			"an empty file":        {[]string{"a.csv", ""}, "a.csv"},
			"headings only":        {[]string{"a.csv", "Id,Unit\n", people, "people: {key: Id, unit: Unit}"}, "has headings but no rows"},
			"a zip named .xlsx":    {[]string{"a.xlsx", zipped(t)}, "a.xlsx"},
			"a cycle":              {[]string{"a.csv", "Id,Unit,Parent\n1,A,B\n2,B,A\n", people, tooDeep}, "goes round in a circle"},
			"two roots":            {[]string{"a.csv", "Id,Unit,Parent\n1,A,\n2,B,\n", people, tooDeep}, "the tree of units has 2 roots"},
			"an unknown map key":   {[]string{"a.csv", "Id,Unit\n1,A\n", people, "peple: {key: Id}"}, "peple"},
			"a map without a key":  {[]string{"a.csv", "Id,Unit\n1,A\n", people, "people: {unit: Unit}"}, "must say which column is key"},
			"a level that is none": {[]string{"a.csv", "Id,Unit,Level\n1,A,boss\n", people, "people: {key: Id, unit: Unit, level: Level}"}, `"boss" is not a level`},
			"a person twice":       {[]string{"a.csv", "Id,Unit\n1,A\n1,A\n", people, "people: {key: Id, unit: Unit}"}, "stands already on line 2"},
			"no file":              {nil, "choose the roster's files"},
		} {
			if a := lead.handIn("2026-06-01", c.files...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), c.want) {
				t.Errorf("%s: %d %s", name, a.status, a.said())
			}
		}
		if a := lead.handIn("2025-01-01", "a.csv", january, people, "people: {key: Personeelsnummer, unit_path: Afdelingspad}"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "the last import holds from 2026-01-01") {
			t.Errorf("a day in the past: %d %s", a.status, a.said())
		}
		if a := lead.handIn("31 January", "a.csv", january); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "is not a day") {
			t.Errorf("no day: %d %s", a.status, a.said())
		}
		if after := lead.get("/units?day=2026-06-01"); after.body != before.body {
			t.Errorf("something has changed: %s", after.said())
		}
	})
}

func TestBadRowsAreNamedOnThePageAndInAFile(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		a := lead.handIn("2026-01-01", "a.csv", "Id,Unit,Mail\n1,A,ann@acme.example\n2,A,=cmd\n", "map.yaml", "people: {key: Id, unit: Unit, mail: Mail}")
		if text := a.said(); a.status != http.StatusUnprocessableEntity || !strings.Contains(text, "One mistake stops the import.") || !strings.Contains(text, `a.csv 3 Mail "=cmd" is not a mail address`) {
			t.Errorf("page: %d %s", a.status, text)
		}
		lead.post("/language", url.Values{"language": {"nl"}})
		dutch := lead.handIn("2026-01-01", "a.csv", "Id,Unit\n1,A\n1,A\n", "map.yaml", "people: {key: Id, unit: Unit, king: x}")
		if text := dutch.said(); !strings.Contains(text, `Regel 1, kolom 31 van het YAML-bestand: de sleutel "king" is hier niet bekend`) {
			t.Errorf("a mistake in a map, in Dutch: %s", text)
		}
		lead.post("/language", url.Values{"language": {"en"}})
		file := lead.get(strings.TrimSuffix(a.at, "/preview") + "/errors.csv").body
		if want := "\ufeffFile,Line,Column,Reason,Id,Unit,Mail\n" + `a.csv,3,Mail,"'""=cmd"" is not a mail address",2,A,'=cmd`; !strings.HasPrefix(strings.ReplaceAll(file, "\r", ""), want) {
			t.Errorf("file: %s", file)
		}
	})
}

// endless is a body of zeros that counts what is taken of it.
type endless struct{ left, taken int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), e.left)
	e.left -= n
	e.taken += n
	return int(n), nil
}

func TestALargeFileIsRefusedBeforeItIsKept(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		for name, length := range map[string]int64{"said beforehand": 200 << 20, "not said": -1} {
			head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
			body := &endless{left: 200<<20 - int64(len(head))}
			r := lead.request(http.MethodPost, "/roster/files", io.MultiReader(strings.NewReader(head), body))
			r.ContentLength = length
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			w := lead.straight(r)
			if text := (answer{body: w.Body.String()}).said(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, "larger than 100 MB") {
				t.Errorf("%s: %d %s", name, w.Code, text)
			}
			if length < 0 && body.taken > 120<<20 {
				t.Errorf("%d bytes were read", body.taken)
			}
		}
	})
}

func TestAManagerSeesTheOwnSubtreeOnly(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		lead.bring("2026-01-01", "jan.csv", january)
		structure, err := s.Org.Structure(t.Context(), s.organisation, "2026-02-01")
		if err != nil {
			t.Fatal(err)
		}
		unit, people := map[string]string{}, map[string]string{}
		for _, u := range structure.Units {
			unit[u.Name] = u.ID
		}
		for key := range map[string]bool{"1": true, "2": true, "3": true, "4": true} {
			p, err := s.Org.PersonByKey(t.Context(), s.organisation, key, "2026-02-01")
			if err != nil {
				t.Fatal(err)
			}
			people[key] = p.ID
		}
		shops := org.Scope{Kind: org.UnitScope, ID: unit["Shops"]}
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: shops})
		executive := s.as(t, "executive", whole(org.Executive))
		manager.sees("manager", map[string]bool{
			"/units/" + unit["Shops"]: true, "/units/" + unit["One"]: true, "/units/" + unit["Acme"]: false, "/units/" + unit["Depot"]: false,
			"/people/" + people["2"]: true, "/people/" + people["3"]: true, "/people/" + people["1"]: false, "/people/" + people["4"]: false,
			"/roster": false, "/roster/export?format=csv": false, "/locations": true, "/units/none": false, "/people/none": false,
		})
		executive.sees("executive", map[string]bool{"/units/" + unit["Depot"]: true, "/people/" + people["2"]: false, "/roster": false})
		if a := manager.get("/units"); a.tree() != "Shops 2 people (1.80 FTE) one unit below One 1 person" || strings.Contains(a.body, "Depot") {
			t.Errorf("the manager's tree: %s", a.tree())
		}
		if a := manager.get("/units/" + unit["Shops"]); !strings.Contains(a.body, "Bo Lee") || strings.Contains(a.body, "Ann Ng") {
			t.Errorf("the manager's unit: %s", a.said())
		}
		for who, c := range map[string]*client{"manager": manager, "executive": executive} {
			want := map[string]string{"manager": "Bo Lee Cy =1+1", "executive": ""}[who]
			var names []string
			c.get("/search?q=e").page().Find(`a[href^="/people/"]`).Each(func(_ int, a *goquery.Selection) { names = append(names, a.Text()) })
			if strings.Join(names, " ") != want {
				t.Errorf("the %s finds %q", who, names)
			}
		}
		if a := manager.get("/locations"); !strings.Contains(a.said(), "Gent 1") || !strings.Contains(a.said(), "NL 1 person (0.80 FTE) Location People Delft 1") {
			t.Errorf("the manager's locations: %s", a.said())
		}

		stranger := s.founding(t, "other").as(t, "stranger", whole(org.Administrator))
		upload := lead.handIn("2026-06-01", "jan.csv", january).at
		for _, path := range []string{"/units/" + unit["Acme"], "/people/" + people["1"], upload, upload + "/preview", upload + "/map.yaml", upload + "/errors.csv"} {
			if a := stranger.get(path); a.status != http.StatusNotFound {
				t.Errorf("%s: another organisation gets %d", path, a.status)
			}
		}
		if a := stranger.post(upload+"/import", nil); a.status != http.StatusNotFound {
			t.Errorf("another organisation imports: %d", a.status)
		}
	})
}

// sees checks which pages somebody finds.
func (c *client) sees(who string, seen map[string]bool) {
	c.t.Helper()
	for _, path := range slices.Sorted(maps.Keys(seen)) {
		want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[seen[path]]
		if a := c.get(path); a.status != want {
			c.t.Errorf("%s, %s: %d, want %d: %s", who, path, a.status, want, a.said())
		}
	}
}

func TestAPersonsPageTellsWhatTheRosterSaidThroughTime(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.Administrator))
		lead.bring("2026-01-01", "jan.csv", january)
		lead.bring("2026-04-01", "apr.csv", april)
		id := func(key string, day period.Day) string {
			p, err := s.Org.PersonByKey(t.Context(), s.organisation, key, day)
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		for _, c := range []struct {
			path string
			want []string
		}{
			{"/people/" + id("3", "2026-01-01"), []string{"Cy =1+1", "Reports to Bo Lee", "since 2026-04-01 : Shops, employee, Gent, Frank Ltd", "2026-01-01 to 2026-03-31 : One", "Partner Frank Ltd"}},
			{"/people/" + id("3", "2026-01-01") + "?day=2026-02-01", []string{"Unit One"}},
			{"/people/" + id("4", "2026-01-01"), []string{"Dee", "this is what it said last"}},
		} {
			text := lead.get(c.path).said()
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s lacks %q: %s", c.path, want, text)
				}
			}
		}
	})
}
