package demo

import (
	"fmt"
	"math"

	"throughline/internal/org"
)

// The partnership: a programme of the British government that five organisations carry out.
const (
	PartnershipSlug = "kestrel"
	PartnershipName = "Kestrel Partnership"
	partnershipRoot = "KP"
	partnershipZone = "Europe/London"
)

// PartnershipFull is about how many people the partnership has in the demo.
const PartnershipFull Size = 5_000

// site is a location of a partner with about how many work there.
type site struct {
	town   string
	people int
}

// partners are who takes part, and where: forty locations.
var partners = []struct {
	code, name string
	sites      []site
}{
	{"PO", "Programme Office", []site{{"London", 296}, {"Bristol", 172}, {"Cardiff", 138}, {"Leeds", 126}, {"Salford", 83}, {"Corsham", 40}}},
	{"AL", "Aldgate Systems", []site{{"Reading", 318}, {"Farnborough", 247}, {"Portsmouth", 205}, {"Malvern", 176}, {"Basingstoke", 129}, {"Yeovil", 88}, {"Cheltenham", 86}, {"Gosport", 42}, {"Lincoln", 27}}},
	{"BR", "Brennan Works", []site{{"Barrow", 342}, {"Derby", 297}, {"Rosyth", 203}, {"Coventry", 168}, {"Preston", 131}, {"Bath", 90}, {"Crewe", 79}, {"Sheffield", 63}, {"Telford", 38}, {"Workington", 19}}},
	{"CA", "Carrick Logistics", []site{{"Bicester", 251}, {"Donnington", 149}, {"Grangemouth", 106}, {"Stafford", 87}, {"Avonmouth", 78}, {"Felixstowe", 64}, {"Thurrock", 58}, {"Thetford", 36}, {"Immingham", 34}}},
	{"DU", "Dunmore Services", []site{{"Helensburgh", 288}, {"Glasgow", 176}, {"Inverness", 57}, {"Aberdeen", 41}, {"Kirkwall", 9}, {"Lerwick", 8}}},
}

// The teams of a location, by what they do; larger locations have some several times.
var crafts = []string{"Engineering", "Planning", "Supply", "Maintenance", "Quality", "Support", "Projects", "Safety", "Stores", "Commercial"}

// The whole is run from the programme office; the manager runs the partner with the largest gap.
var partnershipPosts = []rolePost{
	{org.Administrator, "PO-1-1", org.LevelTeamLeader, ""},
	{org.DiagnosisLead, "PO-2-1", org.LevelTeamLeader, ""},
	{org.ProgrammeManager, "PO-1", org.LevelManager, ""},
	{org.Manager, "DU", org.LevelSeniorManager, "DU"},
	{org.Executive, partnershipRoot, org.LevelExecutive, ""},
	{org.Employee, "DU-1-1", org.LevelEmployee, ""},
	{org.PrivacyOfficer, "PO-3-1", org.LevelTeamLeader, ""},
}

// The calendar of the partnership, in days from now: the coaches began after the second
// diagnosis, sixteen months ago.
const (
	firstPartnership  = -1130
	secondPartnership = -580
	coachesBegan      = -500
)

// NewPartnership makes the partnership that belongs to a seed.
func NewPartnership(seed uint64, size Size) *Organisation {
	o := &Organisation{seed: seed, slug: PartnershipSlug, name: PartnershipName, zone: partnershipZone, domain: "kestrel.example", posts: partnershipPosts, first: [Waves]int{firstPartnership, secondPartnership}}
	b := newBuilder(o)
	b.partnership(float64(size) / float64(PartnershipFull))
	return o.complete(b)
}

// partnership founds the partners, each location as large as scale says, and their teams of
// about a dozen.
func (b *builder) partnership(scale float64) {
	root := Unit{Key: partnershipRoot, Name: PartnershipName, Country: "GB", Town: "London", Workplace: Office, Partner: partners[0].name}
	b.unit(root)
	b.chief = b.directors(root, 4)
	for _, p := range partners {
		at := Unit{Key: p.code, Name: p.name, Parent: partnershipRoot, Country: "GB", Town: p.sites[0].town, Workplace: Office, Partner: p.name}
		b.unit(at)
		head := b.hire(at, org.LevelSeniorManager, b.chief)
		team := Team{Name: "Management team " + p.name, Unit: p.code, Chair: head, Members: []string{head}}
		for i, s := range p.sites {
			team.Members = append(team.Members, b.site(at, i+1, s.town, max(4, int(math.Round(float64(s.people)*scale))), head))
		}
		b.teams = append(b.teams, team)
	}
}

// site founds a location with n people and returns its manager.
func (b *builder) site(partner Unit, number int, town string, n int, boss string) string {
	at := partner
	at.Key, at.Name, at.Parent, at.Town = fmt.Sprintf("%s-%d", partner.Key, number), town, partner.Key, town
	b.unit(at)
	manager := b.hire(at, org.LevelManager, boss)
	teams := max(1, int(math.Round(float64(n-1)/13)))
	for t := range teams {
		u := at
		u.Key, u.Parent = fmt.Sprintf("%s-%d", at.Key, t+1), at.Key
		u.Name = town + " " + crafts[t%len(crafts)]
		if t >= len(crafts) {
			u.Name += fmt.Sprintf(" %d", t/len(crafts)+1)
		}
		if t%4 == 3 {
			u.Workplace = Depot
		}
		b.unit(u)
		share := (n-1)*(t+1)/teams - (n-1)*t/teams
		leader := b.hire(u, org.LevelTeamLeader, manager)
		for range share - 1 {
			b.hire(u, org.LevelEmployee, leader)
		}
	}
	return manager
}
