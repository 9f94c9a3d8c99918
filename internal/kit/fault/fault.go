// Package fault names the four mistakes that a caller can make. Each carries a
// sentence for the person who made it: where it went wrong and what to do.
// Every other error is the program's own: it is logged whole and shown as
// "internal error" with a reference.
package fault

import (
	"errors"
	"fmt"
)

// Kind is one of the four mistakes of a caller, or "" for an error of ours.
type Kind string

const (
	Invalid   Kind = "invalid"
	NotFound  Kind = "not_found"
	Forbidden Kind = "forbidden"
	Conflict  Kind = "conflict"
)

// Error is a caller's mistake. Format and Args stay apart so that the sentence
// can be said in the person's language: Format is its key in the catalogues.
type Error struct {
	Kind   Kind
	Field  string // the form field it stands at; "" when it is about the whole
	Format string
	Args   []any
}

func (e *Error) Error() string { return fmt.Sprintf(e.Format, e.Args...) }

// Invalidf reports input that cannot be accepted as it is.
func Invalidf(format string, args ...any) error {
	return &Error{Kind: Invalid, Format: format, Args: args}
}

// Fieldf is Invalidf with the form field at which the sentence belongs.
func Fieldf(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Format: format, Args: args}
}

// NotFoundf reports something that does not exist, or that this person may not see.
func NotFoundf(format string, args ...any) error {
	return &Error{Kind: NotFound, Format: format, Args: args}
}

// Forbiddenf reports an act that this person may see but not do.
func Forbiddenf(format string, args ...any) error {
	return &Error{Kind: Forbidden, Format: format, Args: args}
}

// Conflictf reports an act that no longer fits the present state.
func Conflictf(format string, args ...any) error {
	return &Error{Kind: Conflict, Format: format, Args: args}
}

// Of returns the caller's mistake inside err, or nil when the error is ours.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf returns "" for nil and for errors that are ours.
func KindOf(err error) Kind {
	if e := Of(err); e != nil {
		return e.Kind
	}
	return ""
}

// Remark is something that a person should know and that stops nothing. Format
// is its key in the catalogues, as a mistake's is.
type Remark struct {
	Format string
	Args   []any
}

// Remarkf makes a remark.
func Remarkf(format string, args ...any) Remark { return Remark{format, args} }

func (r Remark) String() string { return fmt.Sprintf(r.Format, r.Args...) }
