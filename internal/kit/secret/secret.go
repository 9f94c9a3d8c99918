// Package secret keeps what must not be readable: passwords, the secrets of
// links, and keys that live outside the database.
package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2id with the first recommended option of RFC 9106 scaled to 64 MiB (its
// second recommended option): 3 passes, 4 lanes.
const (
	passes = 3
	memory = 64 << 10 // KiB
	lanes  = 4
	keyLen = 32
)

// Each hash takes 64 MiB and all of a processor or more while it is made; so that many who sign in at
// once do not take all memory, the others wait.
var slots = make(chan struct{}, 2)

func idKey(password string, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	slots <- struct{}{}
	defer func() { <-slots }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, length)
}

// HashPassword returns a salted argon2id hash in the usual encoded form.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return encode(salt, idKey(password, salt, passes, memory, lanes, keyLen))
}

func encode(salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
		b.EncodeToString(salt), b.EncodeToString(key))
}

// CheckPassword says whether password belongs to hash. It takes as long for a
// hash that is empty or broken, so that the time does not tell.
func CheckPassword(hash, password string) bool {
	var m, t uint32 = memory, passes
	var p uint8 = lanes
	salt, key := make([]byte, 16), make([]byte, keyLen)
	known := false
	if parts := strings.Split(hash, "$"); len(parts) == 6 && parts[1] == "argon2id" {
		_, err1 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p)
		s, err2 := base64.RawStdEncoding.DecodeString(parts[4])
		k, err3 := base64.RawStdEncoding.DecodeString(parts[5])
		if err1 == nil && err2 == nil && err3 == nil && len(k) > 0 && t > 0 && p > 0 {
			salt, key, known = s, k, true
		}
	}
	got := idKey(password, salt, t, m, p, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && known
}

var coding = base32.HexEncoding.WithPadding(base32.NoPadding)

// Token returns 256 random bits as 52 lower-case letters and digits.
func Token() string {
	var b [32]byte
	rand.Read(b[:])
	return strings.ToLower(coding.EncodeToString(b[:]))
}

// Derive returns the secret that key gives name: HMAC-SHA-256, as 52 lower-case
// letters and digits. Without the key nobody can tell which name it belongs to.
func Derive(key []byte, name string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(name))
	return strings.ToLower(coding.EncodeToString(h.Sum(nil)))
}

// Hash returns the SHA-256 of purpose and a secret, in hexadecimal. A secret of
// 256 bits needs no salt; the purpose keeps two tables that hold hashes of the
// same secret from sharing a value.
func Hash(purpose, secret string) string {
	sum := sha256.Sum256([]byte(purpose + secret))
	return hex.EncodeToString(sum[:])
}
