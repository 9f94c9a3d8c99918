package sheet

import (
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
)

// Mark is the sign between a number's whole part and its fraction.
type Mark byte

const (
	Unknown Mark = 0
	Point   Mark = '.'
	Comma   Mark = ','
)

// problem is why a text is not a number or a day.
type problem byte

const (
	fine problem = iota
	malformed
	twoWays
	otherMark
)

// ParseDecimal reads a number as people and programs write it: 12.5, 12,5,
// 1.234,56, 1,234.56, 1 234,56 (any kind of space), 1'234.56, 1.5e-3.
//
// Its decimal mark is the later one of two different marks; a mark that occurs
// twice groups thousands; a single mark is the decimal one. Only a single mark
// with one to three digits before it, no leading zero, and exactly three after
// it, as in 1,234 and 1.234, can be read in two ways: mark decides, and without
// one (Unknown) it is a mistake. A declared mark that the text contradicts is a
// mistake as well, and so is anything that is no finite number.
func ParseDecimal(s string, mark Mark) (float64, error) {
	v, p := decimal(s, mark)
	switch p {
	case fine:
		return v, nil
	case twoWays:
		return 0, fault.Invalidf("%q can be read in two ways. Say which decimal mark it has.", s)
	case otherMark:
		return 0, fault.Invalidf("%q has another decimal mark than was declared.", s)
	}
	return 0, fault.Invalidf("%q is not a number.", s)
}

func decimal(s string, mark Mark) (float64, problem) {
	n, ok := scan(strings.TrimSpace(s))
	if !ok {
		return 0, malformed
	}
	if n.open {
		if mark == Unknown {
			return 0, twoWays
		}
		if n.mark != mark {
			n.whole, n.fraction = n.whole+n.fraction, ""
		}
	} else if mark != Unknown && n.mark != Unknown && n.mark != mark {
		return 0, otherMark
	}
	v, err := strconv.ParseFloat(n.sign+n.whole+"."+n.fraction+n.exponent, 64)
	if err != nil {
		return 0, malformed
	}
	return v, fine
}

// written is a number taken apart.
type written struct {
	sign, whole, fraction, exponent string
	mark                            Mark // the one it shows, or of an open one the one it contains
	open                            bool // the mark may as well group thousands
}

func scan(s string) (n written, ok bool) {
	if rest, cut := strings.CutPrefix(s, "-"); cut {
		n.sign, s = "-", rest
	} else if rest, cut := strings.CutPrefix(s, "−"); cut {
		n.sign, s = "-", rest
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	if i := strings.IndexAny(s, "eE"); i > 0 {
		n.exponent, s = s[i:], s[:i]
		if !digits(strings.TrimLeft(n.exponent[1:], "+-")) {
			return n, false
		}
	}
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		n.whole, ok = ungrouped(s, "")
		return n, ok
	}
	here, other := s[last:last+1], ","
	if here == "," {
		other = "."
	}
	before, after := s[:last], s[last+1:]
	n.mark = Mark(here[0])
	switch {
	case strings.Contains(before, here): // 1.234.567 groups, so the mark is the other one
		n.mark = Mark(other[0])
		n.whole, ok = ungrouped(s, here)
		return n, ok
	case strings.Contains(before, other):
		n.whole, ok = ungrouped(before, other)
	case before == "":
		ok = after != ""
	default:
		n.open = len(after) == 3 && len(before) <= 3 && before[0] != '0' && n.exponent == ""
		n.whole, ok = ungrouped(before, "")
	}
	n.fraction = after
	return n, ok && (after == "" || digits(after))
}

// ungrouped takes the thousands apart by the given separator or, for "", by
// whichever space or apostrophe occurs first, and puts the digits together.
func ungrouped(s, by string) (string, bool) {
	if digits(s) {
		return s, true
	}
	if by == "" {
		const spaces = " \u00a0\u202f\u2009'’"
		i := strings.IndexAny(s, spaces)
		if i < 0 {
			return "", false
		}
		for _, r := range s[i:] {
			by = string(r)
			break
		}
	}
	groups := strings.Split(s, by)
	for i, g := range groups {
		if !digits(g) || i > 0 && len(g) != 3 || len(g) > 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// MarkOf is the decimal mark that a column's texts show: the one that all
// numbers with an unmistakable mark have, Unknown when there is none or when
// they differ. Texts that are no numbers are passed over.
func MarkOf(texts []string) Mark {
	seen := Unknown
	for _, s := range texts {
		n, ok := scan(strings.TrimSpace(s))
		if !ok || n.open || n.mark == Unknown || n.mark == seen {
			continue
		}
		if seen != Unknown {
			return Unknown
		}
		seen = n.mark
	}
	return seen
}

// mark is the decimal mark of a column of a text file.
func (r *Reader) mark(column int) Mark {
	if column < len(r.marks) && r.marks[column] != Unknown {
		return r.marks[column]
	}
	return r.fallback
}
