package demo

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// name makes a name and mail address for somebody who works in a country; one
// in ten has come from another.
func (b *builder) name(code string) (name, mail string) {
	c := b.countries[b.rng.IntN(len(b.countries))]
	if b.rng.Float64() >= 0.1 {
		for _, here := range b.countries {
			if here.Code == code {
				c = here
			}
		}
	}
	given, families := c.Men, c.Families
	if b.rng.IntN(2) == 0 {
		given = c.Women
		if c.FamiliesOfWomen != nil {
			families = c.FamiliesOfWomen
		}
	}
	first, family := given[b.rng.IntN(len(given))], families[b.rng.IntN(len(families))]
	name = first + " " + family
	if c.TwoFamilies {
		name += " " + families[b.rng.IntN(len(families))]
	}
	local := plain(first) + "." + plain(family)
	b.mails[local]++
	if n := b.mails[local]; n > 1 {
		local = fmt.Sprintf("%s%d", local, n)
	}
	return name, local + "@" + b.o.domain
}

var letters = strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ß", "ss", "đ", "d")

// plain writes a name in the letters a to z.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, norm.NFD.String(letters.Replace(strings.Map(unicode.ToLower, name))))
}
