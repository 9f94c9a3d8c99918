package db

import (
	"context"
	"database/sql"
	"sync"
)

// statements are the queries of a pool that come again and again, parsed once for
// each connection. SQLite only: the PostgreSQL driver keeps its own.
type statements struct {
	mu    sync.Mutex
	times map[string]int
	ready map[string]*sql.Stmt
	due   []string
}

const (
	oftenEnough   = 3    // times that a query comes before it is kept
	longestKept   = 4000 // bytes: longer ones are made of many rows and do not come again
	mostCounted   = 2000
	mostKeptReady = 1000
)

// find returns a kept statement, nil for none; it counts the query.
func (s *statements) find(query string) *sql.Stmt {
	if s == nil || len(query) > longestKept {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.ready[query]; stmt != nil {
		return stmt
	}
	if len(s.times) >= mostCounted {
		clear(s.times)
	}
	if s.times[query]++; s.times[query] == oftenEnough && len(s.ready)+len(s.due) < mostKeptReady {
		s.due = append(s.due, query)
	}
	return nil
}

// prepare makes those that have come often enough; no transaction of the caller's
// may hold the pool's last connection. One that cannot be made is left as it is: its
// next use says why.
func (s *statements) prepare(ctx context.Context, pool *sql.DB) {
	if s == nil {
		return
	}
	s.mu.Lock()
	due := s.due
	s.due = nil
	s.mu.Unlock()
	for _, query := range due {
		stmt, err := pool.PrepareContext(ctx, query)
		if err != nil {
			continue
		}
		s.mu.Lock()
		s.ready[query] = stmt
		s.mu.Unlock()
	}
}

func newStatements() *statements {
	return &statements{times: map[string]int{}, ready: map[string]*sql.Stmt{}}
}
