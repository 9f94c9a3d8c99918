package app

import (
	"go/ast"
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

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Every text that a person may read has a Dutch wording with the same verbs, which says 'je' and
// never 'u', and no wording is left over.
func TestEveryTextIsThereInDutch(t *testing.T) {
	texts, err := said("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 100 {
		t.Fatalf("only %d texts found: the search is broken", len(texts))
	}
	for _, l := range org.Levels {
		texts[l.Name()] = "org.Levels"
	}
	for _, text := range slices.Concat(effort.Texts(), strategy.Texts()) {
		texts[text] = "Texts"
	}
	verb := regexp.MustCompile(`%(\[\d+\])?[-+.0-9]*[a-zA-Z]`)
	formal := regexp.MustCompile(`\b[Uu]w?\b`)
	for text, place := range texts {
		dutch, ok := lang.Known(text)
		if !ok {
			t.Errorf("%s: %q has no Dutch wording", place, text)
			continue
		}
		if formal.MatchString(dutch) {
			t.Errorf("%s: %q says 'u' in Dutch: %s", place, text, dutch)
		}
		a, b := verb.FindAllString(text, -1), verb.FindAllString(dutch, -1)
		if !strings.Contains(dutch, "%[") && !slices.Equal(a, b) {
			t.Errorf("%s: %q has verbs %v and its Dutch wording %v", place, text, a, b)
		}
	}
	for _, text := range lang.All() {
		if _, ok := texts[text]; !ok {
			t.Errorf("%q has a Dutch wording and is said nowhere", text)
		}
	}
}

// said finds every text that the Go files below folder say to a person: what
// stands in calls of T, N, say and fault's constructors, and in the fields Text
// and What. It returns each text with the place where it stands first.
func said(folder string) (map[string]string, error) {
	found := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range texts(n) {
				if text, ok := literal(e); ok && text != "" && found[text] == "" {
					found[text] = files.Position(e.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	return found, err
}

// arguments says which arguments of a function are texts.
var arguments = map[string][]int{
	"T": {1}, "N": {2, 3}, "say": {1}, "Remarkf": {0},
	"Invalidf": {0}, "NotFoundf": {0}, "Forbiddenf": {0}, "Conflictf": {0}, "Fieldf": {1},
}

func texts(n ast.Node) (found []ast.Expr) {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		for _, i := range arguments[name] {
			if i < len(n.Args) {
				found = append(found, n.Args[i])
			}
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Text" || key.Name == "What") {
			found = append(found, n.Value)
		}
	}
	return found
}

// literal is the value of a string literal, or of several that are added up.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, ok2 := literal(e.Y)
		return a + b, ok && ok2
	}
	return "", false
}
