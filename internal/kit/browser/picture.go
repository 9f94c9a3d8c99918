package browser

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Screenshot keeps a PNG picture of the whole page as name-390.png or
// name-390-dark.png, by the page's width, in the folder that
// THROUGHLINE_SCREENSHOTS names, else among the test's artifacts. It returns
// the file. Where neither is kept no picture is taken: "".
func (p *Page) Screenshot(name string) (file string) {
	p.t.Helper()
	dir := os.Getenv("THROUGHLINE_SCREENSHOTS")
	if dir == "" && !artifactsKept() {
		return ""
	}
	if dir == "" {
		dir = p.t.ArtifactDir()
	}
	name = fmt.Sprintf("%s-%d", name, p.width)
	if p.dark {
		name += "-dark"
	}
	file = filepath.Join(dir, name+".png")
	picture := run(p, "taking the picture "+name, chromedp.FullScreenshot(100))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// artifactsKept says whether the tests run with -artifacts.
func artifactsKept() bool {
	f := flag.Lookup("test.artifacts")
	return f != nil && f.Value.String() == "true"
}

// overflow names what stands wider than the page.
const overflow = `(width => {
	if (document.scrollingElement.scrollWidth <= width) return [];
	const wide = [...document.querySelectorAll("body, body *")].filter(e => e.scrollWidth > width || e.getBoundingClientRect().right > width);
	return [document.scrollingElement.scrollWidth + "px", ...wide.slice(-5).map(e => e.localName + (e.id && "#" + e.id) + [...e.classList].map(c => "." + c).join(""))];
})(%d)`

// Sheets is how many sheets of A4 the page is when it is printed.
func (p *Page) Sheets() int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 210 / 25.4, PaperHeight: 297 / 25.4})
	if err != nil {
		p.t.Fatalf("printing: %v", err)
	}
	return len(sheetOfPDF.FindAll(printed.Data, -1))
}

var sheetOfPDF = regexp.MustCompile(`/Type ?/Page[^s]`)

// Overflows returns what makes the page scroll sideways: its full width and the
// innermost elements that stand out, or nothing.
func (p *Page) Overflows() (what []string) {
	p.t.Helper()
	p.Eval(fmt.Sprintf(overflow, p.width), &what)
	return what
}

// onPaper is the width of a sheet of A4 between margins of a centimetre, in pixels of print.
const onPaper = 718

// Prints fails the test when the page, printed on A4, is wider than the sheet, or when a part of it that scrolls on the screen
// is cut off there.
func (p *Page) Prints() {
	p.t.Helper()
	p.seenAs("print", onPaper)
	defer p.seenAs("", p.width)
	var what []string
	p.Eval(fmt.Sprintf(overflow, onPaper), &what)
	if len(what) > 0 {
		p.t.Errorf("%s is wider than a sheet: %s", p.URL(), strings.Join(what, ", "))
	}
	var cut []string
	p.Eval(`[...document.querySelectorAll("main *")].filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)).map(e => e.localName + [...e.classList].map(c => "." + c).join("") + " " + e.scrollWidth + ">" + e.clientWidth)`, &cut)
	if len(cut) > 0 {
		p.t.Errorf("%s is cut off on paper: %s", p.URL(), strings.Join(cut, ", "))
	}
}

// NoOverflow fails the test when the page scrolls sideways.
func (p *Page) NoOverflow() {
	p.t.Helper()
	if what := p.Overflows(); len(what) > 0 {
		p.t.Errorf("%s is wider than %dpx: %s", p.URL(), p.width, strings.Join(what, ", "))
	}
}
