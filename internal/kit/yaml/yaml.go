// Package yaml reads and writes the YAML files that people hand in, strictly:
// an unknown or repeated key is a mistake that names its line. It refuses to
// know what a key means, and it refuses anchors and aliases, with which a small
// file can stand for a huge one.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"throughline/internal/kit/fault"
)

const (
	maxBytes = 1 << 20
	maxDepth = 50
)

// Decode reads one YAML document into the value that into points to. Fields
// take the name of their `yaml` tag.
//
// Mistakes name line and column and show the line: broken syntax, an unknown or
// repeated key, a value of the wrong kind, an anchor or alias. Others are about
// the file: empty, not UTF-8, over 1 MB, nested over 50 deep, more than one
// document.
func Decode(data []byte, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("decode YAML: %T is not a pointer", into)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxBytes {
		return fault.Invalidf("The YAML file is larger than %d bytes.", maxBytes)
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return fault.Invalidf("The YAML file is not text in UTF-8. Save it as UTF-8.")
	}
	if err := check(data); err != nil {
		return err
	}
	return decode(data, into)
}

// check looks at the tokens, which the lexer finds without recursion, so that
// the parser gets nothing that could exhaust the stack or memory.
func check(data []byte) (err error) {
	defer recovered(&err)
	tokens := lexer.Tokenize(string(data))
	depth, opened, line, documents, content := 0, 0, 0, 0, false
	for _, t := range tokens {
		if t.Position.Line != line {
			line, opened = t.Position.Line, 0
		}
		if strings.ContainsRune(t.Value, 0) {
			return at(t, data, fault.Invalidf("a character stands there that no text has"))
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return at(t, data, fault.Invalidf("anchors and aliases are not accepted; write the value out"))
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType:
			opened++ // "- - - -" nests as well
		case token.DocumentHeaderType:
			if documents++; documents > 1 || content {
				return at(t, data, fault.Invalidf("the file may hold one document only"))
			}
			continue
		case token.CommentType, token.DirectiveType, token.DocumentEndType:
			continue
		}
		content = true
		if depth > maxDepth || opened > maxDepth || t.Position.IndentNum > 20*maxDepth {
			return at(t, data, fault.Invalidf("the nesting is too deep"))
		}
	}
	if !content {
		return fault.Invalidf("The YAML file is empty.")
	}
	return nil
}

func decode(data []byte, into any) (err error) {
	defer recovered(&err)
	err = yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into)
	if err == nil {
		return fractions(data, into)
	}
	if errors.Is(err, io.EOF) {
		return fault.Invalidf("The YAML file is empty.")
	}
	var known yaml.Error
	if !errors.As(err, &known) {
		if fault.Of(err) != nil {
			return err
		}
		return fault.Invalidf("The YAML file cannot be read: %s.", oneLine(err.Error()))
	}
	return at(known.GetToken(), data, message(known))
}

// fractions reports a fraction that stands where a whole number belongs: the library cuts
// 5.7 off at 5. It decodes again, and looks at what every whole number is read from.
func fractions(data []byte, into any) (err error) {
	defer recovered(&err)
	fraction := ""
	look := yaml.CustomUnmarshaler(func(_ *int, text []byte) error {
		number := strings.TrimSpace(string(text))
		if v, err := strconv.ParseFloat(number, 64); err == nil && v != math.Trunc(v) && fraction == "" {
			fraction = number
		}
		return nil
	})
	fresh := reflect.New(reflect.TypeOf(into).Elem()).Interface()
	if err := yaml.NewDecoder(bytes.NewReader(data), look).Decode(fresh); err != nil || fraction == "" {
		return nil // it was read before, and well
	}
	for _, t := range lexer.Tokenize(string(data)) {
		if t.Value == fraction {
			return at(t, data, fault.Invalidf("a %s stands where a %s belongs", fault.Invalidf("number"), fault.Invalidf("whole number")))
		}
	}
	return nil
}

// recovered turns a panic of the YAML library into a mistake of the file: what
// was handed in came from outside, and the library was not meant for that.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fault.Invalidf("The YAML file cannot be read: its syntax is broken in a way that has no name.")
	}
}

func at(t *token.Token, data []byte, what error) error {
	if t == nil || t.Position == nil {
		return fault.Invalidf("The YAML file cannot be read: %s.", what)
	}
	line, column := t.Position.Line, t.Position.Column
	return fault.Invalidf("Line %d, column %d of the YAML file: %s. The line is: %s", line, column, what, excerpt(data, line))
}

// message says in one line what is wrong, without the names of Go's types.
func message(e yaml.Error) error {
	var wrong *yaml.TypeError
	var unknown *yaml.UnknownFieldError
	var twice *yaml.DuplicateKeyError
	var unexpected *yaml.UnexpectedNodeTypeError
	var overflow *yaml.OverflowError
	switch {
	case errors.As(e, &overflow):
		return fault.Invalidf("this number is too large")
	case errors.As(e, &wrong):
		return fault.Invalidf("a %s stands where a %s belongs", kindName(wrong.SrcType), kindName(wrong.DstType))
	case errors.As(e, &unexpected):
		return fault.Invalidf("a %s stands where a %s belongs", nodeName(unexpected.Actual), nodeName(unexpected.Expected))
	case errors.As(e, &unknown):
		return fault.Invalidf("the key %q is not known here", e.GetToken().Value)
	case errors.As(e, &twice), strings.HasPrefix(e.GetMessage(), "mapping key "): // the parser's own word for it
		return fault.Invalidf("the key %q stands there twice", e.GetToken().Value)
	}
	return fault.Invalidf("this cannot be read as YAML")
}

// kindName is the kind of a value in words that can be translated.
func kindName(t reflect.Type) error {
	if t == nil {
		return otherKind
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindName(t.Elem())
	case reflect.String:
		return fault.Invalidf("text")
	case reflect.Bool:
		return fault.Invalidf("true or false")
	case reflect.Float32, reflect.Float64:
		return fault.Invalidf("number")
	case reflect.Slice, reflect.Array:
		return list
	case reflect.Map, reflect.Struct:
		return group
	}
	if t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 {
		return fault.Invalidf("whole number")
	}
	return otherKind
}

var (
	list      = fault.Invalidf("list")
	group     = fault.Invalidf("group of keys")
	otherKind = fault.Invalidf("value of another kind")
)

func nodeName(t ast.NodeType) error {
	switch t {
	case ast.SequenceType:
		return list
	case ast.MappingType, ast.MappingValueType:
		return group
	case ast.StringType, ast.LiteralType:
		return fault.Invalidf("text")
	}
	return otherKind
}

func oneLine(s string) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".")
}

func excerpt(data []byte, line int) string {
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	s := []rune(strings.TrimSpace(lines[line-1]))
	const most = 100
	if len(s) > most {
		return string(s[:most]) + "…"
	}
	return string(s)
}

// Encode writes a value as YAML that Decode reads back.
func Encode(v any) ([]byte, error) {
	data, err := yaml.MarshalWithOptions(v, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	return data, nil
}
