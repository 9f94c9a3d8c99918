package diagnosisweb

import (
	"context"
	"errors"
	"fmt"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/org"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func languageName(tag string) string { return display.Self.Name(language.Make(tag)) }

func direction(s sheetOf) string {
	if s.RightToLeft() {
		return "rtl"
	}
	return "ltr"
}

// answerLabel is what a screen reader says for an answer: the number, and its
// meaning where it has one.
func answerLabel(s *diagnosis.Scale, value int, tag string) string {
	if label := s.Label(value, tag); label != "" {
		return fmt.Sprintf("%d, %s", value, label)
	}
	return fmt.Sprint(value)
}

// attribute is the name of a reported attribute; a roster's own names itself.
func attribute(ctx context.Context, name string) string {
	switch name {
	case "level":
		return lang.T(ctx, "Level")
	case "location":
		return lang.T(ctx, "Location")
	case "country":
		return lang.T(ctx, "Country")
	case "partner":
		return lang.T(ctx, "Partner")
	}
	return name
}

// value names a value of an attribute: levels have words of ours.
func value(ctx context.Context, name string) string {
	if name == "" || name == diagnosis.NotStated {
		return lang.T(ctx, "not stated")
	}
	if rank(name) < len(org.Levels) {
		return lang.T(ctx, name)
	}
	return name
}

// mistakesOf lists the sentences of several mistakes that were found together.
func mistakesOf(ctx context.Context, err error) (texts []string) {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		for _, one := range several.Unwrap() {
			texts = append(texts, mistakesOf(ctx, one)...)
		}
		return texts
	}
	if e := fault.Of(err); e != nil && e.Field != "file" {
		texts = append(texts, lang.Fault(ctx, e))
	}
	return texts
}
