package impact

import (
	_ "embed"
	"math"
	"regexp"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
)

// ProfileFile is the shipped definition of the profile.
//
//go:embed hplo.yaml
var ProfileFile []byte

// Definition says by what an organisation is held to be a high-performance learning organisation: parts, each
// scored by measures.
type Definition struct {
	Version string `yaml:"version"`
	Parts   []Part `yaml:"parts"`
}

// Part is an evidence or a characteristic.
type Part struct {
	ID       string         `yaml:"id"`
	Kind     PartKind       `yaml:"kind"`
	Name     diagnosis.Text `yaml:"name"`
	About    diagnosis.Text `yaml:"about,omitempty"`
	Measures []PartMeasure  `yaml:"measures"`
}

// PartKind says which.
type PartKind string

const (
	Evidence       PartKind = "evidence"
	Characteristic PartKind = "characteristic"
)

// PartMeasure is a measure with the four steps by which it is scored.
type PartMeasure struct {
	Measure string    `yaml:"measure"`
	Items   []string  `yaml:"items,omitempty"` // of the instrument, where the measure is its score
	Steps   []float64 `yaml:"steps"`           // rising, or falling where less is better
}

// LearningScore is the measure that is the mean score of some of an instrument's items.
const LearningScore = "learning-score"

// ProfileMeasures are those that are known, in the order in which documents list them.
var ProfileMeasures = []string{
	"people-with-plan", "people-learning", LearningScore, "technology-share", "untyped-share", "new-hours", "new-estimated", "spending-planned", "spending-proved",
	"hours-for-goals", "goals-served", "modalities", "work-based-share", "initiatives-proved", "timely-access", "solutions-of-reference", "kinds-of-solutions",
	"cost-trend", "changes-judged", "executives-acting", "executives-with-objective",
}

const (
	mostParts = 30
	steps     = 4 // so a score is 0 to 4
)

// ReadDefinition reads a definition.
//
// Mistakes say where: what the file's reader finds, a part without an id, a name or measures, an id that stands
// twice, a kind or measure that there is not, steps that neither rise nor fall.
func ReadDefinition(file []byte) (d Definition, err error) {
	if err := yaml.Decode(file, &d); err != nil {
		return d, err
	}
	if len(d.Parts) == 0 || len(d.Parts) > mostParts {
		return d, fault.Invalidf("A profile has 1 to %[1]d parts, not %[2]d.", mostParts, len(d.Parts))
	}
	seen, scored := map[string]bool{}, false
	for _, p := range d.Parts {
		if err := p.check(); err != nil {
			return d, err
		}
		for _, m := range p.Measures {
			if m.Measure == LearningScore && scored {
				return d, fault.Invalidf("Part %[1]q: %[2]s stands twice in the file: it is one score.", p.ID, LearningScore)
			}
			scored = scored || m.Measure == LearningScore
		}
		if seen[p.ID] {
			return d, fault.Invalidf("The part %q stands twice: give one of the two another id.", p.ID)
		}
		seen[p.ID] = true
	}
	return d, nil
}

var partID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func (p Part) check() error {
	switch {
	case p.ID == "" || len(p.ID) > 60 || !partID.MatchString(p.ID):
		return fault.Invalidf("%q is no id of a part: write small letters, digits and hyphens.", p.ID)
	case p.Kind != Evidence && p.Kind != Characteristic:
		return fault.Invalidf("Part %[1]q: the kind is evidence or characteristic, not %[2]q.", p.ID, string(p.Kind))
	case !text.Visible(p.Name.In("en")):
		return fault.Invalidf("Part %q has no name.", p.ID)
	case len(p.Measures) == 0:
		return fault.Invalidf("Part %q has no measures: a score without any has no way to its parts.", p.ID)
	}
	for _, m := range p.Measures {
		switch {
		case !slices.Contains(ProfileMeasures, m.Measure):
			return fault.Invalidf("Part %[1]q: there is no measure %[2]q.", p.ID, m.Measure)
		case len(m.Steps) != steps || !rising(m.Steps) && !rising(reversed(m.Steps)):
			return fault.Invalidf("Part %[1]q, measure %[2]q: write four steps that rise, or fall where less is better.", p.ID, m.Measure)
		case (m.Measure == LearningScore) != (len(m.Items) > 0):
			return fault.Invalidf("Part %[1]q, measure %[2]q: items of an instrument belong to %[3]s, and to no other.", p.ID, m.Measure, LearningScore)
		case len(slices.Compact(slices.Sorted(slices.Values(m.Items)))) < len(m.Items):
			return fault.Invalidf("Part %[1]q, measure %[2]q: an item stands twice.", p.ID, m.Measure)
		}
	}
	return nil
}

