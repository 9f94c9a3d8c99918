package diagnosis

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
)

// MailingKind says to whom a mailing goes.
type MailingKind string

const (
	Invitation MailingKind = "invitation" // everybody who has not been mailed an invitation
	Reminder   MailingKind = "reminder"   // who has been mailed one and, as far as is known, has not answered
)

// MailingState is how far a mailing is.
type MailingState string

const (
	Planned MailingState = "planned"
	Sending MailingState = "sending"
	Sent    MailingState = "sent"
	Stopped MailingState = "stopped"
)

// Mailing is mail to many, at a time that the lead plans.
type Mailing struct {
	ID    string
	Kind  MailingKind
	At    time.Time
	State MailingState
	Texts map[string]MailText // by language
}

// MailText is the wording of a mail, with placeholders.
type MailText struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// MailValues are what a mail's placeholders stand for.
type MailValues struct {
	Name, Link, Organisation, Diagnosis, Until string
	Minimum                                    string
}

func (v MailValues) of() map[string]string {
	return map[string]string{"name": v.Name, "link": v.Link, "organisation": v.Organisation, "diagnosis": v.Diagnosis, "until": v.Until, "minimum": v.Minimum}
}

// Placeholders are the words that a mail may have in braces.
func Placeholders() []string { return slices.Sorted(maps.Keys(MailValues{}.of())) }

var (
	placeholder = regexp.MustCompile(`\{([^{}\n]*)\}`)
	mostSubject = 200
	mostBody    = 20_000
)

// Check reports, at the fields kind, at, subject-en, body-en and so on, what is wrong
// with a mailing.
func (m Mailing) Check() error {
	if m.Kind != Invitation && m.Kind != Reminder {
		return fault.Fieldf("kind", "%q is no kind of mailing: choose an invitation or a reminder", string(m.Kind))
	}
	if m.At.IsZero() {
		return fault.Fieldf("at", "choose the day and the time at which the mails leave")
	}
	if len(m.Texts) == 0 {
		return fault.Invalidf("a mailing needs a text in at least one language")
	}
	for _, language := range slices.Sorted(maps.Keys(m.Texts)) {
		if err := m.Texts[language].check(language); err != nil {
			return err
		}
	}
	return nil
}

func (t MailText) check(language string) error {
	subject, body := "subject-"+language, "body-"+language
	switch {
	case strings.TrimSpace(t.Subject) == "":
		return fault.Fieldf(subject, "the mail needs a subject")
	case strings.ContainsAny(t.Subject, "\r\n"):
		return fault.Fieldf(subject, "a subject is one line")
	case len(t.Subject) > mostSubject || len(t.Body) > mostBody:
		return fault.Fieldf(body, "the mail is too long: a subject has at most %d letters, a text %d", mostSubject, mostBody)
	case !strings.Contains(t.Body, "{link}"):
		return fault.Fieldf(body, "the mail has no {link}: without it nobody can answer")
	}
	for field, text := range map[string]string{subject: t.Subject, body: t.Body} {
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if _, known := (MailValues{}).of()[found[1]]; !known {
				return fault.Fieldf(field, "%[1]s is no placeholder: use %[2]s", found[0], "{"+strings.Join(Placeholders(), "}, {")+"}")
			}
		}
	}
	return nil
}

// Fill puts the values in the placeholders' places.
func (t MailText) Fill(v MailValues) MailText {
	values := v.of()
	fill := func(text string) string {
		return placeholder.ReplaceAllStringFunc(text, func(found string) string { return values[found[1:len(found)-1]] })
	}
	return MailText{Subject: strings.Join(strings.Fields(fill(t.Subject)), " "), Body: fill(t.Body)}
}

// TextFor returns the text for somebody: in the first of the languages asked for that
// the mailing has, else in the alphabetically first.
func (m Mailing) TextFor(languages ...string) (language string, text MailText) {
	has := slices.Sorted(maps.Keys(m.Texts))
	for _, l := range languages {
		if slices.Contains(has, l) {
			return l, m.Texts[l]
		}
	}
	return has[0], m.Texts[has[0]]
}
