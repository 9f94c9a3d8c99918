package app

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const inside = "throughline/internal/"

// uses reads the table of areas out of ARCHITECTURE.md: area to the areas that it
// may use.
func uses(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\w+) \|[^|]*\|([^|]*)\|$`).FindAllStringSubmatch(string(text), -1) {
		if m[1] != "area" && m[1] != "package" {
			table[m[1]] = strings.Fields(m[2])
		}
	}
	return table
}

// goFiles calls each with every Go file that is no test, its package's path below
// internal, and its imports.
func goFiles(t *testing.T, each func(pkg string, source []byte, imports []string, documented bool)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path) // through os, so that the test cache notices a change
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		var imports []string
		for _, s := range f.Imports {
			name, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, name)
		}
		each(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../"), source, imports, f.Doc != nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNobodyImportsAgainstTheTable(t *testing.T) {
	table := uses(t)
	seen, documented := map[string]bool{}, map[string]bool{}
	goFiles(t, func(pkg string, _ []byte, imports []string, doc bool) {
		area, _ := split(pkg)
		seen[area] = true
		documented[pkg] = documented[pkg] || doc
		for _, name := range imports {
			if why := wrong(table, pkg, name); why != "" {
				t.Errorf("%s may not import %s: %s", pkg, strings.TrimPrefix(name, inside), why)
			}
		}
	})
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", pkg)
		}
	}
	for area := range table {
		if !seen[area] {
			t.Errorf("ARCHITECTURE.md names the area %s, which is not there", area)
		}
	}
	for area := range seen {
		if _, ok := table[area]; !ok && area != "app" && area != "kit" {
			t.Errorf("the area %s is not in the table of ARCHITECTURE.md", area)
		}
	}
}

// split takes "org/orgdb" apart into "org" and "db".
func split(pkg string) (area, role string) {
	area, sub, _ := strings.Cut(pkg, "/")
	return area, strings.TrimPrefix(sub, area)
}

// What a core and a store may use of the kit; pages may use all but db and job.
var kitOf = map[string][]string{
	"":   {"assign", "fault", "period", "stat", "text", "id", "yaml"},
	"db": {"db", "fault", "period", "id", "job", "mail", "secret"},
}

func mayUse(role, kit string) bool {
	if role == "web" {
		return kit != "db" && kit != "job"
	}
	return slices.Contains(kitOf[role], kit)
}

var noCore = []string{"context", "database/sql", "io/fs", "log", "log/slog", "math/rand", "net", "net/http", "os", "os/exec"}

func wrong(table map[string][]string, pkg, name string) string {
	area, role := split(pkg)
	if !strings.HasPrefix(name, inside) {
		if area != "app" && area != "kit" && role == "" && slices.Contains(noCore, name) {
			return "a core does no input or output"
		}
		return ""
	}
	to, toRole := split(strings.TrimPrefix(name, inside))
	switch {
	case area == "app":
		return ""
	case to == "app":
		return "only the command imports app"
	case area == "kit":
		if to != "kit" {
			return "the kit knows no area"
		}
	case to == "kit":
		if !mayUse(role, strings.TrimPrefix(name, inside+"kit/")) {
			return "not of the kit for its role"
		}
	case toRole == "web":
		return "no area uses another's pages"
	case role == "" && toRole != "":
		return "a core imports cores only"
	case to != area && !slices.Contains(table[area], to):
		return "not in its row of ARCHITECTURE.md"
	}
	return ""
}

func TestTheImportRulesCatchBreaches(t *testing.T) {
	table := map[string][]string{"org": nil, "diagnosis": {"org"}}
	for _, breach := range [][2]string{
		{"org", "database/sql"}, {"org", inside + "diagnosis"}, {"org/orgdb", inside + "diagnosis/diagnosisdb"},
		{"org/orgdb", inside + "kit/web"}, {"diagnosis", inside + "org/orgdb"}, {"diagnosis/diagnosisweb", inside + "org/orgweb"},
		{"diagnosis/diagnosisweb", inside + "kit/db"}, {"kit/web", inside + "org"}, {"org/orgweb", inside + "app"},
	} {
		if wrong(table, breach[0], breach[1]) == "" {
			t.Errorf("%s importing %s goes through", breach[0], breach[1])
		}
	}
}

func TestAnAreaWritesOnlyItsOwnTables(t *testing.T) {
	write := regexp.MustCompile("(?is)(?:INSERT INTO|UPDATE|DELETE FROM|InsertMany\\(ctx, \")\\s*([a-z]+_[a-z_]+)")
	goFiles(t, func(pkg string, source []byte, _ []string, _ bool) {
		area, _ := split(pkg)
		for _, m := range write.FindAllSubmatch(source, -1) {
			if table := string(m[1]); !strings.HasPrefix(table, area+"_") && area != "app" {
				t.Errorf("%s writes %s, which is not its own", pkg, table)
			}
		}
	})
}
