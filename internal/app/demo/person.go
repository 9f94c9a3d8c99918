package demo

import (
	"math/rand/v2"
	"strconv"

	"throughline/internal/org"
)

// Person is somebody in one wave's roster.
type Person struct {
	Key      string
	Name     string
	Mail     string
	Unit     string // key
	Level    org.Level
	Manager  string // key of the person reported to, "" for the chief executive
	FTE      float64
	Contract string
	Years    float64 // of service
}

// Service is the band of years of service that the roster states.
func (p Person) Service() string {
	switch {
	case p.Years < 1:
		return "under 1 year"
	case p.Years < 3:
		return "1 to 3 years"
	case p.Years < 10:
		return "3 to 10 years"
	}
	return "over 10 years"
}

// Team is a management team; its members hold the chair.
type Team struct {
	Name    string
	Unit    string // key
	Chair   string // key of a person
	Members []string
}

// ofStores and ofDepots are the directors of a country to whom those report.
func (t Team) ofStores() string { return t.Members[1] }
func (t Team) ofDepots() string { return t.Members[len(t.Members)/2] }

// builder founds units and hires people into them.
type builder struct {
	o         *Organisation
	rng       *rand.Rand
	countries []country
	mails     map[string]int
	hired     int
	people    []Person
	teams     []Team
	chief     string
}

func newBuilder(o *Organisation) *builder {
	return &builder{o: o, rng: o.rand("people"), countries: countries(), mails: map[string]int{}}
}

func (b *builder) unit(u Unit) { b.o.units = append(b.o.units, u) }

func (b *builder) hire(u Unit, l org.Level, manager string) string {
	p := b.newcomer(u, l, manager)
	p.Years = b.years(l)
	b.people = append(b.people, p)
	return p.Key
}

// newcomer is a new person in a post, with no years of service yet.
func (b *builder) newcomer(u Unit, l org.Level, manager string) Person {
	b.hired++
	p := Person{Key: strconv.Itoa(100_000 + b.hired), Unit: u.Key, Level: l, Manager: manager, FTE: 1, Contract: "permanent"}
	p.Name, p.Mail = b.name(u.Country)
	if l == org.LevelEmployee {
		p.FTE = []float64{1, 1, 0.8, 0.8, 0.6, 0.5}[b.rng.IntN(6)]
		switch chance := b.rng.Float64(); {
		case u.Workplace != Office && chance < 0.12:
			p.Contract, p.FTE = "on call", 0.3
		case chance < 0.3:
			p.Contract = "fixed term"
		}
	}
	return p
}

// years of service: exponential, longer with rank.
func (b *builder) years(l org.Level) float64 {
	usual := map[org.Level]float64{org.LevelExecutive: 14, org.LevelSeniorManager: 12, org.LevelManager: 11, org.LevelTeamLeader: 8}[l]
	if usual == 0 {
		usual = 4.5
	}
	return min(40, b.rng.ExpFloat64()*usual)
}

// directors hires the board and returns its chair, the chief executive.
func (b *builder) directors(u Unit, n int) string {
	t := Team{Name: "Board", Unit: u.Key}
	for range n {
		t.Members = append(t.Members, b.hire(u, org.LevelExecutive, t.Chair))
		t.Chair = t.Members[0]
	}
	b.teams = append(b.teams, t)
	return t.Chair
}

// management hires a country's managing director, directors and their office.
func (b *builder) management(c country, u Unit, n int) *Team {
	t := &Team{Name: "Management team " + c.Name, Unit: c.Code, Chair: b.hire(u, org.LevelExecutive, b.chief)}
	t.Members = append(t.Members, t.Chair)
	for range min(6, n/3) {
		t.Members = append(t.Members, b.hire(u, org.LevelSeniorManager, t.Chair))
	}
	b.staff(u, t.Members[1:], n-len(t.Members), 8, 10)
	return t
}

// office hires a department of n people under a senior manager.
func (b *builder) office(u Unit, boss string, n int) {
	b.staff(u, []string{b.hire(u, org.LevelSeniorManager, boss)}, n-1, 8, 10)
}

// shop hires n people into a store or depot under a manager.
func (b *builder) shop(u Unit, boss string, n int) {
	b.staff(u, []string{b.hire(u, org.LevelManager, boss)}, n-1, 0, 9)
}

// staff hires n people: one in so many a manager (0: none) under the bosses by
// turns, one in so many a team leader under those, the rest under them.
func (b *builder) staff(u Unit, bosses []string, n, perManager, perLeader int) {
	tier := func(l org.Level, n int) {
		var hired []string
		for i := range n {
			hired = append(hired, b.hire(u, l, bosses[i%len(bosses)]))
		}
		if n > 0 {
			bosses = hired
		}
	}
	managers, leaders := 0, (n+perLeader/2)/perLeader
	if perManager > 0 {
		managers = n / perManager
	}
	tier(org.LevelManager, managers)
	tier(org.LevelTeamLeader, leaders)
	tier(org.LevelEmployee, n-managers-leaders)
}
