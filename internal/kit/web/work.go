package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"throughline/internal/kit/fault"
)

// Works is the work under way in this process that may take longer than a page
// should. Its zero value is ready.
type Works struct {
	Patience time.Duration // that a page waits for work before it tells how far it is; a second when left out

	mu   sync.Mutex
	all  map[string]*work
	busy sync.WaitGroup
}

type work struct {
	mu          sync.Mutex
	done, total int
	ended       chan struct{}
	when        time.Time // it ended
	stop        context.CancelFunc
	stopAt      string // address to which a form is posted that stops it; "" where it cannot be
	result      any
	err         error
}

// Do is work that tells how far it is; total is 0 while it cannot know.
type Do[T any] func(ctx context.Context, progress func(done, total int)) (T, error)

const kept = 10 * time.Minute // that a result waits for somebody to look

// Long returns the result of work that goes on when its page is left: its context
// ends with the process only, and who comes back with the same key finds it. While
// it is not ready, Long answers with a page that tells how far it is and looks again
// by itself; ready is then false and nothing is left to answer. A result is handed
// over once.
func Long[T any](ws *Works, w http.ResponseWriter, r *http.Request, key string, do Do[T]) (result T, ready bool, err error) {
	return take[T](ws, w, r, key, start(ws, r, key, do))
}

// Begin starts work for a page that asks for it by Join; a form begins it and sends
// the browser there.
func Begin[T any](ws *Works, r *http.Request, key string, do Do[T]) *work {
	ws.mu.Lock()
	if one := ws.all[key]; one != nil && !one.when.IsZero() && one.err != nil {
		delete(ws.all, key) // a mistake that nobody looked at, and who sends the form again has mended
	}
	ws.mu.Unlock()
	return start(ws, r, key, do)
}

// StopAt lets the page of the work offer to stop it, by a form that is posted to an address
// which calls Stop.
func (one *work) StopAt(path string) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.stopAt = path
}

// Stop ends work under way, and forgets it: what it has come to is not kept.
func (ws *Works) Stop(key string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if one := ws.all[key]; one != nil {
		one.stop()
		delete(ws.all, key)
	}
}

func start[T any](ws *Works, r *http.Request, key string, do Do[T]) *work {
	return ws.start(r, key, func(ctx context.Context, progress func(done, total int)) (any, error) { return do(ctx, progress) })
}

// Join is Long for work that has been started already; ready is true, with the zero
// result, when there is none.
func Join[T any](ws *Works, w http.ResponseWriter, r *http.Request, key string) (result T, ready bool, err error) {
	ws.mu.Lock()
	one := ws.all[key]
	ws.mu.Unlock()
	if one == nil {
		return result, true, nil
	}
	return take[T](ws, w, r, key, one)
}

func take[T any](ws *Works, w http.ResponseWriter, r *http.Request, key string, one *work) (result T, ready bool, err error) {
	fragment := r.Header.Get("HX-Request") != ""
	wait := time.NewTimer(cmp.Or(ws.Patience, time.Second))
	defer wait.Stop()
	select {
	case <-one.ended:
		if fragment {
			w.Header().Set("HX-Refresh", "true") // the page itself takes the result
			w.WriteHeader(http.StatusOK)
			return result, false, nil
		}
		ws.mu.Lock()
		if ws.all[key] == one {
			delete(ws.all, key)
		}
		ws.mu.Unlock()
		result, _ = one.result.(T)
		return result, true, one.err
	case <-wait.C:
	case <-r.Context().Done():
		return result, false, nil // nobody is left to read an answer
	}
	one.mu.Lock()
	done, total, stop := one.done, one.total, one.stopAt
	one.mu.Unlock()
	return result, false, Page(w, r, http.StatusOK, waitingPage(r.URL.RequestURI(), done, total, stop))
}

// start begins the work unless it is under way or its result waits.
func (ws *Works) start(r *http.Request, key string, do Do[any]) *work {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.forget(time.Now())
	if one := ws.all[key]; one != nil {
		return one
	}
	one := &work{ended: make(chan struct{})}
	if ws.all == nil {
		ws.all = map[string]*work{}
	}
	ws.all[key] = one
	ctx, stop := context.WithCancel(context.WithoutCancel(r.Context()))
	one.stop = stop
	pattern := r.Pattern
	ws.busy.Go(func() {
		defer stop()
		defer close(one.ended)
		result, err := survive(func() (any, error) {
			return do(ctx, func(done, total int) {
				one.mu.Lock()
				defer one.mu.Unlock()
				one.done, one.total = done, total
			})
		})
		if err != nil && fault.Of(err) == nil && !errors.Is(err, context.Canceled) {
			slog.ErrorContext(ctx, "work failed", "route", pattern, "err", err)
		}
		ws.mu.Lock()
		defer ws.mu.Unlock()
		one.result, one.err, one.when = result, err, time.Now()
	})
	return one
}

// survive turns a panic into an error: the process answers others too.
func survive(do func() (any, error)) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// forget drops results that nobody came for.
func (ws *Works) forget(now time.Time) {
	for key, one := range ws.all {
		if !one.when.IsZero() && now.Sub(one.when) > kept {
			delete(ws.all, key)
		}
	}
}

// Wait returns when no work is under way, or ctx ends.
func (ws *Works) Wait(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		ws.busy.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}
