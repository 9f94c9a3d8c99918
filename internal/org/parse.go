package org

import (
	"math"
	"net/mail"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// longest is how many bytes a text of a roster may have: both engines can still
// index it.
const longest = 600

const longestAttribute = 4000 // bytes

// parser reads the fields of one row and gathers its mistakes.
type parser struct {
	m     Map
	b     bound
	cells []string
	bad   []BadRow // without file and line
}

func (p *parser) wrong(field string, reason error) {
	p.bad = append(p.bad, BadRow{Column: p.b.heading(field), Reason: reason})
}

func (p *parser) text(field string) string {
	return p.short(p.b.heading(field), p.b.text(field, p.cells), longest)
}

func (p *parser) short(column, text string, most int) string {
	if len(text) > most {
		p.bad = append(p.bad, BadRow{Column: column, Reason: fault.Invalidf("the text is too long: it has %d bytes, and at most %d can be kept", len(text), most)})
		return ""
	}
	return text
}

func (p *parser) required(field string) string {
	text := p.b.text(field, p.cells)
	if text == "" {
		p.wrong(field, fault.Invalidf("the cell is empty and must be filled in"))
		return ""
	}
	return p.short(p.b.heading(field), text, longest)
}

func (p *parser) mail(field string) string {
	text := CleanMail(p.text(field))
	if text == "" {
		return ""
	}
	if at, err := mail.ParseAddress(text); err != nil || at.Address != text {
		p.wrong(field, fault.Invalidf("%q is not a mail address", text))
	}
	return text
}

func (p *parser) day(field string) period.Day {
	formats := []period.Format{p.m.Dates}
	if p.m.Dates == "" {
		formats = nil
	}
	day, err := period.ParseDay(p.text(field), formats...)
	if err != nil {
		p.wrong(field, err)
	}
	return day
}

func (p *parser) level(field string) Level {
	text := p.text(field)
	if text == "" {
		return ""
	}
	l, ok := ParseLevel(text)
	if !ok {
		p.wrong(field, fault.Invalidf("%q is not a level: map it under values to executive, senior manager, manager, team leader or employee", text))
	}
	return l
}

func (p *parser) fte(field, text string) float64 {
	n, ok := parseDecimal(text, p.m.Decimals)
	switch {
	case !ok && p.m.Decimals == "":
		p.wrong(field, fault.Invalidf("%q is not a number that can be read in one way only: say decimals: point or decimals: comma in the map, or correct it", text))
	case !ok:
		p.wrong(field, fault.Invalidf("%q is not a number as the map says that numbers are written (decimals: %s)", text, p.m.Decimals))
	case n < 0:
		p.wrong(field, fault.Invalidf("%s is below zero: full-time equivalents are not", text))
	}
	return n
}

// parseDecimal reads a number with a decimal point or comma; the other mark
// between groups of three digits is passed over. With mark "" the last mark that
// stands once is the decimal one, and "1,234" or "1.234" alone, which could be
// read in two ways, is refused unless it begins with 0.
func parseDecimal(text, mark string) (n float64, ok bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(text)
	point, comma := strings.LastIndex(text, "."), strings.LastIndex(text, ",")
	if mark == "" {
		last := max(point, comma)
		whole := strings.TrimLeft(text[:max(last, 0)], "+-")
		single := min(point, comma) < 0
		switch {
		case last < 0 || !single && point > comma:
			mark = "point"
		case !single:
			mark = "comma"
		case strings.Count(text, text[last:last+1]) > 1:
			mark = map[bool]string{true: "comma", false: "point"}[point > comma]
		case len(text)-last-1 == 3 && len(whole) <= 3 && strings.Trim(whole, "0") != "":
			return 0, false
		case point > comma:
			mark = "point"
		default:
			mark = "comma"
		}
	}
	decimal, group := ".", ","
	if mark == "comma" {
		decimal, group = ",", "."
	}
	whole, fraction, _ := strings.Cut(text, decimal)
	groups := strings.Split(whole, group)
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(strings.Join(groups, "")+"."+fraction+"0", 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(text, "xXpP_") || !strings.ContainsAny(text, "0123456789") {
		return 0, false
	}
	return n, true
}

func (p *parser) yes(field string) bool {
	switch text := strings.ToLower(p.text(field)); text {
	case "yes", "y", "true", "1", "x", "ja", "j", "chair":
		return true
	case "", "no", "n", "false", "0", "nee":
		return false
	default:
		p.wrong(field, fault.Invalidf("%q is neither yes nor no", text))
		return false
	}
}
