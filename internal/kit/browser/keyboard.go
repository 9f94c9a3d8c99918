package browser

import (
	"strings"
	"unicode/utf8"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Space": " ", "Escape": kb.Escape, "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

var modifiers = map[string]chromedp.Modifier{
	"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt,
}

// Press presses keys one after the other where the focus is: "Tab", "Shift+Tab",
// "Enter", "Space", "ArrowRight", ..., or a single character.
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		var options []chromedp.KeyOption
		key := name
		for {
			before, after, found := strings.Cut(key, "+")
			modifier, known := modifiers[before]
			if !found || !known {
				break
			}
			options = append(options, chromedp.KeyModifiers(modifier))
			key = after
		}
		code, known := keys[key]
		if !known {
			if utf8.RuneCountInString(key) != 1 {
				p.t.Fatalf("no key is named %q", name)
			}
			code = key
		}
		run(p, "pressing "+name, chromedp.KeyEvent(code, options...))
	}
}

// Type types text where the focus is.
func (p *Page) Type(text string) {
	p.t.Helper()
	run(p, "typing", chromedp.KeyEvent(text))
}

// Focused describes the element that has the focus, as in "input#name.wide".
func (p *Page) Focused() (element string) {
	p.t.Helper()
	p.Eval(`(e => e ? e.localName + (e.id && "#" + e.id) + (e.name ? "[name=" + e.name + "]" : "") : "")(document.activeElement)`, &element)
	return element
}

// TabTo walks by Tab until the focus is on an element that matches the selector,
// and fails when the walk comes round without meeting one.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	var passed []string
	for range 500 {
		p.Press("Tab")
		var there bool
		p.Eval("!!document.activeElement?.matches("+quote(selector)+")", &there)
		if there {
			return
		}
		at := p.Focused()
		if at == "body" && len(passed) > 1 {
			break
		}
		passed = append(passed, at)
	}
	p.t.Fatalf("Tab does not reach %s at %s; it passes %s", selector, p.URL(), strings.Join(passed, ", "))
}
