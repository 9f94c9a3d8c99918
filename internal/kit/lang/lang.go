// Package lang says the interface's texts in the reader's language. A text is
// its own key: the English sentence stands in the code, and each area's
// catalogue (nl.yaml) maps it to Dutch. The package knows no text itself.
package lang

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"sync"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/yaml"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Supported lists the interface's languages, the fallback first.
var Supported = []language.Tag{language.English, language.Dutch}

var (
	matcher = language.NewMatcher(Supported)
	texts   = catalog.NewBuilder(catalog.Fallback(language.English))
	mu      sync.Mutex
	known   = map[string]string{}
)

//go:embed nl.yaml
var kit []byte

// The kit's own texts.
func init() { Add(kit) }

// Add reads a catalogue, a YAML mapping from English texts to Dutch ones. It is
// called while the program starts and panics on a catalogue that cannot be read
// or that says the same text in two ways.
func Add(dutch []byte) {
	entries := map[string]string{}
	if err := yaml.Decode(dutch, &entries); err != nil {
		panic(fmt.Sprintf("catalogue: %v", err))
	}
	mu.Lock()
	defer mu.Unlock()
	for english, text := range entries {
		if had, ok := known[english]; ok && had != text {
			panic(fmt.Sprintf("catalogue: %q is both %q and %q", english, had, text))
		}
		known[english] = text
		if err := texts.SetString(language.Dutch, english, text); err != nil {
			panic(fmt.Sprintf("catalogue: %q: %v", english, err))
		}
	}
}

// Known returns the Dutch text of an English one and whether there is one.
func Known(english string) (string, bool) {
	mu.Lock()
	defer mu.Unlock()
	text, ok := known[english]
	return text, ok
}

// All returns every English text that has a Dutch one.
func All() []string {
	mu.Lock()
	defer mu.Unlock()
	return slices.Sorted(maps.Keys(known))
}

// Match picks the supported language that fits the wishes best; a wish is a tag
// ("nl") or an Accept-Language header, the most important first.
func Match(wishes ...string) language.Tag {
	_, i := language.MatchStrings(matcher, wishes...)
	return Supported[i]
}

type reader struct {
	tag     language.Tag
	printer *message.Printer
}

type key struct{}

// With returns a context whose reader reads tag.
func With(ctx context.Context, tag language.Tag) context.Context {
	return context.WithValue(ctx, key{}, reader{tag, message.NewPrinter(tag, message.Catalog(texts))})
}

var english = reader{language.English, message.NewPrinter(language.English)}

func of(ctx context.Context) reader {
	if r, ok := ctx.Value(key{}).(reader); ok {
		return r
	}
	return english
}

// Tag is the reader's language; English when none was set.
func Tag(ctx context.Context) language.Tag { return of(ctx).tag }

// T says a text in the reader's language, with numbers written as there.
func T(ctx context.Context, text string, args ...any) string {
	return of(ctx).printer.Sprintf(text, args...)
}

// N says one of two texts: the first for exactly one, the second (with %d) for
// any other number.
func N(ctx context.Context, n int, one, many string) string {
	if n == 1 {
		return T(ctx, one)
	}
	return T(ctx, many, n)
}

// Money says an amount of a currency's smallest unit, of which 10 to the power of digits make one.
func Money(ctx context.Context, amount int64, digits int, currency string) string {
	unit := int64(1)
	for range digits {
		unit *= 10
	}
	if amount%unit == 0 {
		return currency + " " + T(ctx, "%d", amount/unit)
	}
	return currency + " " + T(ctx, "%.2f", float64(amount)/float64(unit))
}

// Fault says a caller's mistake, and those that it quotes.
func Fault(ctx context.Context, e *fault.Error) string {
	args := slices.Clone(e.Args)
	for i := range args {
		if err, ok := args[i].(error); ok && fault.Of(err) != nil {
			args[i] = Fault(ctx, fault.Of(err))
		}
	}
	return T(ctx, e.Format, args...)
}

// Name is a language's name in itself.
func Name(tag language.Tag) string { return display.Self.Name(tag) }