func rising(steps []float64) bool {
	for n, s := range steps {
		if math.IsNaN(s) || math.IsInf(s, 0) || n > 0 && s <= steps[n-1] {
			return false
		}
	}
	return true
}

func reversed(steps []float64) []float64 {
	back := slices.Clone(steps)
	slices.Reverse(back)
	return back
}

// Reached is what a measure comes to. Share and count are told with what they are of.
type Reached struct {
	Value float64
	Known bool
	N, Of float64 // the value is 100 N / Of, where Of is above 0
}

// ShareOf is a share in per cent; not known of nothing.
func ShareOf(n, of float64) Reached {
	if of <= 0 {
		return Reached{}
	}
	return Reached{Value: 100 * n / of, Known: true, N: n, Of: of}
}

// Score is how many of the steps a value has reached; not known where the value is not.
func (m PartMeasure) Score(r Reached) (score int, known bool) {
	for _, s := range m.Steps {
		if rising(m.Steps) && r.Value >= s || !rising(m.Steps) && r.Value <= s {
			score++
		}
	}
	return score, r.Known
}

// Scored is a part with what its measures come to.
type Scored struct {
	Part
	Reached []Reached // by measure
	Scores  []int     // by measure; -1 where it is not known
	Score   int       // -1 where fewer than half of the measures are known
}

// Profile scores a definition: a part is the mean of the scores of its measures that are known, rounded down,
// where these are at least half. There is no total.
func (d Definition) Profile(reached map[string]Reached) (all []Scored) {
	for _, p := range d.Parts {
		s := Scored{Part: p, Score: -1}
		sum, known := 0, 0
		for _, m := range p.Measures {
			r := reached[m.Measure]
			score, is := m.Score(r)
			if !is {
				score = -1
			} else {
				sum, known = sum+score, known+1
			}
			s.Reached, s.Scores = append(s.Reached, r), append(s.Scores, score)
		}
		if 2*known >= len(p.Measures) && known > 0 {
			s.Score = sum / known
		}
		all = append(all, s)
	}
	return all
}

// Known says whether the part has a score.
func (s Scored) Known() bool { return s.Score >= 0 }

// Best is the highest score.
const Best = steps

// Attached is evidence that a person stands for, beside what is measured.
type Attached struct {
	ID    string
	Part  string
	What  string
	Link  string // an address, or where it is kept
	Owner org.Ref
	Day   period.Day // of which it is evidence
	By    string
}

// Check brings it into order and reports what it lacks on a day.
func (a *Attached) Check(today period.Day) error {
	day, err := period.ParseDay(string(a.Day))
	switch {
	case !text.Visible(a.What) || len(a.What) > 1000:
		return fault.Fieldf("what", "say in at most 1,000 bytes what it shows")
	case len(a.Link) > 1000:
		return fault.Fieldf("link", "say in at most 1,000 bytes where one can see it")
	case err != nil || day == "" || day > today:
		return fault.Fieldf("day", "choose the day of which it is evidence, today or before")
	}
	a.Day = day
	return nil
}

// OwnView is how somebody scores a part, beside what is measured.
type OwnView struct {
	Part    string
	Account string // id of whose it is
	Name    string
	Score   int
	Note    string
	Day     period.Day
}

// Check reports a view that cannot be.
func (v OwnView) Check() error {
	if v.Score < 0 || v.Score > Best {
		return fault.Fieldf("score", "choose 0 to %d", Best)
	}
	if len(v.Note) > 1000 {
		return fault.Fieldf("note", "say in at most 1,000 bytes why")
	}
	return nil
}

// Differs says whether the mean of some views lies a whole step or more from what is measured.
func (s Scored) Differs(views []OwnView) bool {
	if !s.Known() || len(views) == 0 {
		return false
	}
	return math.Abs(MeanView(views)-float64(s.Score)) >= 1
}

// MeanView is the mean of some views.
func MeanView(views []OwnView) float64 {
	sum := 0.0
	for _, v := range views {
		sum += float64(v.Score)
	}
	return sum / float64(len(views))
}
