// Package browser lets a test look at pages as a person does: in Debian's
// Chromium, without a window, by keyboard, at the size of a phone or a desk, in
// light or dark. It refuses to know what any page says. Only tests import it.
//
// A test binary that uses it hands its TestMain to Run, which ends the one
// browser process of the binary:
//
//	func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }
//
// Every page fails its test on a script error, a console error, a breach of the
// content security policy, or a request to any other machine: names do not
// resolve in this browser.
package browser

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"throughline/internal/kit/web/assets"
)

// patience is how long a page may take for one step before its test fails.
const patience = 30 * time.Second

var process struct {
	sync.Mutex
	running bool            // inside Run
	root    context.Context // nil until the first Open
	stop    func()
}

// Run runs the tests and then ends the browser that they started, if any. Its
// result is the exit code.
func Run(m *testing.M) int {
	process.running = true
	defer func() {
		if process.stop != nil {
			process.stop()
		}
	}()
	return m.Run()
}

// Browser is the browser of one person: no cookie is shared with another.
type Browser struct {
	t     testing.TB
	ctx   context.Context
	blank bool // the tab of ctx is not a Page yet
}

// Open gives t a person's browser until it ends. The test is skipped, or under
// CI=true failed, when there is no Chromium or the assets are not built. A
// subtest opens its own.
func Open(t testing.TB) *Browser {
	t.Helper()
	chromium := find()
	if chromium == "" {
		lacking(t, "Chromium (Debian: apt-get install chromium)")
	}
	if !assets.Built() {
		lacking(t, "the built assets (npm ci && go generate ./...)")
	}
	ctx, cancel := chromedp.NewContext(start(t, chromium), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a browser for a person: %v", err)
	}
	return &Browser{t: t, ctx: ctx, blank: true}
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("this test needs %s", what)
}

// start returns the context of the binary's one browser process.
func start(t testing.TB, chromium string) context.Context {
	t.Helper()
	process.Lock()
	defer process.Unlock()
	if !process.running {
		t.Fatal("browser tests need func TestMain(m *testing.M) { os.Exit(browser.Run(m)) }")
	}
	if process.root != nil {
		return process.root
	}
	allocator, free := chromedp.NewExecAllocator(context.Background(),
		append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(chromium),
			chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true),
			chromedp.Flag("disable-component-update", true),
			chromedp.Flag("no-proxy-server", true),
			chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		)...)
	root, cancel := chromedp.NewContext(allocator)
	stop := func() { cancel(); free() }
	if err := chromedp.Do(root); err != nil {
		stop()
		t.Fatalf("starting %s: %v", chromium, err)
	}
	process.root, process.stop = root, stop
	return root
}

// Page opens a tab of width x height CSS pixels. A dark page prefers the dark
// colour scheme; a touch page is a phone's: touch, and a viewport that obeys its
// meta element. Motion is reduced and nothing is cached, so that pictures and
// weights are those of a first visit.
func (b *Browser) Page(width, height int, dark, touch bool) *Page {
	b.t.Helper()
	ctx := b.ctx
	if !b.blank {
		var cancel context.CancelFunc
		ctx, cancel = chromedp.NewContext(b.ctx)
		b.t.Cleanup(cancel)
		if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context
			b.t.Fatalf("opening a tab: %v", err)
		}
	}
	b.blank = false
	p := &Page{t: b.t, ctx: ctx, width: width, dark: dark}
	p.listen()
	b.t.Cleanup(p.report)

	scheme := "light"
	if dark {
		scheme = "dark"
	}
	send(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	p.height, p.touch, p.scheme = height, touch, scheme
	p.seenAs("", width)
	send(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: touch})
	return p
}

// seenAs shows the page for a medium, "" for the screen, at a width.
func (p *Page) seenAs(medium string, width int) {
	p.t.Helper()
	send(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: int64(p.height), DeviceScaleFactor: 1, Mobile: p.touch})
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: p.scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}
