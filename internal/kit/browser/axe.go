package browser

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// axe reads the checker from the checkout's node_modules.
var axe = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			script, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
			return string(script), err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test")
		}
		dir = parent
	}
})

// Violation is one rule of axe that a page breaks.
type Violation struct {
	Rule    string   `json:"rule"`
	Help    string   `json:"help"`
	Targets []string `json:"targets"` // selectors of the elements
}

func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s", v.Rule, v.Help, strings.Join(v.Targets, ", "))
}

// Violations runs every rule of axe on the page, those of WCAG 2.2 AA that it
// leaves off by default among them.
func (p *Page) Violations() (found []Violation) {
	p.t.Helper()
	script, err := axe()
	if err != nil {
		lacking(p.t, "axe-core (npm ci): "+err.Error())
	}
	p.Eval("(() => {"+script+"})(), true", nil)
	p.Eval(`axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then(r =>
		r.violations.map(v => ({rule: v.id, help: v.help, targets: v.nodes.map(n => n.target.flat().join(" "))})))`, &found)
	return found
}

// Axe fails the test on every violation, naming the rule and the elements.
func (p *Page) Axe() {
	p.t.Helper()
	for _, v := range p.Violations() {
		p.t.Errorf("%s breaks %s", p.URL(), v)
	}
}
