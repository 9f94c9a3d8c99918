// Package demo makes organisations that do not exist, an international retailer
// whose country organisations go their own way and a partnership of five
// organisations at forty locations, together with what their people answer in a
// diagnosis and the truth that was planted in those answers.
// The same seed makes the same people and the same answers. All of it computes
// only, except Load and LoadPartnership, which put one such organisation into the
// stores as any other would get there. It knows nobody: no name in it is meant to be of a real
// person, and every mail address is in a domain that cannot exist.
package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"throughline/internal/org"
)

// Size is about how many people an organisation has.
type Size int

const (
	Small Size = 400    // for tests
	Full  Size = 12_000 // for the demo
)

// Waves is how many diagnoses an organisation can be asked in. The second comes
// 18 months after the first, with a roster of its own.
const Waves = 2

// Name of the retailer.
const Name = "Noordermarkt"

// Organisation is a made-up organisation in each of its waves.
type Organisation struct {
	seed   uint64
	slug   string
	name   string
	zone   string
	domain string // of mail addresses
	posts  []rolePost
	story  story
	first  [Waves]int // day of each wave's roster, from now
	units  []Unit
	byKey  map[string]*Unit
	people [Waves][]Person
	teams  [Waves][]Team
	roles  map[org.Role]Person
}

// New makes the retailer that belongs to a seed.
func New(seed uint64, size Size) *Organisation {
	o := &Organisation{seed: seed, slug: Slug, name: Name, zone: Zone, domain: "noordermarkt.example", posts: retailPosts, story: retailStory, first: [Waves]int{firstRoster, secondRoster}}
	b := newBuilder(o)
	b.retailer(int(size))
	return o.complete(b)
}

// complete takes over what a builder has built, and lets time pass for the second wave.
func (o *Organisation) complete(b *builder) *Organisation {
	o.byKey = make(map[string]*Unit, len(o.units))
	for i := range o.units {
		o.byKey[o.units[i].Key] = &o.units[i]
	}
	o.people[0], o.teams[0] = b.people, b.teams
	o.people[1], o.teams[1] = b.later()
	o.roles = o.chosen()
	return o
}

// Units returns the units, each behind the one above it.
func (o *Organisation) Units() []Unit { return o.units }

// People returns the people of a wave, 1 or 2.
func (o *Organisation) People(wave int) []Person { return o.people[wave-1] }

// Teams returns the management teams of a wave, 1 or 2.
func (o *Organisation) Teams(wave int) []Team { return o.teams[wave-1] }

// rand is the chance that belongs to a purpose and to what it is about, so that
// one draw more for somebody changes nobody else.
func (o *Organisation) rand(purpose string, about ...string) *rand.Rand {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, o.seed)
	for _, part := range append([]string{purpose}, about...) {
		h.Write([]byte(part + "\x00"))
	}
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])))
}
