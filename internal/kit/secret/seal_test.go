package secret

import (
	"bytes"
	"errors"
	"testing"
)

func TestOnlyItsSecretOpensASeal(t *testing.T) {
	text, token := []byte("what I think"), Token()
	sealed := Seal("draft", token, text)
	if bytes.Contains(sealed, text) || bytes.Equal(sealed, Seal("draft", token, text)) {
		t.Error("the text can be read, or is sealed alike twice")
	}
	if got, err := Unseal("draft", token, sealed); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%q, %v", got, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another secret":  func() ([]byte, error) { return Unseal("draft", Token(), sealed) },
		"another purpose": func() ([]byte, error) { return Unseal("other", token, sealed) },
		"a changed bit":   func() ([]byte, error) { return Unseal("draft", token, changed) },
		"nothing":         func() ([]byte, error) { return Unseal("draft", token, nil) },
	} {
		if got, err := open(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
