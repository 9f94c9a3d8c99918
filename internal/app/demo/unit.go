package demo

import (
	"fmt"
	"math"

	"throughline/internal/org"
)

// The kinds of workplace; a column of the roster.
const (
	Store  = "store"
	Depot  = "depot"
	Office = "office"
)

// Unit is a part of the organisation.
type Unit struct {
	Key       string
	Name      string
	Parent    string // key, "" for the whole
	Country   string // code: "PL"
	Town      string
	Workplace string
	Twin      int    // a store's number among those of its region, from 0
	Partner   string // who runs the unit for the organisation, "" for itself
}

// carrier runs the retailer's depots abroad.
const carrier = "Havenlicht Logistics"

// The head office: its departments by key.
const (
	headOffice = "HO"
	board      = "HO-BRD"
	personnel  = "HO-HR"
	systems    = "HO-IT"
	legal      = "HO-LEG"
)

var departments = [][2]string{
	{personnel, "Human Resources"}, {systems, "IT"}, {legal, "Legal and Privacy"}, {"HO-FIN", "Finance"},
	{"HO-BUY", "Buying"}, {"HO-MKT", "Marketing"}, {"HO-SUP", "Supply Chain"},
}

// Root is the key of the unit that is the whole organisation.
const Root = "NM"

const seat = "Groningen"

// retailer founds the head office and the countries with about n people.
func (b *builder) retailer(n int) {
	b.unit(Unit{Key: Root, Name: Name, Country: "NL", Town: seat, Workplace: Office})
	ho := max(24, n*3/100)
	b.headquarters(ho)
	for _, c := range b.countries {
		b.country(c, int(math.Round(float64(n-ho)*c.Share)), storeSize(n))
	}
}

// storeSize is how many people work in a usual store: few in a small
// organisation, so that even there regions have several.
func storeSize(n int) int {
	if n < 2000 {
		return 9
	}
	return 32
}

func (b *builder) headquarters(n int) {
	at := Unit{Key: headOffice, Name: "Head office", Parent: Root, Country: "NL", Town: seat, Workplace: Office}
	b.unit(at)
	at.Parent = headOffice
	at.Key, at.Name = board, "Board"
	b.unit(at)
	directors := min(7, n/8)
	b.chief = b.directors(at, directors)
	for _, d := range departments {
		at.Key, at.Name = d[0], d[1]
		b.unit(at)
		b.office(at, b.chief, (n-directors)/len(departments))
	}
}

// country founds a country organisation with about n people: an office, depots,
// and regions with stores of about the usual size.
func (b *builder) country(c country, n, usual int) {
	b.unit(Unit{Key: c.Code, Name: Name + " " + c.Name, Parent: Root, Country: c.Code, Town: c.Office, Workplace: Office})
	office := Unit{Key: c.Code + "-HQ", Name: "Country office " + c.Name, Parent: c.Code, Country: c.Code, Town: c.Office, Workplace: Office}
	b.unit(office)
	inOffice := max(6, n*4/100)
	team := b.management(c, office, inOffice)
	depots, inDepots := min(len(c.Depots), 1+n/900), max(5, n*14/100)
	for i := range depots {
		d := Unit{Key: fmt.Sprintf("%s-D%d", c.Code, i+1), Name: "Depot " + c.Depots[i], Parent: c.Code, Country: c.Code, Town: c.Depots[i], Workplace: Depot}
		if c.Code != "NL" {
			d.Partner = carrier
		}
		b.unit(d)
		b.shop(d, team.ofDepots(), inDepots/depots)
	}
	regions := min(len(c.Regions), 1+n/400)
	b.stores(c, team, regions, n-inOffice-inDepots-regions, usual)
	b.teams = append(b.teams, *team)
}

// stores shares n people out over the stores of a country's regions.
func (b *builder) stores(c country, team *Team, regions, n, usual int) {
	heads := make([]string, regions)
	for r := range regions {
		u := Unit{Key: fmt.Sprintf("%s-R%d", c.Code, r+1), Name: c.Regions[r].Name, Parent: c.Code, Country: c.Code, Town: c.Regions[r].Towns[0], Workplace: Office}
		b.unit(u)
		heads[r] = b.hire(u, org.LevelSeniorManager, team.ofStores())
		team.Members = append(team.Members, heads[r])
	}
	count := max(1, (n+usual/2)/usual)
	shares, sum := make([]float64, count), 0.0
	for i := range shares {
		shares[i] = 0.6 + 0.8*b.rng.Float64()
		sum += shares[i]
	}
	for i, share := range shares {
		r, twin := i%regions, i/regions
		towns := c.Regions[r].Towns
		town, quarter := towns[twin%len(towns)], c.Quarters[twin/len(towns)%len(c.Quarters)]
		u := Unit{Key: fmt.Sprintf("%s-S%03d", c.Code, i+1), Name: town + " " + quarter, Parent: fmt.Sprintf("%s-R%d", c.Code, r+1),
			Country: c.Code, Town: town, Workplace: Store, Twin: twin}
		b.unit(u)
		b.shop(u, heads[r], max(3, int(math.Round(share/sum*float64(n)))))
	}
}
