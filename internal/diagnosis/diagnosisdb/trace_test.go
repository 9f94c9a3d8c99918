package diagnosisdb_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// The attacker has the database, its log and a backup, at every moment, and the
// roster; not the key file. The attack is run while a diagnosis is open, after
// each answer, and once it is closed.

type storedInvitation struct {
	person, id, hash string
	combination      int
	answered         bool
	place            int64 // rowid or ctid
	written          int64 // xmin, 0 on SQLite
}

type storedResponse struct {
	id, spent      string
	combination    int
	answers        string
	late           bool
	place, written int64
}

func rows(t *testing.T, d *db.DB) (invitations []storedInvitation, responses []storedResponse) {
	t.Helper()
	ctx := context.Background()
	place := map[db.Engine]string{db.SQLite: "rowid, 0", db.Postgres: "(ctid::text::point)[0]::bigint * 1000 + (ctid::text::point)[1]::bigint, xmin::text::bigint"}[d.Engine]
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		invitations, err = db.All(ctx, tx, func(row db.Scanner) (i storedInvitation, err error) {
			err = row.Scan(&i.person, &i.id, &i.hash, &i.combination, &i.answered, &i.place, &i.written)
			return i, err
		}, `SELECT person_id, id, secret_hash, combination, answered, `+place+` FROM diagnosis_invitation`)
		if err != nil {
			return err
		}
		responses, err = db.All(ctx, tx, func(row db.Scanner) (r storedResponse, err error) {
			var answers []byte
			err = row.Scan(&r.id, &r.spent, &r.combination, &answers, &r.late, &r.place, &r.written)
			r.answers = string(answers)
			return r, err
		}, `SELECT id, spent_hash, combination, answers, late, `+place+` FROM diagnosis_response`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return invitations, responses
}

func TestNobodyCanJoinPersonAndAnswers(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		d, err := db.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := newWorld(t, d)
		id, secrets := w.opened(t)
		rand.Shuffle(len(secrets), func(i, j int) { secrets[i], secrets[j] = secrets[j], secrets[i] })

		before, _ := rows(t, d)
		w.mailed(t, id, diagnosis.Invitation)
		for i, s := range secrets[:33] {
			if i == 20 {
				w.mailed(t, id, diagnosis.Reminder)
				attackReminders(t, d)
			}
			if err := w.SaveDraft(ctx, s, given(t, 5)); err != nil {
				t.Fatal(err)
			}
			attackDrafts(t, d)
			if err := w.Submit(ctx, s, given(t, 1+rand.IntN(10))); err != nil {
				t.Fatal(err)
			}
			if err := w.Mark(ctx); err != nil {
				t.Fatal(err)
			}
			attackOpen(t, before, d)
			attackLate(t, d)
		}
		attackFiles(t, d, address, secrets)
		attackLog(t, d, address)

		arrived := inOrder(t, d)
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(arrived, inOrder(t, d)) {
			t.Error("after closing the answers still stand in the order in which they arrived")
		}
		attackClosed(t, d)
		if _, responses := rows(t, d); slices.ContainsFunc(responses, func(r storedResponse) bool { return r.late }) || remindedRows(t, d) > 0 {
			t.Error("after closing the database still tells what came after the reminder")
		}
		if n := sendings(t, d); len(n) > 0 {
			t.Errorf("after closing the outbox still tells of %d mails", len(n))
		}
		attackLinks(t, d, secrets)
		attackFiles(t, d, address, secrets)
		if files, _ := os.ReadDir(w.Keys.Folder); len(files) != 1 || files[0].Name() != "link-"+w.organisation+".key" {
			t.Errorf("the key folder still holds %v", files)
		}
	})
}

