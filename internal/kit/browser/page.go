package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Page is one tab. Its methods fail the test that opened it when a step cannot
// be taken in half a minute.
type Page struct {
	t             testing.TB
	ctx           context.Context
	width, height int
	touch         bool
	dark          bool
	scheme        string // light or dark
	seen          seen
}

// run takes one step with the page.
func run[T any](p *Page, what string, a chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// send gives the browser one command of its protocol.
func send[P, R any](p *Page, cmd cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, cmd, params); err != nil {
		p.t.Fatalf("%s: %v", cmd.Method, err)
	}
}

// Goto opens an address, waits until it and its fonts are loaded, and returns
// its HTTP status.
func (p *Page) Goto(url string) (status int) {
	p.t.Helper()
	p.seen.forget()
	res := run(p, "opening "+url, chromedp.NavigateResponse(url))
	p.Eval(`document.fonts.ready.then(() => true)`, nil)
	if res == nil {
		return 0
	}
	return int(res.Status)
}

// URL is the address the page stands at.
func (p *Page) URL() string {
	p.t.Helper()
	return run(p, "reading the address", chromedp.Location())
}

// Eval evaluates a JavaScript expression, awaits it if it is a promise, and
// decodes the result into out unless that is nil.
func (p *Page) Eval(js string, out any) {
	p.t.Helper()
	what := "evaluating " + js
	if len(js) > 1000 {
		what = what[:1000] + " ..."
	}
	raw := run(p, what, chromedp.Evaluate[[]byte](js, chromedp.EvalAwaitPromise))
	if out == nil {
		return
	}
	if err := json.Unmarshal(raw, out); err != nil {
		p.t.Fatalf("%s: %v in %q", what, err, raw)
	}
}

// Wait waits until a JavaScript condition holds, also across a change of page.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		held, _ := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("!!(%s)", condition)))
		if held {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("waited in vain for %s at %s", condition, p.URL())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// WaitFor waits until an element that matches the selector is on the page.
func (p *Page) WaitFor(selector string) {
	p.t.Helper()
	p.Wait("document.readyState === 'complete' && document.querySelector(" + quote(selector) + ")")
}

// WaitText waits until the page shows the text.
func (p *Page) WaitText(text string) {
	p.t.Helper()
	p.Wait("document.readyState === 'complete' && document.body.innerText.includes(" + quote(text) + ")")
}

// Text is what the first element that matches the selector shows.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text *string
	p.Eval("document.querySelector("+quote(selector)+")?.innerText", &text)
	if text == nil {
		p.t.Fatalf("nothing at %s matches %s", p.URL(), selector)
	}
	return *text
}

// Count is the number of elements that match the selector.
func (p *Page) Count(selector string) (n int) {
	p.t.Helper()
	p.Eval("document.querySelectorAll("+quote(selector)+").length", &n)
	return n
}

// Click clicks the first element that matches the selector, once it is visible.
// Wait for what the click brings.
func (p *Page) Click(selector string) {
	p.t.Helper()
	run(p, "clicking "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Fill gives a field or a select a value, as if it had been typed or chosen.
func (p *Page) Fill(selector, value string) {
	p.t.Helper()
	p.WaitFor(selector)
	p.Eval(fmt.Sprintf(`(field => {
		field.focus();
		field.value = %s;
		for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {bubbles: true}));
	})(document.querySelector(%s))`, quote(value), quote(selector)), nil)
}

// Upload chooses files of this machine in a file field.
func (p *Page) Upload(selector string, files ...string) {
	p.t.Helper()
	run(p, "choosing files in "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// quote makes a JavaScript string literal.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}
