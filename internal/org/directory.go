package org

import (
	"cmp"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/text"
)

// DirectoryPerson is somebody as an organisation's directory knows that person, and sends it by SCIM.
type DirectoryPerson struct {
	ID         string    `json:"-"` // that of the person
	UserName   string    `json:"user_name"`
	External   string    `json:"external,omitempty"` // the directory's own id
	Display    string    `json:"display,omitempty"`
	Formatted  string    `json:"formatted,omitempty"`
	Given      string    `json:"given,omitempty"`
	Family     string    `json:"family,omitempty"`
	Mail       string    `json:"mail,omitempty"`
	Title      string    `json:"title,omitempty"`
	Level      string    `json:"level,omitempty"` // user type, where it is one of a level
	Language   string    `json:"language,omitempty"`
	Number     string    `json:"number,omitempty"` // employee number
	Department string    `json:"department,omitempty"`
	Division   string    `json:"division,omitempty"`
	Manager    string    `json:"manager,omitempty"` // id of the person reported to
	Active     bool      `json:"active"`
	Made       time.Time `json:"-"`
	Changed    time.Time `json:"-"`
}

// Name is what the person is called.
func (d DirectoryPerson) Name() string {
	return strings.TrimSpace(cmp.Or(d.Display, d.Formatted, strings.TrimSpace(d.Given+" "+d.Family)))
}

// Address is the mail address: the stated one, or the user name where that is one.
func (d DirectoryPerson) Address() string {
	address := cmp.Or(d.Mail, d.UserName)
	if CheckMail(&address) != nil {
		return ""
	}
	return address
}

// Check brings it into order and reports what it lacks.
func (d *DirectoryPerson) Check() error {
	for _, field := range []*string{&d.UserName, &d.External, &d.Display, &d.Formatted, &d.Given, &d.Family, &d.Mail, &d.Title, &d.Level, &d.Language, &d.Number, &d.Department, &d.Division, &d.Manager} {
		if *field = strings.Join(strings.Fields(*field), " "); len(*field) > 300 {
			return fault.Invalidf("a field of a person has at most %d bytes", 300)
		}
	}
	if !text.Visible(d.UserName) {
		return fault.Fieldf("userName", "a user name is missing")
	}
	if d.Mail != "" {
		mail := d.Mail
		if err := CheckMail(&mail); err != nil {
			return fault.Fieldf("emails", "%q is not a mail address", d.Mail)
		}
	}
	return nil
}

// Person is the roster's record of somebody, changed by what the directory says; was is the zero Person for
// who is new. Unit and manager are the caller's to find.
func (d DirectoryPerson) Person(was Person) Person {
	p := was
	p.Key = cmp.Or(was.Key, d.Number, d.UserName)
	p.Name, p.Mail = d.Name(), d.Address()
	if was.Key == "" {
		p.FTE = 1
	}
	if level, ok := ParseLevel(cmp.Or(d.Level, "?")); ok {
		p.Level = level
	}
	p.Attributes = map[string]string{}
	for name, v := range was.Attributes {
		p.Attributes[name] = v
	}
	if d.Language != "" {
		p.Attributes["language"] = d.Language
	}
	return p
}

// Listed is somebody of the roster of whom the directory has said nothing yet.
func Listed(p Person) DirectoryPerson {
	return DirectoryPerson{ID: p.ID, UserName: cmp.Or(p.Mail, p.Key), Display: p.Name, Mail: p.Mail, Level: string(p.Level), Language: p.Attributes["language"], Number: p.Key, Department: p.Unit.Name, Manager: p.Manager.ID, Active: true}
}

// DirectoryUnit is a unit as a directory sends it, a group.
type DirectoryUnit struct {
	ID      string
	Name    string
	Key     string   // the directory's own id, or the roster's key
	People  []string // ids of those who work in it
	Units   []string // ids of those directly under it
	Made    time.Time
	Changed time.Time
}

// Check brings it into order and reports what it lacks.
func (u *DirectoryUnit) Check() error {
	u.Name, u.Key = strings.Join(strings.Fields(u.Name), " "), strings.TrimSpace(u.Key)
	if !text.Visible(u.Name) || len(u.Name) > 300 || len(u.Key) > 300 {
		return fault.Fieldf("displayName", "a unit has a name of at most %d bytes", 300)
	}
	return nil
}
