package demo_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

func hpo(t testing.TB) *diagnosis.Instrument {
	t.Helper()
	return instrument(t, diagnosis.HPOFile)
}

func instrument(t testing.TB, source []byte) *diagnosis.Instrument {
	t.Helper()
	in, err := diagnosis.ReadInstrument(source)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func cells(t testing.TB, sources []org.Source) (all [][]string) {
	t.Helper()
	for _, s := range sources {
		for row, err := range s.Rows {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, row.Cells)
		}
	}
	return all
}

func TestTheSameSeedMakesTheSameOrganisation(t *testing.T) {
	in := hpo(t)
	a, b, c := demo.New(7, demo.Small), demo.New(7, demo.Small), demo.New(8, demo.Small)
	for wave := 1; wave <= demo.Waves; wave++ {
		if !reflect.DeepEqual(cells(t, a.Sources(wave)), cells(t, b.Sources(wave))) {
			t.Errorf("wave %d: two rosters from one seed", wave)
		}
		if reflect.DeepEqual(cells(t, a.Sources(wave)), cells(t, c.Sources(wave))) {
			t.Errorf("wave %d: one roster from two seeds", wave)
		}
		first := maps.Collect(a.Answers(in, wave))
		if !reflect.DeepEqual(first, maps.Collect(b.Answers(in, wave))) {
			t.Errorf("wave %d: two sets of answers from one seed", wave)
		}
		if reflect.DeepEqual(first, maps.Collect(c.Answers(in, wave))) {
			t.Errorf("wave %d: one set of answers from two seeds", wave)
		}
		if !reflect.DeepEqual(a.Truth(in, wave), b.Truth(in, wave)) {
			t.Errorf("wave %d: two truths from one seed", wave)
		}
	}
}

func TestTheRetailerHasItsShape(t *testing.T) {
	for _, size := range []demo.Size{demo.Small, demo.Full} {
		o := demo.New(1, size)
		if n := len(o.People(1)); n < int(size)*95/100 || n > int(size)*105/100 {
			t.Errorf("size %d: %d people", size, n)
		}
		units, countries, kinds := map[string]demo.Unit{}, map[string]int{}, map[string]int{}
		for _, u := range o.Units() {
			if _, above := units[u.Parent]; !above && u.Key != demo.Root {
				t.Errorf("size %d: %s stands before the unit above it, %s", size, u.Key, u.Parent)
			}
			if u.Parent == demo.Root && u.Key != "HO" {
				countries[u.Key]++
			}
			units[u.Key] = u
			kinds[u.Workplace]++
		}
		if len(countries) != 9 || kinds[demo.Store] < 18 || kinds[demo.Depot] < 9 {
			t.Errorf("size %d: countries %v, units %v", size, countries, kinds)
		}
		levels := map[org.Level]int{}
		for _, p := range o.People(1) {
			levels[p.Level]++
		}
		for i := 1; i < len(org.Levels); i++ {
			if levels[org.Levels[i-1]] >= levels[org.Levels[i]] && size == demo.Full || levels[org.Levels[i]] == 0 {
				t.Errorf("size %d: levels %v are no pyramid", size, levels)
			}
		}
		if got := len(o.Teams(1)); got != 10 {
			t.Errorf("size %d: %d management teams, one a country and the board are 10", size, got)
		}
	}
}

func TestReferencesOfARosterLeadSomewhere(t *testing.T) {
	o := demo.New(1, demo.Full)
	var units []string
	for _, u := range o.Units() {
		units = append(units, u.Key)
	}
	slices.Sort(units)
	if len(slices.Compact(slices.Clone(units))) != len(units) {
		t.Error("two units have one key")
	}
	for wave := 1; wave <= demo.Waves; wave++ {
		known, mails, heads := map[string]bool{}, map[string]bool{}, 0
		for _, p := range o.People(wave) {
			if known[p.Key] || mails[p.Mail] {
				t.Fatalf("wave %d: %s or %s stands there twice", wave, p.Key, p.Mail)
			}
			known[p.Key], mails[p.Mail] = true, true
			if local, domain, _ := strings.Cut(p.Mail, "@"); !strings.HasSuffix(domain, ".example") || strings.Contains(local, "..") || len(local) < 4 {
				t.Errorf("wave %d: mail address %s", wave, p.Mail)
			}
			if _, found := slices.BinarySearch(units, p.Unit); !found {
				t.Errorf("wave %d: %s works in %s, which is not there", wave, p.Key, p.Unit)
			}
		}
		for _, p := range o.People(wave) {
			if p.Manager == "" {
				heads++
			} else if !known[p.Manager] || p.Manager == p.Key {
				t.Errorf("wave %d: %s reports to %s", wave, p.Key, p.Manager)
			}
		}
		if heads != 1 {
			t.Errorf("wave %d: %d people report to nobody", wave, heads)
		}
		for _, team := range o.Teams(wave) {
			if !slices.Contains(team.Members, team.Chair) || slices.ContainsFunc(team.Members, func(m string) bool { return !known[m] }) {
				t.Errorf("wave %d: the team %+v", wave, team)
			}
		}
	}
}

func TestSomeLeaveMoveAndComeBetweenTheWaves(t *testing.T) {
	o := demo.New(1, demo.Full)
	before := map[string]demo.Person{}
	for _, p := range o.People(1) {
		before[p.Key] = p
	}
	stayed, moved := 0, 0
	for _, p := range o.People(2) {
		if was, stays := before[p.Key]; stays {
			stayed++
			if was.Unit != p.Unit {
				moved++
			}
			if p.Years != was.Years+1.5 {
				t.Fatalf("%s served %g years and 18 months later %g", p.Key, was.Years, p.Years)
			}
		}
	}
	n := float64(len(before))
	if share := float64(stayed) / n; share < 0.75 || share > 0.85 {
		t.Errorf("%.2f of the people stayed", share)
	}
	if share := float64(moved) / n; share < 0.02 || share > 0.06 {
		t.Errorf("%.3f of the people moved", share)
	}
	if len(o.People(2)) != len(before) {
		t.Errorf("%d people in the second wave, %d in the first", len(o.People(2)), len(before))
	}
}
