package secret

import (
	"testing"
	"time"
)

func TestAFewPasswordsAreCheckedAtOnce(t *testing.T) {
	const quick = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA" // takes no time and no memory
	for range cap(slots) {                                                 // all are at work
		slots <- struct{}{}
	}
	done := make(chan bool)
	go func() { done <- CheckPassword(quick, "what somebody typed") }()
	select {
	case <-done:
		t.Error("one more is checked while all are at work")
		go func() { done <- true }()
	case <-time.After(50 * time.Millisecond):
	}
	for range cap(slots) {
		<-slots
	}
	<-done
}