// attackOpen narrows down, for every response, who may have given it: by values
// that both tables hold, by the combination, and by when marks were written.
func attackOpen(t *testing.T, before []storedInvitation, d *db.DB) {
	t.Helper()
	invitations, responses := rows(t, d)
	values := map[string]bool{}
	invited, marked := map[int]int{}, map[int]int{}
	batches := map[[2]int64]int{} // marks by combination and transaction
	for _, i := range invitations {
		values[i.id], values[i.hash], values[i.person] = true, true, true
		invited[i.combination]++
		if i.answered {
			marked[i.combination]++
			batches[[2]int64{int64(i.combination), i.written}]++
		}
	}
	if len(invitations) != len(before) {
		t.Fatalf("%d invitations became %d", len(before), len(invitations))
	}
	for c, n := range marked {
		if n < 5 {
			t.Fatalf("combination %d has %d marks: those who gave its answers are known to be among them", c, n)
		}
	}
	for b, n := range batches {
		if n < 5 {
			t.Fatalf("%d marks of combination %d were written together: as many answers came right before", n, b[0])
		}
	}
	for _, r := range responses {
		if values[r.id] || values[r.spent] {
			t.Fatal("a response shares a value with an invitation")
		}
		if invited[r.combination] < 5 {
			t.Fatalf("a response of combination %d, which only %d people share", r.combination, invited[r.combination])
		}
	}
}

// attackLate narrows down who may have given an answer that says that it came after the
// first reminder: nobody who was marked before it, which the outbox tells.
func attackLate(t *testing.T, d *db.DB) {
	t.Helper()
	invitations, responses := rows(t, d)
	reminded := map[string]bool{}
	for _, id := range sendings(t, d)[string(diagnosis.Reminder)] {
		reminded[id] = true
	}
	may := map[int]int{}
	for _, i := range invitations {
		if reminded[i.id] || !i.answered {
			may[i.combination]++
		}
	}
	for _, r := range responses {
		if r.late && may[r.combination] < 5 {
			t.Fatalf("a late response of combination %d, which only %d people may have given", r.combination, may[r.combination])
		}
	}
}

