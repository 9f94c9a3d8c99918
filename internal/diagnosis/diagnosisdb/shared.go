package diagnosisdb

import (
	"context"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
)

// SharedLink is the link that all people of a unit have.
type SharedLink struct {
	Unit     string
	People   int // who have it
	Answered int // how many answers have come by it
	Secret   string
	Code     string // to be typed off paper
}

// SharedLinks lists those of an open diagnosis, by unit.
func (s *Store) SharedLinks(ctx context.Context, organisation, diagnosisID string) (links []SharedLink, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		_, key, err := s.linkable(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		links, err = db.All(ctx, tx, func(row db.Scanner) (l SharedLink, err error) {
			var link string
			err = row.Scan(&link, &l.Unit, &l.Answered, &l.People)
			l.Secret, l.Code = secret.Derive(key, link), secret.Code(key, link)
			return l, err
		}, `SELECT id, unit, answered, people FROM diagnosis_shared WHERE organisation_id = $1 AND diagnosis_id = $2 ORDER BY unit, id`, organisation, diagnosisID)
		return err
	})
	return links, err
}

// share makes the shared links of an opening diagnosis; their ids by unit.
func (r *roster) share(ctx context.Context, tx *db.Tx, organisation, diagnosisID string, key []byte) (map[int32]string, error) {
	links, people, combination := map[int32]string{}, map[int32]int{}, map[int32]int32{}
	for p, u := range r.shared {
		people[u]++
		combination[u] = r.of[p]
	}
	var rows [][]any
	for _, u := range r.layout.Shared {
		link := id.Random()
		links[u] = link
		rows = append(rows, []any{organisation, diagnosisID, link, r.layout.Units[u].ID, r.layout.Units[u].Name, combination[u],
			secret.Hash("i", secret.Derive(key, link)), secret.Hash("c", secret.Code(key, link)), people[u], 0})
	}
	return links, tx.InsertMany(ctx, "diagnosis_shared",
		[]string{"organisation_id", "diagnosis_id", "id", "unit_id", "unit", "combination", "secret_hash", "code_hash", "people", "answered"}, rows)
}

// joinShared gives the shared link of a unit of the layout to one more, and returns its
// id; "" where there is none.
func joinShared(ctx context.Context, tx *db.Tx, l diagnosis.Layout, organisation, diagnosisID string, unit int32) (string, error) {
	u, ok := l.SharedBy(unit)
	if !ok {
		return "", nil
	}
	link, _, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_shared WHERE organisation_id = $1 AND diagnosis_id = $2 AND unit_id = $3`,
		organisation, diagnosisID, l.Units[u].ID)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE diagnosis_shared SET people = people + 1 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`, organisation, diagnosisID, link)
	return link, err
}

// Ticket begins an answer by a shared link: the link and something random, by which a
// draft is found again and which is used once.
func Ticket(link string) string { return link + ticketMark + id.Random() }

const ticketMark = "."

// linkOf is what of a token stands for an invitation, and whether it is a ticket.
func linkOf(token string) (link string, ticket bool) {
	link, _, ticket = strings.Cut(token, ticketMark)
	return link, ticket
}

// ErrFull says that a shared link takes no more.
var ErrFull = fault.Conflictf("as many answers have come by this link as people have it: yours cannot be taken")

// punch counts an answer by a shared link; a conflict where as many have come as people
// have it.
func punch(ctx context.Context, tx *db.Tx, i invited) error {
	n, err := tx.Exec(ctx, `UPDATE diagnosis_shared SET answered = answered + 1
		WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3 AND answered < people`,
		i.organisation, i.diagnosis, i.id)
	if err == nil && n == 0 {
		err = ErrFull
	}
	return err
}
