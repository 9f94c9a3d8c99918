package secret

import (
	"regexp"
	"strings"
	"testing"
)

func TestACodeCanBeTyped(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	code := Code(key, "a")
	if !regexp.MustCompile(`^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$`).MatchString(code) {
		t.Errorf("%q", code)
	}
	if Code(key, "b") == code || Code(key[1:], "a") == code || strings.HasPrefix(Derive(key, "a"), strings.ToLower(code[:4])) {
		t.Error("the code says something of another secret")
	}
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", "  ")} {
		if got := CleanCode(typed); got != code {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	for _, bad := range []string{"", code[:10], code + "A", strings.Replace(code, code[:1], "O", 1), "ä" + code[1:]} {
		if got := CleanCode(bad); got != "" {
			t.Errorf("%q is read as %q", bad, got)
		}
	}
}
