package diagnosisdb

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"

	"throughline/internal/kit/db"
)

// marks are the invitations whose owners have answered and that are not marked
// so yet. They wait in memory until so many of one combination are together that
// the database never tells which of them a new response belongs to. What a
// stopped program loses of them costs a reminder, never an answer.
type marks struct {
	mu      sync.Mutex
	waiting map[string][]invited // by diagnosis and combination
	ready   [][]invited
}

func (m *marks) add(i invited, minimum int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.waiting == nil {
		m.waiting = map[string][]invited{}
	}
	k := i.diagnosis + "/" + strconv.Itoa(int(i.combination))
	m.waiting[k] = append(m.waiting[k], i)
	if len(m.waiting[k]) >= minimum {
		m.ready = append(m.ready, m.waiting[k])
		delete(m.waiting, k)
	}
}

func (m *marks) take() [][]invited {
	m.mu.Lock()
	defer m.mu.Unlock()
	ready := m.ready
	m.ready = nil
	return ready
}

// Mark writes the marks that are ready, a batch of one combination at a time, in
// random order.
func (s *Store) Mark(ctx context.Context) error {
	for _, batch := range s.marks.take() {
		rand.Shuffle(len(batch), func(a, b int) { batch[a], batch[b] = batch[b], batch[a] })
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			for _, i := range batch {
				_, err := tx.Exec(ctx, `UPDATE diagnosis_invitation SET answered = TRUE
					WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3
					AND EXISTS (SELECT 1 FROM diagnosis_diagnosis d WHERE d.organisation_id = $1 AND d.id = $2 AND d.state = 'open')`,
					i.organisation, i.diagnosis, i.id)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
