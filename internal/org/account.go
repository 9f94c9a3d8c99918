package org

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Organisation is one tenant of an installation; it never sees another.
type Organisation struct {
	ID        string
	Slug      string // short name in addresses and on the command line
	Name      string
	Language  string // "en" or "nl": for who has not chosen
	Zone      string // time zone by its IANA name; "" for UTC
	Simulated bool   // made by the demo generator, and marked so on every page
}

var slug = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// Check reports what is wrong with a new organisation.
func (o Organisation) Check() error {
	if !slug.MatchString(o.Slug) {
		return fault.Fieldf("slug", "%q is not a short name: use up to 40 lower-case letters, digits and hyphens", o.Slug)
	}
	if strings.TrimSpace(o.Name) == "" {
		return fault.Fieldf("name", "the organisation needs a name")
	}
	if o.Language != "en" && o.Language != "nl" {
		return fault.Fieldf("language", "%q is not a language of the interface: choose en or nl", o.Language)
	}
	if o.Zone != "" && !period.IsZone(o.Zone) {
		return fault.Fieldf("zone", "%q is no time zone: write it as Europe/Amsterdam", o.Zone)
	}
	return nil
}

// Account lets one person sign in.
type Account struct {
	ID       string
	Mail     string // lower case
	Name     string
	Person   string // key in the roster, "" for none
	Language string // "" until chosen
	Closed   bool
	Grants   []Grant
}

// Check brings an account's mail address into its one form and reports what is wrong.
func (a *Account) Check() error {
	if err := CheckMail(&a.Mail); err != nil {
		return err
	}
	if a.Name = strings.TrimSpace(a.Name); a.Name == "" {
		return fault.Fieldf("name", "the account needs a name")
	}
	return nil
}

// CleanMail is the one form in which mail addresses are kept and compared.
func CleanMail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// CheckMail brings a mail address into that form, and reports what is none.
func CheckMail(address *string) error {
	if *address = CleanMail(*address); *address == "" {
		return fault.Fieldf("mail", "a mail address is missing")
	}
	if at, err := mail.ParseAddress(*address); err != nil || at.Address != *address {
		return fault.Fieldf("mail", "%q is not a mail address", *address)
	}
	return nil
}

// CheckPassword reports a password that is too easy to guess: the length rule of
// NIST SP 800-63B-4 (15 characters where a password stands alone) and no rule of
// composition.
func CheckPassword(password string) error {
	if n := utf8.RuneCountInString(password); n < 15 {
		return fault.Fieldf("password", "a password has at least 15 characters; this one has %d", n)
	}
	if len(password) > 1000 {
		return fault.Fieldf("password", "a password has at most 1,000 bytes")
	}
	return nil
}

// LinkLives is how long a one-time link to sign in can be used.
const LinkLives = 30 * time.Minute

// Event is a line of the record: who did what, and when.
type Event struct {
	At     time.Time
	Who    string // the account's name; "" for the command line
	What   string // an act in the past tense: "roster imported"
	Detail string
}
