package diagnosis

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/yaml"
)

// Knowledge is what helps to talk with a team about a characteristic and to work on it.
type Knowledge struct {
	ID        string     `yaml:"id" json:"-"` // of the item
	Meaning   string     `yaml:"meaning" json:"meaning"`
	Strong    string     `yaml:"strong" json:"strong"` // what one sees where it is strong
	Weak      string     `yaml:"weak" json:"weak"`
	Questions []string   `yaml:"questions" json:"questions"` // to ask a team
	Exercises []Exercise `yaml:"exercises" json:"exercises"`
}

// Exercise is something that a team does together.
type Exercise struct {
	Name  string `yaml:"name" json:"name"`
	Steps []Step `yaml:"steps" json:"steps"`
}

// Step is a part of an exercise or of an introduction.
type Step struct {
	Minutes int    `yaml:"minutes" json:"minutes"`
	Text    string `yaml:"text" json:"text"`
}

// Minutes is how long an exercise takes.
func (e Exercise) Minutes() int { return minutes(e.Steps) }

func minutes(steps []Step) (sum int) {
	for _, s := range steps {
		sum += s.Minutes
	}
	return sum
}

// Shipped knowledge covers the shipped instrument, in these languages.
var KnowledgeLanguages = []string{"en", "nl"}

//go:embed knowledge/*.yaml
var knowledgeFiles embed.FS

// shipped is all shipped knowledge, by language and then by the id of a factor or item.
type shipped struct {
	introductions map[string]map[string][]Step
	items         map[string]map[string]Knowledge
}

var readKnowledge = sync.OnceValues(func() (s shipped, err error) {
	s = shipped{map[string]map[string][]Step{}, map[string]map[string]Knowledge{}}
	for _, l := range KnowledgeLanguages {
		s.introductions[l], s.items[l] = map[string][]Step{}, map[string]Knowledge{}
	}
	files, err := knowledgeFiles.ReadDir("knowledge")
	if err != nil {
		return s, err
	}
	for _, f := range files {
		factor, rest, _ := strings.Cut(f.Name(), ".")
		language := strings.TrimSuffix(rest, ".yaml")
		source, err := knowledgeFiles.ReadFile(path.Join("knowledge", f.Name()))
		if err != nil {
			return s, err
		}
		var of struct {
			Introduction    []Step      `yaml:"introduction"`
			Characteristics []Knowledge `yaml:"characteristics"`
		}
		if err := yaml.Decode(source, &of); err != nil {
			return s, fmt.Errorf("%s: %w", f.Name(), err)
		}
		s.introductions[language][factor] = of.Introduction
		for _, k := range of.Characteristics {
			s.items[language][k.ID] = k
		}
	}
	return s, nil
})

// ShippedKnowledge is what the program brings about an item of the shipped instrument, in a
// language; ok is false where it brings nothing.
func ShippedKnowledge(language, item string) (k Knowledge, ok bool) {
	s, err := readKnowledge()
	if err != nil {
		panic(err) // the files are compiled in, and a test reads them
	}
	k, ok = s.items[language][item]
	return k, ok
}

// Introduction is a talk of half an hour that introduces a factor of the shipped instrument.
func Introduction(language, factor string) []Step {
	s, err := readKnowledge()
	if err != nil {
		panic(err)
	}
	return s.introductions[language][factor]
}

const (
	mostKnowledge = 5_000 // bytes of a text
	mostQuestions = 20
	mostExercises = 10
)

// Check brings knowledge that somebody has written into order and reports, at its field, what
// it lacks.
func (k *Knowledge) Check() error {
	for field, text := range map[string]*string{"meaning": &k.Meaning, "strong": &k.Strong, "weak": &k.Weak} {
		*text = strings.TrimSpace(*text)
		if len(*text) > mostKnowledge {
			return fault.Fieldf(field, "a text has at most %d bytes", mostKnowledge)
		}
	}
	if k.Meaning == "" {
		return fault.Fieldf("meaning", "say what the characteristic means at work")
	}
	if len(k.Questions) > mostQuestions {
		return fault.Fieldf("questions", "keep at most %d questions: nobody asks more", mostQuestions)
	}
	for _, q := range k.Questions {
		if len(q) > mostKnowledge {
			return fault.Fieldf("questions", "a text has at most %d bytes", mostKnowledge)
		}
	}
	if len(k.Exercises) > mostExercises {
		return fault.Fieldf("exercises", "keep at most %d exercises", mostExercises)
	}
	return nil
}

// ReadQuestions reads questions, one a line.
func ReadQuestions(text string) (questions []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			questions = append(questions, line)
		}
	}
	return questions
}

// ReadExercises reads exercises as WriteExercises writes them. Mistakes name their line.
func ReadExercises(text string) (all []Exercise, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		step, isStep, err := readStep("exercises", n, line)
		switch {
		case err != nil:
			return nil, err
		case line == "":
		case !isStep:
			all = append(all, Exercise{Name: line})
		case len(all) == 0:
			return nil, fault.Fieldf("exercises", "line %d: begin with the name of the exercise, and write its steps below it", n)
		default:
			last := &all[len(all)-1]
			last.Steps = append(last.Steps, step)
		}
	}
	for _, e := range all {
		if len(e.Steps) == 0 {
			return nil, fault.Fieldf("exercises", "'%s' has no steps: write each on a line that begins with its minutes, such as '10 Everybody writes down one example'", e.Name)
		}
	}
	return all, nil
}

// readStep reads a line that begins with minutes; one that does not is no step.
func readStep(field string, n int, line string) (s Step, isStep bool, err error) {
	first, rest, _ := strings.Cut(line, " ")
	minutes, number := strconv.Atoi(first)
	switch {
	case len(line) > mostKnowledge:
		return s, false, fault.Fieldf(field, "a text has at most %d bytes", mostKnowledge)
	case number != nil:
		return s, false, nil
	case minutes < 1 || minutes > 480:
		return s, false, fault.Fieldf(field, "line %[1]d: a step takes 1 to 480 minutes, not %[2]d", n, minutes)
	case strings.TrimSpace(rest) == "":
		return s, false, fault.Fieldf(field, "line %d: say what is done in these minutes", n)
	}
	return Step{minutes, strings.TrimSpace(rest)}, true, nil
}

const mostSteps = 50

// ReadSteps reads the steps of an introduction as WriteSteps writes them. Mistakes name their line.
func ReadSteps(text string) (all []Step, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		step, isStep, err := readStep("steps", n, line)
		switch {
		case err != nil:
			return nil, err
		case line == "":
		case !isStep:
			return nil, fault.Fieldf("steps", "line %d: begin it with its minutes, such as '10 Everybody writes down one example'", n)
		default:
			all = append(all, step)
		}
	}
	if len(all) == 0 || len(all) > mostSteps {
		return nil, fault.Fieldf("steps", "an introduction has 1 to %[1]d steps, not %[2]d", mostSteps, len(all))
	}
	return all, nil
}

// WriteSteps writes steps for a form, each on a line that begins with its minutes.
func WriteSteps(all []Step) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%d %s\n", s.Minutes, s.Text)
	}
	return b.String()
}

// WriteExercises writes exercises for a form: the name on a line, then each step on a line that
// begins with its minutes.
func WriteExercises(all []Exercise) string {
	var b strings.Builder
	for i, e := range all {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(e.Name + "\n" + WriteSteps(e.Steps))
	}
	return b.String()
}
