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
	town                string
	people              int
	latitude, longitude float64
}

// partners are who takes part, and where: forty locations.
var partners = []struct {
	code, name string
	sites      []site
}{
	{"PO", "Programme Office", []site{
		{"London", 296, 51.51, -0.13},
		{"Bristol", 172, 51.45, -2.59},
		{"Cardiff", 138, 51.48, -3.18},
		{"Leeds", 126, 53.8, -1.55},
		{"Salford", 83, 53.48, -2.29},
		{"Corsham", 40, 51.43, -2.19},
	}},
	{"AL", "Aldgate Systems", []site{
		{"Reading", 318, 51.45, -0.97},
		{"Farnborough", 247, 51.29, -0.75},
		{"Portsmouth", 205, 50.8, -1.09},
		{"Malvern", 176, 52.11, -2.33},
		{"Basingstoke", 129, 51.27, -1.09},
		{"Yeovil", 88, 50.94, -2.63},
		{"Cheltenham", 86, 51.9, -2.08},
		{"Gosport", 42, 50.79, -1.13},
		{"Lincoln", 27, 53.23, -0.54},
	}},
	{"BR", "Brennan Works", []site{
		{"Barrow", 342, 54.11, -3.23},
		{"Derby", 297, 52.92, -1.48},
		{"Rosyth", 203, 56.04, -3.43},
		{"Coventry", 168, 52.41, -1.51},
		{"Preston", 131, 53.76, -2.7},
		{"Bath", 90, 51.38, -2.36},
		{"Crewe", 79, 53.1, -2.44},
		{"Sheffield", 63, 53.38, -1.47},
		{"Telford", 38, 52.68, -2.45},
		{"Workington", 19, 54.64, -3.55},
	}},
	{"CA", "Carrick Logistics", []site{
		{"Bicester", 251, 51.9, -1.15},
		{"Donnington", 149, 52.72, -2.43},
		{"Grangemouth", 106, 56.01, -3.72},
		{"Stafford", 87, 52.81, -2.12},
		{"Avonmouth", 78, 51.5, -2.7},
		{"Felixstowe", 64, 51.96, 1.35},
		{"Thurrock", 58, 51.49, 0.34},
		{"Thetford", 36, 52.41, 0.75},
		{"Immingham", 34, 53.61, -0.22},
	}},
	{"DU", "Dunmore Services", []site{
		{"Helensburgh", 288, 56, -4.73},
		{"Glasgow", 176, 55.86, -4.25},
		{"Inverness", 57, 57.48, -4.22},
		{"Aberdeen", 41, 57.15, -2.09},
		{"Kirkwall", 9, 58.98, -2.96},
		{"Lerwick", 8, 60.15, -1.15},
	}},
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
	{org.HeadOfLearning, "PO-2", org.LevelManager, ""},
	{org.Employee, "DU-1-1", org.LevelEmployee, ""},
	{org.PrivacyOfficer, "PO-3-1", org.LevelTeamLeader, ""},
	{org.Assistant, "PO-1-1", org.LevelEmployee, ""},
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
	o := &Organisation{seed: seed, slug: PartnershipSlug, name: PartnershipName, zone: partnershipZone, domain: "kestrel.example", posts: partnershipPosts, story: partnershipStory, first: [Waves]int{firstPartnership, secondPartnership}}
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
