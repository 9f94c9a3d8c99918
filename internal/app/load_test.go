package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
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
		stored := 0
		for i, secret := range secrets {
			q, err := s.Diagnosis.Questionnaire(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			if q.Answered {
				stored++
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
		t.Logf("%d answers were acknowledged before the kill, %d stood in the database after it", done.Load(), stored)
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
// answers, in turn with a bare loop that only commits the same rows to a database of
// the same engine, one respondent a transaction: over one connection, and over as many
// as the respondents have. It reports the rates of all three a second, and the shares.
func BenchmarkRespondents(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchRespondents(b, dbtest.SQLite) })
	b.Run("postgres", func(b *testing.B) { benchRespondents(b, dbtest.Postgres) })
}

func benchRespondents(b *testing.B, fresh func(testing.TB) string) {
	s := newSite(b, fresh(b))
	secrets := s.crowd(b, 4000)
	bare := newSite(b, fresh(b))
	of, err := bare.Diagnosis.Questionnaire(b.Context(), bare.crowd(b, 5)[0])
	if err != nil {
		b.Fatal(err)
	}
	form := answers(b, 6).Encode()
	link, earlier := strings.Repeat("x", 52), strings.Repeat("x", 160) // as long as those of a code
	insert := func() func(string) error {
		return func(string) error {
			return bare.DB.Write(b.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(b.Context(), `INSERT INTO diagnosis_response (organisation_id, diagnosis_id, id, spent_hash, combination, answers, link, earlier, late)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE)`, of.Organisation.ID, of.Diagnosis.ID, id.Random(), id.Random(), 1, make([]byte, 37), link, earlier)
				return err
			})
		}
	}
	respond := func() func(secret string) error {
		c := dial(b, s.address)
		return func(secret string) error {
			if err := c.ask("GET /r/"+secret, ""); err != nil {
				return err
			}
			return c.ask("POST /r/"+secret, form)
		}
	}
	for b.Loop() {
		var ours, one, eight time.Duration
		n := 0.0
		for some := range slices.Chunk(secrets, 500) { // in turn, so that a busy machine is busy for all
			one += atATime(b, 1, some, insert)
			ours += atATime(b, 8, some, respond)
			eight += atATime(b, 8, some, insert)
			n += float64(len(some))
		}
		b.ReportMetric(n/ours.Seconds(), "respondents/s")
		b.ReportMetric(n/one.Seconds(), "bare/s")
		b.ReportMetric(n/eight.Seconds(), "bare8/s")
		b.ReportMetric(one.Seconds()/ours.Seconds(), "share")
		b.ReportMetric(eight.Seconds()/ours.Seconds(), "share8")
		secrets = s.crowd(b, 4000)
	}
}

// atATime lets n at a time do something for each secret; begin starts one of them.
func atATime(b *testing.B, n int, secrets []string, begin func() func(secret string) error) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	next := make(chan string)
	for range n {
		do := begin()
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

// caller is a connection to a server, which asks with as little as it can: the
// processors that it leaves are the server's.
type caller struct {
	net.Conn
	answers *bufio.Reader
}

func dial(b *testing.B, address string) caller {
	b.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return caller{c, bufio.NewReader(c)}
}

// ask sends a request, "METHOD path", and reads all of an answer that must be OK.
func (c caller) ask(what, body string) error {
	_, err := fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", what, len(body), body)
	if err != nil {
		return err
	}
	w, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", what, w.Status)
	}
	_, err = io.Copy(io.Discard, w.Body)
	return err
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
		err = s.Diagnosis.Open(b.Context(), s.organisation, d, org.By{})
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