func remindedRows(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, _, err = db.One(context.Background(), tx, db.Value[int], `SELECT COUNT(*) FROM diagnosis_reminded`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// attackDrafts looks for what joins a draft to an invitation, and reads it without
// its secret.
func attackDrafts(t *testing.T, d *db.DB) {
	t.Helper()
	invitations, _ := rows(t, d)
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		_, err := db.All(context.Background(), tx, func(row db.Scanner) (struct{}, error) {
			var hash string
			var sealed []byte
			err := row.Scan(&hash, &sealed)
			if slices.ContainsFunc(invitations, func(i storedInvitation) bool { return hash == i.id || hash == i.hash }) {
				t.Fatal("a draft shares a value with an invitation")
			}
			if bytes.Contains(sealed, []byte("dialogue")) || bytes.Contains(sealed, []byte(`trust":"`)) {
				t.Fatal("a draft can be read without its link")
			}
			return struct{}{}, err
		}, `SELECT secret_hash, sealed FROM diagnosis_draft`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mailed sends a mailing to whom it is for.
func (w *world) mailed(t *testing.T, id string, k diagnosis.MailingKind) {
	t.Helper()
	m := invitationMail(w)
	m.Kind = k
	w.plan(t, id, m)
	if err := w.SendDue(context.Background(), (&postbox{}).post); err != nil {
		t.Fatal(err)
	}
}

// sendings lists the invitations in the outbox, by the kind of their mailing.
func sendings(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		_, err := db.All(context.Background(), tx, func(row db.Scanner) (struct{}, error) {
			var kind, invitation string
			err := row.Scan(&kind, &invitation)
			all[kind] = append(all[kind], invitation)
			return struct{}{}, err
		}, `SELECT m.kind, s.invitation_id FROM diagnosis_sending s JOIN diagnosis_mailing m ON m.id = s.mailing_id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// attackReminders looks at who was invited by mail and not reminded: that tells no
// more than the marks, which attackOpen looks at.
func attackReminders(t *testing.T, d *db.DB) {
	t.Helper()
	invitations, _ := rows(t, d)
	marked := map[string]bool{}
	for _, i := range invitations {
		marked[i.id] = i.answered
	}
	mails := sendings(t, d)
	if len(mails["reminder"]) == 0 || len(mails["reminder"]) == len(mails["invitation"]) {
		t.Fatalf("%d of %d are reminded: nothing to look at", len(mails["reminder"]), len(mails["invitation"]))
	}
	for _, i := range mails["invitation"] {
		if marked[i] == slices.Contains(mails["reminder"], i) {
			t.Fatalf("the outbox tells of somebody what the marks do not: marked %v", marked[i])
		}
	}
}

// inOrder lists the answers as they stand in the table.
func inOrder(t *testing.T, d *db.DB) (answers []string) {
	t.Helper()
	_, responses := rows(t, d)
	slices.SortFunc(responses, func(a, b storedResponse) int { return cmp.Compare(a.place, b.place) })
	for _, r := range responses {
		answers = append(answers, r.answers)
	}
	return answers
}

// attackClosed looks for what is left of the order of arrival and of the marks.
func attackClosed(t *testing.T, d *db.DB) {
	t.Helper()
	invitations, responses := rows(t, d)
	for _, i := range invitations {
		if i.answered {
			t.Fatal("who answered is still marked")
		}
	}
	written := map[int64]bool{}
	for _, r := range responses {
		written[r.written] = true
	}
	if len(written) != 1 {
		t.Errorf("the responses were written by %d transactions: their order of arrival shows", len(written))
	}
}

// attackLinks has everybody's link besides, after closing.
func attackLinks(t *testing.T, d *db.DB, secrets []string) {
	t.Helper()
	_, responses := rows(t, d)
	spent := map[string]bool{}
	for _, r := range responses {
		spent[r.spent] = true
	}
	for _, s := range secrets {
		if spent[secret.Hash("a", s)] {
			t.Fatal("a link still leads to its answers after closing")
		}
	}
}

// attackFiles looks for the secrets of links in the file, its log and a backup.
func attackFiles(t *testing.T, d *db.DB, address string, secrets []string) {
	t.Helper()
	ctx := context.Background()
	var archive bytes.Buffer
	if err := d.Backup(ctx, &archive); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&archive)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"the backup": text}
	if d.Engine == db.SQLite {
		for _, name := range []string{address, address + "-wal"} {
			if files[name], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) || strings.Contains(string(content), strings.ToUpper(s)) {
				t.Fatalf("%s holds the secret of a link", name)
			}
		}
	}
}

// attackLog looks at which pages SQLite's log says were written together: none of
// the answers with one of the invitations.
func attackLog(t *testing.T, d *db.DB, address string) {
	t.Helper()
	if d.Engine != db.SQLite {
		return // rows give their transaction away by xmin, which attackOpen has looked at
	}
	log, err := os.ReadFile(address + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	invitations, responses := rows(t, d)
	commits := logged(log)
	answered := 0
	for _, pages := range commits {
		holds := func(id string) bool { return bytes.Contains(pages, []byte(id)) }
		answers := slices.ContainsFunc(responses, func(r storedResponse) bool { return holds(r.id) || holds(r.spent) })
		if answers {
			answered++
		}
		if answers && slices.ContainsFunc(invitations, func(i storedInvitation) bool { return holds(i.id) || holds(i.hash) }) {
			t.Fatal("the log has a commit that writes answers and invitations")
		}
	}
	if answered < len(responses) {
		t.Fatalf("only %d of %d commits in the log hold one of %d answers: the test reads it wrongly", answered, len(commits), len(responses))
	}
}

// logged returns what each commit in a write-ahead log of SQLite wrote: a header of
// 32 bytes, then frames of 24 bytes and a page; the last frame of a commit says how
// many pages the file has then, and frames of an earlier round have another salt.
func logged(log []byte) (commits [][]byte) {
	size := int(binary.BigEndian.Uint32(log[8:]))
	var pages []byte
	for at := 32; at+24+size <= len(log) && bytes.Equal(log[at+8:at+16], log[16:24]); at += 24 + size {
		pages = append(pages, log[at+24:at+24+size]...)
		if binary.BigEndian.Uint32(log[at+4:]) != 0 {
			commits = append(commits, pages)
			pages = nil
		}
	}
	return commits
}

func TestAfterClosingTheLogIsEmpty(t *testing.T) {
	ctx, address := context.Background(), dbtest.SQLite(t)
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w := newWorld(t, d)
	id, secrets := w.opened(t)
	for _, s := range secrets[:12] {
		if err := w.Submit(ctx, s, given(t, 5)); err != nil {
			t.Fatal(err)
		}
	}
	if log, err := os.Stat(address + "-wal"); err != nil || log.Size() == 0 {
		t.Fatalf("before closing the log should hold the answers: %v", err)
	}
	if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
		t.Fatal(err)
	}
	if log, err := os.Stat(address + "-wal"); err != nil || log.Size() > 0 {
		t.Errorf("after closing the log has %d bytes, %v", log.Size(), err)
	}
}
