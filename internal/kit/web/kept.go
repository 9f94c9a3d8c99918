package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"
)

// Kept is a page that is the same for many: rendered and packed once. It must hold
// nothing that is one reader's.
type Kept struct{ plain, packed []byte }

// Keep renders and packs a page.
func Keep(ctx context.Context, c templ.Component) (Kept, error) {
	var plain, packed bytes.Buffer
	if err := c.Render(ctx, &plain); err != nil {
		return Kept{}, err
	}
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return Kept{}, err
	}
	if _, err := z.Write(plain.Bytes()); err != nil {
		return Kept{}, err
	}
	if err := z.Close(); err != nil {
		return Kept{}, err
	}
	return Kept{plain.Bytes(), packed.Bytes()}, nil
}

// Write answers with the page, packed for a browser that takes it.
func (k Kept) Write(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding")
	body := k.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = k.packed
	}
	_, err := w.Write(body)
	return err
}
