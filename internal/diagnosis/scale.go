package diagnosis

// MaxPoints is the largest number of answers a scale may have; a packed answer is one byte.
const MaxPoints = 250

// Scale is a range of whole numbers from which an answer is chosen.
type Scale struct {
	Min     int           `yaml:"min"`
	Max     int           `yaml:"max"`
	Low     Text          `yaml:"low,omitempty"`  // what Min means
	High    Text          `yaml:"high,omitempty"` // what Max means
	Answers []ScaleAnswer `yaml:"answers,omitempty"`
}

// ScaleAnswer names one value of a scale.
type ScaleAnswer struct {
	Value int      `yaml:"value"`
	Label Text     `yaml:"label,omitempty"` // as offered to a respondent; a file may use it as well
	Words []string `yaml:"words,omitempty"` // further ways in which a file says it
}

// Points is the number of answers on the scale.
func (s *Scale) Points() int { return s.Max - s.Min + 1 }

// Label returns how value is called in lang: its own label, else that of the end
// of the scale at which it stands, else "".
func (s *Scale) Label(value int, lang string) string {
	for _, a := range s.Answers {
		if a.Value == value && len(a.Label) > 0 {
			return a.Label.In(lang)
		}
	}
	switch {
	case value == s.Min && len(s.Low) > 0:
		return s.Low.In(lang)
	case value == s.Max && len(s.High) > 0:
		return s.High.In(lang)
	}
	return ""
}
