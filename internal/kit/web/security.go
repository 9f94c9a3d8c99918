package web

import (
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"

	"golang.org/x/time/rate"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Guard wraps everything: headers that keep the browser to this server, refusal
// of requests that another site made, a limit on the size of forms, and an
// answer even when a handler panics.
func Guard(next http.Handler, maxBody int64) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(Handler(func(http.ResponseWriter, *http.Request) error {
		return fault.Forbiddenf("this form was sent from another site: open the page here and send it again")
	}))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				slog.ErrorContext(r.Context(), "panic", "value", p, "stack", string(debug.Stack()))
				Fail(w, r, errPanic)
			}
		}()
		inner.ServeHTTP(w, r)
	})
}

type panicked struct{}

func (panicked) Error() string { return "a handler panicked" }

var errPanic = panicked{}

// Language sets the reader's language: the cookie "language" first, then what
// the browser asks for.
func Language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wishes := []string{r.Header.Get("Accept-Language")}
		if c, err := r.Cookie(languageCookie); err == nil {
			wishes = append([]string{c.Value}, wishes...)
		}
		ctx := lang.With(With(r.Context(), shown(r.URL.Path)), lang.Match(wishes...))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

const languageCookie = "language"

// RememberLanguage keeps the reader's choice in the browser.
func RememberLanguage(w http.ResponseWriter, r *http.Request, tag string) {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: lang.Match(tag).String(), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
}

// Limiter slows guessing down: a key may try Burst times at once and then once in
// every Every. Keys that have been quiet are forgotten.
type Limiter struct {
	Every time.Duration
	Burst int

	mu    sync.Mutex
	tries map[string]*tried
}

type tried struct {
	limit *rate.Limiter
	last  time.Time
}

// Allow spends one try of a key and reports when it has none left.
func (l *Limiter) Allow(now time.Time, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tries == nil {
		l.tries = map[string]*tried{}
	}
	if len(l.tries) > 100_000 {
		for k, t := range l.tries {
			if now.Sub(t.last) > l.Every*time.Duration(l.Burst) {
				delete(l.tries, k)
			}
		}
	}
	t := l.tries[key]
	if t == nil {
		t = &tried{limit: rate.NewLimiter(rate.Every(l.Every), l.Burst)}
		l.tries[key] = t
	}
	t.last = now
	if !t.limit.AllowN(now, 1) {
		return fault.Forbiddenf("too many tries: wait a few minutes")
	}
	return nil
}

// Proxied takes from a proxy in front who calls: the last address in X-Forwarded-For, which is the
// one that the proxy saw; those before it are what the caller says.
func Proxied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(said[strings.LastIndex(said, ",")+1:]); last != "" {
			r.RemoteAddr = last
		}
		next.ServeHTTP(w, r)
	})
}

// Address is the caller's network address without the port.
func Address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
