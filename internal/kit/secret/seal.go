package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// ErrSealed is what Unseal reports for what this secret did not seal.
var ErrSealed = errors.New("this was not sealed with this secret")

// Seal encrypts a text so that only who has the secret, of 256 bits, can read it:
// AES-256-GCM under a key derived from secret and purpose.
func Seal(purpose, secret string, text []byte) []byte {
	g := sealer(purpose, secret)
	nonce := make([]byte, g.NonceSize())
	rand.Read(nonce)
	return g.Seal(nonce, nonce, text, nil)
}

// Unseal reads what Seal wrote.
func Unseal(purpose, secret string, sealed []byte) ([]byte, error) {
	g := sealer(purpose, secret)
	if len(sealed) < g.NonceSize() {
		return nil, ErrSealed
	}
	text, err := g.Open(nil, sealed[:g.NonceSize()], sealed[g.NonceSize():], nil)
	if err != nil {
		return nil, ErrSealed
	}
	return text, nil
}

func sealer(purpose, secret string) cipher.AEAD {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte("seal/" + purpose))
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil {
		panic(err) // a key of 32 bytes is one
	}
	g, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return g
}
