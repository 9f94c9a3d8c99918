package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// serving names the database of a process that answers respondents until it is killed.
const serving = "THROUGHLINE_TEST_SERVING"

func serveAndDie() {
	d, err := db.Open(context.Background(), os.Getenv(serving))
	if err != nil {
		panic(err)
	}
	a, err := New(d, Config{DB: os.Getenv(serving), Keys: os.Getenv(serving + "_KEYS"), Public: "http://localhost"})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(a.Handler)
	fmt.Println(server.URL)
	select {}
}

// process starts another copy of the program on a site's database and returns its
// address and what kills it.
func (s *site) process(t *testing.T, database string) (address string, kill func()) {
	t.Helper()
	p := exec.Command(os.Args[0])
	p.Env = append(os.Environ(), serving+"="+database, serving+"_KEYS="+s.Diagnosis.Keys.Folder)
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() { p.Process.Kill(); p.Wait() })
	t.Cleanup(kill)
	if _, err := fmt.Fscanln(out, &address); err != nil {
		t.Fatal(err)
	}
	return address, kill
}

// A process is killed while respondents send answers from all sides: whoever was told
// that the answers are in is counted, once; whoever was not can send them again.
func TestNoAcknowledgedAnswerIsLostWhenTheProcessIsKilled(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, database string) {
		s := newSite(t, database)
		s.shops(t)
		path, secrets := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)))
		form := answers(t, 6)
		address, kill := s.process(t, database)

		var done atomic.Int32
		acknowledged := make([]bool, len(secrets))
		var senders sync.WaitGroup
		next := make(chan int)
		for range 8 {
			senders.Go(func() {
				for i := range next {
					w, err := http.PostForm(address+"/r/"+secrets[i], form)
					if err != nil {
						continue
					}
					body, err := io.ReadAll(w.Body)
					w.Body.Close()
					if acknowledged[i] = err == nil && strings.Contains(string(body), "Your answers are in."); acknowledged[i] {
						if done.Add(1) == 20 {
							kill()
						}
					}
				}
			})
		}
		for i := range secrets {
			next <- i
		}
		close(next)
		senders.Wait()
		if n := done.Load(); n < 20 || n == int32(len(secrets)) {
			t.Fatalf("%d of %d were acknowledged: it was not killed in the middle", n, len(secrets))
		}

		again, _ := s.process(t, database)
		for i, secret := range secrets {
			q, err := s.Diagnosis.Questionnaire(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			if acknowledged[i] && !q.Answered {
				t.Errorf("respondent %d was told that the answers are in, and they are not", i)
			}
			w, err := http.PostForm(again+"/r/"+secret, form)
			if err != nil {
				t.Fatal(err)
			}
			w.Body.Close()
			if want := map[bool]int{true: http.StatusConflict, false: http.StatusOK}[q.Answered]; w.StatusCode != want {
				t.Errorf("respondent %d sends again: %d, want %d", i, w.StatusCode, want)
			}
		}
		r, err := s.Diagnosis.Response(t.Context(), s.organisation, strings.Split(path, "/")[2])
		if err != nil || r.Groups[0].Answered != len(secrets) {
			t.Errorf("%d answers of %d people, %v", r.Groups[0].Answered, len(secrets), err)
		}
	})
}

// Two copies of the program on one PostgreSQL: what one takes the other sees, and when
// one is killed the other goes on.
func TestTwoCopiesAnswerOnOneDatabase(t *testing.T) {
	database := dbtest.Postgres(t)
	s := newSite(t, database)
	s.shops(t)
	lead := s.as(t, "lead", whole(org.DiagnosisLead))
	path, secrets := s.open(t, lead)
	one, kill := s.process(t, database)
	two, _ := s.process(t, database)
	send := func(address, secret string) int {
		w, err := http.PostForm(address+"/r/"+secret, answers(t, 6))
		if err != nil {
			t.Fatal(err)
		}
		defer w.Body.Close()
		return w.StatusCode
	}
	for i, secret := range secrets[:20] {
		if status := send([]string{one, two}[i%2], secret); status != http.StatusOK {
			t.Fatalf("respondent %d: %d", i, status)
		}
	}
	if status := send(two, secrets[0]); status != http.StatusConflict {
		t.Errorf("what one has taken the other takes again: %d", status)
	}
	kill()
	for _, secret := range secrets[20:30] {
		if status := send(two, secret); status != http.StatusOK {
			t.Errorf("after one was killed: %d", status)
		}
	}
	if a := lead.get(path); !strings.Contains(a.body, "30 of 60 have answered") {
		t.Errorf("a third sees %s", a.said())
	}
}

