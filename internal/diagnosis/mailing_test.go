package diagnosis

import (
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
)

func TestAMailIsFilledAndChecked(t *testing.T) {
	m := Mailing{Kind: Invitation, At: time.Unix(1, 0), Texts: map[string]MailText{
		"en": {"{diagnosis}: your view", "Dear {name},\n{link}\nuntil {until}, groups of {minimum}, {organisation}"},
		"nl": {"Uw mening", "{link}"},
	}}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	got := m.Texts["en"].Fill(MailValues{Name: "Ann {link}", Link: "https://x/r/1", Organisation: "Acme", Diagnosis: "Spring\n2026", Until: "3 May", Minimum: "5"})
	if want := "Dear Ann {link},\nhttps://x/r/1\nuntil 3 May, groups of 5, Acme"; got.Subject != "Spring 2026: your view" || got.Body != want {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		asked []string
		want  string
	}{{[]string{"nl", "en"}, "nl"}, {[]string{"fr", "nl"}, "nl"}, {[]string{"fr"}, "en"}, {nil, "en"}} {
		if language, _ := m.TextFor(c.asked...); language != c.want {
			t.Errorf("for %v: %s, want %s", c.asked, language, c.want)
		}
	}
	for name, c := range map[string]struct {
		text  MailText
		field string
		want  string
	}{
		"unknown placeholder": {MailText{"Hello", "{nmae} {link}"}, "body-en", "{nmae} is no placeholder"},
		"in the subject":      {MailText{"Hello {who}", "{link}"}, "subject-en", "{who} is no placeholder"},
		"no link":             {MailText{"Hello", "Please answer"}, "body-en", "no {link}"},
		"no subject":          {MailText{" ", "{link}"}, "subject-en", "needs a subject"},
		"two lines":           {MailText{"Hello\nBcc: all@example.org", "{link}"}, "subject-en", "one line"},
		"too long":            {MailText{"Hello", "{link}" + strings.Repeat("x", mostBody)}, "body-en", "too long"},
	} {
		m.Texts = map[string]MailText{"en": c.text}
		if e := fault.Of(m.Check()); e == nil || e.Field != c.field || !strings.Contains(e.Error(), c.want) {
			t.Errorf("%s: %v", name, e)
		}
	}
}
