package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"throughline/internal/kit/fault"
)

// Once is a request that is answered once, however often it is sent under its key.
type Once struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"A name of the caller's own for this request. Sent again under it within a day, the request is not done again, and the same answer comes back; another request under it is refused."`
}

const (
	onceHeader = "Idempotency-Key"
	longestKey = 255
)

// Answer is what a request was answered with.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// Answers keeps, for who asks, what requests were answered with.
type Answers interface {
	// Begin returns the answer to the request of a key, nil where there was none yet, which is then kept
	// open for this one. A key of another request, or of one that is being answered, is the caller's mistake.
	Begin(ctx context.Context, key, request string) (*Answer, error)
	// Keep closes it with an answer; nil for none, so that it can be sent anew.
	Keep(ctx context.Context, key string, a *Answer) error
}

// once answers a request to an operation under a key once.
func (a *API) once(w http.ResponseWriter, r *http.Request, o Operation) {
	key := r.Header.Get(onceHeader)
	if key == "" || o.Method == http.MethodGet {
		a.mux.ServeHTTP(w, r)
		return
	}
	if len(key) > longestKey {
		fail(w, r, fault.Fieldf(onceHeader, "a key of a request has at most %d bytes", longestKey))
		return
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(reading))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, o.Most))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		write(w, r, Problem{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("a request to this address has at most %d bytes: send it in parts", o.Most)})
		return
	}
	if err != nil {
		fail(w, r, fault.Invalidf("the request could not be read to its end"))
		return
	}
	sum := sha256.New()
	io.WriteString(sum, r.Method+" "+r.URL.RequestURI()+"\n")
	sum.Write(body)
	kept, err := a.guard.Begin(r.Context(), key, hex.EncodeToString(sum.Sum(nil)))
	if err != nil {
		fail(w, r, err)
		return
	}
	if kept == nil {
		kept = a.answer(w, r, key, body)
	}
	w.Header().Set("Content-Type", kept.ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(kept.Status)
	w.Write(kept.Body)
}

// answer works a request out and keeps the answer; one that failed on our side can be sent anew.
func (a *API) answer(w http.ResponseWriter, r *http.Request, key string, body []byte) *Answer {
	ctx := context.WithoutCancel(r.Context()) // who hangs up asks again under the same key
	r = r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := &recorder{header: w.Header()}
	var keep *Answer
	defer func() {
		if err := a.guard.Keep(ctx, key, keep); err != nil {
			slog.ErrorContext(ctx, "an answer could not be kept", "err", err)
		}
	}()
	a.mux.ServeHTTP(rec, r)
	made := &Answer{Status: max(rec.status, http.StatusOK), ContentType: rec.header.Get("Content-Type"), Body: rec.body.Bytes()}
	if made.Status < http.StatusInternalServerError {
		keep = made
	}
	return made
}

// recorder takes an answer in before it goes out.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) WriteHeader(status int)      { r.status = status }
