package browser

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// seen is what the browser told about a page while the test walked it.
type seen struct {
	sync.Mutex
	over       <-chan struct{} // closed when the test has ended, and its server may be gone
	complaints []complaint
	documents  map[network.RequestID]bool // requests for whole pages
	allowed    []string
	bytes      int64
}

type complaint struct {
	text    string
	request network.RequestID
}

// listen begins to gather what the page's console, its security policy and its
// network say.
func (p *Page) listen() {
	p.t.Helper()
	p.seen.documents = map[network.RequestID]bool{}
	p.seen.over = p.t.Context().Done()
	if err := chromedp.Listen(p.ctx, p.seen.hear); err != nil {
		p.t.Fatalf("listening to the page: %v", err)
	}
}

func (s *seen) hear(event any) {
	s.Lock()
	defer s.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		s.complaints = append(s.complaints, complaint{text: text})
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" {
			var words []string
			for _, a := range e.Args {
				words = append(words, strings.Trim(string(a.Value), `"`)+a.Description)
			}
			s.complaints = append(s.complaints, complaint{text: "console: " + strings.Join(words, " ")})
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == "network" && s.ended() {
			return
		}
		if e.Entry.Level == "error" || e.Entry.Source == "security" {
			text := fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
			s.complaints = append(s.complaints, complaint{text: text, request: e.Entry.NetworkRequestID})
		}
	case *network.EventResponseReceived:
		if e.Type == "Document" {
			s.documents[e.RequestID] = true
		}
	case *network.EventLoadingFinished:
		s.bytes += int64(e.EncodedDataLength)
	}
}

func (s *seen) ended() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

func (s *seen) forget() {
	s.Lock()
	defer s.Unlock()
	s.bytes = 0
}

// Allow says that a complaint that contains the text is expected, such as
// "status of 422" for a form that htmx sent with a mistake in it.
func (p *Page) Allow(text string) {
	p.seen.Lock()
	defer p.seen.Unlock()
	p.seen.allowed = append(p.seen.allowed, text)
}

// Complaints returns what the page did wrong so far, one sentence each. The
// status of a whole page is not among them: the test judges that. They are
// reported as failures when the test ends; Complaints forgets them.
func (p *Page) Complaints() []string {
	p.t.Helper()
	p.Eval("1", nil) // what the browser said before this answer has been heard by now
	p.seen.Lock()
	defer p.seen.Unlock()
	var texts []string
	for _, c := range p.seen.complaints {
		allowed := func(text string) bool { return strings.Contains(c.text, text) }
		if !p.seen.documents[c.request] && !slices.ContainsFunc(p.seen.allowed, allowed) {
			texts = append(texts, c.text)
		}
	}
	p.seen.complaints = nil
	return texts
}

func (p *Page) report() {
	if p.ctx.Err() != nil {
		return
	}
	for _, text := range p.Complaints() {
		p.t.Errorf("the page complains: %s", text)
	}
}

// Transferred is the number of bytes that came over the wire since the last
// Goto began: compressed bodies and headers.
func (p *Page) Transferred() int64 {
	p.t.Helper()
	p.Eval("1", nil)
	p.seen.Lock()
	defer p.seen.Unlock()
	return p.seen.bytes
}
