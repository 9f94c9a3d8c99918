package app

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"throughline/internal/app/demo"
	"throughline/internal/kit/db/dbtest"
)

// BenchmarkPages asks every page of everybody in the whole demo organisation,
// forty times each, without a network between: p95-ms is over all requests,
// slowest-p95-ms that of the slowest page. With -v it logs every page.
func BenchmarkPages(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchPages(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchPages(b, dbtest.Postgres(b)) })
}

func benchPages(b *testing.B, database string) {
	s, visitors := demoSite(b, database, demo.Full)
	for b.Loop() {
		var all []time.Duration
		var slowest float64
		for _, v := range visitors {
			c := s.anybody(b)
			if v.account != "" {
				c = cmp.Or(v.of, s).signIn(b, v.account)
			}
			for name := range refusing { // no page of its own
				delete(v.pages, name)
			}
			for _, name := range computing { // takes as long as it takes, with progress
				delete(v.pages, name)
			}
			for _, path := range slices.Sorted(maps.Values(v.pages)) {
				took, size := c.ask(path, 40)
				b.Logf("%-16s %-40s p50 %6.2f ms  p95 %6.2f ms  %7d bytes", v.who, shortened(path), quantile(took, .5), quantile(took, .95), size)
				slowest = max(slowest, quantile(took, .95))
				all = append(all, took...)
			}
		}
		b.ReportMetric(quantile(all, .95), "p95-ms")
		b.ReportMetric(slowest, "slowest-p95-ms")
	}
}

// ask asks a page n times and returns how long each took and how many bytes were
// sent the last time.
func (c *client) ask(path string, n int) (took []time.Duration, size int) {
	c.t.Helper()
	for range n {
		r := c.request(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		start := time.Now()
		w := c.straight(r)
		took = append(took, time.Since(start))
		if w.Code != http.StatusOK {
			c.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		size = w.Body.Len()
	}
	return took, size
}

// quantile is the smallest duration that a share q of all does not exceed, in
// milliseconds.
func quantile(all []time.Duration, q float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return float64(all[max(0, int(math.Ceil(q*float64(len(all))))-1)]) / float64(time.Millisecond)
}

var identifier = regexp.MustCompile(`[0-9a-v]{26,}`)

// shortened is a path with {id} for every identifier and secret.
func shortened(path string) string {
	return identifier.ReplaceAllString(path, "{id}")
}