// BenchmarkRespondents lets eight respondents at a time open the page and send their
// answers, in turn with a bare loop that commits the same rows, one respondent a
// transaction, on a database of the same engine. It reports respondents a second of
// both, and the share.
func BenchmarkRespondents(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchRespondents(b, dbtest.SQLite) })
	b.Run("postgres", func(b *testing.B) { benchRespondents(b, dbtest.Postgres) })
}

func benchRespondents(b *testing.B, fresh func(testing.TB) string) {
	s := newSite(b, fresh(b))
	secrets := s.crowd(b, 4000)
	bare, err := db.Open(b.Context(), fresh(b))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	if err := bare.Statement(b.Context(), `CREATE TABLE bare (organisation_id TEXT, diagnosis_id TEXT, id TEXT, spent_hash TEXT,
		combination INTEGER, answers BYTEA, PRIMARY KEY (organisation_id, diagnosis_id, id))`); err != nil {
		b.Fatal(err)
	}
	form := answers(b, 6).Encode()
	insert := func(string) error {
		return bare.Write(b.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `INSERT INTO bare VALUES ($1, $2, $3, $4, $5, $6)`, "o", "d", id.Random(), id.Random(), 1, make([]byte, 37))
			return err
		})
	}
	respond := func(secret string) error {
		page, err := http.Get(s.address + "/r/" + secret)
		if err != nil {
			return err
		}
		io.Copy(io.Discard, page.Body)
		page.Body.Close()
		sent, err := http.Post(s.address+"/r/"+secret, "application/x-www-form-urlencoded", strings.NewReader(form))
		if err != nil {
			return err
		}
		io.Copy(io.Discard, sent.Body)
		sent.Body.Close()
		if page.StatusCode != http.StatusOK || sent.StatusCode != http.StatusOK {
			return fmt.Errorf("page %d, sent %d", page.StatusCode, sent.StatusCode)
		}
		return nil
	}
	for b.Loop() {
		var ours, theirs time.Duration
		n := 0
		for some := range slices.Chunk(secrets, 500) { // in turn, so that a busy machine is busy for both
			theirs += eightAtATime(b, some, insert)
			ours += eightAtATime(b, some, respond)
			n += len(some)
		}
		b.ReportMetric(float64(n)/ours.Seconds(), "respondents/s")
		b.ReportMetric(float64(n)/theirs.Seconds(), "bare/s")
		b.ReportMetric(theirs.Seconds()/ours.Seconds(), "share")
		secrets = s.crowd(b, 4000)
	}
}

func eightAtATime(b *testing.B, secrets []string, do func(secret string) error) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	next := make(chan string)
	for range 8 {
		all.Go(func() {
			for secret := range next {
				if err := do(secret); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, secret := range secrets {
		next <- secret
	}
	close(next)
	all.Wait()
	return time.Since(began)
}

// crowd founds an organisation of n people, opens a diagnosis for them and returns
// their secrets.
func (s *site) crowd(b *testing.B, n int) (secrets []string) {
	b.Helper()
	s = s.founding(b, "crowd-"+id.Random()[:8])
	column := func(name string) org.Field { return org.Field{Column: name} }
	_, err := s.Org.ImportRoster(b.Context(), s.organisation, orgdb.Roster{
		Day: period.DayOf(time.Now()),
		Map: org.Map{People: &org.Section{Key: column("id"), UnitPath: column("unit")}},
		Sources: []org.Source{{Name: "people.csv", Header: []string{"id", "unit"}, Rows: func(yield func(org.Row, error) bool) {
			for i := range n {
				if !yield(org.Row{Line: i + 2, Cells: []string{fmt.Sprint(i), fmt.Sprintf("Crowd/Unit %d", i%50)}}, nil) {
					return
				}
			}
		}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	d, err := s.Diagnosis.Draft(b.Context(), s.organisation, diagnosis.Diagnosis{Name: "Load", RosterDay: period.DayOf(now),
		Opens: now.Add(-time.Hour), Closes: now.Add(time.Hour), Setup: diagnosis.Setup{Minimum: 5}}, "")
	if err == nil {
		err = s.Diagnosis.Open(b.Context(), s.organisation, d, "")
	}
	if err == nil {
		err = s.Diagnosis.Links(b.Context(), s.organisation, d, func(l diagnosisdb.PersonalLink) error {
			secrets = append(secrets, l.Secret)
			return nil
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	return secrets
}
