package app

import (
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"throughline/docs"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/manual"
	"throughline/internal/org"
)

// Every page of the manual stands in one section and leads nowhere that is not there: not to another page, not to a heading of
// it, not to a page of the program.
func TestTheManualHasNoDeadLinks(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	m, err := manual.New(docs.Files, "/help", sections)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]int{}
	for _, section := range m.Sections {
		for _, name := range section.Pages {
			in[strings.TrimSuffix(name, ".nl")] = 1
		}
	}
	mux := http.NewServeMux()
	for _, r := range s.routes {
		mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	anybody := s.anybody(t)
	for _, name := range m.Pages() {
		if in[strings.TrimSuffix(name, ".nl")] == 0 {
			t.Errorf("%s stands in no section", name)
		}
		if a := anybody.get("/help/" + strings.TrimSuffix(name, ".nl")); a.status != http.StatusOK {
			t.Errorf("%s: %d", name, a.status)
		}
		for _, link := range m.Links(name) {
			to, anchor, _ := strings.Cut(link, "#")
			switch {
			case strings.HasPrefix(link, "https://"):
			case to == "" || strings.HasPrefix(to, "/help/"):
				target := strings.TrimPrefix(to, "/help/")
				if to == "" {
					target = name
				}
				if !slices.Contains(m.Pages(), target) || anchor != "" && !slices.Contains(m.Anchors(target), anchor) {
					t.Errorf("%s leads to %s, which is not there", name, link)
				}
			default:
				r, err := http.NewRequest(http.MethodGet, s.address+link, nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, pattern := mux.Handler(r); pattern == "" || strings.Contains(pattern, "{") && !strings.Contains(pattern, "{$}") {
					t.Errorf("%s leads to %s, which is no page of the program", name, link)
				}
			}
		}
	}
}

// Files of the project that Markdown leads to are there.
func TestEveryFileThatADocumentNamesIsThere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	checked := 0
	err := filepath.WalkDir("../..", func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, l := range link.FindAllStringSubmatch(string(source), -1) {
			if strings.Contains(l[1], "://") || strings.HasPrefix(l[1], "/") {
				continue
			}
			checked++
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), l[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", name, l[1])
			}
		}
		return nil
	})
	if err != nil || checked < 50 {
		t.Errorf("%d links, %v", checked, err)
	}
}

// Somebody looks for a word in the manual, in their language, signed in or not.
func TestTheManualIsSearched(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	anybody := s.anybody(t)
	says(t, anybody.get("/help?q=Callaway"), "Found on", "Effects: did it work?")
	if a := anybody.get("/help?q=zzzz"); !strings.Contains(a.said(), "Found on 0 pages") {
		t.Errorf("%s", a.said())
	}
	if a := anybody.get("/help/nothing"); a.status != http.StatusNotFound {
		t.Errorf("no such page: %d", a.status)
	}
	manager := s.as(t, "manager", whole(org.Manager))
	english := manager.get("/help/guides/manager")
	manager.post("/language", map[string][]string{"language": {"nl"}})
	dutch := manager.get("/help/guides/manager")
	if english.page().Find("article").AttrOr("lang", "") != "en" || dutch.page().Find("article").AttrOr("lang", "") != "nl" {
		t.Error("a guide is in the reader's language")
	}
	if a := manager.get("/help/effects"); a.page().Find("article").AttrOr("lang", "") != "en" {
		t.Error("what there is in English alone says so")
	}
}
