// Package manual serves pages written in Markdown: a list of them by section, each as a page with the links that it
// has, and what is found in them. It knows no page.
package manual

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Section is some of the pages, by name, in the order in which they are listed. Its text is English.
type Section struct {
	Text  string
	Pages []string // "guides/manager"; a trailing slash is for every page in a folder
}

// Manual is a set of pages.
type Manual struct {
	Sections []Section
	at       string           // where it is served: "/help"
	pages    map[string]*page // by name and language: "guides/manager.nl"
}

// page is one of them in one language.
type page struct {
	Name, Title string
	Language    string
	HTML        string
	Links       []string // as they are served
	Anchors     []string
	words       string // for searching
	lines       []string
}

// New reads the pages of files, which are served at a path.
func New(files fs.FS, at string, sections []Section) (*Manual, error) {
	m := &Manual{at: at, pages: map[string]*page{}}
	var names []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".md" {
			names = append(names, strings.TrimSuffix(name, ".md"))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		source, err := fs.ReadFile(files, name+".md")
		if err != nil {
			return nil, err
		}
		if m.pages[name], err = m.read(name, names, source); err != nil {
			return nil, fmt.Errorf("%s.md: %w", name, err)
		}
	}
	for _, s := range sections {
		var all []string
		for _, name := range s.Pages {
			if folder, is := strings.CutSuffix(name, "/"); is {
				all = append(all, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return path.Dir(n) != folder })...)
			} else if m.pages[name] == nil {
				return nil, fmt.Errorf("the manual has no page %q", name)
			} else {
				all = append(all, name)
			}
		}
		m.Sections = append(m.Sections, Section{s.Text, all})
	}
	return m, nil
}

// Pages lists the names of all pages, in every language.
func (m *Manual) Pages() (names []string) {
	for name := range m.pages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Links are those of a page, as they are served.
func (m *Manual) Links(name string) []string { return m.pages[name].Links }

// Anchors are the headings of a page that a link can lead to.
func (m *Manual) Anchors(name string) []string { return m.pages[name].Anchors }

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

// read makes a page of its source.
func (m *Manual) read(name string, names []string, source []byte) (*page, error) {
	p := &page{Name: name, Language: "en"}
	if base, dutch := strings.CutSuffix(name, ".nl"); dutch {
		p.Name, p.Language = base, "nl"
	}
	doc := markdown.Parser().Parse(text.NewReader(source))
	var outside []*ast.Link
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if !entering {
				break
			}
			if id, has := n.AttributeString("id"); has {
				p.Anchors = append(p.Anchors, string(id.([]byte)))
			}
			if n.Level == 1 && p.Title == "" {
				p.Title = plain(n, source)
			}
		case *ast.Link:
			if !entering {
				break
			}
			if to := m.served(path.Dir(name), string(n.Destination), names); to != "" {
				n.Destination = []byte(to)
				p.Links = append(p.Links, to)
			} else {
				outside = append(outside, n)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return nil, err
	}
	if p.Title == "" {
		return nil, fmt.Errorf("it has no title: begin with a line such as '# Effects'")
	}
	for _, l := range outside { // a file of the project: what it is called stays
		for c := l.FirstChild(); c != nil; {
			next := c.NextSibling()
			l.Parent().InsertBefore(l.Parent(), l, c)
			c = next
		}
		l.Parent().RemoveChild(l.Parent(), l)
	}
	var b bytes.Buffer
	if err := markdown.Renderer().Render(&b, source, doc); err != nil {
		return nil, err
	}
	p.HTML = framed.Replace(b.String())
	p.lines = strings.Split(string(source), "\n")
	p.words = strings.ToLower(string(source))
	return p, nil
}

// What is wider than a phone scrolls by itself, by keyboard too.
var framed = strings.NewReplacer("<pre>", `<pre tabindex="0">`, "<table>", `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>`, "</table>", "</table></div>")

// served is where a link of a page leads: to another page, within it, to the program or to another site; "" for a file
// that is not served.
func (m *Manual) served(folder, to string, names []string) string {
	target, anchor, _ := strings.Cut(to, "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	switch {
	case strings.Contains(to, "://") || strings.HasPrefix(to, "/") || target == "":
		return to
	case path.Ext(target) == ".md":
		if name := strings.TrimSuffix(path.Join(folder, target), ".md"); slices.Contains(names, name) {
			return m.at + "/" + strings.TrimSuffix(name, ".nl") + anchor
		}
	}
	return ""
}

// plain is what a node says.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, is := c.(*ast.Text); is && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// in is a page in the reader's language, else in English; nil for none.
func (m *Manual) in(r *http.Request, name string) *page {
	if p := m.pages[name+"."+lang.Tag(r.Context()).String()]; p != nil {
		return p
	}
	if p := m.pages[name]; p != nil && p.Name == name {
		return p
	}
	return nil
}

// Routes lists its addresses, which everybody may read.
func (m *Manual) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + m.at, Act: web.Public, Handle: m.contents},
		{Pattern: "GET " + m.at + "/{page...}", Act: web.Public, Handle: m.page},
	}
}

// entry is a page in a list.
type entry struct{ Path, Title, Said string }

func (m *Manual) entries(r *http.Request, names []string) (all []entry) {
	for _, name := range names {
		if p := m.in(r, name); p != nil {
			all = append(all, entry{Path: m.at + "/" + name, Title: p.Title})
		}
	}
	return all
}

func (m *Manual) contents(w http.ResponseWriter, r *http.Request) error {
	c := contents{At: m.at, Asked: strings.TrimSpace(r.FormValue("q"))}
	for _, s := range m.Sections {
		c.Sections = append(c.Sections, listed{s.Text, m.entries(r, s.Pages)})
	}
	if c.Asked != "" {
		c.Found = m.find(r, c.Asked)
	}
	return web.Page(w, r, http.StatusOK, contentsPage(c))
}

type contents struct {
	At       string
	Sections []listed
	Asked    string
	Found    []entry
}

type listed struct {
	Title string
	Pages []entry
}

const mostSaid = 200 // letters of a line that was found

// find lists the pages in which every word stands, each with the first line that has one of them.
func (m *Manual) find(r *http.Request, asked string) (found []entry) {
	words := strings.Fields(strings.ToLower(asked))
	for _, s := range m.Sections {
		for _, name := range s.Pages {
			p := m.in(r, name)
			if p == nil || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(p.words, w) }) {
				continue
			}
			e := entry{Path: m.at + "/" + name, Title: p.Title}
			for _, line := range p.lines[1:] {
				if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(line), w) }) {
					letters := []rune(strings.Trim(line, "# |-*"))
					e.Said = string(letters[:min(len(letters), mostSaid)])
					break
				}
			}
			found = append(found, e)
		}
	}
	return found
}

func (m *Manual) page(w http.ResponseWriter, r *http.Request) error {
	p := m.in(r, r.PathValue("page"))
	if p == nil {
		return fault.NotFoundf("there is no such page in the manual")
	}
	var beside listed
	for _, s := range m.Sections {
		if slices.Contains(s.Pages, p.Name) {
			beside = listed{s.Text, m.entries(r, s.Pages)}
		}
	}
	return web.Page(w, r, http.StatusOK, manualPage(m.at, *p, beside))
}
