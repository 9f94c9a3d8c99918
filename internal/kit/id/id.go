// Package id makes identifiers: 26 lower-case letters and digits that sort as
// they were made, or, where the order of making must not show, that do not.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"regexp"
	"strings"

	"throughline/internal/kit/fault"

	"github.com/google/uuid"
)

var coding = base32.HexEncoding.WithPadding(base32.NoPadding)

// New returns an identifier that sorts after those made earlier (UUID version 7
// in base 32).
func New() string {
	u := uuid.Must(uuid.NewV7())
	return strings.ToLower(coding.EncodeToString(u[:]))
}

// Random returns an identifier of 128 random bits: it says nothing about when,
// or in which order, it was made.
func Random() string {
	var b [16]byte
	rand.Read(b[:])
	return strings.ToLower(coding.EncodeToString(b[:]))
}

var made = regexp.MustCompile(`^[0-9a-z-]{10,40}$`)

// CheckMade reports an identifier that a form sends for what it makes, and that is none.
func CheckMade(text string) error {
	if !made.MatchString(text) {
		return fault.Invalidf("the form could not be read: send it again")
	}
	return nil
}
