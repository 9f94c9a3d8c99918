package web

import (
	"context"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
)

// MistakeAt is the sentence about a form's field ("": about the whole form), or
// "" when err is not about it.
func MistakeAt(ctx context.Context, err error, field string) string {
	if e := fault.Of(err); e != nil && e.Field == field {
		return lang.Fault(ctx, e)
	}
	return ""
}

// Retry says whether err is a mistake that the person can mend in the form, so
// that the form is shown again with what was typed.
func Retry(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Conflict || k == fault.Forbidden
}

// StatusOf is the status that goes with a form shown again.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return status[fault.KindOf(err)]
}

// mistakesOf are the mistakes that were joined in an error, and in those that it joins.
func mistakesOf(err error) (all []error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			all = append(all, mistakesOf(one)...)
		}
		return all
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

// sentence says a mistake in the reader's language.
func sentence(ctx context.Context, err error) string {
	if e := fault.Of(err); e != nil {
		return lang.Fault(ctx, e)
	}
	return err.Error()
}

func mistakeID(field string) string { return "mistake-" + field }

// Pressed is the value of aria-pressed.
func Pressed(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}

func (p Problem) heading(ctx context.Context) string {
	switch p.Status {
	case http.StatusNotFound:
		return lang.T(ctx, "This page is not here.")
	case http.StatusForbidden:
		return lang.T(ctx, "This is not allowed.")
	case http.StatusConflict:
		return lang.T(ctx, "This no longer fits.")
	case http.StatusUnprocessableEntity:
		return lang.T(ctx, "This cannot be accepted as it is.")
	}
	return lang.T(ctx, "Something went wrong.")
}
